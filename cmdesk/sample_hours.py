"""The service hours of the sample brands, and of their markets abroad with those countries' own holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.commands import hours
from cmdesk.model import Brand, Market
from cmdesk.store import markets as market_store

if TYPE_CHECKING:
    from cmdesk.desk import Desk


def fill_hours(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    """Give a sample brand its hours and deadlines; a market in another country keeps that one's holidays."""
    shifts = tuple(
        Shift(int(weekday), opens, closes) for weekday, stretches in row["hours"].items() for opens, closes in stretches
    )
    markets = desk.page(market_store.markets, brand.id)
    home = next((each for each in markets if each.name == row["markets"][0]["name"]), None)
    usual = ServiceLevel(brand.id, brand.zone, shifts=shifts, **row["service"])
    if home is not None:
        usual = replace(usual, country=home.country, region=home.region)
    abroad = [_market_level(usual, each) for each in markets if home is None or each.country != home.country]
    desk.run_now(hours.save_levels, brand_id=brand.id, levels=[usual, *abroad])


def _market_level(usual: ServiceLevel, market: Market) -> ServiceLevel:
    return replace(usual, market_id=market.id, zone=market.zone, country=market.country, region=market.region)
