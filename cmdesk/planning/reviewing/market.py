"""What holds where a post is read: the market's topics and checklist (K9, K10), its days off, days of mourning, nights
and meals (H8, H9), and the days on which the brand is closed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cmdesk.care.hours import is_working_day
from cmdesk.markets.guide import quiet_on
from cmdesk.model import Market, Post
from cmdesk.planning.content import content_of
from cmdesk.planning.customs import customs
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.facts import NOTHING, Case
from cmdesk.planning.reviewing.mixture import PRODUCT
from cmdesk.planning.reviewing.texts import Copy, phrases
from cmdesk.planning.reviewing.timing import hours
from cmdesk.zones import zone_named

CHECKLIST: Final = "market_checklist"
_SAID: Final = ("text", "variants", "media", "parts", "comment", "poll", "card", "spoiler")


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield what is to be said of the markets that read a post."""
    yield from topics(case, texts)
    at = hours(case.post.targets)
    first: dict[int, tuple[Market | None, datetime]] = {}
    for account_id, when in sorted(at.items(), key=lambda pair: pair[1]):
        market = case.market_of(account_id)
        first.setdefault(market.id if market else 0, (market, when))
    for market, when in first.values():
        yield from _day(case, market, when)
    yield from _checklist(case)


def words_key(post: Post, market_id: int, checklist: tuple[str, ...]) -> str:
    """Return what a checklist was gone through for: other words, pictures or questions are to be checked again."""
    content = content_of(post)
    said = {name: content[name] for name in _SAID}
    whole = json.dumps([said, market_id, checklist], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def to_check(case: Case) -> dict[int, str]:
    """Return of each market that reads a post and has a checklist: for which words it would be gone through now."""
    found = {}
    for market in markets_of(case):
        guide = case.facts.guides.get(market.id)
        if guide is not None and guide.checklist:
            found[market.id] = words_key(case.post, market.id, guide.checklist)
    return found


def markets_of(case: Case) -> list[Market]:
    """Return every market that reads a post, each once."""
    found = {market.id: market for each in case.accounts if (market := case.market_of(each.id)) is not None}
    if not found and (own := case.facts.markets.get(case.post.market_id or 0)) is not None:
        found[own.id] = own
    return list(found.values())


def topics(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield the topics that one does not touch in the markets that read these words (K9)."""
    several = markets_of(case)
    for copy in texts:
        one = case.market_at(copy.place.key)
        for market in several if one is None else [one]:
            guide = case.facts.guides.get(market.id)
            if guide is None or not guide.topics:
                continue
            for hit in phrases(guide.topics).find(copy.text):
                place = copy.at(hit.start, hit.end) if copy.kind in ("text", "alt") else None
                said = (copy.text[hit.start : hit.end], market.name)
                yield Finding(Level.WARNING, "market_topic", detail=hit.phrase, place=place, said=said)


def _checklist(case: Case) -> Iterator[Finding]:
    if not (case.post.text.strip() or case.post.media):
        return
    for market_id, key in to_check(case).items():
        if case.facts.checked.get(market_id) != key:
            said = (case.facts.markets[market_id].name, str(len(case.facts.guides[market_id].checklist)))
            yield Finding(Level.HINT, CHECKLIST, detail=str(market_id), said=said)


def _day(case: Case, market: Market | None, at: datetime) -> Iterator[Finding]:
    facts = case.facts
    level = facts.levels.get(market.id if market else 0) or facts.levels.get(0)
    country = market.country if market else level.country if level else ""
    region = market.region if market else level.region if level else ""
    local = at.astimezone(zone_named(market.zone if market else facts.brand.zone))
    day = local.date()
    where = market.name if market else country
    guide = facts.guides.get(market.id) if market else None
    quiet = quiet_on(guide, day) if guide is not None else ""
    holiday = facts.holidays.get((country, region), NOTHING).get(day)
    closed = next((each for each in level.closures if each.day == day and each.closed), None) if level else None
    if quiet:
        # On a day of mourning an announcement is out of place; what else is said is for the person to judge.
        serious = Level.WARNING if case.post.aim == PRODUCT else Level.HINT
        yield Finding(serious, "quiet_day", detail=quiet, at=at, said=(quiet, where))
    elif holiday is not None:
        yield Finding(Level.HINT, "holiday", detail=holiday, at=at, said=(holiday, where))
    elif closed is not None:
        yield Finding(Level.HINT, "closed_day", detail=closed.name, at=at, said=(closed.name,))
    elif level is not None and level.shifts and day.weekday() >= 5 and not is_working_day(level, day):
        yield Finding(Level.HINT, "weekend_closed", at=at, said=(str(day.weekday()),))
    if country:
        there = customs(country, guide)
        minute = local.hour * 60 + local.minute
        said = (where, f"{local:%H:%M}")
        if there.asleep(minute):
            yield Finding(Level.HINT, "asleep", detail=country, at=at, said=said)
        elif there.eating(minute):
            yield Finding(Level.HINT, "meal_time", detail=country, at=at, said=said)
