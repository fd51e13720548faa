"""A week of the queue: seven columns of a day; a click adds an hour, its chip can be chosen, moved and taken out."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.best_times import BestTimes
from ui import theme
from ui.widgets.heat_map import day_name

DAY = 24 * 60
STEP = 15
_GUTTER, _HEAD, _HOUR, _CHIP = 40, 30, 13, 18
Hour = tuple[int, int]  # weekday, minute


class QueueWeek(QWidget):
    """Hours of one account; the shade behind says how its own publications did at that hour."""

    changed = Signal()
    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hours: set[Hour] = set()
        self._times = BestTimes(0, "UTC")
        self._at: Hour = (0, 10 * 60)
        self._drag: Hour | None = None
        self._pressed = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Hours of the queue"))
        theme.changed().connect(self.update)

    def value(self) -> list[Hour]:
        """The hours, by day and time."""
        return sorted(self._hours)

    def set_value(self, hours: Iterable[Hour]) -> None:
        """Show these hours and no others."""
        self._hours = set(hours)
        self._at = min(self._hours, default=(0, 10 * 60))
        self._told()

    def show_times(self, times: BestTimes) -> None:
        """Shade the hours by how they did."""
        self._times = times
        self.update()

    @property
    def chosen(self) -> Hour | None:
        """The hour that is chosen, None where the cursor stands on none."""
        return self._at if self._at in self._hours else None

    def add(self, hour: Hour) -> None:
        """Add an hour and choose it."""
        self._hours.add(hour)
        self._at = hour
        self._edited()

    def remove_chosen(self) -> None:
        """Take the chosen hour out."""
        if self._at in self._hours:
            self._hours.discard(self._at)
            self._edited()

    def move_chosen(self, minute: int) -> None:
        """Give the chosen hour another time."""
        if self._at in self._hours and minute != self._at[1]:
            self._hours.discard(self._at)
            self._at = (self._at[0], minute)
            self._hours.add(self._at)
            self._edited()

    def copy_day(self, weekday: int, days: Iterable[int]) -> None:
        """Give other days the hours of one."""
        mine = [minute for day, minute in self._hours if day == weekday]
        for day in days:
            if day != weekday:
                self._hours = {hour for hour in self._hours if hour[0] != day} | {(day, minute) for minute in mine}
        self._edited()

    def clear_day(self, weekday: int) -> None:
        """Take all hours of a day out."""
        self._hours = {hour for hour in self._hours if hour[0] != weekday}
        self._edited()

    # Geometry

    def sizeHint(self) -> QSize:
        """Room for a day of thirteen pixels an hour."""
        return QSize(theme.scaled(_GUTTER + 7 * 92), theme.scaled(_HEAD + 24 * _HOUR + 8))

    def minimumSizeHint(self) -> QSize:
        """The narrowest that can be read."""
        return QSize(theme.scaled(_GUTTER + 7 * 62), theme.scaled(_HEAD + 24 * _HOUR + 8))

    def _column(self, weekday: int) -> QRectF:
        left, top = theme.scaled(_GUTTER), theme.scaled(_HEAD)
        width = (self.width() - left) / 7
        return QRectF(left + weekday * width, top, width, theme.scaled(24 * _HOUR)).adjusted(2, 0, -2, 0)

    def _chip(self, hour: Hour) -> QRectF:
        column = self._column(hour[0])
        height = theme.scaled(_CHIP)
        middle = column.top() + column.height() * hour[1] / DAY
        top = min(max(middle - height / 2, column.top() - height / 2), column.bottom() - height / 2)
        return QRectF(column.left() + 3, top, column.width() - 6, height)

    def _hit(self, spot: QPointF) -> Hour | None:
        for hour in sorted(self._hours, reverse=True):
            if self._chip(hour).contains(spot):
                return hour
        return None

    def _place(self, spot: QPointF) -> Hour | None:
        for weekday in range(7):
            column = self._column(weekday)
            if column.left() <= spot.x() <= column.right() and column.top() - 6 <= spot.y() <= column.bottom() + 6:
                minute = round((spot.y() - column.top()) / column.height() * DAY / STEP) * STEP
                return weekday, min(max(0, minute), DAY - STEP)
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Days, hours, shades and chips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        for weekday in range(7):
            self._paint_day(painter, weekday)
        painter.setPen(theme.color("text_muted"))
        first = self._column(0)
        for hour in range(0, 25, 3):
            y = first.top() + first.height() * hour / 24
            painter.drawText(QRectF(0, y - 8, theme.scaled(_GUTTER) - 8, 16),
                             Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{hour}:00")  # fmt: skip
        for each in sorted(self._hours):
            self._paint_chip(painter, each)
        if self.hasFocus() and self._at not in self._hours:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(self._chip(self._at), 4, 4)
        painter.end()

    def _paint_day(self, painter: QPainter, weekday: int) -> None:
        column = self._column(weekday)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(column, 4, 4)
        high = max((each.score for each in self._times.cells.values()), default=1.0)
        for hour in range(24):
            best = self._times.cells.get((weekday, hour))
            if best is not None and best.score > 1.0:
                strength = 0.08 + 0.34 * (best.score - 1.0) / max(high - 1.0, 0.01)
                painter.setBrush(theme.mix(theme.color("surface_sunken"), theme.color("accent"), strength))
                painter.drawRect(
                    QRectF(
                        column.left(), column.top() + column.height() * hour / 24, column.width(), column.height() / 24
                    )
                )
        painter.setPen(QPen(theme.color("line"), 1))
        for hour in range(3, 24, 3):
            y = column.top() + column.height() * hour / 24
            painter.drawLine(QPointF(column.left(), y), QPointF(column.right(), y))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("small_strong"))
        head = QRectF(column.left(), 0, column.width(), theme.scaled(_HEAD) - 10)
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, f"{day_name(weekday, short=True)} ▾")
        painter.setFont(theme.font("caption"))

    def _paint_chip(self, painter: QPainter, hour: Hour) -> None:
        box = self._chip(hour)
        mine = hour == self._at
        painter.setPen(QPen(theme.color("focus" if mine and self.hasFocus() else "accent"), 2 if mine else 1))
        painter.setBrush(theme.color("accent") if mine else theme.color("accent_soft"))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(theme.color("on_accent") if mine else theme.color("accent_text"))
        painter.setFont(theme.font("caption_strong"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock(hour[1]))

    # Doing

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose a chip, add an hour, or open the menu of a day."""
        spot = event.position()
        if spot.y() < theme.scaled(_HEAD) - 9:
            weekday = next(
                (day for day in range(7) if self._column(day).left() <= spot.x() <= self._column(day).right()), None
            )
            if weekday is not None:
                self._day_menu(weekday)
            return
        found = self._hit(spot)
        self._pressed = spot
        if found is not None:
            self._drag, self._at = found, found
            self._told()
        elif (place := self._place(spot)) is not None:
            self.add(place)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """A chip is dragged to another hour or day."""
        spot = event.position()
        if self._drag is None or (spot - self._pressed).manhattanLength() < 4:
            self.setCursor(Qt.CursorShape.PointingHandCursor if self._place(spot) else Qt.CursorShape.ArrowCursor)
            return
        place = self._place(spot)
        if place is not None and place != self._drag and place not in self._hours:
            self._hours.discard(self._drag)
            self._hours.add(place)
            self._drag = self._at = place
            self._edited()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """The chip stays where it is."""
        self._drag = None

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows move the cursor, with Ctrl the chip; Enter adds, Delete takes out."""
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -STEP), Qt.Key.Key_Down: (0, STEP),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            there = ((self._at[0] + step[0]) % 7, min(max(0, self._at[1] + step[1]), DAY - STEP))
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._at in self._hours:
                self._hours.discard(self._at)
                self._hours.add(there)
                self._at = there
                self._edited()
            else:
                self._at = there
                self._told()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.add(self._at)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """The menu key opens the day's menu."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._day_menu(self._at[0])

    def _day_menu(self, weekday: int) -> None:
        menu = QMenu(self)
        menu.addAction(_("To every weekday"), lambda: self.copy_day(weekday, range(5)))
        menu.addAction(_("To every day"), lambda: self.copy_day(weekday, range(7)))
        menu.addSeparator()
        menu.addAction(_("Take out all hours of {day}").format(day=day_name(weekday)), lambda: self.clear_day(weekday))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self._column(weekday).topLeft().toPoint()))

    def _edited(self) -> None:
        self._told()
        self.changed.emit()

    def _told(self) -> None:
        day, minute = self._at
        words = _("{day} {hour}, in the queue") if self._at in self._hours else _("{day} {hour}, free")
        self.setAccessibleDescription(words.format(day=day_name(day), hour=clock(minute)))
        self.selected.emit()
        self.update()


def clock(minute: int) -> str:
    """A minute of the day as HH:MM."""
    return f"{minute // 60:02}:{minute % 60:02}"


def count_words(count: int) -> str:
    """How many hours a week."""
    return ngettext("{count} hour a week", "{count} hours a week", count).format(count=count)
