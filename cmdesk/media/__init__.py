"""Pictures and films: nothing is decoded before its header was checked, nothing is kept that was not re-made here.

`import_media` turns a file of the person into a clean copy (no EXIF, GPS, XMP, comments; turned
upright; sRGB; a film without its place); `fit` makes the version a network takes, cut to a crop;
`thumbnail` and `keep_remote` make the small pictures of the screen. Files are named by the SHA-256 of
their bytes and written once. Every refusal is a MediaError whose code is one of `CODES` (RELIABILITY 20).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from cmdesk import video
from cmdesk.errors import MediaError
from cmdesk.media.making import (
    MediaInfo as MediaInfo,
    animated,
    box_of,
    decoded,
    has_alpha,
    jpeg,
    keep,
    lanczos,
    makers,
    png,
    webp,
    write_once,
)
from cmdesk.media.reading import (
    MAX_BYTES as MAX_BYTES,
    MAX_PIXELS as MAX_PIXELS,
    MIME,
    Header as Header,
    Source,
    first_bytes,
    opened,
    read_file,
    read_header as read_header,
)
from cmdesk.model import Crop, Media

CODES = (
    "media_missing",
    "media_unreadable",
    "media_too_large",
    "media_too_many_pixels",
    "media_refused_type",
    "media_frames",
    *video.CODES,
)
MAX_REMOTE_BYTES = 8_000_000
_SCALES = (1.0, 0.85, 0.7, 0.55, 0.42, 0.32, 0.24, 0.18)
_WHOLE = Crop()


class ImageLimits(Protocol):
    """What a network takes (cmdesk.networks.base.Limits has these)."""

    @property
    def image_bytes(self) -> int: ...
    @property
    def image_pixels(self) -> int: ...
    @property
    def image_types(self) -> tuple[str, ...]: ...


def import_media(path: Path, folder: Path, *, progress: video.Progress | None = None) -> MediaInfo:
    """Make a clean copy of the person's file `path` in `folder` (0600, named by its hash); raises MediaError.

    A film is copied without what it tells of its place. A photograph of more than 40 million pixels is taken at
    a half or less of its size.
    """
    start = first_bytes(path)
    video.check_name(path, start)
    if video.container(start):
        found = video.keep(path, folder, progress=progress)
        return MediaInfo(
            found.sha256, found.mime, found.width, found.height, found.byte_size, found.file_name,
            duration_ms=found.duration_ms, rate=found.rate,
        )  # fmt: skip
    data = read_file(path)
    header = read_header(data)
    if header.frames > 1 and header.format in ("GIF", "WEBP"):
        with opened(data, header.format) as image:
            moving = animated(image, header)
        return keep(moving, folder)
    return keep(_again(data, header), folder)


def _again(source: Source, header: Header) -> bytes:
    pixels = decoded(source, header)
    if header.format in ("JPEG", "AVIF") and not has_alpha(pixels):
        made = jpeg(pixels, 92)
    else:
        made = webp(pixels, 92) if header.format == "WEBP" else png(pixels)
    return jpeg(pixels, 84) if len(made) > MAX_BYTES and not has_alpha(pixels) else made


def fit(path: Path, *, limits: ImageLimits, folder: Path, crop: Crop | None = None) -> MediaInfo:
    """Return a picture within `limits` made from the clean file `path`: itself when it fits, else one made smaller.

    First it is cut to `crop` (fractions of the upright picture), then it steps down in quality, then in size, so
    that the largest that fits is kept; the same file, limits and crop give the same bytes. An animation that does
    not fit becomes its first picture. Raises MediaError (`media_too_large`) when nothing recognisable fits.
    """
    if crop == _WHOLE:
        crop = None
    if not path.is_file():
        raise MediaError("the file of this picture is gone", code="media_missing")
    data = read_file(path)
    header = read_header(data)
    mime = MIME[header.format]
    if crop is not None and header.frames > 1 and mime in limits.image_types:
        with opened(data, header.format) as image:
            data = animated(image, header, crop)
        header, crop = read_header(data), None
    small = header.width * header.height <= limits.image_pixels and mime in limits.image_types
    if isinstance(data, bytes) and crop is None and small and len(data) <= limits.image_bytes:
        return keep(data, folder)
    pixels = decoded(data, header)
    if crop is not None:
        pixels = pixels.crop(box_of(crop, pixels.width, pixels.height))
    ways = makers(pixels, limits.image_types)
    if not ways:
        raise MediaError("the network takes no kind of picture we can make", code="media_refused_type")
    lossless = [png] if header.format == "PNG" and "image/png" in limits.image_types and png not in ways else []
    ceiling = min(1.0, (limits.image_pixels / (pixels.width * pixels.height)) ** 0.5)
    for scale in _SCALES:
        size = (max(1, int(pixels.width * scale * ceiling)), max(1, int(pixels.height * scale * ceiling)))
        sized = pixels if size == pixels.size else pixels.resize(size, lanczos(), reducing_gap=3.0)
        for make in (*lossless, *ways):
            made = make(sized)
            if len(made) <= limits.image_bytes:
                return keep(made, folder)
        lossless = []  # what is made smaller for its bytes was no drawing
    raise MediaError(f"cannot be made smaller than {limits.image_bytes} bytes", code="media_too_large")


def gone(media: Iterable[Media], folder: Path) -> frozenset[int]:
    """Return the ids of those whose file is no longer in the media folder."""
    return frozenset(each.id for each in media if not (folder / each.file).is_file())


def thumbnail(path: Path, px: int, *, folder: Path) -> Path:
    """Return a still picture of `path` no side longer than `px`, made once and kept in `folder`; raises MediaError."""
    for suffix in ("jpg", "png"):
        known = folder / f"{path.stem}-{px}.{suffix}"
        if known.exists():
            return known
    data = read_file(path)
    made, suffix = _small(data, read_header(data), px)
    target = folder / f"{path.stem}-{px}.{suffix}"
    write_once(target, made)
    return target


def keep_remote(data: bytes, *, folder: Path, px: int) -> MediaInfo:
    """Keep a network's picture as a still one of our own making, no side longer than `px`; raises MediaError."""
    return keep(_small(data, read_header(data, max_bytes=MAX_REMOTE_BYTES), px)[0], folder)


def _small(source: Source, header: Header, px: int) -> tuple[bytes, str]:
    pixels = decoded(source, header, within=px)
    pixels.thumbnail((px, px), lanczos())
    return (png(pixels), "png") if has_alpha(pixels) else (jpeg(pixels, 88), "jpg")
