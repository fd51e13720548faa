"""Decisions about what was missed while the computer was off, asleep, offline or paused (N1), in one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.commands import planning as deciding
from cmdesk.commands.scheduling import check_hours
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, Post, Target
from cmdesk.planning.approving import LATE as NOT_APPROVED
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.status import DISCARDED, current
from cmdesk.planning.waking import Decision, How
from cmdesk.store import accounts, inbox, outbox, pausing, planning, targeting, unwanted
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import row_of
from cmdesk.store.outbox_threads import rest_of

State = DeliveryState
_GOING = (State.QUEUED, State.PREPARING, State.READY, State.BACKOFF)


@dataclass(frozen=True, slots=True)
class Before:
    """How a decided delivery stood, so that the decision can be taken back while nothing has left."""

    delivery_id: int
    post_id: int
    account_id: int
    how: How
    state: DeliveryState
    code: str
    attempts: int
    target: Target | None = None
    conversation_id: int | None = None
    behind: tuple[int, ...] = ()  # the parts that waited behind it


def decide(tx: Transaction, *, decisions: Iterable[Decision]) -> int:
    """Do what was decided about late deliveries, all or none; returns how many were decided.

    What is no longer held (decided elsewhere meanwhile) is left alone; what is published by hand can be given another
    hour, go back to the drafts or be given up, too (N26). Raises Invalid (`time_past`, `time_gap`, `late_decision`,
    what the review finds) and Conflict (`not_approved` for what the client has not approved).
    """
    done: list[Before] = []
    for each in decisions:
        if each.how is How.LATER:
            continue
        row = row_of(tx.conn, each.delivery_id)
        if not _waits(tx, row):
            continue
        done.append(_before(tx, row, each.how))
        _do(tx, row, each)
    if done:
        tx.undoable("decide_late", take_back, before=tuple(done), detail=str(len(done)))
    return len(done)


def take_back(tx: Transaction, *, before: Sequence[Before]) -> int:
    """Let decided ones wait for a decision again (undo); what has left stays. Raises Conflict when all of it has."""
    count = sum(_take_back(tx, each) for each in before)
    if not count:
        raise Conflict("it is already out", code="already_out", detail=str(before[0].delivery_id))
    return count


def _waits(tx: Transaction, row: Any) -> bool:
    """Say whether a delivery waits for such a decision: late, or a place's that nobody has published yet."""
    if row["state"] in (State.HELD_LATE, State.MANUAL):
        return True
    return row["state"] == State.QUEUED and accounts.account(tx.conn, row["account_id"]).network == BY_HAND


def _before(tx: Transaction, row: Any, how: How) -> Before:
    target = None
    if row["conversation_id"] is None:
        known = planning.post(tx.conn, row["post_id"]).targets
        target = next((each for each in known if each.account_id == row["account_id"]), None)
    return Before(
        row["id"], row["post_id"], row["account_id"], how, State(row["state"]), row["reason_code"], row["attempts"],
        target, row["conversation_id"], tuple(each["id"] for each in rest_of(tx, row)),
    )  # fmt: skip


def _do(tx: Transaction, row: Any, decision: Decision) -> None:
    match decision.how:
        case How.NOW:
            if row["state"] != State.HELD_LATE:
                raise Invalid("a person publishes it", code="late_decision", detail=str(row["id"]))
            if row["reason_code"] == NOT_APPROVED:
                raise Conflict("the client has not approved it", code="not_approved", detail=row["text"][:60])
            targeting.let_go(tx, [row["id"]])
            unwanted.let_go(tx, [row["id"]])
            outbox.release(tx, [row["id"]])
        case How.DRAFT | How.DISCARD:
            deciding.approve_late(tx, delivery_ids=[row["id"]], how=decision.how.value)
        case _:
            if decision.target is None or row["conversation_id"] is not None:
                raise Invalid("no hour was chosen", code="late_decision", detail=str(row["id"]))
            _give_hour(tx, planning.post(tx.conn, row["post_id"]), decision.target)


def _give_hour(tx: Transaction, post: Post, target: Target) -> list[int]:
    """Seal one account's share of a post anew; its other accounts stay exactly as they are."""
    check_hours(tx, [target])
    deciding.check_plan(tx, post, [target], again=True)
    _set_target(tx, post, target)
    return outbox.seal(tx, post.id, targets=[target])


def _set_target(tx: Transaction, post: Post, target: Target) -> None:
    planning.set_targets(
        tx, post.id, [target if each.account_id == target.account_id else each for each in post.targets]
    )


def _take_back(tx: Transaction, before: Before) -> bool:
    if before.how in (How.SLOT, How.HOUR):
        return _take_hour_back(tx, before)
    row = row_of(tx.conn, before.delivery_id)
    if before.how is How.NOW:
        if row["state"] not in _GOING or row["attempts"] != before.attempts:
            return False
    elif row["state"] != State.CANCELLED or row["reason_code"] not in ("", DISCARDED):
        return False
    elif _replaced(tx, before):
        return False
    elif before.how is How.DRAFT and before.conversation_id is not None:
        inbox.save_draft(tx, before.conversation_id, "")
    elif before.how is How.DRAFT and before.target is not None:
        _set_target(tx, planning.post(tx.conn, before.post_id), before.target)
    pausing.hold(tx, row, before.state, code=before.code, behind=before.behind)
    return True


def _replaced(tx: Transaction, before: Before) -> bool:
    """Say whether the post was planned or written anew on this account since."""
    live = current(planning.post(tx.conn, before.post_id).deliveries)
    return any(each.account_id == before.account_id and each.part == 0 for each in live)


def _take_hour_back(tx: Transaction, before: Before) -> bool:
    post = planning.post(tx.conn, before.post_id)
    mine = [each for each in current(post.deliveries) if each.account_id == before.account_id]
    waiting = [each for each in mine if each.state in _GOING and each.attempts == 0]
    if before.target is None or not waiting or any(each.state not in _GOING for each in waiting):
        return False
    _set_target(tx, post, before.target)
    sealed = outbox.seal(tx, post.id, targets=[before.target])
    pausing.hold(tx, row_of(tx.conn, sealed[0]), before.state, code=before.code)
    return True
