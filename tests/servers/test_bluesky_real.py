"""The Bluesky adapter against Bluesky's own servers."""

from __future__ import annotations

import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import AuthExpired, Gone, Invalid
from cmdesk.networks.base import Act, Adapter, Credentials, Deed, Kind, Profile, ReplyTarget
from cmdesk.networks.fetch import fetch_picture
from cmdesk.networks.registry import connect_bluesky, make_adapter
from cmdesk.planning.keys import new_record_key
from tests.networks.helpers import look, outgoing, png, target, walk_back, walk_forward

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]


class Someone:
    """An account with its adapter, and every set of credentials that was to be stored."""

    def __init__(self, about: dict[str, Any], name: str) -> None:
        account = about["accounts"][name]
        credentials, profile = connect_bluesky(about["url"], f"@{account['handle']}", account["app_password"])
        self.stored: list[Credentials] = [credentials]
        self.profile: Profile = profile
        self.id = profile.author.remote_id
        self.handle = account["handle"]
        self.adapter: Adapter = make_adapter("bluesky", credentials, on_credentials=self.stored.append)

    def say(self, text: str, **more: Any) -> Any:
        return self.adapter.send(outgoing(more.pop("kind", "post"), text, self.id, **more))


def settle(about: dict[str, Any]) -> None:
    """Wait until the AppView has seen everything."""
    urllib.request.urlopen(urllib.request.Request(about["process_url"], method="POST"), timeout=60).close()


@pytest.fixture(scope="module")
def alice(bluesky: dict[str, Any]) -> Someone:
    return Someone(bluesky, "alice")


@pytest.fixture(scope="module")
def bob(bluesky: dict[str, Any]) -> Someone:
    return Someone(bluesky, "bob")


def test_who_we_are_and_what_is_there(alice: Someone, bluesky: dict[str, Any]) -> None:
    assert alice.id == bluesky["accounts"]["alice"]["did"]
    assert alice.profile.author.handle == "alice.test"
    able = alice.profile.capabilities
    assert able.repeat == "record_key"
    assert able.missing == ("chat",) and not able.direct  # this network has no chat service
    assert alice.stored[0].secret["pds"] == bluesky["url"]
    assert "app_password" in alice.stored[0].secret and "n/a" not in repr(alice.stored[0])
    assert alice.stored[0].secret["access"] not in repr(alice.stored[0])


def test_a_day(alice: Someone, bob: Someone, bluesky: dict[str, Any], tmp_path: Path) -> None:
    """Post with a picture, be mentioned, answer, be quoted and liked, read it all back."""
    picture = png(tmp_path / "blue.png")
    uploaded = alice.adapter.upload(picture)
    sealed = outgoing(
        "post",
        "Hola señores 👩‍🍳, pan de https://example.com/ñ?a=1. #PanDelDía con @bob.test",
        alice.id,
        language="es",
        media=((picture, uploaded),),
    )
    before = look(alice.adapter, sealed)
    assert before.receipts == () and before.conclusive
    receipt = alice.adapter.send(sealed)
    assert alice.adapter.send(sealed) == receipt  # the same bytes again: no second post
    assert look(alice.adapter, sealed).receipts[0].remote_id == receipt.remote_id
    settle(bluesky)

    (mention,) = [i for i in bob.adapter.pull("notifications", None).items if i.remote_id == receipt.remote_id]
    assert mention.kind is Kind.MENTION
    assert mention.text == sealed.text
    assert mention.language == "es"
    assert mention.author.handle == "alice.test"
    (shown,) = mention.attachments
    assert (shown.alt, shown.width, shown.height) == (picture.alt, 120, 80)
    assert fetch_picture(shown.preview_url, account_server=bluesky["url"]).mime in ("image/jpeg", "image/webp")

    head = alice.adapter.pull("notifications", None).cursor
    answer = bob.say("@alice.test ¿abrís el domingo?", kind="reply", reply_to=target(mention))
    settle(bluesky)
    (heard,) = [i for i in alice.adapter.pull("notifications", head).items if i.remote_id == answer.remote_id]
    assert heard.kind is Kind.REPLY
    assert heard.parent_id == receipt.remote_id and heard.parent_author_id == alice.id

    back = alice.say("Sí, a las 9.", kind="reply", reply_to=target(heard))
    quote = bob.say("miren esto", quote_of=ReplyTarget(receipt.remote_id))
    like = Deed(
        Act.LIKE,
        ReplyTarget(receipt.remote_id, receipt.ref),
        record_key=new_record_key(datetime.now(UTC)),
        created_at=datetime.now(UTC),
    )
    assert bob.adapter.act(like) == bob.adapter.act(like)
    bob.adapter.act(replace(like, act=Act.BOOST, record_key=new_record_key(datetime.now(UTC))))
    settle(bluesky)

    items, _ = walk_forward(alice.adapter, "notifications", head)
    found = {i.kind: i for i in items if receipt.remote_id in (i.target_id, i.quoted_id)}
    assert found[Kind.QUOTE].remote_id == quote.remote_id and found[Kind.QUOTE].quoted_id == receipt.remote_id
    assert found[Kind.FAVOURITE].target_id == receipt.remote_id
    assert found[Kind.BOOST].target_id == receipt.remote_id

    thread = alice.adapter.context(back.remote_id)
    assert [i.remote_id for i in thread] == [receipt.remote_id, answer.remote_id, back.remote_id]
    assert [i.kind for i in thread] == [Kind.OWN, Kind.REPLY, Kind.OWN]
    figures = {p.name: p.value for p in alice.adapter.metrics([receipt.remote_id]) if p.remote_id}
    assert figures == {"favourites": 1, "boosts": 1, "replies": 1, "quotes": 1}

    bob.adapter.act(Deed(Act.UNLIKE, ReplyTarget(receipt.remote_id)))
    alice.adapter.act(Deed(Act.MARK_READ, target(heard)))
    settle(bluesky)
    figures = {p.name: p.value for p in alice.adapter.metrics([receipt.remote_id]) if p.remote_id}
    assert figures["favourites"] == 0


