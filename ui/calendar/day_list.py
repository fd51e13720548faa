"""A day's whole list in place, behind "+3 more": its posts, which can be dragged out of it, and its free slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.model import Brand, CalendarItem
from cmdesk.planning.calendar import Slot
from cmdesk.planning.days import Ghost
from cmdesk.safe_text import clean_line
from ui import theme
from ui.calendar.chip import CHIP_HEIGHT, draw_chip, sentence
from ui.calendar.dates import clock, spell
from ui.calendar.drag import Drag, Grip
from ui.widgets import Button, PlainLabel, Popover, paint

WIDTH = 300
FAR = QPoint(-20_000, -20_000)
MOST_SLOTS = 6  # free slots that are listed; the tray has the rest


class DayList(Popover):
    """Every post of one day: a click chooses, a double click opens, a drag takes it to another day."""

    chosen = Signal(object)
    opened = Signal(object)
    wanted = Signal(object)  # Slot: a new post in this free slot

    def __init__(
        self, day: date, items: Sequence[CalendarItem], brands: Mapping[int, Brand], zone: str, drag: Drag,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent, width=WIDTH)
        self._day, self._brands = day, brands
        self.body.addWidget(PlainLabel(spell(day, "dddd d MMMM"), role="body_strong"))
        for item in items:
            row = _Row(item, brands.get(item.brand_id), zone, day, drag)
            row.chosen.connect(self._chose)
            row.opened.connect(self._opened)
            self.body.addWidget(row)
        drag.began.connect(self._dragged_out)
        drag.ended.connect(self.close)

    def show_free(self, groups: Sequence[tuple[int, tuple[Ghost, ...]]]) -> None:
        """List the day's free slots below its posts."""
        if groups:
            self.body.addWidget(PlainLabel(_("Free slots"), role="caption_strong", color="text_muted"))
        for minute, ghosts in groups[:MOST_SLOTS]:
            brand = self._brands.get(ghosts[0].brand_id)
            name = clean_line(brand.name, limit=30) if brand else ""
            row = Button(f"{clock(minute)} · {name}", variant="ghost", size="small", icon="plus")
            slot = Slot(self._day, minute, ghosts[0].brand_id, ghosts)
            row.clicked.connect(lambda _checked=False, slot=slot: self._want(slot))
            self.body.addWidget(row, 0, Qt.AlignmentFlag.AlignLeft)

    def showEvent(self, event: QShowEvent, /) -> None:
        """The first post takes the keys."""
        super().showEvent(event)
        if (first := self.findChild(_Row)) is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Up and Down walk through the list; Esc closes it."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _dragged_out(self) -> None:
        """Out of the way while a row keeps the pointer: closed, it would let go of what is held."""
        self.move(FAR)

    def _want(self, slot: Slot) -> None:
        self.close()
        self.wanted.emit(slot)

    def _chose(self, item: CalendarItem) -> None:
        self.chosen.emit(item)
        self.close()

    def _opened(self, item: CalendarItem) -> None:
        self.opened.emit(item)
        self.close()


class _Row(QWidget):
    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, item: CalendarItem, brand: Brand | None, zone: str, day: date, drag: Drag) -> None:
        super().__init__()
        self._item, self._day, self._drag = item, day, drag
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

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Grip; it becomes a drag once the pointer moves."""
        if event.button() is Qt.MouseButton.LeftButton:
            size = QSize(min(self.width(), 180), theme.scaled(CHIP_HEIGHT))
            grab = QPoint(min(int(event.position().x()), size.width() - 10), size.height() // 2)
            self._drag.press(Grip(self._item, self._day, size, grab), event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag.move(event.globalPosition().toPoint(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go of a drag, or choose."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        dragged = self._drag.active or self._drag.given_up
        self._drag.release(event.globalPosition().toPoint(), event.modifiers())
        if not dragged:
            self.chosen.emit(self._item)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open."""
        self.opened.emit(self._item)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Space chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._item)
        elif event.key() == Qt.Key.Key_Space:
            self.chosen.emit(self._item)
        else:
            super().keyPressEvent(event)
