"""What the sync side needs of the desk it works for (`cmdesk.desk.Desk` is one)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from cmdesk import config
from cmdesk.clock import Clock
from cmdesk.store.changes import ChangeFeed
from cmdesk.store.db import Done, Reader, Store, Transaction
from cmdesk.vault import Vault

P = ParamSpec("P")
R = TypeVar("R")


class Home(Protocol):
    """An open profile."""

    profile: Path
    clock: Clock
    instance: str
    store: Store

    @property
    def changes(self) -> ChangeFeed: ...
    @property
    def media_folder(self) -> Path: ...
    @property
    def vault(self) -> Vault: ...

    async def run(
        self, command: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Done[R]:
        """Run a durable write on the writer's thread."""
        ...

    def page(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a short query on the calling thread."""
        ...

    def setting(self, key: str, brand_id: int = 0) -> config.Value:
        """Return a setting's value."""
        ...
