"""What is worth a second look where a post stands: rank 26's neighbours, repeated words, holidays, sleeping markets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import Placed, close_pairs
from cmdesk.planning.customs import DEFAULT, Customs
from cmdesk.planning.days import DayBack
from cmdesk.zones import zone_named

REPEATED_DAYS = 30
_AHEAD = frozenset({PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PROBLEM, PostStatus.PARTIAL})


class Clash(StrEnum):
    """What does not fit where a post stands; none of it stops anything."""

    CLOSE = "close"  # the same account within the hour
    REPEATED = "repeated"  # the same words on the same account within 30 days
    HOLIDAY = "holiday"
    ASLEEP = "asleep"


def clashes(
    days: Mapping[date, Iterable[Placed]],
    backs: Mapping[date, DayBack],
    *,
    countries: Mapping[int, str] | None = None,
    habits: Mapping[int, Customs] | None = None,
    zones: Mapping[int, str] | None = None,
) -> dict[int, tuple[Clash, ...]]:
    """Return what to look at, by post, of what is still to come; `countries` names each market's (by market id),
    `habits` its hours of life and `zones` its clock.

    Sleep is judged by the clock of the market; without one, by the post's own wall time and common habits.
    """
    placed = [one for some in days.values() for one in some]
    found: dict[int, set[Clash]] = {}
    for post_id in close_pairs(one.item for one in placed):
        found.setdefault(post_id, set()).add(Clash.CLOSE)
    for post_id in _repeated(one.item for one in placed):
        found.setdefault(post_id, set()).add(Clash.REPEATED)
    for one in placed:
        if one.item.status not in _AHEAD:
            continue
        country = (countries or {}).get(one.item.market_id or 0, "")
        if (back := backs.get(one.day)) is not None and _off(back, one.item, country):
            found.setdefault(one.item.post_id, set()).add(Clash.HOLIDAY)
        market_id = one.item.market_id or 0
        if _asleep(one.item, (habits or {}).get(market_id, DEFAULT), (zones or {}).get(market_id, "")):
            found.setdefault(one.item.post_id, set()).add(Clash.ASLEEP)
    return {post_id: tuple(sorted(some)) for post_id, some in found.items()}


def _off(back: DayBack, item: CalendarItem, country: str) -> bool:
    return any(
        mark.kind.is_off
        and mark.brand_id in (0, item.brand_id)
        and (not country or not mark.country or mark.country == country)
        for mark in back.marks
    )


def _asleep(item: CalendarItem, habits: Customs, zone: str) -> bool:
    """Say whether people sleep when it goes out, by the clock of a zone or, without one, by its own wall time."""
    if not item.wall:
        return False
    local = item.at.astimezone(zone_named(zone)) if zone and item.at else datetime.fromisoformat(item.wall)
    return habits.asleep(local.hour * 60 + local.minute)


def _repeated(items: Iterable[CalendarItem]) -> set[int]:
    seen: dict[tuple[int, str], list[CalendarItem]] = {}
    for item in items:
        words = " ".join(item.text.casefold().split())
        if words and item.at is not None:
            for account_id in item.account_ids:
                seen.setdefault((account_id, words), []).append(item)
    found: set[int] = set()
    for same in seen.values():
        for item in same:
            if item.status in _AHEAD and any(
                other.post_id != item.post_id
                and other.at is not None
                and item.at is not None
                and abs(other.at - item.at) <= timedelta(days=REPEATED_DAYS)
                for other in same
            ):
                found.add(item.post_id)
    return found
