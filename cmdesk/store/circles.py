"""Circles: named groups of people, by hand or by a rule; who is in them now (K1)."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from cmdesk.circles import Fault, Rule
from cmdesk.errors import Invalid
from cmdesk.model import Circle
from cmdesk.store import settings
from cmdesk.store.changes import Topic
from cmdesk.store.circle_rules import Book, Named, Sql, condition, ids_where, named
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, moment, scalar

IN, OUT = "in", "out"
BY_HAND, BY_RULE, AS_NOTED = "hand", "rule", "noted"
FIRST = 8
_CIRCLES = "SELECT c.id, c.brand_id, c.name, c.market_id, c.rule, c.note, c.noted_at FROM circle c"
_STEPS = 20_000  # of SQLite's machine between two looks at whether a question is still wanted
_LAST_ID = "last_circle_id"


def circles(reader: Reader, brand_id: int) -> list[Circle]:
    """Return a brand's circles by name."""
    return [_circle(row) for row in fetch(reader, _CIRCLES + " WHERE c.brand_id = ? ORDER BY c.name", (brand_id,))]


def circle(reader: Reader, circle_id: int, *, brand_id: int | None = None) -> Circle:
    """Return one circle, of this brand if one is named; raises Invalid (`circle_unknown`)."""
    row = fetch_one(
        reader, _CIRCLES + " WHERE c.id = ?1 AND (?2 IS NULL OR c.brand_id = ?2)", (circle_id, brand_id)
    )  # fmt: skip
    if row is None:
        raise Invalid(f"there is no circle {circle_id}", code="circle_unknown", detail=str(circle_id))
    return _circle(row)


def circles_of(reader: Reader, contact_id: int) -> list[Circle]:
    """Return the circles a contact was put into by hand."""
    return [
        _circle(row)
        for row in fetch(
            reader,
            _CIRCLES + " JOIN circle_contact cc ON cc.circle_id = c.id AND cc.kind = 'in'"
            " WHERE cc.contact_id = ? ORDER BY c.name",
            (contact_id,),
        )
    ]


@dataclass(frozen=True, slots=True)
class Membership:
    """Why somebody is in a circle: `by` is "hand", "rule", or "noted" where the rule cannot be asked any more."""

    circle: Circle
    by: str
    since: datetime | None = None  # None: not noted yet


def memberships(reader: Reader, contact_id: int, *, now: datetime) -> list[Membership]:
    """Return every circle somebody is in, by name, each rule asked anew for this person alone."""
    row = fetch_one(reader, "SELECT brand_id FROM contact WHERE id = ? AND merged_into IS NULL", (contact_id,))
    if row is None:
        return []
    book = Book(reader, row["brand_id"], now)
    since = dict(
        reader.execute("SELECT circle_id, since FROM circle_member WHERE contact_id = ?", (contact_id,)).fetchall()
    )
    by_hand = {each.id for each in circles_of(reader, contact_id)}
    found = []
    for each in circles(reader, row["brand_id"]):
        if each.id in by_hand:
            found.append(Membership(each, BY_HAND, moment(since.get(each.id))))
        elif each.rule:
            sql, params = book.circle(each.id)
            if scalar(
                reader, " ".join(("SELECT 1 FROM contact c WHERE c.id = ? AND", sql)), (contact_id, *params)
            ):  # fmt: skip
                by = AS_NOTED if book.faults_of(each.id) else BY_RULE
                found.append(Membership(each, by, moment(since.get(each.id))))
    return found


def member_sql(reader: Reader, circle_id: int, now: datetime) -> Named:
    """Return who is in a circle now as a condition over `contact c` (of the circle's brand); raises Invalid.

    Its parameters are named `circle_<id>_…`, so that several can stand in one statement.
    """
    book = Book(reader, circle(reader, circle_id).brand_id, now)
    return named(book.circle(circle_id), f"circle_{circle_id}_")


def members(reader: Reader, circle_id: int, now: datetime, *, among: Iterable[int] | None = None) -> array[int]:
    """Return the ids of who is in a circle now: its rule or by hand, not those out by hand, nobody merged away.

    `among`: only of these people. Raises Invalid (`circle_unknown`). A broken circle holds those last noted.
    """
    found = circle(reader, circle_id)
    asked = [Book(reader, found.brand_id, now).circle(circle_id)]
    if among is not None:
        asked.insert(0, ("c.id IN (SELECT value FROM json_each(?))", [ids_json(among)]))
    sql, params = ids_where(found.brand_id, asked)
    return array("q", [row[0] for row in reader.execute(sql, params)])


