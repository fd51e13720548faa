"""What a grid shows, as one frozen value, and the places where it was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPixmap

from cmdesk.model import Brand, CalendarItem
from cmdesk.planning.calendar import Placed
from cmdesk.planning.clashes import Clash
from cmdesk.planning.days import DayBack, Ghost

NO_BRAND = "#6B6B76"
_NOTHING = DayBack()

Key = tuple[int, int]
"""A chip's name over moves: its post, and the first of its accounts (a post may stand at several hours)."""


def key_of(item: CalendarItem) -> Key:
    """Name a chip."""
    return item.post_id, item.account_ids[0] if item.account_ids else 0


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a grid shows; `zone` is the one its days and hours are read in, `own_zone` the person's."""

    days: Mapping[date, list[Placed]] = field(default_factory=dict)
    brands: Mapping[int, Brand] = field(default_factory=dict)
    zone: str = "UTC"
    now: datetime | None = None
    close: frozenset[int] = frozenset()
    pictures: Mapping[str, QPixmap] = field(default_factory=dict)
    backs: Mapping[date, DayBack] = field(default_factory=dict)
    clashes: Mapping[int, tuple[Clash, ...]] = field(default_factory=dict)  # by post
    thumbnails: bool = False
    accounts: Mapping[int, str] = field(default_factory=dict)  # handle by account
    campaigns: Mapping[int, str] = field(default_factory=dict)
    own_zone: str = ""

    def back(self, day: date) -> DayBack:
        """What stands behind a day."""
        return self.backs.get(day, _NOTHING)

    def clashes_of(self, item: CalendarItem) -> tuple[Clash, ...]:
        """What is worth a second look about an item that is still to come."""
        found = self.clashes.get(item.post_id, ())
        return (*found, Clash.CLOSE) if item.post_id in self.close and Clash.CLOSE not in found else found

    def colour(self, brand_id: int) -> str:
        """A brand's colour."""
        brand = self.brands.get(brand_id)
        return brand.color if brand else NO_BRAND

    def local_now(self) -> datetime | None:
        """This moment on the shown zone's clock."""
        return self.now.astimezone(ZoneInfo(self.zone)) if self.now else None

    def same_look(self, other: Scene) -> bool:
        """Whether a day's picture can stay as long as its own posts do."""
        return (
            (self.zone, self.thumbnails) == (other.zone, other.thumbnails)
            and self.brands == other.brands
            and self.pictures == other.pictures
            and _quarter(self.now) == _quarter(other.now)
        )

    def differs_on(self, day: date, other: Scene) -> bool:
        """Whether a day's picture must be painted anew."""
        mine, theirs = self.days.get(day, ()), other.days.get(day, ())
        return (
            mine != theirs
            or self.backs.get(day, _NOTHING) != other.backs.get(day, _NOTHING)
            or any(self.clashes_of(one.item) != other.clashes_of(one.item) for one in mine)
        )


def _quarter(now: datetime | None) -> object:
    return now and now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a chip was drawn."""

    rect: QRectF
    placed: Placed


@dataclass(frozen=True, slots=True)
class GhostSpot:
    """Where free slots of the queue were drawn: those of one brand at one minute."""

    rect: QRectF
    day: date
    minute: int
    ghosts: tuple[Ghost, ...]


def ghost_groups(back: DayBack, *, after: int = -1) -> list[tuple[int, tuple[Ghost, ...]]]:
    """Free slots of a day that are later than `after` minutes, together by minute and brand."""
    groups: dict[tuple[int, int], list[Ghost]] = {}
    for ghost in back.ghosts:
        if ghost.minute > after:
            groups.setdefault((ghost.minute, ghost.brand_id), []).append(ghost)
    return [(minute, tuple(some)) for (minute, _brand), some in sorted(groups.items())]
