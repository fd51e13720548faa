"""The raw rows of a brand's month, read on one snapshot; cmdesk.reports makes figures of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import CalendarItem, Publication
from cmdesk.store.db import Reader
from cmdesk.store.planning import calendar_items
from cmdesk.store.rows import fetch, scalar


@dataclass(frozen=True, slots=True)
class Word:
    """One message as far as care is measured: when, in which conversation, from whom (`incoming`).

    `state` is the conversation's state now (model.ConversationState).
    """

    conversation_id: int
    at: datetime
    incoming: bool
    kind: str
    state: str = "open"
    sentiment: str = ""  # '' where nobody judged it


@dataclass(frozen=True, slots=True)
class Sign:
    """A like, boost or follow."""

    at: datetime
    account_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that the network no longer let us read."""

    account_id: int
    noticed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """An own post with the picture and lateness that its delivery knows."""

    publication: Publication
    media_file: str = ""
    media_alt: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonthRows:
    """Everything stored of a brand between two instants, and its plan for the next stretch.

    `month_ends` are (month "2026-03", account, last follower figure of it) of the year that ends with the stretch.
    """

    words: tuple[Word, ...]
    signs: tuple[Sign, ...]
    published: tuple[Published, ...]
    month_ends: tuple[tuple[str, int, float], ...]
    followers: dict[int, tuple[tuple[date, float], ...]]
    gaps: tuple[Gap, ...]
    plan: tuple[CalendarItem, ...]


def month_rows(
    reader: Reader,
    *,
    brand_id: int,
    start: datetime,
    end: datetime,
    plan_end: datetime,
    first_day: date,
    last_day: date,
) -> MonthRows:
    """Read [start, end) of a brand; `followers` reaches one day back so that a month has something to start from."""
    span = {"brand": brand_id, "start": to_ms(start), "end": to_ms(end)}
    return MonthRows(
        words=_words(reader, span),
        signs=_signs(reader, span),
        published=_published(reader, span),
        month_ends=_month_ends(reader, brand_id, last_day),
        followers=_followers(reader, brand_id, first_day, last_day),
        gaps=_gaps(reader, span),
        plan=tuple(calendar_items(reader, brand_id=brand_id, start=end, end=plan_end)),
    )


def known_since(reader: Reader, brand_id: int) -> datetime | None:
    """Return the earliest moment of which a brand has anything stored, None for an empty brand."""
    found = [
        scalar(reader, sql, (brand_id,))
        for sql in (
            "SELECT min(created_at) FROM publication WHERE brand_id = ? AND parent_id = ''",
            "SELECT created_at FROM message WHERE brand_id = ? AND direction <> 'context' ORDER BY id LIMIT 1",
            "SELECT min(at) FROM event WHERE brand_id = ?",
            "SELECT CAST(strftime('%s', min(m.day)) AS INTEGER) * 1000 FROM metric m JOIN account a"
            " ON a.id = m.account_id WHERE a.brand_id = ?",
        )
    ]
    known = [each for each in found if each is not None]
    return from_ms(min(known)) if known else None


def _words(reader: Reader, span: dict[str, int]) -> tuple[Word, ...]:
    # Ids follow time, so the primary key bounds the month; answers up to a week later still close a question. An
    # answer that went out and was not read back yet exists as its delivery only.
    rows = reader.execute(
        "SELECT m.conversation_id, m.created_at, m.direction = 'in', m.kind, c.state, coalesce(t.sentiment, '')"
        " FROM message m JOIN conversation c ON c.id = m.conversation_id LEFT JOIN triage t ON t.message_id = m.id"
        " WHERE m.id >= (:start << 20) AND m.id < ((:end + 604800000) << 20) AND m.brand_id = :brand"
        " AND m.direction IN ('in', 'out') AND m.deleted_at IS NULL"
        " UNION ALL SELECT d.conversation_id, d.published_at, 0, 'own', c.state, '' FROM delivery d"
        " JOIN conversation c ON c.id = d.conversation_id"
        " WHERE d.brand_id = :brand AND d.published_at >= :start AND d.published_at < :end + 604800000"
        " AND d.state IN ('published', 'confirmed') AND NOT EXISTS (SELECT 1 FROM message o"
        " WHERE o.account_id = d.account_id AND o.remote_id = d.remote_id)"
        " ORDER BY 1, 2, 3",
        span,
    )
    return tuple(
        Word(conversation, from_ms(at), bool(incoming), kind, state, sentiment)
        for conversation, at, incoming, kind, state, sentiment in rows
    )


