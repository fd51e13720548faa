"""Taking people in from a file: compared with who is there, shown, then written in one step to take back (N21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.people.columns import OWN
from cmdesk.people.fields import FieldKind
from cmdesk.people.table_file import PeopleTable
from cmdesk.people.taking import Draft, Fault, Handle, Progress, read
from cmdesk.store import circles, people, people_fields, people_files
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.people import Groups
from cmdesk.store.people_fields import Values

_STEP = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One field of somebody who is there: a contact's column, a network, `circles` or `own:<id>` (`new:<title>`)."""

    field: str
    old: str | int | None
    new: str | int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody who is there and would change."""

    draft: Draft
    contact_id: int
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What taking a file in would do; nothing of it is written."""

    brand_id: int
    new: tuple[Draft, ...]
    changed: tuple[Changed, ...]
    same: int
    faults: tuple[Fault, ...]
    rows: int
    new_fields: tuple[str, ...] = ()
    new_circles: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """How many rows are not taken."""
        return len({each.line for each in self.faults})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote, to be taken back."""

    brand_id: int
    added: tuple[int, ...] = ()
    were: Groups = ()
    identities: tuple[int, ...] = ()
    values: Values = ()
    members: tuple[tuple[int, tuple[int, ...]], ...] = ()  # circle -> who was put in
    fields: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()

    @property
    def changed(self) -> int:
        """How many who were there changed."""
        found = {each for _column, _value, ids in self.were for each in ids}
        found |= {each[0] for each in self.values} | {each for _circle, ids in self.members for each in ids}
        return len(found - set(self.added))


def plan_import(
    reader: Reader, brand_id: int, table: PeopleTable, mapping: Mapping[int, str], progress: Progress | None = None
) -> ImportPlan:
    """Say what a file would do to a brand's people; `mapping` names what each column is (`people.columns.guess`).

    Empty cells change nothing. Raises Invalid: `people_column`, `people_column_twice`, `people_name`, `people_rows`,
    `import_cancelled`.
    """
    found = read(table, mapping, people_files.known(reader, brand_id), progress=progress)
    new = tuple(each for each in found.drafts if each.contact_id is None)
    there = [each for each in found.drafts if each.contact_id is not None]
    changed: list[Changed] = []
    for start in range(0, len(there), _STEP):
        part = there[start : start + _STEP]
        rows = {row.id: row for row in people_files.out_rows(reader, [each.contact_id or 0 for each in part])}
        ids = [each.contact_id or 0 for each in part]
        stored = _stored(reader, ids)
        for draft in part:
            row = rows[draft.contact_id or 0]
            changes = tuple(_changes(draft, stored[row.id], row.handles, row.circles, row.values))
            if changes:
                changed.append(Changed(draft, row.id, row.words["name"], changes))
    return ImportPlan(
        brand_id, new, tuple(changed), len(there) - len(changed), found.faults, found.rows, found.new_fields,
        found.new_circles,
    )  # fmt: skip


def import_people(tx: Transaction, /, *, plan: ImportPlan, again: Sequence[int] = ()) -> Imported:
    """Write what a plan showed, in one step to take back; returns what was written.

    Who was added, changed or deleted since the plan was made: what no longer fits is left out. `again`: the ids that
    those who are added had before this was taken back.
    """
    brand_id = plan.brand_id
    made_fields = {
        name: people_fields.save(tx, brand_id=brand_id, name=name, kind=FieldKind.TEXT)
        for name in plan.new_fields
        if name not in _field_ids(tx.conn, brand_id)
    }
    circle_of = people_files.circle_ids(tx.conn, brand_id, (each for draft in _drafts(plan) for each in draft.circles))
    made_circles = {
        name: circles.save_circle(tx, brand_id=brand_id, name=name)
        for name in plan.new_circles
        if name not in circle_of
    }
    circle_of |= made_circles
    taken = people.owners(tx.conn, brand_id, (each for draft in plan.new for each in draft.handles))
    fresh = [draft for draft in plan.new if not any(each in taken for each in draft.handles)]
    added = people.add(
        tx, brand_id, [{**_with_date(tx, draft, newly=True), "origin": "import"} for draft in fresh], again=again
    )
    there = set(people.known_ids(tx.conn, (each.contact_id for each in plan.changed)))
    changed = [each for each in plan.changed if each.contact_id in there]
    pairs = [*zip(added, fresh, strict=True), *((each.contact_id, each.draft) for each in changed)]
    were = _change_columns(tx, brand_id, changed)
    identities = _give_handles(tx, brand_id, pairs)
    values = _give_values(tx, brand_id, pairs, made=_field_ids(tx.conn, brand_id))
    members = _give_circles(tx, pairs, circle_of)
    done = Imported(
        brand_id, tuple(added), were, tuple(identities), values, members, tuple(made_fields.values()),
        tuple(made_circles.values()),
    )  # fmt: skip
    people.touch(tx, brand_id, [each for each, _draft in pairs])
    if pairs or made_fields or made_circles:
        tx.undoable("import_people", undo_import, done=done, plan=plan, detail=str(len(pairs)))
    return done


def undo_import(tx: Transaction, /, *, done: Imported, plan: ImportPlan) -> None:
    """Take an import back; who has written or has a case since stays, as do fields that others filled meanwhile."""
    brand_id = done.brand_id
    for circle_id, ids in done.members:
        circles.set_hands(tx, circle_id, ids, None)
    there = set(people.known_ids(tx.conn, done.added))
    used = set(people.in_use(tx.conn, there))
    kept = {each.id for each in people_fields.fields(tx.conn, brand_id)}
    alive = set(people.known_ids(tx.conn, (each[0] for each in done.values)))
    people_fields.put_values(tx, brand_id, [each for each in done.values if each[0] in alive and each[1] in kept])
    people.remove_identities(tx, [each for each in done.identities if people.still_by_hand(tx.conn, each)])
    people.remove(tx, brand_id, [each for each in done.added if each in there and each not in used])
    alive = set(people.known_ids(tx.conn, (each for _column, _value, ids in done.were for each in ids)))
    people.put(
        tx, brand_id,
        tuple((name, value, ids) for name, value, all_ids in done.were
              if (ids := tuple(each for each in all_ids if each in alive))),
    )  # fmt: skip
    for field_id in done.fields:
        if not people_fields.use_count(tx.conn, field_id):
            people_fields.delete(tx, field_id)
    for circle_id in done.circles:
        if not circles.by_hand(tx.conn, circle_id):
            circles.delete_circle(tx, circle_id)
    tx.undoable("import_people", import_people, plan=plan, again=done.added, detail=str(len(done.added)))


# Comparing


def _stored(reader: Reader, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {each: {} for each in ids}
    for column, value, members in people.were(reader, ids, people.COLUMNS):
        for each in members:
            found[each][column] = value
    return found


def _changes(
    draft: Draft, stored: Mapping[str, Any], handles: Sequence[Handle], names: Sequence[str], values: Mapping[int, str]
) -> list[Change]:
    found = [Change(name, stored[name], value) for name, value in draft.columns.items() if stored[name] != value]
    had = {(network, handle.casefold()) for network, handle in handles}
    for network, handle in draft.handles:
        if (network, handle.casefold()) not in had:
            old = ", ".join(each for other, each in handles if other == network)
            found.append(Change(network, old, f"{old}, {handle}" if old else handle))
    for field_id, value in draft.values.items():
        own = field_id if isinstance(field_id, int) else 0
        if values.get(own, "") != value:
            found.append(Change(f"{OWN}{own}" if own else f"new:{field_id}", values.get(own, ""), value))
    there = {each.casefold() for each in names}
    more = [each for each in draft.circles if each.casefold() not in there]
    if more:
        found.append(Change("circles", ", ".join(names), ", ".join([*names, *more])))
    return found


# Writing


def _change_columns(tx: Transaction, brand_id: int, changed: Sequence[Changed]) -> Groups:
    new: dict[tuple[str, Any], list[int]] = {}
    for each in changed:
        newly = any(change.field == "opt_out" for change in each.changes)
        for name, value in _with_date(tx, each.draft, newly=newly).items():
            new.setdefault((name, value), []).append(each.contact_id)
    by_column: dict[str, list[int]] = {}
    for (name, _value), ids in new.items():
        by_column.setdefault(name, []).extend(ids)
    were = tuple(group for name, ids in by_column.items() for group in people.were(tx.conn, ids, [name]))
    if new:
        people.put(tx, brand_id, tuple((name, value, tuple(ids)) for (name, value), ids in new.items()))
    return were


def _with_date(tx: Transaction, draft: Draft, *, newly: bool) -> dict[str, Any]:
    """Who is newly marked as not to be addressed gets today's date where the file has none."""
    columns = dict(draft.columns)
    if columns.get("opt_out") == 0:
        columns |= {"opt_out_at": None, "opt_out_note": ""}
    elif columns.get("opt_out") == 1 and newly:
        columns.setdefault("opt_out_at", tx.now_ms)
    return columns


