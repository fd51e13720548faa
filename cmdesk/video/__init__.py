"""Films: what they are, how large, how long; copied without the place where they were taken.

A small reader of our own for the headers of MP4, QuickTime and WebM: what exists in Python either decodes (PyAV,
OpenCV: more than 30 MB of codecs, each a door for hostile files), starts another program (ffprobe), or edits tags
(mutagen) and says neither a film's size nor its turn. Nothing is decoded here: no picture of a film can be shown,
its length and size can. A reader never leaves the bounds of the file, never takes more than `window.MOST_STEPS`
steps, and raises nothing but MediaError with one of `CODES`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cmdesk.errors import DiskFull, MediaError
from cmdesk.files import FILE_MODE, private_folder
from cmdesk.video import boxes, matroska
from cmdesk.video.film import Film as Film, Found, Patch
from cmdesk.video.kinds import PICTURES, family, promised, what_is, wrong_name
from cmdesk.video.window import Window

CODES = ("media_wrong_name", "video_type", "video_unreadable", "video_too_large", "video_cut", "video_no_picture")
MAX_BYTES = 1_000_000_000
_STEP = 1 << 20
_DRAFT = ".film."

Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all) while a film is copied, on the thread that copies; what it raises ends the copy."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A clean film in the media folder."""

    sha256: str
    mime: str
    width: int
    height: int
    byte_size: int
    file_name: str
    duration_ms: int
    rate: float


def container(start: bytes) -> str:
    """Return MP4, MOV, WebM or '' for the first bytes of a file."""
    kind = what_is(start)
    return kind if kind in ("MP4", "MOV", "WebM") else ""


def check_name(path: Path, start: bytes) -> None:
    """Refuse a file whose name promises a film and which is none of that kind, or the other way round, or a film
    that no network takes; raises MediaError naming what it really is."""
    kind, told = what_is(start), promised(path)
    if told and kind and family(kind) != told:
        raise wrong_name(path, kind)
    if not told and kind in ("MP4", "MOV", "WebM") and path.suffix.lower() in PICTURES:
        raise wrong_name(path, kind)
    if kind in ("AVI", "MKV", "WMV", "FLV", "MPEG", "Ogg"):
        raise MediaError(f"{path.name} is a film of a kind no network takes", code="video_type", detail=kind)
    if told and not kind:
        raise MediaError(f"{path.name} is no film", code="video_unreadable", detail=path.suffix)


def probe(path: Path) -> Film:
    """Return what a film says of itself, by its content; raises MediaError."""
    with _open(path) as file:
        return _found(file, path).film


def keep(path: Path, folder: Path, *, progress: Progress | None = None) -> Kept:
    """Copy a film into `folder` without its place, its owner and its date, named by its hash (0600).

    The same film is copied once. Raises MediaError, DiskFull.
    """
    with _open(path) as file:
        found = _found(file, path)
        film, suffix = found.film, found.film.kind
        sweep(folder)
        draft = private_folder(folder) / f"{_DRAFT}{secrets.token_hex(6)}.tmp"
        try:
            digest = _copy(file, draft, found, progress)
            name = f"{digest}.{suffix}"
            if (folder / name).exists():
                draft.unlink()
            else:
                draft.replace(folder / name)
        except OSError as error:
            raise DiskFull(f"{path.name} cannot be copied", detail=error.strerror or "") from error
        finally:
            draft.unlink(missing_ok=True)
    return Kept(digest, film.mime, film.width, film.height, found.end, name, film.duration_ms, film.rate)


def sweep(folder: Path, *, older_s: float = 86_400) -> int:
    """Remove what copies that were cut off left in the media folder; returns how many."""
    gone = 0
    for draft in folder.glob(f"{_DRAFT}*.tmp"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime >= older_s:
                draft.unlink()
                gone += 1
    return gone


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise MediaError(f"there is no file {path.name}", code="media_missing", detail=path.name) from None
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read", code="video_unreadable", detail=error.strerror or "") from None


def _found(file: BinaryIO, path: Path) -> Found:
    try:
        size = os.fstat(file.fileno()).st_size
        start = file.read(4096)
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read", code="video_unreadable", detail=error.strerror or "") from None
    check_name(path, start)
    kind = container(start)
    if not kind:
        raise MediaError(f"{path.name} is no film", code="video_unreadable")
    if size > MAX_BYTES:
        raise MediaError(f"larger than {MAX_BYTES} bytes", code="video_too_large", detail=f"{MAX_BYTES // 1_000_000}")
    window = Window(file, size)
    return matroska.read(window) if kind == "WebM" else boxes.read(window)


def _copy(file: BinaryIO, draft: Path, found: Found, progress: Progress | None) -> str:
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(draft, flags, FILE_MODE), "wb") as out:
        file.seek(0)
        at = 0
        waiting = list(reversed(found.patches))
        while at < found.end:
            piece = bytearray(file.read(min(_STEP, found.end - at)))
            if not piece:
                raise MediaError("the film grew shorter while it was read", code="video_cut")
            _overwrite(piece, at, waiting)
            digest.update(piece)
            out.write(piece)
            at += len(piece)
            if progress is not None:
                progress(at, found.end)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _overwrite(piece: bytearray, at: int, waiting: list[Patch]) -> None:
    """Write the patches that touch this piece; one that goes on stays first in `waiting` (the next one is last)."""
    end = at + len(piece)
    while waiting and waiting[-1].at < end:
        patch = waiting.pop()
        count = min(patch.at + patch.length, end) - patch.at
        new = patch.data[:count].ljust(count, b"\0")
        piece[patch.at - at : patch.at - at + count] = new
        if patch.length > count:
            waiting.append(Patch(end, patch.length - count, patch.data[count:]))
            return
