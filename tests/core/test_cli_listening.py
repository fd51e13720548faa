"""Listening on the command line: added by what it looks like, tried, run against a server, decided, promoted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer
from tests.core.test_cli import Cli, add_account
from tests.networks.wire_server import answer, raw_server

BRAND = ("--brand", "Café Alba")
EVA = "eva@plaza.example"
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Foro del pan</title>
<item><title>El pan de Alba</title><link>https://foro.example/1</link></item></channel></rss>"""


@pytest.fixture
def cafe(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba", "--zone", "Europe/Madrid") == 0
    return cli


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        running.world.add_person(EVA, name="Eva", followers=120)
        yield running


@pytest.fixture
def connected(cafe: Cli, server: SandboxServer) -> Cli:
    assert add_account(cafe, server.url, server.tokens["alba"]) == 0
    return cafe


def test_what_it_looks_like_says_what_it_is(cafe: Cli) -> None:
    kinds = {
        'pan "masa madre" -receta lang:es': "words", "#obrador #pan": "hashtag", "https://foro.example/rss": "feed",
        "@tahona@plaza.example": "competitor",
    }  # fmt: skip
    for what, kind in kinds.items():
        (made,) = cafe.json("listen", "add", what, *BRAND)
        assert made["kind"] == kind
    (help_seekers,) = cafe.json("listen", "add", "pan", "--kind", "help", "--name", "Ayuda", "--every", "60", *BRAND)
    assert (help_seekers["name"], help_seekers["every_minutes"], help_seekers["brand"]) == ("Ayuda", 60, "Café Alba")
    told = {each["name"]: each for each in cafe.json("listen", "list")}
    assert len(told) == 5
    assert told['pan "masa madre" -receta']["language"] == "es"
    assert told["tahona@plaza.example"]["network"] == "mastodon"
    assert cafe("listen", "list", *BRAND) == 0 and "Help-seekers" in cafe.out


@pytest.mark.parametrize(
    ("argv", "status", "word"),
    [
        (("add", "-- -pan", *BRAND), 2, "nothing to look for"),
        (("add", "#12", *BRAND), 2, "#12"),
        (("add", "https://", *BRAND), 2, "address"),
        (("add", "pan", "--brand", "Nope"), 1, "Nope"),
        (("pause", "Nope", *BRAND), 1, "not there"),
        (("run", "Nope"), 1, "not there"),
        (("hits", "--search", "Pan"), 2, "--brand"),
        (("mark", "77", "--as", "seen"), 1, "not there"),
        (("promote", "77"), 1, "not there"),
        (("add", "pan", "--every", "1", *BRAND), 2, "10080"),
        (("add", "pan", "--try", *BRAND), 1, "No account"),
    ],
)
def test_what_cannot_be_is_one_line(cafe: Cli, argv: tuple[str, ...], status: int, word: str) -> None:
    assert cafe("listen", *argv) == status
    cafe.says(status, word)


def test_a_day_of_listening(connected: Cli, server: SandboxServer) -> None:
    server.say(EVA, "post", text="El pan de Alba está buenísimo", language="es")
    server.say(EVA, "post", text="Receta de pan", language="es")
    (found,) = connected.json("listen", "add", "pan -receta", "--name", "Pan", "--try", *BRAND)
    assert found["text"] == "El pan de Alba está buenísimo"
    assert connected("listen", "list") == 0 and "Nothing is listened to yet" in connected.out
    connected.json("listen", "add", "pan -receta", "--name", "Pan", *BRAND)
    assert [(each["search"], each["new"], each["error"]) for each in connected.json("listen", "run")] == [
        ("Pan", 1, None)
    ]
    (hit,) = connected.json("listen", "hits", "--search", "pan", *BRAND)
    assert (hit["author"], hit["sentiment"], hit["searches"], hit["state"]) == (EVA, "positive", ["Pan"], "new")
    (marked,) = connected.json("listen", "mark", str(hit["id"]), "--as", "useful")
    assert marked["state"] == "useful"
    assert connected.json("listen", "hits") == []
    (brought,) = connected.json("listen", "promote", str(hit["id"]))
    (talk,) = connected.json("inbox")
    assert talk["id"] == brought["conversation"]
    (paused,) = connected.json("listen", "pause", "Pan", *BRAND)
    assert paused["paused"] is True
    assert connected.json("listen", "run") == []
    connected.json("listen", "resume", "Pan", *BRAND)
    server.go_offline()
    assert connected("listen", "run", "--json") == 1
    assert "1 search failed: Pan: There is no connection" in connected.err
    (gone,) = connected.json("listen", "remove", "Pan", *BRAND)
    assert gone["name"] == "Pan" and connected.json("listen", "list") == []


def test_a_feed_a_competitor_and_silence(connected: Cli, server: SandboxServer) -> None:
    with raw_server(answer(FEED, kind="application/rss+xml")) as web:
        connected.json("listen", "add", web.url, "--name", "Foro", *BRAND)
        connected.json("listen", "add", f"@{EVA}", "--name", "Eva", *BRAND)
        assert [each["new"] for each in connected.json("listen", "run")] == [1, 0]
    (hit,) = connected.json("listen", "hits")
    assert (hit["source"], hit["url"], hit["title"]) == ("web", "https://foro.example/1", "El pan de Alba")
    (day,) = connected.json("listen", "figures", "Eva", *BRAND)
    assert day["followers"] == 120 and day["posts_week"] == 0
    assert connected("listen", "figures", "Foro", *BRAND) == 2
    connected.says(2, "no competitor")
    assert connected("listen", "silence") == 0
