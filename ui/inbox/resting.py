"""A pause between pressing Send and sending, for an answer to somebody who is angry (Q12).

A question "are you sure?" is pressed away and a blocked key is a nuisance: here the finished text stays on screen for
some seconds to be read once more and then leaves by itself. Pressing again sends at once, a key goes on writing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal


class Rest(QObject):
    """Counts seconds down, then does what it was begun with."""

    ticked = Signal(int)
    """Seconds left; 0 when it is over or was stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = 0
        self._then: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    @property
    def resting(self) -> bool:
        """Whether it counts."""
        return self._left > 0

    @property
    def left(self) -> int:
        """Seconds left."""
        return self._left

    def begin(self, seconds: int, then: Callable[[], object]) -> None:
        """Count from `seconds` and do it then."""
        self._left, self._then = seconds, then
        self._timer.start()
        self.ticked.emit(self._left)

    def now(self) -> None:
        """Do it at once."""
        then = self._then
        self.stop()
        if then is not None:
            then()

    def stop(self) -> None:
        """Do it not at all."""
        was, self._left, self._then = self._left, 0, None
        self._timer.stop()
        if was:
            self.ticked.emit(0)

    def _tick(self) -> None:
        self._left -= 1
        if self._left > 0:
            self.ticked.emit(self._left)
            return
        self._left = 1  # still resting for `now`
        self.now()
