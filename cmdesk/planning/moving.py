"""What moving posts on the calendar means: where each lands, and why a move is refused; all of them or none.

Pure, as `planning.calendar`. Several posts keep their distances: by day each keeps its own hour (rank 10), by the
hour each moves as far on the clock of the shown zone as the one that is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cmdesk.model import SENT, CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import Slot, Wall, dropped, fold_of, moved_days, wall_in
from cmdesk.planning.zones import Hour, read_wall, to_utc

PAST_TOLERANCE = timedelta(minutes=1)  # between looking and letting go a minute may pass


class Stay(StrEnum):
    """Why a post stays where it is."""

    PAST = "past"
    GAP = "gap"  # the clocks jump over that hour
    OUT = "out"  # the network has it
    LEAVING = "leaving"  # it is being sent, or nobody knows whether it was
    HANDED = "handed"  # the network's own scheduler holds it
    REVIEW = "review"  # somebody decides first whether it is out
    ELSEWHERE = "elsewhere"  # published outside the program
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that cannot be: the item that is in the way, why, and the hour it would have got."""

    why: Stay
    item: CalendarItem
    wall: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A distance on the calendar; `minutes` None keeps each post's own hour (a move by days)."""

    days: int
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Landing:
    """Where one item goes: wall time of its own zone, and the same moment (aware, UTC)."""

    item: CalendarItem
    wall: Wall
    at: datetime


def stays(item: CalendarItem, *, copy: bool = False) -> Stay | None:
    """Say why an item cannot be moved (or copied); None: it can."""
    if item.post_id < 0:
        return Stay.ELSEWHERE
    if copy or (item.movable and item.status is not PostStatus.CANCELLED):
        return None
    states = set(item.states)
    for reason, found in (
        (Stay.LEAVING, {DeliveryState.SENDING, DeliveryState.UNCERTAIN}),
        (Stay.REVIEW, {DeliveryState.REVIEW}),
        (Stay.OUT, SENT),
        (Stay.HANDED, {DeliveryState.HANDED_OFF}),
        (Stay.LEAVING, {DeliveryState.PREPARING, DeliveryState.READY}),
    ):
        if states & found:
            return reason
    return Stay.CANCELLED if item.status is PostStatus.CANCELLED else Stay.LEAVING


def shift_to(item: CalendarItem, slot: Slot, *, zone: str, from_day: date | None) -> Shift | None:
    """Return how far a slot is from an item in the shown `zone`; None for one that has no place yet."""
    if item.at is None:
        return None
    local = item.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if slot.minute is None:
        return Shift((slot.day - (from_day or local.date())).days)
    far = datetime.combine(slot.day, time()) + timedelta(minutes=slot.minute) - local.replace(second=0, microsecond=0)
    return Shift(far.days, far.seconds // 60)


def shifted(item: CalendarItem, shift: Shift, *, shown_zone: str, own_zone: str) -> Wall:
    """Return an item's wall time after a shift; whether that hour exists is another question."""
    if item.at is None:
        raise ValueError("an item without an hour has nothing to shift")
    if shift.minutes is None:
        return moved_days(item, shift.days)
    local = item.at.astimezone(ZoneInfo(shown_zone)).replace(tzinfo=None, fold=0, second=0, microsecond=0)
    naive = local + timedelta(days=shift.days, minutes=shift.minutes)
    return wall_in(naive, shown_zone=shown_zone, own_zone=own_zone, fold=fold_of(item, shown_zone))


def to_slot(
    items: Iterable[CalendarItem],
    slot: Slot,
    *,
    held: CalendarItem,
    from_day: date | None,
    shown_zone: str,
    own_zone: Callable[[CalendarItem], str],
    now: datetime,
    copy: bool = False,
) -> list[Landing] | Refused:
    """Say where letting `held` go on `slot` puts it and the others, or what is in the way; nothing for no change."""
    shift = shift_to(held, slot, zone=shown_zone, from_day=from_day)
    walls: list[tuple[CalendarItem, Wall, datetime | None]] = []
    for item in items:
        own = item.zone or own_zone(item)
        if item == held or shift is None or item.at is None:
            wall = dropped(item, slot, shown_zone=shown_zone, own_zone=own, from_day=from_day)
            asked = _shown(slot) if item.zone != shown_zone and not slot.ghosts else None
        else:
            wall, asked = _shifted(item, shift, shown_zone=shown_zone, own_zone=own)
        walls.append((item, wall, asked))
    return _judged(walls, shown_zone=shown_zone, now=now, copy=copy)


def by_shift(
    items: Iterable[CalendarItem],
    shift: Shift,
    *,
    shown_zone: str,
    own_zone: Callable[[CalendarItem], str],
    now: datetime,
    copy: bool = False,
) -> list[Landing] | Refused:
    """Say where a shift puts items that have an hour, or what is in the way; nothing for no change."""
    walls = [
        (item, *_shifted(item, shift, shown_zone=shown_zone, own_zone=item.zone or own_zone(item)))
        for item in items
        if item.at is not None
    ]
    return _judged(walls, shown_zone=shown_zone, now=now, copy=copy)


def _shifted(item: CalendarItem, shift: Shift, *, shown_zone: str, own_zone: str) -> tuple[Wall, datetime | None]:
    wall = shifted(item, shift, shown_zone=shown_zone, own_zone=own_zone)
    if shift.minutes is None or item.at is None or own_zone == shown_zone:
        return wall, None
    local = item.at.astimezone(ZoneInfo(shown_zone)).replace(tzinfo=None, fold=0, second=0, microsecond=0)
    return wall, local + timedelta(days=shift.days, minutes=shift.minutes)


def _shown(slot: Slot) -> datetime | None:
    return None if slot.minute is None else datetime.combine(slot.day, time()) + timedelta(minutes=slot.minute)


def _judged(
    walls: Sequence[tuple[CalendarItem, Wall, datetime | None]], *, shown_zone: str, now: datetime, copy: bool
) -> list[Landing] | Refused:
    """Refuse the whole when one is in the way: what cannot move first, then hours that are none, then the past."""
    for item, _wall, _asked in walls:
        if (why := stays(item, copy=copy)) is not None:
            return Refused(why, item)
    for item, wall, asked in walls:
        if asked is not None and read_wall(asked.isoformat(timespec="minutes"), shown_zone).hour is Hour.GAP:
            return Refused(Stay.GAP, item, asked.isoformat(timespec="minutes"), shown_zone)
        if read_wall(wall.wall, wall.zone).hour is Hour.GAP:
            return Refused(Stay.GAP, item, wall.wall, wall.zone)
    landed: list[Landing] = []
    for item, wall, _asked in walls:
        at = to_utc(wall.wall, wall.zone, fold=wall.fold).astimezone(UTC)
        if at < now - PAST_TOLERANCE and (copy or at != _minute(item.at)):
            return Refused(Stay.PAST, item, wall.wall, wall.zone)
        landed.append(Landing(item, wall, at))
    changed = [each for each in landed if copy or each.at != _minute(each.item.at) or each.wall.zone != each.item.zone]
    return changed


def _minute(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(second=0, microsecond=0)
