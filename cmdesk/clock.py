"""What time it is: one door, so that tests and the sandbox can move it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall and monotonic time."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean something."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        # A clock that goes on while the computer sleeps, so that waking up does not look like a wrong wall clock:
        # Linux's CLOCK_MONOTONIC stands still in sleep, macOS's (and Windows' time.monotonic) does not.
        return time.monotonic() if _SLEEPLESS is None else time.clock_gettime(_SLEEPLESS)


_SLEEPLESS: int | None = getattr(time, "CLOCK_BOOTTIME", None) or getattr(time, "CLOCK_MONOTONIC", None)


class FixedClock:
    """A clock that moves only when told; wall and monotonic move together unless `jump` is used."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._now = at.astimezone(UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as a correction or a wrong battery does."""
        self._now += timedelta(seconds=seconds)


def to_ms(at: datetime) -> int:
    """Return milliseconds since 1970 UTC, the store's form of a time."""
    return round(at.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """Return the aware UTC time of `value` milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)
