"""The Qt we ship: no reference leak, nothing under the GPL alone, and a real screen for the tests that need one."""

from __future__ import annotations

import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QMimeData, QObject, QPoint, Qt, QTimer, QTimerEvent
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.quality.findings import expect_none

EVENTS = 500
GPL_ONLY = {
    "QtCharts",
    "QtDataVisualization",
    "QtGraphs",
    "QtGraphsWidgets",
    "QtHttpServer",
    "QtNetworkAuth",
    "QtQuick3D",
    "QtVirtualKeyboard",
}


class _Ticker(QObject):
    """Counts timer events through an override of a C++ virtual that returns nothing."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self.ticks = 0
        self._loop = loop
        self.startTimer(0)

    def timerEvent(self, event: QTimerEvent) -> None:
        self.ticks += 1
        if self.ticks >= EVENTS:
            self._loop.quit()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_overrides_do_not_give_away_references_to_none(qapp: object) -> None:
    """PySide6 6.12.0 loses one to three references per call, and Python 3.11 aborts when None is deallocated."""
    loop = QEventLoop()
    ticker = _Ticker(loop)
    QTimer.singleShot(10_000, loop.quit)
    before = sys.getrefcount(None)
    loop.exec()
    assert ticker.ticks >= EVENTS
    assert sys.getrefcount(None) - before > -50


def test_only_the_essentials_of_qt_are_installed() -> None:
    names = {(distribution.metadata["Name"] or "").lower().replace("_", "-") for distribution in distributions()}
    assert "pyside6-essentials" in names
    assert not names & {"pyside6", "pyside6-addons", "pyqt5", "pyqt6", "pyside2"}


def test_no_gpl_only_qt_module_is_imported(sources: list[Path]) -> None:
    found = [
        f"{path}: {name}"
        for path in sources
        for name in GPL_ONLY
        if f"PySide6.{name}" in path.read_text(encoding="utf-8")
    ]
    expect_none(found)


class _Target(QWidget):
    """Takes a text dropped on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.dropped = ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped = event.mimeData().text()
        event.acceptProposedAction()


class _Source(QWidget):
    """Starts a drag on the first mouse move."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = QDrag(self)
        data = QMimeData()
        data.setText("a post")
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)


@pytest.mark.gui
def test_the_gui_lane_has_a_window_system_where_things_can_be_dragged(qtbot: QtBot) -> None:
    if sys.platform == "linux":
        assert QGuiApplication.platformName() == "xcb"
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 200)
    source, target = _Source(window), _Target()
    target.setParent(window)
    source.setGeometry(0, 0, 200, 200)
    target.setGeometry(200, 0, 200, 200)
    with qtbot.waitExposed(window):
        window.show()

    handle = window.windowHandle()
    no_key = Qt.KeyboardModifier.NoModifier

    def drop() -> None:
        for x in (250, 300, 310):
            QTest.mouseMove(handle, QPoint(x, 100))
            QTest.qWait(20)
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, no_key, QPoint(310, 100))

    QTimer.singleShot(200, drop)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, no_key, QPoint(50, 50))
    QTest.mouseMove(handle, QPoint(80, 80))
    qtbot.waitUntil(lambda: target.dropped == "a post", timeout=5000)
