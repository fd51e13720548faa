"""The keys of the template list in the whole window: while it is open they are its own and no shortcut takes them."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.commands import library
from cmdesk.store import outbox
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, done
from ui.inbox.page import InboxPage
from ui.library.page import LibraryPage
from ui.main_window import MainWindow
from ui.widgets.page import Target


async def opened(planned: Planned, talk: Talk) -> tuple[MainWindow, InboxPage]:
    one = talk.hear("Hola", name="Ana Ruiz")
    for name, text in (("Gracias", "¡Gracias, {nombre}!"), ("Pedido", "Sale {día}.")):
        planned.desk.run_now(library.save_template, brand_id=planned.bakery, name=name, texts={"es": text})
    window = MainWindow(planned.desk, planned.bridge)
    window.resize(1400, 900)
    window.show()
    window.activateWindow()
    for _look in range(100):
        if window.isActiveWindow():
            break
        await asyncio.sleep(0.02)
    await done()
    window.navigate(Target("inbox", "conversation", one))
    await done()
    page = window.current_page()
    assert isinstance(page, InboxPage)
    page.do_reply()
    return window, page


async def closed(window: MainWindow) -> None:
    await window.shut()
    window.hide()
    await done()
    window.deleteLater()


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


@pytest.mark.gui
async def test_keys_belong_to_the_open_list(planned: Planned, talk: Talk) -> None:
    window, page = await opened(planned, talk)
    editor = page.talk.reply.editor
    control = Qt.KeyboardModifier.ControlModifier
    try:
        press(Qt.Key.Key_J, control)
        assert page.templating.picker is not None
        press(Qt.Key.Key_Escape)
        assert page.templating.picker is None
        assert editor.hasFocus(), "Esc closes the list, not the answer"
        QTest.keyClicks(editor, "::gra")
        press(Qt.Key.Key_Return, control)
        assert editor.toPlainText() == "¡Gracias, Ana!", "Ctrl+Enter inserts and does not send"
        assert page.templating.picker is not None
        QTest.keyClicks(page.templating.picker.field, "ped")
        press(Qt.Key.Key_Return)
        assert editor.toPlainText() == "¡Gracias, Ana! Sale {día}."
        press(Qt.Key.Key_Return, control)
        await done()
        assert planned.desk.page(outbox.deliveries, brand_id=planned.bakery) == [], "a blank is still empty"
        assert editor.textCursor().selectedText() == "{día}"
        press(Qt.Key.Key_Z, control)
        assert editor.toPlainText() == "¡Gracias, Ana!"
        await done()
    finally:
        await closed(window)


@pytest.mark.gui
async def test_alt_6_goes_to_the_templates(planned: Planned, talk: Talk) -> None:
    window, page = await opened(planned, talk)
    try:
        press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        await done()
        assert isinstance(window.current_page(), LibraryPage)
        assert page.templating.picker is None
    finally:
        await closed(window)
