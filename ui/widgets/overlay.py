"""A panel over the dimmed window, for the command palette and the key overlay: Esc or a click beside it closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui import theme
from ui.theme.tokens import Radius
from ui.widgets.panels import draw_raised, draw_shadow


class Overlay(QWidget):
    """Covers `window`; `panel` is laid out by its subclass. The focus goes back to where it was."""

    closed = Signal()

    def __init__(self, window: QWidget, *, width: int, top: int = 96) -> None:
        super().__init__(window)
        self._window, self._wanted, self._top = window, width, top
        self._before: QWidget | None = None
        self.panel = _Panel(self)
        self.body = QVBoxLayout(self.panel)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.hide()
        window.installEventFilter(self)

    def popup(self, focus: QWidget) -> None:
        """Show over everything and give `focus` the keyboard."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self._place()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_overlay(self) -> None:
        """Hide and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def panel_height(self, available: int) -> int:
        """Height of the panel in px; subclasses may use less."""
        return min(available, self.panel.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Follow the window's size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click beside the panel closes."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_overlay()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Dim the window and draw the panel's shadow."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.with_alpha(theme.color("shadow"), 0.5 if theme.is_dark() else 0.22))
        draw_shadow(painter, QRectF(self.panel.geometry()), spread=20, radius=Radius.PANEL)
        painter.end()

    def _place(self) -> None:
        width = min(theme.scaled(self._wanted), self.width() - 64)
        top = min(self._top, max(24, self.height() // 8))
        height = self.panel_height(self.height() - top - 48)
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)


class _Panel(QWidget):
    """The raised surface."""

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        draw_raised(painter, QRectF(self.rect()), radius=Radius.PANEL)
        painter.end()
