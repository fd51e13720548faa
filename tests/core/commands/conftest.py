"""A desk with two brands, an account each, and one conversation; nothing here reaches a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import brands
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Incoming, Kind, Limits, Page, Profile
from cmdesk.store import accounts, inbox
from cmdesk.sync.ingest import ingest_page
from cmdesk.vault import MemoryVault

LIMITS = Limits(characters=500, url_characters=23)


@dataclass
class World:
    """The desk and the ids of what it holds."""

    desk: Desk
    clock: FixedClock
    brand: int
    other: int
    account: int
    foreign: int

    def hear(self, text: str, *, remote_id: str, kind: Kind = Kind.MENTION, minutes: int = 0, **more: object) -> int:
        """Let somebody say something to the brand and return the conversation's id."""
        item = Incoming(
            remote_id=remote_id,
            kind=kind,
            author=Author(remote_id="p1", handle="maria@plaza.example", name="María"),
            created_at=self.clock.now() - timedelta(minutes=minutes),
            text=text,
            language="es",
            visibility="direct" if kind is Kind.DIRECT else "public",
            ref={"acct": "maria@plaza.example", "uri": f"https://plaza.example/{remote_id}"},
        )
        item = replace(item, **more)  # type: ignore[arg-type]
        self.desk.run_now(ingest_page, self.account, "notifications", Page((item,), None, False))
        message = self.desk.page(inbox.message_by_remote_id, self.account, remote_id)
        assert message is not None
        return message.conversation_id


@pytest.fixture
def world(profile: Path, clock: FixedClock) -> Iterator[World]:
    desk = Desk(profile, clock=clock, vault=MemoryVault(profile, install_id="i1"))
    brand = desk.run_now(brands.add_brand, name="Café Alba")
    other = desk.run_now(brands.add_brand, name="Óptica Sol")

    def account(brand_id: int, name: str) -> int:
        return desk.run_now(
            accounts.add_account,
            brand_id=brand_id,
            profile=Profile(Author(f"id-{name}", name), Capabilities(LIMITS), "https://plaza.example"),
            network="mastodon",
            secret_ref=f"mastodon-{name}",
        )

    yield World(desk, clock, brand, other, account(brand, "alba"), account(other, "sol"))
    desk.close_now()
