"""Own items that a sync brings home confirm deliveries, and settle those that nobody was sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import SENT, DeliveryState
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.planning.verifying import GONE, Shown, differences, without_choices, words_of
from cmdesk.store import accounts
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.intake_gone import mark_gone
from cmdesk.store.outbox_state import Found, claimed_by_other, confirm, publish, row_of, sealed_of
from cmdesk.store.rows import dump, fetch

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
    kinds: tuple[str, ...] | None = None  # of the media: image, video, audio, other
    language: str = ""
    card_url: str | None = None
    card_title: str = ""
    card_file: str = ""
    files: tuple[str, ...] = ()  # by what name an upload is known again, '' where by none
    replies: str = ""
    quotes: str = ""


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
    fits = {row["id"]: [item for item in items if _answers(tx.conn, row, item, timing=timing)] for row in open_rows}
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


def _answers(reader: Reader, row: Any, item: Seen, *, timing: Timing) -> bool:
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
    sealed = sealed_of(reader, row)
    said, choices = without_choices(item.text) if sealed.choices else (item.text, ())
    return (
        item.author_id == sealed.author_id
        and item.parent_id == sealed.parent_id
        and len(item.alts) == len(sealed.alts)
        and len(choices) == len(sealed.choices)
        and words_of(sealed.kind, said) == words_of(sealed.kind, sealed.text)
    )


def _confirm(tx: Transaction, row: Any, item: Seen) -> None:
    verified = compared(tx.conn, row, item)
    tx.conn.execute(
        "UPDATE delivery SET published_at = ?, remote_url = CASE WHEN ? <> '' THEN ? ELSE remote_url END WHERE id = ?",
        (to_ms(item.created_at), item.url, item.url, row["id"]),
    )
    key = (row["id"], row["account_id"], item.remote_id)
    tx.conn.execute("UPDATE publication SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", key)
    tx.conn.execute("UPDATE message SET delivery_id = ? WHERE account_id = ? AND remote_id = ?", key)
    confirm(tx, row, verified)


def compared(reader: Reader, row: Any, item: Seen) -> str:
    """Return how an own item differs from what was sealed: 'ok' or the names of the differences (N4)."""
    return differences(
        sealed_of(reader, row),
        Shown(
            item.text,
            media=len(item.alts),
            alts=item.alts,
            kinds=item.kinds,
            spoiler=item.spoiler,
            visibility=item.visibility,
            language=item.language,
            author_id=item.author_id,
            parent_id=item.parent_id,
            card_url=item.card_url,
            card_title=item.card_title,
            card_file=item.card_file,
            files=item.files,
            replies=item.replies,
            quotes=item.quotes,
            created_at=item.created_at,
        ),
    )


def record_verified(tx: Transaction, delivery_id: int, item: Seen | None) -> None:
    """Store what reading back showed because a person asked (N4); None: the network has it no more."""
    row = row_of(tx.conn, delivery_id)
    tx.conn.execute("UPDATE delivery SET verify_at = NULL WHERE id = ?", (delivery_id,))
    if row["state"] not in SENT:
        return
    confirm(tx, row, GONE if item is None else compared(tx.conn, row, item))
    if item is None and row["remote_id"]:
        mark_gone(tx, accounts.account(tx.conn, row["account_id"]), [row["remote_id"]])


def verify_later(tx: Transaction, delivery_id: int, *, wait_s: float) -> None:
    """Reading back failed: try again then."""
    at = tx.now + timedelta(seconds=wait_s)
    tx.conn.execute(
        "UPDATE delivery SET verify_at = ? WHERE id = ? AND verify_at IS NOT NULL", (to_ms(at), delivery_id)
    )
