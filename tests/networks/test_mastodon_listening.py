"""What a Mastodon account hears of others, over real HTTP: search, hashtags, accounts, and what a server lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cmdesk.errors import Gone, RateLimited, Rejected, Unreadable
from cmdesk.listening import parse_query
from cmdesk.networks.base import Kind
from cmdesk.networks.mastodon import MastodonAdapter
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.networks.test_mastodon import adapter_of


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        yield running


def filled(server: SandboxServer) -> None:
    server.world.add_person("eva@plaza.example", name="Eva", followers=120, following=80, statuses_before=40)
    server.say("eva@plaza.example", "post", text="¿Alguien sabe dónde hay buen pan de masa madre?", language="es")
    server.say("eva@plaza.example", "post", text="Nada que ver: receta de pan #obrador", language="es")
    server.say("eva@plaza.example", "post", text="The best sourdough #obrador #receta", language="en")


@pytest.fixture
def alba(server: SandboxServer) -> Iterator[MastodonAdapter]:
    filled(server)
    adapter = adapter_of(server)
    yield adapter
    adapter.close()


def texts(page: Any) -> list[str]:
    return [item.text for item in page.items]


def test_words_phrases_and_exclusions_are_the_servers_to_find(alba: MastodonAdapter) -> None:
    page = alba.search(parse_query('pan "masa madre" -receta'))
    assert texts(page) == ["¿Alguien sabe dónde hay buen pan de masa madre?"]
    item = page.items[0]
    assert (item.kind, item.author.handle, item.language) == (Kind.CONTEXT, "eva@plaza.example", "es")
    assert item.ref["uri"].startswith("https://plaza.example/")
    assert texts(alba.search(parse_query("#obrador lang:en"))) == ["The best sourdough #obrador #receta"]
    assert texts(alba.search(parse_query("croissant"))) == []


def test_a_hashtag_with_its_accent(server: SandboxServer, alba: MastodonAdapter) -> None:
    server.say("eva@plaza.example", "post", text="Más parque #miopía")
    assert texts(alba.hashtag("miopía")) == ["Más parque #miopía"]


def test_a_hashtag_without_others(alba: MastodonAdapter) -> None:
    assert len(alba.hashtag("obrador").items) == 2
    assert texts(alba.hashtag("#obrador", none=("receta",))) == ["Nada que ver: receta de pan #obrador"]


def test_pages_go_back_in_time_and_end(server: SandboxServer, alba: MastodonAdapter) -> None:
    for number in range(60):
        server.say("eva@plaza.example", "post", text=f"hogaza número {number}")
    first = alba.search(parse_query("hogaza"))
    assert (len(first.items), first.more) == (40, True)
    second = alba.search(parse_query("hogaza"), first.cursor)
    assert (len(second.items), second.more) == (20, False)
    assert len({item.remote_id for item in (*first.items, *second.items)}) == 60


@pytest.mark.parametrize(
    ("without", "expected"),
    [(set(), ""), ({"search_all"}, "search_own"), ({"search"}, "search_none")],
)
def test_what_a_search_reaches_is_tried(without: set[str], expected: str) -> None:
    with SandboxServer(limits=NO_LIMITS, without=without) as server:
        filled(server)
        server.say("eva@plaza.example", "post", text="Mañana probaremos mantequilla")
        adapter = adapter_of(server)
        server.say("alba", "post", text="Nuestra panadería madruga")
        assert adapter.reach() == expected
        adapter.close()


@pytest.mark.parametrize(("status", "expected"), [(403, "search_scope"), (404, "search_none")])
def test_a_refused_search_is_told_from_a_missing_one(
    server: SandboxServer, alba: MastodonAdapter, status: int, expected: str
) -> None:
    server.faults.add(Fault("status", match="GET /api/v2/search", status=status))
    assert alba.reach() == expected


@pytest.mark.parametrize("fault", [Fault("status", match="GET /api/v2/search", status=503), Fault("rate_limited")])
def test_trouble_says_nothing_of_what_a_server_lacks(
    server: SandboxServer, alba: MastodonAdapter, fault: Fault
) -> None:
    server.faults.add(fault)
    with pytest.raises((Unreadable, RateLimited)):
        alba.reach()


def test_a_public_account_and_its_posts(alba: MastodonAdapter) -> None:
    there = alba.profile("@eva@plaza.example")
    assert (there.author.name, there.followers, there.following, there.statuses) == ("Eva", 120, 80, 43)
    assert len(alba.posts_of(there.author.remote_id).items) == 3
    with pytest.raises(Gone):
        alba.profile("nobody@nowhere.example")


def test_without_look_up_an_account_is_found_by_search() -> None:
    with SandboxServer(limits=NO_LIMITS, without={"lookup"}) as server:
        filled(server)
        adapter = adapter_of(server)
        assert adapter.profile("eva@plaza.example").author.name == "Eva"
        with pytest.raises(Gone):
            adapter.profile("eva@elsewhere.example")
        adapter.close()


def test_what_a_network_cannot_do_it_refuses() -> None:
    from cmdesk.networks.base import Adapter

    with pytest.raises(Rejected):
        Adapter.search(object(), parse_query("x"))  # type: ignore[arg-type]
