"""The Bluesky adapter against a scripted AT Protocol server: what real servers do only on bad days."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import (
    AuthExpired,
    DeskError,
    Gone,
    Invalid,
    NetworkError,
    NotSent,
    RateLimited,
    Rejected,
    Uncertain,
    Unreadable,
    WrongAuthor,
)
from cmdesk.networks.base import Act, Credentials, Deed, Kind, ReplyTarget
from cmdesk.networks.bluesky import BlueskyAdapter
from cmdesk.networks.bluesky_session import pds_of
from cmdesk.networks.bluesky_shapes import PostRecord, full_text
from cmdesk.networks.http import Timeouts
from cmdesk.networks.registry import connect_bluesky
from cmdesk.planning.keys import new_record_key
from tests.networks.helpers import look, outgoing, png, spoil, target, walk_back, walk_forward
from tests.networks.xrpc_server import (
    DID,
    HANDLE,
    OTHER,
    PASSWORD,
    POST,
    Answer,
    Xrpc,
    cid_of,
    note,
    post_view,
    xrpc_server,
)

QUICK = Timeouts(connect=1, read=0.4, total=0.8, upload=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def iso(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


class Scene:
    """An account on a scripted server."""

    def __init__(self, world: Xrpc) -> None:
        self.world = world
        self.stored: list[Credentials] = []
        credentials = Credentials(world.url, "", {"handle": HANDLE, "app_password": PASSWORD})
        self.adapter = BlueskyAdapter(credentials, on_credentials=self.stored.append, timeouts=QUICK)
        self.adapter.whoami()
        self.adapter._session.http._retries = 0
        self.adapter._session.http.close()
        world.calls.clear()

    def another(self) -> BlueskyAdapter:
        return BlueskyAdapter(self.stored[-1], on_credentials=self.stored.append, timeouts=QUICK)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with xrpc_server() as world:
        made = Scene(world)
        yield made
        made.adapter.close()


# ── session ──


def test_the_session_is_kept_and_told(scene: Scene) -> None:
    (kept,) = scene.stored
    assert kept.identity == DID and kept.secret["access"] == scene.world.access
    assert PASSWORD not in repr(kept) and scene.world.access not in repr(kept)
    scene.adapter.pull("own", None)
    assert "com.atproto.server.createSession" not in scene.world.calls


@pytest.mark.parametrize("work", ["read", "write"])
def test_an_ended_token_is_renewed_once_and_told_before_it_is_used(scene: Scene, work: str) -> None:
    scene.world.access = "ended"

    def renewed(world: Xrpc, name: str) -> None:
        assert len(scene.stored) == 1  # nothing told yet
        world.faults.clear()

    scene.world.faults["com.atproto.server.refreshSession"] = renewed
    if work == "read":
        scene.adapter.pull("own", None)
    else:
        scene.adapter.send(outgoing("post", "uno", DID))
        assert scene.world.commits == 1
    assert scene.stored[-1].secret["access"] == scene.world.access
    assert scene.world.calls.count("com.atproto.server.refreshSession") == 1


def test_a_token_about_to_end_is_renewed_before_a_write(scene: Scene) -> None:
    scene.world.access_life_s = 30
    scene.adapter._session.renew()
    scene.world.access_life_s = 7200
    scene.world.calls.clear()
    scene.adapter.send(outgoing("post", "uno", DID))
    assert scene.world.calls[0] == "com.atproto.server.refreshSession"


def test_a_renewal_lost_on_the_way_costs_a_login_and_no_more(scene: Scene) -> None:
    """atproto#5411: the server rotated, the answer was lost, the old refresh token is dead."""
    scene.world.access = "ended"

    def lost(world: Xrpc, name: str) -> Answer | None:
        world.open_session()
        world.faults.clear()
        raise ConnectionError

    scene.world.faults["com.atproto.server.refreshSession"] = lost
    with pytest.raises(NotSent):
        scene.adapter.send(outgoing("post", "uno", DID))
    assert scene.world.commits == 0
    assert scene.adapter.send(outgoing("post", "uno", DID)).author_id == DID
    assert "com.atproto.server.createSession" in scene.world.calls


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}), "auth_expired"),
        ((401, {"error": "AuthFactorTokenRequired", "message": "code sent"}), "app_password"),
        ((401, {"error": "AccountTakedown", "message": "Account has been taken down"}), "account_closed"),
        ((400, {"error": "AccountDeactivated", "message": "off"}), "account_closed"),
        ((400, {"error": "InvalidRequest", "message": "bad"}), "auth_expired"),
    ],
)
def test_a_refused_login_says_why(answer: Answer, code: str) -> None:
    with xrpc_server() as world:
        world.faults["com.atproto.server.createSession"] = lambda *_: answer
        with pytest.raises(AuthExpired) as refused:
            connect_bluesky(world.url, HANDLE, PASSWORD)
        assert refused.value.code == code


