"""What the dialog of a circle shows: its rule with what can be chosen in it, who is in it, and who came and went."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cmdesk.circles import Fault, Names, Rule, parse
from cmdesk.desk import Desk
from cmdesk.errors import Invalid, StoreError
from cmdesk.model import Circle, Market
from cmdesk.store import (
    circle_history,
    circle_names,
    circle_posts,
    circle_rules,
    circles,
    contacts,
    markets,
    people_fields,
)
from cmdesk.store.circles import Membership as Membership
from cmdesk.store.db import Reader

SHOWN = 300
RECENT = timedelta(days=30)
_LANGUAGES = ("es", "en", "fr", "pt", "it", "de", "ca", "gl", "eu")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a rule of a brand can name: ids with their names, and the values in use, the most used first."""

    names: Names = field(default_factory=Names)
    markets: tuple[Market, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A circle as the dialog starts with it; without a circle a new one is made."""

    choices: Choices
    circle: Circle | None = None
    rule: Rule | None = None
    faults: tuple[Fault, ...] = ()
    posts: int = 0
    named_by: tuple[str, ...] = ()
    others: tuple[Circle, ...] = ()


def _opened(reader: Reader, brand_id: int, circle_id: int | None, now: datetime) -> Opened:
    choices = _choices(reader, brand_id)
    every = circles.circles(reader, brand_id)
    if circle_id is None:
        return Opened(choices, others=tuple(every))
    found = circles.circle(reader, circle_id, brand_id=brand_id)
    faults = circle_rules.Book(reader, brand_id, now).faults_of(circle_id)
    try:
        rule = parse(found.rule) if found.rule else None
    except Invalid:
        rule = None
    return Opened(
        choices,
        found,
        rule,
        faults,
        circle_posts.posts_for(reader, circle_id),
        tuple(circle_posts.rules_with(reader, circle_id)),
        tuple(each for each in every if each.id != circle_id),
    )


def _choices(reader: Reader, brand_id: int) -> Choices:
    own = people_fields.fields(reader, brand_id)
    used = {name: circles.in_use(reader, name, brand_id) for name in ("language", "country", "network", "case_cause")}
    used["language"] = tuple(dict.fromkeys((*used["language"], *_LANGUAGES)))
    used |= {f"own:{each.id}": each.choices for each in own if each.choices}
    return Choices(
        circle_names.names(reader, brand_id),
        tuple(markets.markets(reader, brand_id)),
        used,
    )


async def opened(desk: Desk, brand_id: int, circle_id: int | None = None) -> Opened:
    """Read a circle, or what a new one can be made of; raises Invalid (`circle_unknown`)."""
    return await desk.read(_opened, brand_id, circle_id, desk.clock.now())


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule names now: how many, and the first of them (id and name)."""

    count: int
    first: tuple[tuple[int, str], ...] = ()


class Previews:
    """Asks whom a rule names, beside the window; what is overtaken by a newer question ends at once."""

    def __init__(self, desk: Desk, brand_id: int, circle_id: int | None = None) -> None:
        self._desk, self._brand_id, self._circle_id = desk, brand_id, circle_id
        self._latest = threading.Event()

    async def ask(self, rule: Rule) -> Preview | None:
        """The answer; None when another question came meanwhile. Raises Invalid for what a rule names in vain."""
        self.stop()
        mine = self._latest = threading.Event()
        try:
            found = await self._desk.read(self._preview, rule, mine)
        except StoreError:
            if mine.is_set():
                return None
            raise
        return None if mine.is_set() else found

    def stop(self) -> None:
        """End what is being asked."""
        self._latest.set()

    def _preview(self, reader: Reader, rule: Rule, overtaken: threading.Event) -> Preview:
        tried = circles.try_rule(
            reader, rule, brand_id=self._brand_id, now=self._desk.clock.now(), circle_id=self._circle_id,
            overtaken=overtaken.is_set,
        )  # fmt: skip
        return Preview(tried.count, _named(reader, tried.first))


def _named(reader: Reader, ids: Iterable[int]) -> tuple[tuple[int, str], ...]:
    wanted = list(ids)
    found = contacts.contacts_by_id(reader, wanted)
    return tuple((each, found[each].name) for each in wanted if each in found)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a circle, or taken out of it by hand."""

    id: int
    name: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a circle: how many, those seen last, and who was taken out by hand."""

    count: int = 0
    shown: tuple[Member, ...] = ()
    out: tuple[Member, ...] = ()


def _members(reader: Reader, circle_id: int, now: datetime) -> Members:
    ids = circles.newest(reader, circle_id, now, limit=SHOWN)
    hands = circles.hands_among(reader, circle_id, ids)
    rule = bool(circles.circle(reader, circle_id).rule)
    out = circles.by_hand(reader, circle_id, circles.OUT)[:SHOWN] if rule else ()
    return Members(
        circles.count(reader, circle_id, now),
        tuple(Member(each, name, each in hands) for each, name in _named(reader, ids)),
        tuple(Member(each, name, True) for each, name in _named(reader, out)),
    )


async def members(desk: Desk, circle_id: int) -> Members:
    """Read who is in a circle; raises Invalid (`circle_unknown`)."""
    return await desk.read(_members, circle_id, desk.clock.now())


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody came or went."""

    contact_id: int
    name: str
    joined: bool
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What happened in a circle, newest first; `came` and `left` count the last 30 days."""

    lines: tuple[Line, ...] = ()
    came: int = 0
    left: int = 0


def _history(reader: Reader, circle_id: int, now: datetime) -> History:
    events = circle_history.events(reader, circle_id, limit=SHOWN)
    names = dict(_named(reader, {each.contact_id for each in events}))
    came, left = circle_history.figures(reader, circle_id, now - RECENT)
    return History(
        tuple(Line(each.contact_id, names.get(each.contact_id, ""), each.joined, each.why, each.at) for each in events),
        came,
        left,
    )


async def history(desk: Desk, circle_id: int) -> History:
    """Read who came and went."""
    return await desk.read(_history, circle_id, desk.clock.now())


def memberships(desk: Desk, contact_id: int) -> list[Membership]:
    """Every circle of a person, each with why."""
    return desk.page(_memberships, contact_id, desk.clock.now())


def _memberships(reader: Reader, contact_id: int, now: datetime) -> list[Membership]:
    return circles.memberships(reader, contact_id, now=now)


def broken(desk: Desk, brand_id: int) -> dict[int, tuple[Fault, ...]]:
    """The circles of a brand whose rule cannot be asked, each with why."""
    return desk.page(circles.broken, brand_id, desk.clock.now())
