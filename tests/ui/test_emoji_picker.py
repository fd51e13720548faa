"""Choosing an emoji by keys and by pointer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.widgets.emoji_picker import EmojiGrid, EmojiPicker

pytestmark = pytest.mark.gui


@pytest.fixture
def picker(qtbot: QtBot, qapp: object) -> Iterator[EmojiPicker]:
    theme.install(qapp)  # type: ignore[arg-type]
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    picker = EmojiPicker(parent, recent=["🥐", "👏🏽", "not an emoji"], tone=0)
    picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    picker.show_below(parent)
    yield picker


def picked(picker: EmojiPicker) -> list[str]:
    found: list[str] = []
    picker.picked.connect(found.append)
    return found


def search(picker: EmojiPicker) -> QLineEdit:
    field = picker.findChild(QLineEdit)
    assert field is not None
    return field


def test_the_last_ones_come_first_and_enter_takes_one(picker: EmojiPicker) -> None:
    found = picked(picker)
    QTest.keyClick(search(picker), Qt.Key.Key_Return)
    assert found == ["🥐"]
    assert not picker.isVisible()


def test_typing_finds_and_the_arrows_walk(picker: EmojiPicker) -> None:
    found = picked(picker)
    QTest.keyClicks(search(picker), "bread")
    QTest.keyClick(search(picker), Qt.Key.Key_Right)
    QTest.keyClick(search(picker), Qt.Key.Key_Return)
    assert found == ["🥖"]


def test_down_goes_to_the_next_row_of_the_next_group(picker: EmojiPicker) -> None:
    found = picked(picker)
    QTest.keyClick(search(picker), Qt.Key.Key_Down)
    QTest.keyClick(search(picker), Qt.Key.Key_Down)
    QTest.keyClick(search(picker), Qt.Key.Key_Up)
    QTest.keyClick(search(picker), Qt.Key.Key_Return)
    assert found == ["😀"]


def test_a_click_takes_and_a_tone_counts(picker: EmojiPicker) -> None:
    found, tones = picked(picker), list[int]()
    picker.tone_chosen.connect(tones.append)
    picker._next_tone()
    assert tones == [1]
    QTest.keyClicks(search(picker), "waving hand")
    grid = picker.findChild(EmojiGrid)
    assert grid is not None
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid._cells[0].rect.center())
    assert found == ["👋🏻"]


def test_nonsense_says_so_and_enter_does_nothing(picker: EmojiPicker) -> None:
    found = picked(picker)
    QTest.keyClicks(search(picker), "qwertyuiop")
    QTest.keyClick(search(picker), Qt.Key.Key_Return)
    assert (found, picker._name.text()) == ([], "No emoji of that name")
