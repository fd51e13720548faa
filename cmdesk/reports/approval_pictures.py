"""Pictures of planned posts as the client sees them: cut as they will be, small, JPEG."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from cmdesk.model import Crop, Media
from cmdesk.reports.approval_sheet import Shown

log = logging.getLogger(__name__)

WIDEST = 640
_HIGHEST = 900
_QUALITY = 82


def shown(media: Media, alt: str, *, folder: Path, crop: Crop | None = None) -> Shown:
    """Return a picture no wider than `WIDEST` px; a video, and a file that is gone or damaged, as words alone."""
    if media.is_video:
        return Shown(b"", 0, 0, alt, video_s=max(round(media.duration_ms / 1000), 1))
    made = small_jpeg(folder / media.file, crop=crop)
    if made is None:
        return Shown(b"", 0, 0, alt, gone=True)
    return Shown(*made, alt)


def small_jpeg(path: Path, *, crop: Crop | None = None, widest: int = WIDEST) -> tuple[bytes, int, int] | None:
    """Return a file of the media folder as JPEG with its width and height, None when it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (widest * 2, _HIGHEST * 2))
            image = ImageOps.exif_transpose(opened)
            if crop is not None:
                width, height = image.size
                left, top = round(crop.x * width), round(crop.y * height)
                right, bottom = round((crop.x + crop.w) * width), round((crop.y + crop.h) * height)
                image = image.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
            image.thumbnail((widest, _HIGHEST), Image.Resampling.LANCZOS)
            flat = Image.new("RGB", image.size, "white")
            alpha = image.convert("RGBA")
            flat.paste(alpha, mask=alpha.getchannel("A"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        log.warning("%s cannot be shown on an approval sheet: %s", path.name, error)
        return None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue(), flat.width, flat.height
