"""Templates: texts to answer and publish with, by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmdesk.errors import Invalid
from cmdesk.model import Template
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import ids_json, scalar


def templates(reader: Reader, brand_id: int | None = None, *, kind: str | None = None) -> list[Template]:
    """Return a brand's templates and those for every brand, by name; None for `brand_id` returns all there are."""
    ids = [
        row[0]
        for row in reader.execute(
            "SELECT id FROM template WHERE (?1 IS NULL OR brand_id IS NULL OR brand_id = ?1)"
            " AND (?2 IS NULL OR kind = ?2) ORDER BY name COLLATE NOCASE, id",
            (brand_id, kind),
        )
    ]
    found = templates_by_id(reader, ids)
    return [found[each] for each in ids]


def template(reader: Reader, template_id: int) -> Template:
    """Return one template; raises Invalid when there is none of that id."""
    found = templates_by_id(reader, (template_id,))
    if template_id not in found:
        raise Invalid(f"there is no template {template_id}", code="template_unknown", detail=str(template_id))
    return found[template_id]


def templates_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Template]:
    """Return these templates; those that are gone are missing."""
    wanted = ids_json(ids)
    texts: dict[int, dict[str, str]] = {}
    for template_id, language, text in reader.execute(
        "SELECT template_id, language, text FROM template_text WHERE market_id = 0"
        " AND template_id IN (SELECT value FROM json_each(?)) ORDER BY template_id, language",
        (wanted,),
    ):
        texts.setdefault(template_id, {})[language] = text
    return {
        row[0]: Template(row[0], row[1], row[2], row[3], texts.get(row[0], {}))
        for row in reader.execute(
            "SELECT id, brand_id, name, kind FROM template WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
    }


def save_template(
    tx: Transaction,
    *,
    template_id: int | None = None,
    brand_id: int | None,
    name: str,
    texts: Mapping[str, str],
    kind: str = "reply",
    category: str = "",
) -> int:
    """Save a template (`texts` by language, '' for any) and return its id; raises Invalid without name or text."""
    clean = " ".join(name.split())
    kept = {language: text for language, text in texts.items() if text.strip()}
    if not clean or not kept:
        raise Invalid("a template needs a name and a text", code="template_empty", detail="name" if kept else "text")
    if template_id is None:
        template_id = tx.conn.execute(
            "INSERT INTO template (brand_id, name, kind, category, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            (brand_id, clean, kind, category, tx.now_ms, tx.now_ms),
        ).lastrowid
        assert template_id is not None
    else:
        template(tx.conn, template_id)
        fts.take_out(tx, "template", [template_id])
        tx.conn.execute(
            "UPDATE template SET brand_id = ?, name = ?, kind = ?, category = ?, updated_at = ? WHERE id = ?",
            (brand_id, clean, kind, category, tx.now_ms, template_id),
        )
        tx.conn.execute("DELETE FROM template_text WHERE template_id = ? AND market_id = 0", (template_id,))
    tx.conn.executemany(
        "INSERT INTO template_text (template_id, language, text) VALUES (?, ?, ?)",
        [(template_id, language, text) for language, text in kept.items()],
    )
    fts.put_in(tx, "template", [template_id])
    tx.touch(Topic.TEMPLATE, brand_id or 0, template_id)
    return template_id


def note_used(tx: Transaction, template_id: int) -> None:
    """Count a use, so that lists can show the useful ones first."""
    tx.conn.execute("UPDATE template SET used = used + 1, used_at = ? WHERE id = ?", (tx.now_ms, template_id))


def delete_template(tx: Transaction, template_id: int) -> None:
    """Delete a template; one that is gone already is no error."""
    brand_id = scalar(tx.conn, "SELECT brand_id FROM template WHERE id = ?", (template_id,))
    fts.take_out(tx, "template", [template_id])
    tx.conn.execute("DELETE FROM template WHERE id = ?", (template_id,))
    tx.touch(Topic.TEMPLATE, brand_id or 0, template_id)
