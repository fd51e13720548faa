"""Conversations as lists: pages by keyset, ids of a whole list, and the summaries that paint a row without a query."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, Unpack

from cmdesk.care.verdict import KIND_SURE, LANGUAGE_SURE, SURE
from cmdesk.clock import to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Conversation, ConversationState
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import ids_json, scalar

# In the order of model.Conversation's fields.
_COLUMNS = (
    "SELECT c.id, c.brand_id, c.account_id, c.network, c.kind, c.remote_id, c.state,"
    " coalesce(nullif(i.name, ''), i.handle, ''), coalesce(i.handle, ''), c.preview, c.last_at, c.contact_id,"
    " coalesce(i.avatar_url, ''), c.waiting_for, c.ignore_reason, c.snooze_until, c.priority, c.unread, c.messages,"
    " c.last_in_at, c.last_out_at, c.first_in_at, c.first_out_at, c.due_at, c.publication_id, c.sentiment, c.intent,"
    " c.language, d.conversation_id IS NOT NULL, c.outgoing, c.visibility, c.urgency, c.unsure, c.case_id,"
    " c.merged_into, c.window_until, c.promise_at, c.kind_unsure"
)
_JOINED = " LEFT JOIN identity i ON i.id = c.identity_id LEFT JOIN reply_draft d ON d.conversation_id = c.id"
_FROM = " FROM conversation c" + _JOINED
_STATES = {state.value: state for state in ConversationState}

# Filters, each a constant; the indexes serve state with account, brand or neither.
_BY_STATE = "c.state = :state"
_BY_ACCOUNT = "c.account_id = :account_id"
_BY_BRAND = "c.brand_id = :brand_id"
_BY_KIND = "c.kind = :kind"
_BY_UNREAD = "c.unread > 0"
_BY_LABEL = "EXISTS (SELECT 1 FROM conversation_label l WHERE l.conversation_id = c.id AND l.label_id = :label_id)"
_BY_WAITING = "c.waiting_for = :waiting_for"
_BY_DUE = "c.due_at < :due_before"
_BY_SENTIMENT = "c.sentiment = :sentiment"
_BY_UNSURE = "c.unsure = 1"
_BY_INTENT = "c.intent = :intent"
_BY_WINDOW = "c.window_until > :window_from AND c.window_until < :window_before"
# Found from the few open promises and follow-ups, not by a walk through the conversations.
_BY_PROMISE = (
    "c.id IN (SELECT coalesce(p.conversation_id, k.conversation_id) FROM promise p LEFT JOIN care_case k"
    " ON k.id = p.case_id WHERE p.kept_at IS NULL AND p.withdrawn_at IS NULL AND p.due_at < :promise_before)"
)
_BY_FOLLOW_UP = (
    "c.id IN (SELECT k.conversation_id FROM care_case k WHERE k.follow_up_at IS NOT NULL AND k.followed_up_at IS NULL"
    " AND k.state = 'solved' AND k.follow_up_at < :follow_up_before)"
)
# What was merged into another is shown there; the few are looked up once, so that a list still needs its index alone.
_STANDS = "c.id NOT IN (SELECT x.id FROM conversation x WHERE x.merged_into IS NOT NULL)"
_BEFORE = "(c.last_at, c.id) < (:before_at, :before_id)"
_NEWEST = "c.last_at DESC, c.id DESC"
_ORDERS = {
    "newest": _NEWEST,
    "oldest": "c.last_at, c.id",
    # What a person or the triage calls urgent; then what is overdue and due; then who has waited longest (D11).
    "urgent": "c.priority DESC, c.urgency DESC, c.due_at IS NULL, c.due_at, c.last_at, c.id",
    # What the network will soon take no answer to (N15).
    "window": "c.window_until IS NULL, c.window_until, c.last_at, c.id",
    "promise": "c.promise_at IS NULL, c.promise_at, c.last_at, c.id",
}


class Filters(TypedDict, total=False):
    """What narrows a list down; what is left out, None or '' does not."""

    brand_id: int | None
    account_id: int | None
    kind: str | None
    unread: bool
    label_id: int | None
    waiting_for: str
    due_before: datetime | None
    sentiment: str
    unsure: bool  # only those whose sentiment is a guess
    intent: str
    window: tuple[datetime, datetime] | None  # closes after the first, before the second
    promise_before: datetime | None  # an open promise is due by then
    follow_up_before: datetime | None  # a solved case is to be asked about by then


def conversation_page(
    reader: Reader,
    *,
    state: ConversationState | None = None,
    before: tuple[int, int] | None = None,
    order: str = "newest",
    limit: int = 60,
    **filters: Unpack[Filters],
) -> list[Conversation]:
    """Return the first conversations of a list, of the newest those after `before` (last_at in ms, id).

    None for `brand_id` means every brand, for `state` every state. An `order` other than "newest" sorts the whole
    list, which suits lists of a few thousand.
    """
    where, params = _filters(filters)
    params["limit"] = limit
    if before is not None:
        where.append(_BEFORE)
        params["before_at"], params["before_id"] = before
    if state is not None:
        params["state"] = state.value
        sql = [_COLUMNS, _FROM, "WHERE", " AND ".join([_BY_STATE, *where]), "ORDER BY", _ORDERS[order], "LIMIT :limit"]
        return _values(reader.execute(" ".join(sql), params).fetchall())
    if order != "newest":
        sql = [_COLUMNS, _FROM, "WHERE", " AND ".join(where), "ORDER BY", _ORDERS[order], "LIMIT :limit"]
        return _values(reader.execute(" ".join(sql), params).fetchall())
    # Every state: the newest of each state's own keyset, merged.
    found: list[tuple[Any, ...]] = []
    for each in ConversationState:
        params["state"] = each.value
        sql = [
            "SELECT c.last_at, c.id FROM conversation c WHERE",
            " AND ".join([_BY_STATE, *where]),
            "ORDER BY",
            _NEWEST,
            "LIMIT :limit",
        ]
        found += reader.execute(" ".join(sql), params)
    found.sort(reverse=True)
    page = [row[1] for row in found[:limit]]
    by_id = conversations_by_id(reader, page)
    return [by_id[each] for each in page if each in by_id]


def conversation_ids(
    reader: Reader, *, state: ConversationState | None = None, order: str = "newest", **filters: Unpack[Filters]
) -> array[int]:
    """Return the ids of a whole list, in its order: "newest", "oldest", "urgent", "window" or "promise"."""
    where, params = _filters(filters)
    if state is not None:
        where.insert(0, _BY_STATE)
        params["state"] = state.value
    sql = ["SELECT c.id FROM conversation c WHERE", " AND ".join(where), "ORDER BY", _ORDERS[order]]
    return array("q", [row[0] for row in reader.execute(" ".join(sql), params)])


NOT_YET = "private:"
"""Prefix of the remote id of a private conversation whose thread no stream has shown yet."""
WINDOW_CLOSES = timedelta(hours=6)
"""An answer's window closes soon from here on (N15)."""


