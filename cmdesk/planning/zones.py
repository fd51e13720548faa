"""Wall time, zone and fold to the instant meant: gaps are refused, doubled hours keep which one.

A post is planned in its brand's wall time. In spring an hour does not exist, in autumn one comes twice;
neither may move a post silently (RELIABILITY part 2, "Clock").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cmdesk.errors import Invalid
from cmdesk.zones import zone_named as zone_named


class Hour(StrEnum):
    """What a wall time is in a zone."""

    PLAIN = "plain"
    GAP = "gap"  # the clocks jump over it
    TWICE = "twice"  # the clocks go back over it: fold 0 is the first, 1 the second


@dataclass(frozen=True, slots=True)
class Reading:
    """A wall time as its zone reads it; `instants` has one entry, two when it comes twice, none in a gap."""

    hour: Hour
    instants: tuple[datetime, ...]


def read_wall(wall: str, zone: str) -> Reading:
    """Say what `wall` (ISO without offset) is in `zone`; raises Invalid (`time_unreadable`, `zone_unknown`)."""
    naive = _naive(wall)
    info = zone_named(zone)
    instants: list[datetime] = []
    for fold in (0, 1):
        instant = naive.replace(tzinfo=info, fold=fold).astimezone(UTC)
        if instant.astimezone(info).replace(tzinfo=None, fold=0) == naive and instant not in instants:
            instants.append(instant)
    hour = (Hour.GAP, Hour.PLAIN, Hour.TWICE)[len(instants)]
    return Reading(hour, tuple(instants))


def to_utc(wall: str, zone: str, *, fold: int = 0) -> datetime:
    """Return the instant of `wall` in `zone`; raises Invalid: `time_gap` for an hour that does not exist."""
    reading = read_wall(wall, zone)
    if reading.hour is Hour.GAP:
        raise Invalid(f"{wall} does not exist in {zone}: the clocks go forward over it", code="time_gap", detail=wall)
    return reading.instants[-1 if fold else 0]


def to_wall(at: datetime, zone: str) -> tuple[str, int]:
    """Return (wall time to the second, fold) of the aware instant `at` in `zone`."""
    local = at.astimezone(zone_named(zone))
    return local.replace(tzinfo=None, microsecond=0).isoformat(timespec="seconds"), local.fold


def _naive(wall: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(wall)
    except ValueError:
        raise Invalid(f"{wall!r} is not a date and time", code="time_unreadable", detail=wall[:40]) from None
    if parsed.tzinfo is not None:
        raise Invalid("a wall time has no offset", code="time_unreadable", detail=wall[:40])
    return parsed
