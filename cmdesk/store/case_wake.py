"""What time brings back to the inbox: snoozed conversations, promises due, clients to remind, follow-ups."""

from __future__ import annotations

from cmdesk.clock import to_ms
from cmdesk.store import cases
from cmdesk.store.cases import DueThing
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.inbox import note_activity, refresh_conversations, wake_snoozed
from cmdesk.store.merging import shown_as
from cmdesk.store.rows import scalar

_LINE = {"promise": "promise_due", "referral": "referral_due", "follow_up": "follow_up_due"}
_NOTICED = {
    "promise": "UPDATE promise SET noticed_at = ? WHERE id = ?",
    "referral": "UPDATE referral SET noticed_at = ? WHERE id = ?",
    "follow_up": "UPDATE care_case SET noticed_at = ? WHERE id = ?",
}


def wake(tx: Transaction) -> list[int]:
    """Open the conversations whose time has come, each thing once, and return their ids.

    Noting that it came up and opening are one transaction: after a crash it comes up again or has come up, never both.
    """
    woken = dict.fromkeys(wake_snoozed(tx))
    for each in cases.due_now(tx.conn, tx.now):
        tx.conn.execute(_NOTICED[each.kind], (tx.now_ms, each.id))
        tx.touch(Topic.CASE, each.brand_id, *(() if each.case_id is None else (each.case_id,)))
        if each.conversation_id is not None:
            home = shown_as(tx.conn, each.conversation_id)
            _open(tx, home, each)
            woken[home] = None
    refresh_conversations(tx, woken)
    return list(woken)


def _open(tx: Transaction, conversation_id: int, due: DueThing) -> None:
    state = scalar(tx.conn, "SELECT state FROM conversation WHERE id = ?", (conversation_id,))
    tx.conn.execute(
        "UPDATE conversation SET state = 'open', waiting_for = '', ignore_reason = '', snooze_until = NULL,"
        " state_at = CASE WHEN state = 'open' THEN state_at ELSE ?2 END WHERE id = ?1",
        (conversation_id, tx.now_ms),
    )
    if state != "open":
        note_activity(tx, conversation_id, "state", text="open", detail={"from": state, "by": "time"})
    about = {"due": str(to_ms(due.at))}
    if due.kind != "follow_up":
        about[due.kind] = str(due.id)
    if due.case_id is not None:
        found = cases.case(tx.conn, due.case_id)
        about |= {"case": str(found.id), "number": str(found.number)}
    if due.kind == "referral":
        about["who"] = cases.referral(tx.conn, due.id).who
    note_activity(tx, conversation_id, _LINE[due.kind], text=due.text, detail=about)
