"""Rules of circles in SQL: conditions over `contact c`, every value a parameter.

A condition yields 0 or 1 and never NULL, so that its opposite is its exact opposite: somebody of whom nothing is known
does not fulfil a question, and fulfils its opposite. `tests/core/circles/reference.py` says the same one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cmdesk.circles import (
    Condition,
    Fault,
    FieldType,
    Group,
    How,
    Rule,
    conditions,
    ids_of,
    names,
    ops_of,
    own_field,
    parse,
)
from cmdesk.circles.values import OPPOSITE, OWN_TYPES, Value
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump, load, scalar
from cmdesk.text import folded
from cmdesk.zones import zone_named

DAY_MS = 86_400_000
MOST_ASKED = 400
"""Conditions of a rule with those of the circles it names."""

Sql = tuple[str, list[object]]
Named = tuple[str, dict[str, object]]
"""A condition with its parameters by name; names begin with `rule_`."""

_TEXTS = {
    "name": "c.name", "notes": "c.notes", "came_from": "c.came_from", "expects": "c.expects", "likes": "c.likes",
    "bought": "c.bought",
}  # fmt: skip
_YES = {
    "advocate": "c.advocate <> 0",
    "opt_out": "c.opt_out <> 0",
    "case_open": "EXISTS (SELECT 1 FROM care_case k WHERE k.contact_id = c.id AND k.state <> 'closed')",
    "compensated": (
        "EXISTS (SELECT 1 FROM care_case k JOIN compensation p ON p.case_id = k.id WHERE k.contact_id = c.id)"
    ),
}
_DAYS = {"first_seen": "c.first_seen_at", "last_seen": "c.last_seen_at"}
_NUMBERS = {
    "followers": "(SELECT max(i.followers) FROM identity i WHERE i.contact_id = c.id)",
    "conversations": "(SELECT count(*) FROM conversation t WHERE t.contact_id = c.id AND t.merged_into IS NULL)",
    "messages": (
        "(SELECT coalesce(sum(t.messages), 0) FROM conversation t WHERE t.contact_id = c.id AND t.merged_into IS NULL)"
    ),
    "negative": (
        "(SELECT count(*) FROM conversation t"
        " WHERE t.contact_id = c.id AND t.merged_into IS NULL AND t.sentiment = 'negative')"
    ),
    "positive": (
        "(SELECT count(*) FROM conversation t"
        " WHERE t.contact_id = c.id AND t.merged_into IS NULL AND t.sentiment = 'positive')"
    ),
    "case_count": "(SELECT count(*) FROM care_case k WHERE k.contact_id = c.id)",
    "wishes": "(SELECT count(*) FROM wish w WHERE w.contact_id = c.id)",
}
_AMONG = "IN (SELECT value FROM json_each(?))"
# A language counts for its regional forms: French is also the French of Canada.
_CHOICES = {
    "country": f"c.country {_AMONG}",
    "market": f"coalesce(c.market_id, 0) {_AMONG}",
    "network": f"EXISTS (SELECT 1 FROM identity i WHERE i.contact_id = c.id AND i.network {_AMONG})",
    "kinds": (
        "EXISTS (SELECT 1 FROM conversation t"
        f" WHERE t.contact_id = c.id AND t.merged_into IS NULL AND t.intent {_AMONG})"
    ),
    "last_sentiment": (
        "coalesce((SELECT t.sentiment FROM conversation t WHERE t.contact_id = c.id AND t.merged_into IS NULL"
        f" AND t.sentiment <> '' ORDER BY t.last_in_at DESC, t.id DESC LIMIT 1), '') {_AMONG}"
    ),
    "case_cause": f"EXISTS (SELECT 1 FROM care_case k WHERE k.contact_id = c.id AND folded(k.cause) {_AMONG})",
}
_LANGUAGE = f"(c.language {_AMONG} OR substr(c.language, 1, instr(c.language || '-', '-') - 1) {_AMONG})"
_COMPARE = {"at_least": ">= ?", "at_most": "<= ?", "equals": "= ?"}
_OWN = "EXISTS (SELECT 1 FROM contact_value v WHERE v.contact_id = c.id AND v.field_id = ? AND"
_OUT = "c.id NOT IN (SELECT o.contact_id FROM circle_contact o WHERE o.circle_id = ? AND o.kind = 'out')"
_IN = "c.id IN (SELECT o.contact_id FROM circle_contact o WHERE o.circle_id = ? AND o.kind = 'in')"
_NOTED = "c.id IN (SELECT o.contact_id FROM circle_member o WHERE o.circle_id = ?)"
#: What costs little is asked first.
_DEAR = frozenset(
    {"followers", "network", "kinds", "last_sentiment", "case_cause", "case_open", "compensated", "circle"}
    | _NUMBERS.keys()
)


def where(rule: Rule, now_ms: int, *, zone: str = "UTC") -> Named:
    """Return a rule as a condition over `contact c` with its parameters; brand and merged people are the caller's.

    Days are those of `zone`, and a circle it names holds nobody: `asked` knows the brand's zone and circles, and
    refuses what is gone.
    """
    return named(_group(rule, _Asked(now_ms, zone_named(zone))))


def asked(reader: Reader, rule: Rule, *, brand_id: int | None, now: datetime, circle_id: int | None = None) -> Named:
    """Return a brand's rule as a condition over `contact c` with its parameters, circles inside it included.

    Raises Invalid with the code of its first fault (see `faults`). `circle_id`: whose rule it is; `brand_id` None: it
    is asked of everybody, and days are those of UTC.
    """
    return named(condition(reader, rule, brand_id=brand_id, now=now, circle_id=circle_id))


def condition(reader: Reader, rule: Rule, *, brand_id: int | None, now: datetime, circle_id: int | None = None) -> Sql:
    """Return what `asked` does with the parameters in their order."""
    book = Book(reader, brand_id, now)
    wrong = book.faults(rule, circle_id=circle_id)
    if wrong:
        raise Invalid("the rule names what is gone", code=wrong[0].code, detail=wrong[0].detail)
    return book.rule(rule)


def named(found: Sql, prefix: str = "rule_") -> Named:
    """Return a condition with its parameters by name; no text of a rule stands in the SQL, so each ? is a parameter."""
    first, *rest = found[0].split("?")
    keys = ["".join((prefix, str(at))) for at in range(len(rest))]
    marked = [part for key, piece in zip(keys, rest, strict=True) for part in (":", key, piece)]
    return "".join((first, *marked)), dict(zip(keys, found[1], strict=True))


def faults(
    reader: Reader, rule: Rule, *, brand_id: int, now: datetime, circle_id: int | None = None
) -> tuple[Fault, ...]:
    """Return what a rule names that is gone, or is not this brand's; () when it can be asked."""
    return Book(reader, brand_id, now).faults(rule, circle_id=circle_id)


