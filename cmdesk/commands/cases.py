"""Decisions about cases: opening, judging, ticking, solving, following up, closing; each with an exact undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cmdesk.care.protocol import blockers, usual_protocol
from cmdesk.care.values import Case, CaseState, Decision, Outcome, PublicClose
from cmdesk.commands.case_deed import LONGEST, Deed, restore, same_brand, stored_columns, words, working_days_later
from cmdesk.commands.compensations import compensate, remove_compensation
from cmdesk.commands.merging import merge, unmerge
from cmdesk.commands.privately import close_in_public, go_private, undo_private, undo_public
from cmdesk.commands.promises import interim, keep_promise, move_promise, promise, undo_interim, withdraw_promise
from cmdesk.commands.referrals import answer_referral, refer, remind
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import ConversationState, Waiting
from cmdesk.safe_text import clean_line
from cmdesk.store import cases, hours, inbox
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean
from cmdesk.store.rows import dump

__all__ = [
    "answer_referral",
    "close_case",
    "close_in_public",
    "compensate",
    "follow_up",
    "go_private",
    "interim",
    "keep_promise",
    "log_call",
    "merge",
    "move_promise",
    "open_case",
    "promise",
    "refer",
    "remind",
    "remove_compensation",
    "reopen_case",
    "restore",
    "set_case",
    "set_public_close",
    "solve_case",
    "tick",
    "undo_interim",
    "undo_private",
    "undo_public",
    "unmerge",
    "withdraw_promise",
]

FOLLOW_UP_DAYS = 3  # working days after solving (Q16)
_TITLE = 200
_CAUSE = 120


def open_case(
    tx: Transaction,
    *,
    conversation_id: int | None,
    brand_id: int | None = None,
    contact_id: int | None = None,
    title: str = "",
    cause: str = "",
    protocol: str = "",
    anticipated: bool = False,
) -> int:
    """Make a case of a conversation, or of a call (`brand_id`, perhaps `contact_id`), and return its id.

    The case a conversation has already is returned as it is. Open promises of the conversation become the case's.
    Raises Invalid (`conversation_unknown`, `brand_needed`, `wrong_brand`, `protocol_unknown`).
    """
    deed = Deed(tx)
    intent = sentiment = ""
    urgency = 0
    if conversation_id is not None:
        talk = inbox.conversation(tx.conn, conversation_id)
        conversation_id = talk.merged_into or talk.id
        known = cases.case_of(tx.conn, conversation_id)
        if known is not None:
            return known
        same_brand(talk.brand_id, brand_id or talk.brand_id, conversation_id)
        brand_id, contact_id = talk.brand_id, contact_id or talk.contact_id
        intent, sentiment, urgency = talk.intent, "" if talk.unsure else talk.sentiment, talk.urgency
        title = title or clean_line(talk.preview, limit=80)
    if brand_id is None:
        raise Invalid("a case belongs to a brand", code="brand_needed", detail="brand_id")
    if contact_id is not None:
        same_brand(cases.brand_of(tx.conn, "contact", contact_id), brand_id, contact_id)
    protocols = cases.protocols(tx.conn, brand_id)
    if protocol and protocol not in {each.key for each in protocols}:
        raise Invalid(f"there is no protocol {protocol!r}", code="protocol_unknown", detail=protocol)
    earlier = len(cases.earlier_cases(tx.conn, contact_id)) if contact_id is not None else 0
    number = cases.next_number(tx.conn, brand_id)
    case_id = deed.add(
        "care_case",
        brand_id=brand_id,
        number=number,
        conversation_id=conversation_id,
        contact_id=contact_id,
        title=_line(title, _TITLE),
        cause=_line(cause, _CAUSE),
        protocol=protocol
        or usual_protocol(protocols, intent=intent, sentiment=sentiment, urgency=urgency, earlier=earlier),
        info=dump({each.key: "" for each in cases.information(tx.conn, brand_id)}),
        anticipated=int(anticipated),
        opened_at=tx.now_ms,
        solve_due_at=cases.stored(hours.solve_due(tx.conn, tx.now, conversation_id=conversation_id, brand_id=brand_id)),
    )
    if conversation_id is not None:
        for promise_id in cases.loose_promises(tx.conn, conversation_id):
            deed.put("promise", promise_id, case_id=case_id)
    opened = cases.case(tx.conn, case_id)
    deed.note_case(opened, "case_opened", text=opened.title, anticipated="1" if anticipated else "")
    deed.finish("open_case", detail=str(number))
    return case_id


def set_case(tx: Transaction, *, case_id: int, **fields: Any) -> None:
    """Change named fields: title, cause, valid, solvable, protocol, info, decision, solution, satisfaction, outcome,
    follow_up_at, contact_id. `info` adds to what is there. Raises Invalid with the field's code.
    """
    deed = Deed(tx)
    found = deed.case(case_id, closed=True)
    columns = {name: _checked(tx, found, name, value) for name, value in fields.items()}
    if "follow_up_at" in columns:
        columns["noticed_at"] = None
    if deed.put("care_case", case_id, **stored_columns(columns)):
        changed = [name for name in fields if name in ("cause", "valid", "solvable", "protocol", "decision", "outcome")]
        for name in changed:
            deed.note_case(found, "case_changed", text=str(columns[name]), field=name)
    deed.finish("set_case", detail=str(found.number))


def tick(tx: Transaction, *, case_id: int, step: str, on: bool = True) -> None:
    """Tick a step of the protocol, or take the tick off; raises Invalid (`step_unknown`)."""
    deed = Deed(tx)
    found = deed.case(case_id)
    known = {each.key for protocol in cases.protocols(tx.conn, found.brand_id) for each in protocol.steps}
    if step not in known | set(found.steps):
        raise Invalid(f"there is no step {step!r}", code="step_unknown", detail=step)
    if on is not (step in found.steps):
        steps = {key: cases.stored(at) for key, at in found.steps.items() if key != step}
        deed.put("care_case", case_id, steps=dump({**steps, step: tx.now_ms} if on else steps))
        deed.note_case(found, "case_step", step=step, on="1" if on else "0")
    deed.finish("tick" if on else "untick", detail=step)


def solve_case(tx: Transaction, *, case_id: int, solution: str, follow_up_at: datetime | None = None) -> None:
    """Write down the solution; the case waits for its follow-up, three working days on unless told otherwise (Q16).

    What began in public and went private asks for its closing public comment (N25). Raises Invalid
    (`solution_missing`, `too_long`, `follow_up_past`).
    """
    deed = Deed(tx)
    found = deed.case(case_id)
    text = words(solution or found.solution, "solution_missing")
    if follow_up_at is None:
        follow_up_at = working_days_later(
            tx, FOLLOW_UP_DAYS, brand_id=found.brand_id, conversation_id=found.conversation_id
        )
    elif follow_up_at.tzinfo is None or follow_up_at <= tx.now:
        raise Invalid("follow up at a time to come", code="follow_up_past", detail="follow_up_at")
    wanted = found.private_at is not None and found.public_close is PublicClose.NONE and _began_in_public(tx, found)
    deed.put(
        "care_case",
        case_id,
        state=CaseState.SOLVED.value,
        solution=text,
        solved_at=tx.now_ms,
        follow_up_at=cases.stored(follow_up_at),
        followed_up_at=None,
        noticed_at=None,
        public_close=PublicClose.WANTED.value if wanted else found.public_close.value,
    )
    deed.note_case(found, "case_solved", text=text, follow_up=cases.stored(follow_up_at))
    deed.put_state(found.conversation_id, ConversationState.SOLVED)
    deed.finish("solve_case", detail=str(found.number))


def follow_up(tx: Transaction, *, case_id: int, satisfaction: int | None = None, note: str = "") -> None:
    """Note that the person was asked how it is going, with what they said (Q16); the conversation is solved again.

    Raises Conflict (`not_solved`) before there is a solution, Invalid (`satisfaction`).
    """
    deed = Deed(tx)
    found = deed.case(case_id)
    if found.state is not CaseState.SOLVED:
        raise Conflict("there is no solution to follow up yet", code="not_solved", detail=str(found.number))
    columns: dict[str, Any] = {"followed_up_at": tx.now_ms}
    if satisfaction is not None:
        columns["satisfaction"] = _checked(tx, found, "satisfaction", satisfaction)
    deed.put("care_case", case_id, **columns)
    deed.note_case(found, "followed_up", text=clean(note).strip()[:LONGEST], satisfaction=satisfaction)
    deed.put_state(found.conversation_id, ConversationState.SOLVED)
    deed.finish("follow_up", detail=str(found.number))


def close_case(tx: Transaction, *, case_id: int, outcome: str) -> None:
    """Close a case with how it ended (Q4, Q5, Q19, Q20); an advocate is marked as one.

    Raises Conflict (`promise_open`, `referral_open`, `not_solved`) and Invalid (`outcome_missing`).
    """
    deed = Deed(tx)
    found = deed.case(case_id)
    end = _checked(tx, found, "outcome", outcome or found.outcome)
    for code in blockers(cases.case_file(tx.conn, case_id), outcome=end):
        raise (Invalid if code == "outcome_missing" else Conflict)(
            "the case cannot be closed yet", code=code, detail=str(found.number)
        )
    deed.put("care_case", case_id, state=CaseState.CLOSED.value, outcome=end, closed_at=tx.now_ms)
    if end == Outcome.ADVOCATE and found.contact_id is not None:
        deed.put("contact", found.contact_id, advocate=1)
    deed.note_case(found, "case_closed", outcome=end)
    deed.put_state(found.conversation_id, ConversationState.SOLVED)
    deed.finish("close_case", detail=str(found.number))


def reopen_case(tx: Transaction, *, case_id: int) -> None:
    """Take a solved or closed case up again; raises Conflict (`case_exists`) when its conversation has another."""
    deed = Deed(tx)
    found = deed.case(case_id, closed=True)
    if found.conversation_id is not None:
        other = cases.case_of(tx.conn, found.conversation_id)
        if other not in (None, case_id):
            raise Conflict("the conversation has another case", code="case_exists", detail=str(other))
    waits = any(each.answered_at is None for each in cases.case_file(tx.conn, case_id).referrals)
    state = CaseState.CLIENT if waits else CaseState.OPEN
    if found.state is not state:
        deed.put(
            "care_case", case_id, state=state.value, outcome="", solved_at=None, follow_up_at=None,
            followed_up_at=None, closed_at=None, noticed_at=None,
        )  # fmt: skip
        deed.note_case(found, "case_reopened")
        if waits:
            deed.put_state(found.conversation_id, ConversationState.WAITING, waiting_for=Waiting.CLIENT.value)
        else:
            deed.put_state(found.conversation_id, ConversationState.OPEN)
    deed.finish("reopen_case", detail=str(found.number))


def set_public_close(tx: Transaction, *, case_id: int, value: str) -> None:
    """Say whether the closing public comment is wanted, done or not needed (N25); raises Invalid (`public_close`)."""
    deed = Deed(tx)
    found = deed.case(case_id, closed=True)
    if value not in set(PublicClose):
        raise Invalid(f"{value!r} says nothing about a public comment", code="public_close", detail="value")
    if deed.put("care_case", case_id, public_close=str(value)):
        deed.note_case(found, "public_close", value=value)
    deed.finish("set_public_close", detail=str(found.number))


def log_call(
    tx: Transaction,
    *,
    brand_id: int,
    contact_id: int | None = None,
    conversation_id: int | None = None,
    case_id: int | None = None,
    text: str,
    at: datetime,
    direction: str = "in",
) -> int:
    """Write a phone call into the history of a conversation, a case or a person (R8); returns the line's id.

    Raises Invalid (`call_empty`, `call_direction`, `call_time` for a time to come, `wrong_brand`).
    """
    deed = Deed(tx)
    said = words(text, "call_empty")
    if direction not in ("in", "out"):
        raise Invalid(f"{direction!r} is no direction of a call", code="call_direction", detail="direction")
    if at.tzinfo is None or at > tx.now:
        raise Invalid("a call has been before it is written down", code="call_time", detail="at")
    found = None if case_id is None else deed.case(case_id, closed=True)
    if found is not None:
        same_brand(found.brand_id, brand_id, case_id)
        conversation_id, contact_id = conversation_id or found.conversation_id, contact_id or found.contact_id
    if conversation_id is not None:
        talk = inbox.conversation(tx.conn, conversation_id)
        same_brand(talk.brand_id, brand_id, conversation_id)
        contact_id = contact_id or talk.contact_id
        if found is None and talk.case_id is not None:
            found = cases.case(tx.conn, talk.case_id)
    if contact_id is not None:
        same_brand(cases.brand_of(tx.conn, "contact", contact_id), brand_id, contact_id)
    line = deed.note(
        "call", brand_id=brand_id, case=found, conversation_id=conversation_id, contact_id=contact_id, text=said,
        at=at, detail={"direction": direction, "contact": contact_id},
    )  # fmt: skip
    deed.finish("log_call")
    return line


# Fields


def _checked(tx: Transaction, found: Case, name: str, value: Any) -> Any:
    """Return a field's new value as it is stored; raises Invalid with the field's code."""
    match name:
        case "title":
            return _line(str(value), _TITLE)
        case "cause":
            return _line(str(value), _CAUSE)
        case "valid" | "solvable" if value is None or isinstance(value, bool):
            return value
        case "protocol" if value in {each.key for each in cases.protocols(tx.conn, found.brand_id)}:
            return value
        case "info" if isinstance(value, Mapping):
            return {**found.info, **{str(key): clean(str(text)).strip()[:LONGEST] for key, text in value.items()}}
        case "decision" if value in {"", *Decision}:
            return str(value)
        case "solution":
            return clean(str(value)).strip()[:LONGEST]
        case "satisfaction" if value is None or (isinstance(value, int) and 1 <= value <= 5):
            return value
        case "outcome" if value in {"", *Outcome}:
            return str(value)
        case "follow_up_at" if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        case "contact_id":
            if value is not None:
                same_brand(cases.brand_of(tx.conn, "contact", value) or 0, found.brand_id, value)
            return value
    codes = {"protocol": "protocol_unknown", "satisfaction": "satisfaction", "outcome": "outcome_unknown"}
    detail = str(value) if name in codes else name
    raise Invalid(f"this is no {name}: {value!r}", code=codes.get(name, "case_field"), detail=detail)


def _line(text: str, limit: int) -> str:
    return clean_line(clean(text), limit=limit)


def _began_in_public(tx: Transaction, found: Case) -> bool:
    if found.conversation_id is None:
        return False
    return inbox.conversation(tx.conn, found.conversation_id).kind != "direct"
