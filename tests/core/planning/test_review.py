"""What is said about a post before it is sealed."""

from __future__ import annotations

from cmdesk.planning.review import Level, Picture, destination, errors, length, review

MASTODON = destination(
    1, "mastodon", {"limits": {"characters": 500, "url_characters": 23}, "visibilities": ["public", "unlisted"]}
)
BLUESKY = destination(2, "bluesky", {})


def codes(**fields: object) -> list[tuple[str, int]]:
    values: dict[str, object] = {"text": "Hola", "variants": {}, "destinations": [MASTODON, BLUESKY]} | fields
    return [(one.code, one.account_id) for one in review(**values)]  # type: ignore[arg-type]


def test_a_good_post_with_a_described_picture_has_nothing_to_say() -> None:
    assert codes(pictures=[Picture("image/png", "Una barra de pan")]) == []


def test_each_network_counts_by_its_own_rule() -> None:
    link = "https://example.com/" + "a" * 400
    assert length(MASTODON, link) == 23 and length(BLUESKY, link) == len(link)
    assert codes(text=link, pictures=[Picture("image/png", "x")]) == [("too_long", 2)]


def test_a_variant_answers_for_its_network_only() -> None:
    long = "a" * 400
    assert ("too_long", 2) in codes(text=long)
    assert ("too_long", 2) not in codes(text=long, variants={"bluesky": "corto"})


def test_nothing_written_is_an_error_and_a_picture_alone_is_not() -> None:
    assert ("empty_text", 1) in codes(text="  \n")
    assert codes(text="", pictures=[Picture("image/png", "x")]) == []


def test_no_account_blocks() -> None:
    assert [one.code for one in errors(review(text="Hola", variants={}, destinations=[]))] == ["no_accounts"]


def test_pictures_are_counted_and_missing_descriptions_said() -> None:
    many = [Picture("image/png", "")] * 5
    assert codes(pictures=many)[:2] == [("too_many_pictures", 1), ("too_many_pictures", 2)]
    assert ("no_alt", 0) in codes(pictures=many)


def test_what_a_network_cannot_keep_is_a_warning() -> None:
    found = review(text="Hola", variants={}, destinations=[MASTODON, BLUESKY], visibility="unlisted", spoiler="comida")
    told = {(one.code, one.account_id, one.level) for one in found}
    assert ("visibility_becomes_public", 2, Level.WARNING) in told and ("warning_not_shown", 2, Level.WARNING) in told
    assert not errors(found)


def test_bytes_count_beside_characters() -> None:
    text = "👨‍👩‍👧‍👦" * 250  # 250 graphemes, 6,250 bytes
    assert ("too_many_bytes", 2) in codes(text=text)
