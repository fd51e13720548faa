"""The inbox: what a person does with conversations, and its counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import ConversationState, Counters, IgnoreReason, Label, ReplyDraft, Waiting
from cmdesk.store.cases import next_due
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import (
    conversation,
    conversation_ids,
    conversation_page,
    conversations_by_id,
    refresh_conversations,
    refresh_outgoing,
)
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.merging import parts_of_any, wholes_of
from cmdesk.store.outbox_read import problem_count, problem_counts
from cmdesk.store.rows import dump, ids_json, load, moment, scalar, stamp
from cmdesk.store.threads import message, message_by_remote_id, parent_post, thread, thread_events

__all__ = [
    "StateBefore",
    "add_label",
    "add_note",
    "conversation",
    "conversation_ids",
    "conversation_page",
    "conversations_by_id",
    "counters",
    "counters_by_brand",
    "delete_label",
    "draft",
    "labels",
    "labels_of",
    "mark_read",
    "message",
    "message_by_remote_id",
    "next_wake",
    "note_activity",
    "parent_post",
    "refresh_conversations",
    "refresh_outgoing",
    "reply_draft",
    "restore_states",
    "save_draft",
    "set_labels",
    "set_priority",
    "set_state",
    "thread",
    "thread_events",
    "view_counts",
    "wake_snoozed",
]

_BRANDS_OF = "SELECT brand_id, id FROM conversation WHERE id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class StateBefore:
    """A conversation's state before a decision, enough to take it back."""

    id: int
    state: str
    waiting_for: str
    ignore_reason: str
    snooze_until: int | None
    state_at: int | None


# Counters


def counters(reader: Reader, brand_id: int | None = None) -> Counters:
    """Return the badges of a brand, or of all brands together."""
    rows = reader.execute(
        "SELECT state, sum(conversations), sum(unread) FROM counter WHERE ?1 IS NULL OR brand_id = ?1 GROUP BY state",
        (brand_id,),
    )
    return _counters(
        [(state, count, unread) for state, count, unread in rows], problem_count(reader, brand_id=brand_id)
    )


def counters_by_brand(reader: Reader) -> dict[int, Counters]:
    """Return the badges of every brand; a brand without conversations has zeros."""
    by_brand: dict[int, list[tuple[str, int, int]]] = {row[0]: [] for row in reader.execute("SELECT id FROM brand")}
    for brand_id, state, count, unread in reader.execute("SELECT brand_id, state, conversations, unread FROM counter"):
        by_brand.setdefault(brand_id, []).append((state, count, unread))
    problems = problem_counts(reader)
    return {brand_id: _counters(rows, problems.get(brand_id, 0)) for brand_id, rows in by_brand.items()}


def view_counts(reader: Reader, brand_id: int | None = None) -> dict[str, int]:
    """Return the number of conversations of each list of the inbox: every state, "all", "unread" and "drafts"."""
    found = dict.fromkeys((state.value for state in ConversationState), 0)
    unread = 0
    for state, count, not_read in reader.execute(
        "SELECT state, sum(conversations), sum(unread) FROM counter WHERE ?1 IS NULL OR brand_id = ?1 GROUP BY state",
        (brand_id,),
    ):
        found[state] = count
        unread += not_read
    drafts = scalar(reader, "SELECT count(*) FROM reply_draft WHERE ?1 IS NULL OR brand_id = ?1", (brand_id,))
    return {**found, "all": sum(found.values()), "unread": unread, "drafts": drafts}


def _counters(rows: Iterable[tuple[str, int, int]], problems: int) -> Counters:
    states: dict[str, int] = {}
    unread = 0
    for state, count, not_read in rows:
        states[state] = count
        unread += not_read
    return Counters(
        open=states.get("open", 0),
        unread=unread,
        waiting=states.get("waiting", 0),
        snoozed=states.get("snoozed", 0),
        solved=states.get("solved", 0),
        ignored=states.get("ignored", 0),
        problems=problems,
    )


# States


