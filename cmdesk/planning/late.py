"""What to do with something that is due: send it, wait, or ask because it is too late (RELIABILITY part 2).

Default: by itself within 15 minutes of its time, else a question; beyond a day always a question;
replies 5 minutes. Being offline, limited or logged out counts like being asleep.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

POST_GRACE_S = 900
REPLY_GRACE_S = 300
LONGEST_GRACE_S = 24 * 3600


class Verdict(StrEnum):
    """What the clock says about a delivery that waits."""

    EARLY = "early"
    GO = "go"
    ASK = "ask"


def verdict(*, due_at: datetime, now: datetime, grace_s: int, approved: bool = False) -> Verdict:
    """Judge a delivery due at `due_at`: never early; late beyond the grace only with a person's yes (`approved`)."""
    if now < due_at:
        return Verdict.EARLY
    if approved or now - due_at <= timedelta(seconds=min(grace_s, LONGEST_GRACE_S)):
        return Verdict.GO
    return Verdict.ASK


def is_late(*, due_at: datetime, sent_at: datetime, tolerance_s: int = 60) -> bool:
    """Say whether something went out noticeably after its time (told in the client's report)."""
    return sent_at - due_at > timedelta(seconds=tolerance_s)
