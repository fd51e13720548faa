"""Fetching feeds and the pages that name them: bounded, public addresses only, nothing of ours sent (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cmdesk.clock import Clock
from cmdesk.errors import Gone, Invalid, NetworkError, Rejected, Unreadable
from cmdesk.listening.feeds import Feed, FeedLink, feeds_of_page, is_page, parse_feed
from cmdesk.networks.addresses import is_loopback_origin, origin_of, parse_server_url
from cmdesk.networks.http import Client, Timeouts, status_of

FEED_BYTES = 5 * 1024 * 1024  # after decompression
_REDIRECTS = 5
_ACCEPT = (
    "application/atom+xml", "application/rss+xml", "application/feed+json", "application/xml;q=0.9",
    "text/xml;q=0.9", "application/json;q=0.8", "text/html;q=0.7", "*/*;q=0.5",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a feed's server answered: `feed` None when nothing is new since `etag` and `modified`.

    `url` is the feed's own address: that of the page a person named, or of the feed that page names.
    """

    feed: Feed | None
    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class _Fetched:
    url: str
    status: int
    raw: bytes
    kind: str
    etag: str
    modified: str


def fetch_feed(url: str, *, etag: str = "", modified: str = "", clock: Clock | None = None) -> FeedAnswer:
    """Return what a feed holds now, or the first feed that the page behind `url` names.

    https only, unless the address itself is of this machine; 5 MB at most. Raises `Offline` (a name that leads into a
    private network: `private_address`), `Gone`, `RateLimited`, `Rejected` (`feed_refused`, `feed_address`),
    `Unreadable` (`feed_none` no feed there, `feed_broken`, `feed_large`, `feed_redirect`, `timeout`, `server_error`).
    """
    found = _fetch(url, etag=etag, modified=modified, clock=clock)
    if found.status == 304:
        return FeedAnswer(None, url, etag, modified)
    if is_page(found.raw, found.kind):
        named = feeds_of_page(found.raw, url=found.url, kind=found.kind)
        if not named:
            raise Unreadable("a page that names no feed", code="feed_none", detail=urlsplit(found.url).netloc)
        found = _fetch(named[0].url, clock=clock, like=url)
        if is_page(found.raw, found.kind):
            raise Unreadable("a page that names no feed", code="feed_none", detail=urlsplit(found.url).netloc)
        url = named[0].url
    feed = parse_feed(found.raw, url=found.url, kind=found.kind)
    return FeedAnswer(feed, url, found.etag, found.modified)


def discover(url: str, *, clock: Clock | None = None) -> tuple[FeedLink, ...]:
    """Return the feeds there are behind an address: itself when it is one, else those its page names.

    Raises as `fetch_feed` does, and Unreadable (`feed_none`) when there are none.
    """
    found = _fetch(url, clock=clock)
    if not is_page(found.raw, found.kind):
        return (FeedLink(url, parse_feed(found.raw, url=found.url, kind=found.kind).title),)
    named = feeds_of_page(found.raw, url=found.url, kind=found.kind)
    if not named:
        raise Unreadable("a page that names no feed", code="feed_none", detail=urlsplit(found.url).netloc)
    return named


def _fetch(url: str, *, etag: str = "", modified: str = "", clock: Clock | None = None, like: str = "") -> _Fetched:
    """Fetch one address through its redirects, each checked like the first; `like` is the one a person named."""
    local = is_loopback_origin(origin_of(like or url))
    at = url
    asked = {"If-None-Match": etag} if etag else {}
    asked |= {"If-Modified-Since": modified} if modified else {}
    for _ in range(_REDIRECTS + 1):
        if at.startswith("http://") and not is_loopback_origin(origin_of(at)):
            at = f"https://{at.removeprefix('http://')}"  # who is in between could say what people said
        try:
            origin = parse_server_url(origin_of(at))
        except Invalid as error:
            raise Rejected("not an address feeds are fetched from", code="feed_address", detail=at[:100]) from error
        if is_loopback_origin(origin) and not local:
            raise Rejected("not an address feeds are fetched from", code="feed_address", detail=origin)
        client = Client(origin, clock=clock, timeouts=Timeouts(connect=8, read=15, total=40), retries=0)
        parts = urlsplit(at)
        path = "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
        try:
            answer = client.call(
                "GET", path, accept=_ACCEPT, headers=asked, want_json=False, limit=FEED_BYTES, redirects=True
            )
        except NetworkError as error:
            raise _explained(error) from error
        finally:
            client.close()
        if answer.status == 304:
            return _Fetched(at, 304, b"", "", etag, modified)
        if 300 <= answer.status < 400:
            if not answer.headers.get("location"):
                raise Unreadable("a redirect to nowhere", code="feed_redirect", detail=origin)
            at = urljoin(at, answer.headers["location"])
            continue
        told = answer.headers
        return _Fetched(
            at, answer.status, answer.raw, told.get("content-type", ""), told.get("etag", "")[:300],
            told.get("last-modified", "")[:100],
        )  # fmt: skip
    raise Unreadable("too many redirects", code="feed_redirect", detail=urlsplit(url).netloc)


def _explained(error: NetworkError) -> NetworkError:
    """Say of an answer what it means for a feed: a page of refusal is a refusal, whatever it is written in."""
    status = status_of(error)
    if status in (404, 410) and not isinstance(error, Gone):
        return Gone("no such feed", detail=str(status))
    if status in (401, 402, 403, 406, 451):
        return Rejected("the site does not give it to programs", code="feed_refused", detail=str(status))
    if error.code in ("too_large", "redirect") and isinstance(error, Unreadable):
        return Unreadable(str(error), code=f"feed_{error.code.removeprefix('too_')}", detail=error.detail)
    return error
