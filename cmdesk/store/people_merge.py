"""Two people shown as one: every row that is theirs moved, and how all of it was (R12).

The one that is merged stays as a row without anything (`merged_into`), so that what is moved can go back exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.people.doubles import Known
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.people import refresh_known_as, touch
from cmdesk.store.rows import fetch, ids_json, scalar

# What names a person by its contact: how it is found, how it is given to another.
_OWNED = {
    "identity": (
        "SELECT id FROM identity WHERE contact_id = ?",
        "UPDATE identity SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "conversation": (
        "SELECT id FROM conversation WHERE contact_id = ?",
        "UPDATE conversation SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "care_case": (
        "SELECT id FROM care_case WHERE contact_id = ?",
        "UPDATE care_case SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "wish": (
        "SELECT id FROM wish WHERE contact_id = ?",
        "UPDATE wish SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "activity": (
        "SELECT id FROM activity WHERE contact_id = ?",
        "UPDATE activity SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "post": (
        "SELECT id FROM post WHERE person_id = ?",
        "UPDATE post SET person_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "circle_event": (
        "SELECT id FROM circle_event WHERE contact_id = ?",
        "UPDATE circle_event SET contact_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
    "contact": (
        "SELECT id FROM contact WHERE merged_into = ?",
        "UPDATE contact SET merged_into = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    ),
}
_TOPICS = {"conversation": Topic.CONVERSATION, "care_case": Topic.CASE, "wish": Topic.CARE, "post": Topic.POST}

# What is kept once a person: both have it, so the rows of both are kept to go back.
_SHARED = {
    "contact_value": "SELECT * FROM contact_value WHERE contact_id IN (?1, ?2)",
    "circle_contact": "SELECT * FROM circle_contact WHERE contact_id IN (?1, ?2)",
    "circle_member": "SELECT * FROM circle_member WHERE contact_id IN (?1, ?2)",
    "merge_refused": "SELECT * FROM merge_refused WHERE one_id IN (?1, ?2) OR other_id IN (?1, ?2)",
}
_CLEAR = {
    "contact_value": "DELETE FROM contact_value WHERE contact_id IN (?1, ?2)",
    "circle_contact": "DELETE FROM circle_contact WHERE contact_id IN (?1, ?2)",
    "circle_member": "DELETE FROM circle_member WHERE contact_id IN (?1, ?2)",
    "merge_refused": "DELETE FROM merge_refused WHERE one_id IN (?1, ?2) OR other_id IN (?1, ?2)",
}
_JOIN = (
    "INSERT OR IGNORE INTO circle_contact (circle_id, contact_id, kind, at)"
    " SELECT circle_id, ?1, kind, at FROM circle_contact WHERE contact_id = ?2",
    "INSERT INTO circle_member (circle_id, contact_id, since)"
    " SELECT circle_id, ?1, since FROM circle_member WHERE contact_id = ?2"
    " ON CONFLICT DO UPDATE SET since = min(since, excluded.since)",
    "INSERT OR IGNORE INTO merge_refused (one_id, other_id, at) SELECT min(x.other, ?1), max(x.other, ?1), x.at FROM"
    " (SELECT CASE one_id WHEN ?2 THEN other_id ELSE one_id END AS other, at FROM merge_refused"
    " WHERE ?2 IN (one_id, other_id)) x WHERE x.other <> ?1",
    "DELETE FROM circle_contact WHERE contact_id = ?2 AND ?1 = ?1",
    "DELETE FROM circle_member WHERE contact_id = ?2 AND ?1 = ?1",
    "DELETE FROM contact_value WHERE contact_id = ?2 AND ?1 = ?1",
)

Owned = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Before:
    """How two people were before they became one: what the second owned, and the rows of both."""

    kept: int
    gone: int
    owned: Owned
    shared: Mapping[str, tuple[Mapping[str, Any], ...]]
    columns: Mapping[str, Any]  # of the one that stayed, as far as they changed


def owned(reader: Reader, contact_id: int) -> Owned:
    """Return the ids of everything that is a person's, by table."""
    return {
        table: tuple(row[0] for row in reader.execute(select, (contact_id,)))
        for table, (select, _update) in _OWNED.items()
    }


def of_identity(reader: Reader, identity_id: int) -> Owned:
    """Return what hangs on one profile of a person: its conversations with their cases, wishes and lines."""
    talks = tuple(
        row[0]
        for row in reader.execute(
            "SELECT v.id FROM identity i CROSS JOIN conversation v ON v.contact_id = i.contact_id"
            " WHERE i.id = ?1 AND v.identity_id = ?1",
            (identity_id,),
        )
    )
    which = ids_json(talks)
    found = {
        table: tuple(row[0] for row in reader.execute(sql, (which, identity_id))) for table, sql in _OF_TALKS.items()
    }
    return {"identity": (identity_id,), "conversation": talks, **found}


