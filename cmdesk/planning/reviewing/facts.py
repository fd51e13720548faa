"""What the reviewer knows besides the post itself: values that `store.reviewing` reads in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from cmdesk.care.holidays import public_holidays
from cmdesk.care.values import ServiceLevel
from cmdesk.markets.guide import Guide
from cmdesk.model import Account, Brand, Market, Post
from cmdesk.planning.aims import Aim
from cmdesk.planning.content import market_of, readers_of
from cmdesk.planning.voice import Voice

STREAK = 3  # posts about products in a row
NOTHING: Mapping[date, str] = MappingProxyType({})


class WordKind(StrEnum):
    """What one of the client's words is for."""

    FORBIDDEN = "forbidden"  # the client does not want to read it
    COMPETITOR = "competitor"  # a name, @handle or domain one does not send people to (U6)
    TOPIC = "topic"  # to be avoided, besides the usual ones (K9)
    DOMAIN = "domain"  # the brand's own
    HANDLE = "handle"  # the brand's own, where it has no account here
    SPELLING = "spelling"  # right although the dictionary does not know it
    INSTEAD = "instead"  # something else is said in its place (K11)


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a brand is known: enough to notice that a text names it (N11)."""

    brand_id: int
    name: str
    handles: tuple[str, ...] = ()  # without the first @
    domains: tuple[str, ...] = ()  # hosts, or host/first part of the path on hosts that many share
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another post of the brand near in time: planned, or out (also what was published elsewhere)."""

    post_id: int  # 0: not made here
    at: datetime
    text: str
    account_ids: tuple[int, ...]
    aim: str = ""
    series_id: int | None = None


@dataclass(frozen=True, slots=True)
class LinkState:
    """What a link answered when it was last tried."""

    status: int
    code: str = ""

    @property
    def broken(self) -> bool:
        """Say whether nobody gets there; `unknown` is a site that does not tell a program."""
        return self.code != "unknown" and (self.status >= 400 or bool(self.code))


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything around a post of one brand."""

    brand: Brand
    now: datetime
    own: Marks
    others: tuple[Marks, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # WordKind → words
    ignored: frozenset[tuple[str, str]] = frozenset()  # (code, detail) that this brand does not want to hear
    earlier: tuple[Earlier, ...] = ()
    links: Mapping[str, LinkState] = field(default_factory=dict)
    markets: Mapping[int, Market] = field(default_factory=dict)
    guides: Mapping[int, Guide] = field(default_factory=dict)  # market → how one writes there
    checked: Mapping[int, str] = field(default_factory=dict)  # market → for which words its checklist was gone through
    levels: Mapping[int, ServiceLevel] = field(default_factory=dict)  # market, 0 the brand
    holidays: Mapping[tuple[str, str], Mapping[date, str]] = field(default_factory=dict)  # (country, region) → days
    max_hashtags: int = 0  # 0: what is usual on each network
    product_streak: int = STREAK  # so many product posts in a row are enough (U10)
    missing: frozenset[int] = frozenset()  # media whose file is no longer in the folder
    sure: frozenset[str] = frozenset()  # folded names of other brands that are meant in this post
    voice: Voice = field(default_factory=Voice)  # how the brand speaks (K11)
    instead: Mapping[str, str] = field(default_factory=dict)  # word → what is said in its place
    aims: Mapping[int, Aim] = field(default_factory=dict)  # account → what it is for (K12)
    outside: frozenset[str] = frozenset()  # folded handles that are mentioned and in none of the post's circles
    unwanted: frozenset[str] = frozenset()  # folded handles of people who do not want to be addressed (U11)

    def of_kind(self, kind: WordKind) -> tuple[str, ...]:
        """Return the client's words of a kind."""
        return self.words.get(kind, ())

    def formal_in(self, language: str) -> bool:
        """Say whether the brand says usted, vous or Sie in a language (K11)."""
        return self.voice.formal(language, otherwise=self.brand.formal)

    def with_links(self, links: Mapping[str, LinkState]) -> Facts:
        """Return the facts with what the links of the post answered."""
        return replace(self, links=links)


@dataclass(frozen=True, slots=True)
class Case:
    """What one review looks at."""

    post: Post
    accounts: tuple[Account, ...]
    facts: Facts

    @property
    def language(self) -> str:
        """Return the post's language without its region, the brand's where it names none."""
        return _base(self.post.language or self.facts.brand.language)

    def market_of(self, account_id: int) -> Market | None:
        """Return the market that an account says this post to: the one it speaks to, else the post's."""
        own = readers_of(self.post, account_id).market_id
        return self.facts.markets.get(own or 0) or self.facts.markets.get(self.post.market_id or 0)

    def market_at(self, key: str) -> Market | None:
        """Return the market that reads the words under a key (as `Post.variants`); None: several, or nobody's."""
        if key.startswith("@"):
            return self.facts.markets.get(market_of(key) or 0)
        if key.startswith("#"):
            return self.market_of(int(key[1:])) if key[1:].isdecimal() else None
        reading = {self.market_of(each.id) for each in self.accounts if not key or each.network == key}
        if len(reading) == 1:
            return reading.pop()
        return None if reading else self.facts.markets.get(self.post.market_id or 0)

    def formal_at(self, key: str) -> bool:
        """Say whether the words under a key say usted: as their market wants it, else as the brand speaks."""
        market = self.market_at(key)
        guide = self.facts.guides.get(market.id) if market is not None else None
        return self.facts.formal_in(self.language_at(key)) if guide is None or guide.formal is None else guide.formal

    def language_at(self, key: str) -> str:
        """Return the language of the words under a key, without its region: a market's own words are in its."""
        market = self.facts.markets.get(market_of(key) or 0) if key.startswith("@") else None
        return _base(market.language) if market is not None and market.language else self.language


def _base(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def with_holidays(facts: Facts, at: Iterable[datetime], *, language: str) -> Facts:
    """Return the facts with the public holidays of every country and region around these moments.

    The library behind it takes a while to import: not on a thread that paints.
    """
    years = sorted({year for each in at for year in (each.year - 1, each.year, each.year + 1) if 1 < year < 9998})
    places = {(each.country, each.region) for each in facts.markets.values() if each.country}
    places |= {(each.country, each.region) for each in facts.levels.values() if each.country}
    return replace(facts, holidays={place: _days(*place, years, language) for place in places})


def _days(country: str, region: str, years: Iterable[int], language: str) -> Mapping[date, str]:
    found: dict[date, str] = {}
    for year in years:
        found.update(public_holidays(country, region, year, language))
    return found
