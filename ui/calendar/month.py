"""The month: whole weeks, as many chips a day as fit, the rest behind "+3 more"; holidays and notes beside the date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.calendar import Placed, Slot, month_grid
from cmdesk.planning.days import Mark, MarkKind
from ui import icons, theme
from ui.calendar.bands import draw_mark, mark_words
from ui.calendar.canvas import draw_day_number
from ui.calendar.chip import CHIP_HEIGHT
from ui.calendar.dates import spell
from ui.calendar.drag import Drag
from ui.calendar.grid import Grid
from ui.calendar.scene import key_of
from ui.theme.tokens import Radius
from ui.widgets import paint

HEADER = 28
NUMBER = 26
GAP = 2
MORE = 17  # px of the line that says how many more there are
MOST_GHOSTS = 2  # free slots of a day that are drawn one by one
PICTURE_CHIP = 52  # px of a chip that shows its picture


class MonthGrid(Grid):
    """Weeks in rows; a drop changes the day and never the hour."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(drag, parent)
        self.setAccessibleName(_("Month"))
        self._month = date(2000, 1, 1)
        self._weeks: list[list[date]] = []
        self._more: dict[date, QRectF] = {}
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_month(self, day: date, first_weekday: int = 0) -> None:
        """Show the month of `day`, weeks beginning with `first_weekday` (0 is Monday)."""
        weeks = month_grid(day, first_weekday)
        if weeks != self._weeks or self._month != day.replace(day=1):
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
        point = self._content(position)
        size = self._extent()
        if not self._weeks or not (0 <= point.x() < size.width() and theme.scaled(HEADER) <= point.y() < size.height()):
            return None
        row = min(
            int((point.y() - theme.scaled(HEADER)) * len(self._weeks) / (size.height() - theme.scaled(HEADER))),
            len(self._weeks) - 1,
        )
        near = (self._weeks[each] for each in (row, row - 1, row + 1) if 0 <= each < len(self._weeks))
        return next((Slot(day) for week in near for day in week if self._cell(day).contains(point)), None)

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """What a drop at a global position means (see drag.Target)."""
        return self.slot_at(self.viewport().mapFromGlobal(position)) if self.isVisible() else None

    def day_rect(self, day: date) -> QRect:
        """A day's cell in global coordinates, for what opens beside it."""
        cell = self._cell(day).toRect()
        return QRect(self.viewport().mapToGlobal(cell.topLeft()), cell.size())

    def _cell(self, day: date) -> QRectF:
        size = self._extent()
        if not self._weeks:
            return QRectF()
        row, column = divmod((day - self._weeks[0][0]).days, 7)
        if not 0 <= row < len(self._weeks):
            return QRectF()
        height = size.height() - theme.scaled(HEADER)
        top = theme.scaled(HEADER) + round(height * row / len(self._weeks))
        bottom = theme.scaled(HEADER) + round(height * (row + 1) / len(self._weeks))
        left, right = round(size.width() * column / 7), round(size.width() * (column + 1) / 7)
        return QRectF(left, top, right - left, bottom - top)

    # Painting

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        if days is None:
            painter.fillRect(QRect(QPoint(0, 0), self._extent()), theme.color("surface"))
            self._draw_header(painter)
            self._more.clear()
        for day in self.days() if days is None else days:
            if not self._cell(day).isEmpty():
                self._draw_day(painter, day)

    def _draw_header(self, painter: QPainter) -> None:
        for day in self._weeks[0]:
            cell = self._cell(day)
            name = self.locale().standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
            box = QRectF(cell.x() + 10, 0, cell.width() - 12, theme.scaled(HEADER))
            paint.draw_text(painter, box, name, role="caption_strong", color="text_muted")

    def _draw_day(self, painter: QPainter, day: date) -> None:
        cell = self._cell(day)
        inside = (day.year, day.month) == (self._month.year, self._month.month)
        painter.setClipRect(cell)
        painter.fillRect(cell, theme.color("surface" if inside else "window"))
        if not self.open_to_drops(Slot(day)):
            self._hatch(painter, cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(cell.topLeft(), cell.topRight())
        if day.weekday() != self._weeks[0][0].weekday():
            painter.drawLine(cell.topLeft(), cell.bottomLeft())
        self._draw_head(painter, cell, day, inside=inside)
        self._spots[day], self._ghost_spots[day] = [], []
        self._more.pop(day, None)
        self._draw_posts(painter, cell, day)
        painter.setClipping(False)

    def _draw_head(self, painter: QPainter, cell: QRectF, day: date, *, inside: bool) -> None:
        """The number, the first holiday, how many more, and whether somebody wrote a note."""
        marks = self._scene.back(day).marks
        off = [mark for mark in marks if mark.kind is not MarkKind.NOTE]
        notes = [mark for mark in marks if mark.kind is MarkKind.NOTE]
        number = QRectF(cell.x() + 5, cell.y() + 3, theme.scaled(24), theme.scaled(NUMBER) - 4)
        colour = "text_disabled" if not inside else "negative" if any(mark.kind.is_off for mark in off) else "text"
        draw_day_number(painter, number, day, today=self._is_today(day), colour=colour)
        room = QRectF(number.right() + 4, cell.y() + 5, cell.right() - number.right() - 8, theme.scaled(17))
        if day.day == 1 and not off and room.width() > 60:
            name = spell(day, "MMM")
            used = paint.draw_text(painter, room, name, role="small", color="text_muted" if inside else "text_disabled")
            room.setX(room.x() + used + 4)
        if notes:
            room.setWidth(room.width() - self._draw_notes(painter, room, notes, alone=not off))
        if off:
            if len(off) > 1:
                more = f"+{len(off) - 1}"
                width = paint.text_width(more, "caption_strong") + 2
                spot = QRectF(room.right() - width, room.y(), width + 5, room.height())
                paint.draw_text(painter, spot, more, role="caption_strong", color="negative")
                room.setWidth(room.width() - width - 4)
            draw_mark(painter, room, off[0])

    def _draw_notes(self, painter: QPainter, room: QRectF, notes: list[Mark], *, alone: bool) -> float:
        """A note's words where it stands alone, else its icon at the right; returns the px it took."""
        if alone and room.width() > 50 and len(notes) == 1:
            draw_mark(painter, room, notes[0])
            return room.width()
        size = theme.scaled(13)
        mark = icons.pixmap("sticky-note", theme.color("info"), size)
        painter.drawPixmap(QPointF(room.right() - size, room.center().y() - size / 2), mark)
        return size + 4.0

    def _draw_posts(self, painter: QPainter, cell: QRectF, day: date) -> None:
        here = self._scene.days.get(day, [])
        line = theme.scaled(MORE)
        room = cell.height() - theme.scaled(NUMBER) - 1
        heights = [self._height_of(placed) for placed in here]
        fits = len(here)
        while fits and sum(heights[:fits]) + GAP * fits + (line + GAP if fits < len(here) else 0) > room + GAP:
            fits -= 1
        top = cell.y() + theme.scaled(NUMBER)
        for placed, height in zip(self._visible(here, fits), heights, strict=False):
            self._draw_item(painter, QRectF(cell.x() + 4, top, cell.width() - 8, height), placed)
            top += height + GAP
        if fits < len(here):
            count = len(here) - fits
            rect = QRectF(cell.x() + 4, min(top, cell.bottom() - line), cell.width() - 8, line)
            text = ngettext("+{n} more", "+{n} more", count).format(n=count)
            paint.draw_text(painter, rect.adjusted(7, 0, 0, 0), text, role="caption_strong", color="text_muted")
            self._more[day] = rect
            return
        self._draw_free(painter, QRectF(cell.x() + 4, top, cell.width() - 8, cell.bottom() - top), day)

    def _draw_free(self, painter: QPainter, room: QRectF, day: date) -> None:
        """Free slots in the room that posts leave: one or two by themselves, more as one line behind which they are."""
        groups = self.free_slots(day)
        chip, line = theme.scaled(CHIP_HEIGHT), theme.scaled(MORE)
        if len(groups) <= MOST_GHOSTS and len(groups) * (chip + GAP) <= room.height():
            for index, (minute, ghosts) in enumerate(groups):
                rect = QRectF(room.x(), room.y() + index * (chip + GAP), room.width(), chip)
                self._draw_ghost(painter, rect, day, minute, ghosts, words=False)
        elif groups and line <= room.height():
            rect = QRectF(room.x(), room.y(), room.width(), line)
            text = ngettext("{n} free slot", "{n} free slots", len(groups)).format(n=len(groups))
            paint.draw_text(painter, rect.adjusted(7, 0, 0, 0), text, role="caption", color="text_muted")
            self._more[day] = rect

    def _visible(self, here: Sequence[Placed], fits: int) -> list[Placed]:
        """The first posts of a day; a chosen one that does not fit takes the last place, so that keys reach all."""
        shown = list(here[:fits])
        current = next((one for one in here[fits:] if key_of(one.item) == self._current), None)
        if shown and current is not None and key_of(current.item) in self._chosen:
            shown[-1] = current
        return shown

    def _height_of(self, placed: Placed) -> int:
        pictured = self._scene.thumbnails and placed.item.media_file in self._scene.pictures
        return theme.scaled(PICTURE_CHIP if pictured else CHIP_HEIGHT)

    def _is_today(self, day: date) -> bool:
        now = self._scene.local_now()
        return now is not None and now.date() == day

    def _draw_over(self, painter: QPainter) -> None:
        if self._hint is not None:
            days = {self._hint.day}
            for each in self._drag.verdict.landings if self._drag.verdict else ():
                days.add(each.at.astimezone(ZoneInfo(self._scene.zone)).date())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = theme.color(self._hint_colour())
            for day in days:
                cell = self._cell(day).adjusted(2, 2, -2, -2)
                painter.setPen(QPen(colour, 2 if day == self._hint.day else 1))
                painter.setBrush(theme.with_alpha(colour, 0.10))
                painter.drawRoundedRect(cell, Radius.CHIP, Radius.CHIP)
        elif self.hasFocus() and not self._chosen:
            paint.draw_focus(painter, self._cell(self._place.day).adjusted(1, 1, -1, -1), radius=Radius.CHIP)
        self.draw_band(painter)

    # Pointer and keys

    def _press_elsewhere(self, position: QPoint) -> bool:
        for day, rect in self._more.items():
            if rect.contains(self._content(position)):
                self.more.emit(day, self.day_rect(day))
                return True
        return position.y() < theme.scaled(HEADER)

    def _tip_at(self, position: QPoint) -> str:
        slot = self.slot_at(position)
        if slot is None or position.y() > self._cell(slot.day).y() + theme.scaled(NUMBER):
            return ""
        return "\n".join(mark_words(mark) for mark in self._scene.back(slot.day).marks)

    def _reached(self, key: int, *, fine: bool = False) -> Slot | None:
        day = self._place.day + timedelta(days=self._step_of(key)[0])
        return Slot(day) if day in self.days() else None

    def _step_of(self, key: int, *, fine: bool = False) -> tuple[int, int]:
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        return days[Qt.Key(key)], 0
