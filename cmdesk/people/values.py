"""What the table of people shows and how it is narrowed down and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple


class Column(StrEnum):
    """What the table can be sorted by."""

    NAME = "name"
    LAST_SEEN = "last_seen"
    FIRST_SEEN = "first_seen"
    COUNTRY = "country"
    LANGUAGE = "language"
    MARKET = "market"
    MESSAGES = "messages"
    FOLLOWERS = "followers"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of people; those of whom a column knows nothing always come last, equals by who was seen last."""

    column: Column = Column.LAST_SEEN
    down: bool = True


NEWEST = Sort()


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What narrows the table down; what is left out does not. Several values of one kind mean any of them.

    `text`: every word begins a word of the name, a handle or the notes. '' among the languages or countries means
    that it is not known. `rule` is one of `cmdesk.circles`.
    """

    text: str = ""
    markets: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    networks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    advocate: bool | None = None
    opt_out: bool | None = None
    without_market: bool = False
    rule: Any = None


EVERYBODY = PeopleFilter()

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_VALUES: Mapping[int, str] = MappingProxyType({})


class PersonRow(NamedTuple):
    """One row of the table, everything it shows; a tuple, because a page makes fifty of them between two frames."""

    id: int
    brand_id: int
    name: str
    handles: Mapping[str, tuple[str, ...]] = _NOTHING  # by network, the oldest first
    avatar_url: str = ""
    language: str = ""
    country: str = ""
    market_id: int | None = None
    market: str = ""
    circles: tuple[tuple[int, str], ...] = ()  # by hand: id and name, by name
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    messages: int = 0  # in their conversations, ours included
    conversations: int = 0
    open_cases: int = 0
    followers: int | None = None  # where most follow them
    opt_out: bool = False
    advocate: bool = False
    notes: str = ""
    origin: str = ""
    values: Mapping[int, str] = _NO_VALUES  # own field -> value
