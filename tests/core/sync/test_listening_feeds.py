"""Feeds in the engine: each entry once, without dates and after pruning too; what a server answers wrong is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import listening as commands
from cmdesk.errors import Invalid, Unreadable
from cmdesk.listening import parse_query
from cmdesk.listening.feeds import parse_feed
from cmdesk.listening.values import HitState, Search, SearchKind
from cmdesk.store import listening, listening_hits
from cmdesk.sync import hearing
from cmdesk.sync.engine import Engine
from tests.helpers.desks import TestDesk
from tests.networks.wire_server import RawServer, answer, raw_server

XML = "application/rss+xml"


def feed(*items: str, more: str = "") -> bytes:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Foro</title>{"".join(items)}</channel></rss>'
    return answer(body.encode(), kind=XML, more=more)


def item(title: str, link: str = "", *, guid: str = "", date: str = "") -> str:
    parts = [f"<title>{title}</title>"]
    parts += [f"<link>{link}</link>"] if link else []
    parts += [f"<guid isPermaLink='false'>{guid}</guid>"] if guid else []
    parts += [f"<pubDate>{date}</pubDate>"] if date else []
    return f"<item>{''.join(parts)}</item>"


@pytest.fixture
def web() -> Iterator[RawServer]:
    with raw_server() as server:
        yield server


def listen(bench: TestDesk, web: RawServer, **more: object) -> int:
    return bench.desk.run_now(
        commands.save_search, brand_id=bench.brand_id, kind=SearchKind.FEED, url=f"{web.url}/feed", **more
    )


def look(engine: Engine, clock: FixedClock) -> int:
    clock.advance(4000)
    return asyncio.run(engine.listening.look())


def titles(bench: TestDesk, state: HitState | None = HitState.NEW) -> list[str]:
    return [each.title for each in bench.desk.page(listening.hits, brand_id=bench.brand_id, state=state)]


def test_each_entry_is_found_once(bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock) -> None:
    web.plan = feed(item("Uno", "https://foro.example/1"), item("Dos", "https://foro.example/2"))
    found = listen(bench, web)
    assert look(engine, clock) == 2
    assert look(engine, clock) == 0
    web.plan = feed(item("Tres", "https://foro.example/3"), item("Uno, corregido", "https://foro.example/1"))
    assert look(engine, clock) == 1
    assert sorted(titles(bench)) == ["Dos", "Tres", "Uno"]
    told = bench.desk.page(listening.search, found)
    assert (told.title, told.error_code) == ("Foro", "")


def test_entries_without_dates_do_not_come_back_after_they_were_pruned(
    bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock
) -> None:
    web.plan = feed(item("Siempre ahí", "https://foro.example/fijo"))
    listen(bench, web)
    assert look(engine, clock) == 1
    clock.advance(200 * 86_400)
    look(engine, clock)
    assert titles(bench, None) == []
    assert look(engine, clock) == 0


def test_one_page_told_by_two_feeds_is_one_hit_of_both(
    bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock
) -> None:
    web.plan = feed(item("Uno", "https://foro.example/1", guid="a"))
    first = listen(bench, web)
    with raw_server(feed(item("Uno", "https://foro.example/1", guid="b"))) as other:
        second = listen(bench, other, name="other")
        assert look(engine, clock) == 1
    (hit,) = bench.desk.page(listening.hits, brand_id=bench.brand_id)
    assert hit.search_ids == (first, second)


def test_words_narrow_a_feed(bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock) -> None:
    web.plan = feed(item("Pan de hoy", "https://foro.example/1"), item("Fútbol", "https://foro.example/2"))
    listen(bench, web, query=parse_query("pan"))
    assert look(engine, clock) == 1
    assert titles(bench) == ["Pan de hoy"]


def test_unchanged_feeds_are_asked_for_by_their_version(
    bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock
) -> None:
    web.plan = feed(item("Uno", "https://foro.example/1"), more='ETag: "v1"\r\n')
    found = listen(bench, web)
    look(engine, clock)
    web.plan = answer(b"", status="304 Not Modified")
    assert look(engine, clock) == 0
    assert b'if-none-match: "v1"' in web.requests[-1].lower()
    assert bench.desk.page(listening.search, found).error_code == ""


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (answer(b"<html><body>hola</body></html>", kind="text/html"), "feed_none"),
        (answer(b"<rss><channel><item", kind=XML), "feed_broken"),
        (answer(b"", status="404 Not Found"), "gone"),
        (answer(b"no", status="403 Forbidden", kind="text/plain"), "feed_refused"),
        (answer(b"", status="503 Busy"), "server_error"),
        (answer(b"x" * 6_000_000, kind=XML), "feed_large"),
        (answer(b"", status="302 Found", more="Location: /feed\r\n"), "feed_redirect"),
    ],
)
def test_what_is_wrong_is_said_and_mends_itself(
    bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock, plan: bytes, code: str
) -> None:
    web.plan = plan
    found = listen(bench, web)
    assert look(engine, clock) == 0
    told = bench.desk.page(listening.search, found)
    assert told.error_code == code
    assert told.next_at is not None and told.next_at - clock.now() < timedelta(minutes=10)
    web.plan = feed(item("Uno", "https://foro.example/1"))
    assert look(engine, clock) == 1
    assert bench.desk.page(listening.search, found).error_code == ""


def test_a_feed_is_tried_before_it_is_saved(bench: TestDesk, engine: Engine, web: RawServer) -> None:
    web.plan = feed(item("Uno", "https://foro.example/1"))
    heard = asyncio.run(
        engine.listening.try_search(Search(0, bench.brand_id, SearchKind.FEED, "x", url=f"{web.url}/feed"))
    )
    assert [each.title for each in heard.found] == ["Uno"]
    links = asyncio.run(engine.listening.find_feeds(f"{web.url}/feed"))
    assert [each.title for each in links] == ["Foro"]
    web.plan = answer(b"<html></html>", kind="text/html")
    with pytest.raises(Unreadable):
        asyncio.run(engine.listening.find_feeds(web.url))
    with pytest.raises(Invalid):
        asyncio.run(engine.listening.find_feeds("javascript:alert(1)"))


def test_a_new_feed_brings_what_is_recent_and_not_too_much(
    bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock
) -> None:
    old = item("Viejo", "https://foro.example/viejo", date="Mon, 05 Jan 2015 09:00:00 GMT")
    web.plan = feed(old, *(item(f"n{number}", f"https://foro.example/{number}") for number in range(300)))
    listen(bench, web)
    assert look(engine, clock) == hearing.FIRST_MOST
    assert "Viejo" not in titles(bench)
    # The rest was there before anybody listened: it is no news later.
    assert look(engine, clock) == 0


def test_entries_that_share_a_page_or_have_none_stay_apart(clock: FixedClock) -> None:
    body = (
        "<rss version='2.0'><channel><title>F</title>"
        + item("a", "https://foro.example/", guid="1")
        + item("b", "https://foro.example/", guid="2")
        + item("c", guid="3")
        + item("d", "https://foro.example/d", date="Fri, 01 Jan 2100 00:00:00 GMT")
        + "</channel></rss>"
    )
    found = hearing.found_in(parse_feed(body.encode(), url="https://foro.example/feed"), now=clock.now())
    assert len({each.remote_id for each in found}) == 4
    assert all(each.at <= clock.now() for each in found)
    assert {each.author_id for each in found} == {"foro.example"}


def test_muting_a_site_silences_its_pages(bench: TestDesk, engine: Engine, web: RawServer, clock: FixedClock) -> None:
    web.plan = feed(item("Uno", "https://foro.example/1"))
    listen(bench, web)
    look(engine, clock)
    (hit,) = bench.desk.page(listening.hits, brand_id=bench.brand_id)
    bench.desk.run_now(commands.mute_author, hit_id=hit.id)
    web.plan = feed(item("Dos", "https://www.foro.example/2"), item("Otro", "https://blog.example/2"))
    assert look(engine, clock) == 1
    assert titles(bench) == ["Otro"]
    assert bench.desk.page(listening_hits.prune_due, clock.now()) is False
