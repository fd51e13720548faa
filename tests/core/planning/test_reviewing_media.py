"""The reviewer speaks of media: what stands in the way, where, and what mends it."""

from __future__ import annotations

from dataclasses import replace

from cmdesk.model import Account, Media, Part, Post, PostMedia
from cmdesk.planning.media_rules import DECORATIVE, LEFT_OUT
from cmdesk.planning.review import Level
from cmdesk.planning.reviewing import fixed
from cmdesk.planning.reviewing.limits import check
from cmdesk.wording_review import finding_text, fix_word

FILM = Media(9, 1, "b" * 64, "video/mp4", 1920, 1080, 40_000_000, "b.mp4", 60_000, 30.0)
WIDE = Media(5, 1, "c" * 64, "image/jpeg", 3000, 1000, 400_000, "c.jpg")
HERE = Account(1, 1, "bluesky", "https://b.example", "did:1", "pan.example")
THERE = Account(2, 1, "instagram", "https://i.example", "17", "pan")


def post(*media: Media, alt: str = "Pan") -> Post:
    return Post(1, 1, "Hola", media=tuple(PostMedia(each, alt, place) for place, each in enumerate(media)))


def test_a_mixture_is_left_out_with_one_key() -> None:
    (found,) = check(post(WIDE, FILM), [HERE])
    assert (found.level, found.code, found.account_id, found.fix) == (Level.ERROR, "media_mixed", 1, "leave_out")
    assert found.place is not None
    assert found.place.media_id == 9
    assert finding_text(found, [HERE]) == "@pan.example takes pictures or a film, not both in one post."
    assert fix_word(found.fix) == "Leave it out there"
    mended = fixed(post(WIDE, FILM), found)
    assert mended.options == {"bluesky": {LEFT_OUT: [9]}}
    assert check(mended, [HERE]) == []


def test_a_refused_shape_is_cut_with_one_key() -> None:
    written = replace(post(), parts=(Part("Y más", media=(PostMedia(WIDE, "Pan"),)),))
    found = [each for each in check(written, [HERE, THERE]) if each.code == "picture_shape"]
    assert [(each.account_id, each.fix) for each in found] == [(2, "crop")]
    assert found[0].place is not None
    assert found[0].place.part == 1
    mended = fixed(written, found[0])
    crop = mended.crops[5, "instagram"]
    assert abs(3000 * crop.w / (1000 * crop.h) - 1.91) < 0.001
    assert [each.code for each in check(mended, [HERE, THERE]) if each.level is Level.ERROR] == []


def test_a_vanished_file_stands_in_the_way() -> None:
    found = check(post(WIDE), [HERE], {5})
    assert [(each.level, each.code, each.place and each.place.media_id) for each in found] == [
        (Level.ERROR, "media_missing", 5)
    ]
    assert "gone" in finding_text(found[0], [HERE])


def test_decoration_needs_no_description() -> None:
    bare = post(WIDE, alt="")
    assert [each.code for each in check(bare, [HERE])] == ["no_alt"]
    assert check(replace(bare, options={"": {DECORATIVE: [5]}}), [HERE]) == []
