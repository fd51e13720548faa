"""Publishing by hand (N26): places without an interface for programs, and what a person did there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Account
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.planning.by_hand import NETWORK, capabilities, checked_name, checked_page
from cmdesk.store import accounts, brands, by_hand as store, intake
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import row_of
from cmdesk.store.rows import load


@dataclass(frozen=True, slots=True)
class _Author:
    remote_id: str
    handle: str
    name: str
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """What `accounts.add_account` needs of a profile."""

    author: _Author
    server: str
    capabilities: dict[str, Any] = field(default_factory=dict)


def add_place(
    tx: Transaction, *, brand_id: int, name: str, page_url: str = "", characters: int = 0, pictures: int = 10
) -> int:
    """Add a place where a brand's posts are published by hand; returns its account's id.

    Raises Invalid: `place_name`, `place_exists`, `link_form`.
    """
    brands.brand(tx.conn, brand_id)
    name, page = checked_name(name), checked_page(page_url)
    for each in accounts.list_accounts(tx.conn, brand_id=brand_id):
        if each.network == NETWORK and each.handle.casefold() == name.casefold():
            raise Invalid(f"there is already a place called {name!r}", code="place_exists", detail=name)
    place = _Place(
        _Author(secrets.token_hex(8), name, name), page, capabilities(characters=characters, pictures=pictures)
    )
    return accounts.add_account(tx, brand_id=brand_id, profile=place, network=NETWORK, secret_ref="")


def done(tx: Transaction, *, delivery_ids: Sequence[int], url: str = "") -> None:
    """Say that these were published by hand just now, `url` where the first one is; they count as published.

    They stand in calendar, history and report like any other. Raises Invalid (`link_form`), Conflict (`not_by_hand`)
    for what is not a place's or is not waiting.
    """
    address = checked_page(url)
    for number, delivery_id in enumerate(delivery_ids):
        row = row_of(tx.conn, delivery_id)
        account = accounts.account(tx.conn, row["account_id"])
        if account.network != NETWORK or row["state"] not in store.OPEN:
            raise Conflict("this is not published by hand", code="not_by_hand", detail=str(delivery_id))
        store.publish(tx, row, url=address if number == 0 else "")
        if row["conversation_id"] is not None:
            _say(tx, account, row_of(tx.conn, delivery_id))
    tx.undoable("done_by_hand", not_done, delivery_ids=tuple(delivery_ids))


def _say(tx: Transaction, account: Account, row: Any) -> None:
    """Put an answer that a person gave by hand into its conversation."""
    said = Incoming(
        remote_id=row["remote_id"],
        kind=Kind.OWN,
        author=Author(account.remote_id, account.handle),
        created_at=tx.now,
        text=row["text"],
        language=row["language"],
        visibility=row["visibility"],
        parent_id=(load(row["reply_to"]) or {}).get("remote_id", ""),
        url=row["remote_url"],
    )
    intake.upsert_items(tx, account, "own", [said])


def not_done(tx: Transaction, *, delivery_ids: Sequence[int]) -> None:
    """Take back that these were published (undo): they wait to be published by hand again."""
    for delivery_id in delivery_ids:
        row = row_of(tx.conn, delivery_id)
        if not store.was_published(row):
            raise Conflict("this was not published by hand", code="not_by_hand", detail=str(delivery_id))
        store.take_back(tx, row)
