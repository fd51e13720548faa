"""Progress: a spinner that respects reduced motion, a row with cancel, and the ring around a text counter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel


class Spinner(QWidget):
    """Turns while visible; with reduced motion it is a still hourglass."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 16, role: str = "text_muted") -> None:
        super().__init__(parent)
        self._size, self._role, self._angle = size, role, 0
        self.setFixedSize(size, size)
        self.setAccessibleName(_("Working"))
        self._timer = QTimer(self)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._turn)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Start turning."""
        if not theme.reduced_motion():
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Stop: a hidden widget costs nothing."""
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if theme.reduced_motion():
            painter.drawPixmap(0, 0, icons.pixmap("hourglass", theme.color(self._role), self._size))
        else:
            box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.setPen(QPen(theme.color("line_strong"), 2))
            painter.drawEllipse(box)
            pen = QPen(theme.color(self._role), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(box, -self._angle * 16, 100 * 16)
        painter.end()

    def _turn(self) -> None:
        self._angle = (self._angle + 24) % 360
        self.update()


class ProgressRow(QWidget):
    """What is being done, how far, and a cancel button (`cancelled`); `total` 0 means of unknown length."""

    cancelled = Signal()

    def __init__(self, text: str, parent: QWidget | None = None, *, cancellable: bool = True) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.label = PlainLabel(text, role="small", color="text_muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.bar.setAccessibleName(text)
        self.cancel = IconButton("x", _("Cancel"), size=14)
        self.cancel.setVisible(cancellable)
        self.cancel.clicked.connect(self.cancelled)
        layout.addWidget(self.label)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)
        self.set_progress(0, 0)

    def set_progress(self, done: int, total: int, text: str | None = None) -> None:
        """`done` of `total` steps; 0 of 0 shows a moving bar."""
        if text is not None:
            self.label.setText(text)
            self.bar.setAccessibleName(text)
        self.bar.setRange(0, total)
        self.bar.setValue(done)


class CounterRing(QWidget):
    """How much of a length limit is used: ring and rest; amber in the last tenth, red and a minus sign beyond it."""

    def __init__(self, parent: QWidget | None = None, *, label: str = "") -> None:
        super().__init__(parent)
        self._used, self._limit, self._label = 0, 1, label
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed().connect(self.update)

    def set_count(self, used: int, limit: int) -> None:
        """`used` of `limit` units, by the network's own rule of counting."""
        self._used, self._limit = used, max(1, limit)
        sentence = _("{used} of {limit} characters").format(used=used, limit=limit)
        self.setAccessibleName(f"{self._label}: {sentence}" if self._label else sentence)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ring, figure and label."""
        width = theme.scaled(20) + 6 + paint.text_width("-9999", "small")
        return QSize(width + (paint.text_width(self._label, "small") + 6 if self._label else 0), theme.scaled(24))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw ring, label and figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = self._limit - self._used
        role = "negative" if left < 0 else "warning" if left <= self._limit * 0.1 else "accent"
        size = theme.scaled(16)
        box = QRectF(2, (self.height() - size) / 2, size, size)
        painter.setPen(QPen(theme.color("line_strong"), 2.2))
        painter.drawEllipse(box)
        pen = QPen(theme.color(role), 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(box, 90 * 16, -int(min(1.0, self._used / self._limit) * 360 * 16))
        x = box.right() + 8
        if self._label:
            width = paint.text_width(self._label, "small")
            paint.draw_text(
                painter, QRectF(x, 0, width + 2, self.height()), self._label, role="small", color="text_muted"
            )
            x += width + 6
        ink = role if role != "accent" else "text_muted"
        paint.draw_text(painter, QRectF(x, 0, self.width() - x, self.height()), str(left), role="small", color=ink)
        painter.end()
