"""The backup file: a zip of the database, the pictures and a manifest, written and read without trust.

Reading takes only the names we write ourselves (RELIABILITY 29): no folder but `media`, no link, no
double, nothing unannounced, nothing larger than the manifest says. Nothing is unpacked by name from the archive.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmdesk.errors import Invalid, StoreError

FORMAT = 1
DATABASE = "desk.db"
MANIFEST = "manifest.json"
MAX_MEMBERS = 100_000
MAX_BYTES = 10 * 1024**3
MAX_RATIO = 100
# Small files may compress better than that honestly.
_RATIO_FROM = 8 * 1024**2
_MAX_MANIFEST = 64 * 1024**2
_PIECE = 1 << 20
_PICTURE = re.compile(r"media/[0-9a-f]{64}\.[a-z0-9]{1,5}")

# What zipfile and zlib raise at damaged bytes.
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself; members by name as (sha256, size)."""

    schema: int
    made_at: str
    program: str
    members: Mapping[str, tuple[str, int]]


class Steps:
    """Progress in bytes, with a way out between two pieces."""

    def __init__(self, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self.total = max(total, 1)
        self._done = 0
        self._progress = progress
        self._cancelled = cancelled

    def step(self, size: int) -> None:
        """Note that `size` bytes are done; raises StoreError (code `cancelled`) when the person gave up."""
        self._done = min(self._done + size, self.total)
        if self._progress is not None:
            self._progress(self._done, self.total)
        if self._cancelled is not None and self._cancelled():
            raise StoreError("cancelled", code="cancelled")


def write_archive(
    target: Path, files: Mapping[str, Path], *, schema: int, made_at: str, program: str, steps: Steps
) -> None:
    """Write `files` (by member name) and their manifest to `target`, which must not exist; 0600."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    members: dict[str, list[str | int]] = {}
    with os.fdopen(handle, "wb") as raw:
        with zipfile.ZipFile(raw, "w", allowZip64=True) as archive:
            for name, path in files.items():
                packed = zipfile.ZIP_DEFLATED if name == DATABASE else zipfile.ZIP_STORED
                info = zipfile.ZipInfo(name)
                info.compress_type = packed
                info.external_attr = (stat.S_IFREG | 0o600) << 16
                digest, size = hashlib.sha256(), 0
                with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as member:
                    while piece := source.read(_PIECE):
                        digest.update(piece)
                        size += len(piece)
                        member.write(piece)
                        steps.step(len(piece))
                members[name] = [digest.hexdigest(), size]
            text = {"format": FORMAT, "schema": schema, "made_at": made_at, "program": program, "members": members}
            archive.writestr(MANIFEST, json.dumps(text, indent=1, sort_keys=True))
        raw.flush()
        os.fsync(raw.fileno())


def verify_archive(path: Path, steps: Steps) -> Manifest:
    """Read a whole archive back and compare it with its manifest; raises Invalid (code `backup_damaged`)."""
    with _opened(path) as archive:
        manifest = _manifest(archive)
        for name, _info in _members(archive, manifest):
            for _piece in _pieces(archive, name, manifest, steps):
                pass
        return manifest


def unpack_archive(path: Path, folder: Path, *, progress: Progress | None, cancelled: Cancelled | None) -> Manifest:
    """Unpack a verified archive into an empty `folder`; raises Invalid (`backup_damaged`, `backup_foreign`)."""
    with _opened(path) as archive:
        manifest = _manifest(archive)
        steps = Steps(sum(size for _digest, size in manifest.members.values()), progress, cancelled)
        (folder / "media").mkdir(mode=0o700)
        for name, _info in _members(archive, manifest):
            # The name was checked against what we write ourselves: one folder, one plain file in it.
            target = folder / DATABASE if name == DATABASE else folder / "media" / name.removeprefix("media/")
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(handle, "wb") as file:
                for piece in _pieces(archive, name, manifest, steps):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        return manifest


def read_manifest(path: Path) -> Manifest:
    """Return what an archive says of itself, its members checked by name and size; raises Invalid."""
    with _opened(path) as archive:
        manifest = _manifest(archive)
        for _member in _members(archive, manifest):
            pass
        return manifest


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged("no backup", str(error)) from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _MAX_MANIFEST:
            raise _damaged("the manifest is too large", MANIFEST)
        with archive.open(info) as file:
            data: Any = json.loads(file.read(_MAX_MANIFEST + 1))
        if data["format"] != FORMAT:
            raise Invalid("the backup was made by a newer program", code="backup_newer", detail=str(data["format"]))
        members = {str(name): (str(entry[0]), int(entry[1])) for name, entry in dict(data["members"]).items()}
        return Manifest(int(data["schema"]), str(data["made_at"]), str(data["program"]), members)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, *_BROKEN) as error:
        raise _damaged("the manifest cannot be read", MANIFEST) from error


def _members(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield the members that may be unpacked; raises Invalid for the first one that may not."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise _damaged("too many files", str(len(infos)))
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise _damaged("too large", "")
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        if name.casefold() in seen:
            raise _damaged("a name comes twice", name)
        seen.add(name.casefold())
        if name == MANIFEST:
            continue
        if name != DATABASE and not _PICTURE.fullmatch(name):
            raise _damaged("a name that no backup has", name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise _damaged("not a plain file", name)
        if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged("packed in a way we do not write", name)
        if name not in manifest.members or manifest.members[name][1] != info.file_size:
            raise _damaged("not what the manifest says", name)
        if info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise _damaged("packed suspiciously well", name)
    if DATABASE not in seen or set(manifest.members) - {info.orig_filename for info in infos}:
        raise _damaged("files are missing", "")
    for info in infos:
        if info.orig_filename != MANIFEST:
            yield info.orig_filename, info


def _pieces(archive: zipfile.ZipFile, name: str, manifest: Manifest, steps: Steps) -> Iterator[bytes]:
    """Yield a member piece by piece; raises Invalid when it is not what the manifest says."""
    wanted, size = manifest.members[name]
    digest, done = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            while piece := member.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                if done > size:
                    raise _damaged("larger than the manifest says", name)
                yield piece
                steps.step(len(piece))
    except _BROKEN as error:
        raise _damaged("cannot be unpacked", name) from error
    if done != size or digest.hexdigest() != wanted:
        raise _damaged("not what the manifest says", name)


def _damaged(why: str, detail: str) -> Invalid:
    return Invalid(f"this is no backup that can be restored: {why}", code="backup_damaged", detail=detail[:200])
