"""One round of a search, without its network: what is asked for, what of the answers counts, a competitor's week."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cmdesk.listening import help_cues
from cmdesk.listening.feeds import Feed, FeedEntry
from cmdesk.listening.matching import fold_tag, match
from cmdesk.listening.searching import requests, tags_for
from cmdesk.listening.values import WEB, Found, Query, Search, SearchKind
from cmdesk.networks.base import Incoming, Kind, PublicProfile

#: What a network is asked in one round of one search; the rest of many alternatives has its turn in the next ones.
MOST_ASKED = 8
#: A new search begins so far back, and with so many: what is older was said before anybody listened.
FIRST = timedelta(days=60)
FIRST_MOST = 100
#: A network may tell of a post late (another server's, an index that is filled by night).
LATE = timedelta(hours=6)
WEEK = timedelta(days=7)
_SHOWN = ("public", "unlisted")


def asked(search: Search, code: str) -> tuple[Query, ...]:
    """Return what to ask an account whose search lacks `code` ('' nothing), each without alternatives; () nothing.

    A query of one hashtag alone is asked for as a hashtag.
    """
    if search.kind is SearchKind.HASHTAG:
        return tuple(Query(all=(each,), none=search.query.none) for each in (*search.query.all, *search.query.any))
    if code == "search_none":
        return tuple(Query(all=(f"#{each}",)) for each in tags_for(search.query))
    words = requests(replace(search.query, language=search.language))
    if code in ("search_own", "search_unsure"):
        return (*words, *(Query(all=(f"#{each}",)) for each in tags_for(search.query)))
    return () if code else words


def turn(every: Sequence[Query], start: int) -> tuple[tuple[Query, ...], int]:
    """Return what of many alternatives is asked in this round, and with which one the next round begins."""
    if len(every) <= MOST_ASKED:
        return tuple(every), 0
    start %= len(every)
    return tuple((*every[start:], *every[:start])[:MOST_ASKED]), (start + MOST_ASKED) % len(every)


def tag_of(query: Query) -> str:
    """Return the hashtag that a request is for, '' when it is for words."""
    alone = len(query.all) == 1 and not query.any and not query.phrases
    return query.all[0].lstrip("#") if alone and query.all[0].startswith("#") else ""


def tags_not(query: Query) -> tuple[str, ...]:
    """Return the hashtags that must not be there."""
    return tuple(fold_tag(each) for each in query.none if each.startswith("#"))


def found_of(item: Incoming, *, network: str, account_id: int) -> Found | None:
    """Return what a network told as something found; None for our own, what is said to us, and what is not public.

    What is said to us comes to the inbox by itself.
    """
    if item.kind is not Kind.CONTEXT or item.visibility not in _SHOWN or not item.text.strip():
        return None
    author, on_mastodon = item.author, network == "mastodon"
    ref = {
        **item.ref, "id": item.remote_id, "author": author.remote_id, "parent": item.parent_id,
        "parent_author": item.parent_author_id, "followers": "" if author.followers is None else str(author.followers),
    }  # fmt: skip
    return Found(
        source=network,
        # One post has an id of its own on each server of the fediverse, and one address.
        remote_id=(item.ref.get("uri") or item.url or item.remote_id) if on_mastodon else item.remote_id,
        text=item.text,
        at=item.created_at,
        url=item.url,
        author_id=(author.handle or author.remote_id) if on_mastodon else author.remote_id,
        author_name=author.name,
        author_handle=author.handle,
        avatar_url=author.avatar_url,
        title=item.spoiler,
        language=item.language,
        ref={name: value for name, value in ref.items() if value},
        account_id=account_id,
    )


def found_in(feed: Feed, *, now: datetime) -> list[Found]:
    """Return a feed's entries as things found, the newest first.

    An entry without a date is of now: it was not there before. One page told by several feeds is one thing.
    """
    pages = Counter(each.url for each in feed.entries if each.url)
    found = [_found_entry(each, feed, now=now, alone=pages[each.url] == 1) for each in feed.entries]
    return sorted(found, key=lambda each: each.at, reverse=True)


def mark_of(found: Found) -> str:
    """Return a short name of an entry, by which it is known to have been there before."""
    return hashlib.blake2s(found.remote_id.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _found_entry(entry: FeedEntry, feed: Feed, *, now: datetime, alone: bool) -> Found:
    site = (urlsplit(entry.url or feed.url).hostname or "").removeprefix("www.")
    own = f"{entry.url or feed.url}#{entry.id}"
    return Found(
        source=WEB,
        remote_id=entry.url if entry.url and alone else own,
        text=entry.text or entry.title,
        at=now if entry.at is None else min(entry.at, now),
        url=entry.url,
        author_id=site,
        author_name=entry.author or site,
        title=entry.title,
        language=entry.language or feed.language,
    )


def kept(search: Search, found: Iterable[Found], *, since: datetime | None = None) -> list[Found]:
    """Return what a search really asks for: looked at closer than a network does, none twice, the newest first."""
    wanted: dict[tuple[str, str], Found] = {}
    for each in found:
        if (since is None or each.at >= since) and asks_for(search, each):
            wanted.setdefault((each.source, each.remote_id), each)
    return sorted(wanted.values(), key=lambda each: each.at, reverse=True)


def asks_for(search: Search, found: Found) -> bool:
    """Say whether a search asks for this: its words, its language, and of help-seekers that somebody asks."""
    told = found.language.lower().split("-")[0]
    if search.language and told and told != search.language:
        return False
    if not search.query.asks and not search.query.none:
        return True
    if match(search.query, found.words) is None:
        return False
    if search.kind is SearchKind.HELP:
        sought = help_cues.seek(search.query, found.words, language=told or search.language)
        return sought is not None and sought.asks
    return True


def week_of(posts: Iterable[Incoming], *, now: datetime) -> dict[str, float]:
    """Return how much an account posted within seven days and what people did with it."""
    recent = [each.counts for each in posts if now - WEEK < each.created_at]
    parts = (part for each in recent for part in (each.favourites, each.boosts, each.replies, each.quotes))
    did = sum(part or 0 for part in parts)
    return {"posts_week": float(len(recent)), "interactions_week": float(did)}


def figures_of(profile: PublicProfile) -> Mapping[str, float]:
    """Return the figures that a public account shows."""
    told = {"followers": profile.followers, "following": profile.following, "posts": profile.statuses}
    return {name: float(value) for name, value in told.items() if value is not None}
