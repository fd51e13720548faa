"""Backups as the window lists, makes and restores them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cmdesk.desk import Desk

if TYPE_CHECKING:
    from cmdesk.store.backup import Copy

_requested: list[Path] = []


def copies(profile: Path) -> list[Copy]:
    """The automatic copies of a profile, newest first; works on a closed one."""
    from cmdesk.store.backup import copies as kept

    return kept(profile)


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
    from cmdesk.store.backup import backup as write_backup

    await desk.work(write_backup, desk.store, file, progress=progress, cancelled=cancelled)
