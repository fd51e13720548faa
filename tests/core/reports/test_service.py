"""Answered within the agreed time: only service time counts, what was closed without an answer is no debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.commands.contacts import edit_contact
from cmdesk.reports.service import Service, Waited, service, service_of, waits, within_hours
from cmdesk.store import hours, markets
from cmdesk.store.reporting import Word, month_rows
from tests.core.reports.made import Made, at

LEVEL = ServiceLevel(
    1, "Europe/Madrid", shifts=tuple(Shift(day, "09:00", "17:00") for day in range(5)), first_answer_min=120
)
START, END = at("2026-03-01 00:00"), at("2026-04-01 00:00")


def word(conversation: int, when: str, *, incoming: bool = True, state: str = "open") -> Word:
    return Word(conversation, at(when), incoming, "mention", state)


def test_nights_and_weekends_do_not_count() -> None:
    friday, monday = at("2026-03-06 15:00"), at("2026-03-09 09:00")  # 16:00 and 10:00 in Madrid
    assert within_hours(LEVEL, friday, monday) is True
    assert within_hours(LEVEL, friday, at("2026-03-09 09:00:01")) is False
    assert within_hours(replace(LEVEL, first_answer_min=None), friday, monday) is None


def test_who_waits_is_the_first_question_since_the_last_answer() -> None:
    words = (
        word(1, "2026-03-02 09:00"),
        word(1, "2026-03-02 10:00"),
        word(1, "2026-03-02 11:00", incoming=False),
        word(1, "2026-03-03 09:00"),
        word(2, "2026-02-28 09:00"),
        word(2, "2026-03-02 09:00", incoming=False),
        word(3, "2026-03-31 09:00", state="solved"),
        word(3, "2026-04-02 09:00", incoming=False, state="solved"),
    )
    assert waits(words, start=START, end=END, until=at("2026-04-01 00:00")) == [
        Waited(1, at("2026-03-02 09:00"), at("2026-03-02 11:00")),
        Waited(1, at("2026-03-03 09:00"), None),
        Waited(3, at("2026-03-31 09:00"), None, settled=True),
    ]


def test_first_answers_are_within_late_or_open() -> None:
    until = at("2026-03-10 09:30")
    waited = [
        Waited(1, at("2026-03-02 09:00"), at("2026-03-02 10:00")),  # 60 min
        Waited(2, at("2026-03-02 20:00"), at("2026-03-03 09:30")),  # 90 min of service
        Waited(3, at("2026-03-02 09:00"), at("2026-03-02 12:00")),  # late
        Waited(4, at("2026-03-09 09:00"), None),  # still waiting, overdue
        Waited(5, at("2026-03-10 09:00"), None),  # still waiting, in time
        Waited(6, at("2026-03-02 09:00"), None, settled=True),
    ]
    found = service_of(waited, LEVEL, {}, until=until)
    assert found == Service(120, within=2, late=2, open=1, median_min=90.0)
    assert found.share == 0.5
    slow = replace(LEVEL, market_id=3, first_answer_min=240)
    assert service_of(waited, LEVEL, {3: slow, 4: slow}, until=until) == Service(120, 3, 1, 1, 90.0)


def test_without_an_agreed_time_there_is_no_figure() -> None:
    assert service_of([], replace(LEVEL, first_answer_min=None), {}, until=END) is None
    nothing = service_of([], LEVEL, {}, until=END)
    assert nothing is not None and nothing.share is None and nothing.median_min is None


def test_a_brand_s_month_is_read_with_the_levels_of_its_markets(tmp_path: Path) -> None:
    made = Made(tmp_path / "desk.db", now="2026-03-20 12:00")
    brand = made.brand("Bakery")
    account = made.account(brand, "bakery")
    made.store.write(hours.save_level, replace(LEVEL, brand_id=brand)).result()
    for who in ("ana", "luc"):
        made.answered(account, made.asked(account, "2026-03-02 09:00", who=who), "2026-03-02 12:30")
    market = (
        made.store.write(
            markets.save_market, brand_id=brand, name="France", language="fr", country="FR", zone="Europe/Paris"
        )
        .result()
        .value
    )
    luc = made.store.read(
        lambda r: r.execute("SELECT contact_id FROM identity WHERE remote_id LIKE '%luc%'").fetchone()[0]
    )
    made.store.write(edit_contact, contact_id=luc, market_id=market).result()
    wide = replace(LEVEL, brand_id=brand, market_id=market, first_answer_min=300)
    made.store.write(hours.save_level, wide).result()
    rows = made.store.read(
        month_rows,
        brand_id=brand,
        start=START,
        end=END,
        plan_end=END,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
    )
    found = made.store.read(lambda r: service(r, brand, rows.words, start=START, end=END, until=at("2026-03-20 12:00")))
    assert found == Service(120, within=1, late=1, open=0, median_min=210.0)
    made.close()
