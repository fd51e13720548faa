"""Slots and recurrences over every zone whose clocks change in 2025-2030: each once, at its wall time (rank 9)."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.planning.recurrence import MOST, Every, Rule, check_rule, dates, from_text, to_text
from cmdesk.planning.slots import TAKEN_WITHIN, Slot, SlotTime, check_time, expand, free, is_taken, landing

FIRST, LAST = date(2025, 1, 1), date(2030, 12, 31)


@lru_cache(maxsize=1)
def changing_days() -> dict[str, tuple[date, ...]]:
    """Return the days on which a zone's offset changes, by zone; zones that share all of them are asked once."""
    found: dict[tuple[tuple[date, timedelta, timedelta], ...], str] = {}
    for name in sorted(available_timezones()):
        info = ZoneInfo(name)
        changes = []
        day, before = FIRST, datetime.combine(FIRST, time(), UTC).astimezone(info).utcoffset()
        while day <= LAST:
            day += timedelta(days=7)
            after = datetime.combine(day, time(), UTC).astimezone(info).utcoffset()
            if after != before:
                for back in range(8):
                    one = day - timedelta(days=back)
                    start = datetime.combine(one, time(), UTC).astimezone(info).utcoffset()
                    if start == before:
                        changes.append((one, before or timedelta(), after or timedelta()))
                        break
            before = after
        if changes:
            found.setdefault(tuple(changes), name)
    return {name: tuple(day for day, _one, _two in changes) for changes, name in found.items()}


def test_zones_with_a_change_are_found() -> None:
    zones = changing_days()
    assert len(zones) > 20
    assert any(date(2026, 3, 29) in days or date(2026, 3, 28) in days for days in zones.values())


@st.composite
def days_of_change(draw: st.DrawFn) -> tuple[str, date]:
    zones = changing_days()
    zone = draw(st.sampled_from(sorted(zones)))
    return zone, draw(st.sampled_from(zones[zone])) + timedelta(days=draw(st.integers(-1, 2)))


HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def slot(zone: str, weekday: int, at: time, number: int = 1, account: int = 1) -> Slot:
    return Slot(number, 1, account, weekday, at.isoformat(timespec="minutes"), zone)


@given(days_of_change(), HOURS)
def test_a_slot_comes_exactly_once_and_keeps_its_hour(case: tuple[str, date], at: time) -> None:
    zone, day = case
    info = ZoneInfo(zone)
    start = datetime.combine(day - timedelta(days=10), time(), info)
    end = datetime.combine(day + timedelta(days=11), time(), info)
    placed = expand([slot(zone, day.weekday(), at)], start, end)
    assert len(placed) == 3
    for each in placed:
        shown = each.at.astimezone(info)
        assert shown.replace(tzinfo=None).isoformat(timespec="minutes") == each.wall
        own_day = shown.date() - timedelta(days=(shown.weekday() - day.weekday()) % 7)
        nominal = datetime.combine(own_day, at)
        real = nominal.replace(tzinfo=info).astimezone(UTC).astimezone(info).replace(tzinfo=None, fold=0)
        if real == nominal:
            assert shown.time() == at and shown.fold == 0, "the wall time stays, the first of two counts"
        else:
            assert shown.replace(tzinfo=None) > datetime.combine(day - timedelta(days=10), time())
    exact = [each for each in placed if each.at.astimezone(info).time() == at]
    assert len(exact) >= 2, "only the day of a gap moves it"


@given(days_of_change(), HOURS)
def test_a_gap_moves_on_by_its_length(case: tuple[str, date], at: time) -> None:
    zone, day = case
    info = ZoneInfo(zone)
    nominal = datetime.combine(day, at)
    shown, instant = landing(nominal, zone)
    assert instant.astimezone(info).replace(tzinfo=None, fold=0) == shown
    if shown != nominal:
        before = nominal.replace(tzinfo=info, fold=0).utcoffset()
        after = instant.astimezone(info).utcoffset()
        assert before is not None and after is not None
        assert shown - nominal == after - before > timedelta()


