"""Moving several posts: the hour stays whatever the clocks do, and what cannot move is told before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.model import CalendarItem, Delivery, DeliveryState, Post, PostStatus, Target
from cmdesk.planning.gaps import coverage, gaps, weekends
from cmdesk.planning.shifting import Verdict, shift_all, shifted
from cmdesk.planning.zones import Hour, read_wall, to_utc

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def post(wall: str = "2026-03-10T10:00", state: DeliveryState | None = None, zone: str = "Europe/Madrid") -> Post:
    sealed = ()
    if state is not None:
        sealed = (Delivery(1, 1, 7, 5, 1, "post", state, "x", to_utc(wall, zone), wall, zone),)
    return Post(5, 1, "x", targets=(Target(7, wall, zone if wall else ""),), deliveries=sealed)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    st.integers(min_value=0, max_value=24 * 60 - 1),
    st.integers(min_value=-400, max_value=400),
)
@settings(max_examples=150, deadline=None)
def test_the_wall_hour_stays_or_moves_on_by_the_gap(zone: str, day: date, minute: int, days: int) -> None:
    wall = f"{day}T{minute // 60:02d}:{minute % 60:02d}"
    moved, _fold, gap = shifted(wall, zone, days)
    plain = (datetime.fromisoformat(wall) + timedelta(days=days)).isoformat(timespec="minutes")
    assert read_wall(moved, zone).hour is not Hour.GAP
    if gap:
        assert (
            timedelta(0) < datetime.fromisoformat(moved) - datetime.fromisoformat(plain) <= timedelta(hours=3)
        )  # Troll's gap is two hours
    else:
        assert moved == plain


def test_an_hour_in_the_gap_moves_on_and_says_so() -> None:
    (told,) = shift_all([post("2026-03-22T02:30")], days=7, now=NOW)
    assert told.verdict is Verdict.GAP and told.moves and told.targets[0].wall == "2026-03-29T03:30"


@pytest.mark.parametrize(
    ("state", "days", "verdict"),
    [
        (DeliveryState.QUEUED, 7, Verdict.FINE),
        (DeliveryState.QUEUED, -30, Verdict.PAST),
        (DeliveryState.PUBLISHED, 7, Verdict.OUT),
        (DeliveryState.SENDING, 7, Verdict.OUT),
        (DeliveryState.HANDED_OFF, 7, Verdict.OUT),
        (None, 7, Verdict.FINE),
    ],
)
def test_what_cannot_move_stays(state: DeliveryState | None, days: int, verdict: Verdict) -> None:
    (told,) = shift_all([post(state=state)], days=days, now=NOW)
    assert told.verdict is verdict and told.moves == (verdict is Verdict.FINE)


def test_a_post_without_a_date_has_nothing_to_move() -> None:
    (told,) = shift_all([post("")], days=7, now=NOW)
    assert told.verdict is Verdict.NO_DATE and not told.moves


def test_a_neighbour_within_the_hour_is_told_and_does_not_stop_it() -> None:
    near = to_utc("2026-03-17T10:59", "Europe/Madrid")
    (told,) = shift_all([post()], days=7, now=NOW, busy=[(7, near)])
    assert told.verdict is Verdict.CLOSE and told.moves
    (told,) = shift_all([post()], days=7, now=NOW, busy=[(8, near), (7, near + timedelta(minutes=1))])
    assert told.verdict is Verdict.FINE


def item(day: int, *, brand: int = 1, status: PostStatus = PostStatus.SCHEDULED) -> CalendarItem:
    at = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
    return CalendarItem(day, brand, at, "", "Europe/Madrid", "x", status)


MARCH = [date(2026, 3, 1) + timedelta(days=each) for each in range(31)]


def test_a_weekend_without_posts_is_one_gap_and_a_plan_does_not_fill_it() -> None:
    found = gaps(
        [item(7), item(14, status=PostStatus.DRAFT)], brand_ids=[1], days=weekends(MARCH[1:16]), zone="Europe/Madrid"
    )
    assert [(each.start.day, each.end.day) for each in found] == [(8, 8), (14, 15)]


def test_an_absence_is_told_brand_by_brand() -> None:
    items = [item(day) for day in range(10, 15)] + [item(12, brand=2), item(13, brand=2, status=PostStatus.DRAFT)]
    one, two = coverage(items, brand_ids=[1, 2], start=date(2026, 3, 10), end=date(2026, 3, 14), zone="Europe/Madrid")
    assert (one.posts, one.plans, one.gaps) == (5, 0, ())
    assert (two.posts, two.plans) == (1, 1)
    assert [(each.start.day, each.end.day) for each in two.gaps] == [(10, 11), (13, 14)]


def test_a_post_late_at_night_counts_for_the_day_it_is_there() -> None:
    late = CalendarItem(1, 1, datetime(2026, 3, 6, 23, 30, tzinfo=UTC), "", "", "x", PostStatus.SCHEDULED)
    assert gaps([late], brand_ids=[1], days=[date(2026, 3, 7)], zone="Europe/Madrid") == []
    assert gaps([late], brand_ids=[1], days=[date(2026, 3, 7)], zone="Europe/London")
