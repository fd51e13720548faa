"""Feeds over real HTTP: redirects, unchanged ones, pages, private addresses, bombs and pages of a hundred megabytes."""

from __future__ import annotations

import gzip
import socket

import pytest

from cmdesk.errors import Gone, NetworkError, RateLimited, Rejected, Unreadable
from cmdesk.networks.feeds import discover, fetch_feed
from tests.networks.wire_server import answer, raw_server

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>
<item><title>Pan</title><link>/1</link></item></channel></rss>"""
XML = "application/rss+xml"


def test_a_feed_is_read_and_asked_for_again_by_its_version() -> None:
    with raw_server(
        answer(FEED, kind=XML, more='ETag: "v1"\r\nLast-Modified: Mon, 02 Mar 2026 09:00:00 GMT\r\n')
    ) as server:
        found = fetch_feed(f"{server.url}/feed")
    assert found.feed is not None
    assert [(each.title, each.url) for each in found.feed.entries] == [("Pan", f"{server.url}/1")]
    assert (found.etag, found.modified) == ('"v1"', "Mon, 02 Mar 2026 09:00:00 GMT")
    head = server.requests[0].lower()
    assert b"cookie" not in head and b"referer" not in head and b"authorization" not in head
    with raw_server(answer(b"", status="304 Not Modified")) as server:
        again = fetch_feed(f"{server.url}/feed", etag=found.etag, modified=found.modified)
    assert (again.feed, again.etag) == (None, '"v1"')
    assert b'if-none-match: "v1"' in server.requests[0].lower()
    assert b"if-modified-since: mon, 02 mar 2026" in server.requests[0].lower()


def test_a_page_leads_to_the_feed_it_names() -> None:
    with raw_server(answer(FEED, kind=XML)) as feed:
        page = f"<html><head><link rel='alternate' type='{XML}' title='Blog' href='{feed.url}/rss'></head></html>"
        with raw_server(answer(page.encode(), kind="text/html")) as server:
            found = fetch_feed(server.url)
            links = discover(server.url)
        (itself,) = discover(f"{feed.url}/rss")
    assert found.feed is not None
    assert (found.url, found.feed.title) == (f"{feed.url}/rss", "Blog")
    assert [(each.url, each.title) for each in links] == [(f"{feed.url}/rss", "Blog")]
    assert (itself.url, itself.title) == (f"{feed.url}/rss", "Blog")


def test_redirects_are_followed_but_not_in_circles() -> None:
    with raw_server(answer(FEED, kind=XML)) as last:
        with raw_server(answer(b"", status="301 Moved", more=f"Location: {last.url}/new\r\n")) as first:
            assert fetch_feed(first.url).feed is not None
    with raw_server(answer(b"", status="302 Found", more="Location: /again\r\n")) as server:
        assert code(server.url) == "feed_redirect"


def code(url: str, error: type[NetworkError] = Unreadable) -> str:
    with pytest.raises(error) as refused:
        fetch_feed(url)
    return refused.value.code


@pytest.mark.parametrize(
    ("plan", "error", "expected"),
    [
        (answer(b"<html><body>Hola</body></html>", kind="text/html"), Unreadable, "feed_none"),
        (answer(b"<html>no</html>", kind="text/html", status="404 Not Found"), Gone, "gone"),
        (answer(b"<html>no</html>", kind="text/html", status="403 Forbidden"), Rejected, "feed_refused"),
        (answer(b"", status="401 Unauthorized"), Rejected, "feed_refused"),
        (answer(b"<html>x</html>", kind="text/html", status="503 Busy"), Unreadable, "server_error"),
        (answer(b"", status="429 Slow", more="Retry-After: 60\r\n"), RateLimited, "rate_limited"),
        (answer(b"", status="302 Found"), Unreadable, "feed_redirect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss", Unreadable, "cut"),
        (b"nonsense\r\n\r\n", Unreadable, "dropped"),
    ],
)
def test_each_failure_has_its_reason(plan: bytes, error: type[NetworkError], expected: str) -> None:
    with raw_server(plan) as server:
        assert code(f"{server.url}/feed", error) == expected


def test_a_page_of_a_hundred_megabytes_is_left_after_five() -> None:
    sent = [0]

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n<html>")
        chunk = b"<p>" + b"x" * 65_000
        for _ in range(1600):
            connection.sendall(chunk)
            sent[0] += len(chunk)

    with raw_server(endless) as server:
        assert code(server.url) == "feed_large"
    assert sent[0] < 30_000_000


def test_a_small_answer_that_unpacks_to_much_is_left_too() -> None:
    bomb = gzip.compress(b"<rss>" + b" " * 60_000_000)
    assert len(bomb) < 100_000
    with raw_server(answer(bomb, kind=XML, more="Content-Encoding: gzip\r\n")) as server:
        assert code(server.url) == "feed_large"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/x", "http://[::1]:1/", "https://localhost/feed", "file:///etc/passwd"]
)
def test_a_public_feed_never_leads_into_this_machine(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    from cmdesk.networks import feeds
    from cmdesk.networks.http import Answer, Client

    asked: list[str] = []

    def call(self: Client, method: str, path: str, **how: object) -> Answer:
        asked.append(self.origin)
        return Answer(302, {"location": target}, None)

    monkeypatch.setattr(feeds.Client, "call", call)
    assert code("https://blog.example/feed", Rejected) == "feed_address"
    assert asked == ["https://blog.example"]


def test_plain_http_is_asked_for_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    from cmdesk.networks import feeds
    from cmdesk.networks.http import Answer, Client

    asked: list[str] = []

    def call(self: Client, method: str, path: str, **how: object) -> Answer:
        asked.append(self.origin + path)
        return Answer(200, {"content-type": XML}, None, FEED)

    monkeypatch.setattr(feeds.Client, "call", call)
    assert fetch_feed("http://blog.example/feed?a=1").feed is not None
    assert asked == ["https://blog.example/feed?a=1"]


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/feed", "https://0x7f.1/feed", "https://nas.local/feed", "https://192.168.1.1"]
)
def test_private_networks_are_never_asked(url: str) -> None:
    assert code(url, Rejected) == "feed_address"