def list_counts(reader: Reader, brand_id: int | None = None, *, due_before: datetime, now: datetime) -> dict[str, int]:
    """Return the numbers that no counter keeps: what is open by kind, due and sentiment, what waits, what was promised.

    They grow with the lists of what is open and waiting. Keys: "unread", "direct", "due", "negative", "window",
    "waiting_person", "waiting_client", "promises", "follow_ups".
    """
    soon = to_ms(now + WINDOW_CLOSES)
    unread, direct, due, negative, window = reader.execute(
        "SELECT total(unread > 0), total(kind = 'direct'), total(due_at < ?2), total(sentiment = 'negative'),"
        " total(window_until > ?3 AND window_until < ?4)"
        " FROM conversation WHERE state = 'open' AND merged_into IS NULL AND (?1 IS NULL OR brand_id = ?1)",
        (brand_id, to_ms(due_before), to_ms(now), soon),
    ).fetchone()
    waiting = dict(
        reader.execute(
            "SELECT waiting_for, count(*) FROM conversation WHERE state = 'waiting' AND merged_into IS NULL"
            " AND (?1 IS NULL OR brand_id = ?1) GROUP BY waiting_for",
            (brand_id,),
        ).fetchall()
    )
    kept = {"promise_before": to_ms(due_before), "follow_up_before": to_ms(due_before), "brand_id": brand_id}
    of_brand = "AND (:brand_id IS NULL OR c.brand_id = :brand_id)"
    promises, follow_ups = (
        scalar(reader, " ".join(["SELECT count(*) FROM conversation c WHERE", each, of_brand]), kept)
        for each in (_BY_PROMISE, _BY_FOLLOW_UP)
    )
    return {
        "unread": int(unread),
        "direct": int(direct),
        "due": int(due),
        "negative": int(negative),
        "window": int(window),
        "waiting_person": waiting.get("person", 0),
        "waiting_client": waiting.get("client", 0),
        "promises": promises,
        "follow_ups": follow_ups,
    }


