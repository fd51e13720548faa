"""Conversations shown as one: which, and what new words in a part do to the whole (R8).

A part keeps its account, its thread and its row, so that reading and answering go on as ever; it is only not listed.
There is one level: what was merged into a part is merged into its whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import ids_json, scalar


def shown_as(reader: Reader, conversation_id: int) -> int:
    """Return the conversation under which this one is listed: itself, or the one it was merged into."""
    found: int | None = scalar(reader, "SELECT merged_into FROM conversation WHERE id = ?", (conversation_id,))
    return conversation_id if found is None else found


def parts_of(reader: Reader, conversation_id: int) -> list[int]:
    """Return the conversations merged into this one, the oldest first."""
    rows = reader.execute("SELECT id FROM conversation WHERE merged_into = ? ORDER BY id", (conversation_id,))
    return [row[0] for row in rows]


def parts_of_any(reader: Reader, ids: Iterable[int]) -> list[int]:
    """Return the conversations merged into any of these."""
    rows = reader.execute(
        "SELECT id FROM conversation WHERE merged_into IS NOT NULL"
        " AND merged_into IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_json(ids),),
    )
    return [row[0] for row in rows]


def wholes_of(reader: Reader, ids: Iterable[int]) -> dict[int, int]:
    """Return, of these conversations, those that are part of another, each with that one."""
    return dict(
        reader.execute(
            "SELECT id, merged_into FROM conversation WHERE merged_into IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            (ids_json(ids),),
        ).fetchall()
    )


def surface(tx: Transaction, incoming: Iterable[int]) -> list[int]:
    """Let the whole show until when its newest words can be answered (N15), and announce it; returns the wholes."""
    found: dict[int, None] = {}
    for part, whole in wholes_of(tx.conn, incoming).items():
        tx.conn.execute(
            "UPDATE conversation SET window_until = p.window_until FROM conversation p WHERE p.id = ?"
            " AND conversation.id = ? AND p.last_in_at >= conversation.last_in_at",
            (part, whole),
        )
        tx.touch(Topic.CONVERSATION, scalar(tx.conn, "SELECT brand_id FROM conversation WHERE id = ?", (whole,)), whole)
        found[whole] = None
    return list(found)


def follow(tx: Transaction, part: int, whole: int) -> int:
    """Keep together what a person merged while the network makes `part` a piece of `whole`; returns the one shown."""
    into: dict[int, int] = wholes_of(tx.conn, (part, whole))
    targets = [each for each in (into.get(whole), into.get(part)) if each not in (None, part, whole)]
    shown = targets[0] if targets else whole
    tx.conn.execute(
        "UPDATE conversation SET merged_into = CASE WHEN id = ?1 THEN NULL ELSE ?1 END"
        " WHERE (merged_into IN (?1, ?2, ?3) OR id = ?3) AND id <> ?2",
        (shown, part, whole),
    )
    if shown != whole:
        ids = ids_json((part, whole))
        tx.conn.execute(
            "UPDATE care_case SET conversation_id = ? WHERE conversation_id IN (SELECT value FROM json_each(?))",
            (shown, ids),
        )
        tx.conn.execute(
            "UPDATE promise SET conversation_id = ? WHERE conversation_id IN (SELECT value FROM json_each(?))",
            (shown, ids),
        )
    return shown
