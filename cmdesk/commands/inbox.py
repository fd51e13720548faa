"""Decisions about conversations: answering, solving, putting off, noting, labelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cmdesk import config
from cmdesk.care.answering import handles_to_keep, with_handles
from cmdesk.commands.reviewing import guard_answer
from cmdesk.commands.unwanted import guard_person
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import (
    Account,
    Conversation,
    ConversationState,
    Delivery,
    DeliveryState,
    Direction,
    IgnoreReason,
    Message,
    Target,
    Waiting,
)
from cmdesk.planning.review import Picture, destination, errors, review
from cmdesk.store import accounts, inbox, media as pictures, outbox, planning, settings
from cmdesk.store.db import Transaction
from cmdesk.store.inbox import StateBefore

DIRECT = "direct"
# Nothing of an answer has left the machine in these.
_STILL_HERE = frozenset({DeliveryState.QUEUED, DeliveryState.READY, DeliveryState.BACKOFF, DeliveryState.BLOCKED_AUTH})


def reply(
    tx: Transaction,
    *,
    conversation_id: int,
    text: str,
    visibility: str | None = None,
    media: Sequence[tuple[int, str]] = (),
    message_id: int | None = None,
    name_everyone: bool = False,
    now: bool = False,
    sure: bool = False,
    anyway: bool = False,
) -> int:
    """Answer a conversation from the account that received it and return the delivery's id.

    The answer is held for the seconds in which it can be taken back, unless `now`. It answers `message_id`, or the
    last message that came in, with that message's visibility unless another is chosen. Where a network delivers by
    mention, the person's handle is put before the text if it is not in it, with `name_everyone` also those of the
    others who were named. Raises Invalid (`empty_text`, `nothing_to_answer`, what `review` found) and Conflict, also
    (`names_other_brand`) where it names another brand and the person is not `sure` (N11), and (`opted_out`) where
    somebody who wants to be left alone would be written to first, unless one writes `anyway` (U11).
    """
    if not text.strip() and not media:
        raise Invalid("there is nothing to say", code="empty_text", detail="text")
    conversation = inbox.conversation(tx.conn, conversation_id)
    message = answered(tx, conversation, message_id)
    if message.conversation_id != conversation_id:
        # What was merged keeps its own account and thread: that is where its words are answered.
        conversation = inbox.conversation(tx.conn, message.conversation_id)
    if not anyway:
        guard_person(tx, conversation, message)
    direct = conversation.kind == DIRECT or message.visibility == DIRECT
    seen_by = DIRECT if direct else visibility or message.visibility
    account = accounts.account(tx.conn, conversation.account_id)
    handles = handles_to_keep(
        account.network, author=message.ref.get("acct") or message.handle, mentions=message.mentions, own=account.handle
    )
    if not sure:
        guard_answer(tx.conn, conversation.brand_id, text, to=message, handles=(*handles, *message.mentions))
    text = with_handles(text, handles if name_everyone else handles[:1])
    check_answer(tx, account, text, media)
    post_id = planning.save_post(
        tx,
        brand_id=conversation.brand_id,
        text=text,
        targets=[Target(conversation.account_id)],
        media=media,
        language=conversation.language,
        spoiler=message.spoiler,
        visibility=seen_by,
        kind=DIRECT if direct else "reply",
        conversation_id=conversation.id,
    )
    thread_id = conversation.remote_id if conversation.kind == DIRECT else ""
    delivery_id = seal_answer(tx, post_id, message, thread_id=thread_id, now=now)
    inbox.save_draft(tx, conversation_id, "")
    inbox.mark_read(tx, [conversation_id])
    tx.undoable("reply", undo_reply, delivery_id=delivery_id, detail=conversation.author)
    return delivery_id


def undo_reply(tx: Transaction, *, delivery_id: int) -> None:
    """Take an answer back before it leaves: it is a draft again. Raises Conflict (`already_out`) once it has left."""
    delivery = take_back(tx, delivery_id)
    if delivery.conversation_id is not None:
        home = inbox.conversation(tx.conn, delivery.conversation_id)
        inbox.save_draft(
            tx, home.merged_into or home.id, delivery.text, visibility=delivery.visibility, media=delivery.media
        )


def seal_answer(tx: Transaction, post_id: int, message: Message, *, thread_id: str = "", now: bool = False) -> int:
    """Seal a post as the answer to a message, held for the seconds in which it can be taken back unless `now`.

    Raises Conflict (`window_closed`) where the network takes no answer any more (N15).
    """
    until = inbox.conversation(tx.conn, message.conversation_id).window_until
    if until is not None and until <= tx.now:
        ended = until.strftime("%Y-%m-%d %H:%M UTC")
        raise Conflict("the network takes no answer here any more", code="window_closed", detail=ended)
    hold = 0 if now else _whole(tx, "undo_seconds")
    (delivery_id,) = outbox.seal(
        tx,
        post_id,
        due_at=tx.now + timedelta(seconds=hold),
        late_grace_s=60 * _whole(tx, "late_reply_minutes"),
        reply_to={
            "remote_id": message.remote_id,
            "ref": dict(message.ref),
            "visibility": message.visibility,
            "thread_id": thread_id,
        },
    )
    return delivery_id


def take_back(tx: Transaction, delivery_id: int) -> Delivery:
    """Cancel an answer that is still here and return it as it was; raises Conflict (`already_out`) once it has left."""
    delivery = outbox.delivery(tx.conn, delivery_id)
    if delivery.state not in _STILL_HERE or delivery.attempts or delivery.conversation_id is None:
        raise Conflict("the answer has left", code="already_out", detail=str(delivery_id))
    outbox.cancel(tx, delivery_id)
    return delivery


def like(tx: Transaction, *, message_id: int, on: bool = True) -> None:
    """Like a message in the name of the account that received it, or take the like back."""
    _react(tx, message_id, "like" if on else "unlike")
    tx.undoable("like" if on else "unlike", like, message_id=message_id, on=not on)


def boost(tx: Transaction, *, message_id: int, on: bool = True) -> None:
    """Boost a message in the name of the account that received it, or take the boost back."""
    _react(tx, message_id, "boost" if on else "unboost")
    tx.undoable("boost" if on else "unboost", boost, message_id=message_id, on=not on)


def delete_answer(tx: Transaction, *, message_id: int) -> int:
    """Delete an own answer at the network; returns the action's id. Raises Invalid for somebody else's message."""
    message = _message(tx, message_id)
    if message.direction is not Direction.OUT:
        raise Invalid("only own messages can be deleted", code="not_own", detail=str(message_id))
    seen = message.id > 0  # else only its delivery is known: no stream has shown it yet
    return outbox.queue_action(
        tx,
        account_id=message.account_id,
        act="delete",
        target=_target(message),
        message_id=message.id if seen else None,
        delivery_id=None if seen else message.delivery_id,
    )


def solve(tx: Transaction, *, conversation_ids: Iterable[int]) -> int:
    """Mark conversations as solved; returns how many changed."""
    return _put(tx, "solve", conversation_ids, ConversationState.SOLVED)


def reopen(tx: Transaction, *, conversation_ids: Iterable[int]) -> int:
    """Put conversations back among the open ones."""
    return _put(tx, "reopen", conversation_ids, ConversationState.OPEN)


def ignore(tx: Transaction, *, conversation_ids: Iterable[int], reason: str) -> int:
    """Leave conversations without an answer, for a reason that is kept (D7)."""
    if reason not in set(IgnoreReason):
        raise Invalid(f"{reason!r} is no reason to ignore", code="ignore_reason", detail="reason")
    return _put(tx, "ignore", conversation_ids, ConversationState.IGNORED, reason=reason)


def snooze(tx: Transaction, *, conversation_ids: Iterable[int], until: datetime) -> int:
    """Put conversations away until a time; a new message wakes them earlier."""
    if until.tzinfo is None or until <= tx.now:
        raise Invalid("snooze until a time that is still to come", code="snooze_past", detail="until")
    return _put(tx, "snooze", conversation_ids, ConversationState.SNOOZED, until=until)


def wait(tx: Transaction, *, conversation_ids: Iterable[int], waiting_for: str) -> int:
    """Say for whom conversations wait: the person or the client (D6)."""
    if waiting_for not in set(Waiting):
        raise Invalid(f"{waiting_for!r} is nobody to wait for", code="waiting_for", detail="waiting_for")
    return _put(tx, "wait", conversation_ids, ConversationState.WAITING, waiting_for=waiting_for)


def restore_states(tx: Transaction, *, before: Sequence[StateBefore]) -> None:
    """Take back a decision about states, or do it again."""
    now = inbox.restore_states(tx, before)
    tx.undoable("restore_states", restore_states, before=tuple(now), detail=str(len(now)))


def mark_read(tx: Transaction, *, conversation_ids: Iterable[int], read: bool = True) -> int:
    """Mark conversations as read or unread; returns how many changed."""
    changed = inbox.mark_read(tx, list(conversation_ids), read)
    if changed:
        tx.undoable(
            "mark_read" if read else "mark_unread",
            mark_read,
            conversation_ids=changed,
            read=not read,
            detail=str(len(changed)),
        )
    return len(changed)


def save_draft(
    tx: Transaction,
    *,
    conversation_id: int,
    text: str,
    visibility: str = "",
    media: Sequence[tuple[int, str]] = (),
    promise_at: datetime | None = None,
    closes_case: int = 0,
) -> None:
    """Keep what is being written; it survives the end of the program. An empty text removes it."""
    inbox.save_draft(
        tx,
        conversation_id,
        text,
        visibility=visibility,
        media=media,
        promise_at=promise_at,
        closes_case=closes_case,
    )


def add_note(tx: Transaction, *, conversation_id: int, text: str) -> None:
    """Add a note that only this desk sees; raises Invalid for an empty one."""
    inbox.add_note(tx, conversation_id, text)


def set_priority(tx: Transaction, *, conversation_ids: Iterable[int], priority: int) -> int:
    """Put conversations to the top of the urgent order (1) or back (0); returns how many changed."""
    if not 0 <= priority <= 3:
        raise Invalid("a priority is 0 to 3", code="priority", detail="priority")
    before = inbox.set_priority(tx, list(conversation_ids), priority)
    if before:
        tx.undoable("set_priority", restore_priorities, before=before, detail=str(len(before)))
    return len(before)


def restore_priorities(tx: Transaction, *, before: dict[int, int]) -> None:
    """Take back a change of priority, or do it again."""
    now: dict[int, int] = {}
    for priority in set(before.values()):
        now |= inbox.set_priority(tx, [each for each, was in before.items() if was == priority], priority)
    if now:
        tx.undoable("set_priority", restore_priorities, before=now, detail=str(len(now)))


def add_label(tx: Transaction, *, brand_id: int, name: str, color: str = "") -> int:
    """Make a label of a brand (or find it) and return its id; raises Invalid for an empty name."""
    return inbox.add_label(tx, brand_id=brand_id, name=name, color=color)


def set_labels(tx: Transaction, *, conversation_ids: Iterable[int], label_ids: Iterable[int], on: bool = True) -> None:
    """Put labels on conversations, or take them off."""
    ids, labels = list(conversation_ids), list(label_ids)
    had = inbox.labels_of(tx.conn, ids)
    inbox.set_labels(tx, ids, labels, on)
    moved = [each for each in ids if on is not set(labels).issubset({label.id for label in had.get(each, ())})]
    if moved:
        tx.undoable(
            "set_labels", set_labels, conversation_ids=moved, label_ids=labels, on=not on, detail=str(len(moved))
        )


def _put(
    tx: Transaction,
    name: str,
    conversation_ids: Iterable[int],
    state: ConversationState,
    *,
    reason: str = "",
    until: datetime | None = None,
    waiting_for: str = "",
) -> int:
    before = inbox.set_state(tx, list(conversation_ids), state, reason=reason, until=until, waiting_for=waiting_for)
    if before:
        tx.undoable(name, restore_states, before=tuple(before), detail=str(len(before)))
    return len(before)


def _whole(tx: Transaction, key: str) -> int:
    return int(config.value_or_default(key, settings.get(tx.conn, key)))


def _react(tx: Transaction, message_id: int, act: str) -> None:
    message = _message(tx, message_id)
    if message.id < 0:
        raise Conflict("the network has not shown it yet", code="message_gone", detail=str(message_id))
    outbox.queue_action(tx, account_id=message.account_id, act=act, target=_target(message), message_id=message.id)


def _message(tx: Transaction, message_id: int) -> Message:
    message = inbox.message(tx.conn, message_id)
    if message is None or message.deleted_at is not None:
        raise Conflict("the message is gone", code="message_gone", detail=str(message_id))
    return message


def _target(message: Message) -> dict[str, Any]:
    return {"remote_id": message.remote_id, "ref": dict(message.ref), "visibility": message.visibility}


def answered(tx: Transaction, conversation: Conversation, message_id: int | None) -> Message:
    """Return the message that an answer is for: the named one, else the last that came in; raises Conflict."""
    thread = [each for each in inbox.thread(tx.conn, conversation.id) if each.deleted_at is None and each.remote_id]
    if message_id is not None:
        thread = [each for each in thread if each.id == message_id]
    incoming = [each for each in thread if each.direction is Direction.IN] or thread
    if not incoming:
        raise Conflict("there is nothing left to answer", code="nothing_to_answer", detail=str(conversation.id))
    return incoming[-1]


def check_answer(tx: Transaction, account: Account, text: str, media: Sequence[tuple[int, str]]) -> None:
    """Raise Invalid with the first thing that stands in an answer's way."""
    found = errors(
        review(
            text=text,
            variants={},
            destinations=[destination(account.id, account.network, account.capabilities)],
            pictures=[Picture(pictures.media(tx.conn, each).mime, alt) for each, alt in media],
            visibility="public",
        )
    )
    if found:
        raise Invalid(f"the answer cannot go out: {found[0].code}", code=found[0].code, detail=found[0].detail)
