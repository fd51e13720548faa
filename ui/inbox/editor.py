"""The field an answer is written in: plain text, blanks walked with Tab, "::" asks for a template."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.safe_text import safe_body
from ui import theme
from ui.widgets import paint
from ui.widgets.blank_edit import BlankEdit

_LINES = (3, 11)


class ReplyEditor(BlankEdit):
    """Grows with its text between three and eleven lines, as far as there is room."""

    left = Signal()  # Esc
    submitted = Signal(bool)  # Ctrl+Enter; whether Shift was held (solve as well)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self._lowest = _LINES[0]
        self._room = 0  # px it may take; 0: what it likes
        self.setProperty("quiet", "true")
        self.setUndoRedoEnabled(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.textChanged.connect(self._grow)
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

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc leaves, Ctrl+Enter sends (also from the number pad)."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)

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

    def set_room(self, room: int) -> None:
        """Take at most so many px (never less than two lines): the rest is scrolled, and nothing is covered."""
        if room != self._room:
            self._room = room
            self._grow()

    def _height(self) -> int:
        line, margin = self.fontMetrics().lineSpacing(), 2 * self.document().documentMargin() + 4
        lines = max(self._lowest, min(_LINES[1], int(self.document().size().height())))
        least = 2 * line + margin
        wanted = lines * line + margin
        return round(min(wanted, max(least, self._room)) if self._room else wanted)

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