def _give_handles(tx: Transaction, brand_id: int, pairs: Sequence[tuple[int, Draft]]) -> list[int]:
    wanted = {(network, handle.casefold()): (contact_id, network, handle)
              for contact_id, draft in pairs for network, handle in draft.handles}  # fmt: skip
    there = people.owners(tx.conn, brand_id, (row[1:] for row in wanted.values()))
    return people.add_identities(tx, brand_id, [row for row in wanted.values() if row[1:] not in there])


def _give_values(
    tx: Transaction, brand_id: int, pairs: Sequence[tuple[int, Draft]], *, made: Mapping[str, int]
) -> Values:
    known = set(made.values())
    rows = [
        (contact_id, number, value)
        for contact_id, draft in pairs
        for key, value in draft.values.items()
        if (number := key if isinstance(key, int) else made.get(key, 0)) in known
    ]
    had = {each[:2]: each[2] for each in people_fields.values_of(tx.conn, (row[0] for row in rows))}
    changed = [row for row in rows if had.get(row[:2], "") != row[2]]
    if changed:
        people_fields.put_values(tx, brand_id, changed)
    return tuple((contact_id, number, had.get((contact_id, number), "")) for contact_id, number, _value in changed)


def _give_circles(
    tx: Transaction, pairs: Sequence[tuple[int, Draft]], circle_of: Mapping[str, int]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    wanted: dict[int, list[int]] = {}
    for contact_id, draft in pairs:
        for name in draft.circles:
            if name in circle_of:
                wanted.setdefault(circle_of[name], []).append(contact_id)
    found = []
    for circle_id, ids in wanted.items():
        there = set(circles.by_hand(tx.conn, circle_id))
        more = tuple(each for each in ids if each not in there)
        if more:
            circles.set_hands(tx, circle_id, more, circles.IN)
            found.append((circle_id, more))
    return tuple(found)


def _field_ids(reader: Reader, brand_id: int) -> dict[str, int]:
    return {each.name: each.id for each in people_fields.fields(reader, brand_id)}


def _drafts(plan: ImportPlan) -> list[Draft]:
    return [*plan.new, *(each.draft for each in plan.changed)]
