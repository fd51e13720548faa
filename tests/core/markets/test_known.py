"""Every country there is gives a market to begin with, or says what nobody knows about it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from cmdesk.care.holidays import upcoming
from cmdesk.clock import FixedClock
from cmdesk.commands import brands
from cmdesk.commands.markets import save_market
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.markets import Guide, countries, defaults, law
from cmdesk.store import markets
from cmdesk.store.db import Transaction
from cmdesk.wording_markets import day_line, starter

EVERY = [code for code, _name in countries("en")]


def test_countries_are_those_of_the_world_in_the_windows_words() -> None:
    english, spanish = dict(countries("en")), dict(countries("es"))
    assert english.keys() == spanish.keys() and len(english) > 240
    assert (english["ES"], spanish["ES"], spanish["DE"]) == ("Spain", "España", "Alemania")
    assert not english.keys() & {"EU", "UN", "ZZ", "XA"}


def test_every_country_has_a_valid_language_and_clock_or_says_what_is_missing() -> None:
    zones = available_timezones()
    for code in EVERY:
        known = defaults(code)
        assert bool(known.language) != ("language" in known.missing), code
        assert not known.language or re.fullmatch(r"[a-z]{2,3}", known.language), code
        assert bool(known.zones) != ("zone" in known.missing), code
        assert set(known.zones) <= zones, code
        assert ("holidays" in known.missing) <= (not known.regions), code
        assert known.asks_zone == (not known.zone_in("")) or not known.zones, code
        assert len(dict(known.regions)) == len(known.regions), code
        for region, name in known.regions:
            assert name.strip() and known.zone_in(region) in (*known.zones, ""), (code, region)
        assert known.name, code


def test_what_every_country_brings_can_be_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, clock=FixedClock(datetime(2026, 3, 1, 9, tzinfo=UTC)))
    try:
        brand_id = desk.run_now(brands.add_brand, name="Viajes", zone="Europe/Madrid", language="es", color="#C2703D")

        def keep(tx: Transaction) -> int:
            for code in EVERY:
                known = defaults(code, "es")
                save_market(
                    tx, brand_id=brand_id, name=f"{known.name} {code}", language=known.language or "en", country=code,
                    zone=known.zone or "UTC", guide=Guide(quiet=law.quiet_days(code), checklist=starter(code)),
                )  # fmt: skip
            return len(EVERY)

        assert len(desk.page(markets.markets, brand_id)) == 0
        assert desk.run_now(keep) == len(desk.page(markets.markets, brand_id))
    finally:
        desk.close_now()


@pytest.mark.parametrize(
    ("code", "brand", "language", "zone"),
    [
        ("ES", "ca", "es", "Europe/Madrid"),
        ("FR", "es", "fr", "Europe/Paris"),
        ("CH", "fr", "fr", "Europe/Zurich"),
        ("BE", "nl", "nl", "Europe/Brussels"),
        ("DZ", "es", "ar", "Africa/Algiers"),
        ("AR", "es", "es", "America/Argentina/Buenos_Aires"),
        ("IN", "en", "en", "Asia/Kolkata"),
    ],
)
def test_the_brands_language_counts_where_it_is_one_of_the_country(
    code: str, brand: str, language: str, zone: str
) -> None:
    known = defaults(code, brand)
    assert (known.language, known.zones[0]) == (language, zone)


def test_several_clocks_are_asked_and_a_region_answers() -> None:
    america = defaults("US")
    assert america.asks_zone and america.zone_in("") == "" and america.zone_in("TX") == "America/Chicago"
    spain = defaults("ES")
    assert not spain.asks_zone and (spain.zone_in(""), spain.zone_in("CN")) == ("Europe/Madrid", "Atlantic/Canary")
    assert not defaults("DE").asks_zone, "its two zones show one clock"


def test_a_region_has_its_own_days() -> None:
    start = date(2026, 1, 1)
    whole = {day for day, _name in upcoming("ES", "", start)}
    assert date(2026, 9, 11) not in whole
    assert date(2026, 9, 11) in {day for day, _name in upcoming("ES", "CT", start)}
    assert dict(defaults("ES").regions)["CT"] in ("Catalunya", "Cataluña")


@pytest.mark.parametrize("code", ["", "E", "ESP", "XX", "zz", "EU"])
def test_what_is_no_country_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as caught:
        defaults(code)
    assert caught.value.code == "country_unknown"


def test_every_country_has_questions_and_those_of_known_law_name_their_source() -> None:
    for code in EVERY:
        lines = starter(code)
        assert len(lines) >= 5 and len(set(lines)) == len(lines), code
        assert all(len(line) <= 300 for line in lines), code
    for code in "ES FR IT PT DE GB US MX AR CO CL".split():
        assert law.knows(code)
        asked = {each.topic for each in law.questions(code)}
        assert {law.Topic.DRAW, law.Topic.MARK, law.Topic.IMAGE, law.Topic.DATA, law.Topic.ALCOHOL} <= asked, code
        assert asked & {law.Topic.PRICE, law.Topic.PRICE_NET}, code
        assert all(each.source for each in law.questions(code) if each.topic is not law.Topic.RIGHTS), code
    assert any("Toubon" in line for line in starter("FR"))


def test_quiet_days_can_be_kept_and_read() -> None:
    for code in EVERY:
        for line in law.quiet_days(code):
            assert day_line(line, "es") != line
