"""Markets as the screens read and keep them: a brand's, what is known of a country, who would belong to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cmdesk.commands import markets as commands
from cmdesk.commands.markets import Share as Share
from cmdesk.desk import Desk
from cmdesk.i18n import language
from cmdesk.markets import Defaults, Guide
from cmdesk.model import Brand, Market
from cmdesk.planning.customs import Customs, There, customs, there
from cmdesk.store import brands, markets as store
from cmdesk.store.db import Done, Reader
from cmdesk.store.markets import Suggestion as Suggestion

Named = tuple[tuple[str, str], ...]
"""Codes with their names."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A market with what its brand keeps about it."""

    market: Market
    guide: Guide

    @property
    def habits(self) -> Customs:
        """When its people sleep and eat."""
        return customs(self.market.country, self.guide)


@dataclass(frozen=True, slots=True)
class People:
    """How many people belong to each market (0: to none), and to which those of none would belong."""

    by_market: dict[int, int]
    suggested: tuple[Suggestion, ...]

    @property
    def fitting(self) -> int:
        """How many people without a market fit one."""
        return sum(len(each.contact_ids) for each in self.suggested)


def kept(desk: Desk, brand_id: int) -> list[Kept]:
    """A brand's markets by name."""
    return desk.page(_kept, brand_id)


def brand_of(desk: Desk, brand_id: int) -> Brand:
    """The brand itself; raises Invalid for none."""
    return desk.page(brands.brand, brand_id)


def now_there(desk: Desk, one: Kept) -> There:
    """The hour it is in a market."""
    return there(one.market.zone, one.habits, desk.clock.now())


async def people(desk: Desk, brand_id: int, *, only: Sequence[int] | None = None) -> People:
    """Who belongs to which market, and who might (counts every contact, on a thread of its own).

    With `only`, who might is told of these alone.
    """
    return await desk.read(_people, brand_id, None if only is None else tuple(only))


async def countries(desk: Desk) -> Named:
    """Every country, (code, name in the window's language) by name."""
    from cmdesk.markets import countries as known

    return await desk.work(known, language())


async def defaults(desk: Desk, country: str, tongue: str) -> Defaults:
    """What is known of a country; raises Invalid (`country_unknown`)."""
    from cmdesk.markets import defaults as known

    return await desk.work(known, country, tongue, shown=language())


async def tongues(desk: Desk, first: Sequence[str]) -> tuple[Named, Named]:
    """Languages with their names: those of a country, and all others that somebody writes in, by name."""
    return await desk.work(_tongues, tuple(first), language())


async def named(desk: Desk, country: str, tongue: str) -> str:
    """What to call a market of a country in a language."""
    from cmdesk.markets.known import named as name

    return await desk.work(name, country, tongue, shown=language())


async def region_names(desk: Desk, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What regions of countries, (country, region), are called; unknown ones are missing."""
    return await desk.work(_region_names, tuple(places))


async def days_off(desk: Desk, country: str, region: str, start: date, most: int = 5) -> Sequence[tuple[date, str]]:
    """The next public holidays of a region."""
    from cmdesk.care.holidays import upcoming

    found = await desk.work(upcoming, country, region, start, days=365, language=language())
    return found[:most]


async def save(desk: Desk, **fields: Any) -> Done[int]:
    """Make or change a market (see `commands.markets.save_market`); raises Invalid."""
    return await desk.run(commands.save_market, **fields)


async def delete(desk: Desk, market_id: int) -> Done[None]:
    """Delete a market with its hours."""
    return await desk.run(commands.delete_market, market_id=market_id)


async def assign(desk: Desk, brand_id: int, shares: Sequence[Share]) -> Done[int]:
    """Let people without a market be of these."""
    return await desk.run(commands.assign, brand_id=brand_id, shares=tuple(shares))


def _kept(reader: Reader, brand_id: int) -> list[Kept]:
    guides = store.guides(reader, brand_id)
    return [Kept(each, guides.get(each.id, Guide())) for each in store.markets(reader, brand_id)]


def _people(reader: Reader, brand_id: int, only: tuple[int, ...] | None) -> People:
    return People(store.people(reader, brand_id), tuple(store.suggestions(reader, brand_id, contact_ids=only)))


def _region_names(places: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], str]:
    from cmdesk.care.holidays import regions

    known = {country: dict(regions(country)) for country, _region in places}
    return {(country, region): known[country][region] for country, region in places if region in known[country]}


def _tongues(first: tuple[str, ...], shown: str) -> tuple[Named, Named]:
    from babel import Locale

    from cmdesk.care.holidays import sorted_as

    names = Locale.parse(shown).languages
    here = tuple((code, _capital(names.get(code, code))) for code in first)
    rest = [
        (code, _capital(str(name)))
        for code, name in names.items()
        if len(code) in (2, 3) and code.isalpha() and code not in first and code not in ("und", "zxx", "mul", "mis")
    ]
    return here, tuple(sorted(rest, key=lambda pair: sorted_as(pair[1])))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
