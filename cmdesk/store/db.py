"""One profile's database: one writing thread, named transactions, read-only connections.

Only this package knows SQLite. Every write is a function `fn(tx, ...)` run by the
writer thread in one named transaction; what it touched is announced after the
commit. Reads are functions `fn(reader, ...)` on a read-only connection of the
calling thread; in WAL mode they never wait for the writer.
"""

from __future__ import annotations

import itertools
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from cmdesk.clock import Clock, SystemClock, to_ms
from cmdesk.errors import Corrupt, DiskFull, NewerSchema, ReadOnly, StoreError
from cmdesk.store.changes import ChangeFeed, Changes, Topic
from cmdesk.store.reserve import Reserve, is_vital
from cmdesk.text import folded

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA_VERSION = 4
SLOW_MS = 100
CLOSE_S = 5.0  # so long running queries may take to end when the profile is closed
BUSY_MS = 1000
LARGE_PAGES = 50_000  # 200 MB: a copy of so much is not made in memory

# A read-only connection; only functions of cmdesk.store use its methods.
Reader = sqlite3.Connection


@dataclass(frozen=True)
class Undo:
    """How to take a decision back: a command and its arguments, and the code that names it for the person."""

    name: str
    command: Callable[..., Any]
    args: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Done(Generic[R]):
    """The result of a write: its value, what it touched, and its undo if it has one."""

    value: R
    changes: Changes
    undo: Undo | None = None


class Transaction:
    """The writer's hands during one named transaction; never kept beyond it."""

    def __init__(self, store: Store, name: str, now: datetime) -> None:
        self._store = store
        self.name = name
        self.now = now
        self.now_ms = to_ms(now)
        self.conn = store.writing_connection
        self.changes = Changes()
        self.undo: Undo | None = None

    @property
    def db(self) -> Database:
        """The same connection through sqlite-utils, for the roads where comfort beats speed."""
        return self._store.database

    def touch(self, topic: Topic, brand_id: int, *ids: int) -> None:
        """Note what this write changes."""
        self.changes.touch(topic, brand_id, *ids)

    def undoable(self, name: str, command: Callable[..., Any], /, *, detail: str = "", **args: Any) -> None:
        """Name the command that takes this one back."""
        self.undo = Undo(name=name, command=command, args=args, detail=detail)


@dataclass(order=True)
class _Job:
    priority: int
    number: int
    run: Callable[[], None] = field(compare=False)


