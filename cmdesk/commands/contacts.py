"""Decisions about people: adding one by hand, what a brand writes down about one or many, who asked for quiet (U11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.people.checking import words
from cmdesk.people.fields import FieldKind, OwnField, canonical, choices_of
from cmdesk.people.handles import clean_handle
from cmdesk.store import contacts, people, people_fields
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.levels import zone_of
from cmdesk.store.people import Groups
from cmdesk.store.people_fields import Values

EDITABLE = frozenset(
    {
        "name",
        "language",
        "country",
        "market_id",
        "notes",
        "came_from",
        "expects",
        "likes",
        "bought",
        "advocate",
        "opt_out",
        "opt_out_at",
        "opt_out_note",
    }
)
MANY = frozenset({"language", "country", "market_id", "advocate", "opt_out", "opt_out_note"})
"""What can be set for many at once."""


def edit_contact(tx: Transaction, /, *, contact_id: int, **fields: str | bool | int | datetime | None) -> None:
    """Change what is written down about a person; one who asks not to be addressed gets the date of it.

    Raises Invalid: `contact_field`, `contact_name`, `contact_unknown`, `market_unknown`, `field_long`.
    """
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise Invalid(f"no field {sorted(unknown)[0]!r}", code="contact_field", detail=sorted(unknown)[0])
    before = contacts.contact(tx.conn, contact_id)
    columns = _columns(tx, before.brand_id, fields)
    was = people.were(tx.conn, [contact_id], columns)
    changed = {name for name, value, _ids in was if value != columns[name]}
    if not changed:
        return
    people.put(tx, before.brand_id, tuple((name, columns[name], (contact_id,)) for name in columns if name in changed))
    old = tuple(each for each in was if each[0] in changed)
    tx.undoable("edit_contact", restore_people, brand_id=before.brand_id, were=old, detail=before.name)


def edit_many(
    tx: Transaction, /, *, brand_id: int, contact_ids: Iterable[int], **fields: str | bool | int | None
) -> int:
    """Set the same for many people of a brand, in one step to take back; returns how many changed.

    Raises Invalid: `contact_field`, `contact_unknown`, `wrong_brand`, `market_unknown`.
    """
    unknown = fields.keys() - MANY
    if unknown:
        raise Invalid(f"{sorted(unknown)[0]!r} is not for many", code="contact_field", detail=sorted(unknown)[0])
    ids = people.of_brand(tx.conn, contact_ids, brand_id)
    columns = _columns(tx, brand_id, fields)
    # When somebody asked for quiet stays what it was: only who had not asked gets today's date.
    was = people.were(tx.conn, ids, columns)
    leading = [name for name in columns if name != "opt_out_at"]
    changed = {each for name, value, members in was if name in leading and value != columns[name] for each in members}
    if not changed:
        return 0
    old = tuple(
        (name, value, kept)
        for name, value, members in was
        if value != columns[name] and (kept := tuple(each for each in members if each in changed))
    )
    people.put(tx, brand_id, tuple((name, columns[name], members) for name, _value, members in old))
    tx.undoable("edit_people", restore_people, brand_id=brand_id, were=old, detail=str(len(changed)))
    return len(changed)


def restore_people(tx: Transaction, *, brand_id: int, were: Groups) -> None:
    """Make people what they were; who is gone meanwhile is left out. Can be taken back itself."""
    there = set(people.known_ids(tx.conn, (each for _name, _value, ids in were for each in ids)))
    groups = tuple((name, value, kept) for name, value, ids in were if (kept := tuple(i for i in ids if i in there)))
    now = tuple(each for name, _value, ids in groups for each in people.were(tx.conn, ids, [name]))
    people.put(tx, brand_id, groups)
    tx.undoable("edit_people", restore_people, brand_id=brand_id, were=now, detail=str(len(there)))


def add_person(
    tx: Transaction, /, *, brand_id: int, name: str, identities: Sequence[tuple[str, str]] = (),
    values: Mapping[int, str] | None = None, origin: str = "hand", **fields: Any,
) -> int:  # fmt: skip
    """Write down a person nobody has heard from on a network, and return the id.

    `identities` are (network, handle), 'email' and 'phone' among the networks; when that profile writes, it is this
    person. Raises Invalid: as `edit_contact`, `handle_invalid`, `handle_taken` (detail: whose), `field_value`.
    """
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise Invalid(f"no field {sorted(unknown)[0]!r}", code="contact_field", detail=sorted(unknown)[0])
    columns = _columns(tx, brand_id, {"name": name, **fields})
    handles = _free_handles(tx, brand_id, identities)
    own = _own_values(tx.conn, brand_id, values or {})
    contact_id = people.add(tx, brand_id, [{**columns, "origin": origin}])[0]
    people.add_identities(tx, brand_id, [(contact_id, network, handle) for network, handle in handles])
    people_fields.put_values(tx, brand_id, [(contact_id, field_id, value) for field_id, value in own.items()])
    tx.undoable("add_person", remove_people, brand_id=brand_id, contact_ids=(contact_id,), detail=columns["name"])
    return contact_id


def remove_people(tx: Transaction, *, brand_id: int, contact_ids: Sequence[int]) -> None:
    """Take back people who were written down; raises Conflict (`in_use`) when one has written or has a case since.

    This is the way back of adding. Who asks to be deleted is forgotten (`commands.forgetting`).
    """
    ids = list(people.known_ids(tx.conn, contact_ids))
    used = people.in_use(tx.conn, ids)
    if used:
        name = contacts.contact(tx.conn, used[0]).name
        raise Conflict("somebody has written since", code="in_use", detail=name)
    kept = people.snapshot(tx.conn, ids)
    people.remove(tx, brand_id, ids)
    tx.undoable("remove_people", put_back_people, brand_id=brand_id, kept=kept, detail=str(len(ids)))


def put_back_people(tx: Transaction, *, brand_id: int, kept: people.Snapshot) -> None:
    """Bring people back exactly as they were taken away; raises Conflict (`in_use`) when their place is taken."""
    people.put_back(tx, brand_id, kept)
    ids = tuple(people.ids_of(kept))
    tx.undoable("add_person", remove_people, brand_id=brand_id, contact_ids=ids, detail=str(len(ids)))


def add_identity(tx: Transaction, /, *, contact_id: int, network: str, handle: str) -> int:
    """Note another profile, address or number of a person; raises Invalid (`handle_invalid`, `handle_taken`)."""
    person = contacts.contact(tx.conn, contact_id)
    (found,) = _free_handles(tx, person.brand_id, [(network, handle)])
    (identity_id,) = people.add_identities(tx, person.brand_id, [(contact_id, *found)])
    people.touch(tx, person.brand_id, [contact_id])
    tx.undoable("add_identity", remove_identity, identity_id=identity_id, detail=found[1])
    return identity_id


def remove_identity(tx: Transaction, /, *, identity_id: int) -> None:
    """Take away a profile that was written down; raises Invalid (`identity_unknown`), Conflict (`identity_heard`).

    One that has written stays: what it said would be nobody's. It can be split off (`commands.people_merge`).
    """
    found = people.identity(tx.conn, identity_id)
    if people.heard(tx.conn, identity_id):
        raise Conflict("this profile has written", code="identity_heard", detail=found.handle)
    people.remove_identities(tx, [identity_id])
    people.touch(tx, found.brand_id, [found.contact_id])
    tx.undoable(
        "remove_identity", add_identity, contact_id=found.contact_id, network=found.network, handle=found.handle,
        detail=found.handle,
    )  # fmt: skip


# Own fields


def save_field(
    tx: Transaction, /, *, brand_id: int, name: str, kind: FieldKind | str = FieldKind.TEXT,
    choices: Sequence[str] = (), field_id: int | None = None,
) -> int:  # fmt: skip
    """Add an own field, or change its name and choices; its kind stays while people have values in it.

    Raises Invalid: `name_needed`, `name_taken`, `field_unknown`, `field_many`, `field_choices`, `field_kind`.
    """
    before = None if field_id is None else people_fields.field(tx.conn, field_id, brand_id=brand_id)
    kind = FieldKind(kind)
    wanted = choices_of(kind, tuple(choices))
    if before is not None and before.kind is not kind and people_fields.use_count(tx.conn, before.id):
        raise Invalid("people have values in it", code="field_kind", detail=before.name)
    kept = people_fields.save(
        tx, brand_id=brand_id, name=name, kind=kind, choices=wanted, field_id=field_id,
        position=None if before is None else before.position,
    )  # fmt: skip
    if before is None:
        tx.undoable("add_field", delete_field, field_id=kept, detail=name)
    else:
        tx.undoable(
            "save_field", save_field, brand_id=brand_id, name=before.name, kind=before.kind, choices=before.choices,
            field_id=before.id, detail=before.name,
        )  # fmt: skip
    return kept


def delete_field(tx: Transaction, /, *, field_id: int) -> None:
    """Delete an own field with everybody's values; undo brings both back under the same number."""
    gone = people_fields.field(tx.conn, field_id)
    values = people_fields.in_field(tx.conn, field_id)
    people_fields.delete(tx, field_id)
    tx.undoable("delete_field", restore_field, field=gone, values=values, detail=gone.name)


