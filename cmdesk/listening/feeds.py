"""Feeds as they really are: RSS, Atom, JSON Feed and web alerts as plain entries, malformed ones as far as it goes.

Everything in a feed is its author's word: titles hold HTML, dates lie, links lead through counters. Pure: the bytes
come from `cmdesk.networks.feeds`.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import regex

from cmdesk.errors import Unreadable
from cmdesk.safe_text import clean_line
from cmdesk.text import clean, html_to_text

MOST_ENTRIES = 500
LONGEST = 6_000  # characters of an entry
#: More tags than any real feed of its size: only worth the time of whoever reads it.
_MOST_TAGS = 300_000
_MOST_ITEMS = 2_000
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}")
_DATES = ("published_parsed", "updated_parsed", "created_parsed")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_HEAD = 400_000  # characters of a page in which its feeds are looked for
# Possessive, so that broken markup stays linear: Python's own parser needs a minute for 90 KB of "<a <a <a".
_LINK = regex.compile(r"<link\b((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>", regex.IGNORECASE)
_ATTRIBUTE = regex.compile(r"([a-z-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: plain text, `url` the page it is about ('' without one), `at` None where it bears no usable date."""

    id: str
    url: str
    title: str
    text: str
    author: str = ""
    at: datetime | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read."""

    title: str
    url: str
    entries: tuple[FeedEntry, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str


def parse_feed(raw: bytes, *, url: str, kind: str = "") -> Feed:
    """Return what a feed holds; `kind` is the content type its server named.

    Raises Unreadable: `feed_none` for something that is no feed, `feed_broken` for one that cannot be read at all.
    """
    start = raw[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"{"):
        return _json_feed(raw, url)
    if raw.count(b"<") > _MOST_TAGS:
        raise Unreadable("not worth reading", code="feed_broken", detail="tags")
    import feedparser

    told = feedparser.parse(
        io.BytesIO(_first_items(raw)),
        response_headers={"content-type": kind or "application/xml", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = told.get("entries") or []
    # Cut within its first entry it has a version and nothing else: that is no empty feed.
    cut = type(told.get("bozo_exception")).__name__ == "SAXParseException"
    if not entries and (cut or not told.get("version")):
        broken = any(mark in start.lower() for mark in (b"<rss", b"<feed", b"<rdf"))
        raise Unreadable("not a feed", code="feed_broken" if broken else "feed_none", detail=urlsplit(url).netloc)
    about: Mapping[str, Any] = told.get("feed") or {}
    language = _language(about.get("language"))
    read = [_entry(each, base=url, language=language) for each in entries[:MOST_ENTRIES]]
    return Feed(_line(about.get("title"), 200), url, _once(read), language)


def feeds_of_page(raw: bytes, *, url: str, kind: str = "") -> tuple[FeedLink, ...]:
    """Return the feeds that a page names, its first one first; comments' feeds last."""
    found: dict[str, FeedLink] = {}
    for href, title in _links(_decoded(raw, kind)[:_HEAD]):
        at = _web(urljoin(url, href))
        if at and at not in found:
            found[at] = FeedLink(at, _line(title, 100))
    return tuple(sorted(found.values(), key=lambda each: "comment" in f"{each.url} {each.title}".lower()))


def is_page(raw: bytes, kind: str) -> bool:
    """Say whether this is a page for people rather than a feed, whatever its server calls it."""
    start = raw[:4000].lower()
    if any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org")):
        return False
    return b"<html" in start or b"<!doctype html" in start or "html" in kind.lower()


