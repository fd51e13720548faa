"""Who really sees a post (K2-K6, N10): each network's own words, and never a narrower promise than what is sent."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.model import Account, Part, Post, Readers
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.targeting import (
    NOT_ALONE,
    OPTED_OUT,
    UNKNOWN,
    Audience,
    Kind,
    Reach,
    asking,
    audience_of,
    is_sure,
    reach,
    reach_of,
    rules_key,
    width,
    with_yes,
)
from cmdesk.wording_targeting import reach_words, wider_question

EVERY = ("public", "unlisted", "private", "direct")


def account(network: str = "mastodon", number: int = 1, server: str = "https://plaza.example", **able: Any) -> Account:
    able.setdefault("visibilities", list(EVERY) if network == "mastodon" else ["public"])
    return Account(number, 1, network, server, f"r{number}", f"alba{number}@plaza.example", capabilities=able)


def post(text: str = "Hola", **more: Any) -> Post:
    return Post(1, 1, text, **more)


SNAC = account(software="snac")
BLUESKY = account("bluesky", direct=True)
MASTODON = account(direct=True)


@pytest.mark.parametrize(
    ("where", "audience", "kind", "code", "asks"),
    [
        (MASTODON, Audience(), Kind.WIDER, "everyone", False),
        (MASTODON, Audience(visibility="private"), Kind.FOLLOWERS, "followers", False),
        (MASTODON, Audience(visibility="direct"), Kind.MENTIONED, "mentioned", False),
        (MASTODON, Audience(visibility="unlisted"), Kind.WIDER, "everyone_quietly", False),
        (SNAC, Audience(visibility="unlisted"), Kind.WIDER, "everyone", False),
        (SNAC, Audience(visibility="private"), Kind.FOLLOWERS, "followers", False),
        (BLUESKY, Audience(visibility="private"), Kind.WIDER, "everyone_always", True),
        (BLUESKY, Audience(market_id=3), Kind.WIDER, "everyone_always", True),
        (MASTODON, Audience(market_id=3), Kind.WIDER, "everyone", True),
        (MASTODON, Audience(circles=(1,), visibility="private"), Kind.FOLLOWERS, "followers", True),
        (MASTODON, Audience(circles=(1,), visibility="direct"), Kind.MENTIONED, "mentioned", False),
        (account(BY_HAND), Audience(circles=(1,)), Kind.WIDER, "by_hand", False),
        (account(targeting=["market"]), Audience(market_id=3), Kind.EXACT, "native", False),
        (account(targeting=["market"]), Audience(market_id=3, circles=(1,)), Kind.WIDER, "everyone", True),
    ],
)
def test_each_network_says_what_it_does(where: Account, audience: Audience, kind: Kind, code: str, asks: bool) -> None:
    found = reach(where, audience)
    assert (found.kind, found.code, found.asks) == (kind, code, asks)
    assert reach_words(found)


def test_an_account_of_the_market_speaks_to_it_without_asking() -> None:
    audience = Audience(market_id=3)
    own = reach(MASTODON, audience, Readers(3, "fr", own=True))
    assert (own.kind, own.code, own.asks) == (Kind.WIDER, "own_market", False)
    assert reach(MASTODON, audience, Readers(4, "de", own=True)).asks
    assert reach(MASTODON, audience, Readers(3, "fr")).asks  # it only says the words of that market


def test_one_person_gets_it_directly_or_it_does_not_go() -> None:
    known = Readers(remote_id="r9", handle="ana@plaza.example")
    audience = Audience(person_id=9, visibility="direct")
    assert reach(MASTODON, audience, known) == Reach(Kind.EXACT, "direct", "ana@plaza.example")
    assert reach(account(), audience, known).code == "no_direct"
    assert reach(MASTODON, audience, Readers(closed=UNKNOWN)).kind is Kind.NOWHERE
    assert reach(MASTODON, audience, Readers(closed=OPTED_OUT)).code == OPTED_OUT
    assert reach(account(BY_HAND), audience, Readers(closed=UNKNOWN)).kind is Kind.WIDER
    assert reach(account(BY_HAND), audience, Readers(closed=OPTED_OUT)).kind is Kind.NOWHERE


def test_a_message_for_one_person_names_nobody_else_where_the_named_see_it() -> None:
    who = Readers(remote_id="r9", handle="ana@plaza.example")
    readers = {1: who}

    def found(text: str, where: Account = MASTODON, **more: Any) -> Reach:
        return reach_of(post(text, person_id=9, visibility="direct", readers=readers, **more), where)

    assert found("Hola").kind is Kind.EXACT
    assert found("Hola @ana, de parte de @alba1").kind is Kind.EXACT  # people of our own server may go without it
    assert found("Hola @ana@plaza.example").kind is Kind.EXACT
    other = found("Hola @ana, habla con @Luis@otra.example")
    assert (other.kind, other.code, other.detail) == (Kind.NOWHERE, NOT_ALONE, "luis@otra.example")
    assert found("Hola", parts=(Part("y @luis"),)).code == NOT_ALONE
    assert found("Hola @ana@otra.example").code == NOT_ALONE  # another Ana
    assert found("Hola @luis.bsky.social", BLUESKY).kind is Kind.EXACT  # a chat has its members, whoever it names


def test_who_is_named_sees_what_is_for_followers() -> None:
    found = reach_of(post("Con @luis@otra.example", visibility="private"), MASTODON)
    assert (found.kind, found.code) == (Kind.FOLLOWERS, "followers_and_named")
    assert reach_of(post(visibility="private"), MASTODON).code == "followers"


def test_the_gate_and_the_language_are_told_as_they_are_sent() -> None:
    readers = {2: Readers(7, "fr", own=True)}
    said = post(
        "Hola", variants={"@7": "Bonjour"}, language="es", readers=readers,
        options={"bluesky": {"replies": "followers"}, "mastodon": {"replies": "followers"}},
    )  # fmt: skip
    gated = reach_of(said, account("bluesky", 2, gates=["everybody", "followers"]))
    assert (gated.gate, gated.language) == ("followers", "fr")
    assert reach_of(said, account("bluesky", 2, gates=["everybody"])).gate == ""
    here = reach_of(said, MASTODON)
    assert (here.gate, here.language) == ("", "es")
    assert "only followers may answer" in reach_words(gated)
    assert "in français" in reach_words(gated, tongue="français")


def test_the_yes_is_for_exactly_that_audience_and_those_accounts() -> None:
    places = [account(number=1), account("bluesky", 2)]
    said = post(circles=(4,), visibility="private")
    told = asking(said, places)
    assert set(told) == {1, 2}
    sure = with_yes("", audience_of(said), {1: told[1]})
    assert set(asking(post(circles=(4,), visibility="private", wider_sure=sure), places)) == {2}
    both = with_yes(sure, audience_of(said), told)
    assert not asking(post(circles=(4,), visibility="private", wider_sure=both), places)
    assert set(asking(post(circles=(4, 5), visibility="private", wider_sure=both), places)) == {1, 2}
    assert set(asking(post(circles=(4,), wider_sure=both), places)) == {1, 2}
    # Who said yes to followers has not said yes to everybody.
    assert not is_sure(sure, audience_of(said), 1, Kind.WIDER)
    assert with_yes(both, Audience(circles=(5,)), {}) == ""
    for broken in ("{", "[]", '{"accounts": 3}'):
        assert not is_sure(broken, audience_of(said), 1, Kind.FOLLOWERS)
        assert set(asking(post(circles=(4,), wider_sure=broken), places)) == {1, 2}


def test_the_question_names_each_account() -> None:
    title, lines = wider_question([("@alba", reach(MASTODON, Audience(circles=(1,))))])
    assert title == "More people will see it than you chose"
    assert lines == "@alba: Everybody, not only those chosen"


def test_rules_that_say_the_same_are_the_same() -> None:
    assert rules_key("No ads.\n Be kind") == rules_key("No ads. Be  kind ")
    assert rules_key("No ads.") != rules_key("Ads.")


# What is promised is never narrower than what is sent.

_values = st.sampled_from((*EVERY, "limited", ""))
_ids = st.one_of(st.none(), st.integers(1, 4))
_accounts = st.builds(
    account,
    st.sampled_from(("mastodon", "bluesky", BY_HAND, "sandbox", "nextnet")),
    visibilities=st.one_of(st.lists(_values, max_size=5, unique=True), st.just("public"), st.none()),
    software=st.sampled_from(("", "mastodon", "snac", "pleroma", "gotosocial")),
    direct=st.booleans(),
    targeting=st.lists(st.sampled_from(("market", "circle", "age")), max_size=3, unique=True),
)
_audiences = st.builds(Audience, _ids, st.lists(st.integers(1, 4), max_size=3, unique=True).map(tuple), _ids, _values)
_readers = st.builds(
    Readers, _ids, st.sampled_from(("", "fr")), st.booleans(), st.sampled_from(("", "r9")),
    st.sampled_from(("", "ana@plaza.example")), st.sampled_from(("", UNKNOWN, OPTED_OUT)),
)  # fmt: skip


def meant_by(where: Account, audience: Audience) -> Kind:
    """Who sees it there by what is sent, read from the networks' own pages, not from our tables."""
    if where.network == BY_HAND:
        return Kind.WIDER  # a person publishes it wherever they want
    if audience.person_id is not None:
        return Kind.EXACT  # a chat, or the value "direct" with one name in it
    told = where.capabilities.get("visibilities")
    narrows = where.capabilities.get("targeting")
    native = set(narrows) if isinstance(narrows, list) else set()
    wanted = {name for name, given in (("market", audience.market_id), ("circle", audience.circles)) if given}
    if audience.visibility in (told if isinstance(told, list) else ()):
        if audience.visibility == "direct":
            return Kind.MENTIONED
        if audience.visibility == "private":
            return Kind.FOLLOWERS
    return Kind.EXACT if wanted and wanted <= native else Kind.WIDER


