"""Promises in what is being written, and the time they name."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cmdesk.care.promising import find_promise

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Madrid


def _due(text: str, now: datetime = NOW, zone: str = "Europe/Madrid") -> str:
    found = find_promise(text, now=now, zone=zone)
    return found.due_at.astimezone(ZoneInfo(zone)).strftime("%a %d %H:%M") if found else ""


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Hola Ana, mañana te llamo.", "Wed 04 20:00"),
        ("Mañana por la mañana te llamamos", "Wed 04 14:00"),
        ("Te lo mandamos hoy", "Tue 03 20:00"),
        ("Te lo enviamos esta tarde", "Tue 03 20:00"),
        ("We'll send it today", "Tue 03 20:00"),
        ("We will get back to you by 6 pm.", "Tue 03 18:00"),
        ("I'll call you tomorrow at 9:30", "Wed 04 09:30"),
        ("Lo revisaremos y te escribimos antes de las 18:00", "Tue 03 18:00"),
        ("Te llamo a las 5", "Tue 03 17:00"),
        ("Te llamamos a las 9", "Wed 04 09:00"),
        ("El viernes lo tendrás en casa", "Fri 06 20:00"),
        ("You'll have it on Monday", "Mon 09 20:00"),
        ("El martes te avisamos", "Tue 10 20:00"),
        ("En dos horas te decimos algo", "Tue 03 12:00"),
        ("We'll answer within 24 hours", "Wed 04 10:00"),
        ("Te contestamos en 30 minutos", "Tue 03 10:30"),
        ("Te lo devolveremos en 3 días", "Fri 06 20:00"),
        ("Te avisamos pasado mañana", "Thu 05 20:00"),
        ("We'll fix it this week", "Fri 06 20:00"),
        ("La semana que viene te mandamos el vale", "Fri 13 20:00"),
        ("Te lo enviamos el 12 de marzo", "Thu 12 20:00"),
        ("We'll ship it on March 12", "Thu 12 20:00"),
        ("Nous vous répondons demain", "Wed 04 20:00"),
        ("Ti scriviamo domani", "Wed 04 20:00"),
        ("Wir melden uns morgen bei Ihnen", "Wed 04 20:00"),
        ("Vamos responder amanhã", "Wed 04 20:00"),
        ("Demà et truquem", "Wed 04 20:00"),
    ],
)  # fmt: skip
def test_a_promise_and_its_time(text: str, due: str) -> None:
    assert _due(text) == due


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gracias por escribirnos.",
        "Sentimos lo de ayer.",
        "¿Puedes llamarnos mañana?",  # the other one does it
        "Te lo mandamos cuando llegue",
        "Abrimos por la mañana",
        "Te lo enviamos el 31 de febrero",
        "🙂" * 500,
    ],
)
def test_no_promise(text: str) -> None:
    assert find_promise(text, now=NOW, zone="Europe/Madrid") is None


def test_the_sentence_is_found_where_it_stands() -> None:
    text = "Hola Luis. Sentimos lo ocurrido. Mañana te llamamos. Un saludo"
    found = find_promise(text, now=NOW, zone="Europe/Madrid")
    assert found is not None
    assert found.text == "Mañana te llamamos" == text[found.start : found.end]


def test_late_in_the_evening_today_ends_at_midnight() -> None:
    late = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
    assert _due("Te lo mandamos hoy", now=late) == "Tue 03 23:59"


def test_the_zone_is_the_brands() -> None:
    assert _due("Mañana te llamo", now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) == "Thu 05 20:00"
    assert (
        _due("Mañana te llamo", now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC), zone="America/Bogota") == "Wed 04 20:00"
    )


def test_hours_over_the_change_of_clocks_are_real_hours() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # half past midnight; at two it is three
    found = find_promise("Te llamo en 4 horas", now=before, zone="Europe/Madrid")
    assert found is not None
    assert (found.due_at - before).total_seconds() == 4 * 3600


def test_a_huge_text_costs_nothing() -> None:
    assert find_promise("a " * 50_000, now=NOW, zone="Europe/Madrid") is None
