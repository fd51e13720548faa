"""The week: seven columns of hours under their dates."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _
from cmdesk.planning.calendar import Slot, week_of
from ui import theme
from ui.calendar.canvas import draw_day_number
from ui.calendar.drag import Drag
from ui.calendar.hours import Column, HourGrid
from ui.widgets import paint


class WeekGrid(HourGrid):
    """Seven days of hours."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(drag, parent)
        self.setAccessibleName(_("Week"))

    def show_week(self, day: date, first_weekday: int = 0) -> None:
        """Show the week of `day`, beginning with `first_weekday` (0 is Monday)."""
        columns = [Column(each) for each in week_of(day, first_weekday)]
        if columns != self._columns:
            self._columns = columns
            self.redraw()
        if self._place.day not in self.days() or self._place.minute is None:
            self._place = Slot(day, 10 * 60)

    def _draw_title(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        now = self._scene.local_now()
        name = self.locale().standaloneDayName(column.day.isoweekday(), QLocale.FormatType.ShortFormat)
        top = QRectF(rect.x(), 5, rect.width(), theme.scaled(16))
        paint.draw_text(
            painter, top, name, role="caption_strong", color="text_muted", align=Qt.AlignmentFlag.AlignHCenter
        )
        off = any(mark.kind.is_off for mark in self._marks(column))
        number = QRectF(rect.x(), theme.scaled(21), rect.width(), theme.scaled(31))
        draw_day_number(
            painter, number, column.day, today=now is not None and now.date() == column.day,
            colour="negative" if off else "text", large=True,
        )  # fmt: skip
