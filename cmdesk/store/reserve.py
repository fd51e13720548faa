"""A megabyte kept back for the moment the disk is full, so that what a network answered can still be stored."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

SIZE = 1 << 20
# The reserve is made again when this much is free beside it.
PLENTY = 64 << 20


def vital(fn: F) -> F:
    """Mark a write that must succeed on a full disk too: it may use up the reserve."""
    fn.__dict__["vital"] = True
    return fn


def is_vital(fn: Callable[..., Any]) -> bool:
    """Say whether a write was marked so."""
    return bool(getattr(fn, "vital", False))


class Reserve:
    """The file `reserve` beside a database."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "reserve"

    def make(self) -> bool:
        """Write the file, in real bytes, when it is missing and there is space enough; says whether it is there."""
        with contextlib.suppress(OSError):
            if self.path.exists() and self.path.stat().st_size == SIZE:
                return True
            if shutil.disk_usage(self.path.parent).free < PLENTY:
                return False
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(self.path, flags, 0o600), "wb") as file:
                # Not zeros: a file system that packs or skips them would keep nothing back.
                file.write(os.urandom(SIZE))
            return True
        self.path.unlink(missing_ok=True)
        return False

    def give_up(self) -> bool:
        """Free the space; says whether there was any."""
        try:
            self.path.unlink()
        except OSError:
            return False
        log.warning("the disk is full: the reserve was used to store what was answered")
        return True
