"""Circles: named groups of contacts (K1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmdesk.errors import Invalid
from cmdesk.model import Circle, Contact
from cmdesk.store.changes import Topic
from cmdesk.store.contacts import contacts_by_id
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, ids_json, load


def circles(reader: Reader, brand_id: int) -> list[Circle]:
    """Return a brand's circles by name."""
    return [
        Circle(row[0], row[1], row[2], row[3], load(row[4]))
        for row in reader.execute(
            "SELECT id, brand_id, name, market_id, rule FROM circle WHERE brand_id = ? ORDER BY name", (brand_id,)
        )
    ]


def circles_of(reader: Reader, contact_id: int) -> list[Circle]:
    """Return the circles a contact was put into by hand."""
    return [
        Circle(row[0], row[1], row[2], row[3], load(row[4]))
        for row in reader.execute(
            "SELECT c.id, c.brand_id, c.name, c.market_id, c.rule FROM circle_contact cc"
            " JOIN circle c ON c.id = cc.circle_id WHERE cc.contact_id = ? ORDER BY c.name",
            (contact_id,),
        )
    ]


def save_circle(
    tx: Transaction,
    *,
    circle_id: int | None = None,
    brand_id: int,
    name: str,
    market_id: int | None = None,
    rule: Mapping[str, object] | None = None,
) -> int:
    """Save a circle and return its id; raises Invalid for an empty or taken name."""
    clean = _name(tx, name, "SELECT 1 FROM circle WHERE brand_id = ? AND name = ? AND id <> ?", brand_id, circle_id)
    row = tx.conn.execute(
        "INSERT INTO circle (id, brand_id, name, market_id, rule) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, market_id = excluded.market_id, rule = excluded.rule"
        " RETURNING id",
        (circle_id, brand_id, clean, market_id, dump(dict(rule or {}))),
    ).fetchone()
    tx.touch(Topic.CONTACT, brand_id)
    return int(row[0])


def delete_circle(tx: Transaction, circle_id: int) -> None:
    """Delete a circle; its contacts stay."""
    row = tx.conn.execute("DELETE FROM circle WHERE id = ? RETURNING brand_id", (circle_id,)).fetchone()
    if row is not None:
        tx.touch(Topic.CONTACT, row[0])


def set_members(tx: Transaction, circle_id: int, contact_ids: Iterable[int], on: bool = True) -> None:
    """Put contacts of the circle's brand into it, or take them out."""
    ids = ids_json(contact_ids)
    if on:
        tx.conn.execute(
            "INSERT OR IGNORE INTO circle_contact (circle_id, contact_id) SELECT k.id, c.id FROM circle k"
            " JOIN contact c ON c.brand_id = k.brand_id"
            " WHERE k.id = ? AND c.id IN (SELECT value FROM json_each(?))",
            (circle_id, ids),
        )
    else:
        tx.conn.execute(
            "DELETE FROM circle_contact WHERE circle_id = ? AND contact_id IN (SELECT value FROM json_each(?))",
            (circle_id, ids),
        )
    for brand_id, contact_id in tx.conn.execute(
        "SELECT brand_id, id FROM contact WHERE id IN (SELECT value FROM json_each(?))", (ids,)
    ):
        tx.touch(Topic.CONTACT, brand_id, contact_id)


def members(reader: Reader, circle_id: int) -> list[Contact]:
    """Return the contacts put into a circle by hand, by name."""
    ids = [
        row[0]
        for row in reader.execute(
            "SELECT c.id FROM circle_contact cc JOIN contact c ON c.id = cc.contact_id WHERE cc.circle_id = ?"
            " ORDER BY c.name COLLATE NOCASE, c.id",
            (circle_id,),
        )
    ]
    found = contacts_by_id(reader, ids)
    return [found[each] for each in ids]


def _name(tx: Transaction, name: str, taken: str, brand_id: int, own_id: int | None) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > 100:
        raise Invalid("a name of 1 to 100 characters is needed", code="name_needed", detail="name")
    if tx.conn.execute(taken, (brand_id, clean, own_id or 0)).fetchone():
        raise Invalid(f"the name {clean!r} is taken", code="name_taken", detail=clean)
    return clean
