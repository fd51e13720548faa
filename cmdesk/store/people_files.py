"""People on their way into a file and out of one: what rows are compared with, and rows by the hundred (N21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cmdesk.people.columns import plain
from cmdesk.people.handles import EMAIL, NETWORKS, PHONE
from cmdesk.people.table_out import OutRow
from cmdesk.people.taking import Handle, Known
from cmdesk.store.db import Reader
from cmdesk.store.people_fields import fields
from cmdesk.store.rows import fetch, ids_json, moment

STEP = 500


def known(reader: Reader, brand_id: int) -> Known:
    """Return what the rows of a file are compared with: a brand's people by their profiles."""
    people: dict[Handle, int] = {}
    for network, handle, contact_id in reader.execute(
        "SELECT network, handle, contact_id FROM identity WHERE brand_id = ? AND contact_id IS NOT NULL", (brand_id,)
    ):
        key = network, handle.casefold()
        people[key] = contact_id if people.get(key, contact_id) == contact_id else -1
    return Known(
        own=fields(reader, brand_id),
        markets={
            name.casefold(): market_id
            for market_id, name in reader.execute("SELECT id, name FROM market WHERE brand_id = ?", (brand_id,))
        },
        circles={
            row[0].casefold(): row[0]
            for row in reader.execute("SELECT name FROM circle WHERE brand_id = ?", (brand_id,))
        },
        people=people,
        names=dict(
            reader.execute(
                "SELECT id, name FROM contact WHERE brand_id = ? AND merged_into IS NULL", (brand_id,)
            ).fetchall()
        ),
    )


_ROWS = (
    "SELECT c.*, m.name AS market FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value"
    " LEFT JOIN market m ON m.id = c.market_id"
)
_HANDLES = (
    "SELECT i.contact_id, i.network, i.handle FROM json_each(?) j CROSS JOIN identity i ON i.contact_id = j.value"
    " ORDER BY i.contact_id, i.id"
)
_CIRCLES = (
    "SELECT x.contact_id, k.name FROM json_each(?) j CROSS JOIN circle_contact x ON x.contact_id = j.value"
    " AND x.kind = 'in' CROSS JOIN circle k ON k.id = x.circle_id ORDER BY x.contact_id, k.name"
)
_VALUES = (
    "SELECT x.contact_id, x.field_id, x.value FROM json_each(?) j CROSS JOIN contact_value x ON x.contact_id = j.value"
)


def out_rows(reader: Reader, ids: Sequence[int]) -> Iterator[OutRow]:
    """Yield everything about these people, in this order, a few hundred at a time in memory."""
    for start in range(0, len(ids), STEP):
        part = ids[start : start + STEP]
        which = ids_json(part)
        handles: dict[int, list[tuple[str, str]]] = {}
        for contact_id, network, handle in reader.execute(_HANDLES, (which,)):
            handles.setdefault(contact_id, []).append((network, handle))
        circles: dict[int, list[str]] = {}
        for contact_id, name in reader.execute(_CIRCLES, (which,)):
            circles.setdefault(contact_id, []).append(name)
        values: dict[int, dict[int, str]] = {}
        for contact_id, field_id, value in reader.execute(_VALUES, (which,)):
            values.setdefault(contact_id, {})[field_id] = value
        found = {row["id"]: row for row in fetch(reader, _ROWS, (which,))}
        for each in part:
            row = found.get(each)
            if row is not None:
                yield OutRow(
                    id=each,
                    words={name: row[name] for name in _WORDS},
                    market=row["market"] or "",
                    advocate=bool(row["advocate"]),
                    opt_out=bool(row["opt_out"]),
                    opt_out_at=moment(row["opt_out_at"]),
                    first_seen_at=moment(row["first_seen_at"]),
                    last_seen_at=moment(row["last_seen_at"]),
                    handles=tuple(handles.get(each, ())),
                    circles=tuple(circles.get(each, ())),
                    values=values.get(each, {}),
                )


_WORDS = ("name", "language", "country", "notes", "came_from", "expects", "likes", "bought", "opt_out_note")


def networks_of(reader: Reader, brand_id: int) -> list[str]:
    """Return the networks people of a brand are on, e-mail and telephone first."""
    rows = reader.execute(
        "SELECT DISTINCT network FROM identity WHERE brand_id = ? AND contact_id IS NOT NULL", (brand_id,)
    )
    there = {row[0] for row in rows}
    return [*(each for each in (EMAIL, PHONE) if each in there), *sorted(there & {*NETWORKS} - {EMAIL, PHONE})]


def circle_ids(reader: Reader, brand_id: int, names: Iterable[str]) -> dict[str, int]:
    """Return a brand's circles by name, those of these names."""
    wanted = {plain(each) for each in names}
    rows = reader.execute("SELECT name, id FROM circle WHERE brand_id = ?", (brand_id,))
    return {name: circle_id for name, circle_id in rows if plain(name) in wanted}
