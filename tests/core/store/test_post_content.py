"""What a post says beside its first text: kept, read back and replaced as a whole."""

from __future__ import annotations

import pytest

from cmdesk.errors import Invalid
from cmdesk.model import Card, Crop, Part, Poll, PostMedia
from cmdesk.planning.content import crop_for, fingerprint, text_for, texts_for
from cmdesk.store import brands, inbox, media, planning
from tests.core.store.conftest import Bench


class _Picture:
    sha256, mime, width, height, byte_size, file_name = "a" * 64, "image/png", 400, 300, 77, "a" * 64 + ".png"


def test_everything_written_comes_back_as_it_was(bench: Bench) -> None:
    picture = bench.do(media.add_media, bench.brand_id, _Picture())
    label = bench.do(inbox.add_label, brand_id=bench.brand_id, name="reels")
    parts = (Part("dos", {"bluesky": "two"}), Part("tres", {}, (PostMedia(picture, "un pan", 1),)))
    comment = Part("el enlace, aquí", {"#7": "the link"})
    poll = Poll(("sí", "no"), lasts_s=3600, multiple=True)
    card = Card("https://panaderia.example", "La Panadería", "desde 1923", picture.id)
    crops = {(picture.id, ""): Crop(0, 0.1, 1, 0.5), (picture.id, "bluesky"): Crop(0.2, 0.2, 0.5, 0.5)}
    post_id = bench.do(
        planning.save_post, brand_id=bench.brand_id, text="uno", media=[(picture.id, "una hogaza")], parts=parts,
        comment=comment, poll=poll, card=card, crops=crops, options={"mastodon": {"quotes": "nobody"}}, labels=[label],
        aim="value",
    )  # fmt: skip
    post = bench.read(planning.post, post_id)
    assert (post.parts, post.comment, post.poll, post.card) == (parts, comment, poll, card)
    assert (post.crops, post.options, post.labels) == (crops, {"mastodon": {"quotes": "nobody"}}, (label,))
    assert (post.aim, [each.alt for each in post.media]) == ("value", ["una hogaza"])
    assert texts_for(post, network="bluesky", account_id=1) == ("uno", "two", "tres")
    assert crop_for(post, picture.id, "mastodon") == Crop(0, 0.1, 1, 0.5)
    assert crop_for(post, picture.id, "bluesky") == Crop(0.2, 0.2, 0.5, 0.5)
    bench.do(planning.save_post, post_id=post_id, brand_id=bench.brand_id, text="uno")
    bare = bench.read(planning.post, post_id)
    assert (bare.parts, bare.comment, bare.poll, bare.card, bare.crops, bare.options) == ((), None, None, None, {}, {})
    assert bare.labels == (label,)


def test_an_account_says_its_own_before_its_network_before_the_common_text() -> None:
    variants = {"mastodon": "red", "#3": "cuenta"}
    assert text_for("común", variants, network="mastodon", account_id=3) == "cuenta"
    assert text_for("común", variants, network="mastodon", account_id=4) == "red"
    assert text_for("común", variants, network="bluesky", account_id=4) == "común"


def test_a_fingerprint_tells_every_change_of_what_is_published_and_no_other(bench: Bench) -> None:
    post_id = bench.do(planning.save_post, brand_id=bench.brand_id, text="uno", parts=(Part("dos"),))
    first = fingerprint(bench.read(planning.post, post_id))
    bench.do(planning.save_post, post_id=post_id, brand_id=bench.brand_id, text="uno", parts=(Part("dos"),), note="ojo")
    assert fingerprint(bench.read(planning.post, post_id)) == first
    for changed in (
        {"parts": (Part("tres"),)},
        {"parts": (Part("dos"),), "comment": Part("y más")},
        {"poll": Poll(("a", "b"))},
    ):
        bench.do(planning.save_post, post_id=post_id, brand_id=bench.brand_id, text="uno", **changed)
        assert fingerprint(bench.read(planning.post, post_id)) != first


def test_another_brands_label_is_refused(bench: Bench) -> None:
    other = bench.do(brands.add_brand, name="Otra", zone="Europe/Madrid", language="es", color="#224466")
    theirs = bench.do(inbox.add_label, brand_id=other, name="suyo")
    with pytest.raises(Invalid) as refused:
        bench.do(planning.save_post, brand_id=bench.brand_id, text="uno", labels=[theirs])
    assert refused.value.code == "wrong_brand"