def restore_field(tx: Transaction, /, *, field: OwnField, values: Values) -> None:
    """Bring a deleted field back with the values of those who are still there; raises Invalid (`name_taken`)."""
    people_fields.save(
        tx, brand_id=field.brand_id, name=field.name, kind=field.kind, choices=field.choices, field_id=field.id,
        position=field.position,
    )  # fmt: skip
    there = set(people.known_ids(tx.conn, (each[0] for each in values)))
    people_fields.put_values(tx, field.brand_id, [each for each in values if each[0] in there])
    tx.undoable("add_field", delete_field, field_id=field.id, detail=field.name)


def order_fields(tx: Transaction, /, *, brand_id: int, field_ids: Sequence[int]) -> None:
    """Put a brand's own fields into an order; raises Invalid (`field_unknown`) when it is not all of them."""
    before = [each.id for each in people_fields.fields(tx.conn, brand_id)]
    if sorted(before) != sorted(field_ids):
        raise Invalid("these are not the brand's fields", code="field_unknown", detail="order")
    if before != list(field_ids):
        people_fields.order(tx, brand_id, field_ids)
        tx.undoable("order_fields", order_fields, brand_id=brand_id, field_ids=before)


def set_values(tx: Transaction, /, *, brand_id: int, contact_ids: Iterable[int], field_id: int, value: str) -> int:
    """Give people a value in an own field ('' takes it away) in one step to take back; returns how many changed.

    Raises Invalid: `field_unknown`, `field_value`, `contact_unknown`, `wrong_brand`.
    """
    field = people_fields.field(tx.conn, field_id, brand_id=brand_id)
    wanted = canonical(field, value)
    ids = people.of_brand(tx.conn, contact_ids, brand_id)
    had = {each[0]: each[2] for each in people_fields.values_of(tx.conn, ids, [field_id])}
    changed = [each for each in ids if had.get(each, "") != wanted]
    if changed:
        people_fields.put_values(tx, brand_id, [(each, field_id, wanted) for each in changed])
        old = tuple((each, field_id, had.get(each, "")) for each in changed)
        tx.undoable("set_values", restore_values, brand_id=brand_id, values=old, detail=field.name)
    return len(changed)


