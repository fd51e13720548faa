"""What can be done with what was missed while the computer was off, asleep, offline or paused (N1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cmdesk.model import Target

PAUSED_MEANWHILE = "paused_meanwhile"
"""Reason code of what came due during a pause: it does not go out in a burst when the pause ends (rank 4)."""

FRESH = timedelta(hours=3)
"""A post this late still says what it was to say; an older one is better read again."""
ANSWERS_FRESH = timedelta(hours=24)
"""The same for an answer: somebody waits for it."""


class How(StrEnum):
    """A decision about one missed delivery."""

    NOW = "now"
    SLOT = "slot"
    HOUR = "hour"
    DRAFT = "draft"
    DISCARD = "discard"
    LATER = "later"  # decide another time: it stays among the problems


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one missed delivery; SLOT and HOUR name the account's new hour."""

    delivery_id: int
    how: How
    target: Target | None = None


def usual(*, late: timedelta, kind: str, has_slot: bool, waits_for_yes: bool) -> How:
    """Return what is offered first: what is fresh goes out, what is old waits for a better hour or to be read again.

    What the client has not approved, or more people would see than are chosen, is never offered to go out.
    """
    if kind != "post":
        return How.NOW if late <= ANSWERS_FRESH else How.DRAFT
    if waits_for_yes:
        return How.DRAFT
    if late <= FRESH:
        return How.NOW
    return How.SLOT if has_slot else How.DRAFT


def spaced(
    waiting: Iterable[tuple[int, int]], *, now: datetime, last: Mapping[int, datetime], gaps: Mapping[int, timedelta]
) -> dict[int, datetime]:
    """Return about when each of these goes out, by delivery; `waiting` are (delivery, account) in due order.

    `last` is each account's last attempt, `gaps` its spacing: the claim keeps the same distances.
    """
    free = {account_id: at + gaps.get(account_id, timedelta()) for account_id, at in last.items()}
    times: dict[int, datetime] = {}
    for delivery_id, account_id in waiting:
        at = max(now, free.get(account_id, now))
        times[delivery_id] = at
        free[account_id] = at + gaps.get(account_id, timedelta())
    return times
