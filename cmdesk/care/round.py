"""A round: one guided pass over everything that waits, brand by brand, the urgent first (N24).

Pure. A `Round` never changes; each step returns the next one. It can be kept as text and taken up after a restart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cmdesk.model import Conversation, ConversationState, Waiting

WINDOW = timedelta(hours=6)
"""An answer's window that closes within this time comes before the angry ones."""

URGENT = 2
PAUSE = timedelta(minutes=5)
"""More time than this between two decisions was no work on the round."""

_VERSION = 1
_MOST = 5000


class Group(StrEnum):
    """The order within a brand."""

    URGENT = "urgent"
    WINDOW = "window"
    NEGATIVE = "negative"
    REST = "rest"


class Step(StrEnum):
    """What became of a conversation on the round."""

    ANSWERED = "answered"
    SOLVED = "solved"
    REFERRED = "referred"  # to the client
    PUT_OFF = "put_off"  # snoozed, or waits for the person
    IGNORED = "ignored"
    SKIPPED = "skipped"


DECIDED = frozenset(Step) - {Step.SKIPPED}


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation in its place."""

    conversation_id: int
    brand_id: int
    group: Group


@dataclass(frozen=True, slots=True)
class Summary:
    """What a round came to."""

    brands: int  # of which something was looked at
    items: int  # looked at
    minutes: int  # of work, pauses left out
    steps: Mapping[Step, int]
    left: int  # not looked at, or skipped


@dataclass(frozen=True, slots=True)
class Round:
    """Where one stands; `place` beyond the last item means it is over."""

    items: tuple[Item, ...]
    started_at: datetime
    seen_at: datetime
    place: int = 0
    seconds: float = 0.0
    steps: Mapping[int, Step] = field(default_factory=dict)

    @property
    def current(self) -> Item | None:
        """What is to be decided now."""
        return self.items[self.place] if self.place < len(self.items) else None

    @property
    def over(self) -> bool:
        """Whether nothing is left ahead."""
        return self.place >= len(self.items)

    def ahead(self) -> tuple[int, ...]:
        """The conversations of the current brand that are still to come, the current one first."""
        item = self.current
        if item is None:
            return ()
        return tuple(
            each.conversation_id
            for each in self.items[self.place :]
            if each.brand_id == item.brand_id and self.steps.get(each.conversation_id) not in DECIDED
        )

    def at_work(self, now: datetime) -> Round:
        """Count the time since the last step as work, unless it was a pause."""
        gap = now - self.seen_at
        worked = gap.total_seconds() if timedelta(0) < gap <= PAUSE else 0.0
        return replace(self, seconds=self.seconds + worked, seen_at=now)

    def decided(self, conversation_id: int, step: Step, now: datetime) -> Round:
        """Note what became of a conversation; goes on when it is the current one. Strangers change nothing."""
        if all(each.conversation_id != conversation_id for each in self.items):
            return self
        after = replace(self.at_work(now), steps={**self.steps, conversation_id: step})
        item = self.current
        return after._on() if item is not None and item.conversation_id == conversation_id else after

    def undecided(self, conversation_id: int, now: datetime) -> Round:
        """Take a decision back: that conversation is the current one again."""
        place = next((place for place, each in enumerate(self.items) if each.conversation_id == conversation_id), None)
        if place is None or conversation_id not in self.steps:
            return self
        steps = {each: step for each, step in self.steps.items() if each != conversation_id}
        return replace(self.at_work(now), place=place, steps=steps)

    def skip(self, now: datetime) -> Round:
        """Leave the current one for another time."""
        item = self.current
        return self if item is None else self.decided(item.conversation_id, Step.SKIPPED, now)

    def back(self, now: datetime) -> Round:
        """Go to the one before that is not decided; the first stays."""
        for place in range(self.place - 1, -1, -1):
            if self.steps.get(self.items[place].conversation_id) not in DECIDED:
                return replace(self.at_work(now), place=place)
        return self

    def _on(self) -> Round:
        place = self.place + 1
        while place < len(self.items) and self.items[place].conversation_id in self.steps:
            place += 1
        return replace(self, place=place)

    def without(self, gone: Iterable[int]) -> Round:
        """Leave out conversations that were decided elsewhere or are gone, without counting them."""
        drop = set(gone) - set(self.steps)
        if not drop:
            return self
        before = sum(each.conversation_id in drop for each in self.items[: self.place])
        items = tuple(each for each in self.items if each.conversation_id not in drop)
        return replace(self, items=items, place=self.place - before)

    def summary(self, now: datetime) -> Summary:
        """What it came to so far."""
        whole = self.at_work(now)
        looked = [each for each in self.items if each.conversation_id in self.steps]
        steps = Counter(self.steps[each.conversation_id] for each in looked)
        done = sum(count for step, count in steps.items() if step in DECIDED)
        return Summary(
            brands=len({each.brand_id for each in looked}),
            items=len(looked),
            minutes=max(1, round(whole.seconds / 60)) if looked else 0,
            steps=dict(steps),
            left=len(self.items) - done,
        )

    def to_text(self) -> str:
        """Keep it over a restart."""
        data = {
            "version": _VERSION,
            "items": [[each.conversation_id, each.brand_id, each.group.value] for each in self.items],
            "place": self.place,
            "seconds": round(self.seconds, 1),
            "started_at": self.started_at.timestamp(),
            "steps": [[key, step.value] for key, step in self.steps.items()],
        }
        return json.dumps(data, separators=(",", ":"))


def plan_round(conversations: Iterable[Conversation], *, brands: Sequence[int], now: datetime) -> Round:
    """Return a round over everything open of these brands, in their order: urgent, window closing, negative, rest.

    Within a group the most urgent comes first, then what is due first, then who has waited longest.
    """
    order = {brand_id: place for place, brand_id in enumerate(brands)}
    wanted = [each for each in conversations if each.brand_id in order and each.state is ConversationState.OPEN]
    groups = list(Group)

    def key(each: Conversation) -> tuple[float, ...]:
        due = each.due_at.timestamp() if each.due_at else float("inf")
        place = groups.index(group_of(each, now))
        closes = each.window_until.timestamp() if each.window_until and place == 1 else 0.0
        return (
            order[each.brand_id], place, closes, -each.priority, -each.urgency, due, each.last_at.timestamp(), each.id,
        )  # fmt: skip

    items = tuple(Item(each.id, each.brand_id, group_of(each, now)) for each in sorted(wanted, key=key)[:_MOST])
    return Round(items, started_at=now, seen_at=now)


def group_of(conversation: Conversation, now: datetime) -> Group:
    """Which part of a brand's pass a conversation belongs to."""
    late = [each for each in (conversation.due_at, conversation.promise_at) if each is not None and each <= now]
    if conversation.priority > 0 or conversation.urgency >= URGENT or late:
        return Group.URGENT
    if conversation.window_until is not None and now < conversation.window_until < now + WINDOW:
        return Group.WINDOW
    return Group.NEGATIVE if conversation.sentiment == "negative" else Group.REST


def step_of(before: Conversation, after: Conversation) -> Step | None:
    """What was decided about a conversation between two looks at it; None when it still waits for a decision."""
    match after.state:
        case ConversationState.SOLVED:
            return Step.SOLVED
        case ConversationState.IGNORED:
            return Step.IGNORED
        case ConversationState.SNOOZED:
            return Step.PUT_OFF
        case ConversationState.WAITING:
            return Step.REFERRED if after.waiting_for == Waiting.CLIENT else Step.PUT_OFF
    answered = after.outgoing and not before.outgoing
    spoke = after.last_out_at is not None and (before.last_out_at is None or after.last_out_at > before.last_out_at)
    return Step.ANSWERED if answered or spoke else None


def round_from(text: str, *, now: datetime) -> Round | None:
    """Take up a round that was kept with `to_text`; None for anything else, or when nothing of it is left."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("version") != _VERSION:
            return None
        items = tuple(Item(int(one), int(brand), Group(group)) for one, brand, group in data["items"])
        steps = {int(one): Step(step) for one, step in data["steps"]}
        started = datetime.fromtimestamp(float(data["started_at"]), UTC)
        found = Round(items, started, now, max(0, int(data["place"])), max(0.0, float(data["seconds"])), steps)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
    return None if found.over else found
