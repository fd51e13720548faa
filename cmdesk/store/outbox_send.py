"""The machine's side of the outbox: what time does to a delivery, its preparation, and the answer to an attempt.

Every function here is one transaction of the store (RELIABILITY part 2: P1 the claim is durable before the
call, P2 the answer is one transaction, P3 none is open during a call). The decisions are `planning.settling`'s.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import from_ms, to_ms
from cmdesk.model import AccountState, DeliveryState
from cmdesk.planning.abilities import card_picture
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.late import Verdict, verdict
from cmdesk.planning.settling import TIMING, Outcome, Repeat, Step, Timing, after_answer
from cmdesk.store import approval_hold, settings
from cmdesk.store.accounts import set_account_state
from cmdesk.store.changes import Topic
from cmdesk.store.crisis_hold import HELD
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_claim import AGAIN_S, PART_BEFORE, network_holds
from cmdesk.store.outbox_state import Found, claimed_by_other, move, publish, row_of
from cmdesk.store.outbox_threads import COUNTS_FROM
from cmdesk.store.reserve import vital
from cmdesk.store.rows import dump, fetch, fetch_one, load, scalar

State = DeliveryState


# ── time ──


def pending_steps(reader: Reader, *, now: datetime, trusted: bool) -> list[tuple[int, Step]]:
    """Return what the clock and the accounts' health do to waiting deliveries now; `trusted` speaks of the clock."""
    rows = fetch(
        reader,
        "SELECT d.*, a.state AS account_state, a.capabilities, "
        + HELD
        + " AS held, "
        + COUNTS_FROM
        + " AS counts_from, "
        + approval_hold.WAITS
        + " AS waits, a.network, b.publishing_paused OR b.archived_at IS NOT NULL AS paused FROM delivery d"
        " JOIN account a ON a.id = d.account_id JOIN brand b ON b.id = d.brand_id"
        " WHERE d.state IN ('preparing', 'ready', 'backoff', 'blocked_auth')"
        " OR d.state = 'queued' AND (d.due_at <= ?1 OR d.hand_off) OR d.state = 'held_clock' AND ?2"
        " ORDER BY d.due_at, d.id",
        (to_ms(now), trusted),
    )
    steps: list[tuple[int, Step]] = []
    paused = (settings.get(reader, "publishing_paused") or "").lower() in ("1", "true", "yes", "on")
    for row in rows:
        if row["held"]:
            step = _step_of_hold(row)
        elif row["network"] == BY_HAND:
            step = _step_by_hand(row, now=now, paused=paused)
        elif row["counts_from"] is None:
            step = _step_behind(row)
        elif row["waits"] and row["state"] != State.BLOCKED_AUTH:
            step = approval_hold.step_of(row, now=now)
        else:
            step = _step_of_time(row, now=now, trusted=trusted)
        if step is not None:
            steps.append((row["id"], step))
    return steps


def advance(tx: Transaction, *, trusted: bool = True) -> int:
    """Apply what `pending_steps` says; returns how many deliveries moved."""
    steps = pending_steps(tx.conn, now=tx.now, trusted=trusted)
    for delivery_id, step in steps:
        move(tx, row_of(tx.conn, delivery_id), step.state, code=step.code, next_at=step.next_at)
    return len(steps)


def recover(tx: Transaction, *, besides: Collection[int] = ()) -> list[int]:
    """At process start: what was on the wire may or may not have arrived; returns those deliveries.

    `besides` are those whose call is under way in this process.
    """
    rows = [row for row in fetch(tx.conn, "SELECT * FROM delivery WHERE state = 'sending'") if row["id"] not in besides]
    for row in rows:
        tx.conn.execute(
            "UPDATE attempt SET outcome = 'doubt', detail = 'interrupted', ended_at = ? WHERE delivery_id = ?"
            " AND outcome = ''",
            (tx.now_ms, row["id"]),
        )
        tx.conn.execute("UPDATE delivery SET checks = max(checks, 1), swept_at = NULL WHERE id = ?", (row["id"],))
        move(tx, row, State.UNCERTAIN, code="interrupted", next_at=tx.now)
    return [row["id"] for row in rows]


