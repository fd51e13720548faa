"""The decisions of the delivery state machine, without a database or a network (RELIABILITY part 2).

An answer of the network, or what reading back found, becomes the next state. The store applies a
`Step` in the same transaction that records why. Nothing here ever turns a doubt into a second sending
except where the network itself makes a repeat harmless, and only after looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cmdesk.errors import AuthExpired, NotSent, RateLimited, Rejected, WrongAuthor
from cmdesk.model import DeliveryState

State = DeliveryState

LONGEST_WAIT_S = 3600


class Outcome(StrEnum):
    """What became of one attempt."""

    YES = "yes"
    SCHEDULED = "scheduled"  # the network holds it until its hour
    NOT_SENT = "not_sent"  # proven: nothing reached the network
    NO = "no"  # a definite no about the content
    LATER = "later"  # a definite "not now"
    AUTH = "auth"  # the credentials are refused
    WRONG_AUTHOR = "wrong_author"  # it is there, in somebody else's name
    DOUBT = "doubt"  # nobody knows


class Repeat(StrEnum):
    """How a network takes a repeated create (Capabilities.repeat)."""

    RECORD_KEY = "record_key"
    KEY_1H = "key_1h"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Timing:
    """When to look and how long a network's promise lasts, in seconds; tests and the sandbox shorten it."""

    with_record_key: tuple[float, ...] = (5, 20)
    with_key: tuple[float, ...] = (5, 20, 60, 180)
    without_key: tuple[float, ...] = (5, 20, 60, 180, 600)
    key_life: float = 3000  # the network keeps a key for 3,600 s; we trust it for 50 minutes
    sweep: float = 600  # twins are looked for this long after a doubt
    review_every: float = 900  # passive looks while a person is asked
    handed_off_every: float = 600
    handed_off_missing: float = 900  # the network did not publish what it held

    def looks(self, repeat: str) -> tuple[float, ...]:
        """Return after how many seconds from the last attempt to read back."""
        if repeat == Repeat.RECORD_KEY:
            return self.with_record_key
        return self.with_key if repeat == Repeat.KEY_1H else self.without_key


TIMING = Timing()


@dataclass(frozen=True, slots=True)
class Step:
    """Where a delivery goes next, when it is looked at again, and the reason's code."""

    state: DeliveryState
    next_at: datetime | None = None
    code: str = ""


def classify(error: BaseException) -> Outcome:
    """Return the outcome class of an error raised by a create; whatever is not proven is a doubt."""
    if isinstance(error, NotSent):
        return Outcome.NOT_SENT
    if isinstance(error, RateLimited):
        return Outcome.LATER
    if isinstance(error, AuthExpired):
        return Outcome.AUTH
    if isinstance(error, WrongAuthor):
        return Outcome.WRONG_AUTHOR
    if isinstance(error, Rejected):
        return Outcome.NO
    return Outcome.DOUBT


def after_answer(
    outcome: Outcome,
    *,
    doubted: bool,
    now: datetime,
    retry_s: float = 5,
    until: datetime | None = None,
    repeat: str = Repeat.NONE,
    code: str = "",
    timing: Timing = TIMING,
) -> Step:
    """Return what follows an attempt's outcome; `doubted` says that an earlier attempt ended in doubt.

    `retry_s` is the caller's back-off; `until` the network's own time, clamped to an hour.
    """
    match outcome:
        case Outcome.YES:
            return Step(State.PUBLISHED)
        case Outcome.SCHEDULED:
            return Step(State.HANDED_OFF, now + timedelta(seconds=timing.handed_off_every))
        case Outcome.NOT_SENT:
            return Step(State.BACKOFF, now + timedelta(seconds=retry_s), code or "offline")
        case Outcome.LATER:
            return Step(State.BACKOFF, _clamped(until, now=now, retry_s=retry_s), code or "rate_limited")
        case Outcome.AUTH:
            return Step(State.BLOCKED_AUTH, None, code or "auth_expired")
        case Outcome.WRONG_AUTHOR:
            return Step(State.REVIEW, None, "wrong_author")
        case Outcome.NO if not doubted:
            return Step(State.REJECTED, None, code or "rejected")
        case _:
            # A "no" after a doubt often means "it is already there": look before believing it.
            first = timing.looks(repeat)[0]
            return Step(State.UNCERTAIN, now + timedelta(seconds=first), code or "uncertain")


@dataclass(frozen=True, slots=True)
class Look:
    """What is known when a delivery in doubt has been read back.

    `found` counts what matched and is claimed by no other delivery; `conclusive` says that
    nothing found proves absence. `refused` says that the last attempt was answered with a no.
    """

    found: int
    conclusive: bool
    repeat: str
    now: datetime
    first_attempt_at: datetime
    last_attempt_at: datetime
    refused: bool = False
    person_said_send: bool = False
    hand_off: bool = False
    in_review: bool = False


def after_look(look: Look, *, timing: Timing = TIMING) -> Step:
    """Return what follows a read-back of a delivery that is UNCERTAIN or in REVIEW."""
    if look.found == 1:
        return Step(State.PUBLISHED)
    if look.found > 1:
        return Step(State.REVIEW, look.now + timedelta(seconds=timing.review_every), "several_found")
    if look.in_review:
        return Step(State.REVIEW, look.now + timedelta(seconds=timing.review_every), "")
    if look.person_said_send:
        # They looked themselves and decided; this last look only spares them a twin.
        return Step(State.READY, None, "")
    repeat = Repeat.NONE if look.hand_off else look.repeat  # keys are ignored for scheduled posts (mastodon#30039)
    looks = timing.looks(repeat)
    age = (look.now - look.last_attempt_at).total_seconds()
    if age < looks[-1]:
        following = next((offset for offset in looks if offset > max(age, 0)), looks[-1])
        return Step(State.UNCERTAIN, look.last_attempt_at + timedelta(seconds=following), "uncertain")
    return _after_window(look, repeat=repeat, timing=timing)


def _after_window(look: Look, *, repeat: str, timing: Timing) -> Step:
    review = look.now + timedelta(seconds=timing.review_every)
    if not look.conclusive:
        if repeat == Repeat.RECORD_KEY:
            # Only the key's own record answers the question; asking again costs nothing and decides nothing wrongly.
            return Step(State.UNCERTAIN, look.now + timedelta(seconds=timing.looks(repeat)[-1] * 3), "uncertain")
        return Step(State.REVIEW, review, "cannot_look")
    if repeat == Repeat.NONE:
        return Step(State.REVIEW, review, "not_found")
    if look.refused:
        return Step(State.REJECTED, None, "rejected")
    if repeat == Repeat.RECORD_KEY:
        return Step(State.READY)
    lived = (look.now - look.first_attempt_at).total_seconds()
    if 0 <= lived < timing.key_life:
        return Step(State.READY)
    return Step(State.REVIEW, review, "key_expired")


def _clamped(until: datetime | None, *, now: datetime, retry_s: float) -> datetime:
    if until is None:
        return now + timedelta(seconds=retry_s)
    return min(max(until, now + timedelta(seconds=1)), now + timedelta(seconds=LONGEST_WAIT_S))
