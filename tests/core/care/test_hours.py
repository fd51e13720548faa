"""Service time against a reference that walks minute by minute, over both DST days, holidays and midnight shifts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings, strategies as st

from cmdesk.care import hours
from cmdesk.care.holidays import countries, public_holidays, regions, upcoming
from cmdesk.care.hours import NeverOpens
from cmdesk.care.shifts import in_season, shifts_on, span
from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.errors import Invalid

MINUTE = timedelta(minutes=1)
# (zone, country, region, days around which the clocks jump or a holiday lies)
PLACES = (
    ("Europe/Madrid", "ES", "MD", ("2026-03-29", "2026-10-25", "2026-12-08", "2026-01-06", "2026-08-31")),
    ("America/Bogota", "CO", "", ("2026-05-18", "2026-07-20", "2026-12-25")),
    ("Pacific/Auckland", "NZ", "AUK", ("2026-04-05", "2026-09-27", "2026-01-26", "2026-12-28")),
)


def split_week(**fields: object) -> ServiceLevel:
    shifts = [Shift(day, *times) for day in range(5) for times in (("09:00", "14:00"), ("17:00", "20:00"))]
    level = ServiceLevel(1, "Europe/Madrid", shifts=(*shifts, Shift(5, "10:00", "14:00")))
    return replace(level, **fields)  # type: ignore[arg-type]


def at(wall: str, zone: str = "Europe/Madrid", fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)


def wall(moment: datetime, zone: str = "Europe/Madrid") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


# The reference


def closed_on(level: ServiceLevel, day: date) -> bool:
    for closure in level.closures:
        if closure.day == day:
            return closure.closed
    return bool(level.shifts) and day in public_holidays(level.country, level.region, day.year)


def open_minutes(level: ServiceLevel, start: datetime, minutes: int) -> list[bool]:
    """Walk minute by minute; the latest wall time seen decides: an hour that comes twice is not served twice."""
    zone = ZoneInfo(level.zone)
    moment = start - timedelta(hours=4)
    latest = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    plan = spans_around(level, start.date())
    found = []
    for _each in range(minutes + 240):
        latest = max(latest, moment.astimezone(zone).replace(tzinfo=None, fold=0))
        if moment >= start:
            found.append(serves(plan, latest))
        moment += MINUTE
    return found


def spans_around(level: ServiceLevel, middle: date) -> dict[date, list[tuple[int, int]]]:
    days = [middle + timedelta(days=each) for each in range(-3, 8)]
    usual = [(0, 1440)]
    return {
        day: [span(each) for each in shifts_on(level.shifts, day)] if level.shifts else usual
        for day in days
        if not closed_on(level, day)
    }


def serves(plan: dict[date, list[tuple[int, int]]], now: datetime) -> bool:
    today, minute = now.date(), now.hour * 60 + now.minute
    yesterday = today - timedelta(days=1)
    return any(opens <= minute < closes for opens, closes in plan.get(today, ())) or any(
        opens <= minute + 1440 < closes for opens, closes in plan.get(yesterday, ())
    )


# What hypothesis draws


@st.composite
def levels(draw: st.DrawFn, zone: str, country: str = "", region: str = "") -> ServiceLevel:
    clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
    shifts = draw(
        st.lists(
            st.builds(
                Shift,
                st.integers(0, 6),
                clock,
                st.one_of(clock, st.just("24:00")),
            ),
            max_size=12,
        )
    )
    if draw(st.booleans()):
        first, last = draw(
            st.sampled_from([("06-15", "09-15"), ("12-20", "01-07"), ("03-29", "03-29"), ("10-25", "11-02")])
        )
        shifts += [Shift(day, "08:00", "15:00", first, last) for day in draw(st.sets(st.integers(0, 6), min_size=1))]
    days = [date.fromisoformat(each) for _zone, _country, _region, near in PLACES for each in near]
    closures = draw(st.lists(st.builds(Closure, st.sampled_from(days), st.just("own"), st.booleans()), max_size=2))
    unique = {each.day: each for each in closures}
    return ServiceLevel(
        1,
        zone,
        shifts=tuple(shifts),
        closures=tuple(unique.values()),
        country=country if draw(st.booleans()) else "",
        region=region,
    )


@st.composite
def places(draw: st.DrawFn) -> tuple[ServiceLevel, datetime]:
    zone, country, region, days = draw(st.sampled_from(PLACES))
    noon = datetime.fromisoformat(draw(st.sampled_from(days))).replace(hour=12, tzinfo=UTC)
    start = noon - timedelta(minutes=draw(st.integers(0, 2880)))
    return draw(levels(zone, country, region)), start


@settings(max_examples=60, deadline=None)
@given(places(), st.integers(1, 2000))
def test_every_answer_is_what_walking_minute_by_minute_finds(
    drawn: tuple[ServiceLevel, datetime], minutes: int
) -> None:
    level, start = drawn
    walked = open_minutes(level, start, 4 * 1440)
    for step in range(0, len(walked), 97):
        assert hours.open_at(level, start + step * MINUTE) == walked[step]
    end = start + len(walked) * MINUTE
    assert hours.service_minutes(level, start, end) == sum(walked)
    if any(walked):
        assert hours.next_opening(level, start) == start + walked.index(True) * MINUTE
    if sum(walked) >= minutes:
        served = 0
        for step, is_open in enumerate(walked):
            served += is_open
            if served == minutes:
                assert hours.add_service_time(level, start, minutes) == start + (step + 1) * MINUTE
                break
    if walked[0] and False in walked:
        assert hours.next_closing(level, start) == start + walked.index(False) * MINUTE


@settings(max_examples=120, deadline=None)
@given(
    st.data(),
    st.sampled_from(sorted(available_timezones())),
    st.integers(0, 44 * 365 * 1440),
    st.floats(0, 20_000),
    st.floats(0, 5_000),
)
def test_adding_and_measuring_are_inverse_and_monotone_in_any_zone(
    data: st.DataObject, zone: str, since: int, minutes: float, more: float
) -> None:
    level = data.draw(levels(zone))
    start = datetime(1992, 1, 1, tzinfo=UTC) + since * MINUTE
    try:
        due = hours.add_service_time(level, start, minutes)
        later = hours.add_service_time(level, start, minutes + more)
    except NeverOpens:
        assume(False)
        raise
    assert start <= due <= later
    assert hours.service_minutes(level, start, due) == pytest.approx(minutes, abs=1e-5)
    assert hours.service_minutes(level, due, later) == pytest.approx(more, abs=1e-5)
    shifted = start + timedelta(minutes=more)
    assert hours.add_service_time(level, shifted, minutes) >= due
    opening = hours.next_opening(level, start)
    assert hours.open_at(level, opening)
    assert hours.service_minutes(level, start, opening) == 0


# Single cases that people would name


@pytest.mark.parametrize(
    ("asked", "minutes", "due"),
    [
        ("2026-03-02T13:30", 60, "2026-03-02 17:30"),  # over lunch
        ("2026-03-02T13:30", 30, "2026-03-02 14:00"),  # due when the shift ends, not when the next one opens
        ("2026-03-06T19:30", 90, "2026-03-07 11:00"),  # Friday evening to Saturday
        ("2026-03-07T15:00", 60, "2026-03-09 10:00"),  # the weekend does not count
        ("2026-12-07T19:00", 120, "2026-12-09 10:00"),  # 8 December is a holiday
    ],
)
def test_a_deadline_runs_on_service_time_only(asked: str, minutes: int, due: str) -> None:
    level = split_week(country="ES", region="CT")
    assert wall(hours.add_service_time(level, at(asked), minutes)) == due


@pytest.mark.parametrize(
    ("zone", "night", "minutes"),
    [
        ("Europe/Madrid", "2026-03-28", 420.0),  # the clocks go forward: an hour less
        ("Europe/Madrid", "2026-10-24", 540.0),
        ("Pacific/Auckland", "2026-09-26", 420.0),
        ("Pacific/Auckland", "2026-04-04", 540.0),
        ("America/Bogota", "2026-03-28", 480.0),
    ],
)
def test_a_night_shift_lasts_as_long_as_the_night_is(zone: str, night: str, minutes: float) -> None:
    level = ServiceLevel(1, zone, shifts=tuple(Shift(day, "22:00", "06:00") for day in range(7)))
    evening = at(f"{night}T20:00", zone)
    morning = (datetime.fromisoformat(night) + timedelta(days=1, hours=12)).replace(tzinfo=ZoneInfo(zone))
    assert hours.service_minutes(level, evening, morning) == minutes
    assert wall(hours.add_service_time(level, evening, minutes), zone).endswith("06:00")


def test_an_opening_that_the_clocks_jump_over_is_the_jump_and_one_that_comes_twice_its_first() -> None:
    level = ServiceLevel(1, "Europe/Madrid", shifts=(Shift(6, "02:30", "04:00"),))
    assert hours.next_opening(level, at("2026-03-28T12:00")) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert hours.next_opening(level, at("2026-10-24T12:00")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert hours.service_minutes(level, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 150


def test_a_holiday_closes_what_opens_on_it_and_not_the_night_before() -> None:
    nights = ServiceLevel(
        1, "Europe/Madrid", shifts=tuple(Shift(day, "22:00", "02:00") for day in range(7)), country="ES", region="MD"
    )
    assert hours.open_at(nights, at("2026-12-25T01:00"))
    assert not hours.open_at(nights, at("2026-12-25T23:00"))
    assert not hours.open_at(nights, at("2026-12-26T01:00"))
    worked = replace(nights, closures=(Closure(date(2026, 12, 25), "open all the same", closed=False),))
    assert hours.open_at(worked, at("2026-12-25T23:00"))


def test_a_season_replaces_the_usual_hours_of_its_days_and_a_dated_one_comes_first() -> None:
    summer = tuple(Shift(day, "08:00", "15:00", "07-01", "08-31") for day in range(5))
    odd = (Shift(0, "10:00", "11:00", "2026-08-03", "2026-08-09"),)
    level = split_week()
    level = replace(level, shifts=(*level.shifts, *summer, *odd))
    assert hours.open_at(level, at("2026-07-01T08:30"))
    assert not hours.open_at(level, at("2026-07-01T18:00"))
    assert not hours.open_at(level, at("2026-07-04T11:00"))  # no Saturdays in summer
    assert hours.open_at(level, at("2026-09-01T18:00"))
    assert [hours.open_at(level, at(f"2026-08-03T{clock}")) for clock in ("08:30", "10:30")] == [False, True]
    winter = Shift(0, "10:00", "11:00", "12-20", "01-07")
    assert [in_season(winter, date(2026, *day)) for day in ((12, 20), (12, 31), (1, 7), (1, 8), (6, 1))] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_without_hours_it_is_always_open_and_an_own_closure_still_closes() -> None:
    level = ServiceLevel(1, "Europe/Madrid", country="ES", closures=(Closure(date(2026, 5, 4), "move"),))
    assert hours.open_at(level, at("2026-12-25T03:00"))
    assert hours.next_opening(level, at("2026-05-04T10:00")) == at("2026-05-05T00:00")
    assert hours.add_service_time(replace(level, closures=()), at("2026-03-29T00:00"), 1440) == at("2026-03-30T01:00")
    assert hours.next_closing(replace(level, closures=()), at("2026-05-04T10:00")) is None


def test_hours_that_never_come_are_an_answer_not_a_loop() -> None:
    past = ServiceLevel(1, "Europe/Madrid", shifts=(Shift(0, "09:00", "10:00", "2020-01-01", "2020-12-31"),))
    monday = at("2026-03-02T10:00")
    with pytest.raises(NeverOpens):
        hours.next_opening(past, monday)
    with pytest.raises(NeverOpens):
        hours.add_service_time(past, monday, 5)
    with pytest.raises(NeverOpens):
        hours.add_working_days(past, monday, 1)
    assert not hours.open_at(past, at("2026-03-02T09:30"))
    assert hours.service_minutes(past, at("2026-03-02T10:00"), at("2027-03-02T10:00")) == 0
    rare = ServiceLevel(1, "Europe/Madrid", shifts=(Shift(0, "09:00", "09:01"),))
    with pytest.raises(NeverOpens):
        hours.add_service_time(rare, at("2026-03-02T10:00"), 86_400)


@pytest.mark.parametrize(
    ("solved", "days", "then"),
    [
        ("2026-03-04T10:00", 3, "2026-03-07 10:00"),  # Saturdays are worked
        ("2026-03-05T18:00", 2, "2026-03-07 14:00"),  # after that day's end: its end
        ("2026-03-06T18:00", 2, "2026-03-09 18:00"),
        ("2026-03-02T15:00", 1, "2026-03-03 17:00"),  # in the pause: after it
        ("2026-03-02T07:00", 1, "2026-03-03 09:00"),
        ("2026-12-04T12:00", 3, "2026-12-09 12:00"),  # 8 December is no working day
        ("2026-03-02T10:00", 0, "2026-03-02 10:00"),
    ],
)
def test_working_days_are_days_with_service(solved: str, days: int, then: str) -> None:
    level = split_week(country="ES", region="CT")
    assert wall(hours.add_working_days(level, at(solved), days)) == then


@settings(max_examples=60, deadline=None)
@given(places(), st.integers(1, 9))
def test_so_many_working_days_lie_between_and_it_falls_into_service(
    drawn: tuple[ServiceLevel, datetime], days: int
) -> None:
    level, start = drawn
    try:
        then = hours.add_working_days(level, start, days)
    except NeverOpens:
        assume(False)
        raise
    zone = ZoneInfo(level.zone)
    first, last = start.astimezone(zone).date(), then.astimezone(zone).date()
    between = [first + timedelta(days=each) for each in range(1, (last - first).days + 1)]
    # A shift over midnight may end on the day after its own.
    assert sum(hours.is_working_day(level, each) for each in between) in (days, days + 1)
    assert hours.add_working_days(level, start + MINUTE, days) >= then
    if level.shifts:
        assert hours.service_minutes(level, then - MINUTE, then + MINUTE) > 0


def test_where_it_is_always_open_working_days_are_monday_to_friday_without_holidays() -> None:
    level = ServiceLevel(1, "Europe/Madrid", country="ES", region="MD")
    assert wall(hours.add_working_days(level, at("2026-04-01T23:00"), 3)) == "2026-04-08 23:00"  # over Easter
    assert wall(hours.add_working_days(replace(level, country=""), at("2026-04-01T23:00"), 3)) == "2026-04-06 23:00"


@pytest.mark.parametrize(
    ("shifts", "code"),
    [
        ((Shift(7, "09:00", "10:00"),), "hours_weekday"),
        ((Shift(0, "9:00", "10:00"),), "hours_time"),
        ((Shift(0, "24:00", "10:00"),), "hours_time"),
        ((Shift(0, "09:00", "25:00"),), "hours_time"),
        ((Shift(0, "09:00", "10:00", "02-30", "03-01"),), "hours_season"),
        ((Shift(0, "09:00", "10:00", "2026-01-01", "03-01"),), "hours_season"),
        ((Shift(0, "09:00", "10:00", "2026-02-01", "2026-01-01"),), "hours_season"),
        ((Shift(0, "09:00", "10:00", "02-01", ""),), "hours_season"),
        ((Shift(0, "09:00", "14:00"), Shift(0, "13:00", "15:00")), "hours_overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(shifts: tuple[Shift, ...], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        hours.check_level(ServiceLevel(1, "Europe/Madrid", shifts=shifts))
    assert caught.value.code == code


def test_good_hours_pass_and_a_deadline_has_bounds() -> None:
    hours.check_level(split_week(first_answer_min=240, solution_min=2880))
    for minutes in (0, 10**9):
        with pytest.raises(Invalid):
            hours.check_level(split_week(first_answer_min=minutes))
    with pytest.raises(Invalid):
        hours.check_level(split_week(zone="Europe/Nowhere"))


def test_holidays_have_names_in_the_language_asked_and_unknown_places_have_none() -> None:
    assert public_holidays("ES", "MD", 2026, "es")[date(2026, 5, 2)] == "Fiesta de la Comunidad de Madrid"
    assert public_holidays("ES", "MD", 2026, "en")[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 5, 2) not in public_holidays("ES", "CT", 2026)
    assert public_holidays("", "", 2026) == public_holidays("XX", "", 2026) == {}
    assert public_holidays("ES", "nowhere", 2026) == public_holidays("ES", "", 2026)
    coming = upcoming("NZ", "AUK", date(2026, 12, 20), days=20)
    assert [day for day, _name in coming][:2] == [date(2026, 12, 25), date(2026, 12, 26)]
    assert coming[-1][0] > date(2026, 12, 31)


def test_countries_and_regions_are_offered_by_name() -> None:
    assert dict(countries("es"))["DE"] == "Alemania"
    assert ("MD", "Madrid") in regions("ES")
    assert regions("XX") == ()
    assert [name for _code, name in countries("es")][:2] == ["Afganistán", "Albania"]
