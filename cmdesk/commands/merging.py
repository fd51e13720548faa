"""Decisions about showing several conversations of one person as one, and apart again (R8)."""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.commands.case_deed import Deed, restore, same_brand
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Conversation, ConversationState
from cmdesk.store import cases, inbox, merging
from cmdesk.store.db import Transaction
from cmdesk.store.journal import Was

# The state that asks for more stays.
_ASKS = (
    ConversationState.OPEN,
    ConversationState.WAITING,
    ConversationState.SNOOZED,
    ConversationState.SOLVED,
    ConversationState.IGNORED,
)


def merge(tx: Transaction, *, conversation_id: int, into: int) -> None:
    """Show a conversation as part of another of the same brand, in time order; its answers go where its words came.

    Cases, promises, labels and the draft are the whole's from here on. Raises Invalid (`wrong_brand`, `merge_same`),
    Conflict (`merged_already`).
    """
    deed = Deed(tx)
    part = inbox.conversation(tx.conn, conversation_id)
    whole = inbox.conversation(tx.conn, merging.shown_as(tx.conn, into))
    if part.id == whole.id:
        raise Invalid("a conversation is no part of itself", code="merge_same", detail=str(into))
    same_brand(part.brand_id, whole.brand_id, conversation_id)
    if part.merged_into is not None:
        raise Conflict("the conversation is part of another", code="merged_already", detail=str(part.merged_into))
    for each in (part.id, *merging.parts_of(tx.conn, part.id)):
        deed.put("conversation", each, merged_into=whole.id)
    for case_id in cases.of_conversation(tx.conn, part.id):
        deed.put("care_case", case_id, conversation_id=whole.id)
    for promise_id in cases.promises_of(tx.conn, part.id):
        deed.put("promise", promise_id, conversation_id=whole.id)
    _join_drafts(deed, part, whole)
    asks = min((part, whole), key=lambda each: _ASKS.index(each.state))
    if asks is part and part.state is not whole.state:
        deed.put_state(whole.id, part.state, waiting_for=part.waiting_for)
        until = cases.stored(part.snooze_until)
        deed.put("conversation", whole.id, snooze_until=until, ignore_reason=part.ignore_reason)
    deed.put("conversation", whole.id, priority=max(part.priority, whole.priority))
    had = {label.id for label in inbox.labels_of(tx.conn, [whole.id]).get(whole.id, ())}
    labels = [label.id for label in inbox.labels_of(tx.conn, [part.id]).get(part.id, ()) if label.id not in had]
    inbox.set_labels(tx, [whole.id], labels)
    deed.note(
        "merged", brand_id=whole.brand_id, conversation_id=whole.id, text=part.author, detail={"conversation": part.id}
    )
    deed.finish("merge")
    _sum_up(tx, part.id, whole.id)
    tx.undoable("merge", undo_merge, part=part.id, whole=whole.id, labels=labels, was=deed.was, detail=part.author)


def undo_merge(tx: Transaction, *, part: int, whole: int, labels: Sequence[int], was: Sequence[Was]) -> None:
    """Take a merge back: both conversations are what they were before it."""
    restore(tx, was=was)
    inbox.set_labels(tx, [whole], labels, False)
    _sum_up(tx, part, whole)
    tx.undoable("merge", merge, conversation_id=part, into=whole)


def unmerge(tx: Transaction, *, conversation_id: int) -> None:
    """Show a merged conversation by itself again; what was decided about the whole stays with the whole.

    Raises Conflict (`not_merged`).
    """
    deed = Deed(tx)
    part = inbox.conversation(tx.conn, conversation_id)
    if part.merged_into is None:
        raise Conflict("the conversation is part of no other", code="not_merged", detail=str(conversation_id))
    whole = inbox.conversation(tx.conn, part.merged_into)
    deed.put("conversation", part.id, merged_into=None)
    deed.note(
        "unmerged",
        brand_id=whole.brand_id,
        conversation_id=whole.id,
        text=part.author,
        detail={"conversation": part.id},
    )
    deed.finish("unmerge")
    _sum_up(tx, part.id, whole.id)
    tx.undoable("unmerge", undo_unmerge, part=part.id, whole=whole.id, was=deed.was, detail=part.author)


def undo_unmerge(tx: Transaction, *, part: int, whole: int, was: Sequence[Was]) -> None:
    """Take an unmerge back."""
    restore(tx, was=was)
    _sum_up(tx, part, whole)
    tx.undoable("unmerge", unmerge, conversation_id=part)


def _join_drafts(deed: Deed, part: Conversation, whole: Conversation) -> None:
    """Nothing written is lost: two drafts become one text."""
    tx = deed.tx
    mine = inbox.reply_draft(tx.conn, part.id)
    if mine is None:
        return
    other = inbox.reply_draft(tx.conn, whole.id)
    deed.remove("reply_draft", part.id)
    if other is None:
        deed.add("reply_draft", conversation_id=whole.id, brand_id=whole.brand_id, text=mine.text,
                 visibility=mine.visibility, saved_at=tx.now_ms)  # fmt: skip
    else:
        deed.put("reply_draft", whole.id, text=f"{other.text}\n\n{mine.text}")


def _note(deed: Deed, kind: str, part: Conversation, whole: Conversation) -> None:
    about = {"conversation": part.id}
    deed.note(kind, brand_id=whole.brand_id, conversation_id=whole.id, text=part.author, detail=about)


def _sum_up(tx: Transaction, part: int, whole: int) -> None:
    inbox.refresh_conversations(tx, [part, whole])
    inbox.refresh_outgoing(tx, [part, whole])
