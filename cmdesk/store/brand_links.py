"""What a brand links and tags with: its products and landing pages (U13, U14), and its sets of hashtags."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, moment, scalar


@dataclass(frozen=True, slots=True)
class ProductLink:
    """A product or landing page; `also` are other names people use for it, one a line."""

    id: int
    brand_id: int
    name: str
    url: str
    also: str = ""
    category: str = ""
    note: str = ""
    instead_id: int | None = None  # what fits better now (U14)
    used: int = 0
    used_at: datetime | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HashtagSet:
    """Hashtags that go together, each with its #."""

    id: int
    brand_id: int
    name: str
    tags: tuple[str, ...]


def products(reader: Reader, brand_id: int | None, *, text: str = "", archived: bool = False) -> list[ProductLink]:
    """Return a brand's links (None: all brands') that have every word of `text`, those used last first.

    With `archived` also those that are put away, at the end.
    """
    wanted = text.casefold().split()
    rows = fetch(
        reader,
        "SELECT * FROM product_link WHERE (?1 IS NULL OR brand_id = ?1) AND (archived_at IS NULL OR ?2)"
        " ORDER BY archived_at IS NOT NULL, used_at DESC, name COLLATE NOCASE",
        (brand_id, archived),
    )
    found = [_product(row) for row in rows]
    return [
        each
        for each in found
        if all(word in f"{each.name} {each.also} {each.category} {each.url}".casefold() for word in wanted)
    ]


def product(reader: Reader, product_id: int) -> ProductLink:
    """Return one link; raises Invalid (`product_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM product_link WHERE id = ?", (product_id,))
    if row is None:
        raise Invalid(f"there is no product {product_id}", code="product_unknown", detail=str(product_id))
    return _product(row)


def better(reader: Reader, given: ProductLink) -> ProductLink:
    """Return what is linked instead of a product (U14): the last in its row that is not put away, else itself."""
    found, seen = given, {given.id}
    at = given
    while at.instead_id is not None and at.instead_id not in seen:
        at = product(reader, at.instead_id)
        seen.add(at.id)
        if at.archived_at is None:
            found = at
    return found


def save_product(tx: Transaction, *, brand_id: int, product_id: int | None = None, **fields: Any) -> int:
    """Write a link down (name, url, also, category, note, instead_id); raises Invalid for a name that is taken."""
    name = fields["name"]
    taken = scalar(
        tx.conn,
        "SELECT 1 FROM product_link WHERE brand_id = ? AND name = ? AND id IS NOT ?",
        (brand_id, name, product_id),
    )
    if taken:
        raise Invalid(f"there is already a link called {name!r}", code="product_exists", detail=name)
    values = tuple(fields.get(key, default) for key, default in _FIELDS.items())
    if product_id is None:
        product_id = tx.conn.execute(
            "INSERT INTO product_link (name, url, also, category, note, instead_id, brand_id, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, brand_id, tx.now_ms),
        ).lastrowid
        assert product_id is not None
    else:
        tx.conn.execute(
            "UPDATE product_link SET name = ?, url = ?, also = ?, category = ?, note = ?, instead_id = ?"
            " WHERE id = ? AND brand_id = ?",
            (*values, product_id, brand_id),
        )
    tx.touch(Topic.SETTING, brand_id, product_id)
    return product_id


_FIELDS = {"name": "", "url": "", "also": "", "category": "", "note": "", "instead_id": None}


def put_away(tx: Transaction, product_id: int, *, away: bool) -> None:
    """Put a link away, or take it back out."""
    tx.conn.execute("UPDATE product_link SET archived_at = ? WHERE id = ?", (tx.now_ms if away else None, product_id))
    tx.touch(Topic.SETTING, product(tx.conn, product_id).brand_id, product_id)


def note_product_used(tx: Transaction, product_id: int) -> None:
    """Count a use: what is used comes first."""
    tx.conn.execute("UPDATE product_link SET used = used + 1, used_at = ? WHERE id = ?", (tx.now_ms, product_id))


def remove_product(tx: Transaction, product_id: int) -> None:
    """Delete a link for good, as if it had never been kept."""
    brand_id = product(tx.conn, product_id).brand_id
    tx.conn.execute("DELETE FROM product_link WHERE id = ?", (product_id,))
    tx.touch(Topic.SETTING, brand_id, product_id)


def hashtag_sets(reader: Reader, brand_id: int | None) -> list[HashtagSet]:
    """Return a brand's sets (None: all brands'), those used last first."""
    rows = fetch(
        reader,
        "SELECT * FROM hashtag_set WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY used_at DESC, name COLLATE NOCASE",
        (brand_id,),
    )
    return [HashtagSet(row["id"], row["brand_id"], row["name"], tuple(row["tags"].split())) for row in rows]


def hashtag_set(reader: Reader, set_id: int) -> HashtagSet:
    """Return one set; raises Invalid (`hashtags_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM hashtag_set WHERE id = ?", (set_id,))
    if row is None:
        raise Invalid(f"there is no set {set_id}", code="hashtags_unknown", detail=str(set_id))
    return HashtagSet(row["id"], row["brand_id"], row["name"], tuple(row["tags"].split()))


def save_hashtags(tx: Transaction, *, brand_id: int, name: str, tags: str, set_id: int | None = None) -> int:
    """Write a set down; raises Invalid for a name that is taken."""
    taken = scalar(
        tx.conn, "SELECT 1 FROM hashtag_set WHERE brand_id = ? AND name = ? AND id IS NOT ?", (brand_id, name, set_id)
    )
    if taken:
        raise Invalid(f"there is already a set called {name!r}", code="hashtags_exist", detail=name)
    row = tx.conn.execute(
        "INSERT INTO hashtag_set (id, brand_id, name, tags) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, tags = excluded.tags RETURNING id",
        (set_id, brand_id, name, tags),
    ).fetchone()
    tx.touch(Topic.SETTING, brand_id)
    return int(row[0])


def remove_hashtags(tx: Transaction, set_id: int) -> None:
    """Remove a set."""
    brand_id = hashtag_set(tx.conn, set_id).brand_id
    tx.conn.execute("DELETE FROM hashtag_set WHERE id = ?", (set_id,))
    tx.touch(Topic.SETTING, brand_id)


def note_hashtags_used(tx: Transaction, set_id: int) -> None:
    """Remember a use: what is used comes first."""
    tx.conn.execute("UPDATE hashtag_set SET used_at = ? WHERE id = ?", (tx.now_ms, set_id))


def _product(row: sqlite3.Row) -> ProductLink:
    return ProductLink(
        row["id"], row["brand_id"], row["name"], row["url"], row["also"], row["category"], row["note"],
        row["instead_id"], row["used"], moment(row["used_at"]), moment(row["archived_at"]),
    )  # fmt: skip
