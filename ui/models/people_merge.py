"""Two people who may be one: what merging would do, and the probable doubles with their rows."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cmdesk.commands import people_merge as commands
from cmdesk.commands.people_merge import Preview
from cmdesk.desk import Desk
from cmdesk.people.doubles import Suggestion
from cmdesk.people.joining import Keep
from cmdesk.people.values import PersonRow
from cmdesk.store import people_table
from cmdesk.store.db import Reader
from ui.models.person import Person, read_person

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, with what a line about each shows."""

    suggestion: Suggestion
    one: PersonRow
    other: PersonRow


@dataclass(frozen=True, slots=True)
class Joining:
    """Two people beside each other: the one that stays, the one that goes, and every field."""

    preview: Preview
    kept: Person
    gone: Person


def who_stays(desk: Desk, one: int, other: int) -> tuple[int, int]:
    """The two, first whom more is known of."""
    return desk.page(commands.who_stays, one, other)


def joining(desk: Desk, kept: int, gone: int, keep: Mapping[str, Keep]) -> Joining:
    """What merging `gone` into `kept` would do; raises Invalid for two of different brands."""
    preview = desk.page(commands.preview, gone, kept, keep)
    return Joining(preview, read_person(desk, kept), read_person(desk, gone))


async def pairs(desk: Desk, brand_ids: Sequence[int]) -> tuple[list[Pair], int]:
    """Probable doubles of some brands, the most probable first, and how many there are in all; on another thread."""
    return await desk.read(_pairs, tuple(brand_ids))


async def count_pairs(desk: Desk, brand_ids: Sequence[int]) -> int:
    """How many probable doubles there are; on another thread."""
    return await desk.read(_count, tuple(brand_ids))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the collector of cycles back: among the objects of 100,000 people it stops every thread, the window's too.

    Nothing here makes a cycle; what is let go goes by its count.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _suggestions(reader: Reader, brand_ids: Sequence[int]) -> list[Suggestion]:
    with _uncollected():
        found = [each for brand_id in brand_ids for each in commands.suggestions(reader, brand_id)]
    return sorted(found, key=lambda each: (-each.score, each.one_id, each.other_id))


def _pairs(reader: Reader, brand_ids: Sequence[int]) -> tuple[list[Pair], int]:
    every = _suggestions(reader, brand_ids)
    found = every[:SHOWN]
    rows = people_table.rows(reader, {each for pair in found for each in (pair.one_id, pair.other_id)})
    made = [
        Pair(each, rows[each.one_id], rows[each.other_id])
        for each in found
        if each.one_id in rows and each.other_id in rows
    ]
    return made, len(every)


def _count(reader: Reader, brand_ids: Sequence[int]) -> int:
    return len(_suggestions(reader, brand_ids))