def answer_balance(
    reader: Reader, brand_id: int | None, *, since: datetime, until: datetime
) -> tuple[int, int, int, int]:
    """Return (negative, of them answered, positive, of them answered) of the conversations begun in that time (D13).

    A guess counts for neither; what was ignored with a reason is a decision, not a silence.
    """
    row = reader.execute(
        "SELECT total(sentiment = 'negative'), total(sentiment = 'negative' AND first_out_at IS NOT NULL),"
        " total(sentiment = 'positive'), total(sentiment = 'positive' AND first_out_at IS NOT NULL)"
        " FROM conversation WHERE (?1 IS NULL OR brand_id = ?1) AND state IN ('open', 'waiting', 'snoozed', 'solved')"
        " AND last_at >= ?2 AND first_in_at BETWEEN ?2 AND ?3 AND unsure = 0 AND merged_into IS NULL",
        (brand_id, to_ms(since), to_ms(until)),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def conversations_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Conversation]:
    """Return the conversations of these ids; those that are gone are missing."""
    sql = _COLUMNS + " FROM json_each(?) j CROSS JOIN conversation c ON c.id = j.value" + _JOINED
    return {found.id: found for found in _values(reader.execute(sql, (ids_json(ids),)).fetchall())}


def case_numbers(reader: Reader, case_ids: Iterable[int]) -> dict[int, int]:
    """Return the numbers by which the brands name these cases."""
    sql = "SELECT k.id, k.number FROM json_each(?) j CROSS JOIN care_case k ON k.id = j.value"
    return dict(reader.execute(sql, (ids_json(case_ids),)).fetchall())


def conversation(reader: Reader, conversation_id: int) -> Conversation:
    """Return one conversation; raises Invalid when there is none of that id."""
    found = _values(reader.execute(_COLUMNS + _FROM + " WHERE c.id = ?", (conversation_id,)).fetchall())
    if not found:
        raise Invalid(
            f"there is no conversation {conversation_id}", code="conversation_unknown", detail=str(conversation_id)
        )
    return found[0]


def _filters(wanted: Filters) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = [_STANDS]
    params: dict[str, Any] = {}
    for name, sql in _EQUAL.items():
        value = wanted.get(name)
        if value is not None and value != "":
            where.append(sql)
            params[name] = value
    if wanted.get("unread"):
        where.append(_BY_UNREAD)
    if wanted.get("unsure"):
        where.append(_BY_UNSURE)
    for name, sql in _UNTIL.items():
        moment = wanted.get(name)
        if isinstance(moment, datetime):
            where.append(sql)
            params[name] = to_ms(moment)
    window = wanted.get("window")
    if window is not None:
        where.append(_BY_WINDOW)
        params["window_from"], params["window_before"] = to_ms(window[0]), to_ms(window[1])
    return where, params


_EQUAL = {
    "account_id": _BY_ACCOUNT, "brand_id": _BY_BRAND, "kind": _BY_KIND, "label_id": _BY_LABEL,
    "waiting_for": _BY_WAITING, "intent": _BY_INTENT, "sentiment": _BY_SENTIMENT,
}  # fmt: skip
_UNTIL = {"due_before": _BY_DUE, "promise_before": _BY_PROMISE, "follow_up_before": _BY_FOLLOW_UP}


