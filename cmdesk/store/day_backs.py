"""What stands behind the posts of some days: holidays, closures, notes, hours of service and of life, free slots.

Holidays come as days off and as occasions (H9, N9), the rest as stretches of the shown zone's days (N8, H8). The first
question of a process imports the library of holidays (about 200 ms): asked on a thread that does not paint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cmdesk.care.holidays import public_holidays
from cmdesk.care.hours import service_stretches
from cmdesk.care.values import ServiceLevel
from cmdesk.markets.guide import Guide, quiet_on
from cmdesk.planning.customs import Customs, customs
from cmdesk.planning.days import Band, DayBack, Ghost, Mark, MarkKind, Stretch
from cmdesk.store.brands import list_brands
from cmdesk.store.campaigns import day_notes
from cmdesk.store.db import Reader
from cmdesk.store.levels import levels
from cmdesk.store.markets import guides, markets
from cmdesk.store.slots import free_slots
from cmdesk.zones import zone_named

MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a brand speaks: a country and region with the zone its people live in and their hours."""

    brand_id: int
    country: str
    region: str
    zone: str
    habits: Customs


@dataclass(frozen=True, slots=True)
class Ground:
    """What the stored brands and markets say about days; asked once for a range."""

    places: tuple[Place, ...]
    levels: tuple[tuple[ServiceLevel, str], ...]  # with the country it is of, '' for the brand's own
    guides: tuple[tuple[int, str, Guide], ...] = ()  # brand, country, what is kept about the market


@dataclass
class _Day:
    marks: list[Mark] = field(default_factory=list)
    stretches: dict[tuple[Band, str], list[tuple[int, int]]] = field(default_factory=dict)
    ghosts: list[Ghost] = field(default_factory=list)


def day_backs(
    reader: Reader,
    *,
    brand_id: int | None,
    account_ids: Sequence[int] | None,
    days: Sequence[date],
    zone: str,
    language: str,
    brand_ids: Sequence[int] | None = None,
) -> dict[date, DayBack]:
    """Return what stands behind each of these consecutive days of `zone`; holidays are named in `language`.

    `brand_id` None is every brand in use, or only `brand_ids`; `account_ids` narrows the slots.
    """
    wanted = _brands(reader, brand_id, brand_ids)
    ground = _ground(reader, wanted)
    found = {day: _Day() for day in days}
    _add_holidays(found, ground.places, language)
    _add_closures(found, ground.levels)
    _add_quiet(found, ground.guides)
    for note in day_notes(reader, brand_ids=wanted, start=days[0], end=days[-1]):
        if note.day in found:
            found[note.day].marks.append(Mark(MarkKind.NOTE, note.text, brand_id=note.brand_id or 0, note_id=note.id))
    start, end = _bounds(days, zone)
    for level, country in ground.levels:
        if level.shifts:
            for opens, closes in service_stretches(level, start, end):
                _add(found, opens, closes, zone, Band.OPEN, country)
    for country, home, habits in dict.fromkeys((each.country, each.zone, each.habits) for each in ground.places):
        _add_life(found, country, home, habits, days, zone)
    _add_ghosts(reader, found, brand_id, wanted, account_ids, start, end, zone)
    return {day: _whole(each) for day, each in found.items()}


def _brands(reader: Reader, brand_id: int | None, brand_ids: Sequence[int] | None) -> list[int]:
    if brand_id is not None:
        return [brand_id]
    return [each.id for each in list_brands(reader) if not brand_ids or each.id in brand_ids]


def _ground(reader: Reader, brand_ids: Sequence[int]) -> Ground:
    homes = {each.id: each.zone for each in list_brands(reader, archived=True)}
    found: dict[Place, None] = {}
    known: list[tuple[ServiceLevel, str]] = []
    kept: list[tuple[int, str, Guide]] = []
    for brand_id in brand_ids:
        own = levels(reader, brand_id)
        mine = markets(reader, brand_id)
        known_guides = guides(reader, brand_id)
        base = own.get(0)
        if base is not None:
            known.append((base, ""))
        if (base is not None and base.country) or not mine:
            country, region = (base.country, base.region) if base is not None else ("", "")
            found[Place(brand_id, country, region, homes[brand_id], customs(country))] = None
        for market in mine:
            habits = customs(market.country, known_guides.get(market.id))
            if market.id in known_guides:
                kept.append((brand_id, market.country, known_guides[market.id]))
            found[Place(brand_id, market.country, market.region, market.zone, habits)] = None
            if market.id in own:
                known.append((own[market.id], market.country))
    return Ground(tuple(found), tuple(known), tuple(kept))


