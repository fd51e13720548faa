"""The agenda: a tree that screen readers read, with the grids' signals and keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.planning.calendar import Slot
from cmdesk.planning.moving import Shift
from tests.ui.calendar import scenes
from tests.ui.calendar.stage import ALT, CTRL, SHIFT, Stage, scene_of
from tests.ui.calendar.test_grids import DAYS, THREE, item
from ui import theme
from ui.calendar.agenda import AgendaView
from ui.calendar.agenda_model import AgendaModel, Column

ROLE = Qt.ItemDataRole


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Stage:
    theme.install(qapp)
    made = Stage(qtbot, "agenda")
    made.show(scene_of(THREE, DAYS))
    return made


def agenda(stage: Stage) -> AgendaView:
    assert isinstance(stage.grid, AgendaView)
    return stage.grid


def test_qt_finds_nothing_wrong_with_the_model(qapp: QApplication) -> None:
    model = AgendaModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(DAYS, scenes.scene(DAYS, 60))
    model.show(DAYS[:7], scenes.scene(DAYS, 5))
    model.show(DAYS, scenes.scene(DAYS, 0, behind={}))
    assert tester.model() is model
    assert [model.data(model.index(row, 0)) for row in range(model.rowCount())] == ["Thursday 12 March 2026, 0 posts"]


def test_rows_say_everything(stage: Stage) -> None:
    model = agenda(stage)._model
    index = model.index_of((2, 10))
    cells = [model.data(index.siblingAtColumn(column)) for column in Column]
    assert cells == ["10:00", "Panadería La Espiga", "@espiga", "Texto 2", "Scheduled", ""]
    spoken = model.data(index, ROLE.AccessibleTextRole)
    assert spoken == "Scheduled, Panadería La Espiga, Wednesday 18 March, 10:00: Texto 2 (@espiga)"
    assert model.data(index.parent(), ROLE.AccessibleTextRole) == "Wednesday 18 March 2026, 1 post"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Time"


def test_both_clocks_where_they_differ(stage: Stage) -> None:
    far = item(5, "2026-03-19T08:00", zone="Pacific/Auckland")
    stage.show(replace(scene_of([far], DAYS), own_zone="America/Bogota"))
    index = agenda(stage)._model.index_of((5, 10))
    assert agenda(stage)._model.data(index) == "20:00  Thu 08:00 Auckland"
    near = item(6, "2026-03-19T08:00")
    stage.show(replace(scene_of([near], DAYS), own_zone="America/Bogota"))
    assert agenda(stage)._model.data(agenda(stage)._model.index_of((6, 10))) == "08:00  02:00 Bogota"


def test_what_is_chosen_is_told_and_survives_new_data(stage: Stage) -> None:
    view = agenda(stage)
    view.set_selection(THREE[1:])
    assert stage.asked == [] and stage.chosen() == [2, 3]
    stage.show(scene_of([*THREE, item(9, "2026-03-19T16:00")], DAYS))
    assert stage.chosen() == [2, 3] and stage.asked == []
    view.select_all()
    assert [each.post_id for each in stage.of("selection_changed")[-1]] == [1, 2, 9, 3]  # type: ignore[union-attr]
    view.select(2)
    assert stage.chosen() == [1, 2, 9, 3]
    stage.key(Qt.Key.Key_Escape)
    assert stage.chosen() == [] and stage.of("chosen")[-1] is None
    view.select(3)
    assert stage.chosen() == [3] and view.selected_item() == THREE[2]


def test_keys_move_copy_open_and_leave(stage: Stage) -> None:
    view = agenda(stage)
    view.set_selection(THREE[:2])
    stage.key(Qt.Key.Key_Right, ALT)
    stage.key(Qt.Key.Key_Up, ALT | SHIFT)
    stage.key(Qt.Key.Key_Down, ALT | CTRL)
    assert stage.of("moved_many") == [(THREE[:2], Shift(1)), (THREE[:2], Shift(0, -5))]
    assert stage.of("copied") == [(THREE[:2], Shift(0, 15))]
    view.set_selection(THREE[:1])
    stage.key(Qt.Key.Key_Return)
    assert stage.of("opened") == [THREE[0]]
    view.set_place(Slot(date(2026, 3, 20)))
    assert view.place == Slot(date(2026, 3, 20))
    stage.key(Qt.Key.Key_Return)
    assert stage.of("wanted") == [Slot(date(2026, 3, 20))]
    stage.key(Qt.Key.Key_J)
    assert stage.chosen() == [3]
    stage.key(Qt.Key.Key_Left)
    assert stage.of("stepped") == [-1]


def test_rows_are_dragged_to_days(stage: Stage) -> None:
    view = agenda(stage)
    view.set_selection(THREE[:2])

    def middle(index: QModelIndex) -> QPoint:
        return view.visualRect(index).center()

    start = middle(view._model.index_of((1, 10)).siblingAtColumn(Column.TEXT))
    end = middle(view._model.index_of_day(date(2026, 3, 20)))
    stage.drop(start, end)
    ((grip, where, copy),) = stage.of("dropped")  # type: ignore[misc]
    assert [each.post_id for each in grip.items] == [1, 2] and where == Slot(date(2026, 3, 20)) and not copy


def test_widths_are_kept(stage: Stage) -> None:
    view = agenda(stage)
    view.restore_state({"brand": 222, "time": "wide"})
    assert view.save_state()["brand"] == 222
    view.restore_state(None)
