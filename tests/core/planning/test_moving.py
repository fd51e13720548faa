"""Moving posts over every change of the clocks there is from 2025 to 2030: nothing moves by itself, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings, strategies as st

from cmdesk.model import CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import Slot
from cmdesk.planning.days import Ghost
from cmdesk.planning.moving import Landing, Refused, Shift, Stay, by_shift, stays, to_slot
from cmdesk.planning.zones import Hour, read_wall

NOW = datetime(2024, 6, 1, tzinfo=UTC)
FAR = ("Europe/Madrid", "America/Bogota", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Change:
    """A moment from which a zone's clocks differ, and its offsets before and after."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    def local(self, minutes: int) -> datetime:
        """A wall time `minutes` after the first one that is missing or comes twice."""
        return (self.at + min(self.before, self.after)).replace(tzinfo=None) + timedelta(minutes=minutes)

    @property
    def length(self) -> int:
        """How many minutes are missing or come twice."""
        return int(abs(self.after - self.before).total_seconds() // 60)


@cache
def changes() -> tuple[Change, ...]:
    """Every change of every zone, found by looking each week and halving; zones that are one clock count once."""
    found: dict[tuple[tuple[datetime, timedelta, timedelta], ...], list[Change]] = {}
    weeks = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=7 * week) for week in range(313)]
    for name in sorted(available_timezones() - {"localtime", "Factory"}):
        zone = ZoneInfo(name)
        offsets = [week.astimezone(zone).utcoffset() for week in weeks]
        mine: list[Change] = []
        for (early, before), (late, after) in pairwise(zip(weeks, offsets, strict=True)):
            if before != after and before is not None and after is not None:
                low, high = early, late
                while high - low > timedelta(minutes=1):
                    middle = low + (high - low) // 2
                    low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
                at = high.replace(second=0, microsecond=0)
                mine.append(Change(name, at, before, after))
        key = tuple((each.at, each.before, each.after) for each in mine)
        if mine:
            found.setdefault(key, mine)
    return tuple(each for some in found.values() for each in some)


def some_change() -> st.SearchStrategy[Change]:
    return st.deferred(lambda: st.sampled_from(changes()))


def item(local: datetime, zone: str, *, fold: int = 0, post_id: int = 1, **fields: object) -> CalendarItem:
    text = local.isoformat(timespec="minutes")
    instants = read_wall(text, zone).instants
    values: dict[str, object] = {"text": "x", "status": PostStatus.SCHEDULED, "account_ids": (post_id,)} | fields
    return CalendarItem(post_id=post_id, brand_id=1, at=instants[-1 if fold else 0], wall=text, zone=zone, **values)  # type: ignore[arg-type]


def wall(text: str) -> datetime:
    """A wall time."""
    return datetime.fromisoformat(text)


def dropped(
    items: Sequence[CalendarItem], slot: Slot, shown: str, *, from_day: date | None = None, now: datetime = NOW
) -> list[Landing] | Refused:
    held = items[0]
    day = from_day or (held.at.astimezone(ZoneInfo(shown)).date() if held.at else None)
    return to_slot(
        items, slot, held=held, from_day=day, shown_zone=shown, own_zone=lambda each: each.zone or shown, now=now
    )


def exists(local: datetime, zone: str) -> bool:
    return read_wall(local.isoformat(timespec="minutes"), zone).hour is not Hour.GAP


def test_there_are_changes_of_every_kind() -> None:
    assert len(changes()) > 300
    assert {each.after > each.before for each in changes()} == {True, False}
    assert 30 in {each.length for each in changes()}, "Lord Howe's half hour"


