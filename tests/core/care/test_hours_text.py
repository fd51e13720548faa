"""Hours as a brand writes them to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cmdesk.care.hours import hours_text
from cmdesk.care.hours_text import away_text, opening_text
from cmdesk.care.values import ServiceLevel, Shift

MADRID = ZoneInfo("Europe/Madrid")
SPLIT = ServiceLevel(
    1,
    "Europe/Madrid",
    shifts=(
        *(Shift(day, *times) for day in range(5) for times in (("09:00", "14:00"), ("17:00", "20:00"))),
        Shift(5, "10:00", "14:00"),
    ),
)
SUMMER = tuple(Shift(day, "08:00", "15:00", "07-01", "08-31") for day in range(5))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", "Lunes a viernes de 9:00 a 14:00 y de 17:00 a 20:00; sábados de 10:00 a 14:00"),
        ("en", "Monday to Friday from 9:00 to 14:00 and from 17:00 to 20:00; Saturdays from 10:00 to 14:00"),
        ("fr-CA", "Du lundi au vendredi de 9 h à 14 h et de 17 h à 20 h; le samedi de 10 h à 14 h"),
        ("xx", "Monday to Friday from 9:00 to 14:00 and from 17:00 to 20:00; Saturdays from 10:00 to 14:00"),
    ],
)
def test_days_with_the_same_hours_stand_together(language: str, told: str) -> None:
    assert hours_text(SPLIT, language=language) == told


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        ((), "Todos los días, a cualquier hora"),
        (tuple(Shift(day, "22:00", "02:00") for day in range(7)), "Todos los días de 22:00 a 2:00 del día siguiente"),
        ((Shift(0, "00:00", "24:00"),), "Lunes todo el día"),
        (tuple(Shift(day, "09:00", "24:00") for day in (0, 2, 4)), "Lunes, miércoles y viernes de 9:00 a 24:00"),
        (tuple(Shift(day, "09:00", "13:30") for day in (5, 6)), "Sábados y domingos de 9:00 a 13:30"),
        (
            tuple(Shift(day, "09:00", "13:30") for day in (0, 1, 2, 6)),
            "Lunes a miércoles y domingos de 9:00 a 13:30",
        ),
    ],
)
def test_a_week_reads_as_a_person_would_say_it(shifts: tuple[Shift, ...], told: str) -> None:
    assert hours_text(ServiceLevel(1, "Europe/Madrid", shifts=shifts), language="es") == told


def test_inside_a_sentence_it_begins_as_its_language_does() -> None:
    daily = ServiceLevel(1, "UTC", shifts=tuple(Shift(day, "09:00", "13:30") for day in range(7)))
    assert hours_text(SPLIT, language="es", inside=True).startswith("lunes a viernes")
    assert hours_text(SPLIT, language="en", inside=True).startswith("Monday to Friday")
    assert hours_text(daily, language="en", inside=True).startswith("every day from")


def test_seasons_and_holidays_are_told_and_on_a_day_only_what_is_in_force() -> None:
    level = replace(SPLIT, shifts=(*SPLIT.shifts, *SUMMER), country="ES")
    usual = "Lunes a viernes de 9:00 a 14:00 y de 17:00 a 20:00; sábados de 10:00 a 14:00; festivos, cerrado"
    assert (
        hours_text(level, language="es") == usual + ". Del 1 de julio al 31 de agosto: lunes a viernes de 8:00 a 15:00"
    )
    assert hours_text(level, language="es", on=date(2026, 3, 2)) == usual
    assert hours_text(level, language="es", on=date(2026, 7, 1)) == "Lunes a viernes de 8:00 a 15:00; festivos, cerrado"


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        ((2026, 3, 2, 16), "hoy a las 17:00"),
        ((2026, 3, 3, 8), "mañana a las 9:00"),
        ((2026, 3, 7, 9), "el sábado a las 10:00"),
        ((2026, 3, 16, 8), "el lunes 16 de marzo a las 9:00"),
    ],
)
def test_the_next_opening_is_said_as_one_says_it(opening: tuple[int, int, int, int], told: str) -> None:
    now = datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert opening_text(datetime(*opening, tzinfo=UTC), now, zone=MADRID, language="es") == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", "hoy a la 1:30"),
        ("it", "oggi all’1:30"),
        ("pt", "hoje à 1:30"),
        ("ca", "avui a la 1:30"),
        ("fr", "aujourd’hui à 1 h 30"),
        ("en", "today at 1:30"),
    ],
)
def test_one_o_clock_is_singular(language: str, told: str) -> None:
    now, opening = datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert opening_text(opening, now, zone=MADRID, language=language) == told


def test_a_season_begins_on_the_first_as_its_language_says_it() -> None:
    level = ServiceLevel(1, "Europe/Paris", shifts=SUMMER)
    assert hours_text(level, language="fr").startswith("Du 1er juillet au 31 août")
    nights = ServiceLevel(1, "Europe/Rome", shifts=(Shift(0, "20:00", "01:00"),))
    assert hours_text(nights, language="it") == "Il lunedì dalle 20:00 all’1:00 del giorno dopo"


def test_the_away_text_says_hours_return_and_other_channels_in_every_language() -> None:
    level = replace(SPLIT, other_channels="900 123 123")
    now, opening = datetime(2026, 3, 1, 14, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC)
    for language in ("es", "en", "fr", "it", "pt", "de", "ca"):
        for formal in (False, True):
            text = away_text(level, opening, now, zone=MADRID, language=language, formal=formal)
            assert "900 123 123" in text and "20" in text and "{" not in text
    usted = away_text(level, opening, now, zone=MADRID, language="es", formal=True)
    assert "Le responderemos en cuanto volvamos, mañana a las 9:00." in usted
    assert "(lunes a viernes" in usted
    assert "mañana" not in away_text(level, None, now, zone=MADRID, language="es", formal=False)
