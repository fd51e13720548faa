"""A picture of a message over the whole page; a click, Esc or any key closes it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.widgets import paint

_MARGIN = 48


class Lightbox(QWidget):
    """Covers its parent until it is closed."""

    def __init__(self, pixmap: QPixmap, alt: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap, self._alt = pixmap, alt
        self._before = parent.window().focusWidget()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(alt or _("Picture without description"))
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Dimmed page, the picture as large as it fits, its description below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.with_alpha(QColor("#0b0b0f"), 0.86))
        foot = 56 if self._alt else 0
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN - foot)
        size = self._pixmap.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.boundedTo(self._pixmap.size() * 2)
        spot = QRectF(0, 0, size.width(), size.height())
        spot.moveCenter(room.center())
        painter.drawPixmap(spot, self._pixmap, QRectF(self._pixmap.rect()))
        white = QColor("#f4f4f6")
        if self._alt:
            box = QRectF(_MARGIN, self.height() - foot - 16, self.width() - 2 * _MARGIN, 24)
            paint.draw_text(painter, box, self._alt, role="body", color=white, align=Qt.AlignmentFlag.AlignHCenter)
        painter.drawPixmap(QPointF(self.width() - 40, 16), icons.pixmap("x", white, 24))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Any key closes."""
        self._leave()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click closes."""
        self._leave()

    def _leave(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.deleteLater()
