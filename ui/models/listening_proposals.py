"""What a brand could listen to, from what is known of it already: name, accounts, products, competitors, hashtags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.listening.query import tidy
from cmdesk.listening.searching import NETWORKS, checked_handle
from cmdesk.listening.values import Query, SearchKind
from cmdesk.model import Account, Brand
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.store import accounts, brand_links, brands, listening, reviewing
from cmdesk.store.db import Reader

MOST_BRANDS = 6
_PRODUCTS = _TAGS = 5
_RIVALS = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A search that could be saved as it is; `why` says where it comes from (name, products, tags, competitors)."""

    brand_id: int
    kind: SearchKind
    name: str
    why: str
    query: Query = field(default_factory=Query)
    language: str = ""
    network: str = ""
    handle: str = ""


def propose(desk: Desk, brand_id: int | None) -> list[Proposal]:
    """What a brand (None: each of the first few) could listen to and does not yet; nothing for a brand of no words."""
    return desk.page(_proposals, brand_id)


def _proposals(reader: Reader, brand_id: int | None) -> list[Proposal]:
    every = [brands.brand(reader, brand_id)] if brand_id is not None else brands.list_brands(reader)[:MOST_BRANDS]
    found: list[Proposal] = []
    for brand in every:
        if brand.archived_at is not None:
            continue
        there = listening.searches(reader, brand.id)
        known = {(each.kind, each.query) for each in there if each.kind is not SearchKind.COMPETITOR}
        handles = {(each.network, each.handle.casefold()) for each in there}
        names = {each.name.casefold() for each in there}
        for each in _of_brand(reader, brand):
            if each.name.casefold() in names:
                continue
            if each.kind is SearchKind.COMPETITOR:
                if (each.network, each.handle.casefold()) not in handles:
                    found.append(each)
            elif (each.kind, each.query) not in known:
                found.append(each)
    return found


def _of_brand(reader: Reader, brand: Brand) -> Iterator[Proposal]:
    own = accounts.list_accounts(reader, brand_id=brand.id)
    yield from _named(brand, own)
    products = [each for each in brand_links.products(reader, brand.id) if len(each.name) > 3][:_PRODUCTS]
    if products:
        query = tidy(Query(any=tuple(each.name for each in products)))
        yield Proposal(brand.id, SearchKind.WORDS, products[0].name, "products", _one(query))
    tags = list(dict.fromkeys(tag for each in brand_links.hashtag_sets(reader, brand.id) for tag in each.tags))
    sector = [tag.lstrip("#") for tag in tags if brand.name.casefold().replace(" ", "") not in tag.casefold()]
    for tag in sector[:2]:
        yield Proposal(brand.id, SearchKind.HASHTAG, f"#{tag}", "tags", tidy(Query(all=(f"#{tag}",))))
    cloud = [*sector[:_TAGS], *(each.name for each in products)]
    if cloud:
        query = tidy(Query(any=tuple(dict.fromkeys(cloud))))
        yield Proposal(brand.id, SearchKind.HELP, cloud[0], "help", _one(query), language=brand.language)
    yield from _rivals(brand, reviewing.words(reader, brand.id).get(WordKind.COMPETITOR, ()), own)


def _named(brand: Brand, own: list[Account]) -> Iterator[Proposal]:
    """What people call it: its name, and the name of its accounts where that is another word."""
    words = [brand.name]
    for each in own:
        short = each.handle.removeprefix("@").partition("@")[0]
        short = short.removesuffix(".bsky.social") if each.network == "bluesky" else short
        if "." not in short and len(short) > 3:
            words.append(short)
    plain = brand.name.casefold().replace(" ", "")
    others = [each for each in words[1:] if each.casefold() not in (plain, brand.name.casefold())]
    query = tidy(Query(any=tuple(dict.fromkeys((brand.name, *others)))))
    if query.asks:
        yield Proposal(brand.id, SearchKind.WORDS, brand.name, "name", _one(query))


def _rivals(brand: Brand, words: tuple[str, ...], own: list[Account]) -> Iterator[Proposal]:
    """Competitors of the reviewer's list: an @handle as an account to compare with, a name as words."""
    networks = [each.network for each in own if each.network in NETWORKS]
    names = []
    for word in words:
        if word.startswith("@"):
            try:
                handle = checked_handle(word)
            except Invalid:
                continue
            network = "mastodon" if "@" in handle else "bluesky" if "." in handle else next(iter(networks), "")
            if network:
                yield Proposal(
                    brand.id, SearchKind.COMPETITOR, f"@{handle}", "competitors", network=network, handle=handle
                )
        elif "." not in word and not urlsplit(word).scheme:
            names.append(word)
    if names:
        query = tidy(Query(any=tuple(names[:_RIVALS])))
        if query.asks:
            yield Proposal(brand.id, SearchKind.WORDS, names[0], "competitors", _one(query))


def _one(query: Query) -> Query:
    """One alternative alone is simply asked for."""
    if len(query.any) != 1:
        return query
    term = query.any[0]
    return Query(phrases=(term,), none=query.none) if " " in term else Query(all=(term,), none=query.none)
