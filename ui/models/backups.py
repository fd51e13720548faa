"""Backups as the window lists, makes and restores them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cmdesk.desk import Desk

FOLDER = "backups"


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup file of the profile's own folder."""

    path: Path
    at: datetime
    size: int


def restorable(profile: Path) -> list[Copy]:
    """The automatic backups of a profile, newest first; works without opening its database."""
    found = []
    for path in (profile / FOLDER).glob("*"):
        if path.is_file() and not path.name.startswith(".") and path.suffix not in (".tmp", ".part"):
            facts = path.stat()
            found.append(Copy(path, datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size))
    return sorted(found, key=lambda copy: copy.at, reverse=True)


_requested: list[Path] = []


def request_restore(file: Path) -> None:
    """Ask the application to close the desk, put `file` in its place and open it again."""
    _requested[:] = [file]


def take_request() -> Path | None:
    """The file to restore, once."""
    return _requested.pop() if _requested else None


async def restore(profile: Path, file: Path) -> None:
    """Put a backup in place of a closed profile's database; raises StoreError when it is none."""
    from cmdesk.store import backup as backup_store

    await asyncio.get_running_loop().run_in_executor(None, backup_store.restore, profile, file)


async def make(desk: Desk, file: Path, *, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Write a verified backup of the open profile to `file`."""
    from cmdesk.store import backup as backup_store

    await desk.work(backup_store.backup, desk.store, file, progress=progress, cancelled=cancelled)
