"""Small marks: chips that say a state in icon and word, count badges, dots."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.widgets import paint


class Chip(QWidget):
    """A pill with an icon and a word in a tone (neutral, positive, negative, warning, info, accent).

    With `clickable` it is a focusable button: Enter and Space emit `clicked` as the mouse does.
    """

    clicked = Signal()

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        tone: str = "neutral",
        icon: str = "",
        clickable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._text, self._tone, self._icon = text, tone, icon
        self._clickable = clickable
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed().connect(self._again)

    def set_text(self, text: str, *, tone: str | None = None, icon: str | None = None) -> None:
        """Say something else."""
        self._text = text
        self._tone = tone if tone is not None else self._tone
        self._icon = icon if icon is not None else self._icon
        self.setAccessibleName(text)
        self._again()

    def text(self) -> str:
        """The word shown."""
        return self._text

    def sizeHint(self) -> QSize:
        """Room for icon and word."""
        mark = theme.scaled(12) + (4 if self._text else 0) if self._icon else 0
        return QSize(min(paint.text_width(self._text, "small"), 260) + mark + 14, theme.scaled(22))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the pill, with the ring when it has focus."""
        painter = QPainter(self)
        paint.draw_chip(
            painter, 1, self.height() / 2, self._text, tone=self._tone, icon=self._icon, max_width=260, role="small"
        )
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=6)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Click."""
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter or Space click it."""
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def _again(self) -> None:
        self.updateGeometry()
        self.update()


class Badge(QWidget):
    """A number in a round pill; hidden at zero, "99+" beyond."""

    def __init__(self, parent: QWidget | None = None, *, tone: str = "accent", solid: bool = True) -> None:
        super().__init__(parent)
        self._count, self._tone, self._solid = 0, tone, solid
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()
        theme.changed().connect(self.update)

    def set_count(self, count: int, *, accessible: str = "") -> None:
        """Show `count`; `accessible` is the sentence a screen reader says."""
        self._count = count
        self.setAccessibleName(accessible or str(count))
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Round for one figure, longer for more."""
        height = theme.scaled(16)
        return QSize(max(height, paint.text_width(self._label(), "caption_strong") + 9), height)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw pill and number."""
        painter = QPainter(self)
        draw_badge(painter, QRectF(self.rect()), self._label(), tone=self._tone, solid=self._solid)
        painter.end()

    def _label(self) -> str:
        return "99+" if self._count > 99 else str(self._count)


def draw_badge(painter: QPainter, rect: QRectF, label: str, *, tone: str = "accent", solid: bool = True) -> None:
    """A count badge as delegates and buttons paint it."""
    fill, ink = paint.chip_colours(tone)
    if solid:
        role = {"accent": "accent", "negative": "negative_fill"}.get(tone)
        fill = theme.color(role) if role else ink
        ink = theme.text_on(fill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    paint.draw_text(painter, rect, label, role="caption_strong", color=ink, align=Qt.AlignmentFlag.AlignHCenter)


class Dot(QWidget):
    """An 8 px dot of a colour role; give it an accessible name, it never stands alone."""

    def __init__(self, role: str = "accent", parent: QWidget | None = None, *, color: QColor | None = None) -> None:
        super().__init__(parent)
        self._role, self._color = role, color
        self.setFixedSize(8, 8)
        theme.changed().connect(self.update)

    def set_role(self, role: str) -> None:
        """Another colour role."""
        self._role = role
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color or theme.color(self._role))
        painter.drawEllipse(self.rect())
        painter.end()
