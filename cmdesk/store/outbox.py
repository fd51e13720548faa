"""The outbox: sealing what a person wants out, and their later decisions about it.

A delivery is one sealed publication on one account (RELIABILITY part 2). Its text, media, author, keys and
time never change after `seal`; another time or text is another delivery. Sealing is in `outbox_seal`, the
machine's side in `outbox_claim`, `outbox_send`, `outbox_look` and `outbox_seen`; reading in `outbox_read`.
"""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, DeliveryState
from cmdesk.planning.status import current
from cmdesk.planning.zones import to_utc
from cmdesk.store import crisis_hold, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_actions import cancel_action, queue_action, retry_action
from cmdesk.store.outbox_read import (
    attempts,
    deliveries,
    deliveries_of,
    delivery,
    next_publication,
    problem_count,
    problems,
    uploads,
)
from cmdesk.store.outbox_seal import ask_back, seal, unseal
from cmdesk.store.outbox_send import hurry
from cmdesk.store.outbox_state import move, row_of, touch
from cmdesk.store.outbox_threads import rest_of
from cmdesk.store.rows import fetch, fetch_one, load, scalar

__all__ = [
    "ask_to_verify",
    "attempts",
    "cancel",
    "cancel_action",
    "confirm_there",
    "deliveries",
    "delivery",
    "dismiss",
    "hold_restored",
    "hurry",
    "next_publication",
    "problem_count",
    "problems",
    "queue_action",
    "recompute_due",
    "release",
    "remove_twin",
    "retry",
    "retry_action",
    "retry_failed",
    "seal",
    "send_again",
    "unseal",
    "uploads",
]

State = DeliveryState

# What may simply be taken back: nothing of it can be at the network.
_AT_HOME = frozenset(
    {
        State.QUEUED, State.PREPARING, State.READY, State.BACKOFF, State.BLOCKED_AUTH, State.HELD_LATE,
        State.HELD_CLOCK, State.HELD_RESTORED, State.REJECTED, State.MANUAL,
    }
)  # fmt: skip
_IN_DOUBT = frozenset({State.SENDING, State.UNCERTAIN})
_HELD = frozenset({State.HELD_LATE, State.HELD_CLOCK, State.HELD_RESTORED})


def cancel(tx: Transaction, delivery_id: int) -> DeliveryState:
    """Take one delivery back; while nobody knows whether it is out this means "delete it if it turns up".

    What waits behind it in its thread goes with it. One that the network holds is cancelled there, too. Raises
    Conflict (`already_out`) for what is published.
    """
    row = row_of(tx.conn, delivery_id)
    state = State(row["state"])
    if state in SENT:
        raise Conflict("it is already published", code="already_out", detail=str(delivery_id))
    for later in rest_of(tx, row):
        # What follows in a thread has nothing to answer any more.
        if later["state"] in _AT_HOME:
            move(tx, later, State.CANCELLED, code="part_before")
    if state in _AT_HOME or state is State.REVIEW:
        return move(tx, row, State.CANCELLED)
    if state in _IN_DOUBT:
        tx.conn.execute("UPDATE delivery SET cancel_wanted = 1 WHERE id = ?", (delivery_id,))
        touch(tx, row)
    elif state is State.HANDED_OFF:
        ask_back(tx, row)
    return state


def release(tx: Transaction, delivery_ids: Iterable[int]) -> int:
    """A person said "publish anyway" to held deliveries; returns how many were let go.

    What may already be out (tried before, or restored from a backup) is looked for first. They leave in due
    order and spaced (see the claim).
    """
    count = 0
    for delivery_id in delivery_ids:
        row = row_of(tx.conn, delivery_id)
        if row["state"] not in _HELD:
            continue
        count += 1
        tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
        if row["first_attempt_at"] is not None or row["state"] == State.HELD_RESTORED:
            move(tx, row, State.UNCERTAIN, code="send_again", next_at=tx.now)
        else:
            move(tx, row, State.QUEUED)
        crisis_hold.hold_again(tx, delivery_id)
    return count


