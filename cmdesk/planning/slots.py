"""Hours of the queue: wall times of weekdays as instants, which of them are free, which comes next.

Pure. A slot keeps its wall time whatever the clocks do: an hour that does not exist that day moves on by the gap (02:30
is 03:30), of one that comes twice the first counts (rank 9). Every slot happens exactly once a week.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cmdesk.errors import Invalid
from cmdesk.model import Target
from cmdesk.zones import zone_named

TAKEN_WITHIN = timedelta(minutes=10)
"""A post of the account nearer than this takes the slot."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class SlotTime:
    """An hour of the week: `weekday` 0 is Monday, `at` is HH:MM; `market_id` None: in the brand's zone."""

    weekday: int
    at: str
    market_id: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of the queue of one account."""

    id: int
    brand_id: int
    account_id: int
    weekday: int
    at: str
    zone: str
    market_id: int | None = None
    network: str = ""

    @property
    def time(self) -> SlotTime:
        """The hour alone."""
        return SlotTime(self.weekday, self.at, self.market_id)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot on one day: `at` is the instant (aware UTC), `wall` what the clock of `zone` shows then."""

    slot_id: int
    brand_id: int
    account_id: int
    network: str
    at: datetime
    wall: str
    zone: str

    @property
    def target(self) -> Target:
        """The account at this hour."""
        return Target(self.account_id, self.wall, self.zone)


def check_time(wanted: SlotTime) -> SlotTime:
    """Return an hour as it is stored; raises Invalid: `slot_weekday`, `slot_time`."""
    if not 0 <= wanted.weekday <= 6:
        raise Invalid(f"there is no weekday {wanted.weekday}", code="slot_weekday", detail=str(wanted.weekday))
    if not _TIME.fullmatch(wanted.at):
        raise Invalid(f"{wanted.at!r} is not HH:MM", code="slot_time", detail=wanted.at[:20])
    return wanted


def landing(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return (what the clock shows, instant in UTC) of a naive wall time: moved on by a gap, the first of two."""
    info = zone_named(zone)
    at = wall.replace(tzinfo=info, fold=0).astimezone(UTC)
    return at.astimezone(info).replace(tzinfo=None, fold=0), at


def expand(slots: Iterable[Slot], start: datetime, end: datetime) -> list[FreeSlot]:
    """Return every slot in [start, end) by time; of one account's that fall on the same instant the first remains."""
    found: dict[tuple[int, datetime], FreeSlot] = {}
    by_zone: dict[str, dict[int, list[Slot]]] = {}
    for slot in slots:
        by_zone.setdefault(slot.zone, {}).setdefault(slot.weekday, []).append(slot)
    for zone, week in by_zone.items():
        for day in _days(start, end, zone):
            for slot in sorted(week.get(day.weekday(), ()), key=lambda one: (one.at, one.id)):
                shown, at = landing(datetime.combine(day, time.fromisoformat(slot.at)), zone)
                if not start <= at < end:
                    continue
                placed = FreeSlot(
                    slot.id, slot.brand_id, slot.account_id, slot.network, at, shown.isoformat(timespec="minutes"), zone
                )
                found.setdefault((slot.account_id, at), placed)
    return sorted(found.values(), key=lambda one: (one.at, one.account_id, one.slot_id))


def free(placed: Iterable[FreeSlot], taken: Mapping[int, Sequence[datetime]]) -> list[FreeSlot]:
    """Return the slots that no post of their account is near; `taken` are its instants, in order."""
    return [each for each in placed if not is_taken(each.at, taken.get(each.account_id, ()))]


def is_taken(at: datetime, taken: Sequence[datetime]) -> bool:
    """Say whether one of the ordered instants is within ten minutes of `at`."""
    index = bisect_left(taken, at - TAKEN_WITHIN + timedelta(microseconds=1))
    return index < len(taken) and taken[index] < at + TAKEN_WITHIN


def _days(start: datetime, end: datetime, zone: str) -> Iterator[date]:
    """The zone's days of a range, with one more before: an hour of it may move on into the range."""
    info = zone_named(zone)
    day, last = start.astimezone(info).date() - timedelta(days=1), end.astimezone(info).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
