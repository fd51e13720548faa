"""The Mastodon adapter against the sandbox, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import AuthExpired, Gone, NotSent, Rejected, Unreadable, WrongAuthor
from cmdesk.networks.base import Act, Credentials, Deed, Kind, ReplyTarget
from cmdesk.networks.http import Timeouts
from cmdesk.networks.mastodon import MastodonAdapter
from cmdesk.networks.mastodon_reading import _max_id
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.networks.helpers import look, outgoing, png, target, walk_back, walk_forward

QUICK = Timeouts(connect=1, read=2, total=4, upload=4)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        yield running


def adapter_of(server: SandboxServer, handle: str = "alba", **more: Any) -> MastodonAdapter:
    credentials = Credentials(server.url, "", {"token": server.tokens[handle]})
    adapter = MastodonAdapter(credentials, timeouts=QUICK, pause=lambda _: None, **more)
    adapter.whoami()
    return adapter


@pytest.fixture
def alba(server: SandboxServer) -> Iterator[MastodonAdapter]:
    adapter = adapter_of(server)
    yield adapter
    adapter.close()


def me(adapter: MastodonAdapter) -> str:
    return adapter._own_id


# ── who we are ──


def test_features_are_detected(server: SandboxServer) -> None:
    told: list[Credentials] = []
    adapter = MastodonAdapter(Credentials(server.url, "", {"token": server.tokens["alba"]}), on_credentials=told.append)
    profile = adapter.whoami()
    adapter.close()
    able = profile.capabilities
    assert profile.author.handle == "alba@sandbox.example"
    assert (able.software, able.repeat, able.schedule, able.quote, able.edit) == (
        "mastodon",
        "key_1h",
        True,
        True,
        True,
    )
    assert able.limits.characters == 500 and able.limits.url_characters == 23
    assert told[-1].identity == profile.author.remote_id
    assert told[-1].secret["domain"] == "sandbox.example"


@pytest.mark.parametrize("software", ["pixelfed", "gotosocial", "pleroma", "snac"])
def test_a_relative_is_never_trusted_with_repeats(software: str) -> None:
    lacking = {"scheduled", "conversations", "instance_v2", "media_v2", "quotes"}
    with SandboxServer(limits=NO_LIMITS, without=lacking, software=(software, "1.2.3")) as server:
        adapter = adapter_of(server)
        able = adapter.whoami().capabilities
        assert (able.software, able.repeat, able.schedule) == (software, "none", False)
        assert set(able.missing) == {"scheduled", "conversations"}
        assert adapter.streams() == ("notifications", "own")
        assert adapter.pull("conversations", None).items == ()
        assert able.limits.characters == 500
        adapter.close()


def test_without_the_new_media_endpoint_the_old_one_is_used(tmp_path: Path) -> None:
    with SandboxServer(limits=NO_LIMITS, without={"media_v2"}) as server:
        adapter = adapter_of(server)
        assert adapter.upload(png(tmp_path / "a.png")).remote
        adapter.close()


def test_other_credentials_than_expected_stop_everything(server: SandboxServer) -> None:
    bruno = adapter_of(server, "bruno")
    adapter = MastodonAdapter(Credentials(server.url, me(bruno), {"token": server.tokens["alba"]}))
    with pytest.raises(WrongAuthor):
        adapter.whoami()
    adapter.close()
    bruno.close()


def test_a_revoked_token(server: SandboxServer, alba: MastodonAdapter) -> None:
    server.faults.add(Fault("revoked_token"))
    for work in (
        alba.whoami,
        lambda: alba.pull("notifications", None),
        lambda: alba.send(outgoing("post", "x", me(alba))),
    ):
        with pytest.raises(AuthExpired):
            work()


# ── reading ──


def test_every_kind_of_incoming(server: SandboxServer, alba: MastodonAdapter) -> None:
    own = alba.send(outgoing("post", "Abrimos el domingo", me(alba)))
    maria = "maria@plaza.example"
    said = server.say(maria, "mention", to="alba", text="hola @alba@sandbox.example")
    server.say(maria, "reply", status=own.remote_id, text="¿a qué hora?")
    server.say(maria, "quote", status=own.remote_id, text="miren")
    server.say(maria, "like", status=own.remote_id)
    server.say(maria, "boost", status=own.remote_id)
    server.say("pere@plaza.example", "follow", to="alba")
    server.say(maria, "dm", to="alba", text="un secreto")
    assert said is not None
    page = alba.pull("notifications", None)
    found = {item.kind: item for item in page.items}
    assert set(found) == {Kind.MENTION, Kind.REPLY, Kind.QUOTE, Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW, Kind.DIRECT}
    assert not page.quarantined and not page.more
    assert found[Kind.MENTION].remote_id == said.id
    assert found[Kind.MENTION].author.handle == maria
    assert found[Kind.MENTION].mentions == (maria,)
    assert found[Kind.MENTION].ref["acct"] == maria and found[Kind.MENTION].ref["server"] == server.url
    assert found[Kind.REPLY].parent_id == own.remote_id and found[Kind.REPLY].parent_author_id == me(alba)
    assert found[Kind.QUOTE].quoted_id == own.remote_id
    assert found[Kind.FAVOURITE].target_id == own.remote_id
    assert found[Kind.DIRECT].visibility == "direct"
    (private,) = alba.pull("conversations", None).items
    assert private.kind is Kind.DIRECT and private.thread_id and private.remote_id == found[Kind.DIRECT].remote_id
    assert not private.read
    alba.act(Deed(Act.MARK_READ, target(private)))
    assert alba.pull("conversations", None).items[0].read


def test_a_thread_is_read_whole_and_in_order(server: SandboxServer, alba: MastodonAdapter) -> None:
    first = alba.send(outgoing("post", "uno", me(alba)))
    second = server.say("maria@plaza.example", "reply", status=first.remote_id, text="dos")
    assert second is not None
    third = server.say("juan@plaza.example", "reply", status=second.id, text="tres")
    assert third is not None
    thread = alba.context(second.id)
    assert [item.remote_id for item in thread] == [first.remote_id, second.id, third.id]
    assert [item.kind for item in thread][:2] == [Kind.OWN, Kind.REPLY]
    with pytest.raises(Gone):
        alba.context("404404")


def test_walking_forward_has_no_gap_and_rereads_the_last_page(server: SandboxServer, alba: MastodonAdapter) -> None:
    def mention(number: int) -> str:
        status = server.say("maria@plaza.example", "mention", to="alba", text=f"número {number}")
        assert status is not None
        return str(status.id)

    first = [mention(n) for n in range(5)]
    page = alba.pull("notifications", None)
    assert [i.remote_id for i in page.items] == first[::-1]
    later = [mention(n) for n in range(130)]
    items, cursor = walk_forward(alba, "notifications", page.cursor)
    assert {i.remote_id for i in items} >= set(later)
    again = alba.pull("notifications", cursor)
    assert not again.more and [i.remote_id for i in again.items] == later[::-1][:40]
    everything = [i.remote_id for i in walk_back(alba, "notifications")]
    assert everything == (first + later)[::-1]


def test_an_account_that_was_empty_shows_what_it_could_not_read(server: SandboxServer, alba: MastodonAdapter) -> None:
    cursor = alba.pull("notifications", None).cursor
    for n in range(60):
        server.say("maria@plaza.example", "mention", to="alba", text=f"número {n}")
    page = alba.pull("notifications", cursor)
    assert len(page.items) == 40 and page.gap is not None
    older = alba.pull("notifications", page.gap[0], back=True)
    assert len(older.items) == 20


def test_edits_and_deletions_within_the_last_page_are_noticed(server: SandboxServer, alba: MastodonAdapter) -> None:
    kept, gone = (server.say("maria@plaza.example", "mention", to="alba", text=t) for t in ("se queda", "se va"))
    assert kept is not None and gone is not None
    cursor = alba.pull("notifications", None).cursor
    server.say("maria@plaza.example", "edit", status=kept.id, text="@alba@sandbox.example se queda, editado")
    server.say("maria@plaza.example", "delete", status=gone.id)
    page = alba.pull("notifications", cursor)
    (edited,) = [i for i in page.items if i.remote_id == kept.id and i.kind is Kind.MENTION]
    assert "editado" in edited.text and edited.edited_at is not None
    assert [i.remote_id for i in page.items if i.kind is Kind.DELETED] == [gone.id]
    assert [i for i in alba.pull("notifications", page.cursor).items if i.kind is Kind.DELETED] == []


def test_private_conversations_are_paged_without_following_anybody(
    server: SandboxServer, alba: MastodonAdapter
) -> None:
    for n in range(90):
        server.say(f"persona{n}@plaza.example", "dm", to="alba", text="un secreto")
    assert len(walk_back(alba, "conversations")) == 90
    cursor = alba.pull("conversations", None).cursor
    for n in range(3):
        server.say("persona1@plaza.example", "dm", to="alba", text=f"otro {n}")
    page = alba.pull("conversations", cursor)
    (changed,) = {i.thread_id for i in page.items if i.text.endswith("otro 2")}
    assert sum(i.thread_id == changed for i in page.items) >= 1 and page.gap is None
    for n in range(60):
        server.say(f"nueva{n}@plaza.example", "dm", to="alba", text="hola")
    page = alba.pull("conversations", page.cursor)
    assert page.gap is not None and len(alba.pull("conversations", page.gap[0], back=True).items) == 40


def test_a_hostile_next_link_is_only_read_for_its_number() -> None:
    evil = '<https://evil.example/api/v1/conversations?max_id=77>; rel="next", <javascript:1>; rel="prev"'
    assert _max_id(evil) == "77"
    for nothing in (
        "",
        "<https://evil.example/>; rel=next",
        '<https://x/?max_id=>; rel="next"',
        "junk, <,>;",
        "<" * 1000,
    ):
        assert _max_id(nothing) == ""


def test_a_token_that_may_not_see_private_messages(server: SandboxServer, alba: MastodonAdapter) -> None:
    server.faults.add(Fault("status", match="GET /api/v1/conversations*", status=403))
    assert alba.pull("conversations", None).items == ()
    assert "conversations" not in alba.streams()


def test_a_shortened_list_is_no_proof_of_deletion(server: SandboxServer, alba: MastodonAdapter) -> None:
    for n in range(6):
        server.say("maria@plaza.example", "mention", to="alba", text=f"número {n}")
    cursor = alba.pull("notifications", None).cursor
    server.faults.add(Fault("truncated_timeline", keep=2))
    page = alba.pull("notifications", cursor)
    assert [i for i in page.items if i.kind is Kind.DELETED] == []


def test_own_posts_come_back(server: SandboxServer, alba: MastodonAdapter, tmp_path: Path) -> None:
    cursor = alba.pull("own", None).cursor
    picture = png(tmp_path / "a.png")
    sealed = outgoing("post", "Hola #pan", me(alba), language="es", media=((picture, alba.upload(picture)),))
    receipt = alba.send(sealed)
    (own,) = alba.pull("own", cursor).items
    assert (own.remote_id, own.kind, own.text, own.language) == (receipt.remote_id, Kind.OWN, "Hola #pan", "es")
    assert own.attachments[0].alt == picture.alt
    assert (own.attachments[0].width, own.attachments[0].height) == (120, 80)


def test_hostile_markup_becomes_plain_text(server: SandboxServer, alba: MastodonAdapter) -> None:
    html = '<p>hola<script>alert(1)</script> <a href="https://malo.example/x">tu banco</a> <img src="file:///x"></p>'
    server.say("maria@plaza.example", "mention", to="alba", html=html)
    (item,) = alba.pull("notifications", None).items
    assert item.text.startswith("hola tu banco (https://malo.example/x)")
    assert "<" not in item.text and "alert" not in item.text


# ── publishing ──


def test_the_same_key_makes_one_post_and_it_is_found(server: SandboxServer, alba: MastodonAdapter) -> None:
    sealed = outgoing("post", "Uno https://example.com/x y @maria@plaza.example", me(alba))
    assert look(alba, sealed).receipts == () and look(alba, sealed).conclusive
    receipt = alba.send(sealed)
    assert alba.send(sealed).remote_id == receipt.remote_id
    found = look(alba, sealed)
    assert [r.remote_id for r in found.receipts] == [receipt.remote_id] and found.conclusive
    assert look(alba, sealed, claimed=(receipt.remote_id,)).receipts == ()
    assert look(alba, sealed, around=sealed.created_at - timedelta(hours=1)).receipts == ()


@pytest.mark.parametrize(
    "other",
    [{"text": "Dos"}, {"reply_to": ReplyTarget("1")}, {"expected_author": "somebody"}, {"media": "one"}],
    ids=["text", "parent", "author", "media"],
)
def test_another_post_is_not_taken_for_it(other: dict[str, Any], alba: MastodonAdapter, tmp_path: Path) -> None:
    sealed = outgoing("post", "Uno", me(alba))
    alba.send(sealed)
    if other.get("media"):
        other = {"media": ((png(tmp_path / "a.png"), alba.upload(png(tmp_path / "a.png"))),)}
    assert look(alba, replace(sealed, **other)).receipts == ()


def test_two_that_fit_are_both_told(server: SandboxServer, alba: MastodonAdapter) -> None:
    one, two = outgoing("post", "Gemelos", me(alba)), outgoing("post", "Gemelos", me(alba))
    alba.send(one)
    alba.send(two)
    assert len(look(alba, one).receipts) == 2


def test_a_list_that_ends_too_early_proves_nothing(server: SandboxServer, alba: MastodonAdapter) -> None:
    for n in range(25):
        alba.send(outgoing("post", f"número {n}", me(alba)))
    sealed = outgoing("post", "No está", me(alba))
    assert look(alba, sealed).conclusive
    server.faults.add(Fault("odd_payload", match="GET *statuses", flavour="missing", field="created_at"))
    assert not look(alba, sealed).conclusive


def test_an_answer_names_the_person_once(server: SandboxServer, alba: MastodonAdapter) -> None:
    said = server.say("maria@plaza.example", "mention", to="alba", text="hola")
    assert said is not None
    (item,) = alba.pull("notifications", None).items
    for text in ("Gracias", "@maria@plaza.example De nada", "Hasta pronto, @Maria@Plaza.Example"):
        sealed = outgoing("reply", text, me(alba), reply_to=target(item))
        receipt = alba.send(sealed)
        written = alba.context(receipt.remote_id)[-1]
        assert written.text.lower().count("@maria") == 1
        assert written.parent_id == said.id and written.visibility == "public"
        assert [r.remote_id for r in look(alba, sealed).receipts] == [receipt.remote_id]


def test_a_private_answer_stays_private(server: SandboxServer, alba: MastodonAdapter) -> None:
    server.say("maria@plaza.example", "dm", to="alba", text="un secreto")
    (item,) = alba.pull("notifications", None).items
    sealed = outgoing("direct", "claro", me(alba), reply_to=target(item))
    receipt = alba.send(sealed)
    assert alba.context(receipt.remote_id)[-1].visibility == "direct"
    assert [r.remote_id for r in look(alba, sealed).receipts] == [receipt.remote_id]
    thread = {i.thread_id for i in alba.pull("conversations", None).items}
    assert len(thread) == 1


def test_a_relative_that_calls_private_what_is_direct() -> None:
    """snac shows direct messages, our own too, as `private`: they are compared with what was sealed as direct."""
    with SandboxServer(limits=NO_LIMITS, software=("snac", "2.73")) as server:
        adapter = adapter_of(server)
        adapter.whoami()
        receipt = adapter.send(outgoing("post", "sólo para ti", me(adapter), visibility="private"))
        (own,) = [each for each in adapter.pull("own", None).items if each.remote_id == receipt.remote_id]
        assert (own.kind, own.visibility) == (Kind.OWN, "direct")
        adapter.close()


def test_an_item_of_another_server_is_never_answered_by_its_bare_id(
    server: SandboxServer, alba: MastodonAdapter
) -> None:
    """feditext#260: an id of another server named a stranger's post here."""
    said = server.say("maria@plaza.example", "mention", to="alba", text="hola")
    assert said is not None
    (item,) = alba.pull("notifications", None).items
    foreign = ReplyTarget("999999", {"server": "https://other.example", "uri": item.ref["uri"]})
    receipt = alba.send(outgoing("reply", "@maria@plaza.example sí", me(alba), reply_to=foreign))
    assert alba.context(receipt.remote_id)[-1].parent_id == said.id
    unknown = ReplyTarget(said.id, {"server": "https://other.example", "uri": "https://other.example/1"})
    with pytest.raises(Gone):
        alba.send(outgoing("reply", "sí", me(alba), reply_to=unknown))


