"""Days on which nothing is planned although somebody should hear from the brand: weekends and absences (H10, H11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import place

# What keeps an account alive: it went out, or it will by itself.
_COUNTS = frozenset({PostStatus.SCHEDULED, PostStatus.SENDING, PostStatus.PUBLISHED, PostStatus.PARTIAL})
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of days without a post of a brand."""

    brand_id: int
    start: date
    end: date  # the last day of it


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a brand stands over a range of days."""

    brand_id: int
    posts: int
    plans: int  # dated, but nothing sends them yet
    gaps: tuple[Gap, ...]


def weekends(days: Iterable[date]) -> list[date]:
    """Return the Saturdays and Sundays among these days."""
    return [day for day in days if day.weekday() >= SATURDAY]


def gaps(items: Iterable[CalendarItem], *, brand_ids: Sequence[int], days: Collection[date], zone: str) -> list[Gap]:
    """Return runs of these days (of `zone`) on which a brand says nothing; what is only planned does not count."""
    spoken = _days_of(items, zone)
    found: list[Gap] = []
    for brand_id in brand_ids:
        silent = sorted(day for day in days if day not in spoken.get(brand_id, ()))
        found += [Gap(brand_id, *run) for run in _runs(silent)]
    return found


def coverage(
    items: Sequence[CalendarItem], *, brand_ids: Sequence[int], start: date, end: date, zone: str
) -> list[Coverage]:
    """Return how each brand stands from `start` to `end`, as somebody wants to know who goes away (H10)."""
    days = [start + timedelta(days=each) for each in range((end - start).days + 1)]
    holes = gaps(items, brand_ids=brand_ids, days=days, zone=zone)
    inside = [one.item for day, some in place(items, zone).items() if start <= day <= end for one in some]
    return [
        Coverage(
            brand_id,
            len({each.post_id for each in inside if each.brand_id == brand_id and each.status in _COUNTS}),
            len({each.post_id for each in inside if each.brand_id == brand_id and each.status is PostStatus.DRAFT}),
            tuple(each for each in holes if each.brand_id == brand_id),
        )
        for brand_id in brand_ids
    ]


def _days_of(items: Iterable[CalendarItem], zone: str) -> Mapping[int, set[date]]:
    spoken: dict[int, set[date]] = {}
    for day, some in place((each for each in items if each.status in _COUNTS), zone).items():
        for one in some:
            spoken.setdefault(one.item.brand_id, set()).add(day)
    return spoken


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
