"""A brand's own words for care: protocols, what may be decided alone, causes, what to ask; defaults where none."""

from __future__ import annotations

from typing import Any

from cmdesk.care.protocol import (
    INFO,
    PROTOCOLS,
    Authority,
    authority_from_json,
    protocols_from_json,
    steps_from_json,
    usual_causes,
)
from cmdesk.care.values import Protocol, Step
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, load, scalar


def plan(reader: Reader, brand_id: int, name: str) -> Any:
    """Return what a brand wrote under a name (protocols, authority, causes, info...), None when it wrote nothing."""
    return load(scalar(reader, "SELECT value FROM care_plan WHERE brand_id = ? AND name = ?", (brand_id, name)))


def put_plan(tx: Transaction, brand_id: int, name: str, value: Any) -> Any:
    """Keep what a brand wrote under a name (None: back to the default) and return what was there before."""
    before = plan(tx.conn, brand_id, name)
    if value is None:
        tx.conn.execute("DELETE FROM care_plan WHERE brand_id = ? AND name = ?", (brand_id, name))
    else:
        tx.conn.execute(
            "INSERT INTO care_plan (brand_id, name, value, updated_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (brand_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
            (brand_id, name, dump(value), tx.now_ms),
        )
    tx.touch(Topic.CARE, brand_id)
    return before


def protocols(reader: Reader, brand_id: int) -> tuple[Protocol, ...]:
    """Return a brand's protocols, else the usual three (Q1-Q3)."""
    own = plan(reader, brand_id, "protocols")
    return protocols_from_json(own) or PROTOCOLS


def authority(reader: Reader, brand_id: int) -> Authority:
    """Return what may be decided without the client (Q9); nothing that costs money until the brand says so."""
    return authority_from_json(plan(reader, brand_id, "authority"))


def causes(reader: Reader, brand_id: int) -> list[str]:
    """Return the causes a complaint of this brand can have, else the usual ones in the brand's language (Q10)."""
    own = plan(reader, brand_id, "causes")
    found = [str(each) for each in own if str(each).strip()] if isinstance(own, list) else []
    return found or usual_causes(scalar(reader, "SELECT language FROM brand WHERE id = ?", (brand_id,)) or "")


def information(reader: Reader, brand_id: int) -> tuple[Step, ...]:
    """Return what a brand asks for in a complaint, else the usual (order number, date, place...)."""
    return steps_from_json(plan(reader, brand_id, "info")) or INFO
