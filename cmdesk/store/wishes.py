"""Tastes, ideas and wishes of customers for the client (D16), and places to look at again (D5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from cmdesk.care.values import WatchPlace, Wish
from cmdesk.clock import from_ms
from cmdesk.errors import Invalid
from cmdesk.store.db import Reader
from cmdesk.store.rows import fetch, fetch_one, moment, scalar, stamp

KINDS = ("taste", "idea", "wish", "praise")


def wish(reader: Reader, wish_id: int) -> Wish:
    """Return one wish; raises Invalid (`wish_unknown`) when there is none of that id."""
    row = fetch_one(reader, "SELECT * FROM wish WHERE id = ?", (wish_id,))
    if row is None:
        raise Invalid(f"there is no wish {wish_id}", code="wish_unknown", detail=str(wish_id))
    return _wish(row)


def wishes(
    reader: Reader,
    *,
    brand_id: int | None = None,
    kinds: Iterable[str] = (),
    handed: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> list[Wish]:
    """Return what customers said, newest first; `handed` False: what the client has not been given yet."""
    wanted = set(kinds)
    rows = fetch(
        reader,
        "SELECT * FROM wish WHERE (?1 IS NULL OR brand_id = ?1) AND (?2 IS NULL OR (handed_at IS NOT NULL) = ?2)"
        " AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4) ORDER BY at DESC, id DESC",
        (brand_id, handed, stamp(since), stamp(until)),
    )
    return [_wish(row) for row in rows if not wanted or row["kind"] in wanted][:limit]


def of_person(reader: Reader, contact_id: int, limit: int = 50) -> list[Wish]:
    """Return what one person said, newest first."""
    rows = fetch(
        reader, "SELECT * FROM wish WHERE contact_id = ? ORDER BY at DESC, id DESC LIMIT ?", (contact_id, limit)
    )  # fmt: skip
    return [_wish(row) for row in rows]


def wish_counts(reader: Reader, brand_id: int | None = None) -> dict[str, int]:
    """Return how many wishes of each kind have not been handed over, and "all" of them."""
    found = dict.fromkeys(KINDS, 0)
    found.update(
        reader.execute(
            "SELECT kind, count(*) FROM wish WHERE handed_at IS NULL AND (?1 IS NULL OR brand_id = ?1) GROUP BY kind",
            (brand_id,),
        ).fetchall()
    )
    return {**found, "all": sum(found.values())}


def place(reader: Reader, place_id: int) -> WatchPlace:
    """Return one place; raises Invalid (`place_unknown`) when there is none of that id."""
    row = fetch_one(reader, "SELECT * FROM watch_place WHERE id = ?", (place_id,))
    if row is None:
        raise Invalid(f"there is no place {place_id}", code="place_unknown", detail=str(place_id))
    return _place(row)


def places(reader: Reader, *, brand_id: int | None = None) -> list[WatchPlace]:
    """Return the places to look at again: those never looked at, then the one that has waited longest."""
    rows = fetch(
        reader,
        "SELECT * FROM watch_place WHERE ?1 IS NULL OR brand_id = ?1"
        " ORDER BY looked_at IS NOT NULL, looked_at, added_at, id",
        (brand_id,),
    )
    return [_place(row) for row in rows]


def place_named(reader: Reader, brand_id: int, name: str) -> int | None:
    """Return a brand's place of that name, None when there is none."""
    found: int | None = scalar(reader, "SELECT id FROM watch_place WHERE brand_id = ? AND name = ?", (brand_id, name))
    return found


def _wish(row: sqlite3.Row) -> Wish:
    return Wish(
        id=row["id"],
        brand_id=row["brand_id"],
        kind=row["kind"],
        text=row["text"],
        at=from_ms(row["at"]),
        conversation_id=row["conversation_id"],
        contact_id=row["contact_id"],
        handed_at=moment(row["handed_at"]),
    )


def _place(row: sqlite3.Row) -> WatchPlace:
    return WatchPlace(
        id=row["id"],
        brand_id=row["brand_id"],
        name=row["name"],
        added_at=from_ms(row["added_at"]),
        url=row["url"],
        note=row["note"],
        conversation_id=row["conversation_id"],
        looked_at=moment(row["looked_at"]),
    )
