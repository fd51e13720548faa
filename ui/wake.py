"""Notices that the computer slept or its clock was set: the wall clock jumped against the monotonic one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from cmdesk.clock import Clock

INTERVAL_MS = 5_000
JUMP_SECONDS = 30.0


class WakeWatch(QObject):
    """`woke(seconds)` when more than 30 s of wall time passed unseen (negative: the clock was set back)."""

    woke = Signal(float)

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._wall, self._monotonic = clock.now(), clock.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def check(self) -> None:
        """Compare both clocks with the last look."""
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        passed = monotonic - self._monotonic
        # Some systems let the monotonic clock run on during sleep: then the timer itself is late.
        unseen = max((wall - self._wall).total_seconds() - passed, passed - INTERVAL_MS / 1000, key=abs)
        self._wall, self._monotonic = wall, monotonic
        if abs(unseen) >= JUMP_SECONDS:
            self.woke.emit(unseen)
