"""Dragging posts between tray and grids: our own pointer tracking, no system drag.

A system drag runs an event loop of its own, cannot show the hour in the brand's
zone while it moves, and differs on every platform. Here the pressed widget keeps
the mouse; this object follows it, asks the targets what lies below, asks the judge
what that would mean, and shows a ghost that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot
from cmdesk.planning.moving import Landing
from ui.calendar.drag_ghost import Ghost

EDGE_MS = 600
DRIFT_MS = 30


@dataclass(frozen=True, slots=True)
class Grip:
    """What is held: an item, its day (None: the tray), its size and where it was gripped, and what goes with it."""

    item: CalendarItem
    from_day: date | None
    size: QSize
    grab: QPoint
    others: tuple[CalendarItem, ...] = ()

    @property
    def items(self) -> tuple[CalendarItem, ...]:
        """Everything that moves, the held one first."""
        return (self.item, *self.others)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What letting go here would mean, in words, whether it may be, and where everything would land."""

    text: str
    allowed: bool
    landings: tuple[Landing, ...] = ()


class Target(Protocol):
    """A place that accepts a drop."""

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """At a global position: a slot, True for 'without a date', False for refused, None when elsewhere."""
        ...

    def hint(self, slot: Slot | None) -> None:
        """Show where the drop would go; what it means is the drag's `verdict`."""
        ...


@runtime_checkable
class Drifts(Protocol):
    """A target that scrolls under a waiting pointer and leads to its neighbours."""

    def drift(self, position: QPoint) -> bool:
        """Scroll a little when a global position is near an end of the hours; says whether it moved."""
        ...

    def edge_at(self, position: QPoint) -> int:
        """-1 or 1 when a global position waits at the left or right edge, else 0."""
        ...


Judge = Callable[[Grip, Slot | bool, bool], Verdict]


class Drag(QObject):
    """The drag in progress, one at a time."""

    began = Signal(object)  # Grip: from now on it follows the pointer
    ended = Signal()
    dropped = Signal(object, object, bool)  # Grip, Slot or True (tray), copy
    refused = Signal(str)  # let go where it may not be: why
    edge = Signal(int)  # the pointer waits at the left (-1) or right (+1) edge

    def __init__(self, page: QWidget, judge: Judge) -> None:
        super().__init__(page)
        self._page = page
        self._judge = judge
        self._targets: list[Target] = []
        self._grip: Grip | None = None
        self._start = QPoint()
        self._last: tuple[QPoint, Qt.KeyboardModifier] = (QPoint(), Qt.KeyboardModifier.NoModifier)
        self._judged: tuple[Slot | bool | None, bool] | None = None
        self.active = False
        self.given_up = False  # with Esc, while the button is still down
        self.verdict: Verdict | None = None
        self._ghost = Ghost(page)
        self._edge_side = 0
        self._edge_timer = QTimer(self, interval=EDGE_MS)
        self._edge_timer.timeout.connect(self._turn)
        self._drift_timer = QTimer(self, interval=DRIFT_MS)
        self._drift_timer.timeout.connect(self._drift)
        self.picture: Callable[[Grip], QPixmap] = lambda grip: QPixmap(grip.size)

    @property
    def grip(self) -> Grip | None:
        """What is held while it is dragged."""
        return self._grip if self.active else None

    def add_target(self, target: Target) -> None:
        """Let a grid or the tray accept drops."""
        self._targets.append(target)

    def press(self, grip: Grip, position: QPoint) -> None:
        """The mouse went down on an item; it becomes a drag once it moves."""
        self._grip, self._start, self.given_up = grip, position, False

    def move(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse moved to a global position, or a key changed what the drag means."""
        if self._grip is None:
            return
        if not self.active:
            if (position - self._start).manhattanLength() < QApplication.startDragDistance():
                return
            self._begin(self._grip)
        self._last = (position, modifiers)
        verdict = self._look(position, modifiers)
        copy = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shape = Qt.CursorShape.DragCopyCursor if copy else Qt.CursorShape.ClosedHandCursor
        refused = verdict is None or not verdict.allowed
        _show_cursor(Qt.CursorShape.ForbiddenCursor if refused else shape)
        self._ghost.follow(
            self._page.mapFromGlobal(position), verdict.text if verdict else "", refused=refused, copy=copy
        )
        self._watch_edges(position)

    def release(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse went up: drop where a target takes it, else nothing happened."""
        grip, was_active = self._grip, self.active
        verdict = self._look(position, modifiers) if was_active else None
        place = self._judged[0] if self._judged else None
        self.cancel()
        if grip is None or place is None or verdict is None:
            return
        if verdict.allowed:
            self.dropped.emit(grip, place, bool(modifiers & Qt.KeyboardModifier.ControlModifier))
        elif verdict.text:
            self.refused.emit(verdict.text)

    def cancel(self) -> None:
        """Forget it; everything stays where it was."""
        was_active, self.active = self.active, False
        self._grip, self.verdict, self._judged = None, None, None
        self._edge_timer.stop()
        self._drift_timer.stop()
        self._edge_side = 0
        if not was_active:
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        QGuiApplication.restoreOverrideCursor()
        self._ghost.hide()
        for target in self._targets:
            target.hint(None)
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Esc gives up; Ctrl and Alt change at once what a drop would mean."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            if event.key() == Qt.Key.Key_Escape:
                if event.type() is QEvent.Type.KeyPress:
                    self.cancel()
                    self.given_up = True
                return True
            changed = Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Control:
                changed = Qt.KeyboardModifier.ControlModifier
            elif event.key() == Qt.Key.Key_Alt:
                changed = Qt.KeyboardModifier.AltModifier
            if changed:
                position, held = self._last
                pressed = event.type() is QEvent.Type.KeyPress
                self.move(position, held | changed if pressed else held & ~changed)
                return True
        return False

    def _begin(self, grip: Grip) -> None:
        self.active = True
        self._ghost.take(self.picture(grip), grip.grab, count=len(grip.items))
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        QGuiApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)
        self._drift_timer.start()
        self.began.emit(grip)

    def _look(self, position: QPoint, modifiers: Qt.KeyboardModifier) -> Verdict | None:
        """Ask what lies below and what it means; asked again only where that changed."""
        grip = self._grip
        assert grip is not None
        fine = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        copy = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        found: Slot | bool | None = None
        below: Target | None = None
        for target in self._targets:
            place = target.drop_at(position, fine=fine) if found is None else None
            if place is not None:
                found, below = place, target
        if self._judged != (found, copy):
            self._judged = (found, copy)
            self.verdict = None if found is None or found is False else self._judge(grip, found, copy)
        for target in self._targets:
            target.hint(found if target is below and isinstance(found, Slot) else None)
        return self.verdict

    def _watch_edges(self, position: QPoint) -> None:
        side = next(
            (side for each in self._targets if isinstance(each, Drifts) and (side := each.edge_at(position))), 0
        )
        if side != self._edge_side:
            self._edge_side = side
            self._edge_timer.stop()
            if side:
                self._edge_timer.start()

    def _turn(self) -> None:
        self.edge.emit(self._edge_side)
        if self.active:
            self._judged = None
            self.move(*self._last)

    def _drift(self) -> None:
        position, modifiers = self._last
        drifted = [each.drift(position) for each in self._targets if isinstance(each, Drifts)]
        if any(drifted):
            self.move(position, modifiers)


def _show_cursor(shape: Qt.CursorShape) -> None:
    now = QGuiApplication.overrideCursor()
    if now is None or now.shape() != shape:
        QGuiApplication.changeOverrideCursor(shape)
