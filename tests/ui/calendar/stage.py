"""A stage for the grids alone: a drag, a judge in one zone, and what the grids asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot
from cmdesk.planning.moving import Refused, to_slot
from cmdesk.wording_grids import stay_text
from tests.ui.calendar import scenes
from ui.calendar.agenda import AgendaView
from ui.calendar.day import DayGrid
from ui.calendar.drag import Drag, Grip, Verdict
from ui.calendar.grid import Grid
from ui.calendar.month import MonthGrid
from ui.calendar.scene import Scene
from ui.calendar.week import WeekGrid

VIEWS = {"month": MonthGrid, "week": WeekGrid, "day": DayGrid, "agenda": AgendaView}
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Stage:
    """One view with what it asked for."""

    def __init__(self, qtbot: QtBot, view: str, *, day: date = date(2026, 3, 18), size: tuple[int, int] = (1100, 760)):
        self.root = QWidget()
        qtbot.addWidget(self.root)
        layout = QVBoxLayout(self.root)
        layout.setContentsMargins(0, 0, 0, 0)
        self.now: datetime = scenes.NOW
        self.drag = Drag(self.root, self.judge)
        self.grid: Grid | AgendaView = VIEWS[view](self.drag, self.root)
        layout.addWidget(self.grid)
        self.drag.add_target(self.grid)
        self.asked: list[tuple[str, object]] = []
        for name in ("chosen", "selection_changed", "opened", "wanted", "stepped"):
            getattr(self.grid, name).connect(lambda value, name=name: self.asked.append((name, value)))
        for name in ("moved_many", "copied", "more"):
            getattr(self.grid, name).connect(lambda one, two, name=name: self.asked.append((name, (one, two))))
        self.grid.moved.connect(lambda item, slot, day: self.asked.append(("moved", (item, slot, day))))
        self.drag.dropped.connect(lambda grip, where, copy: self.asked.append(("dropped", (grip, where, copy))))
        self.drag.refused.connect(lambda text: self.asked.append(("refused", text)))
        self.drag.edge.connect(lambda side: self.asked.append(("edge", side)))
        self.show_range(day)
        self.root.resize(*size)
        self.root.show()

    def show_range(self, day: date) -> None:
        """Show what holds a day."""
        if isinstance(self.grid, MonthGrid):
            self.grid.show_month(day)
        elif isinstance(self.grid, WeekGrid):
            self.grid.show_week(day)
        elif isinstance(self.grid, DayGrid):
            self.grid.show_day(day)
        elif isinstance(self.grid, AgendaView):
            self.grid.show_weeks(day)

    def show(self, scene: Scene) -> None:
        """Show a scene and paint it."""
        self.grid.show_scene(scene)
        self.root.grab()

    def judge(self, grip: Grip, where: Slot | bool, copy: bool) -> Verdict:
        """As the page judges, in the scene's zone."""
        if not isinstance(where, Slot):
            return Verdict("", True)
        found = to_slot(
            grip.items, where, held=grip.item, from_day=grip.from_day, shown_zone=scenes.ZONE,
            own_zone=lambda item: item.zone, now=self.now, copy=copy,
        )  # fmt: skip
        if isinstance(found, Refused):
            return Verdict(stay_text(found, several=len(grip.items) > 1), False)
        return Verdict(found[0].wall.wall if found else "", True, tuple(found))

    def of(self, name: str) -> list[object]:
        """What was asked under a name."""
        return [value for each, value in self.asked if each == name]

    def spot(self, post_id: int) -> QPoint:
        """The middle of a post's chip, in the viewport."""
        assert isinstance(self.grid, Grid)
        for spots in self.grid._spots.values():
            for each in spots:
                if each.placed.item.post_id == post_id:
                    return each.rect.center().toPoint() + self.grid._offset()
        raise AssertionError(f"post {post_id} is not drawn")

    def cell(self, day: date) -> QPoint:
        """The lower part of a day's cell of the month."""
        assert isinstance(self.grid, MonthGrid)
        box = self.grid._cell(day)
        return QPoint(int(box.center().x()), int(box.bottom()) - 8)

    def hour(self, day: date, minute: int) -> QPoint:
        """A moment of a grid of hours, in the viewport."""
        assert isinstance(self.grid, WeekGrid | DayGrid)
        y = minute * self.grid._hour_px() // 60 + self.grid._offset().y()
        return QPoint(int(self.grid._column(day).center().x()), y)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click in the viewport."""
        QTest.mouseClick(self.grid.viewport(), Qt.MouseButton.LeftButton, modifiers, point)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key."""
        QTest.keyClick(self.grid, key, modifiers)

    def hold(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press and drag by the widgets' own handlers: offscreen no pointer moves with a pressed button."""
        viewport = self.grid.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, modifiers, start)
        for step in range(1, 6):
            self.drag.move(viewport.mapToGlobal(start + (end - start) * step / 5), modifiers)

    def drop(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Drag from one place to another and let go."""
        self.hold(start, end, modifiers)
        self.drag.release(self.grid.viewport().mapToGlobal(end), modifiers)

    def chosen(self) -> list[int]:
        """Posts that are chosen, by time."""
        return [item.post_id for item in self.grid.selection()]


def scene_of(items: Sequence[CalendarItem], days: Sequence[date], *, behind: bool = False) -> Scene:
    """A scene of these posts; `behind` adds holidays, hours and free slots."""
    return scenes.scene(days, 0, posts=items, behind=None if behind else {})
