"""The composition root: one profile, opened, with its store, vault, clock and networks.

A screen or the command line holds a `Desk` and nothing else: `run` a command,
`read` a query, ask `page` for what fits into a frame. Everything slow is built
when first used, so that a window can open before the network code is imported.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from cmdesk.clock import Clock, SystemClock
from cmdesk.store.changes import ChangeFeed
from cmdesk.store.db import Done, Reader, Store, Transaction
from cmdesk.store.lock import ProfileLock

if TYPE_CHECKING:
    from cmdesk.sync.engine import Engine
    from cmdesk.vault import Vault

P = ParamSpec("P")
R = TypeVar("R")

DATABASE = "desk.db"


class Desk:
    """An open profile; closed once, by `close`."""

    def __init__(self, profile: Path, *, clock: Clock | None = None, vault: Vault | None = None) -> None:
        """Open the profile folder; raises ProfileInUse, NewerSchema, Corrupt, ReadOnly, DiskFull."""
        self.profile = profile
        self.clock: Clock = clock or SystemClock()
        self.instance = uuid.uuid4().hex
        self._lock = ProfileLock(profile)
        self._lock.acquire()
        try:
            self.store = Store(profile / DATABASE, clock=self.clock)
        except BaseException:
            self._lock.release()
            raise
        self._vault = vault
        self._engine: Engine | None = None
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="desk-read")

    @property
    def changes(self) -> ChangeFeed:
        """Where every committed write is announced."""
        return self.store.feed

    @property
    def media_folder(self) -> Path:
        """Where clean pictures are kept."""
        return self.profile / "media"

    async def run(
        self, command: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Done[R]:
        """Run a person's decision in one transaction and return its value, changes and undo."""
        return await asyncio.wrap_future(self.store.write(command, *args, **kwargs))

    def run_now(self, command: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a decision and wait: for the command line and tests, never on a thread that paints."""
        return self.store.write(command, *args, **kwargs).result().value

    async def read(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query that may take longer than a frame (search, reports) on a thread of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: self.store.read(query, *args, **kwargs))

    def page(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a short query (a page, a badge) on the calling thread."""
        return self.store.read(query, *args, **kwargs)
