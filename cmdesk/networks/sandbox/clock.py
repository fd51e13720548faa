"""The time of the sandbox: the machine's own, shifted or stopped by whoever tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Tells the sandbox's time, always as aware UTC.

    `source` is asked for the real time; `advance`, `set` and `freeze` move what the sandbox believes.
    """

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or (lambda: datetime.now(UTC))
        self._offset = timedelta()
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        moment = self._frozen if self._frozen is not None else self._source().astimezone(UTC)
        return moment + self._offset

    def advance(self, seconds: float) -> datetime:
        """Move the time by `seconds` (negative goes back) and return the new moment."""
        self._offset += timedelta(seconds=seconds)
        return self.now()

    def set(self, moment: datetime) -> datetime:
        """Make `moment` the present; a running clock goes on running from there."""
        self._offset += moment.astimezone(UTC) - self.now()
        return self.now()

    def freeze(self) -> datetime:
        """Stop the time at this moment until `run`."""
        if self._frozen is None:
            self._frozen = self._source().astimezone(UTC)
        return self.now()

    def run(self) -> datetime:
        """Let a stopped time go on from where it stands."""
        if self._frozen is not None:
            stopped = self.now()
            self._frozen = None
            self.set(stopped)
        return self.now()


def as_clock(clock: object | None) -> SandboxClock:
    """Accept nothing, a SandboxClock, a callable, or any object with a `now()` giving aware UTC datetimes."""
    if clock is None:
        return SandboxClock()
    if isinstance(clock, SandboxClock):
        return clock
    source = getattr(clock, "now", clock)
    if not callable(source):
        raise TypeError("a clock is a callable or has a now() method")
    return SandboxClock(source)
