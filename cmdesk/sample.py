"""The sample brands: three invented clients whose accounts live on the sandbox, a network of this machine.

Everything goes the normal way: accounts are probed over HTTP, conversations come by a sync, posts are sealed in the
outbox. What a desk in use holds beside (plans, decisions, past figures) is in `cmdesk.sample_desk`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdesk import config
from cmdesk.clock import SystemClock
from cmdesk.commands import accounts as connecting, brands as deciding, settings as setting
from cmdesk.media import import_media
from cmdesk.model import Brand
from cmdesk.networks.base import Credentials
from cmdesk.resources import resource
from cmdesk.sample_desk import REF, fill_desk
from cmdesk.sample_listening import fill_hits
from cmdesk.store import accounts, brands, inbox, media, planning
from cmdesk.vault import MemoryVault, Vault

if TYPE_CHECKING:
    from cmdesk.desk import Desk
    from cmdesk.networks.sandbox import SandboxServer

_log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]

LIVE_PER_HOUR = 6.0
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Filled:
    """What the profile holds after filling."""

    brands: int
    conversations: int
    posts: int


class SampleVault(MemoryVault):
    """Answers for the sample accounts, whose tokens are no secrets; everything else is the real vault's."""

    def __init__(self, desk: Desk, *, real: Callable[[], Vault]) -> None:
        super().__init__(desk.profile, install_id=desk.install_id, kind="sample")
        self._desk = desk
        self._open_real = real
        self._real: Vault | None = None

    def store(self, account_ref: str, secret: Mapping[str, str]) -> None:
        if not account_ref.startswith(REF):
            self._opened().store(account_ref, secret)

    def load(self, account_ref: str) -> Mapping[str, str]:
        if account_ref.startswith(REF):
            return {"token": self._desk.start_sandbox().tokens[account_ref.removeprefix(REF)]}
        return super().load(account_ref) if account_ref.startswith(".") else self._opened().load(account_ref)

    def forget(self, account_ref: str) -> None:
        if not account_ref.startswith(REF):
            self._opened().forget(account_ref)

    def _opened(self) -> Vault:
        if self._real is None:
            self._real = self._open_real()
        return self._real


def open_sandbox(desk: Desk) -> SandboxServer:
    """Start the profile's own sample network; its world is kept in the profile, its port where it is free."""
    from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer

    state = desk.profile / "sandbox"
    clock = None if isinstance(desk.clock, SystemClock) else desk.clock

    def server(port: int) -> SandboxServer:
        return SandboxServer(
            world="demo", state=state, clock=clock, limits=NO_LIMITS, live=LIVE_PER_HOUR, port=port
        ).start()

    try:
        started = server(0)
    except OSError:
        started = server(_free_port())
    desk.run_now(accounts.move_sample_server, server=started.url)
    return started


def fill(desk: Desk, *, progress: Progress | None = None) -> Filled:
    """Make the sample brands, read them once from the sandbox and add their plans; again: only what is new. Blocks.

    For a desk whose engine does not run; beside a running one `fill_beside` is awaited on the engine's own loop.
    """
    asyncio.run(fill_beside(desk, progress=progress))
    every = desk.page(brands.list_brands)
    return Filled(
        brands=sum(brand.sample for brand in every),
        conversations=sum(desk.page(inbox.view_counts, brand.id)["all"] for brand in every if brand.sample),
        posts=sum(len(desk.page(planning.posts, brand_id=brand.id, limit=1000)) for brand in every if brand.sample),
    )


async def fill_beside(desk: Desk, *, progress: Progress | None = None) -> None:
    """The same on the loop on which the engine runs, or will; what blocks is done on another thread."""
    told = progress or (lambda name, done, total: None)
    await desk.work(fill_brands, desk, progress=told)
    for number in range(ROUNDS):
        told("sync", number, 0)
        results = await desk.engine.sync_once()
        if not any(each.new for each in results):
            break
    told("plans", 0, 0)
    await desk.work(fill_desk, desk, sample_brands(desk))
    await fill_hits(desk, sample_brands(desk))


def fill_brands(desk: Desk, *, progress: Progress | None = None) -> None:
    """Make the sample brands and connect their accounts; what is there already is left alone. Blocks."""
    if not desk.setting("demo"):
        desk.run_now(setting.set_value, key="demo", value=True)
        desk.forget_vault()
    sandbox = desk.start_sandbox()
    data = document("brands")
    known = {brand.name: brand for brand in desk.page(brands.list_brands, archived=True)}
    for number, row in enumerate(data):
        if progress is not None:
            progress(row["name"], number, len(data))
        brand = known.get(row["name"]) or _brand(desk, row)
        if brand.sample:
            _accounts(desk, brand, row, sandbox)


def _brand(desk: Desk, row: Mapping[str, Any]) -> Brand:
    brand_id = desk.run_now(
        deciding.add_brand,
        name=row["name"],
        zone=row["zone"],
        language=row["language"],
        color=row["color"],
        sample=True,
    )
    logo = import_media(picture(row["logo"]), desk.media_folder)
    logo_media = desk.run_now(media.add_media, brand_id, logo)
    edit = deciding.BrandEdit(logo_media_id=logo_media.id, formal=bool(row.get("formal")))
    desk.run_now(deciding.edit_brand, brand_id=brand_id, edit=edit)
    return desk.page(brands.brand, brand_id)


def _accounts(desk: Desk, brand: Brand, row: Mapping[str, Any], sandbox: SandboxServer) -> None:
    from cmdesk.networks.registry import probe

    there = {
        each.secret_ref for each in desk.page(accounts.list_accounts, brand_id=brand.id, include_disconnected=True)
    }
    for account in row["accounts"]:
        username = account["username"]
        if REF + username in there:
            continue
        credentials = Credentials(sandbox.url, "", {"token": sandbox.tokens[username]})
        _found, profile = probe("mastodon", credentials, clock=desk.clock)
        desk.run_now(
            connecting.connect,
            brand_id=brand.id,
            network="mastodon",
            profile=profile,
            secret_ref=REF + username,
            purpose=account.get("purpose", "both"),
        )


def sample_brands(desk: Desk) -> dict[str, Brand]:
    """Return the sample brands that are there, by the key of the sample data."""
    samples = {brand.name: brand for brand in desk.page(brands.list_brands) if brand.sample}
    return {row["key"]: samples[row["name"]] for row in document("brands") if row["name"] in samples}


def picture(name: str) -> Path:
    return resource("demo", "media", *name.split("/"))


def document(name: str) -> Any:
    return json.loads(resource("demo", f"{name}.json").read_text("utf-8"))


def _free_port() -> int:
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        port: int = probe_socket.getsockname()[1]
        return port


def default_demo_profile() -> Path:
    """Return where the window's `--demo` keeps the samples, apart from the person's own profile."""
    usual = config.default_profile()
    return usual.with_name(f"{usual.name}-demo")
