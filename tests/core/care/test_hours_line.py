"""Hours as one line."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cmdesk.care.hours_line import read_length, read_line, write_lines
from cmdesk.care.values import Shift
from cmdesk.errors import Invalid

CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
SEASON = st.sampled_from([("", ""), ("07-01", "08-31"), ("2026-12-20", "2027-01-07")])
SHIFTS = st.builds(
    lambda day, opens, closes, season: Shift(day, opens, closes, *season), st.integers(0, 6), CLOCK, CLOCK, SEASON
)


@given(st.sets(SHIFTS, max_size=12))
def test_what_is_written_is_read_back(shifts: set[Shift]) -> None:
    assert {shift for line in write_lines(shifts) for shift in read_line(line)} == shifts


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ("mon-wed", [0, 1, 2]),
        ("sat,sun", [5, 6]),
        ("fri-mon", [4, 5, 6, 0]),
        ("daily", list(range(7))),
        ("Mon,mon-tue", [0, 1]),
    ],
)
def test_days_are_named_in_runs_and_lists(days: str, meant: list[int]) -> None:
    assert [shift.weekday for shift in read_line(f"{days} 9:00-14:00")] == meant
    assert read_line(f"{days} 9:00-14:00")[0].opens == "09:00"


@pytest.mark.parametrize(
    "line", ["", "mon", "mon 9-14", "9:00-14:00", "mon-xyz 09:00-14:00", "mon 09:00-14:00 @07-01", "mon- 09:00-10:00"]
)
def test_what_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_line(line)
    assert caught.value.code == "hours_line"


@pytest.mark.parametrize(("text", "minutes"), [("4h", 240), ("90m", 90), ("1h30m", 90), ("1 H 5 min", 65), ("0m", 0)])
def test_lengths_of_time(text: str, minutes: int) -> None:
    assert read_length(text) == minutes


@pytest.mark.parametrize("text", ["", "4", "soon", "h", "-4h"])
def test_a_length_that_is_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_length(text)
