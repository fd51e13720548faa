"""One conversation as it is read: the post it belongs to, its messages and events in time, its draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.verdict import Verdict
from cmdesk.desk import Desk
from cmdesk.model import (
    Account,
    Brand,
    Conversation,
    DeliveryState,
    Direction,
    Label,
    Message,
    Publication,
    ThreadEvent,
)
from cmdesk.store import accounts, brands, inbox, outbox_read, triage
from cmdesk.store.db import Reader

LONG = 150
"""Conversations with more messages than this are read on another thread."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything the middle pane shows."""

    conversation: Conversation
    account: Account
    brand: Brand
    messages: tuple[Message, ...]
    events: tuple[ThreadEvent, ...]
    parent: Publication | Message | None
    draft: str
    draft_visibility: str
    labels: tuple[Label, ...]
    reasons: Mapping[int, str]  # why the network refused an answer, by delivery
    verdict: Verdict | None = None  # on the last message that came in
    draft_at: datetime | None = None  # when the draft was stored
    draft_promise_at: datetime | None = None  # by when what it promises shall be kept
    draft_closes_case: int = 0

    def items(self) -> list[Message | ThreadEvent]:
        """Messages and events in the order of time; an event of the same moment follows its message."""
        merged: list[tuple[datetime, int, Message | ThreadEvent]] = [(m.created_at, 0, m) for m in self.messages]
        merged += [(event.at, 1, event) for event in self.events]
        return [item for _at, _rank, item in sorted(merged, key=lambda entry: entry[:2])]

    def heard(self) -> Message | None:
        """The last message that came in and is still there: the one a verdict is on."""
        said = [each for each in self.messages if each.direction is Direction.IN and each.deleted_at is None]
        return said[-1] if said else None

    def answered(self) -> Message | None:
        """The message an answer refers to: the last one of the person, else of anybody else."""
        for wanted in (Direction.IN, Direction.CONTEXT):
            for message in reversed(self.messages):
                if message.direction is wanted and message.deleted_at is None:
                    return message
        return None

    def unsent(self) -> tuple[Message, ...]:
        """Own answers the network has not confirmed."""
        return tuple(each for each in self.messages if each.delivery_id is not None and each.delivery_state)


def _thread(reader: Reader, conversation_id: int) -> Thread:
    conversation = inbox.conversation(reader, conversation_id)
    draft = inbox.reply_draft(reader, conversation_id)
    messages = tuple(inbox.thread(reader, conversation_id))
    heard = [each.id for each in messages if each.direction is Direction.IN and each.deleted_at is None]
    verdict = triage.verdicts(reader, heard[-1:]).get(heard[-1]) if heard else None
    refused = [each.delivery_id for each in messages if each.delivery_state == DeliveryState.REJECTED]
    return Thread(
        conversation=conversation,
        account=accounts.account(reader, conversation.account_id),
        brand=brands.brand(reader, conversation.brand_id),
        messages=messages,
        events=tuple(inbox.thread_events(reader, conversation_id)),
        parent=inbox.parent_post(reader, conversation_id),
        draft=draft.text if draft else "",
        draft_visibility=draft.visibility if draft else "",
        labels=inbox.labels_of(reader, [conversation_id]).get(conversation_id, ()),
        reasons={each: outbox_read.delivery(reader, each).reason_detail for each in refused if each is not None},
        verdict=verdict,
        draft_at=draft.saved_at if draft else None,
        draft_promise_at=draft.promise_at if draft else None,
        draft_closes_case=draft.closes_case if draft else 0,
    )


def read_now(desk: Desk, conversation_id: int) -> Thread:
    """Read a short thread on this thread; raises Invalid when it is gone."""
    return desk.page(_thread, conversation_id)


async def read_thread(desk: Desk, conversation_id: int) -> Thread:
    """Read a long thread without holding the window."""
    return await desk.read(_thread, conversation_id)
