"""The picture of a link's card: fetched like those of strangers, made clean, kept as the brand's."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from functools import partial
from pathlib import Path

from cmdesk.errors import MediaError
from cmdesk.media import MediaInfo, import_media
from cmdesk.model import Media
from cmdesk.store import media
from cmdesk.sync.home import Home

log = logging.getLogger(__name__)


async def card_picture(desk: Home, image_url: str, *, brand_id: int, account_server: str = "") -> Media | None:
    """Fetch the picture a page names for itself; None when there is none to be had: a card does without (rank 42)."""
    fetched = partial(_clean, image_url, desk.media_folder, account_server)
    info = await asyncio.to_thread(fetched)
    if info is None:
        return None
    done = await desk.run(media.add_media, brand_id, info)
    return done.value


def _clean(url: str, folder: Path, account_server: str) -> MediaInfo | None:
    from cmdesk.networks.fetch import try_picture

    found = try_picture(url, account_server=account_server)
    if found is None:
        return None
    with tempfile.TemporaryDirectory(prefix="cmdesk-") as place:
        file = Path(place) / f"card.{found.mime.partition('/')[2]}"
        file.write_bytes(found.content)
        try:
            return import_media(file, folder)
        except (MediaError, OSError) as error:
            log.info("the picture of a card cannot be used: %s", error)
            return None
