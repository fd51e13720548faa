"""The one thread on which reports are laid out and drawn: Qt keeps what it knows of a typeface by thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Workshop:
    """Runs blocking work in turn; a document made here is only ever drawn here."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="report")

    async def run(self, task: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it after what was asked before."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: task(*args, **kwargs))

    def close(self) -> None:
        """Drop what waits; what is being done ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
