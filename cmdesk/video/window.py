"""A file that is read piece by piece, never beyond its end, and never more often than is sane."""

from __future__ import annotations

from typing import BinaryIO

from cmdesk.errors import MediaError

MOST_STEPS = 1_000_000


class Window:
    """Random reading of `size` bytes; every read is counted, so that no file can keep its reader busy for ever."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        self._steps = 0

    def read(self, at: int, count: int) -> bytes:
        """Return exactly `count` bytes from `at`; raises MediaError when they are not there."""
        self._steps += 1
        if at < 0 or count < 0 or at + count > self.size or self._steps > MOST_STEPS:
            raise broken("bounds" if self._steps <= MOST_STEPS else "steps")
        self._file.seek(at)
        data = self._file.read(count)
        if len(data) != count:
            raise broken("short")
        return data

    def number(self, at: int, count: int) -> int:
        """Return an unsigned big-endian number."""
        return int.from_bytes(self.read(at, count), "big")


def broken(detail: str = "") -> MediaError:
    """Return the refusal of a film whose structure makes no sense."""
    return MediaError("the film is damaged", code="video_unreadable", detail=detail)