def set_state(
    tx: Transaction,
    conversation_ids: Iterable[int],
    state: ConversationState,
    *,
    reason: str = "",
    until: datetime | None = None,
    waiting_for: str = "",
) -> list[StateBefore]:
    """Put conversations into a state and return what those that changed were before.

    Raises Invalid: IGNORED needs a `reason` (IgnoreReason), SNOOZED an `until` in the future,
    WAITING a `waiting_for` (Waiting).
    """
    waiting, why, wake = "", "", None
    if state is ConversationState.IGNORED:
        why = IgnoreReason(_one_of(reason, IgnoreReason, "reason")).value
    elif state is ConversationState.WAITING:
        waiting = Waiting(_one_of(waiting_for, Waiting, "waiting_for")).value
    elif state is ConversationState.SNOOZED:
        if until is None or until <= tx.now:
            raise Invalid("a conversation sleeps until a time to come", code="snooze_until", detail="until")
        wake = to_ms(until)
    ids = ids_json(conversation_ids)
    before = [
        StateBefore(*row[1:])
        for row in tx.conn.execute(
            "SELECT brand_id, id, state, waiting_for, ignore_reason, snooze_until, state_at FROM conversation"
            " WHERE id IN (SELECT value FROM json_each(?1)) AND (state, waiting_for, ignore_reason, snooze_until)"
            " IS NOT (?2, ?3, ?4, ?5)",
            (ids, state.value, waiting, why, wake),
        )
    ]
    changed = [each.id for each in before]
    tx.conn.execute(
        "UPDATE conversation SET state = ?, waiting_for = ?, ignore_reason = ?, snooze_until = ?, state_at = ?"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (state.value, waiting, why, wake, tx.now_ms, ids_json(changed)),
    )
    detail = {name: text for name, text in (("reason", why), ("waiting_for", waiting)) if text}
    if wake is not None:
        detail["until"] = str(wake)
    for each in before:
        note_activity(tx, each.id, "state", text=state.value, detail={"from": each.state, **detail})
    refresh_due(tx, changed)
    return before


def restore_states(tx: Transaction, before: Sequence[StateBefore]) -> list[StateBefore]:
    """Take a decision back: conversations are in the state they had before it; returns what they were until now."""
    until_now = [
        StateBefore(*row)
        for row in tx.conn.execute(
            "SELECT id, state, waiting_for, ignore_reason, snooze_until, state_at FROM conversation"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (ids_json(each.id for each in before),),
        )
    ]
    tx.conn.executemany(
        "UPDATE conversation SET state = ?, waiting_for = ?, ignore_reason = ?, snooze_until = ?, state_at = ?"
        " WHERE id = ?",
        [
            (each.state, each.waiting_for, each.ignore_reason, each.snooze_until, each.state_at, each.id)
            for each in before
        ],
    )
    for each in before:
        note_activity(tx, each.id, "state", text=each.state, detail={"undo": "1"})
    refresh_due(tx, [each.id for each in before])
    return until_now


def wake_snoozed(tx: Transaction) -> list[int]:
    """Open the conversations whose sleep is over; returns their ids."""
    due = [
        row[0]
        for row in tx.conn.execute(
            "UPDATE conversation SET state = 'open', snooze_until = NULL, state_at = ?1"
            " WHERE state = 'snoozed' AND snooze_until <= ?1 RETURNING id",
            (tx.now_ms,),
        )
    ]
    for conversation_id in due:
        note_activity(tx, conversation_id, "state", text="open", detail={"from": "snoozed", "by": "time"})
    return due


def next_wake(reader: Reader) -> datetime | None:
    """Return when time next brings something back: a snoozed conversation, a promise, a reminder, a follow-up."""
    found = scalar(reader, "SELECT min(snooze_until) FROM conversation WHERE state = 'snoozed'")
    moments = [None if found is None else from_ms(found), next_due(reader)]
    return min((each for each in moments if each is not None), default=None)


def _one_of(value: str, kind: type[IgnoreReason] | type[Waiting], field: str) -> str:
    if value not in {each.value for each in kind}:
        raise Invalid(f"{value!r} is no {field}", code=field, detail=field)
    return value


