"""People for tests, as they come in from a network."""

from __future__ import annotations

from cmdesk.model import Account
from cmdesk.networks.base import Author
from cmdesk.store import contacts
from cmdesk.store.db import Transaction
from cmdesk.store.intake_people import take_in_people


def add_people(tx: Transaction, account: Account, *people: tuple[str, str]) -> list[int]:
    """Let people (handle, name) have written to an account; returns the contacts."""
    authors = {handle: Author(handle, handle, name) for handle, name in people}
    made = take_in_people(tx, account, authors, set(authors))
    return [made.contact[handle] or 0 for handle, _name in people]


def leave_alone(tx: Transaction, contact_id: int) -> None:
    """Let somebody ask to be left alone (U11)."""
    contacts.update_contact(tx, contact_id, opt_out=True)
