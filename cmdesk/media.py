"""Pictures: nothing is decoded before its header was checked, nothing is kept that was not re-made here.

`import_media` turns a file of the person into a clean copy (no EXIF, GPS, XMP, comments; turned
upright; sRGB); `fit` makes the version a network takes; `thumbnail` and `keep_remote` make the small
pictures of the screen. Files are named by the SHA-256 of their bytes and written once.
Every refusal is a MediaError whose code is one of `CODES` (RELIABILITY 20).
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cmdesk.errors import DiskFull, MediaError
from cmdesk.files import create_private, private_folder

if TYPE_CHECKING:
    from PIL.Image import Image, Resampling

CODES = (
    "media_missing",
    "media_unreadable",
    "media_too_large",
    "media_too_many_pixels",
    "media_refused_type",
    "media_frames",
)
MAX_BYTES = 25_000_000
MAX_PIXELS = 40_000_000
MAX_FRAMES = 200
# All frames of an animation together: what re-making it may cost in memory and time.
MAX_FRAME_PIXELS = 160_000_000
MAX_REMOTE_BYTES = 8_000_000
MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif"}
SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_QUALITIES = (90, 84, 76, 68, 60)
_SCALES = (1.0, 0.85, 0.7, 0.55, 0.42, 0.32, 0.24, 0.18)

# Everything Pillow's decoders raise at damaged bytes.
_BROKEN = (
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


class ImageLimits(Protocol):
    """What a network takes (cmdesk.networks.base.Limits has these)."""

    @property
    def image_bytes(self) -> int: ...
    @property
    def image_pixels(self) -> int: ...
    @property
    def image_types(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A clean picture on disk: `file_name` is `<sha256>.<ext>` in the folder it was made for."""

    sha256: str
    mime: str
    width: int
    height: int
    byte_size: int
    file_name: str
    frames: int = 1


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before anything is decoded; width and height as stored, not turned."""

    format: str
    width: int
    height: int
    frames: int


def read_header(data: bytes, *, max_bytes: int = MAX_BYTES) -> Header:
    """Check size, kind, pixels and frames of `data` without decoding it; raises MediaError."""
    if len(data) > max_bytes:
        raise MediaError(f"larger than {max_bytes} bytes", code="media_too_large", detail=str(len(data)))
    kind = _kind(data)
    if kind is None:
        raise MediaError("not a PNG, JPEG, GIF, WebP or AVIF picture", code="media_refused_type")
    with _opened(data, kind) as image:
        width, height = image.size
        if width < 1 or height < 1:
            raise MediaError("an empty picture", code="media_unreadable")
        if width * height > MAX_PIXELS:
            raise MediaError(
                f"{width} x {height} pixels are too many", code="media_too_many_pixels", detail=f"{width}x{height}"
            )
        frames = _gif_frames(data) if kind == "GIF" else int(getattr(image, "n_frames", 1))
    if frames > MAX_FRAMES or (frames > 1 and frames * width * height > MAX_FRAME_PIXELS):
        raise MediaError("an animation of too many pictures", code="media_frames", detail=str(frames))
    return Header(kind, width, height, frames)


def import_media(path: Path, folder: Path) -> MediaInfo:
    """Make a clean copy of the person's file `path` in `folder` (0600, named by its hash); raises MediaError."""
    data = _read(path)
    header = read_header(data)
    if header.frames > 1 and header.format in ("GIF", "WEBP"):
        with _opened(data, header.format) as image:
            moving = _animated(image, header)
        return _keep(moving, folder)
    with _opened(data, header.format) as image:
        clean = _clean(image)
    if header.format in ("JPEG", "AVIF") and not _has_alpha(clean):
        return _keep(_jpeg(clean, 92), folder)
    if header.format == "WEBP":
        return _keep(_encoded(clean, "WEBP", quality=92, method=4), folder)
    return _keep(_encoded(clean, "PNG"), folder)


def fit(path: Path, *, limits: ImageLimits, folder: Path) -> MediaInfo:
    """Return a picture within `limits` made from the clean file `path`: itself when it fits, else one made smaller.

    Steps down in quality first, then in size, so that the largest that fits is kept; the same file and limits
    give the same bytes. An animation that does not fit becomes its first picture. Raises MediaError
    (`media_too_large`) when nothing recognisable fits.
    """
    data = _read(path)
    header = read_header(data)
    mime = MIME[header.format]
    fits = len(data) <= limits.image_bytes and header.width * header.height <= limits.image_pixels
    if fits and mime in limits.image_types:
        return _keep(data, folder)
    with _opened(data, header.format) as image:
        clean = _clean(image)
    makers = _makers(clean, limits.image_types)
    if not makers:
        raise MediaError("the network takes no kind of picture we can make", code="media_refused_type")
    ceiling = min(1.0, (limits.image_pixels / (clean.width * clean.height)) ** 0.5)
    for scale in _SCALES:
        size = (max(1, int(clean.width * scale * ceiling)), max(1, int(clean.height * scale * ceiling)))
        sized = clean if size == clean.size else clean.resize(size, _lanczos(), reducing_gap=3.0)
        for make in makers:
            made = make(sized)
            if len(made) <= limits.image_bytes:
                return _keep(made, folder)
    raise MediaError(f"cannot be made smaller than {limits.image_bytes} bytes", code="media_too_large")


def thumbnail(path: Path, px: int, *, folder: Path) -> Path:
    """Return a still picture of `path` no side longer than `px`, made once and kept in `folder`; raises MediaError."""
    for suffix in ("jpg", "png"):
        known = folder / f"{path.stem}-{px}.{suffix}"
        if known.exists():
            return known
    data = _read(path)
    made, suffix = _small(data, read_header(data), px)
    target = folder / f"{path.stem}-{px}.{suffix}"
    _write_once(target, made)
    return target


