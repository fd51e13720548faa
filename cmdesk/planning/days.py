"""What stands behind the posts of a day: holidays, notes, hours of service and of life, slots of the queue.

Values only: `store.day_backs` fills them for a range of days, the grids paint them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """What a stretch of a day is in a market."""

    OPEN = "open"  # service hours of the brand or market
    ASLEEP = "asleep"
    MEAL = "meal"  # when people there eat (H8)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes of the shown zone's day, [start, end), with what they are and in which country ('' for the brand)."""

    start: int
    end: int
    band: Band
    country: str = ""


class MarkKind(StrEnum):
    """What a mark at the head of a day says."""

    HOLIDAY = "holiday"  # a public holiday of a market: day off and occasion (H9)
    CLOSED = "closed"  # the brand's own day off
    QUIET = "quiet"  # a market mourns or remembers: no promotions (K9)
    NOTE = "note"

    @property
    def is_off(self) -> bool:
        """Say whether nobody works there on such a day."""
        return self in (MarkKind.HOLIDAY, MarkKind.CLOSED)


@dataclass(frozen=True, slots=True)
class Mark:
    """One line at the head of a day; `country` is an ISO code, `brand_id` 0 is every brand."""

    kind: MarkKind
    text: str
    country: str = ""
    region: str = ""
    brand_id: int = 0
    note_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ghost:
    """A free slot of the queue in the shown zone's day; `wall` and `zone` are the slot's own."""

    slot_id: int
    brand_id: int
    account_id: int
    network: str
    minute: int
    wall: str
    zone: str


@dataclass(frozen=True, slots=True)
class DayBack:
    """Everything behind one day."""

    marks: tuple[Mark, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
