"""Decisions about referrals: asking the client, who has no account here, without losing track (Q13, N7)."""

from __future__ import annotations

from datetime import datetime

from cmdesk.care.values import CaseState, Referral
from cmdesk.commands.case_deed import Deed, to_come, words, working_days_later
from cmdesk.errors import Conflict
from cmdesk.model import ConversationState, Waiting
from cmdesk.store import cases
from cmdesk.store.db import Transaction


def refer(
    tx: Transaction,
    *,
    case_id: int,
    who: str,
    asked: str,
    due_at: datetime | None = None,
    remind_at: datetime | None = None,
) -> int:
    """Ask the client and return the referral's id; the case and its conversation wait for the client.

    Without `remind_at` it comes up again when the answer is due, without that after one working day. Raises Invalid
    (`refer_who`, `refer_what`, `refer_past`), Conflict (`case_closed`).
    """
    deed = Deed(tx)
    found = deed.case(case_id)
    name, question = words(who, "refer_who"), words(asked, "refer_what")
    due = None if due_at is None else to_come(tx, due_at, "refer_past")
    if remind_at is not None:
        remind = to_come(tx, remind_at, "refer_past")
    else:
        remind = due or cases.stored(
            working_days_later(tx, 1, brand_id=found.brand_id, conversation_id=found.conversation_id)
        )
    referral_id = deed.add(
        "referral", brand_id=found.brand_id, case_id=case_id, who=name, asked=question, due_at=due, sent_at=tx.now_ms,
        remind_at=remind,
    )  # fmt: skip
    deed.put("care_case", case_id, state=CaseState.CLIENT.value)
    deed.note_case(found, "referred", text=question, referral=referral_id, who=name, due=due)
    deed.put_state(found.conversation_id, ConversationState.WAITING, waiting_for=Waiting.CLIENT.value)
    deed.finish("refer", detail=name)
    return referral_id


def remind(tx: Transaction, *, referral_id: int, remind_at: datetime | None = None) -> None:
    """Note that the client was reminded; it comes up again at `remind_at`, or after one working day."""
    deed = Deed(tx)
    found = _waiting(tx, referral_id)
    home = deed.case(found.case_id)
    if remind_at is not None:
        again = to_come(tx, remind_at, "refer_past")
    else:
        again = cases.stored(working_days_later(tx, 1, brand_id=home.brand_id, conversation_id=home.conversation_id))
    deed.put("referral", referral_id, reminded=found.reminded + 1, remind_at=again, noticed_at=None)
    deed.note_case(home, "reminded", referral=referral_id, who=found.who, times=found.reminded + 1)
    deed.put_state(home.conversation_id, ConversationState.WAITING, waiting_for=Waiting.CLIENT.value)
    deed.finish("remind", detail=found.who)


def answer_referral(tx: Transaction, *, referral_id: int, answer: str) -> None:
    """Paste the client's answer: the conversation wakes, and the case goes on when nothing else waits.

    Raises Invalid (`answer_empty`), Conflict (`referral_over`).
    """
    deed = Deed(tx)
    found = _waiting(tx, referral_id)
    home = deed.case(found.case_id)
    said = words(answer, "answer_empty")
    deed.put("referral", referral_id, answer=said, answered_at=tx.now_ms)
    others = [each for each in cases.case_file(tx.conn, home.id).referrals if each.answered_at is None]
    if not others and home.state is CaseState.CLIENT:
        deed.put("care_case", home.id, state=CaseState.OPEN.value)
    deed.note_case(home, "client_answered", text=said, referral=referral_id, who=found.who)
    deed.put_state(home.conversation_id, ConversationState.OPEN)
    deed.finish("answer_referral", detail=found.who)


def _waiting(tx: Transaction, referral_id: int) -> Referral:
    found = cases.referral(tx.conn, referral_id)
    if found.answered_at is not None:
        raise Conflict("the client has answered", code="referral_over", detail=str(referral_id))
    return found
