"""What decisions about listening change where the journal of rows does not reach: searches whole, muted authors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.listening.values import Hit, Muted
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, ids_json

#: The rows of one search, as they were: table → rows.
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_OF_SEARCH = {
    "listen_search": "SELECT * FROM listen_search WHERE id = ?",
    "listen_figure": "SELECT * FROM listen_figure WHERE search_id = ?",
    "listen_match": "SELECT * FROM listen_match WHERE search_id = ?",
    # What only it found, and nobody thought useful.
    "listen_hit": (
        "SELECT h.* FROM listen_match m CROSS JOIN listen_hit h ON h.id = m.hit_id WHERE m.search_id = ?"
        " AND h.state IN ('new', 'seen', 'dismissed') AND NOT EXISTS"
        " (SELECT 1 FROM listen_match o WHERE o.hit_id = m.hit_id AND o.search_id <> m.search_id)"
    ),
}


def run_now(tx: Transaction, search_ids: Iterable[int]) -> None:
    """Let these searches be due."""
    rows = tx.conn.execute(
        "UPDATE listen_search SET next_at = ? WHERE id IN (SELECT value FROM json_each(?)) RETURNING brand_id, id",
        (tx.now_ms, ids_json(search_ids)),
    ).fetchall()
    for brand_id, search_id in rows:
        tx.touch(Topic.LISTEN, brand_id, search_id)


def rows_of(reader: Reader, search_id: int) -> Rows:
    """Return all rows of a search, and those of the hits that would go with it."""
    return {table: tuple(dict(row) for row in fetch(reader, sql, (search_id,))) for table, sql in _OF_SEARCH.items()}


def remove(tx: Transaction, rows: Rows) -> None:
    """Delete a search, its figures, and the hits that go with it."""
    for row in rows["listen_search"]:
        tx.conn.execute("DELETE FROM listen_search WHERE id = ?", (row["id"],))
        tx.touch(Topic.LISTEN, row["brand_id"], row["id"])
    ids = ids_json(row["id"] for row in rows["listen_hit"])
    tx.conn.execute("DELETE FROM listen_hit WHERE id IN (SELECT value FROM json_each(?))", (ids,))


def put_back(tx: Transaction, rows: Rows) -> None:
    """Bring a search back as it was; what was pruned since stays gone, what was found again meanwhile stays."""
    for table in ("listen_search", "listen_hit", "listen_figure"):
        for row in rows[table]:
            marks = ", ".join("?" for _ in row)
            sql = " ".join(("INSERT OR IGNORE INTO", table, "(", ", ".join(row), ") VALUES (", marks, ")"))
            tx.conn.execute(sql, tuple(row.values()))
    tx.conn.executemany(
        "INSERT OR IGNORE INTO listen_match (hit_id, search_id, state) SELECT h.id, ?2, h.state FROM listen_hit h"
        " WHERE h.id = ?1",
        [(row["hit_id"], row["search_id"]) for row in rows["listen_match"]],
    )
    for row in rows["listen_search"]:
        tx.touch(Topic.LISTEN, row["brand_id"], row["id"])


def mute(tx: Transaction, hit: Hit) -> list[int]:
    """Listen to a hit's author no more; returns the hits of theirs that nobody decided about."""
    tx.conn.execute(
        "INSERT OR IGNORE INTO listen_muted (brand_id, source, author_id, handle, at) VALUES (?, ?, ?, ?, ?)",
        (hit.brand_id, hit.source, hit.author_id, hit.author_handle or hit.author_name, tx.now_ms),
    )
    tx.touch(Topic.LISTEN, hit.brand_id, hit.id)
    rows = tx.conn.execute(
        "SELECT id FROM listen_hit WHERE brand_id = ? AND state IN ('new', 'seen') AND source = ? AND author_id = ?",
        (hit.brand_id, hit.source, hit.author_id),
    )
    return [row[0] for row in rows]


def mute_again(tx: Transaction, *, brand_id: int, muted: Muted) -> None:
    """Listen no more to somebody who was muted before; when they were muted first stays."""
    tx.conn.execute(
        "INSERT OR IGNORE INTO listen_muted (brand_id, source, author_id, handle, at) VALUES (?, ?, ?, ?, ?)",
        (brand_id, muted.source, muted.author_id, muted.handle, to_ms(muted.at)),
    )
    tx.touch(Topic.LISTEN, brand_id)


def unmute(tx: Transaction, *, brand_id: int, source: str, author_id: str) -> None:
    """Listen to somebody again."""
    tx.conn.execute(
        "DELETE FROM listen_muted WHERE brand_id = ? AND source = ? AND author_id = ?", (brand_id, source, author_id)
    )
    tx.touch(Topic.LISTEN, brand_id)
