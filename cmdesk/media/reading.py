"""What a picture says of itself before anything is decoded, and the only door to Pillow's decoders."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmdesk.errors import MediaError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 25_000_000
MAX_PIXELS = 40_000_000
# A photograph of a telephone with 108 or 200 million pixels: JPEG alone can be decoded at a half, a quarter or an
# eighth of its size without ever holding the whole (not a progressive one: its decoder keeps everything).
MAX_PHOTO_BYTES = 90_000_000
MAX_PHOTO_PIXELS = 220_000_000
PHOTO_PIXELS = 27_500_000
MAX_FRAMES = 200
# All frames of an animation together: what re-making it may cost in memory and time.
MAX_FRAME_PIXELS = 160_000_000
MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif"}

# What a picture is read from: its bytes, or the path of one that is too large to hold beside its pixels.
Source = bytes | Path

# Everything Pillow's decoders raise at damaged bytes.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
    MemoryError,
    RuntimeError,  # the AVIF decoder
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before anything is decoded; width and height as stored, not turned."""

    format: str
    width: int
    height: int
    frames: int
    shrink: int = 1  # decode at a half, a quarter, an eighth: the photograph is larger than `MAX_PIXELS`


def kind_of(data: bytes) -> str | None:
    """Return Pillow's name for the first bytes; the file's name says nothing."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1"):
        return "AVIF"
    return None


def first_bytes(path: Path) -> bytes:
    """Return enough of a file to tell what it is; raises MediaError (media_missing, media_unreadable)."""
    return _read(path, 4096)


def read_file(path: Path) -> Source:
    """Return a picture's bytes, of a large photograph its path; raises MediaError also for one that is too large."""
    data = _read(path, MAX_BYTES + 1)
    return path if len(data) > MAX_BYTES and kind_of(data[:16]) == "JPEG" else data


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise MediaError(f"there is no file {path.name}", code="media_missing", detail=path.name) from None
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read", code="media_unreadable", detail=error.strerror or "") from None


def read_header(source: Source, *, max_bytes: int = MAX_BYTES) -> Header:
    """Check size, kind, pixels and frames of a picture without decoding it; raises MediaError."""
    if isinstance(source, Path):
        kind, size, max_bytes = kind_of(_read(source, 16)), source.stat().st_size, MAX_PHOTO_BYTES
    else:
        kind, size = kind_of(source), len(source)
    if size > max_bytes:
        raise MediaError(
            f"larger than {max_bytes} bytes", code="media_too_large", detail=f"{max_bytes / 1_000_000:.0f}"
        )
    if kind is None:
        raise MediaError("not a PNG, JPEG, GIF, WebP or AVIF picture", code="media_refused_type")
    if kind == "PNG" and isinstance(source, bytes) and len(source) >= 24:
        width, height = struct.unpack(">II", source[16:24])
        if width * height > MAX_PIXELS:  # told with its size; Pillow says no more than that it is too large
            raise too_many_pixels(width, height)
    with opened(source, kind) as image:
        width, height = image.size
        if width < 1 or height < 1:
            raise MediaError("an empty picture", code="media_unreadable")
        shrink = _shrink(kind, width, height, progressive=bool(image.info.get("progressive")))
        frames = (
            _gif_frames(source) if kind == "GIF" and isinstance(source, bytes) else int(getattr(image, "n_frames", 1))
        )
    if frames > MAX_FRAMES or (frames > 1 and frames * width * height > MAX_FRAME_PIXELS):
        raise MediaError("an animation of too many pictures", code="media_frames", detail=str(frames))
    return Header(kind, width, height, frames, shrink)


def too_many_pixels(width: int, height: int) -> MediaError:
    """Return the refusal of a picture of this size, which says the size."""
    millions = width * height / 1_000_000
    return MediaError(
        f"{width} x {height} pixels are too many",
        code="media_too_many_pixels",
        detail=f"{millions:.0f} MP ({width} × {height})",
    )


def _shrink(kind: str, width: int, height: int, *, progressive: bool) -> int:
    pixels = width * height
    if pixels <= MAX_PIXELS:
        return 1
    if kind != "JPEG" or progressive or pixels > MAX_PHOTO_PIXELS:
        raise too_many_pixels(width, height)
    return next((each for each in (2, 4, 8) if pixels / each**2 <= PHOTO_PIXELS), 8)


@contextmanager
def opened(source: Source, kind: str) -> Iterator[Image]:
    """Open with one decoder only; whatever goes wrong inside the block is a MediaError.

    A JPEG is opened past Pillow's own limit, which knows nothing of decoding at a smaller size: `read_header` holds
    ours. Nothing but its header is read before the block asks for pixels.
    """
    from PIL import Image as pillow, JpegImagePlugin

    pillow.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("error", category=pillow.DecompressionBombWarning)
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            if kind == "JPEG":
                yield JpegImagePlugin.JpegImageFile(file)
            else:
                with pillow.open(file, formats=(kind,)) as image:
                    yield image
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning):
        raise MediaError("more pixels than a picture needs", code="media_too_many_pixels", detail="> 40 MP") from None
    except BROKEN as error:
        raise MediaError("the picture is damaged", code="media_unreadable", detail=type(error).__name__) from None


def _gif_frames(data: bytes) -> int:
    """Count a GIF's pictures block by block, stopping above the limit; raises MediaError for a broken file."""

    def blocks(at: int) -> int:
        while data[at]:
            at += data[at] + 1
        return at + 1

    frames = 0
    try:
        at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
        # What follows the last whole block of a cut file is Pillow's to refuse.
        while at < len(data) and data[at] != 0x3B and frames <= MAX_FRAMES:
            if data[at] == 0x21:
                at = blocks(at + 2)
            elif data[at] == 0x2C:
                frames += 1
                at = blocks(at + 11 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0))
            else:
                break
    except IndexError:
        raise MediaError("the picture is damaged", code="media_unreadable", detail="GIF") from None
    return max(frames, 1)
