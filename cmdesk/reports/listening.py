"""What was said elsewhere in a month and how competitors did beside the brand (D1-D3, R4): same data, same figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cmdesk.listening.values import HitState
from cmdesk.store.db import Reader
from cmdesk.store.reporting_listening import RivalRows, listening_rows

MOST_SEARCHES = 8
_NEAR = timedelta(days=3)  # a figure this long after the month's first day still begins it


@dataclass(frozen=True, slots=True)
class RivalMonth:
    """A competitor's month; None where nobody asked near enough to its ends."""

    name: str
    handle: str
    network: str
    followers_start: float | None
    followers_end: float | None
    posts_week: float | None
    per_post: float | None

    @property
    def gained(self) -> float | None:
        """How the followers changed."""
        if self.followers_start is None or self.followers_end is None:
            return None
        return self.followers_end - self.followers_start


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening found in a month, and the competitors."""

    hits: int
    taken: int  # into the inbox
    positive: int
    negative: int
    sources: tuple[tuple[str, int], ...]  # most first
    searches: tuple[tuple[str, str, int], ...]  # kind, name, how many; most first
    rivals: tuple[RivalMonth, ...]


def heard(reader: Reader, *, brand_id: int, start: datetime, end: datetime) -> Heard | None:
    """Return what a brand heard in [start, end) of its zone; None where nothing was found and nobody compared with."""
    first, last = start.date() - timedelta(days=1), (end - timedelta(days=1)).date()
    rows = listening_rows(reader, brand_id=brand_id, start=start, end=end, first_day=first, last_day=last)
    if not rows.hits and not rows.rivals:
        return None
    by_source: dict[str, int] = {}
    for source, _state, _sentiment, count in rows.hits:
        by_source[source] = by_source.get(source, 0) + count
    return Heard(
        hits=sum(row[3] for row in rows.hits),
        taken=sum(row[3] for row in rows.hits if row[1] == HitState.PROMOTED),
        positive=sum(row[3] for row in rows.hits if row[2] == "positive"),
        negative=sum(row[3] for row in rows.hits if row[2] == "negative"),
        sources=tuple(sorted(by_source.items(), key=lambda each: (-each[1], each[0]))),
        searches=rows.searches[:MOST_SEARCHES],
        rivals=tuple(_rival(each, first=first, last=last) for each in rows.rivals),
    )


def _rival(rows: RivalRows, *, first: date, last: date) -> RivalMonth:
    followers = rows.figures.get("followers", ())
    begins = followers[0][1] if followers and followers[0][0] <= first + _NEAR else None
    ends = followers[-1][1] if followers else None
    posts = dict(rows.figures.get("posts_week", ()))
    interactions = dict(rows.figures.get("interactions_week", ()))
    both = [day for day in posts if day in interactions and first < day <= last]
    total = sum(posts[day] for day in both)
    known = [value for day, value in posts.items() if first < day <= last]
    return RivalMonth(
        rows.name, rows.handle, rows.network,
        followers_start=begins, followers_end=ends,
        posts_week=sum(known) / len(known) if known else None,
        per_post=sum(interactions[day] for day in both) / total if total else None,
    )  # fmt: skip
