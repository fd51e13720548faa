"""The dialogs of the plan: what they show is what is done, and what cannot be done has no button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget
from pytestqt.qtbot import QtBot

from cmdesk.model import Brand, Campaign
from cmdesk.planning.gaps import Coverage, Gap
from tests.ui.planned import Planned, done
from ui.calendar.plan_dialogs import (
    CampaignForm,
    CampaignsDialog,
    CoverageDialog,
    ExportDialog,
    Line,
    MoveDialog,
    PreviewDialog,
    WeekDialog,
)
from ui.widgets import Button, PlainLabel

MONDAY = date(2026, 3, 9)


@pytest.fixture
def parent(planned: Planned, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def says(widget: QWidget) -> str:
    return " | ".join(each.text() for each in widget.findChildren(PlainLabel))


def button(widget: QWidget, text: str) -> Button:
    return next(each for each in widget.findChildren(Button) if each.text() == text)


def set_day(field: QDateEdit, day: date) -> None:
    field.setDate(QDate(day.year, day.month, day.day))


async def test_days_and_the_first_day_say_the_same(parent: QWidget) -> None:
    asked: list[int] = []

    def preview(days: int) -> Sequence[Line]:
        asked.append(days)
        return [Line("Pan", f"{days:+d}", goes=days > 0)]

    dialog = MoveDialog("Move", parent, first=MONDAY, preview=preview)
    assert dialog.days == 7 and asked == [7] and button(dialog, "Move").isEnabled()
    set_day(dialog._start, MONDAY - timedelta(days=2))
    assert dialog.days == -2 and asked[-1] == -2 and not button(dialog, "Move").isEnabled()
    dialog._days.setValue(3)
    assert dialog._start.date() == QDate(2026, 3, 12) and "+3" in says(dialog)
    dialog._days.setValue(0)
    assert asked[-1] == 3 and not button(dialog, "Move").isEnabled()


async def test_any_day_of_a_week_means_its_first(parent: QWidget) -> None:
    asked: list[date] = []

    def preview(week: date) -> Sequence[Line]:
        asked.append(week)
        return []

    dialog = WeekDialog(parent, week=MONDAY, first_weekday=0, preview=preview)
    assert asked == [MONDAY + timedelta(days=7)] and not button(dialog, "Duplicate").isEnabled()
    set_day(dialog._field, date(2026, 4, 2))
    assert dialog.week == date(2026, 3, 30) == asked[-1]


async def test_an_export_asks_for_days_brand_form_and_language(parent: QWidget) -> None:
    brands = [Brand(1, "Uno", "#112233"), Brand(2, "Dos", "#112233")]
    dialog = ExportDialog(
        parent, start=MONDAY, end=MONDAY + timedelta(days=6), brands=brands, brand_id=2, filtered=True
    )
    assert dialog.days == (MONDAY, date(2026, 3, 15)) and dialog.brand == 2
    assert (dialog.format, dialog.language) == ("pdf", "") and "filter" in says(dialog)
    dialog._brand.setCurrentIndex(0)
    assert dialog.brand is None
    dialog._brand.setCurrentIndex(dialog._brand.count() - 1)
    assert dialog.brand == 0  # a file each
    set_day(dialog._end, MONDAY - timedelta(days=1))
    assert not button(dialog, "Export\u2026").isEnabled()


async def test_coverage_names_the_silent_days(parent: QWidget) -> None:
    gap = Gap(1, date(2026, 3, 14), date(2026, 3, 15))
    dialog = CoverageDialog(
        parent, start=MONDAY, brands={1: "Panader\u00eda"}, find=lambda start, end: [Coverage(1, 5, 2, (gap,))]
    )
    assert "Nothing on: 14\u201315 Mar" in says(dialog) and "5 posts go out \u00b7 2 plans" in says(dialog)
    set_day(dialog._end, MONDAY - timedelta(days=1))
    assert "Panader\u00eda" not in [each.text() for each in dialog.findChildren(PlainLabel) if each.isVisibleTo(dialog)]


async def test_a_campaign_has_days_or_none_and_never_ends_before_it_starts(parent: QWidget) -> None:
    dialog = CampaignForm(Campaign(0, 1, ""), parent, today=MONDAY)
    assert not button(dialog, "Save").isEnabled()
    dialog._name.setText(" Rebajas ")
    assert dialog.made.name == "Rebajas" and dialog.made.starts == "" and button(dialog, "Save").isEnabled()
    dialog._dated.setChecked(True)
    assert (dialog.made.starts, dialog.made.ends) == ("2026-03-09", "2026-03-22")
    set_day(dialog._ends, MONDAY - timedelta(days=1))
    assert not button(dialog, "Save").isEnabled()
    again = CampaignForm(Campaign(4, 1, "R", starts="2026-05-01"), parent, today=MONDAY)
    assert again.made.starts == "2026-05-01" and again.made.id == 4


async def test_the_list_of_campaigns_says_which_and_what(parent: QWidget) -> None:
    dialog = CampaignsDialog([Campaign(4, 1, "Rebajas", starts="2026-03-09")], {4: 3}, {1: "Uno"}, parent)
    assert "Uno \u00b7 3 posts" in says(dialog) and "from 9 Mar 2026" in says(dialog)
    button(dialog, "Move all\u2026").click()
    assert dialog.wanted == ("move", 4)
    empty = CampaignsDialog([], {}, {}, parent)
    button(empty, "New campaign\u2026").click()
    assert empty.wanted == ("new", 0)


async def test_what_cannot_be_done_at_all_cannot_be_agreed_to(parent: QWidget) -> None:
    lines = [Line("Pan", "", "It has no accounts yet.", goes=False)]
    dialog = PreviewDialog("Fill", "", lines, parent, yes="Schedule them", icon="wand-sparkles")
    assert not button(dialog, "Schedule them").isEnabled() and "no accounts" in says(dialog)
    await done()