def test_everything_that_can_be_said_about_a_post(server: SandboxServer, alba: MastodonAdapter) -> None:
    quoted = alba.send(outgoing("post", "original", me(alba)))
    sealed = outgoing(
        "post",
        "mirad",
        me(alba),
        visibility="unlisted",
        language="ca",
        spoiler="spoiler",
        quote_of=ReplyTarget(quoted.remote_id),
    )
    item = alba.context(alba.send(sealed).remote_id)[-1]
    assert (item.visibility, item.language, item.spoiler, item.quoted_id) == (
        "unlisted",
        "ca",
        "spoiler",
        quoted.remote_id,
    )


def test_the_network_can_hold_a_post(server: SandboxServer, alba: MastodonAdapter) -> None:
    at = datetime.now(UTC) + timedelta(hours=2)
    sealed = outgoing("post", "mañana", me(alba), scheduled_at=at)
    assert look(alba, sealed).receipts == ()
    receipt = alba.send(sealed)
    assert receipt.scheduled and receipt.created_at is not None
    assert abs(receipt.created_at - at) < timedelta(seconds=1)
    assert [r.remote_id for r in look(alba, sealed).receipts] == [receipt.remote_id]
    alba.act(Deed(Act.CANCEL_SCHEDULED, ReplyTarget(receipt.remote_id)))
    assert look(alba, sealed).receipts == ()
    with pytest.raises(Gone):
        alba.act(Deed(Act.CANCEL_SCHEDULED, ReplyTarget(receipt.remote_id)))


