"""What a crisis report counts: messages and negatives by hour, and how many conversations were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.verdict import SURE
from cmdesk.clock import from_ms, to_ms
from cmdesk.store.db import Reader

_HOUR_MS = 3_600_000
_IDS = 20  # a message's id is its time in milliseconds, shifted by so many bits (schema.sql)


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a crisis."""

    start: datetime
    messages: int
    negative: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Conversations with something new in a time, and how many of them got an answer in it."""

    people: int
    answered: int
    waiting: int  # open, and the last word is theirs


def hours(reader: Reader, *, brand_id: int, start: datetime, end: datetime) -> list[Hour]:
    """Return every hour from `start` to `end` (brand 0: of all brands), quiet ones included."""
    first = to_ms(start) // _HOUR_MS
    last = max(first, (to_ms(end) - 1) // _HOUR_MS)
    found: dict[int, tuple[int, int]] = {
        row[0]: (row[1], row[2])
        for row in reader.execute(
            "SELECT m.created_at / ?4, count(*),"
            " coalesce(sum(t.sentiment = 'negative' AND t.confidence >= ?5), 0) FROM message m"
            " LEFT JOIN triage t ON t.message_id = m.id WHERE m.id >= ?1 AND m.id < ?2"
            " AND (?3 = 0 OR m.brand_id = ?3) AND m.direction = 'in' GROUP BY 1",
            (to_ms(start) << _IDS, to_ms(end) << _IDS, brand_id, _HOUR_MS, SURE),
        )
    }
    return [Hour(from_ms(hour * _HOUR_MS), *found.get(hour, (0, 0))) for hour in range(first, last + 1)]


def answers(reader: Reader, *, brand_id: int, start: datetime, end: datetime) -> Answers:
    """Return how the people who wrote between `start` and `end` were answered by `end`."""
    row = reader.execute(
        "SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM message o WHERE o.conversation_id = c.id AND o.id >= ?1"
        " AND o.id < ?2 AND o.direction = 'out')), 0),"
        " coalesce(sum(c.state = 'open' AND coalesce(c.last_in_at, 0) > coalesce(c.last_out_at, 0)), 0)"
        " FROM conversation c WHERE c.id IN (SELECT m.conversation_id FROM message m WHERE m.id >= ?1 AND m.id < ?2"
        " AND (?3 = 0 OR m.brand_id = ?3) AND m.direction = 'in')",
        (to_ms(start) << _IDS, to_ms(end) << _IDS, brand_id),
    ).fetchone()
    return Answers(row[0], row[1], row[2])