def mark_read(tx: Transaction, conversation_ids: Iterable[int], read: bool = True) -> list[int]:
    """Mark conversations read, or their last incoming message unread again; returns the ids that changed."""
    shown = set(conversation_ids)
    parts = parts_of_any(tx.conn, shown)
    ids = ids_json([*shown, *parts])
    if read:
        tx.conn.execute(
            "UPDATE message SET read_at = ? WHERE conversation_id IN (SELECT value FROM json_each(?))"
            " AND direction = 'in' AND read_at IS NULL",
            (tx.now_ms, ids),
        )
        rows = tx.conn.execute(
            "UPDATE conversation SET unread = 0 WHERE id IN (SELECT value FROM json_each(?)) AND unread > 0"
            " RETURNING brand_id, id",
            (ids,),
        ).fetchall()
    else:
        # Of a conversation with others merged into it, the last words of all.
        tx.conn.execute(
            "UPDATE message SET read_at = NULL WHERE id IN (SELECT max(m.id) FROM json_each(?) j CROSS JOIN"
            " conversation c ON c.id = j.value CROSS JOIN message m ON m.conversation_id = c.id"
            " AND m.direction = 'in' GROUP BY coalesce(c.merged_into, c.id))",
            (ids,),
        )
        rows = tx.conn.execute(
            "UPDATE conversation SET unread = 1 WHERE id IN (SELECT value FROM json_each(?)) AND unread = 0"
            " AND last_in_at IS NOT NULL RETURNING brand_id, id",
            (ids_json(shown),),
        ).fetchall()
    merged = [*parts, *wholes_of(tx.conn, shown)]
    if merged:
        refresh_conversations(tx, merged)
    for brand_id, conversation_id in rows:
        tx.touch(Topic.CONVERSATION, brand_id, conversation_id)
    return [row[1] for row in rows if row[1] in shown]


# Drafts and notes


def save_draft(
    tx: Transaction,
    conversation_id: int,
    text: str,
    *,
    visibility: str = "",
    media: Sequence[tuple[int, str]] = (),
    promise_at: datetime | None = None,
    closes_case: int = 0,
) -> None:
    """Keep an answer being written, with what it promises and closes; an empty one without pictures is forgotten."""
    brand_id = conversation(tx.conn, conversation_id).brand_id
    if text.strip() or media:
        tx.conn.execute(
            "INSERT INTO reply_draft (conversation_id, brand_id, text, visibility, media, saved_at, promise_at,"
            " closes_case) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE SET"
            " text = excluded.text, visibility = excluded.visibility, media = excluded.media,"
            " saved_at = excluded.saved_at, promise_at = excluded.promise_at, closes_case = excluded.closes_case",
            (
                conversation_id,
                brand_id,
                text,
                visibility,
                dump([list(each) for each in media]),
                tx.now_ms,
                stamp(promise_at),
                closes_case or None,
            ),
        )
    else:
        tx.conn.execute("DELETE FROM reply_draft WHERE conversation_id = ?", (conversation_id,))
    tx.touch(Topic.DRAFT, brand_id, conversation_id)
    tx.touch(Topic.CONVERSATION, brand_id, conversation_id)


def draft(reader: Reader, conversation_id: int) -> str:
    """Return the text of a conversation's draft, '' when there is none."""
    return scalar(reader, "SELECT text FROM reply_draft WHERE conversation_id = ?", (conversation_id,)) or ""