def send_again(tx: Transaction, delivery_id: int) -> None:
    """A person looked, did not find it and says "send": one more look of ours, then it goes out.

    Raises Conflict for what is not in REVIEW, and (`account_stopped`) while its account is stopped.
    """
    row = row_of(tx.conn, delivery_id)
    if row["state"] != State.REVIEW:
        raise Conflict("this is not waiting for that decision", code="not_in_review", detail=row["state"])
    state = scalar(tx.conn, "SELECT state FROM account WHERE id = ?", (row["account_id"],))
    if state == "stopped":
        raise Conflict("the account is stopped", code="account_stopped", detail=str(row["account_id"]))
    tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
    move(tx, row, State.UNCERTAIN, code="send_again", next_at=tx.now)
    crisis_hold.hold_again(tx, delivery_id)


def confirm_there(tx: Transaction, delivery_id: int, *, remote_url: str = "", remote_id: str = "") -> None:
    """A person says that it is there; an address that a sync knows is tied to it. Raises Conflict as `send_again`."""
    row = row_of(tx.conn, delivery_id)
    if row["state"] not in (State.REVIEW, State.UNCERTAIN, State.HELD_RESTORED):
        raise Conflict("this is not waiting for that decision", code="not_in_review", detail=row["state"])
    known = fetch_one(
        tx.conn,
        "SELECT remote_id FROM publication WHERE account_id = ?1 AND (remote_id = ?2 OR url = ?3 AND ?3 <> '')"
        " UNION SELECT remote_id FROM message WHERE account_id = ?1 AND (remote_id = ?2 OR url = ?3 AND ?3 <> '')",
        (row["account_id"], remote_id, remote_url),
    )
    name = remote_id or (known["remote_id"] if known is not None else None)
    taken = scalar(
        tx.conn,
        "SELECT 1 FROM delivery WHERE account_id = ? AND remote_id = ? AND id <> ?",
        (row["account_id"], name, delivery_id),
    )
    if taken:
        raise Conflict("that publication belongs to another post", code="claimed_elsewhere", detail=str(name))
    tx.conn.execute(
        "UPDATE delivery SET remote_id = ?, remote_url = ?, published_at = ?, confirmed_at = ?, verified = 'person',"
        " swept_at = ? WHERE id = ?",
        (name, remote_url, row["last_attempt_at"] or tx.now_ms, tx.now_ms, tx.now_ms, delivery_id),
    )
    move(tx, row, State.CONFIRMED)


def retry(tx: Transaction, delivery_id: int) -> None:
    """Try a refused or waiting delivery once more now, as it is. Raises Conflict for any other state."""
    row = row_of(tx.conn, delivery_id)
    state = State(row["state"])
    if state in (State.BACKOFF, State.READY, State.PREPARING):
        move(tx, row, State.PREPARING)
    elif state is State.REJECTED:
        tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
        look_first = row["first_attempt_at"] is not None and _doubted(tx, delivery_id)
        move(tx, row, State.UNCERTAIN if look_first else State.PREPARING, code="send_again" if look_first else "")
        if look_first:
            tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, delivery_id))
    elif state in (State.UNCERTAIN, State.HANDED_OFF, State.REVIEW):
        # "Look again now".
        tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, delivery_id))
        touch(tx, row)
    else:
        raise Conflict("there is nothing to try again", code="nothing_to_retry", detail=state)
    crisis_hold.hold_again(tx, delivery_id)


def retry_failed(tx: Transaction, post_id: int) -> list[int]:
    """Try again what of a post was refused, waits or is in doubt, account by account; what is out is not touched.

    Returns the deliveries concerned; raises Conflict (`nothing_to_retry`) when there are none.
    """
    rows = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE post_id = ? AND state IN ('rejected', 'backoff', 'preparing', 'ready',"
        " 'uncertain', 'review') ORDER BY account_id, part, id",
        (post_id,),
    )
    # A refused one of an earlier revision has been replaced, or its place is out by now.
    live = {each.id for each in current(deliveries_of(tx.conn, [post_id]).get(post_id, ()))}
    tried = [row["id"] for row in rows if row["id"] in live]
    for delivery_id in tried:
        retry(tx, delivery_id)
    if not tried:
        raise Conflict("there is nothing to try again", code="nothing_to_retry", detail=str(post_id))
    return tried


