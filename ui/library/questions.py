"""What each blank asks the person: a line a blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.theme.tokens import Space
from ui.widgets import Chip

MOST = 40


class Questions(QWidget):
    """`changed(word, question)`; hidden while no text has a blank."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._edits: dict[str, QLineEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(1, 1)

    def show_words(self, words: Sequence[str], questions: Mapping[str, str]) -> None:
        """Show these blanks; a line that is being written stays as it is."""
        shown = list(words[:MOST])
        if shown != self._words:
            self._build(shown)
        for word, edit in self._edits.items():
            if not edit.hasFocus() and edit.text() != questions.get(word, ""):
                edit.setText(questions.get(word, ""))
                edit.setCursorPosition(0)

    def _build(self, words: list[str]) -> None:
        self._words, self._edits = words, {}
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, word in enumerate(words):
            edit = QLineEdit()
            edit.setPlaceholderText(_("What is asked, for whoever fills it in (optional)"))
            edit.setAccessibleName(_("Question for {blank}").format(blank=word))
            edit.setMaxLength(200)
            edit.textEdited.connect(lambda text, word=word: self.changed.emit(word, text))
            self._edits[word] = edit
            self._grid.addWidget(Chip(clean_line(word, limit=40), tone="warning"), row, 0)
            self._grid.addWidget(edit, row, 1)