class Book:
    """A brand's fields, markets and circles as one question needs them; read once, used for any number of rules."""

    def __init__(self, reader: Reader, brand_id: int | None, now: datetime) -> None:
        self.brand_id, self.now_ms = brand_id, to_ms(now)
        self.zone = zone_named(scalar(reader, "SELECT zone FROM brand WHERE id = ?", (brand_id,)) or "UTC")
        self.own = {
            row[0]: OWN_TYPES.get(row[1], FieldType.TEXT)
            for row in reader.execute(
                "SELECT id, kind FROM contact_field WHERE ?1 IS NULL OR brand_id = ?1", (brand_id,)
            )
        }
        self.markets = {
            row[0] for row in reader.execute("SELECT id FROM market WHERE ?1 IS NULL OR brand_id = ?1", (brand_id,))
        }
        self._stored = dict(
            reader.execute("SELECT id, rule FROM circle WHERE ?1 IS NULL OR brand_id = ?1", (brand_id,)).fetchall()
        )
        self._rules: dict[int, Rule | Fault | None] = {}
        self._found: dict[int, Sql] = {}

    @property
    def circles(self) -> Iterable[int]:
        """The ids of the brand's circles."""
        return self._stored.keys()

    def rule_of(self, circle_id: int) -> Rule | Fault | None:
        """Return a circle's rule, None for one by hand, a fault for what cannot be read."""
        if circle_id not in self._rules:
            data = load(self._stored[circle_id])
            try:
                self._rules[circle_id] = parse(data) if data else None
            except Invalid as error:
                self._rules[circle_id] = Fault("rule_unread", error.detail)
        return self._rules[circle_id]

    def faults_of(self, circle_id: int) -> tuple[Fault, ...]:
        """Return why a circle's rule cannot be asked; () when it can, or has none."""
        rule = self.rule_of(circle_id)
        if isinstance(rule, Fault):
            return (rule,)
        return () if rule is None else self.faults(rule, circle_id=circle_id)

    def faults(self, rule: Rule, *, circle_id: int | None = None) -> tuple[Fault, ...]:
        """Return why a rule cannot be asked: every condition that names what is gone."""
        found: list[Fault] = []
        for path, each in conditions(rule):
            mine = own_field(each.field)
            if mine is not None and mine not in self.own:
                found.append(Fault("rule_field_gone", str(mine), path))
            elif mine is not None and each.op not in ops_of(each.field, self.own[mine]):
                found.append(Fault("rule_op", each.field, path))
            elif each.field == "market":
                gone = [one for one in ids_of(each) if one and one not in self.markets]
                found += [Fault("rule_market_gone", str(one), path) for one in gone]
            elif each.field == "circle":
                for one in ids_of(each):
                    if one not in self._stored:
                        found.append(Fault("rule_circle_gone", str(one), path))
                    elif circle_id is not None and self._leads_to(one, circle_id, frozenset()):
                        found.append(Fault("rule_cycle", str(one), path))
        if not found and self._size(rule, frozenset() if circle_id is None else frozenset({circle_id})) > MOST_ASKED:
            found.append(Fault("rule_deep", str(MOST_ASKED)))
        return tuple(found)

    def rule(self, rule: Rule) -> Sql:
        """Return a rule without faults as a condition."""
        circles = {one: self.circle(one) for one in names(rule, "circle")}
        return _group(rule, _Asked(self.now_ms, self.zone, circles, self.own))

    def circle(self, circle_id: int) -> Sql:
        """Return who is in a circle as a condition: its rule or by hand, and not out by hand.

        A broken one holds those last noted, and whoever was put in by hand since.
        """
        if circle_id not in self._found:
            rule = self.rule_of(circle_id)
            if rule is None:
                self._found[circle_id] = (_IN, [circle_id])
            else:
                broken = isinstance(rule, Fault) or bool(self.faults(rule, circle_id=circle_id))
                base = (_NOTED, [circle_id]) if broken or isinstance(rule, Fault) else self.rule(rule)
                sql = " ".join(("((", base[0], "OR", _IN, ") AND", _OUT, ")"))
                self._found[circle_id] = (sql, [*base[1], circle_id, circle_id])
        return self._found[circle_id]

    def _named(self, circle_id: int) -> frozenset[int]:
        rule = self.rule_of(circle_id) if circle_id in self._stored else None
        return frozenset() if rule is None or isinstance(rule, Fault) else names(rule, "circle")

    def _leads_to(self, start: int, target: int, seen: frozenset[int]) -> bool:
        if start == target:
            return True
        return any(self._leads_to(each, target, seen | {start}) for each in self._named(start) - seen)

    def _size(self, rule: Rule, inside: frozenset[int], so_far: int = 0) -> int:
        """Count the conditions with those of the circles named, once each time they are named."""
        size = so_far
        for _path, each in conditions(rule):
            size += 1
            for one in ids_of(each) if each.field == "circle" else ():
                inner = self.rule_of(one) if one in self._stored and one not in inside else None
                if size <= MOST_ASKED and inner is not None and not isinstance(inner, Fault):
                    size = self._size(inner, inside | {one}, size)
        return size


