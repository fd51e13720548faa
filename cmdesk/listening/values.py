"""What is listened to, and what it found, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

#: The source of what no network told: feeds and web alerts.
WEB = "web"
#: A hit that nobody promoted is kept this long after it was found.
KEPT = timedelta(days=180)
SHORTEST_S, USUAL_S, LONGEST_S = 300, 1800, 7 * 86_400


class SearchKind(StrEnum):
    """What sort of thing a search listens to."""

    WORDS = "words"
    HASHTAG = "hashtag"
    HELP = "help"  # people who ask for help in the sector, the brand unnamed (D3)
    FEED = "feed"  # RSS, Atom, JSON Feed, web alerts (D2)
    COMPETITOR = "competitor"  # a public account (R4)


class HitState(StrEnum):
    """What a person decided about a hit."""

    NEW = "new"
    SEEN = "seen"
    USEFUL = "useful"
    DISMISSED = "dismissed"
    PROMOTED = "promoted"  # it is in the inbox


@dataclass(frozen=True, slots=True)
class Query:
    """Words that must, may and must not be there; an item with a blank is a phrase, `#` before one asks for the tag.

    `any` asks for at least one of its items. `language` is what `lang:` in a typed line asked for; a saved search
    keeps it in its own field.
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    language: str = ""

    @property
    def asks(self) -> bool:
        """Say whether it asks for anything: exclusions alone would find everything."""
        return bool(self.all or self.any or self.phrases)


@dataclass(frozen=True, slots=True)
class Reach:
    """How one account served a search at its last round: `code` '' well, else what the server lacks or why it failed.

    Lacks: `search_own` (only posts of and to the account), `search_none` (no search: hashtags instead), `no_search`
    (no search and no hashtags), `search_unsure` (not known yet: both are asked), else an error's code.
    """

    account_id: int
    code: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Something that is listened to.

    `network` '' means every network of the brand that can; of a competitor it is the network of `handle`, `remote_id`
    its id there once it was found. `error_code` is why the last round failed, '' when it did not.
    """

    id: int
    brand_id: int
    kind: SearchKind
    name: str
    query: Query = Query()
    language: str = ""
    url: str = ""
    network: str = ""
    handle: str = ""
    remote_id: str = ""
    every_s: int = USUAL_S
    paused: bool = False
    created_at: datetime | None = None
    checked_at: datetime | None = None
    next_at: datetime | None = None
    error_code: str = ""
    error_detail: str = ""
    error_count: int = 0
    reaches: tuple[Reach, ...] = ()
    title: str = ""  # of the feed, or the competitor's name, as last told
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: network text, plain and untrusted. `source` is a network, or 'web'.

    `ref` is what its network needs to answer it; `account_id` the account through which it was found. `unsure` says
    that the sentiment is only a guess; `search_ids` which searches found it.
    """

    id: int
    brand_id: int
    source: str
    remote_id: str
    url: str
    author_id: str
    author_name: str
    author_handle: str
    avatar_url: str
    title: str
    text: str
    language: str
    at: datetime
    found_at: datetime
    ref: Mapping[str, str] = field(default_factory=dict)
    account_id: int | None = None
    sentiment: str = ""
    intent: str = ""
    urgency: int = 0
    unsure: bool = False
    state: HitState = HitState.NEW
    conversation_id: int | None = None
    decided_at: datetime | None = None
    search_ids: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """Title and text as one, for matching and judging."""
        return f"{self.title}\n{self.text}".strip() if self.title and self.title not in self.text else self.text


@dataclass(frozen=True, slots=True)
class Counts:
    """How many hits wait: of a brand (or all), and of each search."""

    new: int = 0
    by_search: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A competitor's figure of a day: followers, following, posts, posts_week, interactions_week."""

    day: date
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Muted:
    """An author who is not listened to any more."""

    source: str
    author_id: str
    handle: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Something a round found, before it is a hit: an item of a network, or an entry of a feed."""

    source: str
    remote_id: str
    text: str
    at: datetime
    url: str = ""
    author_id: str = ""
    author_name: str = ""
    author_handle: str = ""
    avatar_url: str = ""
    title: str = ""
    language: str = ""
    ref: Mapping[str, str] = field(default_factory=dict)
    account_id: int | None = None

    @property
    def words(self) -> str:
        """Title and text as one, for matching and judging."""
        return f"{self.title}\n{self.text}".strip() if self.title and self.title not in self.text else self.text
