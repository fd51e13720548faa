"""The parts of a thread on one account: what a part waits for, and from when its lateness counts.

Parts may stem from several sealings: after a failure only what is missing is sealed again, answering what is out.
"""

from __future__ import annotations

from typing import Any

from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, scalar

# From when the lateness of `delivery d` counts, in ms; NULL while a part before it is not out. A later part follows
# the one before it, however late that came: only the first part of what is missing is ever asked about.
COUNTS_FROM = (
    "CASE WHEN d.part = 0 THEN d.due_at ELSE (SELECT CASE WHEN count(DISTINCT b.part) = d.part"
    " THEN max(d.due_at, max(coalesce(b.last_attempt_at, b.published_at, d.due_at))) END FROM delivery b"
    " WHERE b.post_id = d.post_id AND b.account_id = d.account_id AND b.part < d.part"
    " AND b.state IN ('published', 'confirmed')) END"
)


def counts_from(reader: Reader, row: Any) -> int | None:
    """Return from when a delivery's lateness counts, in ms; None while a part before it is not out."""
    if row["part"] == 0:
        return int(row["due_at"])
    found: int | None = scalar(reader, "SELECT " + COUNTS_FROM + " FROM delivery d WHERE d.id = ?", (row["id"],))
    return found


def out_parts(reader: Reader, post_id: int, account_id: int) -> tuple[int, bool]:
    """Return how many parts of a post's thread are out on an account without a gap, and whether its comment is."""
    rows = fetch(
        reader,
        "SELECT DISTINCT part, answers IS NOT NULL AS comment FROM delivery WHERE post_id = ? AND account_id = ?"
        " AND state IN ('published', 'confirmed')",
        (post_id, account_id),
    )
    parts = {row["part"] for row in rows if not row["comment"]}
    count = 0
    while count in parts:
        count += 1
    return count, any(row["comment"] for row in rows)


def rest_of(tx: Transaction, row: Any) -> list[Any]:
    """Return what waits behind a part of a thread on its account, the comment included, in its order."""
    return fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE post_id = ? AND account_id = ? AND part > ? AND state NOT IN"
        " ('published', 'confirmed', 'cancelled') ORDER BY part, id",
        (row["post_id"], row["account_id"], row["part"]),
    )


def parent_id(reader: Reader, row: Any) -> str | None:
    """Return the remote id of what a part answers: another part of its thread; None for a first part."""
    if row["part"] == 0:
        return None
    answered = row["part"] - 1 if row["answers"] is None else row["answers"]
    found: str | None = scalar(
        reader,
        "SELECT remote_id FROM delivery WHERE post_id = ? AND account_id = ? AND part = ?"
        " AND state IN ('published', 'confirmed') ORDER BY revision DESC LIMIT 1",
        (row["post_id"], row["account_id"], answered),
    )
    return found