@given(days_of_change(), st.lists(st.tuples(st.integers(0, 6), HOURS), min_size=1, max_size=8), st.integers(0, 20))
def test_what_is_free_is_free_and_in_order(case: tuple[str, date], week: list[tuple[int, time]], posts: int) -> None:
    zone, day = case
    start = datetime.combine(day - timedelta(days=7), time(), UTC)
    slots = [slot(zone, weekday, at, number) for number, (weekday, at) in enumerate(week)]
    placed = expand(slots, start, start + timedelta(days=14))
    assert len({each.at for each in placed}) == len(placed)
    taken: list[datetime] = []
    for _turn in range(min(posts, len(placed))):
        left = free(placed, {1: taken})
        if not left:
            break
        following = left[0].at
        assert all(abs(following - each) >= TAKEN_WITHIN for each in taken)
        assert not taken or following > taken[-1], "the next free one only moves forward while the queue fills"
        taken.append(following)
    assert all(is_taken(each, taken) for each in taken)


@given(days_of_change(), HOURS, st.sampled_from(list(Every)), st.integers(1, 3))
def test_a_recurrence_keeps_its_hour_and_loses_no_day(
    case: tuple[str, date], at: time, every: Every, apart: int
) -> None:
    zone, day = case
    start = datetime.combine(day - timedelta(days=3), at)
    text = to_text(Rule(every, apart, count=5), start)
    found = dates(text, start)
    assert len(found) == 5 and found[0] == start, text
    assert all(each.time() == at for each in found), "10:00 stays 10:00"
    instants = [landing(each, zone)[1] for each in found]
    assert instants == sorted(set(instants)), "never two at once, never backwards"
    if every is Every.DAY:
        assert [(after - before).days for before, after in itertools.pairwise(found)] == [apart] * 4


RULES = st.builds(
    Rule,
    st.sampled_from(list(Every)),
    st.integers(1, 12),
    st.lists(st.integers(0, 6), max_size=7).map(tuple),
    st.just(0),
    st.integers(0, 40),
    st.one_of(st.none(), st.dates(date(2026, 4, 1), date(2030, 1, 1))),
)


@given(RULES, st.datetimes(datetime.fromisoformat("2026-01-01T00:00"), datetime.fromisoformat("2027-01-01T00:00")))
def test_a_rule_reads_back_as_it_was(rule: Rule, start: datetime) -> None:
    wanted = check_rule(rule)
    text = to_text(rule, start)
    back = from_text(text)
    if wanted.every is Every.WEEK and not wanted.weekdays:
        assert back.weekdays == (start.weekday(),)
    else:
        assert back == wanted
    assert len(dates(text, start)) <= MOST


def test_rules_as_people_mean_them() -> None:
    start = datetime.fromisoformat("2026-01-31T10:00")
    assert [each.day for each in dates(to_text(Rule(Every.MONTH, count=4), start), start)] == [31, 28, 31, 30]
    last_friday = to_text(Rule(Every.MONTH, weekdays=(4,), nth=-1, count=3), start)
    assert [each.date().isoformat() for each in dates(last_friday, start)] == ["2026-02-27", "2026-03-27", "2026-04-24"]
    leap = datetime.fromisoformat("2028-02-29T09:00")
    assert [each.date().isoformat() for each in dates(to_text(Rule(Every.YEAR, count=2), leap), leap)] == [
        "2028-02-29",
        "2029-02-28",
    ]
    weekdays = to_text(Rule(Every.WEEK, 2, (0, 4), until=date(2026, 3, 1)), datetime.fromisoformat("2026-02-02T09:00"))
    assert [each.day for each in dates(weekdays, datetime.fromisoformat("2026-02-02T09:00"))] == [2, 6, 16, 20]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule(Every.DAY, 0), "rule_apart"), (Rule(Every.DAY, count=MOST + 1), "rule_count"),
        (Rule(Every.WEEK, weekdays=(7,)), "rule_days"), (Rule(Every.DAY, nth=1), "rule_days"),
    ],
)  # fmt: skip
def test_impossible_rules_are_refused(rule: Rule, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_rule(rule)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "FREQ=HOURLY", "FREQ", "FREQ=DAILY;INTERVAL=x"])
def test_foreign_rules_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        from_text(text)
    assert caught.value.code == "rule_unreadable"


@pytest.mark.parametrize("wanted", [SlotTime(7, "10:00"), SlotTime(0, "24:00"), SlotTime(0, "9:00")])
def test_impossible_hours_are_refused(wanted: SlotTime) -> None:
    with pytest.raises(Invalid):
        check_time(wanted)
