"""The week: an hour scale, chips side by side where they are close, the now line, past hours hatched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from cmdesk.planning.calendar import CHIP_MINUTES, SNAP_MINUTES, Placed, Slot, lanes, snap, week_of
from ui import theme
from ui.calendar.chip import CHIP_HEIGHT
from ui.calendar.drag import Drag
from ui.calendar.grid import Grid, draw_day_number
from ui.theme.tokens import Radius
from ui.widgets import paint

GUTTER = 52
HEADER = 52
HOUR = 48
HOUR_MIN, HOUR_MAX = 22, 96
FINE_MINUTES = 5
FIRST_SHOWN_HOUR = 7


class WeekGrid(Grid):
    """Seven columns of hours; a drop is a moment."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(drag, parent)
        self._days: list[date] = []
        self._hour = HOUR
        self._scrolled = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())

    def show_week(self, day: date, first_weekday: int = 0) -> None:
        """Show the week of `day`, beginning with `first_weekday` (0 is Monday)."""
        days = week_of(day, first_weekday)
        if days != self._days:
            self._days = days
            self.redraw()
        if self._place.day not in days or self._place.minute is None:
            self._place = Slot(day, 10 * 60)

    def days(self) -> list[date]:
        """Every day shown, first to last."""
        return self._days

    def set_place(self, slot: Slot) -> None:
        """Put the keyboard's place somewhere and scroll it into view."""
        super().set_place(slot)
        y = round((slot.minute or 0) * self._hour_px() / 60)
        bar, room = self.verticalScrollBar(), self.viewport().height() - HEADER
        if not bar.value() <= y <= bar.value() + room - self._hour_px():
            bar.setValue(max(0, y - room // 3))

    def slot_at(self, position: QPoint, *, fine: bool = False) -> Slot | None:
        """The moment under a viewport position."""
        if position.y() < HEADER:
            return None
        point = self._content(position)
        for day in self._days:
            if self._column(day).contains(point):
                return Slot(day, snap(point.y() * 60 / self._hour_px(), FINE_MINUTES if fine else SNAP_MINUTES))
        return None

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """What a drop at a global position means (see drag.Target); near the top and bottom the hours scroll."""
        if not self.isVisible():
            return None
        local = self.viewport().mapFromGlobal(position)
        if not self.viewport().rect().contains(local):
            return None
        bar = self.verticalScrollBar()
        if local.y() < HEADER + 16:
            bar.setValue(bar.value() - 8)
        elif local.y() > self.viewport().height() - 16:
            bar.setValue(bar.value() + 8)
        slot = self.slot_at(local, fine=fine)
        if slot is None:
            return None
        return slot if self.open_to_drops(slot) else False

    def hint(self, slot: Slot | None) -> None:
        """Show where the drop would go."""
        self.set_hint(slot)

    def item_at(self, position: QPoint) -> Placed | None:
        """The chip under a viewport position; none under the header."""
        return None if position.y() < HEADER else super().item_at(position)

    def _hour_px(self) -> int:
        return theme.scaled(self._hour)

    def _column(self, day: date) -> QRectF:
        width = self.viewport().width() - GUTTER
        index = (day - self._days[0]).days
        left, right = GUTTER + round(width * index / 7), GUTTER + round(width * (index + 1) / 7)
        return QRectF(left, 0, right - left, 24 * self._hour_px())

    def _extent(self) -> QSize:
        return QSize(max(1, self.viewport().width()), 24 * self._hour_px())

    def _offset(self) -> QPoint:
        return QPoint(0, HEADER - self.verticalScrollBar().value())

    def redraw(self) -> None:
        """Fit the scroll range, then paint everything anew."""
        room = self.viewport().height() - HEADER
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, 24 * self._hour_px() - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(self._hour_px() // 2)
        if not self._scrolled and room > 100:
            self._scrolled = True
            bar.setValue(FIRST_SHOWN_HOUR * self._hour_px() - 12)
        super().redraw()

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        if days is None:
            painter.fillRect(QRect(QPoint(0, 0), self._extent()), theme.color("surface"))
            for hour in range(1, 24):
                box = QRectF(0, hour * self._hour_px() - 9, GUTTER - 8, 18)
                text = f"{hour:02d}:00"
                paint.draw_text(
                    painter, box, text, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight
                )
        for day in self._days if days is None else days:
            if day in self._days:
                self._draw_day(painter, day)

    def _draw_day(self, painter: QPainter, day: date) -> None:
        column = self._column(day)
        painter.setClipRect(column)
        weekend = day.weekday() >= 5
        painter.fillRect(column, theme.color("window" if weekend else "surface"))
        past = self._past_minutes(day)
        if past:
            self._hatch(painter, QRectF(column.x(), 0, column.width(), past * self._hour_px() / 60))
        for hour in range(24):
            painter.setPen(QPen(theme.color("line"), 1))
            y = hour * self._hour_px()
            painter.drawLine(int(column.left()), y, int(column.right()), y)
        painter.drawLine(column.topLeft(), column.bottomLeft())
        self._spots[day] = []
        height = max(theme.scaled(CHIP_HEIGHT), CHIP_MINUTES * self._hour_px() / 60 - 2)
        for placed in lanes(self._scene.days.get(day, [])):
            width = (column.width() - 6) / placed.lanes
            top = min(placed.minute * self._hour_px() / 60 + 1, column.height() - height)
            rect = QRectF(column.x() + 3 + placed.lane * width, top, width - 2, height)
            self._draw_item(painter, rect, placed)
        painter.setClipping(False)

    def _past_minutes(self, day: date) -> int:
        now = self._now()
        if now is None or day > now.date():
            return 0
        return 24 * 60 if day < now.date() else now.hour * 60 + now.minute // 15 * 15

    def _now(self) -> datetime | None:
        return self._scene.now.astimezone(ZoneInfo(self._scene.zone)) if self._scene.now else None

    def _draw_over(self, painter: QPainter) -> None:
        offset = self._offset()
        now = self._now()
        if now is not None and now.date() in self._days:
            y = offset.y() + (now.hour * 60 + now.minute) * self._hour_px() / 60
            column = self._column(now.date())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("negative"), 1.5))
            painter.drawLine(int(column.left()), int(y), int(column.right()), int(y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("negative"))
            painter.drawEllipse(QRectF(column.left() - 4, y - 4, 8, 8))
        place = self._hint or (self._place if self.hasFocus() and self._selected is None else None)
        if place is not None and place.minute is not None and place.day in self._days:
            column = self._column(place.day)
            top = offset.y() + place.minute * self._hour_px() / 60
            rect = QRectF(column.x() + 2, top, column.width() - 4, CHIP_MINUTES * self._hour_px() / 60)
            if self._hint is None:
                paint.draw_focus(painter, rect, radius=Radius.CHIP)
            else:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(theme.color(self._hint_colour()), 2))
                painter.setBrush(theme.with_alpha(theme.color(self._hint_colour()), 0.12))
                painter.drawRoundedRect(rect, Radius.CHIP, Radius.CHIP)
        self._draw_header(painter)

    def _draw_header(self, painter: QPainter) -> None:
        painter.fillRect(QRect(0, 0, self.viewport().width(), HEADER), theme.color("surface"))
        locale, now = self.locale(), self._now()
        for day in self._days:
            column = self._column(day)
            name = locale.standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
            top = QRectF(column.x(), 4, column.width(), 18)
            paint.draw_text(
                painter, top, name, role="caption_strong", color="text_muted", align=Qt.AlignmentFlag.AlignHCenter
            )
            today = now is not None and now.date() == day
            draw_day_number(painter, QRectF(column.x(), 22, column.width(), 26), day, today=today, muted=False)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(0, HEADER - 1, self.viewport().width(), HEADER - 1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Nothing before the first week is known."""
        if self._days:
            super().paintEvent(event)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Ctrl and the wheel change the scale, 22 to 96 px an hour."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            middle = (self.verticalScrollBar().value() + event.position().y() - HEADER) / self._hour_px()
            self._hour = min(HOUR_MAX, max(HOUR_MIN, self._hour + (4 if event.angleDelta().y() > 0 else -4)))
            self.redraw()
            self.verticalScrollBar().setValue(round(middle * self._hour_px() - event.position().y() + HEADER))
            event.accept()
            return
        super().wheelEvent(event)

    def _reached(self, key: int) -> Slot | None:
        days, minutes = self._step_of(key)
        day, minute = self._place.day + timedelta(days=days), (self._place.minute or 0) + minutes
        if not 0 <= minute < 24 * 60:
            return self._place
        return Slot(day, minute) if day in self._days else None

    def _step_of(self, key: int) -> tuple[int, int]:
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -SNAP_MINUTES), Qt.Key.Key_Down: (0, SNAP_MINUTES),
        }  # fmt: skip
        return steps[Qt.Key(key)]
