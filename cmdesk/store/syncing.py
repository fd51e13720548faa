"""What a sync asks the store about: threads whose beginning is unknown, own posts whose figures are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.clock import to_ms
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import ids_json, scalar


@dataclass(frozen=True, slots=True)
class Wanted:
    """A conversation in which somebody answers what we do not have; `remote_id` is the item to ask about."""

    conversation_id: int
    remote_id: str


# A conversation nobody has looked at yet, and its newest message whose parent is neither a message nor a post here.
_WANTED = (
    "SELECT c.id, (SELECT m.remote_id FROM message m WHERE m.conversation_id = c.id AND m.direction <> 'out'"
    " AND m.deleted_at IS NULL AND m.parent_id <> ''"
    " AND NOT EXISTS (SELECT 1 FROM message p WHERE p.account_id = m.account_id AND p.remote_id = m.parent_id)"
    " AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.account_id = m.account_id AND p.remote_id = m.parent_id)"
    " ORDER BY m.id DESC LIMIT 1)"
    " FROM conversation c WHERE c.account_id = ? AND c.context_at IS NULL ORDER BY c.last_at DESC LIMIT ?"
)


def threads_wanted(reader: Reader, account_id: int, *, limit: int = 200) -> tuple[list[Wanted], list[int]]:
    """Return (threads to be fetched, conversations that lack nothing) among the newest not looked at yet."""
    wanted: list[Wanted] = []
    complete: list[int] = []
    for conversation_id, remote_id in reader.execute(_WANTED, (account_id, limit)):
        if remote_id is None:
            complete.append(conversation_id)
        else:
            wanted.append(Wanted(conversation_id, remote_id))
    return wanted, complete


def note_context(tx: Transaction, conversation_ids: list[int]) -> None:
    """Note that the threads around these conversations were looked at."""
    tx.conn.execute(
        "UPDATE conversation SET context_at = ? WHERE id IN (SELECT value FROM json_each(?))",
        (tx.now_ms, ids_json(conversation_ids)),
    )


def forget_context(tx: Transaction, conversation_ids: list[int]) -> None:
    """New words came: look at these threads again when something is missing."""
    tx.conn.execute(
        "UPDATE conversation SET context_at = NULL WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(conversation_ids),),
    )


def posts_to_measure(reader: Reader, account_id: int, *, since: datetime, limit: int = 40) -> list[str]:
    """Return the remote ids of an account's newest own posts since a time."""
    rows = reader.execute(
        "SELECT remote_id FROM publication WHERE account_id = ? AND deleted_at IS NULL AND created_at >= ?"
        " ORDER BY created_at DESC LIMIT ?",
        (account_id, to_ms(since), limit),
    )
    return [row[0] for row in rows]


def self_check(reader: Reader) -> list[str]:
    """Return what cannot be: a delivery on the wire without an attempt, rows without their conversation (3.14)."""
    found: list[str] = []
    if scalar(
        reader,
        "SELECT 1 FROM delivery d WHERE d.state = 'sending'"
        " AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.delivery_id = d.id AND a.outcome = '')",
    ):
        found.append("sending_without_attempt")
    if scalar(
        reader,
        "SELECT 1 FROM delivery WHERE state IN ('published', 'confirmed') AND remote_id IS NULL"
        " AND verified <> 'person'",
    ):
        found.append("published_without_id")
    if scalar(
        reader,
        "SELECT 1 FROM delivery d JOIN account a ON a.id = d.account_id WHERE a.brand_id <> d.brand_id LIMIT 1",
    ):
        found.append("wrong_brand")
    return found
