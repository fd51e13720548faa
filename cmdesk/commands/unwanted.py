"""People who asked to be left alone (U11): answering what they write to the brand now is fine, writing first asks."""

from __future__ import annotations

from datetime import timedelta

from cmdesk.errors import Conflict
from cmdesk.model import Conversation, Direction, Message
from cmdesk.store import inbox, voice
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.people import opted_out

CODE = "opted_out"
NOW = timedelta(days=14)
"""What was written longer ago is no longer "now"."""


def is_unwanted(reader: Reader, conversation: Conversation) -> bool:
    """Say whether the person of a conversation asked to be left alone."""
    return conversation.contact_id is not None and bool(opted_out(reader, [conversation.contact_id]))


def guard_person(tx: Transaction, conversation: Conversation, message: Message, *, writes_first: bool = False) -> None:
    """Raise Conflict (`opted_out`) where the person asked to be left alone and does not wait for an answer.

    Fine is the first answer to what they said to the brand within the last days; with `writes_first` not even that: a
    private message, thanks or a promise of more are more than they asked for. What was only heard somewhere (a hit of
    listening) was not said to the brand.
    """
    if is_unwanted(tx.conn, conversation) and (writes_first or not _waits(tx, message)):
        raise Conflict(f"{conversation.author} wants to be left alone", code=CODE, detail=conversation.author)


def _waits(tx: Transaction, message: Message) -> bool:
    """Whether a message was said to the brand lately and is not answered yet."""
    if message.direction is not Direction.IN or message.created_at < tx.now - NOW:
        return False
    if voice.only_heard(tx.conn, message):
        return False
    thread = inbox.thread(tx.conn, message.conversation_id)
    return not any(each.direction is Direction.OUT and each.created_at > message.created_at for each in thread)
