"""What a rule is made of: fields of a person, what can be asked of each, and conditions in groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

OWN = "own:"
"""Prefix of a field of the brand's own, before its id."""
DEEPEST = 3
"""Groups stand in groups so many times at most, the outermost counted."""
MOST = 100
"""Conditions of one rule."""
MOST_VALUES = 500
LONGEST = 200
"""Characters of a text that is looked for."""
LONGEST_DAYS = 36_500


class FieldType(StrEnum):
    """What a field holds decides what can be asked of it."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DAY = "day"
    YES = "yes"


class How(StrEnum):
    """How the parts of a group count together."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


#: The names follow the columns of a contact; what is counted comes from conversations, cases and wishes.
FIELDS: Mapping[str, FieldType] = MappingProxyType(
    {
        "name": FieldType.TEXT,
        "language": FieldType.CHOICE,
        "country": FieldType.CHOICE,
        "market": FieldType.CHOICE,  # ids; 0: without one
        "circle": FieldType.CHOICE,  # ids
        "network": FieldType.CHOICE,
        "followers": FieldType.NUMBER,  # of the profile that has most
        "advocate": FieldType.YES,
        "opt_out": FieldType.YES,
        "came_from": FieldType.TEXT,
        "expects": FieldType.TEXT,
        "likes": FieldType.TEXT,
        "bought": FieldType.TEXT,
        "notes": FieldType.TEXT,
        "first_seen": FieldType.DAY,
        "last_seen": FieldType.DAY,
        "conversations": FieldType.NUMBER,
        "messages": FieldType.NUMBER,  # theirs and ours in their conversations
        "kinds": FieldType.CHOICE,  # what their conversations were about (D10)
        "last_sentiment": FieldType.CHOICE,  # of their latest conversation that shows any
        "negative": FieldType.NUMBER,  # conversations that went badly
        "positive": FieldType.NUMBER,
        "case_open": FieldType.YES,
        "case_count": FieldType.NUMBER,
        "case_cause": FieldType.CHOICE,
        "compensated": FieldType.YES,
        "wishes": FieldType.NUMBER,
    }
)
#: Fields whose values are ids of rows of the brand.
IDS = frozenset({"market", "circle"})
#: Fields of which a person has several values at once: "is" means that one of them is among those asked for.
SEVERAL = frozenset({"network", "circle", "kinds", "case_cause"})

OPS: Mapping[FieldType, tuple[str, ...]] = MappingProxyType(
    {
        FieldType.TEXT: ("contains", "not_contains", "is", "is_not", "empty", "filled"),
        FieldType.CHOICE: ("in", "not_in"),
        FieldType.NUMBER: ("at_least", "at_most", "equals"),
        FieldType.DAY: ("within", "not_within", "before", "after"),
        FieldType.YES: ("yes", "no"),
    }
)
#: Fields of the brand's own may be missing, of whatever type they are.
OWN_OPS: Mapping[FieldType, tuple[str, ...]] = MappingProxyType(
    {
        kind: (*ops, *(each for each in ("empty", "filled") if each not in ops and kind is not FieldType.YES))
        for kind, ops in OPS.items()
    }
)
#: Each of these says the exact opposite of the other: somebody of whom nothing is known is outside the first and
#: inside the second.
OPPOSITE: Mapping[str, str] = MappingProxyType(
    {
        "not_contains": "contains",
        "is_not": "is",
        "not_in": "in",
        "not_within": "within",
        "no": "yes",
        "empty": "filled",
    }
)
#: Kinds of a contact_field row, as rules see them.
OWN_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "text": FieldType.TEXT,
        "number": FieldType.NUMBER,
        "date": FieldType.DAY,
        "choice": FieldType.CHOICE,
        "yes": FieldType.YES,
    }
)

Value = str | int | float | tuple[str, ...] | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, what is asked of it, and the value it is compared with (None where the question needs none)."""

    field: str
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups that count together; never empty."""

    how: How
    parts: tuple[Condition | Group, ...]


Rule = Group


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a stored rule cannot be asked: `path` leads from the outermost group to the condition, by places.

    Codes: `rule_field_gone`, `rule_market_gone`, `rule_circle_gone`, `rule_op` (the field is of another type by now),
    `rule_cycle` (it asks for itself), `rule_unread`. `detail` is the id that is gone, or the field.
    """

    code: str
    detail: str = ""
    path: tuple[int, ...] = ()


def own_field(field: str) -> int | None:
    """Return the id of a field of the brand's own, None for one of everybody's."""
    number = field.removeprefix(OWN)
    return int(number) if number != field and number.isascii() and number.isdigit() and len(number) < 16 else None


def type_of(field: str, own: Mapping[int, FieldType] = MappingProxyType({})) -> FieldType | None:
    """Return what a field holds, None for one that there is not; `own`: types of the brand's own fields by id."""
    mine = own_field(field)
    return FIELDS.get(field) if mine is None else own.get(mine)


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in a rule are called; `own`: name and type of the brand's own fields."""

    markets: Mapping[int, str] = field(default_factory=dict)
    circles: Mapping[int, str] = field(default_factory=dict)
    own: Mapping[int, tuple[str, FieldType]] = field(default_factory=dict)

    def type_of(self, name: str) -> FieldType | None:
        """Return what a field holds, None for one that is gone."""
        return type_of(name, {each: kind for each, (_name, kind) in self.own.items()})


def ops_of(field: str, kind: FieldType) -> tuple[str, ...]:
    """Return what can be asked of a field of that type."""
    return (OPS if own_field(field) is None else OWN_OPS)[kind]


def conditions(rule: Group, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Condition]]:
    """Yield each condition of a rule with its path."""
    for place, part in enumerate(rule.parts):
        if isinstance(part, Condition):
            yield (*path, place), part
        else:
            yield from conditions(part, (*path, place))


def ids_of(condition: Condition) -> tuple[int, ...]:
    """Return the ids that a condition on a field of ids names; () of any other."""
    value = condition.value
    return tuple(int(each) for each in value) if isinstance(value, tuple) and condition.field in IDS else ()


def names(rule: Group, field: str) -> frozenset[int]:
    """Return the ids that a rule names in a field of ids ("market", "circle"), 0 not counted."""
    return frozenset(one for _path, each in conditions(rule) if each.field == field for one in ids_of(each) if one)
