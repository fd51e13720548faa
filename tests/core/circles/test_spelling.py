"""A rule on one line is what it says, comes back as it was written, and what cannot be read is refused in place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.circles import Condition, FieldType, Group, How, Names, parse
from cmdesk.circles.spelling import read_line, write_line
from cmdesk.errors import Invalid
from tests.core.circles.worlds import OWN, rules

NAMES = Names(
    {1: "Francia", 2: "none"},
    {1: "Vecinas", 2: "Clientes franceses", 3: 'La "Peña"'},
    {1: ("Alergia", FieldType.TEXT), 2: ("language", FieldType.NUMBER), 3: ("and", FieldType.DAY),
     4: ("Nivel de socia", FieldType.CHOICE), 5: ("own:4", FieldType.YES)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("language is fr", {"field": "language", "is": "in", "value": ["fr"]}),
        ("language is FR-CA, es", {"field": "language", "is": "in", "value": ["es", "fr-CA"]}),
        ('country is not es and market is "francia"', {"all": [
            {"field": "country", "is": "not_in", "value": ["ES"]}, {"field": "market", "is": "in", "value": [1]},
        ]}),
        ('market is none, "none"', {"field": "market", "is": "in", "value": [0, 2]}),
        ("advocate", {"field": "advocate", "is": "yes"}),
        ("opt_out is no", {"field": "opt_out", "is": "no"}),
        ("messages >= 3", {"field": "messages", "is": "at_least", "value": 3}),
        ("wishes=2", {"field": "wishes", "is": "equals", "value": 2}),
        ("last_seen within 90 days", {"field": "last_seen", "is": "within", "value": 90}),
        ("last_seen not within 90", {"field": "last_seen", "is": "not_within", "value": 90}),
        ("first_seen before 2026-01-31", {"field": "first_seen", "is": "before", "value": "2026-01-31"}),
        ("notes contains masa", {"field": "notes", "is": "contains", "value": "masa"}),
        ('notes not contains "masa madre"', {"field": "notes", "is": "not_contains", "value": "masa madre"}),
        ('name is "empty"', {"field": "name", "is": "is", "value": "empty"}),
        ("name is empty", {"field": "name", "is": "empty"}),
        ("name is not empty", {"field": "name", "is": "filled"}),
        ('"Nivel de socia" is Oro', {"field": "own:4", "is": "in", "value": ["Oro"]}),
        ("alergia contains nuez", {"field": "own:1", "is": "contains", "value": "nuez"}),
        ('"language" >= 2.5', {"field": "own:2", "is": "at_least", "value": 2.5}),
        ('circle is "La \\"Peña\\"", vecinas', {"field": "circle", "is": "in", "value": [1, 3]}),
        ("not advocate", {"none": [{"field": "advocate", "is": "yes"}]}),
        ("advocate and opt_out or wishes >= 1", {"any": [
            {"all": [{"field": "advocate", "is": "yes"}, {"field": "opt_out", "is": "yes"}]},
            {"field": "wishes", "is": "at_least", "value": 1},
        ]}),
        ("not (advocate or opt_out) and wishes <= 0", {"all": [
            {"none": [{"field": "advocate", "is": "yes"}, {"field": "opt_out", "is": "yes"}]},
            {"field": "wishes", "is": "at_most", "value": 0},
        ]}),
    ],
)  # fmt: skip
def test_a_line_means(line: str, data: dict[str, Any]) -> None:
    assert read_line(line, NAMES) == parse(data)


@pytest.mark.parametrize(
    ("line", "code", "detail"),
    [
        ("", "rule_text", "…"),
        ("language", "rule_text", "…"),
        ("language is", "rule_text", "…"),
        ("language is fr and", "rule_text", "…"),
        ("language is fr es", "rule_text", "es"),
        ("(language is fr", "rule_text", "…"),
        ("language is fr)", "rule_text", ")"),
        ('name is "ana', "rule_text", '"ana'),
        ("messages >= three", "rule_text", "three"),
        ("messages >= inf", "rule_text", "inf"),
        ("language = fr", "rule_text", "= fr"),
        ("advocate is perhaps", "rule_text", "perhaps"),
        ("shoe_size >= 3", "rule_field", "shoe_size"),
        ("market is Marte", "rule_name", "Marte"),
        ("language contains fr", "rule_op", "language"),
        ("last_seen before yesterday", "rule_value", "last_seen"),
        ("last_seen within 0", "rule_value", "last_seen"),
        ("(" * 5000 + "advocate", "rule_deep", None),
        ("not " * 4 + "advocate", "rule_deep", None),
        ("x" * 30_000, "rule_deep", None),
    ],
)
def test_what_cannot_be_read_says_from_where(line: str, code: str, detail: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        read_line(line, NAMES)
    assert caught.value.code == code
    assert detail is None or caught.value.detail == detail


@settings(max_examples=300)
@given(text=st.text(max_size=60))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        read_line(text, NAMES)
    except Invalid as error:
        assert error.code.startswith("rule_")


@settings(max_examples=500)
@given(rule=rules((1, 2, 3)))
def test_what_was_written_is_read_as_the_same_rule(rule: Group) -> None:
    known = Names(
        NAMES.markets, NAMES.circles, {each: (NAMES.own[each][0], _TYPES[kind]) for each, kind in OWN.items()}
    )
    line = write_line(rule, known)
    again = read_line(line, known)
    assert _simple(again) == _simple(rule), line
    assert write_line(again, known) == write_line(_simple(rule), known)


_TYPES = {
    "text": FieldType.TEXT, "number": FieldType.NUMBER, "date": FieldType.DAY, "choice": FieldType.CHOICE,
    "yes": FieldType.YES,
}  # fmt: skip


def _simple(rule: Group) -> Group:
    """Return a rule without groups of one part, which a line does not show."""
    parts: list[Condition | Group] = []
    for each in rule.parts:
        part = _alone(_simple(each)) if isinstance(each, Group) else each
        if rule.how is How.NONE and isinstance(part, Group) and part.how is How.ANY and len(rule.parts) == 1:
            parts += part.parts
        else:
            parts.append(part)
    made = Group(rule.how, tuple(parts))
    alone = _alone(made)
    return alone if isinstance(alone, Group) else Group(How.ALL, (alone,))


def _alone(group: Group) -> Condition | Group:
    if len(group.parts) == 1 and group.how is not How.NONE:
        return group.parts[0]
    return group
