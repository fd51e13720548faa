"""Decisions about moving a public conversation to a private one, and closing it in public afterwards (Q14, N25)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from cmdesk.care.answering import handles_to_keep, with_handles
from cmdesk.care.values import Case, PublicClose
from cmdesk.commands import inbox as answering
from cmdesk.commands.case_deed import Deed, restore
from cmdesk.commands.reviewing import guard_answer
from cmdesk.commands.unwanted import guard_person
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Conversation, ConversationState, Direction, Message, Target, Waiting
from cmdesk.store import accounts, cases, inbox, planning
from cmdesk.store.conversations import NOT_YET
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean
from cmdesk.store.journal import Was

_PREVIEW = 200


def go_private(
    tx: Transaction,
    *,
    conversation_id: int,
    text: str,
    message_id: int | None = None,
    now: bool = False,
    sure: bool = False,
    anyway: bool = False,
) -> int:
    """Answer a public conversation privately, from the same account, and return the delivery's id.

    The private talk is a conversation of its own from here on: what the person answers there arrives in it, and the
    case knows both. Raises Invalid (`empty_text`, `already_private`, `no_private` where the network cannot, what
    `review` found), Conflict (`nothing_to_answer`, `names_other_brand`, and `opted_out`: somebody who wants to be left
    alone gets no private message unless one writes `anyway`, U11). Taking it back makes it a draft of the public
    conversation again.
    """
    if not text.strip():
        raise Invalid("there is nothing to say", code="empty_text", detail="text")
    deed = Deed(tx)
    shown = inbox.conversation(tx.conn, conversation_id)
    message = answering.answered(tx, shown, message_id)
    public = inbox.conversation(tx.conn, message.conversation_id)
    if answering.DIRECT in (public.kind, message.visibility):
        raise Invalid("the conversation is private already", code="already_private", detail=str(conversation_id))
    if not anyway:
        guard_person(tx, public, message, writes_first=True)
    account = accounts.account(tx.conn, public.account_id)
    if not account.capabilities.get("direct"):
        raise Invalid("this account has no private messages", code="no_private", detail=account.network)
    handles = handles_to_keep(
        account.network, author=message.ref.get("acct") or message.handle, mentions=(), own=account.handle
    )
    if not sure:
        guard_answer(tx.conn, public.brand_id, text, to=message, handles=handles)
    words = with_handles(text, handles)
    answering.check_answer(tx, account, words, ())
    case_id = cases.case_of(tx.conn, public.merged_into or shown.id)
    case = None if case_id is None else cases.case(tx.conn, case_id)
    private_id = _private_home(deed, public, message, case, words)
    post_id = planning.save_post(
        tx,
        brand_id=public.brand_id,
        text=words,
        targets=[Target(public.account_id)],
        language=public.language,
        visibility=answering.DIRECT,
        kind=answering.DIRECT,
        conversation_id=private_id,
    )
    delivery_id = answering.seal_answer(tx, post_id, message, now=now)
    inbox.save_draft(tx, shown.id, "")
    inbox.mark_read(tx, [shown.id])
    if case is not None:
        deed.put(
            "care_case",
            case.id,
            private_at=tx.now_ms if case.private_at is None else cases.stored(case.private_at),
            private_conversation_id=private_id,
        )
    deed.note(
        "moved_private", brand_id=public.brand_id, case=case, conversation_id=shown.id, contact_id=shown.contact_id,
        detail={"delivery": delivery_id, "conversation": private_id},
    )  # fmt: skip
    deed.finish("go_private")
    tx.undoable(
        "go_private", undo_private, delivery_id=delivery_id, conversation_id=shown.id, was=deed.was,
        detail=shown.author,
    )  # fmt: skip
    return delivery_id


def undo_private(tx: Transaction, *, delivery_id: int, conversation_id: int, was: Sequence[Was]) -> None:
    """Take a private answer back before it leaves: it is a draft of the public conversation again."""
    delivery = answering.take_back(tx, delivery_id)
    restore(tx, was=was)
    inbox.save_draft(tx, conversation_id, delivery.text, visibility=answering.DIRECT)
    tx.undo = None


def close_in_public(
    tx: Transaction, *, case_id: int, text: str, now: bool = False, sure: bool = False, anyway: bool = False
) -> int:
    """Answer where the case began, so that others see the solution (Q15, N25); returns the delivery's id.

    Raises Conflict (`nothing_to_answer`) when nothing public is left, and as `reply` does.
    """
    deed = Deed(tx)
    case = deed.case(case_id, closed=True)
    if case.conversation_id is None:
        raise Conflict("the case has no conversation", code="nothing_to_answer", detail=str(case.number))
    said = [
        each
        for each in inbox.thread(tx.conn, case.conversation_id)
        if each.direction is Direction.IN and each.deleted_at is None and each.visibility != answering.DIRECT
    ]
    if not said:
        raise Conflict("there is nothing public left to answer", code="nothing_to_answer", detail=str(case.number))
    delivery_id = answering.reply(
        tx, conversation_id=case.conversation_id, text=text, message_id=said[-1].id, now=now, sure=sure, anyway=anyway
    )  # fmt: skip
    deed.put("care_case", case_id, public_close=PublicClose.DONE.value)
    deed.note_case(case, "public_close", value=PublicClose.DONE.value)
    deed.finish("close_in_public")
    tx.undoable("close_in_public", undo_public, delivery_id=delivery_id, was=deed.was, detail=str(case.number))
    return delivery_id


def undo_public(tx: Transaction, *, delivery_id: int, was: Sequence[Was]) -> None:
    """Take the closing public comment back before it leaves."""
    answering.undo_reply(tx, delivery_id=delivery_id)
    restore(tx, was=was)
    tx.undo = None


def _private_home(deed: Deed, public: Conversation, message: Message, case: Case | None, text: str) -> int:
    """Return the conversation in which the private talk goes on: the case's, or a new one that waits for its thread."""
    tx = deed.tx
    if case is not None and case.private_conversation_id is not None:
        known = inbox.conversations_by_id(tx.conn, [case.private_conversation_id])
        for each in known.values():
            if each.account_id == public.account_id:
                if not each.messages:
                    deed.put_state(each.id, ConversationState.WAITING, waiting_for=Waiting.PERSON.value)
                return each.id
    return deed.add(
        "conversation",
        brand_id=public.brand_id,
        account_id=public.account_id,
        network=public.network,
        kind=answering.DIRECT,
        remote_id=f"{NOT_YET}{uuid.uuid4().hex}",
        contact_id=public.contact_id,
        identity_id=message.identity_id,
        state=ConversationState.WAITING.value,
        waiting_for=Waiting.PERSON.value,
        state_at=tx.now_ms,
        visibility=answering.DIRECT,
        preview=clean(text)[:_PREVIEW],
        last_at=tx.now_ms,
        language=public.language,
        context_at=tx.now_ms,
    )
