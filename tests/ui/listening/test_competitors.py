"""Competitors beside the own accounts: figures with what is missing said, lines with gaps, and the file (R4)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from cmdesk.networks.base import MetricPoint
from cmdesk.store import metrics
from tests.ui.listening.conftest import Listening, shown
from tests.ui.planned import Planned, Told, done
from ui.listening.chart import Line, colors_of
from ui.listening.page import ListeningPage
from ui.listening.side import COMPETITORS
from ui.models.listening_figures import Series, growth, read_rivals

pytestmark = pytest.mark.gui


def own_followers(planned: Planned, account_id: int, values: list[float]) -> None:
    """An own account's followers, the last one of today."""
    today = planned.desk.clock.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(len(values)))]
    points = [MetricPoint(day, "followers", value) for day, value in zip(days, values, strict=True)]
    planned.desk.run_now(metrics.add_points, account_id, points)


async def test_growth_is_told_only_between_days_that_are_known(planned: Planned, listening: Listening) -> None:
    rival = listening.rival()
    listening.figures(rival, [1000 + each for each in range(31)])
    seen = next(each for each in await read_rivals(planned.desk, planned.bakery) if not each.own)
    assert (seen.followers, seen.growth_30, seen.growth_90, seen.known_days) == (1030, 30, None, 31)
    assert seen.posts_week == 4
    assert seen.per_post == 15
    today = planned.desk.clock.now().date()

    def series(*known: tuple[int, float]) -> Series:
        return tuple(sorted((today - timedelta(days=back), value) for back, value in known))

    assert growth(series((33, 10), (0, 30)), today, 30) == 20
    assert growth(series((34, 10), (0, 30)), today, 30) is None
    assert growth(series((30, 10)), today, 30) is None, "one figure is no growth"
    assert growth((), today, 30) is None


async def test_own_accounts_stand_beside_them_and_nothing_is_made_up(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    listening.figures(listening.rival(), [900, None, None, None, None, 1000])
    await shown(page)
    page.choose_entry(COMPETITORS)
    await done()
    rivals = page.rivals.rivals()
    own = [each for each in rivals if each.own]
    assert [each.brand_id for each in own] == [planned.bakery] * 2, "only of the brand that compares"
    assert all(each.followers is None and each.posts_week is None for each in own)
    model = page.rivals.model
    rows = [[model.data(model.index(row, column)) for column in range(1, 7)] for row in range(model.rowCount())]
    assert ["–", "–", "–", "–", "–", "0 of 90"] in rows
    assert not page.grab().isNull()
    (seen,) = [each for each in rivals if not each.own]
    assert seen.known_days == 2
    assert page.rivals.chart.told(planned.desk.clock.now().date() - timedelta(days=2))[-1].endswith("not known")


async def test_the_table_sorts_with_the_unknown_last_and_colours_stay(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    small = listening.rival("a@plaza.example")
    large = listening.rival("b@plaza.example")
    listening.figures(small, [10])
    listening.figures(large, [5000])
    await shown(page)
    page.choose_entry(COMPETITORS)
    await done()
    before = dict(page.rivals._palette)
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        page.rivals.table.sortByColumn(1, order)
        keys = [each.key for each in page.rivals.rivals()]
        assert keys[:2] == ([small, large] if order is Qt.SortOrder.AscendingOrder else [large, small])
        assert all(each < 0 for each in keys[2:])
    assert page.rivals._palette == before


def test_own_lines_have_their_brands_colour_and_no_other_line_has_a_like_one(qapp: object) -> None:
    lines = [Line(-1, "ours", (), "#C2703D"), *(Line(each, f"r{each}", ()) for each in range(1, 5))]
    found = colors_of(lines)
    assert len({each.name() for each in found.values()}) == 5


async def test_a_key_goes_through_the_rows_and_the_search_of_the_row_can_be_changed(
    listening: Listening, page: ListeningPage
) -> None:
    rival = listening.rival()
    listening.figures(rival, [10])
    await shown(page)
    page.run_action("listening.competitors")
    await done()
    page.focus_main()
    for _step in range(3):
        page.run_action("listening.next")
        if page.rivals.current() is not None and not page.rivals.current().own:  # type: ignore[union-attr]
            break
    page.run_action("listening.previous")
    page.rivals.table.selectRow(page.rivals.model.place_of(rival))
    assert {"listening.edit", "listening.pause", "listening.export"} <= (page.enabled_actions() or set())
    page.run_action("listening.pause")
    await done()
    assert listening.searched(rival).paused


async def test_the_figures_are_a_table_that_reads_back(
    planned: Planned, listening: Listening, page: ListeningPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    told: Told,
) -> None:  # fmt: skip
    listening.figures(listening.rival(), [100, None, 120])
    own_followers(planned, planned.accounts(planned.bakery)[0], [70, 75])
    file = tmp_path / "figures.csv"

    async def chosen(*_args: object, **_more: object) -> Path:
        return file

    monkeypatch.setattr("ui.listening.competitors.choose_save", chosen)
    await shown(page)
    page.run_action("listening.export")
    await done()
    assert not page.grab().isNull()
    text = file.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), dialect=csv.Sniffer().sniff(text)))
    followers = {(each["own"], float(each["value"])) for each in rows if each["figure"] == "followers"}
    assert followers == {("0", 100), ("0", 120), ("1", 70), ("1", 75)}
    assert any("figures.csv" in each for each in told.toasts)


async def test_without_a_competitor_there_is_nothing_to_put_side_by_side(
    listening: Listening, page: ListeningPage
) -> None:
    listening.search("pan")
    await shown(page)
    page.choose_entry(COMPETITORS)
    assert page.side.current() != COMPETITORS
    assert "listening.competitors" not in (page.enabled_actions() or set())
