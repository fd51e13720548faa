"""A section of the case's panel: one line that says how it stands, and its content behind it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.theme.tokens import Radius, Space
from ui.widgets import paint


class _Head(QAbstractButton):
    """Chevron, title, and at the right how it stands."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.summary, self.tone = title, "", "neutral"
        self.open = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed().connect(self._again)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, theme.scaled(30))

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Hover."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        mark = theme.scaled(14)
        glyph = "chevron-down" if self.open else "chevron-right"
        painter.drawPixmap(4, round((box.height() - mark) / 2), icons.pixmap(glyph, theme.color("text_muted"), mark))
        left = 4 + mark + 6
        room = box.width() - left - 6
        used = paint.draw_text(painter, QRectF(left, 0, room, box.height()), self.title, role="small_strong")
        rest = room - used - 10
        if rest > 24 and self.summary:
            ink = {"neutral": "text_muted", "accent": "accent_text"}.get(self.tone, self.tone)
            spot = QRectF(left + used + 10, 0, rest, box.height())
            right = Qt.AlignmentFlag.AlignRight
            paint.draw_text(painter, spot, self.summary, role="small", color=ink, align=right)
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=Radius.CONTROL)
        painter.end()

    def _again(self) -> None:
        self.updateGeometry()
        self.update()


class Fold(QWidget):
    """`body` shows under its head when it is open; `toggled(open)` comes only from the person."""

    toggled = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _Head(title, self)
        self._inside = QWidget(self)
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(Space.S, Space.XS, 0, Space.S)
        self.body.setSpacing(Space.S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._inside)
        self._inside.hide()
        self._head.clicked.connect(self._toggle)
        self._say()

    @property
    def is_open(self) -> bool:
        """Whether its content shows."""
        return self._head.open

    def set_open(self, on: bool) -> None:
        """Show or hide the content without telling."""
        if on != self._head.open:
            self._head.open = on
            self._inside.setVisible(on)
            self._say()

    def set_title(self, text: str) -> None:
        """What the section is called."""
        if text != self._head.title:
            self._head.title = text
            self._say()

    def set_summary(self, text: str, tone: str = "neutral") -> None:
        """What the head says at the right."""
        if (text, tone) != (self._head.summary, self._head.tone):
            self._head.summary, self._head.tone = text, tone
            self._say()

    def head(self) -> QAbstractButton:
        """The line that opens and closes it."""
        return self._head

    def _toggle(self) -> None:
        self.set_open(not self._head.open)
        self.toggled.emit(self._head.open)

    def _say(self) -> None:
        state = _("unfolded") if self._head.open else _("folded")
        parts = [self._head.title, self._head.summary, state]
        self._head.setAccessibleName(", ".join(part for part in parts if part))
        self._head.update()
