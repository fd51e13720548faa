"""Moving and repeating several posts at once: what would come of it, told before it is done.

Pure. A post keeps its wall hour in its own zone whatever the clocks do; where that hour does not exist on the new day
it moves on by the gap (02:30 becomes 03:30), and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cmdesk.model import DeliveryState, Post, Target
from cmdesk.planning.calendar import CLOSE_MINUTES
from cmdesk.planning.status import current
from cmdesk.planning.zones import Hour, read_wall, to_utc, to_wall
from cmdesk.zones import zone_named

_STAYS = frozenset(DeliveryState) - {
    DeliveryState.QUEUED,
    DeliveryState.BACKOFF,
    DeliveryState.BLOCKED_AUTH,
    DeliveryState.HELD_LATE,
    DeliveryState.HELD_CLOCK,
    DeliveryState.REJECTED,
    DeliveryState.CANCELLED,
    DeliveryState.MANUAL,
}


class Verdict(StrEnum):
    """What stands in the way of a shift, or what is to be known about it."""

    FINE = ""
    OUT = "out"  # some of it is out or on its way: it stays
    PAST = "past"  # the new hour has passed: it stays
    NO_DATE = "no_date"  # it stands nowhere: there is nothing to move
    GAP = "gap"  # moves, an hour later: the clocks jump over its hour that day
    CLOSE = "close"  # moves, next to another post of the same account


@dataclass(frozen=True, slots=True)
class Shift:
    """One post of a move: its accounts' new places, or why it stays; `at` is its first new time."""

    post_id: int
    brand_id: int
    text: str
    was: str  # wall time of the first account, '' without one
    targets: tuple[Target, ...]
    verdict: Verdict
    at: datetime | None = None

    @property
    def moves(self) -> bool:
        """Say whether it is moved."""
        return self.verdict in (Verdict.FINE, Verdict.GAP, Verdict.CLOSE)


def is_sealed(post: Post) -> bool:
    """Say whether deliveries of a post wait or are out: a plan that is not sealed only stands on the calendar."""
    return bool(current(post.deliveries))


def shifted(wall: str, zone: str, days: int) -> tuple[str, int, bool]:
    """Return (wall, fold, gap) `days` later: the same hour, moved on by the gap where it does not exist."""
    moved = datetime.fromisoformat(wall) + timedelta(days=days)
    text = moved.isoformat(timespec="minutes")
    reading = read_wall(text, zone)
    if reading.hour is not Hour.GAP:
        return text, 0, False
    # Read with the offset from before the jump, the hour lies after it.
    local, fold = to_wall(moved.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC), zone)
    return local[:16], fold, True


def shift_all(
    posts: Iterable[Post], *, days: int, now: datetime, busy: Sequence[tuple[int, datetime]] = ()
) -> list[Shift]:
    """Return what moving these posts by `days` would do to each, in order; `busy` are other (account, time) pairs."""
    found: list[Shift] = []
    for post in posts:
        was = next((each.wall for each in post.targets if each.wall), "")
        text = post.text[:200]
        live = current(post.deliveries)
        if any(each.state in _STAYS for each in live):
            found.append(Shift(post.id, post.brand_id, text, was, (), Verdict.OUT))
            continue
        if not was:
            found.append(Shift(post.id, post.brand_id, text, was, (), Verdict.NO_DATE))
            continue
        targets, gap = _moved(post.targets, days)
        times = [(each.account_id, to_utc(each.wall, each.zone, fold=each.fold)) for each in targets if each.wall]
        verdict = Verdict.GAP if gap else Verdict.FINE
        if any(at < now for _account, at in times):
            verdict = Verdict.PAST
        elif verdict is Verdict.FINE and is_close(times, busy):
            verdict = Verdict.CLOSE
        found.append(Shift(post.id, post.brand_id, text, was, targets, verdict, min(at for _account, at in times)))
    return sorted(found, key=lambda each: (each.was or "9", each.post_id))


def is_close(times: Sequence[tuple[int, datetime]], busy: Sequence[tuple[int, datetime]]) -> bool:
    """Say whether one of (account, time) lies within the hour of another of the same account (rank 26)."""
    near = timedelta(minutes=CLOSE_MINUTES)
    return any(mine == other and abs(at - then) < near for mine, at in times for other, then in busy)


def _moved(targets: Sequence[Target], days: int) -> tuple[tuple[Target, ...], bool]:
    found, any_gap = [], False
    for each in targets:
        if not each.wall:
            found.append(each)
            continue
        wall, fold, gap = shifted(each.wall, each.zone, days)
        found.append(Target(each.account_id, wall, each.zone, fold, each.hand_off))
        any_gap = any_gap or gap
    return tuple(found), any_gap
