"""Decisions in a crisis: hold everything planned, keep a log, and afterwards decide about each held post (W4-W8, N13).

Beginning and ending are facts of a log and cannot be taken back; notes, the plan and a put away alarm can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cmdesk.care.crisis import ALL_BRANDS, BY_HAND, CODE, Decision, Entry
from cmdesk.care.values import Crisis, CrisisPlan
from cmdesk.commands.approval import waive
from cmdesk.commands.planning import PAST_TOLERANCE, plan_post
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, Target
from cmdesk.planning.approving import STATEMENT
from cmdesk.planning.zones import to_utc
from cmdesk.store import brands, crisis as crises, crisis_hold, outbox, planning
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import move, row_of

State = DeliveryState

LONGEST_ENTRY = 5_000
_AT_HOME = frozenset({State.QUEUED, State.PREPARING, State.READY, State.BACKOFF, State.BLOCKED_AUTH})


def start(tx: Transaction, *, brand_id: int, reason: str = "") -> int:
    """Hold everything planned of a brand (0: of every brand) from this transaction on, and return the crisis.

    Answers to people still go out: somebody is there and writes them. A claim that was committed before has left
    before. Raises Conflict (`crisis_running`) while one of the same brand lasts, Invalid for a brand that is not there.
    """
    if brand_id != ALL_BRANDS:
        brands.brand(tx.conn, brand_id)
    running = crises.active(tx.conn, brand_id)
    if running is not None and running.brand_id == brand_id:
        raise Conflict("a crisis of this brand lasts already", code="crisis_running", detail=str(running.id))
    return crises.begin(tx, brand_id=brand_id, reason=_line(reason))


def log_entry(tx: Transaction, *, crisis_id: int, kind: str = Entry.NOTE, text: str) -> int:
    """Write a line into the log by hand ("note", "called") and return its id; raises Invalid and Conflict."""
    found = _unclosed(tx, crisis_id)
    words = _line(text)
    if kind not in BY_HAND:
        raise Invalid(f"{kind!r} is not written by hand", code="crisis_entry", detail=kind)
    if not words:
        raise Invalid("there is no text", code="empty_text", detail="text")
    entry_id = crises.log(tx, found.id, Entry(kind), words)
    tx.undoable("crisis_note", remove_entry, crisis_id=crisis_id, entry_id=entry_id)
    return entry_id


def remove_entry(tx: Transaction, *, crisis_id: int, entry_id: int) -> None:
    """Take back a line that was written by hand; what the desk noted stays."""
    found = _unclosed(tx, crisis_id)
    entry = next((each for each in found.log if each.id == entry_id and each.kind in BY_HAND), None)
    if entry is None:
        raise Conflict("this line cannot be taken back", code="crisis_entry", detail=str(entry_id))
    crises.unlog(tx, found, entry_id)
    tx.undoable("crisis_note", log_entry, crisis_id=crisis_id, kind=entry.kind, text=entry.text)


def publish_statement(
    tx: Transaction, *, crisis_id: int, brand_id: int, text: str, account_ids: Sequence[int], language: str = ""
) -> int:
    """Publish the approved statement now, past the hold, and return its post; raises as `plan_post`."""
    found = _unclosed(tx, crisis_id)
    if found.brand_id not in (ALL_BRANDS, brand_id):
        raise Conflict("this crisis is another brand's", code="wrong_brand", detail=str(brand_id))
    post_id = plan_post(tx, brand_id=brand_id, text=text, account_ids=account_ids, language=language, now=True)
    if brands.brand(tx.conn, brand_id).needs_approval:
        waive(tx, post_ids=[post_id], reason=STATEMENT)
    tx.undo = None  # said in public, deliberately: taking it back is another decision
    for each in planning.post(tx.conn, post_id).deliveries:
        for other in crisis_hold.open_holds(tx.conn, each.id):
            crisis_hold.settle(tx, other, each.id, Decision.STATEMENT)
        move(tx, row_of(tx.conn, each.id), State.QUEUED)
    crises.log(tx, crisis_id, Entry.STATEMENT, _line(text))
    return post_id


def over(tx: Transaction, *, crisis_id: int) -> int:
    """End the holding of anything new and return how many held posts wait for their decision; none leaves by itself."""
    found = _unclosed(tx, crisis_id)
    if found.over_at is not None:
        raise Conflict("this crisis is over already", code="crisis_over", detail=str(crisis_id))
    crises.end(tx, found, closed=False)
    return crises.undecided(tx.conn, crisis_id)


def decide(
    tx: Transaction, *, crisis_id: int, delivery_id: int, decision: str, wall: str | None = None, zone: str = "",
    fold: int = 0,
) -> int:  # fmt: skip
    """Decide about one held post and return the delivery that stands for it now.

    "released": out at its hour, or now (with the usual pause between posts) when that has passed. "moved": out at
    `wall` in `zone` (its own when empty), only once the crisis is over. "dropped": back to the drafts.
    Another crisis that keeps the same post goes on keeping it. Raises Conflict (`not_held`, `crisis_active`,
    `recalling`, `held_elsewhere`) and Invalid (`time_past`, `time_gap`, `crisis_decision`).
    """
    found = _unclosed(tx, crisis_id)
    if crisis_id not in crisis_hold.open_holds(tx.conn, delivery_id):
        raise Conflict("this post does not wait for that decision", code="not_held", detail=str(delivery_id))
    row = row_of(tx.conn, delivery_id)
    match decision:
        case Decision.RELEASED:
            _released(tx, found, row)
        case Decision.MOVED:
            return _moved(tx, found, row, wall or "", zone or row["zone"], fold)
        case Decision.DROPPED:
            _dropped(tx, found, row)
        case _:
            raise Invalid(f"{decision!r} is no decision", code="crisis_decision", detail=decision)
    return delivery_id


def close(tx: Transaction, *, crisis_id: int) -> None:
    """Put a crisis that is over to the files; raises Conflict (`crisis_active`, `held_undecided`)."""
    found = _unclosed(tx, crisis_id)
    if found.over_at is None:
        raise Conflict("the crisis still lasts", code="crisis_active", detail=str(crisis_id))
    left = crises.undecided(tx.conn, crisis_id)
    if left:
        raise Conflict("held posts wait for a decision", code="held_undecided", detail=str(left))
    crises.end(tx, found, closed=True)


def save_plan(tx: Transaction, *, plan: CrisisPlan) -> None:
    """Keep what a brand writes beforehand: plan, phones in their order, lines to take, approved statements."""
    before = crises.plan(tx.conn, plan.brand_id)
    brands.brand(tx.conn, plan.brand_id)
    crises.save_plan(tx, plan)
    tx.undoable("crisis_plan", save_plan, plan=before)


def dismiss_alarm(tx: Transaction, *, alarm_id: int, on: bool = True) -> None:
    """Put an alarm away; the same fire raises no other one while it goes on."""
    crises.dismiss_alarm(tx, alarm_id, on=on)
    tx.undoable("dismiss_alarm", dismiss_alarm, alarm_id=alarm_id, on=not on)


# Inside


def _released(tx: Transaction, found: Crisis, row: Any) -> None:
    _settle(tx, found, row, Decision.RELEASED)
    if crisis_hold.holds(tx.conn, row):
        return  # another crisis keeps it
    state = State(row["state"])
    if state is State.HANDED_OFF:
        crises.leave_there(tx, row)
    elif state in (State.HELD_LATE, State.HELD_CLOCK, State.HELD_RESTORED):
        outbox.release(tx, [row["id"]])
    elif state in _AT_HOME:
        crises.let_go(tx, row)


def _moved(tx: Transaction, found: Crisis, row: Any, wall: str, zone: str, fold: int) -> int:
    if found.over_at is None:
        raise Conflict("the crisis still lasts", code="crisis_active", detail=str(found.id))
    if row["state"] not in _AT_HOME or row["first_attempt_at"] is not None:
        raise Conflict("it may be at the network already", code="held_elsewhere", detail=str(row["id"]))
    due_at = to_utc(wall, zone, fold=fold)
    if due_at < tx.now - PAST_TOLERANCE:
        raise Invalid(f"{wall} has passed", code="time_past", detail=wall)
    _settle(tx, found, row, Decision.MOVED)
    move(tx, row, State.CANCELLED, code="replaced")
    new = crisis_hold.successor(tx, row, due_at=due_at, wall=wall, zone=zone, fold=fold)
    crisis_hold.follow(tx, row["id"], new["id"])
    crisis_hold.hold(tx, new)
    if crisis_hold.holds(tx.conn, new):
        move(tx, new, State.QUEUED, code=CODE)
    _retarget(tx, row, Target(row["account_id"], wall, zone, fold, bool(row["hand_off"])))
    return int(new["id"])


def _dropped(tx: Transaction, found: Crisis, row: Any) -> None:
    _settle(tx, found, row, Decision.DROPPED)
    if outbox.cancel(tx, row["id"]) is State.CANCELLED:
        _retarget(tx, row, Target(row["account_id"]))


def _retarget(tx: Transaction, row: Any, target: Target) -> None:
    """Show in the post, too, what was decided about one of its accounts."""
    post = planning.post(tx.conn, row["post_id"])
    planning.set_targets(
        tx, post.id, [target if each.account_id == target.account_id else each for each in post.targets]
    )


def _settle(tx: Transaction, found: Crisis, row: Any, decision: Decision) -> None:
    crisis_hold.settle(tx, found.id, row["id"], decision)
    crises.log(tx, found.id, Entry(decision), crisis_hold.about(row))


def _unclosed(tx: Transaction, crisis_id: int) -> Crisis:
    found = crises.crisis(tx.conn, crisis_id)
    if found.closed_at is not None:
        raise Conflict("this crisis is closed", code="crisis_closed", detail=str(crisis_id))
    return found


def _line(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_ENTRY:
        raise Invalid("this is too long", code="too_long", detail=str(len(words) - LONGEST_ENTRY))
    return words