def _values(rows: list[tuple[Any, ...]]) -> list[Conversation]:
    """Return rows of `_COLUMNS` as values; every page of the inbox passes here."""
    found = []
    for row in rows:
        values = list(row)
        values[6] = _STATES[row[6]]
        values[10] = last_at = _moment(row[10] / 1000, UTC)
        # Most conversations have one message: its time stands in three columns.
        values[19] = last_at if row[19] == row[10] else _maybe(row[19])
        values[21] = values[19] if row[21] == row[19] else _maybe(row[21])
        for place in _TIMES:
            if row[place] is not None:
                values[place] = _moment(row[place] / 1000, UTC)
        values[28] = bool(row[28])
        values[32] = bool(row[32])
        values[37] = bool(row[37])
        # What the frozen class does by itself, without its detour through object.__setattr__: a page in two thirds
        # of the time.
        value = _blank(Conversation)
        for put, each in zip(_PUT, values, strict=True):
            put(value, each)
        found.append(value)
    return found


_TIMES = (15, 20, 22, 23, 35, 36)
_PUT = tuple(Conversation.__dict__[each.name].__set__ for each in fields(Conversation))
_blank = object.__new__
_moment = datetime.fromtimestamp


def _maybe(value: int | None) -> datetime | None:
    return None if value is None else _moment(value / 1000, UTC)


# Summaries

# Each conversation with itself, and with those merged into it: its summary is that of all their messages.
_REFRESHED = (
    "CREATE TEMP TABLE IF NOT EXISTS refreshed (id INTEGER NOT NULL, part INTEGER NOT NULL, PRIMARY KEY (id, part))"
    " WITHOUT ROWID"
)
_WITH_WHOLES = (
    "INSERT OR IGNORE INTO refreshed SELECT p.merged_into, p.merged_into FROM conversation p"
    " WHERE p.merged_into IS NOT NULL AND p.id IN (SELECT r.id FROM refreshed r)"
)
_WITH_PARTS = (
    "INSERT OR IGNORE INTO refreshed SELECT p.merged_into, p.id FROM conversation p"
    " WHERE p.merged_into IS NOT NULL AND p.merged_into IN (SELECT r.id FROM refreshed r)"
)
# Deleted words are neither shown as the preview nor waited for; context is not part of the talk.
_REFRESH = """
UPDATE conversation SET
  messages = s.messages, unread = s.unread, last_at = coalesce(l.created_at, conversation.last_at),
  preview = coalesce(CASE WHEN l.deleted_at IS NULL THEN substr(l.text, 1, 200) ELSE '' END, ''),
  last_in_at = s.last_in_at, last_out_at = s.last_out_at, first_in_at = s.first_in_at,
  first_out_at = CASE WHEN s.last_out_at IS NULL OR s.first_in_at IS NULL THEN NULL ELSE
    (SELECT m.created_at FROM refreshed r CROSS JOIN message m ON m.conversation_id = r.part
      WHERE r.id = conversation.id AND m.direction = 'out' AND m.id > s.first_in_id ORDER BY m.id LIMIT 1) END,
  kind = coalesce(f.kind, conversation.kind), identity_id = coalesce(f.identity_id, conversation.identity_id),
  contact_id = coalesce((SELECT i.contact_id FROM identity i WHERE i.id = f.identity_id), conversation.contact_id),
  language = CASE WHEN t.language <> '' AND t.language_confidence >= :language_sure THEN t.language
    WHEN f.language <> '' THEN f.language ELSE conversation.language END,
  sentiment = coalesce(t.sentiment, ''), intent = coalesce(t.intent, ''),
  unsure = coalesce(t.confidence < :sure, 0), kind_unsure = coalesce(t.intent_confidence < :kind_sure, 0),
  urgency = max(coalesce((SELECT max(u.urgency) FROM refreshed r CROSS JOIN message w ON w.conversation_id = r.part
    CROSS JOIN triage u ON u.message_id = w.id WHERE r.id = conversation.id AND w.direction = 'in'
      AND w.deleted_at IS NULL AND w.id > coalesce(s.last_out_id, 0)), 0),
    -- What has come up stays urgent until it is done: a promise now, a client or a solution to ask about today.
    coalesce((SELECT 3 FROM promise p WHERE p.conversation_id = conversation.id AND p.kept_at IS NULL
      AND p.withdrawn_at IS NULL AND p.noticed_at IS NOT NULL LIMIT 1), 0),
    coalesce((SELECT 2 FROM care_case k WHERE k.conversation_id = conversation.id AND (k.state = 'solved'
      AND k.noticed_at IS NOT NULL AND k.followed_up_at IS NULL OR k.state <> 'closed' AND EXISTS (SELECT 1
      FROM referral f WHERE f.case_id = k.id AND f.answered_at IS NULL AND f.noticed_at IS NOT NULL)) LIMIT 1), 0)),
  visibility = coalesce(n.visibility, l.visibility, conversation.visibility)
FROM (
  SELECT r.id AS conversation_id,
    sum(m.direction <> 'context') AS messages,
    sum(m.direction = 'in' AND m.read_at IS NULL AND m.deleted_at IS NULL) AS unread,
    max(CASE WHEN m.direction <> 'context' THEN m.id END) AS last_id,
    max(CASE WHEN m.direction = 'in' THEN m.created_at END) AS last_in_at,
    max(CASE WHEN m.direction = 'out' THEN m.created_at END) AS last_out_at,
    min(CASE WHEN m.direction = 'in' THEN m.created_at END) AS first_in_at,
    min(CASE WHEN m.direction = 'in' THEN m.id END) AS first_in_id,
    min(CASE WHEN m.direction = 'in' AND r.part = r.id THEN m.id END) AS own_first_id,
    max(CASE WHEN m.direction = 'out' THEN m.id END) AS last_out_id,
    max(CASE WHEN m.direction = 'in' THEN m.id END) AS last_in_id,
    max(CASE WHEN m.direction = 'in' AND m.deleted_at IS NULL THEN m.id END) AS last_said_id
  FROM refreshed r CROSS JOIN message m ON m.conversation_id = r.part
  GROUP BY r.id) s
LEFT JOIN message l ON l.id = s.last_id
LEFT JOIN message f ON f.id = s.own_first_id
LEFT JOIN message n ON n.id = s.last_in_id
LEFT JOIN triage t ON t.message_id = s.last_said_id
WHERE conversation.id = s.conversation_id
"""


