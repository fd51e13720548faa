"""The calendar's arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from cmdesk.model import CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import (
    Slot,
    bounds,
    close_pairs,
    dropped,
    is_past,
    month_grid,
    moved_days,
    needs_look,
    place,
    share,
    snap,
    step_month,
    week_of,
)

ZONES = ["Europe/Madrid", "America/Bogota", "Pacific/Auckland", "Europe/London", "Asia/Kathmandu"]


def item(wall: str, zone: str = "Europe/Madrid", post_id: int = 1, **fields: object) -> CalendarItem:
    at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if wall else None
    values: dict[str, object] = {"text": "x", "status": PostStatus.SCHEDULED} | fields
    return CalendarItem(post_id=post_id, brand_id=1, at=at, wall=wall, zone=zone, **values)  # type: ignore[arg-type]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([0, 6]))
def test_a_month_grid_is_whole_weeks_that_hold_every_day_of_the_month(day: date, first: int) -> None:
    weeks = month_grid(day, first)
    days = [each for week in weeks for each in week]
    assert 4 <= len(weeks) <= 6 and all(len(week) == 7 and week[0].weekday() == first for week in weeks)
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    start = day.replace(day=1)
    inside = [each for each in days if (each.year, each.month) == (day.year, day.month)]
    assert inside[0] == start and step_month(start, 1) - timedelta(days=1) == inside[-1]


def test_the_week_starts_where_the_locale_says() -> None:
    assert week_of(date(2026, 8, 13), 0)[0] == date(2026, 8, 10)
    assert week_of(date(2026, 8, 13), 6)[0] == date(2026, 8, 9)


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2028, 1, 31), 1, date(2028, 2, 29)),
    (date(2026, 1, 15), -1, date(2025, 12, 15)), (date(2026, 12, 1), 1, date(2027, 1, 1)),
])  # fmt: skip
def test_stepping_months_stays_inside_shorter_ones(day: date, months: int, expected: date) -> None:
    assert step_month(day, months) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 9, 27)])
def test_an_item_stands_on_the_day_and_minute_its_person_chose(zone: str, day: date) -> None:
    for hour in (0, 9, 23):
        wall = f"{day.isoformat()}T{hour:02d}:30"
        (placed,) = place([item(wall, zone)], zone)[day]
        assert placed.minute == hour * 60 + 30
        start, end = bounds([day], zone)
        assert placed.item.at is not None and start <= placed.item.at < end


@given(
    st.datetimes(datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2030-01-01")),
    st.integers(-400, 400),
    st.sampled_from(ZONES),
)
def test_moving_by_days_never_changes_the_hour(at: datetime, days: int, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    moved = datetime.fromisoformat(moved_days(item(at.isoformat(timespec="minutes"), zone), days).wall)
    assert (moved.hour, moved.minute) == (at.hour, at.minute) and moved - at == timedelta(days=days)


def test_a_month_drop_keeps_the_hour_even_when_the_grid_shows_another_zone() -> None:
    auckland = item("2026-08-13T09:00", "Pacific/Auckland")  # the evening of the 12th in Madrid
    wall = dropped(
        auckland,
        Slot(date(2026, 8, 14)),
        shown_zone="Europe/Madrid",
        own_zone="Pacific/Auckland",
        from_day=date(2026, 8, 12),
    )
    assert (wall.wall, wall.zone) == ("2026-08-15T09:00", "Pacific/Auckland")


@given(
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01")),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.integers(0, 95),
)
def test_a_week_drop_is_the_shown_moment_in_the_posts_own_wall_time(
    day: datetime, shown: str, own: str, quarter: int
) -> None:
    slot = Slot(day.date(), quarter * 15)
    wall = dropped(item("2026-05-05T10:00", own), slot, shown_zone=shown, own_zone=own, from_day=None)
    chosen = datetime.fromisoformat(wall.wall).replace(tzinfo=ZoneInfo(own), fold=wall.fold)
    meant = datetime.combine(slot.day, datetime.min.time(), ZoneInfo(shown)) + timedelta(minutes=quarter * 15)
    assert chosen.timestamp() == meant.timestamp() or shown == own


def test_from_the_tray_a_day_means_the_usual_hour() -> None:
    wall = dropped(
        item(""), Slot(date(2026, 8, 14)), shown_zone="Europe/Madrid", own_zone="Europe/Madrid", from_day=None
    )
    assert wall.wall == "2026-08-14T10:00"


def test_neighbours_share_the_column_and_distant_ones_do_not() -> None:
    assert [(one.lane, one.lanes, one.cluster) for one in share([600, 610, 700])] == [(0, 2, 0), (1, 2, 0), (0, 1, 1)]
    assert [one.lanes for one in share([600, 700], span=120)] == [2, 2]


@given(st.lists(st.integers(0, 1439), max_size=40))
def test_chips_of_one_lane_never_overlap(minutes: list[int]) -> None:
    placed = list(zip(sorted(minutes), share(sorted(minutes)), strict=True))
    for index, (minute, one) in enumerate(placed):
        assert one.lane < one.lanes
        for later, other in placed[index + 1 :]:
            assert one.cluster <= other.cluster
            if one.lane == other.lane:
                assert later >= minute + 45


def test_snapping_stays_inside_the_day() -> None:
    assert snap(607) == 600 and snap(608) == 615 and snap(1439) == 1425 and snap(-5) == 0


def test_the_past_is_closed() -> None:
    now = datetime(2026, 8, 14, 8, 0, tzinfo=UTC)  # 10:00 in Madrid
    assert is_past(Slot(date(2026, 8, 13)), now, "Europe/Madrid")
    assert not is_past(Slot(date(2026, 8, 14)), now, "Europe/Madrid")
    assert is_past(Slot(date(2026, 8, 14), 595), now, "Europe/Madrid")
    assert not is_past(Slot(date(2026, 8, 14), 600), now, "Europe/Madrid")


def test_the_same_account_twice_within_the_hour_is_marked() -> None:
    first = item("2026-08-14T10:00", post_id=1, account_ids=(1,))
    second = item("2026-08-14T10:30", post_id=2, account_ids=(1, 2))
    third = item("2026-08-14T11:00", post_id=3, account_ids=(3,))
    sent = item("2026-08-14T10:10", post_id=4, account_ids=(1,), status=PostStatus.PUBLISHED)
    assert close_pairs([first, second, third, sent]) == {1, 2}


def test_what_waits_for_a_person_is_told_apart() -> None:
    assert needs_look(item("2026-08-14T10:00", states=(DeliveryState.CONFIRMED, DeliveryState.REVIEW)))
    assert not needs_look(item("2026-08-14T10:00", states=(DeliveryState.CONFIRMED,)))
