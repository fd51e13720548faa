"""Best times from an account's own publications: by weekday and hour of a market's clock, careful with small numbers.

Pure. What a publication earned (favourites, boosts, replies, quotes) is measured against the account's median, so that
accounts of any size compare; a single success counts at most five times the median. Each hour of the week is drawn
towards what its hour and its weekday earn in general, and those towards 1, by as much as the numbers are small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from cmdesk.zones import zone_named

TOO_FEW = 20
"""Publications below which nothing is said."""
_PRIOR = 4.0  # publications that the expectation counts for
_MARGIN_PRIOR = 6.0
_CAP = 5.0
_LEAST_SEEN = 2  # publications in an hour that is recommended
_NEIGHBOUR = 0.5  # an hour's neighbours count by half


@dataclass(frozen=True, slots=True)
class Best:
    """One hour of the week: how it does against the usual (1.0), and how many publications stood in it."""

    weekday: int
    hour: int
    score: float
    count: int


@dataclass(frozen=True, slots=True)
class BestTimes:
    """What a history says; `cells` has all hours of the week once there is enough, nothing otherwise."""

    sample: int
    zone: str
    cells: Mapping[tuple[int, int], Best] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Say whether there is enough to tell."""
        return bool(self.cells)

    def top(self, most: int = 5) -> list[Best]:
        """Return the best hours in which something was published more than once; no two neighbours of a day."""
        chosen: list[Best] = []
        ranked = sorted(self.cells.values(), key=lambda one: (-one.score, -one.count, one.weekday, one.hour))
        for each in ranked:
            if len(chosen) == most:
                break
            near = any(one.weekday == each.weekday and abs(one.hour - each.hour) <= 1 for one in chosen)
            if each.count >= _LEAST_SEEN and each.score > 1.0 and not near:
                chosen.append(each)
        return chosen


def best_times(history: Iterable[tuple[int, int, int]], zone: str) -> BestTimes:
    """Return the hours of `zone`'s week for a history of (account id, milliseconds, what it earned)."""
    by_account: dict[int, list[tuple[int, int]]] = {}
    for account_id, at, earned in history:
        by_account.setdefault(account_id, []).append((at, earned))
    info = zone_named(zone)
    sums: dict[tuple[int, int], float] = {}
    counts: dict[tuple[int, int], int] = {}
    sample = 0
    for mine in by_account.values():
        middle = median(earned for _at, earned in mine) + 1.0  # never nothing to divide by
        for at, earned in mine:
            local = datetime.fromtimestamp(at / 1000, UTC).astimezone(info)
            cell = (local.weekday(), local.hour)
            sums[cell] = sums.get(cell, 0.0) + min((earned + 1.0) / middle, _CAP)
            counts[cell] = counts.get(cell, 0) + 1
            sample += 1
    if sample < TOO_FEW:
        return BestTimes(sample, zone)
    return BestTimes(sample, zone, _cells(sums, counts, sample))


def _cells(
    sums: Mapping[tuple[int, int], float], counts: Mapping[tuple[int, int], int], sample: int
) -> dict[tuple[int, int], Best]:
    usual = sum(sums.values()) / sample
    days = [_drawn([(sums.get((day, hour), 0.0), counts.get((day, hour), 0)) for hour in range(24)], usual)
            for day in range(7)]  # fmt: skip
    hours = [_drawn([(sums.get((day, hour), 0.0), counts.get((day, hour), 0)) for day in range(7)], usual)
             for hour in range(24)]  # fmt: skip
    cells: dict[tuple[int, int], Best] = {}
    for day in range(7):
        for hour in range(24):
            expected = days[day] * hours[hour]
            earned, weight = _PRIOR * expected, _PRIOR
            for other, share in ((hour - 1, _NEIGHBOUR), (hour, 1.0), (hour + 1, _NEIGHBOUR)):
                count = counts.get((day, other), 0)
                if count:
                    earned += share * sums[day, other] / usual
                    weight += share * count
            cells[day, hour] = Best(day, hour, earned / weight, counts.get((day, hour), 0))
    return cells


def _drawn(parts: Iterable[tuple[float, int]], usual: float) -> float:
    """What a whole hour or weekday earns against the usual, drawn towards 1."""
    pairs = list(parts)
    count = sum(each for _sum, each in pairs)
    return (sum(each for each, _count in pairs) / usual + _MARGIN_PRIOR) / (count + _MARGIN_PRIOR)
