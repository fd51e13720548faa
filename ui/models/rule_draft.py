"""A rule while somebody writes it: conditions that may be unfinished, in groups that can be rearranged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field as made
from itertools import count

from cmdesk.circles import (
    DEEPEST,
    OPS,
    Condition,
    Fault,
    FieldType,
    Group,
    How,
    Rule,
    as_data,
    own_field,
    parse,
)
from cmdesk.circles.values import OWN_OPS, Value
from cmdesk.errors import Invalid

_keys = count(1)


@dataclass(eq=False)
class Row:
    """One condition on the screen; `key` names it while the rule is open."""

    field: str = "language"
    op: str = "in"
    value: Value = None
    key: int = made(default_factory=lambda: next(_keys))


@dataclass(eq=False)
class Box:
    """A group on the screen."""

    how: How = How.ALL
    parts: list[Row | Box] = made(default_factory=list)
    key: int = made(default_factory=lambda: next(_keys))


Part = Row | Box


class RuleDraft:
    """The whole tree; every change keeps it in a shape that can be shown."""

    def __init__(self, rule: Rule | None = None) -> None:
        self.root = Box() if rule is None else _box(rule)
        if not self.root.parts:
            self.root.parts.append(Row())

    # Reading

    def rule(self) -> tuple[Rule | None, dict[int, str]]:
        """The rule, None while something is missing; and what is wrong with which condition (code by key)."""
        wrong: dict[int, str] = {}
        for row in self.rows():
            try:
                parse(as_data(Group(How.ALL, (_condition(row),))))
            except Invalid as error:
                wrong[row.key] = error.code
        if wrong:
            return None, wrong
        try:
            return parse(as_data(_group(self.root))), {}
        except Invalid as error:
            return None, {self.root.key: error.code}

    def rows(self, box: Box | None = None) -> Iterator[Row]:
        """Every condition from the top."""
        for part in (box or self.root).parts:
            if isinstance(part, Row):
                yield part
            else:
                yield from self.rows(part)

    def row_of(self, path: tuple[int, ...]) -> Row | None:
        """The condition a fault's path leads to."""
        part: Part = self.root
        for place in path:
            if not isinstance(part, Box) or place >= len(part.parts):
                return None
            part = part.parts[place]
        return part if isinstance(part, Row) else None

    def broken(self, faults: tuple[Fault, ...]) -> dict[int, Fault]:
        """The faults of a stored rule by the conditions they are about; the root's key for those of the whole."""
        found: dict[int, Fault] = {}
        for each in faults:
            row = self.row_of(each.path) if each.path else None
            found.setdefault(self.root.key if row is None else row.key, each)
        return found

    def depth(self, key: int) -> int:
        """How deep a part stands: 1 for the parts of the outermost group."""
        return len(self._way(key))

    # Changing; each returns the key of what should have the keyboard then

    def add(self, after: int | None = None, box: int | None = None, *, group: bool = False) -> int:
        """A new condition (in a group of its own) behind a part, or at the end of a group."""
        row = Row()
        home = self._home(after) if after is not None else self._find(box or self.root.key)
        assert isinstance(home, Box)
        at = len(home.parts) if after is None else self._place(home, after) + 1
        new: Part = Box(How.ANY if home.how is How.ALL else How.ALL, [row]) if group else row
        home.parts.insert(at, new)
        return row.key

    def remove(self, key: int) -> int:
        """Without a part; a group without parts goes with it, the last condition of all becomes an empty one."""
        home = self._home(key)
        at = self._place(home, key)
        del home.parts[at]
        while not home.parts and home is not self.root:
            upper = self._home(home.key)
            at = self._place(upper, home.key)
            del upper.parts[at]
            home = upper
        if not home.parts:
            home.parts.append(Row())
        return self._first(home.parts[min(at, len(home.parts) - 1)])

    def indent(self, key: int) -> int:
        """A condition into a group: that of the part before it, or one of its own."""
        home = self._home(key)
        at = self._place(home, key)
        part = home.parts[at]
        if not self.can_indent(key):
            return key
        before = home.parts[at - 1] if at else None
        if isinstance(before, Box):
            del home.parts[at]
            before.parts.append(part)
        else:
            home.parts[at] = Box(How.ANY if home.how is How.ALL else How.ALL, [part])
        return key

    def outdent(self, key: int) -> int:
        """A condition out of its group, behind it."""
        home = self._home(key)
        if home is self.root:
            return key
        upper = self._home(home.key)
        at = self._place(home, key)
        part = home.parts.pop(at)
        place = self._place(upper, home.key)
        upper.parts.insert(place + 1, part)
        if not home.parts:
            del upper.parts[place]
        return key

    def can_indent(self, key: int) -> bool:
        """Whether groups may stand one deeper here."""
        return len(self._way(key)) < DEEPEST and isinstance(self._find(key), Row)

    def can_group(self, box: int) -> bool:
        """Whether a group may stand inside this one."""
        return len(self._way(box)) + 1 < DEEPEST

    def set_field(self, row: Row, name: str, kind: FieldType) -> None:
        """Another field: the question stays where it can be asked of it, the value where it can be meant."""
        ops = ops_for(name, kind)
        same = row.op in ops and _shape(row.field) == _shape(name) == "text"
        row.field = name
        if not same:
            row.op, row.value = ops[0], first_value(ops[0], kind)

    def set_op(self, row: Row, op: str, kind: FieldType) -> None:
        """Another question; the value stays where it is of the same kind."""
        old = row.op
        row.op = op
        if _value_kind(old) != _value_kind(op):
            row.value = first_value(op, kind)

    # Inside

    def _way(self, key: int, box: Box | None = None) -> list[Box]:
        """The groups around a part, the outermost first; [] for the root itself."""
        box = box or self.root
        for part in box.parts:
            if part.key == key:
                return [box]
            if isinstance(part, Box):
                inner = self._way(key, part)
                if inner:
                    return [box, *inner]
        return []

    def _home(self, key: int) -> Box:
        return self._way(key)[-1]

    def _find(self, key: int) -> Part:
        if key == self.root.key:
            return self.root
        home = self._home(key)
        return home.parts[self._place(home, key)]

    def _place(self, box: Box, key: int) -> int:
        return next(at for at, part in enumerate(box.parts) if part.key == key)

    def _first(self, part: Part) -> int:
        return part.key if isinstance(part, Row) else self._first(part.parts[0])