def restore_values(tx: Transaction, /, *, brand_id: int, values: Values) -> None:
    """Make values what they were, of those people and fields that are still there."""
    there = set(people.known_ids(tx.conn, (each[0] for each in values)))
    known = {each.id for each in people_fields.fields(tx.conn, brand_id)}
    kept = [each for each in values if each[0] in there and each[1] in known]
    had = {each[:2]: each[2] for each in people_fields.values_of(tx.conn, there, known)}
    people_fields.put_values(tx, brand_id, kept)
    now = tuple((each[0], each[1], had.get(each[:2], "")) for each in kept)
    tx.undoable("set_values", restore_values, brand_id=brand_id, values=now)


# Checks


def _columns(tx: Transaction, brand_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as their columns hold them; raises Invalid."""
    found = {name: _column(tx, brand_id, name, value) for name, value in fields.items()}
    if "opt_out" in found and "opt_out_at" not in found:
        found["opt_out_at"] = tx.now_ms if found["opt_out"] else None
        if not found["opt_out"]:
            found["opt_out_note"] = ""
    return found


def _column(tx: Transaction, brand_id: int, name: str, value: Any) -> Any:
    if name == "market_id":
        if value is not None:
            zone_of(tx.conn, brand_id, value)  # it is this brand's
        return value
    if name in ("advocate", "opt_out"):
        return int(bool(value))
    if name == "opt_out_at":
        return to_ms(value) if isinstance(value, datetime) else value
    return words(name, str(value or ""))


def _free_handles(tx: Transaction, brand_id: int, wanted: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return handles as they are kept; raises Invalid for one that is none or is somebody's."""
    found = list(dict.fromkeys((network, clean_handle(network, handle)) for network, handle in wanted))
    taken = people.owners(tx.conn, brand_id, found)
    for (network, handle), owner in taken.items():
        raise Invalid(f"{network} {handle} is {owner}'s", code="handle_taken", detail=people.name_of(tx.conn, owner))
    return found


def _own_values(reader: Reader, brand_id: int, values: Mapping[int, str]) -> dict[int, str]:
    fields = {each.id: each for each in people_fields.fields(reader, brand_id)}
    for field_id in values:
        if field_id not in fields:
            raise Invalid(f"there is no field {field_id}", code="field_unknown", detail=str(field_id))
    return {each: found for each, value in values.items() if (found := canonical(fields[each], value))}
