"""Service hours as the screens read them: what is closed now, and all that a brand's hours screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmdesk.care.hours import NeverOpens, add_service_time, next_closing, next_opening, open_at
from cmdesk.care.values import ServiceLevel
from cmdesk.commands import hours as commands
from cmdesk.desk import Desk
from cmdesk.model import Brand, Market
from cmdesk.store import brands, hours as store, markets as market_store
from cmdesk.store.db import Done as Done, Reader
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
class Preview:
    """What a level means at this moment; None where it never changes, or nothing is agreed."""

    is_open: bool
    changes_at: datetime | None  # closes, or opens again
    answer_by: datetime | None  # for what comes in now
    solve_by: datetime | None


async def away(desk: Desk, conversation_id: int) -> Away | None:
    """What to say while the service of a conversation is closed; None while it is open."""
    return await desk.read(store.away, conversation_id, desk.clock.now())


def brand_hours(desk: Desk, brand_id: int) -> BrandHours:
    """Everything the hours screen of a brand begins with."""
    return desk.page(_brand_hours, brand_id)


async def preview(desk: Desk, level: ServiceLevel) -> Preview:
    """What a level means at this moment (its holidays are computed on a thread of their own)."""
    return await desk.work(_preview, level, desk.clock.now())


async def learn_holidays(desk: Desk) -> None:
    """Compute this year's and the next year's holidays of the brands, so that no dialog waits for their library."""
    from cmdesk.care.holidays import public_holidays

    year = desk.clock.now().year
    for country, region in desk.page(store.holiday_places):
        for each in (year, year + 1):
            await desk.work(public_holidays, country, region, each)


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


async def save(desk: Desk, brand_id: int, levels: Sequence[ServiceLevel], *, removed: Sequence[int] = ()) -> Done[None]:
    """Keep hours of a brand and its markets in one decision, and let markets have the brand's; raises Invalid."""
    return await desk.run(commands.save_levels, brand_id=brand_id, levels=levels, removed=removed)


def _brand_hours(reader: Reader, brand_id: int) -> BrandHours:
    return BrandHours(
        brands.brand(reader, brand_id), tuple(market_store.markets(reader, brand_id)), store.levels(reader, brand_id)
    )


def _preview(level: ServiceLevel, now: datetime) -> Preview:
    is_open = open_at(level, now)
    try:
        changes = next_closing(level, now) if is_open else next_opening(level, now)
    except NeverOpens:
        changes = None
    return Preview(is_open, changes, _by(level, now, level.first_answer_min), _by(level, now, level.solution_min))


def _by(level: ServiceLevel, now: datetime, minutes: int | None) -> datetime | None:
    try:
        return None if minutes is None else add_service_time(level, now, minutes)
    except NeverOpens:
        return None
