"""A person as one brand knows them: what the card shows, in the inbox and among the people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cmdesk.care.values import Case, Compensation, Wish
from cmdesk.desk import Desk
from cmdesk.markets import Guide
from cmdesk.model import Circle, Contact, Conversation, Identity, Market
from cmdesk.people.fields import OwnField
from cmdesk.planning.customs import There, customs, there
from cmdesk.safe_text import safe_name
from cmdesk.store import (
    cases,
    circle_history,
    circles as circle_store,
    contacts,
    markets as market_store,
    people,
    people_fields,
    wishes,
)
from cmdesk.store.circle_history import Event
from cmdesk.store.circles import Membership
from cmdesk.store.db import Reader

FEW = 3
MANY = 200
_EVENTS = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Everything the card shows."""

    contact: Contact
    identities: tuple[Identity, ...]
    circles: tuple[Membership, ...]
    earlier: tuple[Conversation, ...]
    more: bool  # there are older conversations than those in `earlier`
    markets: tuple[Market, ...] = ()  # of the brand, one of which may be the person's
    cases: tuple[Case, ...] = ()
    given: tuple[Compensation, ...] = ()
    wishes: tuple[Wish, ...] = ()
    fields: tuple[OwnField, ...] = ()
    values: tuple[tuple[int, str], ...] = ()
    brand_circles: tuple[tuple[int, str], ...] = ()  # all of the brand: id and name
    events: tuple[tuple[str, Event], ...] = ()  # circles they came into and left, by name, newest first
    guide: Guide = field(default_factory=Guide)  # what is kept about their market

    def value(self, field_id: int) -> str:
        """What they have in an own field."""
        return dict(self.values).get(field_id, "")


def _person(reader: Reader, contact_id: int, but: int, limit: int, now: datetime) -> Person:
    contact_id = people.stands_for(reader, contact_id)
    contact = contacts.contact(reader, contact_id)
    found = contacts.earlier_conversations(reader, contact_id, limit + 1, without=but)
    names = {each.id: each.name for each in circle_store.circles(reader, contact.brand_id)}
    return Person(
        contact=contact,
        identities=tuple(contacts.identities(reader, contact_id)),
        circles=tuple(circle_store.memberships(reader, contact_id, now=now)),
        earlier=tuple(found[:limit]),
        more=len(found) > limit,
        markets=tuple(market_store.markets(reader, contact.brand_id)),
        cases=tuple(cases.earlier_cases(reader, contact_id)),
        given=tuple(cases.given_to(reader, contact_id)),
        wishes=tuple(wishes.of_person(reader, contact_id)),
        fields=tuple(people_fields.fields(reader, contact.brand_id)),
        values=tuple(sorted(people_fields.values(reader, contact_id).items())),
        brand_circles=tuple(names.items()),
        events=tuple(
            (names[each.circle_id], each)
            for each in circle_history.events_of(reader, contact_id, limit=_EVENTS)
            if each.circle_id in names
        ),
        guide=market_store.guide(reader, contact.market_id) if contact.market_id else Guide(),
    )


def read_person(desk: Desk, contact_id: int, *, but: int = 0, everything: bool = False) -> Person:
    """Read a contact with the latest other conversations than `but`; raises Invalid when it is gone."""
    return desk.page(_person, contact_id, but, MANY if everything else FEW, desk.clock.now())


async def load_person(desk: Desk, contact_id: int, *, everything: bool = False) -> Person:
    """The same on another thread: rules of many circles are asked."""
    return await desk.read(_person, contact_id, 0, MANY if everything else FEW, desk.clock.now())


def market_of(person: Person) -> Market | None:
    """The market a person belongs to."""
    return next((each for each in person.markets if each.id == person.contact.market_id), None)


def fitting_market(person: Person) -> Market | None:
    """The market that fits somebody without one, by language and country; None where none does, or two do."""
    contact = person.contact
    return None if contact.market_id else market_store.suggested(person.markets, contact.language, contact.country)


def hour_there(person: Person, now: datetime) -> There | None:
    """The hour it is in a person's market, and what its people do then; None without a market."""
    market = market_of(person)
    return None if market is None else there(market.zone, customs(market.country, person.guide), now)


def name_of(desk: Desk, contact_id: int) -> str:
    """A person's name, harmless; '' for nobody's id."""
    return safe_name(desk.page(people.name_of, contact_id))


def by_brand(desk: Desk, ids: Iterable[int]) -> dict[int, list[int]]:
    """People by their brand."""
    return desk.page(people.brands_of, ids)


def brand_of_field(desk: Desk, field_id: int) -> int:
    """Whose own field it is; raises Invalid when it is gone."""
    return desk.page(people_fields.field, field_id).brand_id


def circle(desk: Desk, circle_id: int) -> Circle:
    """One circle; raises Invalid when it is gone."""
    return desk.page(circle_store.circle, circle_id)


def circles(desk: Desk, brand_ids: Sequence[int]) -> list[Circle]:
    """The circles of some brands."""
    return [each for brand_id in brand_ids for each in desk.page(circle_store.circles, brand_id)]


def markets(desk: Desk, brand_ids: Sequence[int]) -> list[Market]:
    """The markets of some brands."""
    return [each for brand_id in brand_ids for each in desk.page(market_store.markets, brand_id)]


async def members(desk: Desk, circle_id: int) -> list[int]:
    """Who is in a circle now; on another thread."""
    return (await desk.read(circle_store.members, circle_id, desk.clock.now())).tolist()
