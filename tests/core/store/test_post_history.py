"""What happened to a post, told from what is stored: each plan once, each attempt, its end."""

from __future__ import annotations

from cmdesk.commands import planning as deciding
from cmdesk.store import post_versions
from cmdesk.store.db import Transaction
from cmdesk.store.post_history import history, version_count
from tests.core.store.conftest import Bench


def attempt(tx: Transaction, delivery_id: int, outcome: str) -> None:
    tx.conn.execute(
        "INSERT INTO attempt (delivery_id, idem_key, record_key, frozen_at, request_sha256, instance, started_at,"
        " monotonic, outcome) VALUES (?, 'k', 'r', 1, 'h', 'i', 1772442000500, 0, ?)",
        (delivery_id, outcome),
    )


def test_writing_planning_and_trying_each_have_their_line(bench: Bench) -> None:
    other = bench.add_account(bench.brand_id, "otra")
    post_id = bench.do(
        deciding.save_post, brand_id=bench.brand_id, text="Pan", account_ids=[bench.account.id, other.id]
    )
    bench.do(deciding.schedule, post_id=post_id, wall="2026-03-10T10:00", zone="Europe/Madrid")
    sealed = bench.do(deciding.reschedule, post_id=post_id, wall="2026-03-11T12:00", zone="Europe/Madrid")
    bench.do(attempt, sealed[0], "timeout")
    told = bench.read(history, post_id)
    plans = [(each.detail, each.account_ids) for each in told if each.kind == "scheduled"]
    assert ("2026-03-11T12:00", (bench.account.id, other.id)) in plans
    assert [each.detail for each in told if each.kind == "attempt"] == ["timeout"]
    assert [each.kind for each in told].count("written") == 1
    assert [each.at for each in told] == sorted((each.at for each in told), reverse=True)


def test_versions_are_counted(bench: Bench) -> None:
    post_id = bench.do(deciding.save_post, brand_id=bench.brand_id, text="Pan", account_ids=[bench.account.id])
    assert bench.read(version_count, post_id) == 0
    bench.do(post_versions.keep, post_id=post_id)
    assert bench.read(version_count, post_id) == 1
    assert bench.read(history, 99) == []
