"""People for tests, as they come in from a network."""

from __future__ import annotations

from cmdesk.commands.contacts import edit_contact
from cmdesk.model import Account, Contact
from cmdesk.networks.base import Author
from cmdesk.store import people, people_table
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.intake_people import take_in_people


def add_people(tx: Transaction, account: Account, *people: tuple[str, str]) -> list[int]:
    """Let people (handle, name) have written to an account; returns the contacts."""
    authors = {handle: Author(handle, handle, name) for handle, name in people}
    made = take_in_people(tx, account, authors, set(authors))
    return [made.contact[handle] or 0 for handle, _name in people]


def everybody(reader: Reader, *, brand_id: int) -> list[Contact]:
    """Return a brand's people, those seen last first."""
    ids = people_table.find(reader, brand_id=brand_id)
    found = people.known(reader, ids)
    return [found[each] for each in ids]


def leave_alone(tx: Transaction, contact_id: int) -> None:
    """Let somebody ask to be left alone (U11)."""
    edit_contact(tx, contact_id=contact_id, opt_out=True)
