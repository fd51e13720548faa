"""A few ordinary threads for blocking network calls; they never keep the program from ending.

`ThreadPoolExecutor` joins its threads when the interpreter exits, so that one server that hangs would hold the
whole program for its read time-out. These threads are daemons: what was on the wire when the program ends is a
delivery in doubt, which the next start settles.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

# A thread that has had nothing to do for this long ends.
IDLE_S = 20.0

P = ParamSpec("P")
R = TypeVar("R")


class CallPool:
    """At most `size` threads, started when needed."""

    def __init__(self, size: int = 4, *, name: str = "network") -> None:
        self._size = size
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def submit(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run `call` on one of the threads; a future cancelled before its turn is never run."""
        future: Future[R] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = call(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._jobs.put(job)
            if self._idle == 0 and self._threads < self._size:
                self._threads += 1
                threading.Thread(target=self._work, name=f"{self._name}-{self._threads}", daemon=True).start()
        return future

    def close(self) -> None:
        """Take no more calls; those that wait are dropped, those that run are not waited for."""
        with self._lock:
            self._closed = True
            while not self._jobs.empty():
                self._jobs.get_nowait()
            for _ in range(self._threads):
                self._jobs.put(None)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except queue.Empty:
                job = None
            with self._lock:
                self._idle -= 1
                if job is None and self._jobs.empty():
                    self._threads -= 1
                    return
            if job is not None:
                job()
