"""Dragging a post between tray and grids: our own pointer tracking, no system drag.

A system drag runs an event loop of its own, cannot show the hour in the brand's
zone while it moves, and differs on every platform. Here the pressed widget keeps
the mouse; this object follows it, asks the targets what lies below, and shows a ghost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot
from ui import theme
from ui.theme.tokens import Radius
from ui.widgets import paint

EDGE_PX = 28
EDGE_MS = 600


@dataclass(frozen=True, slots=True)
class Grip:
    """What is held: the item, the day it was taken from (None: the tray), its size and where it was gripped."""

    item: CalendarItem
    from_day: date | None
    size: QSize
    grab: QPoint


class Target(Protocol):
    """A place that accepts a drop."""

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """At a global position: a slot, True for 'without a date', False for refused, None when elsewhere."""
        ...

    def hint(self, slot: Slot | None) -> None:
        """Show where the drop would go."""
        ...


class Drag(QObject):
    """The drag in progress, one at a time."""

    dropped = Signal(object, object, bool)  # Grip, Slot or True (tray), copy
    edge = Signal(int)  # the pointer waits at the left (-1) or right (+1) edge

    def __init__(self, page: QWidget, describe: Callable[[Grip, Slot | bool], str]) -> None:
        super().__init__(page)
        self._page = page
        self._describe = describe
        self._targets: list[Target] = []
        self._grip: Grip | None = None
        self._start = QPoint()
        self.active = False
        self._ghost = Ghost(page)
        self._edge_side = 0
        self._edge_timer = QTimer(self, interval=EDGE_MS)
        self._edge_timer.timeout.connect(lambda: self.edge.emit(self._edge_side))
        self.picture: Callable[[Grip], QPixmap] = lambda grip: QPixmap(grip.size)

    def add_target(self, target: Target) -> None:
        """Let a grid or the tray accept drops."""
        self._targets.append(target)

    def press(self, grip: Grip, position: QPoint) -> None:
        """The mouse went down on an item; it becomes a drag once it moves."""
        self._grip, self._start = grip, position

    def move(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse moved to a global position."""
        if self._grip is None:
            return
        if not self.active:
            if (position - self._start).manhattanLength() < QApplication.startDragDistance():
                return
            self.active = True
            self._ghost.take(self.picture(self._grip), self._grip.grab)
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
            QGuiApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)
        place = self._place(position, modifiers)
        refused = place is None or place is False
        QGuiApplication.changeOverrideCursor(
            Qt.CursorShape.ForbiddenCursor if refused else Qt.CursorShape.ClosedHandCursor
        )
        text = self._describe(self._grip, place) if place is not None and place is not False else ""
        self._ghost.follow(self._page.mapFromGlobal(position), text)
        self._watch_edges(position)

    def release(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse went up: drop where a target takes it, else nothing happened."""
        grip, was_active = self._grip, self.active
        place = self._place(position, modifiers) if was_active else None
        self.cancel()
        if grip is not None and was_active and place is not None and place is not False:
            self.dropped.emit(grip, place, bool(modifiers & Qt.KeyboardModifier.ControlModifier))

    def cancel(self) -> None:
        """Forget it; everything stays where it was."""
        if self.active:
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QGuiApplication.restoreOverrideCursor()
        self.active = False
        self._grip = None
        self._edge_timer.stop()
        self._ghost.hide()
        for target in self._targets:
            target.hint(None)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Esc gives up."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        return False

    def _place(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> Slot | bool | None:
        found: Slot | bool | None = None
        fine = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        for target in self._targets:
            place = target.drop_at(position, fine=fine) if found is None else None
            target.hint(place if isinstance(place, Slot) else None)
            found = place if found is None else found
        return found

    def _watch_edges(self, position: QPoint) -> None:
        x = self._page.mapFromGlobal(position).x()
        side = 1 if x > self._page.width() - EDGE_PX else 0
        left = next((target for target in self._targets if isinstance(target, QWidget)), None)
        if isinstance(left, QWidget) and 0 <= left.mapFromGlobal(position).x() < EDGE_PX // 2:
            side = -1
        if side != self._edge_side:
            self._edge_side = side
            self._edge_timer.stop()
            if side:
                self._edge_timer.start()


class Ghost(QWidget):
    """The chip under the pointer and the hour it would get, over everything of the page."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._chip = QPixmap()
        self._grab = QPoint()
        self._text = ""
        self.hide()

    def take(self, chip: QPixmap, grab: QPoint) -> None:
        """Carry this picture, gripped at `grab`."""
        self._chip, self._grab = chip, grab

    def follow(self, position: QPoint, text: str) -> None:
        """Be at a page position and say `text`."""
        self._text = text
        size = self._chip.deviceIndependentSize().toSize()
        label = theme.scaled(26) if text else 0
        width = max(size.width(), paint.text_width(text, "small_strong") + 24)
        self.setGeometry(position.x() - self._grab.x(), position.y() - self._grab.y(), width, size.height() + label + 4)
        if self.isHidden():
            self.show()
            self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw chip and label."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.85)
        painter.drawPixmap(0, 0, self._chip)
        painter.setOpacity(1)
        if self._text:
            top = self._chip.deviceIndependentSize().height() + 4
            box = QRectF(0, top, paint.text_width(self._text, "small_strong") + 20, theme.scaled(24))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("text"))
            painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
            paint.draw_text(painter, box.adjusted(10, 0, -4, 0), self._text, role="small_strong", color="surface")
        painter.end()
