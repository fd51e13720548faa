"""Who is in a circle as last written down, and who came and went since, each with why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import Circle
from cmdesk.store import circles, settings
from cmdesk.store.changes import Topic
from cmdesk.store.circle_rules import Book, ids_where
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, ids_json, scalar, stamp

HAND, RULE, IMPORT, MERGE = "hand", "rule", "import", "merge"
EVERY = timedelta(days=1)
_NOTED = "circles_noted_"  # of a brand: when, in ms
_MANY = 500  # so many changed people are named to the screens; more are "some"


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody came into a circle (`joined`) or left it; `why` is "hand", "rule", "import" or "merge"."""

    id: int
    circle_id: int
    contact_id: int
    joined: bool
    why: str
    at: datetime


def events(reader: Reader, circle_id: int, *, before: int | None = None, limit: int = 100) -> list[Event]:
    """Return who came and went, newest first, those before the event `before`."""
    return _events(
        reader,
        "SELECT * FROM circle_event WHERE circle_id = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
        (circle_id, before, limit),
    )


def events_of(reader: Reader, contact_id: int, *, limit: int = 50) -> list[Event]:
    """Return the circles somebody came into and left, newest first."""
    return _events(
        reader,
        "SELECT * FROM circle_event WHERE contact_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        (contact_id, limit),
    )


def figures(reader: Reader, circle_id: int, since: datetime) -> tuple[int, int]:
    """Return how many came and how many left since then."""
    came, left = reader.execute(
        "SELECT total(joined), total(NOT joined) FROM circle_event WHERE circle_id = ? AND at >= ?",
        (circle_id, to_ms(since)),
    ).fetchone()
    return int(came), int(left)


def due(reader: Reader, now: datetime) -> list[int]:
    """Return the brands whose circles were not noted for a day."""
    rows = reader.execute(
        "SELECT b.id FROM brand b LEFT JOIN meta m ON m.key = ?1 || b.id WHERE b.archived_at IS NULL"
        " AND coalesce(CAST(m.value AS INTEGER), 0) <= ?2 AND EXISTS (SELECT 1 FROM circle k WHERE k.brand_id = b.id)",
        (_NOTED, to_ms(now - EVERY)),
    )
    return [row[0] for row in rows]


def circle_ids(reader: Reader, brand_id: int) -> list[int]:
    """Return the ids of a brand's circles: `note_circle` each, so that none holds the writer for long."""
    return [row[0] for row in reader.execute("SELECT id FROM circle WHERE brand_id = ? ORDER BY id", (brand_id,))]


def noted(tx: Transaction, brand_id: int) -> None:
    """Remember that a brand's circles were noted today."""
    settings.put_meta(tx, "".join((_NOTED, str(brand_id))), str(tx.now_ms))


def note(tx: Transaction, brand_id: int, why: str = RULE) -> None:
    """Note all circles of a brand in one transaction."""
    for each in circle_ids(tx.conn, brand_id):
        note_circle(tx, each, why)
    noted(tx, brand_id)


def note_circle(tx: Transaction, circle_id: int, why: str = RULE, contact_ids: Iterable[int] | None = None) -> Standing:
    """Write down who is in a circle now and who came and went; returns how those stood before.

    `contact_ids`: look at these alone. The first time everybody is written down nobody has come.
    """
    found = circles.circle(tx.conn, circle_id)
    sql, params = ids_where(found.brand_id, [Book(tx.conn, found.brand_id, tx.now).circle(circle_id)])
    wanted = None if contact_ids is None else ids_json(contact_ids)
    if wanted is not None:
        sql, params = " ".join((sql, "AND c.id IN (SELECT value FROM json_each(?))")), [*params, wanted]
    tx.conn.execute("CREATE TEMP TABLE IF NOT EXISTS circle_now (id INTEGER PRIMARY KEY)")
    tx.conn.execute("DELETE FROM circle_now")
    tx.conn.execute(" ".join(("INSERT INTO circle_now", sql)), params)
    came = [row[0] for row in tx.conn.execute(_CAME, (circle_id,))]
    left = [row[0] for row in tx.conn.execute(_LEFT, (circle_id, wanted))]
    before = standing(tx.conn, circle_id, [*came, *left])
    if wanted is not None or found.noted_at is not None:
        tx.conn.execute(
            _EVENT_CAME, {"circle": circle_id, "ids": ids_json(came), "why": why, "at": tx.now_ms}
        )  # fmt: skip
        tx.conn.execute(
            _EVENT_LEFT, {"circle": circle_id, "ids": ids_json(left), "why": why, "at": tx.now_ms}
        )  # fmt: skip
    tx.conn.execute(
        "INSERT INTO circle_member (circle_id, contact_id, since) SELECT ?, value, ? FROM json_each(?)",
        (circle_id, tx.now_ms, ids_json(came)),
    )
    tx.conn.execute(
        "DELETE FROM circle_member WHERE circle_id = ? AND contact_id IN (SELECT value FROM json_each(?))",
        (circle_id, ids_json(left)),
    )
    if wanted is None:
        tx.conn.execute("UPDATE circle SET noted_at = ? WHERE id = ?", (tx.now_ms, circle_id))
    if came or left:
        _touch(tx, found.brand_id, [*came, *left])
    return before


