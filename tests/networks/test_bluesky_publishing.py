"""How a Bluesky account publishes threads, cards, films and gates: exact, by record key (scripted server)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.errors import Gone, Rejected, Uncertain
from cmdesk.networks.base import Act, Deed, LinkCard, MediaFile, Outgoing, ReplyTarget
from tests.networks.helpers import look, outgoing, png
from tests.networks.test_bluesky import Scene
from tests.networks.xrpc_server import DID, OTHER, POST, Answer, Xrpc, post_view, xrpc_server

THREADGATE, POSTGATE = "app.bsky.feed.threadgate", "app.bsky.feed.postgate"


@pytest.fixture
def scene() -> Iterator[Scene]:
    with xrpc_server() as world:
        made = Scene(world)
        yield made
        made.adapter.close()


def posts(scene: Scene) -> list[dict[str, object]]:
    return [record for (kind, _), record in sorted(scene.world.records.items()) if kind == POST]


def answer_to(receipt: object) -> ReplyTarget:
    return ReplyTarget(receipt.remote_id, receipt.ref)  # type: ignore[attr-defined]


def test_a_thread_names_its_first_post_and_the_one_before(scene: Scene) -> None:
    """Root and parent of each part are right without asking for them again."""
    first = scene.adapter.send(outgoing("post", "Uno", DID))
    second = scene.adapter.send(outgoing("post", "Dos", DID, reply_to=answer_to(first)))
    third = scene.adapter.send(outgoing("post", "Tres", DID, reply_to=answer_to(second)))
    comment = scene.adapter.send(outgoing("post", "Enlace", DID, reply_to=answer_to(first)))
    replies = {record["text"]: record.get("reply") for record in posts(scene)}
    root = {"uri": first.remote_id, "cid": first.ref["cid"]}
    assert replies["Uno"] is None
    assert replies["Dos"] == replies["Enlace"] == {"root": root, "parent": root}
    assert replies["Tres"] == {"root": root, "parent": {"uri": second.remote_id, "cid": second.ref["cid"]}}
    assert not {"app.bsky.feed.getPosts", "com.atproto.repo.getRecord"} & set(scene.world.calls)
    assert third.ref["root_uri"] == comment.ref["root_uri"] == first.remote_id


def test_a_part_found_by_reading_back_still_knows_its_root(scene: Scene) -> None:
    first = scene.adapter.send(outgoing("post", "Uno", DID))
    sealed = outgoing("post", "Dos", DID, reply_to=answer_to(first))
    scene.adapter.send(sealed)
    (found,) = look(scene.adapter, sealed).receipts
    assert (found.ref["root_uri"], found.ref["root_cid"]) == (first.remote_id, first.ref["cid"])


def test_a_thread_under_somebody_elses_post_keeps_their_root(scene: Scene) -> None:
    uri = f"at://{OTHER}/{POST}/3kaaaaaaaaaa2"
    scene.world.views[uri] = post_view(uri, {"$type": POST, "text": "¿Pan?", "createdAt": "2026-03-02T09:00:00Z"})
    answer = scene.adapter.send(outgoing("reply", "Sí", DID, reply_to=ReplyTarget(uri)))
    assert answer.ref["root_uri"] == uri


def test_a_card_stands_under_the_words_with_its_picture(scene: Scene, tmp_path: Path) -> None:
    file = png(tmp_path / "thumb.png")
    card = LinkCard("https://forn.example/pa", "El pan", "De pueblo", (file, scene.adapter.upload(file)))
    sealed = outgoing("post", "Mira https://forn.example/pa", DID, card=card)
    receipt = scene.adapter.send(sealed)
    (record,) = posts(scene)
    embed = record["embed"]
    assert isinstance(embed, dict) and embed["$type"] == "app.bsky.embed.external"
    assert embed["external"]["uri"] == card.url and embed["external"]["thumb"]["mimeType"] == "image/png"
    assert scene.adapter.send(sealed) == receipt and scene.world.commits == 1
    shown = scene.adapter.look(receipt.remote_id)
    (link,) = shown.attachments
    assert (link.kind, link.url, link.alt) == ("link", card.url, "El pan")
    assert card.picture is not None and link.name and link.name in card.picture[1].remote


def test_a_card_without_a_picture_and_one_beside_pictures(scene: Scene, tmp_path: Path) -> None:
    card = LinkCard("https://forn.example/pa", "El pan")
    scene.adapter.send(outgoing("post", "Uno", DID, card=card))
    file = png(tmp_path / "one.png")
    scene.adapter.send(outgoing("post", "Dos", DID, card=card, media=((file, scene.adapter.upload(file)),)))
    kinds = {record["text"]: record["embed"]["$type"] for record in posts(scene)}  # type: ignore[index]
    assert kinds == {"Uno": "app.bsky.embed.external", "Dos": "app.bsky.embed.images"}


def film(folder: Path) -> MediaFile:
    path = folder / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42")
    return MediaFile(path, "video/mp4", "f" * 64, 1080, 1920, "Unas manos amasan")


def test_a_film_is_embedded_with_its_shape_and_description(scene: Scene, tmp_path: Path) -> None:
    file = film(tmp_path)
    uploaded = scene.adapter.upload(file)
    receipt = scene.adapter.send(outgoing("post", "Así", DID, media=((file, uploaded),)))
    (record,) = posts(scene)
    embed = record["embed"]
    assert isinstance(embed, dict) and embed["$type"] == "app.bsky.embed.video"
    assert (embed["aspectRatio"], embed["alt"]) == ({"width": 1080, "height": 1920}, "Unas manos amasan")
    (shown,) = scene.adapter.look(receipt.remote_id).attachments
    assert (shown.kind, shown.alt) == ("video", "Unas manos amasan")
    assert shown.name and shown.name in uploaded.remote


@pytest.mark.parametrize(
    ("replies", "allow"),
    [
        ("followers", [f"{THREADGATE}#followerRule"]),
        ("following", [f"{THREADGATE}#followingRule"]),
        ("mentioned", [f"{THREADGATE}#mentionRule"]),
        ("nobody", []),
    ],
)
def test_who_may_answer_is_in_the_same_commit(scene: Scene, replies: str, allow: list[str]) -> None:
    sealed = outgoing("post", "Uno", DID, replies=replies, quotes="nobody")
    receipt = scene.adapter.send(sealed)
    assert scene.world.commits == 1
    gate = scene.world.records[THREADGATE, sealed.record_key]
    assert [each["$type"] for each in gate["allow"]] == allow
    postgate = scene.world.records[POSTGATE, sealed.record_key]
    assert gate["post"] == postgate["post"] == receipt.remote_id
    assert postgate["embeddingRules"] == [{"$type": f"{POSTGATE}#disableRule"}]
    assert look(scene.adapter, sealed).receipts == (receipt,)
    shown = scene.adapter.look(receipt.remote_id)
    assert (shown.replies, shown.quotes) == (replies, "nobody")
    gate["allow"].append({"$type": f"{THREADGATE}#listRule", "list": "at://x"})
    assert scene.adapter.look(receipt.remote_id).replies == "others"
    del scene.world.records[THREADGATE, sealed.record_key], scene.world.records[POSTGATE, sealed.record_key]
    shown = scene.adapter.look(receipt.remote_id)
    assert (shown.replies, shown.quotes) == ("everybody", "public")


def test_later_parts_have_no_gate_of_their_own(scene: Scene) -> None:
    first = scene.adapter.send(outgoing("post", "Uno", DID, replies="nobody"))
    scene.adapter.send(outgoing("post", "Dos", DID, replies="nobody", reply_to=answer_to(first)))
    assert sum(kind == THREADGATE for kind, _ in scene.world.records) == 1


def test_a_deleted_post_takes_its_gates_along(scene: Scene) -> None:
    receipt = scene.adapter.send(gated(scene))
    other = scene.adapter.send(outgoing("post", "Dos", DID))
    for remote_id in (receipt.remote_id, other.remote_id, receipt.remote_id):
        scene.adapter.act(Deed(Act.DELETE, ReplyTarget(remote_id)))
    assert scene.world.records == {}


def gated(scene: Scene) -> Outgoing:
    return outgoing("post", "Uno", DID, replies="nobody", quotes="nobody")


def test_a_commit_whose_answer_is_lost_is_a_doubt_that_reading_settles(scene: Scene) -> None:
    def lost(world: Xrpc, name: str) -> Answer | None:
        del world.faults["com.atproto.repo.applyWrites"]
        raise ConnectionError

    sealed = gated(scene)
    scene.world.faults["com.atproto.repo.applyWrites"] = lost
    with pytest.raises(Uncertain):
        scene.adapter.send(sealed)
    absent = look(scene.adapter, sealed)
    assert (absent.receipts, absent.conclusive) == ((), True)
    receipt = scene.adapter.send(sealed)
    with pytest.raises(Uncertain):
        scene.adapter.send(sealed)  # a repeat that nobody should make: told as a doubt, never as a second post
    assert look(scene.adapter, sealed).receipts == (receipt,)
    assert len(posts(scene)) == 1 and scene.world.commits == 1


def test_a_refused_repeat_of_what_is_there_is_its_yes(scene: Scene) -> None:
    sealed = gated(scene)
    receipt = scene.adapter.send(sealed)
    taken = (400, {"error": "InvalidRequest", "message": "Record already exists"})
    scene.world.faults["com.atproto.repo.applyWrites"] = lambda world, name: taken
    assert scene.adapter.send(sealed).remote_id == receipt.remote_id
    with pytest.raises(Rejected):
        scene.adapter.send(replace(sealed, record_key="3kzzzzzzzzzz2"))


def test_results_that_say_nothing_are_read_back(scene: Scene) -> None:
    def silent(world: Xrpc, name: str) -> Answer | None:
        del world.faults["com.atproto.repo.applyWrites"]
        world.records[POST, sealed.record_key] = {"$type": POST, "text": "Uno", "createdAt": "2026-03-02T09:00:00Z"}
        return 200, {}

    sealed = gated(scene)
    scene.world.faults["com.atproto.repo.applyWrites"] = silent
    assert scene.adapter.send(sealed).remote_id == f"at://{DID}/{POST}/{sealed.record_key}"


def test_looking_at_what_is_gone_or_not_ours(scene: Scene) -> None:
    receipt = scene.adapter.send(outgoing("post", "Uno", DID, language="ca"))
    shown = scene.adapter.look(receipt.remote_id)
    assert (shown.text, shown.language, shown.author.remote_id) == ("Uno", "ca", DID)
    assert abs(shown.created_at - (receipt.created_at or shown.created_at)) < timedelta(seconds=1)
    scene.world.records.clear()
    for uri in (receipt.remote_id, f"at://{OTHER}/{POST}/3kaaaaaaaaaa2"):
        with pytest.raises(Gone):
            scene.adapter.look(uri)


def test_the_account_tells_what_it_can(scene: Scene) -> None:
    able = scene.adapter.whoami().capabilities
    assert (able.cards, able.video, able.polls, able.threads) == (True, True, False, True)
    assert able.gates == ("everybody", "followers", "following", "mentioned", "nobody")
    assert able.quote_policies == ("public", "nobody")
