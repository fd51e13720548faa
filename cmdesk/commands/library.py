"""Decisions about templates."""

from __future__ import annotations

from collections.abc import Mapping

from cmdesk.store import library
from cmdesk.store.db import Transaction


def save_template(
    tx: Transaction,
    *,
    brand_id: int | None,
    name: str,
    texts: Mapping[str, str],
    template_id: int | None = None,
    kind: str = "reply",
    category: str = "",
) -> int:
    """Keep a template (None as brand: for every brand) and return its id; raises Invalid without name or text."""
    if template_id is not None:
        before = library.template(tx.conn, template_id)
        tx.undoable(
            "save_template",
            save_template,
            template_id=template_id,
            brand_id=before.brand_id,
            name=before.name,
            texts=before.texts,
            kind=before.kind,
            detail=before.name,
        )
    return library.save_template(
        tx, template_id=template_id, brand_id=brand_id, name=name, texts=texts, kind=kind, category=category
    )


def delete_template(tx: Transaction, *, template_id: int) -> None:
    """Delete a template; undo makes it again."""
    before = library.template(tx.conn, template_id)
    library.delete_template(tx, template_id)
    tx.undoable(
        "delete_template",
        save_template,
        brand_id=before.brand_id,
        name=before.name,
        texts=before.texts,
        kind=before.kind,
        detail=before.name,
    )


def note_used(tx: Transaction, *, template_id: int) -> None:
    """Count a use of a template."""
    library.note_used(tx, template_id)
