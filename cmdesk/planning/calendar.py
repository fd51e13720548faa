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
from cmdesk.planning.days import Ghost
from cmdesk.planning.zones import Hour, read_wall

SNAP_MINUTES = 15
CHIP_MINUTES = 45  # room a chip takes in a week column, so that close ones share the width
CLOSE_MINUTES = 60  # the same account twice within this is worth a look (rank 26)
DEFAULT_HOUR = time(10, 0)

_LIVE = frozenset({PostStatus.SCHEDULED, PostStatus.SENDING, PostStatus.PROBLEM, PostStatus.PARTIAL})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a grid: a day, and in a view of hours the minute of that day.

    `ghosts` are the free slots of the queue it stands on, `brand_id` the brand of its column (0: none of its own).
    """

    day: date
    minute: int | None = None
    brand_id: int = 0
    ghosts: tuple[Ghost, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """An item where the shown zone puts it."""

    item: CalendarItem
    day: date
    minute: int


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


@dataclass(frozen=True, slots=True)
class Lane:
    """A share of a column's width: `lane` of `lanes`, in the cluster of that number."""

    lane: int
    lanes: int
    cluster: int


def share(minutes: Sequence[int], *, span: float = CHIP_MINUTES) -> list[Lane]:
    """Share a column's width between what begins at these minutes (ascending) and is closer than `span` minutes."""
    lanes: list[tuple[int, int]] = []
    widths: list[int] = []
    ends: list[float] = []
    for minute in minutes:
        if not ends or minute >= max(ends):
            ends.clear()
            widths.append(0)
        lane = next((index for index, end in enumerate(ends) if end <= minute), len(ends))
        if lane == len(ends):
            ends.append(0)
        ends[lane] = minute + span
        widths[-1] = max(widths[-1], len(ends))
        lanes.append((lane, len(widths) - 1))
    return [Lane(lane, widths[cluster], cluster) for lane, cluster in lanes]


def snap(minute: float, step: int = SNAP_MINUTES) -> int:
    """Return the nearest step of a day, never midnight of the next."""
    return min(max(0, round(minute / step) * step), 24 * 60 - step)


def wall_parts(item: CalendarItem) -> datetime:
    """Return the item's own wall time, naive."""
    return datetime.fromisoformat(item.wall)


def moved_days(item: CalendarItem, days: int) -> Wall:
    """Return the item's wall time `days` later: same hour and minute, whatever the clocks do."""
    at = wall_parts(item) + timedelta(days=days)
    fold = fold_of(item, item.zone) if not days and item.zone else 0
    return Wall(at.isoformat(timespec="minutes"), item.zone, fold)


def dropped(item: CalendarItem, slot: Slot, *, shown_zone: str, own_zone: str, from_day: date | None) -> Wall:
    """Return what letting an item go on `slot` means; whether that hour exists is asked of `zones.read_wall`.

    A month slot keeps the item's hour: the day moves by as many days as it was dragged
    (`from_day` None, from the tray: the brand's usual hour of that day). A slot with a minute is a
    moment of `shown_zone`, kept as wall time of `own_zone`; of a doubled hour it means the first, unless
    the item stands in the second already. A slot of the queue has a wall time of its own.
    """
    if slot.ghosts:
        return Wall(slot.ghosts[0].wall[:16], slot.ghosts[0].zone)
    if slot.minute is None:
        if from_day is None or not item.wall:
            return Wall(datetime.combine(slot.day, DEFAULT_HOUR).isoformat(timespec="minutes"), own_zone)
        return moved_days(item, (slot.day - from_day).days)
    naive = datetime.combine(slot.day, time()) + timedelta(minutes=slot.minute)
    return wall_in(naive, shown_zone=shown_zone, own_zone=own_zone, fold=fold_of(item, shown_zone))


def wall_in(naive: datetime, *, shown_zone: str, own_zone: str, fold: int = 0) -> Wall:
    """Return the wall time of `own_zone` at `naive` of `shown_zone`; `fold` counts in a doubled hour only."""
    local = naive.isoformat(timespec="minutes")
    second = fold if fold and read_wall(local, shown_zone).hour is Hour.TWICE else 0
    if shown_zone == own_zone:
        return Wall(local, own_zone, second)
    shown = naive.replace(tzinfo=ZoneInfo(shown_zone), fold=second)
    instant = datetime.fromtimestamp(shown.timestamp(), ZoneInfo(own_zone))
    return Wall(instant.replace(tzinfo=None, fold=0).isoformat(timespec="minutes"), own_zone, instant.fold)


def fold_of(item: CalendarItem, zone: str) -> int:
    """Return which of two equal hours of `zone` an item stands in: 1 for the second, else 0."""
    return item.at.astimezone(ZoneInfo(zone)).fold if item.at is not None else 0


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
