"""By when an answer is promised: within the hours, never sooner than it can be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmdesk.care.promise_times import promise_times
from cmdesk.care.values import Closure, ServiceLevel, Shift

MADRID = ZoneInfo("Europe/Madrid")
SPLIT = tuple(
    Shift(day, opens, closes) for day in range(5) for opens, closes in (("09:00", "14:00"), ("16:00", "19:00"))
)


def _said(level: ServiceLevel, now: datetime) -> list[str]:
    return [each.astimezone(ZoneInfo(level.zone)).strftime("%a %H:%M") for each in promise_times(level, now)]


def test_without_hours_the_evening_then_the_next_days() -> None:
    level = ServiceLevel(1, "Europe/Madrid")
    assert _said(level, datetime(2026, 3, 2, 10, 2, tzinfo=MADRID)) == [
        "Mon 18:00", "Mon 12:05", "Tue 12:00", "Tue 18:00", "Wed 18:00",
    ]  # fmt: skip
    assert _said(level, datetime(2026, 3, 2, 17, 30, tzinfo=MADRID))[0] == "Tue 12:00", "half an hour is too little"


def test_the_hours_of_service_count() -> None:
    level = ServiceLevel(1, "Europe/Madrid", shifts=SPLIT)
    assert _said(level, datetime(2026, 3, 2, 10, 0, tzinfo=MADRID))[0] == "Mon 14:00"
    friday = _said(level, datetime(2026, 3, 6, 18, 40, tzinfo=MADRID))
    assert friday[0] == "Mon 12:00", "the weekend is nobody's"
    early = _said(level, datetime(2026, 3, 2, 7, 0, tzinfo=MADRID))
    assert early[:2] == ["Mon 14:00", "Mon 11:00"]


def test_a_holiday_is_passed_over() -> None:
    level = ServiceLevel(1, "Europe/Madrid", shifts=SPLIT, closures=(Closure(date(2026, 3, 3), "Fiesta"),))
    assert _said(level, datetime(2026, 3, 2, 18, 30, tzinfo=MADRID))[0] == "Wed 12:00"


def test_who_never_opens_still_gets_times() -> None:
    closed = tuple(Closure(date(2026, 1, 1) + timedelta(days=each), "x") for each in range(3000))
    level = ServiceLevel(1, "Europe/Madrid", shifts=SPLIT, closures=closed)
    assert _said(level, datetime(2026, 3, 2, 10, 0, tzinfo=MADRID))[0] == "Mon 18:00"


@pytest.mark.parametrize("hour", range(0, 24 * 9, 5))
@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Bogota", "Pacific/Auckland"])
def test_never_sooner_than_an_hour_and_all_different(hour: int, zone: str) -> None:
    now = datetime(2026, 3, 27, tzinfo=UTC) + timedelta(hours=hour, minutes=7)  # both changes of clocks are near
    for shifts in ((), SPLIT):
        times = promise_times(ServiceLevel(1, zone, shifts=shifts), now)
        assert 2 <= len(times) == len(set(times)) <= 5
        assert min(times) >= now + timedelta(hours=1)
        assert list(times[1:]) == sorted(times[1:])
