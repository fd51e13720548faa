"""The open database: one writer, transactions, errors by name, and what it never does to a file."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.errors import Corrupt, DiskFull, NewerSchema, ProfileInUse, ReadOnly, StoreError
from cmdesk.store import brands, reserve, settings
from cmdesk.store.changes import ChangeFeed, Changes, Topic
from cmdesk.store.db import SCHEMA_VERSION, Store, Transaction
from cmdesk.store.lock import ProfileLock
from tests.core.store.conftest import Bench

ADD = {"zone": "UTC", "language": "es", "color": "#112233"}


def test_an_error_leaves_nothing_and_announces_nothing(store: Store) -> None:
    told: list[Changes] = []
    store.feed.subscribe(told.append)

    def half(tx: Transaction) -> None:
        brands.add_brand(tx, name="Half", **ADD)
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        store.write(half).result(5)
    assert store.read(brands.list_brands) == []
    assert told == []


def test_changes_are_told_after_the_commit(store: Store) -> None:
    seen: list[int] = []

    def look(changes: Changes) -> None:
        other = sqlite3.connect(store.path)
        seen.append(other.execute("SELECT count(*) FROM brand").fetchone()[0])
        other.close()
        assert changes.concerns(Topic.BRAND)

    store.feed.subscribe(look)
    store.write(brands.add_brand, name="A", **ADD).result(5)
    assert seen == [1]


def test_decisions_go_before_background_writes(store: Store) -> None:
    order: list[str] = []
    started, gate = threading.Event(), threading.Event()

    def note(tx: Transaction, name: str) -> None:
        if name == "first":
            started.set()
            gate.wait(5)
        order.append(name)

    futures = [store.write_background(note, "first"), store.write_background(note, "page")]
    assert started.wait(5)
    futures.append(store.write(note, "decision"))
    gate.set()
    for future in futures:
        future.result(5)
    assert order == ["first", "decision", "page"]


def test_readers_cannot_write_and_see_no_half_transaction(store: Store) -> None:
    with pytest.raises(ReadOnly):
        store.read(lambda reader: reader.execute("DELETE FROM brand"))
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        brands.add_brand(tx, name="A", **ADD)
        inside.set()
        go_on.wait(5)

    future = store.write(slow)
    assert inside.wait(5)
    assert store.read(brands.list_brands) == []
    go_on.set()
    future.result(5)
    assert len(store.read(brands.list_brands)) == 1


def test_closed_is_closed(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError) as caught:
        store.write(brands.add_brand, name="A", **ADD)
    assert caught.value.code == "closed"
    assert not Path(f"{store.path}-wal").exists() or Path(f"{store.path}-wal").stat().st_size == 0


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_files_are_private(store: Store) -> None:
    store.write(brands.add_brand, name="A", **ADD).result(5)
    for path in store.path.parent.iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_current_profile_opens_without_heavy_imports(store: Store) -> None:
    store.close()
    code = (
        "import sys; from pathlib import Path; from cmdesk.store.db import Store; from cmdesk.store import inbox;"
        " s = Store(Path(sys.argv[1])); s.read(inbox.counters); s.close();"
        " print([m for m in ('sqlite_utils', 'requests', 'keyring', 'PIL', 'asyncio', 'zipfile') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, timeout=30)
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


# Files that are not what they should be


def test_a_newer_file_is_refused_untouched(store: Store) -> None:
    store.close()
    conn = sqlite3.connect(store.path)
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    conn.close()
    before = store.path.read_bytes()
    with pytest.raises(NewerSchema):
        Store(store.path)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "first page", "truncated", "emptied", "foreign"])
def test_a_damaged_file_is_named_and_left_alone(store: Store, damage: str) -> None:
    store.write(brands.add_brand, name="A", **ADD).result(5)
    store.close()
    path = store.path
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    data = path.read_bytes()
    if damage == "text":
        path.write_bytes(b"this is no database, it is a letter" * 200)
    elif damage == "first page":
        path.write_bytes(b"\0" * 4096 + data[4096:])
    elif damage == "truncated":
        path.write_bytes(data[:6000])
    elif damage == "emptied":
        path.write_bytes(b"")
        (path.parent / "backups").mkdir()
        (path.parent / "backups" / "desk-1.db").write_bytes(data)
    else:
        path.unlink()
        conn = sqlite3.connect(path)
        conn.execute("CREATE TABLE cookies (id)")
        conn.close()
    before = path.read_bytes()
    with pytest.raises(Corrupt):
        Store(path)
    assert path.read_bytes() == before


def test_damage_deep_inside_shows_at_the_first_touch(bench: Bench) -> None:
    bench.do(_many_settings)
    bench.store.close()
    path = bench.store.path
    data = bytearray(path.read_bytes())
    at = data.rindex(b"setting-199")
    page = at // 4096 * 4096
    data[page : page + 64] = b"\xff" * 64
    path.write_bytes(data)
    store = Store(path)
    try:
        with pytest.raises(Corrupt):
            store.read(settings.everything)
    finally:
        store.close()


def _many_settings(tx: Transaction) -> None:
    for number in range(200):
        settings.put(tx, f"setting-{number:03}", "x" * 50)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(ReadOnly):
        Store(folder / "desk.db")


# A full disk


def fill(tx: Transaction, text: str) -> None:
    settings.put(tx, "big", text)


def _limit(tx: Transaction, pages: int) -> None:
    tx.conn.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_rolls_back_and_says_so(bench: Bench) -> None:
    bench.do(_limit, bench.sql("PRAGMA page_count")[0][0])
    with pytest.raises(DiskFull):
        bench.do(fill, "x" * 1_000_000)
    assert bench.read(settings.get, "big") is None
    assert bench.sql("PRAGMA integrity_check") == [("ok",)]
    bench.do(_limit, 1_000_000)
    bench.do(fill, "x" * 1_000_000)
    assert len(bench.read(settings.get, "big")) == 1_000_000


@reserve.vital
def answer(tx: Transaction) -> None:
    fill(tx, "what the network said")


def test_an_answer_is_stored_from_the_reserve(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = bench.store.path.parent / "reserve"
    assert kept.stat().st_size == reserve.SIZE
    real = Store._transact

    def full(self: Store, *args: Any, **kwargs: Any) -> Any:
        if kept.exists():
            raise DiskFull("no space")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Store, "_transact", full)
    with pytest.raises(DiskFull):
        bench.do(fill, "a page of the sync")
    assert kept.exists(), "only what is vital may use the reserve"
    bench.do(answer)
    assert bench.read(settings.get, "big") == "what the network said"
    assert not kept.exists()
    monkeypatch.undo()
    bench.do(fill, "there is space again")
    assert kept.stat().st_size == reserve.SIZE


# One copy of the program


def test_a_profile_is_held_once_and_freed_by_a_kill(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    code = (
        "import sys; from pathlib import Path; from cmdesk.store.lock import ProfileLock;"
        " ProfileLock(Path(sys.argv[1])).acquire(); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(profile)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = ProfileLock(profile)
        with pytest.raises(ProfileInUse) as caught:
            lock.acquire()
        assert caught.value.detail == str(holder.pid)
        assert not lock.held
    finally:
        holder.kill()
        holder.communicate()
    lock.acquire()
    assert lock.held
    assert lock.holder() == os.getpid()
    lock.release()
    assert lock.holder() is None
    if os.name == "posix":
        assert stat.S_IMODE(profile.stat().st_mode) == 0o700


def test_two_locks_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    first, second = ProfileLock(tmp_path), ProfileLock(tmp_path)
    first.acquire()
    with pytest.raises(ProfileInUse):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_background_changes_are_merged(tmp_path: Path, clock: FixedClock) -> None:
    feed = ChangeFeed(merge_seconds=60)
    told: list[Changes] = []
    feed.subscribe(told.append)
    store = Store(tmp_path / "desk.db", clock=clock, feed=feed)
    for name in ("A", "B", "C"):
        store.write_background(brands.add_brand, name=name, **ADD).result(5)
    assert told == []
    store.close()
    assert len(told) == 1
    assert told[0].ids(Topic.BRAND) == {1, 2, 3}
