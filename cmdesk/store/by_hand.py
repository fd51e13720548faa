"""What is to be published by hand, and what was (N26)."""

from __future__ import annotations

from typing import Any

from cmdesk.model import Delivery, DeliveryState
from cmdesk.planning.by_hand import NETWORK
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.listening_inbox import place_of, take_out
from cmdesk.store.outbox_read import deliveries
from cmdesk.store.outbox_state import confirm, move, row_of
from cmdesk.store.rows import load

_PREFIX = "by-hand:"  # of the names of what no network named
# What a person may publish: what has come up, and what one does before its hour.
OPEN = (DeliveryState.MANUAL, DeliveryState.QUEUED, DeliveryState.HELD_LATE)


def waiting(reader: Reader, *, brand_id: int | None = None) -> list[Delivery]:
    """Return what waits to be published by hand now, the earliest hour first."""
    return deliveries(reader, brand_id=brand_id, states=(DeliveryState.MANUAL,))


def together(reader: Reader, delivery_id: int) -> list[int]:
    """Return the deliveries of the same post on the same place that are still to be published, part by part."""
    rows = reader.execute(
        "SELECT d.id FROM delivery o JOIN delivery d ON d.post_id = o.post_id AND d.account_id = o.account_id"
        " AND d.revision = o.revision JOIN account a ON a.id = d.account_id WHERE o.id = ? AND a.network = ?"
        " AND d.state IN ('manual', 'queued', 'held_late') ORDER BY d.part",
        (delivery_id, NETWORK),
    )
    return [row[0] for row in rows]


def publish(tx: Transaction, row: Any, *, url: str) -> None:
    """Write down that a person published a delivery just now; it is the brand's publication like any other.

    An answer is none: it becomes a message of its conversation (`cmdesk.commands.by_hand`).
    """
    name = f"{_PREFIX}{row['id']}"
    tx.conn.execute(
        "UPDATE delivery SET remote_id = ?1, remote_url = ?2, published_at = ?3, frozen_at = coalesce(frozen_at, ?3),"
        " first_attempt_at = coalesce(first_attempt_at, ?3), last_attempt_at = ?3, attempts = attempts + 1"
        " WHERE id = ?4",
        (name, url, tx.now_ms, row["id"]),
    )
    if row["conversation_id"] is not None:
        confirm(tx, row_of(tx.conn, row["id"]), "person")
        return
    tx.conn.execute(
        "INSERT INTO publication (brand_id, account_id, remote_id, text, spoiler, created_at, url, delivery_id,"
        " media_count, visibility, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row["brand_id"], row["account_id"], name, row["text"], row["spoiler"], tx.now_ms, url, row["id"],
            len(load(row["media"])), row["visibility"], row["language"],
        ),
    )  # fmt: skip
    confirm(tx, row_of(tx.conn, row["id"]), "person")
    tx.touch(Topic.MESSAGE, row["brand_id"])


def was_published(row: Any) -> bool:
    """Say whether a person published this by hand."""
    return row["state"] == DeliveryState.CONFIRMED and str(row["remote_id"]).startswith(_PREFIX)


def take_back(tx: Transaction, row: Any) -> None:
    """Let it wait to be published by hand again."""
    tx.conn.execute("DELETE FROM publication WHERE account_id = ? AND delivery_id = ?", (row["account_id"], row["id"]))
    place = place_of(tx.conn, row["account_id"], row["remote_id"]) if row["conversation_id"] is not None else None
    if place is not None:
        take_out(tx, row["brand_id"], place, whole=False, new_contact=False)
    tx.conn.execute(
        "UPDATE delivery SET remote_id = NULL, remote_url = '', published_at = NULL, confirmed_at = NULL,"
        " verified = '', attempts = 0, frozen_at = NULL, first_attempt_at = NULL, last_attempt_at = NULL"
        " WHERE id = ?",
        (row["id"],),
    )
    move(tx, row_of(tx.conn, row["id"]), DeliveryState.MANUAL)
    tx.touch(Topic.MESSAGE, row["brand_id"])
