"""Looking whether a delivery is there: what a read-back found, and the twins a doubt may have left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms
from cmdesk.model import IN_FLIGHT, DeliveryState
from cmdesk.planning.settling import TIMING, Look, Outcome, Repeat, Timing, after_look
from cmdesk.store import crisis_hold
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_state import ASKING_BACK, Found, claimed_by_other, move, publish, row_of
from cmdesk.store.rows import dump, scalar

State = DeliveryState


def look_window(
    reader: Reader, delivery_id: int, *, now: datetime, timing: Timing = TIMING
) -> tuple[datetime, datetime]:
    """Return between which creation times a delivery could be found at the network."""
    row = row_of(reader, delivery_id)
    first = from_ms(row["first_attempt_at"] or row["sealed_at"]) - timedelta(minutes=2)
    if row["last_attempt_at"] is None or row["hand_off"]:
        return first, max(now, from_ms(row["due_at"])) + timedelta(minutes=2)
    if row["state"] == State.REVIEW or row["reason_code"] == "send_again":
        return first, now + timedelta(minutes=2)
    return first, from_ms(row["last_attempt_at"]) + timedelta(seconds=timing.without_key[-1] + 120)


def record_look(
    tx: Transaction,
    delivery_id: int,
    found: Sequence[Found],
    *,
    conclusive: bool,
    repeat: str = Repeat.NONE,
    timing: Timing = TIMING,
) -> DeliveryState:
    """Store what reading back found; only things of the expected author that no other delivery claims count."""
    row = row_of(tx.conn, delivery_id)
    ours = {
        each.remote_id: each
        for each in found
        if each.author_id in ("", row["expected_author"]) and not claimed_by_other(tx.conn, row, each.remote_id)
    }
    one = next(iter(ours.values())) if len(ours) == 1 else None
    state = State(row["state"])
    if state is State.HANDED_OFF:
        return _look_at_handed_off(tx, row, one, conclusive=conclusive and not ours, timing=timing)
    if state is State.HELD_RESTORED:
        if one is not None:
            return publish(tx, row, one)
        code = "restored_absent" if conclusive and not ours else "restored_unclear"
        return move(tx, row, state, code=code, next_at=tx.now + timedelta(hours=6))
    if state not in (State.UNCERTAIN, State.REVIEW):
        return state
    tx.conn.execute("UPDATE delivery SET checks = checks + 1 WHERE id = ?", (delivery_id,))
    if one is not None:
        return publish(tx, row, one)
    last_outcome = scalar(
        tx.conn, "SELECT outcome FROM attempt WHERE delivery_id = ? ORDER BY id DESC LIMIT 1", (delivery_id,)
    )
    step = after_look(
        Look(
            found=len(ours),
            conclusive=conclusive,
            repeat=repeat,
            now=tx.now,
            first_attempt_at=from_ms(row["first_attempt_at"] or row["sealed_at"]),
            last_attempt_at=from_ms(row["last_attempt_at"] or row["sealed_at"]),
            refused=last_outcome == Outcome.NO,
            person_said_send=row["reason_code"] == "send_again",
            hand_off=bool(row["hand_off"]),
            in_review=state is State.REVIEW,
        ),
        timing=timing,
    )
    if row["cancel_wanted"] and step.state in (State.READY, State.REVIEW, State.REJECTED) and not ours and conclusive:
        return move(tx, row, State.CANCELLED, code="taken_back")
    code = step.code if step.state is not State.REVIEW else step.code or row["reason_code"]
    detail = row["reason_detail"] if step.state in (State.REVIEW, State.UNCERTAIN, State.REJECTED) else ""
    if step.state is State.REVIEW and len(ours) > 1:
        detail = " ".join(each.url or each.remote_id for each in ours.values())
    return move(tx, row, step.state, code=code, detail=detail, next_at=step.next_at)


def record_look_failed(tx: Transaction, delivery_id: int, *, code: str, detail: str, retry_s: float) -> DeliveryState:
    """Reading back was not possible: nothing is concluded from that, it is tried again later."""
    row = row_of(tx.conn, delivery_id)
    if row["state"] not in (*IN_FLIGHT, State.REVIEW, State.HANDED_OFF, State.HELD_RESTORED):
        return State(row["state"])
    kept = row["reason_code"] in ("send_again", "several_found", "not_found", "key_expired", "wrong_author")
    return move(
        tx,
        row,
        State(row["state"]),
        code=row["reason_code"] if kept or row["state"] != State.UNCERTAIN else "cannot_look",
        detail=f"{code} {detail}".strip(),
        next_at=tx.now + timedelta(seconds=retry_s),
    )


def record_sweep(tx: Transaction, delivery_id: int, found: Iterable[Found]) -> bool:
    """Note that twins were looked for; returns True when there is one (then it is among the problems)."""
    row = row_of(tx.conn, delivery_id)
    twins = [
        each
        for each in found
        if each.remote_id != row["remote_id"]
        and each.author_id in ("", row["expected_author"])
        and not claimed_by_other(tx.conn, row, each.remote_id)
    ]
    tx.conn.execute("UPDATE delivery SET swept_at = ? WHERE id = ?", (tx.now_ms, delivery_id))
    if twins:
        youngest = max(twins, key=lambda each: (each.created_at or tx.now, each.remote_id))
        detail = dump({"remote_id": youngest.remote_id, "url": youngest.url, "ref": youngest.ref})
        move(tx, row, State(row["state"]), code="twin", detail=detail)
    return bool(twins)


def _look_at_handed_off(
    tx: Transaction, row: Any, one: Found | None, *, conclusive: bool, timing: Timing
) -> DeliveryState:
    code = ASKING_BACK if row["cancel_wanted"] else ""
    if one is not None:
        if not one.scheduled:
            return publish(tx, row, one)
        due = from_ms(row["due_at"])
        soon = due + timedelta(seconds=20) if due > tx.now else tx.now + timedelta(seconds=60)
        next_at = min(tx.now + timedelta(seconds=timing.handed_off_every), soon)
        return move(tx, row, State.HANDED_OFF, code=code, next_at=max(next_at, tx.now + timedelta(seconds=20)))
    if row["cancel_wanted"] and conclusive and not crisis_hold.may_be_out(tx, row, settled_s=timing.handed_off_missing):
        return move(tx, row, State.CANCELLED, code="taken_back")
    missing = tx.now - from_ms(row["due_at"]) > timedelta(seconds=timing.handed_off_missing)
    if conclusive and not row["cancel_wanted"] and (missing or tx.now < from_ms(row["due_at"])):
        return move(tx, row, State.REVIEW, code="handed_off_missing")
    return move(tx, row, State.HANDED_OFF, code=code, next_at=tx.now + timedelta(seconds=60))
