"""A store in a temporary folder, and short ways to fill it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.model import Account
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts, brands
from cmdesk.store.db import Store


class Bench:
    """A store with one brand and one account, and `do` to run a write and have its value."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.brand_id: int = self.do(
            brands.add_brand, name="Café Sol", zone="Europe/Madrid", language="es", color="#224466"
        )
        self.account = self.add_account(self.brand_id, "me")

    def do(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return self.store.write(fn, *args, **kwargs).result(10).value

    def read(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return self.store.read(fn, *args, **kwargs)

    def sql(self, statement: str, *params: Any) -> list[Any]:
        return self.store.reader().execute(statement, params).fetchall()

    def add_account(self, brand_id: int, remote_id: str, network: str = "mastodon") -> Account:
        profile = Profile(
            author=Author(remote_id, f"{remote_id}@example.social", remote_id.title()),
            capabilities=Capabilities(limits=Limits(characters=500)),
            server="https://example.social",
        )
        account_id = self.do(
            accounts.add_account, brand_id=brand_id, profile=profile, network=network, secret_ref=f"ref-{remote_id}"
        )
        return self.read(accounts.account, account_id)  # type: ignore[no-any-return]


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """Return an open, empty store on a clock that stands still."""
    opened = Store(tmp_path / "desk.db", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def bench(store: Store) -> Bench:
    """Return a store with a brand and an account."""
    return Bench(store)