_OF_TALKS = {
    "care_case": (
        "SELECT k.id FROM json_each(?1) j CROSS JOIN care_case k ON k.conversation_id = j.value"
        " WHERE k.contact_id = (SELECT contact_id FROM identity WHERE id = ?2)"
    ),
    "wish": (
        "SELECT w.id FROM wish w WHERE w.contact_id = (SELECT contact_id FROM identity WHERE id = ?2)"
        " AND w.conversation_id IN (SELECT value FROM json_each(?1))"
    ),
    "activity": (
        "SELECT a.id FROM json_each(?1) j CROSS JOIN activity a ON a.conversation_id = j.value"
        " WHERE a.contact_id = (SELECT contact_id FROM identity WHERE id = ?2)"
    ),
}


def give(tx: Transaction, brand_id: int, things: Owned, to: int) -> None:
    """Give rows to a person, with the deadlines of the conversations and the people's searched names."""
    losers = [
        row[0]
        for row in tx.conn.execute(
            "SELECT DISTINCT contact_id FROM identity WHERE id IN (SELECT value FROM json_each(?))"
            " AND contact_id IS NOT NULL",
            (ids_json(things.get("identity", ())),),
        )
    ]
    for table, ids in things.items():
        if ids:
            tx.conn.execute(_OWNED[table][1], (to, ids_json(ids)))
            if table in _TOPICS:
                tx.touch(_TOPICS[table], brand_id, *ids[:1_000])
    refresh_known_as(tx, {to, *losers})
    refresh_due(tx, things.get("conversation", ()), brand_id=brand_id)
    touch(tx, brand_id, [to, *losers])


def join(
    tx: Transaction, brand_id: int, kept: int, gone: int, columns: Mapping[str, Any], values: Mapping[int, str]
) -> Before:
    """Make `gone` part of `kept`, whose columns and own values are these from here on; returns how both were."""
    things = owned(tx.conn, gone)
    shared = {table: tuple(map(dict, fetch(tx.conn, sql, (kept, gone)))) for table, sql in _SHARED.items()}
    give(tx, brand_id, things, kept)
    for statement in _JOIN:
        tx.conn.execute(statement, (kept, gone))
    tx.conn.execute("DELETE FROM contact_value WHERE contact_id = ?", (kept,))
    tx.conn.executemany(
        "INSERT INTO contact_value (contact_id, field_id, value) VALUES (?, ?, ?)",
        [(kept, field_id, value) for field_id, value in values.items() if value],
    )
    was = set_columns(tx, kept, columns)
    tx.conn.execute("UPDATE contact SET merged_into = ? WHERE id = ?", (kept, gone))
    return Before(kept, gone, things, shared, was)


def part(tx: Transaction, brand_id: int, before: Before) -> None:
    """Take a merge back: both people are what they were, what came to the second's profiles since goes with it."""
    tx.conn.execute("UPDATE contact SET merged_into = NULL WHERE id = ?", (before.gone,))
    set_columns(tx, before.kept, before.columns)
    since = {
        table: tuple(row[0] for row in tx.conn.execute(sql, (before.kept, ids_json(before.owned.get("identity", ())))))
        for table, sql in _SINCE.items()
    }
    things = {table: tuple({*ids, *since.get(table, ())}) for table, ids in before.owned.items()}
    give(tx, brand_id, things, before.gone)
    for table, rows in before.shared.items():
        tx.conn.execute(_CLEAR[table], (before.kept, before.gone))
        put_rows(tx, table, rows)
    refresh_known_as(tx, [before.kept, before.gone])


_SINCE = {
    "conversation": (
        "SELECT id FROM conversation WHERE contact_id = ?1 AND identity_id IN (SELECT value FROM json_each(?2))"
    ),
    "care_case": (
        "SELECT k.id FROM care_case k JOIN conversation v ON v.id = k.conversation_id WHERE k.contact_id = ?1"
        " AND v.identity_id IN (SELECT value FROM json_each(?2))"
    ),
}


