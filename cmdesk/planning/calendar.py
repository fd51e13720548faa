"""The calendar's arithmetic: which days a grid shows, where a chip stands, what a drop means.

Pure: no widget, no store. A post keeps the wall time and zone its person chose
(U1, rank 9); a grid shows instants in one zone. A drop on a month day never
changes the hour (rank 10); a drop on a week slot is an instant of the shown
zone, written back as wall time of the post's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from cmdesk.model import CalendarItem, DeliveryState, PostStatus

SNAP_MINUTES = 15
CHIP_MINUTES = 45  # room a chip takes in a week column, so that close ones share the width
CLOSE_MINUTES = 60  # the same account twice within this is worth a look (rank 26)
DEFAULT_HOUR = time(10, 0)

_LIVE = frozenset({PostStatus.SCHEDULED, PostStatus.SENDING, PostStatus.PROBLEM, PostStatus.PARTIAL})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a grid: a day, and in a week view the minute of that day."""

    day: date
    minute: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item where the shown zone puts it; `lane` of `lanes` beside its neighbours in a week column."""

    item: CalendarItem
    day: date
    minute: int
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Wall:
    """A local time as a person chose it: ISO without offset, zone, and which of two equal ones."""

    wall: str
    zone: str
    fold: int = 0


def week_of(day: date, first_weekday: int) -> list[date]:
    """Return the seven days of the week of `day`; `first_weekday` 0 is Monday."""
    start = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return [start + timedelta(days=offset) for offset in range(7)]


def month_grid(day: date, first_weekday: int) -> list[list[date]]:
    """Return the whole weeks that hold the month of `day`: four to six rows."""
    first = day.replace(day=1)
    weeks = [week_of(first, first_weekday)]
    while (following := weeks[-1][-1] + timedelta(days=1)).month == first.month:
        weeks.append(week_of(following, first_weekday))
    return weeks


def step_month(day: date, months: int) -> date:
    """Return the same day `months` later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def bounds(days: Sequence[date], zone: str) -> tuple[datetime, datetime]:
    """Return the instants (aware) from the first day's start to the last day's end in `zone`."""
    tz = ZoneInfo(zone)
    start = datetime.combine(days[0], time(), tz)
    end = datetime.combine(days[-1] + timedelta(days=1), time(), tz)
    return start, end


def place(items: Iterable[CalendarItem], zone: str) -> dict[date, list[Placed]]:
    """Put dated items on the days of `zone`, earliest first, equal times in a stable order."""
    tz = ZoneInfo(zone)
    placed: list[Placed] = []
    for item in items:
        if item.at is None:
            continue
        local = item.at.astimezone(tz)
        placed.append(Placed(item, local.date(), local.hour * 60 + local.minute))
    placed.sort(key=lambda one: (one.day, one.minute, one.item.brand_id, one.item.post_id, one.item.wall))
    return {day: list(group) for day, group in groupby(placed, key=lambda one: one.day)}


def lanes(day: Sequence[Placed]) -> list[Placed]:
    """Share a column's width between items closer than a chip is tall."""
    result: list[Placed] = []
    cluster: list[tuple[Placed, int]] = []
    ends: list[int] = []

    def close() -> None:
        width = len(ends)
        result.extend(Placed(one.item, one.day, one.minute, lane, width) for one, lane in cluster)
        cluster.clear()
        ends.clear()

    for one in day:
        if ends and one.minute >= max(ends):
            close()
        lane = next((index for index, end in enumerate(ends) if end <= one.minute), len(ends))
        if lane == len(ends):
            ends.append(0)
        ends[lane] = one.minute + CHIP_MINUTES
        cluster.append((one, lane))
    close()
    return result


def snap(minute: float, step: int = SNAP_MINUTES) -> int:
    """Return the nearest step of a day, never midnight of the next."""
    return min(max(0, round(minute / step) * step), 24 * 60 - step)


def wall_parts(item: CalendarItem) -> datetime:
    """Return the item's own wall time, naive."""
    return datetime.fromisoformat(item.wall)


def moved_days(item: CalendarItem, days: int) -> Wall:
    """Return the item's wall time `days` later: same hour and minute, whatever the clocks do."""
    at = wall_parts(item) + timedelta(days=days)
    return Wall(at.isoformat(timespec="minutes"), item.zone)


def dropped(item: CalendarItem, slot: Slot, *, shown_zone: str, own_zone: str, from_day: date | None) -> Wall:
    """Return what letting an item go on `slot` means.

    A month slot keeps the item's hour: the day moves by as many days as it was dragged
    (`from_day` None, from the tray: the brand's usual hour of that day). A week slot is a
    moment of `shown_zone`, kept as wall time of `own_zone`.
    """
    if slot.minute is None:
        if from_day is None or not item.wall:
            return Wall(datetime.combine(slot.day, DEFAULT_HOUR).isoformat(timespec="minutes"), own_zone)
        return moved_days(item, (slot.day - from_day).days)
    shown = datetime.combine(slot.day, time(), ZoneInfo(shown_zone)) + timedelta(minutes=slot.minute)
    if shown_zone == own_zone:
        return Wall(shown.replace(tzinfo=None).isoformat(timespec="minutes"), own_zone)
    instant = datetime.fromtimestamp(shown.timestamp(), ZoneInfo(own_zone))
    return Wall(instant.replace(tzinfo=None, fold=0).isoformat(timespec="minutes"), own_zone, instant.fold)


def slot_instant(slot: Slot, zone: str, *, default: time = DEFAULT_HOUR) -> datetime:
    """Return the moment a slot stands for, aware; a day alone means `default` of that day."""
    tz = ZoneInfo(zone)
    if slot.minute is None:
        return datetime.combine(slot.day, default, tz)
    return datetime.combine(slot.day, time(), tz) + timedelta(minutes=slot.minute)


def is_past(slot: Slot, now: datetime, zone: str) -> bool:
    """Say whether a slot is closed to drops: a day before today, or a moment before now."""
    local = now.astimezone(ZoneInfo(zone))
    if slot.minute is None:
        return slot.day < local.date()
    return (slot.day, slot.minute) < (local.date(), local.hour * 60 + local.minute)


def close_pairs(items: Iterable[CalendarItem]) -> set[int]:
    """Return the posts that share an account with another within the hour, still to be published (rank 26)."""
    by_account: dict[int, list[tuple[datetime, int]]] = {}
    for item in items:
        if item.at is None or item.status not in _LIVE:
            continue
        for account_id in item.account_ids:
            by_account.setdefault(account_id, []).append((item.at, item.post_id))
    found: set[int] = set()
    for dated in by_account.values():
        dated.sort()
        for (before, first), (after, second) in pairwise(dated):
            if first != second and after - before < timedelta(minutes=CLOSE_MINUTES):
                found |= {first, second}
    return found


def needs_look(item: CalendarItem) -> bool:
    """Say whether something of this item waits for a person."""
    return any(state.needs_person for state in item.states)


def uncertain(item: CalendarItem) -> bool:
    """Say whether nobody knows yet whether a part of it went out."""
    return DeliveryState.UNCERTAIN in item.states
