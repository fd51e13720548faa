"""Decisions about the client's approval: asking, noting the answer, taking the question back, publishing without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmdesk.commands.case_deed import to_come, words
from cmdesk.commands.planning import replan, sealed_of
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, DeliveryState, Post
from cmdesk.planning.approving import LATE, Item, State, answered
from cmdesk.planning.content import content_of, fingerprint
from cmdesk.planning.status import current
from cmdesk.store import approval as approvals, approval_hold, journal, outbox, planning
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean
from cmdesk.store.journal import Journal, Was
from cmdesk.store.outbox_state import move, row_of
from cmdesk.store.rows import dump, scalar

MOST_POSTS = 60
"""On one sheet: nobody reads more."""

_DECISIONS = frozenset({State.APPROVED, State.CHANGE})
_WAITING = frozenset(
    {
        DeliveryState.QUEUED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.BACKOFF,
        DeliveryState.BLOCKED_AUTH, DeliveryState.HELD_LATE, DeliveryState.HELD_CLOCK,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What the client said about one number of a sheet."""

    number: int
    decision: State
    comment: str = ""


def ask(
    tx: Transaction,
    *,
    post_ids: Sequence[int],
    expires_at: datetime | None = None,
    title: str = "",
    message: str = "",
    sent_to: str = "",
    language: str = "",
) -> int:
    """Make a numbered sheet of these posts, in this order, and return its id; from now on they wait for the answer.

    An earlier question about one of them that nobody answered is withdrawn. What is scheduled of an earlier version
    is sealed anew, so that what is shown is what goes out. Raises Invalid (`approval_empty`, `approval_brands`,
    `approval_many`, `approval_past`), Conflict (`already_out`, `approval_handed_off`, `post_sending`).
    """
    wanted = list(dict.fromkeys(post_ids))
    if not wanted:
        raise Invalid("no post was chosen", code="approval_empty")
    if len(wanted) > MOST_POSTS:
        raise Invalid("too many posts for one sheet", code="approval_many", detail=str(MOST_POSTS))
    posts = [_askable(tx, each) for each in wanted]
    brand_ids = {each.brand_id for each in posts}
    if len(brand_ids) > 1:
        raise Invalid("a sheet is for one client", code="approval_brands")
    brand_id = brand_ids.pop()
    expires = None if expires_at is None else to_come(tx, expires_at, "approval_past")
    for each in posts:
        _seal_present(tx, each)
    book = Journal(tx)
    touched = _withdraw_unanswered(tx, book, wanted)
    number = 1 + (scalar(tx.conn, "SELECT max(number) FROM approval_sheet WHERE brand_id = ?", (brand_id,)) or 0)
    sheet_id = book.add(
        "approval_sheet", brand_id=brand_id, number=number, title=clean(title).strip()[:200],
        sent_to=clean(sent_to).strip()[:200], message=clean(message).strip()[:4000], asked_at=tx.now_ms,
        expires_at=expires, language=language,
    )  # fmt: skip
    for place, each in enumerate(posts, 1):
        book.add(
            "approval", brand_id=brand_id, sheet_id=sheet_id, post_id=each.id, position=place,
            fingerprint=fingerprint(each), state=State.ASKED.value, shown=dump(content_of(each)),
        )  # fmt: skip
    _finish(tx, book, "ask_approval", wanted, touched, detail=str(number))
    return sheet_id


def ask_again(
    tx: Transaction, *, sheet_id: int, expires_at: datetime | None = None, title: str = "", message: str = ""
) -> int:
    """Ask once more for what of a sheet was to be changed, was edited or never answered; raises as `ask`.

    A new sheet, for the same reader and in the same language: it shows what differs from the words shown before.
    """
    found = approvals.sheet(tx.conn, sheet_id)
    wanted = [each.post_id for each in found.items if each.wants]
    return ask(
        tx, post_ids=wanted, expires_at=expires_at, title=title or found.title, message=message,
        sent_to=found.sent_to, language=found.language,
    )  # fmt: skip


def record(tx: Transaction, *, sheet_id: int, answers: Sequence[Said], by: str = "") -> int:
    """Note the client's answer, number by number, and return how many it decided.

    A post that a network already holds is taken back from it when the client wants it changed. Raises Invalid
    (`approval_number`, `approval_answer`), Conflict (`approval_withdrawn`).
    """
    if not answers:
        raise Invalid("no answer was given", code="approval_answer")
    found = approvals.sheet(tx.conn, sheet_id)
    by_number = {each.number: each for each in found.items}
    book = Journal(tx)
    posts: list[int] = []
    for said in answers:
        item = by_number.get(said.number)
        if item is None:
            raise Invalid(f"the sheet has no number {said.number}", code="approval_number", detail=str(said.number))
        if said.decision not in _DECISIONS:
            raise Invalid(f"{said.decision} is no answer", code="approval_answer", detail=str(said.decision))
        if item.state is State.WITHDRAWN:
            raise Conflict("this is no longer asked", code="approval_withdrawn", detail=str(said.number))
        state, was = answered(item.state, item.was, said.decision)
        book.put(
            "approval", item.id, state=state.value, was=was, answer=clean(said.comment).strip()[:4000],
            answered_by=clean(by).strip()[:200], answered_at=tx.now_ms,
        )  # fmt: skip
        posts.append(item.post_id)
    _finish(tx, book, "record_approval", posts, {sheet_id}, detail=str(found.number))
    for said in answers:
        _settle(tx, by_number[said.number].post_id, said.decision)
    return len(answers)