# Conditions


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the conditions of one question share."""

    now_ms: int
    zone: ZoneInfo
    circles: Mapping[int, Sql] = field(default_factory=dict)
    own: Mapping[int, FieldType] = field(default_factory=dict)

    def first_of(self, day: date) -> int:
        """Return when a day of the zone begins: where clocks jump over midnight, with the jump."""
        return to_ms(datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC))

    def days_ago(self, days: int) -> int:
        return self.now_ms - days * DAY_MS

    def today(self) -> date:
        return from_ms(self.now_ms).astimezone(self.zone).date()


def _group(group: Group, this: _Asked) -> Sql:
    joined = " AND " if group.how is How.ALL else " OR "
    parts = [_part(each, this) for each in sorted(group.parts, key=_dear)]
    sql = joined.join(part[0] for part in parts)
    params = [value for part in parts for value in part[1]]
    return "".join(("NOT (" if group.how is How.NONE else "(", sql, ")")), params


def _dear(part: Condition | Group) -> bool:
    return isinstance(part, Group) or part.field in _DEAR or own_field(part.field) is not None


def _part(part: Condition | Group, this: _Asked) -> Sql:
    if isinstance(part, Group):
        return _group(part, this)
    sql, params = _asked(part.field, OPPOSITE.get(part.op, part.op), part.value, this)
    return (" ".join(("NOT", sql)) if part.op in OPPOSITE else sql), params


def _asked(name: str, op: str, value: Value, this: _Asked) -> Sql:
    """Return a question that is not an opposite; 0 or 1, in brackets."""
    mine = own_field(name)
    if mine is not None:
        sql, params = _OWN_ASKED[op](value, this)
        return " ".join(("(", _OWN, sql, "))")), [mine, *params]
    if name in _TEXTS:
        sql, params = _text("folded(" + _TEXTS[name] + ")", op, value)
    elif name in _YES:
        sql, params = _YES[name], []
    elif name in _NUMBERS:
        sql, params = " ".join(("coalesce(", _NUMBERS[name], _COMPARE[op], ", 0)")), [value]
    elif name in _DAYS:
        sql, params = _day(_DAYS[name], op, value, this)
    elif name == "circle":
        inside = [this.circles.get(int(one), ("0", [])) for one in _values(value)]
        sql, params = " OR ".join(each[0] for each in inside), [one for each in inside for one in each[1]]
    elif name == "language":
        asked_for = dump(_values(value))
        sql, params = _LANGUAGE, [asked_for, asked_for]
    else:
        among = [folded(str(each)) for each in _values(value)] if name == "case_cause" else _values(value)
        sql, params = _CHOICES[name], [dump(among)]
    return "".join(("(", sql, ")")), params


def _values(value: Value) -> list[str | int]:
    return list(value) if isinstance(value, tuple) else []


def _text(column: str, op: str, value: Value) -> Sql:
    if op == "filled":
        return column + " <> ''", []
    if op == "is":
        return column + " = ?", [folded(str(value))]
    return " ".join(("instr(", column, ", ?) > 0")), [folded(str(value))]


def _day(column: str, op: str, value: Value, this: _Asked) -> Sql:
    if op == "within":
        return " ".join(("coalesce(", column, ">= ?, 0)")), [this.days_ago(int(str(value)))]
    day = date.fromisoformat(str(value))
    if op == "before":
        return " ".join(("coalesce(", column, "< ?, 0)")), [this.first_of(day)]
    return " ".join(("coalesce(", column, ">= ?, 0)")), [this.first_of(day + timedelta(days=1))]


def _own_number(op: str) -> Callable[[Value, _Asked], Sql]:
    return lambda value, _this: ("CAST(v.value AS REAL) " + _COMPARE[op], [value])


def _own_within(value: Value, this: _Asked) -> Sql:
    """A day of one's own within the last so many: today counts, what is still to come does not."""
    today = this.today()
    return "v.value BETWEEN ? AND ?", [(today - timedelta(days=int(str(value)))).isoformat(), today.isoformat()]


