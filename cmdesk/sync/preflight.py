"""Looking a day ahead (N16): accounts, permissions, files and links of what is planned, while it can be mended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cmdesk.model import Account, Crop, Delivery
from cmdesk.planning.media_rules import check as check_media, place
from cmdesk.planning.preflight import Facts, findings, links_of
from cmdesk.store import accounts, approval_hold, brands, links, media, preflight, preflight_found, unwanted
from cmdesk.sync.home import Home
from cmdesk.sync.links import check_links

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
PROBED = timedelta(hours=24)

Probe = Callable[[int], None]


class Preflight:
    """Looks every quarter of an hour at what goes out within a day; `probe` asks an account's network who we are."""

    def __init__(self, desk: Home, probe: Probe) -> None:
        self._desk = desk
        self._probe = probe
        self._last: datetime | None = None
        self._seen: frozenset[int] = frozenset()

    def wanted(self, now: datetime) -> bool:
        """Say whether it is time: a quarter of an hour has passed, or something new is planned for the next day."""
        if self._last is None or now - self._last >= EVERY or now < self._last:
            return True
        upcoming = frozenset(each.id for each in self._desk.page(preflight.upcoming, now=now))
        return not upcoming <= self._seen

    async def look(self) -> list[int]:
        """Look now, and keep what was found; returns the deliveries of which something new was found."""
        now = self._desk.clock.now()
        upcoming = self._desk.page(preflight.upcoming, now=now)
        self._last, self._seen = now, frozenset(each.id for each in upcoming)
        known = {each.id: each for each in self._desk.page(accounts.list_accounts, include_disconnected=True)}
        for account_id in {each.account_id for each in upcoming}:
            probed = known[account_id].probed_at
            if probed is None or now - probed > PROBED:
                self._probe(account_id)
        if self._desk.setting("check_links"):
            # The sample brands' shops are invented: their links lead nowhere.
            sample = {each.id for each in self._desk.page(brands.list_brands, archived=True) if each.sample}
            real = [each for each in upcoming if each.brand_id not in sample]
            await check_links(self._desk, links_of(real), account_server=_server(known, real))
        found = {each.id: tuple(findings(await self._facts(each, known[each.account_id]))) for each in upcoming}
        told = {number: [(str(check), detail) for check, detail in some] for number, some in found.items()}
        if told == {} and not self._desk.page(preflight_found.known):
            return []
        return (await self._desk.run(preflight.keep, told)).value

    async def _facts(self, delivery: Delivery, account: Account) -> Facts:
        page = self._desk.page
        stored = page(media.media_by_id, [media_id for media_id, _alt in delivery.media])
        gone = await asyncio.to_thread(
            _missing, self._desk.media_folder, {each.id: each.file for each in stored.values()}
        )
        gone |= {media_id for media_id, _alt in delivery.media if media_id not in stored}
        problems = check_media(
            [(stored[media_id], alt) for media_id, alt in delivery.media if media_id in stored],
            [place(account.id, account.network, account.capabilities)],
            crops=_crops(delivery),
            missing=gone,
        )
        brand = page(brands.brand, delivery.brand_id)
        answered = page(links.checks, links_of([delivery]))
        return Facts(
            delivery=delivery,
            account=account,
            media_problems=problems,
            broken_links=[url for url, each in answered.items() if each.broken],
            brand_paused=brand.publishing_paused or brand.archived_at is not None,
            approval_holds=page(approval_hold.waits, delivery.id),
            unwanted=page(unwanted.of_delivery, delivery.id),
        )


def _crops(delivery: Delivery) -> dict[tuple[int, str], Crop]:
    return {(media_id, ""): crop for media_id, crop in delivery.crops.items()}


def _missing(folder: Path, files: dict[int, str]) -> set[int]:
    return {media_id for media_id, name in files.items() if not (folder / name).is_file()}


def _server(known: dict[int, Account], upcoming: Sequence[Delivery]) -> str:
    """The server of one of these accounts: only where it is this machine may links lead to this machine."""
    return next((known[each.account_id].server for each in upcoming), "")
