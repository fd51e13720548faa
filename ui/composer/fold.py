"""A section that folds: its title, what is set in it while it is closed, its content while it is open."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import paint


class Fold(QWidget):
    """Put widgets into `body`; `set_summary` says what is set there."""

    opened = Signal(bool)

    def __init__(self, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _Head(title, icon, self)
        self._inside = QWidget(self)
        self._inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(Space.XL, Space.XS, 0, Space.S)
        self.body.setSpacing(Space.M)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._inside)
        self._inside.hide()
        self._head.toggled.connect(self._toggled)

    def set_title(self, title: str, summary: str, icon: str = "") -> None:
        """Say what it is and, in few words, what is set in it."""
        self._head.show_words(title, summary, icon)

    def set_open(self, on: bool) -> None:
        """Open or close it."""
        self._head.setChecked(on)

    @property
    def is_open(self) -> bool:
        """Say whether its content shows."""
        return self._head.isChecked()

    def _toggled(self, on: bool) -> None:
        self._inside.setVisible(on)
        self.opened.emit(on)


class _Head(QAbstractButton):
    def __init__(self, title: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._icon, self._summary = title, icon, ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed().connect(self.updateGeometry)
        self.show_words(title, "", "")

    def show_words(self, title: str, summary: str, icon: str) -> None:
        self._title, self._summary, self._icon = title, summary, icon or self._icon
        self.setAccessibleName(f"{title}: {summary}" if summary else title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, theme.scaled(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, theme.scaled(32))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        middle = self.height() / 2
        mark = theme.scaled(14)
        ink = theme.color("text_muted")
        chevron = icons.pixmap("chevron-down" if self.isChecked() else "chevron-right", ink, mark)
        painter.drawPixmap(int(Space.XS), int(middle - mark / 2), chevron)
        x = Space.XS + mark + Space.XS
        painter.drawPixmap(int(x), int(middle - mark / 2), icons.pixmap(self._icon, ink, mark))
        x += mark + Space.S
        box = QRectF(x, 0, self.width() - x - Space.S, self.height())
        used = paint.draw_text(painter, box, self._title, role="small_strong")
        if self._summary and not self.isChecked():
            box.setLeft(x + used + Space.M)
            paint.draw_text(painter, box, self._summary, role="small", color="text_muted")
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=6)
        painter.end()
