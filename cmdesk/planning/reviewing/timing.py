"""When a post goes out, and what else does: the same words within a month, the same account in an hour (rank 26)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from cmdesk.errors import Invalid
from cmdesk.model import Target
from cmdesk.planning.calendar import CLOSE_MINUTES
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.facts import Case, Earlier
from cmdesk.planning.reviewing.texts import Copy, beginning, fold, words
from cmdesk.planning.zones import to_utc

SAME_DAYS = 30
ALIKE = 0.7  # of all groups of three words
SHINGLE = 3
SHORT = 6  # words under which a text must be equal to be the same


def hours(targets: Iterable[Target]) -> dict[int, datetime]:
    """Return the instant for each account that has an hour that exists."""
    found = {}
    for target in targets:
        if target.wall:
            try:
                found[target.account_id] = to_utc(target.wall, target.zone, fold=target.fold)
            except Invalid:
                continue  # the hour itself is judged where it is chosen
    return found


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield what is to be said of the hour and of what stands near it."""
    at = hours(case.post.targets)
    first = min(at.values(), default=case.facts.now)
    yield from _same_text(case, texts, first)
    yield from _same_hour(case, at)


def similarity(one: str, other: str) -> float:
    """Return how much two texts have in common, 0 to 1: the share of their groups of three words."""
    mine, theirs = shingles(one), shingles(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


@lru_cache(maxsize=4096)
def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return the groups of three words of a text; of a short one all its words as one group."""
    said = [each.folded for each in words(text)]
    if len(said) < SHORT:
        return frozenset([tuple(said)]) if said else frozenset()
    return frozenset(tuple(said[at : at + SHINGLE]) for at in range(len(said) - SHINGLE + 1))


def _same_text(case: Case, texts: list[Copy], at: datetime) -> Iterator[Finding]:
    mine = [copy for copy in texts if copy.kind == "text" and copy.place.part == 0 and shingles(copy.text)]
    near = timedelta(days=SAME_DAYS)
    best: tuple[float, Earlier, Copy] | None = None
    for other in case.facts.earlier:
        if abs(other.at - at) > near or (other.series_id and other.series_id == case.post.series_id):
            continue
        for copy in mine:
            alike = similarity(copy.text, other.text)
            if alike >= ALIKE and (best is None or alike > best[0]):
                best = (alike, other, copy)
    if best is not None:
        _alike, other, copy = best
        yield Finding(
            Level.WARNING, "same_text", place=copy.at(0, 0), post_id=other.post_id, at=other.at,
            detail=" ".join(fold(other.text).split())[:80], said=(beginning(other.text),),
        )  # fmt: skip


def _same_hour(case: Case, at: dict[int, datetime]) -> Iterator[Finding]:
    close = timedelta(minutes=CLOSE_MINUTES)
    for account_id, when in at.items():
        near = [
            each for each in case.facts.earlier if account_id in each.account_ids and abs(each.at - when) < close
        ]  # fmt: skip
        if near:
            other = min(near, key=lambda each: abs(each.at - when))
            yield Finding(
                Level.WARNING, "same_hour", account_id, post_id=other.post_id, at=other.at,
                said=(beginning(other.text),),
            )  # fmt: skip
