"""Service levels of brands and their markets as they are stored, and the deadlines that follow from them (H1, H3-H6).

`conversation.due_at` is when the first answer to the first incoming message without one is due, on service time; it is
empty where there is no such message or no deadline, and once the conversation is solved or ignored. A case's
`solve_due_at` follows from the hour it was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cmdesk.care.hours import NeverOpens, add_service_time, check_level
from cmdesk.care.values import ServiceLevel
from cmdesk.clock import from_ms, to_ms
from cmdesk.store.away import Away, away, outside, told_hours
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.levels import holiday_places, level, level_of_conversation, levels, own_level, zone_of
from cmdesk.store.rows import fetch, ids_json, scalar

__all__ = [
    "Away",
    "away",
    "holiday_places",
    "level",
    "level_of_conversation",
    "levels",
    "outside",
    "own_level",
    "refresh_deadlines",
    "refresh_due",
    "refresh_windows",
    "remove_level",
    "save_level",
    "solve_due",
    "told_hours",
    "windows_closing",
]

# Writing


def save_level(tx: Transaction, wanted: ServiceLevel) -> ServiceLevel | None:
    """Keep a level (its zone is the brand's or the market's) and set the open deadlines anew; returns what was there.

    Raises Invalid as `care.hours.check_level` does, and `market_unknown`.
    """
    zone = zone_of(tx.conn, wanted.brand_id, wanted.market_id)
    wanted = replace(wanted, zone=zone)
    check_level(wanted)
    before = own_level(tx.conn, wanted.brand_id, wanted.market_id)
    _forget(tx, wanted.brand_id, wanted.market_id)
    market = wanted.market_id or None
    tx.conn.execute(
        "INSERT INTO service_level (brand_id, market_id, first_answer_min, solution_min, country, region,"
        " other_channels) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            wanted.brand_id,
            wanted.market_id,
            wanted.first_answer_min,
            wanted.solution_min,
            wanted.country,
            wanted.region,
            wanted.other_channels.strip(),
        ),
    )
    tx.conn.executemany(
        "INSERT INTO service_hours (brand_id, market_id, weekday, opens, closes, valid_from, valid_to)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                wanted.brand_id,
                market,
                each.weekday,
                each.opens,
                each.closes,
                each.valid_from or None,
                each.valid_to or None,
            )
            for each in wanted.shifts
        ],
    )
    days = {each.day: each for each in wanted.closures}
    tx.conn.executemany(
        "INSERT INTO own_holiday (brand_id, market_id, day, name, closed) VALUES (?, ?, ?, ?, ?)",
        [(wanted.brand_id, market, day.isoformat(), each.name, each.closed) for day, each in days.items()],
    )
    _changed(tx, wanted.brand_id)
    return before


def remove_level(tx: Transaction, brand_id: int, market_id: int = 0) -> ServiceLevel | None:
    """Forget a level: a market has the brand's again, a brand is always open; returns what was there."""
    before = own_level(tx.conn, brand_id, market_id)
    if before is not None:
        _forget(tx, brand_id, market_id)
        _changed(tx, brand_id)
    return before


def _forget(tx: Transaction, brand_id: int, market_id: int) -> None:
    mine = (brand_id, market_id or None)
    tx.conn.execute("DELETE FROM service_hours WHERE brand_id = ? AND market_id IS ?", mine)
    tx.conn.execute("DELETE FROM own_holiday WHERE brand_id = ? AND market_id IS ?", mine)
    tx.conn.execute("DELETE FROM service_level WHERE brand_id = ? AND market_id = ?", (brand_id, market_id))


def _changed(tx: Transaction, brand_id: int) -> None:
    tx.touch(Topic.CARE, brand_id)
    refresh_deadlines(tx, brand_id)


# Deadlines

# When the first words since we last spoke were said, whether the network has shown our answer yet or not.
_UNANSWERED = (
    "SELECT c.id, c.brand_id, coalesce(p.market_id, 0), c.due_at,"
    " CASE WHEN c.state IN ('solved', 'ignored') THEN NULL ELSE"
    " (SELECT min(m.created_at) FROM message m WHERE m.conversation_id = c.id AND m.direction = 'in'"
    " AND m.deleted_at IS NULL AND m.created_at >= max(coalesce(c.last_out_at, 0), coalesce((SELECT"
    " max(d.published_at) FROM delivery d WHERE d.conversation_id = c.id"
    " AND d.state IN ('published', 'confirmed')), 0)))"
    " END FROM json_each(?) j CROSS JOIN conversation c ON c.id = j.value LEFT JOIN contact p ON p.id = c.contact_id"
)
_ANY_DEADLINE = (
    "SELECT 1 FROM service_level WHERE first_answer_min IS NOT NULL AND (?1 IS NULL OR brand_id = ?1) LIMIT 1"
)
_MERGED = "SELECT id, merged_into FROM conversation WHERE merged_into IS NOT NULL"
_OPEN_OF_BRAND = "SELECT id FROM conversation WHERE brand_id = ? AND state IN ('open', 'waiting', 'snoozed')"


