"""What a search must have to be one, how it is asked of a network, and what a place is called (D1-D3, D5)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from cmdesk.errors import Invalid
from cmdesk.listening.matching import fold_tag
from cmdesk.listening.query import query_line, tidy
from cmdesk.listening.values import LONGEST_S, SHORTEST_S, USUAL_S, WEB, Hit, Query, Search, SearchKind
from cmdesk.safe_text import clean_line
from cmdesk.text import clean

DAY_S = 86_400
LONGEST_URL = 2_000
NETWORKS = ("mastodon", "bluesky")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_TAG = re.compile(r"\w+")
_HANDLE = re.compile(r"[\w.-]+(?:@[\w.-]+(?::\d{1,5})?)?|did:[a-z]+:[\w.:%-]+", re.IGNORECASE)
#: Hashtags of one search: a network takes few at once.
MOST_TAGS = 4


def checked(search: Search) -> Search:
    """Return a search in its one form; raises Invalid, its code says why.

    `search_name`, `query_empty`, `hashtag_form`, `feed_url`, `handle_empty`, `network_unknown`.
    """
    query, language = search.query, search.language or search.query.language
    query = replace(query, language="")
    language = language.split("-")[0]
    if language and not _LANGUAGE.fullmatch(language):
        raise Invalid(f"{language!r} is no language", code="language_form", detail=language)
    if search.network and search.network not in NETWORKS:
        raise Invalid(f"{search.network!r} cannot be searched", code="network_unknown", detail=search.network)
    url = handle = ""
    network = search.network
    if search.kind is SearchKind.FEED:
        url, network = checked_feed(search.url), ""
    elif search.kind is SearchKind.COMPETITOR:
        handle = checked_handle(search.handle)
        network = network or ("bluesky" if "@" not in handle and "." in handle else "mastodon")
    elif search.kind is SearchKind.HASHTAG:
        query = _tags(query)
    elif search.kind is SearchKind.HELP:
        # A cloud of keywords: any of them will do.
        cloud = (*query.all, *query.phrases, *query.any)
        query = Query(any=cloud, none=query.none) if len(cloud) > 1 else query
        query = tidy(query)
    if search.kind not in (SearchKind.FEED, SearchKind.COMPETITOR) and not query.asks:
        raise Invalid("there is nothing to look for", code="query_empty", detail="query")
    name = search.name or clean_line(query_line(query) or handle or urlsplit(url).hostname or "", limit=80)
    if not name:
        raise Invalid("the search needs a name", code="search_name", detail="name")
    usual = DAY_S if search.kind is SearchKind.COMPETITOR else USUAL_S
    every = min(max(search.every_s or usual, SHORTEST_S), LONGEST_S)
    return replace(
        search, name=name, query=query, language=language, url=url, network=network, handle=handle, every_s=every
    )


def checked_feed(url: str) -> str:
    """Return a feed's address as it is asked for; raises Invalid (`feed_url`)."""
    typed = clean(url).strip()
    if typed.lower().startswith(("feed:", "feeds:")):
        typed = typed.partition(":")[2].removeprefix("//")
    if typed and "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
        named = "." in host or ":" in host or host == "localhost"
        good = parts.scheme.lower() in ("http", "https") and named and parts.username is None and parts.port != 0
    except ValueError:
        good = False
    if not good or len(typed) > LONGEST_URL or any(each.isspace() or ord(each) < 33 for each in typed):
        raise Invalid("this is not the address of a page or feed", code="feed_url", detail=typed[:200])
    return typed


def checked_handle(handle: str) -> str:
    """Return a public account's name from what a person typed or copied; raises Invalid (`handle_empty`)."""
    typed = clean(handle).strip()
    if "://" in typed:
        try:
            parts = urlsplit(typed)
        except ValueError:
            raise Invalid("not an account", code="handle_empty", detail=typed[:100]) from None
        pieces = [each for each in parts.path.split("/") if each]
        if "profile" in pieces[:-1]:
            typed = pieces[pieces.index("profile") + 1]
        elif pieces and pieces[0].startswith("@"):
            typed = pieces[0] if "@" in pieces[0][1:] else f"{pieces[0]}@{parts.netloc}"
        else:
            typed = pieces[-1] if pieces else ""
    typed = typed.lstrip("@").strip("/ ")
    if not _HANDLE.fullmatch(typed) or len(typed) > 253:
        raise Invalid("this is not the name of an account", code="handle_empty", detail=typed[:100])
    return typed


def finds_other(before: Search, after: Search) -> bool:
    """Say whether a changed search would find other things, so that it has to read anew."""
    names = ("kind", "query", "language", "url", "network", "handle")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def requests(query: Query) -> tuple[Query, ...]:
    """Return what to ask a network that knows no "or": one request for each alternative, with what all must have."""
    if not query.any:
        return (query,)
    found = []
    for each in query.any:
        phrase = " " in each
        found.append(
            replace(
                query,
                any=(),
                all=query.all if phrase else (*query.all, each),
                phrases=(*query.phrases, each) if phrase else query.phrases,
            )
        )
    return tuple(found)


def tags_for(query: Query) -> tuple[str, ...]:
    """Return the hashtags under which people would speak of this, for servers that search nothing else."""
    found = [fold_tag(each.replace(" ", "")) for each in (*query.phrases, *query.any, *query.all)]
    return tuple(dict.fromkeys(each for each in found if _TAG.fullmatch(each) and not each.isdecimal()))[:MOST_TAGS]


def place_name(hit: Hit) -> str:
    """Return what the place of a hit is called: its site, or who said it and where."""
    host = urlsplit(hit.url).hostname or ""
    if hit.source == WEB:
        return host.removeprefix("www.") or clean_line(hit.author_name or hit.title, limit=100) or WEB
    who = clean_line(hit.author_handle or hit.author_name, limit=100)
    return f"@{who}" if who and "@" not in who[:1] else who or host or hit.source


def _tags(query: Query) -> Query:
    """Return the query of a hashtag search: every word is a tag, any of them will do."""
    words = dict.fromkeys(each.lstrip("#") for each in (*query.all, *query.any))
    if not words and query.phrases:
        words = dict.fromkeys(each.replace(" ", "").lstrip("#") for each in query.phrases)
    tags = [f"#{each}" for each in words]
    bad = [each for each in tags if not _TAG.fullmatch(each[1:]) or each[1:].isdecimal()]
    if bad:
        raise Invalid(f"{bad[0]} is no hashtag", code="hashtag_form", detail=bad[0][:100])
    return Query(any=tuple(tags), none=query.none) if len(tags) > 1 else Query(all=tuple(tags), none=query.none)
