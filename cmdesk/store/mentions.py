"""Whom one can mention: people a brand knows, by the beginning of their name or handle."""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.model import Identity
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump
from cmdesk.store.words import match_expression

# As many matches of a common beginning as are looked at: the list shows few, and the index gives them by age.
_LOOKED_AT = 400


def people(reader: Reader, text: str, *, brand_id: int, networks: Sequence[str], limit: int = 8) -> list[Identity]:
    """Return profiles on `networks` whose person is called or named like `text`, last seen first.

    People who asked to be left alone are not among them (U11).
    """
    words = match_expression(text.lstrip("@").replace("@", " "))
    if not words:
        return []
    rows = reader.execute(
        "SELECT i.id, i.brand_id, i.contact_id, i.network, i.remote_id, i.handle, i.name, i.avatar_url, i.profile_url,"
        " i.followers FROM (SELECT rowid FROM contact_fts WHERE contact_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2) hits"
        " CROSS JOIN contact c ON c.id = hits.rowid CROSS JOIN identity i ON i.contact_id = c.id"
        " WHERE c.brand_id = ?3 AND c.opt_out = 0 AND i.network IN (SELECT value FROM json_each(?4))"
        " ORDER BY c.last_seen_at DESC, i.id LIMIT ?5",
        (words, _LOOKED_AT, brand_id, dump(list(networks)), limit),
    )
    return [Identity(*row) for row in rows]