def count(reader: Reader, circle_id: int, now: datetime) -> int:
    """Return how many people are in a circle now; raises Invalid (`circle_unknown`)."""
    found = circle(reader, circle_id)
    return _count(reader, found.brand_id, Book(reader, found.brand_id, now).circle(circle_id))


def counts(reader: Reader, brand_id: int, now: datetime) -> dict[int, int]:
    """Return how many people are in each circle of a brand now; not for a thread that paints."""
    book = Book(reader, brand_id, now)
    return {each: _count(reader, brand_id, book.circle(each)) for each in book.circles}


def faults_of(reader: Reader, circle_id: int, now: datetime) -> tuple[Fault, ...]:
    """Return why a circle's rule cannot be asked, () when it can; raises Invalid (`circle_unknown`)."""
    return Book(reader, circle(reader, circle_id).brand_id, now).faults_of(circle_id)


def broken(reader: Reader, brand_id: int, now: datetime) -> dict[int, tuple[Fault, ...]]:
    """Return the brand's circles whose rule cannot be asked, each with why."""
    book = Book(reader, brand_id, now)
    found = {each: book.faults_of(each) for each in book.circles}
    return {each: why for each, why in found.items() if why}


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule that is being written would hold: how many, and the ids of those seen last."""

    count: int
    first: tuple[int, ...]


def try_rule(
    reader: Reader,
    rule: Rule,
    *,
    brand_id: int,
    now: datetime,
    circle_id: int | None = None,
    first: int = FIRST,
    overtaken: Callable[[], bool] | None = None,
) -> Tried:
    """Return whom a rule names now, those by hand aside; raises Invalid for one that names what is gone.

    `overtaken` is asked now and then: True ends the question at once, with StoreError (`sqlite_9`, interrupted).
    """
    asked = condition(reader, rule, brand_id=brand_id, now=now, circle_id=circle_id)
    if overtaken is not None:
        reader.set_progress_handler(overtaken, _STEPS)
    try:
        found = _latest(reader, brand_id, asked, first)
    finally:
        if overtaken is not None:
            reader.set_progress_handler(None, 0)
    return found


def by_hand(reader: Reader, circle_id: int, kind: str = IN) -> array[int]:
    """Return the ids of those put into a circle by hand (`IN`), or out of its rule (`OUT`)."""
    rows = reader.execute(
        "SELECT o.contact_id FROM circle_contact o JOIN contact c ON c.id = o.contact_id"
        " WHERE o.circle_id = ? AND o.kind = ? AND c.merged_into IS NULL ORDER BY o.contact_id",
        (circle_id, kind),
    )
    return array("q", [row[0] for row in rows])


_IN_USE = {
    "language": "SELECT language, count(*) FROM contact WHERE brand_id = ? AND merged_into IS NULL AND language <> ''"
    " GROUP BY language",
    "country": "SELECT country, count(*) FROM contact WHERE brand_id = ? AND merged_into IS NULL AND country <> ''"
    " GROUP BY country",
    "network": "SELECT network, count(*) FROM identity WHERE brand_id = ? AND contact_id IS NOT NULL GROUP BY network",
    "case_cause": "SELECT cause, count(*) FROM care_case WHERE brand_id = ? AND cause <> '' GROUP BY cause",
}


def in_use(reader: Reader, field: str, brand_id: int, *, limit: int = 300) -> tuple[str, ...]:
    """Return what people of a brand have in a field ("language", "country", "network", "case_cause"), most first."""
    sql = " ".join((_IN_USE[field], "ORDER BY 2 DESC, 1 LIMIT ?"))
    return tuple(row[0] for row in reader.execute(sql, (brand_id, limit)))


def hands_among(reader: Reader, circle_id: int, contact_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these people were put in by hand."""
    rows = reader.execute(
        "SELECT contact_id FROM circle_contact WHERE circle_id = ? AND kind = 'in'"
        " AND contact_id IN (SELECT value FROM json_each(?))",
        (circle_id, ids_json(contact_ids)),
    )
    return frozenset(row[0] for row in rows)


def newest(reader: Reader, circle_id: int, now: datetime, *, limit: int) -> list[int]:
    """Return the ids of who is in a circle now, those seen last first."""
    found = circle(reader, circle_id)
    asked = Book(reader, found.brand_id, now).circle(circle_id)
    return list(_latest(reader, found.brand_id, asked, limit).first)


