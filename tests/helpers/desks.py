"""Desks with brands and accounts of a scripted network, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cmdesk.clock import Clock
from cmdesk.desk import Desk
from cmdesk.model import Delivery, DeliveryState, Target
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.networks.registry import connect_mastodon_token
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import accounts, brands, outbox, planning
from cmdesk.store.db import Transaction
from cmdesk.sync.engine import Engine
from cmdesk.sync.line import MakeAdapter
from cmdesk.vault import MemoryVault


@dataclass
class TestDesk:
    """A desk with one brand and one account, and short ways to do what tests do."""

    __test__ = False

    desk: Desk
    brand_id: int
    account_id: int

    def post(
        self,
        text: str,
        *,
        at: datetime | None = None,
        account_ids: Sequence[int] = (),
        hand_off: bool = False,
        brand_id: int | None = None,
        media: Sequence[tuple[int, str]] = (),
    ) -> list[int]:
        """Write and seal a post, due now or at a time; returns its deliveries."""
        targets = [Target(each, hand_off=hand_off) for each in account_ids or (self.account_id,)]
        return self.desk.run_now(
            _post,
            brand_id=brand_id or self.brand_id,
            text=text,
            targets=targets,
            due_at=at or self.desk.clock.now(),
            media=list(media),
        )

    def reply(self, conversation_id: int, text: str, *, to: str, due_at: datetime | None = None) -> int:
        """Seal an answer in a conversation."""
        return self.desk.run_now(
            _reply,
            brand_id=self.brand_id,
            account_id=self.account_id,
            conversation_id=conversation_id,
            text=text,
            to=to,
            due_at=due_at or self.desk.clock.now(),
        )

    def delivery(self, delivery_id: int) -> Delivery:
        """Return a delivery as it is now."""
        return self.desk.page(outbox.delivery, delivery_id)

    def state(self, delivery_id: int) -> DeliveryState:
        """Return a delivery's state as it is now."""
        return self.delivery(delivery_id).state


def open_desk(profile: Path, clock: Clock, *, tokens: Sequence[str] = ("bakery",), repeat: str = "key_1h") -> TestDesk:
    """Open (or open again) a profile with one brand and an account for each token."""
    vault = MemoryVault(profile, install_id="test")
    desk = Desk(profile, clock=clock, vault=vault)
    for token in tokens:
        vault.store(f"account/{token}", {"token": token})
    known = desk.page(brands.list_brands)
    if known:
        first = desk.page(accounts.list_accounts, include_disconnected=True)[0]
        return TestDesk(desk, first.brand_id, first.id)
    brand_id = desk.run_now(brands.add_brand, name="Bakery", zone="Europe/Madrid", language="es", color="#aa5500")
    ids = [add_account(desk, brand_id, token, repeat=repeat) for token in tokens]
    return TestDesk(desk, brand_id, ids[0] if ids else 0)


def open_desk_at(sandbox: SandboxServer, profile: Path, clock: Clock) -> TestDesk:
    """Return an open desk whose account 'alba' is connected to the sandbox by a real probe."""
    vault = MemoryVault(profile, install_id="test")
    desk = Desk(profile, clock=clock, vault=vault)
    brand_id = desk.run_now(brands.add_brand, name="Alba", zone="Europe/Madrid", language="es", color="#aa5500")
    credentials, told = connect_mastodon_token(sandbox.url, sandbox.tokens["alba"], clock=clock)
    vault.store("account/alba", credentials.secret)
    account_id = desk.run_now(
        accounts.add_account, brand_id=brand_id, profile=told, network="mastodon", secret_ref="account/alba"
    )
    return TestDesk(desk, brand_id, account_id)


def add_account(desk: Desk, brand_id: int, token: str, *, repeat: str = "key_1h", schedule: bool = False) -> int:
    """Connect an account of the scripted network; its remote id is its token."""
    profile = Profile(
        Author(token, f"{token}@net.example", token.title()),
        Capabilities(Limits(500), repeat=repeat, schedule=schedule),
        "https://net.example",
    )
    return desk.run_now(
        accounts.add_account, brand_id=brand_id, profile=profile, network="scripted", secret_ref=f"account/{token}"
    )


def engine_of(desk: Desk, make: MakeAdapter, **options: Any) -> Engine:
    """Give a desk an engine over a scripted network."""
    engine = Engine(desk, make_adapter=make, **options)
    desk._engine = engine
    return engine


def _post(
    tx: Transaction,
    *,
    brand_id: int,
    text: str,
    targets: list[Target],
    due_at: datetime,
    media: list[tuple[int, str]],
) -> list[int]:
    post_id = planning.save_post(tx, post_id=None, brand_id=brand_id, text=text, media=media)
    return outbox.seal(tx, post_id, targets=targets, due_at=due_at)


def _reply(
    tx: Transaction, *, brand_id: int, account_id: int, conversation_id: int, text: str, to: str, due_at: datetime
) -> int:
    post_id = planning.save_post(
        tx, post_id=None, brand_id=brand_id, text=text, kind="reply", conversation_id=conversation_id
    )
    target = {"remote_id": to, "ref": {"uri": to}, "visibility": "public"}
    return outbox.seal(tx, post_id, targets=[Target(account_id)], due_at=due_at, reply_to=target)[0]
