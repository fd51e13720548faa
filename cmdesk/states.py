"""The states that things of the desk can be in, each with what it means for a person."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    """Health of an account as far as its queue is concerned."""

    OK = "ok"
    RECONNECT = "reconnect"  # credentials refused: queue held, history kept
    STOPPED = "stopped"  # wrong author or circuit open: waits for a person
    PAUSED = "paused"  # by the person
    DISCONNECTED = "disconnected"  # credentials given back; history kept


class ConversationState(StrEnum):
    """Where a conversation is in the person's work (D6, D7, Q17)."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    SOLVED = "solved"
    IGNORED = "ignored"  # always with a reason (D7)


class Waiting(StrEnum):
    """For whom a WAITING conversation waits."""

    PERSON = "person"
    CLIENT = "client"


class IgnoreReason(StrEnum):
    """Why a conversation gets no answer, as an explicit state (D7)."""

    TROLL = "troll"
    SPAM = "spam"
    UNFOUNDED = "unfounded"
    NOT_FOR_US = "not_for_us"
    ANSWERED_ELSEWHERE = "answered_elsewhere"


class Direction(StrEnum):
    """Who speaks in a message, seen from the brand."""

    IN = "in"
    OUT = "out"
    CONTEXT = "context"  # somebody to somebody else; makes the thread readable


class DeliveryState(StrEnum):
    """The outbox state machine of a delivery (RELIABILITY part 2)."""

    QUEUED = "queued"
    PREPARING = "preparing"
    READY = "ready"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    BACKOFF = "backoff"
    BLOCKED_AUTH = "blocked_auth"
    HELD_LATE = "held_late"
    HELD_CLOCK = "held_clock"
    HELD_RESTORED = "held_restored"
    REVIEW = "review"
    REJECTED = "rejected"
    HANDED_OFF = "handed_off"
    MANUAL = "manual"  # its hour has come: a person publishes it by hand (N26)
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Say whether time alone can never move it again."""
        return self in FINAL

    @property
    def needs_person(self) -> bool:
        """Say whether it waits for a person's decision (shown in Problems)."""
        return self in NEEDS_PERSON


FINAL = frozenset({DeliveryState.CONFIRMED, DeliveryState.REJECTED, DeliveryState.CANCELLED})
SENT = frozenset({DeliveryState.PUBLISHED, DeliveryState.CONFIRMED})
IN_FLIGHT = frozenset({DeliveryState.SENDING, DeliveryState.UNCERTAIN})
WAITING_STATES = frozenset({DeliveryState.QUEUED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.BACKOFF})
NEEDS_PERSON = frozenset(
    {
        DeliveryState.REVIEW,
        DeliveryState.REJECTED,
        DeliveryState.HELD_LATE,
        DeliveryState.HELD_CLOCK,
        DeliveryState.HELD_RESTORED,
        DeliveryState.BLOCKED_AUTH,
        DeliveryState.MANUAL,
    }
)


class PostStatus(StrEnum):
    """A post's status, always computed from its deliveries."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PUBLISHED = "published"
    PARTIAL = "partial"
    PROBLEM = "problem"
    CANCELLED = "cancelled"


class ActionState(StrEnum):
    """An outbox action that may be repeated without harm (like, boost, edit, delete, read mark)."""

    QUEUED = "queued"
    BACKOFF = "backoff"
    BLOCKED_AUTH = "blocked_auth"
    DONE = "done"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