def set_columns(tx: Transaction, contact_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Set columns of a contact with its search; returns those that changed as they were."""
    if not columns:
        return {}
    names = ", ".join(columns)
    sql = " ".join(("SELECT", names, "FROM contact WHERE id = ?"))
    now = dict(fetch(tx.conn, sql, (contact_id,))[0])
    changed = {name: value for name, value in columns.items() if now[name] != value}
    if changed:
        fts.take_out(tx, "contact", [contact_id])
        sets = ", ".join(" ".join((name, "= ?")) for name in changed)
        update = " ".join(("UPDATE contact SET", sets, "WHERE id = ?"))
        tx.conn.execute(update, (*changed.values(), contact_id))
        fts.put_in(tx, "contact", [contact_id])
    return {name: now[name] for name in changed}


def put_rows(tx: Transaction, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as they were; those of what is gone meanwhile (a field, a circle, a person) are left out."""
    for row in rows:
        marks = ", ".join("?" for _column in row)
        sql = " ".join(("INSERT OR IGNORE INTO", table, "(", ", ".join(row), ") SELECT", marks, "WHERE", _STILL[table]))
        tx.conn.execute(sql, (*row.values(), *(row[name] for name in _PARENTS[table])))


_STILL = {
    "contact_value": "EXISTS (SELECT 1 FROM contact_field WHERE id = ?)",
    "circle_contact": "EXISTS (SELECT 1 FROM circle WHERE id = ?)",
    "circle_member": "EXISTS (SELECT 1 FROM circle WHERE id = ?)",
    "merge_refused": "EXISTS (SELECT 1 FROM contact WHERE id = ?) AND EXISTS (SELECT 1 FROM contact WHERE id = ?)",
}
_PARENTS = {
    "contact_value": ("field_id",),
    "circle_contact": ("circle_id",),
    "circle_member": ("circle_id",),
    "merge_refused": ("one_id", "other_id"),
}


# Who may be the same


def refuse(tx: Transaction, one: int, other: int) -> bool:
    """Remember that two people are not the same; says whether that is new."""
    first, second = sorted((one, other))
    done = tx.conn.execute(
        "INSERT OR IGNORE INTO merge_refused (one_id, other_id, at) VALUES (?, ?, ?)", (first, second, tx.now_ms)
    )
    return done.rowcount > 0


def unrefuse(tx: Transaction, one: int, other: int) -> None:
    """Forget that two people were said not to be the same."""
    first, second = sorted((one, other))
    tx.conn.execute("DELETE FROM merge_refused WHERE one_id = ? AND other_id = ?", (first, second))


def refused(reader: Reader, brand_id: int) -> set[tuple[int, int]]:
    """Return the pairs of a brand of whom a person said that they are two."""
    rows = reader.execute(
        "SELECT r.one_id, r.other_id FROM merge_refused r JOIN contact c ON c.id = r.one_id WHERE c.brand_id = ?",
        (brand_id,),
    )
    return {(row[0], row[1]) for row in rows}


_KNOWN = (
    "SELECT c.id, c.name, c.language, CASE WHEN c.notes || c.came_from || c.likes || c.bought || c.expects = '' THEN ''"
    " ELSE c.notes || char(10) || c.came_from || char(10) || c.likes || char(10) || c.bought || char(10) || c.expects"
    " END FROM contact c WHERE c.brand_id = ? AND c.merged_into IS NULL ORDER BY c.id"
)
_PROFILES = (
    "SELECT contact_id, network, handle, profile_url FROM identity WHERE brand_id = ? AND contact_id IS NOT NULL"
    " ORDER BY contact_id, id"
)


def known(reader: Reader, brand_id: int) -> Iterable[Known]:
    """Return what is compared of a brand's people, one at a time."""
    profiles: dict[int, list[tuple[str, str, str]]] = {}
    for contact_id, network, handle, url in reader.execute(_PROFILES, (brand_id,)):
        profiles.setdefault(contact_id, []).append((network, handle, url))
    for contact_id, name, language, words in reader.execute(_KNOWN, (brand_id,)):
        yield Known(contact_id, name, language, words, tuple(profiles.get(contact_id, ())))


def weight(reader: Reader, contact_id: int) -> tuple[int, int]:
    """Return how much is known of a person: conversations and profiles; the one with more is proposed to stay."""
    talks = int(scalar(reader, "SELECT count(*) FROM conversation WHERE contact_id = ?", (contact_id,)))
    profiles = int(scalar(reader, "SELECT count(*) FROM identity WHERE contact_id = ?", (contact_id,)))
    return talks, profiles


def seen(reader: Reader, contact_id: int) -> dict[str, int | None]:
    """Return when a person was first and last heard in their conversations, as columns."""
    first, last = reader.execute(
        "SELECT min(first_in_at), max(last_in_at) FROM conversation WHERE contact_id = ?", (contact_id,)
    ).fetchone()
    return {"first_seen_at": first, "last_seen_at": last}
