"""How a delivery's row changes state: one door, used by the machine's side and the person's side alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import DeliveryState
from cmdesk.planning.abilities import CARD_PLACE, QUOTES, REPLIES
from cmdesk.planning.content import card_of, poll_of
from cmdesk.planning.verifying import EVERYBODY, PUBLIC, Sealed, Shown, differences
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_outgoing
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.outbox_threads import parent_id
from cmdesk.store.rows import dump, fetch_one, ids_json, load, moment, scalar

State = DeliveryState

# The network is asked to give back what it holds for later.
ASKING_BACK = "asking_back"

# What of an item counts as its media; a card under a link does not.
MEDIA_KINDS = frozenset({"image", "video", "audio", "other"})


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
    if row["cancel_wanted"] and _moved(tx.conn, row):
        # Another hour of it waits: it was to be moved, not deleted. That one ends as "already out".
        tx.conn.execute("UPDATE delivery SET cancel_wanted = 0 WHERE id = ?", (row["id"],))
    elif row["cancel_wanted"]:
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
    return _confirm_known(tx, row, found.remote_id) or state


def confirm(tx: Transaction, row: Any, verified: str) -> None:
    """Note that a normal sync has seen a published delivery, and how what it saw differs."""
    tx.conn.execute(
        "UPDATE delivery SET confirmed_at = coalesce(confirmed_at, ?1),"
        " published_at = coalesce(published_at, ?1), verified = ?2 WHERE id = ?3",
        (tx.now_ms, verified, row["id"]),
    )
    move(tx, row, State.CONFIRMED, code=row["reason_code"] if row["reason_code"] == "twin" else "")


def sealed_of(reader: Reader, row: Any) -> Sealed:
    """Return what was sealed in a row, as it is compared with what the network shows.

    What the network does not have at all (a content warning, an audience) was told before it was sealed and is no
    difference afterwards.
    """
    able = load(scalar(reader, "SELECT capabilities FROM account WHERE id = ?", (row["account_id"],))) or {}
    audiences: list[str] = able.get("visibilities") or []
    known = row["kind"] == "direct" or not audiences or row["visibility"] in audiences
    media, options = load(row["media"]), load(row["options"])
    poll, card, target = poll_of(options.get("poll")), card_of(options.get("card")), load(row["reply_to"]) or {}
    mimes = dict(
        reader.execute("SELECT id, mime FROM media WHERE id IN (SELECT value FROM json_each(?))",
                       (ids_json(each[0] for each in media),)).fetchall()
    )  # fmt: skip
    uploads = dict(
        reader.execute("SELECT position, remote FROM delivery_upload WHERE delivery_id = ?", (row["id"],)).fetchall()
    )
    answered = parent_id(reader, row)
    return Sealed(
        kind=row["kind"],
        text=row["text"],
        due_at=from_ms(row["due_at"]),
        author_id=row["expected_author"],
        spoiler=row["spoiler"] if able.get("content_warning", True) else "",
        visibility=row["visibility"] if known else audiences[0],
        language=row["language"],
        alts=tuple(each[1] for each in media),
        kinds=tuple("video" if mimes.get(each[0], "").startswith("video/") else "image" for each in media),
        choices=() if poll is None else poll.options,
        card_url="" if card is None else card.url,
        card_title="" if card is None else card.title,
        card_upload=uploads.get(CARD_PLACE, ""),
        uploads=tuple(uploads.get(place, "") for place in range(len(media))),
        replies=str(options.get(REPLIES) or EVERYBODY),
        quotes=str(options.get(QUOTES) or PUBLIC),
        parent_id=str(target.get("remote_id", "")) if answered is None else answered,
        part=row["part"],
        attempted_at=moment(row["last_attempt_at"]),
        hand_off=bool(row["hand_off"]),
        told_late=bool(row["approved_late"]),
    )


def _moved(reader: Reader, row: Any) -> bool:
    """Say whether another sealing of the same place waits to go out instead of this one."""
    query = (
        "SELECT 1 FROM delivery WHERE post_id = ? AND account_id = ? AND part = ? AND revision > ?"
        " AND state <> 'cancelled' LIMIT 1"
    )
    key = (row["post_id"], row["account_id"], row["part"], row["revision"])
    return reader.execute(query, key).fetchone() is not None


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
        pictures = [each for each in load(said["attachments"]) or [] if isinstance(each, dict)]
        films = [each for each in pictures if each.get("kind") in MEDIA_KINDS]
        shown = Shown(
            said["text"],
            media=len(films),
            alts=tuple(str(each.get("alt", "")) for each in films),
            visibility=said["visibility"],
            created_at=from_ms(said["created_at"]),
        )
    else:
        shown = Shown(
            post["text"],
            media=post["media_count"],
            alts=(post["media_alt"],) if post["media_count"] == 1 and post["media_alt"] else None,
            spoiler=post["spoiler"],
            visibility=post["visibility"],
            language=post["language"],
            created_at=from_ms(post["created_at"]),
        )
    confirm(tx, row_of(tx.conn, row["id"]), differences(sealed_of(tx.conn, row_of(tx.conn, row["id"])), shown))
    return State.CONFIRMED