def hurry(tx: Transaction, *, account_id: int | None = None) -> int:
    """A person said "try now": waits that are ours (not the network's) end; returns how many did."""
    done = tx.conn.execute(
        "UPDATE delivery SET next_at = ?1 WHERE (?2 IS NULL OR account_id = ?2) AND next_at > ?1"
        " AND (state IN ('ready', 'preparing') AND reason_code <> 'spacing'"
        " OR state = 'backoff' AND reason_code <> 'rate_limited'"
        " OR state = 'uncertain' AND reason_code = 'cannot_look')",
        (tx.now_ms, account_id),
    )
    if done.rowcount:
        tx.touch(Topic.DELIVERY, 0)
    return done.rowcount


# ── preparing ──


def record_upload(
    tx: Transaction, delivery_id: int, position: int, *, remote: str, expires_at: datetime | None
) -> None:
    """Keep the network's name of an uploaded media file; another upload of the same place replaces it."""
    tx.conn.execute(
        "INSERT INTO delivery_upload (delivery_id, position, remote, expires_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (delivery_id, position) DO UPDATE SET remote = excluded.remote, expires_at = excluded.expires_at",
        (delivery_id, position, remote, None if expires_at is None else to_ms(expires_at)),
    )


def leave_card_picture(tx: Transaction, delivery_id: int) -> bool:
    """Let a card go without its picture, which is not to be had (rank 42); False once the delivery may have been sent.

    What was sent once is sent the same at every attempt.
    """
    row = row_of(tx.conn, delivery_id)
    options = load(row["options"])
    if card_picture(options) is None or scalar(
        tx.conn, "SELECT count(*) FROM attempt WHERE delivery_id = ?", (delivery_id,)
    ):
        return False
    options["card"]["media_id"] = None
    tx.conn.execute("UPDATE delivery SET options = ? WHERE id = ?", (dump(options), delivery_id))
    return True


def record_prepared(tx: Transaction, delivery_id: int) -> DeliveryState:
    """Every media file is there: a delivery that was being prepared is ready."""
    row = row_of(tx.conn, delivery_id)
    return move(tx, row, State.READY) if row["state"] == State.PREPARING else State(row["state"])


def record_unprepared(
    tx: Transaction,
    delivery_id: int,
    outcome: Outcome,
    *,
    code: str,
    detail: str = "",
    until: datetime | None = None,
    retry_s: float = AGAIN_S,
) -> DeliveryState:
    """An upload failed: uploads may be repeated, so only a definite no stops the delivery."""
    row = row_of(tx.conn, delivery_id)
    if row["state"] not in (State.PREPARING, State.READY):
        return State(row["state"])
    if outcome is Outcome.DOUBT:
        outcome = Outcome.NOT_SENT
    step = after_answer(outcome, doubted=False, now=tx.now, until=until, retry_s=retry_s, code=code)
    return move(tx, row, step.state, code=step.code, detail=detail, next_at=step.next_at)


# ── the answer ──


@vital
def record_answer(
    tx: Transaction,
    attempt_id: int,
    outcome: Outcome,
    *,
    found: Found | None = None,
    repeat: str = Repeat.NONE,
    code: str = "",
    detail: str = "",
    until: datetime | None = None,
    retry_s: float = 5,
    timing: Timing = TIMING,
) -> DeliveryState:
    """Store what became of an attempt and the delivery's next state, in one transaction (P2).

    A yes in another author's name stops the account at once. A yes for a remote thing that another
    delivery stands for is no yes. An answer that comes after the delivery was settled otherwise changes nothing.
    """
    attempt = fetch_one(tx.conn, "SELECT * FROM attempt WHERE id = ?", (attempt_id,))
    row = row_of(tx.conn, attempt["delivery_id"])
    if outcome in (Outcome.YES, Outcome.SCHEDULED):
        if found is None or not found.remote_id or not found.author_id:
            outcome, code = Outcome.DOUBT, "unreadable"
        elif found.author_id != row["expected_author"]:
            outcome = Outcome.WRONG_AUTHOR
        elif claimed_by_other(tx.conn, row, found.remote_id):
            outcome, code, detail = Outcome.DOUBT, "claimed_elsewhere", found.remote_id
    tx.conn.execute(
        "UPDATE attempt SET outcome = ?, detail = ?, ended_at = ? WHERE id = ?",
        (outcome, f"{code} {detail}".strip()[:500], tx.now_ms, attempt_id),
    )
    if outcome is Outcome.WRONG_AUTHOR:
        return _stop_account(tx, row, found, detail)
    if row["state"] != State.SENDING and not (
        outcome is Outcome.YES and row["state"] in (State.UNCERTAIN, State.REVIEW)
    ):
        return State(row["state"])
    if outcome is Outcome.YES and found is not None:
        return publish(tx, row, found)
    doubted = bool(
        scalar(
            tx.conn,
            "SELECT count(*) FROM attempt WHERE delivery_id = ? AND id <> ? AND outcome IN ('', 'doubt')",
            (row["id"], attempt_id),
        )
    )
    step = after_answer(
        outcome, doubted=doubted, now=tx.now, until=until, retry_s=retry_s, repeat=repeat, code=code, timing=timing
    )
    if outcome is Outcome.SCHEDULED and found is not None:
        publish(tx, row, found)
    if outcome in (Outcome.NOT_SENT, Outcome.LATER, Outcome.AUTH) and not doubted:
        # Nothing of it ever arrived: the next attempt is the first again, and is dated then.
        tx.conn.execute(
            "UPDATE delivery SET frozen_at = NULL, first_attempt_at = NULL, last_attempt_at = NULL WHERE id = ?",
            (row["id"],),
        )
    if step.state is State.BLOCKED_AUTH:
        set_account_state(tx, row["account_id"], AccountState.RECONNECT, code=step.code, detail=detail)
    if step.state is State.UNCERTAIN:
        tx.conn.execute("UPDATE delivery SET checks = max(checks, 1), swept_at = NULL WHERE id = ?", (row["id"],))
    return move(tx, row_of(tx.conn, row["id"]), step.state, code=step.code, detail=detail, next_at=step.next_at)


