"""A rule names the same people in SQL as one by one, in 1,000 random worlds; the comparison sees every wrong sign."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import Phase, given, seed as seeded, settings, strategies as st

from cmdesk.circles import Group, parse
from cmdesk.circles.values import FIELDS, OPS
from cmdesk.store import circle_rules, circles
from cmdesk.store.circle_rules import Book, condition, ids_where
from cmdesk.store.db import configure
from cmdesk.store.migrations import migrations
from tests.core.circles.worlds import fill, leaf, rules, shown, world

SEEDS = st.integers(0, 2**40)


@pytest.fixture(scope="module")
def conn() -> Iterator[sqlite3.Connection]:
    """Return an empty database of the current schema."""
    from sqlite_utils import Database

    opened = sqlite3.connect(":memory:", isolation_level=None)
    configure(opened)
    opened.execute("BEGIN")
    migrations.apply(Database(opened, execute_plugins=False, strict=True))
    opened.execute("COMMIT")
    yield opened
    opened.close()


def compare(conn: sqlite3.Connection, seed: int, of_circles: list[Group], rule: Group) -> None:
    """Fail where SQL and the reference name other people: for the rule, and for each circle."""
    made = world(seed, of_circles)
    conn.execute("BEGIN")
    try:
        fill(conn, made)
        asked = condition(conn, rule, brand_id=1, now=made.now)
        sql, params = ids_where(1, [asked])
        assert {row[0] for row in conn.execute(sql, params)} == made.rule(rule), shown(rule)
        sql, by_name = circle_rules.named(asked)
        found = conn.execute(
            f"SELECT c.id FROM contact c WHERE c.merged_into IS NULL AND c.brand_id = 1 AND {sql}", by_name
        )
        assert {row[0] for row in found} == made.rule(rule), shown(rule)
        for circle_id in made.circles:
            assert set(circles.members(conn, circle_id, made.now)) == made.members(circle_id), circle_id
        some = next(iter(made.people)).id
        mine = {each.circle.id for each in circles.memberships(conn, some, now=made.now)}
        assert mine == {each for each in made.circles if some in made.members(each)}
    finally:
        conn.execute("ROLLBACK")


@settings(max_examples=1000)
@given(seed=SEEDS, second=rules((1,), depth=2), third=rules((1, 2), depth=2), rule=rules((1, 2, 3)))
def test_a_thousand_random_rules_name_whom_the_reference_names(
    conn: sqlite3.Connection, seed: int, second: Group, third: Group, rule: Group
) -> None:
    compare(conn, seed, [second, third], rule)


@pytest.mark.parametrize(("name", "op"), [(name, op) for name, kind in FIELDS.items() for op in OPS[kind]])
def test_each_question_of_each_field_is_met(conn: sqlite3.Connection, name: str, op: str) -> None:
    """Random rules might leave one out: here none is, each over worlds of its own."""

    @seeded(7)
    @settings(max_examples=6, phases=[Phase.generate])
    @given(seed=SEEDS, asked=leaf(name, FIELDS[name], op, (1, 2, 3)))
    def met(seed: int, asked: dict[str, Any]) -> None:
        compare(conn, seed, [parse({"field": "advocate", "is": "yes"})] * 2, parse(asked))

    met()


def _changed(where: str, **wrong: str) -> Callable[[pytest.MonkeyPatch], None]:
    def change(patch: pytest.MonkeyPatch) -> None:
        right: Mapping[str, Any] = getattr(circle_rules, where)
        patch.setattr(circle_rules, where, MappingProxyType({**right, **wrong}))

    return change


def _other(where: str, old: str, new: str) -> Callable[[pytest.MonkeyPatch], None]:
    def change(patch: pytest.MonkeyPatch) -> None:
        right = getattr(circle_rules, where)
        if isinstance(right, str):
            assert old in right
            patch.setattr(circle_rules, where, right.replace(old, new))
        else:
            assert any(old in each for each in right.values())
            patch.setattr(circle_rules, where, {key: each.replace(old, new) for key, each in right.items()})

    return change


#: What is made wrong, with a field whose conditions show it: of all fields together a wrong sign shows rarely.
WRONG = {
    "at least": ("messages", _changed("_COMPARE", at_least="> ?")),
    "at most": ("wishes", _changed("_COMPARE", at_most="< ?")),
    "equals": ("case_count", _changed("_COMPARE", equals="<> ?")),
    "not in": (
        "country",
        lambda patch: patch.setattr(circle_rules, "OPPOSITE", {"no": "yes", "empty": "filled"} | _OTHERS),
    ),
    "closed cases": ("case_open", _other("_YES", "<> 'closed'", "= 'closed'")),
    "no market": ("market", _other("_CHOICES", "coalesce(c.market_id, 0)", "c.market_id")),
    "shown talks": ("conversations", _other("_NUMBERS", "t.merged_into IS NULL", "1")),
    "most followers": ("followers", _other("_NUMBERS", "max(i.followers)", "min(i.followers)")),
    "last sentiment": ("last_sentiment", _other("_CHOICES", "t.last_in_at DESC", "t.last_in_at ASC")),
    "regional forms": ("language", _other("_LANGUAGE", " OR substr", " AND substr")),
    "letters of a cause": ("case_cause", _other("_CHOICES", "folded(k.cause)", "k.cause")),
    "out by hand": ("circle", _other("_OUT", "NOT IN", "IN")),
    "in by hand": ("circle", _other("_IN", "'in'", "'out'")),
    "own values": ("own:1", _other("_OWN", "v.contact_id = c.id", "v.contact_id = c.id + 1")),
    "days": ("last_seen", lambda patch: patch.setattr(circle_rules, "DAY_MS", 86_399_999)),
    "letters": ("name", lambda patch: patch.setattr(circle_rules, "folded", str.lower)),
    "zone": ("first_seen", lambda patch: patch.setattr(circle_rules._Asked, "first_of", _first_in_utc)),
}
_OTHERS = {"not_contains": "contains", "is_not": "is", "not_within": "within"}


def _first_in_utc(self: object, day: Any) -> int:
    from datetime import UTC, datetime

    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_sign_in_the_sql_is_noticed(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    field, change = WRONG[what]
    change(monkeypatch)
    about = rules((1, 2, 3), depth=1, fields=(field,))

    @seeded(11)
    @settings(max_examples=400, phases=[Phase.generate], report_multiple_bugs=False)
    @given(seed=SEEDS, second=rules((1,), depth=1), third=rules((1, 2), depth=1), rule=about)
    def same(seed: int, second: Group, third: Group, rule: Group) -> None:
        compare(conn, seed, [second, third], rule)

    with pytest.raises((AssertionError, KeyError)):
        same()


def test_a_book_is_read_once_for_many_circles(conn: sqlite3.Connection) -> None:
    asked: list[str] = []
    from datetime import UTC, datetime

    book = Book(conn, 1, datetime(2026, 3, 2, tzinfo=UTC))
    conn.set_trace_callback(asked.append)
    try:
        assert list(book.circles) == []
    finally:
        conn.set_trace_callback(None)
    assert asked == []
