"""From JSON to a rule and back; what is not a rule is refused with a code that says which part of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NoReturn

from cmdesk.care.verdict import KINDS, SENTIMENTS
from cmdesk.circles.values import (
    DEEPEST,
    FIELDS,
    IDS,
    LONGEST,
    LONGEST_DAYS,
    MOST,
    MOST_VALUES,
    OPS,
    OWN_OPS,
    Condition,
    Group,
    How,
    Rule,
    Value,
    conditions,
    own_field,
)
from cmdesk.errors import Invalid
from cmdesk.safe_text import clean_line
from cmdesk.text import folded

_LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?")
_COUNTRY = re.compile(r"(?:[A-Z]{2})?")
_CODES: Mapping[str, Callable[[str], bool]] = {
    "language": lambda code: _LANGUAGE.fullmatch(code) is not None,
    "country": lambda code: _COUNTRY.fullmatch(code) is not None,
    "last_sentiment": lambda code: code in ("", *SENTIMENTS),
    "kinds": lambda code: code in KINDS,
}
_LARGEST = 1e15
_EVERY_OWN_OP = frozenset(op for ops in OWN_OPS.values() for op in ops)
_GROUPS = frozenset(How)


def parse(data: object) -> Rule:
    """Return the rule that `data` (decoded JSON) holds.

    Raises Invalid: `rule_nothing` (no condition), `rule_shape` (it is no rule at all), `rule_field`, `rule_op`,
    `rule_value` (each with the field in `detail`), `rule_deep` (groups in groups in groups, or too many conditions).
    """
    if not isinstance(data, Mapping):
        _refuse("rule_shape", "this is no rule")
    if not data:
        _refuse("rule_nothing", "the rule has no condition")
    found = _group({"all": [data]} if "field" in data else data, 1)
    if sum(1 for _each in conditions(found)) > MOST:
        _refuse("rule_deep", "the rule has too many conditions", str(MOST))
    return found


def parse_text(text: str) -> Rule:
    """Return the rule of a JSON text; raises Invalid as `parse` does."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("rule_shape", "this is not JSON")
    return parse(data)


def as_data(rule: Rule) -> dict[str, object]:
    """Return a rule as it is stored: `parse` brings it back equal."""
    return {rule.how.value: [_part(each) for each in rule.parts]}


def canonical(rule: Rule) -> str:
    """Return a rule as text: the same one for equal rules."""
    return json.dumps(as_data(rule), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _part(part: Condition | Group) -> dict[str, object]:
    if isinstance(part, Group):
        return as_data(part)
    data: dict[str, object] = {"field": part.field, "is": part.op}
    if part.value is not None:
        data["value"] = list(part.value) if isinstance(part.value, tuple) else part.value
    return data


def _group(data: Mapping[object, object], depth: int) -> Group:
    how = next(iter(data))
    parts = data[how]
    if len(data) != 1 or how not in _GROUPS or not isinstance(parts, list):
        _refuse("rule_shape", "a group is all, any or none of a list", str(how)[:LONGEST])
    if depth > DEEPEST:
        _refuse("rule_deep", "groups stand too deep in each other", str(DEEPEST))
    if not parts:
        _refuse("rule_nothing", "a group has no condition")
    if len(parts) > MOST:
        _refuse("rule_deep", "the rule has too many conditions", str(MOST))
    found: list[Condition | Group] = []
    for part in parts:
        if not isinstance(part, Mapping) or not part:
            _refuse("rule_shape", "a part of a rule is a condition or a group")
        found.append(_condition(part) if "field" in part else _group(part, depth + 1))
    return Group(How(str(how)), tuple(found))


def _condition(data: Mapping[object, object]) -> Condition:
    field, op = data["field"], data.get("is")
    if data.keys() - {"field", "is", "value"}:
        _refuse("rule_shape", "a condition has a field, is and a value", str(field)[:LONGEST])
    if not isinstance(field, str) or (field not in FIELDS and own_field(field) is None):
        _refuse("rule_field", "there is no such field", str(field)[:LONGEST])
    kind = FIELDS.get(field)
    value = data.get("value")
    if kind is not None and "in" in OPS[kind] and op in ("is", "is_not"):
        op = "in" if op == "is" else "not_in"
    if not isinstance(op, str) or op not in (_EVERY_OWN_OP if kind is None else OPS[kind]):
        _refuse("rule_op", "this cannot be asked of the field", field)
    return Condition(field, op, _value(field, op, value))


def _value(field: str, op: str, value: object) -> Value:
    """Return the value as rules hold it; its shape follows from what is asked."""
    if op in ("yes", "no", "empty", "filled"):
        if value is not None:
            _refuse("rule_value", "this question needs no value", field)
        return None
    found: Value = None
    if op in ("in", "not_in"):
        found = _choice(field, value)
    elif op in ("at_least", "at_most", "equals"):
        found = _number(value)
    elif op in ("within", "not_within"):
        found = value if isinstance(value, int) and not isinstance(value, bool) else None
        found = found if found is not None and 1 <= found <= LONGEST_DAYS else None
    elif isinstance(value, str):
        found = _day(value) if op in ("before", "after") else _text(value)
    if found is None:
        _refuse("rule_value", "this is no value for the field", field)
    return found


def _choice(field: str, value: object) -> tuple[str, ...] | tuple[int, ...] | None:
    several = value if isinstance(value, list | tuple) else [value]
    if not 0 < len(several) <= MOST_VALUES:
        return None
    if field in IDS:
        least = 1 if field == "circle" else 0
        ids = [each for each in several if isinstance(each, int) and not isinstance(each, bool)]
        fits = len(ids) == len(several) and all(least <= each < 2**53 for each in ids)
        return tuple(sorted(set(ids))) if fits else None
    codes = [each if each == "" else _text(each) for each in several if isinstance(each, str)]
    known = [each for each in codes if each is not None and _CODES.get(field, bool)(each)]
    return tuple(sorted(set(known))) if len(known) == len(several) else None


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or abs(value) > _LARGEST:
        return None
    return int(value) if value == int(value) else value


def _day(value: str) -> str | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found.isoformat() if 1900 <= found.year <= 2200 else None


def _text(value: str) -> str | None:
    if len(value) > LONGEST:
        return None
    cleaned = clean_line(value, limit=LONGEST)
    return cleaned if folded(cleaned) else None


def _refuse(code: str, why: str, detail: str = "") -> NoReturn:
    raise Invalid(why, code=code, detail=detail)
