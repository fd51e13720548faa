"""Decisions about markets: a language in a country with its zone (K7), to which hours, people and texts belong."""

from __future__ import annotations

import re
from dataclasses import replace

from cmdesk.care.values import ServiceLevel
from cmdesk.errors import Invalid
from cmdesk.model import Market
from cmdesk.store import audience, hours
from cmdesk.store.audience import Belongings
from cmdesk.store.db import Transaction
from cmdesk.zones import zone_named

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_COUNTRY = re.compile(r"[A-Z]{2}")


def save_market(
    tx: Transaction,
    *,
    brand_id: int,
    name: str,
    language: str,
    country: str,
    zone: str,
    region: str = "",
    market_id: int | None = None,
) -> int:
    """Keep a market and return its id.

    Raises Invalid: `name_needed`, `name_taken`, `zone_unknown`, `language_unknown`, `country_unknown`,
    `market_unknown`.
    """
    zone_named(zone)
    if not _LANGUAGE.fullmatch(language):
        raise Invalid(f"{language!r} is not a language", code="language_unknown", detail=language)
    if not _COUNTRY.fullmatch(country):
        raise Invalid(f"{country!r} is not a country's code", code="country_unknown", detail=country[:20])
    before = None if market_id is None else audience.market(tx.conn, market_id, brand_id=brand_id)
    kept = audience.save_market(
        tx, market_id=market_id, brand_id=brand_id, name=name, language=language, country=country, zone=zone,
        region=region,
    )  # fmt: skip
    if before is None:
        tx.undoable("save_market", delete_market, market_id=kept, detail=name)
    else:
        tx.undoable(
            "save_market", save_market, market_id=kept, brand_id=brand_id, name=before.name, language=before.language,
            country=before.country, zone=before.zone, region=before.region, detail=before.name,
        )  # fmt: skip
    return kept


def delete_market(tx: Transaction, *, market_id: int) -> None:
    """Delete a market with its hours; its people, circles, posts and queue stay, without it. Undo brings all back."""
    market = audience.market(tx.conn, market_id)
    level = hours.own_level(tx.conn, market.brand_id, market_id)
    belongings = audience.of_market(tx.conn, market_id)
    audience.delete_market(tx, market_id)
    tx.undoable("delete_market", restore_market, market=market, level=level, belongings=belongings, detail=market.name)


def restore_market(tx: Transaction, *, market: Market, level: ServiceLevel | None, belongings: Belongings) -> None:
    """Bring a deleted market back, with its hours, people, circles, posts and queue."""
    market_id = audience.put_back_market(tx, market, belongings)
    if level is not None:
        hours.save_level(tx, replace(level, market_id=market_id))
    tx.undoable("save_market", delete_market, market_id=market_id, detail=market.name)
