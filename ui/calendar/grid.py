"""A grid of days that needs no mouse: walking, choosing, moving, copying, opening by the keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from cmdesk.planning.calendar import Slot
from cmdesk.planning.moving import Shift
from ui.calendar.canvas import chip_pixmap
from ui.calendar.pointing import Pointing
from ui.calendar.scene import Scene, Spot, key_of

__all__ = ["Grid", "Scene", "Spot", "chip_pixmap"]

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Grid(Pointing):
    """A keyboard-reachable grid of days."""

    def _reached(self, key: int, *, fine: bool = False) -> Slot | None:
        """The slot an arrow leads to from the cursor; None leaves the grid."""
        return None

    def _step_of(self, key: int, *, fine: bool = False) -> tuple[int, int]:
        """What an arrow does to the cursor, and Alt and the arrow to a chosen chip: (days, minutes)."""
        return 0, 0

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows walk, Alt and arrows move what is chosen (with Ctrl a copy), J and K go through the posts."""
        key, modifiers = event.key(), event.modifiers()
        if key in _ARROWS and modifiers & _ALT:
            self._move_chosen(key, copy=bool(modifiers & _CTRL), fine=bool(modifiers & _SHIFT))
        elif key in _ARROWS:
            self._walk(key, fine=bool(modifiers & _SHIFT))
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K) and not modifiers & (_CTRL | _ALT):
            self._cycle(1 if key == Qt.Key.Key_J else -1, extend=bool(modifiers & _SHIFT))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Space:
            self._toggle_current()
        elif key == Qt.Key.Key_A and modifiers & _CTRL:
            self.select_all()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._to_end(last=key == Qt.Key.Key_End, whole=bool(modifiers & _CTRL))
        elif key == Qt.Key.Key_Escape and (self._drag.active or self._band_from is not None or self._chosen):
            self._give_up()
        else:
            super().keyPressEvent(event)

    def _give_up(self) -> None:
        if self._drag.active:
            self._drag.cancel()
        elif self._band_from is not None:
            self._band, self._band_from = None, None
            self._mark(self._band_base)
        else:
            self._mark([])
            self._tell()

    def _enter(self) -> None:
        item = self.selected_item()
        if item is not None:
            self.opened.emit(item)
        elif not self._chosen and self.open_to_drops(self._place):
            ghosts = next(
                (some for minute, some in self.free_slots(self._place.day) if minute == self._place.minute), ()
            )
            self.wanted.emit(replace(self._place, ghosts=ghosts))

    def _toggle_current(self) -> None:
        """Space: choose the chip at the cursor, or let go of it."""
        if not self._chosen or self._current is None:
            self._cycle(1)
        else:
            current = self._current
            kept = [key for key in self._chosen if key != current]
            self._mark(kept if current in self._chosen else [*kept, current])
            self._current = current
            self._tell()

    def _to_end(self, *, last: bool, whole: bool) -> None:
        days = self.days()
        week = days if whole else next(
            (days[at : at + 7] for at in range(0, len(days), 7) if self._place.day in days[at : at + 7]), days
        )  # fmt: skip
        self.set_place(replace(self._place, day=week[-1 if last else 0]))
        self._mark([])
        self._tell()

    def _walk(self, key: int, *, fine: bool = False) -> None:
        slot = self._reached(key, fine=fine)
        if slot is None:
            back = key in (Qt.Key.Key_Left, Qt.Key.Key_Up)
            days = self._step_of(key)[0]
            self._place = replace(self._place, day=self._place.day + timedelta(days=days))
            self.stepped.emit(-1 if back else 1)
        else:
            self.set_place(slot)
        self._mark([])
        self._tell()

    def _cycle(self, step: int, *, extend: bool = False) -> None:
        """To the next or previous post: of the day first, then of the days after."""
        order = list(self.placed())
        if not order:
            return
        keys = [key_of(one.item) for one in order]
        if self._current in keys and self._chosen:
            at = keys.index(self._current) + step
        else:
            here = (self._place.day, -1 if self._place.minute is None else self._place.minute)
            after = [index for index, one in enumerate(order) if (one.day, one.minute) >= here]
            at = (after[0] if after else len(order)) - (1 if step < 0 else 0)
        one = order[at % len(order)]
        key = keys[at % len(order)]
        self._mark([*self._chosen, key] if extend else [key])
        self._current = self._anchor = key
        self.set_place(Slot(one.day, one.minute if self._place.minute is not None else None))
        self._tell()

    def _move_chosen(self, key: int, *, copy: bool, fine: bool) -> None:
        items = [item for item in self.selection() if item.at is not None]
        if not items:
            return
        days, minutes = self._step_of(key, fine=fine)
        shift = Shift(days, minutes if self._place.minute is not None else None)
        if copy:
            self.copied.emit(items, shift)
            return
        placed = self._find_key(key_of(items[0]))
        if len(items) > 1 or placed is None:
            self.moved_many.emit(items, shift)
            return
        slot = Slot(placed.day + timedelta(days=days))
        if shift.minutes is not None:
            at = datetime.combine(placed.day, time()) + timedelta(days=days, minutes=placed.minute + minutes)
            slot = Slot(at.date(), at.hour * 60 + at.minute)
        self.moved.emit(items[0], slot, placed.day)