def test_somebody_elses_session_is_refused(scene: Scene) -> None:
    stranger = replace(scene.stored[-1], identity=OTHER)
    with pytest.raises(WrongAuthor):
        BlueskyAdapter(stranger, timeouts=QUICK).whoami()
    with pytest.raises(WrongAuthor):
        scene.adapter.send(outgoing("post", "uno", OTHER))
    assert scene.world.commits == 0


@pytest.mark.parametrize(("audience", "followed"), [("did:web:127.0.0.1", True), ("did:web:evil.example", False)])
def test_tokens_go_to_another_server_only_when_made_for_it(audience: str, followed: bool) -> None:
    with xrpc_server() as entry, xrpc_server() as home:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": home.url}
        entry.did_doc, entry.audience = {"id": DID, "service": [service]}, audience
        home.faults["com.atproto.server.getSession"] = lambda w, _: setattr(w, "access", entry.access)
        adapter = BlueskyAdapter(
            Credentials(entry.url, "", {"handle": HANDLE, "app_password": PASSWORD}), timeouts=QUICK
        )
        adapter._session.login()
        assert adapter._session.http.origin == (home.url if followed else entry.url)
        adapter.close()


@pytest.mark.parametrize(
    "endpoint", ["http://10.0.0.1", "https://169.254.169.254", "ftp://x.example", "https://u:p@x.example", 7, None, "x"]
)
def test_a_document_cannot_send_us_anywhere(endpoint: object) -> None:
    assert pds_of({"service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}]}) == ""
    assert pds_of({"service": "x"}) == "" and pds_of(None) == ""


def test_input_that_cannot_be_right_is_refused_before_a_call(scene: Scene) -> None:
    for handle, password in (
        ("", "x"),
        ("no dots", "x"),
        ("ana", "x"),
        (HANDLE, ""),
        (HANDLE, "two words"),
        (HANDLE, "ñ"),
    ):
        with pytest.raises(Invalid):
            connect_bluesky(scene.world.url, handle, password)
    assert scene.world.calls == []


# ── publishing ──


def test_a_post_is_one_record_however_often_it_is_put(scene: Scene, tmp_path: Path) -> None:
    picture = png(tmp_path / "a.png")
    sealed = outgoing(
        "post",
        "Hola 👩‍🍳 https://example.com/x #pan @maria.example @nadie.example",
        DID,
        language="es",
        sensitive=True,
        media=((picture, scene.adapter.upload(picture)),),
    )
    assert look(scene.adapter, sealed).conclusive and not look(scene.adapter, sealed).receipts
    first, second = scene.adapter.send(sealed), scene.adapter.send(sealed)
    assert first == second and scene.world.commits == 1
    record = scene.world.records[POST, sealed.record_key]
    assert record["text"] == sealed.text and record["langs"] == ["es"]
    assert record["createdAt"] == sealed.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raw = sealed.text.encode()
    named = {raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][0] for f in record["facets"]}
    assert set(named) == {"https://example.com/x", "#pan", "@maria.example"}  # nobody is called nadie
    assert named["@maria.example"]["did"] == OTHER
    (image,) = record["embed"]["images"]
    assert image["alt"] == picture.alt and image["aspectRatio"] == {"width": 120, "height": 80}
    assert record["labels"]["values"] == [{"val": "graphic-media"}]
    assert [r.remote_id for r in look(scene.adapter, sealed).receipts] == [first.remote_id]


def test_other_bytes_under_our_key_are_read_back(scene: Scene) -> None:
    sealed = outgoing("post", "uno", DID)
    receipt = scene.adapter.send(sealed)
    changed = replace(sealed, text="uno, con otra mención resuelta")
    assert scene.adapter.send(changed).remote_id == receipt.remote_id
    assert scene.world.commits == 1

    def gone_meanwhile(*_: Any) -> Answer:
        return 502, {"error": "UpstreamFailure"}

    scene.world.faults["com.atproto.repo.getRecord"] = gone_meanwhile
    with pytest.raises(Uncertain):
        scene.adapter.send(replace(sealed, text="tres"))


def test_a_reply_knows_its_root(scene: Scene) -> None:
    root = {"$type": POST, "text": "raíz", "createdAt": iso(0)}
    parent_uri, root_uri = f"at://{OTHER}/{POST}/3kparent", f"at://{OTHER}/{POST}/3kroot"
    parent = {
        "$type": POST,
        "text": "pregunta",
        "createdAt": iso(1),
        "reply": {"root": {"uri": root_uri, "cid": cid_of(root)}, "parent": {"uri": root_uri, "cid": cid_of(root)}},
    }
    scene.world.views = {parent_uri: post_view(parent_uri, parent), root_uri: post_view(root_uri, root)}
    known = scene.adapter.context(parent_uri)[0]
    for reply_to in (target(known), ReplyTarget(parent_uri)):
        sealed = outgoing("reply", "sí", DID, reply_to=reply_to)
        scene.adapter.send(sealed)
        reply = scene.world.records[POST, sealed.record_key]["reply"]
        assert reply == {
            "root": {"uri": root_uri, "cid": cid_of(root)},
            "parent": {"uri": parent_uri, "cid": cid_of(parent)},
        }
    sealed = outgoing("post", "mirad", DID, quote_of=ReplyTarget(root_uri))
    scene.adapter.send(sealed)
    assert scene.world.records[POST, sealed.record_key]["embed"]["record"]["cid"] == cid_of(root)
    with pytest.raises(Gone):
        scene.adapter.send(outgoing("reply", "sí", DID, reply_to=ReplyTarget(f"at://{OTHER}/{POST}/3kgone")))


def broken(kind: str) -> Callable[[Xrpc, str], Answer | None]:
    def fault(world: Xrpc, name: str) -> Answer | None:
        if kind == "vanish":
            raise ConnectionError
        return {
            "500": (500, {"error": "InternalServerError"}),
            "502": (502, {"error": "UpstreamFailure"}),
            "garbage": (200, b"\xff{"),
            "html": (200, b"<html>portal</html>"),
            "empty": (200, b""),
            "list": (200, []),
            "429": (429, {"error": "RateLimitExceeded"}),
            "InvalidRequest": (400, {"error": "InvalidRequest", "message": "Record/text must not be longer"}),
        }[kind]

    return fault


@pytest.mark.parametrize("kind", ["vanish", "500", "502", "garbage", "html", "empty", "list"])
def test_a_doubtful_put_is_uncertain_and_settled_by_reading(scene: Scene, kind: str) -> None:
    sealed = outgoing("post", "uno", DID)

    def after_commit(world: Xrpc, name: str) -> Answer | None:
        world.records[POST, sealed.record_key] = {"$type": POST, "text": "uno", "createdAt": iso(0)}
        return broken(kind)(world, name)

    scene.world.faults["com.atproto.repo.putRecord"] = after_commit
    with pytest.raises(Uncertain):
        scene.adapter.send(sealed)
    found = look(scene.adapter, sealed)
    assert len(found.receipts) == 1 and found.conclusive


@pytest.mark.parametrize(("kind", "expected"), [("429", RateLimited), ("InvalidRequest", Rejected)])
def test_a_definite_no(scene: Scene, kind: str, expected: type[DeskError]) -> None:
    scene.world.faults["com.atproto.repo.putRecord"] = broken(kind)
    with pytest.raises(expected):
        scene.adapter.send(outgoing("post", "uno", DID))


@pytest.mark.parametrize("kind", ["vanish", "500", "garbage", "empty", "list"])
def test_preparing_leaves_no_doubt(scene: Scene, kind: str) -> None:
    scene.world.faults["app.bsky.feed.getPosts"] = broken(kind)
    scene.world.faults["com.atproto.repo.getRecord"] = broken(kind)
    with pytest.raises(NotSent):
        scene.adapter.send(outgoing("reply", "sí", DID, reply_to=ReplyTarget(f"at://{DID}/{POST}/3kx")))
    assert scene.world.commits == 0


def test_a_handle_nobody_can_resolve_does_not_hold_the_post(scene: Scene) -> None:
    scene.world.faults["com.atproto.identity.resolveHandle"] = broken("502")
    sealed = outgoing("post", "hola @maria.example", DID)
    scene.adapter.send(sealed)
    assert "facets" not in scene.world.records[POST, sealed.record_key]


READS: dict[str, tuple[str, Callable[[Scene], Any]]] = {
    "notifications": ("app.bsky.notification.listNotifications", lambda s: s.adapter.pull("notifications", None)),
    "own": ("com.atproto.repo.listRecords", lambda s: s.adapter.pull("own", None)),
    "thread": ("app.bsky.feed.getPostThread", lambda s: s.adapter.context(f"at://{OTHER}/{POST}/3kx")),
    "figures": ("app.bsky.actor.getProfile", lambda s: s.adapter.metrics()),
    "who am I": ("com.atproto.server.getSession", lambda s: s.adapter.whoami()),
    "read back": ("com.atproto.repo.getRecord", lambda s: look(s.adapter, outgoing("post", "x", DID))),
    "chat": ("chat.bsky.convo.listConvos", lambda s: s.adapter.pull("chat", None)),
}


@pytest.mark.parametrize("kind", ["vanish", "500", "502", "garbage", "html", "empty", "list", "429"])
@pytest.mark.parametrize("call", READS)
def test_a_fault_at_a_read(scene: Scene, call: str, kind: str) -> None:
    nsid, work = READS[call]
    scene.world.faults[nsid] = broken(kind)
    if call == "chat" and kind in ("500", "502"):
        assert work(scene).items == () and "chat" not in scene.adapter.streams()  # this server has none
        return
    with pytest.raises(NetworkError) as raised:
        work(scene)
    assert type(raised.value) is (RateLimited if kind == "429" else Unreadable)


# ── reading ──


def test_notifications_are_read_down_to_the_watermark(scene: Scene) -> None:
    scene.world.notes = [note("mention", n, at=iso(n * 60)) for n in range(30)]
    page = scene.adapter.pull("notifications", None)
    assert len(page.items) == 30 and not page.more
    scene.world.notes += [note("mention", n, at=iso(n * 60)) for n in range(30, 290)]
    items, cursor = walk_forward(scene.adapter, "notifications", page.cursor)
    assert {i.text for i in items} >= {f"número {n}" for n in range(19, 290)}  # ten minutes read again
    calls = len(scene.world.calls)
    items, _ = walk_forward(scene.adapter, "notifications", cursor)
    assert scene.world.calls[calls:].count("app.bsky.notification.listNotifications") == 1
    assert len(walk_back(scene.adapter, "notifications")) == 290


def test_the_watermark_moves_only_at_the_end_of_the_walk(scene: Scene) -> None:
    scene.world.notes = [note("mention", 0, at=iso(0))]
    cursor = scene.adapter.pull("notifications", None).cursor
    scene.world.notes += [note("mention", n, at=iso(n * 60)) for n in range(1, 350)]
    page = scene.adapter.pull("notifications", cursor)
    assert page.more
    scene.world.notes.append(note("mention", 999, at=iso(350 * 60)))  # arrives during the walk
    again = scene.another()  # after a crash
    items, after = walk_forward(again, "notifications", page.cursor)
    assert {i.text for i in (*page.items, *items)} >= {f"número {n}" for n in range(350)}
    items, _ = walk_forward(again, "notifications", after)
    assert "número 999" in {i.text for i in items}
    again.close()


def test_every_reason(scene: Scene) -> None:
    own = f"at://{DID}/{POST}/3kown"
    reply = {
        "$type": POST,
        "text": "una pregunta",
        "createdAt": iso(1),
        "reply": {"root": {"uri": own, "cid": "c"}, "parent": {"uri": own, "cid": "c"}},
    }
    like = {"$type": "app.bsky.feed.like", "subject": {"uri": own, "cid": "c"}, "createdAt": iso(0)}
    scene.world.notes = [
        note("reply", 1, at=iso(1), record=reply),
        note("mention", 2, at=iso(2), record={**reply, "text": "y nombrando"}),
        note("quote", 3, at=iso(3)),
        note("like", 4, at=iso(4), record=like, subject=own),
        note("repost", 5, at=iso(5), record={**like, "$type": "app.bsky.feed.repost"}, subject=own),
        note("like-via-repost", 6, at=iso(6), record=like, subject=f"at://{DID}/app.bsky.feed.repost/3k"),
        note("follow", 7, at=iso(7), record={"$type": "app.bsky.graph.follow", "subject": DID, "createdAt": iso(7)}),
        note("starterpack-joined", 8, at=iso(8)),
        note("something-new", 9, at=iso(9)),
    ]
    page = scene.adapter.pull("notifications", None)
    kinds = [i.kind for i in page.items][::-1]
    assert kinds == [Kind.REPLY, Kind.REPLY, Kind.QUOTE, Kind.FAVOURITE, Kind.BOOST, Kind.FAVOURITE, Kind.FOLLOW]
    assert [i.target_id for i in page.items if i.kind in (Kind.FAVOURITE, Kind.BOOST)] == [own] * 3
    assert not page.quarantined


def test_a_post_that_is_no_longer_told_of_is_asked_for(scene: Scene) -> None:
    scene.world.notes = [note("mention", n, at=iso(n)) for n in range(1, 8)]
    page = scene.adapter.pull("notifications", None)
    deleted, muted = (item.remote_id for item in page.items if item.remote_id.endswith(("2", "5")))
    gone = {deleted, muted}
    scene.world.notes = [each for each in scene.world.notes if each["uri"] not in gone]
    scene.world.views[muted] = {"uri": muted}  # its author was muted: the post is there
    page = scene.adapter.pull("notifications", page.cursor)
    assert [i.remote_id for i in page.items if i.kind is Kind.DELETED] == [deleted]
    page = scene.adapter.pull("notifications", page.cursor)
    assert [i for i in page.items if i.kind is Kind.DELETED] == []  # told once


def test_the_authors_clock_is_not_believed_when_it_runs_ahead(scene: Scene) -> None:
    record = {"$type": POST, "text": "desde el futuro", "createdAt": "2199-01-01T00:00:00Z"}
    scene.world.notes = [note("mention", 1, at=iso(5), record=record)]
    assert scene.adapter.pull("notifications", None).items[0].created_at == START + timedelta(seconds=5)


def test_own_posts_are_read_forward_and_vanished_ones_asked_for(scene: Scene) -> None:
    cursor = scene.adapter.pull("own", None).cursor
    keys = [scene.adapter.send(outgoing("post", f"número {n}", DID)).remote_id for n in range(120)]
    page = scene.adapter.pull("own", cursor)
    assert page.gap is not None  # the list was empty before: what does not fit is a gap, said aloud
    assert len(scene.adapter.pull("own", page.gap[0], back=True).items) == 50
    more = [scene.adapter.send(outgoing("post", f"otro {n}", DID)).remote_id for n in range(120)]
    items, cursor = walk_forward(scene.adapter, "own", page.cursor)
    assert set(more) <= {i.remote_id for i in items}
    assert len({i.remote_id for i in walk_back(scene.adapter, "own")}) == 240
    scene.adapter.act(Deed(Act.DELETE, ReplyTarget(more[-3])))
    page = scene.adapter.pull("own", cursor)
    assert [i.remote_id for i in page.items if i.kind is Kind.DELETED] == [more[-3]]
    assert keys[0] not in {i.remote_id for i in page.items}


def test_pictures_and_figures_come_from_the_appview_when_there_is_one(scene: Scene, tmp_path: Path) -> None:
    picture = png(tmp_path / "a.png")
    sealed = outgoing("post", "foto", DID, media=((picture, scene.adapter.upload(picture)),))
    receipt = scene.adapter.send(sealed)
    view = post_view(receipt.remote_id, scene.world.records[POST, sealed.record_key], did=DID, handle=HANDLE)
    view["embed"] = {
        "images": [{"thumb": "https://cdn.example/t.jpg", "fullsize": "https://cdn.example/f.jpg", "alt": ""}]
    }
    scene.world.views[receipt.remote_id] = view
    (own,) = scene.adapter.pull("own", None).items
    assert own.attachments[0].preview_url == "https://cdn.example/t.jpg" and own.counts.favourites == 3
    figures = {(p.remote_id, p.name): p.value for p in scene.adapter.metrics([receipt.remote_id])}
    assert figures[receipt.remote_id, "favourites"] == 3 and figures["", "followers"] == 12
    scene.world.faults["app.bsky.feed.getPosts"] = broken("500")
    (own,) = scene.adapter.pull("own", None).items
    assert "com.atproto.sync.getBlob" in own.attachments[0].url and own.counts.favourites is None


def test_without_an_appview_the_account_publishes_and_looks_again_later() -> None:
    with xrpc_server() as world:
        world.appview = False
        scene = Scene(world)
        assert scene.adapter.streams() == ("chat", "own")
        assert scene.adapter.whoami().capabilities.missing == ("notifications",)
        scene.adapter.send(outgoing("post", "uno", DID))
        assert len(scene.adapter.pull("own", None).items) == 1
        world.appview = True
        scene.adapter._missing_since -= 1000
        scene.adapter.pull("own", None)
        assert "notifications" in scene.adapter.streams()
        scene.adapter.close()


def test_shortened_links_are_written_out() -> None:
    def link(text: str, label: str, uri: str) -> str:
        start = len(text.encode()[: text.encode().index(label.encode())])
        index = {"byteStart": start, "byteEnd": start + len(label.encode())}
        facet = {"index": index, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}]}
        return full_text(PostRecord(text=text, createdAt="", facets=[facet, "x", {"index": {"byteStart": -1}}]))

    written = link("ñ mira example.com/abc... ya", "example.com/abc...", "https://example.com/abcdef")
    assert written == "ñ mira https://example.com/abcdef ya"
    assert link("ñ tu banco", "tu banco", "https://malo.example/") == "ñ tu banco (https://malo.example/)"
    assert link("ñ x", "x", "javascript:alert(1)") == "ñ x"


