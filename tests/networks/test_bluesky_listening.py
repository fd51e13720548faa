"""What a Bluesky account hears of others, over real HTTP: search, hashtags, accounts, and networks without a search."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.errors import Gone, RateLimited, Unreadable
from cmdesk.listening import parse_query
from cmdesk.networks.base import Kind
from tests.networks.test_bluesky import Scene, iso, scene
from tests.networks.xrpc_server import DID, HANDLE, OTHER, POST, Answer, post_view

__all__ = ["scene"]

SEARCH = "app.bsky.feed.searchPosts"


def said(number: int, text: str, *, did: str = OTHER, handle: str = "maria.example") -> dict[str, Any]:
    record = {"$type": POST, "text": text, "createdAt": iso(number), "langs": ["es"]}
    return post_view(f"at://{did}/{POST}/3k{number:011d}", record, did=did, handle=handle)


class Asked:
    """Answers one method in pages and keeps what it was asked."""

    def __init__(self, name: str, pages: list[list[Any]]) -> None:
        self.name, self.pages, self.queries = name, pages, list[dict[str, Any]]()

    def __call__(self, query: dict[str, Any], _body: Any) -> Answer:
        self.queries.append(query)
        place = int(query.get("cursor") or 0)
        more = {"cursor": str(place + 1)} if place + 1 < len(self.pages) else {}
        return 200, {self.name: self.pages[place], **more}


def serves(scene: Scene, verb: str, name: str, *pages: list[Any]) -> Asked:
    asked = Asked(name, list(pages))
    setattr(scene.world, verb, asked)
    return asked


def answers(scene: Scene, verb: str, status: int, body: dict[str, Any]) -> None:
    setattr(scene.world, verb, lambda query, _body: (status, body))


def test_words_phrases_and_exclusions_are_asked_for(scene: Scene) -> None:
    asked = serves(scene, "searchPosts", "posts", [said(2, "pan de masa madre")], [said(1, "masa madre y pan")])
    page = scene.adapter.search(parse_query('pan panad* "masa madre" -receta -"pan de molde" lang:es'))
    assert asked.queries[0]["q"] == 'pan panad "masa madre" -receta -"pan de molde"'
    assert (asked.queries[0]["sort"], asked.queries[0]["lang"]) == ("latest", "es")
    (item,) = page.items
    assert (item.kind, item.author.handle, item.language, item.text) == (
        Kind.CONTEXT, "maria.example", "es", "pan de masa madre",
    )  # fmt: skip
    assert item.ref["uri"] == item.remote_id and item.ref["cid"]
    assert page.more
    last = scene.adapter.search(parse_query("pan"), page.cursor)
    assert [each.text for each in last.items] == ["masa madre y pan"] and not last.more


def test_a_hashtag_without_others(scene: Scene) -> None:
    asked = serves(scene, "searchPosts", "posts", [said(1, "#obrador")])
    assert len(scene.adapter.hashtag("#obrador", none=("receta",)).items) == 1
    assert (asked.queries[0]["tag"], asked.queries[0]["q"]) == ("obrador", "#obrador -#receta")


def test_what_is_ours_or_said_to_us_is_told_apart(scene: Scene) -> None:
    ours = said(1, "nuestro pan", did=DID, handle=HANDLE)
    answer = said(2, "¿abrís?")
    root = {"uri": f"at://{DID}/{POST}/1", "cid": "bafyroot"}
    answer["record"]["reply"] = {"root": root, "parent": root}
    broken = {"uri": "nothing of a post"}
    serves(scene, "searchPosts", "posts", [ours, answer, broken, said(3, "pan")])
    page = scene.adapter.search(parse_query("pan"))
    assert [each.kind for each in page.items] == [Kind.OWN, Kind.REPLY, Kind.CONTEXT]
    assert len(page.quarantined) == 1


def test_an_account_and_what_it_posts(scene: Scene) -> None:
    about = {
        "did": OTHER, "handle": "maria.example", "displayName": "María", "followersCount": 120, "followsCount": 80,
        "postsCount": 43,
    }  # fmt: skip
    answers(scene, "getProfile", 200, about)
    profile = scene.adapter.profile("@Maria.Example")
    assert (profile.author.remote_id, profile.followers, profile.following, profile.statuses) == (OTHER, 120, 80, 43)
    boosted = said(5, "de otra", did="did:plc:cccccccccccccccccccccccc", handle="otra.example")
    feed = serves(scene, "getAuthorFeed", "feed", [{"post": said(2, "oferta")}, {"post": boosted}, {"reason": 1}])
    page = scene.adapter.posts_of(OTHER)
    assert [each.text for each in page.items] == ["oferta"]
    assert feed.queries[0]["filter"] == "posts_no_replies"
    answers(scene, "getProfile", 400, {"error": "InvalidRequest", "message": "Profile not found"})
    with pytest.raises(Gone):
        scene.adapter.profile("nadie.example")


def test_how_far_the_search_sees(scene: Scene) -> None:
    serves(scene, "searchPosts", "posts", [])
    assert scene.adapter.reach() == ""
    scene.world.faults[SEARCH] = lambda world, name: (501, {"error": "MethodNotImplemented"})
    assert scene.adapter.reach() == "no_search"
    scene.world.faults[SEARCH] = lambda world, name: (404, {"error": "XRPCNotSupported"})
    assert scene.adapter.reach() == "no_search"
    scene.world.faults[SEARCH] = lambda world, name: (429, {"error": "RateLimitExceeded"})
    with pytest.raises(RateLimited):
        scene.adapter.reach()


def test_garbage_is_unreadable(scene: Scene) -> None:
    answers(scene, "searchPosts", 200, {"posts": "none"})
    with pytest.raises(Unreadable):
        scene.adapter.search(parse_query("pan"))