def test_own_posts_confirm_and_deletions_are_noticed(alice: Someone, bluesky: dict[str, Any]) -> None:
    cursor = alice.adapter.pull("own", None).cursor
    kept, gone, last = (alice.say(f"anuncio {n}") for n in range(3))
    items, cursor = walk_forward(alice.adapter, "own", cursor)
    assert {kept.remote_id, gone.remote_id, last.remote_id} <= {i.remote_id for i in items}
    assert all(i.kind is Kind.OWN for i in items)
    alice.adapter.act(Deed(Act.DELETE, ReplyTarget(gone.remote_id)))
    alice.adapter.act(Deed(Act.DELETE, ReplyTarget(gone.remote_id)))  # twice is once
    items, _ = walk_forward(alice.adapter, "own", cursor)
    assert [i.remote_id for i in items if i.kind is Kind.DELETED] == [gone.remote_id]
    settle(bluesky)
    with pytest.raises(Gone):
        alice.adapter.context(gone.remote_id)


def test_walking_forward_and_back_misses_nothing(bob: Someone) -> None:
    cursor = bob.adapter.pull("own", None).cursor
    said = [bob.say(f"número {n}").remote_id for n in range(120)]
    items, after = walk_forward(bob.adapter, "own", cursor)
    assert set(said) <= {i.remote_id for i in items}
    page = bob.adapter.pull("own", after)
    assert not page.more and len(page.items) == 50  # the last page, read again
    everything = [i.remote_id for i in walk_back(bob.adapter, "own")]
    assert set(said) <= set(everything) and len(everything) == len(set(everything))


def test_tokens_rotate_and_are_told_before_they_are_used(alice: Someone, bluesky: dict[str, Any]) -> None:
    old = alice.stored[-1]
    broken = replace(old, secret={**old.secret, "access": old.secret["access"][:-6] + "AAAAAA"})
    told: list[Credentials] = []
    adapter = make_adapter("bluesky", broken, on_credentials=told.append)
    assert adapter.whoami().author.remote_id == alice.id
    assert len(told) == 1 and told[0].secret["refresh"] != old.secret["refresh"]
    lost = replace(old, secret={**told[0].secret, "access": "", "refresh": told[0].secret["refresh"][:-6] + "AAAAAA"})
    again: list[Credentials] = []
    adapter = make_adapter("bluesky", lost, on_credentials=again.append)
    assert adapter.whoami().author.remote_id == alice.id  # by the app password
    without = replace(lost, secret={k: v for k, v in lost.secret.items() if k != "app_password"})
    with pytest.raises(AuthExpired):
        make_adapter("bluesky", without).whoami()


def test_bad_input_is_named(bluesky: dict[str, Any]) -> None:
    with pytest.raises(AuthExpired) as wrong:
        connect_bluesky(bluesky["url"], "alice.test", "aaaa-bbbb-cccc-dddd")
    assert "password" in wrong.value.detail.lower()
    with pytest.raises(Invalid) as elsewhere:
        connect_bluesky(bluesky["appview_url"], "alice.test", "aaaa-bbbb-cccc-dddd")
    assert elsewhere.value.code == "not_this_network"


def test_without_an_appview_publishing_still_works(bluesky_pds: dict[str, Any], tmp_path: Path) -> None:
    carol = Someone(bluesky_pds, "alice")
    assert carol.profile.capabilities.missing == ("chat", "notifications")
    picture = png(tmp_path / "blue.png")
    sealed = outgoing("post", "Sin vista", carol.id, media=((picture, carol.adapter.upload(picture)),))
    receipt = carol.adapter.send(sealed)
    assert look(carol.adapter, sealed).receipts[0].remote_id == receipt.remote_id
    (own,) = carol.adapter.pull("own", None).items
    assert own.text == "Sin vista" and own.attachments[0].alt == picture.alt
    assert fetch_picture(own.attachments[0].url, account_server=bluesky_pds["url"]).content == picture.path.read_bytes()
    reply = carol.say("y otra", kind="reply", reply_to=ReplyTarget(receipt.remote_id))
    assert reply.author_id == carol.id
    late = outgoing("post", "later", carol.id, now=datetime.now(UTC) - timedelta(days=40))
    assert look(carol.adapter, late).conclusive
