"""From when on a channel of a brand counts as silent or passive (D14)."""

from __future__ import annotations

from cmdesk import config
from cmdesk.store import brands, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.silence import DAYS, SHARE


def set_limits(tx: Transaction, *, brand_id: int, days: int, share: int) -> bool:
    """Let `days` without a post and less than `share` per cent of answers count; 0 never. Says whether that is new.

    Raises Invalid (`setting_value`) for what is out of bounds. Undo lets the former ones count again.
    """
    brands.brand(tx.conn, brand_id)
    before = {key: int(config.value_or_default(key, settings.get(tx.conn, key, brand_id))) for key in (DAYS, SHARE)}
    wanted = {DAYS: days, SHARE: share}
    texts = {key: config.to_text(key, value) for key, value in wanted.items()}
    if before == wanted:
        return False
    for key, text in texts.items():
        settings.put(tx, key, text, brand_id)
    tx.touch(Topic.LISTEN, brand_id)
    tx.undoable("set_limits", set_limits, brand_id=brand_id, days=before[DAYS], share=before[SHARE])
    return True