@pytest.mark.parametrize("seed", range(10))
def test_spoilt_entries_are_kept_aside_and_cost_nothing_beside_them(scene: Scene, seed: int) -> None:
    random_ = random.Random(seed)
    good, last = note("mention", 1, at=iso(100)), note("reply", 2, at=iso(0))
    scene.world.faults["app.bsky.feed.getPosts"] = broken("500")
    for _ in range(15):
        bad = spoil(note("mention", 3, at=iso(50)), random_)
        scene.world.faults["app.bsky.notification.listNotifications"] = lambda *_, bad=bad: (
            200,
            {"notifications": [copy.deepcopy(good), bad, copy.deepcopy(last)]},
        )
        page = scene.adapter.pull("notifications", None)
        texts = {i.text for i in page.items}
        assert {"número 1", "número 2"} <= texts
        for item in page.items:
            f"{item.remote_id}{item.text}{item.author.name}{item.author.handle}".encode()
        assert all(kept.reason for kept in page.quarantined)


# ── messages ──


def test_direct_messages(scene: Scene) -> None:
    world = scene.world
    members = [{"did": DID, "handle": HANDLE}, {"did": OTHER, "handle": "maria.example", "displayName": "María"}]
    old = world.say("convo-1", OTHER, "hola")
    world.convos = [{"id": "convo-1", "rev": old["rev"], "members": members, "unreadCount": 1, "lastMessage": old}]
    page = scene.adapter.pull("chat", None)
    (heard,) = page.items
    assert (heard.kind, heard.thread_id, heard.visibility, heard.read) == (Kind.DIRECT, "convo-1", "direct", False)
    assert heard.author.handle == "maria.example"
    sealed = outgoing("direct", "dígame", DID, reply_to=target(heard))
    receipt = scene.adapter.send(sealed)
    assert receipt.author_id == DID and receipt.ref == {"convo": "convo-1"}
    found = look(scene.adapter, sealed)
    assert [r.remote_id for r in found.receipts] == [receipt.remote_id] and not found.conclusive
    world.say("convo-1", OTHER, "gracias")
    items, cursor = walk_forward(scene.adapter, "chat", page.cursor)
    assert [(i.kind, i.text) for i in items] == [(Kind.OWN, "dígame"), (Kind.DIRECT, "gracias")]
    world.log.append(
        {
            "$type": "chat.bsky.convo.defs#logDeleteMessage",
            "rev": "99999",
            "convoId": "convo-1",
            "message": {"id": old["id"], "rev": "99999", "sender": {"did": OTHER}, "sentAt": iso(0)},
        }
    )
    world.log.append(
        {"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": "99999", "convoId": 7, "message": {"text": 1}}
    )
    page = scene.adapter.pull("chat", cursor)
    assert [(i.kind, i.remote_id) for i in page.items] == [(Kind.DELETED, old["id"])]
    assert len(page.quarantined) == 1
    assert len(walk_back(scene.adapter, "chat")) == 3
    scene.adapter.act(Deed(Act.MARK_READ, target(heard)))
    assert "chat.bsky.convo.updateRead" in world.calls


