"""A day's whole list of posts in place, behind "+3 more"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.model import Brand, CalendarItem
from ui import theme
from ui.calendar.chip import CHIP_HEIGHT, draw_chip, sentence
from ui.calendar.dates import spell
from ui.widgets import PlainLabel, Popover, paint

WIDTH = 300


class DayList(Popover):
    """Every post of one day; a click chooses, a double click opens."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self, day: date, items: Sequence[CalendarItem], brands: Mapping[int, Brand], zone: str, parent: QWidget
    ) -> None:
        super().__init__(parent, width=WIDTH)
        self.body.addWidget(PlainLabel(spell(day, "dddd d MMMM"), role="body_strong"))
        for item in items:
            row = _Row(item, brands.get(item.brand_id), zone)
            row.chosen.connect(self._chose)
            row.opened.connect(self._opened)
            self.body.addWidget(row)

    def _chose(self, item: CalendarItem) -> None:
        self.chosen.emit(item)
        self.close()

    def _opened(self, item: CalendarItem) -> None:
        self.opened.emit(item)
        self.close()


class _Row(QWidget):
    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, item: CalendarItem, brand: Brand | None, zone: str) -> None:
        super().__init__()
        self._item = item
        self._color = brand.color if brand else "#6B6B76"
        self._hour = item.at.astimezone(ZoneInfo(zone)).strftime("%H:%M") if item.at else ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(sentence(item, brand=brand.name if brand else "", when=self._hour))

    def sizeHint(self) -> QSize:
        """One chip."""
        return QSize(WIDTH - 24, theme.scaled(CHIP_HEIGHT) + 4)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        draw_chip(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), self._item, brand=self._color, hour=self._hour)
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=5)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Choose."""
        self.chosen.emit(self._item)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Space chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._item)
        elif event.key() == Qt.Key.Key_Space:
            self.chosen.emit(self._item)
        else:
            super().keyPressEvent(event)
