"""Service hours as the screens read them: what is closed now, and all that a brand's hours screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmdesk.care.hours import NeverOpens, next_closing, next_opening, open_at
from cmdesk.care.values import ServiceLevel
from cmdesk.commands import hours as commands
from cmdesk.desk import Desk
from cmdesk.model import Brand, Market
from cmdesk.store import audience, brands, hours as store
from cmdesk.store.db import Done, Reader
from cmdesk.store.hours import Away as Away

HolidayList = Sequence[tuple[date, str]]


@dataclass(frozen=True, slots=True)
class BrandHours:
    """A brand with its markets and what each has of its own (market 0: the brand)."""

    brand: Brand
    markets: tuple[Market, ...]
    levels: dict[int, ServiceLevel]

    def level(self, market_id: int = 0) -> ServiceLevel:
        """What is in force; a market without hours of its own has the brand's."""
        usual = self.levels.get(0) or ServiceLevel(self.brand.id, self.brand.zone)
        return self.levels.get(market_id) or usual

    def draft(self, market_id: int) -> ServiceLevel:
        """What to begin with when a market gets hours of its own: the brand's, in its own country."""
        if market_id in self.levels or not market_id:
            return self.level(market_id)
        market = next(each for each in self.markets if each.id == market_id)
        return replace(
            self.level(), market_id=market_id, zone=market.zone, country=market.country, region=market.region
        )


@dataclass(frozen=True, slots=True)
class Now:
    """Whether a level is open, and until when or from when; None where that does not change soon or ever."""

    is_open: bool
    changes_at: datetime | None


async def away(desk: Desk, conversation_id: int) -> Away | None:
    """What to say while the service of a conversation is closed; None while it is open."""
    return await desk.read(store.away, conversation_id, desk.clock.now())


def brand_hours(desk: Desk, brand_id: int) -> BrandHours:
    """Everything the hours screen of a brand begins with."""
    return desk.page(_brand_hours, brand_id)


async def now_of(desk: Desk, level: ServiceLevel) -> Now:
    """What a level is at this moment (its holidays are computed on a thread of their own)."""
    return await desk.work(_now_of, level, desk.clock.now())


async def holidays_ahead(desk: Desk, country: str, region: str, start: date, language: str) -> HolidayList:
    """The public holidays of the coming year."""
    from cmdesk.care.holidays import upcoming

    return await desk.work(upcoming, country, region, start, days=365, language=language)


async def countries(desk: Desk, language: str) -> Sequence[tuple[str, str]]:
    """Every country whose holidays are known, (code, name) by name."""
    from cmdesk.care.holidays import countries as known

    return await desk.work(known, language)


async def regions(desk: Desk, country: str) -> Sequence[tuple[str, str]]:
    """The regions of a country that have holidays of their own."""
    from cmdesk.care.holidays import regions as known

    return await desk.work(known, country)


async def save(desk: Desk, level: ServiceLevel) -> Done[None]:
    """Keep hours; raises Invalid."""
    return await desk.run(commands.save_level, level=level)


async def remove(desk: Desk, brand_id: int, market_id: int) -> Done[None]:
    """Let a market have the brand's hours again."""
    return await desk.run(commands.remove_level, brand_id=brand_id, market_id=market_id)


def _brand_hours(reader: Reader, brand_id: int) -> BrandHours:
    return BrandHours(
        brands.brand(reader, brand_id), tuple(audience.markets(reader, brand_id)), store.levels(reader, brand_id)
    )


def _now_of(level: ServiceLevel, now: datetime) -> Now:
    if open_at(level, now):
        return Now(True, next_closing(level, now))
    try:
        return Now(False, next_opening(level, now))
    except NeverOpens:
        return Now(False, None)
