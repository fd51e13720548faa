"""The sample brands: three invented clients whose accounts live on the sandbox, a network of this machine.

Everything goes the normal way: accounts are probed over HTTP, conversations come by a sync, posts are sealed in the
outbox. Only two things are put in directly, because no network tells them afterwards: the daily figures of the past
months, and what a desk in use would already have decided (answered conversations are solved).
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdesk import config
from cmdesk.clock import SystemClock
from cmdesk.commands import accounts as connecting
from cmdesk.commands import brands as deciding
from cmdesk.commands import inbox as answering
from cmdesk.commands import library as templating
from cmdesk.commands import planning as planning_commands
from cmdesk.commands import settings as setting
from cmdesk.media import import_media
from cmdesk.model import Brand, ConversationState, Target
from cmdesk.networks.base import Credentials, MetricPoint
from cmdesk.resources import resource
from cmdesk.store import accounts, audience, brands, inbox, media, metrics, planning
from cmdesk.vault import MemoryVault, Vault

if TYPE_CHECKING:
    from cmdesk.desk import Desk
    from cmdesk.networks.sandbox import SandboxServer

_log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]

REF = "sample-"
DAYS = 95
LIVE_PER_HOUR = 6.0
ROUNDS = 12
_WHEN = re.compile(r"\+(\d+)d (\d\d:\d\d)")


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
    """Make the sample brands, read them once from the sandbox and add their plans; again: only what is new. Blocks."""
    told = progress or (lambda name, done, total: None)
    fill_brands(desk, progress=told)
    for number in range(ROUNDS):
        told("sync", number, 0)
        results = asyncio.run(desk.engine.sync_once())
        if not any(each.new for each in results):
            break
    fill_desk(desk)
    every = desk.page(brands.list_brands)
    return Filled(
        brands=sum(brand.sample for brand in every),
        conversations=sum(desk.page(inbox.view_counts, brand.id)["all"] for brand in every if brand.sample),
        posts=sum(len(desk.page(planning.posts, brand_id=brand.id, limit=1000)) for brand in every if brand.sample),
    )


def fill_brands(desk: Desk, *, progress: Progress | None = None) -> None:
    """Make the sample brands and connect their accounts; what is there already is left alone. Blocks."""
    if not desk.setting("demo"):
        desk.run_now(setting.set_value, key="demo", value=True)
        desk.forget_vault()
    sandbox = desk.start_sandbox()
    data = _document("brands")
    known = {brand.name: brand for brand in desk.page(brands.list_brands, archived=True)}
    for number, row in enumerate(data):
        if progress is not None:
            progress(row["name"], number, len(data))
        brand = known.get(row["name"]) or _brand(desk, row)
        if brand.sample:
            _accounts(desk, brand, row, sandbox)


def fill_desk(desk: Desk) -> None:
    """Add what a desk in use has: plans, templates, markets, past figures, decided conversations. Blocks."""
    by_key = _sample_brands(desk)
    if not by_key:
        return
    _figures(desk, by_key)
    _decided(desk, by_key)
    if not resource("demo", "desk.json").exists():
        return
    data = _document("desk")
    for key, brand in by_key.items():
        if desk.page(planning.posts, brand_id=brand.id, limit=1):
            continue
        for row in data.get("markets", ()):
            if row["brand"] == key:
                fields = {name: row[name] for name in ("name", "language", "country", "zone")}
                desk.run_now(audience.save_market, brand_id=brand.id, **fields)
        for row in data.get("circles", ()):
            if row["brand"] == key:
                desk.run_now(audience.save_circle, brand_id=brand.id, name=row["name"])
        for row in data.get("templates", ()):
            if row["brand"] == key:
                desk.run_now(templating.save_template, brand_id=brand.id, name=row["name"], texts=row["texts"])
        for row in data.get("posts", ()):
            if row["brand"] == key:
                _post(desk, brand, row)


def _brand(desk: Desk, row: Mapping[str, Any]) -> Brand:
    brand_id = desk.run_now(
        deciding.add_brand,
        name=row["name"],
        zone=row["zone"],
        language=row["language"],
        color=row["color"],
        sample=True,
    )
    logo = import_media(_picture(row["logo"]), desk.media_folder)
    picture = desk.run_now(media.add_media, brand_id, logo)
    edit = deciding.BrandEdit(logo_media_id=picture.id, formal=bool(row.get("formal")))
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


def _post(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    by_name = {
        each.secret_ref.removeprefix(REF): each.id for each in desk.page(accounts.list_accounts, brand_id=brand.id)
    }
    account_ids = [by_name[name] for name in row["accounts"] if name in by_name]
    pictures = [
        (desk.run_now(media.add_media, brand.id, import_media(_picture(file), desk.media_folder)).id, alt)
        for file, alt in row.get("media", ())
    ]
    post_id = desk.run_now(
        planning_commands.save_post,
        brand_id=brand.id,
        text=row["text"],
        variants=row.get("variants"),
        account_ids=account_ids,
        media=pictures,
        language=row.get("language", brand.language),
        note=row.get("note", ""),
    )
    wanted = _WHEN.fullmatch(row.get("when", ""))
    if wanted is None:
        return
    day = (_today(desk, brand) + timedelta(days=int(wanted[1]))).date()
    wall = f"{day.isoformat()}T{wanted[2]}:00"
    desk.run_now(
        planning_commands.replan, post_id=post_id, targets=[Target(each, wall, brand.zone) for each in account_ids]
    )


def _figures(desk: Desk, by_key: Mapping[str, Brand]) -> None:
    """Followers of the past days: no network tells them afterwards; a real account fills them day by day."""
    for row in _document("brands"):
        brand = by_key.get(row["key"])
        if brand is None:
            continue
        today = _today(desk, brand).date()
        for each in desk.page(accounts.list_accounts, brand_id=brand.id):
            about = next((one for one in row["accounts"] if REF + one["username"] == each.secret_ref), None)
            if about is None:
                continue
            known = desk.page(metrics.series, each.id, "followers", today - timedelta(days=DAYS), today)
            if len(known) > DAYS // 2:
                continue
            first, last = about["followers"]
            points = [
                MetricPoint(
                    today - timedelta(days=DAYS - day), "followers", float(round(first + (last - first) * _grown(day)))
                )
                for day in range(DAYS)
            ]
            desk.run_now(metrics.add_points, each.id, points)


def _decided(desk: Desk, by_key: Mapping[str, Brand]) -> None:
    """What was answered is solved, what is old was read: as in a desk somebody works at every day."""
    now = desk.clock.now()
    for brand in by_key.values():
        every = desk.page(inbox.conversation_page, brand_id=brand.id, state=ConversationState.OPEN, limit=1000)
        done = [
            each.id
            for each in every
            if (each.last_out_at and each.last_in_at and each.last_out_at > each.last_in_at)
            or now - each.last_at > timedelta(days=10)
        ]
        read = [each.id for each in every if each.id in set(done) or now - each.last_at > timedelta(days=2)]
        desk.run_now(answering.mark_read, conversation_ids=read)
        desk.run_now(answering.solve, conversation_ids=done)


def _sample_brands(desk: Desk) -> dict[str, Brand]:
    samples = {brand.name: brand for brand in desk.page(brands.list_brands) if brand.sample}
    return {row["key"]: samples[row["name"]] for row in _document("brands") if row["name"] in samples}


def _today(desk: Desk, brand: Brand) -> datetime:
    from cmdesk.planning.zones import zone_named

    return desk.clock.now().astimezone(zone_named(brand.zone))


def _grown(day: int) -> float:
    """Return how much of the growth has happened by `day`: steady, with good and bad weeks."""
    share = day / DAYS
    return min(max(share + 0.03 * math.sin(day / 4.1) + 0.02 * math.sin(day / 1.7), 0.0), 1.0)


def _picture(name: str) -> Path:
    return resource("demo", "media", *name.split("/"))


def _document(name: str) -> Any:
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
