"""Completing a mention while it is typed: @ and two letters show whom it may mean (U11 apart)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Identity
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.composer.editor import TextEditor
from ui.theme.tokens import Space
from ui.widgets.panels import draw_raised
from ui.widgets.pick_list import Choice, PickRows

_TYPED = regex.compile(r"(?<![\w/@.])@([\p{L}\p{N}_.\-]{2,60})$")
_WIDTH = 320


class _Panel(QWidget):
    """The list over the text; the words keep the focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.rows = PickRows(_("People to mention"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        layout.addWidget(self.rows)
        self.setFixedWidth(theme.scaled(_WIDTH))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A raised surface."""
        painter = QPainter(self)
        draw_raised(painter, QRectF(self.rect()))
        painter.end()


class MentionCompleter(QObject):
    """Serves one editor."""

    def __init__(self, editor: TextEditor, find: Callable[[str], Sequence[Identity]]) -> None:
        super().__init__(editor)
        self._editor = editor
        self._find = find
        self._panel: _Panel | None = None
        self._dismissed = ""  # what was typed when Esc closed it
        editor.edit.textChanged.connect(self._follow)
        editor.edit.cursorPositionChanged.connect(self._moved)
        editor.edit.installEventFilter(self)

    def _follow(self) -> None:
        typed = self._typed()
        if typed is None or typed == self._dismissed or not self._editor.edit.hasFocus():
            self.close()
            return
        self._dismissed = ""
        found = self._find(typed)
        if not found:
            self.close()
            return
        if self._panel is None:
            if self._editor.edit.helper is not None:
                return  # the templates are open
            self._panel = _Panel(self._editor.window())
            self._panel.rows.picked.connect(self._take)
            self._editor.edit.helper = self
        panel = self._panel
        panel.rows.show_choices(
            [
                Choice(
                    each, clean_line(each.name or each.handle), f"@{clean_line(each.handle)}", icons.glyph(each.network)
                )
                for each in found
            ]
        )
        panel.adjustSize()
        edit, window = self._editor.edit, self._editor.window()
        line = edit.cursorRect()
        below = edit.viewport().mapTo(window, QPoint(line.left(), line.bottom() + 6))
        if below.y() + panel.height() > window.height():
            below.setY(below.y() - panel.height() - line.height() - 12)
        left = min(below.x(), window.width() - panel.width() - Space.S)
        panel.move(max(Space.S, left), max(0, below.y()))
        panel.show()
        panel.raise_()

    def _moved(self) -> None:
        """The list goes with the cursor, but only typing opens it."""
        if self._panel is not None:
            self._follow()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """No list stays over a text that is left."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close()
        return False

    def _typed(self) -> str | None:
        """What stands behind the @ before the cursor."""
        start, end, word = self._editor.word()
        match = _TYPED.search(word)
        return match.group(1) if match and start <= end else None

    def _take(self, who: object) -> None:
        assert isinstance(who, Identity)
        start, end, word = self._editor.word()
        at = word.rfind("@")
        self.close()
        if at >= 0:
            self._editor.replace(start + at, end, f"@{who.handle.lstrip('@')} ")

    def close(self) -> None:
        """Close the list, leaving the text as it is."""
        if self._panel is not None:
            panel, self._panel = self._panel, None
            panel.hide()
            panel.deleteLater()
            if self._editor.edit.helper is self:
                self._editor.edit.helper = None

    # The editor asks first (ui.widgets.blank_edit.Helper)

    def wants(self, event: QKeyEvent, /) -> bool:
        """Arrows, Enter, Tab and Esc are the list's while it is open."""
        return event.key() in (
            Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape,
        ) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier  # fmt: skip

    def takes(self, event: QKeyEvent, /) -> bool:
        """Walk, take or close."""
        if self._panel is None or not self.wants(event):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._dismissed = self._typed() or ""
            self.close()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._panel.rows.step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            self._panel.rows.choose()
        return True
