"""What an account's network takes beside words, and what is refused before it is sealed (rank 18)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.model import Poll
from cmdesk.planning.abilities import Abilities, abilities, card_picture, check_poll, checked_options, poll_troubles

BLUESKY = abilities("bluesky", {})


def test_what_was_never_probed_has_what_its_network_publishes() -> None:
    mastodon = abilities("mastodon", {})
    assert (mastodon.polls, mastodon.cards, mastodon.video, mastodon.gates) == (True, False, True, ())
    assert (BLUESKY.polls, BLUESKY.cards, BLUESKY.video) == (False, True, True)
    assert BLUESKY.gates[0] == "everybody" and BLUESKY.quote_policies == ("public", "nobody")
    assert abilities("elsewhere", {}) == Abilities()


def test_what_a_server_told_counts() -> None:
    told = {
        "polls": False,
        "video": False,
        "quote_policies": ["public", "nobody"],
        "limits": {"poll_options": 8, "poll_option_characters": 20, "poll_min_s": 60, "poll_max_s": 600},
    }
    able = abilities("mastodon", told)
    assert (able.polls, able.video, able.quote_policies) == (False, False, ("public", "nobody"))
    assert (able.poll_options, able.poll_option_characters, able.poll_min_s, able.poll_max_s) == (8, 20, 60, 600)


def test_options_that_hold_anyway_are_not_sealed() -> None:
    assert checked_options({"replies": "everybody", "quotes": "public", "sensitive": False}, BLUESKY) == {}
    assert checked_options({"replies": "nobody", "quotes": "", "sensitive": True}, BLUESKY) == {
        "replies": "nobody", "sensitive": True,
    }  # fmt: skip


@given(st.text(max_size=12), st.one_of(st.text(min_size=1, max_size=12), st.integers(2), st.lists(st.text())))
def test_an_option_nobody_knows_is_always_refused(name: str, value: object) -> None:
    known = {"replies": BLUESKY.gates, "quotes": BLUESKY.quote_policies}.get(name, ())
    if value in known or (name == "sensitive" and value in (True, False)):
        return
    with pytest.raises(Invalid) as caught:
        checked_options({name: value}, BLUESKY)
    assert caught.value.code == "option_unknown"


@given(st.lists(st.text(max_size=60), max_size=7), st.integers(0, 5_000_000), st.integers(0, 2))
def test_a_poll_passes_exactly_when_nothing_stands_in_its_way(options: list[str], lasts_s: int, media: int) -> None:
    able = abilities("mastodon", {})
    said = [" ".join(option.split()) for option in options]
    fine = (
        2 <= len(said) <= 4
        and all(0 < len(option) <= 50 for option in said)
        and len({option.casefold() for option in said}) == len(said)
        and 300 <= lasts_s <= 2_629_746
        and not media
    )
    poll = Poll(tuple(options), lasts_s)
    assert fine == (poll_troubles(poll, able, media=media) == [])
    if not fine:
        with pytest.raises(Invalid):
            check_poll(poll, able, media=media)


def test_the_picture_of_a_card() -> None:
    assert card_picture({"card": {"media_id": 7}}) == 7
    assert card_picture({"card": {"media_id": None}}) is None
    assert card_picture({}) is None
