"""People written down by hand or taken in from a file: rows, identities without a network's number, who opted out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Contact, Identity
from cmdesk.people.handles import BY_HAND, EMAIL, PHONE
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.contacts import contacts_by_id, next_id, retire_ids
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.hours import refresh_due
from cmdesk.store.rows import dump, fetch, ids_json, scalar

_NAMED = 1_000  # more changed people than this are announced as "some of them"


def touch(tx: Transaction, brand_id: int, ids: Sequence[int]) -> None:
    """Announce changed people: by id where they are few."""
    tx.touch(Topic.CONTACT, brand_id, *(ids if len(ids) <= _NAMED else ()))


def opted_out(reader: Reader, ids: Iterable[int]) -> frozenset[int]:
    """Return those of these people who asked not to be addressed (U11); who was merged counts as who they are now."""
    rows = reader.execute(
        "SELECT c.id FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value"
        " LEFT JOIN contact w ON w.id = c.merged_into WHERE coalesce(w.opt_out, c.opt_out) = 1",
        (ids_json(ids),),
    )
    return frozenset(row[0] for row in rows)


def of_brand(reader: Reader, ids: Iterable[int], brand_id: int) -> list[int]:
    """Return these ids, each once; raises Invalid: `contact_unknown`, `wrong_brand`."""
    wanted = list(dict.fromkeys(ids))
    known = dict(
        reader.execute(
            "SELECT c.id, c.brand_id FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value", (ids_json(wanted),)
        ).fetchall()
    )
    for each in wanted:
        if each not in known:
            raise Invalid(f"there is no contact {each}", code="contact_unknown", detail=str(each))
        if known[each] != brand_id:
            raise Invalid("this belongs to another brand", code="wrong_brand", detail=str(each))
    return wanted


def stands_for(reader: Reader, contact_id: int) -> int:
    """Return whom a contact is shown as: itself, or the one it was merged into."""
    found: int | None = scalar(reader, "SELECT merged_into FROM contact WHERE id = ?", (contact_id,))
    return contact_id if found is None else found


def brands_of(reader: Reader, ids: Iterable[int]) -> dict[int, list[int]]:
    """Return these people by brand."""
    found: dict[int, list[int]] = {}
    for contact_id, brand_id in reader.execute(
        "SELECT c.id, c.brand_id FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value", (ids_json(ids),)
    ):
        found.setdefault(brand_id, []).append(contact_id)
    return found


# Adding and taking away

_COLUMNS = (
    "brand_id", "name", "language", "country", "market_id", "notes", "came_from", "expects", "likes", "bought",
    "advocate", "opt_out", "opt_out_at", "opt_out_note", "origin", "created_at", "known_as",
)  # fmt: skip
_INSERT = f"INSERT INTO contact (id, {', '.join(_COLUMNS)}) VALUES (?, {', '.join('?' for _each in _COLUMNS)})"
_DEFAULTS: Mapping[str, Any] = {"advocate": 0, "opt_out": 0, "market_id": None, "opt_out_at": None}


def add(tx: Transaction, brand_id: int, people: Sequence[Mapping[str, Any]], *, again: Sequence[int] = ()) -> list[int]:
    """Add contacts (columns by name, `name` needed) and return their ids; the callers checked the values.

    `again` are the ids they had before they were taken back: theirs again when all are free.
    """
    first = next_id(tx.conn)
    fits = len(again) == len(people) and not known_ids(tx.conn, again)
    ids = list(again) if fits else list(range(first, first + len(people)))
    tx.conn.executemany(
        _INSERT,
        [
            (
                contact_id,
                *(
                    {"brand_id": brand_id, "created_at": tx.now_ms, **each}.get(column, _DEFAULTS.get(column, ""))
                    for column in _COLUMNS
                ),
            )
            for contact_id, each in zip(ids, people, strict=True)
        ],
    )
    fts.put_in(tx, "contact", ids)
    touch(tx, brand_id, ids)
    return ids


def add_identities(tx: Transaction, brand_id: int, rows: Iterable[tuple[int, str, str]]) -> list[int]:
    """Give contacts profiles by (contact, network, handle); returns the identities' ids.

    The handle stands for a number until the network tells it. Callers made sure that nobody else has it.
    """
    first: int = scalar(tx.conn, "SELECT coalesce(max(id), 0) + 1 FROM identity")
    made = [
        (number, brand_id, contact_id, network, remote_id(network, handle), handle)
        for number, (contact_id, network, handle) in enumerate(rows, first)
    ]
    tx.conn.executemany(
        "INSERT INTO identity (id, brand_id, contact_id, network, remote_id, handle) VALUES (?, ?, ?, ?, ?, ?)", made
    )
    refresh_known_as(tx, dict.fromkeys(row[2] for row in made))
    return [row[0] for row in made]


def remove_identities(tx: Transaction, ids: Iterable[int]) -> None:
    """Take profiles away from their contacts for good."""
    gone = tx.conn.execute(
        "DELETE FROM identity WHERE id IN (SELECT value FROM json_each(?)) RETURNING contact_id", (ids_json(ids),)
    ).fetchall()
    refresh_known_as(tx, {row[0] for row in gone if row[0] is not None})


def remove(tx: Transaction, brand_id: int, ids: Sequence[int]) -> None:
    """Delete contacts and their identities; their conversations stay without them."""
    which = ids_json(ids)
    fts.take_out(tx, "contact", ids)
    tx.conn.execute("DELETE FROM identity WHERE contact_id IN (SELECT value FROM json_each(?))", (which,))
    tx.conn.execute("DELETE FROM contact WHERE id IN (SELECT value FROM json_each(?))", (which,))
    retire_ids(tx, ids)
    touch(tx, brand_id, ids)


def in_use(reader: Reader, ids: Iterable[int]) -> list[int]:
    """Return those of these people who have conversations, cases or wishes: they are no mere notes any more."""
    which = ids_json(ids)
    rows = reader.execute(
        "SELECT j.value FROM json_each(?1) j WHERE EXISTS (SELECT 1 FROM conversation v WHERE v.contact_id = j.value)"
        " OR EXISTS (SELECT 1 FROM care_case k WHERE k.contact_id = j.value)"
        " UNION SELECT w.contact_id FROM wish w WHERE w.contact_id IN (SELECT value FROM json_each(?1))"
        " UNION SELECT x.merged_into FROM contact x WHERE x.merged_into IN (SELECT value FROM json_each(?1))",
        (which,),
    )
    return sorted(row[0] for row in rows)


def remote_id(network: str, handle: str) -> str:
    """Return the remote id of a profile that was written down: an address itself, else `BY_HAND` and the handle."""
    return handle if network in (EMAIL, PHONE) else f"{BY_HAND}{handle.casefold()}"


def refresh_known_as(tx: Transaction, ids: Iterable[int]) -> None:
    """Let people be found by the names and handles their identities have now, a number without its country, too."""
    wanted = list(ids)
    if not wanted:
        return
    fts.take_out(tx, "contact", wanted)
    tx.conn.execute(
        "UPDATE contact SET known_as = coalesce((SELECT group_concat(i.name || ' ' || i.handle ||"
        " iif(i.network = 'phone', ' ' || substr(i.handle, -9), ''), ' ') FROM identity i"
        " WHERE i.contact_id = contact.id), '') WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(wanted),),
    )
    fts.put_in(tx, "contact", wanted)


# Changing many

_SET = {
    "language": "UPDATE contact SET language = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "country": "UPDATE contact SET country = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "market_id": "UPDATE contact SET market_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "advocate": "UPDATE contact SET advocate = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "opt_out": "UPDATE contact SET opt_out = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "opt_out_at": "UPDATE contact SET opt_out_at = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "opt_out_note": "UPDATE contact SET opt_out_note = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "came_from": "UPDATE contact SET came_from = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "expects": "UPDATE contact SET expects = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "likes": "UPDATE contact SET likes = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "bought": "UPDATE contact SET bought = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "name": "UPDATE contact SET name = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
    "notes": "UPDATE contact SET notes = ?1 WHERE id IN (SELECT value FROM json_each(?2))",
}
_GET = {
    name: f"SELECT c.id, c.{name} FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value"  # a column's own name
    for name in _SET
}
COLUMNS = tuple(_SET)
"""What can be set of people."""

_SEARCHED = frozenset({"name", "notes"})

Groups = tuple[tuple[str, Any, tuple[int, ...]], ...]
"""What people were: (column, value, ids), as few groups as there are values."""


def were(reader: Reader, ids: Iterable[int], columns: Iterable[str]) -> Groups:
    """Return how these columns of these people are now, grouped by value."""
    which = ids_json(ids)
    found: list[tuple[str, Any, tuple[int, ...]]] = []
    for column in columns:
        groups: dict[Any, list[int]] = {}
        for contact_id, value in reader.execute(_GET[column], (which,)):
            groups.setdefault(value, []).append(contact_id)
        found += [(column, value, tuple(members)) for value, members in groups.items()]
    return tuple(found)


def put(tx: Transaction, brand_id: int, groups: Groups) -> None:
    """Set columns of people group by group, with the search and the deadlines that hang on them."""
    everybody = list(dict.fromkeys(each for _column, _value, ids in groups for each in ids))
    searched = list(dict.fromkeys(each for column, _value, ids in groups if column in _SEARCHED for each in ids))
    if searched:
        fts.take_out(tx, "contact", searched)
    for column, value, ids in groups:
        tx.conn.execute(_SET[column], (value, ids_json(ids)))
    if searched:
        fts.put_in(tx, "contact", searched)
    moved = [each for column, _value, ids in groups if column == "market_id" for each in ids]
    if moved:
        refresh_due(
            tx,
            [
                row[0]
                for row in tx.conn.execute(
                    "SELECT v.id FROM json_each(?) j CROSS JOIN conversation v ON v.contact_id = j.value",
                    (ids_json(moved),),
                )
            ],
            brand_id=brand_id,
        )
    touch(tx, brand_id, everybody)


def known(reader: Reader, ids: Iterable[int]) -> dict[int, Contact]:
    """Return these people as values."""
    return contacts_by_id(reader, ids)


def known_ids(reader: Reader, ids: Iterable[int]) -> list[int]:
    """Return those of these people who are there."""
    rows = reader.execute(
        "SELECT c.id FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value", (ids_json(dict.fromkeys(ids)),)
    )
    return [row[0] for row in rows]


def name_of(reader: Reader, contact_id: int) -> str:
    """Return a person's name, '' for nobody's id."""
    return str(scalar(reader, "SELECT name FROM contact WHERE id = ?", (contact_id,)) or "")


# Identities


def identity(reader: Reader, identity_id: int) -> Identity:
    """Return one profile; raises Invalid (`identity_unknown`)."""
    row = reader.execute(
        "SELECT id, brand_id, contact_id, network, remote_id, handle, name, avatar_url, profile_url, followers"
        " FROM identity WHERE id = ?",
        (identity_id,),
    ).fetchone()
    if row is None:
        raise Invalid(f"there is no profile {identity_id}", code="identity_unknown", detail=str(identity_id))
    return Identity(*row)


def heard(reader: Reader, identity_id: int) -> bool:
    """Say whether a profile is one that a network told of, not one that was only written down."""
    found = identity(reader, identity_id)
    if found.network not in (EMAIL, PHONE) and not found.remote_id.startswith(BY_HAND):
        return True
    return bool(scalar(reader, "SELECT 1 FROM conversation WHERE identity_id = ?", (identity_id,)))


def owners(reader: Reader, brand_id: int, handles: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return whose these (network, handle) are; where several people have one, the one of the oldest profile."""
    wanted = {(network, handle.casefold()): (network, handle) for network, handle in handles}
    found: dict[tuple[str, str], int] = {}
    if not wanted:
        return found
    for network, handle, contact_id in reader.execute(
        "SELECT network, handle, contact_id FROM identity WHERE brand_id = ? AND contact_id IS NOT NULL"
        " AND network IN (SELECT value FROM json_each(?)) ORDER BY id",
        (brand_id, dump(sorted({each[0] for each in wanted}))),
    ):
        key = network, handle.casefold()
        if key in wanted:
            found.setdefault(wanted[key], contact_id)
    return found


