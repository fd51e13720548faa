"""A market's guide survives every way in and out, and what is damaged in storage costs only itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.markets import guide as guides
from cmdesk.markets.guide import DAY, Guide

_LINE = st.text(st.characters(codec="utf-8"), max_size=60)
_MINUTE = st.integers(0, DAY - 1)
_DAY = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d} Día")


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """A guide as JSON may hold it."""
    found: dict[str, Any] = {"formal": draw(st.sampled_from((None, True, False)))}
    if draw(st.booleans()):
        found["wakes"], found["sleeps"] = draw(_MINUTE), draw(_MINUTE)
    if draw(st.booleans()):
        first = draw(_MINUTE)
        found["eats"], found["eaten"] = first, first + draw(st.integers(1, DAY - 1))
    for name in ("topics", "checklist"):
        found[name] = draw(st.lists(_LINE, max_size=6))
    for name in ("legal", "notes"):
        found[name] = draw(_LINE)
    found["quiet"] = draw(st.lists(_DAY, max_size=4))
    return found


@given(written())
def test_what_is_kept_reads_back_the_same(data: dict[str, Any]) -> None:
    kept = guides.parse(data)
    assert guides.parse(guides.dump(kept)) == kept == guides.read(guides.dump(kept))
    assert kept.empty == (not guides.dump(kept))


@given(_MINUTE, st.integers(1, DAY - 1))
def test_a_stretch_of_a_day_reads_back_as_it_is_written(start: int, length: int) -> None:
    text = guides.span_text(start, start + length)
    assert guides.read_span(text) == (start, start + length)
    assert guides.read_span(text.replace("-", " – ")) == (start, start + length)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "guide_value"),
        ({"colour": "red"}, "guide_field"),
        ({"formal": "yes"}, "guide_value"),
        ({"wakes": 480}, "guide_pair"),
        ({"wakes": 480, "sleeps": "late"}, "guide_value"),
        ({"wakes": True, "sleeps": 5}, "guide_value"),
        ({"wakes": 480, "sleeps": 2 * DAY + 1}, "guide_hour"),
        ({"eats": 800, "eaten": 800}, "guide_hour"),
        ({"topics": "politics"}, "guide_value"),
        ({"topics": [1]}, "guide_value"),
        ({"topics": ["x" * 301]}, "guide_long"),
        ({"topics": [str(each) for each in range(61)]}, "guide_many"),
        ({"notes": "x" * 4001}, "guide_long"),
        ({"quiet": ["someday"]}, "guide_day"),
        ({"quiet": ["02-30 Nada"]}, "guide_day"),
        ({"quiet": ["20260911 Nada"]}, "guide_day"),
    ],
)
def test_what_is_no_guide_is_refused_by_name(data: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        guides.parse(data)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "8-23", "08:00", "25:00-26:00", "08:61-09:00", "08:00-24:30", "a:bc-d:ef"])
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        guides.read_span(text)


def test_a_damaged_field_in_storage_costs_only_itself() -> None:
    stored = {"formal": True, "wakes": 480, "topics": ["fútbol"], "quiet": ["nunca"], "later": 1, "notes": 7}
    assert guides.read(stored) == Guide(formal=True, topics=("fútbol",))
    assert guides.read(None) == guides.read("x") == Guide()


def test_a_quiet_day_comes_every_year_or_in_its_own() -> None:
    kept = guides.parse({"quiet": ["09-11 Golpe", "2026-03-11 Duelo", "02-29"]})
    assert guides.quiet_on(kept, date(2026, 9, 11)) == guides.quiet_on(kept, date(2031, 9, 11)) == "Golpe"
    assert guides.quiet_on(kept, date(2026, 3, 11)) == "Duelo" and not guides.quiet_on(kept, date(2027, 3, 11))
    assert guides.quiet_on(kept, date(2028, 2, 29)) == "02-29"


def test_lines_are_tidied_and_said_once() -> None:
    assert guides.parse({"topics": [" Fútbol ", "fútbol", "", "la  liga"]}).topics == ("Fútbol", "la liga")