def test_another_author_in_the_answer_is_an_emergency(server: SandboxServer, alba: MastodonAdapter) -> None:
    server.faults.add(Fault("wrong_author", times=1))
    with pytest.raises(WrongAuthor):
        alba.send(outgoing("post", "uno", me(alba)))


@pytest.mark.parametrize("text", ["x" * 501, ""])
def test_the_servers_refusal_says_why(alba: MastodonAdapter, text: str) -> None:
    with pytest.raises(Rejected) as refused:
        alba.send(outgoing("post", text, me(alba)))
    assert len(refused.value.detail) > 5


def test_a_slow_picture_is_waited_for_and_a_broken_one_is_not(server: SandboxServer, tmp_path: Path) -> None:
    adapter = adapter_of(server)
    adapter._pause = lambda s: server.clock.advance(s) if hasattr(server.clock, "advance") else None
    picture = png(tmp_path / "a.png")
    with SandboxServer(limits=NO_LIMITS, media_delay=0.3) as slow:
        import time

        patient = MastodonAdapter(Credentials(slow.url, "", {"token": slow.tokens["alba"]}), pause=time.sleep)
        uploaded = patient.upload(picture)
        patient.whoami()
        assert patient.send(outgoing("post", "con foto", me(patient), media=((picture, uploaded),))).remote_id
        patient.close()
    with SandboxServer(limits=NO_LIMITS, media_delay=1e9) as never:
        impatient = adapter_of(never)
        with pytest.raises(Unreadable) as late:
            impatient.upload(picture)
        assert late.value.code == "media_processing"
        impatient.close()
    broken = picture.path.with_name("broken.png")
    broken.write_bytes(b"not a picture")
    with pytest.raises(Rejected):
        adapter.upload(replace(picture, path=broken))
    adapter.close()


