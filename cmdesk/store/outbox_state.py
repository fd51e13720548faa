"""How a delivery's row changes state: one door, used by the machine's side and the person's side alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cmdesk import text
from cmdesk.clock import to_ms
from cmdesk.errors import Invalid
from cmdesk.model import DeliveryState
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_outgoing
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.rows import dump, fetch_one, load

State = DeliveryState

_NAMES = re.compile(r"^(?:@[^\s@]+\s*)+")


@dataclass(frozen=True, slots=True)
class Found:
    """A remote thing that answers to a delivery (what an adapter's receipt says of it)."""

    remote_id: str
    author_id: str
    url: str = ""
    ref: dict[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    scheduled: bool = False


def row_of(reader: Reader, delivery_id: int) -> Any:
    """Return the whole row by column name; raises Invalid (code `delivery_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM delivery WHERE id = ?", (delivery_id,))
    if row is None:
        raise Invalid(f"there is no delivery {delivery_id}", code="delivery_unknown", detail=str(delivery_id))
    return row


def move(
    tx: Transaction,
    row: Any,
    state: DeliveryState,
    *,
    code: str = "",
    detail: str = "",
    next_at: datetime | None = None,
) -> DeliveryState:
    """Put a delivery into `state` with the reason's code; the conversation it answers shows it too."""
    tx.conn.execute(
        "UPDATE delivery SET state_at = CASE WHEN state = ?1 THEN state_at ELSE ?2 END,"
        " dismissed_at = CASE WHEN state = ?1 THEN dismissed_at END, state = ?1, reason_code = ?3, reason_detail = ?4,"
        " next_at = ?5 WHERE id = ?6",
        (state, tx.now_ms, code, detail[:500], None if next_at is None else to_ms(next_at), row["id"]),
    )
    touch(tx, row)
    return state


def touch(tx: Transaction, row: Any) -> None:
    """Announce a changed delivery and what shows it."""
    tx.touch(Topic.DELIVERY, row["brand_id"], row["id"])
    tx.touch(Topic.POST, row["brand_id"], row["post_id"])
    if row["conversation_id"] is not None:
        refresh_outgoing(tx, [row["conversation_id"]])
        refresh_due(tx, [row["conversation_id"]], brand_id=row["brand_id"])
        tx.touch(Topic.CONVERSATION, row["brand_id"], row["conversation_id"])
        tx.touch(Topic.MESSAGE, row["brand_id"])


def claimed_by_other(reader: Reader, row: Any, remote_id: str) -> bool:
    """Say whether another delivery of the account already stands for this remote thing."""
    query = "SELECT 1 FROM delivery WHERE account_id = ? AND remote_id = ? AND id <> ?"
    return reader.execute(query, (row["account_id"], remote_id, row["id"])).fetchone() is not None


def publish(tx: Transaction, row: Any, found: Found) -> DeliveryState:
    """Note that a delivery is at the network; one that a sync has already brought is confirmed at once."""
    state = State.HANDED_OFF if found.scheduled else State.PUBLISHED
    published_at = None if found.scheduled else to_ms(found.created_at or tx.now)
    tx.conn.execute(
        "UPDATE delivery SET remote_id = ?, remote_url = ?, remote_ref = ?, published_at = ? WHERE id = ?",
        (found.remote_id, found.url, dump(found.ref), published_at, row["id"]),
    )
    move(tx, row, state)
    if row["cancel_wanted"]:
        # The person took it back while nobody knew: it turned up, so it is deleted there.
        from cmdesk.store.outbox_actions import queue_action

        queue_action(
            tx,
            account_id=row["account_id"],
            act="cancel_scheduled" if found.scheduled else "delete",
            target={"remote_id": found.remote_id, "ref": found.ref, "visibility": row["visibility"]},
            delivery_id=row["id"],
        )
    if found.scheduled:
        if not row["cancel_wanted"]:
            # On its way to the network's own scheduler when a crisis began: it is asked back like the others.
            from cmdesk.store.crisis import recall_held

            recall_held(tx, row_of(tx.conn, row["id"]))
        return state
    # The next part of a thread waited for this one's name.
    tx.conn.execute(
        "UPDATE delivery SET next_at = NULL WHERE post_id = ? AND revision = ? AND account_id = ? AND part = ?"
        " AND state = 'ready'",
        (row["post_id"], row["revision"], row["account_id"], row["part"] + 1),
    )
    return _confirm_known(tx, row, found.remote_id) or state


def confirm(tx: Transaction, row: Any, verified: str) -> None:
    """Note that a normal sync has seen a published delivery, and how what it saw differs."""
    tx.conn.execute(
        "UPDATE delivery SET confirmed_at = coalesce(confirmed_at, ?1),"
        " published_at = coalesce(published_at, ?1), verified = ?2 WHERE id = ?3",
        (tx.now_ms, verified, row["id"]),
    )
    move(tx, row, State.CONFIRMED, code=row["reason_code"] if row["reason_code"] == "twin" else "")


def words_of(kind: str, written: str) -> str:
    """Return the comparable words of a text; an answer's without the names it begins with.

    A network that needs the name of whom it answers gets it from its adapter, not from the person.
    """
    plain = text.comparable(written)
    return plain if kind == "post" else _NAMES.sub("", plain)


def differences(
    row: Any, *, seen_text: str, media: int, alts: tuple[str, ...] | None, visibility: str, spoiler: str | None = None
) -> str:
    """Compare a sealed row with what the network shows: 'ok' or the names of what differs (N4)."""
    sealed = load(row["media"])
    found: list[str] = []
    if words_of(row["kind"], seen_text) != words_of(row["kind"], row["text"]):
        found.append("text")
    if spoiler is not None and text.comparable(spoiler) != text.comparable(row["spoiler"]):
        found.append("spoiler")
    if media != len(sealed):
        found.append("media")
    elif alts is not None and [text.comparable(item[1]) for item in sealed] != [text.comparable(alt) for alt in alts]:
        found.append("alt")
    if visibility and row["visibility"] and visibility != row["visibility"]:
        found.append("visibility")
    return ",".join(found) or "ok"


def _confirm_known(tx: Transaction, row: Any, remote_id: str) -> DeliveryState | None:
    """Confirm with what a sync stored before anybody knew that it was ours."""
    key = (row["account_id"], remote_id)
    post = fetch_one(tx.conn, "SELECT * FROM publication WHERE account_id = ? AND remote_id = ?", key)
    said = fetch_one(tx.conn, "SELECT * FROM message WHERE account_id = ? AND remote_id = ?", key)
    if post is None and said is None:
        return None
    tx.conn.execute("UPDATE publication SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", (row["id"], *key))
    tx.conn.execute("UPDATE message SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", (row["id"], *key))
    if said is not None:
        pictures = load(said["attachments"]) or []
        alts = tuple(str(each.get("alt", "")) for each in pictures if isinstance(each, dict))
        verified = differences(
            row, seen_text=said["text"], media=len(pictures), alts=alts, visibility=said["visibility"]
        )
    else:
        verified = differences(
            row,
            seen_text=post["text"],
            media=post["media_count"],
            alts=(post["media_alt"],) if post["media_count"] == 1 else None,
            visibility=post["visibility"],
        )
    confirm(tx, row_of(tx.conn, row["id"]), verified)
    return State.CONFIRMED
