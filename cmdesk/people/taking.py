"""Rows of a file judged one by one: who is new, what would change, what is wrong where; nothing is written (N21)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cmdesk.clock import to_ms
from cmdesk.errors import Invalid
from cmdesk.people.checking import words
from cmdesk.people.columns import ID, IGNORED, NEW, OWN, check
from cmdesk.people.fields import FieldKind, OwnField, canonical
from cmdesk.people.handles import EMAIL, NETWORKS, clean_handle
from cmdesk.people.table_file import PeopleTable
from cmdesk.safe_text import clean_line
from cmdesk.tables import Record

_MANY = re.compile(r"[|\n]")
_LOOSE = re.compile(r"[|\n;]")
_MARK = OwnField(0, 0, "", FieldKind.YES)
STEP = 1_000  # rows between two calls of `progress`

Progress = Callable[[int], bool]
"""Told how many rows are done; False ends the work with Invalid (`import_cancelled`)."""

Handle = tuple[str, str]  # network, handle


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its line in the file, the column's title ('' for all of it), a code, a short fact."""

    line: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One good row. `columns` are those of a contact as they are stored; own values by field id or new title."""

    line: int
    columns: Mapping[str, str | int | None]
    handles: tuple[Handle, ...] = ()
    values: Mapping[int | str, str] = field(default_factory=dict)
    circles: tuple[str, ...] = ()
    contact_id: int | None = None  # who it is, None for somebody new


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are compared with."""

    own: Sequence[OwnField]
    markets: Mapping[str, int]  # by name, case folded
    circles: Mapping[str, str]  # case folded name -> the circle's name
    people: Mapping[Handle, int]  # (network, handle case folded) -> whose; -1: several people have it
    names: Mapping[int, str]  # id -> name, of everybody


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, before it is compared with who is there."""

    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]
    rows: int
    new_fields: tuple[str, ...] = ()
    new_circles: tuple[str, ...] = ()


def read(table: PeopleTable, mapping: Mapping[int, str], known: Known, *, progress: Progress | None = None) -> Read:
    """Judge every row; raises Invalid as `columns.check`, `people_rows`, `import_cancelled`.

    A row is somebody by a profile they have, then by their e-mail, then by the id an export wrote when the name agrees.
    """
    check(mapping, table.titles, known.own)
    reader = _Reader(table, mapping, known)
    count = 0
    for count, record in enumerate(table.rows(), 1):
        if progress is not None and count % STEP == 0 and not progress(count):
            raise Invalid("the import was ended", code="import_cancelled")
        reader.take(record)
    new = tuple(dict.fromkeys(table.titles[place] for place, target in mapping.items() if target == NEW))
    return Read(tuple(reader.drafts), tuple(reader.faults), count, new, tuple(reader.new_circles.values()))


class _Reader:
    def __init__(self, table: PeopleTable, mapping: Mapping[int, str], known: Known) -> None:
        self._titles = table.titles
        self._columns = [(place, target) for place, target in sorted(mapping.items()) if target != IGNORED]
        self._known = known
        self._own = {f"{OWN}{each.id}": each for each in known.own}
        self.drafts: list[Draft] = []
        self.faults: list[Fault] = []
        self.new_circles: dict[str, str] = {}
        self._seen: dict[Handle | int, int] = {}

    def take(self, record: Record) -> None:
        """Judge one row: a draft, or a fault for each cell that cannot be."""
        if record.code:
            self.faults.append(Fault(record.line, "", record.code, record.detail))
            return
        before = len(self.faults)
        columns: dict[str, str | int | None] = {}
        handles: list[Handle] = []
        values: dict[int | str, str] = {}
        circles: list[str] = []
        number = 0
        for place, target in self._columns:
            cell = record.cells[place] if place < len(record.cells) else ""
            if not cell.strip():
                continue
            try:
                if target in NETWORKS:
                    handles += [(target, clean_handle(target, each)) for each in _parts(cell)]
                elif target in self._own:
                    values[self._own[target].id] = canonical(self._own[target], cell)
                elif target == NEW:
                    values[self._titles[place]] = canonical(_TEXT, cell)
                elif target == "circles":
                    circles = self._circles(cell)
                elif target == ID:
                    number = int(cell) if cell.strip().isascii() and cell.strip().isdigit() else 0
                else:
                    name, value = self._column(target, cell)
                    columns[name] = value
            except Invalid as wrong:
                self.faults.append(Fault(record.line, self._titles[place], wrong.code, clean_line(cell, limit=80)))
        if len(self.faults) == before:
            self._keep(record.line, columns, tuple(dict.fromkeys(handles)), values, tuple(circles), number)

    def _column(self, target: str, cell: str) -> tuple[str, str | int | None]:
        if target == "market":
            found = self._known.markets.get(clean_line(cell).casefold())
            if found is None:
                raise Invalid(f"there is no market {cell!r}", code="market_unknown", detail=cell)
            return "market_id", found
        if target in ("advocate", "opt_out"):
            return target, int(canonical(_MARK, cell) == "1")
        if target == "opt_out_at":
            return target, _time(cell)
        return target, words(target, cell)

    def _circles(self, cell: str) -> list[str]:
        """Return the circles a cell names, as they are written; ; parts them unless one has it in its name."""
        whole = [clean_line(each) for each in _MANY.split(cell) if each.strip()]
        found: list[str] = []
        for each in whole:
            known = self._known.circles.get(each.casefold())
            names = [each] if known else [clean_line(part) for part in _LOOSE.split(each) if part.strip()]
            for name in names:
                if len(name) > 100:
                    raise Invalid("a name of 1 to 100 characters is needed", code="name_needed", detail=name[:40])
                there = self._known.circles.get(name.casefold())
                found.append(there or self.new_circles.setdefault(name.casefold(), name))
        return list(dict.fromkeys(found))

    def _keep(
        self, line: int, columns: dict[str, str | int | None], handles: tuple[Handle, ...],
        values: dict[int | str, str], circles: tuple[str, ...], number: int,
    ) -> None:  # fmt: skip
        keys = [(network, handle.casefold()) for network, handle in handles]
        first = next((self._seen[key] for key in keys if key in self._seen), None)
        if first is not None:
            self.faults.append(Fault(line, "", "row_twice", str(first)))
            return
        # Profiles before e-mail: an address is shared more often than an account.
        order = sorted(keys, key=lambda each: each[0] == EMAIL)
        owners = [owner for key in order if (owner := self._known.people.get(key)) is not None]
        name = str(columns.get("name", ""))
        contact_id = self._who(line, order, owners, name=name, number=number)
        if contact_id == 0:
            return
        if contact_id is None and not name:
            if not handles:
                self.faults.append(Fault(line, "", "contact_name"))
                return
            columns["name"] = handles[0][1]
        if contact_id is not None and contact_id in self._seen:
            self.faults.append(Fault(line, "", "row_twice", str(self._seen[contact_id])))
            return
        for key in keys:
            self._seen[key] = line
        if contact_id is not None:
            self._seen[contact_id] = line
        self.drafts.append(Draft(line, columns, handles, values, circles, contact_id))

    def _who(self, line: int, keys: Sequence[Handle], owners: Sequence[int], *, name: str, number: int) -> int | None:
        """Return who a row is, None for somebody new, 0 (with a fault) where that cannot be told."""
        numbered = self._known.names.get(number)
        if numbered is not None and (number in owners or (not owners and (name in ("", numbered)))):
            return number
        sure = [each for each in owners if each > 0]
        profiles = [
            owner
            for key in keys
            if key[0] != EMAIL and (owner := self._known.people.get(key)) is not None and owner > 0
        ]
        if len(set(profiles)) > 1:
            names = ", ".join(self._known.names.get(each, str(each)) for each in dict.fromkeys(profiles))
            self.faults.append(Fault(line, "", "two_people", names[:120]))
            return 0
        if sure:
            return sure[0]
        if owners:  # several people have that very handle
            self.faults.append(Fault(line, "", "handle_several", keys[0][1]))
            return 0
        return None


_TEXT = OwnField(0, 0, "")


def _parts(cell: str) -> Iterable[str]:
    return (each for each in (one.strip() for one in _LOOSE.split(cell)) if each)


def _time(cell: str) -> int:
    """Return the milliseconds of a moment or a day (its beginning in UTC); raises Invalid (`date`)."""
    text = cell.strip()
    try:
        at = datetime.fromisoformat(text)
        return to_ms(at if at.tzinfo else at.replace(tzinfo=UTC))
    except ValueError:
        pass
    day = canonical(OwnField(0, 0, "", FieldKind.DATE), text)
    return to_ms(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC))
