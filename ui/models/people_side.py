"""What stands beside the table of people: everybody, who has no market, the marks, circles and markets, with counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cmdesk.circles import Condition, Group, How
from cmdesk.desk import Desk
from cmdesk.model import Brand
from cmdesk.people.fields import OwnField
from cmdesk.people.values import PeopleFilter
from cmdesk.store import circles, markets, people_fields, people_table
from cmdesk.store.db import Reader

ALL, NO_MARKET, ADVOCATES, OPT_OUT = "all", "no_market", "advocates", "opt_out"
CIRCLE, MARKET, HEADING = "circle", "market", "heading"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the side: what it stands for, how many people, of which brand (0: all)."""

    kind: str
    id: int = 0
    name: str = ""
    count: int = 0
    brand_id: int = 0
    rule: bool = False
    broken: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What it is, whatever its name and count."""
        return self.kind, self.id

    @property
    def takes(self) -> bool:
        """Whether people can be dropped on it."""
        return self.kind in (CIRCLE, MARKET, NO_MARKET, ADVOCATES, OPT_OUT)


def narrowed(wanted: PeopleFilter, place: Place | None) -> PeopleFilter:
    """A filter within a place."""
    match place.kind if place is not None else ALL:
        case "no_market":
            return replace(wanted, markets=(), without_market=True)
        case "advocates":
            return replace(wanted, advocate=True)
        case "opt_out":
            return replace(wanted, opt_out=True)
        case "market":
            assert place is not None
            return replace(wanted, markets=(place.id,), without_market=False)
        case "circle":
            assert place is not None
            if not wanted.circles:
                return replace(wanted, circles=(place.id,))
            both = Group(How.ALL, (Condition("circle", "in", tuple(wanted.circles)),))
            return replace(wanted, circles=(place.id,), rule=both)
    return wanted


@dataclass(frozen=True, slots=True)
class Side:
    """All lines from the top, and how many pairs may be the same person."""

    places: tuple[Place, ...] = ()
    doubles: int = 0

    def of(self, kind: str) -> list[Place]:
        """The lines of a kind."""
        return [each for each in self.places if each.kind == kind]


def _count(reader: Reader, brand_id: int | None, now: datetime, **narrowing: object) -> int:
    return people_table.count(reader, brand_id=brand_id, filter=PeopleFilter(**narrowing), now=now)  # type: ignore[arg-type]


def _side(reader: Reader, brand_id: int | None, brands: tuple[Brand, ...], now: datetime) -> Side:
    places = [
        Place(ALL, count=_count(reader, brand_id, now)),
        Place(NO_MARKET, count=_count(reader, brand_id, now, without_market=True)),
        Place(ADVOCATES, count=_count(reader, brand_id, now, advocate=True)),
        Place(OPT_OUT, count=_count(reader, brand_id, now, opt_out=True)),
    ]
    shown = [each for each in brands if brand_id in (None, each.id)]
    for kind in (CIRCLE, MARKET):
        for brand in shown:
            lines = _circles(reader, brand.id, now) if kind == CIRCLE else _markets(reader, brand.id, now)
            if lines or len(shown) == 1:
                places.append(Place(HEADING, kind == MARKET, brand.name if len(shown) > 1 else "", 0, brand.id))
                places += lines
    return Side(tuple(places))


def _circles(reader: Reader, brand_id: int, now: datetime) -> list[Place]:
    counts = circles.counts(reader, brand_id, now)
    broken = circles.broken(reader, brand_id, now)
    return [
        Place(CIRCLE, each.id, each.name, counts.get(each.id, 0), brand_id, bool(each.rule), each.id in broken)
        for each in circles.circles(reader, brand_id)
    ]


def _markets(reader: Reader, brand_id: int, now: datetime) -> list[Place]:
    return [
        Place(MARKET, each.id, each.name, _count(reader, brand_id, now, markets=(each.id,)), brand_id)
        for each in markets.markets(reader, brand_id)
    ]


async def read_side(desk: Desk, brand_id: int | None, brands: list[Brand]) -> Side:
    """Read and count everything, on another thread."""
    return await desk.read(_side, brand_id, tuple(brands), desk.clock.now())


Facets = dict[str, tuple[tuple[str, int], ...]]


async def read_facets(desk: Desk, brand_id: int | None) -> Facets:
    """The languages, countries and networks there are, each with how many people; on another thread."""
    return await desk.read(people_table.facets, brand_id)


def own_fields(desk: Desk, brand_id: int | None) -> list[OwnField]:
    """A brand's own fields; none over all brands, where they would not mean the same."""
    return [] if brand_id is None else desk.page(people_fields.fields, brand_id)
