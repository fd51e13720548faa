"""What the reports page and the command line read: the months there are, one month's figures, missing pictures."""

from __future__ import annotations

import threading
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


def fetch_pictures(desk: Desk, report: figures.Report, *, source: RemotePictures | None = None) -> int:
    """Fetch the pictures of the month's posts that are not kept here yet, best posts first; returns how many came.

    Only where the setting allows pictures of networks, and never longer than WAIT_S: laying a report out afterwards
    asks no network at all. Blocks.
    """
    missing = _missing(desk, report)
    if not missing or not desk.setting("remote_images"):
        return 0
    if desk.setting("demo"):
        desk.start_sandbox()
    pictures = source or RemotePictures(cache_folder(desk))
    done, lock, came = threading.Event(), threading.Lock(), [0, 0]

    def told(_url: str, path: Path | None) -> None:
        with lock:
            came[0] += 1
            came[1] += path is not None
            if came[0] == len(missing):
                done.set()

    try:
        for url, server in reversed(missing.items()):  # the newest wish is served first
            pictures.get(url, px=REMOTE_PX, server=server, told=told)
        done.wait(WAIT_S)
    finally:
        if source is None:
            pictures.close()
    return came[1]


def _missing(desk: Desk, report: figures.Report) -> dict[str, str]:
    """Addresses of pictures that no file stands for, each with its account's server."""
    kept = KeptPictures(desk.media_folder, cache_folder(desk))
    found: dict[str, str] = {}
    for one in (*report.best, *report.published):
        url = one.published.publication.media_url
        if url and not one.published.media_file and kept.cached(url) is None and len(found) < MOST_PICTURES:
            found[url] = one.account.server if one.account is not None else ""
    return found
