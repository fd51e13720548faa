"""What each network takes is known when a picture is added, with the measured value, the limit and a way out."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from datetime import date

import pytest

from cmdesk.model import Crop, Media, Post, PostMedia
from cmdesk.networks.base import Limits
from cmdesk.planning import media_rules
from cmdesk.planning.content import parts_for
from cmdesk.planning.media_rules import Fix, MediaLimits, MediaProblem, check, limits_for, place
from cmdesk.resources import resource
from cmdesk.wording_media import badge_text, lasting, megabytes, problem_text

PICTURE = Media(1, 1, "a" * 64, "image/jpeg", 1600, 1000, 900_000, "a.jpg")
FILM = Media(9, 1, "b" * 64, "video/mp4", 1920, 1080, 40_000_000, "b.mp4", 60_000, 30.0)


def pictures(count: int) -> list[tuple[Media, str]]:
    return [(replace(PICTURE, id=number), "") for number in range(1, count + 1)]


def told(problems: list[MediaProblem]) -> list[tuple[str, str, str, Fix | None]]:
    return [(each.code, each.measured, each.limit, each.fix) for each in problems]


def test_the_table_is_dated_and_names_its_sources() -> None:
    with resource("limits.toml").open("rb") as file:
        rows = tomllib.load(file)
    assert {"mastodon", "bluesky", "instagram", "facebook", "threads", "x", "linkedin", "pinterest"} <= set(rows)
    for network, row in rows.items():
        assert isinstance(row["checked"], date), network
        assert row["source"].startswith("https://"), network
        limits = limits_for(network)
        assert limits.shapes, network
        assert limits.video_bytes > 1_000_000, network
        for shape in (*limits.shapes, *limits.ratio):
            assert media_rules.ratio_of(shape) > 0
        if limits.ratio:
            assert media_rules.ratio_of(limits.ratio[0]) < media_rules.ratio_of(limits.ratio[1])


def test_what_the_server_told_wins_over_the_table() -> None:
    told_by_server = {"limits": asdict(Limits(500, images=6, image_bytes=1_000_000, video_bytes=7_000_000))}
    limits = limits_for("mastodon", told_by_server)
    assert (limits.images, limits.image_bytes, limits.video_bytes) == (6, 1_000_000, 7_000_000)
    assert limits.shapes == limits_for("mastodon").shapes
    assert limits_for("mastodon", {"video": False, **told_by_server}).videos == 0
    assert limits_for("mastodon", {"limits": {"image_bytes": "much"}}) == limits_for("mastodon")
    assert limits_for("elsewhere") == MediaLimits()


def test_a_picture_that_fits_says_nothing() -> None:
    places = [place(1, "mastodon", {}), place(2, "bluesky", {})]
    assert check([(PICTURE, "Una hogaza")], places) == []


def test_numbers_and_mixtures_are_met_on_adding() -> None:
    where = [place(7, "bluesky", {})]
    assert told(check(pictures(5), where)) == [("too_many_pictures", "5", "4", Fix.LEAVE_OUT)]
    assert told(check([*pictures(1), (FILM, "")], where)) == [("media_mixed", "", "", Fix.LEAVE_OUT)]
    assert [each.code for each in check([(FILM, ""), (replace(FILM, id=10), "")], where)] == ["too_many_videos"]
    assert check([*pictures(1), (FILM, "")], [place(7, "instagram", {})]) == []
    without = [place(7, "mastodon", {"limits": {"videos": 0}})]
    assert [each.code for each in check([*pictures(1), (FILM, "")], without)] == ["no_videos"]
    # Left out of that network, nothing is in the way.
    options = {"bluesky": {media_rules.LEFT_OUT: [9]}}
    assert check([*pictures(1), (FILM, "")], where, options=options) == []


@pytest.mark.parametrize(
    ("change", "code", "measured", "limit"),
    [
        ({"bytes": 400_000_000}, "video_heavy", "400000000", "300000000"),
        ({"duration_ms": 190_000}, "video_long", "190000", "180000"),
        ({"mime": "video/webm"}, "video_kind", "video/webm", "video/mp4"),
    ],
)
def test_films_are_measured(change: dict[str, object], code: str, measured: str, limit: str) -> None:
    film = replace(FILM, **change)  # type: ignore[arg-type]
    assert told(check([(film, "")], [place(2, "bluesky", {})])) == [(code, measured, limit, Fix.LEAVE_OUT)]


def test_films_have_further_limits_elsewhere() -> None:
    assert [each.code for each in check([(replace(FILM, rate=240.0), "")], [place(1, "mastodon", {})])] == [
        "video_fast"
    ]
    large = replace(FILM, width=7680, height=4320)
    assert [each.code for each in check([(large, "")], [place(1, "mastodon", {})])] == ["video_large"]
    short = replace(FILM, duration_ms=900)
    assert [each.code for each in check([(short, "")], [place(1, "instagram", {})])] == ["video_short"]
    unknown = replace(FILM, duration_ms=0, rate=0.0)
    assert check([(unknown, "")], [place(1, "mastodon", {})]) == []


def test_what_is_made_to_fit_is_told_and_needs_nothing() -> None:
    heavy = replace(PICTURE, bytes=3_900_000)
    found = check([(heavy, "")], [place(2, "bluesky", {})])
    assert told(found) == [("picture_lightened", "3900000", "2000000", Fix.SCALE)]
    assert found[0].automatic
    assert check([(heavy, "")], [place(2, "bluesky", {})], crops={(1, ""): Crop(0, 0, 0.5, 0.5)}) == []
    webp = replace(PICTURE, mime="image/webp", width=1000)
    assert [each.code for each in check([(webp, "")], [place(3, "instagram", {})])] == ["picture_converted"]
    vast = replace(PICTURE, width=8000, height=5000)
    assert [each.code for each in check([(vast, "")], [place(1, "mastodon", {})])] == ["picture_shrunk"]


def test_a_shape_that_is_refused_offers_the_nearest_crop() -> None:
    wide = replace(PICTURE, width=3000, height=1000)
    where = [place(3, "instagram", {})]
    (problem,) = check([(wide, "")], where)
    assert (problem.code, problem.fix, problem.shape, problem.limit) == (
        "picture_shape",
        Fix.CROP,
        "1.91:1",
        "3:4-1.91:1",
    )
    tall = replace(PICTURE, width=1000, height=3000)
    assert check([(tall, "")], where)[0].shape == "3:4"
    cropped = {(1, "instagram"): Crop(0.0, 0.0, 0.6, 1.0)}
    assert check([(wide, "")], where, crops=cropped) == []
    # The common crop counts where the network has none of its own.
    assert check([(wide, "")], where, crops={(1, ""): Crop(0.0, 0.0, 0.5, 1.0)}) == []
    assert check([(wide, "")], where, crops={**cropped, (1, ""): Crop(0, 0, 1, 0.5)}) == []


def test_descriptions_and_missing_files() -> None:
    found = check([(PICTURE, "x" * 2001)], [place(1, "mastodon", {}), place(2, "bluesky", {})], missing={1})
    assert told(found) == [
        ("media_missing", "", "", Fix.REPLACE),
        ("alt_too_long", "2001", "1500", Fix.SHORTEN),
        ("alt_too_long", "2001", "2000", Fix.SHORTEN),
    ]


def test_what_is_left_out_of_a_network_does_not_go_there() -> None:
    media = tuple(PostMedia(each, "", place) for place, (each, _alt) in enumerate([*pictures(2), (FILM, "")]))
    post = Post(1, 1, "Hola", media=media, options={"bluesky": {"left_out": [9]}})
    sent = {
        network: [each.media.id for each in parts_for(post, network=network, account_id=1)[0][2]]
        for network in ("mastodon", "bluesky")
    }
    assert sent == {"mastodon": [1, 2, 9], "bluesky": [1, 2]}


def test_lists_in_the_options_leave_no_trace_when_empty() -> None:
    options = media_rules.with_ids({"mastodon": {"sensitive": True}}, "mastodon", media_rules.LEFT_OUT, [3, 1])
    assert options == {"mastodon": {"sensitive": True, "left_out": [1, 3]}}
    assert media_rules.with_ids(options, "mastodon", media_rules.LEFT_OUT, []) == {"mastodon": {"sensitive": True}}
    plain = media_rules.with_ids({}, "", media_rules.DECORATIVE, [5])
    assert media_rules.decorative(plain) == {5}
    assert media_rules.with_ids(plain, "", media_rules.DECORATIVE, []) == {}
    assert media_rules.left_out({"x": {"left_out": "broken"}}, "x") == frozenset()


def test_every_problem_has_words() -> None:
    wide = replace(PICTURE, width=3000, height=1000, bytes=50_000_000, mime="image/webp")
    odd = replace(FILM, bytes=10**10, duration_ms=10**8, mime="video/webm", rate=500.0, width=9000, height=9000)
    places = [place(number, network, {}) for number, network in enumerate(media_rules.networks(), 1)]
    found = check([*pictures(21), (wide, "x" * 5000), (odd, "")], places, missing={1})
    found += check([(replace(FILM, duration_ms=1), "")], [*places, place(99, "mastodon", {"limits": {"videos": 0}})])
    codes = {each.code for each in found}
    assert len(codes) >= 14
    for each in found:
        text = problem_text(each, "Instagram")
        assert "{" not in text
        assert "{" not in badge_text(each)
    heavy = next(each for each in found if each.code == "video_heavy")
    assert "10,000 MB" in problem_text(heavy, "X")


def test_sizes_and_lengths_in_words() -> None:
    assert [megabytes(each) for each in (2_000_000, 976_000, 640_000, 12_345_678, 90)] == [
        "2 MB", "1 MB", "640 KB", "12 MB", "1 KB",
    ]  # fmt: skip
    assert [lasting(each) for each in (7_400, 750_000, 3_723_000)] == ["0:07", "12:30", "1:02:03"]
