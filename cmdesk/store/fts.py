"""Keeping the search indexes in step with their tables: called beside every write of a searched column.

An index row must be taken out with exactly the text that was put in, so callers
take it out before they change or delete the row and put it in again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.store.db import Transaction
from cmdesk.store.rows import ids_json

# table → (put these ids in, take these ids out)
_STATEMENTS = {
    "message": (
        "INSERT INTO message_fts (rowid, text, scope) SELECT id, text, scope FROM message_search"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        "INSERT INTO message_fts (message_fts, rowid, text, scope) SELECT 'delete', id, text, scope FROM message_search"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
    ),
    "contact": (
        "INSERT INTO contact_fts (rowid, name, notes, known_as) SELECT id, name, notes, known_as FROM contact"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        "INSERT INTO contact_fts (contact_fts, rowid, name, notes, known_as)"
        " SELECT 'delete', id, name, notes, known_as FROM contact"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
    ),
    "post": (
        "INSERT INTO post_fts (rowid, text, note) SELECT id, text, note FROM post"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        "INSERT INTO post_fts (post_fts, rowid, text, note) SELECT 'delete', id, text, note FROM post"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
    ),
    "template": (
        "INSERT INTO template_fts (rowid, name, texts) SELECT t.id, t.name || ' ' || t.category,"
        " coalesce((SELECT group_concat(x.text, ' ') FROM template_text x WHERE x.template_id = t.id), '')"
        " FROM template t WHERE t.id IN (SELECT value FROM json_each(?))",
        "DELETE FROM template_fts WHERE rowid IN (SELECT value FROM json_each(?))",
    ),
}

_CHECKS = (
    "INSERT INTO message_fts (message_fts) VALUES ('integrity-check')",
    "INSERT INTO contact_fts (contact_fts) VALUES ('integrity-check')",
    "INSERT INTO post_fts (post_fts) VALUES ('integrity-check')",
    "INSERT INTO template_fts (template_fts) VALUES ('integrity-check')",
)


def put_in(tx: Transaction, table: str, ids: Iterable[int]) -> None:
    """Index rows that are not indexed."""
    tx.conn.execute(_STATEMENTS[table][0], (ids_json(ids),))


def take_out(tx: Transaction, table: str, ids: Iterable[int]) -> None:
    """Take indexed rows out; before their text changes or they are deleted."""
    tx.conn.execute(_STATEMENTS[table][1], (ids_json(ids),))


def check(tx: Transaction) -> None:
    """Compare every index with its table; raises (as Corrupt) when they differ."""
    for statement in _CHECKS:
        tx.conn.execute(statement)