def refresh_conversations(tx: Transaction, ids: Iterable[int]) -> None:
    """Compute the summaries of these conversations, and of those they were merged into, anew from their messages.

    It leaves alone what people decide (state, priority, labels) and what is waiting to be sent.
    """
    tx.conn.execute(_REFRESHED)
    tx.conn.execute("DELETE FROM refreshed")
    tx.conn.execute("INSERT OR IGNORE INTO refreshed SELECT value, value FROM json_each(?)", (ids_json(ids),))
    tx.conn.execute(_WITH_WHOLES)
    tx.conn.execute(_WITH_PARTS)
    tx.conn.execute(_REFRESH, {"sure": SURE, "kind_sure": KIND_SURE, "language_sure": LANGUAGE_SURE})


def refresh_outgoing(tx: Transaction, ids: Iterable[int]) -> None:
    """Set `outgoing` of these conversations to the state of their newest answer that is not out yet, else ''.

    Called by whoever changes the state of a delivery that belongs to a conversation.
    """
    tx.conn.execute(
        "UPDATE conversation SET outgoing = coalesce((SELECT d.state FROM delivery d WHERE d.conversation_id IN"
        " (SELECT g.id FROM conversation g WHERE g.id = conversation.id OR g.merged_into = conversation.id)"
        " AND d.state NOT IN ('published', 'confirmed', 'cancelled') AND d.dismissed_at IS NULL"
        " ORDER BY d.id DESC LIMIT 1), '') WHERE id IN (SELECT value FROM json_each(?1)) OR id IN (SELECT p.merged_into"
        " FROM conversation p WHERE p.merged_into IS NOT NULL AND p.id IN (SELECT value FROM json_each(?1)))",
        (ids_json(ids),),
    )
    # A private talk whose only words were given up waits for nobody.
    tx.conn.execute(
        "UPDATE conversation SET state = 'solved', waiting_for = '' WHERE id IN (SELECT value FROM json_each(?1))"
        " AND substr(remote_id, 1, length(?2)) = ?2 AND messages = 0 AND NOT EXISTS (SELECT 1 FROM delivery d"
        " WHERE d.conversation_id = conversation.id AND d.state <> 'cancelled')",
        (ids_json(ids), NOT_YET),
    )
