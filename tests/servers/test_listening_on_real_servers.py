"""Real servers: what is said to nobody is heard there, once, and answered; what a server's search lacks is said."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

import pytest

from cmdesk.errors import Gone
from cmdesk.networks.feeds import discover, fetch_feed
from tests.servers.people import BRAND, Person, until
from tests.servers.sides import Side, switched_off

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]


def heard(person: Person, search: str = "") -> list[dict[str, Any]]:
    """Let a search look now; what is new, newest first."""
    person.json("listen", "run", *([search] if search else []))
    asked = ["--search", search, "--brand", BRAND] if search else []
    return person.json("listen", "hits", *asked)


def test_what_is_said_to_nobody_is_heard_and_answered(person: Person, side: Side, figures: dict[str, str]) -> None:
    side.says("Hoy he probado un #obrador nuevo, ¡qué pan más rico!")
    side.says("Nada que ver: llueve")
    person.run("listen", "add", "#obrador", "--name", "Etiqueta", "--brand", BRAND)
    (hit,) = until(lambda: heard(person, "Etiqueta"), "the post with the hashtag")
    assert side.other in hit["author"] and "qué pan más rico" in hit["text"]
    assert (hit["sentiment"], hit["language"], hit["searches"]) == ("positive", "es", ["Etiqueta"])
    # A second round finds it no more.
    assert [each["new"] for each in person.json("listen", "run")] == [0]
    # One key brings it to the inbox, where it is answered as any mention.
    (brought,) = person.json("listen", "promote", str(hit["id"]))
    person.run("reply", str(brought["conversation"]), "--text", "¡Gracias! Te guardamos una hogaza.", "--now")
    person.run("publish", status=None)
    there = until(lambda: [each for each in side.there() if "hogaza" in each.text], "the answer")
    assert len(there) == 1 and there[0].parent_id
    person.run("sync")
    assert [each["new"] for each in person.json("listen", "run")] == [0]
    figures[f"{side.name}: listening"] = "a hashtag heard once, promoted, answered under the post"


def test_a_search_for_words_finds_them_or_says_what_the_server_lacks(
    person: Person, side: Side, figures: dict[str, str]
) -> None:
    side.says("¿Alguien sabe dónde venden pan de masa madre por aquí? #masamadre")
    person.run("listen", "add", '"masa madre"', "--name", "Palabras", "--brand", BRAND)
    person.run("listen", "add", "masamadre OR pan", "--kind", "help", "--name", "Ayuda", "--brand", BRAND)
    (told,) = person.json("listen", "run", "Palabras")
    (asks,) = person.json("listen", "run", "Ayuda")
    assert told["error"] is None and asks["error"] is None
    found = {each["text"] for each in person.json("listen", "hits", "--state", "all")}
    said = told["why"] or asks["why"]
    assert said or any("¿Alguien sabe" in each for each in found), (told, asks, found)
    figures[f"{side.name}: words"] = said or f"{len(found)} found"


def test_a_competitor_is_read_with_its_figures(person: Person, side: Side, figures: dict[str, str]) -> None:
    side.says("Oferta de hoy: dos por uno")
    person.run(
        "listen", "add", f"@{side.other}", "--kind", "competitor", "--network", side.name, "--name", "Rival",
        "--brand", BRAND,
    )  # fmt: skip
    (told,) = person.json("listen", "run", "Rival")
    assert told["error"] is None, told
    (day,) = person.json("listen", "figures", "Rival", "--brand", BRAND)
    assert day["posts_week"] >= 1, day
    figures[f"{side.name}: competitor"] = ", ".join(f"{name} {day[name]:g}" for name in day if name != "day")


def test_without_the_server_it_says_so_and_goes_on(person: Person, side: Side) -> None:
    person.run("listen", "add", "#obrador", "--name", "Etiqueta", "--brand", BRAND)
    with switched_off(side) as back:
        person.json("listen", "run", status=None)
        (search,) = person.json("listen", "list")
        assert search["error"] == "offline"
        back()
    until(lambda: person.json("listen", "run", status=None)[0]["error"] is None, "the server is back")


def writes(about: dict[str, Any], title: str, content: str) -> str:
    """Somebody writes in the blog; the page's address."""
    writer = about["writer"]
    key = base64.b64encode(f"{writer['name']}:{writer['password']}".encode()).decode()
    body = json.dumps({"title": title, "content": content, "status": "publish"}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {key}"}
    asked = urllib.request.Request(f"{about['url']}/wp-json/wp/v2/posts", body, headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return str(json.load(answer)["link"])


def test_a_real_blog_is_read_by_any_of_its_feeds(wordpress: dict[str, Any], figures: dict[str, str]) -> None:
    words = "<p>En el <strong>barrio</strong> &mdash; ¿alguien sabe?</p>"
    page = writes(wordpress, "La <em>mejor</em> panadería & más “pan”", words)
    read = []
    for path in ("/", "/feed/", "/feed/atom/", "/feed/rdf/", "/?feed=rss2"):
        told = fetch_feed(wordpress["url"] + path)
        assert told.feed is not None and told.feed.title.startswith("Foro del pan"), path
        first = told.feed.entries[0]
        assert (first.url, first.title) == (page, "La mejor panadería & más “pan”"), path
        assert first.text == "En el barrio — ¿alguien sabe?" and first.at is not None
        assert fetch_feed(told.url, etag=told.etag, modified=told.modified).feed is None, path
        read.append(path)
    assert [each.url.removeprefix(wordpress["url"]) for each in discover(wordpress["url"])] == [
        "/feed/", "/comments/feed/",
    ]  # fmt: skip
    with pytest.raises(Gone):
        fetch_feed(wordpress["url"] + "/nothing/")
    figures["wordpress: feeds"] = f"{len(read)} ways read, unchanged ones by their version"


def test_a_blog_is_listened_to_and_brought_to_the_inbox(
    profile: Any, wordpress: dict[str, Any], figures: dict[str, str]
) -> None:
    person = Person(profile)
    person.run("brand", "add", BRAND, "--zone", "Europe/Madrid", "--language", "es")
    writes(wordpress, "Nada que ver", "Llueve.")
    page = writes(wordpress, "El pan de Alba", "Una vergüenza: duro y caro. No vuelvo más.")
    person.run(
        "listen", "add", wordpress["url"], "--kind", "feed", "--name", "Foro", "--brand", BRAND,
    )  # fmt: skip
    found = {each["url"]: each for each in heard(person)}
    assert found[page]["sentiment"] == "negative" and found[page]["source"] == "web"
    assert [each["new"] for each in person.json("listen", "run")] == [0]
    writes(wordpress, "Otra vez Alba", "Más pan.")
    assert [each["new"] for each in person.json("listen", "run")] == [1]
    (brought,) = person.json("listen", "promote", str(found[page]["id"]))
    (talk,) = person.json("inbox")
    assert talk["id"] == brought["conversation"]
    figures["wordpress: listening"] = "each page once, judged, one key to the inbox"
