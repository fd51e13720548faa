"""Thanking somebody who said something good: the answer and the end of the matter in one decision (D4, R2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmdesk.commands import inbox as answering
from cmdesk.commands.unwanted import guard_person
from cmdesk.errors import Invalid
from cmdesk.model import ConversationState
from cmdesk.store import inbox, library
from cmdesk.store.db import Transaction
from cmdesk.store.inbox import StateBefore


def thank(
    tx: Transaction, *, texts: Mapping[int, str], template_ids: Sequence[int] = (), anyway: bool = False
) -> list[int]:
    """Answer conversations of one brand with their texts and solve them; returns the deliveries' ids.

    All or none: raises as `reply` does, Invalid (`wrong_brand`) for conversations of several brands, and Conflict
    (`opted_out`) where somebody wants to be left alone: thanks can be spared, unless one writes `anyway` (U11). Undo
    takes every answer back and opens them again. `template_ids` counts the uses of templates.
    """
    found = inbox.conversations_by_id(tx.conn, texts)
    brands = {each.brand_id for each in found.values()}
    if len(brands) > 1:
        raise Invalid("conversations of several brands", code="wrong_brand", detail=",".join(map(str, sorted(brands))))
    for one in () if anyway else found.values():
        guard_person(tx, one, answering.answered(tx, one, None), writes_first=True)
    deliveries = [answering.reply(tx, conversation_id=each, text=text, anyway=True) for each, text in texts.items()]
    before = inbox.set_state(tx, list(texts), ConversationState.SOLVED)
    for each in template_ids:
        library.note_used(tx, each)
    if deliveries:
        tx.undoable("thank", undo_thank, delivery_ids=deliveries, before=tuple(before), detail=str(len(deliveries)))
    return deliveries


def undo_thank(tx: Transaction, *, delivery_ids: Sequence[int], before: Sequence[StateBefore]) -> None:
    """Take thanks back before they leave; raises Conflict (`already_out`) when one has left, and changes nothing."""
    for each in delivery_ids:
        answering.undo_reply(tx, delivery_id=each)
    inbox.restore_states(tx, before)
    tx.undo = None
