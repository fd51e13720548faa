"""A grid with an hour scale: columns, chips side by side where they are close, shades, free slots, the now line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from cmdesk.planning.calendar import CHIP_MINUTES, SNAP_MINUTES, Placed, Slot, share, snap
from cmdesk.planning.days import Ghost, Mark
from ui import theme
from ui.calendar.bands import LINE, draw_strip, mark_words, shade, shade_words, strip_lines
from ui.calendar.chip import CHIP_HEIGHT
from ui.calendar.dates import clock
from ui.calendar.drag import Drag
from ui.calendar.grid import Grid
from ui.calendar.pointing import FINE_MINUTES
from ui.calendar.scene import GhostSpot, Scene, Spot
from ui.theme.tokens import Radius
from ui.widgets import paint

GUTTER = 52
HEADER = 56
HOUR = 36
HOUR_MIN, HOUR_MAX = 20, 72
FIRST_SHOWN_HOUR = 7
NARROWEST = 50  # px of a chip; what would be narrower waits behind "+3"
STICK_PX, STICK_MINUTES = 10, 15
DRIFT_PX, DRIFT_ZONE = 10, 24
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class Column:
    """A day, or what some brands do on it."""

    day: date
    brands: frozenset[int] | None = None  # None: every brand
    title: str = ""


class HourGrid(Grid):
    """Columns of hours; a drop is a moment."""

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(drag, parent)
        self._columns: list[Column] = []
        self._hour = HOUR
        self._scrolled = False
        self._more: list[tuple[QRectF, date]] = []
        self._strips = 0
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())

    def show_scene(self, scene: Scene) -> None:
        """Show other data; the head grows with the holidays and notes in view."""
        super().show_scene(scene)
        strips = strip_lines([self._marks(column) for column in self._columns])
        if strips != self._strips:
            self._strips = strips
            self.redraw()

    def save_state(self) -> dict[str, int]:
        """The height of an hour."""
        return {"hour": self._hour}

    def restore_state(self, state: object) -> None:
        """Take the height of an hour back."""
        hour = state.get("hour") if isinstance(state, dict) else None
        if isinstance(hour, int):
            self._hour = min(HOUR_MAX, max(HOUR_MIN, hour))
            self._scrolled = False
            self.redraw()

    def days(self) -> list[date]:
        """Every day shown, first to last."""
        return list(dict.fromkeys(column.day for column in self._columns))

    def set_place(self, slot: Slot) -> None:
        """Put the keyboard's place somewhere and scroll it into view."""
        super().set_place(slot)
        y = round((slot.minute or 0) * self._hour_px() / 60)
        bar, room = self.verticalScrollBar(), self.viewport().height() - self._header_px()
        if not bar.value() <= y <= bar.value() + room - self._hour_px():
            bar.setValue(max(0, y - room // 3))

    # Where things are

    def _hour_px(self) -> int:
        return theme.scaled(self._hour)

    def _chip_px(self) -> float:
        """How tall a chip is: a line, or three quarters of an hour where that is more."""
        return max(theme.scaled(CHIP_HEIGHT), CHIP_MINUTES * self._hour_px() / 60 - 2)

    def _header_px(self) -> int:
        return theme.scaled(HEADER) + (self._strips * theme.scaled(LINE) + 4 if self._strips else 0)

    def _left_edge(self) -> int:
        return gutter()

    def _column_rect(self, index: int) -> QRectF:
        width, count = self.viewport().width() - gutter(), max(1, len(self._columns))
        left, right = gutter() + round(width * index / count), gutter() + round(width * (index + 1) / count)
        return QRectF(left, 0, right - left, 24 * self._hour_px())

    def _column(self, day: date, brand_id: int = 0) -> QRectF:
        """The column of a day, or of a brand on it."""
        for index, column in enumerate(self._columns):
            if column.day == day and (not brand_id or column.brands is None or brand_id in column.brands):
                return self._column_rect(index)
        return self._column_rect(0)

    def _extent(self) -> QSize:
        return QSize(max(1, self.viewport().width()), 24 * self._hour_px())

    def _offset(self) -> QPoint:
        return QPoint(0, self._header_px() - self.verticalScrollBar().value())

    def _marks(self, column: Column) -> Sequence[Mark]:
        marks = self._scene.back(column.day).marks
        return [each for each in marks if column.brands is None or not each.brand_id or each.brand_id in column.brands]

    def ghost_at(self, position: QPoint) -> GhostSpot | None:
        """The free slot under a viewport position; none under the header."""
        return None if position.y() < self._header_px() else super().ghost_at(position)

    def _spot_at(self, position: QPoint) -> Spot | None:
        return None if position.y() < self._header_px() else super()._spot_at(position)

    # Slots and drops

    def slot_at(self, position: QPoint, *, fine: bool = False) -> Slot | None:
        """The moment under a viewport position; what is held keeps its own hour sideways and sticks to free slots."""
        if position.y() < self._header_px():
            return None
        point = self._content(position)
        column = next(
            (each for index, each in enumerate(self._columns) if self._column_rect(index).contains(point)), None
        )
        if column is None:
            return None
        grip = self._drag.grip
        y = point.y() - (grip.grab.y() if grip is not None and grip.from_day is not None else 0)
        exact = max(0.0, y * 60 / self._hour_px())
        if grip is not None and not fine and (ghost := self._near(column.day, exact)) is not None:
            return Slot(column.day, ghost[0], ghost[1][0].brand_id, ghost[1])
        step = FINE_MINUTES if fine else SNAP_MINUTES
        minute = snap(exact, step)
        if grip is not None and grip.from_day is not None and grip.item.at is not None:
            own = grip.item.at.astimezone(ZoneInfo(self._scene.zone))
            if abs(exact - own.hour * 60 - own.minute) <= step / 2:
                minute = own.hour * 60 + own.minute
        brand = next(iter(column.brands)) if column.brands is not None and len(column.brands) == 1 else 0
        return Slot(column.day, minute, brand)

    def _near(self, day: date, exact: float) -> tuple[int, tuple[Ghost, ...]] | None:
        """The free slot that a drop here sticks to: at most 10 px or 15 minutes away."""
        reach = max(STICK_MINUTES, STICK_PX * 60 / self._hour_px())
        near = [
            (abs(minute - exact), minute, fits)
            for minute, ghosts in self.free_slots(day)
            if abs(minute - exact) <= reach and (fits := self._fits(ghosts))
        ]
        return min(near, key=lambda each: each[:2])[1:] if near else None

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """What a drop at a global position means (see drag.Target)."""
        if not self.isVisible():
            return None
        local = self.viewport().mapFromGlobal(position)
        if not self.viewport().rect().contains(local):
            return None
        return self.slot_at(local, fine=fine)

    def drift(self, position: QPoint) -> bool:
        """Scroll the hours while the pointer waits near their top or bottom."""
        local = self.viewport().mapFromGlobal(position)
        if not self.isVisible() or not 0 <= local.x() < self.viewport().width():
            return False
        bar, before = self.verticalScrollBar(), self.verticalScrollBar().value()
        if self._header_px() - 40 < local.y() < self._header_px() + DRIFT_ZONE:
            bar.setValue(before - DRIFT_PX)
        elif self.viewport().height() - DRIFT_ZONE < local.y() < self.viewport().height() + 40:
            bar.setValue(before + DRIFT_PX)
        return bar.value() != before

    # Painting

    def redraw(self) -> None:
        """Fit the scroll range, then paint everything anew."""
        room = self.viewport().height() - self._header_px()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, 24 * self._hour_px() - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(max(1, self._hour_px() // 2))
        if not self._scrolled and room > 100:
            self._scrolled = True
            bar.setValue(FIRST_SHOWN_HOUR * self._hour_px() - 12)
        super().redraw()

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        if days is None:
            painter.fillRect(QRect(QPoint(0, 0), self._extent()), theme.color("surface"))
            self._draw_scale(painter)
        wanted = set(self.days() if days is None else days)
        self._more = [each for each in self._more if each[1] not in wanted]
        for day in wanted:
            self._spots[day], self._ghost_spots[day] = [], []
        for index, column in enumerate(self._columns):
            if column.day in wanted:
                self._draw_column(painter, index, column)

    def _draw_scale(self, painter: QPainter) -> None:
        every = 1 if self._hour_px() >= 18 else 2
        for hour in range(1, 24, every):
            box = QRectF(0, hour * self._hour_px() - 9, gutter() - 8, 18)
            paint.draw_text(
                painter, box, clock(hour * 60), role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight
            )

    def _draw_column(self, painter: QPainter, index: int, column: Column) -> None:
        rect = self._column_rect(index)
        painter.setClipRect(rect)
        back = self._scene.back(column.day)
        plain = "window" if column.day.weekday() >= 5 and len(self._columns) == 7 else "surface"
        painter.fillRect(rect, theme.color(plain))
        shade(painter, rect, back, hour_px=self._hour_px())
        past = self._past_minutes(column.day)
        if past:
            self._hatch(painter, QRectF(rect.x(), 0, rect.width(), past * self._hour_px() / 60))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.color("line"), 1))
        for hour in range(24):
            painter.drawLine(int(rect.left()), hour * self._hour_px(), int(rect.right()), hour * self._hour_px())
        painter.drawLine(rect.topLeft(), rect.bottomLeft())
        self._draw_entries(painter, rect, column)
        painter.setClipping(False)

    def _draw_entries(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        """Chips and free slots share the width where they are close; what would be too narrow waits behind "+3"."""
        mine = [one for one in self._scene.days.get(column.day, ()) if _belongs(one.item.brand_id, column)]
        free = [(at, some) for at, some in self.free_slots(column.day) if _belongs(some[0].brand_id, column)]
        most = max(1, int((rect.width() - 6) // theme.scaled(NARROWEST)))
        entries: list[tuple[int, Placed | tuple[Ghost, ...]]] = [(one.minute, one) for one in mine]
        height = self._chip_px()
        span = max(CHIP_MINUTES, (height + 2) * 60 / self._hour_px())
        placing = share(sorted([*(at for at, _one in entries), *(at for at, _some in free)]), span=span)
        if all(each.lanes <= most for each in placing):
            entries = sorted([*entries, *free], key=lambda each: each[0])
        else:
            placing = share([at for at, _one in entries], span=span)
        hidden: dict[int, list[Placed]] = {}
        for (minute, what), where in zip(entries, placing, strict=True):
            shown = min(where.lanes, most)
            width = (rect.width() - 6) / shown
            top = min(minute * self._hour_px() / 60 + 1, rect.height() - height)
            box = QRectF(rect.x() + 3 + min(where.lane, most - 1) * width, top, width - 2, height)
            if where.lanes > most and where.lane >= most - 1 and isinstance(what, Placed):
                if where.cluster not in hidden:
                    self._more.append((box, column.day))
                hidden.setdefault(where.cluster, []).append(what)
            elif isinstance(what, Placed):
                self._draw_item(painter, box, what)
            else:
                self._draw_ghost(painter, box, column.day, minute, what)
        self._draw_more(painter, rect, column.day, [len(some) for some in hidden.values()])

    def _draw_more(self, painter: QPainter, rect: QRectF, day: date, counts: Sequence[int]) -> None:
        boxes = [box for box, at in self._more if at == day and rect.contains(box.center())]
        for box, count in zip(boxes[-len(counts) :] if counts else (), counts, strict=True):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("pressed"))
            painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
            paint.draw_text(
                painter, box, f"+{count}", role="caption_strong", color="text", align=Qt.AlignmentFlag.AlignHCenter
            )

    def _press_elsewhere(self, position: QPoint) -> bool:
        point = self._content(position)
        for box, day in self._more:
            if box.contains(point) and position.y() >= self._header_px():
                corner = self.viewport().mapToGlobal((box.topLeft()).toPoint() + self._offset())
                self.more.emit(day, QRect(corner, box.size().toSize()))
                return True
        return position.y() < self._header_px()

    def _past_minutes(self, day: date) -> int:
        now = self._scene.local_now()
        if now is None or day > now.date():
            return 0
        return 24 * 60 if day < now.date() else now.hour * 60 + now.minute // 15 * 15

    def _draw_over(self, painter: QPainter) -> None:
        painter.setClipRect(0, self._header_px(), self.viewport().width(), self.viewport().height())
        self._draw_now(painter)
        if self._hint is not None:
            self._draw_hint(painter)
        elif self.hasFocus() and not self._chosen and self._place.minute is not None and self._place.day in self.days():
            paint.draw_focus(painter, self._slot_rect(self._place.day, self._place.minute, self._place.brand_id))
        self.draw_band(painter)
        painter.setClipping(False)
        self._draw_header(painter)

    def _slot_rect(self, day: date, minute: int, brand_id: int = 0) -> QRectF:
        column = self._column(day, brand_id)
        height = self._chip_px()
        top = self._offset().y() + min(minute * self._hour_px() / 60 + 1, column.height() - height)
        return QRectF(column.x() + 2, top, column.width() - 4, height)

    def _draw_hint(self, painter: QPainter) -> None:
        """Where everything that is held would land."""
        assert self._hint is not None
        spots = [(self._hint.day, self._hint.minute or 0, self._held_brand()[0], True)]
        verdict, grip = self._drag.verdict, self._drag.grip
        for each in verdict.landings if verdict else ():
            if grip is not None and each.item != grip.item:
                local = each.at.astimezone(ZoneInfo(self._scene.zone))
                spots.append((local.date(), local.hour * 60 + local.minute, each.item.brand_id, False))
        colour = theme.color(self._hint_colour())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for day, minute, brand_id, held in spots:
            if day in self.days():
                painter.setPen(QPen(colour, 2 if held else 1))
                painter.setBrush(theme.with_alpha(colour, 0.14))
                painter.drawRoundedRect(self._slot_rect(day, minute, brand_id), Radius.CHIP, Radius.CHIP)

    def _draw_now(self, painter: QPainter) -> None:
        now = self._scene.local_now()
        if now is None or now.date() not in self.days():
            return
        y = self._offset().y() + (now.hour * 60 + now.minute) * self._hour_px() / 60
        rects = [self._column_rect(index) for index, each in enumerate(self._columns) if each.day == now.date()]
        red = theme.color("negative")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.with_alpha(red, 0.35), 1))
        painter.drawLine(gutter(), int(y), int(rects[0].left()), int(y))
        painter.setPen(QPen(red, 2))
        painter.drawLine(int(rects[0].left()), int(y), int(rects[-1].right()), int(y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(red)
        painter.drawEllipse(QRectF(rects[0].left() - 4, y - 4, 8, 8))
        box = QRectF(4, y - 9, gutter() - 8, 18)
        label = self._offset().y() + round((now.hour * 60 + now.minute) / 60) * self._hour_px()
        if abs(label - y) < 18:  # the hour it would cover by half
            painter.fillRect(QRectF(0, label - 9, gutter() - 1, 18), theme.color("surface"))
        painter.setBrush(theme.color("negative_fill"))
        painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
        paint.draw_text(
            painter, box, f"{now:%H:%M}", role="caption_strong", color="on_accent",
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip

    def _draw_header(self, painter: QPainter) -> None:
        """The head of the columns; it stays while the hours scroll."""
        head = self._header_px()
        painter.fillRect(QRect(0, 0, self.viewport().width(), head), theme.color("surface"))
        for index, column in enumerate(self._columns):
            rect = self._column_rect(index)
            self._draw_title(painter, QRectF(rect.x(), 0, rect.width(), theme.scaled(HEADER)), column)
            strip = QRectF(rect.x() + 3, theme.scaled(HEADER), rect.width() - 6, head - theme.scaled(HEADER))
            draw_strip(painter, strip, self._marks(column), lines=self._strips)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.drawLine(0, head - 1, self.viewport().width(), head - 1)

    def _draw_title(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        """Draw a column's name."""

    def _tip_at(self, position: QPoint) -> str:
        point = self._content(position)
        for index, column in enumerate(self._columns):
            rect = self._column_rect(index)
            if not rect.x() <= position.x() < rect.right():
                continue
            if position.y() < self._header_px():
                return "\n".join(mark_words(mark) for mark in self._marks(column))
            return shade_words(self._scene.back(column.day), int(point.y() * 60 / self._hour_px()))
        return ""

    # Zoom and keys

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Ctrl and the wheel change the scale, 20 to 72 px an hour, around the hour under the pointer."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(event.angleDelta().y() > 0, event.position().y())
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Plus and minus change the scale, too."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and not event.modifiers() & _HELD:
            self._zoom(event.key() == Qt.Key.Key_Plus, self.viewport().height() / 2)
        else:
            super().keyPressEvent(event)

    def _zoom(self, closer: bool, y: float) -> None:
        """Make an hour taller or less tall; what is at `y` of the viewport stays there."""
        head = self._header_px()
        middle = (self.verticalScrollBar().value() + y - head) / self._hour_px()
        self._hour = min(HOUR_MAX, max(HOUR_MIN, self._hour + (4 if closer else -4)))
        self.redraw()
        self.verticalScrollBar().setValue(round(middle * self._hour_px() - y + head))

    def _reached(self, key: int, *, fine: bool = False) -> Slot | None:
        days, minutes = self._step_of(key, fine=fine)
        day, minute = self._place.day + timedelta(days=days), (self._place.minute or 0) + minutes
        if not 0 <= minute < 24 * 60:
            return self._place
        return Slot(day, minute, self._place.brand_id) if day in self.days() else None

    def _step_of(self, key: int, *, fine: bool = False) -> tuple[int, int]:
        step = FINE_MINUTES if fine else SNAP_MINUTES
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -step), Qt.Key.Key_Down: (0, step),
        }  # fmt: skip
        return steps[Qt.Key(key)]


def gutter() -> int:
    """Width of the hours' names, px."""
    return theme.scaled(GUTTER)


def _belongs(brand_id: int, column: Column) -> bool:
    return column.brands is None or brand_id in column.brands
