"""Where the links of a post lead: competitors, third parties, nowhere, without encryption (U5, U6)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from cmdesk.planning.content import market_of, readers_of
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing.facts import Case, Facts, WordKind
from cmdesk.planning.reviewing.sites import belongs, host_of, site_of
from cmdesk.planning.reviewing.texts import Copy, fold, phrases
from cmdesk.planning.reviewing.voice import HTTPS
from cmdesk.text import links

_HTTP = regex.compile(r"(?i)\bhttp://(?!localhost|127\.|\[?::1)")
_MENTION = regex.compile(r"(?<![\w/@.])@([\w](?:[\w.-]{0,99}\w)?)(?:@[\w.-]{1,253})?")

# What is usual at most; a brand may say otherwise.
HASHTAGS = {"mastodon": 6, "bluesky": 4, "x": 3, "threads": 3, "instagram": 8, "facebook": 4, "linkedin": 5}
_TAG = regex.compile(r"(?<![\w#&/])[#＃][\p{L}\p{N}\p{M}_]*\p{L}[\p{L}\p{N}\p{M}_]*")


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield what is to be said of links, of competitors by name, and of the number of hashtags."""
    competitors = _Competitors(case.facts.of_kind(WordKind.COMPETITOR))
    for copy in texts:
        if copy.kind == "text":
            yield from _links(case.facts, copy, competitors)
        yield from competitors.named(copy)
    yield from _card(case, competitors)
    yield from _hashtags(case, texts)


class _Competitors:
    """The client's competitors, told apart by how they are written: a domain, an @handle, a name."""

    def __init__(self, given: tuple[str, ...]) -> None:
        self.sites = tuple(site_of(each) for each in given if "." in each and " " not in each and each[0] != "@")
        self.handles = {fold(each[1:]).partition("@")[0]: each for each in given if each.startswith("@")}
        self.names = tuple(each for each in given if each[0] != "@" and not ("." in each and " " not in each))

    def named(self, copy: Copy) -> Iterator[Finding]:
        """Yield where a text names one."""
        found = [
            (self.handles[key], *match.span())
            for match in _MENTION.finditer(copy.text)
            if (key := fold(match[1])) in self.handles or (key := key.partition(".")[0]) in self.handles
        ]
        found += [(hit.phrase, hit.start, hit.end) for hit in phrases(self.names).find(copy.text) if self.names]
        for who, start, end in found:
            place = copy.at(start, end) if copy.kind in ("text", "alt") else None
            said = copy.text[start:end]
            yield Finding(Level.WARNING, "competitor_named", detail=who, place=place, said=(said,))


def _links(facts: Facts, copy: Copy, competitors: _Competitors) -> Iterator[Finding]:
    for start, end, link in links(copy.text):
        place = copy.at(start, end)
        yield from _led(facts, link, competitors, place=place)
        if _HTTP.match(link):
            yield Finding(Level.HINT, "link_http", detail=link, place=place, fix=HTTPS, said=(link,))


def _led(facts: Facts, link: str, competitors: _Competitors, *, place: Place | None) -> Iterator[Finding]:
    where = place
    site, host = site_of(link), host_of(link)
    state = facts.links.get(link)
    if state is not None and state.broken:
        said = (link, str(state.status) if state.status >= 400 else state.code)
        yield Finding(Level.WARNING, "broken_link", detail=link, place=where, said=said)
    if belongs(site, competitors.sites):
        yield Finding(Level.WARNING, "competitor_link", detail=site, place=where, said=(link,))
    elif facts.own.domains and not belongs(site, facts.own.domains) and not _own_profile(facts, link):
        yield Finding(Level.HINT, "third_party_link", detail=site, place=where, said=(host,))


def _own_profile(facts: Facts, link: str) -> bool:
    """Say whether a link goes to a profile of the brand: one of its handles stands in its path."""
    path = fold(link.partition("://")[2].partition("/")[2])
    pieces = {each.lstrip("@") for each in path.replace("?", "/").split("/")}
    handles = {fold(each) for each in facts.own.handles}
    return bool(pieces & (handles | {each.partition("@")[0] for each in handles}))


def _card(case: Case, competitors: _Competitors) -> Iterator[Finding]:
    card = case.post.card
    if card is not None and card.url:
        yield from _led(case.facts, card.url, competitors, place=None)


def _hashtags(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    networks = {each.id: each.network for each in case.accounts}
    for copy in texts:
        if copy.kind != "text":
            continue
        key = copy.place.key
        own = {networks[int(key[1:])]} if key.startswith("#") and int(key[1:]) in networks else {key} if key else set()
        if (market_id := market_of(key)) is not None:
            own = {each.network for each in case.accounts if readers_of(case.post, each.id).market_id == market_id}
        usual = [HASHTAGS[each] for each in own or set(networks.values()) if each in HASHTAGS]
        most = case.facts.max_hashtags or min(usual, default=0)
        found = list(_TAG.finditer(copy.text))
        if most and len(found) > most:
            place = copy.at(found[most].start(), found[-1].end())
            said = (str(len(found)), str(most))
            yield Finding(Level.HINT, "many_hashtags", place=place, said=said)


def with_https(text: str, link: str) -> str:
    """Return a text in which one link is encrypted."""
    return text.replace(link, str(_HTTP.sub("https://", link)))