def test_somebody_known_by_their_handle_alone_is_looked_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """K3: a message begins a conversation with whom the handle belongs to, and with nobody where it is nobody's."""
    asked: list[str] = []

    def convo(query: dict[str, str], _body: object) -> tuple[int, dict[str, object]]:
        asked.append(query["members"])
        return 200, {"convo": {"id": "convo-1", "rev": "1", "members": [], "muted": False, "unreadCount": 0}}

    monkeypatch.setattr(scene.world, "getConvoForMembers", convo)
    scene.adapter.send(outgoing("direct", "hola", DID, person="handle:maria.example"))
    scene.adapter.send(outgoing("direct", "hola", DID, person=OTHER))
    assert asked == [OTHER, OTHER]
    with pytest.raises(NotSent):
        scene.adapter.send(outgoing("direct", "hola", DID, person="handle:nadie.example"))


def test_a_doubtful_message_is_never_taken_for_absent(scene: Scene) -> None:
    scene.world.faults["chat.bsky.convo.sendMessage"] = broken("vanish")
    sealed = outgoing("direct", "hola", DID, reply_to=ReplyTarget("m1", {"convo": "convo-1"}))
    with pytest.raises(Uncertain):
        scene.adapter.send(sealed)
    assert not look(scene.adapter, sealed).conclusive
    with pytest.raises(NotSent):
        scene.adapter.send(outgoing("direct", "hola", DID))


