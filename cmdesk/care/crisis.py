"""A crisis without a database: what a held post is, and which decisions about it are possible (W8, N13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmdesk.model import DeliveryState

CODE = "crisis_hold"  # the reason on a delivery that a crisis keeps from leaving
RECALLED = "recalled"  # the reason on one that was taken back from the network's own scheduler
ALL_BRANDS = 0

# Only posts are planned. An answer to a person is written by somebody who is there now: it goes out (N13).
HELD_KIND = "post"


class Decision(StrEnum):
    """What became of a held post."""

    NONE = ""
    RELEASED = "released"
    MOVED = "moved"
    DROPPED = "dropped"
    STATEMENT = "statement"  # the approved statement: it was never held


class Entry(StrEnum):
    """What a line of a crisis log tells."""

    STARTED = "started"
    NOTE = "note"
    CALLED = "called"
    STATEMENT = "statement"
    HELD = "held"
    LEFT = "left"  # was on its way when the crisis began
    RECALLING = "recalling"
    RECALLED = "recalled"
    NOT_RECALLED = "not_recalled"
    RELEASED = "released"
    MOVED = "moved"
    DROPPED = "dropped"
    ALARM = "alarm"
    OVER = "over"
    CLOSED = "closed"


# What a person may write by hand; the rest the desk notes itself.
BY_HAND = frozenset({Entry.NOTE, Entry.CALLED})


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A planned delivery that a crisis keeps, and what was decided about it; `state` and `code` are the delivery's."""

    crisis_id: int
    delivery_id: int
    brand_id: int
    account_id: int
    post_id: int
    text: str
    due_at: datetime
    wall: str
    zone: str
    state: DeliveryState
    code: str = ""
    decision: Decision = Decision.NONE
    decided_at: datetime | None = None

    @property
    def at_network(self) -> bool:
        """Say whether the network still has it in its own scheduler: it was asked to give it back."""
        return self.state is DeliveryState.HANDED_OFF

    @property
    def open(self) -> bool:
        """Say whether it waits for a decision."""
        return self.decision is Decision.NONE
