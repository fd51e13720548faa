"""The field an answer is written in: plain text, blanks walked with Tab, "::" asks for a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from cmdesk.safe_text import safe_body
from cmdesk.templates import blanks, suggested
from cmdesk.templates.stacking import joined
from ui import theme
from ui.widgets import paint

TRIGGER = "::"
_LINES = (3, 11)


class Helper(Protocol):
    """Something open over the editor that is asked first about each key."""

    def wants(self, event: QKeyEvent, /) -> bool:
        """Whether a key would act on it, so that no shortcut of the window may take it."""

    def takes(self, event: QKeyEvent, /) -> bool:
        """Act on a key; False leaves it to the editor."""


class ReplyEditor(QPlainTextEdit):
    """Grows with its text between three and eleven lines."""

    template_wanted = Signal(bool)  # whether "::" was typed
    left = Signal()  # Esc
    submitted = Signal(bool)  # Ctrl+Enter; whether Shift was held (solve as well)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self._lowest = _LINES[0]
        self._questions: dict[str, str] = {}
        self.helper: Helper | None = None
        self.setProperty("quiet", "true")
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.textChanged.connect(self._grow)
        self.textChanged.connect(self._mark_blanks)
        theme.changed().connect(self._restyle)
        self._restyle()

    def set_hint(self, text: str) -> None:
        """What stands there while it is empty."""
        self._hint = text
        self.setAccessibleDescription(text)
        self.viewport().update()

    def set_text(self, text: str) -> None:
        """Another text, the cursor behind it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def put(self, text: str, *, instead_of: str = "", questions: Mapping[str, str] | None = None) -> None:
        """Insert a template at the cursor, instead of the characters typed just before it; goes to its first blank.

        It is set apart from what is there (`stacking.joined`), never takes a blank's place, and one Ctrl+Z takes all of
        it back. `questions` say what a blank asks for.
        """
        self._questions.update(questions or {})
        cursor = self.textCursor()
        if instead_of and not cursor.hasSelection():
            back = cursor.position() - utf16(instead_of)
            if back >= 0:
                cursor.setPosition(back, QTextCursor.MoveMode.KeepAnchor)
                if cursor.selectedText() != instead_of:
                    cursor = self.textCursor()
        if self._in_blank(cursor):
            cursor.movePosition(QTextCursor.MoveOperation.End)
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        before, after = self._around(start, end)
        whole = joined(before, text, after)
        # A block of its own: Qt would merge it with what was inserted just before, and undo both.
        cursor.beginEditBlock()
        cursor.insertText(whole)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        if blanks(whole):
            self.next_blank(after=start)

    def _in_blank(self, cursor: QTextCursor) -> bool:
        """Whether a blank is selected or has the cursor inside: the next template goes behind the text, not into it."""
        text = self.toPlainText()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        return any(
            utf16(text[:start]) < here[1] and here[0] < utf16(text[:end]) for start, end, _word in blanks(text)
        )  # fmt: skip

    def _around(self, start: int, end: int) -> tuple[str, str]:
        """The text before and behind two places."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        before = cursor.selection().toPlainText()
        cursor.setPosition(end)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        return before, cursor.selection().toPlainText()

    def next_blank(self, *, after: int | None = None, forward: bool = True) -> bool:
        """Select the next blank `{...}` behind the cursor (or the one before it), round the end; False without any.

        Leaving a blank that suggests something (`{day|tomorrow}`) forwards takes the suggestion.
        """
        if after is None and forward:
            self._take_suggestion()
        text = self.toPlainText()
        found = blanks(text)
        if not found:
            return False
        places = [(utf16(text[:start]), utf16(text[:end])) for start, end, _word in found]
        cursor = self.textCursor()
        if forward:
            here = cursor.selectionEnd() if after is None else after
            start, end = next((each for each in places if each[0] >= here), places[0])
        else:
            start, end = next((each for each in reversed(places) if each[1] <= cursor.selectionStart()), places[-1])
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        return True

    def question(self, word: str) -> str:
        """What a blank asks for, '' when its word says it."""
        return self._questions.get(word.casefold(), "")

    def _take_suggestion(self) -> None:
        cursor = self.textCursor()
        offered = suggested(cursor.selectedText())
        if offered:
            cursor.insertText(offered)
            self.setTextCursor(cursor)

    def _mark_blanks(self) -> None:
        """Show each blank as a chip in the text."""
        text = self.toPlainText()
        if "{" not in text and not self.extraSelections():
            return
        look = QTextCharFormat()
        look.setBackground(theme.color("warning_soft"))
        look.setForeground(theme.color("warning"))
        marks = []
        for start, end, _word in blanks(text):
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(utf16(text[:start]))
            cursor.setPosition(utf16(text[:end]), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look
            marks.append(mark)
        self.setExtraSelections(marks)

    def event(self, event: QEvent, /) -> bool:
        """Keys that act on what is open over the editor are no shortcuts of the window."""
        if self.helper is not None and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and self.helper.wants(event):
                event.accept()
                return True
            # Tab would change the focus before it came to keyPressEvent.
            if event.type() is QEvent.Type.KeyPress and self.helper.takes(event):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc leaves, Ctrl+Enter sends (also from the number pad), a second colon asks for a template."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)
        if event.text() == ":":
            cursor = self.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
            line = cursor.selectedText()
            if line.endswith(TRIGGER) and not line[-3:-2].strip(" (¡¿"):
                self.template_wanted.emit(True)

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Tab goes to the next blank while there is one, Shift+Tab to the one before."""
        if self.next_blank(forward=forward):
            return True
        return super().focusNextPrevChild(forward)

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        """Only ever plain, harmless text comes in (RELIABILITY 23)."""
        if source.hasText():
            self.textCursor().insertText(safe_body(source.text()))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The hint as the theme has it."""
        super().paintEvent(event)
        if self._hint and self.document().isEmpty():
            painter = QPainter(self.viewport())
            offset = self.contentOffset()
            height = self.fontMetrics().height()
            margin = self.document().documentMargin()
            box = QRectF(offset.x() + margin, offset.y() + margin, self.viewport().width() - 2 * margin, height)
            paint.draw_text(painter, box, self._hint, role="reading", color="text_muted")
            painter.end()

    def sizeHint(self) -> QSize:
        """As high as its text, within limits."""
        return QSize(300, self._height())

    def _height(self) -> int:
        lines = max(self._lowest, min(_LINES[1], int(self.document().size().height())))
        return round(lines * self.fontMetrics().lineSpacing() + 2 * self.document().documentMargin() + 4)

    def _grow(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())

    def resizeEvent(self, event: object, /) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._grow()

    def _restyle(self) -> None:
        self.setFont(theme.font("reading"))
        self._grow()
        self._mark_blanks()


def utf16(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
