"""Service levels of brands and of their markets, as they are stored (H1, H6)."""

from __future__ import annotations

from datetime import date

from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.errors import Invalid
from cmdesk.store.db import Reader
from cmdesk.store.rows import fetch_one, scalar


def level(reader: Reader, brand_id: int, market_id: int = 0) -> ServiceLevel:
    """Return a brand's service level, or that of one of its markets; a market without one has the brand's.

    A brand that says nothing is always open and has no deadlines.
    """
    if market_id:
        own = own_level(reader, brand_id, market_id)
        if own is not None:
            return own
    return own_level(reader, brand_id) or ServiceLevel(brand_id, zone_of(reader, brand_id, 0))


def own_level(reader: Reader, brand_id: int, market_id: int = 0) -> ServiceLevel | None:
    """Return what is stored for exactly this brand or market, None when nothing is."""
    row = fetch_one(reader, "SELECT * FROM service_level WHERE brand_id = ? AND market_id = ?", (brand_id, market_id))
    if row is None:
        return None
    mine = (brand_id, market_id or None)
    shifts = reader.execute(
        "SELECT weekday, opens, closes, coalesce(valid_from, ''), coalesce(valid_to, '') FROM service_hours"
        " WHERE brand_id = ? AND market_id IS ? ORDER BY valid_from, weekday, opens",
        mine,
    )
    closures = reader.execute(
        "SELECT day, name, closed FROM own_holiday WHERE brand_id = ? AND market_id IS ? ORDER BY day", mine
    )
    return ServiceLevel(
        brand_id,
        zone_of(reader, brand_id, market_id),
        market_id,
        shifts=tuple(Shift(*each) for each in shifts),
        closures=tuple(Closure(date.fromisoformat(day), name, bool(closed)) for day, name, closed in closures),
        country=row["country"],
        region=row["region"],
        first_answer_min=row["first_answer_min"],
        solution_min=row["solution_min"],
        other_channels=row["other_channels"],
    )


def levels(reader: Reader, brand_id: int) -> dict[int, ServiceLevel]:
    """Return what a brand and its markets have of their own, by market (0: the brand)."""
    markets = reader.execute("SELECT market_id FROM service_level WHERE brand_id = ?", (brand_id,)).fetchall()
    found = {market_id: own_level(reader, brand_id, market_id) for (market_id,) in markets}
    return {market_id: each for market_id, each in found.items() if each is not None}


def holiday_places(reader: Reader) -> list[tuple[str, str]]:
    """Return the (country, region) pairs whose public holidays some brand or market keeps."""
    rows = reader.execute("SELECT DISTINCT country, region FROM service_level WHERE country <> '' ORDER BY 1, 2")
    return [(country, region) for country, region in rows]


def level_of_conversation(reader: Reader, conversation_id: int) -> ServiceLevel:
    """Return the level a conversation runs on: that of its person's market, else the brand's; raises Invalid."""
    row = reader.execute(
        "SELECT c.brand_id, coalesce(p.market_id, 0) FROM conversation c LEFT JOIN contact p ON p.id = c.contact_id"
        " WHERE c.id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        raise Invalid(
            f"there is no conversation {conversation_id}", code="conversation_unknown", detail=str(conversation_id)
        )
    return level(reader, *row)


def zone_of(reader: Reader, brand_id: int, market_id: int = 0) -> str:
    """Return the zone of a brand or of its market; raises Invalid (`brand_unknown`, `market_unknown`)."""
    if market_id:
        zone = scalar(reader, "SELECT zone FROM market WHERE id = ? AND brand_id = ?", (market_id, brand_id))
        if zone is None:
            raise Invalid(f"this brand has no market {market_id}", code="market_unknown", detail=str(market_id))
    else:
        zone = scalar(reader, "SELECT zone FROM brand WHERE id = ?", (brand_id,))
        if zone is None:
            raise Invalid(f"there is no brand {brand_id}", code="brand_unknown", detail=str(brand_id))
    return str(zone)
