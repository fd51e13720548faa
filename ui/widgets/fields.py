"""Input fields: search with a clear button, and label + input + hint + error as one piece."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons
from ui.theme.tokens import Space
from ui.widgets.labels import PlainLabel


class SearchField(QLineEdit):
    """A line edit for searching: `searched(text)` comes 180 ms after the last key, at once on Enter; Esc clears."""

    searched = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, delay_ms: int = 180) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        lens = QAction(self)
        icons.set_icon(lens, "search", "text_muted")
        self.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(_("Clear"), self)
        icons.set_icon(self._clear, "x", "text_muted")
        self._clear.triggered.connect(self._cleared)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._announce)
        self._last = ""
        self.textChanged.connect(self._typed)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter searches at once, Esc clears first and only then leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._announce()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self._cleared()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _cleared(self) -> None:
        self.clear()
        self._announce()

    def _announce(self) -> None:
        self._timer.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)


class Field(QWidget):
    """A labelled input with a hint below it, which gives way to an error sentence."""

    def __init__(self, label: str, editor: QWidget, parent: QWidget | None = None, *, hint: str = "") -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS + 2)
        self.label = PlainLabel(label, role="small_strong", color="text")
        self.label.setBuddy(editor)
        # Shown before it has a parent, a label is a window of its own for a moment and takes the keyboard.
        self.note = PlainLabel(hint, self, role="small", color="text_muted", wrap=True)
        self.note.setVisible(bool(hint))
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        layout.addWidget(self.label)
        layout.addWidget(editor)
        layout.addWidget(self.note)
        layout.addStretch(1)

    def set_error(self, text: str) -> None:
        """Show an error sentence and mark the input; "" takes both away."""
        self.note.set_role("small", "negative" if text else "text_muted")
        self.note.setText(text or self._hint)
        self.note.setVisible(bool(text or self._hint))
        self.editor.setAccessibleDescription(text or self._hint)
        self.editor.setProperty("invalid", "true" if text else "false")
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def has_error(self) -> bool:
        """Whether an error sentence shows."""
        return bool(self.editor.property("invalid") == "true")


Spin = TypeVar("Spin", bound=QAbstractSpinBox)


def padded(spin: Spin) -> Spin:
    """Give a spin box or date field the same left margin as other fields: Qt ignores their QSS padding."""
    spin.lineEdit().setTextMargins(8, 0, 0, 0)
    return spin


class _WheelGuard(QObject):
    """Lets the wheel through to what scrolls, unless the field has the keyboard."""

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


Input = TypeVar("Input", bound=QWidget)


def calm(field: Input) -> Input:
    """Keep a spin box, date or list within a scrolling page from changing when the wheel only passes over it."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))
    return field