def ops_for(name: str, kind: FieldType) -> tuple[str, ...]:
    """What can be asked of a field."""
    return (OPS if own_field(name) is None else OWN_OPS)[kind]


def first_value(op: str, kind: FieldType) -> Value:
    """What a fresh question starts with."""
    if op in ("within", "not_within"):
        return 90
    if op in ("at_least", "at_most", "equals"):
        return 1
    return "" if kind is FieldType.TEXT and op not in ("empty", "filled") else None


def faults_left(rule: Rule, faults: tuple[Fault, ...]) -> Rule | None:
    """A rule without its broken conditions, None when nothing is left of it."""
    gone = {each.path for each in faults if each.path}
    return _without(rule, gone, ())


def _without(group: Group, gone: set[tuple[int, ...]], path: tuple[int, ...]) -> Group | None:
    parts: list[Condition | Group] = []
    for place, part in enumerate(group.parts):
        here = (*path, place)
        if isinstance(part, Group):
            inner = _without(part, gone, here)
            parts += [] if inner is None else [inner]
        elif here not in gone:
            parts.append(part)
    return Group(group.how, tuple(parts)) if parts else None


def _box(group: Group) -> Box:
    return Box(
        group.how,
        [_box(each) if isinstance(each, Group) else Row(each.field, each.op, each.value) for each in group.parts],
    )


def _group(box: Box) -> Group:
    return Group(box.how, tuple(_group(each) if isinstance(each, Box) else _condition(each) for each in box.parts))


def _condition(row: Row) -> Condition:
    return Condition(row.field, row.op, row.value)


def _shape(name: str) -> str:
    return "own" if own_field(name) is not None else "text" if name in _TEXTS else "other"


_TEXTS = frozenset({"name", "came_from", "expects", "likes", "bought", "notes"})


def _value_kind(op: str) -> str:
    return next((kind for kind, ops in _VALUE_KINDS.items() if op in ops), "none")


_VALUE_KINDS = {
    "text": ("contains", "not_contains", "is", "is_not"),
    "several": ("in", "not_in"),
    "number": ("at_least", "at_most", "equals"),
    "days": ("within", "not_within"),
    "day": ("before", "after"),
}
