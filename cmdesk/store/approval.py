"""Sheets that were sent to clients and what was answered (rank 25): reading, expiry, what problems they make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cmdesk.care.hours import NeverOpens, add_working_days
from cmdesk.clock import from_ms
from cmdesk.errors import Invalid
from cmdesk.planning.approving import ApprovalSheet, Item, Standing, State, expired
from cmdesk.store.approval_hold import DECIDES, announce
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.levels import level
from cmdesk.store.rows import fetch, fetch_one, ids_json, load, moment, scalar

#: How long before its first post a client is asked to answer, in working days.
WORKING_DAYS_BEFORE = 2

_SHEETS = (
    "SELECT id, brand_id, number, title, asked_at, expires_at, sent_to, message, language, closed_at, reminded,"
    " reminded_at FROM approval_sheet"
)
_ITEMS = (
    "SELECT i.*, i.id IS " + DECIDES + " AS decides FROM approval i JOIN post p ON p.id = i.post_id"
    " WHERE i.sheet_id IN (SELECT value FROM json_each(?)) ORDER BY i.sheet_id, i.position, i.id"
)


def sheet(reader: Reader, sheet_id: int) -> ApprovalSheet:
    """Return one sheet with its posts; raises Invalid (`approval_unknown`)."""
    found = _sheets(reader, _SHEETS + " WHERE id = ?", (sheet_id,))
    if not found:
        raise Invalid(f"there is no sheet {sheet_id}", code="approval_unknown", detail=str(sheet_id))
    return found[0]


def sheet_numbered(reader: Reader, brand_id: int, number: int) -> ApprovalSheet:
    """Return a brand's sheet by the number the client sees; raises Invalid (`approval_unknown`)."""
    found = _sheets(reader, _SHEETS + " WHERE brand_id = ? AND number = ?", (brand_id, number))
    if not found:
        raise Invalid(f"there is no sheet {number}", code="approval_unknown", detail=str(number))
    return found[0]


def sheets(reader: Reader, *, brand_id: int | None = None, limit: int = 200) -> list[ApprovalSheet]:
    """Return sheets of a brand or of all, newest first."""
    wanted = " WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY asked_at DESC, id DESC LIMIT ?2"
    return _sheets(reader, _SHEETS + wanted, (brand_id, limit))


def _sheets(reader: Reader, sql: str, params: Sequence[Any]) -> list[ApprovalSheet]:
    rows = fetch(reader, sql, params)
    items: dict[int, list[Item]] = {}
    for row in fetch(reader, _ITEMS, (ids_json(row["id"] for row in rows),)):
        items.setdefault(row["sheet_id"], []).append(_item(row))
    return [
        ApprovalSheet(
            id=row["id"],
            brand_id=row["brand_id"],
            number=row["number"],
            title=row["title"],
            asked_at=from_ms(row["asked_at"]),
            expires_at=moment(row["expires_at"]),
            sent_to=row["sent_to"],
            message=row["message"],
            language=row["language"],
            closed_at=moment(row["closed_at"]),
            reminded=row["reminded"],
            reminded_at=moment(row["reminded_at"]),
            items=tuple(items.get(row["id"], ())),
        )
        for row in rows
    ]


def _item(row: sqlite3.Row) -> Item:
    return Item(
        id=row["id"],
        brand_id=row["brand_id"],
        sheet_id=row["sheet_id"],
        post_id=row["post_id"],
        number=row["position"],
        fingerprint=row["fingerprint"],
        state=State(row["state"]),
        was=row["was"],
        shown=load(row["shown"]) or {},
        answer=row["answer"],
        answered_by=row["answered_by"],
        answered_at=moment(row["answered_at"]),
        decides=bool(row["decides"]),
    )


def standing(reader: Reader, post_id: int) -> Standing:
    """Return what the client's approval of a post is now."""
    needed = scalar(
        reader, "SELECT b.needs_approval FROM post p JOIN brand b ON b.id = p.brand_id WHERE p.id = ?", (post_id,)
    )
    row = fetch_one(
        reader,
        "SELECT i.*, 1 AS decides FROM post p JOIN approval i ON i.id = " + DECIDES + " WHERE p.id = ?",
        (post_id,),
    )
    if row is None:
        return Standing(post_id, bool(needed))
    item = _item(row)
    stale = scalar(
        reader,
        "SELECT 1 FROM delivery WHERE post_id = ? AND fingerprint <> ? AND kind = 'post' AND state IN ('queued',"
        " 'preparing', 'ready', 'backoff', 'blocked_auth', 'held_late', 'held_clock') LIMIT 1",
        (post_id, item.fingerprint),
    )
    found = sheet(reader, item.sheet_id) if item.sheet_id is not None else None
    return Standing(post_id, bool(needed), item, found, bool(stale) and item.state is not State.OUTDATED)


