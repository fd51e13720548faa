"""What the rows of a plan file may name: brands, accounts, markets, and pictures that are here already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.planning.importing.rows import Known
from cmdesk.safe_text import safe_body
from cmdesk.store import accounts, brands, markets as market_store, reviewing
from cmdesk.store.campaigns import campaigns
from cmdesk.store.db import Reader


def known(
    reader: Reader,
    *,
    now: datetime,
    brand_id: int | None = None,
    days_first: bool | None = None,
    columns: Mapping[int, str] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> Known:
    """Return what rows can name now; the rest are the choices of a person (see `Known`)."""
    every = brands.list_brands(reader)
    ids = {each.id for each in every}
    return Known(
        brands=every,
        accounts=[each for each in accounts.list_accounts(reader) if each.brand_id in ids],
        now=now,
        markets=[market for each in every for market in market_store.markets(reader, each.id)],
        brand_id=brand_id,
        days_first=days_first,
        columns=columns or {},
        pictures=pictures or {},
        marks={each.id: reviewing.marks(reader, each.id) for each in every},
        market_of=dict(
            reader.execute("SELECT account_id, market_id FROM account_aim WHERE market_id IS NOT NULL").fetchall()
        ),
        planned=planned(reader, now),
    )


def planned(reader: Reader, now: datetime) -> frozenset[tuple[int, datetime, str]]:
    """Return what is planned from a moment on: account, when, and the text as a file's rows are read."""
    rows = reader.execute(
        "SELECT t.account_id, t.due_at, p.text FROM post_target t JOIN post p ON p.id = t.post_id"
        " WHERE t.due_at >= ? AND p.kind = 'post' AND p.deleted_at IS NULL",
        (to_ms(now),),
    )
    return frozenset((account_id, from_ms(due), safe_body(text).strip()) for account_id, due, text in rows)


def media_named(reader: Reader, files: Iterable[str]) -> dict[tuple[int, str], int]:
    """Return the pictures that are kept under these file names: (brand, file) → id."""
    rows = reader.execute(
        "SELECT brand_id, file, id FROM media WHERE file IN (SELECT value FROM json_each(?))", (json.dumps([*files]),)
    )
    return {(brand_id, file): media_id for brand_id, file, media_id in rows}


def campaign_ids(reader: Reader, brand_id: int) -> dict[str, int]:
    """Return a brand's campaigns by their names in small letters."""
    return {each.name.casefold(): each.id for each in campaigns(reader, brand_id, archived=True)}
