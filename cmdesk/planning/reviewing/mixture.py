"""What a brand's posts are for, taken together: no offers without end (U10), give before asking (U7), the right account
for it (U12), circles or communities but not both (K5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import regex

from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.facts import Case
from cmdesk.planning.reviewing.texts import Copy, copies, fold
from cmdesk.planning.reviewing.timing import hours
from cmdesk.text import spans

PRODUCT = "product"
LAST = 10  # posts the ratio looks back at
ENOUGH = 6  # of them with an aim before it says anything
MOST_PRODUCT = 0.5
CONTESTS = 2  # others within a month
MONTH = timedelta(days=30)

_CONTEST = regex.compile(r"(?i)\b(?:sorte(?:o|os|amos)|concursos?|giveaways?|prize draw|raffle)\b")
_OFFER = regex.compile(
    r"(?i)\b(?:ofertas?|descuentos?|rebajas?|promoci[oó]n(?:es)?|c[oó]digo\s+promocional|outlet|2x1|3x2|gratis\s+por"
    r"|soldes?|r[ée]ductions?|remises?|codes?\s+promo|sconti?|offerte?\s+speciali?|promozion[ei]|descontos?|promo[çc](?:ão|ões)"
    r"|rabatt(?:e|code)?|sonderangebote?|gutschein(?:code)?|descomptes?|rebaixes"
    r"|discounts?|\d{1,2}\s?%\s*(?:off|de descuento|dto)|promo\s+code|on\s+sale|special\s+offers?|sorteo|giveaway)"
    r"(?!\w)|(?<!\w)-\d{1,2}\s?%"
)


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield hints on the mixture, and what stands on the wrong account."""
    yield from _streak(case)
    yield from _contests(case, texts)
    yield from _care_account(case, texts)
    yield from _circles(case)
    yield from _outsiders(case, texts)


def _streak(case: Case) -> Iterator[Finding]:
    if case.post.aim != PRODUCT:
        return
    at = min(hours(case.post.targets).values(), default=case.facts.now)
    before = [each.aim for each in case.facts.earlier if each.at < at and each.post_id]
    streak = 1
    for aim in reversed(before):
        if aim != PRODUCT:
            break
        streak += 1
    most = case.facts.product_streak
    if most and streak > most:
        yield Finding(Level.HINT, "product_streak", said=(str(streak), str(most)))
        return
    known = [aim for aim in before if aim][-(LAST - 1) :]
    share = (known.count(PRODUCT) + 1) / (len(known) + 1)
    if len(known) + 1 >= ENOUGH and share > MOST_PRODUCT:
        yield Finding(Level.HINT, "aim_ratio", said=(str(known.count(PRODUCT) + 1), str(len(known) + 1)))


def _contests(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    mine = next(((copy, found) for copy in texts if (found := _CONTEST.search(copy.text))), None)
    if mine is None:
        return
    at = min(hours(case.post.targets).values(), default=case.facts.now)
    others = [each for each in case.facts.earlier if abs(each.at - at) <= MONTH and _CONTEST.search(each.text)]
    if len(others) >= CONTESTS:
        copy, found = mine
        place = copy.at(*found.span()) if copy.kind == "text" else None
        yield Finding(Level.HINT, "many_contests", place=place, said=(str(len(others) + 1),))


def _care_account(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    care = [each for each in case.accounts if each.purpose == "care"]
    if not care:
        return
    for each in care:
        # What another account says in words of its own is no promotion here.
        said_there = set(copies(case.post, [each]))
        offers = ((copy, _OFFER.search(copy.text)) for copy in texts if copy.kind == "text" and copy in said_there)
        offer = next(((copy, found) for copy, found in offers if found), None)
        if case.post.aim == PRODUCT or offer is not None:
            place = offer[0].at(*offer[1].span()) if offer is not None else None
            said = (offer[1][0],) if offer is not None else ()
            yield Finding(Level.WARNING, "promotion_on_care", each.id, place=place, said=said)


def _circles(case: Case) -> Iterator[Finding]:
    """A community is open to all of its members: a circle would not stay among itself (K5)."""
    open_to_all = [each for each in case.accounts if (aim := case.facts.aims.get(each.id)) and aim.community]
    if case.post.circles and open_to_all:
        yield Finding(Level.WARNING, "circles_and_communities", said=tuple(each.handle for each in open_to_all))


def _outsiders(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Who is mentioned gets to see it, also where they are in none of the circles it is for (K2)."""
    if not case.post.circles or not case.facts.outside:
        return
    told: set[str] = set()
    for copy in texts:
        for start, end, kind in spans(copy.text, fediverse=True) if copy.kind == "text" else ():
            key = fold(copy.text[start:end].removeprefix("@"))
            if kind == "mention" and key in case.facts.outside and key not in told:
                told.add(key)
                yield Finding(Level.HINT, "mention_outside", detail=key, place=copy.at(start, end), said=(f"@{key}",))
