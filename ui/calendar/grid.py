"""What the month and the week have in common: data, cursor, selection, pointer, keyboard, the cached picture.

A grid paints itself once into a pixmap and again only where something changed;
a frame is one blit plus the cursor and the drop hint, whatever the number of posts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from cmdesk.model import Brand, CalendarItem
from cmdesk.planning.calendar import Placed, Slot, is_past
from ui import theme
from ui.calendar.chip import draw_chip, sentence
from ui.calendar.dates import spell
from ui.calendar.drag import Drag, Grip
from ui.widgets import paint


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a grid shows; `zone` is the one its days and hours are read in."""

    days: Mapping[date, list[Placed]] = field(default_factory=dict)
    brands: Mapping[int, Brand] = field(default_factory=dict)
    zone: str = "UTC"
    now: datetime | None = None
    close: frozenset[int] = frozenset()
    pictures: Mapping[str, QPixmap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a chip was drawn."""

    rect: QRectF
    placed: Placed


class Grid(QAbstractScrollArea):
    """A keyboard-reachable grid of days; it shows and asks, the page decides."""

    chosen = Signal(object)  # CalendarItem or None
    opened = Signal(object)  # CalendarItem: double click or Enter
    wanted = Signal(object)  # Slot: a new post here
    moved = Signal(object, object, object)  # CalendarItem, Slot, from day: a keyboard move
    stepped = Signal(int)  # the neighbouring month or week
    more = Signal(object, QRect)  # day whose chips do not fit, and where

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene()
        self._drag = drag
        self._spots: dict[date, list[Spot]] = {}
        self._cache = QPixmap()
        self._dirty: set[date] | None = None  # None: everything
        self._selected: int | None = None
        self._place = Slot(date(2000, 1, 1))
        self._hint: Slot | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed().connect(self.redraw)

    # What it shows

    def show_scene(self, scene: Scene) -> None:
        """Show other data; only days that differ are painted again."""
        before, self._scene = self._scene, scene
        same_look = before.zone == scene.zone and before.brands == scene.brands and before.pictures == scene.pictures
        if not same_look or self._hour_of(before.now) != self._hour_of(scene.now):
            self.redraw()
            return
        differing = {
            day
            for day in {*before.days, *scene.days}
            if before.days.get(day) != scene.days.get(day)
            or any(
                (one.item.post_id in before.close) != (one.item.post_id in scene.close)
                for one in scene.days.get(day, ())
            )
        }
        if differing and self._dirty is not None:
            self._dirty |= differing
        self.viewport().update()

    def redraw(self) -> None:
        """Paint everything anew at the next frame."""
        self._dirty = None
        self.viewport().update()

    def _hour_of(self, now: datetime | None) -> object:
        return now and now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)

    @property
    def place(self) -> Slot:
        """The slot the keyboard is on."""
        return self._place

    def set_place(self, slot: Slot) -> None:
        """Put the keyboard's place somewhere and make it visible."""
        self._place = slot
        self.viewport().update()

    def select(self, post_id: int | None) -> None:
        """Mark a post's chips, without telling."""
        if post_id == self._selected:
            return
        touched = {
            day
            for day, some in self._scene.days.items()
            for one in some
            if one.item.post_id in (post_id, self._selected)
        }
        self._selected = post_id
        if self._dirty is not None:
            self._dirty |= touched
        self.viewport().update()

    def selected_item(self) -> CalendarItem | None:
        """The chosen post's item, if it is on this grid."""
        found = self._find(self._selected)
        return found.item if found else None

    def set_hint(self, slot: Slot | None) -> None:
        """Show where a drop would go."""
        if slot != self._hint:
            self._hint = slot
            self.viewport().update()

    def item_at(self, position: QPoint) -> Placed | None:
        """The chip under a viewport position."""
        point = self._content(position)
        for spots in self._spots.values():
            for spot in reversed(spots):
                if spot.rect.contains(point):
                    return spot.placed
        return None

    def slot_at(self, position: QPoint, *, fine: bool = False) -> Slot | None:
        """The slot under a viewport position; None outside. `fine` snaps to 5 minutes."""
        return None

    def open_to_drops(self, slot: Slot) -> bool:
        """Say whether a slot may be dropped on: not in the past."""
        return self._scene.now is None or not is_past(slot, self._scene.now, self._scene.zone)

    # What a subclass draws

    def _extent(self) -> QSize:
        """Size of the cached picture, px."""
        return self.viewport().size()

    def _offset(self) -> QPoint:
        """Where the cached picture starts in the viewport."""
        return QPoint(0, 0)

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        """Draw these days (None: the whole picture) and note their chips' spots."""

    def _draw_over(self, painter: QPainter) -> None:
        """Draw what moves over the picture: cursor, hint, now line."""

    def _reached(self, key: int) -> Slot | None:
        """The slot an arrow leads to from the cursor; None leaves the grid."""
        return None

    def _step_of(self, key: int) -> tuple[int, int]:
        """What Alt and an arrow do to a chosen chip: (days, minutes)."""
        return 0, 0

    # Painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Blit the picture, mend it first where days changed."""
        ratio = self.devicePixelRatioF()
        size = self._extent()
        if self._cache.deviceIndependentSize().toSize() != size or self._cache.devicePixelRatioF() != ratio:
            self._cache = QPixmap(size * ratio)
            self._cache.setDevicePixelRatio(ratio)
            self._dirty = None
        if self._dirty is None or self._dirty:
            painter = QPainter(self._cache)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self._dirty is None:
                self._spots.clear()
            self._draw_days(painter, self._dirty)
            painter.end()
            self._dirty = set()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.drawPixmap(self._offset(), self._cache)
        self._draw_over(painter)
        painter.end()

    def _draw_item(self, painter: QPainter, rect: QRectF, placed: Placed) -> None:
        item = placed.item
        brand = self._scene.brands.get(item.brand_id)
        draw_chip(
            painter, rect, item, brand=brand.color if brand else "#6B6B76", hour=self.hour_text(placed),
            selected=item.post_id == self._selected, close=item.post_id in self._scene.close,
            picture=self._scene.pictures.get(item.media_file),
        )  # fmt: skip
        self._spots.setdefault(placed.day, []).append(Spot(rect, placed))

    def hour_text(self, placed: Placed) -> str:
        """The hour as the brand's people live it, where that is not the shown zone's own."""
        return f"{placed.minute // 60:02d}:{placed.minute % 60:02d}"

    def _hatch(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, theme.with_alpha(theme.color("surface_sunken"), 0.55))
        painter.fillRect(rect, QBrush(theme.with_alpha(theme.color("line_strong"), 0.22), Qt.BrushStyle.BDiagPattern))

    def _hint_colour(self) -> str:
        return "accent" if self._hint is not None and self.open_to_drops(self._hint) else "negative"

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self.redraw()

    # Pointer

    def _content(self, position: QPoint) -> QPointF:
        return QPointF(position - self._offset())

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose, and hold the chip for a drag."""
        position = event.position().toPoint()
        placed = self.item_at(position)
        slot = self.slot_at(position)
        if slot is not None:
            self.set_place(slot)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        # Chosen for good on release: a panel that opens under a drag would move the days away.
        self.select(placed.item.post_id if placed else None)
        if placed is not None and placed.item.movable:
            spot = next(each for each in self._spots[placed.day] if each.placed == placed)
            grab = self._content(position) - spot.rect.topLeft()
            self._drag.press(
                Grip(placed.item, placed.day, spot.rect.size().toSize(), grab.toPoint()),
                event.globalPosition().toPoint(),
            )
        elif placed is None and slot is None:
            self._press_elsewhere(position)

    def _press_elsewhere(self, position: QPoint) -> None:
        """A press on no slot and no chip: headers and "+3 more"."""

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag.move(event.globalPosition().toPoint(), event.modifiers())
            return
        placed = self.item_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if placed else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go of a drag, or choose what was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if not self._drag.active:
            self._choose(self.item_at(event.position().toPoint()))
        self._drag.release(event.globalPosition().toPoint(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open the post, or begin one here."""
        position = event.position().toPoint()
        placed, slot = self.item_at(position), self.slot_at(position)
        if placed is not None:
            self.opened.emit(placed.item)
        elif slot is not None and self.open_to_drops(slot):
            self.wanted.emit(slot)

    def viewportEvent(self, event: QEvent, /) -> bool:
        """Tooltips: the whole sentence of a chip, as plain text."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            placed = self.item_at(event.pos())
            if placed is None:
                QToolTip.hideText()
            else:
                escaped = self._sentence(placed).replace("&", "&amp;").replace("<", "&lt;")
                QToolTip.showText(event.globalPos(), f"<qt>{escaped}</qt>", self.viewport())
            return True
        return super().viewportEvent(event)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows walk, Alt and arrows move the chosen post, J and K go through a day's posts, Enter opens."""
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if key in arrows:
            if alt:
                self._move_chosen(key)
            else:
                self._walk(key)
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K) and not event.modifiers():
            self._cycle(1 if key == Qt.Key.Key_J else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.selected_item()
            if item is not None:
                self.opened.emit(item)
            elif self.open_to_drops(self._place):
                self.wanted.emit(self._place)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Escape and (self._drag.active or self._selected is not None):
            if self._drag.active:
                self._drag.cancel()
            else:
                self._choose(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, key: int) -> None:
        slot = self._reached(key)
        if slot is None:
            back = key in (Qt.Key.Key_Left, Qt.Key.Key_Up)
            step = 7 if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) else 1
            self._place = replace(self._place, day=self._place.day + timedelta(days=-step if back else step))
            self.stepped.emit(-1 if back else 1)
        else:
            self.set_place(slot)
        self._choose(None)
        self.setAccessibleDescription(self._place.day.isoformat())

    def _cycle(self, step: int) -> None:
        day = self._scene.days.get(self._place.day, [])
        if not day:
            return
        ids = [one.item.post_id for one in day]
        here = ids.index(self._selected) if self._selected in ids else (-1 if step > 0 else 0)
        self._choose(day[(here + step) % len(day)])

    def _move_chosen(self, key: int) -> None:
        placed = self._find(self._selected)
        if placed is None or not placed.item.movable:
            return
        days, minutes = self._step_of(key)
        slot = Slot(placed.day + timedelta(days=days))
        if minutes:
            at = datetime.combine(placed.day, datetime.min.time()) + timedelta(
                minutes=placed.minute + minutes, days=days
            )
            slot = Slot(at.date(), at.hour * 60 + at.minute)
        self.moved.emit(placed.item, slot, placed.day)

    def _choose(self, placed: Placed | None) -> None:
        self.select(placed.item.post_id if placed else None)
        if placed is not None:
            self._place = Slot(placed.day, placed.minute if self._place.minute is not None else None)
            self.setAccessibleDescription(self._sentence(placed))
        self.chosen.emit(placed.item if placed else None)

    def _find(self, post_id: int | None) -> Placed | None:
        if post_id is None:
            return None
        every = (one for day in self._scene.days.values() for one in day)
        return next((one for one in every if one.item.post_id == post_id), None)

    def _sentence(self, placed: Placed) -> str:
        brand = self._scene.brands.get(placed.item.brand_id)
        local = placed.item.at.astimezone(ZoneInfo(self._scene.zone)) if placed.item.at else None
        when = f"{spell(local.date(), 'dddd d MMMM')}, {local:%H:%M}" if local else ""
        return sentence(placed.item, brand=brand.name if brand else "", when=when)

    def chip_pixmap(self, item: CalendarItem, size: QSize) -> QPixmap:
        """One chip alone, for the ghost that follows the pointer."""
        brand = self._scene.brands.get(item.brand_id)
        return chip_pixmap(item, size, brand=brand.color if brand else "#6B6B76", ratio=self.devicePixelRatioF())


def chip_pixmap(item: CalendarItem, size: QSize, *, brand: str, ratio: float) -> QPixmap:
    """A chip as a picture of `size` logical px."""
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw_chip(painter, QRectF(0, 0, size.width(), size.height()), item, brand=brand, hour="")
    painter.end()
    return made


def draw_day_number(painter: QPainter, rect: QRectF, day: date, *, today: bool, muted: bool) -> None:
    """A day's number, in a disc of the accent when it is today."""
    colour = theme.color("text_disabled" if muted else "text")
    if today:
        side = theme.scaled(22)
        disc = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(disc)
        colour = theme.color("on_accent")
    role = "small_strong" if today else "small"
    paint.draw_text(painter, rect, str(day.day), role=role, color=colour, align=Qt.AlignmentFlag.AlignHCenter)