def refresh_due(tx: Transaction, conversation_ids: Iterable[int], *, brand_id: int | None = None) -> None:
    """Set the deadlines of the first answers of these conversations anew; nothing is asked where there are none.

    `brand_id` says that they are all of that brand. What others were merged into is due with the first of them.
    """
    ids = set(conversation_ids)
    if ids and scalar(tx.conn, _ANY_DEADLINE, (brand_id,)) is not None:
        _set_due(tx, ids)


def _set_due(tx: Transaction, ids: set[int]) -> None:
    whole_of: dict[int, int] = dict(tx.conn.execute(_MERGED).fetchall())
    wholes = {whole_of.get(each, each) for each in ids}
    ids = ids | wholes | {part for part, whole in whole_of.items() if whole in wholes}
    known: dict[tuple[int, int], ServiceLevel] = {}
    found: dict[int, tuple[int, int | None, int | None]] = {}
    for number, brand, market, before, since in tx.conn.execute(_UNANSWERED, (ids_json(ids),)).fetchall():
        due = None
        if since is not None:
            if (brand, market) not in known:
                known[brand, market] = level(tx.conn, brand, market)
            mine = known[brand, market]
            at = _due(mine, from_ms(since), mine.first_answer_min)
            due = None if at is None else to_ms(at)
        found[number] = brand, before, due
    for part, whole in whole_of.items():
        if part in found and whole in found:
            both = [each for each in (found[part][2], found[whole][2]) if each is not None]
            found[whole] = (*found[whole][:2], min(both, default=None))
    changed = {number: each for number, each in found.items() if each[1] != each[2]}
    tx.conn.executemany(
        "UPDATE conversation SET due_at = ? WHERE id = ?", [(due, number) for number, (_, _, due) in changed.items()]
    )
    for number, (brand, _before, _due_at) in changed.items():
        tx.touch(Topic.CONVERSATION, brand, number)


def solve_due(
    reader: Reader, opened_at: datetime, *, conversation_id: int | None = None, brand_id: int | None = None
) -> datetime | None:
    """Return when a case opened then has to be solved, None where there is no deadline; name one of the two ids."""
    if conversation_id is not None:
        found = level_of_conversation(reader, conversation_id)
    else:
        found = level(reader, brand_id or 0)
    return _due(found, opened_at, found.solution_min)


def refresh_deadlines(tx: Transaction, brand_id: int) -> None:
    """Set every open deadline of a brand anew: first answers and solutions of cases, after its hours changed."""
    _set_due(tx, {row[0] for row in tx.conn.execute(_OPEN_OF_BRAND, (brand_id,))})
    rows = fetch(
        tx.conn,
        "SELECT k.id, k.opened_at, k.solve_due_at, coalesce(p.market_id, 0) AS market_id FROM care_case k"
        " LEFT JOIN contact p ON p.id = k.contact_id WHERE k.brand_id = ? AND k.state IN ('open', 'client')",
        (brand_id,),
    )
    known: dict[int, ServiceLevel] = {}
    for row in rows:
        market = row["market_id"]
        if market not in known:
            known[market] = level(tx.conn, brand_id, market)
        at = _due(known[market], from_ms(row["opened_at"]), known[market].solution_min)
        due = None if at is None else to_ms(at)
        if due != row["solve_due_at"]:
            tx.conn.execute("UPDATE care_case SET solve_due_at = ? WHERE id = ?", (due, row["id"]))
            tx.touch(Topic.CASE, brand_id, row["id"])


# A network takes an answer for so long after the person's last words, by the kind of conversation (N15).
_SET_WINDOW = (
    "UPDATE conversation SET window_until = last_in_at + ?2 WHERE id IN (SELECT value FROM json_each(?1))"
    " AND kind = ?3 AND window_until IS NOT last_in_at + ?2"
)


def refresh_windows(tx: Transaction, conversation_ids: Iterable[int], capabilities: Mapping[str, Any]) -> None:
    """Set until when the network takes an answer, from what its account can do; most networks have no such limit."""
    windows = capabilities.get("reply_window_s")
    if not isinstance(windows, Mapping) or not windows:
        return
    ids = ids_json(conversation_ids)
    for kind, seconds in windows.items():
        tx.conn.execute(_SET_WINDOW, (ids, round(float(seconds) * 1000), str(kind)))


def windows_closing(reader: Reader, *, after: datetime, until: datetime) -> list[tuple[int, int, datetime]]:
    """Return (brand, conversation, until) of what is open and unanswered and whose window ends in a stretch of time."""
    return [
        (brand_id, conversation_id, from_ms(at))
        for brand_id, conversation_id, at in reader.execute(
            "SELECT brand_id, id, window_until FROM conversation WHERE state = 'open' AND window_until > ?"
            " AND window_until <= ? AND (last_out_at IS NULL OR last_out_at < last_in_at) AND merged_into IS NULL"
            " ORDER BY window_until",
            (to_ms(after), to_ms(until)),
        )
    ]


def _due(found: ServiceLevel, since: datetime, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    try:
        return add_service_time(found, since, minutes)
    except (NeverOpens, OverflowError):
        return None  # hours that never come set no clock; the screen of the hours says so
