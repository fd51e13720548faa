"""Decisions about people: what a brand writes down about them."""

from __future__ import annotations

from cmdesk.errors import Invalid
from cmdesk.store import contacts
from cmdesk.store.db import Transaction

EDITABLE = frozenset(
    {
        "name",
        "language",
        "country",
        "market_id",
        "notes",
        "came_from",
        "expects",
        "likes",
        "bought",
        "advocate",
        "opt_out",
    }
)


def edit_contact(tx: Transaction, /, *, contact_id: int, **fields: str | bool | int | None) -> None:
    """Change what is written down about a person; raises Invalid for an unknown field, an empty name, another
    brand's market.
    """
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise Invalid(f"no field {sorted(unknown)[0]!r}", code="contact_field", detail=sorted(unknown)[0])
    before = contacts.contact(tx.conn, contact_id)
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    if changed:
        contacts.update_contact(tx, contact_id, **changed)
        old = {name: getattr(before, name) for name in changed}
        tx.undoable("edit_contact", edit_contact, contact_id=contact_id, detail=before.name, **old)
