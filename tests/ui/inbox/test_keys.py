"""The keyboard on a real window: bare keys act in the list and never while one types."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, done
from ui import theme
from ui.inbox.page import InboxPage
from ui.main_window import MainWindow
from ui.models.inbox import Order

Key = Qt.Key


async def _window(planned: Planned) -> tuple[MainWindow, InboxPage]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.install(app)
    window = MainWindow(planned.desk, planned.bridge)
    window.resize(1500, 950)
    window.show()
    window.activateWindow()
    page = window.show_page("inbox")
    assert isinstance(page, InboxPage)
    await done()
    page.list.query_changed.emit(replace(page.model.query, order=Order.NEWEST))
    await done()
    for _ in range(100):
        if window.isActiveWindow():
            break
        await asyncio.sleep(0.02)
    page.focus_main()
    return window, page


def _press(key: Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, held)


async def test_through_the_inbox_by_keyboard(planned: Planned, talk: Talk) -> None:
    ids = [talk.hear("Hola", name=name, minutes=minute) for name, minute in (("Ana", 1), ("Luis", 2), ("Eva", 3))]
    _shell, page = await _window(planned)
    _press(Key.Key_J)
    assert page.list.table.current_id() == ids[0]
    _press(Key.Key_J)
    _press(Key.Key_J)
    _press(Key.Key_K)
    await done()
    assert page.list.table.current_id() == ids[1]
    _press(Key.Key_R)
    assert page.talk.reply.editor.hasFocus()
    QTest.keyClicks(page.talk.reply.editor, "je jk ser")
    assert page.talk.reply.text() == "je jk ser", "letters are text in a text field"
    assert talk.conversation(ids[1]).state == "open"
    _press(Key.Key_Escape)
    assert page.list.table.hasFocus()
    _press(Key.Key_E)
    await done()
    assert talk.conversation(ids[1]).state == "solved"
    assert page.list.table.current_id() == ids[2]
    _press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await done()
    assert talk.conversation(ids[1]).state == "open"
    assert page.model.place_of(ids[1]) == 1
    _press(Key.Key_P)
    await done()
    assert talk.conversation(ids[2]).priority == 1
    _press(Key.Key_Slash)
    assert page.list.search.hasFocus()
    _press(Key.Key_Escape)
    assert page.list.table.hasFocus()


@pytest.mark.gui  # a menu takes the keyboard, which needs a window system
async def test_send_by_keyboard_and_ignore_asks_why(planned: Planned, talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana", minutes=1)
    two = talk.hear("Hola", name="Luis", minutes=2)
    shell, page = await _window(planned)
    _press(Key.Key_J)
    await done()
    _press(Key.Key_R)
    QTest.keyClicks(page.talk.reply.editor, "Gracias")
    _press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await done()
    assert talk.conversation(one).outgoing == "queued"
    assert page.list.table.current_id() == two
    _press(Key.Key_I)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert talk.conversation(two).state == "open", "not without a reason"
    next(each for each in menu.actions() if each.text().startswith("Spam")).trigger()
    menu.close()
    await done()
    assert (talk.conversation(two).state, talk.conversation(two).ignore_reason) == ("ignored", "spam")
    shell.activateWindow()
    page.focus_main()
    await done()
    _press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.list.table.selected_ids() == [one]