# Taken away to be brought back


@dataclass(frozen=True, slots=True)
class Snapshot:
    """People with everything that goes with them when they are deleted: rows by table, as they are stored."""

    rows: Mapping[str, tuple[Mapping[str, Any], ...]]


_OF_PEOPLE = {
    "contact": "SELECT * FROM contact WHERE id IN (SELECT value FROM json_each(?))",
    "identity": "SELECT * FROM identity WHERE contact_id IN (SELECT value FROM json_each(?))",
    "contact_value": "SELECT * FROM contact_value WHERE contact_id IN (SELECT value FROM json_each(?))",
    "circle_contact": "SELECT * FROM circle_contact WHERE contact_id IN (SELECT value FROM json_each(?))",
    "circle_member": "SELECT * FROM circle_member WHERE contact_id IN (SELECT value FROM json_each(?))",
    "circle_event": "SELECT * FROM circle_event WHERE contact_id IN (SELECT value FROM json_each(?))",
    "merge_refused": (
        "SELECT * FROM merge_refused WHERE one_id IN (SELECT value FROM json_each(?1))"
        " OR other_id IN (SELECT value FROM json_each(?1))"
    ),
}
# A row of what is no longer there (a field, a circle) is not brought back.
_STILL = {
    "contact_value": "SELECT id FROM contact_field",
    "circle_contact": "SELECT id FROM circle",
    "circle_member": "SELECT id FROM circle",
    "circle_event": "SELECT id FROM circle",
}
_PARENT = {
    "contact_value": "field_id", "circle_contact": "circle_id", "circle_member": "circle_id",
    "circle_event": "circle_id",
}  # fmt: skip


