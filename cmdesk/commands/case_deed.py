"""What every decision about a case shares: rows that remember how they were, grey lines, one undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from cmdesk.care.hours import NeverOpens, add_working_days
from cmdesk.care.values import Case, CaseState, ServiceLevel
from cmdesk.clock import to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import ConversationState
from cmdesk.store import cases, hours, inbox, journal
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean
from cmdesk.store.journal import Journal, Was
from cmdesk.store.rows import dump

LONGEST = 20_000


class Deed(Journal):
    """One decision on its way: what it changes, what it leaves as grey lines, how it is taken back."""

    def case(self, case_id: int, *, closed: bool = False) -> Case:
        """Return the case; raises Conflict (`case_closed`) for one that is over, unless `closed` may be."""
        found = cases.case(self.tx.conn, case_id)
        if found.state is CaseState.CLOSED and not closed:
            raise Conflict("the case is closed", code="case_closed", detail=str(found.number))
        return found

    def note(
        self, kind: str, *, brand_id: int, case: Case | None = None, conversation_id: int | None = None,
        contact_id: int | None = None, text: str = "", at: datetime | None = None,
        detail: Mapping[str, object] = MappingProxyType({}),
    ) -> int:  # fmt: skip
        """Leave a grey line in the conversation, or under the case alone; returns its id."""
        about = {name: str(value) for name, value in detail.items() if value not in (None, "")}
        if case is not None:
            about |= {"case": str(case.id), "number": str(case.number)}
            conversation_id = conversation_id or case.conversation_id
            contact_id = contact_id or case.contact_id
        return self.add(
            "activity",
            brand_id=brand_id,
            conversation_id=conversation_id,
            contact_id=contact_id,
            kind=kind,
            text=text,
            detail=dump(about),
            at=to_ms(at or self.tx.now),
        )

    def note_case(self, case: Case, kind: str, /, *, text: str = "", **detail: object) -> int:
        """Leave a grey line about a case."""
        return self.note(kind, brand_id=case.brand_id, case=case, text=text, detail=detail)

    def put_state(self, conversation_id: int | None, state: ConversationState, *, waiting_for: str = "") -> None:
        """Put the conversation of a case into a state, with the line that says so; None: there is none."""
        if conversation_id is None:
            return
        found = inbox.conversation(self.tx.conn, conversation_id)
        if (found.state, found.waiting_for) == (state, waiting_for):
            return
        self.put(
            "conversation", conversation_id, state=state.value, waiting_for=waiting_for, ignore_reason="",
            snooze_until=None, state_at=self.tx.now_ms,
        )  # fmt: skip
        self.note(
            "state", brand_id=found.brand_id, conversation_id=conversation_id, contact_id=found.contact_id,
            text=state.value, detail={"from": found.state.value, "waiting_for": waiting_for, "by": "case"},
        )  # fmt: skip

    def finish(self, name: str, *, detail: str = "") -> None:
        """Bring the summaries up to date and name the undo; a decision that changed nothing has none."""
        was = self.was
        if was:
            _sum_up(self.tx, journal.conversations_of(self.tx, was), was)
            self.tx.undoable(name, restore, was=was, detail=detail)


def restore(tx: Transaction, *, was: Sequence[Was]) -> None:
    """Take a decision back, or do it again; raises Conflict (`in_use`, `row_gone`) when more hangs on it by now."""
    touched = journal.conversations_of(tx, was)
    now = journal.restore(tx, was)
    _sum_up(tx, touched | journal.conversations_of(tx, now), now)
    tx.undoable("restore_care", restore, was=now)


def _sum_up(tx: Transaction, conversation_ids: set[int], was: Sequence[Was]) -> None:
    """Bring what rows of the inbox say up to date: cases, promises, urgency, and deadlines where a state changed."""
    cases.refresh_care(tx, conversation_ids)
    inbox.refresh_conversations(tx, conversation_ids)
    hours.refresh_due(tx, {each.id for each in was if each.table == "conversation"})


def words(text: str, code: str) -> str:
    """Return what a person wrote, fit to be stored; raises Invalid (`code` when empty, `too_long`)."""
    found = clean(text).strip()
    if not found:
        raise Invalid("there is nothing written", code=code, detail=code)
    if len(found) > LONGEST:
        raise Invalid("the text is too long", code="too_long", detail=str(len(found) - LONGEST))
    return found


def to_come(tx: Transaction, at: datetime, code: str) -> int:
    """Return a time as it is stored; raises Invalid (`code`) for one that has passed or has no zone."""
    if at.tzinfo is None or at <= tx.now:
        raise Invalid("a time that is still to come is needed", code=code, detail=code)
    return to_ms(at)


def same_brand(found: int | None, brand_id: int, detail: object) -> None:
    """Raise Invalid (`wrong_brand`) for what belongs to another client."""
    if found is not None and found != brand_id:
        raise Invalid("this belongs to another brand", code="wrong_brand", detail=str(detail))


def working_days_later(tx: Transaction, days: int, *, brand_id: int, conversation_id: int | None) -> datetime:
    """Return the moment `days` working days from now, in the brand's service time (Q16)."""
    if conversation_id is None:
        level = hours.level(tx.conn, brand_id)
    else:
        level = hours.level_of_conversation(tx.conn, conversation_id)
    try:
        return add_working_days(level, tx.now, days)
    except NeverOpens:
        # Hours that never open again cannot carry a date; the calendar of the zone can.
        try:
            return add_working_days(ServiceLevel(brand_id, level.zone), tx.now, days)
        except NeverOpens:
            return tx.now + timedelta(days=days)


def stored_columns(columns: dict[str, Any]) -> dict[str, Any]:
    """Return fields as their columns hold them."""
    return {name: dump(each) if isinstance(each, dict) else cases.stored(each) for name, each in columns.items()}
