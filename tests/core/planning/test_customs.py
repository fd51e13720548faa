"""When people sleep and eat, over midnight and where the clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.markets.guide import DAY, Guide
from cmdesk.planning.customs import Customs, customs, there
from cmdesk.zones import zone_named

_MINUTE = st.integers(0, DAY - 1)


@given(_MINUTE, st.integers(1, DAY - 1), _MINUTE, st.integers(1, DAY - 1))
def test_own_hours_hold_every_minute_of_a_day_however_they_cross_midnight(
    wakes: int, awake: int, eats: int, meal: int
) -> None:
    own = Guide(wakes=wakes, sleeps=(wakes + awake) % DAY, eats=eats, eaten=(eats + meal) % DAY)
    kept = customs("ES", own)
    minutes = range(DAY)
    assert sum(not kept.asleep(each) for each in minutes) == awake
    assert sum(kept.eating(each) for each in minutes) == meal
    assert not kept.asleep(wakes) and kept.asleep((wakes + awake) % DAY) and kept.asleep((wakes - 1) % DAY)
    assert kept.eating(eats) and not kept.eating((eats + meal) % DAY)


def test_who_never_sleeps_is_never_asleep() -> None:
    kept = customs("ES", Guide(wakes=480, sleeps=480))
    assert not any(kept.asleep(each) for each in range(DAY))


def test_only_what_is_own_takes_the_place_of_what_is_usual() -> None:
    spain, own = customs("ES"), customs("ES", Guide(wakes=600, sleeps=1500))
    assert (own.wakes, own.sleeps, own.eats, own.eaten) == (600, 1500, spain.eats, spain.eaten)
    assert customs("ES", Guide(topics=("x",))) == spain and customs("es") == spain
    assert customs("XX") == customs("")


_ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")


@given(st.integers(0, 365 * DAY), st.sampled_from(_ZONES), _MINUTE, st.integers(60, 23 * 60))
def test_the_end_of_a_night_or_meal_is_to_come_and_is_the_end(minutes: int, zone: str, wakes: int, awake: int) -> None:
    habits = customs("ES", Guide(wakes=wakes, sleeps=(wakes + awake) % DAY))
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = there(zone, habits, now)
    assert found.at == now and found.at.utcoffset() == now.astimezone(zone_named(zone)).utcoffset()
    minute = found.at.hour * 60 + found.at.minute
    assert found.asleep == habits.asleep(minute)
    assert found.eating == (not found.asleep and habits.eating(minute))
    assert (found.until is not None) == (found.asleep or found.eating)
    if found.until is not None:
        wall = (found.until.replace(tzinfo=None) - found.at.replace(tzinfo=None)).total_seconds()
        assert 0 < wall <= DAY * 60
        if found.asleep:
            assert found.until.hour * 60 + found.until.minute == wakes


def test_the_night_in_which_clocks_go_forward_ends_when_they_show_the_hour() -> None:
    # Madrid, 29 March 2026: 02:00 becomes 03:00. People get up at eight by their clocks, an hour earlier by ours.
    habits = Customs(8 * 60, 24 * 60, 14 * 60, 16 * 60)
    before = there("Europe/Madrid", habits, datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    assert before.asleep and before.at.hour == 1 and before.until is not None
    assert before.until.astimezone(UTC) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    awake = there("Europe/Madrid", habits, datetime(2026, 3, 29, 6, 0, tzinfo=UTC))
    assert not awake.asleep and awake.at.hour == 8
    last = there("Europe/Madrid", habits, datetime(2026, 3, 28, 7, 0, tzinfo=UTC))
    assert not last.asleep and last.at.hour == 8


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    habits = Customs(8 * 60, 24 * 60, 14 * 60, 16 * 60)
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Madrid
    asleep = sum(there("Europe/Madrid", habits, start + timedelta(minutes=15 * each)).asleep for each in range(24 * 4))
    assert asleep / 4 == 9


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        there("Mars/Olympus", customs("ES"), datetime(2026, 1, 1, tzinfo=UTC))
    assert caught.value.code == "zone_unknown"
