"""One account's line to its network: its adapter, its credentials, one blocking call at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from cmdesk.errors import DeskError, SecretMissing
from cmdesk.model import Account
from cmdesk.networks.base import Adapter, Budget, Credentials, OnCredentials
from cmdesk.store import accounts
from cmdesk.sync.home import Home
from cmdesk.sync.pool import CallPool

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class MakeAdapter(Protocol):
    """Opens the door of an account (cmdesk.networks.registry in the program, scripted ones in tests)."""

    def __call__(self, account: Account, credentials: Credentials, on_credentials: OnCredentials) -> Adapter: ...


class Line:
    """Used by one task at a time; `call` is the only way to the adapter."""

    def __init__(self, desk: Home, account_id: int, *, pool: CallPool, make_adapter: MakeAdapter) -> None:
        self.account_id = account_id
        self._desk = desk
        self._pool = pool
        self._make_adapter = make_adapter
        self._adapter: Adapter | None = None
        self._opened_for: tuple[str, str, str] | None = None
        self._busy = asyncio.Lock()

    @property
    def account(self) -> Account:
        """The account as the store has it now."""
        return self._desk.page(accounts.account, self.account_id)

    async def call(self, method: Callable[Concatenate[Adapter, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one method of the adapter on a worker thread, after any other call of this account.

        Raises the classified errors of `cmdesk.errors`; the vault's errors mean that nothing was sent.
        """
        async with self._busy:
            adapter = await self._open()
            # `Adapter.send` names the method; the network's own one is called.
            bound: Callable[P, R] = getattr(adapter, method.__name__)
            return await asyncio.wrap_future(self._pool.submit(bound, *args, **kwargs))

    async def blocking(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run something else that blocks (fitting a picture) beside the calls."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    async def ready(self) -> None:
        """Open the credentials beforehand, so that a closed vault is found before anything is written down."""
        async with self._busy:
            await self._open()

    def server_date(self) -> tuple[datetime, datetime] | None:
        """Return what the last answer said of the time, and our own time when it came."""
        return None if self._adapter is None else self._adapter.server_date

    def budget(self) -> Budget | None:
        """Return what the last answer said is left of the server's limit."""
        return None if self._adapter is None else self._adapter.budget

    def hang_up(self) -> None:
        """Close the connections; the next call opens them again with the credentials of then."""
        adapter, self._adapter, self._opened_for = self._adapter, None, None
        if adapter is not None:
            try:
                adapter.close()
            except DeskError:
                log.warning("closing the line of account %s failed", self.account_id, exc_info=True)

    async def _open(self) -> Adapter:
        account = self.account
        wanted = (account.network, account.server, account.secret_ref)
        if self._adapter is not None and self._opened_for == wanted:
            return self._adapter
        self.hang_up()
        adapter = await asyncio.wrap_future(self._pool.submit(self._make, account))
        self._adapter, self._opened_for = adapter, wanted
        return adapter

    def _make(self, account: Account) -> Adapter:
        if not account.secret_ref:
            raise SecretMissing("this account has no credentials", detail=account.handle)
        secret = self._desk.vault.load(account.secret_ref)

        def rotated(credentials: Credentials) -> None:
            # On the calling thread, before the adapter's next call: a rotated token that is lost is a lost session.
            self._desk.vault.store(account.secret_ref, credentials.secret)

        credentials = Credentials(server=account.server, identity=account.remote_id, secret=secret)
        return self._make_adapter(account, credentials, rotated)
