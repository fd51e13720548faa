"""People who asked to be left alone, when what names them waits already: it stops and asks before it leaves (U11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cmdesk.model import Account, DeliveryState
from cmdesk.planning.review import Place
from cmdesk.planning.reviewing.people import check
from cmdesk.planning.reviewing.texts import Copy
from cmdesk.planning.settling import Step
from cmdesk.store import reviewing
from cmdesk.store.accounts import account
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, ids_json

NAMES_NOW = "names_unwanted_now"
"""On a delivery that was sealed before somebody it names asked to be left alone."""


def named(reader: Reader, brand_id: int, texts: Iterable[str], places: Sequence[Account]) -> list[str]:
    """Return whom texts name, as written, of those who asked a brand to be left alone."""
    unwanted = reviewing.unwanted(reader, brand_id)
    return [each.said[0] for each in check([Copy(each, Place()) for each in texts], places, unwanted)]


def refuses(reader: Reader, row: Any) -> Step | None:
    """Say whether a waiting delivery of a post names somebody who wants to be left alone by now."""
    return Step(DeliveryState.HELD_LATE, None, NAMES_NOW) if _found(reader, row) else None


def of_delivery(reader: Reader, delivery_id: int) -> str:
    """Return whom a waiting delivery names of those who want to be left alone, '' for nobody."""
    row = fetch(reader, "SELECT * FROM delivery WHERE id = ?", (delivery_id,))
    found = _found(reader, row[0]) if row else []
    return found[0][1] if found else ""


def let_go(tx: Transaction, delivery_ids: Iterable[int]) -> None:
    """Keep a person's yes for deliveries that ask whether those they name are meant."""
    for row in fetch(
        tx.conn, "SELECT * FROM delivery WHERE id IN (SELECT value FROM json_each(?))", (ids_json(delivery_ids),)
    ):
        found = _found(tx.conn, row)
        if found:
            reviewing.note_sure(tx, row["post_id"], row["brand_id"], [detail for detail, _said in found])


def _found(reader: Reader, row: Any) -> list[tuple[str, str]]:
    if row["kind"] != "post" or row["post_id"] is None or "@" not in row["text"]:
        return []
    unwanted = reviewing.unwanted(reader, row["brand_id"])
    if not unwanted:
        return []
    places, sure = [account(reader, row["account_id"])], reviewing.sure_of(reader, row["post_id"])
    found = check([Copy(row["text"], Place())], places, unwanted, sure)
    return [(each.detail, each.said[0]) for each in found]
