"""Misspelt words in a field: marked at a pause, mended from the menu, taught, left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QTextCharFormat
from pytestqt.qtbot import QtBot

from cmdesk.spelling.speller import Speller
from ui import theme
from ui.widgets.blank_edit import BlankEdit
from ui.widgets.spelling import SpellingMarks


class _Spanish:
    def __init__(self, folder: Path) -> None:
        self._speller = Speller(cache=folder / "cache", own=folder / "dictionaries")
        self.taught: set[str] = set()

    def check(self, text: str) -> list[object]:
        return list(self._speller.check(text, "es", known=self.taught))

    def suggest(self, word: str) -> list[str]:
        return self._speller.suggest(word, "es")


@pytest.fixture
def field(qtbot: QtBot, qapp: object, tmp_path: Path) -> tuple[BlankEdit, SpellingMarks, _Spanish]:
    theme.install(qapp)  # type: ignore[arg-type]
    edit = BlankEdit()
    qtbot.addWidget(edit)
    edit.resize(400, 120)
    edit.show()
    checker = _Spanish(tmp_path)
    return edit, SpellingMarks(edit, checker, lambda word: checker.taught.add(word.casefold())), checker  # type: ignore[arg-type]


def marked(edit: BlankEdit) -> list[str]:
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [each.cursor.selectedText() for each in edit.extraSelections() if each.format.underlineStyle() == wave]


def test_misspelt_words_are_marked_after_a_pause(
    field: tuple[BlankEdit, SpellingMarks, _Spanish], qtbot: QtBot
) -> None:
    edit = field[0]
    edit.setPlainText("👩‍🍳 La bolleria está recién {nombre} hecha")
    qtbot.waitUntil(lambda: marked(edit) == ["bolleria"])
    edit.setPlainText("La bollería está")
    qtbot.waitUntil(lambda: marked(edit) == [])


def test_the_menu_mends_the_word_and_undo_brings_it_back(field: tuple[BlankEdit, SpellingMarks, _Spanish]) -> None:
    edit, marks, _checker = field
    edit.setPlainText("La bolleria nueva")
    marks.refresh()
    cursor = edit.textCursor()
    cursor.setPosition(6)
    menu = marks.menu(edit.cursorRect(cursor).center())
    first = menu.actions()[0]
    assert first.text() == "bollería"
    first.trigger()
    assert edit.toPlainText() == "La bollería nueva"
    edit.undo()
    assert edit.toPlainText() == "La bolleria nueva"


def test_a_word_can_be_taught_or_left(field: tuple[BlankEdit, SpellingMarks, _Spanish]) -> None:
    edit, marks, checker = field
    edit.setPlainText("El xurroset y el krapfn")
    marks.refresh()
    assert marked(edit) == ["xurroset", "krapfn"]

    def choose(position: int, start: str) -> None:
        cursor = edit.textCursor()
        cursor.setPosition(position)
        menu = marks.menu(edit.cursorRect(cursor).center())
        next(each for each in menu.actions() if each.text().startswith(start)).trigger()

    choose(5, "Add “xurroset”")
    assert checker.taught == {"xurroset"}
    choose(20, "Leave it")
    assert marked(edit) == []
