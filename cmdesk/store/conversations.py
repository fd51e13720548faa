"""Conversations as lists: pages by keyset, ids of a whole list, and the summaries that paint a row without a query."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Conversation, ConversationState
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import ids_json

# In the order of model.Conversation's fields.
_COLUMNS = (
    "SELECT c.id, c.brand_id, c.account_id, c.network, c.kind, c.remote_id, c.state,"
    " coalesce(nullif(i.name, ''), i.handle, ''), coalesce(i.handle, ''), c.preview, c.last_at, c.contact_id,"
    " coalesce(i.avatar_url, ''), c.waiting_for, c.ignore_reason, c.snooze_until, c.priority, c.unread, c.messages,"
    " c.last_in_at, c.last_out_at, c.first_in_at, c.first_out_at, c.due_at, c.publication_id, c.sentiment, c.intent,"
    " c.language, d.conversation_id IS NOT NULL, c.outgoing, c.visibility, c.urgency, c.unsure, c.case_id,"
    " c.merged_into, c.window_until, c.promise_at"
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
_BEFORE = "(c.last_at, c.id) < (:before_at, :before_id)"
_NEWEST = "c.last_at DESC, c.id DESC"
_ORDERS = {
    "newest": _NEWEST,
    "oldest": "c.last_at, c.id",
    # What is urgent first; then what is due first; then who has waited longest (D11).
    "urgent": "c.priority DESC, c.due_at IS NULL, c.due_at, c.last_at, c.id",
}
_NO_FILTER: dict[str, Any] = {}


def conversation_page(
    reader: Reader,
    *,
    brand_id: int | None = None,
    state: ConversationState | None = None,
    account_id: int | None = None,
    kind: str | None = None,
    unread: bool = False,
    label_id: int | None = None,
    waiting_for: str = "",
    due_before: datetime | None = None,
    before: tuple[int, int] | None = None,
    limit: int = 60,
) -> list[Conversation]:
    """Return the newest conversations of a list, those after `before` (last_at in ms, id of the last row seen).

    None for `brand_id` means every brand, for `state` every state.
    """
    where, params = _filters(
        brand_id=brand_id,
        account_id=account_id,
        kind=kind,
        unread=unread,
        label_id=label_id,
        waiting_for=waiting_for,
        due_before=due_before,
    )
    params["limit"] = limit
    if before is not None:
        where.append(_BEFORE)
        params["before_at"], params["before_id"] = before
    if state is not None:
        params["state"] = state.value
        sql = [_COLUMNS, _FROM, "WHERE", " AND ".join([_BY_STATE, *where]), "ORDER BY", _NEWEST, "LIMIT :limit"]
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
    reader: Reader,
    *,
    brand_id: int | None = None,
    state: ConversationState | None = None,
    account_id: int | None = None,
    kind: str | None = None,
    unread: bool = False,
    label_id: int | None = None,
    waiting_for: str = "",
    due_before: datetime | None = None,
    order: str = "newest",
) -> array[int]:
    """Return the ids of a whole list, in its order: "newest", "oldest" or "urgent"."""
    where, params = _filters(
        brand_id=brand_id,
        account_id=account_id,
        kind=kind,
        unread=unread,
        label_id=label_id,
        waiting_for=waiting_for,
        due_before=due_before,
    )
    if state is not None:
        where.insert(0, _BY_STATE)
        params["state"] = state.value
    sql = ["SELECT c.id FROM conversation c"]
    if where:
        sql += ["WHERE", " AND ".join(where)]
    sql += ["ORDER BY", _ORDERS[order]]
    return array("q", [row[0] for row in reader.execute(" ".join(sql), params)])


def list_counts(reader: Reader, brand_id: int | None = None, *, due_before: datetime) -> dict[str, int]:
    """Return the numbers that no counter keeps: open ones by kind and due, waiting ones by whom; grows with the lists.

    Keys: "unread", "direct", "mention", "due", "waiting_person", "waiting_client".
    """
    unread, direct, mention, due = reader.execute(
        "SELECT total(unread > 0), total(kind = 'direct'), total(kind = 'mention'), total(due_at < ?2)"
        " FROM conversation WHERE state = 'open' AND (?1 IS NULL OR brand_id = ?1)",
        (brand_id, to_ms(due_before)),
    ).fetchone()
    waiting = dict(
        reader.execute(
            "SELECT waiting_for, count(*) FROM conversation WHERE state = 'waiting' AND (?1 IS NULL OR brand_id = ?1)"
            " GROUP BY waiting_for",
            (brand_id,),
        ).fetchall()
    )
    return {
        "unread": int(unread),
        "direct": int(direct),
        "mention": int(mention),
        "due": int(due),
        "waiting_person": waiting.get("person", 0),
        "waiting_client": waiting.get("client", 0),
    }


def conversations_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Conversation]:
    """Return the conversations of these ids; those that are gone are missing."""
    sql = _COLUMNS + " FROM json_each(?) j CROSS JOIN conversation c ON c.id = j.value" + _JOINED
    return {found.id: found for found in _values(reader.execute(sql, (ids_json(ids),)).fetchall())}


def conversation(reader: Reader, conversation_id: int) -> Conversation:
    """Return one conversation; raises Invalid when there is none of that id."""
    found = _values(reader.execute(_COLUMNS + _FROM + " WHERE c.id = ?", (conversation_id,)).fetchall())
    if not found:
        raise Invalid(
            f"there is no conversation {conversation_id}", code="conversation_unknown", detail=str(conversation_id)
        )
    return found[0]


def _filters(
    *,
    brand_id: int | None,
    account_id: int | None,
    kind: str | None,
    unread: bool,
    label_id: int | None,
    waiting_for: str,
    due_before: datetime | None,
) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    params: dict[str, Any] = {}
    if account_id is not None:
        where.append(_BY_ACCOUNT)
        params["account_id"] = account_id
    if brand_id is not None:
        where.append(_BY_BRAND)
        params["brand_id"] = brand_id
    if kind is not None:
        where.append(_BY_KIND)
        params["kind"] = str(kind)
    if unread:
        where.append(_BY_UNREAD)
    if label_id is not None:
        where.append(_BY_LABEL)
        params["label_id"] = label_id
    if waiting_for:
        where.append(_BY_WAITING)
        params["waiting_for"] = waiting_for
    if due_before is not None:
        where.append(_BY_DUE)
        params["due_before"] = to_ms(due_before)
    return where, params


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

_REFRESH_IDS = "CREATE TEMP TABLE IF NOT EXISTS refreshed (id INTEGER PRIMARY KEY)"
# Deleted words are neither shown as the preview nor waited for; context is not part of the talk.
_REFRESH = """
UPDATE conversation SET
  messages = s.messages, unread = s.unread, last_at = coalesce(l.created_at, conversation.last_at),
  preview = coalesce(CASE WHEN l.deleted_at IS NULL THEN substr(l.text, 1, 200) ELSE '' END, ''),
  last_in_at = s.last_in_at, last_out_at = s.last_out_at, first_in_at = s.first_in_at,
  first_out_at = CASE WHEN s.last_out_at IS NULL OR s.first_in_at IS NULL THEN NULL ELSE
    (SELECT m.created_at FROM message m WHERE m.conversation_id = conversation.id AND m.direction = 'out'
      AND m.id > s.first_in_id ORDER BY m.id LIMIT 1) END,
  kind = coalesce(f.kind, conversation.kind), identity_id = coalesce(f.identity_id, conversation.identity_id),
  contact_id = coalesce((SELECT i.contact_id FROM identity i WHERE i.id = f.identity_id), conversation.contact_id),
  language = CASE WHEN f.language <> '' THEN f.language ELSE conversation.language END,
  visibility = coalesce(n.visibility, l.visibility, conversation.visibility)
