"""Decisions about showing several conversations of one person as one, and apart again (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmdesk.commands.case_deed import Deed, restore, same_brand
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Conversation, ConversationState, ReplyDraft
from cmdesk.store import accounts, cases, hours, inbox, merging
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


@dataclass(frozen=True, slots=True)
class Drafts:
    """Two drafts that became one text, to be parted again."""

    part: ReplyDraft
    whole: ReplyDraft | None
    joined: str


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
    drafts = _join_drafts(tx, part, whole)
    asks = min((part, whole), key=lambda each: _ASKS.index(each.state))
    if asks is part and part.state is not whole.state:
        deed.put_state(whole.id, part.state, waiting_for=part.waiting_for)
        until = cases.stored(part.snooze_until)
        deed.put("conversation", whole.id, snooze_until=until, ignore_reason=part.ignore_reason)
    deed.put("conversation", whole.id, priority=max(part.priority, whole.priority))
    had = {label.id for label in inbox.labels_of(tx.conn, [whole.id]).get(whole.id, ())}
    labels = [label.id for label in inbox.labels_of(tx.conn, [part.id]).get(part.id, ()) if label.id not in had]
    inbox.set_labels(tx, [whole.id], labels)
    _note(deed, "merged", part, whole)
    deed.finish("merge")
    _sum_up(tx, part.id, whole.id)
    tx.undoable(
        "merge", undo_merge, part=part.id, whole=whole.id, labels=labels, drafts=drafts, was=deed.was,
        detail=part.author,
    )  # fmt: skip


def undo_merge(
    tx: Transaction, *, part: int, whole: int, labels: Sequence[int], drafts: Drafts | None, was: Sequence[Was]
) -> None:
    """Take a merge back: both conversations are what they were before it."""
    restore(tx, was=was)
    if drafts is not None:
        _part_drafts(tx, drafts, whole)
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
    # What was settled together is not open again.
    deed.put(
        "conversation",
        part.id,
        state=whole.state.value,
        waiting_for=whole.waiting_for,
        ignore_reason=whole.ignore_reason,
        snooze_until=cases.stored(whole.snooze_until),
        state_at=tx.now_ms,
    )
    _note(deed, "unmerged", part, whole)
    deed.finish("unmerge")
    _sum_up(tx, part.id, whole.id)
    tx.undoable("unmerge", undo_unmerge, part=part.id, whole=whole.id, was=deed.was, detail=part.author)


def undo_unmerge(tx: Transaction, *, part: int, whole: int, was: Sequence[Was]) -> None:
    """Take an unmerge back."""
    restore(tx, was=was)
    _sum_up(tx, part, whole)
    tx.undoable("unmerge", unmerge, conversation_id=part)


def _join_drafts(tx: Transaction, part: Conversation, whole: Conversation) -> Drafts | None:
    """Nothing written is lost: two drafts become one text. Returns both and what became of them."""
    mine = inbox.reply_draft(tx.conn, part.id)
    if mine is None:
        return None
    other = inbox.reply_draft(tx.conn, whole.id)
    joined = mine.text if other is None else f"{other.text}\n\n{mine.text}"
    media = mine.media if other is None else (*other.media, *mine.media)
    inbox.save_draft(tx, part.id, "")
    visibility = mine.visibility if other is None else other.visibility
    inbox.save_draft(tx, whole.id, joined, visibility=visibility, media=media)
    return Drafts(mine, other, joined)


def _part_drafts(tx: Transaction, drafts: Drafts, whole: int) -> None:
    """Give each its draft back, unless somebody went on writing."""
    if inbox.draft(tx.conn, whole) != drafts.joined:
        return
    inbox.save_draft(tx, whole, "")
    for each in (drafts.part, drafts.whole):
        if each is not None:
            inbox.save_draft(tx, each.conversation_id, each.text, visibility=each.visibility, media=each.media)


def _note(deed: Deed, kind: str, part: Conversation, whole: Conversation) -> None:
    about = {"conversation": part.id}
    deed.note(kind, brand_id=whole.brand_id, conversation_id=whole.id, text=part.author, detail=about)


def _sum_up(tx: Transaction, *ids: int) -> None:
    inbox.refresh_conversations(tx, ids)
    inbox.refresh_outgoing(tx, ids)
    for each in inbox.conversations_by_id(tx.conn, ids).values():
        hours.refresh_windows(tx, [each.id], accounts.account(tx.conn, each.account_id).capabilities)
    hours.refresh_due(tx, ids)
    merging.surface(tx, ids)
