"""What names a circle from outside: posts that are for it, and rules of other circles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, load, scalar

Named = tuple[str, int, str]
"""A table, a row's id, and the JSON that names circles in it."""

_READ = {
    "post": "SELECT id, circles FROM post WHERE brand_id = ? AND circles <> '[]'",
    "circle": "SELECT id, rule FROM circle WHERE brand_id = ? AND instr(rule, '\"circle\"') > 0",
}
_ONE = {"post": "SELECT circles FROM post WHERE id = ?", "circle": "SELECT rule FROM circle WHERE id = ?"}
_PUT = {
    "post": "UPDATE post SET circles = ? WHERE id = ? RETURNING brand_id",
    "circle": "UPDATE circle SET rule = ? WHERE id = ? RETURNING brand_id",
}
_TOPICS = {"post": Topic.POST, "circle": Topic.CONTACT}


def posts_for(reader: Reader, circle_id: int) -> int:
    """Return how many posts that are not deleted are for a circle."""
    found: int = scalar(
        reader,
        "SELECT count(*) FROM post p WHERE p.brand_id = (SELECT brand_id FROM circle WHERE id = ?1)"
        " AND p.deleted_at IS NULL AND p.circles <> '[]'"
        " AND EXISTS (SELECT 1 FROM json_each(p.circles) WHERE value = ?1)",
        (circle_id,),
    )
    return found


def rules_with(reader: Reader, circle_id: int) -> list[str]:
    """Return the names of the circles whose rule names this one."""
    rows = reader.execute(
        "SELECT k.name, k.rule FROM circle k WHERE k.brand_id = (SELECT brand_id FROM circle WHERE id = ?1)"
        " AND k.id <> ?1 AND instr(k.rule, '\"circle\"') > 0 ORDER BY k.name",
        (circle_id,),
    )
    return [name for name, rule in rows if _renamed(load(rule), {circle_id: 0}) != load(rule)]


def rename_everywhere(tx: Transaction, brand_id: int, instead: Mapping[int, int]) -> tuple[Named, ...]:
    """Let everything of a brand that names a circle name another; returns what there was, where it changed."""
    was: list[Named] = []
    for table, sql in _READ.items():
        for row_id, text in tx.conn.execute(sql, (brand_id,)).fetchall():
            data = load(text)
            new = sorted({instead.get(each, each) for each in data}) if table == "post" else _renamed(data, instead)
            if new != data:
                was.append((table, row_id, text))
                _put(tx, table, row_id, dump(new))
    return tuple(was)


def put_names_back(tx: Transaction, was: Iterable[Named]) -> tuple[Named, ...]:
    """Put back what named circles and return what does until now; rows that are gone are left out."""
    now: list[Named] = []
    for table, row_id, text in was:
        present = scalar(tx.conn, _ONE[table], (row_id,))
        if present is not None:
            now.append((table, row_id, present))
            _put(tx, table, row_id, text)
    return tuple(now)


def _put(tx: Transaction, table: str, row_id: int, text: str) -> None:
    for (brand_id,) in tx.conn.execute(_PUT[table], (text, row_id)).fetchall():
        tx.touch(_TOPICS[table], brand_id, *((row_id,) if table == "post" else ()))


def _renamed(data: Any, instead: Mapping[int, int]) -> Any:
    """Return a stored rule with other ids of circles; what is no rule stays as it is."""
    if isinstance(data, list):
        return [_renamed(each, instead) for each in data]
    if not isinstance(data, dict):
        return data
    if data.get("field") == "circle" and isinstance(data.get("value"), list):
        ids = {instead.get(each, each) if isinstance(each, int) else each for each in data["value"]}
        return {**data, "value": sorted(ids, key=json.dumps)}
    return {key: _renamed(each, instead) for key, each in data.items()}
