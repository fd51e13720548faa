"""Between the core and Qt: committed changes as one signal on the UI thread, coroutines whose errors never get lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from cmdesk.desk import Desk
from cmdesk.store.changes import Changes, Topic
from ui import notices

__all__ = ["Bridge", "Changes", "Topic", "pending", "settle", "spawn"]

T = TypeVar("T")
log = logging.getLogger(__name__)

_tasks: set[asyncio.Task[Any]] = set()


class Bridge(QObject):
    """Re-emits the desk's change feed as `changed(Changes)` on the thread it lives on (the UI's)."""

    changed = Signal(object)
    _arrived = Signal(object)  # emitted by the writer or the merge timer's thread

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = desk.changes.subscribe(self._relay)

    def close(self) -> None:
        """Stop: what is still on its way would only make screens read a desk that is being closed."""
        self._closed = True
        self._unsubscribe()

    def _relay(self, changes: Changes) -> None:
        if isValid(self):
            self._arrived.emit(changes)

    def _deliver(self, changes: object) -> None:
        if not self._closed:
            self.changed.emit(changes)


def spawn(
    work: Coroutine[Any, Any, T],
    owner: QObject | None = None,
    *,
    name: str = "",
    on_error: Callable[[Exception], bool] | None = None,
) -> asyncio.Task[T]:
    """Start a coroutine on the running loop and keep it.

    An exception goes to the log and to `notices.error`, unless `on_error` returns True for it. When `owner` is
    destroyed the task is cancelled, so that it never touches a dead widget. `name` says in the log what was done.
    """
    task = asyncio.get_running_loop().create_task(work, name=name or getattr(work, "__qualname__", "task"))
    _tasks.add(task)

    def cancel() -> None:
        task.cancel()

    if owner is not None:
        owner.destroyed.connect(cancel)

    def finished(done: asyncio.Task[T]) -> None:
        _tasks.discard(done)
        if owner is not None and isValid(owner):
            owner.destroyed.disconnect(cancel)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            return
        if isinstance(error, Exception) and on_error is not None and on_error(error):
            return
        notices.error(error, doing=name)

    task.add_done_callback(finished)
    return task


def pending() -> int:
    """How many spawned tasks are not finished."""
    return len(_tasks)


async def settle(seconds: float = 5.0) -> None:
    """Cancel what is still running and wait for it to end: the last thing before the loop closes."""
    current = asyncio.current_task()
    rest = [task for task in _tasks if task is not current]
    for task in rest:
        task.cancel()
    if rest:
        _done, late = await asyncio.wait(rest, timeout=seconds)
        for task in late:
            log.error("task %s did not end when cancelled", task.get_name())
