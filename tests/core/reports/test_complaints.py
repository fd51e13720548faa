"""What a month says of its complaints, from rows written as care writes them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import to_ms
from cmdesk.reports.complaints import Cause, Complaints
from cmdesk.store.db import Transaction
from tests.core.reports.made import Made, at


def put(made: Made, table: str, **row: Any) -> None:
    """Insert one row; times as text in UTC."""

    def insert(tx: Transaction) -> None:
        tx.db.table(table).insert(
            {name: to_ms(value) if isinstance(value, datetime) else value for name, value in row.items()}
        )

    made.store.write(insert).result(5)


@pytest.fixture
def made(tmp_path: Path) -> Any:
    shop = Made(tmp_path / "desk.db")
    yield shop
    shop.close()


def month(made: Made, brand_id: int) -> Complaints:
    return made.report(brand_id).complaints


def test_cases_are_counted_where_they_happened(made: Made) -> None:
    brand, other = made.brand("Pan"), made.brand("Sol")
    case = {"brand_id": brand, "cause": "envío"}
    put(made, "care_case", id=1, number=1, **case, opened_at=at("2026-02-20 10:00"), solved_at=at("2026-03-02 10:00"))
    put(made, "care_case", id=2, number=2, **case, opened_at=at("2026-03-05 10:00"), solved_at=at("2026-03-05 12:00"),
        closed_at=at("2026-03-10 10:00"), outcome="won_back", satisfaction=5, valid=1)  # fmt: skip
    put(made, "care_case", id=3, number=3, brand_id=brand, opened_at=at("2026-03-06 10:00"), valid=0,
        closed_at=at("2026-03-07 10:00"), outcome="lost", satisfaction=2)  # fmt: skip
    put(made, "care_case", id=4, number=4, **case, opened_at=at("2026-03-30 10:00"), solvable=0)
    put(made, "care_case", id=5, number=5, **case, opened_at=at("2026-04-02 10:00"))
    put(made, "care_case", id=6, number=1, brand_id=other, cause="envío", opened_at=at("2026-03-05 10:00"))
    put(made, "care_case", id=7, number=7, **case, opened_at=at("2026-01-01 10:00"), closed_at=at("2026-02-02 10:00"))
    found = month(made, brand)
    assert (found.opened, found.solved, found.closed, found.open_at_end) == (3, 2, 2, 1)
    assert found.causes == (
        Cause("envío", 2, 2, pytest.approx((10 * 86_400 + 2 * 3600) / 2), {}),
        Cause("", 1, 0, None, {}),
    )
    assert found.kept_share == 0.5 and found.outcomes == {"won_back": 1, "lost": 1}
    assert found.satisfaction == 3.5 and found.satisfied_answers == 2
    assert (found.not_valid, found.only_heard) == (1, 1)


def test_promises_gifts_and_questions(made: Made) -> None:
    brand = made.brand("Pan")
    put(made, "care_case", id=1, number=1, brand_id=brand, cause="pan duro", opened_at=at("2026-03-01 10:00"))
    due = at("2026-03-03 18:00")
    more = {"brand_id": brand, "case_id": 1, "text": "llamar", "made_at": at("2026-03-02 10:00")}
    put(made, "promise", id=1, **more, due_at=due, kept_at=at("2026-03-03 17:59"))
    put(made, "promise", id=2, **more, due_at=due, kept_at=at("2026-03-03 18:01"))
    put(made, "promise", id=3, **more, due_at=due)
    put(made, "promise", id=4, **more, due_at=due, withdrawn_at=at("2026-03-03 09:00"))
    put(made, "promise", id=5, **more, due_at=at("2026-04-03 09:00"))
    for number, (cents, currency) in enumerate([(500, "EUR"), (250, "EUR"), (900, "USD")], 1):
        put(made, "compensation", id=number, brand_id=brand, case_id=1, kind="voucher", cost_cents=cents,
            currency=currency, at=at("2026-03-04 10:00"))  # fmt: skip
    asked = {"brand_id": brand, "case_id": 1, "who": "Vicent", "asked": "¿qué pasó?", "sent_at": at("2026-03-04 10:00")}
    put(made, "referral", id=1, **asked, answered_at=at("2026-03-04 13:00"))
    put(made, "referral", id=2, **asked)
    put(made, "wish", id=1, brand_id=brand, kind="idea", text="pan sin sal", at=at("2026-03-09 10:00"))
    put(made, "wish", id=2, brand_id=brand, kind="idea", text="otro mes", at=at("2026-04-09 10:00"))
    found = month(made, brand)
    assert (found.promises_kept, found.promises_late, found.promises_broken) == (1, 1, 1)
    assert found.cost == {"EUR": 750, "USD": 900} and found.given == {"voucher": 3}
    assert found.causes[0].cost == {"EUR": 750, "USD": 900}
    assert (found.referrals, found.referral_median_s) == (2, 3 * 3600)
    assert [each.text for each in found.wishes] == ["pan sin sal"]


def test_a_quiet_month_has_nothing_to_tell(made: Made) -> None:
    found = month(made, made.brand("Pan"))
    assert not found.any and not found.wishes and found.kept_share is None and found.median_s is None


def test_answering_only_the_praise_shows_as_a_fault(made: Made) -> None:
    brand = made.brand("Pan")
    account = made.account(brand, "pan")
    moods = {"gracias": "positive", "fatal": "negative", "peor": "negative"}
    for hour, (text, _mood) in enumerate(moods.items()):
        asked = made.asked(account, f"2026-03-03 1{hour}:00", text, who=text)
        if text == "gracias":
            made.answered(account, asked, "2026-03-03 18:00")

    def judge(tx: Transaction) -> None:
        for text, mood in moods.items():
            tx.conn.execute(
                "INSERT INTO triage (message_id, brand_id, sentiment, at) SELECT id, brand_id, ?1, 0 FROM message"
                " WHERE text = ?2 ON CONFLICT (message_id) DO UPDATE SET sentiment = ?1",
                (mood, text),
            )

    made.store.write(judge).result(5)
    care = made.report(brand).care
    assert (care.moods["negative"].received, care.moods["negative"].waiting) == (2, 2)
    assert care.moods["positive"].answered_share == 1.0 and care.only_positive

    made.store.write(
        lambda tx: tx.conn.execute("UPDATE conversation SET state = 'ignored' WHERE first_out_at IS NULL")
    ).result(5)
    assert not made.report(brand).care.only_positive
