"""Decisions about promises: what was said to be done by a time, and the interim answer that says it (D12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cmdesk.care.values import Promise
from cmdesk.clock import to_ms
from cmdesk.commands import inbox as answering
from cmdesk.commands.case_deed import Deed, restore, to_come, words
from cmdesk.commands.unwanted import guard_person
from cmdesk.errors import Conflict, Invalid
from cmdesk.store import cases, inbox
from cmdesk.store.db import Transaction
from cmdesk.store.journal import Was


def promise(
    tx: Transaction, *, conversation_id: int | None = None, case_id: int | None = None, text: str, due_at: datetime
) -> int:
    """Write a promise down and return its id; it belongs to the open case of its conversation.

    Raises Invalid (`promise_empty`, `promise_past`, `promise_of_nothing`), Conflict (`case_closed`).
    """
    deed = Deed(tx)
    promise_id = _promise(deed, conversation_id=conversation_id, case_id=case_id, text=text, due_at=due_at)
    deed.finish("promise")
    return promise_id


def interim(
    tx: Transaction,
    *,
    conversation_id: int,
    text: str,
    due_at: datetime,
    visibility: str | None = None,
    media: Sequence[tuple[int, str]] = (),
    message_id: int | None = None,
    name_everyone: bool = False,
    now: bool = False,
    said: str = "",
    sure: bool = False,
    anyway: bool = False,
) -> int:
    """Answer "we are on it" and keep the promise it makes, in one transaction; returns the delivery's id.

    `said` is the sentence of the answer that promises, the whole answer when it is empty. Raises as `reply` and
    `promise` do, and changes nothing then; somebody who wants to be left alone is promised nothing unless one writes
    `anyway` (Conflict `opted_out`, U11). Taking it back takes both back.
    """
    deed = Deed(tx)
    if not anyway:
        conversation = inbox.conversation(tx.conn, conversation_id)
        guard_person(tx, conversation, answering.answered(tx, conversation, message_id), writes_first=True)
    _promise(deed, conversation_id=conversation_id, case_id=None, text=said or text, due_at=due_at)
    delivery_id = answering.reply(
        tx,
        conversation_id=conversation_id,
        text=text,
        visibility=visibility,
        media=media,
        message_id=message_id,
        name_everyone=name_everyone,
        now=now,
        sure=sure,
        anyway=True,
    )
    deed.finish("interim")
    tx.undoable("interim", undo_interim, delivery_id=delivery_id, was=deed.was)
    return delivery_id


def undo_interim(tx: Transaction, *, delivery_id: int, was: Sequence[Was]) -> None:
    """Take an interim answer and its promise back; raises Conflict (`already_out`) once it has left: both stay."""
    answering.undo_reply(tx, delivery_id=delivery_id)
    restore(tx, was=was)
    tx.undo = None


def keep_promise(tx: Transaction, *, promise_id: int, kept: bool = True) -> None:
    """Say that a promise was kept, or that it was not after all."""
    deed = Deed(tx)
    found = cases.promise(tx.conn, promise_id)
    if kept and found.withdrawn_at is not None:
        raise Conflict("the promise was withdrawn", code="promise_over", detail=str(promise_id))
    if not kept and found.case_id is not None:
        deed.case(found.case_id)  # a closed case has no open promise
    if kept is not (found.kept_at is not None):
        deed.put("promise", promise_id, kept_at=tx.now_ms if kept else None)
        _note(deed, found, "promise_kept" if kept else "promise", text=found.text)
    deed.finish("keep_promise" if kept else "unkeep_promise")


def move_promise(tx: Transaction, *, promise_id: int, due_at: datetime) -> None:
    """Give a promise another time: it comes up again then; raises Invalid (`promise_past`), Conflict."""
    deed = Deed(tx)
    found = _open(tx, promise_id)
    due = to_come(tx, due_at, "promise_past")
    if deed.put("promise", promise_id, due_at=due):
        deed.put("promise", promise_id, noticed_at=None)
        _note(deed, found, "promise_moved", text=found.text, **{"from": to_ms(found.due_at)}, due=due)
    deed.finish("move_promise")


def withdraw_promise(tx: Transaction, *, promise_id: int) -> None:
    """Take a promise away because it no longer holds; it no longer stands in the way of closing."""
    deed = Deed(tx)
    found = _open(tx, promise_id)
    deed.put("promise", promise_id, withdrawn_at=tx.now_ms)
    _note(deed, found, "promise_withdrawn", text=found.text)
    deed.finish("withdraw_promise")


def _promise(deed: Deed, *, conversation_id: int | None, case_id: int | None, text: str, due_at: datetime) -> int:
    tx = deed.tx
    said = words(text, "promise_empty")
    due = to_come(tx, due_at, "promise_past")
    if case_id is None and conversation_id is not None:
        talk = inbox.conversation(tx.conn, conversation_id)
        conversation_id = talk.merged_into or talk.id
        case_id = cases.case_of(tx.conn, conversation_id)
    if case_id is not None:
        found = deed.case(case_id)
        brand_id, contact_id = found.brand_id, found.contact_id
        conversation_id = conversation_id or found.conversation_id
    elif conversation_id is not None:
        found = None
        talk = inbox.conversation(tx.conn, conversation_id)
        brand_id, contact_id = talk.brand_id, talk.contact_id
    else:
        raise Invalid("a promise is made to somebody", code="promise_of_nothing", detail="conversation_id")
    promise_id = deed.add(
        "promise", brand_id=brand_id, case_id=case_id, conversation_id=conversation_id, text=said, due_at=due,
        made_at=tx.now_ms,
    )  # fmt: skip
    deed.note(
        "promise", brand_id=brand_id, case=found, conversation_id=conversation_id, contact_id=contact_id, text=said,
        detail={"promise": promise_id, "due": due},
    )  # fmt: skip
    return promise_id


def _open(tx: Transaction, promise_id: int) -> Promise:
    found = cases.promise(tx.conn, promise_id)
    if not found.open:
        raise Conflict("the promise is kept or withdrawn", code="promise_over", detail=str(promise_id))
    return found


def _note(deed: Deed, found: Promise, kind: str, *, text: str, **detail: object) -> None:
    about = None if found.case_id is None else deed.case(found.case_id, closed=True)
    deed.note(
        kind, brand_id=found.brand_id, case=about, conversation_id=found.conversation_id, text=text,
        detail={"promise": found.id, "due": to_ms(found.due_at), **detail},
    )  # fmt: skip
