"""Real servers: who the desk promises will see a post is who is shown it, another account and strangers asked."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdesk.commands import aims, circles, markets
from cmdesk.planning.aims import Aim
from cmdesk.store import brands, targeting
from tests.servers.both import Both
from tests.servers.days import conversation
from tests.servers.people import Person, until
from tests.servers.sides import Bluesky, Snac

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


@pytest.fixture
def both(profile: Path, bluesky: dict[str, Any], mastodon: dict[str, Any]) -> Iterator[Both]:
    """A brand with an account on each of the real servers."""
    found = Both(Person(profile), Bluesky(bluesky), Snac(mastodon))
    found.connect()
    yield found


def promised(both: Both, post_id: int) -> dict[str, dict[str, Any]]:
    """What the desk says of who will see a post, by network."""
    (row,) = [each for each in both.person.json("post", "list") if each["id"] == post_id]
    return {each["network"]: each for each in row["reach"]}


def strangers_see(post: dict[str, Any]) -> bool:
    """Whether somebody without any account is shown a post."""
    asked = urllib.request.Request(post["uri"], headers={"Accept": "application/activity+json"})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        assert error.code in (401, 403, 404)
        return False


def published(both: Both, post_id: int, *more: str) -> dict[str, str]:
    """Publish by the command line and return what each network called it."""
    both.person.run("post", "schedule", str(post_id), "--now", *more)
    both.person.run("publish", status=None)
    both.person.run("sync")
    return {side.name: each.remote_id for side in both.sides for each in both.sent(post_id, side)}


def test_a_french_circle_on_both(both: Both, figures: dict[str, str]) -> None:
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        france = desk.run_now(
            markets.save_market, brand_id=brand.id, name="Francia", language="fr", country="FR", zone="Europe/Paris"
        )
        desk.run_now(aims.save_aim, account_id=both.accounts(desk)["bluesky"], aim=Aim(market_id=france))
        circle = desk.run_now(circles.save_circle, brand_id=brand.id, name="Clientes franceses")
        post_id = both.write(
            desk, "Mañana hay pan de espelta", variants={f"@{france}": "Demain, pain d'épeautre"},
            circles=(circle,), visibility="private", options={"bluesky": {"replies": "followers"}},
        )  # fmt: skip
    told = promised(both, post_id)
    assert {name: (each["kind"], each["wider"]) for name, each in told.items()} == {
        "mastodon": ("followers", True), "bluesky": ("wider", True),
    }  # fmt: skip
    assert (told["bluesky"]["language"], told["bluesky"]["answers"]) == ("fr", "followers")
    both.person.run("post", "schedule", str(post_id), "--now", status=1)
    assert both.sent(post_id, both.mastodon) == [] and both.sent(post_id, both.bluesky) == []

    out = published(both, post_id, "--yes-wider")
    shown = both.bluesky.seen(out["bluesky"])  # by bob, who does not follow: everybody
    assert (shown.text, shown.language) == ("Demain, pain d'épeautre", told["bluesky"]["language"])
    assert both.bluesky.viewer(out["bluesky"]).get("replyDisabled") is True  # and may not answer
    there = both.mastodon.status(out["mastodon"])  # by bob, who follows
    assert there["visibility"] == "private" and not strangers_see(there)
    assert "Mañana hay pan de espelta" in both.mastodon.seen(out["mastodon"]).text
    figures["both: a French circle"] = "followers on one, everybody on the other: asked, and so it was; words by market"


def test_each_visibility_is_what_was_promised(both: Both, figures: dict[str, str]) -> None:
    kept: dict[str, tuple[str, bool]] = {}
    for visibility in ("public", "unlisted", "private", "direct"):
        with both.person.desk() as desk:
            post_id = both.write(desk, f"Para {visibility}, @bob", on=("mastodon",), visibility=visibility)
        told = promised(both, post_id)["mastodon"]
        post = both.mastodon.status(published(both, post_id)["mastodon"])  # bob is named: he sees each
        kept[visibility] = (str(told["kind"]), strangers_see(post))
        assert told["wider"] is False
        assert (told["kind"] == "wider") == kept[visibility][1], (visibility, told)
        assert told["code"] != "everyone_quietly"  # this server knows no unlisted posts, and shows them publicly
    assert kept == {
        "public": ("wider", True), "unlisted": ("wider", True), "private": ("followers", False),
        "direct": ("mentioned", False),
    }  # fmt: skip
    figures["mastodon: visibility"] = "four values read by a stranger: nobody saw what was not promised to everybody"


def test_one_person_alone_or_not_at_all(both: Both, figures: dict[str, str]) -> None:
    for side, word in zip(both.sides, ("gluten", "centeno"), strict=True):
        side.mention(f"{side.called} ¿tenéis pan con {word}?")
        conversation(both.person, word)
    with both.person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        people = {side.name: one_of(desk.page(targeting.called, brand.id, side.other)) for side in both.sides}
        posts = {
            side.name: both.write(
                desk, "Te guardamos una hogaza", on=(side.name,), person_id=people[side.name], visibility="direct"
            )
            for side in both.sides
        }
    refused = promised(both, posts["bluesky"])["bluesky"]
    assert (refused["kind"], refused["code"]) == ("nowhere", "no_direct")  # its test network has no chat
    both.person.run("post", "schedule", str(posts["bluesky"]), "--now", "--yes-wider", status=2)
    assert all("hogaza" not in each.text for each in both.bluesky.there())

    told = promised(both, posts["mastodon"])["mastodon"]
    assert (told["kind"], told["wider"]) == ("exact", False)
    sent = both.mastodon.status(published(both, posts["mastodon"])["mastodon"])
    assert "Te guardamos una hogaza" in sent["content"] and not strangers_see(sent)
    until(lambda: [each for each in both.mastodon.whispers() if "hogaza" in each.text], "the message at bob's")
    figures["both: one person"] = "a direct message where there is one, refused where there is none, never in public"


def one_of(found: list[int]) -> int:
    """The only one who is meant."""
    (number,) = found
    return number
