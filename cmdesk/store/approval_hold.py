"""What keeps a planned delivery from leaving before the client said yes (rank 25), asked in the claim's transaction.

An approval is for exactly what was shown: the state of the newest row whose content is the post's present one, and
what a delivery was sealed from has to be that content, too. A waiting delivery rests as QUEUED with the reason
`waiting_approval`; when its hour passes meanwhile it asks a person, like everything that is late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms
from cmdesk.model import WAITING_STATES, DeliveryState, Problem
from cmdesk.planning.approving import CODE, LATE, State, after_edit
from cmdesk.planning.content import fingerprint
from cmdesk.planning.late import Verdict, verdict
from cmdesk.planning.settling import Step
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, ids_json, scalar

#: The order that puts first what decides about a post: what was taken back is not looked at, what is outdated last.
_DECIDING = "a.state <> 'withdrawn' ORDER BY a.state = 'outdated', a.id DESC LIMIT 1"

#: State of the approval of `post p`, '' where none is asked.
STATE = "coalesce((SELECT a.state FROM approval a WHERE a.post_id = p.id AND " + _DECIDING + "), '')"

#: Id of the row that decides about `post p`.
DECIDES = "(SELECT a.id FROM approval a WHERE a.post_id = p.id AND " + _DECIDING + ")"

#: Whether `delivery d` has to wait for the client. The rest of a thread that has begun is not kept back from it.
WAITS = (
    "(d.kind = 'post' AND coalesce((SELECT a.state || ' ' || a.fingerprint FROM approval a WHERE a.post_id = d.post_id"
    " AND " + _DECIDING + ") NOT IN ('approved ' || d.fingerprint, 'waived ' || d.fingerprint),"
    " (SELECT b.needs_approval FROM brand b WHERE b.id = d.brand_id), 0) AND NOT (d.part > 0 AND EXISTS (SELECT 1"
    " FROM delivery o WHERE o.post_id = d.post_id AND o.revision = d.revision AND o.account_id = d.account_id"
    " AND o.part = 0 AND o.state IN ('published', 'confirmed'))))"
)

_RESTLESS = WAITING_STATES | {DeliveryState.HELD_CLOCK}


def waits(reader: Reader, delivery_id: int) -> bool:
    """Say whether a delivery has to wait for the client's yes."""
    return bool(scalar(reader, "SELECT " + WAITS + " FROM delivery d WHERE d.id = ?", (delivery_id,)))


def step_of(row: Any, *, now: datetime) -> Step | None:
    """Return what time does to a delivery that waits for the client: it rests, and asks once its hour has passed."""
    state = DeliveryState(row["state"])
    if state not in _RESTLESS:
        return None
    late = verdict(
        due_at=from_ms(row["due_at"]), now=now, grace_s=row["late_grace_s"], approved=bool(row["approved_late"])
    )
    if late is Verdict.ASK:
        return Step(DeliveryState.HELD_LATE, None, LATE)
    resting = state is DeliveryState.QUEUED and row["reason_code"] == CODE
    return None if resting else Step(DeliveryState.QUEUED, None, CODE)


def mark(tx: Transaction, post_id: int, delivery_ids: Iterable[int]) -> None:
    """Note of what content these deliveries were just sealed."""
    from cmdesk.store.planning import post

    tx.conn.execute(
        "UPDATE delivery SET fingerprint = ? WHERE id IN (SELECT value FROM json_each(?))",
        (fingerprint(post(tx.conn, post_id)), ids_json(delivery_ids)),
    )


def follow(tx: Transaction, post_id: int) -> None:
    """A post was saved: what was approved, asked or waived for other words is outdated until these come back."""
    rows = fetch(
        tx.conn,
        "SELECT id, brand_id, fingerprint, state, was FROM approval WHERE post_id = ? AND state <> 'withdrawn'",
        (post_id,),
    )
    if not rows:
        return
    from cmdesk.store.planning import post

    present = fingerprint(post(tx.conn, post_id))
    for row in rows:
        state, was = after_edit(State(row["state"]), row["was"], same=row["fingerprint"] == present)
        if (state, was) != (row["state"], row["was"]):
            tx.conn.execute("UPDATE approval SET state = ?, was = ? WHERE id = ?", (state, was, row["id"]))
            announce(tx, row["brand_id"], post_id)


def announce(tx: Transaction, brand_id: int, post_id: int) -> None:
    """Say that a post's approval changed: screens show it, and the engine looks whether something may go now."""
    tx.touch(Topic.POST, brand_id, post_id)
    tx.touch(Topic.DELIVERY, brand_id)


# Problems: what the client wants changed, and what was not answered in time

APPROVALS_WANTING = (
    " FROM approval i JOIN post p ON p.id = i.post_id WHERE i.state IN ('change', 'expired') AND p.deleted_at IS NULL"
    " AND i.id = " + DECIDES + " AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.post_id = p.id AND o.state IN"
    " ('published', 'confirmed')) AND (?1 IS NULL OR i.brand_id = ?1)"
)


def approval_problems(reader: Reader, brand_id: int | None, limit: int) -> list[Problem]:
    """Return what the client wants changed or did not answer; `detail` is what they wrote, `ref_id` the row."""
    rows = fetch(
        reader,
        "SELECT i.id, i.brand_id, i.post_id, i.state, i.answer, i.answered_at, substr(p.text, 1, 300) AS text, (SELECT"
        " s.expires_at FROM approval_sheet s WHERE s.id = i.sheet_id) AS expires_at, p.updated_at"
        + APPROVALS_WANTING
        + " ORDER BY i.id DESC LIMIT ?2",
        (brand_id, limit),
    )
    return [
        Problem(
            id=f"approval:{row['id']}", brand_id=row["brand_id"], account_id=0, kind="approval", state=row["state"],
            code=f"approval_{row['state']}", detail=row["answer"], text=row["text"],
            at=from_ms(row["answered_at"] or row["expires_at"] or row["updated_at"]), ref_id=row["id"],
            post_id=row["post_id"],
        )
        for row in rows
    ]  # fmt: skip
