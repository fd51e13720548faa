"""Trying the links of what is being written, a few at a time, on threads of their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from cmdesk.errors import Offline
from cmdesk.store import accounts, links
from cmdesk.sync.home import Home

log = logging.getLogger(__name__)

MOST = 8
AT_ONCE = 3


async def check_links(desk: Home, urls: Iterable[str], *, again: bool = False, account_server: str = "") -> int:
    """Try the links that were not tried within a day (`again`: all) and keep their answers; returns how many.

    At most eight at a time. Without a network nothing is kept. `account_server` as for pictures (networks.fetch).
    """
    from cmdesk.networks.web_page import WebPage, look

    wanted = list(dict.fromkeys(urls))
    if not again:
        wanted = desk.page(links.stale, wanted, now=desk.clock.now())
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> WebPage | None:
        async with turn:
            try:
                return await asyncio.to_thread(partial(look, url, account_server=account_server))
            except Offline:
                return None

    found = [page for page in await asyncio.gather(*(one(url) for url in wanted[:MOST])) if page is not None]
    # A name that nobody knows is the link's fault only where other names are known.
    if found and all(page.code == "no_host" for page in found) and not _online(desk):
        return 0
    if found:
        await desk.run(links.save_checks, found)
    return len(found)


def _online(desk: Home) -> bool:
    """Whether an account was read within the last five minutes."""
    since = desk.clock.now() - timedelta(minutes=5)
    return any(
        each.last_read_at is not None and each.last_read_at > since for each in desk.page(accounts.list_accounts)
    )
