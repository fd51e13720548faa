"""A rule on one line: `language is fr and (advocate or messages >= 3) and not circle is "Prensa"`.

`and` binds before `or`; `not` stands before a condition or a group. Names of markets, circles and fields of the
brand's own may be written; what holds blanks, or reads like a question (`empty`), stands in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from cmdesk.circles.reading import parse
from cmdesk.circles.values import FIELDS, OWN, Condition, FieldType, Group, How, Names, Rule, own_field
from cmdesk.errors import Invalid
from cmdesk.text import folded

LONGEST_LINE = 20_000
_NESTED = 50  # brackets in brackets; parse refuses far fewer groups
_TOKEN = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<sign>>=|<=|[(),=])|(?P<word>[^\s(),"=<>]+))')
_COMPARE = {">=": "at_least", "<=": "at_most", "=": "equals"}
_SIGNS = {op: sign for sign, op in _COMPARE.items()}
_BARE = re.compile(r"[^\s(),\"=<>]+")
_WORDS = frozenset(("and", "or", "not", "is", "empty", "filled", "yes", "no", "none", "contains", "within", "before"))
_NONE = "none"

Token = tuple[str, bool, int]
"""A piece of the line, whether it stood in quotes, and where."""


def read_line(text: str, names: Names) -> Rule:
    """Return the rule of a line. Raises Invalid: `rule_text` (`detail`: from where it cannot be read), `rule_name`
    (nothing is called so), and what `parse` raises.
    """
    if len(text) > LONGEST_LINE:
        raise Invalid("the line is too long", code="rule_deep", detail=str(LONGEST_LINE))
    read = _Line(text, names)
    rule = read.either(0)
    if read.here is not None:
        read.refuse()
    return parse(rule)


def write_line(rule: Rule, names: Names) -> str:
    """Return a rule as a line that `read_line` takes for the same people; what is gone stands with its id."""
    return _group(rule, names, outermost=True)


class _Line:
    """Reads from the left, one piece ahead."""

    def __init__(self, text: str, names: Names) -> None:
        self._text, self._names = text, names
        self._at = 0
        self._tokens: list[Token] = []
        while text[self._at :].strip():
            found = _TOKEN.match(text, self._at)
            if found is None:
                self._stop(self._at)
            quoted = found["quoted"]
            piece = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found["sign"] or found["word"]
            self._tokens.append((piece, quoted is not None, found.start(found.lastgroup or 0)))
            self._at = found.end()
        self._place = 0

    @property
    def here(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def refuse(self) -> NoReturn:
        here = self.here
        self._stop(len(self._text) if here is None else here[2])

    def _stop(self, at: int) -> NoReturn:
        rest = " ".join(self._text[at:].split())[:40] or "…"
        raise Invalid("the rule cannot be read", code="rule_text", detail=rest)

    def either(self, depth: int) -> dict[str, object]:
        """Parts joined by `or`, each of parts joined by `and`."""
        return self._joined("or", "any", lambda: self._joined("and", "all", lambda: self._part(depth)))

    def _joined(self, word: str, how: str, inner: Callable[[], dict[str, object]]) -> dict[str, object]:
        parts = [inner()]
        while self._take(word):
            parts.append(inner())
        return parts[0] if len(parts) == 1 else {how: parts}

    def _part(self, depth: int) -> dict[str, object]:
        if depth > _NESTED:
            raise Invalid("brackets stand too deep in each other", code="rule_deep", detail=str(_NESTED))
        if self._take("not"):
            inner = self._part(depth + 1)
            # not (a or b): none of them.
            return {"none": inner["any"]} if "any" in inner else {"none": [inner]}
        if self._take("("):
            found = self.either(depth + 1)
            if not self._take(")"):
                self.refuse()
            return found
        return self._condition()

    def _condition(self) -> dict[str, object]:
        token = self.here
        if token is None or (not token[1] and not _BARE.fullmatch(token[0])):
            self.refuse()
        field = self._field(token)
        self._place += 1
        kind = self._names.type_of(field)
        op, value = self._asked(field, kind)
        return {"field": field, "is": op} | ({} if value is None else {"value": value})

    def _field(self, token: Token) -> str:
        word, quoted, _at = token
        if not quoted and (word in FIELDS or own_field(word) is not None):
            return word
        found = _called(word, {each: name for each, (name, _kind) in self._names.own.items()})
        if found is None:
            raise Invalid(f"there is no field {word!r}", code="rule_field", detail=word[:60])
        return f"{OWN}{found}"

    def _asked(self, field: str, kind: FieldType | None) -> tuple[str, object]:
        """Return the question and its value; a field of yes and no may stand alone."""
        for sign, op in _COMPARE.items():
            if self._take(sign):
                if op == "equals" and kind not in (FieldType.NUMBER, None):
                    self._place -= 1
                    self.refuse()
                return op, self._number()
        if self._take("is"):
            return self._is(field, kind, "not_" if self._take("not") else "")
        negated = self._take("not")
        for op in ("contains", "within"):
            if self._take(op):
                value: object = self._number() if op == "within" else self._value()
                if op == "within":
                    self._take("days")
                return f"not_{op}" if negated else op, value
        if not negated:
            for op in ("before", "after"):
                if self._take(op):
                    return op, self._value()
            if kind is FieldType.YES:
                return "yes", None
        self.refuse()

    def _is(self, field: str, kind: FieldType | None, negated: str) -> tuple[str, object]:
        for word in ("empty", "filled"):
            if self._take(word):
                return (word if not negated else "filled" if word == "empty" else "empty"), None
        if self._take("within"):
            days = self._number()
            self._take("days")
            return f"{negated}within", days
        if kind is FieldType.YES:
            for word, other in (("yes", "no"), ("no", "yes")):
                if self._take(word):
                    return (other if negated else word), None
            self.refuse()
        if kind is FieldType.NUMBER and not negated:
            return "equals", self._number()
        if kind is FieldType.CHOICE or kind is None:
            values = [self._choice(field)]
            while self._take(","):
                values.append(self._choice(field))
            return f"{negated}in", values
        return ("is_not" if negated else "is"), self._value()

    def _choice(self, field: str) -> str | int:
        token = self.here
        word = self._value()
        if field in ("market", "circle"):
            known = self._names.markets if field == "market" else self._names.circles
            if field == "market" and token is not None and (word, token[1]) == (_NONE, False):
                return 0
            found = _called(word, known)
            if found is None and word.isascii() and word.isdigit() and len(word) < 16:
                found = int(word)
            if found is None:
                raise Invalid(f"nothing is called {word!r}", code="rule_name", detail=word[:60])
            return found
        if field == "language":
            base, dash, region = word.partition("-")
            return f"{base.lower()}{dash}{region}"
        if field == "country":
            return word.upper()
        return word.lower() if field in ("network", "kinds", "last_sentiment") else word

    def _value(self) -> str:
        token = self.here
        if token is None or (not token[1] and (token[0] in ("and", "or", "not") or not _BARE.fullmatch(token[0]))):
            self.refuse()
        self._place += 1
        return token[0]

    def _number(self) -> int | float:
        token = self.here
        try:
            number = float(token[0]) if token is not None and not token[1] else None
        except ValueError:
            number = None
        if number is None or number != number or abs(number) > 1e15:
            self.refuse()
        self._place += 1
        return int(number) if number == int(number) else number

    def _take(self, word: str) -> bool:
        token = self.here
        if token is None or token[1] or token[0] != word:
            return False
        self._place += 1
        return True


def _called(word: str, known: Mapping[int, str]) -> int | None:
    """Return the id of what is called so, letter by letter or else whatever its capitals and accents."""
    exact = next((each for each, name in known.items() if name == word), None)
    wanted = folded(word)
    return exact if exact is not None else next((each for each, name in known.items() if folded(name) == wanted), None)


def _group(group: Group, names: Names, *, outermost: bool = False) -> str:
    inner = How.ANY if group.how is How.NONE else group.how
    word = " or " if inner is How.ANY else " and "
    text = word.join(
        _group(each, names) if isinstance(each, Group) else _written(each, names) for each in group.parts
    )  # fmt: skip
    if group.how is How.NONE:
        return f"not ({text})"
    return text if outermost or len(group.parts) == 1 else f"({text})"


def _written(asked: Condition, names: Names) -> str:
    mine = own_field(asked.field)
    called = names.own[mine][0] if mine is not None and mine in names.own else ""
    field = _quoted(called) if called and _called(called, {k: n for k, (n, _t) in names.own.items()}) == mine else ""
    field = field or asked.field
    op, value = asked.op, asked.value
    if op in ("yes", "no", "empty", "filled"):
        return f"{field} is {op}"
    if op in _SIGNS:
        return f"{field} {_SIGNS[op]} {value}"
    if op in ("within", "not_within"):
        return f"{field} {op.replace('_', ' ')} {value} days"
    if op in ("before", "after"):
        return f"{field} {op} {value}"
    if op in ("in", "not_in") and isinstance(value, tuple):
        told = ", ".join(_chosen(asked.field, each, names) for each in value)
        return f"{field} is {'not ' if op == 'not_in' else ''}{told}"
    return f"{field} {op.replace('_', ' ')} {_quoted(str(value), always=True)}"


def _chosen(field: str, value: str | int, names: Names) -> str:
    if field == "market" and value == 0:
        return _NONE
    if field in ("market", "circle"):
        known = names.markets if field == "market" else names.circles
        name = known.get(int(value), "")
        return _quoted(name) if name and _called(name, known) == value else str(value)
    return _quoted(str(value))


def _quoted(text: str, *, always: bool = False) -> str:
    if not always and _BARE.fullmatch(text) and text not in _WORDS and text not in FIELDS and own_field(text) is None:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
