"""Decisions about settings; the table of them is cmdesk.config."""

from __future__ import annotations

from cmdesk import config
from cmdesk.store import settings
from cmdesk.store.db import Transaction


def set_value(tx: Transaction, *, key: str, value: config.Value, brand_id: int = 0) -> None:
    """Keep a setting; raises Invalid for a key or a value that is none. Undo puts the old one back."""
    text = config.to_text(key, value)
    before = config.value_or_default(key, settings.get(tx.conn, key, brand_id))
    if text == settings.get(tx.conn, key, brand_id):
        return
    settings.put(tx, key, text, brand_id)
    if not config.setting(key).hidden:
        tx.undoable("set_value", set_value, key=key, value=before, brand_id=brand_id, detail=key)


def reset(tx: Transaction, *, key: str, brand_id: int = 0) -> None:
    """Let a setting's default count again."""
    config.setting(key)
    settings.remove(tx, key, brand_id)