def reply_draft(reader: Reader, conversation_id: int) -> ReplyDraft | None:
    """Return a conversation's draft with its pictures, None when there is none."""
    row = reader.execute(
        "SELECT text, visibility, media, saved_at, promise_at, closes_case FROM reply_draft WHERE conversation_id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        return None
    media = tuple((each[0], each[1]) for each in load(row[2]))
    return ReplyDraft(conversation_id, row[0], row[1], media, from_ms(row[3]), moment(row[4]), row[5] or 0)


def add_note(tx: Transaction, conversation_id: int, text: str) -> int:
    """Add a note that nobody outside sees; raises Invalid for an empty one."""
    if not text.strip():
        raise Invalid("a note needs words", code="empty_text", detail="text")
    return note_activity(tx, conversation_id, "note", text=text.strip())


def note_activity(
    tx: Transaction, conversation_id: int, kind: str, *, text: str = "", detail: dict[str, str] | None = None
) -> int:
    """Add a grey line to a conversation and announce the conversation; returns the line's id."""
    brand_id, contact_id = tx.conn.execute(
        "SELECT brand_id, contact_id FROM conversation WHERE id = ?", (conversation_id,)
    ).fetchone() or (None, None)
    if brand_id is None:
        raise Invalid(
            f"there is no conversation {conversation_id}", code="conversation_unknown", detail=str(conversation_id)
        )
    cursor = tx.conn.execute(
        "INSERT INTO activity (brand_id, conversation_id, contact_id, kind, text, detail, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (brand_id, conversation_id, contact_id, kind, text, dump(detail or {}), tx.now_ms),
    )
    tx.touch(Topic.CONVERSATION, brand_id, conversation_id)
    return cursor.lastrowid or 0


# Labels


def labels(reader: Reader, brand_id: int) -> list[Label]:
    """Return a brand's labels by name."""
    return [
        Label(*row)
        for row in reader.execute(
            "SELECT id, brand_id, name, color FROM label WHERE brand_id = ? ORDER BY name", (brand_id,)
        )
    ]


def labels_of(reader: Reader, conversation_ids: Iterable[int]) -> dict[int, tuple[Label, ...]]:
    """Return the labels of these conversations; one without labels is missing."""
    found: dict[int, tuple[Label, ...]] = {}
    for row in reader.execute(
        "SELECT cl.conversation_id, l.id, l.brand_id, l.name, l.color FROM json_each(?) j"
        " CROSS JOIN conversation_label cl ON cl.conversation_id = j.value JOIN label l ON l.id = cl.label_id"
        " ORDER BY l.name",
        (ids_json(conversation_ids),),
    ):
        found[row[0]] = (*found.get(row[0], ()), Label(*row[1:]))
    return found


def add_label(tx: Transaction, *, brand_id: int, name: str, color: str = "") -> int:
    """Add a label, or return the one of that name; raises Invalid for an empty name."""
    clean = " ".join(name.split())
    if not clean or len(clean) > 60:
        raise Invalid("a label needs a name of 1 to 60 characters", code="label_name", detail="name")
    row = tx.conn.execute(
        "INSERT INTO label (brand_id, name, color) VALUES (?, ?, ?)"
        " ON CONFLICT (brand_id, name) DO UPDATE SET color = CASE WHEN excluded.color = '' THEN color"
        " ELSE excluded.color END RETURNING id",
        (brand_id, clean, color),
    ).fetchone()
    tx.touch(Topic.CONVERSATION, brand_id)
    return int(row[0])


def delete_label(tx: Transaction, label_id: int) -> None:
    """Delete a label and take it off every conversation."""
    row = tx.conn.execute("DELETE FROM label WHERE id = ? RETURNING brand_id", (label_id,)).fetchone()
    if row is not None:
        tx.touch(Topic.CONVERSATION, row[0])


def set_labels(tx: Transaction, conversation_ids: Iterable[int], label_ids: Iterable[int], on: bool = True) -> None:
    """Put labels on conversations of the same brand, or take them off."""
    ids, wanted = ids_json(conversation_ids), ids_json(label_ids)
    if on:
        tx.conn.execute(
            "INSERT OR IGNORE INTO conversation_label (conversation_id, label_id) SELECT c.id, l.id"
            " FROM conversation c JOIN label l ON l.brand_id = c.brand_id"
            " WHERE c.id IN (SELECT value FROM json_each(?)) AND l.id IN (SELECT value FROM json_each(?))",
            (ids, wanted),
        )
    else:
        tx.conn.execute(
            "DELETE FROM conversation_label WHERE conversation_id IN (SELECT value FROM json_each(?))"
            " AND label_id IN (SELECT value FROM json_each(?))",
            (ids, wanted),
        )
    for brand_id, conversation_id in tx.conn.execute(_BRANDS_OF, (ids,)):
        tx.touch(Topic.CONVERSATION, brand_id, conversation_id)


def set_priority(tx: Transaction, conversation_ids: Iterable[int], priority: int) -> dict[int, int]:
    """Give conversations a priority and return what those that changed had before."""
    before = {
        row[1]: (row[0], row[2])
        for row in tx.conn.execute(
            "SELECT brand_id, id, priority FROM conversation WHERE id IN (SELECT value FROM json_each(?))"
            " AND priority <> ?",
            (ids_json(conversation_ids), priority),
        )
    }
    tx.conn.execute(
        "UPDATE conversation SET priority = ? WHERE id IN (SELECT value FROM json_each(?))",
        (priority, ids_json(before)),
    )
    for conversation_id, (brand_id, _was) in before.items():
        tx.touch(Topic.CONVERSATION, brand_id, conversation_id)
    return {conversation_id: was for conversation_id, (_brand_id, was) in before.items()}
