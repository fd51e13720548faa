"""Own items that a sync brings home confirm deliveries, and settle those that nobody was sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import DeliveryState
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import Found, claimed_by_other, confirm, differences, publish, row_of, words_of
from cmdesk.store.rows import dump, fetch, load

State = DeliveryState


@dataclass(frozen=True, slots=True)
class Seen:
    """An own item as the network shows it now."""

    remote_id: str
    author_id: str
    text: str
    created_at: datetime
    url: str = ""
    ref: dict[str, str] | None = None
    visibility: str = ""
    spoiler: str | None = None
    parent_id: str = ""
    alts: tuple[str, ...] = ()


def confirm_seen(tx: Transaction, account_id: int, items: Sequence[Seen], *, timing: Timing = TIMING) -> list[int]:
    """Tie own items to this account's deliveries; returns the deliveries that were confirmed or settled.

    A published one is confirmed by its remote id and compared (N4). One in doubt, in review or held by the network
    is settled by an item of the same author, words, parent and number of media within its window, when exactly
    one delivery and one item fit.
    """
    if not items:
        return []
    settled: list[int] = []
    known = {item.remote_id: item for item in items}
    published = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE account_id = ? AND remote_id IN (SELECT value FROM json_each(?))",
        (account_id, dump(list(known))),
    )
    for row in published:
        item = known.pop(row["remote_id"])
        if row["state"] == State.PUBLISHED:
            _confirm(tx, row, item)
            settled.append(row["id"])
    if known:
        settled += _settle(tx, account_id, list(known.values()), timing=timing)
    return settled


def _settle(tx: Transaction, account_id: int, items: Sequence[Seen], *, timing: Timing) -> list[int]:
    open_rows = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE account_id = ? AND state IN ('uncertain', 'review', 'handed_off',"
        " 'held_restored') AND reason_code <> 'wrong_author'",
        (account_id,),
    )
    fits = {row["id"]: [item for item in items if _answers(row, item, timing=timing)] for row in open_rows}
    settled: list[int] = []
    for row in open_rows:
        matching = fits[row["id"]]
        if len(matching) != 1:
            continue
        item = matching[0]
        rivals = [other for other, theirs in fits.items() if any(each is item for each in theirs)]
        if len(rivals) != 1 or claimed_by_other(tx.conn, row, item.remote_id):
            continue
        found = Found(item.remote_id, item.author_id, item.url, dict(item.ref or {}), item.created_at)
        if publish(tx, row, found) is State.PUBLISHED:
            _confirm(tx, row_of(tx.conn, row["id"]), item)
        settled.append(row["id"])
    return settled


def _answers(row: Any, item: Seen, *, timing: Timing) -> bool:
    """Say whether an own item can be what a delivery of uncertain fate became."""
    first = from_ms(row["first_attempt_at"] or row["sealed_at"]) - timedelta(minutes=2)
    last = row["last_attempt_at"] or row["sealed_at"]
    if row["state"] == State.HANDED_OFF or row["hand_off"]:
        last = max(last, row["due_at"])
    window = timedelta(seconds=timing.without_key[-1] + 120)
    if row["state"] in (State.REVIEW, State.HELD_RESTORED):
        window = timedelta(days=30)
    if not first <= item.created_at <= from_ms(last) + window:
        return False
    target = load(row["reply_to"]) or {}
    return (
        item.author_id == row["expected_author"]
        and item.parent_id == str(target.get("remote_id", ""))
        and len(item.alts) == len(load(row["media"]))
        and words_of(row["kind"], item.text) == words_of(row["kind"], row["text"])
    )


def _confirm(tx: Transaction, row: Any, item: Seen) -> None:
    verified = differences(
        row,
        seen_text=item.text,
        media=len(item.alts),
        alts=item.alts,
        visibility=item.visibility,
        spoiler=item.spoiler,
    )
    tx.conn.execute(
        "UPDATE delivery SET published_at = ?, remote_url = CASE WHEN ? <> '' THEN ? ELSE remote_url END WHERE id = ?",
        (to_ms(item.created_at), item.url, item.url, row["id"]),
    )
    key = (row["id"], row["account_id"], item.remote_id)
    tx.conn.execute("UPDATE publication SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", key)
    tx.conn.execute("UPDATE message SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", key)
    confirm(tx, row, verified)
