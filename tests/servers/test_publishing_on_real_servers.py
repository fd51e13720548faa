"""Real servers: one post on two networks at once, as each of them really keeps and shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk import media
from cmdesk.commands import planning as deciding
from cmdesk.commands.brands import BrandEdit, edit_brand
from cmdesk.errors import Invalid
from cmdesk.model import Card, Crop, Part, Poll, PostMedia, PostStatus
from cmdesk.store import brands, outbox, planning
from cmdesk.store.media import add_media, media as kept_media
from tests.servers.both import Both, killed_between_parts, killed_on_the_wire, picture, size_of
from tests.servers.days import OUT, copies
from tests.servers.people import Person
from tests.servers.sides import Bluesky, Side, Snac, switched_off
from tests.servers.test_desk_day import settled

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

FILMS = Path(__file__).parents[1] / "core" / "films"
LINK = "https://example.org/pan"
WAITING = {"queued", "preparing", "ready", "backoff"}


@pytest.fixture
def both(profile: Path, bluesky: dict[str, Any], mastodon: dict[str, Any]) -> Iterator[Both]:
    """A brand with an account on each of the real servers."""
    found = Both(Person(profile), Bluesky(bluesky), Snac(mastodon))
    found.connect()
    yield found


def thread(both: Both, word: str, folder: Path) -> int:
    """A thread of three parts with a picture, cut, in the first, words of its own for Bluesky, and a first comment."""
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        shot = picture(desk, brand.id, folder)
        return both.write(
            desk,
            f"{word}: cómo hacemos el pan",
            variants={"bluesky": f"{word}: el pan, en azul"},
            media=[(shot.media.id, shot.alt)],
            parts=[Part(f"{word}: primero la masa madre"), Part(f"{word}: después, paciencia")],
            comment=Part(f"{word}: todo en {LINK}"),
            crops={(shot.media.id, ""): Crop(0, 0, 0.5, 1), (shot.media.id, "mastodon"): Crop(0.25, 0.25, 0.5, 0.5)},
        )


def check_thread(both: Both, side: Side, post_id: int, word: str) -> list[str]:
    """Compare a thread with what another account is shown of it; returns its remote ids in their order."""
    parts = both.sent(post_id, side)
    assert [each.state in OUT for each in parts] == [True] * 4, [(each.state, each.reason_code) for each in parts]
    ids = [each.remote_id for each in parts]
    seen = {each.remote_id: each for each in side.thread(ids[0], 4)}
    assert sorted(seen) == sorted(ids), "another account sees each once, and nothing else"
    assert sorted(each.remote_id for each in copies(side, word)) == sorted(ids), "nothing besides them"
    assert [seen[each].parent_id for each in ids] == ["", ids[0], ids[1], ids[0]]
    if side.name == "bluesky":
        assert [seen[each].root_id for each in ids] == ["", ids[0], ids[0], ids[0]]
    first = "el pan, en azul" if side.name == "bluesky" else "cómo hacemos el pan"
    assert [seen[each].text for each in ids] == [
        f"{word}: {said}" for said in (first, "primero la masa madre", "después, paciencia", f"todo en {LINK}")
    ]
    assert [seen[each].alts for each in ids] == [("La masa madre",), (), (), ()]
    (shown,) = seen[ids[0]].pictures
    assert size_of(shown) == ((320, 480) if side.name == "bluesky" else (320, 240))
    return ids


def test_a_thread_on_both_at_once(both: Both, tmp_path: Path, figures: dict[str, str]) -> None:
    post_id = thread(both, "Hilo doble", tmp_path)
    both.publish(post_id)
    for side in both.sides:
        ids = check_thread(both, side, post_id, "Hilo doble")
        if side.name == "bluesky":  # the other says "en" of everything
            assert {each.language for each in side.thread(ids[0], 4)} == {"es"}
    assert both.verify(post_id) == {"bluesky": ["ok"] * 4, "mastodon": ["ok"] * 4}
    with both.person.desk() as desk:
        assert desk.page(planning.post, post_id).status is PostStatus.PUBLISHED
    assert both.person.json("publish") == []
    figures["both: a thread"] = (
        "3 parts and a comment, a picture cut for each, own words for one; seen by another account"
    )


def test_a_thread_killed_between_its_parts(both: Both, tmp_path: Path, figures: dict[str, str]) -> None:
    post_id = thread(both, "Hilo cortado", tmp_path)
    with both.person.desk() as desk:
        assert len(desk.run_now(deciding.publish_now, post_id=post_id)) == 8
    kills, out = 0, 1
    while out < 8 and killed_between_parts(both.person, out):
        kills += 1
        done = {side.name: [each.state in OUT for each in both.sent(post_id, side)] for side in both.sides}
        for flags in done.values():
            assert flags == sorted(flags, reverse=True), "no part is out before the one it answers"
        now = sum(sum(flags) for flags in done.values())
        assert now >= out
        out = now + 1
    assert kills >= 2
    both.person.run("publish", status=None)
    for side in both.sides:
        check_thread(both, side, post_id, "Hilo cortado")
    figures["both: a thread killed"] = f"{kills} times between its parts: went on at the missing one, nothing twice"


def test_one_network_is_away_in_the_middle(both: Both, tmp_path: Path, figures: dict[str, str]) -> None:
    """What is out stays out; only what failed is tried again, from the part that failed."""
    post_id = thread(both, "Hilo a medias", tmp_path)
    with both.person.desk() as desk:
        desk.run_now(deciding.publish_now, post_id=post_id)
    account = both.accounts_now()["bluesky"]
    while not killed_between_parts(both.person, 1, of=account):
        assert not any(each.state in OUT for each in both.sent(post_id, both.bluesky)), "too quick to be caught"
    before = [each.remote_id for each in both.sent(post_id, both.bluesky) if each.state in OUT]
    with switched_off(both.bluesky) as back:
        both.person.run("publish", status=None)
        assert [each.state in OUT for each in both.sent(post_id, both.mastodon)] == [True] * 4
        states = [each.state for each in both.sent(post_id, both.bluesky)]
        assert sum(state in OUT for state in states) == len(before) and set(states[len(before) :]) <= WAITING
        with both.person.desk() as desk:
            assert desk.page(planning.post, post_id).status in (PostStatus.SENDING, PostStatus.PARTIAL)
        back()
    both.person.run("post", "retry", str(post_id), status=None)
    for side in both.sides:
        ids = check_thread(both, side, post_id, "Hilo a medias")
        assert side.name == "mastodon" or ids[: len(before)] == before
    assert both.verify(post_id) == {"bluesky": ["ok"] * 4, "mastodon": ["ok"] * 4}
    figures["both: one is away"] = (
        f"{len(before)} parts out before, the rest after it came back; the other never waited"
    )


def test_a_thread_killed_on_the_wire(person: Person, side: Side, figures: dict[str, str]) -> None:
    """Where a network keeps no key a doubt is asked about when nothing is found; what is there is found by looking."""
    both = Both(person, side, side)  # type: ignore[arg-type]
    with person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        desk.run_now(edit_brand, brand_id=brand.id, edit=BrandEdit(spacing_s=0))
    asked = kills = 0
    for struck in range(3):
        words = [f"Hilo al aire {side.name} {struck} / {number}" for number in range(3)]
        with person.desk() as desk:
            post_id = both.write(desk, words[0], on=(side.name,), parts=[Part(each) for each in words[1:]])
            sent = desk.run_now(deciding.publish_now, post_id=post_id)
        kills += killed_on_the_wire(person, sent[struck] - 1, delay_s=(0, 0.004, 0.012)[struck])
        settled(person)
        for each in both.sent(post_id, side):
            if each.state == "review":
                asked += 1
                assert copies(side, each.text) == [], each
                with person.desk() as desk:
                    desk.run_now(deciding.send_again, delivery_id=each.id)
                settled(person)
        parts = both.sent(post_id, side)
        assert [each.state in OUT for each in parts] == [True] * 3, [(each.state, each.reason_code) for each in parts]
        assert [len(copies(side, each)) for each in words] == [1] * 3
        ids = [each.remote_id for each in parts]
        seen = {each.remote_id: each.parent_id for each in side.thread(ids[0], 3)}
        assert [seen[each] for each in ids] == ["", *ids[:-1]]
    assert kills
    if side.repeats == "record_key":
        assert asked == 0
    figures[f"{side.name}: a thread killed on the wire"] = f"{kills} times: each part once, in order; asked {asked}"


def test_a_card_and_who_may_answer_and_quote(both: Both, tmp_path: Path, figures: dict[str, str]) -> None:
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        shot = picture(desk, brand.id, tmp_path)
        post_id = both.write(
            desk,
            f"Tarjeta doble: el pan de hoy {LINK}",
            card=Card(LINK, "El pan", "De pueblo", shot.media.id),
            options={"bluesky": {"replies": "followers", "quotes": "nobody"}},
        )
    both.publish(post_id)
    (there,), (status,) = both.sent(post_id, both.bluesky), both.sent(post_id, both.mastodon)
    record = both.bluesky.record(there.remote_id)
    external = record["embed"]["external"]
    assert record["embed"]["$type"] == "app.bsky.embed.external"
    assert (external["uri"], external["title"], external["description"]) == (LINK, "El pan", "De pueblo")
    blob = f"{both.bluesky.url}/xrpc/com.atproto.sync.getBlob?did={both.bluesky.did}&cid="
    assert external["thumb"]["mimeType"] == "image/jpeg"
    assert size_of(blob + external["thumb"]["ref"]["$link"]) == (640, 480)
    assert record["langs"] == ["es"]
    assert [each["features"][0]["uri"] for each in record["facets"]] == [LINK]

    # The records beside it carry its own key, and the network acts on them.
    reply_gate, quote_gate = (both.bluesky.record(there.remote_id, kind) for kind in ("threadgate", "postgate"))
    assert reply_gate["post"] == quote_gate["post"] == there.remote_id
    assert reply_gate["allow"] == [{"$type": "app.bsky.feed.threadgate#followerRule"}]
    assert quote_gate["embeddingRules"] == [{"$type": "app.bsky.feed.postgate#disableRule"}]
    viewer = both.bluesky.viewer(there.remote_id)
    assert viewer["replyDisabled"] is True and viewer["embeddingDisabled"] is True

    # Somebody opens it to all, and puts another title on the card: each is told by its name.
    assert both.verify(post_id) == {"bluesky": ["ok"], "mastodon": ["ok"]}
    both.bluesky.take_away(there.remote_id, "threadgate")
    assert both.verify(post_id)["bluesky"] == ["replies"]
    both.bluesky.take_away(there.remote_id, "postgate")
    other = {**record["embed"], "external": {**external, "title": "El bollo"}}
    both.bluesky.rewrite(there.remote_id, embed=other)
    assert both.verify(post_id)["bluesky"] == ["replies,quotes,card"]

    # The other network makes its cards itself and knows no such rules: the words alone.
    assert both.mastodon.seen(status.remote_id).text == f"Tarjeta doble: el pan de hoy {LINK}"
    assert status.options == {}
    figures["bluesky: a card"] = "with its picture; who may answer and quote under the same key, kept to by the network"


def test_a_film(both: Both, figures: dict[str, str]) -> None:
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        info = media.import_media(FILMS / "beach.mp4", desk.media_folder)
        film = PostMedia(desk.page(kept_media, desk.run_now(add_media, brand.id, info).id), "Las olas")
        post_id = both.write(desk, "Película doble: la playa", media=[(film.media.id, film.alt)])
    both.publish(post_id)
    (there,), (status,) = both.sent(post_id, both.bluesky), both.sent(post_id, both.mastodon)
    assert (there.state in OUT, status.state in OUT) == (True, True), (there, status)
    embed = both.bluesky.record(there.remote_id)["embed"]
    assert embed["$type"] == "app.bsky.embed.video" and embed["alt"] == "Las olas"
    assert (embed["video"]["mimeType"], embed["video"]["size"]) == ("video/mp4", info.byte_size)
    assert embed["aspectRatio"] == {"width": 160, "height": 90}
    (shown,) = both.mastodon.status(status.remote_id)["media_attachments"]
    assert (shown["type"], shown["description"]) == ("video", "Las olas")
    assert both.verify(post_id) == {"bluesky": ["ok"], "mastodon": ["ok"]}
    figures["both: a film"] = "as it was made clean here, with its description, read back"


def test_a_poll_where_there_is_none(both: Both, figures: dict[str, str]) -> None:
    assert [both.capabilities(side)["polls"] for side in both.sides] == [False, False]
    with both.person.desk() as desk:
        question = Poll(("De pueblo", "Molde"), lasts_s=3600)
        post_id = both.write(desk, "Encuesta doble: ¿qué pan?", poll=question)
        with pytest.raises(Invalid) as refused:
            desk.run_now(deciding.publish_now, post_id=post_id)
        assert refused.value.code == "poll_nowhere"
        assert desk.page(outbox.deliveries, post_id=post_id) == []
    assert [copies(side, "Encuesta doble") for side in both.sides] == [[], []]
    figures["both: a poll"] = "neither server takes one by its API: said before, nothing sent"


def test_a_warning_and_an_audience_where_there_are_some(both: Both, figures: dict[str, str]) -> None:
    """Bluesky has neither: that is said while it is written, and is no difference afterwards."""
    with both.person.desk() as desk:
        post_id = both.write(desk, "Aviso doble: tarta", spoiler="Comida", visibility="unlisted")
    both.publish(post_id)
    (there,), (status,) = both.sent(post_id, both.bluesky), both.sent(post_id, both.mastodon)
    shown = both.mastodon.status(status.remote_id)
    assert (shown["spoiler_text"], shown["sensitive"]) == ("Comida", True)
    assert both.bluesky.record(there.remote_id)["text"] == "Aviso doble: tarta"
    # The other server makes everything public that is not for followers alone: that is a difference, and named.
    assert shown["visibility"] == "public"
    assert both.verify(post_id) == {"bluesky": ["ok"], "mastodon": ["visibility"]}
    figures["both: a warning"] = "shown where there are some; an audience that the server widened is named"


def test_the_networks_hold_no_posts(both: Both, figures: dict[str, str]) -> None:
    assert [both.capabilities(side)["schedule"] for side in both.sides] == [False, False]
    with both.person.desk() as desk:
        post_id = both.write(desk, "A su hora doble")
        soon = (desk.clock.now() + timedelta(seconds=4)).replace(tzinfo=None).isoformat(timespec="seconds")
        desk.run_now(deciding.schedule, post_id=post_id, wall=soon, zone="UTC", hand_off=True)
    both.person.run("publish", status=None)
    for side in both.sides:
        (waiting,) = both.sent(post_id, side)
        assert waiting.state in ("queued", *OUT), "never handed over"
        if waiting.state == "queued":
            assert copies(side, "A su hora doble") == []
    left = Both(both.person, both.bluesky, both.mastodon)
    while any(each.state not in OUT for side in both.sides for each in left.sent(post_id, side)):
        both.person.run("publish", status=None)
    assert [len(copies(side, "A su hora doble")) for side in both.sides] == [1, 1]
    figures["both: hand-over"] = "neither has a scheduler: the desk keeps it and sends it itself"


def test_changed_and_deleted_behind_our_back(both: Both, tmp_path: Path, figures: dict[str, str]) -> None:
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        shot = picture(desk, brand.id, tmp_path)
        post_id = both.write(desk, f"A espaldas: pan en {LINK}", media=[(shot.media.id, shot.alt)])
    both.publish(post_id)
    assert both.verify(post_id) == {"bluesky": ["ok"], "mastodon": ["ok"]}
    (there,), (status,) = both.sent(post_id, both.bluesky), both.sent(post_id, both.mastodon)
    record = both.bluesky.record(there.remote_id)
    (image,) = record["embed"]["images"]

    other = "https://example.org/otro"
    both.bluesky.rewrite(there.remote_id, text=f"A espaldas: bollos en {other}", langs=["en"])
    both.mastodon.rewrite(status.remote_id, status=f"A espaldas: pan en {other}")
    found = both.verify(post_id)
    assert found["bluesky"] == ["text,links,language"]
    assert set(found["mastodon"][0].split(",")) >= {"links"} and "text" not in found["mastodon"][0].split(",")

    both.bluesky.rewrite(
        there.remote_id, text=record["text"], langs=["es"], embed={**record["embed"], "images": [{**image, "alt": ""}]}
    )
    assert both.verify(post_id)["bluesky"] == ["alt"]
    both.bluesky.rewrite(
        there.remote_id, embed={**record["embed"], "images": [{**image, "image": both.bluesky.blob()}]}
    )
    assert both.verify(post_id)["bluesky"] == ["media_other"]
    both.bluesky.rewrite(there.remote_id, embed=None)
    assert both.verify(post_id)["bluesky"] == ["media"]
    both.bluesky.rewrite(there.remote_id, **record)
    assert both.verify(post_id)["bluesky"] == ["ok"], "as it was"

    both.bluesky.take_away(there.remote_id)
    both.mastodon.take_away(status.remote_id)
    assert both.verify(post_id) == {"bluesky": ["gone"], "mastodon": ["gone"]}
    assert both.person.json("publish") == [], "what somebody deleted is never sent again by itself"
    assert [copies(side, "A espaldas") for side in both.sides] == [[], []]
    figures["both: behind our back"] = "changed words, links, language, description, picture, deletion: each named"
