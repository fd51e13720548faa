"""Whether the wall clock can be believed: a jump without sleep holds what is scheduled until a server agrees."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from cmdesk.sync.home import Home
from cmdesk.sync.line import Line

log = logging.getLogger(__name__)

JUMP = timedelta(minutes=2)


class ClockWatch:
    """Compares the wall clock with the monotonic one at each tick (RELIABILITY part 2, "Clock").

    The monotonic clock goes on in sleep (see `cmdesk.clock`), so that waking up is no jump.
    """

    def __init__(self, desk: Home) -> None:
        self._clock = desk.clock
        self._wall = desk.clock.now()
        self._monotonic = desk.clock.monotonic()
        self._jumped_at = self._wall
        self.trusted = True

    def look(self) -> bool:
        """Note the time; returns True when the wall clock has just jumped by more than two minutes."""
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        moved = (wall - self._wall) - timedelta(seconds=monotonic - self._monotonic)
        self._wall, self._monotonic = wall, monotonic
        if abs(moved) <= JUMP:
            return False
        log.warning("the wall clock moved by %s on its own; scheduled posts are held", moved)
        self.trusted = False
        self._jumped_at = wall
        return True

    def believe(self, lines: Iterable[Line]) -> None:
        """Trust the clock again when a server's answer since the jump agrees within two minutes."""
        if self.trusted:
            return
        for line in lines:
            told = line.server_date()
            if told is None:
                continue
            theirs, ours = told
            if ours >= self._jumped_at and abs(theirs - ours) <= JUMP:
                log.info("a server agrees with the wall clock; scheduled posts go on")
                self.trusted = True
                return