def test_on_every_change_a_day_move_keeps_the_hour_or_is_refused() -> None:
    for change in changes():
        middle = change.local(change.length // 2)
        start = middle - timedelta(days=3)
        if not exists(start, change.zone):
            continue
        landed = dropped([item(start, change.zone)], Slot(middle.date()), change.zone, from_day=start.date())
        if change.after > change.before:
            assert isinstance(landed, Refused), change
            assert landed.why is Stay.GAP and landed.wall == middle.isoformat(timespec="minutes")
        else:
            assert isinstance(landed, list), change
            (one,) = landed
            assert one.wall.wall == middle.isoformat(timespec="minutes") and one.wall.fold == 0
            assert one.at == read_wall(one.wall.wall, change.zone).instants[0], "the first of the two"


@given(some_change(), st.integers(-5, 5), st.integers(0, 1439), st.sampled_from(FAR))
def test_a_month_drag_never_changes_the_hour(change: Change, days: int, minute: int, shown: str) -> None:
    start = datetime.combine(change.local(0).date(), time()) + timedelta(days=-days, minutes=minute)
    assume(exists(start, change.zone) and days)
    mine = item(start, change.zone)
    assert mine.at is not None
    day = mine.at.astimezone(ZoneInfo(shown)).date()
    landed = dropped([mine], Slot(day + timedelta(days=days)), shown, from_day=day)
    aim = start + timedelta(days=days)
    if isinstance(landed, Refused):
        assert landed.why is Stay.GAP and not exists(aim, change.zone)
    else:
        assert [one.wall.wall for one in landed] == [aim.isoformat(timespec="minutes")]


@given(some_change(), st.integers(-180, 300), st.sampled_from(FAR))
def test_an_hour_drop_is_the_moment_that_is_shown(change: Change, minutes: int, own: str) -> None:
    aim = change.local(minutes)
    mine = item(wall("2024-08-01T12:00"), own)
    slot = Slot(aim.date(), aim.hour * 60 + aim.minute)
    landed = dropped([mine], slot, change.zone)
    reading = read_wall(aim.isoformat(timespec="minutes"), change.zone)
    if reading.hour is Hour.GAP:
        assert isinstance(landed, Refused) and landed.why is Stay.GAP
        assert (landed.wall, landed.zone) == (aim.isoformat(timespec="minutes"), change.zone)
        return
    assert isinstance(landed, list)
    (one,) = landed
    assert one.at == reading.instants[0]
    assert one.wall.zone == own and read_wall(one.wall.wall, own).instants[one.wall.fold and -1] == one.at


@given(some_change(), st.integers(0, 3), st.sampled_from((-15, 15, 5, -5)))
def test_in_a_doubled_hour_a_nudge_stays_in_its_own_half(change: Change, quarter: int, step: int) -> None:
    start = change.local(quarter * 15)
    aim = start + timedelta(minutes=step)
    doubled = [read_wall(each.isoformat(timespec="minutes"), change.zone).hour is Hour.TWICE for each in (start, aim)]
    assume(all(doubled))
    for fold in (0, 1):
        mine = item(start, change.zone, fold=fold)
        landed = by_shift([mine], Shift(0, step), shown_zone=change.zone, own_zone=lambda each: each.zone, now=NOW)
        assert isinstance(landed, list) and mine.at is not None
        assert landed[0].at - mine.at == timedelta(minutes=step) and landed[0].wall.fold == fold


@given(
    some_change(),
    st.lists(st.integers(-2000, 2000), min_size=2, max_size=6, unique=True),
    st.integers(-4000, 4000),
    st.sampled_from(FAR),
)
@settings(max_examples=150)
def test_several_keep_their_distances_on_the_shown_clock(
    change: Change, offsets: list[int], far: int, own: str
) -> None:
    base = change.local(0)
    walls = [base + timedelta(minutes=offset) for offset in offsets]
    assume(all(exists(each, change.zone) for each in walls))
    zone = ZoneInfo(change.zone)
    items = [
        item(each.replace(tzinfo=zone).astimezone(ZoneInfo(own)).replace(tzinfo=None, fold=0), own, post_id=number)
        for number, each in enumerate(walls, 1)
    ]
    shown = [each.at.astimezone(zone).replace(tzinfo=None, fold=0) for each in items if each.at is not None]
    aim = shown[0] + timedelta(minutes=far)
    landed = dropped(items, Slot(aim.date(), aim.hour * 60 + aim.minute), change.zone)
    wanted = [each + (aim - shown[0]) for each in shown]
    if isinstance(landed, Refused):
        assert landed.why is Stay.GAP and not all(exists(each, change.zone) for each in wanted)
        return
    there = {one.item.post_id: one.at.astimezone(zone).replace(tzinfo=None, fold=0) for one in landed}
    for each, want in zip(items, wanted, strict=True):
        assert there.get(each.post_id, want) == want


@given(some_change(), st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True), st.integers(-6, 6))
def test_several_moved_by_days_keep_their_hours(change: Change, minutes: list[int], days: int) -> None:
    start = datetime.combine(change.local(0).date(), time()) - timedelta(days=days)
    walls = [start + timedelta(minutes=minute) for minute in minutes]
    assume(days and all(exists(each, change.zone) for each in walls))
    items = [item(each, change.zone, post_id=number) for number, each in enumerate(walls, 1)]
    landed = by_shift(items, Shift(days), shown_zone=change.zone, own_zone=lambda each: each.zone, now=NOW)
    wanted = [each + timedelta(days=days) for each in walls]
    if isinstance(landed, Refused):
        assert landed.why is Stay.GAP and not all(exists(each, change.zone) for each in wanted)
    else:
        assert [one.wall.wall for one in landed] == [each.isoformat(timespec="minutes") for each in wanted]


