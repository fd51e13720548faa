"""Conversations shown as one: which, and what new words in a part do to the whole (R8).

A part keeps its account, its thread and its row, so that reading and answering go on as ever; it is only not listed.
There is one level: what was merged into a part is merged into its whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, ids_json, scalar


def shown_as(reader: Reader, conversation_id: int) -> int:
    """Return the conversation under which this one is listed: itself, or the one it was merged into."""
    found: int | None = scalar(reader, "SELECT merged_into FROM conversation WHERE id = ?", (conversation_id,))
    return conversation_id if found is None else found


def parts_of(reader: Reader, conversation_id: int) -> list[int]:
    """Return the conversations merged into this one, the oldest first."""
    rows = reader.execute("SELECT id FROM conversation WHERE merged_into = ? ORDER BY id", (conversation_id,))
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


def surface(tx: Transaction, incoming: Iterable[int]) -> None:
    """Let the whole show what new words in its parts ask for: their urgency, mood and deadlines."""
    for part, whole in wholes_of(tx.conn, incoming).items():
        tx.conn.execute(
            "UPDATE conversation SET urgency = max(conversation.urgency, p.urgency), due_at ="
            " coalesce(min(conversation.due_at, p.due_at), conversation.due_at, p.due_at), window_until ="
            " coalesce(min(conversation.window_until, p.window_until), conversation.window_until, p.window_until),"
            " sentiment = CASE WHEN p.last_in_at >= conversation.last_in_at THEN p.sentiment ELSE"
            " conversation.sentiment END, intent = CASE WHEN p.last_in_at >= conversation.last_in_at THEN p.intent"
            " ELSE conversation.intent END, unsure = CASE WHEN p.last_in_at >= conversation.last_in_at THEN p.unsure"
            " ELSE conversation.unsure END FROM conversation p WHERE p.id = ? AND conversation.id = ?",
            (part, whole),
        )
        for row in fetch(tx.conn, "SELECT brand_id FROM conversation WHERE id = ?", (whole,)):
            tx.touch(Topic.CONVERSATION, row["brand_id"], whole)
