"""One running copy per profile: an operating system lock, so that a killed holder leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from cmdesk.errors import ProfileInUse, ReadOnly
from cmdesk.files import private_folder

LOCK_FILE = "desk.lock"


class ProfileLock:
    """The lock `desk.lock` in a profile's folder; it holds the holder's process id for people who look."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Say whether this object holds the lock."""
        return self._handle is not None

    def acquire(self) -> None:
        """Take the lock at once, making the profile's folder (0700) when missing.

        Raises ProfileInUse (detail: the holder's process id where known) and ReadOnly.
        """
        if self._handle is not None:
            return
        try:
            private_folder(self._profile)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
            handle = os.open(self._profile / LOCK_FILE, flags, 0o600)
        except OSError as error:
            raise ReadOnly(f"{self._profile} cannot be written", detail=str(self._profile)) from error
        try:
            _lock(handle)
        except OSError as error:
            holder = self.holder()
            os.close(handle)
            pid = "" if holder is None else str(holder)
            raise ProfileInUse(f"{self._profile} is open in another copy of the program", detail=pid) from error
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def holder(self) -> int | None:
        """Return the process id written by the last holder, None when unknown; it may have ended since."""
        with contextlib.suppress(OSError, ValueError):
            return int((self._profile / LOCK_FILE).read_text(encoding="ascii").strip())
        return None

    def release(self) -> None:
        """Give the lock back; the file stays, because removing it would race with the next holder."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.ftruncate(handle, 0)
            _unlock(handle)
            os.close(handle)


if sys.platform == "win32":
    import msvcrt

    # Far behind the content: Windows locks bytes against reading too, and the process id must stay readable.
    _BYTE = 1 << 30

    def _lock(handle: int) -> None:
        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
