"""Backups and restores: whole, verified, without secrets, and nothing is sent twice after one."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cmdesk.care.evidence import KeptFile
from cmdesk.clock import FixedClock, to_ms
from cmdesk.errors import Corrupt, DeskError, Invalid, NewerSchema, ProfileInUse, StoreError
from cmdesk.model import DeliveryState, Target
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.store import archive, backup, brands, evidence, media, outbox_read, planning
from cmdesk.store.db import SCHEMA_VERSION, Store, Transaction
from cmdesk.store.intake import upsert_items
from cmdesk.store.lock import ProfileLock
from tests.core.store.conftest import Bench

PICTURE = b"the clean bytes of a picture"
NAME = hashlib.sha256(PICTURE).hexdigest() + ".png"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Info:
    """What cmdesk.media says of a clean picture."""

    sha256, mime, width, height = NAME.partition(".")[0], "image/png", 2, 2
    byte_size, file_name = len(PICTURE), NAME


@pytest.fixture
def filled(profile: Path, clock: FixedClock) -> Any:
    """Return an open profile with a brand, a conversation, a post with a picture and one delivery per state."""
    profile.mkdir(mode=0o700)
    bench = Bench(Store(profile / "desk.db", clock=clock))
    (profile / "media").mkdir(mode=0o700)
    (profile / "media" / NAME).write_bytes(PICTURE)
    (profile / "media" / "stray.png").write_bytes(b"no row stands for this one")
    bench.do(upsert_items, bench.account, "home", [Incoming("m1", Kind.MENTION, Author("u", "u@x"), NOW, text="hola")])
    bench.do(_deliveries, bench)
    yield bench
    bench.store.close()


def _deliveries(tx: Transaction, bench: Bench) -> None:
    picture = media.add_media(tx, bench.brand_id, Info())
    for state in DeliveryState:
        post_id = planning.save_post(
            tx, brand_id=bench.brand_id, text=f"post {state}", targets=[Target(bench.account.id)],
            media=[(picture.id, "alt")],
        )  # fmt: skip
        tx.conn.execute(
            "INSERT INTO delivery (brand_id, account_id, post_id, revision, kind, text, expected_author, idem_key,"
            " record_key, due_at, wall, zone, late_grace_s, sealed_at, state, state_at, remote_id)"
            " VALUES (?, ?, ?, 1, 'post', 'x', 'me', ?, ?, ?, '2026-03-02T10:00', 'UTC', 900, ?, ?, ?, ?)",
            (bench.brand_id, bench.account.id, post_id, f"k{post_id}", f"r{post_id}", to_ms(NOW), tx.now_ms,
             state.value, tx.now_ms, f"remote-{post_id}" if state in ("published", "confirmed") else None),
        )  # fmt: skip
    tx.conn.executemany(
        "INSERT INTO action (brand_id, account_id, act, target, created_at) VALUES (?, ?, ?, '{}', 1)",
        [(bench.brand_id, bench.account.id, "like"), (bench.brand_id, bench.account.id, "edit")],
    )


def tables(path: Path) -> dict[str, str]:
    """Return a hash per table, of what the user put there."""
    conn = sqlite3.connect(path)
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = [name for name in names if "_fts" not in name and not name.startswith(("sqlite_", "_sqlite"))]
    found = {
        name: hashlib.sha256(repr(sorted(map(repr, conn.execute(f'SELECT * FROM "{name}"')))).encode()).hexdigest()
        for name in kept
    }
    conn.close()
    return found


def test_a_backup_holds_everything_and_only_that(filled: Bench, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    file = backup.backup(filled.store, tmp_path / "all.cmdesk", progress=lambda *step: steps.append(step))
    with zipfile.ZipFile(file) as packed:
        assert sorted(packed.namelist()) == ["desk.db", "manifest.json", f"media/{NAME}"]
        manifest = json.loads(packed.read("manifest.json"))
        assert manifest["members"][f"media/{NAME}"] == [NAME.partition(".")[0], len(PICTURE)]
        assert manifest["schema"] == SCHEMA_VERSION
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _total in steps] == sorted(done for done, _total in steps)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in (filled.store.path.parent / "tmp").iterdir()] == []
    assert [each.name for each in tmp_path.iterdir() if "all" in each.name] == ["all.cmdesk"]


def test_a_restore_gives_everything_back_and_sends_nothing(filled: Bench, tmp_path: Path) -> None:
    before = tables(filled.store.path)
    file = backup.backup(filled.store, tmp_path / "all.cmdesk")
    target = tmp_path / "new profile"
    assert backup.restore(target, file) is None
    after = tables(target / "desk.db")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"delivery", "action", "meta"}
    assert (target / "media" / NAME).read_bytes() == PICTURE
    store = Store(target / "desk.db")
    try:
        left = {each.state for each in store.read(outbox_read.deliveries)}
        # Nothing that could leave by itself is left.
        assert left == {
            DeliveryState.HELD_RESTORED, DeliveryState.PUBLISHED, DeliveryState.CONFIRMED, DeliveryState.REVIEW,
            DeliveryState.REJECTED, DeliveryState.CANCELLED, DeliveryState.HANDED_OFF, DeliveryState.MANUAL,
        }  # fmt: skip
        assert dict(store.reader().execute("SELECT act, state FROM action")) == {
            "like": "cancelled",
            "edit": "rejected",
        }
    finally:
        store.close()
    assert sorted(each.name for each in target.iterdir() if each.name != "reserve") == [
        "desk.db", "desk.lock", "media", "tmp",
    ]  # fmt: skip


def test_evidence_goes_along_with_its_pictures_and_its_chain(filled: Bench, tmp_path: Path) -> None:
    shot = b"what the screen showed"
    digest = hashlib.sha256(shot).hexdigest()
    (filled.store.path.parent / "media" / f"{digest}.png").write_bytes(shot)
    for note in ("first", "second"):
        filled.do(
            evidence.add, brand_id=filled.brand_id, conversation_id=None, message_id=None, reason="abuse", note=note,
            content={"text": "¡Feo!"}, files=[KeptFile(f"{digest}.png", digest, "image/png", 2, 2, len(shot))],
        )  # fmt: skip
    target = tmp_path / "new profile"
    backup.restore(target, backup.backup(filled.store, tmp_path / "all.cmdesk"))
    assert (target / "media" / f"{digest}.png").read_bytes() == shot
    store = Store(target / "desk.db")
    try:
        assert [each.note for each in store.read(evidence.vault, filled.brand_id)] == ["second", "first"]
        assert store.read(evidence.check_chain, filled.brand_id) == []
    finally:
        store.close()


def test_what_was_there_is_kept(filled: Bench, tmp_path: Path) -> None:
    profile = filled.store.path.parent
    file = backup.backup(filled.store, tmp_path / "all.cmdesk")
    filled.do(brands.add_brand, name="Younger than the backup", zone="UTC", language="en", color="#000000")
    younger = tables(filled.store.path)
    filled.store.close()
    kept = backup.restore(profile, file)
    assert kept is not None
    assert tables(kept / "desk.db") == younger
    store = Store(profile / "desk.db")
    assert [each.name for each in store.read(brands.list_brands)] == ["Café Sol"]
    store.close()
    again = backup.restore(profile, kept / "desk.db")
    assert again is not None
    assert again != kept
    store = Store(profile / "desk.db")
    assert len(store.read(brands.list_brands)) == 2
    store.close()


def test_an_open_profile_is_not_restored(filled: Bench, tmp_path: Path) -> None:
    file = backup.backup(filled.store, tmp_path / "all.cmdesk")
    lock = ProfileLock(filled.store.path.parent)
    lock.acquire()
    with pytest.raises(ProfileInUse):
        backup.restore(filled.store.path.parent, file)
    lock.release()


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_giving_up_leaves_nothing(filled: Bench, tmp_path: Path, stop: int) -> None:
    calls = 0

    def cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls >= stop

    with pytest.raises(StoreError) as caught:
        backup.backup(filled.store, tmp_path / "all.cmdesk", cancelled=cancelled)
    assert caught.value.code == "cancelled"
    assert not [each for each in tmp_path.iterdir() if "all" in each.name]
    assert list((filled.store.path.parent / "tmp").iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(filled: Bench, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        backup.backup(filled.store, tmp_path / "no such folder" / "all.cmdesk")
    assert caught.value.code == "backup_place"


def test_writes_go_on_during_a_backup(filled: Bench, tmp_path: Path) -> None:
    wrote = False

    def write(_done: int, _total: int) -> None:
        nonlocal wrote
        if not wrote:
            wrote = True
            filled.do(brands.add_brand, name="Meanwhile", zone="UTC", language="en", color="#000000")

    file = backup.backup(filled.store, tmp_path / "all.cmdesk", progress=write)
    backup.restore(tmp_path / "new", file)
    assert wrote


# Automatic copies


def test_copies_are_daily_verified_and_few(filled: Bench, clock: FixedClock) -> None:
    profile = filled.store.path.parent
    assert backup.automatic(filled.store) is not None
    assert backup.automatic(filled.store) is None
    for day in range(7):
        clock.advance(86_400)
        made = backup.automatic(filled.store)
        assert made is not None, day
    copies = backup.copies(profile)
    assert len(copies) == backup.KEEP
    assert backup.last_good(profile) == copies[0].path
    copies[0].path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert backup.last_good(profile) == copies[1].path
    clock.jump(-400 * 86_400)
    assert backup.automatic(filled.store) is not None, "a clock that went back does not stop backups"


def test_a_damaged_database_replaces_no_good_copy(filled: Bench, clock: FixedClock) -> None:
    profile = filled.store.path.parent
    good = backup.automatic(filled.store)
    filled.store.close()
    data = bytearray(filled.store.path.read_bytes())
    for page in range(4096 * 5, len(data) - 4096, 4096 * 3):
        data[page : page + 200] = b"\xa5" * 200
    filled.store.path.write_bytes(data)
    clock.advance(2 * 86_400)
    try:
        store = Store(filled.store.path, clock=clock)
    except Corrupt:
        return
    try:
        with pytest.raises(Corrupt):
            backup.automatic(store)
        with pytest.raises(Corrupt):
            backup.check(store)
    finally:
        store.close()
    assert [each.path for each in backup.copies(profile)] == [good]


def test_the_check_is_weekly(filled: Bench, clock: FixedClock) -> None:
    assert backup.check_due(filled.store)
    backup.check(filled.store)
    assert not backup.check_due(filled.store)
    clock.advance(8 * 86_400)
    assert backup.check_due(filled.store)
    backup.automatic(filled.store)
    assert not backup.check_due(filled.store)


# Archives from outside


def members_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def write(file: Path, members: list[tuple[str, bytes]], *, mode: int = stat.S_IFREG | 0o600) -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            packed.writestr(info, data)
    return file


def announced(members: dict[str, bytes], **more: Any) -> bytes:
    entries = {name: [hashlib.sha256(data).hexdigest(), len(data)] for name, data in members.items()}
    facts = {"format": 1, "schema": 1, "made_at": "", "program": "", "members": entries, **more}
    return json.dumps(facts).encode()


EVIL_NAMES = [
    "../desk.db", "/etc/passwd", "C:\\desk.db", "media/../../x.png", "media\\..\\x", "media/" + "a" * 64 + ".png/x",
    "..", ".", "media/", "media", "desk.db ", "DESK.DB", "con", "media/nul.png", "desk.db-wal",
    "vault/secrets.json", "\u202egnp.db", "media//" + "a" * 64 + ".png", "//server/share", "desk.lock",
]  # fmt: skip


@pytest.mark.parametrize("name", EVIL_NAMES)
def test_names_that_we_do_not_write_are_refused(filled: Bench, tmp_path: Path, name: str) -> None:
    good = members_of(backup.backup(filled.store, tmp_path / "all.cmdesk"))
    del good["manifest.json"]
    evil = {**good, name: b"evil"}
    file = write(tmp_path / "evil.cmdesk", [("manifest.json", announced(evil)), *evil.items()])
    with pytest.raises(Invalid) as caught:
        backup.restore(tmp_path / "new", file)
    assert caught.value.code == "backup_damaged"
    assert not (tmp_path / "new" / "desk.db").exists()
    assert list((tmp_path / "new" / "tmp").iterdir()) == []


def test_links_doubles_and_lies_are_refused(filled: Bench, tmp_path: Path) -> None:
    good = members_of(backup.backup(filled.store, tmp_path / "all.cmdesk"))
    manifest = good.pop("manifest.json")
    database = good["desk.db"]
    picture = (f"media/{NAME}", PICTURE)
    cases: dict[str, list[tuple[str, bytes]]] = {
        "no manifest": list(good.items()),
        "no database": [("manifest.json", announced({picture[0]: PICTURE})), picture],
        "missing member": [("manifest.json", manifest), ("desk.db", database)],
        "unannounced": [("manifest.json", announced({"desk.db": database})), ("desk.db", database), picture],
        "other bytes": [("manifest.json", manifest), ("desk.db", database), (picture[0], PICTURE[::-1])],
        "other size": [("manifest.json", manifest), ("desk.db", database + b"x"), picture],
        "no json": [("manifest.json", b"{"), *good.items()],
        "a list": [("manifest.json", b"[]"), *good.items()],
        "deep": [("manifest.json", b"[" * 100_000), *good.items()],
        "newer": [("manifest.json", announced(good, format=2)), *good.items()],
        "not a database": [("manifest.json", announced({"desk.db": b"hello"})), ("desk.db", b"hello")],
    }
    for case, members in cases.items():
        with pytest.raises(Invalid):
            backup.restore(tmp_path / "new", write(tmp_path / f"{case}.cmdesk", members))
    with pytest.warns(UserWarning, match="Duplicate"):
        double = write(tmp_path / "double.cmdesk", [("manifest.json", manifest), *good.items(), ("desk.db", database)])
    link = write(tmp_path / "link.cmdesk", [("manifest.json", manifest), *good.items()], mode=stat.S_IFLNK | 0o777)
    for file in (double, link):
        with pytest.raises(Invalid) as caught:
            backup.restore(tmp_path / "new", file)
        assert caught.value.code == "backup_damaged"
    assert not (tmp_path / "new" / "desk.db").exists()


def test_every_cut_of_a_backup_is_refused(filled: Bench, tmp_path: Path) -> None:
    whole = backup.backup(filled.store, tmp_path / "all.cmdesk").read_bytes()
    file = tmp_path / "cut.cmdesk"
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        file.write_bytes(whole[:at])
        with pytest.raises(DeskError):
            backup.restore(tmp_path / "new", file)
    flipped = bytearray(whole)
    for at in range(100, len(whole), max(1, len(whole) // 40)):
        flipped[at] ^= 0xFF
        file.write_bytes(flipped)
        with pytest.raises(DeskError):
            backup.restore(tmp_path / "new", file)
        flipped[at] ^= 0xFF
    assert not (tmp_path / "new" / "desk.db").exists()


def test_what_packs_too_well_is_refused(tmp_path: Path) -> None:
    data = b"\0" * (archive._RATIO_FROM + 1)
    file = tmp_path / "bomb.cmdesk"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", announced({"desk.db": data}))
        packed.writestr("desk.db", data)
    with pytest.raises(Invalid, match="suspiciously"):
        backup.restore(tmp_path / "new", file)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER spy AFTER INSERT ON message BEGIN DELETE FROM delivery; END",
        "CREATE VIEW spy AS SELECT * FROM account",
        "DROP VIEW message_search;"
        " CREATE VIEW message_search (id, text, scope) AS SELECT id, secret_ref, 1 FROM account",
    ],
)
def test_code_in_a_database_is_refused(filled: Bench, tmp_path: Path, statement: str) -> None:
    copy = backup.snapshot(filled.store, tmp_path / "copy.db")
    conn = sqlite3.connect(copy)
    conn.executescript(statement)
    conn.close()
    with pytest.raises(Invalid, match="code that is not ours"):
        backup.restore(tmp_path / "new", copy)


def test_a_newer_or_foreign_database_is_refused(filled: Bench, tmp_path: Path) -> None:
    copy = backup.snapshot(filled.store, tmp_path / "copy.db")
    conn = sqlite3.connect(copy)
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    conn.close()
    with pytest.raises(NewerSchema):
        backup.restore(tmp_path / "new", copy)
    foreign = tmp_path / "foreign.db"
    conn = sqlite3.connect(foreign)
    conn.execute("CREATE TABLE cookies (id)")
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    conn.close()
    with pytest.raises(Invalid):
        backup.restore(tmp_path / "new", foreign)
    with pytest.raises(Invalid) as caught:
        backup.restore(tmp_path / "new", tmp_path / "nothing")
    assert caught.value.code == "backup_missing"


def test_a_corrupt_profile_is_kept_aside_and_the_last_good_copy_put_in_place(filled: Bench, clock: FixedClock) -> None:
    profile = filled.store.path.parent
    backup.automatic(filled.store)
    filled.store.close()
    filled.store.path.write_bytes(b"damaged beyond words")
    with pytest.raises(Corrupt):
        Store(filled.store.path)
    good = backup.last_good(profile)
    assert good is not None
    kept = backup.restore(profile, good)
    assert kept is not None
    assert (kept / "desk.db").read_bytes() == b"damaged beyond words"
    store = Store(profile / "desk.db", clock=clock)
    assert [each.name for each in store.read(brands.list_brands)] == ["Café Sol"]
    store.close()
