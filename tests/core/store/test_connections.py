"""What every connection refuses, whatever the file says (RELIABILITY 33)."""

from __future__ import annotations

import sqlite3

import pytest

from cmdesk.store.db import Reader, Transaction
from tests.core.store.conftest import Bench


def facts(conn: Reader) -> dict[str, int]:
    return {
        name: conn.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("foreign_keys", "trusted_schema", "recursive_triggers")
    }


def writing(tx: Transaction) -> dict[str, int]:
    with pytest.raises(sqlite3.Error):
        tx.conn.execute("SELECT load_extension('anything')")
    return facts(tx.conn)


def test_keys_are_enforced_and_the_schema_is_not_trusted(bench: Bench) -> None:
    expected = {"foreign_keys": 1, "trusted_schema": 0, "recursive_triggers": 1}
    assert bench.do(writing) == expected
    assert bench.read(facts) == expected
    with pytest.raises(sqlite3.OperationalError):
        bench.store.reader().execute("SELECT load_extension('anything')")
    with pytest.raises(sqlite3.OperationalError):
        bench.store.reader().execute("DELETE FROM brand")
