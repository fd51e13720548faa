"""Daily figures of accounts and of their own posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from cmdesk.errors import Invalid
from cmdesk.model import Metric
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import scalar

# Figures of a post that its row repeats, so that lists need no second query.
_TOTALS = {
    "favourites": "UPDATE publication SET favourites = ? WHERE account_id = ? AND remote_id = ?",
    "boosts": "UPDATE publication SET boosts = ? WHERE account_id = ? AND remote_id = ?",
    "replies": "UPDATE publication SET replies = ? WHERE account_id = ? AND remote_id = ?",
    "quotes": "UPDATE publication SET quotes = ? WHERE account_id = ? AND remote_id = ?",
    "views": "UPDATE publication SET views = ? WHERE account_id = ? AND remote_id = ?",
}


class Point(Protocol):
    """One figure of a day (cmdesk.networks.base.MetricPoint has these); `remote_id` '' means the account's own."""

    @property
    def day(self) -> date: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def remote_id(self) -> str: ...


def add_points(tx: Transaction, account_id: int, points: Iterable[Point]) -> int:
    """Store figures; a figure of the same day and name again replaces the earlier one. Returns how many."""
    brand_id = scalar(tx.conn, "SELECT brand_id FROM account WHERE id = ?", (account_id,))
    if brand_id is None:
        raise Invalid(f"there is no account {account_id}", code="account_unknown", detail=str(account_id))
    every = list(points)
    tx.conn.executemany(
        "INSERT INTO metric (account_id, day, name, brand_id, value) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (account_id, day, name) DO UPDATE SET value = excluded.value",
        [(account_id, each.day.isoformat(), each.name, brand_id, each.value) for each in every if not each.remote_id],
    )
    of_posts = [each for each in every if each.remote_id]
    tx.conn.executemany(
        "INSERT INTO publication_metric (publication_id, day, name, value) SELECT id, ?, ?, ? FROM publication"
        " WHERE account_id = ? AND remote_id = ?"
        " ON CONFLICT (publication_id, day, name) DO UPDATE SET value = excluded.value",
        [(each.day.isoformat(), each.name, each.value, account_id, each.remote_id) for each in of_posts],
    )
    for each in sorted(of_posts, key=lambda point: point.day):
        if each.name in _TOTALS:
            tx.conn.execute(_TOTALS[each.name], (round(each.value), account_id, each.remote_id))
    if every:
        tx.touch(Topic.METRIC, brand_id, account_id)
    return len(every)


def series(reader: Reader, account_id: int, name: str, start: date, end: date) -> list[Metric]:
    """Return an account's daily figures in [start, end), by day; days without a figure are missing."""
    return [
        Metric(account_id, date.fromisoformat(day), name, value)
        for day, value in reader.execute(
            "SELECT day, value FROM metric WHERE account_id = ? AND name = ? AND day >= ? AND day < ? ORDER BY day",
            (account_id, name, start.isoformat(), end.isoformat()),
        )
    ]


def latest(reader: Reader, account_id: int) -> dict[str, Metric]:
    """Return the newest figure of each name that an account has."""
    return {
        name: Metric(account_id, date.fromisoformat(day), name, value)
        for name, day, value in reader.execute(
            "SELECT name, max(day), value FROM metric WHERE account_id = ? GROUP BY name", (account_id,)
        )
    }


def publication_metrics(reader: Reader, publication_id: int) -> dict[str, list[tuple[date, float]]]:
    """Return the daily figures of an own post, by name, each by day."""
    found: dict[str, list[tuple[date, float]]] = {}
    for name, day, value in reader.execute(
        "SELECT name, day, value FROM publication_metric WHERE publication_id = ? ORDER BY name, day", (publication_id,)
    ):
        found.setdefault(name, []).append((date.fromisoformat(day), value))
    return found


def last_day(reader: Reader, account_id: int) -> date | None:
    """Return the last day of which an account has figures."""
    day = scalar(reader, "SELECT max(day) FROM metric WHERE account_id = ?", (account_id,))
    return None if day is None else date.fromisoformat(day)