def answer_one(tx: Transaction, *, item_id: int, decision: State, comment: str = "", by: str = "") -> None:
    """Note what the client said about one post; raises as `record`."""
    item = _item(tx, item_id)
    if item.sheet_id is None:
        raise Conflict("this was never asked", code="approval_withdrawn", detail=str(item.post_id))
    record(tx, sheet_id=item.sheet_id, answers=[Said(item.number, State(decision), comment)], by=by)


def withdraw(tx: Transaction, *, sheet_id: int, item_ids: Iterable[int] | None = None) -> int:
    """Take a question back, of the whole sheet or of some posts; returns how many are no longer asked.

    What the client has answered stays. Where the brand publishes nothing without a yes the posts still wait.
    """
    found = approvals.sheet(tx.conn, sheet_id)
    wanted = None if item_ids is None else set(item_ids)
    chosen = [each for each in found.items if (wanted is None or each.id in wanted) and _may_withdraw(each, wanted)]
    if not chosen:
        raise Conflict("there is nothing to take back", code="approval_answered", detail=str(found.number))
    book = Journal(tx)
    for each in chosen:
        book.put("approval", each.id, state=State.WITHDRAWN.value, was=each.state.value)
    _finish(tx, book, "withdraw_approval", [each.post_id for each in chosen], {sheet_id}, detail=str(found.number))
    return len(chosen)


def waive(tx: Transaction, *, post_ids: Sequence[int], reason: str) -> int:
    """Publish these posts without the client's yes, exactly as they are now, and keep why; returns how many.

    Logged as activity. Editing such a post asks again. Raises Invalid (`approval_reason`, `approval_empty`).
    """
    why = words(reason, "approval_reason")
    wanted = list(dict.fromkeys(post_ids))
    if not wanted:
        raise Invalid("no post was chosen", code="approval_empty")
    book = Journal(tx)
    for post_id in wanted:
        post = _askable(tx, post_id)
        _seal_present(tx, post)
        present = fingerprint(post)
        item = approvals.standing(tx.conn, post_id).item
        if item is not None and item.state is State.APPROVED:
            continue
        if item is not None and item.fingerprint == present:
            book.put(
                "approval", item.id, state=State.WAIVED.value, was="", answer=why, answered_by="",
                answered_at=tx.now_ms,
            )  # fmt: skip
        else:
            book.add(
                "approval", brand_id=post.brand_id, sheet_id=None, post_id=post_id, position=0, fingerprint=present,
                state=State.WAIVED.value, shown=dump(content_of(post)), answer=why, answered_at=tx.now_ms,
            )  # fmt: skip
        book.add(
            "activity", brand_id=post.brand_id, conversation_id=None, post_id=post_id, kind="approval_waived", text=why,
            detail="{}", at=tx.now_ms,
        )  # fmt: skip
    sheet_ids = {
        each.sheet_id for post_id in wanted for each in approvals.of_post(tx.conn, post_id) if each.sheet_id is not None
    }
    _finish(tx, book, "waive_approval", wanted, sheet_ids)
    for post_id in wanted:
        _settle(tx, post_id, State.WAIVED)
    return len(wanted)


def remind(tx: Transaction, *, sheet_id: int, expires_at: datetime | None = None) -> None:
    """Note that the client was reminded; what had expired is asked again until `expires_at`, or without a date."""
    found = approvals.sheet(tx.conn, sheet_id)
    if not any(each.open for each in found.items):
        raise Conflict("the client has answered", code="approval_answered", detail=str(found.number))
    expires = None if expires_at is None else to_come(tx, expires_at, "approval_past")
    book = Journal(tx)
    posts = []
    for each in found.items:
        if each.state is State.EXPIRED:
            book.put("approval", each.id, state=State.ASKED.value, told_at=None)
            posts.append(each.post_id)
        elif each.state is State.OUTDATED and each.was == State.EXPIRED:
            book.put("approval", each.id, was=State.ASKED.value, told_at=None)
    lasting = expires is None and found.expires_at is not None and found.expires_at > tx.now
    columns = {} if lasting else {"expires_at": expires}
    book.put("approval_sheet", sheet_id, reminded=found.reminded + 1, reminded_at=tx.now_ms, **columns)
    _finish(tx, book, "remind_approval", posts, {sheet_id}, detail=str(found.number))


