"""Pixels in, clean bytes out: upright, sRGB, with no memory of where they come from; kept under their own hash."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmdesk.errors import DiskFull
from cmdesk.files import create_private, private_folder, replace_private
from cmdesk.media.reading import MIME, Header, Source, opened, read_header
from cmdesk.model import Crop

if TYPE_CHECKING:
    from PIL.Image import Image, Resampling

SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_QUALITIES = (90, 84, 76, 68, 60)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A clean picture or film on disk: `file_name` is `<sha256>.<ext>` in the folder it was made for."""

    sha256: str
    mime: str
    width: int
    height: int
    byte_size: int
    file_name: str
    frames: int = 1
    duration_ms: int = 0  # of a film
    rate: float = 0.0  # its pictures a second


def decoded(source: Source, header: Header, *, within: int = 0) -> Image:
    """Return the clean pixels of a picture; `within` px on its longest side is all that is needed of it (0: all)."""
    with opened(source, header.format) as image:
        if header.format == "JPEG":
            if within:
                image.draft("RGB", (within * 2, within * 2))  # the decoder skips what a small picture does not show
            elif header.shrink > 1:
                image.draft(None, (header.width // header.shrink, header.height // header.shrink))
        return clean(image)


def clean(image: Image) -> Image:
    """Return the pixels alone: upright, sRGB, RGB or RGBA. `image` is used up: there is no more than one copy."""
    from PIL import ImageOps

    image.load()
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    pixels = image
    if pixels.mode.startswith(("I", "F")):  # 16 and 32 bits a channel: scaled to the 8 that networks take
        _low, high = pixels.getextrema()
        top = 65535.0 if pixels.mode.startswith("I;16") or float(high) > 255 else 255.0  # type: ignore[arg-type]
        pixels = pixels.convert("F").point(lambda value: value * (255.0 / top)).convert("L")
    alpha = "A" in pixels.getbands() or "transparency" in pixels.info
    mode = "RGBA" if alpha else "RGB"
    rgb = _to_srgb(pixels, profile) if profile else None
    if alpha and rgb is not None:
        rgb = rgb.convert("RGBA")
        rgb.putalpha(pixels.convert("RGBA").getchannel("A"))
    if rgb is None:
        rgb = pixels if pixels.mode == mode else pixels.convert(mode)
    # What was told of the picture stands here alone; a second copy of 40 million pixels would be 160 MB more.
    rgb.info = {}
    return rgb


def _to_srgb(image: Image, profile: bytes) -> Image | None:
    """Return RGB in sRGB (of an RGB picture: the same one), or None when the profile cannot be used."""
    from PIL import ImageCms

    source = image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")
    try:
        known, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        if source.mode == "RGB":
            ImageCms.profileToProfile(source, known, srgb, inPlace=True)
            return source
        return ImageCms.profileToProfile(source, known, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def box_of(crop: Crop, width: int, height: int) -> tuple[int, int, int, int]:
    """Return what a crop takes of a picture of this size, in whole pixels: left, top, right, bottom; never empty."""
    left = min(max(round(crop.x * width), 0), width - 1)
    top = min(max(round(crop.y * height), 0), height - 1)
    right = min(max(round((crop.x + crop.w) * width), left + 1), width)
    bottom = min(max(round((crop.y + crop.h) * height), top + 1), height)
    return left, top, right, bottom


def animated(image: Image, header: Header, crop: Crop | None = None) -> bytes:
    """Write an animation anew, each picture cut to `crop`."""
    from PIL import Image as pillow, ImageSequence

    box = None if crop is None else box_of(crop, header.width, header.height)
    frames: list[Image] = []
    durations: list[int] = []
    for frame in ImageSequence.Iterator(image):
        durations.append(min(max(int(frame.info.get("duration") or 100), 20), 60_000))
        pixels = frame.convert("RGBA")
        if box is not None:
            pixels = pixels.crop(box)
        each = pillow.new("RGBA", pixels.size)
        each.paste(pixels)
        frames.append(each)
    out = io.BytesIO()
    frames[0].save(
        out,
        header.format,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=int(image.info.get("loop", 0)),
        **({"disposal": 2} if header.format == "GIF" else {"quality": 85, "method": 3}),
    )
    return out.getvalue()


def makers(pixels: Image, types: tuple[str, ...]) -> list[Callable[[Image], bytes]]:
    """Return the ways to write `pixels` that the network takes, the best looking first."""
    alpha = has_alpha(pixels)
    ways: list[Callable[[Image], bytes]] = []
    if alpha and "image/png" in types:
        ways.append(png)
    if alpha and "image/webp" in types:
        ways += [lambda image, q=q: webp(image, q) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/jpeg" in types:
        ways += [lambda image, q=q: jpeg(image, q) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/webp" in types:
        ways += [lambda image, q=q: webp(image, q) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/png" in types and not ways:
        ways.append(png)
    return ways


def has_alpha(image: Image) -> bool:
    """Say whether anything shines through."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def jpeg(image: Image, quality: int) -> bytes:
    """Write a JPEG; what shines through lies on white."""
    from PIL import Image as pillow

    flat = image
    if image.mode == "RGBA":
        flat = pillow.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A"))
    return _encoded(flat, "JPEG", quality=quality, optimize=True, progressive=True)


def webp(image: Image, quality: int) -> bytes:
    """Write a WebP."""
    return _encoded(image, "WEBP", quality=quality, method=4)


def png(image: Image) -> bytes:
    """Write a PNG, without an alpha channel that says nothing."""
    return _encoded(image.convert("RGB") if image.mode == "RGBA" and not has_alpha(image) else image, "PNG")


def _encoded(image: Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def lanczos() -> Resampling:
    """Return the filter with which pictures are made smaller."""
    from PIL import Image as pillow

    return pillow.Resampling.LANCZOS


def keep(data: bytes, folder: Path) -> MediaInfo:
    """Write `data` under its own hash; a file of that name already holds these bytes."""
    header = read_header(data)
    digest = hashlib.sha256(data).hexdigest()
    mime = MIME[header.format]
    name = f"{digest}.{SUFFIX[mime]}"
    write_once(folder / name, data)
    return MediaInfo(digest, mime, header.width, header.height, len(data), name, header.frames)


def write_once(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read unless it is there, whole; raises DiskFull."""
    try:
        private_folder(path.parent)
        if path.exists() and path.stat().st_size != len(data):  # cut short when the power went
            replace_private(path, data)
        else:
            create_private(path, data)
    except FileExistsError:
        return
    except OSError as error:
        raise DiskFull(f"{path.name} cannot be written: {error.strerror}", detail=error.strerror or "") from error
