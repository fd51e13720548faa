"""Decisions to let nothing go out for a while, of one brand or of all, and to go on (rank 36)."""

from __future__ import annotations

from cmdesk.store import brands, pausing
from cmdesk.store.db import Transaction


def pause(tx: Transaction, *, brand_id: int | None = None) -> None:
    """Let nothing more go out for a brand (None: for all) until `resume`; what is on the wire arrives.

    Raises Invalid for an unknown brand.
    """
    if pausing.is_paused(tx.conn, brand_id):
        return
    pausing.set_paused(tx, True, brand_id)
    tx.undoable("pause_publishing", resume, brand_id=brand_id, detail=_name(tx, brand_id))


def resume(tx: Transaction, *, brand_id: int | None = None) -> list[int]:
    """Let posts go out again; those whose hour came meanwhile are held for a decision (N1), never sent in a burst.

    Returns the held deliveries. Raises Invalid for an unknown brand.
    """
    if not pausing.is_paused(tx.conn, brand_id):
        return []
    pausing.set_paused(tx, False, brand_id)
    held = pausing.hold_missed(tx, brand_id)
    tx.undoable("resume_publishing", pause, brand_id=brand_id, detail=_name(tx, brand_id))
    return held


def _name(tx: Transaction, brand_id: int | None) -> str:
    return "" if brand_id is None else brands.brand(tx.conn, brand_id).name
