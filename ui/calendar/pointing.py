"""What the grids have in common in the hand: pressing, choosing several, the rubber band, the hint of a drop."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QHideEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.calendar import Slot
from cmdesk.planning.days import Ghost
from cmdesk.safe_text import clean_line
from cmdesk.wording_by_hand import network_name
from ui import theme
from ui.calendar.canvas import Canvas
from ui.calendar.dates import clock, spell
from ui.calendar.drag import Drag, Grip
from ui.calendar.scene import GhostSpot, Key, Scene, key_of
from ui.theme.tokens import Radius

EDGE_PX = 28
FINE_MINUTES = 5
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Pointing(Canvas):
    """A grid of days under the pointer; it shows and asks, the page decides."""

    chosen = Signal(object)  # CalendarItem or None: exactly one, or none
    selection_changed = Signal(object)  # list[CalendarItem]
    opened = Signal(object)  # CalendarItem: double click or Enter
    wanted = Signal(object)  # Slot: a new post here
    moved = Signal(object, object, object)  # CalendarItem, Slot, from day: a keyboard move
    moved_many = Signal(object, object)  # list[CalendarItem], Shift: a keyboard move of several
    copied = Signal(object, object)  # list[CalendarItem], Shift: a keyboard copy
    stepped = Signal(int)  # the neighbouring month or week
    more = Signal(object, QRect)  # day whose chips do not fit, and where

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag = drag
        self._hint: Slot | None = None
        self._anchor: Key | None = None
        self._toggle: Key | None = None  # a chosen chip that Ctrl+click will let go of
        self._collapse = False  # a click on one of several chosen chips chooses it alone
        self._over: QRectF | None = None  # the chip or free slot under the pointer
        self._band: QRectF | None = None
        self._band_from: QPointF | None = None
        self._band_base: list[Key] = []
        drag.began.connect(self._began)
        drag.ended.connect(self._ended)

    def show_scene(self, scene: Scene) -> None:
        """Show other data; what is under the pointer is found out when it moves."""
        self._over = None
        super().show_scene(scene)

    def set_place(self, slot: Slot) -> None:
        """Put the keyboard's place somewhere and make it visible."""
        self._place = slot
        self.viewport().update()

    def select_all(self) -> None:
        """Choose everything in view, and tell."""
        self._mark([key_of(one.item) for one in self.placed()])
        self._tell()

    def save_state(self) -> dict[str, int]:
        """What of this grid lasts over restarts."""
        return {}

    def restore_state(self, state: object) -> None:
        """Take back what `save_state` gave, possibly from an older version."""

    # Where a drop would go

    def set_hint(self, slot: Slot | None) -> None:
        """Show where a drop would go."""
        if slot != self._hint:
            self._hint = slot
            self.viewport().update()

    def hint(self, slot: Slot | None) -> None:
        """Show where the drop would go (see drag.Target)."""
        self.set_hint(slot)

    def slot_at(self, position: QPoint, *, fine: bool = False) -> Slot | None:
        """The slot under a viewport position; None outside. `fine` snaps to 5 minutes."""
        return None

    def drift(self, position: QPoint) -> bool:
        """Scroll when the pointer waits near an end of the hours (see drag.Drifts)."""
        return False

    def edge_at(self, position: QPoint) -> int:
        """-1 or 1 when the pointer waits at a side of the grid (see drag.Drifts)."""
        local = self.viewport().mapFromGlobal(position)
        if not self.isVisible() or not 0 <= local.y() < self.viewport().height():
            return 0
        width = self.viewport().width()
        if 0 <= local.x() < max(EDGE_PX // 2, self._left_edge()):
            return -1
        return 1 if width - EDGE_PX <= local.x() < width + EDGE_PX else 0

    def _left_edge(self) -> int:
        return 0

    def _held_brand(self) -> tuple[int, tuple[int, ...]]:
        """Brand and accounts of what is being dragged; (0, ()) for nothing."""
        grip = self._drag.grip
        return (grip.item.brand_id, grip.item.account_ids) if grip else (0, ())

    def _fits(self, ghosts: Iterable[Ghost]) -> tuple[Ghost, ...]:
        """The free slots that what is held may take."""
        brand, accounts = self._held_brand()
        return tuple(
            each for each in ghosts if each.brand_id == brand and (not accounts or each.account_id in accounts)
        )

    def _began(self, grip: Grip) -> None:
        if self.isVisible():
            self._lift(grip.items)

    def _ended(self) -> None:
        self._lift(())
        self.set_hint(None)

    def _hint_colour(self) -> str:
        verdict = self._drag.verdict
        allowed = verdict.allowed if verdict else self._hint is not None and self.open_to_drops(self._hint)
        return "accent" if allowed else "negative"

    # What a subclass knows

    def _press_elsewhere(self, position: QPoint) -> bool:
        """A press on no chip: headers and "+3 more"; True when it meant something."""
        return False

    def _tip_at(self, position: QPoint) -> str:
        """What the background says at a viewport position."""
        return ""

    # Pointer

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose, and hold the chip for a drag; empty space begins a rubber band."""
        position = event.position().toPoint()
        spot, slot = self._spot_at(position), self.slot_at(position)
        if slot is not None:
            self._place = slot  # it is in view: nothing scrolls under the pointer
            self.viewport().update()
        if event.button() is not Qt.MouseButton.LeftButton:
            if spot is not None and key_of(spot.placed.item) not in self._chosen:
                self._mark([key_of(spot.placed.item)])
                self._tell()
            return
        modifiers = event.modifiers()
        self._toggle, self._collapse = None, False
        if spot is None:
            if not self._press_elsewhere(position):
                self._band_from = self._content(position)
                self._band_base = list(self._chosen) if modifiers & (_CTRL | _SHIFT) else []
                self._mark(self._band_base)
            return
        # Told on release only: a panel that opens under a drag would move the days away.
        self._press_chip(key_of(spot.placed.item), modifiers)
        item = spot.placed.item
        others = tuple(each for each in self.selection() if key_of(each) != key_of(item))
        grab = (self._content(position) - spot.rect.topLeft()).toPoint()
        self._drag.press(
            Grip(item, spot.placed.day, spot.rect.size().toSize(), grab, others), event.globalPosition().toPoint()
        )

    def _press_chip(self, key: Key, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & _SHIFT and self._anchor is not None:
            self._mark(self._between(self._anchor, key))
        elif key in self._chosen:
            self._toggle = key if modifiers & _CTRL else None
            self._collapse = not modifiers & _CTRL and len(self._chosen) > 1
        else:
            self._mark([*self._chosen, key] if modifiers & _CTRL else [key])
            self._anchor = key
        self._current = key

    def _between(self, first: Key, last: Key) -> list[Key]:
        """Everything from one chip to another, by time."""
        order = [key_of(one.item) for one in self.placed()]
        if first not in order or last not in order:
            return [last]
        low, high = sorted((order.index(first), order.index(last)))
        return order[low : high + 1]

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag on, or draw the band out."""
        position = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self._band_from is not None:
                self._draw_out(position)
            else:
                self._drag.move(event.globalPosition().toPoint(), event.modifiers())
            return
        spot = self._spot_at(position) or self.ghost_at(position)
        self._point_at(spot.rect if spot is not None else None)

    def _point_at(self, rect: QRectF | None) -> None:
        """Light up what is under the pointer."""
        if rect != self._over:
            self._over = rect
            shape = Qt.CursorShape.ArrowCursor if rect is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _draw_out(self, position: QPoint) -> None:
        start, end = self._band_from, self._content(position)
        assert start is not None
        if self._band is None and (end - start).manhattanLength() < QApplication.startDragDistance():
            return
        self.drift(self.viewport().mapToGlobal(position))
        self._band = QRectF(start, end).normalized()
        inside = [
            key_of(spot.placed.item)
            for spots in self._spots.values()
            for spot in spots
            if spot.rect.intersects(self._band)
        ]
        self._mark([*self._band_base, *inside])
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go of a drag or a band, or choose what was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._band_from is not None:
            self._end_band(event.position().toPoint())
            return
        if self._drag.active:
            self._tell()
        elif not self._drag.given_up:
            self._clicked()
        self._drag.release(event.globalPosition().toPoint(), event.modifiers())

    def _clicked(self) -> None:
        if self._toggle is not None:
            self._mark([key for key in self._chosen if key != self._toggle])
        elif self._collapse and self._current is not None:
            self._mark([self._current])
            self._anchor = self._current
        self._toggle, self._collapse = None, False
        self._tell()

    def _end_band(self, position: QPoint) -> None:
        drawn, self._band, self._band_from = self._band, None, None
        self.viewport().update()
        if drawn is None and (ghost := self.ghost_at(position)) is not None:
            self.wanted.emit(self._ghost_slot(ghost))
            return
        self._anchor = self._current
        self._tell()

    def _ghost_slot(self, spot: GhostSpot) -> Slot:
        return Slot(spot.day, spot.minute, spot.ghosts[0].brand_id, spot.ghosts)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open the post, or begin one here."""
        position = event.position().toPoint()
        placed, slot = self.item_at(position), self.slot_at(position)
        if placed is not None:
            self.opened.emit(placed.item)
        elif slot is not None and self.ghost_at(position) is None and self.open_to_drops(slot):
            self.wanted.emit(slot)

    def viewportEvent(self, event: QEvent, /) -> bool:
        """Tooltips: the whole sentence of a chip, what a free slot is, what a shade means; as plain text."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            placed, ghost = self.item_at(event.pos()), self.ghost_at(event.pos())
            if placed is not None:
                text = self._sentence(placed)
            elif ghost is not None:
                text = self._ghost_words(ghost)
            else:
                text = self._tip_at(event.pos())
            if text:
                escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
                QToolTip.showText(event.globalPos(), f"<qt>{escaped}</qt>", self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def _ghost_words(self, spot: GhostSpot) -> str:
        brand = self._scene.brands.get(spot.ghosts[0].brand_id)
        networks = ", ".join(dict.fromkeys(network_name(ghost.network) for ghost in spot.ghosts))
        return _("Free slot of {brand}: {time}, {networks}").format(
            brand=clean_line(brand.name) if brand else "", time=clock(spot.minute), networks=networks
        )

    def draw_band(self, painter: QPainter) -> None:
        """Draw the rubber band, and a line around what is under the pointer."""
        if self._over is not None and not self._drag.active and self._band is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.with_alpha(theme.color("text"), 0.35), 1))
            rect = self._over.translated(QPointF(self._offset())).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(rect, Radius.CHIP, Radius.CHIP)
        if self._band is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(theme.with_alpha(theme.color("accent"), 0.10))
            painter.drawRect(self._band.translated(QPointF(self._offset())))

    # Telling

    def _tell(self) -> None:
        items = self.selection()
        posts = {item.post_id for item in items}
        if len(posts) <= 1:
            placed = self._find_key(key_of(items[0])) if items else None
            if placed is not None:
                self._place = Slot(placed.day, placed.minute if self._place.minute is not None else None)
            self.setAccessibleDescription(self._sentence(placed) if placed else self._place_words())
            self.chosen.emit(items[0] if items else None)
        else:
            count = len(items)
            self.setAccessibleDescription(ngettext("{n} post chosen", "{n} posts chosen", count).format(n=count))
        self.selection_changed.emit(items)

    def _place_words(self) -> str:
        """Where the keyboard is: day, hour, and what the day has."""
        day = self._place.day
        count = len(self._scene.days.get(day, ()))
        words = [spell(day, "dddd d MMMM")]
        if self._place.minute is not None:
            words.append(clock(self._place.minute))
        words += [clean_line(mark.text) for mark in self._scene.back(day).marks]
        words.append(ngettext("{n} post", "{n} posts", count).format(n=count))
        return ", ".join(words)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._point_at(None)

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Another view took the place: what was held is let go where it was."""
        super().hideEvent(event)
        self._drag.cancel()
        self._band, self._band_from = None, None

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.viewport().update()