# Writing. `cmdesk.commands.circles` decides; these change rows and say what there was.


def save_circle(
    tx: Transaction,
    *,
    circle_id: int | None = None,
    brand_id: int,
    name: str,
    market_id: int | None = None,
    rule: Mapping[str, object] = MappingProxyType({}),
    note: str = "",
) -> int:
    """Save a circle and return its id; raises Invalid (`name_needed`, `name_taken`)."""
    clean = " ".join(name.split())
    if not clean or len(clean) > 100:
        raise Invalid("a name of 1 to 100 characters is needed", code="name_needed", detail="name")
    others = {each.id: each.name.casefold() for each in circles(tx.conn, brand_id)}
    mine = others.pop(circle_id or 0, "")
    if clean.casefold() != mine and clean.casefold() in others.values():
        raise Invalid(f"the name {clean!r} is taken", code="name_taken", detail=clean)
    if circle_id is None:
        circle_id = _next_id(tx)
    tx.conn.execute(
        "INSERT INTO circle (id, brand_id, name, market_id, rule, note) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, market_id = excluded.market_id, rule = excluded.rule,"
        " note = excluded.note",
        (circle_id, brand_id, clean, market_id, dump(dict(rule)), note),
    )
    tx.touch(Topic.CONTACT, brand_id)
    return circle_id


def delete_circle(tx: Transaction, circle_id: int) -> None:
    """Delete a circle with its history; its people stay. Its id becomes no other's: rules may still name it."""
    row = tx.conn.execute("DELETE FROM circle WHERE id = ? RETURNING brand_id", (circle_id,)).fetchone()
    if row is not None:
        last = int(settings.meta(tx.conn, _LAST_ID) or 0)
        settings.put_meta(tx, _LAST_ID, str(max(last, circle_id)))
        tx.touch(Topic.CONTACT, row[0])


def set_hands(tx: Transaction, circle_id: int, contact_ids: Iterable[int], kind: str | None) -> None:
    """Note people of the circle's brand as in (`IN`) or out (`OUT`) by hand, or neither (None)."""
    ids = ids_json(contact_ids)
    if kind is None:
        tx.conn.execute(
            "DELETE FROM circle_contact WHERE circle_id = ? AND contact_id IN (SELECT value FROM json_each(?))",
            (circle_id, ids),
        )
    else:
        tx.conn.execute(
            "INSERT INTO circle_contact (circle_id, contact_id, kind, at) SELECT k.id, c.id, ?, ? FROM circle k"
            " JOIN contact c ON c.brand_id = k.brand_id AND c.merged_into IS NULL"
            " WHERE k.id = ? AND c.id IN (SELECT value FROM json_each(?))"
            " ON CONFLICT DO UPDATE SET kind = excluded.kind, at = excluded.at WHERE kind <> excluded.kind",
            (kind, tx.now_ms, circle_id, ids),
        )


def _next_id(tx: Transaction) -> int:
    highest = scalar(tx.conn, "SELECT coalesce(max(id), 0) FROM circle")
    return int(max(highest, int(settings.meta(tx.conn, _LAST_ID) or 0))) + 1


def _count(reader: Reader, brand_id: int, asked: Sql) -> int:
    sql, params = ids_where(brand_id, [asked])
    found: int = scalar(reader, " ".join(("SELECT count(*) FROM (", sql, ")")), params)
    return found


def _latest(reader: Reader, brand_id: int, asked: Sql, limit: int) -> Tried:
    """Return how many fulfil a condition and the ids of those seen last; everybody is asked once."""
    sql, params = ids_where(brand_id, [asked])
    rows = reader.execute(
        " ".join((
            "WITH them AS MATERIALIZED (SELECT id, last_seen_at FROM contact WHERE id IN (", sql, "))",
            "SELECT id, (SELECT count(*) FROM them) FROM them ORDER BY last_seen_at DESC, id DESC LIMIT ?",
        )), (*params, limit),
    ).fetchall()  # fmt: skip
    return Tried(rows[0][1] if rows else 0, tuple(row[0] for row in rows))


def _circle(row: sqlite3.Row) -> Circle:
    return Circle(
        row["id"], row["brand_id"], row["name"], row["market_id"], load(row["rule"]) or {}, row["note"],
        moment(row["noted_at"]),
    )  # fmt: skip
