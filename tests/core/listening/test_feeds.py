"""Feeds of every sort and every fault become plain entries, or one clear reason."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.errors import Unreadable
from cmdesk.listening.feeds import Feed, feeds_of_page, is_page, parse_feed, unwrapped

URL = "https://blog.example/feed.xml"


def rss(items: str, *, head: str = "", encoding: str = "utf-8", doctype: str = "") -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<rss version="2.0"><channel><title>Pan &amp; más</title>'
        f"<link>https://blog.example/</link><language>es-ES</language>{head}{items}</channel></rss>"
    )
    return text.encode(encoding, "xmlcharrefreplace")


def item(title: str = "Pan", link: str = "https://blog.example/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def parsed(raw: bytes, **more: Any) -> Feed:
    return parse_feed(raw, url=URL, **more)


def test_rss() -> None:
    feed = parsed(
        rss(item(more="<guid>g1</guid><pubDate>Mon, 02 Mar 2026 09:00:00 +0200</pubDate><author>eva</author>"
                      "<description>&lt;p&gt;De &lt;b&gt;masa madre&lt;/b&gt;&lt;/p&gt;</description>"))
    )  # fmt: skip
    (entry,) = feed.entries
    assert (feed.title, feed.language) == ("Pan & más", "es")
    assert (entry.id, entry.url, entry.title, entry.text, entry.author, entry.language) == (
        "https://blog.example/g1", "https://blog.example/1", "Pan", "De masa madre", "eva", "es",
    )  # fmt: skip
    assert entry.at == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_atom_with_relative_links_and_html_titles() -> None:
    feed = parsed(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ca"><title>Blog</title><entry>'
        b'<title type="html">Pa &amp;lt;b&amp;gt;de&amp;lt;/b&amp;gt; pag\xc3\xa8s &amp;amp; coca</title>'
        b'<link href="/2"/><id>tag:x,2026:2</id><updated>2026-03-02T09:00:00Z</updated>'
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Bon pa</p><script>evil()</script></div>'
        b"</content></entry></feed>"
    )
    (entry,) = feed.entries
    assert (entry.title, entry.url) == ("Pa de pagès & coca", "https://blog.example/2")
    assert entry.text == "Bon pa"
    assert entry.at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_json_feed() -> None:
    feed = parsed(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Blog",
                "language": "fr",
                "items": [
                    {"id": 7, "url": "https://blog.example/7", "title": "Pain",
                     "content_html": "<p>Bon <i>pain</i></p>", "date_published": "2026-03-02T09:00:00+01:00",
                     "authors": [{"name": "Ève"}]},
                    {"id": "8", "content_text": "Sans titre", "date_published": "hier"},
                    "not an item", {"id": "9"},
                ],
            }
        ).encode()
    )  # fmt: skip
    assert [(each.id, each.title, each.text, each.author) for each in feed.entries] == [
        ("7", "Pain", "Bon pain", "Ève"), ("8", "", "Sans titre", ""),
    ]  # fmt: skip
    assert feed.entries[0].at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert feed.entries[1].at is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "feed_none"),
        (b"hello", "feed_none"),
        (b"<html><body>Not a feed</body></html>", "feed_none"),
        (b'{"items": []}', "feed_none"),
        (b'{"version": "https://jsonfeed.org/version/1"', "feed_broken"),
        (b'{"a":' * 100_000, "feed_broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "feed_none"),
        (b'<rss version="2.0"><channel>' + b"<a/>" * 400_000, "feed_broken"),
    ],
)
def test_what_is_no_feed_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parsed(raw)
    assert refused.value.code == code


def test_an_empty_feed_is_a_feed() -> None:
    assert parsed(rss("")).entries == ()


def test_a_feed_that_was_cut_is_read_as_far_as_it_goes() -> None:
    whole = rss(item("Uno") + item("Dos", "https://blog.example/2") + item("Tres", "https://blog.example/3"))
    assert [each.title for each in parsed(whole[:-60]).entries][:2] == ["Uno", "Dos"]
    broken = rss(item("Pan & vino <b>") + item("Dos", "https://blog.example/2"))
    assert [each.url for each in parsed(broken).entries] == ["https://blog.example/1", "https://blog.example/2"]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (rss(item("Cañón año"), encoding="iso-8859-1"), "text/xml"),
        (rss(item("Cañón año")), "text/xml; charset=iso-8859-1"),
        (rss(item("Cañón año")).replace(b"utf-8", b"us-ascii"), ""),
        (b"\xef\xbb\xbf" + rss(item("Cañón año")), "application/rss+xml"),
        (rss(item("Cañón año"), encoding="utf-16"), "application/rss+xml"),
        (rss(item("Cañón año"), encoding="iso-8859-1").replace(b"iso-8859-1", b"utf-8"), "application/rss+xml"),
        (rss(item("Cañón año")).replace(b"utf-8", b"klingon"), "application/rss+xml"),
    ],
    ids=["latin", "header lies", "ascii lies", "bom", "utf-16", "utf-8 lies", "no such encoding"],
)
def test_wrong_encodings_are_read_right(raw: bytes, kind: str) -> None:
    (entry,) = parsed(raw, kind=kind).entries
    assert entry.title in ("Cañón año", "CaÃ±Ã³n aÃ±o") if kind.endswith("8859-1") else entry.title == "Cañón año"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("", None),
        ("<pubDate>ayer por la tarde</pubDate>", None),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None),
        ("<pubDate>0001-01-01T00:00:00Z</pubDate>", None),
        ("<pubDate>2099-01-01T00:00:00Z</pubDate>", datetime(2099, 1, 1, tzinfo=UTC)),
        ("<pubDate>" + "1" * 10_000 + "</pubDate>", None),
        ("<pubDate>Mon, 02 Mar 2026 09:00:60 GMT</pubDate>", datetime(2026, 3, 2, 9, 0, 59, tzinfo=UTC)),
    ],
)
def test_dates_that_lie(date: str, expected: datetime | None) -> None:
    (entry,) = parsed(rss(item(more=date))).entries
    if expected is None or entry.at is None:
        assert entry.at is expected or date.endswith("60 GMT</pubDate>")
    else:
        assert abs((entry.at - expected).total_seconds()) <= 1


def test_titles_hold_html_and_hostile_signs_as_plain_text() -> None:
    nasty = "&lt;img src=x onerror=alert(1)&gt;Oferta &amp;#8238;exe.nap &amp;amp;lt;b&amp;amp;gt;"
    (entry,) = parsed(rss(item(nasty))).entries
    assert "<img" not in entry.title and "‮" not in entry.title
    assert entry.title.startswith("Oferta")


def test_links_that_are_none_are_left_out() -> None:
    feed = parsed(
        rss(item("a", "javascript:alert(1)") + item("b", "file:///etc/passwd") + item("c", "http://[") + item("d", ""))
    )
    assert [(each.title, each.url) for each in feed.entries] == [("a", ""), ("b", ""), ("c", ""), ("d", "")]


def test_entities_blow_nothing_up_and_read_no_file() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    began = time.monotonic()
    feed = parsed(rss(item("&l9; x"), doctype=f"<!DOCTYPE r [{bomb}]>"))
    assert time.monotonic() - began < 5
    assert all(len(each.title) < 400 for each in feed.entries)
    file = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert "root" not in "".join(each.title for each in parsed(rss(item("a &x;"), doctype=file)).entries)


def test_thousands_of_entries_are_cut_at_the_newest() -> None:
    raw = rss("".join(item(f"n{n}", f"https://blog.example/{n}") for n in range(30_000)))
    began = time.monotonic()
    assert len(parsed(raw).entries) == 500
    assert time.monotonic() - began < 5


def test_the_same_entry_twice_is_one_and_one_without_words_none() -> None:
    feed = parsed(rss(item() + item() + item("", "https://blog.example/2") + item("Pan", "")))
    assert [(each.title, each.url) for each in feed.entries] == [("Pan", "https://blog.example/1"), ("Pan", "")]


def test_the_links_of_web_alerts_lead_to_the_page() -> None:
    alert = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:google.com,2005:reader/user/1/state/com.google/alerts/2</id>'
        b'<title>Google Alert - "caf\xc3\xa9 alba"</title><entry><id>tag:google.com,2013:googlealerts/feed:99</id>'
        b'<title type="html">&lt;b&gt;Caf\xc3\xa9 Alba&lt;/b&gt; abre</title><link href="https://www.google.com/url?rct=j'
        b'&amp;sa=t&amp;url=https://diario.example/alba%3Fx%3D1&amp;ct=ga&amp;cd=CAIyH"/>'
        b'<published>2026-03-02T09:00:00Z</published><content type="html">El &lt;b&gt;Caf\xc3\xa9 Alba&lt;/b&gt;'
        b"&amp;nbsp;...</content>"
        b"</entry></feed>"
    )
    (entry,) = parsed(alert).entries
    assert (entry.url, entry.title) == ("https://diario.example/alba?x=1", "Café Alba abre")
    assert unwrapped("https://www.google.com/url?url=javascript:x") == "https://www.google.com/url?url=javascript:x"
    assert unwrapped("https://google.com.evil.example/url?url=https://a.example") != "https://a.example"


def test_pages_name_their_feeds_those_of_comments_last() -> None:
    page = b"""<html><head><title>x</title>
    <LINK rel='alternate' type='application/rss+xml' title='Comments &amp; more' href='/comments/feed/'>
    <link href="feed.xml" type="application/rss+xml; charset=utf-8" rel="alternate nofollow" title="Blog"/>
    <link rel=alternate type=application/atom+xml href=//otro.example/atom>
    <link rel="alternate" type="application/json" href="/wp-json/"><link rel="alternate" hreflang="es" href="/es">
    <link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>"""
    assert is_page(page, "text/html")
    assert [(each.url, each.title) for each in feeds_of_page(page, url="https://blog.example/a/")] == [
        ("https://blog.example/a/feed.xml", "Blog"),
        ("https://otro.example/atom", ""),
        ("https://blog.example/comments/feed/", "Comments & more"),
    ]


@pytest.mark.parametrize("evil", [b"<link " * 80_000, b"<a <a <a" * 60_000, b"<link rel='" * 40_000, b'="' * 200_000])
def test_a_broken_page_costs_no_time(evil: bytes) -> None:
    began = time.monotonic()
    feeds_of_page(b"<html>" + evil, url=URL)
    assert time.monotonic() - began < 3


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None)
def test_whatever_a_server_sends_there_is_a_feed_or_a_reason(raw: bytes) -> None:
    for each in (
        raw,
        b'<rss version="2.0"><channel><item><title>' + raw,
        b'{"version":"https://jsonfeed.org/v",' + raw,
    ):
        try:
            feed = parsed(each)
        except Unreadable as error:
            assert error.code in ("feed_none", "feed_broken")
        else:
            assert all(entry.title or entry.text for entry in feed.entries)
        feeds_of_page(each, url=URL)
