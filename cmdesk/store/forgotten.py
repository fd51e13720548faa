"""Whom a brand deleted because they asked: figures without names, and marks that keep their old words away (N21)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.listening.values import Found
from cmdesk.model import Account
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.intake_items import Item
from cmdesk.store.rows import dump, fetch, load, scalar

WHY = "forgotten"
PLACEHOLDER = "forgotten:"
"""Before a row's own id: what stands instead of a network's number that would name the person."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One deletion: the brand's count of them, when, and what was removed in figures."""

    id: int
    brand_id: int
    number: int
    at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)


def forgotten(reader: Reader, brand_id: int | None = None) -> list[Forgotten]:
    """Return a brand's deletions (None: of all brands), newest first."""
    rows = fetch(
        reader,
        "SELECT id, brand_id, number, at, removed FROM forgotten WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY id DESC",
        (brand_id,),
    )
    return [
        Forgotten(row["id"], row["brand_id"], row["number"], from_ms(row["at"]), load(row["removed"])) for row in rows
    ]


def add(tx: Transaction, brand_id: int, removed: Mapping[str, int]) -> Forgotten:
    """Note a deletion; nothing in it names anybody."""
    number: int = scalar(tx.conn, "SELECT coalesce(max(number), 0) + 1 FROM forgotten WHERE brand_id = ?", (brand_id,))
    row = tx.conn.execute(
        "INSERT INTO forgotten (brand_id, number, at, removed) VALUES (?, ?, ?, ?) RETURNING id",
        (brand_id, number, tx.now_ms, dump(dict(removed))),
    ).fetchone()
    return Forgotten(row[0], brand_id, number, tx.now, dict(removed))


def mark(brand_id: int, network: str, remote_id: str) -> str:
    """Return the mark of an author: a hash, which finds them again and names nobody."""
    return f"author:{hashlib.sha256(f'{brand_id}/{network}/{remote_id}'.encode()).hexdigest()}"


def keep_away(tx: Transaction, brand_id: int, profiles: Iterable[tuple[str, str]]) -> None:
    """Let what these (network, remote id) wrote until now stay away when pages are read again."""
    for network, remote_id in profiles:
        tx.conn.execute(
            "INSERT OR REPLACE INTO tombstone (account_id, remote_id, at, why)"
            " SELECT id, ?3, ?4, ?5 FROM account WHERE brand_id = ?1 AND network = ?2",
            (brand_id, network, mark(brand_id, network, remote_id), tx.now_ms, WHY),
        )


def by_handle(handle: str) -> str:
    """Return what stands for an author's number where only the handle is told: what is found outside the inbox."""
    return f"@{handle.lstrip('@').casefold()}"


def any_kept_away(reader: Reader, brand_id: int) -> bool:
    """Say whether anybody was deleted from a brand: the one question that every page costs."""
    return scalar(reader, "SELECT 1 FROM forgotten WHERE brand_id = ? LIMIT 1", (brand_id,)) is not None


def kept_away(reader: Reader, brand_id: int, network: str, authors: Iterable[str]) -> dict[str, int]:
    """Return those of these authors (remote ids) who were deleted, with until when (ms) their words stay away."""
    marks = {mark(brand_id, network, each): each for each in authors}
    rows = reader.execute(
        "SELECT t.remote_id, max(t.at) FROM json_each(?2) j CROSS JOIN account a ON a.brand_id = ?1 AND a.network = ?3"
        " CROSS JOIN tombstone t ON t.account_id = a.id AND t.remote_id = j.value GROUP BY 1",
        (brand_id, dump(list(marks)), network),
    )
    return {marks[row[0]]: row[1] for row in rows}


def without_forgotten(reader: Reader, account: Account, items: Sequence[Item]) -> list[Item]:
    """Return what was read without what somebody wrote before they were deleted, and without our answers to it.

    What others wrote to them until then comes without their handle.
    """
    names = {each for item in items for each in (item.author.remote_id, item.parent_author_id, *_named(item))}
    away = kept_away(reader, account.brand_id, account.network, names - {""})
    if not away:
        return list(items)
    kept: list[Item] = []
    for item in items:
        at = to_ms(item.created_at)
        gone = [each for each in item.mentions if at <= away.get(by_handle(each), -1)]
        answered = gone or at <= away.get(item.parent_author_id, -1)
        ours = item.author.remote_id == account.remote_id
        if at <= away.get(item.author.remote_id, -1) or (ours and answered):
            continue
        kept.append(_unnamed(item, gone) if gone else item)
    return kept


def _named(item: Item) -> list[str]:
    return [by_handle(each) for each in item.mentions]


def _unnamed(item: Any, gone: Sequence[str]) -> Item:
    """Return an item without the handles of who was deleted."""
    text = item.text
    for each in gone:
        handle = each.lstrip("@")
        for name in (handle, handle.partition("@")[0]):
            text = re.sub(rf"(?<![\w@])@{re.escape(name)}(?![\w@])", "@…", text, flags=re.IGNORECASE)
    changed: Item = replace(item, text=text, mentions=tuple(each for each in item.mentions if each not in gone))
    return changed


def not_forgotten(reader: Reader, brand_id: int, found: Iterable[Found]) -> list[Found]:
    """Return what was found without what somebody wrote who was deleted since."""
    every = list(found)
    if not any_kept_away(reader, brand_id):
        return every
    away: dict[tuple[str, str], int] = {}
    for network in {each.source for each in every}:
        names = {name for each in every if each.source == network for name in _names(each)}
        away |= {(network, name): at for name, at in kept_away(reader, brand_id, network, names).items()}
    return [each for each in every if to_ms(each.at) > max(away.get((each.source, name), -1) for name in _names(each))]


def _names(found: Found) -> tuple[str, str]:
    return found.author_id, by_handle(found.author_handle)