FROM (
  SELECT m.conversation_id,
    sum(m.direction <> 'context') AS messages,
    sum(m.direction = 'in' AND m.read_at IS NULL AND m.deleted_at IS NULL) AS unread,
    max(CASE WHEN m.direction <> 'context' THEN m.id END) AS last_id,
    max(CASE WHEN m.direction = 'in' THEN m.created_at END) AS last_in_at,
    max(CASE WHEN m.direction = 'out' THEN m.created_at END) AS last_out_at,
    min(CASE WHEN m.direction = 'in' THEN m.created_at END) AS first_in_at,
    min(CASE WHEN m.direction = 'in' THEN m.id END) AS first_in_id,
    max(CASE WHEN m.direction = 'in' THEN m.id END) AS last_in_id
  FROM refreshed r CROSS JOIN message m ON m.conversation_id = r.id
  GROUP BY m.conversation_id) s
LEFT JOIN message l ON l.id = s.last_id
LEFT JOIN message f ON f.id = s.first_in_id
LEFT JOIN message n ON n.id = s.last_in_id
WHERE conversation.id = s.conversation_id
"""


def refresh_conversations(tx: Transaction, ids: Iterable[int]) -> None:
    """Compute the summaries of these conversations anew from their messages, all in one statement.

    It leaves alone what people decide (state, priority, labels) and what is waiting to be sent.
    """
    with_ids(tx, ids)
    tx.conn.execute(_REFRESH)


def with_ids(tx: Transaction, ids: Iterable[int]) -> None:
    """Put `ids` into the temporary table `refreshed` of the writing connection, alone."""
    tx.conn.execute(_REFRESH_IDS)
    tx.conn.execute("DELETE FROM refreshed")
    tx.conn.execute("INSERT OR IGNORE INTO refreshed SELECT value FROM json_each(?)", (ids_json(ids),))


def refresh_outgoing(tx: Transaction, ids: Iterable[int]) -> None:
    """Set `outgoing` of these conversations to the state of their newest answer that is not out yet, else ''.

    Called by whoever changes the state of a delivery that belongs to a conversation.
    """
    tx.conn.execute(
        "UPDATE conversation SET outgoing = coalesce((SELECT d.state FROM delivery d WHERE d.conversation_id ="
        " conversation.id AND d.state NOT IN ('published', 'confirmed', 'cancelled') AND d.dismissed_at IS NULL"
        " ORDER BY d.id DESC LIMIT 1), '') WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )
