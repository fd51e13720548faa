"""The claim: the one transaction that lets a delivery go on the wire, or says why not (RELIABILITY part 2, P1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import from_ms, to_ms
from cmdesk.model import AccountState, Delivery, DeliveryState
from cmdesk.planning.abilities import card_picture
from cmdesk.planning.approving import CODE as WAITING_APPROVAL
from cmdesk.planning.late import Verdict, verdict
from cmdesk.planning.settling import Step
from cmdesk.planning.waking import PAUSED_MEANWHILE
from cmdesk.store import approval_hold, crisis_hold, settings, targeting, unwanted
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_read import delivery
from cmdesk.store.outbox_state import move, row_of
from cmdesk.store.outbox_threads import counts_from, parent_id
from cmdesk.store.rows import dump, fetch, fetch_one, load, scalar

State = DeliveryState

# It waits for the part of its thread that it answers.
PART_BEFORE = "part_before"

# How soon a delivery that could not be claimed is looked at again: the tick.
AGAIN_S = 20


@dataclass(frozen=True, slots=True)
class Claimed:
    """The permission for one attempt: written down durably, so the call may go on the wire."""

    attempt_id: int
    delivery: Delivery
    scheduled: bool  # ask the network itself to hold it


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a delivery may not go out now; `code` is also on its row."""

    code: str


def claim(tx: Transaction, delivery_id: int, *, instance: str, monotonic: float = 0.0) -> Claimed | Refused:
    """Write SENDING and the attempt, or say why not; the caller calls the network only after the commit.

    Re-checks in this transaction: still READY, brand, account and author match, account healthy, no crisis, nothing
    paused, approved by the client where that is wanted, for no more people than chosen, naming nobody who wants to be
    left alone, not too late, no sibling in flight, the part before is out, uploads alive, released ones spaced.
    """
    row = row_of(tx.conn, delivery_id)
    if row["state"] != State.READY:
        return Refused("not_ready")
    account = fetch_one(tx.conn, "SELECT * FROM account WHERE id = ?", (row["account_id"],))
    brand = fetch_one(tx.conn, "SELECT * FROM brand WHERE id = ?", (row["brand_id"],))
    scheduled = network_holds(row, account["capabilities"], now=tx.now)
    refusal = (
        _wrong_brand(tx.conn, row, account)
        or _account_refuses(account)
        or _paused(tx, brand, row)
        or _was_paused(row)
        or targeting.refuses(tx.conn, row)
        or unwanted.refuses(tx.conn, row)
        or _in_time(tx.conn, row, now=tx.now, scheduled=scheduled)
        or _sibling(tx.conn, row)
        or _unprepared(tx.conn, row, now=tx.now)
        or _too_soon(tx.conn, row, brand, now=tx.now)
    )
    if refusal is not None:
        again = tx.now + timedelta(seconds=AGAIN_S) if refusal.state is State.READY else None
        move(tx, row, refusal.state, code=refusal.code, next_at=refusal.next_at or again)
        return Refused(refusal.code or refusal.state)
    frozen_ms = row["frozen_at"] or tx.now_ms
    tx.conn.execute(
        "UPDATE delivery SET attempts = attempts + 1, frozen_at = ?1,"
        " first_attempt_at = coalesce(first_attempt_at, ?2), last_attempt_at = ?2, instance = ?3 WHERE id = ?4",
        (frozen_ms, tx.now_ms, instance, delivery_id),
    )
    attempt = tx.conn.execute(
        "INSERT INTO attempt (delivery_id, idem_key, record_key, frozen_at, request_sha256, instance, started_at,"
        " monotonic) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            delivery_id,
            row["idem_key"],
            row["record_key"],
            frozen_ms,
            _fingerprint(tx.conn, row, frozen_ms, scheduled=scheduled),
            instance,
            tx.now_ms,
            monotonic,
        ),
    ).fetchone()
    move(tx, row, State.SENDING)
    return Claimed(attempt[0], delivery(tx.conn, delivery_id), scheduled)


def network_holds(row: Any, capabilities: str, *, now: datetime) -> bool:
    """Say whether the network itself can keep this one until its hour."""
    if not row["hand_off"]:
        return False
    able: Mapping[str, Any] = load(capabilities) or {}
    limits = able.get("limits")
    least = limits.get("schedule_min_s", 300) if isinstance(limits, Mapping) else 300
    return bool(able.get("schedule")) and from_ms(row["due_at"]) - now >= timedelta(seconds=float(least) + 30)


def _wrong_brand(reader: Reader, row: Any, account: Any) -> Step | None:
    """Compare the sealed brand, account and author with what the account is now, and the conversation answered."""
    if account["brand_id"] != row["brand_id"] or account["remote_id"] != row["expected_author"]:
        return Step(State.REJECTED, None, "wrong_author")
    if row["conversation_id"] is not None:
        talk = fetch_one(
            reader, "SELECT brand_id, account_id FROM conversation WHERE id = ?", (row["conversation_id"],)
        )
        if talk is not None and (talk["brand_id"], talk["account_id"]) != (row["brand_id"], row["account_id"]):
            return Step(State.REJECTED, None, "wrong_brand")
    return None


def _account_refuses(account: Any) -> Step | None:
    match account["state"]:
        case AccountState.OK:
            return None
        case AccountState.RECONNECT:
            return Step(State.BLOCKED_AUTH, None, account["state_code"] or "auth_expired")
        case other:
            return Step(State.READY, None, f"account_{other}")


def _paused(tx: Transaction, brand: Any, row: Any) -> Step | None:
    reader = tx.conn
    if crisis_hold.holds(reader, row):
        crisis_hold.hold(tx, row)
        return Step(State.QUEUED, None, CRISIS_HOLD)
    if brand["publishing_paused"] or brand["archived_at"] is not None:
        return Step(State.READY, None, "brand_paused")
    if (settings.get(reader, "publishing_paused") or "").lower() in ("1", "true", "yes", "on"):
        return Step(State.READY, None, "all_paused")
    if settings.meta(reader, "other_device"):
        return Step(State.READY, None, "other_device")
    if approval_hold.waits(reader, row["id"]):
        return Step(State.QUEUED, None, WAITING_APPROVAL)
    return None


def _was_paused(row: Any) -> Step | None:
    """A post whose hour came during a pause is asked about: what has piled up never goes out in a burst (rank 4)."""
    paused = row["reason_code"] in ("brand_paused", "all_paused")
    if paused and row["kind"] == "post" and row["part"] == 0 and not row["approved_late"]:
        return Step(State.HELD_LATE, None, PAUSED_MEANWHILE)
    return None


def _in_time(reader: Reader, row: Any, *, now: datetime, scheduled: bool) -> Step | None:
    since = counts_from(reader, row)
    if since is None:
        return Step(State.QUEUED, None, PART_BEFORE)
    due = from_ms(since)
    judged = verdict(due_at=due, now=now, grace_s=row["late_grace_s"], approved=bool(row["approved_late"]))
    if judged is Verdict.ASK:
        return Step(State.HELD_LATE, None, "late")
    return Step(State.QUEUED) if judged is Verdict.EARLY and not scheduled else None


def _sibling(reader: Reader, row: Any) -> Step | None:
    """One call at a time per account, one life per post and account, and never two equal texts in doubt at once."""
    others = fetch(
        reader,
        "SELECT * FROM delivery WHERE account_id = ?1 AND id <> ?2 AND (state IN ('sending', 'uncertain')"
        " OR post_id = ?3 AND part = ?4 AND state IN ('review', 'published', 'confirmed', 'handed_off'))",
        (row["account_id"], row["id"], row["post_id"], row["part"]),
    )
    for other in others:
        same_post = (other["post_id"], other["part"]) == (row["post_id"], row["part"])
        if same_post and other["state"] == State.HANDED_OFF and other["cancel_wanted"]:
            return Step(State.READY, None, "asked_back")
        if same_post and other["state"] in (State.PUBLISHED, State.CONFIRMED, State.HANDED_OFF):
            return Step(State.CANCELLED, None, "already_out")
        alike = (other["text"], other["reply_to"], other["kind"]) == (row["text"], row["reply_to"], row["kind"])
        if same_post or alike or other["state"] == State.SENDING:
            return Step(State.READY, None, "sibling_in_flight")
    return None


def _unprepared(reader: Reader, row: Any, *, now: datetime) -> Step | None:
    """An upload that is missing or dead sends the delivery back to be prepared."""
    wanted = len(load(row["media"])) + (card_picture(load(row["options"])) is not None)
    if not wanted:
        return None
    alive = scalar(
        reader,
        "SELECT count(*) FROM delivery_upload WHERE delivery_id = ? AND (expires_at IS NULL OR expires_at > ?)",
        (row["id"], to_ms(now) + 30_000),
    )
    return Step(State.PREPARING) if alive < wanted else None


def _too_soon(reader: Reader, row: Any, brand: Any, *, now: datetime) -> Step | None:
    """What is late leaves at least a minute after the one before, so that nobody's timeline is flooded (rank 4).

    Released ones after anything, posts within their tolerance after another post; a thread is not torn apart.
    """
    spacing = timedelta(seconds=brand["spacing_s"])
    if not row["approved_late"]:
        if row["kind"] != "post" or row["part"] or now - from_ms(row["due_at"]) < min(spacing, timedelta(minutes=1)):
            return None
        return _after_other_posts(reader, row, spacing=spacing, now=now)
    last = scalar(
        reader,
        "SELECT max(last_attempt_at) FROM delivery WHERE account_id = ? AND id <> ? AND attempts > 0",
        (row["account_id"], row["id"]),
    )
    if last is None:
        return None
    free = from_ms(last) + spacing
    return Step(State.READY, free, "spacing") if now < free else None


def _after_other_posts(reader: Reader, row: Any, *, spacing: timedelta, now: datetime) -> Step | None:
    last = scalar(
        reader,
        "SELECT max(last_attempt_at) FROM delivery WHERE account_id = ? AND post_id <> ? AND kind = 'post'"
        " AND attempts > 0",
        (row["account_id"], row["post_id"]),
    )
    if last is None or now >= from_ms(last) + spacing:
        return None
    return Step(State.READY, from_ms(last) + spacing, "spacing")


def _fingerprint(reader: Reader, row: Any, frozen_ms: int, *, scheduled: bool) -> str:
    """Return the SHA-256 of everything the request is made of, so that a repeat can be shown to be one."""
    uploads = reader.execute(
        "SELECT position, remote FROM delivery_upload WHERE delivery_id = ? ORDER BY position", (row["id"],)
    ).fetchall()
    parts = {
        name: row[name]
        for name in (
            "kind", "text", "spoiler", "visibility", "language", "media", "reply_to", "idem_key", "record_key",
            "expected_author", "part", "answers", "options", "crops",
        )
    }  # fmt: skip
    due = row["due_at"] if scheduled else 0
    sealed = dump(
        {**parts, "uploads": uploads, "frozen_at": frozen_ms, "due_at": due, "parent": parent_id(reader, row)}
    )
    return hashlib.sha256(sealed.encode("utf-8", "surrogatepass")).hexdigest()
