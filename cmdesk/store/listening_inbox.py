"""What a promoted hit put into the inbox: whether anybody worked on it since, and how it is taken out again."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.model import Account
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_conversations
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.intake_gone import UNINDEX_MESSAGE
from cmdesk.store.rows import dump, fetch_one, scalar
from cmdesk.store.words import brand_word

# Anything a person did in it: then it is no longer only a hit.
_WORKED_ON = (
    "SELECT EXISTS (SELECT 1 FROM delivery WHERE conversation_id = ?1)"
    " OR EXISTS (SELECT 1 FROM reply_draft WHERE conversation_id = ?1 AND text <> '')"
    " OR EXISTS (SELECT 1 FROM conversation_label WHERE conversation_id = ?1)"
    " OR EXISTS (SELECT 1 FROM care_case WHERE conversation_id = ?1)"
    " OR EXISTS (SELECT 1 FROM wish WHERE conversation_id = ?1)"
    " OR EXISTS (SELECT 1 FROM watch_place WHERE conversation_id = ?1)"
    " OR EXISTS (SELECT 1 FROM conversation WHERE merged_into = ?1)"
    " OR EXISTS (SELECT 1 FROM activity WHERE conversation_id = ?1 AND kind NOT IN ('state', 'promoted'))"
    " OR (SELECT count(*) FROM message WHERE conversation_id = ?1 AND direction = 'in') > 1"
    " OR EXISTS (SELECT 1 FROM message WHERE conversation_id = ?1 AND direction = 'out')"
)
# Anything that hangs from a contact besides the hit.
_KNOWN = (
    "SELECT EXISTS (SELECT 1 FROM conversation WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM circle_contact WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM contact_value WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM care_case WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM wish WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM activity WHERE contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM post WHERE person_id = ?1)"
    " OR EXISTS (SELECT 1 FROM contact WHERE merged_into = ?1)"
    " OR EXISTS (SELECT 1 FROM event e JOIN identity i ON i.id = e.identity_id WHERE i.contact_id = ?1)"
    " OR EXISTS (SELECT 1 FROM contact WHERE id = ?1 AND (merged_into IS NOT NULL OR notes <> '' OR opt_out"
    "   OR expects <> '' OR likes <> '' OR came_from <> '' OR bought <> '' OR market_id IS NOT NULL OR advocate))"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A message in the inbox: its own conversation, the one that is shown, and whose it is."""

    message_id: int
    part_id: int
    conversation_id: int
    contact_id: int | None


def place_of(reader: Reader, account_id: int, remote_id: str) -> Place | None:
    """Return where a message of an account stands in the inbox; None when it does not, or only around others."""
    row = fetch_one(
        reader,
        "SELECT m.id, m.conversation_id, coalesce(c.merged_into, c.id) AS shown, c.contact_id FROM message m"
        " JOIN conversation c ON c.id = m.conversation_id WHERE m.account_id = ? AND m.remote_id = ?"
        " AND m.direction <> 'context'",
        (account_id, remote_id),
    )
    return None if row is None else Place(row["id"], row["conversation_id"], row["shown"], row["contact_id"])


def is_there(reader: Reader, conversation_id: int) -> bool:
    """Say whether a conversation still is."""
    return bool(scalar(reader, "SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)))


def newest_contact(reader: Reader) -> int:
    """Return the id of the contact that was added last, 0 while there is none."""
    found: int = scalar(reader, "SELECT coalesce(max(id), 0) FROM contact")
    return found


def worked_on(reader: Reader, conversation_id: int) -> bool:
    """Say whether anybody answered in a conversation, noted or labelled something, or opened a case."""
    return bool(scalar(reader, _WORKED_ON, (conversation_id,)))


def mark_web_place(tx: Transaction, account: Account) -> None:
    """Note that a place by hand is where what the web says is answered."""
    kept = dump({**account.capabilities, "reply": True, "web": True})
    tx.conn.execute("UPDATE account SET capabilities = ?, purpose = 'care' WHERE id = ?", (kept, account.id))
    tx.touch(Topic.ACCOUNT, account.brand_id, account.id)


def take_out(tx: Transaction, brand_id: int, place: Place, *, whole: bool, new_contact: bool) -> None:
    """Delete a message, with `whole` the conversation that began with it, and who became a contact by it alone."""
    where, of = ("conversation_id", place.part_id) if whole else ("id", place.message_id)
    rows = tx.conn.execute(" ".join(("SELECT id, text FROM message WHERE", where, "= ?")), (of,)).fetchall()
    scope = brand_word(brand_id)
    tx.conn.executemany(UNINDEX_MESSAGE, [(number, text, scope) for number, text in rows])
    tx.conn.executemany("DELETE FROM message WHERE id = ?", [(number,) for number, _text in rows])
    if whole:
        tx.conn.execute("DELETE FROM conversation WHERE id = ?", (place.part_id,))
    else:
        refresh_conversations(tx, [place.part_id])
    if new_contact and place.contact_id is not None and not scalar(tx.conn, _KNOWN, (place.contact_id,)):
        fts.take_out(tx, "contact", [place.contact_id])
        tx.conn.execute("UPDATE identity SET contact_id = NULL WHERE contact_id = ?", (place.contact_id,))
        tx.conn.execute("DELETE FROM contact WHERE id = ?", (place.contact_id,))
        tx.touch(Topic.CONTACT, brand_id, place.contact_id)
    tx.touch(Topic.MESSAGE, brand_id, *(number for number, _text in rows))
    tx.touch(Topic.CONVERSATION, brand_id, place.conversation_id)
