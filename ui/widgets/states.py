"""What a screen says when it has nothing to list, and the banner above what it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import PlainLabel


class Disc(QWidget):
    """An icon in a soft disc."""

    def __init__(self, icon: str, tone: str, size: int) -> None:
        super().__init__()
        self._icon, self._tone, self._size = icon, tone, size
        self.setFixedSize(size, size)
        theme.changed().connect(self.update)

    def set_icon(self, icon: str, tone: str) -> None:
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        fill, ink = paint.chip_colours(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(self.rect()))
        inner = round(self._size * 0.44)
        start = (self._size - inner) / 2
        painter.drawPixmap(QPointF(start, start), icons.pixmap(self._icon, ink, inner))
        painter.end()


class EmptyState(QWidget):
    """Icon, one sentence, one explanation and up to three buttons, centred; the first button is the main one."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        parent: QWidget | None = None,
        *,
        buttons: Sequence[QPushButton] = (),
        tone: str = "accent",
    ) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        outer.setSpacing(Space.S)
        outer.addStretch(2)
        self._disc = Disc(icon, tone, 64)
        outer.addWidget(self._disc, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addSpacing(Space.S)
        self.title = PlainLabel(title, role="title", wrap=True, align=Qt.AlignmentFlag.AlignCenter)
        self.text = PlainLabel(text, role="body", color="text_muted", wrap=True, align=Qt.AlignmentFlag.AlignCenter)
        for part in (self.title, self.text):
            part.setMaximumWidth(440)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(part, 100)
            row.addStretch(1)
            outer.addLayout(row)
        self.text.setVisible(bool(text))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(Space.S)
        self._row.addStretch(1)
        self._row.addStretch(1)
        outer.addSpacing(Space.S)
        outer.addLayout(self._row)
        outer.addStretch(3)
        self.set_buttons(buttons)

    def set_content(self, icon: str, title: str, text: str = "", *, tone: str = "accent") -> None:
        """Say something else in the same place."""
        self._disc.set_icon(icon, tone)
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))

    def set_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Replace the buttons."""
        while self._row.count() > 2:
            item = self._row.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, part in enumerate(buttons):
            self._row.insertWidget(1 + place, part, 0, Qt.AlignmentFlag.AlignCenter)
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Buttons stand below each other where they do not fit side by side."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        items = [self._row.itemAt(place) for place in range(1, self._row.count() - 1)]
        wanted = sum(item.sizeHint().width() + Space.S for item in items if item is not None)
        narrow = wanted > self.width() - 2 * Space.XL
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not direction:
            self._row.setDirection(direction)


class Banner(QFrame):
    """One line above a screen: icon, text, up to two buttons, optionally a close button (`closed`)."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        tone: str = "info",
        icon: str = "info",
        buttons: Sequence[QPushButton] = (),
        closable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._tone, self._icon = tone, icon
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L + 24, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.S)
        self.label = PlainLabel(text, role="body", wrap=True)
        layout.addWidget(self.label, 1)
        for part in buttons:
            layout.addWidget(part)
        if closable:
            close = IconButton("x", _("Close"), size=14)
            close.clicked.connect(self._close)
            layout.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme.changed().connect(self.update)

    def set_text(self, text: str, *, tone: str | None = None, icon: str | None = None) -> None:
        """Say something else."""
        self._tone, self._icon = tone or self._tone, icon or self._icon
        self.label.setText(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Never lower than a button."""
        return super().minimumSizeHint().expandedTo(QSize(200, 44))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Tinted surface with its icon."""
        fill, ink = paint.chip_colours(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.drawPixmap(QPointF(Space.M + 2, self.height() / 2 - 9), icons.pixmap(self._icon, ink, 18))
        painter.end()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def error_state(text: str, retry: Button) -> EmptyState:
    """The empty state of a list that could not be read, with its retry button."""
    return EmptyState("triangle-alert", _("This could not be read"), text, buttons=[retry], tone="negative")
