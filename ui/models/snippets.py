"""The templates one may answer with in a conversation, each as it would be inserted there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from cmdesk.desk import Desk
from cmdesk.model import Brand, Template
from cmdesk.safe_text import clean_line
from cmdesk.store import cases, contacts, library, markets, voice
from cmdesk.store.db import Reader
from cmdesk.templates import KINDS, Expanded, base, by_path, expand, pick, values
from ui.models.thread import Thread

ANSWERS = tuple(kind for kind in KINDS if kind != "post")
POSTS = ("post", "crisis", "troll_note")
"""What one may publish with, too."""

_MOST = 80


@dataclass(frozen=True, slots=True)
class Surroundings:
    """For whom a template is expanded: language and market of the person, how the brand speaks, what is known."""

    brand_id: int | None
    language: str = ""
    fallbacks: tuple[str, ...] = ()
    market_id: int = 0
    formal: bool = False
    values: Mapping[str, str] | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The person's first."""
        return tuple(dict.fromkeys(each for each in (self.language, *self.fallbacks) if each))


def surroundings(desk: Desk, thread: Thread) -> Surroundings:
    """What is known of a conversation without looking anything up that takes time."""
    conversation, brand = thread.conversation, thread.brand
    market_id, market_language, case_number = desk.page(_more, conversation.contact_id, conversation.case_id)
    known = values(
        name=clean_line(conversation.author),
        brand=brand.name,
        handle=conversation.handle,
        account=thread.account.handle,
        case_number=case_number,
    )
    language = conversation.language or market_language or brand.language
    how = desk.page(voice.manner, brand.id, language, market_id=market_id)
    return Surroundings(
        brand.id, conversation.language, (market_language, brand.language), market_id, how.formal, how.told(known)
    )  # fmt: skip


async def whole_surroundings(desk: Desk, thread: Thread, now: datetime) -> Surroundings:
    """The same with the hours in force, other channels and the promise that is open (H2, D12)."""
    around = surroundings(desk, thread)
    language = around.language or thread.brand.language
    hours, channels, promised = await desk.read(
        _told, thread.conversation.id, thread.conversation.promise_at, language, now
    )  # fmt: skip
    added = values(name="", brand="", handle="", hours=hours, other_channels=channels, promise_date=promised)
    known = around.values or {}
    return replace(around, values={word: known.get(word) or value for word, value in added.items()})


def for_post(desk: Desk, brand: Brand, language: str, market_id: int = 0) -> Surroundings:
    """For whom one publishes: everybody in the language of the post, or the people of a market as one writes there."""
    there = desk.page(_market_language, brand.id, market_id) if market_id else ""
    first = language or there or brand.language
    how = desk.page(voice.manner, brand.id, first, market_id=market_id)
    fallbacks = tuple(dict.fromkeys(each for each in (there, brand.language) if each))
    return Surroundings(
        brand.id, first, fallbacks, market_id, formal=how.formal,
        values=how.told(values(name="", brand=brand.name, handle="")),
    )  # fmt: skip


async def whole_for_post(desk: Desk, brand: Brand, language: str, market_id: int = 0) -> Surroundings:
    """The same with the hours in force and the other channels (H2)."""
    around = for_post(desk, brand, language, market_id)
    hours, channels = await desk.read(_brand_told, brand.id, around.language, desk.clock.now())
    added = values(name="", brand=brand.name, handle="", hours=hours, other_channels=channels)
    known = around.values or {}
    return replace(around, values={word: known.get(word) or value for word, value in added.items()})


class Shelf:
    """The templates of a brand in one conversation."""

    def __init__(self, desk: Desk, around: Surroundings, *, kinds: tuple[str, ...] = ANSWERS) -> None:
        self._desk = desk
        self._kinds = kinds
        self.around = around

    def find(self, text: str) -> list[Template]:
        """Those that match what is typed, the likeliest first."""
        found = self._desk.page(
            library.find,
            self.around.brand_id,
            text,
            languages=self.around.languages,
            market_id=self.around.market_id,
            kinds=self._kinds,
            limit=_MOST,
        )
        # Where kinds are few, they come in their order: what is written to be published before what may be, too.
        return found if self._kinds is ANSWERS else sorted(found, key=lambda each: self._kinds.index(each.kind))

    def tag(self, template: Template) -> str:
        """The variant that would be taken."""
        around = self.around
        return pick(
            template, language=around.language, market_id=around.market_id, fallbacks=around.fallbacks,
            formal=around.formal,
        )[0]  # fmt: skip

    def foreign(self, template: Template) -> bool:
        """Whether it would be inserted in another language than the person's."""
        tag = base(self.tag(template)).partition("-")[0]
        return bool(tag and self.around.language) and tag != self.around.language.partition("-")[0]

    def expanded(self, template: Template) -> Expanded:
        """The text as it would be inserted."""
        around = self.around
        texts = [*template.texts.values(), *(text for each in template.markets.values() for text in each.values())]
        return expand(
            template,
            language=around.language,
            market_id=around.market_id,
            values=around.values or {},
            others=self._others if any("{>" in text for text in texts) else {},
            fallbacks=around.fallbacks,
            formal=around.formal,
        )

    @cached_property
    def _others(self) -> dict[str, Template]:
        return by_path(self._desk.page(library.templates, self.around.brand_id))


def _more(reader: Reader, contact_id: int | None, case_id: int | None) -> tuple[int, str, str]:
    market_id, language, number = 0, "", ""
    if contact_id is not None:
        contact = contacts.contact(reader, contact_id)
        for market in markets.markets(reader, contact.brand_id):
            if market.id == contact.market_id:
                market_id, language = market.id, market.language
    if case_id is not None:
        number = str(cases.case(reader, case_id).number)
    return market_id, language, number


def _market_language(reader: Reader, brand_id: int, market_id: int) -> str:
    return next((each.language for each in markets.markets(reader, brand_id) if each.id == market_id), "")


def _told(
    reader: Reader, conversation_id: int, promise_at: datetime | None, language: str, now: datetime
) -> tuple[str, str, str]:
    # The holidays library comes with these: not before somebody asks for a template.
    from cmdesk.care.phrases import by_when
    from cmdesk.store.away import told_hours
    from cmdesk.store.levels import level_of_conversation

    level = level_of_conversation(reader, conversation_id)
    hours = told_hours(reader, conversation_id, language=language, now=now) if level.shifts else ""
    promised = by_when(promise_at, now=now, zone=level.zone, language=language) if promise_at is not None else ""
    return hours, level.other_channels, promised


def _brand_told(reader: Reader, brand_id: int, language: str, now: datetime) -> tuple[str, str]:
    from cmdesk.care.hours_text import hours_text
    from cmdesk.planning.zones import zone_named
    from cmdesk.store.levels import level

    found = level(reader, brand_id)
    today = now.astimezone(zone_named(found.zone)).date()
    return (hours_text(found, language=language, on=today) if found.shifts else ""), found.other_channels
