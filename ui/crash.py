"""The last line of defence: no exception is lost, no core dump holds tokens, hard crashes are recorded."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PySide6.QtCore import QObject, Qt, Signal

from cmdesk.files import FILE_MODE
from ui import notices

log = logging.getLogger(__name__)


class CrashGuard(QObject):
    """Sends uncaught exceptions of any thread and of the loop to the log and, on the UI thread, to the person."""

    _raised = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._raised.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        self._file: IO[str] | None = None
        _no_core_dumps()

    def record(self, logs: Path) -> None:
        """Write where the program was when it crashes hard to `logs`/crash.log, readable by this user alone.

        Only for the folder of a profile that was found to be ours and is open.
        """
        if self._file is not None:
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._file = os.fdopen(os.open(logs / "crash.log", flags, FILE_MODE), "a", encoding="utf-8")
            faulthandler.enable(self._file)
        except OSError as problem:
            log.warning("hard crashes cannot be recorded: %s", problem)

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch the interpreter, its threads and the loop."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        loop.set_exception_handler(self._uncaught_in_loop)

    def close(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        self._raised.emit(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._raised.emit(args.exc_value)

    def _uncaught_in_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._raised.emit(error)
        else:
            log.error("event loop: %s", context.get("message"))

    @staticmethod
    def _tell(error: BaseException) -> None:
        notices.error(error, doing="an unexpected error")


def _no_core_dumps() -> None:
    try:
        import resource
    except ImportError:  # Windows writes none by itself
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
