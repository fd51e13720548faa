"""What a list of the inbox holds and in which order, said in memory as the store says it in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cmdesk.model import Conversation, ConversationState, Waiting
from cmdesk.store.conversations import WINDOW_CLOSES, Filters


class View(StrEnum):
    """The lists of the left pane; ROUND is the list of a round (N24) and stands in no pane."""

    OPEN = "open"
    DUE = "due"
    WINDOW = "window"
    NEGATIVE = "negative"
    PROMISES = "promises"
    UNREAD = "unread"
    DIRECT = "direct"
    WAITING_PERSON = "waiting_person"
    WAITING_CLIENT = "waiting_client"
    SNOOZED = "snoozed"
    FOLLOW_UPS = "follow_ups"
    SOLVED = "solved"
    IGNORED = "ignored"
    ROUND = "round"


class Order(StrEnum):
    """How a list is sorted."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"
    WINDOW = "window"


STATE_OF: Mapping[View, ConversationState | None] = {
    View.OPEN: ConversationState.OPEN,
    View.DUE: ConversationState.OPEN,
    View.WINDOW: ConversationState.OPEN,
    View.NEGATIVE: ConversationState.OPEN,
    View.PROMISES: None,
    View.UNREAD: ConversationState.OPEN,
    View.DIRECT: ConversationState.OPEN,
    View.WAITING_PERSON: ConversationState.WAITING,
    View.WAITING_CLIENT: ConversationState.WAITING,
    View.SNOOZED: ConversationState.SNOOZED,
    View.FOLLOW_UPS: None,
    View.SOLVED: ConversationState.SOLVED,
    View.IGNORED: ConversationState.IGNORED,
    View.ROUND: ConversationState.OPEN,
}
"""None: a promise and a follow-up count whatever the state."""

