"""Campaigns and their posts, labels of posts, and the notes at the heads of days."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Campaign, DayNote
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.post_content import set_labels
from cmdesk.store.rows import fetch, ids_json, moment, scalar

MAX_NAME = 100
MAX_NOTE = 500

# Campaigns


def campaigns(reader: Reader, brand_id: int | None, *, archived: bool = False) -> list[Campaign]:
    """Return a brand's campaigns (None: every brand's), those under way first, then by start and name."""
    rows = fetch(
        reader,
        "SELECT * FROM campaign WHERE (?1 IS NULL OR brand_id = ?1) AND (?2 OR archived_at IS NULL)"
        " ORDER BY archived_at IS NOT NULL, coalesce(starts, '9999'), name COLLATE NOCASE, id",
        (brand_id, archived),
    )
    return [_campaign(row) for row in rows]


def campaign(reader: Reader, campaign_id: int) -> Campaign:
    """Return one campaign; raises Invalid (`campaign_unknown`)."""
    rows = fetch(reader, "SELECT * FROM campaign WHERE id = ?", (campaign_id,))
    if not rows:
        raise Invalid(f"there is no campaign {campaign_id}", code="campaign_unknown", detail=str(campaign_id))
    return _campaign(rows[0])


def posts_of(reader: Reader, campaign_id: int) -> list[int]:
    """Return the ids of a campaign's posts that are not deleted."""
    return [
        row[0]
        for row in reader.execute(
            "SELECT id FROM post WHERE campaign_id = ? AND deleted_at IS NULL AND kind = 'post' ORDER BY id",
            (campaign_id,),
        )
    ]


def post_counts(reader: Reader) -> dict[int, int]:
    """Return how many posts each campaign has; one without posts is missing."""
    return dict(
        reader.execute(
            "SELECT campaign_id, count(*) FROM post WHERE campaign_id IS NOT NULL AND deleted_at IS NULL"
            " AND kind = 'post' GROUP BY campaign_id"
        )
    )


def save_campaign(tx: Transaction, made: Campaign) -> int:
    """Keep a campaign (id 0: a new one) and return its id.

    Raises Invalid: `name_needed`, `name_taken`, `day_unreadable`, `days_reversed`, `campaign_unknown`.
    """
    name = " ".join(made.name.split())
    if not name or len(name) > MAX_NAME:
        raise Invalid("a campaign needs a name of 1 to 100 characters", code="name_needed", detail="name")
    taken = tx.conn.execute(
        "SELECT 1 FROM campaign WHERE brand_id = ? AND name = ? COLLATE NOCASE AND id <> ?",
        (made.brand_id, name, made.id),
    ).fetchone()
    if taken:
        raise Invalid(f"the name {name!r} is taken", code="name_taken", detail=name)
    starts, ends = _day(made.starts), _day(made.ends)
    if starts and ends and ends < starts:
        raise Invalid("it ends before it starts", code="days_reversed", detail=ends)
    row = tx.conn.execute(
        "INSERT INTO campaign (id, brand_id, name, goal, color, starts, ends, archived_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, goal = excluded.goal, color = excluded.color,"
        " starts = excluded.starts, ends = excluded.ends, archived_at = excluded.archived_at RETURNING id",
        (
            made.id or None, made.brand_id, name, made.goal.strip(), made.color, starts or None, ends or None,
            None if made.archived_at is None else to_ms(made.archived_at),
        ),
    ).fetchone()  # fmt: skip
    tx.touch(Topic.POST, made.brand_id)
    return int(row[0])


def delete_campaign(tx: Transaction, campaign_id: int) -> None:
    """Delete a campaign; its posts stay, without it."""
    row = tx.conn.execute("DELETE FROM campaign WHERE id = ? RETURNING brand_id", (campaign_id,)).fetchone()
    if row is not None:
        tx.touch(Topic.POST, row[0])


