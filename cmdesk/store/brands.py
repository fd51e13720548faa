"""Brands: the clients, and the walls between them."""

from __future__ import annotations

import sqlite3
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.model import Brand
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_deadlines
from cmdesk.store.rows import fetch, fetch_one, moment, scalar, stamp

_BRANDS = (
    "SELECT id, name, color, zone, language, logo_media_id, formal, position, sample, late_grace_s, spacing_s,"
    " publishing_paused, archived_at, needs_approval FROM brand"
)
_FIELDS = {
    "name": "UPDATE brand SET name = ? WHERE id = ?",
    "color": "UPDATE brand SET color = ? WHERE id = ?",
    "zone": "UPDATE brand SET zone = ? WHERE id = ?",
    "language": "UPDATE brand SET language = ? WHERE id = ?",
    "logo_media_id": "UPDATE brand SET logo_media_id = ? WHERE id = ?",
    "formal": "UPDATE brand SET formal = ? WHERE id = ?",
    "position": "UPDATE brand SET position = ? WHERE id = ?",
    "late_grace_s": "UPDATE brand SET late_grace_s = ? WHERE id = ?",
    "spacing_s": "UPDATE brand SET spacing_s = ? WHERE id = ?",
    "publishing_paused": "UPDATE brand SET publishing_paused = ? WHERE id = ?",
    "needs_approval": "UPDATE brand SET needs_approval = ? WHERE id = ?",
    "archived_at": "UPDATE brand SET archived_at = ? WHERE id = ?",
}


def list_brands(reader: Reader, *, archived: bool = False) -> list[Brand]:
    """Return the brands in the person's order; with `archived` also those put away."""
    where = "" if archived else " WHERE archived_at IS NULL"
    return [_brand(row) for row in fetch(reader, _BRANDS + where + " ORDER BY position, id")]


def brand(reader: Reader, brand_id: int) -> Brand:
    """Return one brand; raises Invalid when there is none of that id."""
    row = fetch_one(reader, _BRANDS + " WHERE id = ?", (brand_id,))
    if row is None:
        raise Invalid(f"there is no brand {brand_id}", code="brand_unknown", detail=str(brand_id))
    return _brand(row)


def brand_by_name(reader: Reader, name: str) -> Brand:
    """Return the brand called `name` (capitals do not matter); raises Invalid when there is none."""
    row = fetch_one(reader, _BRANDS + " WHERE name = ? COLLATE NOCASE", (name.strip(),))
    if row is None:
        raise Invalid(f"there is no brand called {name!r}", code="brand_unknown", detail=name)
    return _brand(row)


def add_brand(
    tx: Transaction,
    *,
    name: str,
    zone: str,
    language: str,
    color: str,
    sample: bool = False,
    formal: bool = False,
    late_grace_s: int = 900,
) -> int:
    """Add a brand behind the others and return its id; raises Invalid for an empty or taken name."""
    clean = _checked_name(tx.conn, name)
    position = scalar(tx.conn, "SELECT coalesce(max(position), 0) + 1 FROM brand")
    cursor = tx.conn.execute(
        "INSERT INTO brand (name, color, zone, language, formal, position, sample, late_grace_s, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (clean, color, zone, language, formal, position, sample, late_grace_s, tx.now_ms),
    )
    brand_id = cursor.lastrowid or 0
    tx.touch(Topic.BRAND, brand_id, brand_id)
    return brand_id


def update_brand(tx: Transaction, brand_id: int, **fields: Any) -> None:
    """Change named fields of a brand (those of model.Brand); raises Invalid as `add_brand` does."""
    brand(tx.conn, brand_id)
    for field, value in fields.items():
        if field == "name":
            value = _checked_name(tx.conn, value, brand_id)
        elif field == "archived_at":
            value = stamp(value)
        tx.conn.execute(_FIELDS[field], (value, brand_id))
    if "zone" in fields:
        refresh_deadlines(tx, brand_id)
    tx.touch(Topic.BRAND, brand_id, brand_id)


def delete_brand(tx: Transaction, brand_id: int) -> None:
    """Delete a brand with everything that belongs to it; the media files stay until the next clean-up."""
    brand(tx.conn, brand_id)
    for table, statement in _SEARCHED.items():
        fts.take_out(tx, table, [row[0] for row in tx.conn.execute(statement, (brand_id,))])
    for statement in _BELONGINGS:
        tx.conn.execute(statement, (brand_id,))
    tx.conn.execute("DELETE FROM link_check")  # whose links they were stands nowhere; they are tried again when needed
    for topic in Topic:
        tx.touch(topic, brand_id)
    tx.touch(Topic.BRAND, brand_id, brand_id)


def remove_sample(tx: Transaction) -> int:
    """Delete every sample brand; returns how many there were."""
    samples = [row[0] for row in tx.conn.execute("SELECT id FROM brand WHERE sample = 1")]
    for brand_id in samples:
        delete_brand(tx, brand_id)
    return len(samples)


_SEARCHED = {
    "message": "SELECT id FROM message WHERE brand_id = ?",
    "contact": "SELECT id FROM contact WHERE brand_id = ?",
    "post": "SELECT id FROM post WHERE brand_id = ?",
    "template": "SELECT id FROM template WHERE brand_id = ?",
}
# What no foreign key takes along, and the big tables children first: a cascade looks each child up by itself.
_BELONGINGS = (
    "DELETE FROM setting WHERE brand_id = ? AND brand_id <> 0",
    "DELETE FROM message WHERE brand_id = ?",
    "DELETE FROM conversation WHERE brand_id = ?",
    "DELETE FROM delivery WHERE brand_id = ?",
    "DELETE FROM post WHERE brand_id = ?",
    "DELETE FROM publication WHERE brand_id = ?",
    "DELETE FROM activity WHERE brand_id = ?",
    "DELETE FROM evidence WHERE brand_id = ?",
    "DELETE FROM forgotten WHERE brand_id = ?",
    "DELETE FROM crisis WHERE brand_id = ? AND brand_id <> 0",
    "DELETE FROM brand WHERE id = ?",
    "DELETE FROM counter WHERE brand_id = ?",
)


def _checked_name(conn: Reader, name: str, brand_id: int = 0) -> str:
    clean = " ".join(str(name).split())
    if not clean or len(clean) > 100:
        raise Invalid("a brand needs a name of 1 to 100 characters", code="brand_name", detail="name")
    taken = scalar(conn, "SELECT 1 FROM brand WHERE name = ? COLLATE NOCASE AND id <> ?", (clean, brand_id))
    if taken:
        raise Invalid(f"there is already a brand called {clean!r}", code="brand_exists", detail=clean)
    return clean


def _brand(row: sqlite3.Row) -> Brand:
    return Brand(
        id=row["id"],
        name=row["name"],
        color=row["color"],
        zone=row["zone"],
        language=row["language"],
        logo_media_id=row["logo_media_id"],
        formal=bool(row["formal"]),
        position=row["position"],
        sample=bool(row["sample"]),
        late_grace_s=row["late_grace_s"],
        spacing_s=row["spacing_s"],
        publishing_paused=bool(row["publishing_paused"]),
        archived_at=moment(row["archived_at"]),
        needs_approval=bool(row["needs_approval"]),
    )