UNSURE = "unsure"
SENTIMENTS = ("positive", "neutral", "negative", UNSURE)
INTENTS = ("support", "status", "help", "opinion", "complaint", "troll", "spam")


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shows; `brand_id` None means every brand. `text` searches and leaves view and order aside."""

    brand_id: int | None = None
    view: View = View.OPEN
    order: Order = Order.URGENT
    account_id: int | None = None
    kind: str = ""
    unread: bool = False
    label_id: int | None = None
    sentiment: str = ""  # of SENTIMENTS
    intent: str = ""  # of INTENTS
    text: str = ""
    among: tuple[int, ...] = ()  # of a round: these, in this order

    @property
    def filtered(self) -> bool:
        """Whether the person narrowed the view down (an empty list then offers to stop that)."""
        narrowed = self.account_id or self.kind or self.unread or self.label_id or self.sentiment or self.intent
        return bool(narrowed or self.text)

    @property
    def sorted_by(self) -> str:
        """The store's name of the order in force: what is done has no urgency and shows the newest first."""
        if self.view is View.PROMISES:
            return "promise"
        if self.view is View.WINDOW:
            return Order.WINDOW.value
        done = self.view in (View.SOLVED, View.IGNORED, View.FOLLOW_UPS)
        return Order.NEWEST.value if done and self.order is not Order.OLDEST else self.order.value

    @property
    def computed(self) -> bool:
        """Whether only the store can say what belongs to it."""
        return self.view is View.FOLLOW_UPS

    @property
    def fixed(self) -> bool:
        """Whether it is a list of named conversations that only shrinks."""
        return self.view is View.ROUND

    def without_filters(self) -> Query:
        """The same view, whole."""
        return Query(brand_id=self.brand_id, view=self.view, order=self.order)

    def with_view(self, view: View) -> Query:
        """The same for another list."""
        return replace(self, view=view)

    def filters(self, now: datetime) -> Filters:
        """The same for the store, without state and order."""
        found = Filters(
            brand_id=self.brand_id,
            account_id=self.account_id,
            kind=self.kind,
            unread=self.unread or self.view is View.UNREAD,
            label_id=self.label_id,
            sentiment="" if self.sentiment == UNSURE else self.sentiment,
            unsure=self.sentiment == UNSURE,
            intent=self.intent,
        )
        match self.view:
            case View.DIRECT:
                found["kind"] = _both("direct", self.kind)
            case View.WAITING_CLIENT | View.WAITING_PERSON:
                found["waiting_for"] = self.view.value.removeprefix("waiting_")
            case View.DUE:
                found["due_before"] = end_of_day(now)
            case View.NEGATIVE:
                found["sentiment"] = _both("negative", found["sentiment"])
            case View.WINDOW:
                found["window"] = (now, now + WINDOW_CLOSES)
            case View.PROMISES:
                found["promise_before"] = end_of_day(now)
            case View.FOLLOW_UPS:
                found["follow_up_before"] = end_of_day(now)
        return found

    def matches(self, conversation: Conversation, *, now: datetime, labelled: bool = True) -> bool:
        """Say in memory what the store says in SQL, for one changed conversation; False for what only it can say."""
        state = STATE_OF[self.view]
        if self.computed or conversation.merged_into is not None or state not in (None, conversation.state):
            return False
        if self.fixed:
            return conversation.id in self.among
        return self._narrowed(conversation, labelled) and self._viewed(conversation, now)

    def _narrowed(self, conversation: Conversation, labelled: bool) -> bool:
        if self.brand_id not in (None, conversation.brand_id):
            return False
        if self.account_id not in (None, conversation.account_id) or (self.kind and conversation.kind != self.kind):
            return False
        if (self.unread or self.view is View.UNREAD) and not conversation.unread:
            return False
        if self.intent and conversation.intent != self.intent:
            return False
        if self.sentiment == UNSURE:
            if not conversation.unsure:
                return False
        elif self.sentiment and conversation.sentiment != self.sentiment:
            return False
        return self.label_id is None or labelled

    def _viewed(self, conversation: Conversation, now: datetime) -> bool:
        match self.view:
            case View.DIRECT:
                return conversation.kind == "direct"
            case View.WAITING_PERSON:
                return conversation.waiting_for != Waiting.CLIENT
            case View.WAITING_CLIENT:
                return conversation.waiting_for == Waiting.CLIENT
            case View.DUE:
                return conversation.due_at is not None and conversation.due_at < end_of_day(now)
            case View.NEGATIVE:
                return conversation.sentiment == "negative"
            case View.WINDOW:
                until = conversation.window_until
                return until is not None and now < until < now + WINDOW_CLOSES
            case View.PROMISES:
                return conversation.promise_at is not None and conversation.promise_at < end_of_day(now)
        return True


def sort_key(conversation: Conversation, order: str) -> tuple[float, ...]:
    """The place of a conversation in an order (`Query.sorted_by`), as the store sorts it; smaller comes first."""
    last = conversation.last_at.timestamp()
    match order:
        case "oldest":
            return (last, conversation.id)
        case "urgent":
            return (-conversation.priority, -conversation.urgency, _at(conversation.due_at), last, conversation.id)
        case "window":
            return (_at(conversation.window_until), last, conversation.id)
        case "promise":
            return (_at(conversation.promise_at), last, conversation.id)
    return (-last, -conversation.id)


def _both(view: str, wanted: str) -> str:
    """A view's own value and what one filters by: nothing is both of two."""
    return view if wanted in ("", view) else "neither"


def _at(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else float("inf")


def end_of_day(now: datetime) -> datetime:
    """Midnight at the end of the person's day."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def query_state(query: Query) -> dict[str, Any]:
    """What of a query is worth remembering over a restart."""
    return {"view": query.view.value, "order": query.order.value}


def query_from(state: Mapping[str, Any], brand_id: int | None) -> Query:
    """The query that was remembered, what is to be answered by default."""
    view, order = state.get("view"), state.get("order")
    known = set(View) - {View.ROUND}
    return Query(
        brand_id=brand_id,
        view=View(view) if view in known else View.OPEN,
        order=Order(order) if order in set(Order) else Order.URGENT,
    )
