"""Backups as the window lists, makes and restores them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from cmdesk.desk import Desk
from cmdesk.store.backup import Copy, copies
from cmdesk.store.backup import backup as write_backup

__all__ = ["Copy", "copies", "make", "request_restore", "restore", "take_request"]

_requested: list[Path] = []


def request_restore(file: Path) -> None:
    """Ask the application to close the desk, put `file` in its place and open it again."""
    _requested[:] = [file]


def take_request() -> Path | None:
    """The file to restore, once."""
    return _requested.pop() if _requested else None


async def restore(profile: Path, file: Path) -> None:
    """Put a backup in place of a closed profile's database; raises Invalid or StoreError, then all is as it was."""
    from cmdesk.store.restore import restore as put_back

    await asyncio.get_running_loop().run_in_executor(None, put_back, profile, file)


async def make(desk: Desk, file: Path, *, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Write a verified backup of the open profile to `file`."""
    await desk.work(write_backup, desk.store, file, progress=progress, cancelled=cancelled)
