"""Markets: a language in a country, with its zone and what the brand keeps about it (K7-K10, H7-H9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cmdesk.errors import Invalid
from cmdesk.markets.guide import Guide, dump as dump_guide, read as read_guide
from cmdesk.model import Market
from cmdesk.store import settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_deadlines
from cmdesk.store.rows import dump, ids_json, load, scalar

_GONE: Final = "last_market_gone"  # a market's id names its texts in posts and templates: never used again


def markets(reader: Reader, brand_id: int) -> list[Market]:
    """Return a brand's markets by name."""
    return [
        Market(*row)
        for row in reader.execute(
            "SELECT id, brand_id, name, language, country, zone, region FROM market WHERE brand_id = ? ORDER BY name",
            (brand_id,),
        )
    ]


def market(reader: Reader, market_id: int, *, brand_id: int | None = None) -> Market:
    """Return one market, of this brand if one is named; raises Invalid (`market_unknown`)."""
    row = reader.execute(
        "SELECT id, brand_id, name, language, country, zone, region FROM market WHERE id = ?1"
        " AND (?2 IS NULL OR brand_id = ?2)",
        (market_id, brand_id),
    ).fetchone()
    if row is None:
        raise Invalid(f"there is no market {market_id}", code="market_unknown", detail=str(market_id))
    return Market(*row)


def named(reader: Reader, brand_id: int, name: str) -> Market:
    """Return a brand's market by its name, as a person writes it; raises Invalid (`market_unknown`)."""
    wanted = " ".join(name.split()).casefold()
    for each in markets(reader, brand_id):
        if each.name.casefold() == wanted:
            return each
    raise Invalid(f"there is no market {name!r}", code="market_unknown", detail=name[:100])


def guide(reader: Reader, market_id: int) -> Guide:
    """Return what a brand keeps about a market; an empty guide for none."""
    return read_guide(load(scalar(reader, "SELECT rules FROM market WHERE id = ?", (market_id,))))


def guides(reader: Reader, brand_id: int) -> dict[int, Guide]:
    """Return what a brand keeps about its markets, by market; those without are missing."""
    rows = reader.execute("SELECT id, rules FROM market WHERE brand_id = ? AND rules <> '{}'", (brand_id,))
    return {market_id: read_guide(load(rules)) for market_id, rules in rows}