# ── changes that may be repeated ──


def test_likes_boosts_edits_and_deletions_can_be_repeated(
    server: SandboxServer, alba: MastodonAdapter, tmp_path: Path
) -> None:
    said = server.say("maria@plaza.example", "post", text="hola")
    assert said is not None
    theirs = ReplyTarget(said.id)
    for act in (Act.LIKE, Act.BOOST):
        alba.act(Deed(act, theirs))
        alba.act(Deed(act, theirs))
    item = alba.context(said.id)[0]
    assert (item.favourited, item.boosted, item.counts.favourites, item.counts.boosts) == (True, True, 1, 1)
    for act in (Act.UNLIKE, Act.UNBOOST):
        alba.act(Deed(act, theirs))
        alba.act(Deed(act, theirs))
    item = alba.context(said.id)[0]
    assert (item.favourited, item.boosted) == (False, False)
    picture = png(tmp_path / "a.png")
    sealed = outgoing("post", "uno", me(alba), spoiler="ojo", language="ca", media=((picture, alba.upload(picture)),))
    own = alba.send(sealed)
    alba.act(Deed(Act.EDIT, ReplyTarget(own.remote_id), text="dos"))
    edited = alba.context(own.remote_id)[0]
    assert (edited.text, edited.spoiler, edited.language, len(edited.attachments)) == ("dos", "ojo", "ca", 1)
    for _ in range(2):
        assert alba.act(Deed(Act.DELETE, ReplyTarget(own.remote_id))) is None
    with pytest.raises(Gone):
        alba.act(Deed(Act.LIKE, ReplyTarget(own.remote_id)))


def test_editing_what_cannot_be_read_sends_nothing(server: SandboxServer, alba: MastodonAdapter) -> None:
    own = alba.send(outgoing("post", "uno", me(alba)))
    server.faults.add(Fault("garbage", match="GET /api/v1/statuses/*"))
    with pytest.raises(NotSent):
        alba.act(Deed(Act.EDIT, ReplyTarget(own.remote_id), text="dos"))


def test_figures(server: SandboxServer, alba: MastodonAdapter) -> None:
    own = alba.send(outgoing("post", "uno", me(alba)))
    server.say("maria@plaza.example", "like", status=own.remote_id)
    points = alba.metrics([own.remote_id, "404404"])
    assert {p.name: p.value for p in points if not p.remote_id}["statuses"] == 1
    assert {p.name: p.value for p in points if p.remote_id}["favourites"] == 1
    assert {p.remote_id for p in points} == {"", own.remote_id}
    assert alba.count("https://example.com/" + "x" * 100) == 23
    assert alba.server_date is not None


def test_giving_the_token_back(server: SandboxServer) -> None:
    pasted = adapter_of(server)
    pasted.revoke()  # a pasted token cannot be given back by us
    assert pasted.whoami()
    pasted.close()
