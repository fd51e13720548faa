"""A case carried on with the keyboard alone, in a real window."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.store import cases as store
from tests.ui.cases.conftest import Complaints
from tests.ui.planned import Planned, done
from ui.main_window import MainWindow


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key for whoever has the keyboard."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)


def key_of(widget: QWidget | None) -> str:
    return str(widget.property("case_key") or "") if widget is not None else ""


@pytest.mark.gui
async def test_alt_4_j_enter_space_keeps_a_promise(planned: Planned, complaints: Complaints) -> None:
    case_id = complaints.open("The cake was broken", cause="Other")
    promise_id = complaints.promise(case_id, hours=1)
    window = MainWindow(planned.desk, planned.bridge)
    try:
        window.resize(1500, 950)
        window.show()
        window.activateWindow()
        for _attempt in range(100):
            if window.isActiveWindow():
                break
            await asyncio.sleep(0.02)
        await done()
        press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        await done()
        page = window.current_page()
        assert page is not None
        assert page.scope == "cases"
        await done()
        page.focus_main()
        press(Qt.Key.Key_J)
        await done()
        press(Qt.Key.Key_Return)
        assert key_of(QApplication.focusWidget()) == f"promise:{promise_id}:keep"
        press(Qt.Key.Key_Space)
        await done()
        assert planned.desk.page(store.promise, promise_id).kept_at is not None
        reached = [key_of(QApplication.focusWidget())]
        for _step in range(40):
            press(Qt.Key.Key_Tab)
            reached.append(key_of(QApplication.focusWidget()))
        wanted = ["foot:solve", "foot:promise", "foot:refer", "protocol", "step:face", "step:more", "ask:order"]
        assert [key for key in reached if key in wanted][: len(wanted)] == wanted
        press(Qt.Key.Key_Escape)
        assert page.isAncestorOf(QApplication.focusWidget())
    finally:
        await window.shut()
        window.close()
