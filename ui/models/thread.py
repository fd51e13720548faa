"""One conversation as it is read: the post it belongs to, its messages and events in time, its draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
from cmdesk.store import accounts, brands, inbox, library, outbox_read
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

    def items(self) -> list[Message | ThreadEvent]:
        """Messages and events in the order of time; an event of the same moment follows its message."""
        merged: list[tuple[datetime, int, Message | ThreadEvent]] = [(m.created_at, 0, m) for m in self.messages]
        merged += [(event.at, 1, event) for event in self.events]
        return [item for _at, _rank, item in sorted(merged, key=lambda entry: entry[:2])]

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
    )


def read_now(desk: Desk, conversation_id: int) -> Thread:
    """Read a short thread on this thread; raises Invalid when it is gone."""
    return desk.page(_thread, conversation_id)


async def read_thread(desk: Desk, conversation_id: int) -> Thread:
    """Read a long thread without holding the window."""
    return await desk.read(_thread, conversation_id)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A reply template ready to be chosen: the texts by language, the person's language first."""

    id: int
    name: str
    texts: Mapping[str, str]
    preferred: str

    @property
    def text(self) -> str:
        """The text that would be inserted."""
        return self.texts.get(self.preferred, "")


def snippets(desk: Desk, brand_id: int, *, languages: tuple[str, ...]) -> list[Snippet]:
    """The reply templates of a brand (and of every brand); those in the first of `languages` come first."""
    found: list[tuple[int, Snippet]] = []
    for template in desk.page(library.templates, brand_id):
        if template.kind != "reply" or not template.texts:
            continue
        order = [each for each in (*languages, "") if each in template.texts]
        preferred = order[0] if order else next(iter(template.texts))
        rank = 0 if languages and preferred == languages[0] else 1 if order else 2
        found.append((rank, Snippet(template.id, template.name, template.texts, preferred)))
    return [each for _rank, each in sorted(found, key=lambda entry: (entry[0], entry[1].name.casefold()))]
