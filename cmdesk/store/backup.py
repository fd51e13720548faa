"""Backups: one file with everything but secrets, and automatic verified copies of the database."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmdesk import __version__
from cmdesk.errors import Corrupt, DiskFull, Invalid, ReadOnly
from cmdesk.files import private_folder, sync_folder
from cmdesk.store.archive import DATABASE, Cancelled, Progress, Steps, verify_archive, write_archive
from cmdesk.store.db import Reader, Store, Transaction, configure, explain
from cmdesk.store.media import media_files
from cmdesk.store.restore import restore
from cmdesk.store.settings import meta, put_meta

__all__ = [
    "Copy",
    "automatic",
    "backup",
    "backup_before_migration",
    "check",
    "check_due",
    "copies",
    "last_good",
    "restore",
    "snapshot",
]

FOLDER = "backups"
KEEP = 5
EVERY = timedelta(days=1)
CHECK_EVERY = timedelta(days=7)
META_BACKUP = "backup_at"
META_CHECK = "checked_at"
_PAGES = 2000  # database pages copied between two looks at the way out


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the database in the profile's own folder."""

    path: Path
    at: datetime
    size: int


def backup(store: Store, file: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Path:
    """Write everything but secrets to `file` (replaced when it exists), read it back, and return it.

    Raises DiskFull, ReadOnly, Corrupt, StoreError (code `cancelled`); after an error `file` is as it was.
    `progress` is told (done, total) bytes; both callbacks run on the calling thread.
    """
    profile = store.path.parent
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    with _explained(file.parent), _workplace(profile) as work:
        copied = snapshot(store, work / DATABASE, cancelled=cancelled)
        files = {DATABASE: copied, **_pictures(profile, store.read(media_files))}
        steps = Steps(2 * sum(path.stat().st_size for path in files.values()), progress, cancelled)
        try:
            write_archive(
                draft,
                files,
                schema=_schema_of(copied),
                made_at=store.clock.now().astimezone(UTC).isoformat(),
                program=__version__,
                steps=steps,
            )
            verify_archive(draft, steps)
            draft.replace(file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        sync_folder(file.parent)
    return file


def snapshot(store: Store, target: Path, *, cancelled: Cancelled | None = None) -> Path:
    """Copy the database as it is now to `target` (0600), without holding up writes, and check the copy.

    Raises Corrupt when the copy is not sound: what is damaged must not replace what is good.
    """
    source = sqlite3.connect(f"{store.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    steps = Steps(1, None, cancelled)
    try:
        configure(source)
        # One unchanging view: without it every write would start the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master").fetchone()
        _copy(source, target, steps)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise explain(error) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        source.close()
    return target


def _copy(source: sqlite3.Connection, target: Path, steps: Steps) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600))
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        source.backup(copy, pages=_PAGES, progress=lambda _status, _left, _total: steps.step(0), sleep=0)
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        copy.close()
    if found != "ok":
        raise Corrupt(f"the copy is damaged: {found}", detail=str(found)[:200])
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def automatic(
    store: Store, *, every: timedelta = EVERY, keep: int = KEEP, cancelled: Cancelled | None = None
) -> Path | None:
    """Make a verified copy of the database when the last one is older than `every`; None when it is not.

    Keeps the newest `keep`. A copy that is not sound raises Corrupt and replaces nothing. Once a week the
    database itself is checked too, references included.
    """
    now = store.clock.now()
    last = store.read(meta, META_BACKUP)
    if last and timedelta() <= now - datetime.fromisoformat(last) < every:
        return None
    folder = store.path.parent / FOLDER
    with _explained(folder):
        private_folder(folder)
        made = _place(folder, store.path, _name(now, ""), lambda draft: snapshot(store, draft, cancelled=cancelled))
    store.write(_note, META_BACKUP, now.isoformat()).result()
    _thin(folder, keep)
    if check_due(store):
        check(store)
    return made


def backup_before_migration(conn: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy a database of schema `version` beside it before it is changed; raises Corrupt, DiskFull, ReadOnly."""
    folder = path.parent / FOLDER
    steps = Steps(1, None, None)
    with _explained(folder):
        private_folder(folder)
        return _place(folder, path, _name(datetime.now(UTC), f"-v{version}"), lambda draft: _copy(conn, draft, steps))


def _place(folder: Path, database: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Make a copy under a name that nobody reads, then give it its own."""
    draft = folder / f".{name}.{secrets.token_hex(4)}.part"
    target = folder / f"{database.stem}-{name}.db"
    try:
        make(draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return target


def copies(profile: Path) -> list[Copy]:
    """Return the copies of the database in the profile's own folder, newest first; works on a closed profile."""
    found = []
    for path in (profile / FOLDER).glob("*.db"):
        with contextlib.suppress(OSError):
            facts = path.stat()
            found.append(Copy(path, datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size))
    return sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True)


def last_good(profile: Path) -> Path | None:
    """Return the newest copy of the database that is sound, None when there is none."""
    for copy in copies(profile):
        with contextlib.suppress(sqlite3.Error, OSError):
            conn = sqlite3.connect(f"{copy.path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                if conn.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                    return copy.path
            finally:
                conn.close()
    return None


def check(store: Store) -> None:
    """Check the whole database (seconds for a large one) and note the time; raises Corrupt with what was found."""
    found = [row[0] for row in store.read(_quick_check)]
    if found != ["ok"]:
        raise Corrupt(f"the database is damaged: {found[0]}", detail=found[0][:200])
    broken = store.read(_broken_references)
    if broken:
        raise Corrupt(f"rows of {broken} refer to nothing", detail=broken)
    store.write(_note, META_CHECK, store.clock.now().isoformat()).result()


def check_due(store: Store) -> bool:
    """Say whether the weekly check is due."""
    last = store.read(meta, META_CHECK)
    return not last or not timedelta() <= store.clock.now() - datetime.fromisoformat(last) < CHECK_EVERY


def _quick_check(reader: Reader) -> list[tuple[str]]:
    return reader.execute("PRAGMA quick_check(10)").fetchall()


def _broken_references(reader: Reader) -> str:
    row = reader.execute("PRAGMA foreign_key_check").fetchone()
    return "" if row is None else str(row[0])


def _note(tx: Transaction, key: str, value: str) -> None:
    put_meta(tx, key, value)


def _name(at: datetime, suffix: str) -> str:
    return f"{at.astimezone(UTC):%Y%m%d-%H%M%S}{suffix}"


def _thin(folder: Path, keep: int) -> None:
    """Remove the oldest daily copies; those made before a migration are not counted and stay."""
    daily = sorted((path for path in folder.glob("*.db") if "-v" not in path.stem), reverse=True)
    for path in daily[keep:]:
        path.unlink(missing_ok=True)


def _pictures(profile: Path, files: set[str]) -> dict[str, Path]:
    folder = profile / "media"
    return {f"media/{name}": folder / name for name in sorted(files) if (folder / name).is_file()}


def _schema_of(path: Path) -> int:
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return int(conn.execute("PRAGMA user_version").fetchone()[0])
    finally:
        conn.close()


@contextmanager
def _workplace(profile: Path) -> Iterator[Path]:
    """Make a folder for half-done work inside the profile and remove it afterwards."""
    folder = private_folder(profile / "tmp") / f"backup-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"no space left for the backup in {folder}") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise ReadOnly(f"{folder} cannot be written", detail=str(folder)) from error
        raise Invalid(f"the backup cannot be written to {folder}: {error.strerror}", code="backup_place") from error
