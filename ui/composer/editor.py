"""The text of one part: what plugs into the writing (emoji, hashtags, links, spelling) goes through `TextEditor`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import regex
from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cmdesk.text import clean
from ui import theme
from ui.composer.media_strip import has_pictures, pictures_in
from ui.widgets.blank_edit import BlankEdit, utf16

MIN_LINES = 3
FIRST_MIN_LINES = 5
MAX_LINES = 18
# A word that completion looks at: what stands before the cursor up to a blank, a quote or a bracket.
_WORD = regex.compile(r"[^\s\"'«»“”()\[\]{}<>]*$")


class PostEdit(BlankEdit):
    """A text field: pasted or dropped markup becomes plain text, pasted pictures become pictures of the post.

    It is as high as its text, within bounds.
    """

    pasted = Signal(list)  # paths
    focused = Signal()

    def __init__(self, parent: QWidget | None = None, *, min_lines: int = MIN_LINES) -> None:
        super().__init__(parent)
        self._least = min_lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def set_min_lines(self, lines: int) -> None:
        """How many lines it shows at least."""
        self._least = lines
        self._fit()

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        """Files and text."""
        return has_pictures(source) or source.hasText()

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        """Only the plain text, never what it looked like elsewhere nor controls that no network takes."""
        paths: list[Path] = pictures_in(source)
        if paths:
            self.pasted.emit(paths)
        elif source.hasText():
            whole = source.text()
            self.insertPlainText(clean(whole, limit=len(whole)))

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Say that it is written here."""
        super().focusInEvent(event)
        self.focused.emit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Other width, other number of lines."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text, within bounds."""
        return QSize(240, self._height())

    def _height(self) -> int:
        line = self.fontMetrics().lineSpacing()
        lines = max(self._least, min(MAX_LINES, round(self.document().size().height())))
        return lines * line + 2 * round(self.document().documentMargin()) + 2 * self.frameWidth() + 10

    def _fit(self) -> None:
        height = self._height()
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)


class TextEditor(QWidget):
    """One part's text. All positions are characters of the text (Python's), not UTF-16 units of Qt.

    `number` is the part (0 the first text, -1 the first comment), `key` whose words are shown ('' common, a network,
    or "#12" for one account). What plugs in uses `insert`, `replace`, `word`, `select`, `set_marks`, and `edit.helper`
    for a list open over the text. Every insertion is one step of Ctrl+Z.
    """

    typed = Signal(int, str, str)  # part, key, text
    focused = Signal(int)  # part
    pasted = Signal(int, list)  # part, paths
    template_wanted = Signal(bool)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.key = number, ""
        self.edit = PostEdit(self)
        self.edit.textChanged.connect(self._changed)
        self.edit.pasted.connect(lambda paths: self.pasted.emit(self.number, paths))
        self.edit.focused.connect(lambda: self.focused.emit(self.number))
        self.edit.template_wanted.connect(self.template_wanted)
        self._marks: dict[str, list[tuple[int, int, str]]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.edit)
        theme.changed().connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, key: str, *, editable: bool, placeholder: str = "") -> None:
        """Show words that were not typed here; the cursor stays where it can."""
        if key != self.key:
            self.forget_undo()
        self.key = key
        self.edit.setReadOnly(not editable)
        self.edit.setPlaceholderText(placeholder)
        if self.edit.toPlainText() == text:
            return
        at = self.edit.textCursor().position()
        self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.setPosition(min(at, self.edit.document().characterCount() - 1))
        self.edit.setTextCursor(cursor)
        self.edit.blockSignals(False)

    def forget_undo(self) -> None:
        """Let Ctrl+Z not reach back into what was written of something else (N11)."""
        self.edit.document().clearUndoRedoStacks()

    def set_kept(self, kept: bool) -> None:
        """Look like something that stays as it is: it is out already."""
        if bool(self.edit.property("kept")) != kept:
            self.edit.setProperty("kept", kept)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
            self._restyle()

    def set_name(self, name: str) -> None:
        """What a screen reader calls it."""
        self.edit.setAccessibleName(name)

    # For what plugs in

    def text(self) -> str:
        """The words as they stand."""
        return self.edit.toPlainText()

    def place(self) -> int:
        """Where the cursor is."""
        return self._characters(self.edit.textCursor().position())

    def selection(self) -> tuple[int, int]:
        """Start and end of what is selected; equal when nothing is."""
        cursor = self.edit.textCursor()
        return self._characters(cursor.selectionStart()), self._characters(cursor.selectionEnd())

    def word(self) -> tuple[int, int, str]:
        """The word before the cursor as (start, end, word), with its #, @ or colon; start == end between words."""
        end = self.place()
        found = _WORD.search(self.text()[:end])
        start = found.start() if found else end
        return start, end, self.text()[start:end]

    def insert(self, text: str, *, apart: bool = False) -> None:
        """Write at the cursor, instead of what is selected; `apart` sets blanks around it where none stand."""
        start, end = self.selection()
        if apart:
            whole = self.text()
            before, after = whole[:start], whole[end:]
            text = (" " if before and not before[-1].isspace() else "") + text
            text += " " if not after or not after[0].isspace() else ""
        self.replace(start, end, text)

    def replace(self, start: int, end: int, text: str) -> None:
        """Write instead of what stands from `start` to `end`; the cursor goes behind it."""
        if self.edit.isReadOnly():
            return
        cursor = self._range(start, end)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.edit.setTextCursor(cursor)

    def rewrite(self, text: str) -> None:
        """Let the words be these as one step that Ctrl+Z takes back; only what differs is touched."""
        old = self.text()
        if old == text:
            return
        start = _alike(old, text)
        tail = _alike(old[start:][::-1], text[start:][::-1])
        self.edit.blockSignals(True)  # it is in the draft already, perhaps under another key
        self.replace(start, len(old) - tail, text[start : len(text) - tail])
        self.edit.blockSignals(False)

    def select(self, start: int, end: int) -> None:
        """Select a stretch, bring it into view and take the keys."""
        self.edit.setTextCursor(self._range(start, end))
        self.edit.ensureCursorVisible()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_marks(self, kind: str, marks: Sequence[tuple[int, int, str]]) -> None:
        """Mark stretches as (start, end, tone) instead of those this kind marked before.

        Tones: "over" (past the limit), "error", "warning", "spelling". Kinds lie over each other.
        """
        self._marks[kind] = list(marks)
        self.edit.set_marks(kind, [(start, end, _look(tone)) for start, end, tone in marks])

    # Inside

    def _changed(self) -> None:
        self.typed.emit(self.number, self.key, self.edit.toPlainText())

    def _range(self, start: int, end: int) -> QTextCursor:
        text = self.text()
        cursor = QTextCursor(self.edit.document())
        cursor.setPosition(utf16(text[:start]))
        cursor.setPosition(utf16(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _characters(self, position: int) -> int:
        """A position of Qt in characters."""
        units = self.text().encode("utf-16-le", "surrogatepass")[: position * 2]
        return len(units.decode("utf-16-le", "surrogatepass"))

    def _restyle(self) -> None:
        self.edit.setFont(theme.font("reading"))
        for kind, marks in self._marks.items():
            self.set_marks(kind, marks)


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _look(tone: str) -> QTextCharFormat:
    look = QTextCharFormat()
    if tone == "over":
        look.setBackground(theme.color("negative_soft"))
        look.setForeground(theme.color("negative"))
        return look
    role = {"error": "negative", "warning": "warning"}.get(tone, "negative")
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    look.setUnderlineColor(theme.color(role))
    return look
