"""Brand logos: clean pictures of the profile's media folder, as pixmaps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPixmap

from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Brand
from cmdesk.store import media as media_store
from ui.models.thumbnails import square

LOGO_PX = 128

_cache: dict[str, QPixmap] = {}


def pixmap(desk: Desk, brand: Brand) -> QPixmap | None:
    """A brand's logo, None when it has none or its file is gone."""
    if brand.logo_media_id is None:
        return None
    try:
        found = desk.page(media_store.media, brand.logo_media_id)
    except Invalid:
        return None
    path = desk.media_folder / found.file
    key = str(path)
    if key not in _cache:
        _cache[key] = square(path, LOGO_PX)
    return None if _cache[key].isNull() else _cache[key]


async def keep(desk: Desk, brand_id: int, file: Path) -> int:
    """Clean a picture, keep it for a brand and return its id; raises MediaError for what is refused."""
    from cmdesk.media import import_media

    info = await desk.work(import_media, file, desk.media_folder)
    done = await desk.run(media_store.add_media, brand_id, info)
    return done.value.id
