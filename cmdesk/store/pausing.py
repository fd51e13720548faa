"""Pausing what goes out, of one brand or of all; the claim asks in its own transaction (rank 36)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cmdesk.model import DeliveryState
from cmdesk.planning.waking import PAUSED_MEANWHILE
from cmdesk.store import brands, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_state import move, row_of
from cmdesk.store.rows import fetch

KEY = "publishing_paused"


def is_paused(reader: Reader, brand_id: int | None = None) -> bool:
    """Say whether everything is paused (None), or this brand by itself."""
    if brand_id is not None:
        return brands.brand(reader, brand_id).publishing_paused
    return (settings.get(reader, KEY) or "").lower() in ("1", "true", "yes", "on")


def set_paused(tx: Transaction, paused: bool, brand_id: int | None = None) -> None:
    """Pause or go on; raises Invalid for an unknown brand."""
    if brand_id is None:
        settings.put(tx, KEY, "true" if paused else "false")
    else:
        brands.update_brand(tx, brand_id, publishing_paused=paused)
    tx.touch(Topic.POST, brand_id or 0)
    tx.touch(Topic.DELIVERY, brand_id or 0)


def hold_missed(tx: Transaction, brand_id: int | None = None) -> list[int]:
    """Hold the posts whose hour came during a pause that ends now; returns them. Answers and released ones go on.

    A brand that is still paused by itself, or all of them, keeps its own: they are held when that pause ends.
    """
    if brand_id is not None and is_paused(tx.conn):
        return []
    rows = fetch(
        tx.conn,
        "SELECT d.* FROM delivery d JOIN account a ON a.id = d.account_id JOIN brand b ON b.id = d.brand_id"
        " WHERE d.state IN ('queued', 'preparing', 'ready', 'backoff') AND d.kind = 'post' AND d.part = 0"
        " AND d.due_at < ?1 AND NOT d.approved_late AND NOT d.hand_off AND a.network <> 'manual'"
        " AND d.reason_code NOT IN ('crisis_hold', 'waiting_approval') AND NOT b.publishing_paused"
        " AND b.archived_at IS NULL AND (?2 IS NULL OR d.brand_id = ?2) ORDER BY d.due_at, d.id",
        (tx.now_ms, brand_id),
    )
    for row in rows:
        move(tx, row, DeliveryState.HELD_LATE, code=PAUSED_MEANWHILE)
    return [row["id"] for row in rows]


def hold(tx: Transaction, row: Any, state: DeliveryState, *, code: str, behind: Iterable[int] = ()) -> None:
    """Let a delivery wait for a person's decision again, and the parts `behind` it that went with it."""
    tx.conn.execute("UPDATE delivery SET approved_late = 0 WHERE id = ?", (row["id"],))
    move(tx, row, state, code=code)
    for number in behind:
        later = row_of(tx.conn, number)
        if later["state"] == DeliveryState.CANCELLED and later["reason_code"] == "part_before":
            move(tx, later, DeliveryState.QUEUED)
