"""The month: whole weeks, up to as many chips a day as fit, the rest behind "+3 more"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import ngettext
from cmdesk.planning.calendar import Slot, month_grid
from ui import theme
from ui.calendar.chip import CHIP_HEIGHT
from ui.calendar.drag import Drag
from ui.calendar.grid import Grid, draw_day_number
from ui.theme.tokens import Radius
from ui.widgets import paint

HEADER = 28
NUMBER = 26
GAP = 2


class MonthGrid(Grid):
    """Weeks in rows; a drop changes the day and never the hour."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(drag, parent)
        self._month = date(2000, 1, 1)
        self._weeks: list[list[date]] = []
        self._more: dict[date, QRectF] = {}
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_month(self, day: date, first_weekday: int = 0) -> None:
        """Show the month of `day`, weeks beginning with `first_weekday` (0 is Monday)."""
        weeks = month_grid(day, first_weekday)
        if weeks != self._weeks:
            self._weeks = weeks
            self.redraw()
        self._month = day.replace(day=1)
        if self._place.day not in self.days() or self._place.minute is not None:
            self._place = Slot(day)

    def days(self) -> list[date]:
        """Every day shown, first to last."""
        return [day for week in self._weeks for day in week]

    def slot_at(self, position: QPoint, *, fine: bool = False) -> Slot | None:
        """The day under a viewport position."""
        for day in self.days():
            if self._cell(day).contains(self._content(position)):
                return None if day in self._more and self._more[day].contains(self._content(position)) else Slot(day)
        return None

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """What a drop at a global position means (see drag.Target)."""
        if not self.isVisible():
            return None
        local = self.viewport().mapFromGlobal(position)
        slot = next((Slot(day) for day in self.days() if self._cell(day).contains(self._content(local))), None)
        if slot is None:
            return None
        return slot if self.open_to_drops(slot) else False

    def hint(self, slot: Slot | None) -> None:
        """Show where the drop would go."""
        self.set_hint(slot)

    def day_rect(self, day: date) -> QRect:
        """A day's cell in global coordinates, for what opens beside it."""
        cell = self._cell(day).toRect()
        return QRect(self.viewport().mapToGlobal(cell.topLeft()), cell.size())

    def _cell(self, day: date) -> QRectF:
        size = self._extent()
        for row, week in enumerate(self._weeks):
            if week[0] <= day <= week[-1]:
                top = HEADER + (size.height() - HEADER) * row / len(self._weeks)
                bottom = HEADER + (size.height() - HEADER) * (row + 1) / len(self._weeks)
                left, right = (size.width() * (day - week[0]).days / 7, size.width() * ((day - week[0]).days + 1) / 7)
                return QRectF(round(left), round(top), round(right) - round(left), round(bottom) - round(top))
        return QRectF()

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        if days is None:
            painter.fillRect(QRect(QPoint(0, 0), self._extent()), theme.color("surface"))
            self._draw_header(painter)
            self._more.clear()
        for day in self.days() if days is None else days:
            if not self._cell(day).isEmpty():
                self._draw_day(painter, day)

    def _draw_header(self, painter: QPainter) -> None:
        locale = self.locale()
        for day in self._weeks[0]:
            cell = self._cell(day)
            name = locale.standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
            box = QRectF(cell.x() + 10, 0, cell.width() - 12, HEADER)
            paint.draw_text(painter, box, name, role="caption_strong", color="text_muted")

    def _draw_day(self, painter: QPainter, day: date) -> None:
        cell = self._cell(day)
        inside = (day.year, day.month) == (self._month.year, self._month.month)
        painter.setClipRect(cell)
        painter.fillRect(cell, theme.color("surface" if inside else "window"))
        if not self.open_to_drops(Slot(day)):
            self._hatch(painter, cell)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(cell.topLeft(), cell.topRight())
        if day not in (week[0] for week in self._weeks):
            painter.drawLine(cell.topLeft(), cell.bottomLeft())
        number = QRectF(cell.x() + 6, cell.y() + 3, theme.scaled(24), NUMBER - 4)
        draw_day_number(painter, number, day, today=self._is_today(day), muted=not inside)
        self._spots[day] = []
        self._more.pop(day, None)
        here = self._scene.days.get(day, [])
        chip = theme.scaled(CHIP_HEIGHT)
        fits = max(0, int((cell.height() - NUMBER - 2) // (chip + GAP)))
        shown = here if len(here) <= fits else here[: max(0, fits - 1)]
        top = cell.y() + NUMBER
        for placed in shown:
            self._draw_item(painter, QRectF(cell.x() + 4, top, cell.width() - 8, chip), placed)
            top += chip + GAP
        if len(shown) < len(here):
            count = len(here) - len(shown)
            rect = QRectF(cell.x() + 4, top, cell.width() - 8, chip)
            text = ngettext("+{n} more", "+{n} more", count).format(n=count)
            paint.draw_text(painter, rect.adjusted(7, 0, 0, 0), text, role="caption_strong", color="text_muted")
            self._more[day] = rect
        painter.setClipping(False)

    def _is_today(self, day: date) -> bool:
        now = self._scene.now
        return now is not None and now.astimezone(ZoneInfo(self._scene.zone)).date() == day

    def _draw_over(self, painter: QPainter) -> None:
        if self._hint is not None:
            cell = self._cell(self._hint.day).adjusted(2, 2, -2, -2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color(self._hint_colour()), 2))
            painter.setBrush(theme.with_alpha(theme.color(self._hint_colour()), 0.10))
            painter.drawRoundedRect(cell, Radius.CHIP, Radius.CHIP)
        elif self.hasFocus() and self._selected is None:
            paint.draw_focus(painter, self._cell(self._place.day).adjusted(1, 1, -1, -1), radius=Radius.CHIP)

    def _press_elsewhere(self, position: QPoint) -> None:
        for day, rect in self._more.items():
            if rect.contains(self._content(position)):
                self.more.emit(day, self.day_rect(day))

    def _reached(self, key: int) -> Slot | None:
        day = self._place.day + timedelta(days=self._step_of(key)[0])
        return Slot(day) if day in self.days() else None

    def _step_of(self, key: int) -> tuple[int, int]:
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        return days[Qt.Key(key)], 0