def snapshot(reader: Reader, ids: Iterable[int]) -> Snapshot:
    """Return these people with all that is deleted with them."""
    which = ids_json(ids)
    return Snapshot({table: tuple(map(dict, fetch(reader, sql, (which,)))) for table, sql in _OF_PEOPLE.items()})


def ids_of(kept: Snapshot) -> list[int]:
    """Return the people of a snapshot."""
    return [row["id"] for row in kept.rows["contact"]]


def put_back(tx: Transaction, brand_id: int, kept: Snapshot) -> None:
    """Bring people back under their old ids; raises Conflict (`in_use`) when an id or a profile is another's by now."""
    ids = ids_of(kept)
    if known_ids(tx.conn, ids):
        raise Conflict("their place is taken", code="in_use", detail=str(ids[0]))
    for table, found in kept.rows.items():
        there = {row[0] for row in tx.conn.execute(_STILL[table])} if table in _STILL else None
        good = [row for row in found if there is None or row[_PARENT[table]] in there]
        if good:
            marks = ", ".join("?" for _column in good[0])
            sql = " ".join(("INSERT INTO", table, "(", ", ".join(good[0]), ") VALUES (", marks, ")"))
            try:
                tx.conn.executemany(sql, [tuple(row.values()) for row in good])
            except sqlite3.IntegrityError as error:
                raise Conflict("their place is taken", code="in_use", detail=table) from error
    fts.put_in(tx, "contact", ids)
    touch(tx, brand_id, ids)


def still_by_hand(reader: Reader, identity_id: int) -> bool:
    """Say whether a profile is there and is still one that was only written down."""
    row = reader.execute("SELECT network, remote_id FROM identity WHERE id = ?", (identity_id,)).fetchone()
    return row is not None and (row[0] in (EMAIL, PHONE) or row[1].startswith(BY_HAND))
