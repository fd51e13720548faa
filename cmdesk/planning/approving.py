"""The client's approval without an account (rank 25): its states, what holds a post, what changed since.

Pure. An answer is for exactly what was shown: each row of the store keeps the fingerprint of that content. Editing
makes a row outdated; going back to the words that were shown makes it what it was.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

CODE = "waiting_approval"
"""Why a delivery rests before its hour."""
LATE = "approval_late"
"""Why it asks after it: the client has not said yes in time."""

STATEMENT = "crisis_statement"
"""Why a crisis' statement goes out without asking: the client approved it with the plan."""


class State(StrEnum):
    """Where one post of one sheet stands."""

    ASKED = "asked"
    APPROVED = "approved"
    CHANGE = "change"  # the client wants something else; the answer says what
    EXPIRED = "expired"  # no answer in time
    WITHDRAWN = "withdrawn"  # no longer asked
    OUTDATED = "outdated"  # edited after it was shown
    WAIVED = "waived"  # a person decided to publish without the client's yes, and why


HOLDING = frozenset({State.ASKED, State.CHANGE, State.EXPIRED, State.OUTDATED})
LETTING = frozenset({State.APPROVED, State.WAIVED})
UNANSWERED = frozenset({State.ASKED, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Item:
    """A post on a sheet: what was shown of it and what the client said."""

    id: int
    brand_id: int
    sheet_id: int | None
    post_id: int
    number: int  # on the sheet, from 1
    fingerprint: str
    state: State
    was: str = ""  # what an outdated one was
    shown: Mapping[str, Any] = field(default_factory=dict)  # content_of the post when it was asked
    answer: str = ""  # the client's words, or why it was waived
    answered_by: str = ""
    answered_at: datetime | None = None
    decides: bool = True  # no later row stands for the post now

    @property
    def open(self) -> bool:
        """Whether the client still owes an answer, to these or to later words."""
        return self.state in UNANSWERED or (self.state is State.OUTDATED and self.was in UNANSWERED)

    @property
    def wants(self) -> bool:
        """Whether a person has to do something: change it, ask again."""
        return self.decides and self.state in (State.CHANGE, State.EXPIRED, State.OUTDATED)


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """A question to the client: numbered posts with one date until which an answer is wanted."""

    id: int
    brand_id: int
    number: int
    title: str
    asked_at: datetime
    expires_at: datetime | None = None
    sent_to: str = ""
    message: str = ""
    language: str = ""
    closed_at: datetime | None = None
    reminded: int = 0
    reminded_at: datetime | None = None
    items: tuple[Item, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the client owes an answer, or a person has to act on one."""
        return any(each.decides and (each.open or each.wants) for each in self.items)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the approval of one post is now, as banner and panel tell it."""

    post_id: int
    needed: bool  # the brand publishes nothing without a yes
    item: Item | None = None
    sheet: ApprovalSheet | None = None
    stale: bool = False  # what is scheduled is not what the post says now

    @property
    def state(self) -> str:
        """The state of what decides; '' when nothing was asked."""
        return self.item.state.value if self.item is not None else ""

    @property
    def holds(self) -> bool:
        """Whether the post stays until the client, or a person for them, says yes."""
        return holds(self.item.state if self.item is not None else None, needed=self.needed)


def holds(state: State | None, *, needed: bool, same: bool = True) -> bool:
    """Say whether a delivery waits: `state` is that of the row that decides, `same` that it was for this content."""
    if state is None or state is State.WITHDRAWN:
        return needed
    return not (state in LETTING and same)


def after_edit(state: State, was: str, *, same: bool) -> tuple[State, str]:
    """Return state and former state of a row whose post now says the `same` as was shown, or something else."""
    if state is State.WITHDRAWN:
        return state, was
    if state is State.OUTDATED:
        return (State(was), "") if same and was else (state, was)
    return (state, was) if same else (State.OUTDATED, state.value)


def answered(state: State, was: str, decision: State) -> tuple[State, str]:
    """Return state and former state after the client's `decision` about what was shown.

    A yes to words that were edited since stays outdated, and counts when they come back.
    """
    return (state, decision.value) if state is State.OUTDATED else (decision, was)


def expired(state: State, was: str) -> tuple[State, str]:
    """Return state and former state once the time for an answer is over; what was answered stays."""
    if state is State.ASKED:
        return State.EXPIRED, was
    return (state, State.EXPIRED.value) if state is State.OUTDATED and was == State.ASKED else (state, was)


# What changed since it was shown

_WORD = re.compile(r"\s+|[^\s]+")
_LONGEST = 6000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: kept (""), taken away ("-") or new ("+")."""

    text: str
    sign: str = ""


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts word by word; very long ones as a whole."""
    if before == after:
        return (Piece(after),) if after else ()
    if len(before) + len(after) > _LONGEST:
        return tuple(Piece(text, sign) for text, sign in ((before, "-"), (after, "+")) if text)
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Piece] = []
    gone = come = ""
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        was, now = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag != "equal" or (0 < place < len(codes) - 1 and not now.strip()):
            # A blank between two changes belongs to both: words are read, not letters.
            gone, come = gone + was, come + now
            continue
        found += [Piece(text, sign) for text, sign in ((gone, "-"), (come, "+")) if text]
        gone = come = ""
        found.append(Piece(now))
    found += [Piece(text, sign) for text, sign in ((gone, "-"), (come, "+")) if text]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not what was shown: `field` is a name of `content_of`, `part` counts from 0."""

    field: str
    part: int = 0
    key: str = ""  # network or account where it differs
    pieces: tuple[Piece, ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two contents (`content.content_of`), texts with their words."""
    if not before:
        return ()
    found: list[Change] = []
    old, new = _parts(before), _parts(after)
    for part in range(max(len(old), len(new))):
        was, now = old[part] if part < len(old) else {}, new[part] if part < len(new) else {}
        found += _texts(part, was, now)
        if (was.get("media") or []) != (now.get("media") or []):
            found.append(Change("media", part))
    comment, other = before.get("comment") or {}, after.get("comment") or {}
    if comment != other:
        found.append(Change("comment", pieces=word_diff(str(comment.get("text", "")), str(other.get("text", "")))))
    for name in ("poll", "card", "crops", "options", "language", "spoiler", "visibility", "markets", "person"):
        if before.get(name) != after.get(name):
            found.append(Change(name))
    return tuple(found)


def _parts(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [content, *(content.get("parts") or ())]


def _texts(part: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    found = []
    if was.get("text", "") != now.get("text", ""):
        found.append(Change("text", part, pieces=word_diff(str(was.get("text", "")), str(now.get("text", "")))))
    old, new = was.get("variants") or {}, now.get("variants") or {}
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            before, after = old.get(key, was.get("text", "")), new.get(key, now.get("text", ""))
            found.append(Change("text", part, key, word_diff(str(before), str(after))))
    return found
