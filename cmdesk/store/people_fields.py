"""A brand's own fields about people and the values people have in them (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.people.fields import MAX_FIELDS, MAX_NAME, FieldKind, OwnField
from cmdesk.safe_text import clean_line
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.people import touch
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, scalar

_FIELDS = "SELECT id, brand_id, name, kind, choices, position FROM contact_field"

Values = tuple[tuple[int, int, str], ...]
"""Values of people: (contact, field, value); '' is none."""


def fields(reader: Reader, brand_id: int | None) -> list[OwnField]:
    """Return a brand's own fields (None: of all brands) in their order."""
    rows = fetch(reader, _FIELDS + " WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY brand_id, position, id", (brand_id,))
    return [_field(row) for row in rows]


def field(reader: Reader, field_id: int, *, brand_id: int | None = None) -> OwnField:
    """Return one field, of this brand if one is named; raises Invalid (`field_unknown`)."""
    row = fetch_one(reader, _FIELDS + " WHERE id = ?1 AND (?2 IS NULL OR brand_id = ?2)", (field_id, brand_id))
    if row is None:
        raise Invalid(f"there is no field {field_id}", code="field_unknown", detail=str(field_id))
    return _field(row)


def values(reader: Reader, contact_id: int) -> dict[int, str]:
    """Return what a person has in own fields, by field."""
    return dict(
        reader.execute("SELECT field_id, value FROM contact_value WHERE contact_id = ?", (contact_id,)).fetchall()
    )


def values_of(reader: Reader, ids: Iterable[int], field_ids: Iterable[int] | None = None) -> Values:
    """Return the values of these people, in these fields (None: in all)."""
    wanted = None if field_ids is None else ids_json(field_ids)
    rows = reader.execute(
        "SELECT x.contact_id, x.field_id, x.value FROM json_each(?1) j CROSS JOIN contact_value x"
        " ON x.contact_id = j.value WHERE ?2 IS NULL OR x.field_id IN (SELECT value FROM json_each(?2))",
        (ids_json(ids), wanted),
    )
    return tuple(rows.fetchall())


def in_field(reader: Reader, field_id: int) -> Values:
    """Return everybody's value of one field."""
    return tuple(
        reader.execute(
            "SELECT contact_id, field_id, value FROM contact_value WHERE field_id = ?", (field_id,)
        ).fetchall()
    )


def use_count(reader: Reader, field_id: int) -> int:
    """Return how many people have a value in a field."""
    return int(scalar(reader, "SELECT count(*) FROM contact_value WHERE field_id = ?", (field_id,)))


def put_values(tx: Transaction, brand_id: int, found: Sequence[tuple[int, int, str]]) -> None:
    """Keep values of people; '' takes one away. Callers checked people, fields and values."""
    tx.conn.executemany(
        "DELETE FROM contact_value WHERE contact_id = ? AND field_id = ?",
        [(contact_id, field_id) for contact_id, field_id, value in found if not value],
    )
    tx.conn.executemany(
        "INSERT INTO contact_value (contact_id, field_id, value) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        [each for each in found if each[2]],
    )
    touch(tx, brand_id, list(dict.fromkeys(each[0] for each in found)))


def save(
    tx: Transaction, *, brand_id: int, name: str, kind: FieldKind, choices: Sequence[str] = (),
    field_id: int | None = None, position: int | None = None,
) -> int:  # fmt: skip
    """Keep a field and return its id; raises Invalid (`name_needed`, `name_taken`, `field_many`)."""
    clean = clean_line(name, limit=MAX_NAME + 1).strip()
    if not clean or len(clean) > MAX_NAME:
        raise Invalid("a name of 1 to 60 characters is needed", code="name_needed", detail="name")
    if scalar(
        tx.conn, "SELECT 1 FROM contact_field WHERE brand_id = ? AND name = ? AND id <> ?",
        (brand_id, clean, field_id or 0),
    ):  # fmt: skip
        raise Invalid(f"the name {clean!r} is taken", code="name_taken", detail=clean)
    there, last = tx.conn.execute(
        "SELECT count(*), coalesce(max(position), -1) FROM contact_field WHERE brand_id = ? AND id <> ?",
        (brand_id, field_id or 0),
    ).fetchone()
    if there >= MAX_FIELDS:
        raise Invalid("a brand has at most 60 own fields", code="field_many", detail=str(MAX_FIELDS))
    row = tx.conn.execute(
        "INSERT INTO contact_field (id, brand_id, name, kind, choices, position) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, choices = excluded.choices,"
        " position = excluded.position RETURNING id",
        (field_id, brand_id, clean, kind.value, dump(list(choices)), last + 1 if position is None else position),
    ).fetchone()
    tx.touch(Topic.CONTACT, brand_id)
    return int(row[0])


def delete(tx: Transaction, field_id: int) -> None:
    """Delete a field with everybody's values of it."""
    row = tx.conn.execute("DELETE FROM contact_field WHERE id = ? RETURNING brand_id", (field_id,)).fetchone()
    if row is not None:
        tx.touch(Topic.CONTACT, row[0])


def order(tx: Transaction, brand_id: int, ids: Sequence[int]) -> None:
    """Put a brand's fields into this order."""
    tx.conn.executemany(
        "UPDATE contact_field SET position = ? WHERE id = ? AND brand_id = ?",
        [(place, each, brand_id) for place, each in enumerate(ids)],
    )
    tx.touch(Topic.CONTACT, brand_id)


def _field(row: Any) -> OwnField:
    return OwnField(
        row["id"], row["brand_id"], row["name"], FieldKind(row["kind"]), tuple(load(row["choices"])), row["position"]
    )
