"""What stands behind days: holidays of every market, closures, notes, hours in the shown zone, sleep and meals."""

from __future__ import annotations

from datetime import date, timedelta

from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.commands import campaigns, markets, slots
from cmdesk.markets import Guide
from cmdesk.planning.days import Band, DayBack, MarkKind
from cmdesk.planning.slots import SlotTime
from cmdesk.store import hours
from cmdesk.store.day_backs import day_backs, over_days
from tests.core.store.conftest import Bench

WEEK = [date(2026, 8, 10) + timedelta(days=each) for each in range(7)]


def backs(
    bench: Bench, *, days: list[date] = WEEK, zone: str = "Europe/Madrid", lang: str = "es"
) -> dict[date, DayBack]:
    found: dict[date, DayBack] = bench.read(
        day_backs, brand_id=bench.brand_id, account_ids=None, days=days, zone=zone, language=lang
    )
    return found


def market(bench: Bench, country: str, zone: str, *, region: str = "", language: str = "es") -> int:
    made: int = bench.do(
        markets.save_market, brand_id=bench.brand_id, name=f"{country}{region}", language=language, country=country,
        zone=zone, region=region,
    )  # fmt: skip
    return made


def marks(back: DayBack, kind: MarkKind) -> list[tuple[str, str]]:
    return [(each.country, each.text) for each in back.marks if each.kind is kind]


def stretches(back: DayBack, band: Band, country: str = "") -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in back.stretches if each.band is band and each.country == country]


def test_ferragosto_and_the_assumption_stand_on_the_same_day_each_with_its_country(bench: Bench) -> None:
    market(bench, "IT", "Europe/Rome", language="it")
    market(bench, "FR", "Europe/Paris", language="fr")
    there = marks(backs(bench)[date(2026, 8, 15)], MarkKind.HOLIDAY)
    assert {country for country, _name in there} == {"IT", "FR"}
    assert marks(backs(bench)[date(2026, 8, 14)], MarkKind.HOLIDAY) == []


def test_holidays_are_named_in_the_language_of_the_window(bench: Bench) -> None:
    market(bench, "ES", "Europe/Madrid")
    day = date(2026, 10, 12)
    ((_country, spanish),) = marks(backs(bench, days=[day], lang="es")[day], MarkKind.HOLIDAY)
    ((_country, english),) = marks(backs(bench, days=[day], lang="en")[day], MarkKind.HOLIDAY)
    assert "Fiesta" in spanish and "Day" in english


def test_a_region_is_named_only_for_what_not_all_regions_in_view_have(bench: Bench) -> None:
    market(bench, "ES", "Europe/Madrid", region="CT")
    market(bench, "ES", "Europe/Madrid", region="AN")
    days = [date(2026, 9, 11), date(2026, 10, 12)]
    found = backs(bench, days=[days[0] + timedelta(days=each) for each in range(32)])
    (own,) = [each for each in found[days[0]].marks if each.kind is MarkKind.HOLIDAY]
    (common,) = [each for each in found[days[1]].marks if each.kind is MarkKind.HOLIDAY]
    assert (own.region, common.region) == ("CT", "")


def test_hours_of_a_market_are_shown_on_the_clock_in_view(bench: Bench) -> None:
    colombia = market(bench, "CO", "America/Bogota")
    level = ServiceLevel(
        bench.brand_id, "America/Bogota", colombia, shifts=tuple(Shift(day, "08:00", "17:00") for day in range(5)),
        country="CO",
    )  # fmt: skip
    bench.do(hours.save_level, level)
    here, there = backs(bench), backs(bench, zone="America/Bogota")
    # Madrid is seven hours ahead in summer: 15:00 to midnight.
    assert stretches(here[date(2026, 8, 11)], Band.OPEN, "CO") == [(15 * 60, 24 * 60)]
    assert stretches(there[date(2026, 8, 11)], Band.OPEN, "CO") == [(8 * 60, 17 * 60)]


def test_a_holiday_closes_and_an_own_day_off_is_named(bench: Bench) -> None:
    level = ServiceLevel(
        bench.brand_id, "Europe/Madrid", shifts=tuple(Shift(day, "09:00", "14:00") for day in range(7)), country="ES",
        closures=(Closure(date(2026, 8, 13), "Reforma"),),
    )  # fmt: skip
    bench.do(hours.save_level, level)
    found = backs(bench)
    assert stretches(found[date(2026, 8, 12)], Band.OPEN) == [(540, 840)]
    assert stretches(found[date(2026, 8, 13)], Band.OPEN) == []
    assert marks(found[date(2026, 8, 13)], MarkKind.CLOSED) == [("", "Reforma")]
    assert stretches(found[date(2026, 8, 15)], Band.OPEN) == []  # the Assumption


