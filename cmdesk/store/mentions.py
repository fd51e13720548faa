"""Whom one can mention: people a brand knows, by the beginning of their name or handle."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cmdesk.model import Identity
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump
from cmdesk.store.words import match_expression, words_of

# As many are looked at: the list shows few, and a key shall be answered within 10 ms among 100,000 people.
_LOOKED_AT = 1_200
_LATEST_LOOKED_AT = 500

# Notes about a person are no name of theirs.
_MATCH = (
    "SELECT rowid AS id FROM contact_fts WHERE contact_fts MATCH '{name known_as} : (' || :words || ')'"
    " ORDER BY rowid DESC LIMIT :looked_at"
)
_LATEST = "SELECT id FROM contact WHERE brand_id = :brand ORDER BY last_seen_at DESC LIMIT :latest"
_PROFILES = (
    "SELECT i.id, i.brand_id, i.contact_id, i.network, i.remote_id, i.handle, i.name, i.avatar_url, i.profile_url,"
    " i.followers FROM ("
)
_OF_THE_BRAND = (
    ") hits CROSS JOIN contact c ON c.id = hits.id CROSS JOIN identity i ON i.contact_id = c.id"
    " WHERE c.brand_id = :brand AND c.opt_out = 0 AND c.merged_into IS NULL"
    " AND i.network IN (SELECT value FROM json_each(:networks)) ORDER BY c.last_seen_at DESC, i.id"
)
_CALLED_SO = _PROFILES + _MATCH + _OF_THE_BRAND + " LIMIT :limit"
_SEEN_LAST = _PROFILES + _LATEST + _OF_THE_BRAND
_COUNTED = "SELECT count(*) FROM (" + _MATCH + ")"


def people(reader: Reader, text: str, *, brand_id: int, networks: Sequence[str], limit: int = 8) -> list[Identity]:
    """Return profiles on `networks` whose person is called or named like `text`, last seen first.

    People who asked to be left alone are not among them (U11). Where a beginning is so common that other brands'
    people fill what is looked at, it is looked for among those last seen.
    """
    typed = text.lstrip("@").replace("@", " ")
    words = match_expression(typed)
    if not words:
        return []
    given = {
        "words": words, "looked_at": _LOOKED_AT, "latest": _LATEST_LOOKED_AT, "brand": brand_id, "limit": limit,
        "networks": dump(list(networks)),
    }  # fmt: skip
    rows = reader.execute(_CALLED_SO, given).fetchall()
    if len(rows) < limit and _full(reader, words):
        wanted, seen = words_of(_folded(typed)), {row[0] for row in rows}
        for row in reader.execute(_SEEN_LAST, given):
            if row[0] not in seen and _called(f"{row[6]} {row[5]}", wanted):
                rows.append(row)
                if len(rows) == limit:
                    break
    return [Identity(*row) for row in rows]


def _full(reader: Reader, words: str) -> bool:
    """Whether more people match than are looked at."""
    return bool(reader.execute(_COUNTED, {"words": words, "looked_at": _LOOKED_AT}).fetchone()[0] == _LOOKED_AT)


def _called(name: str, wanted: Sequence[str]) -> bool:
    words = f" {_folded(name)}"
    return all(f" {want}" in words for want in wanted)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(each if each.isalnum() else " " for each in plain if not unicodedata.combining(each))
