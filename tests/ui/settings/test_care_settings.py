"""Hours and complaints as a person sets them: what is shown is what is stored, and one step takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cmdesk.care.protocol import INFO, PROTOCOLS, Authority
from cmdesk.care.values import Closure, ServiceLevel, Shift, Step
from cmdesk.commands import hours
from cmdesk.store import care_plans, hours as store, markets
from tests.ui.planned import Planned, done
from ui.models import hours as model
from ui.models.directory import Directory
from ui.settings.care import CareSection, duration_words
from ui.settings.care_days import runs
from ui.settings.care_hours import HoursDialog, HoursEditor
from ui.settings.care_steps import StepsEditor
from ui.settings.care_week import StretchField, TimeField, WeekEditor, over_midnight
from ui.settings.care_words import ComplaintsDialog

SPLIT = (("09:00", "14:00"), ("17:00", "20:00"))
SHIFTS = (
    *(Shift(day, *each) for day in range(5) for each in SPLIT),
    Shift(5, "22:00", "02:00"),
    *(Shift(day, "08:00", "15:00", "07-01", "08-31") for day in range(5)),
    Shift(0, "10:00", "12:00", "2026-12-21", "2026-12-27"),
)


def full_level(planned: Planned) -> ServiceLevel:
    return ServiceLevel(
        planned.bakery,
        "Europe/Madrid",
        shifts=SHIFTS,
        closures=(Closure(date(2026, 12, 8), "Inmaculada", closed=False), Closure(date(2026, 12, 24), "Inventario")),
        country="ES",
        region="MD",
        first_answer_min=90,
        solution_min=960,
        other_channels="900 123 123",
    )


@pytest.fixture
def home(qtbot: QtBot) -> Iterator[QWidget]:
    """The window a dialog belongs to."""
    made = QWidget()
    made.resize(1024, 640)
    made.show()
    yield made
    made.close()
    made.deleteLater()


async def test_a_level_is_shown_and_read_back_whole(planned: Planned, qtbot: QtBot) -> None:
    editor = HoursEditor(planned.desk)
    qtbot.addWidget(editor)
    level = full_level(planned)
    editor.set_value(level)
    await done()
    shown = editor.value()
    assert set(shown.shifts) == set(level.shifts)
    assert {each.day: each.closed for each in shown.closures} == {each.day: each.closed for each in level.closures}
    assert (shown.country, shown.region) == ("ES", "MD")
    assert (shown.first_answer_min, shown.solution_min, shown.other_channels) == (90, 960, "900 123 123")
    assert editor.holidays.country.currentText() == "Spain"
    assert editor.holidays.region.currentText() == "Madrid"


def test_a_day_is_copied_to_the_days_after_it(qtbot: QtBot) -> None:
    week = WeekEditor()
    qtbot.addWidget(week)
    week.set_value({0: list(SPLIT)})
    week._days[0].copy_to.emit([1, 2, 3, 4])
    assert week.value() == {day: list(SPLIT) for day in range(5)}
    week._days[2]._add_next()
    assert week.value()[2][-1] == ("22:00", "24:00")
    week._days[5]._add_next()
    assert week.value()[5] == [("09:00", "18:00")]


def test_midnight_is_said_in_words(qtbot: QtBot) -> None:
    assert over_midnight(("09:00", "14:00"), 0) == ""
    assert over_midnight(("18:00", "24:00"), 0) == ""
    assert over_midnight(("22:00", "02:00"), 6) == "22:00–2:00: until 2:00 on Monday"
    assert over_midnight(("09:00", "09:00"), 0) == "9:00: 24 hours, until 9:00 on Tuesday"


def test_the_arrows_go_by_quarters_and_midnight_ends_a_day(qtbot: QtBot) -> None:
    field = StretchField(("09:10", "24:00"), day="Monday")
    qtbot.addWidget(field)
    assert field.value() == ("09:10", "24:00")
    field.opens.stepBy(1)
    assert field.value()[0] == "09:15"
    field.opens.setTime(QTime(9, 10))
    field.opens.stepBy(-1)
    assert field.value()[0] == "09:00"


def test_the_wheel_scrolls_the_page_and_changes_no_hour(qtbot: QtBot) -> None:
    week = WeekEditor()
    qtbot.addWidget(week)
    week.set_value({0: list(SPLIT)})
    week.show()
    field = week.findChildren(TimeField)[0]
    up = QPoint(0, 120)
    event = QWheelEvent(
        QPointF(5, 5), field.mapToGlobal(QPointF(5, 5)), up, up, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    assert week.value() == {0: list(SPLIT)}


async def test_saving_changes_brand_and_market_in_one_step_that_is_taken_back(planned: Planned, home: QWidget) -> None:
    market = planned.desk.run_now(
        markets.save_market, brand_id=planned.bakery, name="Bogotá", language="es", country="CO", zone="America/Bogota"
    )
    dialog = HoursDialog(planned.desk, home, model.brand_hours(planned.desk, planned.bakery))
    await done()
    assert "at any hour" in dialog.sentence.text() or "cualquier hora" in dialog.sentence.text()
    dialog.editor.week.set_value({0: list(SPLIT)})
    dialog.editor._edited()
    dialog._look()
    await done()
    assert dialog.sentence.text() == "Lunes de 9:00 a 14:00 y de 17:00 a 20:00."
    assert "closes today at 14:00" in dialog.state.text()
    dialog._which.setCurrentIndex(1)
    assert dialog.editor.isHidden()
    dialog._own_box.click()
    await done()
    assert not dialog.editor.isHidden()
    assert dialog.editor.holidays.value() == ("CO", "")
    await dialog._save()
    assert dialog.saved is not None and dialog.saved.undo is not None
    levels = planned.desk.page(store.levels, planned.bakery)
    assert levels.keys() == {0, market}
    assert levels[market].zone == "America/Bogota"
    assert levels[market].shifts == levels[0].shifts
    planned.desk.run_now(dialog.saved.undo.command, **dialog.saved.undo.args)
    assert planned.desk.page(store.levels, planned.bakery) == {}


async def test_what_cannot_be_saved_says_why(planned: Planned, home: QWidget) -> None:
    dialog = HoursDialog(planned.desk, home, model.brand_hours(planned.desk, planned.bakery))
    dialog.editor.week.set_value({0: [("09:00", "14:00"), ("13:00", "15:00")]})
    dialog._look()
    assert not dialog._save_button.isEnabled()
    assert "overlap" in dialog._problem.label.text()
    dialog.editor.week.set_value({0: [("09:00", "14:00")]})
    dialog._look()
    await done()
    assert dialog._save_button.isEnabled() and dialog._problem.isHidden()


async def test_a_holiday_can_be_worked_and_days_off_are_added_in_a_row(planned: Planned, qtbot: QtBot) -> None:
    editor = HoursEditor(planned.desk)
    qtbot.addWidget(editor)
    editor.set_value(full_level(planned))
    await done()
    editor.holidays._set_worked(date(2026, 12, 25), "Navidad", True)
    editor.closures._last.setDate(editor.closures._first.date().addDays(2))
    editor.closures._name.setText("Obras")
    editor.closures._add()
    days = {each.day: (each.name, each.closed) for each in editor.value().closures}
    assert days[date(2026, 12, 25)] == ("Navidad", False)
    assert [day for day, (name, _closed) in days.items() if name == "Obras"] == [
        date(2026, 3, 2),
        date(2026, 3, 3),
        date(2026, 3, 4),
    ]
    assert runs({date(2026, 3, 2): "a", date(2026, 3, 3): "a", date(2026, 3, 5): "a"}) == [
        ([date(2026, 3, 2), date(2026, 3, 3)], "a"),
        ([date(2026, 3, 5)], "a"),
    ]


async def test_the_section_tells_each_brand_s_hours_and_state(planned: Planned, qtbot: QtBot) -> None:
    planned.desk.run_now(hours.save_level, level=full_level(planned))
    section = CareSection(planned.context, Directory(planned.desk, None))
    qtbot.addWidget(section)
    section.show()
    section.refresh()
    await done()
    from ui.widgets import Chip, PlainLabel

    texts = " ".join(label.text() for label in section.findChildren(PlainLabel))
    assert "Lunes a viernes de 9:00 a 14:00 y de 17:00 a 20:00" in texts
    assert "irst answer within 1 h 30 min" in texts and "complaint solved within 16 h" in texts
    assert "No hours set" in texts
    assert "Open now" in [chip.text() for chip in section.findChildren(Chip)]
    assert duration_words(45) == "45 min"


async def test_complaints_are_saved_where_they_changed_and_can_be_the_usual_again(
    planned: Planned, home: QWidget
) -> None:
    desk, brand = planned.desk, Directory(planned.desk, None).brand(planned.bakery)
    assert brand is not None
    dialog = ComplaintsDialog(desk, home, brand)
    await dialog._save()
    assert dialog.saved == []

    dialog = ComplaintsDialog(desk, home, brand)
    rows = dialog.protocols.steps._rows
    rows[1].words.fields["es"].setText("Da las gracias de corazón")
    QTest.keyClick(rows[1].words.fields["es"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    dialog.authority._ceiling.setValue(25)
    dialog.authority._boxes["refund"].setChecked(False)
    dialog.causes._text.setPlainText("Frío\n\nTarde\n")
    await dialog._save()
    assert len(dialog.saved) == 3
    saved = desk.page(care_plans.protocols, planned.bakery)
    assert [step.key for step in saved[0].steps][:2] == ["thank", "place"]
    assert saved[0].steps[0].texts["es"] == "Da las gracias de corazón"
    assert saved[1:] == PROTOCOLS[1:]
    assert desk.page(care_plans.authority, planned.bakery) == Authority(
        kinds=("voucher", "discount", "gift", "guarantee", "other"), ceiling_cents=2500
    )
    assert desk.page(care_plans.causes, planned.bakery) == ["Frío", "Tarde"]

    dialog = ComplaintsDialog(desk, home, brand)
    dialog.protocols._reset()
    await dialog._save()
    assert desk.page(care_plans.plan, planned.bakery, "protocols") is None


def test_steps_are_added_moved_and_removed_and_empty_ones_forgotten(qtbot: QtBot) -> None:
    editor = StepsEditor(add="Add", name="Step", reset="Usual")
    qtbot.addWidget(editor)
    editor.set_value(INFO[:2])
    editor._add_empty()
    editor._add_empty()
    editor._rows[2].words.fields["es"].setText("Talla")
    editor._move(editor._rows[2], -1)
    editor._remove(editor._rows[0])
    assert editor.value() == (Step("own1", {"es": "Talla"}), INFO[1])
    assert [row.number.text() for row in editor._rows] == ["1.", "2.", "3."]
