"""Own posts as the networks show them, whoever made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.model import Account
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import Item, clean, version_ms
from cmdesk.store.rows import dump

_INSERT = (
    "INSERT INTO publication (id, brand_id, account_id, remote_id, parent_id, text, spoiler, created_at, url, ref,"
    " delivery_id, media_url, media_alt, media_count, visibility, language, favourites, boosts, replies, quotes, views,"
    " edited_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_KNOWN = (
    "SELECT p.remote_id, p.id, p.text, p.spoiler, p.created_at, p.edited_at, p.favourites, p.boosts, p.replies,"
    " p.quotes, p.views, p.delivery_id FROM json_each(?2) j"
    " CROSS JOIN publication p ON p.account_id = ?1 AND p.remote_id = j.value WHERE p.deleted_at IS NULL"
)


def add_publications(
    tx: Transaction,
    account: Account,
    items: Mapping[int, Item],
    delivered: Mapping[str, tuple[int, int | None]],
) -> None:
    """Store own posts that are not known, under the ids minted for them."""
    rows = []
    for publication_id, item in items.items():
        media_url, media_alt = _picture(item)
        delivery = delivered.get(item.remote_id)
        rows.append(
            (
                publication_id,
                account.brand_id,
                account.id,
                item.remote_id,
                item.parent_id,
                clean(item.text),
                clean(item.spoiler),
                to_ms(item.created_at),
                item.url,
                dump(dict(item.ref)) if item.ref else "{}",
                None if delivery is None else delivery[0],
                media_url,
                media_alt,
                sum(each.kind != "link" for each in item.attachments),
                item.visibility,
                item.language,
                *_counts(item),
                None if item.edited_at is None else to_ms(item.edited_at),
            )
        )
    tx.conn.executemany(_INSERT, rows)
    if rows:
        tx.touch(Topic.POST, account.brand_id)


def change_publications(
    tx: Transaction,
    account: Account,
    items: Iterable[Item],
    delivered: Mapping[str, tuple[int, int | None]],
) -> int:
    """Take over newer texts and figures of own posts that are known; returns how many changed."""
    by_id = {item.remote_id: item for item in items}
    if not by_id:
        return 0
    changed = 0
    for row in tx.conn.execute(_KNOWN, (account.id, dump(list(by_id)))).fetchall():
        item = by_id[row[0]]
        counts = tuple(old if new is None else new for old, new in zip(row[6:11], _counts(item), strict=True))
        seen, stored = version_ms(item), row[5] or row[4]
        text = (clean(item.text), clean(item.spoiler))
        newer = seen > stored or (seen == stored and text > row[2:4])
        kept = text if newer else row[2:4]
        edited = to_ms(item.edited_at) if newer and item.edited_at is not None else row[5]
        delivery = delivered.get(item.remote_id, (row[11], None))[0]
        if (*kept, edited, *counts, delivery) == (row[2], row[3], row[5], *row[6:11], row[11]):
            continue
        tx.conn.execute(
            "UPDATE publication SET text = ?, spoiler = ?, edited_at = ?, favourites = ?, boosts = ?, replies = ?,"
            " quotes = ?, views = ?, delivery_id = ? WHERE id = ?",
            (*kept, edited, *counts, delivery, row[1]),
        )
        changed += 1
    if changed:
        tx.touch(Topic.POST, account.brand_id)
    return changed


def _counts(item: Item) -> tuple[int | None, ...]:
    counts = item.counts
    return counts.favourites, counts.boosts, counts.replies, counts.quotes, counts.views


def _picture(item: Item) -> tuple[str, str]:
    for each in item.attachments:
        picture: Any = each
        if picture.kind == "image":
            return picture.preview_url or picture.url, clean(picture.alt)
    return "", ""
