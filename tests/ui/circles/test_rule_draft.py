"""A rule while it is written: what is missing is said, parts move in and out, and every shape is a rule again."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.circles import DEEPEST, Condition, FieldType, Group, How, parse
from cmdesk.circles.values import Fault
from tests.core.circles.worlds import rules
from ui.models.rule_draft import Box, Row, RuleDraft, faults_left

FRENCH = Condition("language", "in", ("fr",))
FRIEND = Condition("advocate", "yes")
BUSY = Condition("messages", "at_least", 3)


def draft(*parts: Condition | Group, how: How = How.ALL) -> RuleDraft:
    return RuleDraft(Group(how, parts))


def keys(made: RuleDraft) -> list[int]:
    return [each.key for each in made.rows()]


def test_a_new_rule_starts_with_a_condition_that_lacks_its_value() -> None:
    made = RuleDraft()
    (row,) = made.rows()
    assert made.rule() == (None, {row.key: "rule_value"})
    row.value = ("fr",)
    assert made.rule() == (Group(How.ALL, (FRENCH,)), {})


@settings(max_examples=200)
@given(rule=rules((1, 2, 3)))
def test_a_stored_rule_comes_back_as_it_was(rule: Group) -> None:
    assert RuleDraft(rule).rule() == (rule, {})


@settings(max_examples=200)
@given(rule=rules((1, 2, 3)), seed=st.integers(0, 2**32))
def test_whatever_is_moved_stays_a_tree_with_every_condition(rule: Group, seed: int) -> None:
    luck = random.Random(seed)
    made = RuleDraft(rule)
    for _turn in range(12):
        every = keys(made)
        key = luck.choice(every)
        what = luck.choice(("indent", "outdent", "add", "group", "remove"))
        if what == "add":
            made.add(key)
        elif what == "group":
            made.add(key, group=True) if made.depth(key) < DEEPEST else made.add(key)
        else:
            getattr(made, what)(key)
        now = keys(made)
        if what in ("indent", "outdent"):
            assert sorted(now) == sorted(every)
        elif what == "remove":
            assert set(now) == set(every) - {key} or len(every) == 1
        else:
            assert len(now) == len(every) + 1
        assert now and _sound(made.root)
        for row in made.rows():
            if row.value is None and row.op == "in":
                row.value = ("es",) if row.field == "language" else row.value
        found, wrong = made.rule()
        assert found is not None or set(wrong.values()) <= {"rule_value", "rule_deep"}


def _sound(box: Box) -> bool:
    return bool(box.parts) and all(isinstance(each, Row) or _sound(each) for each in box.parts)


def test_a_condition_moves_into_a_group_and_out_again() -> None:
    made = draft(FRENCH, FRIEND, BUSY)
    _first, second, third = keys(made)
    assert made.indent(second) == second
    assert made.rule()[0] == Group(How.ALL, (FRENCH, Group(How.ANY, (FRIEND,)), BUSY))
    made.indent(third)
    assert made.rule()[0] == Group(How.ALL, (FRENCH, Group(How.ANY, (FRIEND, BUSY))))
    made.outdent(second)
    assert made.rule()[0] == Group(How.ALL, (FRENCH, Group(How.ANY, (BUSY,)), FRIEND))
    made.outdent(third)
    assert made.rule()[0] == Group(How.ALL, (FRENCH, BUSY, FRIEND))
    assert made.outdent(third) == third  # the outermost holds it


def test_groups_stand_no_deeper_than_rules_do() -> None:
    made = draft(FRENCH)
    (key,) = keys(made)
    for _each in range(6):
        made.indent(key)
    assert made.depth(key) == DEEPEST and not made.can_indent(key)
    assert made.rule()[0] is not None


def test_the_last_condition_of_a_group_takes_the_group_with_it() -> None:
    made = draft(FRENCH, Group(How.ANY, (Group(How.ALL, (FRIEND,)),)))
    first, inner = keys(made)
    assert made.remove(inner) == first
    assert made.rule()[0] == Group(How.ALL, (FRENCH,))
    made.remove(first)
    assert [(each.field, each.value) for each in made.rows()] == [("language", None)]


@pytest.mark.parametrize(
    ("field", "kind", "op", "value"),
    [
        ("advocate", FieldType.YES, "yes", None),
        ("messages", FieldType.NUMBER, "at_least", 1),
        ("last_seen", FieldType.DAY, "within", 90),
        ("notes", FieldType.TEXT, "contains", ""),
        ("country", FieldType.CHOICE, "in", None),
    ],
)
def test_another_field_starts_with_its_own_first_question(field: str, kind: FieldType, op: str, value: object) -> None:
    made = draft(FRENCH)
    (row,) = made.rows()
    made.set_field(row, field, kind)
    assert (row.field, row.op, row.value) == (field, op, value)


def test_another_question_keeps_a_value_of_the_same_kind() -> None:
    made = draft(Condition("notes", "contains", "pan"))
    (row,) = made.rows()
    for op, kept in (("is", "pan"), ("empty", None), ("not_contains", "")):
        made.set_op(row, op, FieldType.TEXT)
        assert (row.op, row.value) == (op, kept)
    made.set_field(row, "likes", FieldType.TEXT)
    assert row.op == "not_contains"


def test_mending_leaves_what_is_whole() -> None:
    rule = parse({"all": [
        {"field": "own:9", "is": "filled"}, {"field": "advocate", "is": "yes"},
        {"any": [{"field": "market", "is": "in", "value": [7]}]},
    ]})  # fmt: skip
    faults = (Fault("rule_field_gone", "9", (0,)), Fault("rule_market_gone", "7", (2, 0)))
    made = RuleDraft(rule)
    first, _fine, third = made.rows()
    assert [made.row_of(each.path) for each in faults] == [first, third]
    assert faults_left(rule, faults) == Group(How.ALL, (FRIEND,))
    assert faults_left(Group(How.ALL, (FRIEND,)), (Fault("rule_op", "x", (0,)),)) is None
    assert made.row_of((9, 9)) is None
