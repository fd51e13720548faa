"""What stands around the hits: searches with their counts, what failed, why a hit was found, and other places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmdesk.commands import listening as commands
from cmdesk.desk import Desk
from cmdesk.listening.help_cues import seek
from cmdesk.listening.matching import found_words
from cmdesk.listening.silence import Silence
from cmdesk.listening.values import Counts, Hit, Search, SearchKind
from cmdesk.store import listening as store, listening_find, silence, wishes
from cmdesk.store.db import Reader

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Side:
    """What is listened to, how much of it is new, how many places were never looked at, where hits come from."""

    searches: tuple[Search, ...]
    counts: Counts
    places: int
    sources: tuple[str, ...]

    @property
    def by_id(self) -> dict[int, Search]:
        """The searches by their ids."""
        return {each.id: each for each in self.searches}


def _side(reader: Reader, brand_id: int | None) -> Side:
    waiting = sum(1 for each in wishes.places(reader, brand_id=brand_id) if each.looked_at is None)
    return Side(
        tuple(store.searches(reader, brand_id)),
        store.counts(reader, brand_id),
        waiting,
        tuple(listening_find.sources(reader, brand_id)),
    )


def read_side(desk: Desk, brand_id: int | None) -> Side:
    """Read it; a few milliseconds."""
    return desk.page(_side, brand_id)


def read_hit(desk: Desk, hit_id: int) -> Hit | None:
    """One hit, None when it is gone."""
    return desk.page(store.hits_by_id, [hit_id]).get(hit_id)


async def new_silence(desk: Desk) -> list[Silence]:
    """What channels do not do that no notice has told of yet; whoever asks tells it, so it is noted as told."""
    found = await desk.read(silence.to_tell, desk.clock.now())
    await desk.run(commands.note_silence_told, account_ids=[each.account_id for each in found])
    return found


async def read_silence(desk: Desk, brand_id: int | None) -> list[Silence]:
    """The channels that publish nothing or answer nobody (D14), read on another thread."""
    now: datetime = desk.clock.now()
    return await desk.read(silence.silent, now, brand_id)


def spans_of(hit: Hit, text: str, searches: Mapping[int, Search]) -> tuple[Span, ...]:
    """Where a text holds what a hit's searches look for, of help-seekers also how they ask: in order, apart."""
    found: list[Span] = []
    for each in hit.search_ids:
        search = searches.get(each)
        if search is None or not search.query.asks:
            continue
        asking = seek(search.query, text, language=hit.language) if search.kind is SearchKind.HELP else None
        found += asking.spans if asking is not None else found_words(search.query, text)
    kept: list[Span] = []
    for start, end in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a search took a hit: the words it holds, and how it asks for help."""

    search: Search
    words: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


def whys(hit: Hit, searches: Mapping[int, Search]) -> Sequence[Why]:
    """What each of a hit's searches saw in it."""
    made = []
    for each in hit.search_ids:
        search = searches.get(each)
        if search is None:
            continue
        asking = seek(search.query, hit.words, language=hit.language) if search.kind is SearchKind.HELP else None
        if asking is not None:
            made.append(Why(search, asking.keywords, asking.cues))
            continue
        spans = found_words(search.query, hit.words) if search.query.asks else ()
        words = {hit.words[start:end].casefold(): hit.words[start:end] for start, end in spans}
        made.append(Why(search, tuple(words.values())))
    return made