def of_post(reader: Reader, post_id: int) -> list[Item]:
    """Return everything that was asked and decided about a post, newest first."""
    rows = fetch(
        reader,
        "SELECT i.*, i.id IS " + DECIDES + " AS decides FROM approval i JOIN post p ON p.id = i.post_id"
        " WHERE i.post_id = ? ORDER BY i.id DESC",
        (post_id,),
    )
    return [_item(row) for row in rows]


def first_hour(reader: Reader, post_ids: Iterable[int]) -> datetime | None:
    """Return when the first of these posts is planned, None when none has an hour."""
    found = scalar(
        reader,
        "SELECT min(due_at) FROM (SELECT due_at FROM post_target WHERE post_id IN (SELECT value FROM json_each(?1))"
        " UNION ALL SELECT due_at FROM delivery WHERE post_id IN (SELECT value FROM json_each(?1))"
        " AND state <> 'cancelled')",
        (ids_json(post_ids),),
    )
    return None if found is None else from_ms(found)


def usual_expiry(reader: Reader, brand_id: int, post_ids: Iterable[int], *, now: datetime) -> datetime | None:
    """Return until when the client is asked to answer: two working days before the first post.

    When that is too near, the full hour before half of the time that is left; None without an hour to come.
    """
    first = first_hour(reader, post_ids)
    if first is None or first <= now:
        return None
    hours = level(reader, brand_id)
    for days in range(WORKING_DAYS_BEFORE, 31):
        at = first - timedelta(days=days)
        if at <= now + timedelta(hours=2):
            break
        try:
            if add_working_days(hours, at, WORKING_DAYS_BEFORE) <= first:
                return at
        except NeverOpens:
            return at
    half = now + (first - now) / 2
    full = half.replace(minute=0, second=0, microsecond=0)
    return full if full > now else half


# Time


_DUE = (
    "SELECT i.id, i.brand_id, i.post_id, i.state, i.was FROM approval i JOIN approval_sheet s ON s.id = i.sheet_id"
    " WHERE s.closed_at IS NULL AND s.expires_at <= ? AND (i.state = 'asked' OR i.state = 'outdated'"
    " AND i.was = 'asked')"
)


def next_expiry(reader: Reader) -> datetime | None:
    """Return when the next question expires, None when no answer is awaited."""
    found = scalar(
        reader,
        "SELECT min(s.expires_at) FROM approval_sheet s WHERE s.closed_at IS NULL AND EXISTS (SELECT 1 FROM approval i"
        " WHERE i.sheet_id = s.id AND (i.state = 'asked' OR i.state = 'outdated' AND i.was = 'asked'))",
    )
    return None if found is None else from_ms(found)


def expire(tx: Transaction) -> list[int]:
    """Note which questions were not answered in time, each once, and return their ids."""
    rows = fetch(tx.conn, _DUE, (tx.now_ms,))
    for row in rows:
        state, was = expired(State(row["state"]), row["was"])
        tx.conn.execute("UPDATE approval SET state = ?, was = ? WHERE id = ?", (state, was, row["id"]))
        announce(tx, row["brand_id"], row["post_id"])
    return [row["id"] for row in rows]


_NEWS = (
    "SELECT i.* FROM approval i JOIN post p ON p.id = i.post_id WHERE i.told_at IS NULL AND i.state = 'expired'"
    " AND p.deleted_at IS NULL ORDER BY i.sheet_id, i.position"
)


def untold(reader: Reader) -> list[Item]:
    """Return what expired and nobody was told yet."""
    return [_item_alone(row) for row in fetch(reader, _NEWS)]


def told(tx: Transaction, *, item_ids: Iterable[int]) -> None:
    """Note that a person was told."""
    tx.conn.execute(
        "UPDATE approval SET told_at = ? WHERE id IN (SELECT value FROM json_each(?))",
        (tx.now_ms, ids_json(item_ids)),
    )


def _item_alone(row: sqlite3.Row) -> Item:
    return Item(
        row["id"], row["brand_id"], row["sheet_id"], row["post_id"], row["position"], row["fingerprint"],
        State(row["state"]), row["was"],
    )  # fmt: skip


def close_answered(tx: Transaction, sheet_ids: Iterable[int]) -> None:
    """Close the sheets to which the client owes no answer any more, open the others again."""
    tx.conn.execute(
        "UPDATE approval_sheet SET closed_at = CASE WHEN EXISTS (SELECT 1 FROM approval i WHERE i.sheet_id ="
        " approval_sheet.id AND (i.state IN ('asked', 'expired') OR i.state = 'outdated' AND i.was IN ('asked',"
        " 'expired'))) THEN NULL ELSE coalesce(closed_at, ?) END WHERE id IN (SELECT value FROM json_each(?))",
        (tx.now_ms, ids_json(sheet_ids)),
    )