def _signs(reader: Reader, span: dict[str, int]) -> tuple[Sign, ...]:
    rows = reader.execute(
        "SELECT at, account_id, kind FROM event WHERE brand_id = :brand AND at >= :start AND at < :end ORDER BY at, id",
        span,
    )
    return tuple(Sign(from_ms(at), account_id, kind) for at, account_id, kind in rows)


def _published(reader: Reader, span: dict[str, int]) -> tuple[Published, ...]:
    rows = fetch(
        reader,
        "SELECT p.*, d.media AS sealed_media, d.due_at AS due_at, m.file AS media_file FROM publication p"
        " LEFT JOIN delivery d ON d.id = p.delivery_id"
        " LEFT JOIN media m ON m.id = json_extract(d.media, '$[0][0]') AND m.brand_id = p.brand_id"
        " WHERE p.brand_id = :brand AND p.created_at >= :start AND p.created_at < :end AND p.deleted_at IS NULL"
        " AND p.parent_id = '' AND p.visibility <> 'direct' ORDER BY p.created_at, p.id",
        span,
    )
    found: list[Published] = []
    for row in rows:
        sealed = json.loads(row["sealed_media"]) if row["sealed_media"] else []
        publication = Publication(
            id=row["id"], brand_id=row["brand_id"], account_id=row["account_id"], remote_id=row["remote_id"],
            text=row["text"], created_at=from_ms(row["created_at"]), url=row["url"], delivery_id=row["delivery_id"],
            media_url=row["media_url"], media_alt=row["media_alt"], favourites=row["favourites"],
            boosts=row["boosts"], replies=row["replies"], quotes=row["quotes"], views=row["views"],
        )  # fmt: skip
        found.append(
            Published(
                publication,
                media_file=row["media_file"] or "",
                media_alt=sealed[0][1] if sealed else row["media_alt"],
                due_at=None if row["due_at"] is None else from_ms(row["due_at"]),
            )
        )
    return tuple(found)


def _followers(
    reader: Reader, brand_id: int, first_day: date, last_day: date
) -> dict[int, tuple[tuple[date, float], ...]]:
    found: dict[int, list[tuple[date, float]]] = {}
    rows = reader.execute(
        "SELECT m.account_id, m.day, m.value FROM metric m JOIN account a ON a.id = m.account_id"
        " WHERE a.brand_id = ? AND m.name = 'followers' AND m.day >= ? AND m.day <= ? ORDER BY m.account_id, m.day",
        (brand_id, first_day.isoformat(), last_day.isoformat()),
    )
    for account_id, day, value in rows:
        found.setdefault(account_id, []).append((date.fromisoformat(day), value))
    return {account_id: tuple(points) for account_id, points in found.items()}


def _month_ends(reader: Reader, brand_id: int, last_day: date) -> tuple[tuple[str, int, float], ...]:
    first = date(last_day.year - (last_day.month < 12), last_day.month % 12 + 1, 1)
    rows = reader.execute(
        "SELECT substr(m.day, 1, 7), m.account_id, m.value, max(m.day) FROM metric m JOIN account a"
        " ON a.id = m.account_id WHERE a.brand_id = ? AND m.name = 'followers' AND m.day >= ? AND m.day <= ?"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        (brand_id, first.isoformat(), last_day.isoformat()),
    )
    return tuple((month, account_id, value) for month, account_id, value, _day in rows)


def _gaps(reader: Reader, span: dict[str, int]) -> tuple[Gap, ...]:
    rows = reader.execute(
        "SELECT g.account_id, g.noticed_at, g.reason FROM gap g JOIN account a ON a.id = g.account_id"
        " WHERE a.brand_id = :brand AND g.noticed_at >= :start AND g.noticed_at < :end AND g.closed_at IS NULL"
        " ORDER BY g.noticed_at, g.id",
        span,
    )
    return tuple(Gap(account_id, from_ms(at), reason) for account_id, at, reason in rows)
