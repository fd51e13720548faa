"""What a list of the inbox holds and in which order, said in memory as the store says it in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cmdesk.model import Conversation, ConversationState, Waiting


class View(StrEnum):
    """The lists of the left pane."""

    OPEN = "open"
    DUE = "due"
    UNREAD = "unread"
    DIRECT = "direct"
    MENTION = "mention"
    WAITING_PERSON = "waiting_person"
    WAITING_CLIENT = "waiting_client"
    SNOOZED = "snoozed"
    SOLVED = "solved"
    IGNORED = "ignored"


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    URGENT = "urgent"


STATE_OF: Mapping[View, ConversationState] = {
    View.OPEN: ConversationState.OPEN,
    View.DUE: ConversationState.OPEN,
    View.UNREAD: ConversationState.OPEN,
    View.DIRECT: ConversationState.OPEN,
    View.MENTION: ConversationState.OPEN,
    View.WAITING_PERSON: ConversationState.WAITING,
    View.WAITING_CLIENT: ConversationState.WAITING,
    View.SNOOZED: ConversationState.SNOOZED,
    View.SOLVED: ConversationState.SOLVED,
    View.IGNORED: ConversationState.IGNORED,
}


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shows; `brand_id` None means every brand. `text` searches and leaves view and order aside."""

    brand_id: int | None = None
    view: View = View.OPEN
    order: Order = Order.NEWEST
    account_id: int | None = None
    kind: str = ""
    unread: bool = False
    label_id: int | None = None
    text: str = ""

    @property
    def filtered(self) -> bool:
        """Whether the person narrowed the view down (an empty list then offers to stop that)."""
        return bool(self.account_id or self.kind or self.unread or self.label_id or self.text)

    def without_filters(self) -> Query:
        """The same view, whole."""
        return Query(brand_id=self.brand_id, view=self.view, order=self.order)

    def with_view(self, view: View) -> Query:
        """The same for another list."""
        return replace(self, view=view)

    def matches(self, conversation: Conversation, *, end_of_day: datetime, labelled: bool = True) -> bool:
        """Say in memory what the store says in SQL, for one changed conversation."""
        if self.brand_id not in (None, conversation.brand_id) or conversation.state is not STATE_OF[self.view]:
            return False
        if self.account_id not in (None, conversation.account_id) or (self.kind and conversation.kind != self.kind):
            return False
        if (self.unread or self.view is View.UNREAD) and not conversation.unread:
            return False
        if self.label_id is not None and not labelled:
            return False
        match self.view:
            case View.DIRECT:
                return conversation.kind == "direct"
            case View.MENTION:
                return conversation.kind == "mention"
            case View.WAITING_PERSON:
                return conversation.waiting_for != Waiting.CLIENT
            case View.WAITING_CLIENT:
                return conversation.waiting_for == Waiting.CLIENT
            case View.DUE:
                return conversation.due_at is not None and conversation.due_at < end_of_day
        return True


def sort_key(conversation: Conversation, order: Order) -> tuple[float, ...]:
    """The place of a conversation in an order, as the store sorts it; smaller comes first."""
    last = conversation.last_at.timestamp()
    match order:
        case Order.OLDEST:
            return (last, conversation.id)
        case Order.URGENT:
            due = conversation.due_at.timestamp() if conversation.due_at else float("inf")
            return (-conversation.priority, due, -last, -conversation.id)
    return (-last, -conversation.id)


def end_of_day(now: datetime) -> datetime:
    """Midnight at the end of the person's day."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def query_state(query: Query) -> dict[str, Any]:
    """What of a query is worth remembering over a restart."""
    return {"view": query.view.value, "order": query.order.value}


def query_from(state: Mapping[str, Any], brand_id: int | None) -> Query:
    """The query that was remembered, the open ones by default."""
    view, order = state.get("view"), state.get("order")
    return Query(
        brand_id=brand_id,
        view=View(view) if view in set(View) else View.OPEN,
        order=Order(order) if order in set(Order) else Order.NEWEST,
    )