def restore(tx: Transaction, *, was: Sequence[Was]) -> None:
    """Take a decision back, or do it again; the posts wait, or not, by what they say now."""
    before = _posts_of(tx, was)
    sheets = _sheets_of(tx, was)
    now = journal.restore(tx, was)
    for post_id in before | _posts_of(tx, now):
        approval_hold.follow(tx, post_id)
        _wake(tx, post_id)
    approvals.close_answered(tx, sheets | _sheets_of(tx, now))
    tx.undoable("restore_approval", restore, was=now)


# Inside


def _askable(tx: Transaction, post_id: int) -> Post:
    post = planning.post(tx.conn, post_id)
    if post.kind != "post":
        raise Invalid("only a post is shown to the client", code="approval_kind", detail=str(post_id))
    live = current(post.deliveries)
    if any(each.state in SENT for each in live):
        raise Conflict("the post is already out", code="already_out", detail=str(post_id))
    if any(each.state in (DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.REVIEW) for each in live):
        raise Conflict("the post is on its way", code="post_sending", detail=str(post_id))
    if any(each.state is DeliveryState.HANDED_OFF for each in live):
        raise Conflict("the network holds the post already", code="approval_handed_off", detail=str(post_id))
    return post


def _seal_present(tx: Transaction, post: Post) -> None:
    """What is scheduled must be what is shown: seal again what was sealed of an earlier version."""
    waiting = [each.id for each in post.deliveries if each.state in _WAITING]
    stale = scalar(
        tx.conn,
        "SELECT 1 FROM delivery WHERE fingerprint <> ? AND id IN (SELECT value FROM json_each(?)) LIMIT 1",
        (fingerprint(post), dump(waiting)),
    )
    if stale:
        undo = tx.undo
        replan(tx, post_id=post.id, targets=post.targets, sealed=sealed_of(post))
        tx.undo = undo


def _withdraw_unanswered(tx: Transaction, book: Journal, post_ids: Sequence[int]) -> set[int]:
    """A newer question takes the place of one that nobody answered."""
    touched: set[int] = set()
    for post_id in post_ids:
        for each in approvals.of_post(tx.conn, post_id):
            if each.open and each.sheet_id is not None:
                book.put("approval", each.id, state=State.WITHDRAWN.value, was=each.state.value)
                touched.add(each.sheet_id)
    return touched


def _may_withdraw(item: Item, wanted: set[int] | None) -> bool:
    if item.state is State.WITHDRAWN:
        return False
    return item.open or (wanted is not None and item.state in (State.CHANGE, State.OUTDATED))


def _item(tx: Transaction, item_id: int) -> Item:
    post_id = scalar(tx.conn, "SELECT post_id FROM approval WHERE id = ?", (item_id,))
    found = [] if post_id is None else [each for each in approvals.of_post(tx.conn, post_id) if each.id == item_id]
    if not found:
        raise Invalid(f"there is no question {item_id}", code="approval_unknown", detail=str(item_id))
    return found[0]


def _finish(
    tx: Transaction, book: Journal, name: str, post_ids: Iterable[int], sheet_ids: Iterable[int], *, detail: str = ""
) -> None:
    """Bring sheets and deliveries up to date, and name the undo."""
    was = book.was
    for post_id in dict.fromkeys(post_ids):
        approval_hold.follow(tx, post_id)
        _wake(tx, post_id)
    approvals.close_answered(tx, sheet_ids)
    if was:
        tx.undoable(name, restore, was=was, detail=detail)


def _wake(tx: Transaction, post_id: int) -> None:
    brand_id = scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,))
    if brand_id is not None:
        approval_hold.announce(tx, brand_id, post_id)


def _settle(tx: Transaction, post_id: int, decision: State) -> None:
    """What is scheduled follows: a yes that came late asks as late; what a network holds comes back when it changes."""
    for each in planning.post(tx.conn, post_id).deliveries:
        if each.state is DeliveryState.HELD_LATE and each.reason_code == LATE and decision is not State.CHANGE:
            if not approval_hold.waits(tx.conn, each.id):
                move(tx, row_of(tx.conn, each.id), DeliveryState.HELD_LATE, code="late")
        elif each.state is DeliveryState.HANDED_OFF and decision is State.CHANGE:
            outbox.cancel(tx, each.id)


def _posts_of(tx: Transaction, was: Sequence[Was]) -> set[int]:
    return {found for each in was if each.table == "approval" and (found := _column(tx, each, "post_id")) is not None}


def _sheets_of(tx: Transaction, was: Sequence[Was]) -> set[int]:
    found = {_column(tx, each, "sheet_id") for each in was if each.table == "approval"}
    return {each for each in found if each is not None}


def _column(tx: Transaction, was: Was, name: str) -> int | None:
    stored = (was.columns or {}).get(name)
    if stored is not None:
        return int(stored)
    sql = {
        "post_id": "SELECT post_id FROM approval WHERE id = ?",
        "sheet_id": "SELECT sheet_id FROM approval WHERE id = ?",
    }
    found: int | None = scalar(tx.conn, sql[name], (was.id,))
    return found
