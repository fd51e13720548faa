"""What is known to be gone, and the statements that keep a message and its place in the search together."""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.model import Account
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_conversations
from cmdesk.store.db import Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.rows import dump
from cmdesk.store.words import brand_word

# The columns of a message that intake writes, in the order of `_row`.
INSERT_MESSAGE = (
    "INSERT INTO message (id, brand_id, account_id, conversation_id, remote_id, direction, kind, identity_id, text,"
    " spoiler, language, visibility, created_at, parent_id, url, ref, mentions, edited_at, read_at, favourited,"
    " boosted, attachments, delivery_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
UNINDEX_MESSAGE = "INSERT INTO message_fts (message_fts, rowid, text, scope) VALUES ('delete', ?, ?, ?)"
INDEX_MESSAGE = "INSERT INTO message_fts (rowid, text, scope) VALUES (?, ?, ?)"


def mark_gone(
    tx: Transaction,
    account: Account,
    remote_ids: Iterable[str],
    *,
    why: str = "deleted",
    refresh: set[int] | None = None,
) -> int:
    """Note items that are known to be gone (a delete event, 404 or 410 by id) and return how many we had.

    Their words leave the search and stay readable as an earlier version; nothing brings the items back.
    With `refresh` the caller computes the summaries of the conversations put into it.
    """
    ids = dump(sorted(set(remote_ids)))
    if ids == "[]":
        return 0
    tx.conn.execute(
        "INSERT OR IGNORE INTO tombstone (account_id, remote_id, at, why) SELECT ?1, value, ?3, ?4 FROM json_each(?2)",
        (account.id, ids, tx.now_ms, why),
    )
    rows = tx.conn.execute(
        "SELECT m.id, m.conversation_id, m.text FROM json_each(?2) j CROSS JOIN message m ON m.account_id = ?1"
        " AND m.remote_id = j.value WHERE m.deleted_at IS NULL",
        (account.id, ids),
    ).fetchall()
    scope = brand_word(account.brand_id)
    tx.conn.executemany(
        "INSERT OR REPLACE INTO message_edit (message_id, at, text) VALUES (?, ?, ?)",
        [(row[0], tx.now_ms, row[2]) for row in rows if row[2]],
    )
    tx.conn.executemany(UNINDEX_MESSAGE, [(row[0], row[2], scope) for row in rows])
    tx.conn.executemany(INDEX_MESSAGE, [(row[0], "", scope) for row in rows])
    tx.conn.executemany(
        "UPDATE message SET deleted_at = ?, text = '' WHERE id = ?", [(tx.now_ms, row[0]) for row in rows]
    )
    posts = tx.conn.execute(
        "UPDATE publication SET deleted_at = ?3 WHERE account_id = ?1 AND deleted_at IS NULL"
        " AND remote_id IN (SELECT value FROM json_each(?2)) RETURNING id",
        (account.id, ids, tx.now_ms),
    ).fetchall()
    tx.conn.execute(
        "DELETE FROM event WHERE account_id = ? AND remote_id IN (SELECT value FROM json_each(?))", (account.id, ids)
    )
    touched = {row[1] for row in rows}
    if refresh is None:
        refresh_conversations(tx, touched)
        refresh_due(tx, touched, brand_id=account.brand_id)
    else:
        refresh |= touched
    if rows:
        tx.touch(Topic.MESSAGE, account.brand_id, *(row[0] for row in rows))
        tx.touch(Topic.CONVERSATION, account.brand_id, *touched)
    if posts:
        tx.touch(Topic.POST, account.brand_id)
    return len(rows) + len(posts)
