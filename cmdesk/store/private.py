"""The private half of a conversation that began in public: it waits for its thread, then is that thread."""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.store.conversations import NOT_YET, refresh_conversations
from cmdesk.store.db import Transaction
from cmdesk.store.intake_threads import DIRECT, merge_conversations
from cmdesk.store.rows import ids_json


def settle_private(tx: Transaction, delivery_ids: Iterable[int]) -> None:
    """Bring private answers home that a stream showed before this desk knew that they were out.

    Usually an answer is known by its id when it is seen, and its thread joins the conversation that waits for it.
    Seen earlier, it was filed by its thread or its parent: then that thread is the conversation, or the message moves.
    """
    rows = tx.conn.execute(
        "SELECT m.id, h.id, h.remote_id, h.kind, c.id, c.brand_id FROM json_each(?) j"
        " CROSS JOIN delivery d ON d.id = j.value"
        " CROSS JOIN conversation c ON c.id = d.conversation_id AND substr(c.remote_id, 1, ?) = ?"
        " CROSS JOIN message m ON m.account_id = d.account_id AND m.remote_id = d.remote_id"
        " CROSS JOIN conversation h ON h.id = m.conversation_id WHERE m.conversation_id <> c.id",
        (ids_json(delivery_ids), len(NOT_YET), NOT_YET),
    ).fetchall()
    for message_id, filed, key, kind, private, brand_id in rows:
        if kind == "direct":
            merge_conversations(tx, brand_id, private, filed)
        else:
            _move(tx, message_id, filed, private, key=key)
        refresh_conversations(tx, (filed, private))


def _move(tx: Transaction, message_id: int, filed: int, private: int, *, key: str) -> None:
    """Take a private answer out of the public conversation, with the key of its thread."""
    tx.conn.execute("UPDATE message SET conversation_id = ? WHERE id = ?", (private, message_id))
    if key.startswith(DIRECT):
        tx.conn.execute(
            "UPDATE conversation SET remote_id = coalesce((SELECT m.remote_id FROM message m WHERE"
            " m.conversation_id = conversation.id AND m.direction <> 'context' ORDER BY m.id LIMIT 1), remote_id)"
            " WHERE id = ?",
            (filed,),
        )
        tx.conn.execute(
            "UPDATE OR IGNORE conversation SET remote_id = ? WHERE id = ?",
            (key, private),
        )