_OWN_ASKED: Mapping[str, Callable[[Value, _Asked], Sql]] = {
    "contains": lambda value, _this: _text("folded(v.value)", "contains", value),
    "is": lambda value, _this: _text("folded(v.value)", "is", value),
    "filled": lambda _value, _this: _text("folded(v.value)", "filled", None),
    "in": lambda value, _this: (f"v.value {_AMONG}", [dump(_values(value))]),
    "at_least": _own_number("at_least"),
    "at_most": _own_number("at_most"),
    "equals": _own_number("equals"),
    "within": _own_within,
    "before": lambda value, _this: ("v.value < ?", [value]),
    "after": lambda value, _this: ("v.value > ?", [value]),
    "yes": lambda _value, _this: ("v.value = '1'", []),
}


def ids_where(brand_id: int, found: Sequence[Sql]) -> Sql:
    """Return the statement for the ids of a brand's people who fulfil all of these conditions, oldest first.

    It walks the table as it lies in the file: the index of a brand names its people in another order, and to jump
    from one to the next takes five times as long as to pass by those of other brands.
    """
    sql = ["SELECT c.id FROM contact c NOT INDEXED WHERE c.brand_id = ? AND c.merged_into IS NULL"]
    params: list[object] = [brand_id]
    for each, values in found:
        sql += ["AND", each]
        params += values
    return " ".join(sql), params
