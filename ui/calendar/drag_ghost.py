"""The chip that follows the pointer, and what letting go would mean, over everything of the page."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ui import icons, theme
from ui.theme.tokens import Radius
from ui.widgets import paint

LABEL = 24
PILE = 3  # px by which the sheet below a pile shows
MARGIN = 8


class Ghost(QWidget):
    """A chip (a pile of them, with their number) and a label: the new hour, or why not."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._page = page
        self._chip = QPixmap()
        self._grab = QPoint()
        self._text = ""
        self._icon = ""
        self._refused = False
        self._count = 1
        self._shift = 0  # px from the label to the chip
        self.hide()

    def take(self, chip: QPixmap, grab: QPoint, *, count: int = 1) -> None:
        """Carry this picture, gripped at `grab`, for `count` posts."""
        self._chip, self._grab, self._count = chip, grab, count

    def follow(self, position: QPoint, text: str, *, refused: bool = False, copy: bool = False) -> None:
        """Be at a page position and say `text`; the label stays inside the page."""
        self._text, self._refused = text, refused
        self._icon = ("ban" if text else "") if refused else "copy-plus" if copy else ""
        size = self._chip.deviceIndependentSize().toSize()
        pile = PILE * 2 if self._count > 1 else 0
        width = max(size.width() + pile + 12, self._label_width() + 4)
        height = size.height() + pile + (theme.scaled(LABEL) + 8 if text else 4)
        corner = position - self._grab
        left = max(MARGIN, min(corner.x(), self._page.width() - self._label_width() - MARGIN))
        top = corner.y() if corner.y() + height < self._page.height() else corner.y() - theme.scaled(LABEL)
        self._shift = corner.x() - left
        self.setGeometry(
            min(corner.x(), left), max(0, min(top, self._page.height() - height)), width + abs(self._shift), height
        )
        if self.isHidden():
            self.show()
            self.raise_()
        self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def _label_width(self) -> int:
        if not self._text:
            return 0
        return paint.text_width(self._text, "small_strong") + 20 + (theme.scaled(18) if self._icon else 0)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw pile, chip and label."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self._chip.deviceIndependentSize()
        x = max(0, self._shift)
        left = -min(0, self._shift)
        if self._count > 1:
            painter.setPen(QPen(theme.color("line_strong"), 1))
            painter.setBrush(theme.color("surface_raised"))
            for step in (PILE * 2, PILE):
                painter.drawRoundedRect(
                    QRectF(x + step + 0.5, step + 0.5, size.width() - 1, size.height() - 1), Radius.CHIP, Radius.CHIP
                )
        painter.setOpacity(0.6 if self._refused else 0.94)
        painter.drawPixmap(QPointF(x, 0), self._chip)
        painter.setOpacity(1)
        if self._count > 1:
            self._draw_count(painter, x + size.width())
        if self._text:
            self._draw_label(painter, left, size.height() + (PILE * 2 if self._count > 1 else 0) + 4)
        painter.end()

    def _draw_count(self, painter: QPainter, right: float) -> None:
        side = theme.scaled(18)
        width = max(side, paint.text_width(str(self._count), "caption_strong") + 10)
        pill = QRectF(right - width + 8, 0, width, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(pill, side / 2, side / 2)
        paint.draw_text(
            painter, pill, str(self._count), role="caption_strong", color="on_accent",
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    def _draw_label(self, painter: QPainter, left: float, top: float) -> None:
        box = QRectF(left, top, self._label_width(), theme.scaled(LABEL))
        fill = theme.color("negative_fill" if self._refused else "text")
        ink = theme.readable(theme.color("on_accent" if self._refused else "surface"), fill)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
        inner = box.adjusted(10, 0, -4, 0)
        if self._icon:
            mark = theme.scaled(13)
            painter.drawPixmap(QPointF(inner.x(), box.center().y() - mark / 2), icons.pixmap(self._icon, ink, mark))
            inner.setX(inner.x() + theme.scaled(18))
        paint.draw_text(painter, inner, self._text, role="small_strong", color=ink)
