"""The schema's history: short functions, each run once inside one transaction with its record.

`PRAGMA user_version` repeats the number of applied steps, so that a program can
tell a newer file without reading it and open a current one without any import.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("cmdesk")


def _run_script(db: Database, script: str) -> None:
    """Run each statement by itself: executescript would commit the surrounding transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""


@migrations()
def first_schema(db: Database) -> None:
    """Version 1: everything of 0.1.0."""
    _run_script(db, files("cmdesk.store").joinpath("schema.sql").read_text(encoding="utf-8"))
    db.conn.execute("PRAGMA user_version = 1")


@migrations()
def care(db: Database) -> None:
    """Version 2: triage, cases, service levels, evidence and crisis (0.2.0)."""
    _run_script(db, files("cmdesk.store").joinpath("care.sql").read_text(encoding="utf-8"))
    db.conn.execute("PRAGMA user_version = 2")


@migrations()
def publishing(db: Database) -> None:
    """Version 3: threads, polls, slots, series, approval, the reviewer's words, product links (0.3.0)."""
    _run_script(db, files("cmdesk.store").joinpath("publishing.sql").read_text(encoding="utf-8"))
    db.conn.execute("PRAGMA user_version = 3")


@migrations()
def audience(db: Database) -> None:
    """Version 4: people in full, circles by rule, the brand's voice, targeting, listening (0.4.0)."""
    _run_script(db, files("cmdesk.store").joinpath("audience.sql").read_text(encoding="utf-8"))
    db.conn.execute("PRAGMA user_version = 4")


@lru_cache(maxsize=1)
def code_of_schema() -> dict[str, str]:
    """Return the text of every trigger and view of the current schema, by name."""
    from sqlite_utils import Database

    conn = sqlite3.connect(":memory:")
    try:
        migrations.apply(Database(conn, execute_plugins=False, strict=True))
        return dict(conn.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    finally:
        conn.close()