def _bounds(days: Sequence[date], zone: str) -> tuple[datetime, datetime]:
    tz = zone_named(zone)
    return datetime.combine(days[0], time(), tz), datetime.combine(days[-1] + timedelta(days=1), time(), tz)


def _add_holidays(found: Mapping[date, _Day], all_places: Sequence[Place], language: str) -> None:
    """Add each holiday once per country: without a region where every place of that country has it."""
    regions: dict[str, set[str]] = {}
    for each in all_places:
        if each.country:
            regions.setdefault(each.country, set()).add(each.region)
    years = sorted({day.year for day in found})
    for country, mine in sorted(regions.items()):
        named: dict[tuple[date, str], set[str]] = {}
        for region in mine:
            for year in years:
                for day, name in public_holidays(country, region, year, language).items():
                    if day in found:
                        named.setdefault((day, name), set()).add(region)
        for (day, name), having in sorted(named.items()):
            shown = "" if having == mine else ", ".join(sorted(each for each in having if each))
            found[day].marks.append(Mark(MarkKind.HOLIDAY, name, country, shown))


def _add_closures(found: Mapping[date, _Day], known: Iterable[tuple[ServiceLevel, str]]) -> None:
    for level, country in known:
        for each in level.closures:
            if each.closed and each.day in found:
                mark = Mark(MarkKind.CLOSED, each.name, country, brand_id=level.brand_id)
                if mark not in found[each.day].marks:
                    found[each.day].marks.append(mark)


def _add_quiet(found: Mapping[date, _Day], known: Iterable[tuple[int, str, Guide]]) -> None:
    for brand_id, country, guide in known:
        for day, back in found.items():
            if name := quiet_on(guide, day):
                mark = Mark(MarkKind.QUIET, name, country, brand_id=brand_id)
                if mark not in back.marks:
                    back.marks.append(mark)


def _add_life(
    found: Mapping[date, _Day], country: str, home: str, habits: Customs, days: Sequence[date], zone: str
) -> None:
    """Add when people of a country sleep and eat, from the night before the first day on."""
    tz = zone_named(home)
    day = days[0] - timedelta(days=2)
    while day <= days[-1] + timedelta(days=1):
        midnight = datetime.combine(day, time(), tz)
        asleep = midnight + timedelta(minutes=habits.sleeps), midnight + timedelta(minutes=MINUTES + habits.wakes)
        _add(found, *asleep, zone, Band.ASLEEP, country)
        meal = midnight + timedelta(minutes=habits.eats), midnight + timedelta(minutes=habits.eaten)
        _add(found, *meal, zone, Band.MEAL, country)
        day += timedelta(days=1)


def _add(found: Mapping[date, _Day], start: datetime, end: datetime, zone: str, band: Band, country: str) -> None:
    for day, first, last in over_days(start, end, zone):
        if day in found:
            found[day].stretches.setdefault((band, country), []).append((first, last))


def over_days(start: datetime, end: datetime, zone: str) -> Iterator[tuple[date, int, int]]:
    """Yield (day, first minute, minute after the last) of the days of `zone` that lie between two instants."""
    tz = zone_named(zone)
    here, there = start.astimezone(tz), end.astimezone(tz)
    day = here.date()
    while day <= there.date():
        first = here.hour * 60 + here.minute if day == here.date() else 0
        last = there.hour * 60 + there.minute if day == there.date() else MINUTES
        if first < last:
            yield day, first, last
        day += timedelta(days=1)


def _add_ghosts(
    reader: Reader,
    found: Mapping[date, _Day],
    brand_id: int | None,
    brand_ids: Sequence[int],
    account_ids: Sequence[int] | None,
    start: datetime,
    end: datetime,
    zone: str,
) -> None:
    tz = zone_named(zone)
    for slot in free_slots(reader, brand_id=brand_id, account_ids=account_ids, start=start, end=end):
        at = slot.at.astimezone(tz)
        if at.date() in found and slot.brand_id in brand_ids:
            found[at.date()].ghosts.append(
                Ghost(
                    slot.slot_id, slot.brand_id, slot.account_id, slot.network, at.hour * 60 + at.minute, slot.wall,
                    slot.zone,
                )
            )  # fmt: skip


def _whole(day: _Day) -> DayBack:
    stretches = [
        Stretch(start, end, band, country)
        for (band, country), some in day.stretches.items()
        for start, end in _merged(some)
    ]
    return DayBack(
        tuple(day.marks),
        tuple(sorted(stretches, key=lambda each: (each.start, each.end, each.band, each.country))),
        tuple(sorted(day.ghosts, key=lambda each: (each.minute, each.account_id))),
    )


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