@settings(max_examples=1000, deadline=None)
@given(where=_accounts, audience=_audiences, readers=_readers)
def test_a_promise_is_never_narrower_than_what_is_sent(where: Account, audience: Audience, readers: Readers) -> None:
    found = reach(where, audience, readers)
    assert reach_words(found)
    if found.kind is Kind.NOWHERE:
        assert audience.person_id is not None
        return
    assert width(found.kind) >= width(meant_by(where, audience))
    asked_of_nobody = not found.asks and where.network != BY_HAND and audience.person_id is None
    if asked_of_nobody and audience.circles:
        assert found.kind in (Kind.EXACT, Kind.MENTIONED)
    if asked_of_nobody and audience.market_id is not None and found.kind in (Kind.FOLLOWERS, Kind.WIDER):
        assert readers.own and readers.market_id == audience.market_id
    if asked_of_nobody and audience.visibility in ("private", "direct"):
        assert found.kind is not Kind.WIDER


@given(audiences=st.lists(_audiences, min_size=2, max_size=2))
def test_two_audiences_share_a_yes_only_when_they_are_the_same(audiences: list[Audience]) -> None:
    one, other = audiences

    def same(audience: Audience) -> tuple[Any, ...]:
        return audience.market_id, sorted(audience.circles), audience.person_id, audience.visibility

    assert (one.key() == other.key()) == (same(one) == same(other))


def test_a_wider_yes_covers_a_narrower_reach_and_never_the_other_way() -> None:
    audience = Audience(circles=(1,))
    for said, asked in itertools.product((Kind.FOLLOWERS, Kind.WIDER), repeat=2):
        stored = with_yes("", audience, {1: Reach(said, "x", asks=True)})
        assert is_sure(stored, audience, 1, asked) == (width(said) >= width(asked))
