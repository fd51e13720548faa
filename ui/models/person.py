"""The person behind a conversation, as one brand knows them."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk
from cmdesk.model import Circle, Contact, Conversation, Identity, Market
from cmdesk.store import circles as circle_store, contacts, markets as market_store
from cmdesk.store.db import Reader

FEW = 3
MANY = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Everything the right pane shows."""

    contact: Contact
    identities: tuple[Identity, ...]
    circles: tuple[Circle, ...]
    earlier: tuple[Conversation, ...]
    more: bool  # there are older conversations than those in `earlier`
    markets: tuple[Market, ...] = ()  # of the brand, one of which may be the person's


def _person(reader: Reader, contact_id: int, but: int, limit: int) -> Person:
    found = contacts.earlier_conversations(reader, contact_id, limit + 1, without=but)
    contact = contacts.contact(reader, contact_id)
    return Person(
        contact=contact,
        identities=tuple(contacts.identities(reader, contact_id)),
        circles=tuple(circle_store.circles_of(reader, contact_id)),
        earlier=tuple(found[:limit]),
        more=len(found) > limit,
        markets=tuple(market_store.markets(reader, contact.brand_id)),
    )


def read_person(desk: Desk, contact_id: int, *, but: int = 0, everything: bool = False) -> Person:
    """Read a contact with the latest other conversations than `but`; raises Invalid when it is gone."""
    return desk.page(_person, contact_id, but, MANY if everything else FEW)
