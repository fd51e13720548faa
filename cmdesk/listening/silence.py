"""When a channel is silent, or passive: weeks without a post, or people who get no answer (D14). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = 14  # without a post, unless the brand says otherwise
SHARE = 50  # per cent of those who wrote that must have an answer
WINDOW = timedelta(days=14)
#: Fewer people than this in the window say nothing about a channel.
LEAST = 5
#: Who wrote less long ago than this is not left without an answer yet.
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """What a channel does not do: publish (`days_without_post`, None: it does), answer (`unanswered` of `of`).

    `never` says that no post of it is known at all; the days are then those since the account was connected.
    """

    account_id: int
    days_without_post: int | None = None
    unanswered: int = 0
    of: int = 0
    never: bool = False

    @property
    def answered_share(self) -> int | None:
        """Of those who wrote, how many have an answer, in per cent; None where too few wrote."""
        return None if self.of < LEAST else round(100 * (self.of - self.unanswered) / self.of)


def judge(
    account_id: int,
    *,
    now: datetime,
    last_post: datetime | None,
    since: datetime,
    unanswered: int,
    of: int,
    days: int = DAYS,
    share: int = SHARE,
) -> Silence | None:
    """Return what a channel does not do, None when it does everything; `days` or `share` 0 asks for nothing."""
    quiet = (now - (last_post or since)).days
    silent = quiet if days > 0 and quiet >= days else None
    found = Silence(account_id, silent, unanswered, of, never=last_post is None)
    rate = found.answered_share
    passive = share > 0 and rate is not None and rate < share
    if silent is None and not passive:
        return None
    return found if passive else Silence(account_id, silent, 0, 0, never=last_post is None)
