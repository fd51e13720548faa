"""Contacts: people as one brand knows them, over all networks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cmdesk.errors import Invalid
from cmdesk.model import Contact, Conversation, Identity
from cmdesk.store import settings
from cmdesk.store.conversations import conversations_by_id
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, ids_json, moment, scalar
from cmdesk.store.words import match_expression

_LAST_ID = "last_contact_id"
_CONTACTS = (
    "SELECT c.id, c.brand_id, c.name, c.language, c.country, c.market_id, c.notes, c.came_from, c.expects, c.likes,"
    " c.advocate, c.opt_out, c.first_seen_at, c.last_seen_at, c.bought, c.opt_out_at, c.opt_out_note, c.origin"
    " FROM contact c"
)


def next_id(reader: Reader) -> int:
    """Return the number of the next contact; none is used twice, so that nothing kept about one is about another."""
    highest: int = scalar(reader, "SELECT coalesce(max(id), 0) FROM contact")
    return max(highest, int(settings.meta(reader, _LAST_ID) or 0)) + 1


def retire_ids(tx: Transaction, ids: Iterable[int]) -> None:
    """Let the numbers of contacts that are deleted be nobody else's."""
    last = max((int(settings.meta(tx.conn, _LAST_ID) or 0), *ids))
    settings.put_meta(tx, _LAST_ID, str(last))


def contact(reader: Reader, contact_id: int) -> Contact:
    """Return one contact; raises Invalid when there is none of that id."""
    row = fetch_one(reader, _CONTACTS + " WHERE c.id = ?", (contact_id,))
    if row is None:
        raise Invalid(f"there is no contact {contact_id}", code="contact_unknown", detail=str(contact_id))
    return contact_value(row)


def contacts_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Contact]:
    """Return these contacts; those that are gone are missing."""
    rows = fetch(reader, _CONTACTS + " WHERE c.id IN (SELECT value FROM json_each(?))", (ids_json(ids),))
    return {row["id"]: contact_value(row) for row in rows}


def identities(reader: Reader, contact_id: int) -> list[Identity]:
    """Return a contact's profiles on networks."""
    return [
        Identity(*row)
        for row in reader.execute(
            "SELECT id, brand_id, contact_id, network, remote_id, handle, name, avatar_url, profile_url, followers"
            " FROM identity WHERE contact_id = ? ORDER BY id",
            (contact_id,),
        )
    ]


def earlier_conversations(
    reader: Reader, contact_id: int, limit: int = 20, *, without: int | None = None
) -> list[Conversation]:
    """Return a contact's conversations, newest first, without the one that is open on the screen (Q11)."""
    ids = [
        row[0]
        for row in reader.execute(
            "SELECT id FROM conversation WHERE contact_id = ? AND id IS NOT ? AND merged_into IS NULL"
            " ORDER BY last_at DESC LIMIT ?",
            (contact_id, without, limit),
        )
    ]
    found = conversations_by_id(reader, ids)
    return [found[each] for each in ids if each in found]


def find_contacts(reader: Reader, text: str, *, brand_id: int | None = None, limit: int = 20) -> list[Contact]:
    """Return contacts by name, note or handle, last seen first; [] when there is nothing to search for."""
    words = match_expression(text)
    if not words:
        return []
    rows = fetch(
        reader,
        _CONTACTS + " WHERE c.id IN (SELECT rowid FROM contact_fts WHERE contact_fts MATCH :words)"
        " AND (:brand_id IS NULL OR c.brand_id = :brand_id) AND c.merged_into IS NULL"
        " ORDER BY c.last_seen_at DESC, c.id DESC LIMIT :limit",
        {"words": words, "brand_id": brand_id, "limit": limit},
    )
    return [contact_value(row) for row in rows]


def contact_value(row: sqlite3.Row) -> Contact:
    """Return a row of the contact table as a value."""
    return Contact(
        id=row["id"],
        brand_id=row["brand_id"],
        name=row["name"],
        language=row["language"],
        country=row["country"],
        market_id=row["market_id"],
        notes=row["notes"],
        came_from=row["came_from"],
        expects=row["expects"],
        likes=row["likes"],
        advocate=bool(row["advocate"]),
        opt_out=bool(row["opt_out"]),
        first_seen_at=moment(row["first_seen_at"]),
        last_seen_at=moment(row["last_seen_at"]),
        bought=row["bought"],
        opt_out_at=moment(row["opt_out_at"]),
        opt_out_note=row["opt_out_note"],
        origin=row["origin"],
    )
