"""Changes of remote things that may be repeated without harm: like, boost, edit, delete, read mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, ActionState, DeliveryState
from cmdesk.planning.keys import new_record_key
from cmdesk.planning.settling import Outcome
from cmdesk.store import accounts, crisis_hold
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.intake_gone import mark_gone
from cmdesk.store.outbox_state import move, row_of
from cmdesk.store.rows import dump, fetch, fetch_one, load, stamp

# What takes back what: a pair that meets in the queue cancels itself out.
_OPPOSITE = {"like": "unlike", "unlike": "like", "boost": "unboost", "unboost": "boost"}
_UNDOES = {"unlike": "like", "unboost": "boost"}


@dataclass(frozen=True, slots=True)
class Action:
    """One queued change; `target` holds remote_id, ref, visibility and thread_id of what is changed."""

    id: int
    brand_id: int
    account_id: int
    act: str
    target: Mapping[str, Any]
    message_id: int | None
    delivery_id: int | None
    record_key: str
    text: str
    state: ActionState
    attempts: int
    created_at: datetime
    code: str = ""
    detail: str = ""


def queue_action(
    tx: Transaction,
    *,
    account_id: int,
    act: str,
    target: Mapping[str, Any],
    message_id: int | None = None,
    delivery_id: int | None = None,
    text: str = "",
) -> int:
    """Queue a change (`networks.base.Act` value) and return its id, 0 when it only took back one that still waited.

    Taking back a like that went out carries that like's own record, so that a network can find it.
    Raises Invalid for an account that does not exist or is disconnected.
    """
    account = fetch_one(tx.conn, "SELECT brand_id, state FROM account WHERE id = ?", (account_id,))
    if account is None or account["state"] == "disconnected":
        raise Invalid(f"account {account_id} is not connected", code="account_disconnected", detail=str(account_id))
    brand_id: int = account["brand_id"]
    remote_id = str(target.get("remote_id", ""))
    # An action that may be on the wire has attempts: it is let through and followed by its opposite.
    waiting = fetch_one(
        tx.conn,
        "SELECT id FROM action WHERE account_id = ? AND act = ? AND json_extract(target, '$.remote_id') = ?"
        " AND state IN ('queued', 'backoff', 'blocked_auth') AND attempts = 0 ORDER BY id DESC LIMIT 1",
        (account_id, _OPPOSITE.get(act, ""), remote_id),
    )
    if waiting is not None:
        tx.conn.execute("UPDATE action SET state = 'cancelled', done_at = ? WHERE id = ?", (tx.now_ms, waiting["id"]))
        tx.touch(Topic.ACTION, brand_id, waiting["id"])
        _show_mark(tx, brand_id, act, message_id)
        return 0
    record_key = new_record_key(tx.now)
    if act in _UNDOES:
        before = fetch_one(
            tx.conn,
            "SELECT record_key, remote_ref FROM action WHERE account_id = ? AND act = ?"
            " AND json_extract(target, '$.remote_id') = ? AND state <> 'cancelled' ORDER BY id DESC LIMIT 1",
            (account_id, _UNDOES[act], remote_id),
        )
        record_key = "" if before is None else before["record_key"]
    row = tx.conn.execute(
        "INSERT INTO action (brand_id, account_id, act, target, message_id, delivery_id, record_key, text, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (brand_id, account_id, act, dump(dict(target)), message_id, delivery_id, record_key, text, tx.now_ms),
    ).fetchone()
    action_id: int = row[0]
    tx.touch(Topic.ACTION, brand_id, action_id)
    _show_mark(tx, brand_id, act, message_id)
    return action_id


def action(reader: Reader, action_id: int) -> Action:
    """Return one action; raises Invalid when there is none of that id."""
    row = fetch_one(reader, "SELECT * FROM action WHERE id = ?", (action_id,))
    if row is None:
        raise Invalid(f"there is no action {action_id}", code="action_unknown", detail=str(action_id))
    return _action(row)


def due_actions(reader: Reader, *, account_id: int, now: datetime, limit: int = 20) -> list[Action]:
    """Return what this account may change now, in the order asked; only the first per remote thing."""
    rows = fetch(
        reader,
        "SELECT * FROM action WHERE coalesce(next_at, 0) <= ?2 AND id IN (SELECT min(id) FROM action"
        " WHERE account_id = ?1 AND state IN ('queued', 'backoff') GROUP BY json_extract(target, '$.remote_id'))"
        " ORDER BY id LIMIT ?3",
        (account_id, stamp(now), limit),
    )
    return [_action(row) for row in rows]


def start_action(tx: Transaction, action_id: int) -> bool:
    """Note that a change goes on the wire; False when it no longer waits."""
    done = tx.conn.execute(
        "UPDATE action SET attempts = attempts + 1 WHERE id = ? AND state IN ('queued', 'backoff')", (action_id,)
    )
    return done.rowcount == 1


def record_action(
    tx: Transaction,
    action_id: int,
    outcome: Outcome,
    *,
    gone: bool = False,
    ref: Mapping[str, Any] | None = None,
    code: str = "",
    detail: str = "",
    until: datetime | None = None,
    retry_s: float = 5,
) -> ActionState:
    """Store what became of a change; a doubt is simply repeated, because repeating it is harmless.

    `gone` says that the network no longer has the thing: then taking something back has succeeded.
    """
    row = fetch_one(tx.conn, "SELECT * FROM action WHERE id = ?", (action_id,))
    if row is None:
        raise Invalid(f"there is no action {action_id}", code="action_unknown", detail=str(action_id))
    state, next_at = _after(outcome, row, gone=gone, until=until, now=tx.now, retry_s=retry_s)
    done = state in (ActionState.DONE, ActionState.REJECTED)
    tx.conn.execute(
        "UPDATE action SET state = ?, next_at = ?, reason_code = ?, reason_detail = ?, remote_ref = ?, done_at = ?"
        " WHERE id = ?",
        (
            state,
            stamp(next_at),
            "" if state is ActionState.DONE else code,
            "" if state is ActionState.DONE else detail[:500],
            row["remote_ref"] if ref is None else dump(dict(ref)),
            tx.now_ms if done else None,
            action_id,
        ),
    )
    tx.touch(Topic.ACTION, row["brand_id"], action_id)
    if state is ActionState.REJECTED:
        _take_back(tx, row)
    if state is ActionState.DONE and row["act"] == "delete":
        # Not left to the next look at the network: that may no longer reach back so far.
        owner = accounts.account(tx.conn, row["account_id"])
        mark_gone(tx, owner, [str(load(row["target"]).get("remote_id", ""))])
    if state is ActionState.DONE and row["delivery_id"] is not None and row["act"] in ("delete", "cancel_scheduled"):
        sent = row_of(tx.conn, row["delivery_id"])
        if row["act"] == "delete":
            move(tx, sent, DeliveryState.CANCELLED, code="deleted")
        elif not crisis_hold.recalled(tx, sent, gone=gone):
            _given_back(tx, sent, gone=gone)
    if state is ActionState.REJECTED and row["act"] == "cancel_scheduled" and row["delivery_id"] is not None:
        crisis_hold.not_recalled(tx, row_of(tx.conn, row["delivery_id"]))
    return state


def actions_unblocked(reader: Reader) -> bool:
    """Say whether changes wait for credentials of an account that has been reconnected."""
    query = (
        "SELECT 1 FROM action x JOIN account a ON a.id = x.account_id WHERE x.state = 'blocked_auth'"
        " AND a.state = 'ok' LIMIT 1"
    )
    return reader.execute(query).fetchone() is not None


def unblock_actions(tx: Transaction) -> int:
    """Let actions go on whose account has been reconnected."""
    done = tx.conn.execute(
        "UPDATE action SET state = 'queued', next_at = NULL, reason_code = '', reason_detail = '' WHERE state ="
        " 'blocked_auth' AND account_id IN (SELECT id FROM account WHERE state = 'ok')"
    )
    return done.rowcount


def retry_action(tx: Transaction, action_id: int) -> None:
    """Try a refused or waiting change once more now."""
    row = fetch_one(tx.conn, "SELECT brand_id, state FROM action WHERE id = ?", (action_id,))
    if row is None or row["state"] in ("done", "cancelled"):
        raise Conflict("this change is over", code="action_over", detail=str(action_id))
    tx.conn.execute(
        "UPDATE action SET state = 'queued', next_at = NULL, dismissed_at = NULL WHERE id = ?", (action_id,)
    )
    tx.touch(Topic.ACTION, row["brand_id"], action_id)


def cancel_action(tx: Transaction, action_id: int) -> None:
    """Give a change up; its local trace is taken back."""
    row = fetch_one(tx.conn, "SELECT * FROM action WHERE id = ?", (action_id,))
    if row is None or row["state"] == "done":
        raise Conflict("this change has already been made", code="action_over", detail=str(action_id))
    tx.conn.execute("UPDATE action SET state = 'cancelled', done_at = ? WHERE id = ?", (tx.now_ms, action_id))
    tx.touch(Topic.ACTION, row["brand_id"], action_id)
    _take_back(tx, row)


def _given_back(tx: Transaction, sent: Any, *, gone: bool) -> None:
    """The network no longer holds a post that was asked back; when it did not know it any more it may be out (N2)."""
    if sent["state"] in SENT:
        return
    if gone and crisis_hold.may_be_out(tx, sent):
        tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, sent["id"]))
        return
    move(tx, sent, DeliveryState.CANCELLED, code="deleted")
    # The other hour of the same place waited for exactly this.
    tx.conn.execute(
        "UPDATE delivery SET next_at = NULL WHERE post_id = ? AND account_id = ? AND part = ? AND state = 'ready'"
        " AND reason_code = 'asked_back'",
        (sent["post_id"], sent["account_id"], sent["part"]),
    )


def _after(
    outcome: Outcome, row: Any, *, gone: bool, until: datetime | None, now: datetime, retry_s: float
) -> tuple[ActionState, datetime | None]:
    takes_back = row["act"] in ("unlike", "unboost", "delete", "cancel_scheduled")
    match outcome:
        case Outcome.YES | Outcome.SCHEDULED:
            return ActionState.DONE, None
        case Outcome.NO if gone and takes_back:
            return ActionState.DONE, None
        case Outcome.NO | Outcome.WRONG_AUTHOR:
            return ActionState.REJECTED, None
        case Outcome.AUTH:
            return ActionState.BLOCKED_AUTH, None
        case _:
            longest = now + timedelta(hours=1)
            return ActionState.BACKOFF, min(until or now + timedelta(seconds=retry_s), longest)


# What a reaction makes of the message's own columns, shown before the network has said yes.
_MARKS = {
    "like": ("UPDATE message SET favourited = 1 WHERE id = ? RETURNING conversation_id", "unlike"),
    "unlike": ("UPDATE message SET favourited = 0 WHERE id = ? RETURNING conversation_id", "like"),
    "boost": ("UPDATE message SET boosted = 1 WHERE id = ? RETURNING conversation_id", "unboost"),
    "unboost": ("UPDATE message SET boosted = 0 WHERE id = ? RETURNING conversation_id", "boost"),
}


def _show_mark(tx: Transaction, brand_id: int, act: str, message_id: int | None) -> None:
    """Show a reaction on its message at once."""
    if act not in _MARKS or message_id is None:
        return
    row = tx.conn.execute(_MARKS[act][0], (message_id,)).fetchone()
    tx.touch(Topic.MESSAGE, brand_id, message_id)
    if row is not None:
        tx.touch(Topic.CONVERSATION, brand_id, row[0])


def _take_back(tx: Transaction, row: Any) -> None:
    """Undo the mark that the screen showed beforehand."""
    if row["act"] in _MARKS:
        _show_mark(tx, row["brand_id"], _MARKS[row["act"]][1], row["message_id"])


def _action(row: Any) -> Action:
    return Action(
        id=row["id"],
        brand_id=row["brand_id"],
        account_id=row["account_id"],
        act=row["act"],
        target=load(row["target"]),
        message_id=row["message_id"],
        delivery_id=row["delivery_id"],
        record_key=row["record_key"],
        text=row["text"],
        state=ActionState(row["state"]),
        attempts=row["attempts"],
        created_at=from_ms(row["created_at"]),
        code=row["reason_code"],
        detail=row["reason_detail"],
    )