def keep_remote(data: bytes, *, folder: Path, px: int) -> MediaInfo:
    """Keep a network's picture as a still one of our own making, no side longer than `px`; raises MediaError."""
    return _keep(_small(data, read_header(data, max_bytes=MAX_REMOTE_BYTES), px)[0], folder)


def _small(data: bytes, header: Header, px: int) -> tuple[bytes, str]:
    with _opened(data, header.format) as image:
        if header.format == "JPEG":
            image.draft("RGB", (px * 2, px * 2))  # the decoder skips what a small picture does not show
        clean = _clean(image)
    clean.thumbnail((px, px), _lanczos())
    return (_encoded(clean, "PNG"), "png") if _has_alpha(clean) else (_jpeg(clean, 88), "jpg")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise MediaError(f"there is no file {path.name}", code="media_missing", detail=path.name) from None
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read", code="media_unreadable", detail=error.strerror or "") from None
    if len(data) > MAX_BYTES:
        raise MediaError(f"larger than {MAX_BYTES} bytes", code="media_too_large", detail=path.name)
    return data


def _kind(data: bytes) -> str | None:
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


@contextmanager
def _opened(data: bytes, kind: str) -> Iterator[Image]:
    """Open with one decoder only; whatever goes wrong inside the block is a MediaError."""
    from PIL import Image as pillow

    pillow.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("error", category=pillow.DecompressionBombWarning)
    try:
        with pillow.open(io.BytesIO(data), formats=(kind,)) as image:
            yield image
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning):
        raise MediaError("more pixels than a picture needs", code="media_too_many_pixels") from None
    except _BROKEN as error:
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


def _clean(image: Image) -> Image:
    """Return the pixels alone: upright, sRGB, RGB or RGBA, with no memory of where they come from."""
    from PIL import Image as pillow, ImageOps

    image.load()
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(("I", "F")):  # 16 and 32 bits a channel: scaled to the 8 that networks take
        _low, high = turned.getextrema()
        top = 65535.0 if turned.mode.startswith("I;16") or float(high) > 255 else 255.0  # type: ignore[arg-type]
        turned = turned.convert("F").point(lambda value: value * (255.0 / top)).convert("L")
    alpha = "A" in turned.getbands() or "transparency" in turned.info
    rgb = _to_srgb(turned, profile) if profile else None
    mode = "RGBA" if alpha else "RGB"
    pixels = turned.convert(mode) if rgb is None else rgb
    if alpha and rgb is not None:
        pixels = rgb.convert("RGBA")
        pixels.putalpha(turned.convert("RGBA").getchannel("A"))
    clean = pillow.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _to_srgb(image: Image, profile: bytes) -> Image | None:
    """Return RGB in sRGB, or None when the profile cannot be used (the colours stay as they are)."""
    from PIL import ImageCms

    source = image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")
    try:
        return ImageCms.profileToProfile(
            source, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _animated(image: Image, header: Header) -> bytes:
    from PIL import Image as pillow, ImageSequence

    frames: list[Image] = []
    durations: list[int] = []
    for frame in ImageSequence.Iterator(image):
        durations.append(min(max(int(frame.info.get("duration") or 100), 20), 60_000))
        pixels = frame.convert("RGBA")
        clean = pillow.new("RGBA", pixels.size)
        clean.paste(pixels)
        frames.append(clean)
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


def _makers(clean: Image, types: tuple[str, ...]) -> list[Callable[[Image], bytes]]:
    """Return the ways to write `clean` that the network takes, the best looking first."""
    alpha = _has_alpha(clean)
    makers: list[Callable[[Image], bytes]] = []
    if alpha and "image/png" in types:
        makers.append(lambda image: _encoded(image, "PNG"))
    if alpha and "image/webp" in types:
        makers += [lambda image, q=q: _encoded(image, "WEBP", quality=q, method=4) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/jpeg" in types:
        makers += [lambda image, q=q: _jpeg(image, q) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/webp" in types:
        makers += [lambda image, q=q: _encoded(image, "WEBP", quality=q, method=4) for q in _QUALITIES]  # type: ignore[misc]
    elif "image/png" in types and not makers:
        makers.append(lambda image: _encoded(image, "PNG"))
    return makers


def _has_alpha(image: Image) -> bool:
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def _jpeg(image: Image, quality: int) -> bytes:
    from PIL import Image as pillow

    flat = image
    if image.mode == "RGBA":
        flat = pillow.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A"))
    return _encoded(flat, "JPEG", quality=quality, optimize=True, progressive=True)


def _encoded(image: Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    if kind == "PNG" and image.mode == "RGBA" and not _has_alpha(image):
        image = image.convert("RGB")
    image.save(out, kind, **options)
    return out.getvalue()


def _lanczos() -> Resampling:
    from PIL import Image as pillow

    return pillow.Resampling.LANCZOS


def _keep(data: bytes, folder: Path) -> MediaInfo:
    """Write `data` under its own hash; a file of that name already holds these bytes."""
    header = read_header(data)
    digest = hashlib.sha256(data).hexdigest()
    mime = MIME[header.format]
    name = f"{digest}.{SUFFIX[mime]}"
    _write_once(folder / name, data)
    return MediaInfo(digest, mime, header.width, header.height, len(data), name, header.frames)


def _write_once(path: Path, data: bytes) -> None:
    try:
        private_folder(path.parent)
        create_private(path, data)
    except FileExistsError:
        return
    except OSError as error:
        raise DiskFull(f"{path.name} cannot be written: {error.strerror}", detail=error.strerror or "") from error
