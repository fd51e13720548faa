"""Decisions that need evidence first: nothing is hidden, reported or deleted before it was frozen, with a reason.

The freezing and the deed are one transaction (W2, W3). What is frozen stays: there is no command to take it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cmdesk.care.evidence import RENDERED, Deed, KeptFile, Why
from cmdesk.commands import inbox as inbox_commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Direction, IgnoreReason, Message
from cmdesk.store import accounts, evidence, inbox
from cmdesk.store.db import Transaction

LONGEST_NOTE = 10_000
_IGNORED_AS = {Why.SPAM: IgnoreReason.SPAM, Why.FALSE_CLAIM: IgnoreReason.UNFOUNDED}


def freeze(
    tx: Transaction, *, message_id: int, reason: str, note: str = "", files: Sequence[KeptFile] = (),
    deed: Deed = Deed.KEPT,
) -> int:  # fmt: skip
    """Freeze a message as it is known here, with these pictures, and return the record's id.

    A picture of the message that is not among `files` is recorded by its address as not at hand. Raises Invalid
    (`evidence_reason`, `too_long`) and Conflict (`message_gone`).
    """
    if reason not in set(Why):
        raise Invalid(f"{reason!r} is no reason", code="evidence_reason", detail=reason)
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid("the note is too long", code="too_long", detail=str(len(words) - LONGEST_NOTE))
    message = _message(tx, message_id)
    return evidence.add(
        tx,
        brand_id=message.brand_id,
        conversation_id=message.conversation_id,
        message_id=message.id if message.id > 0 else None,
        reason=reason,
        note=words,
        content=_content(tx, message, files, deed),
        files=files,
    )


def hide(
    tx: Transaction, *, message_id: int, reason: str, note: str = "", files: Sequence[KeptFile] = (),
    report: bool = False,
) -> int:  # fmt: skip
    """Freeze somebody's message and put its conversation away here as ignored; returns the record's id.

    Nothing changes on the network: reporting and muting are done on its own page (`report` notes that it is meant).
    Undo opens the conversation again; the record stays. Raises as `freeze`, and Invalid (`own_message`).
    """
    message = _message(tx, message_id)
    if message.direction is Direction.OUT:
        raise Invalid("an own message is deleted, not hidden", code="own_message", detail=str(message_id))
    record = freeze(
        tx, message_id=message_id, reason=reason, note=note, files=files, deed=Deed.REPORTED if report else Deed.HIDDEN
    )
    as_ = _IGNORED_AS.get(Why(reason), IgnoreReason.TROLL)
    inbox_commands.ignore(tx, conversation_ids=[message.conversation_id], reason=as_)
    return record


def delete_answer(
    tx: Transaction, *, message_id: int, reason: str, note: str = "", files: Sequence[KeptFile] = ()
) -> int:
    """Freeze an own answer, then delete it at the network; returns the record's id. Raises as `freeze`, and Invalid."""
    record = freeze(tx, message_id=message_id, reason=reason, note=note, files=files, deed=Deed.DELETED)
    inbox_commands.delete_answer(tx, message_id=message_id)
    return record


def _message(tx: Transaction, message_id: int) -> Message:
    message = inbox.message(tx.conn, message_id)
    if message is None:
        raise Conflict("the message is gone", code="message_gone", detail=str(message_id))
    return message


def _content(tx: Transaction, message: Message, files: Sequence[KeptFile], deed: Deed) -> dict[str, object]:
    account = accounts.account(tx.conn, message.account_id)
    person = evidence.author(tx.conn, message.identity_id)
    kept = {each.url: each for each in files if each.url}
    shown = next((each for each in files if each.role == RENDERED), None)
    return {
        "deed": deed.value,
        "network": account.network,
        "server": account.server,
        "account": account.handle,
        "direction": message.direction.value,
        "kind": message.kind,
        "visibility": message.visibility,
        "remote_id": message.remote_id,
        "parent_id": message.parent_id,
        "url": message.url,
        "author": {
            "name": message.author,
            "handle": message.handle,
            "remote_id": account.remote_id if person is None else person.remote_id,
            "profile_url": "" if person is None else person.profile_url,
            "followers": None if person is None else person.followers,
        },
        "text": message.text,
        "spoiler": message.spoiler,
        "language": message.language,
        "mentions": list(message.mentions),
        "created_at": _iso(message.created_at),
        "edited_at": _iso(message.edited_at),
        "deleted_at": _iso(message.deleted_at),
        "frozen_at": _iso(tx.now),
        "edits": [{"at": _iso(at), "text": text} for at, text in message.edits],
        "attachments": [
            {
                "kind": each.kind,
                "url": each.url,
                "alt": each.alt,
                "file": kept[each.url].name if each.url in kept else "",
                "at_hand": each.url in kept,
            }
            for each in message.attachments
        ],
        "rendered": "" if shown is None else shown.name,
    }


def _iso(at: datetime | None) -> Any:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
