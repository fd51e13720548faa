"""A round of listening cut at any statement: what was said is found once, whatever the program was doing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness import Sandbox, Worker
from tests.faults.test_kills import spread

SAID = 12


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def heard(profile: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what listening keeps, without the moments at which it was kept."""
    queries = {
        "search": "SELECT kind, name, query, error_code, error_count, checked_at IS NULL FROM listen_search",
        "hit": "SELECT source, remote_id, text, state, sentiment, account_id FROM listen_hit",
        "match": "SELECT h.remote_id, m.search_id, m.state FROM listen_match m JOIN listen_hit h ON h.id = m.hit_id",
    }
    with closing(sqlite3.connect(f"file:{profile / 'desk.db'}?mode=ro", uri=True)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return {name: sorted(conn.execute(query), key=repr) for name, query in queries.items()}


def crash_listening(worker: Worker, sandbox: Sandbox, profile: Path, *, points: int | None = None) -> str:
    """Crash before every statement of saving a search and its first round; going on must give what one go gives."""
    for number in range(SAID):
        said = {"as": "vecina@plaza.example", "do": "post", "text": f"Una hogaza, la {number}"}
        sandbox.call("POST", "/sandbox/say", said)
    assert worker.run("setup", profile, sandbox)["ended"] == 0
    whole, cut = profile.with_name("whole"), profile.with_name("cut")
    shutil.copytree(profile, whole)
    total = worker.run("listen", whole, sandbox)["statements"]
    expected = heard(whole)
    assert len(expected["hit"]) == len(expected["match"]) == SAID
    chosen = spread(total, points)
    crashed, different = 0, []
    for point in chosen:
        shutil.rmtree(cut, ignore_errors=True)
        shutil.copytree(profile, cut)
        crashed += worker.run("listen", cut, sandbox, crash_at=point)["ended"] == -9
        for _ in range(2):
            assert worker.run("listen", cut, sandbox)["ended"] == 0
        if heard(cut) != expected:
            different.append(point)
    words = f"listen: {crashed} crashes at {total} statements: {len(different)} with hits lost, doubled or different"
    assert crashed >= len(chosen) * 0.9, words
    assert not different, f"{words}: {different[:10]}"
    return words


@pytest.mark.timeout(120)
def test_some_statements_of_a_round_as_crash_points(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    crash_listening(worker, sandbox, profile, points=8)


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_every_statement_of_a_round_as_a_crash_point(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    print(f"\n{crash_listening(worker, sandbox, profile)}")