# ── inside ──


def _step_of_hold(row: Any) -> Step | None:
    """Time moves nothing that a crisis keeps, not even into "too late": it rests where a person decides about it."""
    resting = row["state"] == State.QUEUED and row["reason_code"] == CRISIS_HOLD
    return None if resting else Step(State.QUEUED, None, CRISIS_HOLD)


def _step_by_hand(row: Any, *, now: datetime, paused: bool) -> Step | None:
    """What a person publishes comes up at its hour and waits for them, however late (N26)."""
    if row["state"] != State.QUEUED or paused or row["paused"] or row["waits"] or from_ms(row["due_at"]) > now:
        return None
    return Step(State.MANUAL)


def _step_behind(row: Any) -> Step | None:
    """A part whose part before is not out rests, and says so once its hour has come; nobody is asked about it."""
    resting = row["state"] == State.QUEUED and row["reason_code"] == PART_BEFORE
    return None if resting else Step(State.QUEUED, None, PART_BEFORE)


def _step_of_time(row: Any, *, now: datetime, trusted: bool) -> Step | None:
    state = State(row["state"])
    approved = bool(row["approved_late"])
    judged = verdict(due_at=from_ms(row["counts_from"]), now=now, grace_s=row["late_grace_s"], approved=approved)
    held_there = network_holds(row, row["capabilities"], now=now)
    uploads = load(row["media"]) or card_picture(load(row["options"])) is not None
    first = State.PREPARING if uploads else State.READY
    if state is State.HELD_CLOCK:
        return Step(State.QUEUED)
    if state is State.QUEUED:
        if held_there:
            return Step(first)
        if judged is Verdict.EARLY:
            return None
        if not trusted and row["kind"] == "post" and not approved:
            return Step(State.HELD_CLOCK, None, "clock_jumped")
        return Step(State.HELD_LATE, None, "late") if judged is Verdict.ASK else Step(first)
    if judged is Verdict.ASK:
        return Step(State.HELD_LATE, None, row["reason_code"] or "late")
    if judged is Verdict.EARLY and not held_there:
        return Step(State.QUEUED)
    if row["account_state"] == AccountState.RECONNECT and state is not State.BLOCKED_AUTH:
        return Step(State.BLOCKED_AUTH, None, "auth_expired")
    if state is State.BACKOFF and (row["next_at"] is None or row["next_at"] <= to_ms(now)):
        return Step(first)
    if state is State.BLOCKED_AUTH and row["account_state"] == AccountState.OK:
        return Step(first)
    return None


def _stop_account(tx: Transaction, row: Any, found: Found | None, detail: str) -> DeliveryState:
    """Something was answered in another author's name: nothing more leaves this account until a person looks."""
    author = found.author_id if found is not None else detail
    set_account_state(tx, row["account_id"], AccountState.STOPPED, code="wrong_author", detail=author)
    if found is not None:
        tx.conn.execute("UPDATE delivery SET remote_url = ? WHERE id = ?", (found.url, row["id"]))
    return move(tx, row, State.REVIEW, code="wrong_author", detail=author)