def test_one_that_would_land_in_the_past_keeps_them_all() -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    items = [
        item(wall("2026-03-14T09:00"), "Europe/Madrid"),
        item(wall("2026-03-12T09:00"), "Europe/Madrid", post_id=2),
    ]
    landed = dropped(items, Slot(date(2026, 3, 12)), "Europe/Madrid", now=now)
    assert isinstance(landed, Refused) and landed.why is Stay.PAST and landed.item.post_id == 2
    assert landed.wall == "2026-03-10T09:00"


@pytest.mark.parametrize(("states", "why"), [
    ((DeliveryState.CONFIRMED, DeliveryState.QUEUED), Stay.OUT),
    ((DeliveryState.SENDING,), Stay.LEAVING),
    ((DeliveryState.UNCERTAIN,), Stay.LEAVING),
    ((DeliveryState.HANDED_OFF,), Stay.HANDED),
    ((DeliveryState.REVIEW,), Stay.REVIEW),
])  # fmt: skip
def test_what_the_network_has_stays_and_may_be_copied(states: tuple[DeliveryState, ...], why: Stay) -> None:
    mine = item(wall("2026-03-14T09:00"), "Europe/Madrid", states=states, movable=False)
    assert stays(mine) is why and stays(mine, copy=True) is None
    landed = dropped([mine], Slot(date(2026, 3, 20)), "Europe/Madrid")
    assert isinstance(landed, Refused) and landed.why is why


def test_what_was_made_elsewhere_is_neither_moved_nor_copied() -> None:
    mine = item(wall("2026-03-14T09:00"), "Europe/Madrid", post_id=-4, movable=False)
    assert stays(mine) is stays(mine, copy=True) is Stay.ELSEWHERE


def test_a_slot_of_the_queue_has_an_hour_of_its_own() -> None:
    ghost = Ghost(1, 1, 1, "mastodon", 9 * 60, "2026-03-20T20:00", "Pacific/Auckland")
    mine = item(wall("2026-03-14T09:00"), "Europe/Madrid")
    landed = dropped([mine], Slot(date(2026, 3, 20), 8 * 60, 1, (ghost,)), "Europe/Madrid")
    assert isinstance(landed, list) and (landed[0].wall.wall, landed[0].wall.zone) == ("2026-03-20T20:00", ghost.zone)


def test_letting_go_where_it_stands_changes_nothing() -> None:
    mine = item(wall("2026-10-25T02:30"), "Europe/Madrid", fold=1)
    assert dropped([mine], Slot(date(2026, 10, 25), 150), "Europe/Madrid") == []
    assert dropped([mine], Slot(date(2026, 10, 25)), "Europe/Madrid", from_day=date(2026, 10, 25)) == []
