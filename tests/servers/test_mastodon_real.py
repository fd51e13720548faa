"""The Mastodon adapter against a real server that is not Mastodon: features are found, not assumed."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import AuthExpired, Invalid, Offline
from cmdesk.networks import oauth
from cmdesk.networks.base import Act, Adapter, Deed, Incoming, Kind, Profile, ReplyTarget
from cmdesk.networks.fetch import fetch_picture
from cmdesk.networks.registry import connect_mastodon_token, make_adapter, probe
from tests.networks.helpers import look, outgoing, png, target, walk_back
from tests.servers.sign_in import fill_in

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]


class Someone:
    """An account with its adapter."""

    def __init__(self, about: dict[str, Any], name: str) -> None:
        credentials, profile = connect_mastodon_token(about["url"], about["accounts"][name]["token"])
        self.profile: Profile = profile
        self.id = profile.author.remote_id
        self.adapter: Adapter = make_adapter("mastodon", credentials)

    def say(self, text: str, **more: Any) -> Any:
        return self.adapter.send(outgoing(more.pop("kind", "post"), text, self.id, **more))

    def hears(self, wanted: Callable[[Incoming], bool]) -> Incoming:
        """Wait for a notification: this server delivers some seconds later."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for item in self.adapter.pull("notifications", None).items:
                if wanted(item):
                    return item
            time.sleep(0.3)
        raise AssertionError("it never came")


@pytest.fixture(scope="module")
def alice(mastodon: dict[str, Any]) -> Someone:
    return Someone(mastodon, "alice")


@pytest.fixture(scope="module")
def bob(mastodon: dict[str, Any]) -> Someone:
    return Someone(mastodon, "bob")


def test_who_we_are_and_what_is_there(alice: Someone, mastodon: dict[str, Any]) -> None:
    assert alice.profile.author.handle == mastodon["accounts"]["alice"]["acct"]
    able = alice.profile.capabilities
    assert (able.software, able.repeat, able.schedule, able.quote) == ("snac", "none", False, False)
    assert able.limits.characters > 500


def test_a_day(alice: Someone, bob: Someone, mastodon: dict[str, Any], tmp_path: Path) -> None:
    """Post with a picture, be mentioned, answer, be liked and boosted, read it all back."""
    picture = png(tmp_path / "blue.png")
    sealed = outgoing(
        "post",
        "Hola señores 👩‍🍳, *pan* de https://example.com/x. #PanDelDía con @bob\n\ny **más**",
        alice.id,
        language="es",
        media=((picture, alice.adapter.upload(picture)),),
    )
    receipt = alice.adapter.send(sealed)
    found = look(alice.adapter, sealed)
    assert [r.remote_id for r in found.receipts] == [receipt.remote_id]  # although it rewrites the text's markup
    assert look(alice.adapter, sealed, claimed=(receipt.remote_id,)).receipts == ()

    mention = bob.hears(lambda i: i.remote_id == receipt.remote_id)
    assert mention.kind is Kind.MENTION
    assert "señores 👩‍🍳" in mention.text and "https://example.com/x" in mention.text
    (shown,) = mention.attachments
    assert shown.alt == picture.alt
    assert fetch_picture(shown.url, account_server=mastodon["url"]).content == picture.path.read_bytes()

    answer = bob.say("¿abrís el domingo?", kind="reply", reply_to=target(mention))
    bob.adapter.act(Deed(Act.LIKE, target(mention)))
    bob.adapter.act(Deed(Act.BOOST, target(mention)))
    heard = alice.hears(lambda i: i.remote_id == answer.remote_id)
    assert heard.kind is Kind.REPLY and heard.parent_id == receipt.remote_id
    alice.hears(lambda i: i.kind is Kind.FAVOURITE and i.target_id == receipt.remote_id)
    alice.hears(lambda i: i.kind is Kind.BOOST and i.target_id == receipt.remote_id)

    back = alice.say("Sí, a las 9.", kind="reply", reply_to=target(heard))
    thread = alice.adapter.context(back.remote_id)
    assert [i.remote_id for i in thread] == [receipt.remote_id, answer.remote_id, back.remote_id]
    assert [i.kind for i in thread] == [Kind.OWN, Kind.REPLY, Kind.OWN]
    # Boosted by somebody, our own post is shown as a boost: it is still found.
    assert [r.remote_id for r in look(alice.adapter, sealed).receipts] == [receipt.remote_id]
    own = {i.remote_id: i for i in alice.adapter.pull("own", None).items}
    assert own[receipt.remote_id].kind is Kind.OWN
    edited = alice.adapter.act(Deed(Act.EDIT, ReplyTarget(back.remote_id), text="@bob Sí, a las 10."))
    assert edited is not None and "a las 10" in alice.adapter.context(back.remote_id)[-1].text


def test_a_private_message_is_private(alice: Someone, bob: Someone) -> None:
    sealed = outgoing("direct", "@alice un secreto", bob.id)
    receipt = bob.adapter.send(sealed)
    heard = alice.hears(lambda i: i.remote_id == receipt.remote_id)
    assert heard.kind is Kind.DIRECT and heard.visibility == "direct"
    assert not look(bob.adapter, sealed).conclusive  # its own list leaves private posts out: nothing is proven


def test_every_post_arrives_although_it_closes_connections_without_a_word(alice: Someone) -> None:
    said = [alice.say(f"número {n}").remote_id for n in range(30)]
    assert len(set(said)) == 30
    assert set(said) <= {i.remote_id for i in walk_back(alice.adapter, "own")}


def test_what_it_does_not_have_is_quiet(alice: Someone) -> None:
    assert alice.adapter.pull("conversations", None).items == ()
    assert {p.name for p in alice.adapter.metrics()} <= {"followers", "following", "statuses"}


def test_signing_in_with_the_browser(mastodon: dict[str, Any]) -> None:
    account = mastodon["accounts"]["alice"]

    def browser(page: str) -> None:
        def person() -> None:
            urllib.request.urlopen(fill_in(page, "alice", account["password"]), timeout=10).close()

        threading.Thread(target=person, daemon=True).start()

    credentials = oauth.authorize(mastodon["url"], browser, limit_s=30)
    kept, profile = probe("mastodon", credentials)
    assert profile.author.handle == account["acct"]
    assert kept.identity == profile.author.remote_id
    make_adapter("mastodon", kept).revoke()


def test_bad_input_is_named(mastodon: dict[str, Any], bluesky_pds: dict[str, Any]) -> None:
    with pytest.raises(AuthExpired):
        connect_mastodon_token(mastodon["url"], "wrong")
    with pytest.raises(Invalid) as elsewhere:
        connect_mastodon_token(bluesky_pds["url"], "wrong")
    assert elsewhere.value.code == "not_this_network"
    with pytest.raises(Offline):
        connect_mastodon_token("http://localhost:9", "wrong")
