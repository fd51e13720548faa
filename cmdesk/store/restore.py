"""Putting a backup in the profile's place: verified first, swapped by one rename, nothing sent again.

What was there before is kept in a folder of its own. After a restore nothing that was not out is
sent before it was looked for on its network (RELIABILITY 1.6).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from cmdesk.errors import Corrupt, DeskError, Invalid, NewerSchema
from cmdesk.files import private_folder, sync_folder
from cmdesk.store.archive import DATABASE, Cancelled, Progress, unpack_archive
from cmdesk.store.db import SCHEMA_VERSION, Store, Transaction, configure, explain
from cmdesk.store.lock import ProfileLock
from cmdesk.store.outbox import hold_restored
from cmdesk.store.settings import put_meta

META_RESTORED = "restored_at"
_SQLITE = b"SQLite format 3\0"


def restore(
    profile: Path, file: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Path | None:
    """Put a backup (`backup`'s file, or an automatic copy) in the place of a closed profile.

    Returns the folder that keeps what was there before, None when there was nothing. Raises ProfileInUse,
    Invalid (`backup_missing`, `backup_damaged`, `backup_newer`), NewerSchema, DiskFull, StoreError
    (`cancelled`); after an error the profile is as it was.
    """
    if not file.is_file():
        raise Invalid(f"there is no file {file}", code="backup_missing", detail=str(file))
    lock = ProfileLock(profile)
    lock.acquire()
    try:
        work = private_folder(profile / "tmp") / f"restore-{secrets.token_hex(4)}"
        work.mkdir(mode=0o700)
        try:
            if _is_database(file):
                shutil.copyfile(file, work / DATABASE)
                (work / DATABASE).chmod(0o600)
            else:
                unpack_archive(file, work, progress=progress, cancelled=cancelled)
            _prepare(work / DATABASE)
            _place_pictures(work / "media", profile / "media")
            return _swap(work / DATABASE, profile)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        lock.release()


def _is_database(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE


def _prepare(database: Path) -> None:
    """Check a database from outside, bring it to our schema and hold what it believes to be unsent."""
    _inspect(database)
    try:
        store = Store(database)
        try:
            store.write(_hold).result()
            changed = store.read(_foreign_code)
        finally:
            store.close()
    except (Corrupt, sqlite3.Error) as error:
        raise _damaged("the database is damaged") from error
    if changed:
        raise _damaged(f"the database holds code that is not ours: {changed}")
    if Path(f"{database}-wal").exists():
        raise _damaged("its journal could not be merged")
    # The copy made before a migration is of no use: the backup itself is that copy.
    shutil.rmtree(database.parent / "backups", ignore_errors=True)


def _inspect(database: Path) -> None:
    """Look at a database without running anything of it."""
    conn = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        configure(conn)
        conn.execute("PRAGMA cell_size_check = ON")
        if conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _damaged("the database is damaged")
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise NewerSchema(
                f"the backup has schema {version}, this program knows {SCHEMA_VERSION}", detail=str(version)
            )
        tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if version < 1 or not {"brand", "account", "message", "delivery"} <= tables:
            raise _damaged("the database is not ours")
        if version == SCHEMA_VERSION and (foreign := _foreign_code(conn)):
            raise _damaged(f"the database holds code that is not ours: {foreign}")
    except sqlite3.DatabaseError as error:
        raise _damaged(str(error)) from error
    finally:
        conn.close()


def _foreign_code(conn: sqlite3.Connection) -> str:
    """Return the name of a trigger or view that our schema does not have exactly so, '' when there is none."""
    from cmdesk.store.migrations import code_of_schema

    own = code_of_schema()
    for name, sql in conn.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"):
        if own.get(name) != sql:
            return str(name)
    return ""


def _hold(tx: Transaction) -> int:
    put_meta(tx, META_RESTORED, tx.now.isoformat())
    tx.conn.execute(
        # A like of last month must not be given again; words that were to be changed wait for the person.
        "UPDATE action SET state = CASE WHEN act = 'edit' THEN 'rejected' ELSE 'cancelled' END,"
        " reason_code = 'restored', done_at = ? WHERE state IN ('queued', 'backoff', 'blocked_auth')",
        (tx.now_ms,),
    )
    return hold_restored(tx)


def _place_pictures(source: Path, folder: Path) -> None:
    """Add the backup's pictures: they are named by their content, so the same name is the same picture."""
    if not source.is_dir():
        return
    private_folder(folder)
    for path in source.iterdir():
        target = folder / path.name
        if not target.exists():
            path.replace(target)
    sync_folder(folder)


def _swap(database: Path, profile: Path) -> Path | None:
    """Put `database` in place in one rename, after what is there got a second name in a folder of its own."""
    target = profile / DATABASE
    kept: Path | None = None
    beside = [Path(f"{target}{suffix}") for suffix in ("", "-wal", "-shm")]
    if any(path.exists() for path in beside):
        # A sound database takes its journal in, so that one file is all of it.
        with contextlib.suppress(DeskError, sqlite3.Error):
            _settle(target)
        kept = _safety_folder(profile)
        for path in beside:
            if path.exists():
                _second_name(path, kept / path.name)
        for journal in beside[1:]:
            journal.unlink(missing_ok=True)
        sync_folder(kept)
    database.replace(target)
    sync_folder(profile)
    return kept


def _settle(database: Path) -> None:
    conn = sqlite3.connect(database, isolation_level=None, timeout=1)
    try:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()


def _safety_folder(profile: Path) -> Path:
    now = datetime.now(UTC)
    for number in range(1000):
        folder = profile / f"before-restore-{now:%Y%m%d-%H%M%S}{f'-{number}' if number else ''}"
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise Invalid("no name is left for what was there before", code="backup_place")


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # no hard links on this file system
        shutil.copyfile(path, other)
        other.chmod(0o600)


def _damaged(why: str) -> Invalid:
    return Invalid(f"this is no backup that can be restored: {why}", code="backup_damaged", detail=why[:200])