def save_market(
    tx: Transaction,
    *,
    market_id: int | None = None,
    brand_id: int,
    name: str,
    language: str,
    country: str,
    zone: str,
    region: str = "",
    guide: Guide | None = None,
) -> int:
    """Save a market and return its id; `guide` None keeps what is there. Raises Invalid for an empty or taken name."""
    clean = _name(tx, name, brand_id, market_id)
    rules = None if guide is None else dump(dump_guide(guide))
    new = market_id is None
    if market_id is None:
        market_id = _fresh(tx)
    row = tx.conn.execute(
        "INSERT INTO market (id, brand_id, name, language, country, region, zone, rules)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8, '{}'))"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language,"
        " country = excluded.country, region = excluded.region, zone = excluded.zone, rules = coalesce(?8, rules)"
        " RETURNING id",
        (market_id, brand_id, clean, language, country, region, zone, rules),
    ).fetchone()
    _changed(tx, brand_id, deadlines=not new)
    return int(row[0])


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to a market and stays without it when it is deleted: ids of each kind."""

    contacts: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()
    slots: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()  # that speak to its people


_BELONGS = {
    "contacts": (
        "SELECT id FROM contact WHERE market_id = ?",
        "UPDATE contact SET market_id = ?1 WHERE brand_id = ?2 AND id IN (SELECT value FROM json_each(?3))",
    ),
    "circles": (
        "SELECT id FROM circle WHERE market_id = ?",
        "UPDATE circle SET market_id = ?1 WHERE brand_id = ?2 AND id IN (SELECT value FROM json_each(?3))",
    ),
    "posts": (
        "SELECT id FROM post WHERE market_id = ?",
        "UPDATE post SET market_id = ?1 WHERE brand_id = ?2 AND id IN (SELECT value FROM json_each(?3))",
    ),
    "slots": (
        "SELECT id FROM slot WHERE market_id = ?",
        "UPDATE slot SET market_id = ?1 WHERE brand_id = ?2 AND id IN (SELECT value FROM json_each(?3))",
    ),
    "accounts": (
        "SELECT account_id FROM account_aim WHERE market_id = ?",
        "UPDATE account_aim SET market_id = ?1 WHERE account_id IN (SELECT id FROM account WHERE brand_id = ?2"
        " AND id IN (SELECT value FROM json_each(?3)))",
    ),
}


def of_market(reader: Reader, market_id: int) -> Belongings:
    """Return what belongs to a market."""
    found = {
        name: tuple(row[0] for row in reader.execute(select, (market_id,)))
        for name, (select, _update) in _BELONGS.items()
    }
    return Belongings(**found)


def put_back_market(tx: Transaction, gone: Market, belongings: Belongings, guide: Guide) -> int:
    """Make a deleted market again with what belonged to it and return its id, which is the old one.

    Raises Invalid (`name_taken`).
    """
    _name(tx, gone.name, gone.brand_id, None)
    tx.conn.execute(
        "INSERT INTO market (id, brand_id, name, language, country, region, zone, rules)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            gone.id, gone.brand_id, gone.name, gone.language, gone.country, gone.region, gone.zone,
            dump(dump_guide(guide)),
        ),
    )  # fmt: skip
    for name, (_select, update) in _BELONGS.items():
        tx.conn.execute(update, (gone.id, gone.brand_id, ids_json(getattr(belongings, name))))
    _changed(tx, gone.brand_id)
    return gone.id


def delete_market(tx: Transaction, market_id: int) -> None:
    """Delete a market; people, circles, posts and texts stay, without it."""
    row = tx.conn.execute("DELETE FROM market WHERE id = ? RETURNING brand_id", (market_id,)).fetchone()
    if row is not None:
        tx.conn.execute("DELETE FROM service_level WHERE market_id = ?", (market_id,))
        settings.put_meta(tx, _GONE, str(max(market_id, int(settings.meta(tx.conn, _GONE) or 0))))
        _changed(tx, row[0])


def people(reader: Reader, brand_id: int) -> dict[int, int]:
    """Return how many people of a brand belong to each market (0: to none).

    Counts every contact of the brand: not on a thread that paints.
    """
    return {
        market_id or 0: count
        for market_id, count in reader.execute(
            "SELECT market_id, count(*) FROM contact WHERE brand_id = ? AND merged_into IS NULL GROUP BY market_id",
            (brand_id,),
        )
    }


# People without a market, and the one that their language and country speak for


@dataclass(frozen=True, slots=True)
class Suggestion:
    """People of one language and country who have no market, and the market that fits them."""

    market_id: int
    language: str
    country: str
    contact_ids: tuple[int, ...]


def suggested(found: Sequence[Market], language: str, country: str) -> Market | None:
    """Return the market for a person's language and country; None where none fits, or two do equally.

    The country decides; where several markets are of it, the language. Somebody without a country is of the only market
    of their language.
    """
    base = language.replace("_", "-").partition("-")[0].lower()
    here = [each for each in found if country and each.country == country.upper()]
    if here:
        spoken = [each for each in here if base and each.language.partition("-")[0] == base]
        some = spoken or (here if not base or len(here) == 1 else [])
    else:
        some = [] if country or not base else [each for each in found if each.language.partition("-")[0] == base]
    return some[0] if len(some) == 1 else None


def suggestions(reader: Reader, brand_id: int, *, contact_ids: Sequence[int] | None = None) -> list[Suggestion]:
    """Return which of a brand's people without a market would belong to which, the most numerous first.

    Only those of `contact_ids`, if given. Reads every such person once: not on a thread that paints.
    """
    known = markets(reader, brand_id)
    if not known:
        return []
    groups: dict[tuple[str, str], list[int]] = {}
    for contact_id, language, country in reader.execute(
        "SELECT id, language, country FROM contact WHERE brand_id = ?1 AND market_id IS NULL AND merged_into IS NULL"
        " AND (language <> '' OR country <> '') AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))",
        (brand_id, None if contact_ids is None else ids_json(contact_ids)),
    ):
        groups.setdefault((language, country), []).append(contact_id)
    found = []
    for (language, country), ids in groups.items():
        fit = suggested(known, language, country)
        if fit is not None:
            found.append(Suggestion(fit.id, language, country, tuple(ids)))
    return sorted(found, key=lambda each: (-len(each.contact_ids), each.market_id, each.language, each.country))


def assign(tx: Transaction, brand_id: int, market_id: int, contact_ids: Sequence[int]) -> tuple[int, ...]:
    """Let these people of a brand who have no market be of this one; returns those of whom that is new.

    `moved` follows. Raises Invalid (`market_unknown`).
    """
    market(tx.conn, market_id, brand_id=brand_id)
    return _moved(tx, brand_id, market_id, None, contact_ids)


def unassign(tx: Transaction, brand_id: int, market_id: int, contact_ids: Sequence[int]) -> tuple[int, ...]:
    """Let these people who are of this market be of none; returns those of whom that is new. `moved` follows."""
    return _moved(tx, brand_id, None, market_id, contact_ids)


def _moved(
    tx: Transaction, brand_id: int, to: int | None, since: int | None, contact_ids: Sequence[int]
) -> tuple[int, ...]:
    changed = tuple(
        row[0]
        for row in tx.conn.execute(
            # By id: a brand's index would be walked from end to end for every group.
            "UPDATE contact SET market_id = ?1 WHERE +brand_id = ?2 AND +market_id IS ?3"
            " AND id IN (SELECT value FROM json_each(?4)) RETURNING id",
            (to, brand_id, since, ids_json(contact_ids)),
        )
    )
    return changed


def moved(tx: Transaction, brand_id: int) -> None:
    """Reckon anew what depends on the market of a brand's people; once, after all of them have theirs."""
    refresh_deadlines(tx, brand_id)
    tx.touch(Topic.CONTACT, brand_id)


def _fresh(tx: Transaction) -> int:
    """Return an id that no market ever had: texts of a deleted one must not become another's."""
    last = scalar(tx.conn, "SELECT coalesce(max(id), 0) FROM market")
    return max(int(last), int(settings.meta(tx.conn, _GONE) or 0)) + 1


def _changed(tx: Transaction, brand_id: int, *, deadlines: bool = True) -> None:
    """Its zone decides deadlines, and whoever belonged to it shows it."""
    if deadlines:
        refresh_deadlines(tx, brand_id)
    tx.touch(Topic.CARE, brand_id)
    tx.touch(Topic.CONTACT, brand_id)
    tx.touch(Topic.POST, brand_id)  # the hours of its queue, and the posts that are for it


def _name(tx: Transaction, name: str, brand_id: int, own_id: int | None) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > 100:
        raise Invalid("a name of 1 to 100 characters is needed", code="name_needed", detail="name")
    if tx.conn.execute(
        "SELECT 1 FROM market WHERE brand_id = ? AND name = ? AND id <> ?", (brand_id, clean, own_id or 0)
    ).fetchone():
        raise Invalid(f"the name {clean!r} is taken", code="name_taken", detail=clean)
    return clean
