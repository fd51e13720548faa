"""From rows to values: the border between SQL and the rest of the desk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.store.db import Reader

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def fetch(conn: Reader, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Return the rows of a constant statement, addressable by column name."""
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(sql, params).fetchall()


def fetch_one(conn: Reader, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Return the first row, None when there is none."""
    found = fetch(conn, sql, params)
    return found[0] if found else None


def scalar(conn: Reader, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Return the first column of the first row, None when there is none."""
    row = conn.execute(sql, params).fetchone()
    return None if row is None else row[0]


def moment(value: int | None) -> datetime | None:
    """Return the time of stored milliseconds."""
    return None if value is None else from_ms(value)


def stamp(value: datetime | None) -> int | None:
    """Return a time as it is stored."""
    return None if value is None else to_ms(value)


def dump(value: object) -> str:
    """Return JSON as it is stored: compact, keys in order, letters as they are."""
    return _encode(value)


def load(text: str | None) -> Any:
    """Return what a stored JSON column holds."""
    # Most columns hold nothing; a calendar of 500 posts asks thousands of times.
    if text == "{}":
        return {}
    if text == "[]":
        return []
    return json.loads(text) if text else None


def ids_json(ids: Iterable[int]) -> str:
    """Return ids for `json_each(?)`: one constant statement for any number of them."""
    return json.dumps([int(each) for each in ids])
