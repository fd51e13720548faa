"""Best times: an account's own figures, drawn together where there are few of them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from cmdesk.planning.best_times import TOO_FEW, best_times


def at(day: int, hour: int, zone: str = "Europe/Madrid") -> int:
    return int(datetime(2026, 1, day, hour, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def history(strong: int = 9) -> list[tuple[int, int, int]]:
    """Four weeks of January 2026 (the 5th is a Monday): Tuesdays at 9 do well."""
    rows = []
    for week in range(3):
        for day in range(7):
            rows += [(1, at(5 + 7 * week + day, hour), strong if (day, hour) == (1, 9) else 2) for hour in (9, 18)]
    return rows


def test_the_strong_hour_comes_first_with_its_number() -> None:
    found = best_times(history(), "Europe/Madrid")
    assert found.enough and found.sample == 42
    best = found.top()[0]
    assert (best.weekday, best.hour, best.count) == (1, 9, 3)
    assert best.score > 1.3


def test_the_market_s_clock_counts() -> None:
    best = best_times(history(), "America/Mexico_City").top()[0]
    assert (best.weekday, best.hour) == (1, 2)


def test_too_few_say_nothing() -> None:
    found = best_times(history()[: TOO_FEW - 1], "Europe/Madrid")
    assert not found.enough and found.sample == TOO_FEW - 1 and found.top() == []


def test_one_great_success_does_not_decide() -> None:
    rows = [(1, when, 2) for _account, when, _earned in history()]
    rows[0] = (1, rows[0][1], 100_000)
    found = best_times(rows, "Europe/Madrid")
    assert max(each.score for each in found.cells.values()) < 2.0


def test_large_accounts_do_not_drown_small_ones() -> None:
    large = [(2, when, earned * 1000) for _account, when, earned in history(2)]
    best = best_times([*history(), *large], "Europe/Madrid").top()[0]
    assert (best.weekday, best.hour) == (1, 9)


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 2_000_000_000_000), st.integers(0, 10_000)), max_size=80))
def test_any_history_gives_sane_numbers(rows: list[tuple[int, int, int]]) -> None:
    found = best_times(rows, "America/St_Johns")
    assert found.sample == len(rows)
    assert sum(each.count for each in found.cells.values()) in (0, len(rows))
    assert all(0 <= each.score <= 30 for each in found.cells.values())
    top = found.top()
    assert [each.score for each in top] == sorted((each.score for each in top), reverse=True)