def test_a_password_without_the_right_to_messages() -> None:
    with xrpc_server() as world:
        world.faults["chat.bsky.convo.listConvos"] = lambda *_: (
            400,
            {"error": "InvalidToken", "message": "Bad token scope"},
        )
        scene = Scene(world)
        able = scene.adapter.whoami().capabilities
        assert able.missing == ("chat",) and not able.direct
        assert world.sessions == 1  # the token is fine: nothing to renew
        scene.adapter.close()


# ── repeatable changes ──


def test_likes_and_boosts_by_record_key(scene: Scene) -> None:
    record = {"$type": POST, "text": "hola", "createdAt": iso(0)}
    uri = f"at://{OTHER}/{POST}/3kx"
    scene.world.views[uri] = post_view(uri, record)
    key = new_record_key(START)
    like = Deed(Act.LIKE, ReplyTarget(uri), record_key=key, created_at=START)
    assert scene.adapter.act(like) == scene.adapter.act(like)
    assert scene.world.commits == 1
    assert scene.world.records["app.bsky.feed.like", key]["subject"] == {"uri": uri, "cid": cid_of(record)}
    scene.world.views[uri]["viewer"] = {"like": f"at://{DID}/app.bsky.feed.like/{key}"}
    for _ in range(2):
        scene.adapter.act(Deed(Act.UNLIKE, ReplyTarget(uri)))
    assert scene.world.records == {}
    with pytest.raises(Rejected):
        scene.adapter.act(Deed(Act.DELETE, ReplyTarget(uri)))  # somebody else's
    with pytest.raises(Rejected):
        scene.adapter.act(Deed(Act.EDIT, ReplyTarget(uri), text="x"))
    scene.adapter.act(Deed(Act.MARK_READ, ReplyTarget(uri)))
    scene.adapter.revoke()
    assert scene.world.calls[-1] == "com.atproto.server.deleteSession"


def test_length_and_budget(scene: Scene) -> None:
    assert scene.adapter.count("👩‍👩‍👧‍👦 hola") == 6
    assert scene.adapter.budget is not None and not scene.adapter.budget.low
