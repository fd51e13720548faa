"""Decisions about markets: a language in a country (K7), how one writes there (K9, K10, H8), and who belongs to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cmdesk.care.values import ServiceLevel
from cmdesk.errors import Invalid
from cmdesk.markets import guide as guides
from cmdesk.markets.guide import Guide
from cmdesk.model import Market
from cmdesk.store import hours, markets, planning, reviewing, targeting
from cmdesk.store.db import Transaction
from cmdesk.store.markets import Belongings
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
    guide: Guide | None = None,
    market_id: int | None = None,
) -> int:
    """Keep a market and return its id; `guide` None leaves what is kept about it.

    Raises Invalid: `name_needed`, `name_taken`, `zone_unknown`, `language_unknown`, `country_unknown`,
    `market_unknown`, and what `markets.guide.parse` raises.
    """
    zone_named(zone)
    if not _LANGUAGE.fullmatch(language):
        raise Invalid(f"{language!r} is not a language", code="language_unknown", detail=language)
    if not _COUNTRY.fullmatch(country):
        raise Invalid(f"{country!r} is not a country's code", code="country_unknown", detail=country[:20])
    wanted = None if guide is None else guides.parse(guides.dump(guide))
    if market_id is None:
        kept = markets.save_market(
            tx, brand_id=brand_id, name=name, language=language, country=country, zone=zone, region=region,
            guide=wanted,
        )  # fmt: skip
        tx.undoable("save_market", delete_market, market_id=kept, detail=name)
        return kept
    before = markets.market(tx.conn, market_id, brand_id=brand_id)
    before_guide = markets.guide(tx.conn, market_id)
    markets.save_market(
        tx, market_id=market_id, brand_id=brand_id, name=name, language=language, country=country, zone=zone,
        region=region, guide=wanted,
    )  # fmt: skip
    tx.undoable(
        "save_market", save_market, market_id=market_id, brand_id=brand_id, name=before.name, language=before.language,
        country=before.country, zone=before.zone, region=before.region, guide=before_guide, detail=before.name,
    )  # fmt: skip
    return market_id


def delete_market(tx: Transaction, *, market_id: int) -> None:
    """Delete a market with its hours; its people, circles, posts and queue stay, without it. Undo brings all back.

    Accounts go on saying what was written for it, as words of their own (K7).
    """
    market = markets.market(tx.conn, market_id)
    guide = markets.guide(tx.conn, market_id)
    level = hours.own_level(tx.conn, market.brand_id, market_id)
    belongings = markets.of_market(tx.conn, market_id)
    said = targeting.leave_market(tx, market_id)
    markets.delete_market(tx, market_id)
    tx.undoable(
        "delete_market", restore_market, market=market, level=level, belongings=belongings, guide=guide, said=said,
        detail=market.name,
    )  # fmt: skip


def restore_market(
    tx: Transaction,
    *,
    market: Market,
    level: ServiceLevel | None,
    belongings: Belongings,
    guide: Guide,
    said: Sequence[targeting.Own] = (),
) -> None:
    """Bring a deleted market back, with its guide, hours, people, circles, posts, accounts and queue."""
    market_id = markets.put_back_market(tx, market, belongings, guide)
    targeting.put_back(tx, said)
    if level is not None:
        hours.save_level(tx, replace(level, market_id=market_id))
    tx.undoable("save_market", delete_market, market_id=market_id, detail=market.name)


@dataclass(frozen=True, slots=True)
class Share:
    """People who are to be of a market."""

    market_id: int
    contact_ids: tuple[int, ...]


def assign_suggested(tx: Transaction, *, brand_id: int, contact_ids: Sequence[int] | None = None) -> int:
    """Give a brand's people without a market, or only these, the one of their tongue and country; returns how many."""
    shares = [
        Share(each.market_id, each.contact_ids)
        for each in markets.suggestions(tx.conn, brand_id, contact_ids=contact_ids)
    ]
    return assign(tx, brand_id=brand_id, shares=shares)


def assign(tx: Transaction, *, brand_id: int, shares: Sequence[Share]) -> int:
    """Let people without a market be of these; returns how many are. Raises Invalid (`market_unknown`)."""
    given = []
    for each in shares:
        changed = markets.assign(tx, brand_id, each.market_id, each.contact_ids)
        if changed:
            given.append(Share(each.market_id, changed))
    count = sum(len(each.contact_ids) for each in given)
    if given:
        markets.moved(tx, brand_id)
        tx.undoable("assign_market", take_out, brand_id=brand_id, shares=tuple(given), detail=str(count))
    return count


def take_out(tx: Transaction, *, brand_id: int, shares: Sequence[Share]) -> None:
    """Let people be without the market they were given; who is of another by now stays there."""
    given = []
    for each in shares:
        given.append(Share(each.market_id, markets.unassign(tx, brand_id, each.market_id, each.contact_ids)))
    markets.moved(tx, brand_id)
    tx.undoable(
        "assign_market", assign, brand_id=brand_id, shares=tuple(given),
        detail=str(sum(len(each.contact_ids) for each in given)),
    )  # fmt: skip


def check_off(tx: Transaction, *, post_id: int, keys: Mapping[int, str]) -> None:
    """Keep that a person went through markets' checklists for the words a post has: market → `market.words_key`.

    An empty key takes that back. Raises Invalid where a market is none of the post's brand (`market_unknown`).
    """
    post = planning.post(tx.conn, post_id)
    before: dict[int, str] = {}
    for market_id, key in keys.items():
        if key:
            markets.market(tx.conn, market_id, brand_id=post.brand_id)
        was = reviewing.note_checked(tx, post_id, post.brand_id, market_id, key)
        if was != key:
            before[market_id] = was
    if before:
        tx.undoable("check_market", check_off, post_id=post_id, keys=before)