def unwrapped(url: str) -> str:
    """Return where a link of a web alert really leads: alerts count clicks on the way."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    names: Sequence[str] = ()
    if re.fullmatch(r"google\.[a-z.]{2,6}", host) and parts.path in ("/url", "/alerts/url"):
        names = ("url", "q")
    elif host == "bing.com" and parts.path.startswith("/news/apiclick"):
        names = ("url",)
    given = parse_qs(parts.query) if names else {}
    for name in names:
        for each in given.get(name, ()):
            if _web(each):
                return _web(each)
    return url


def _first_items(raw: bytes) -> bytes:
    """Return a feed up to as many entries as are ever looked at."""
    for number, found in enumerate(_ITEM.finditer(raw)):
        if number >= _MOST_ITEMS:
            return raw[: found.start()]
    return raw


def _entry(raw: Mapping[str, Any], *, base: str, language: str) -> FeedEntry:
    link = raw.get("link")
    url = _web(unwrapped(urljoin(base, link.strip()))) if isinstance(link, str) and link.strip() else ""
    content = raw.get("content")
    body = content[0].get("value") if isinstance(content, list) and content and isinstance(content[0], dict) else ""
    summary = raw.get("summary")
    text = _text(body if isinstance(body, str) and len(body) >= len(str(summary or "")) else summary)
    title = _line(raw.get("title"), 300)
    plain = dict(raw)  # no look-ups of feedparser's own: they give one date for the other, with a warning.
    at = next((at for name in _DATES if (at := _moment(plain.get(name))) is not None), None)
    detail = raw.get("title_detail")
    told = detail.get("language") if isinstance(detail, dict) else None
    return FeedEntry(
        id=_identity(raw.get("id"), url, title, text),
        url=url,
        title=title,
        text="" if text == title else text,
        author=_line(raw.get("author"), 100),
        at=at,
        language=_language(told) or language,
    )


def _json_feed(raw: bytes, url: str) -> Feed:
    import msgspec

    try:
        told = msgspec.json.decode(raw.lstrip(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable("not JSON", code="feed_broken", detail=urlsplit(url).netloc) from error
    version = told.get("version") if isinstance(told, dict) else None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(version, str) or "jsonfeed.org" not in version or not isinstance(items, list):
        raise Unreadable("not a feed", code="feed_none", detail=urlsplit(url).netloc)
    language = _language(told.get("language"))
    read = []
    for each in items[:MOST_ENTRIES]:
        if not isinstance(each, dict):
            continue
        link = each.get("url") or each.get("external_url")
        at = _web(unwrapped(urljoin(url, link))) if isinstance(link, str) else ""
        plain = each.get("content_text")
        body = clean(plain)[:LONGEST] if isinstance(plain, str) else ""
        text = body.strip() or _text(each.get("content_html")) or _text(each.get("summary"))
        title = _line(each.get("title"), 300)
        read.append(
            FeedEntry(
                id=_identity(each.get("id"), at, title, text),
                url=at,
                title=title,
                text="" if text == title else text,
                author=_line(_json_author(each) or _json_author(told), 100),
                at=_iso(each.get("date_published")) or _iso(each.get("date_modified")),
                language=_language(each.get("language")) or language,
            )
        )
    return Feed(_line(told.get("title"), 200), url, _once(read), language)


def _json_author(told: Mapping[str, Any]) -> object:
    authors = told.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else told.get("author")
    return first.get("name") if isinstance(first, dict) else ""


def _once(entries: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    found: dict[str, FeedEntry] = {}
    for each in entries:
        if each.title or each.text:
            found.setdefault(each.id, each)
    return tuple(found.values())


def _identity(told: object, url: str, title: str, text: str) -> str:
    """Return what an entry is known by: its own id, else its page, else its words."""
    name = clean(str(told)).strip() if isinstance(told, str | int) and not isinstance(told, bool) else ""
    name = name or url
    if name and len(name) <= 300 and name.isprintable():
        return name
    return hashlib.sha256(f"{name}\n{title}\n{text}".encode("utf-8", "replace")).hexdigest()


def _text(value: object) -> str:
    """Return HTML, or text in which somebody escaped HTML twice, as plain text."""
    if not isinstance(value, str) or not value:
        return ""
    text = html_to_text(value[: LONGEST * 6]) if "<" in value or "&" in value else clean(value)
    if "<" in text and re.search(r"</?[a-z][^<>]{0,300}>", text, re.IGNORECASE):
        text = html_to_text(text)
    return text[:LONGEST].strip()


def _line(value: object, longest: int) -> str:
    return clean_line(" ".join(_text(value).split()), limit=longest)


def _web(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return clean(url)[:2000] if good and url.isprintable() and " " not in url else ""


def _language(value: object) -> str:
    found = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return found.group().lower() if found and len(found.group()) <= 3 else ""


def _moment(value: object) -> datetime | None:
    """Return a time as feedparser gives it (UTC), None for one that no entry can have."""
    if not isinstance(value, tuple) or len(value) < 6:
        return None
    try:
        at = datetime(*(int(each) for each in value[:5]), min(int(value[5]), 59), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError, TypeError):
        return None
    return at if at >= _EARLIEST else None


def _iso(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        at = datetime.fromisoformat(value.strip())
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= _EARLIEST else None


def _decoded(raw: bytes, kind: str) -> str:
    named = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    for encoding in (named, "utf-8"):
        try:
            return raw.decode(encoding) if encoding else raw.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _links(page: str) -> list[tuple[str, str]]:
    """Return address and title of the feeds that a page's head names, at most 20."""
    found: list[tuple[str, str]] = []
    for tag in _LINK.finditer(page):
        given = {
            each[1].lower(): html.unescape(each[2] or each[3] or each[4] or "").strip()
            for each in _ATTRIBUTE.finditer(tag[1])
        }
        kind = given.get("type", "").lower().partition(";")[0].strip()
        # "application/json" also names a page's interface for programs (WordPress).
        if "alternate" in given.get("rel", "").lower().split() and kind in _FEEDS and given.get("href"):
            found.append((given["href"], given.get("title", "")))
    return found[:20]