def campaigns_of(reader: Reader, post_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the campaign of each of these posts."""
    return dict(
        reader.execute(
            "SELECT id, campaign_id FROM post WHERE id IN (SELECT value FROM json_each(?))", (ids_json(post_ids),)
        )
    )


def put_in_campaigns(tx: Transaction, by_post: Mapping[int, int | None]) -> None:
    """Put posts into campaigns of their brands (None: into none); raises Invalid (`wrong_brand`, `post_unknown`)."""
    for post_id, campaign_id in by_post.items():
        brand_id = scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,))
        if brand_id is None:
            raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
        if campaign_id is not None and campaign(tx.conn, campaign_id).brand_id != brand_id:
            raise Invalid("the campaign is another brand's", code="wrong_brand", detail=str(campaign_id))
        tx.conn.execute("UPDATE post SET campaign_id = ? WHERE id = ?", (campaign_id, post_id))
        tx.touch(Topic.POST, brand_id, post_id)


def busy(reader: Reader, *, without: Iterable[int] = ()) -> list[tuple[int, datetime]]:
    """Return (account, time) of every plan but those of these posts."""
    rows = reader.execute(
        "SELECT t.account_id, t.due_at FROM post_target t JOIN post p ON p.id = t.post_id WHERE t.due_at IS NOT NULL"
        " AND p.deleted_at IS NULL AND p.kind = 'post' AND p.id NOT IN (SELECT value FROM json_each(?))",
        (ids_json(without),),
    )
    return [(account_id, from_ms(due)) for account_id, due in rows]


# Labels


def labels_of(reader: Reader, post_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the labels of each of these posts, () for one that has none."""
    ids = list(post_ids)
    found: dict[int, tuple[int, ...]] = dict.fromkeys(ids, ())
    for post_id, label_id in reader.execute(
        "SELECT post_id, label_id FROM post_label WHERE post_id IN (SELECT value FROM json_each(?))"
        " ORDER BY post_id, label_id",
        (ids_json(ids),),
    ):
        found[post_id] = (*found[post_id], label_id)
    return found


def put_labels(tx: Transaction, by_post: Mapping[int, Iterable[int]]) -> None:
    """Give posts exactly these labels of their brands; raises Invalid (`wrong_brand`)."""
    for post_id, labels in by_post.items():
        set_labels(tx, post_id, labels)
        tx.touch(Topic.POST, scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,)) or 0, post_id)


# Notes


def day_notes(reader: Reader, *, brand_ids: Iterable[int] | None, start: date, end: date) -> list[DayNote]:
    """Return the notes of [start, end] of these brands (None: all) and of every brand, as they were written."""
    wanted = None if brand_ids is None else ids_json(brand_ids)
    return [
        DayNote(note_id, brand_id, date.fromisoformat(day), text)
        for note_id, brand_id, day, text in reader.execute(
            "SELECT id, brand_id, day, text FROM day_note WHERE day >= ?1 AND day <= ?2 AND (?3 IS NULL"
            " OR brand_id IS NULL OR brand_id IN (SELECT value FROM json_each(?3))) ORDER BY day, id",
            (start.isoformat(), end.isoformat(), wanted),
        )
    ]


def day_note(reader: Reader, note_id: int) -> DayNote:
    """Return one note; raises Invalid (`note_unknown`)."""
    row = reader.execute("SELECT id, brand_id, day, text FROM day_note WHERE id = ?", (note_id,)).fetchone()
    if row is None:
        raise Invalid(f"there is no note {note_id}", code="note_unknown", detail=str(note_id))
    return DayNote(row[0], row[1], date.fromisoformat(row[2]), row[3])


def save_note(tx: Transaction, note: DayNote) -> int:
    """Keep a note (id 0: a new one) and return its id; raises Invalid (`empty_text`, `text_too_long`)."""
    text = note.text.strip()
    if not text:
        raise Invalid("a note needs words", code="empty_text", detail="text")
    if len(text) > MAX_NOTE:
        raise Invalid("a note has at most 500 characters", code="text_too_long", detail=str(len(text)))
    row = tx.conn.execute(
        "INSERT INTO day_note (id, brand_id, day, text, created_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET brand_id = excluded.brand_id, day = excluded.day, text = excluded.text"
        " RETURNING id",
        (note.id or None, note.brand_id, note.day.isoformat(), text, tx.now_ms),
    ).fetchone()
    tx.touch(Topic.POST, note.brand_id or 0)
    return int(row[0])


def delete_note(tx: Transaction, note_id: int) -> None:
    """Delete a note."""
    row = tx.conn.execute("DELETE FROM day_note WHERE id = ? RETURNING brand_id", (note_id,)).fetchone()
    if row is not None:
        tx.touch(Topic.POST, row[0] or 0)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"{text!r} is not a day", code="day_unreadable", detail=text[:20]) from None


def _campaign(row: sqlite3.Row) -> Campaign:
    return Campaign(
        id=row["id"],
        brand_id=row["brand_id"],
        name=row["name"],
        goal=row["goal"],
        color=row["color"],
        starts=row["starts"] or "",
        ends=row["ends"] or "",
        archived_at=moment(row["archived_at"]),
    )