def test_people_sleep_and_eat_by_the_customs_of_their_country(bench: Bench) -> None:
    market(bench, "ES", "Europe/Madrid")
    market(bench, "DE", "Europe/Berlin", language="de")
    tuesday = backs(bench)[date(2026, 8, 11)]
    assert stretches(tuesday, Band.MEAL, "ES") == [(14 * 60, 16 * 60)]
    assert stretches(tuesday, Band.MEAL, "DE") == [(12 * 60, 13 * 60 + 30)]
    assert stretches(tuesday, Band.ASLEEP, "ES") == [(0, 8 * 60)]
    assert stretches(tuesday, Band.ASLEEP, "DE") == [(0, 7 * 60), (22 * 60 + 30, 24 * 60)]


def test_sleep_across_the_ocean_lies_in_the_middle_of_the_day_in_view(bench: Bench) -> None:
    market(bench, "CO", "America/Bogota")
    # 22:00 to 6:00 in Bogotá is 5:00 to 13:00 in Madrid.
    assert stretches(backs(bench)[date(2026, 8, 11)], Band.ASLEEP, "CO") == [(5 * 60, 13 * 60)]


def test_notes_of_the_brand_and_of_every_brand_stand_there_and_others_do_not(bench: Bench) -> None:
    from cmdesk.store import brands

    other = bench.do(brands.add_brand, name="Otra", zone="Europe/Madrid", language="es", color="#112233")
    day = date(2026, 8, 12)
    for text, brand_id in (("suya", bench.brand_id), ("de todas", None), ("ajena", other)):
        bench.do(campaigns.save_note, day=day, text=text, brand_id=brand_id)
    assert [text for _country, text in marks(backs(bench)[day], MarkKind.NOTE)] == ["suya", "de todas"]


def test_free_hours_are_ghosts_in_the_zone_in_view(bench: Bench) -> None:
    bench.do(slots.put, weeks={bench.account.id: [SlotTime(2, "10:00")]})
    (ghost,) = backs(bench, zone="Europe/London")[date(2026, 8, 12)].ghosts
    assert (ghost.minute, ghost.wall[:16], ghost.zone) == (9 * 60, "2026-08-12T10:00", "Europe/Madrid")


def test_a_stretch_over_midnight_belongs_to_both_days() -> None:
    from datetime import UTC, datetime

    start, end = datetime(2026, 8, 11, 20, 0, tzinfo=UTC), datetime(2026, 8, 12, 4, 30, tzinfo=UTC)
    assert list(over_days(start, end, "Europe/Madrid")) == [
        (date(2026, 8, 11), 22 * 60, 24 * 60),
        (date(2026, 8, 12), 0, 6 * 60 + 30),
    ]


def test_every_day_has_something_behind_it_over_the_changes_of_the_clocks(bench: Bench) -> None:
    market(bench, "ES", "Europe/Madrid")
    for first in (date(2026, 3, 25), date(2026, 10, 21)):
        days = [first + timedelta(days=each) for each in range(8)]
        for back in backs(bench, days=days).values():
            assert all(0 <= each.start < each.end <= 24 * 60 for each in back.stretches)
            assert stretches(back, Band.MEAL, "ES") == [(14 * 60, 16 * 60)]


def test_a_day_of_mourning_stands_at_its_head_and_is_no_day_off(bench: Bench) -> None:
    chile = market(bench, "CL", "America/Santiago")
    bench.do(
        markets.save_market, brand_id=bench.brand_id, market_id=chile, name="Chile", language="es", country="CL",
        zone="America/Santiago", guide=Guide(quiet=("08-11 Duelo", "2027-08-12 Otro año")),
    )  # fmt: skip
    found = backs(bench)
    assert marks(found[date(2026, 8, 11)], MarkKind.QUIET) == [("CL", "Duelo")]
    assert sum(mark.kind is MarkKind.QUIET for back in found.values() for mark in back.marks) == 1
    assert not any(mark.kind.is_off for mark in found[date(2026, 8, 11)].marks)