class Store:
    """The open database of a profile."""

    def __init__(self, path: Path, *, clock: Clock | None = None, feed: ChangeFeed | None = None) -> None:
        """Open (or make) the database at `path`; raises NewerSchema, Corrupt, ReadOnly, DiskFull.

        A file of an older schema is backed up and verified before it is migrated.
        """
        self.path = path
        self.clock: Clock = clock or SystemClock()
        self.feed = feed or ChangeFeed()
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._readers_lock = threading.Lock()
        self._quiet = threading.Condition()
        self._reading = 0  # queries that run now
        self._shut = False
        self._database: Database | None = None
        self._short = False  # the reserve is missing
        self._damage: Corrupt | None = None
        self._closed = False
        self._closing = threading.Lock()
        self.reserve = Reserve(path.parent)
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, args=(opened,), name="store-writer", daemon=True)
        self._thread.start()
        opened.result()

    # Writing

    def stop_writing(self, damage: Corrupt) -> None:
        """Refuse every write from now on with `damage`; reading goes on, and a restore opens the profile anew."""
        log.error("the database is damaged, nothing is written any more: %s", damage)
        self._damage = damage

    def write(
        self,
        fn: Callable[Concatenate[Transaction, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[Done[R]]:
        """Run a person's write soon, durably (fsync before the future resolves), and announce it at once."""
        return self._submit(fn, args, kwargs, durable=True, background=False)

    def write_background(
        self,
        fn: Callable[Concatenate[Transaction, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[Done[R]]:
        """Run a sync write: after waiting decisions, repeatable after a power cut, announced merged."""
        return self._submit(fn, args, kwargs, durable=False, background=True)

    def _submit(
        self,
        fn: Callable[..., R],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        durable: bool,
        background: bool,
    ) -> Future[Done[R]]:
        future: Future[Done[R]] = Future()
        asked = time.monotonic()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            waited_ms = (time.monotonic() - asked) * 1000
            if waited_ms > BUSY_MS:
                log.warning("busy: %s waited %.0f ms for the writer", fn.__name__, waited_ms)
            try:
                if self._damage is not None:
                    raise Corrupt(str(self._damage), detail=self._damage.detail)
                done = self._transact_at_all_costs(fn, args, kwargs, durable=durable)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                future.set_exception(error)
                return
            self.feed.announce(done.changes, background=background)
            future.set_result(done)

        with self._closing:
            if self._closed:
                raise StoreError("the profile is closed", code="closed")
            self._jobs.put(_Job(1 if background else 0, next(self._numbers), job))
        return future

    def rewrite(self) -> Future[None]:
        """Write the whole file anew soon, so that nothing deleted is left in it or beside it; raises StoreError.

        For people who asked to be deleted (N21): deleted words also leave the search, free pages and the journal.
        """
        future: Future[None] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                rewrite_file(self.writing_connection)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                future.set_exception(explain(error) if isinstance(error, sqlite3.Error) else error)
                return
            future.set_result(None)

        with self._closing:
            if self._closed:
                raise StoreError("the profile is closed", code="closed")
            self._jobs.put(_Job(1, next(self._numbers), job))
        return future

    def _transact_at_all_costs(
        self, fn: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any], *, durable: bool
    ) -> Done[R]:
        """Transact; on a full disk once more when the write is vital and the reserve could be given up."""
        try:
            done = self._transact(fn, args, kwargs, durable=durable)
        except DiskFull:
            self._short = True
            if not is_vital(fn) or not self.reserve.give_up():
                raise
            return self._transact(fn, args, kwargs, durable=durable)
        if self._short:
            self._short = not self.reserve.make()
        return done

    def _transact(
        self, fn: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any], *, durable: bool
    ) -> Done[R]:
        conn = self.writing_connection
        started = time.monotonic()
        tx = Transaction(self, fn.__name__, self.clock.now())
        try:
            conn.execute("PRAGMA synchronous = FULL" if durable else "PRAGMA synchronous = NORMAL")
            conn.execute("BEGIN IMMEDIATE")
            try:
                value = fn(tx, *args, **kwargs)
                conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise explain(error) from error
        took_ms = (time.monotonic() - started) * 1000
        if took_ms > SLOW_MS:
            log.info("slow: %s held the writer %.0f ms", tx.name, took_ms)
        return Done(value, tx.changes, tx.undo)

    @property
    def writing_connection(self) -> sqlite3.Connection:
        """The one writing connection; usable on the writer thread only."""
        return self._writing

    @property
    def database(self) -> Database:
        """The writing connection through sqlite-utils."""
        if self._database is None:
            from sqlite_utils import Database

            self._database = Database(self._writing, execute_plugins=False, strict=True)
        return self._database

    def _work(self, opened: Future[None]) -> None:
        try:
            self._writing = self._open_writing()
        except BaseException as error:  # noqa: BLE001 - handed to the constructor
            opened.set_exception(error)
            return
        self._short = not self.reserve.make()
        opened.set_result(None)
        while True:
            job = self._jobs.get()
            if job.priority > 1:
                break
            job.run()
        # The last connection to go merges the journal and removes it; a reader could do neither.
        self._close_readers()
        try:
            self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            log.warning("the database was closed without being merged: %s", error)
        self._writing.close()

    def _close_readers(self) -> None:
        """End running queries, then close; a connection closed under a query would crash the program."""
        with self._quiet:
            self._shut = True
            ends = time.monotonic() + CLOSE_S
            while self._reading and time.monotonic() < ends:
                with self._readers_lock:
                    for conn in self._readers:
                        conn.interrupt()
                self._quiet.wait(0.02)
            if self._reading:
                log.error("%d queries did not end; their connections stay open", self._reading)
                return
        with self._readers_lock:
            for conn in self._readers:
                conn.close()
            self._readers.clear()

    def _open_writing(self) -> sqlite3.Connection:
        try:
            fresh = not self.path.exists()
            if fresh:
                self.path.touch(mode=0o600)
            elif self.path.stat().st_size == 0 and self._was_used():
                raise Corrupt(f"{self.path} is empty", detail="empty")
            conn = sqlite3.connect(self.path, isolation_level=None, check_same_thread=True, timeout=5)
            try:
                configure(conn)
                version = self._version(conn)
                conn.execute("PRAGMA journal_mode = WAL")
                conn.execute("PRAGMA journal_size_limit = 67108864")
                if version < SCHEMA_VERSION:
                    self._migrate(conn, version)
            except BaseException:
                conn.close()
                raise
        except sqlite3.Error as error:
            raise explain(error) from error
        except PermissionError as error:
            raise ReadOnly(f"{self.path} cannot be written", detail=str(self.path)) from error
        for suffix in ("", "-wal", "-shm"):
            beside = Path(f"{self.path}{suffix}")
            if beside.exists():
                os.chmod(beside, 0o600)
        return conn

    def _version(self, conn: sqlite3.Connection) -> int:
        """Return the file's schema version; raises NewerSchema, and Corrupt for a file that is not ours.

        Reads the whole schema: a damaged first page shows here, not in the middle of work.
        """
        version: int = conn.execute("PRAGMA user_version").fetchone()[0]
        tables = conn.execute("SELECT count(*) FROM sqlite_master WHERE substr(name, 1, 1) <> '_'").fetchone()[0]
        if version == 0 and tables:
            raise Corrupt(f"{self.path} is not a database of this program", detail="foreign")
        if version > SCHEMA_VERSION:
            raise NewerSchema(
                f"the profile has schema {version}, this program knows {SCHEMA_VERSION}", detail=str(version)
            )
        return version

    def _was_used(self) -> bool:
        """Say whether something shows that an empty file held a profile: its journal, or copies of it."""
        return Path(f"{self.path}-wal").exists() or any((self.path.parent / "backups").glob("*.db"))

    def _migrate(self, conn: sqlite3.Connection, version: int) -> None:
        from sqlite_utils import Database

        from cmdesk.store.migrations import migrations

        if version > 0:
            from cmdesk.store.backup import backup_before_migration

            backup_before_migration(conn, self.path, version)
        # All steps or none, the table that counts them included.
        conn.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(Database(conn, execute_plugins=False, strict=True))
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise

    # Reading

    def reader(self) -> Reader:
        """Return this thread's read-only connection."""
        conn: sqlite3.Connection | None = getattr(self._local, "conn", None)
        if conn is None:
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            try:
                conn = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5)
                configure(conn)
                conn.execute("PRAGMA query_only = ON")
            except sqlite3.Error as error:
                raise explain(error) from error
            self._local.conn = conn
            with self._readers_lock:
                self._readers.append(conn)
        return conn

    def read(self, fn: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on the calling thread; short ones only on a thread that paints.

        Raises StoreError, with the code `closed` once the profile is closed.
        """
        self._begin_reading()
        try:
            return fn(self.reader(), *args, **kwargs)
        except sqlite3.Error as error:
            raise explain(error) from error
        finally:
            self._end_reading()

    def snapshot(self, fn: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run several queries on one unchanging view of the data (reports, exports)."""
        self._begin_reading()
        try:
            conn = self.reader()
            conn.execute("BEGIN")
            try:
                return fn(conn, *args, **kwargs)
            finally:
                conn.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise explain(error) from error
        finally:
            self._end_reading()

    def _begin_reading(self) -> None:
        with self._quiet:
            if self._shut:
                raise StoreError("the profile is closed", code="closed")
            self._reading += 1

    def _end_reading(self) -> None:
        with self._quiet:
            self._reading -= 1
            if self._shut:
                self._quiet.notify_all()

    def close(self) -> None:
        """Finish waiting writes, tell what is pending, close every connection."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(_Job(2, next(self._numbers), lambda: None))
        self._thread.join()
        self.feed.close()


def configure(conn: sqlite3.Connection) -> None:
    """Set what every connection needs: keys enforced, nothing in the file trusted."""
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA trusted_schema = OFF")
    conn.execute("PRAGMA recursive_triggers = ON")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.create_function("folded", 1, folded, deterministic=True)


def rewrite_file(conn: sqlite3.Connection) -> None:
    """Merge the search indexes, copy what is left into a fresh file and empty the journal."""
    for index in ("message_fts", "contact_fts", "post_fts"):
        conn.execute(" ".join(("INSERT INTO", index, "(", index, ") VALUES ('optimize')")))
    # A large copy is kept on disk, not in memory.
    large = conn.execute("PRAGMA page_count").fetchone()[0] > LARGE_PAGES
    if large:
        conn.execute("PRAGMA temp_store = FILE")
    try:
        conn.execute("VACUUM")
    finally:
        if large:
            conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def explain(error: sqlite3.Error) -> StoreError:
    """Turn SQLite's error into one that says what to do; unknown ones stay loud."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    text = str(error)
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(text)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Corrupt(text)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ReadOnly(text)
    return StoreError(text, code=f"sqlite_{code}")
