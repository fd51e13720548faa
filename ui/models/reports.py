"""What the reports page and the command line read: the months there are, one month's figures, missing pictures."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cmdesk.desk import Desk
from cmdesk.model import Brand
from cmdesk.reports import figures
from cmdesk.store.db import Reader
from cmdesk.sync.pictures import RemotePictures
from ui.models.kept_pictures import REMOTE_PX, KeptPictures

log = logging.getLogger(__name__)

MONTHS: Final = 13
MOST_PICTURES: Final = 40
WAIT_S: Final = 12.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One report that can be made; `running` while its month is not over."""

    brand: Brand
    month: date
    running: bool


def cache_folder(desk: Desk) -> Path:
    """Where pictures of networks are kept (ui.models.pictures)."""
    return desk.profile / "cache" / "pictures"


def choices(reader: Reader, *, brands: list[Brand], desk: Desk) -> list[Choice]:
    """The reports of these brands of the last year, newest month first, brands in their own order."""
    now = desk.clock.now()
    found = [
        (month, place, Choice(brand, month, running=number == 0))
        for place, brand in enumerate(brands)
        for number, month in enumerate(figures.months(reader, brand_id=brand.id, now=now)[:MONTHS])
    ]
    return [choice for _month, _place, choice in sorted(found, key=lambda each: (-each[0].toordinal(), each[1]))]


async def read(desk: Desk, brand_id: int, month: date) -> figures.Report:
    """The figures of a brand's month, from one snapshot, off the painting thread."""
    return await desk.read(figures.report, brand_id=brand_id, month=month, now=desk.clock.now())


class Errand:
    """Fetches the pictures of a month's posts that are not kept here yet, best posts first.

    Only where the setting allows pictures of networks: laying a report out afterwards asks no network at all.
    `on_end` is called on another thread when each one came or failed; `close` gives up the rest.
    """

    def __init__(
        self,
        desk: Desk,
        report: figures.Report,
        *,
        on_end: Callable[[], object],
        source: RemotePictures | None = None,
    ) -> None:
        self.came = 0
        self._missing = _missing(desk, report) if desk.setting("remote_images") else {}
        self._left = len(self._missing)
        self._lock = threading.Lock()
        self._on_end = on_end
        self._source = source
        self._own = source is None

    @property
    def needed(self) -> bool:
        """Whether there is anything to fetch."""
        return bool(self._missing)

    def start(self, folder: Path) -> None:
        """Begin; the files are put into `folder`."""
        self._source = self._source or RemotePictures(folder)
        for url, server in reversed(self._missing.items()):  # the newest wish is served first
            self._source.get(url, px=REMOTE_PX, server=server, told=self._told)

    def close(self) -> None:
        """Give up what has not come."""
        if self._own and self._source is not None:
            self._source.close()

    def _told(self, _url: str, path: Path | None) -> None:
        with self._lock:
            self._left -= 1
            self.came += path is not None
            last = self._left == 0
        if last:
            self._on_end()


def fetch_pictures(desk: Desk, report: figures.Report, *, source: RemotePictures | None = None) -> int:
    """Run an `Errand` and wait for it, at most WAIT_S; returns how many pictures came."""
    done = threading.Event()
    errand = Errand(desk, report, on_end=done.set, source=source)
    if not errand.needed:
        return 0
    if desk.setting("demo"):
        desk.start_sandbox()
    try:
        errand.start(cache_folder(desk))
        done.wait(WAIT_S)
    finally:
        errand.close()
    return errand.came


async def gather_pictures(desk: Desk, report: figures.Report) -> int:
    """The same for the window, without a thread that waits."""
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def end() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(done.set)

    errand = Errand(desk, report, on_end=end)
    if not errand.needed:
        return 0
    try:
        errand.start(cache_folder(desk))
        async with asyncio.timeout(WAIT_S):
            await done.wait()
    except TimeoutError:
        log.info("some pictures of a report did not come in time")
    finally:
        errand.close()
    return errand.came


def _missing(desk: Desk, report: figures.Report) -> dict[str, str]:
    """Addresses of pictures that no file stands for, each with its account's server."""
    kept = KeptPictures(desk.media_folder, cache_folder(desk))
    found: dict[str, str] = {}
    for one in (*report.best, *report.published):
        url = one.published.publication.media_url
        if url and not one.published.media_file and kept.cached(url) is None and len(found) < MOST_PICTURES:
            found[url] = one.account.server if one.account is not None else ""
    return found
