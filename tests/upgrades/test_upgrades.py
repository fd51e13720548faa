"""Every schema ever released opens in today's program, whole, whenever the power goes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from cmdesk.errors import Corrupt, NewerSchema
from cmdesk.store import backup, brands, db, fts, inbox, migrations, planning, search
from cmdesk.store.db import SCHEMA_VERSION, Store
from tests.upgrades.make import stored, unpack


def schema_of(path: Path) -> list[Any]:
    """Return everything of a schema but the shadow tables, whose texts are SQLite's own."""
    conn = sqlite3.connect(path)
    rows = conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%!_fts!_%' ESCAPE '!'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_%' ESCAPE '!' ORDER BY type, name"
    ).fetchall()
    conn.close()
    return rows


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Return the rows of every table of the user."""
    conn = sqlite3.connect(path)
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: sorted(conn.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
        for name in names
        if "_fts" not in name and not name.startswith(("sqlite_", "_"))
    }
    conn.close()
    return found


def test_there_is_a_stored_database_of_every_version() -> None:
    assert [version for version in range(1, SCHEMA_VERSION + 1) if not stored(version).exists()] == []
    assert len(migrations.migrations.pending(Database(memory=True))) == SCHEMA_VERSION


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_it_opens_and_ends_with_today_s_schema(version: int, tmp_path: Path) -> None:
    path = unpack(version, tmp_path / "desk.db")
    before = rows_of(path)
    fresh = Store(tmp_path / "fresh.db")
    fresh.close()
    store = Store(path)
    try:
        [brand] = store.read(brands.list_brands)
        assert brand.name == "Panadería Ñandú"
        conversation = store.read(search.search_conversations, "queda tarta", brand_id=brand.id)[0]
        assert conversation.has_draft
        assert store.read(inbox.thread, conversation.id)[0].edits[0][1] == "¿Queda?"
        assert [each.text for each in store.read(planning.posts, brand_id=brand.id)] == ["Mañana roscón"]
        store.write(fts.check).result(5)
        backup.check(store)
    finally:
        store.close()
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")
    after = rows_of(path)
    for table, rows in before.items():
        assert rows, f"the stored database has nothing in {table}"
        if table not in ("meta", "counter"):
            assert len(after[table]) == len(rows), table
    if version == SCHEMA_VERSION:
        assert {name: rows for name, rows in after.items() if name != "meta"} == {
            name: rows for name, rows in before.items() if name != "meta"
        }


def test_a_newer_one_is_refused_untouched(tmp_path: Path) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "desk.db")
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    conn.close()
    before = path.read_bytes()
    with pytest.raises(NewerSchema):
        Store(path)
    assert path.read_bytes() == before
    assert not (tmp_path / "backups").exists()


# A step to a version that does not exist yet, so that the way there is tried before it is needed.


def _next_step(database: Database) -> None:
    conn = database.conn
    conn.execute("ALTER TABLE brand ADD COLUMN motto TEXT NOT NULL DEFAULT ''")
    conn.execute("UPDATE brand SET motto = 'pan y circo'")
    conn.execute("CREATE TABLE extra (id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL) STRICT")
    conn.execute("INSERT INTO extra (brand_id) SELECT id FROM brand")
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the program be one schema version ahead."""
    ahead = Migrations("cmdesk")
    for version in range(SCHEMA_VERSION):
        ahead(name=migrations.migrations._migrations[version].name)(migrations.migrations._migrations[version].fn)
    ahead(name="tomorrow")(_next_step)
    monkeypatch.setattr(db, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr(migrations, "migrations", ahead)
    yield


def crash_images(monkeypatch: pytest.MonkeyPatch, path: Path, target: Path) -> list[Path]:
    """Open `path`, which migrates it, and return what a kill before each statement would have left on the disk."""
    images: list[Path] = []
    migrate = Store._migrate

    def traced(self: Store, conn: sqlite3.Connection, version: int) -> None:
        def keep(_statement: str) -> None:
            image = target / f"{len(images):03}"
            image.mkdir(parents=True)
            for file in path.parent.glob(f"{path.name}*"):
                shutil.copyfile(file, image / file.name)
            # A killed process takes its shared memory along.
            (image / f"{path.name}-shm").unlink(missing_ok=True)
            images.append(image / path.name)

        conn.set_trace_callback(keep)
        migrate(self, conn, version)
        conn.set_trace_callback(None)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_migrate", traced)
        Store(path).close()
    return images


def test_a_kill_at_any_statement_of_a_migration_loses_nothing(
    tmp_path: Path, tomorrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = unpack(SCHEMA_VERSION, home / "desk.db")
    before = rows_of(path)
    images = crash_images(monkeypatch, path, tmp_path / "images")
    whole = rows_of(path)
    assert whole["brand"][0][-1] == "pan y circo"
    assert [each.path.name.rpartition("-")[2] for each in backup.copies(home)] == [f"v{SCHEMA_VERSION}.db"]
    assert rows_of(backup.copies(home)[0].path) == before
    assert len(images) >= 6
    for image in images:
        Store(image).close()
        assert rows_of(image) == whole, image
        shutil.rmtree(image.parent)


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_kill_at_any_statement_on_the_way_from_an_older_version(
    version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = unpack(version, home / "desk.db")
    images = crash_images(monkeypatch, path, tmp_path / "images")
    whole, wanted = rows_of(path), schema_of(path)
    assert len(images) > 20
    for image in images:
        Store(image).close()
        assert schema_of(image) == wanted, image
        assert rows_of(image) == whole, image
        shutil.rmtree(image.parent)


def test_a_kill_while_a_profile_is_made_leaves_one_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    images = crash_images(monkeypatch, home / "desk.db", tmp_path / "images")
    wanted = schema_of(home / "desk.db")
    assert len(images) > 50
    for image in images:
        Store(image).close()
        assert schema_of(image) == wanted, image
        shutil.rmtree(image.parent)


def test_a_migration_that_fails_leaves_the_old_version(
    tmp_path: Path, tomorrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "desk.db")
    before = rows_of(path)

    def wrong(database: Database) -> None:
        database.conn.execute("UPDATE brand SET color = 'lost'")
        database.conn.execute("THIS IS NO SQL")

    migrations.migrations._migrations[-1].fn = wrong
    with pytest.raises(Exception, match='near "THIS"'):
        Store(path)
    assert rows_of(path) == before


def test_a_damaged_database_is_not_migrated(tmp_path: Path, tomorrow: None) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "desk.db")
    data = bytearray(path.read_bytes())
    for page in range(4096 * 10, len(data), 4096):
        data[page : page + 64] = b"\xa5" * 64
    path.write_bytes(data)
    with pytest.raises(Corrupt):
        Store(path)
    assert path.read_bytes()[28:] == bytes(data)[28:] or Path(f"{path}-wal").exists()
    assert backup.copies(tmp_path) == []