_CAME = (
    "SELECT n.id FROM circle_now n WHERE n.id NOT IN (SELECT m.contact_id FROM circle_member m WHERE m.circle_id = ?)"
)
_LEFT = (
    "SELECT m.contact_id FROM circle_member m WHERE m.circle_id = ?1"
    " AND m.contact_id NOT IN (SELECT id FROM circle_now)"
    " AND (?2 IS NULL OR m.contact_id IN (SELECT value FROM json_each(?2)))"
)
_EVENT_CAME = (
    "INSERT INTO circle_event (circle_id, contact_id, joined, why, at) SELECT :circle, j.value, 1,"
    " CASE WHEN :why = 'rule' AND o.kind = 'in' THEN 'hand' ELSE :why END, :at FROM json_each(:ids) j"
    " LEFT JOIN circle_contact o ON o.circle_id = :circle AND o.contact_id = j.value"
)
_EVENT_LEFT = (
    "INSERT INTO circle_event (circle_id, contact_id, joined, why, at) SELECT :circle, j.value, 0,"
    " CASE WHEN :why = 'rule' AND o.kind = 'out' THEN 'hand' ELSE :why END, :at FROM json_each(:ids) j"
    " LEFT JOIN circle_contact o ON o.circle_id = :circle AND o.contact_id = j.value"
)


# Exactly back


@dataclass(frozen=True, slots=True)
class Standing:
    """How some people (None: all) stood in a circle: by hand, as noted, and their history there."""

    circle_id: int
    people: tuple[int, ...] | None
    hands: tuple[tuple[int, str, int | None], ...] = ()  # contact, kind, at
    members: tuple[tuple[int, int], ...] = ()  # contact, since
    events: tuple[tuple[int, int, int, str, int], ...] = ()  # id, contact, joined, why, at


@dataclass(frozen=True, slots=True)
class Kept:
    """A circle as it was: its row (None: there was none), and how people stood in it."""

    circle_id: int
    circle: Circle | None
    standing: Standing


def standing(reader: Reader, circle_id: int, people: Iterable[int] | None = None) -> Standing:
    """Return how people stand in a circle now."""
    chosen = None if people is None else tuple(people)
    ids = None if chosen is None else ids_json(chosen)
    return Standing(
        circle_id,
        chosen,
        *(tuple(reader.execute(_STOOD[name], (circle_id, ids)).fetchall()) for name in ("hands", "members", "events")),
    )


_CHOSEN = "circle_id = ?1 AND (?2 IS NULL OR contact_id IN (SELECT value FROM json_each(?2)))"
_STOOD = {
    "hands": f"SELECT contact_id, kind, at FROM circle_contact WHERE {_CHOSEN}",
    "members": f"SELECT contact_id, since FROM circle_member WHERE {_CHOSEN}",
    "events": f"SELECT id, contact_id, joined, why, at FROM circle_event WHERE {_CHOSEN}",
}
_CLEAR = (
    f"DELETE FROM circle_contact WHERE {_CHOSEN}",
    f"DELETE FROM circle_member WHERE {_CHOSEN}",
    f"DELETE FROM circle_event WHERE {_CHOSEN}",
)


def kept(reader: Reader, circle_id: int, people: Iterable[int] | None = None) -> Kept:
    """Return a circle as it is, with how these people (None: all) stand in it."""
    row = reader.execute("SELECT 1 FROM circle WHERE id = ?", (circle_id,)).fetchone()
    found = None if row is None else circles.circle(reader, circle_id)
    return Kept(circle_id, found, standing(reader, circle_id, people))


def put_back(tx: Transaction, was: Kept) -> Kept:
    """Make a circle exactly what it was and return what it is until now.

    People, and a market, that are gone meanwhile stay gone; raises Invalid (`name_taken`).
    """
    now = kept(tx.conn, was.circle_id, was.standing.people)
    if was.circle is None:
        circles.delete_circle(tx, was.circle_id)
        return now
    old = was.circle
    market = scalar(tx.conn, "SELECT id FROM market WHERE id = ? AND brand_id = ?", (old.market_id, old.brand_id))
    circles.save_circle(
        tx, circle_id=old.id, brand_id=old.brand_id, name=old.name, market_id=market, rule=old.rule, note=old.note
    )
    tx.conn.execute("UPDATE circle SET noted_at = ? WHERE id = ?", (stamp(old.noted_at), old.id))
    stood = was.standing
    chosen = None if stood.people is None else ids_json(stood.people)
    for sql in _CLEAR:
        tx.conn.execute(sql, (old.id, chosen))
    for sql, rows in (
        ("INSERT INTO circle_contact (circle_id, contact_id, kind, at)", stood.hands),
        ("INSERT INTO circle_member (circle_id, contact_id, since)", stood.members),
        ("INSERT INTO circle_event (circle_id, id, contact_id, joined, why, at)", stood.events),
    ):
        _insert(tx, sql, old.id, rows)
    _touch(tx, old.brand_id, [] if stood.people is None else stood.people)
    return now


def _insert(tx: Transaction, into: str, circle_id: int, rows: tuple[tuple[Any, ...], ...]) -> None:
    if not rows:
        return
    places = ["".join(("j.value ->> ", str(at))) for at in range(len(rows[0]))]
    contact = places[1] if "circle_event" in into else places[0]
    sql = " ".join(
        (into, "SELECT ?,", ", ".join(places), "FROM json_each(?) j JOIN contact c ON c.id =", contact)
    )  # fmt: skip
    tx.conn.execute(sql, (circle_id, dump(rows)))


def _touch(tx: Transaction, brand_id: int, ids: Iterable[int]) -> None:
    some = list(ids)
    tx.touch(Topic.CONTACT, brand_id, *(some if len(some) <= _MANY else ()))


def _events(reader: Reader, sql: str, params: tuple[Any, ...]) -> list[Event]:
    return [_event(row) for row in fetch(reader, sql, params)]


def _event(row: sqlite3.Row) -> Event:
    return Event(
        row["id"], row["circle_id"], row["contact_id"], bool(row["joined"]), row["why"], from_ms(row["at"])
    )  # fmt: skip
