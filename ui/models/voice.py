"""How a brand speaks as the settings show and keep it, its file, and the card beside a text (K11, K12)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmdesk.commands import voice as commands
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import create_private
from cmdesk.model import Account, Brand, Market
from cmdesk.planning.aims import Aim
from cmdesk.planning.reviewing import WordKind
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.planning.voice import Tongue, Voice, plain
from cmdesk.planning.voice_book import (
    MOST_BYTES,
    TOPIC as TOPIC,
    AccountAim,
    Book,
    FromFile,
    Taken,
    from_text,
    taken,
    to_text,
)
from cmdesk.spelling.dictionaries import Source
from cmdesk.store import accounts, brands, markets, reviewing, voice as store
from cmdesk.store.db import Done, Reader

TONGUES = ("es", "en", "fr", "it", "pt", "de", "ca")
"""Languages a desk is ready to write in; each has a line of its own among the dictionaries (K8)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything the dialog of a brand's voice shows."""

    brand: Brand
    book: Book
    accounts: tuple[Account, ...]
    markets: tuple[Market, ...]
    ignored: tuple[reviewing.Ignored, ...]

    @property
    def topics_off(self) -> frozenset[str]:
        """The usual topics that are switched off."""
        return frozenset(detail for code, detail in self.book.silent if code == TOPIC and detail in TOPICS)


def opened(desk: Desk, brand_id: int) -> Opened:
    """What is said of how a brand speaks."""
    return desk.page(_opened, brand_id)


def _opened(reader: Reader, brand_id: int) -> Opened:
    return Opened(
        brands.brand(reader, brand_id),
        commands.book(reader, brand_id),
        tuple(accounts.list_accounts(reader, brand_id=brand_id)),
        tuple(markets.markets(reader, brand_id)),
        tuple(reviewing.ignored(reader, brand_id)),
    )


async def keep(desk: Desk, brand_id: int, book: Book) -> Done[bool]:
    """Keep all of it as one decision; raises Invalid as `commands.voice.save_book`."""
    return await desk.run(commands.save_book, brand_id=brand_id, wanted=book)


def said(book: Book) -> tuple[object, ...]:
    """What a book says, to be compared: two that say the same are alike however they were written down."""
    return (
        plain(book.voice), dict(book.instead), {str(kind): list(some) for kind, some in book.words.items() if some},
        dict(book.numbers), book.formal, book.silent, {each: aim for each, aim in book.aims.items() if aim},
    )  # fmt: skip


# The file


def file_text(known: Opened, book: Book) -> str:
    """A file of a voice; what stands in the dialog, kept or not."""
    handles = {each.id: each for each in known.accounts}
    told = [
        AccountAim(handles[each].network, handles[each].handle, aim) for each, aim in book.aims.items() if aim
    ]  # fmt: skip
    off = sorted(detail for code, detail in book.silent if code == TOPIC and detail in TOPICS)
    return to_text(book, brand=known.brand.name, topics_off=off, accounts=told)


async def write_file(path: Path, text: str) -> None:
    """Write a file in place of what is there; raises OSError."""

    def write() -> None:
        path.unlink(missing_ok=True)
        create_private(path, text.encode())

    await asyncio.to_thread(write)


async def read_file(path: Path) -> FromFile:
    """What a file of a voice holds; raises Invalid as `voice_book.from_text`, OSError."""

    def read() -> str:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Invalid("too large", code="voice_file", detail=path.name[:120])
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Invalid("no text", code="voice_file", detail=path.name[:120]) from None

    return from_text(await asyncio.to_thread(read))


def take(known: Opened, now: Book, said: FromFile) -> Taken:
    """What a file makes of what stands in the dialog."""
    here = {each.id: (each.network, each.handle) for each in known.accounts}
    return taken(now, said, brand=known.brand.name, accounts=here)


# Dictionaries


def sources(desk: Desk, more: Sequence[str] = ()) -> dict[str, Source | None]:
    """Where the dictionary of each language is from, None where there is none; `more` beside the usual languages."""
    known = {each.partition("_")[0].lower() for each in desk.speller.languages()}
    wanted = dict.fromkeys([*TONGUES, *(each.partition("-")[0] for each in more), *sorted(known)])
    return {tongue: desk.speller.source(tongue) for tongue in wanted}


async def add_dictionaries(desk: Desk, paths: Sequence[Path]) -> list[str]:
    """Take dictionaries in; raises Invalid as `spelling.adding.add`, OSError."""
    return await asyncio.to_thread(desk.speller.add, paths)


# Beside a text


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """What somebody who writes for a brand has to know at a glance."""

    brand: Brand
    voice: Voice
    tongue: Tongue
    language: str
    formal: bool
    instead: Mapping[str, str]
    forbidden: tuple[str, ...]
    aims: tuple[tuple[Account, Aim], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was said beyond tú or usted."""
        return not (self.voice or self.instead or self.forbidden or self.aims)


def voice_card(
    desk: Desk, brand_id: int, language: str, *, market_id: int = 0, account_ids: Sequence[int] = ()
) -> VoiceCard:
    """How a brand speaks to people of a language, on these accounts; a market's own address goes first."""
    return desk.page(_card, brand_id, language, market_id, tuple(account_ids))


def _card(reader: Reader, brand_id: int, language: str, market_id: int, account_ids: tuple[int, ...]) -> VoiceCard:
    brand = brands.brand(reader, brand_id)
    tag = language or brand.language
    how = store.manner(reader, brand_id, tag, market_id=market_id)
    said = commands.book(reader, brand_id)
    named = {each.id: each for each in accounts.list_accounts(reader, brand_id=brand_id)}
    aims = tuple((named[each], aim) for each in account_ids if each in named and (aim := said.aims.get(each, Aim())))
    return VoiceCard(
        brand, said.voice, how.tongue, tag, how.formal, said.instead, said.words.get(WordKind.FORBIDDEN, ()), aims
    )  # fmt: skip
