"""The day: one wide column of hours, or one per brand when several are in view."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.calendar import Slot
from cmdesk.safe_text import clean_line
from ui import theme
from ui.calendar.canvas import draw_day_number
from ui.calendar.dates import spell
from ui.calendar.drag import Drag
from ui.calendar.hours import HEADER, Column, HourGrid, gutter
from ui.calendar.scene import Scene
from ui.theme.tokens import BRAND_STRIPE
from ui.widgets import paint

NARROWEST_COLUMN = 128  # px; brands that would get less share the last column


class DayGrid(HourGrid):
    """One day, brand beside brand."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        self._day = date(2000, 1, 1)
        super().__init__(drag, parent)
        self.setAccessibleName(_("Day"))

    def show_day(self, day: date) -> None:
        """Show this day; who has a column is known with the scene."""
        if day != self._day:
            self._day = day
            self._fill_columns()
        if self._place.day != day or self._place.minute is None:
            self._place = Slot(day, 10 * 60 if self._place.minute is None else self._place.minute)

    def show_scene(self, scene: Scene) -> None:
        """Show other data; columns follow the brands that have something on this day."""
        self._scene, before = scene, self._scene
        self._fill_columns()
        self._scene = before
        super().show_scene(scene)

    def redraw(self) -> None:
        """Fit the columns to the width, then paint everything anew."""
        self._columns = self._fitting()
        super().redraw()

    def _fill_columns(self) -> None:
        columns = self._fitting()
        if columns != self._columns:
            self._columns = columns
            super().redraw()

    def _fitting(self) -> list[Column]:
        """The busiest brands first to get a column, all in their own order; the rest share the last one."""
        busy: dict[int, int] = {}
        for one in self._scene.days.get(self._day, ()):
            busy[one.item.brand_id] = busy.get(one.item.brand_id, 0) + 1
        for ghost in self._scene.back(self._day).ghosts:
            busy.setdefault(ghost.brand_id, 0)
        brands = [brand for brand in self._scene.brands if brand in busy] or list(self._scene.brands)
        most = max(1, (self.viewport().width() - gutter()) // theme.scaled(NARROWEST_COLUMN))
        if len(brands) <= 1:
            return [Column(self._day)]
        if len(brands) <= most:
            own, rest = brands, []
        else:
            loud = sorted(brands, key=lambda brand: -busy.get(brand, 0))[: most - 1]
            own, rest = [brand for brand in brands if brand in loud], [each for each in brands if each not in loud]
        columns = [Column(self._day, frozenset({each}), clean_line(self._scene.brands[each].name)) for each in own]
        if rest:
            text = ngettext("{n} more brand", "{n} more brands", len(rest)).format(n=len(rest))
            columns.append(Column(self._day, frozenset(rest), text if own else _("All brands")))
        return columns

    def _draw_header(self, painter: QPainter) -> None:
        super()._draw_header(painter)
        now = self._scene.local_now()
        today = now is not None and now.date() == self._day
        if len(self._columns) == 1:
            return
        name = QRectF(0, 5, gutter(), theme.scaled(16))
        middle = Qt.AlignmentFlag.AlignHCenter
        paint.draw_text(painter, name, spell(self._day, "ddd"), role="caption_strong", color="text_muted", align=middle)
        number = QRectF(0, theme.scaled(21), gutter(), theme.scaled(31))
        draw_day_number(painter, number, self._day, today=today, colour="text", large=True)
        painter.setPen(theme.color("line"))
        for index in range(len(self._columns)):
            left = int(self._column_rect(index).left())
            painter.drawLine(left, theme.scaled(8), left, self._header_px() - 2)

    def _draw_title(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        count = sum(
            1
            for one in self._scene.days.get(self._day, ())
            if column.brands is None or one.item.brand_id in column.brands
        )
        words = ngettext("{n} post", "{n} posts", count).format(n=count)
        left = rect.x() + 12
        if column.brands is None:
            title = spell(self._day, "dddd d MMMM")
        else:
            title = column.title
            if len(column.brands) == 1:
                stripe = QRectF(left, theme.scaled(10), BRAND_STRIPE, theme.scaled(HEADER) - theme.scaled(20))
                paint.draw_stripe(painter, stripe, self._scene.colour(next(iter(column.brands))))
                left += BRAND_STRIPE + 7
        room = rect.right() - left - 6
        paint.draw_text(painter, QRectF(left, theme.scaled(9), room, theme.scaled(19)), title, role="body_strong")
        line = QRectF(left, theme.scaled(28), room, theme.scaled(17))
        paint.draw_text(painter, line, words, role="caption", color="text_muted")

    def day_rect(self, day: date) -> QRect:
        """The grid in global coordinates, for what opens beside it."""
        return QRect(self.viewport().mapToGlobal(self.viewport().rect().topLeft()), self.viewport().size())
