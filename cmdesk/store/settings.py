"""Settings of the program (brand 0) and of a brand, as text; `cmdesk.config` says what they mean."""

from __future__ import annotations

from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import scalar


def get(reader: Reader, key: str, brand_id: int = 0) -> str | None:
    """Return the stored text of a setting, None when nothing is stored."""
    found: str | None = scalar(reader, "SELECT value FROM setting WHERE key = ? AND brand_id = ?", (key, brand_id))
    return found


def everything(reader: Reader, brand_id: int = 0) -> dict[str, str]:
    """Return every stored setting of the program (0) or of a brand."""
    return dict(reader.execute("SELECT key, value FROM setting WHERE brand_id = ? ORDER BY key", (brand_id,)))


def put(tx: Transaction, key: str, value: str, brand_id: int = 0) -> None:
    """Store a setting."""
    tx.conn.execute(
        "INSERT INTO setting (key, brand_id, value) VALUES (?, ?, ?)"
        " ON CONFLICT (key, brand_id) DO UPDATE SET value = excluded.value",
        (key, brand_id, value),
    )
    tx.touch(Topic.SETTING, brand_id)


def remove(tx: Transaction, key: str, brand_id: int = 0) -> None:
    """Forget a setting: its default counts again."""
    tx.conn.execute("DELETE FROM setting WHERE key = ? AND brand_id = ?", (key, brand_id))
    tx.touch(Topic.SETTING, brand_id)


def meta(reader: Reader, key: str) -> str:
    """Return a fact of the profile itself (its install id, its last backup), '' when unknown."""
    return scalar(reader, "SELECT value FROM meta WHERE key = ?", (key,)) or ""


def put_meta(tx: Transaction, key: str, value: str) -> None:
    """Store a fact of the profile itself."""
    tx.conn.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def remove_meta(tx: Transaction, key: str) -> None:
    """Forget a fact of the profile."""
    tx.conn.execute("DELETE FROM meta WHERE key = ?", (key,))