def ask_to_verify(tx: Transaction, post_id: int) -> list[int]:
    """Ask that what is out of a post is read back and compared now (N4); returns its deliveries.

    Raises Conflict (`nothing_out`) when nothing of it is out.
    """
    rows = tx.conn.execute(
        "UPDATE delivery SET verify_at = ? WHERE post_id = ? AND state IN ('published', 'confirmed')"
        " AND remote_id IS NOT NULL RETURNING id, brand_id",
        (tx.now_ms, post_id),
    ).fetchall()
    if not rows:
        raise Conflict("nothing of this post is out", code="nothing_out", detail=str(post_id))
    for delivery_id, brand_id in rows:
        tx.touch(Topic.DELIVERY, brand_id, delivery_id)
    return [row[0] for row in rows]


def hold_restored(tx: Transaction) -> int:
    """After a restored backup, or in a profile that was copied: nothing unsent leaves until it was looked for.

    Yesterday's outbox believes that nothing was sent (RELIABILITY 1.6). Returns how many are held.
    """
    rows = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE state IN ('queued', 'preparing', 'ready', 'sending', 'uncertain', 'backoff',"
        " 'blocked_auth', 'held_late', 'held_clock')",
    )
    for row in rows:
        move(tx, row, State.HELD_RESTORED, code="restored")
    return len(rows)


def dismiss(tx: Transaction, problem_id: str) -> None:
    """Take a problem out of sight ('delivery:12', 'action:7', 'quarantine:4'); what it is about stays as it is.

    Raises Conflict for what still has to be decided: only what is over or merely told can be put away.
    """
    kind, _, number = problem_id.partition(":")
    ref = int(number) if number.isdigit() else 0
    if kind == "delivery":
        row = row_of(tx.conn, ref)
        if row["state"] not in (State.REJECTED, State.PUBLISHED, State.CONFIRMED):
            raise Conflict("this still needs a decision", code="undecided", detail=row["state"])
        tx.conn.execute("UPDATE delivery SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        touch(tx, row)
        return
    if kind not in ("action", "quarantine"):
        raise Conflict("this goes away when it is solved", code="undecided", detail=problem_id)
    if kind == "action":
        tx.conn.execute("UPDATE action SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        brand_id = scalar(tx.conn, "SELECT brand_id FROM action WHERE id = ?", (ref,))
        tx.touch(Topic.ACTION, brand_id or 0, ref)
    else:
        tx.conn.execute("UPDATE quarantine SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        brand_id = scalar(tx.conn, "SELECT brand_id FROM quarantine WHERE id = ?", (ref,))
        tx.touch(Topic.ACCOUNT, brand_id or 0)


def remove_twin(tx: Transaction, delivery_id: int) -> int:
    """Queue the deletion of the younger copy that the double sweep found; returns the action's id."""
    row = row_of(tx.conn, delivery_id)
    twin = load(row["reason_detail"]) if row["reason_code"] == "twin" else None
    if not isinstance(twin, dict) or not twin.get("remote_id"):
        raise Conflict("there is no second copy", code="no_twin", detail=str(delivery_id))
    action_id = queue_action(tx, account_id=row["account_id"], act="delete", target=twin)
    move(tx, row, State(row["state"]))
    return action_id


# ── inside ──


def _doubted(tx: Transaction, delivery_id: int) -> bool:
    query = "SELECT 1 FROM attempt WHERE delivery_id = ? AND outcome IN ('', 'doubt') LIMIT 1"
    return tx.conn.execute(query, (delivery_id,)).fetchone() is not None


def recompute_due(tx: Transaction, tz_version: str) -> list[int]:
    """With a new time zone database: recompute the instants of what waits; returns the deliveries that moved.

    The wall time is what the person chose, so it stays; the reason on the delivery says that its instant moved.
    """
    if settings.meta(tx.conn, "tz_version") == tz_version:
        return []
    settings.put_meta(tx, "tz_version", tz_version)
    moved: list[int] = []
    for row in fetch(tx.conn, "SELECT * FROM delivery WHERE state = 'queued' AND kind = 'post'"):
        try:
            instant = to_utc(row["wall"], row["zone"], fold=row["fold"])
        except Invalid:
            continue
        if abs((instant - from_ms(row["due_at"])).total_seconds()) >= 60:
            tx.conn.execute("UPDATE delivery SET due_at = ? WHERE id = ?", (to_ms(instant), row["id"]))
            move(tx, row, State.QUEUED, code="zone_rules_changed")
            moved.append(row["id"])
    return moved
