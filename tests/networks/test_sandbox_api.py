"""The sandbox answers as Mastodon does: shapes, publishing, scheduling, paging, privacy, media, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cmdesk.networks.sandbox import NO_LIMITS, Limits, SandboxServer
from tests.networks.sandbox_client import Client, client, picture

ACCOUNT = {
    *("acct", "avatar", "avatar_static", "bot", "created_at", "display_name", "emojis", "fields", "followers_count"),
    *("following_count", "group", "header", "header_static", "id", "indexable", "locked", "note", "statuses_count"),
    *("uri", "username", "url", "last_status_at"),
}
STATUS = {
    *("account", "content", "created_at", "emojis", "favourites_count", "id", "media_attachments", "mentions"),
    *("reblogs_count", "replies_count", "sensitive", "spoiler_text", "tags", "uri", "url", "visibility", "language"),
    *("in_reply_to_id", "in_reply_to_account_id", "edited_at", "reblog", "poll", "card", "quote", "quote_approval"),
    *("favourited", "reblogged", "bookmarked", "muted", "pinned", "filtered"),
}
NOTIFICATION = {"account", "created_at", "group_key", "id", "type"}
MEDIA = {"id", "type", "url", "preview_url", "remote_url", "meta", "description", "blurhash"}
INSTANCE = {
    *("api_versions", "configuration", "contact", "description", "domain", "icon", "languages", "registrations"),
    *("rules", "source_url", "thumbnail", "title", "usage", "version"),
}
RELATION = {
    *("blocked_by", "blocking", "domain_blocking", "endorsed", "followed_by", "following", "id", "muting"),
    *("muting_notifications", "note", "notifying", "requested", "requested_by", "showing_reblogs"),
}
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        running.clock.set(datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
        yield running


@pytest.fixture
def alba(server: SandboxServer) -> Iterator[Client]:
    with client(server, "alba") as made:
        yield made


def test_answers_have_the_fields_that_mastodon_documents(server: SandboxServer, alba: Client) -> None:
    server.say("maria@plaza.example", "mention", to="alba", text="Hola #pan https://a.example/x")
    me = alba.get("/api/v1/accounts/verify_credentials").json()
    assert set(me) >= ACCOUNT | {"source", "role"}
    note = alba.get("/api/v1/notifications").json()[0]
    assert set(note) >= NOTIFICATION
    assert set(note["status"]) >= STATUS
    assert set(note["account"]) >= ACCOUNT
    assert WHEN.fullmatch(note["status"]["created_at"])
    assert note["status"]["tags"] == [{"name": "pan", "url": f"{server.url}/tags/pan"}]
    assert note["status"]["mentions"][0]["acct"] == "alba"
    assert set(alba.get("/api/v2/instance").json()) >= INSTANCE
    assert alba.get("/api/v1/instance").json()["configuration"]["statuses"]["max_characters"] == 500
    other = server.world.person("maria@plaza.example").id
    relation = alba.get("/api/v1/accounts/relationships", **{"id[]": [other]}).json()[0]
    assert set(relation) >= RELATION
    assert relation["followed_by"] is True
    assert alba.get("/nodeinfo/2.0").json()["software"] == {"name": "mastodon", "version": "4.5.2"}
    assert alba.get("/api/v1/accounts/lookup", acct="maria@plaza.example").json()["id"] == other


def test_errors_have_mastodons_shape(server: SandboxServer, alba: Client) -> None:
    with client(server) as nobody:
        answer = nobody.get("/api/v1/notifications")
        assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})
    assert alba.get("/api/v1/statuses/42").status_code == 404
    assert alba.get("/api/v1/nothing").json() == {"error": "Not Found"}
    assert alba.say("").json() == {"error": "Validation failed: Text can't be blank"}
    too_long = alba.say("á" * 501)
    assert (too_long.status_code, too_long.json()["error"]) == (
        422,
        "Validation failed: Text character limit of 500 exceeded",
    )
    assert alba.say("x" * 470 + " https://a.example/" + "y" * 300).status_code == 200  # a link counts 23
    assert alba.say("x", in_reply_to_id="42").status_code == 404
    assert alba.say("x", visibility="secret").status_code == 422


def test_a_token_opens_only_its_scopes(server: SandboxServer) -> None:
    token = server.world.token_for("bruno", scopes=["read:accounts"], fresh=True)
    with client(server) as reader:
        reader.session.headers["Authorization"] = f"Bearer {token}"
        assert reader.get("/api/v1/accounts/verify_credentials").status_code == 200
        answer = reader.say("no")
    assert (answer.status_code, answer.json()["error"]) == (403, "This action is outside the authorized scopes")


def test_text_becomes_html_and_markup_is_only_text(alba: Client) -> None:
    content = alba.say("<b>Hola</b> & @maria@plaza.example #pan\nlínea\n\npárrafo").json()["content"]
    assert content.startswith("<p>&lt;b&gt;Hola&lt;/b&gt; &amp; ")
    assert "@<span>maria</span>" in content
    assert "<br />línea</p><p>párrafo</p>" in content


# -- once, and only once -----------------------------------------------------------------------------------------


def test_a_repeated_key_gives_the_first_status_for_one_hour(server: SandboxServer, alba: Client) -> None:
    first = alba.say("uno", key="k").json()["id"]
    server.clock.advance(3590)
    assert alba.say("uno", key="k").json()["id"] == first
    assert alba.say("uno", key="other").json()["id"] != first
    server.clock.advance(20)
    assert alba.say("uno", key="k").json()["id"] != first
    assert len(server.world.truth()["alba"]) == 3


def test_keys_belong_to_an_account(server: SandboxServer, alba: Client) -> None:
    with client(server, "bruno") as bruno:
        assert alba.say("x", key="k").json()["id"] != bruno.say("x", key="k").json()["id"]
    assert [len(server.world.truth()[who]) for who in ("alba", "bruno")] == [1, 1]


def test_read_back_shows_exactly_what_was_said(server: SandboxServer, alba: Client) -> None:
    said = [alba.say(f"número {n}").json()["id"] for n in range(45)]
    page = alba.get(f"/api/v1/accounts/{alba.me()}/statuses", limit=40)
    assert [row["id"] for row in page.json()] == said[:4:-1]
    alba.call("DELETE", f"/api/v1/statuses/{said[-1]}")
    assert alba.get(f"/api/v1/accounts/{alba.me()}/statuses").json()[0]["id"] == said[-2]
    assert [row["deleted"] for row in server.world.truth()["alba"]].count(True) == 1


# -- scheduling --------------------------------------------------------------------------------------------------


def test_a_scheduled_status_goes_out_at_its_time(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    at = server.clock.now() + timedelta(minutes=30)
    row = alba.say("luego", scheduled_at=at.isoformat(), language="es").json()
    assert set(row) >= {"id", "scheduled_at", "params", "media_attachments"}
    assert row["params"]["text"] == "luego"
    assert [r["id"] for r in alba.get("/api/v1/scheduled_statuses").json()] == [row["id"]]
    later = at + timedelta(minutes=10)
    path = f"/api/v1/scheduled_statuses/{row['id']}"
    assert alba.call("PUT", path, json={"scheduled_at": later.isoformat()}).status_code == 200
    server.clock.advance(35 * 60)
    assert server.world.truth()["alba"] == []
    server.clock.advance(5 * 60)
    (published,) = server.world.truth()["alba"]
    assert (published["text"], published["scheduled_id"]) == ("luego", row["id"])
    assert datetime.fromisoformat(published["created_at"]) == later
    assert alba.get(path).status_code == 404


def test_scheduling_has_mastodons_limits(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    soon = (server.clock.now() + timedelta(minutes=4)).isoformat()
    assert alba.say("pronto", scheduled_at=soon).status_code == 422
    past = (server.clock.now() - timedelta(minutes=1)).isoformat()
    assert "content" in alba.say("ya", scheduled_at=past).json()  # published at once, as the real server does
    day = server.clock.now() + timedelta(days=2)
    answers = [alba.say(f"n {n}", scheduled_at=(day + timedelta(minutes=n)).isoformat()) for n in range(26)]
    assert [a.status_code for a in answers] == [200] * 25 + [422]
    cancelled = answers[0].json()["id"]
    assert alba.call("DELETE", f"/api/v1/scheduled_statuses/{cancelled}").status_code == 200
    server.clock.advance(3 * 86400)
    assert len(server.world.truth()["alba"]) == 1 + 24


# -- paging ------------------------------------------------------------------------------------------------------


def walk(reader: Client, url: str, rel: str) -> list[str]:
    """All ids, following Link headers."""
    ids: list[str] = []
    while url:
        answer = reader.call("GET", url)
        rows = [row["id"] for row in answer.json()]
        ids += rows if rel == "next" else rows[::-1]
        url = answer.links.get(rel, {}).get("url", "") if rows else ""
    return ids


def test_paging_by_max_id_and_min_id_leaves_no_gap(server: SandboxServer, alba: Client) -> None:
    for number in range(25):
        server.say("sam@hills.example", "mention", to="alba", text=f"n {number}")
        if number % 3 == 0:
            server.say("sam@hills.example", "follow", to="bruno")
    everything = [str(n.id) for n in server.world.book.notifications if n.kind == "mention"]
    start = f"{server.url}/api/v1/notifications?limit=4&types[]=mention"
    assert walk(alba, start, "next") == everything[::-1]
    upwards = f"{start}&min_id={everything[2]}"
    assert walk(alba, upwards, "prev") == everything[3:]
    newest = alba.get("/api/v1/notifications", since_id=everything[2], limit=4).json()
    assert [row["id"] for row in newest] == everything[:-5:-1]  # since_id may leave a gap, as documented


def test_conversations_page_by_their_last_status(server: SandboxServer, alba: Client) -> None:
    for number in range(7):
        server.clock.advance(60)
        server.say(f"p{number}@plaza.example", "dm", to="alba", text=f"privado {number}")
    roots = walk(alba, f"{server.url}/api/v1/conversations?limit=3", "next")
    assert len(set(roots)) == 7
    first = alba.get("/api/v1/conversations", limit=1).json()[0]
    assert (first["unread"], first["last_status"]["visibility"]) == (True, "direct")
    assert alba.post(f"/api/v1/conversations/{first['id']}/read").json()["unread"] is False
    with client(server, "bruno") as bruno:
        assert bruno.get(f"/api/v1/statuses/{first['last_status']['id']}").status_code == 404
        assert bruno.get("/api/v1/conversations").json() == []


# -- one status --------------------------------------------------------------------------------------------------


def test_edit_keeps_versions_and_source(alba: Client) -> None:
    status = alba.say("primera").json()["id"]
    edited = alba.call("PUT", f"/api/v1/statuses/{status}", json={"status": "segunda"}).json()
    assert (edited["content"], bool(edited["edited_at"])) == ("<p>segunda</p>", True)
    assert [v["content"] for v in alba.get(f"/api/v1/statuses/{status}/history").json()] == [
        "<p>primera</p>",
        "<p>segunda</p>",
    ]
    assert alba.get(f"/api/v1/statuses/{status}/source").json()["text"] == "segunda"
    gone = alba.call("DELETE", f"/api/v1/statuses/{status}").json()
    assert gone["text"] == "segunda"
    assert alba.get(f"/api/v1/statuses/{status}").status_code == 404


def test_only_who_is_mentioned_is_told(server: SandboxServer, alba: Client) -> None:
    status = alba.say("hola").json()["id"]
    with client(server, "bruno") as bruno:
        bruno.say("sin nombre", in_reply_to_id=status)
        assert alba.get("/api/v1/notifications").json() == []
        answer = bruno.say("@alba con nombre", in_reply_to_id=status).json()
    (note,) = alba.get("/api/v1/notifications").json()
    assert (note["type"], note["status"]["id"]) == ("mention", answer["id"])
    thread = alba.get(f"/api/v1/statuses/{answer['id']}/context").json()
    assert [s["id"] for s in thread["ancestors"]] == [status]
    server.say("bruno", "delete", status=answer["id"])
    assert alba.get("/api/v1/notifications").json() == []


def test_reactions_are_counted_told_and_taken_back(server: SandboxServer, alba: Client) -> None:
    status = alba.say("hola").json()["id"]
    with client(server, "bruno") as bruno:
        assert bruno.post(f"/api/v1/statuses/{status}/favourite").json()["favourites_count"] == 1
        assert bruno.post(f"/api/v1/statuses/{status}/favourite").json()["favourites_count"] == 1
        boost = bruno.post(f"/api/v1/statuses/{status}/reblog").json()
        assert (boost["reblog"]["id"], boost["reblog"]["reblogs_count"]) == (status, 1)
        assert bruno.say("cito", quoted_status_id=status).json()["quote"]["quoted_status"]["id"] == status
        assert {n["type"] for n in alba.get("/api/v1/notifications").json()} == {"favourite", "reblog", "quote"}
        assert [p["acct"] for p in alba.get(f"/api/v1/statuses/{status}/favourited_by").json()] == ["bruno"]
        assert [p["acct"] for p in alba.get(f"/api/v1/statuses/{status}/reblogged_by").json()] == ["bruno"]
        bruno.post(f"/api/v1/statuses/{status}/unfavourite")
        assert bruno.post(f"/api/v1/statuses/{status}/unreblog").json()["reblogs_count"] == 0
    assert {n["type"] for n in alba.get("/api/v1/notifications").json()} == {"quote"}
    assert alba.post(f"/api/v1/statuses/{status}/bookmark").json()["bookmarked"] is True


def test_muted_and_blocked_people_are_silent(server: SandboxServer, alba: Client) -> None:
    sam = server.world.person("sam@hills.example").id
    assert alba.post(f"/api/v1/accounts/{sam}/mute").json()["muting"] is True
    server.say("sam@hills.example", "mention", to="alba", text="hey")
    assert alba.get("/api/v1/notifications").json() == []
    alba.post(f"/api/v1/accounts/{sam}/unmute")
    server.say("sam@hills.example", "mention", to="alba", text="hey")
    assert len(alba.get("/api/v1/notifications").json()) == 1


def test_a_followers_only_status_is_hidden_from_strangers(server: SandboxServer, alba: Client) -> None:
    status = alba.say("para amigos", visibility="private").json()["id"]
    with client(server, "carla") as carla:
        assert carla.get(f"/api/v1/statuses/{status}").status_code == 404
        carla.post(f"/api/v1/accounts/{alba.me()}/follow")
        assert carla.get(f"/api/v1/statuses/{status}").status_code == 200


def test_search_resolves_addresses_of_statuses(server: SandboxServer, alba: Client) -> None:
    status = server.say("maria@plaza.example", "mention", to="alba", text="hola")
    assert status is not None
    shown = alba.get(f"/api/v1/statuses/{status.id}").json()
    for address in (shown["url"], shown["uri"]):
        found = alba.get("/api/v2/search", q=address, resolve="true", type="statuses").json()
        assert [s["id"] for s in found["statuses"]] == [status.id]
    assert alba.get("/api/v2/search", q="maria", type="accounts").json()["accounts"][0]["acct"] == "maria@plaza.example"


def test_markers_count_versions(alba: Client) -> None:
    first = alba.post("/api/v1/markers", {"notifications": {"last_read_id": "7"}}).json()["notifications"]
    assert (first["last_read_id"], first["version"]) == ("7", 1)
    alba.post("/api/v1/markers", {"notifications": {"last_read_id": "9"}})
    read = alba.get("/api/v1/markers", **{"timeline[]": ["notifications", "home"]}).json()
    assert (read["notifications"]["version"], "home" in read) == (2, False)


def test_a_hashtag_timeline_finds_public_statuses(server: SandboxServer, alba: Client) -> None:
    alba.say("uno #pan")
    alba.say("dos #Pan", visibility="unlisted")
    server.say("sam@hills.example", "post", text="three #PAN")
    assert len(alba.get("/api/v1/timelines/tag/pan").json()) == 2


# -- media -------------------------------------------------------------------------------------------------------


def test_a_picture_is_uploaded_described_attached_and_served(server: SandboxServer, alba: Client) -> None:
    answer = alba.upload(picture(), description="una barra", focus="0.5,-0.25")
    media = answer.json()
    assert answer.status_code == 200
    assert set(media) >= MEDIA
    assert media["meta"]["original"]["size"] == "64x48"
    assert media["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    alba.call("PUT", f"/api/v1/media/{media['id']}", json={"description": "una barra de pan"})
    status = alba.say("", media_ids=[media["id"]]).json()
    assert status["media_attachments"][0]["description"] == "una barra de pan"
    assert server.world.truth()["alba"][0]["alts"] == ["una barra de pan"]
    with client(server) as anybody:
        assert anybody.get(status["media_attachments"][0]["url"]).content == picture()
        small = anybody.get(status["media_attachments"][0]["preview_url"])
        assert small.headers["Content-Type"] == "image/png"
    assert alba.say("otra vez", media_ids=[media["id"]]).status_code == 422  # already attached


def test_a_slow_upload_answers_202_then_206_then_200(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    server.media_delay = 10
    answer = alba.upload(picture())
    media = answer.json()["id"]
    assert (answer.status_code, answer.json()["url"]) == (202, None)
    assert alba.get(f"/api/v1/media/{media}").status_code == 206
    assert "not finished processing" in alba.say("ya", media_ids=[media]).json()["error"]
    server.clock.advance(10)
    assert alba.get(f"/api/v1/media/{media}").status_code == 200
    assert alba.say("ya", media_ids=[media]).status_code == 200


def test_what_is_no_picture_is_refused(alba: Client) -> None:
    assert alba.upload(b"%PDF-1.7 not a picture").status_code == 422
    assert alba.upload(picture()[:60]).status_code == 422
    assert alba.upload(picture(), description="x" * 1501).status_code == 422
    ids = [alba.upload(picture()).json()["id"] for _ in range(5)]
    assert alba.say("cinco", media_ids=ids).status_code == 422


# -- limits and other servers ------------------------------------------------------------------------------------


def test_rate_limits_are_told_and_kept() -> None:
    with SandboxServer(limits=Limits(requests=5)) as server, client(server, "alba") as alba:
        server.clock.set(datetime(2026, 3, 10, 9, 1, tzinfo=UTC))
        server.clock.freeze()
        answers = [alba.get("/api/v1/preferences") for _ in range(6)]
        assert [a.status_code for a in answers] == [200] * 5 + [429]
        assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["4", "3", "2", "1", "0", "0"]
        assert answers[0].headers["X-RateLimit-Reset"] == "2026-03-10T09:05:00.000Z"
        with client(server, "bruno") as bruno:
            assert bruno.get("/api/v1/preferences").status_code == 200
        server.clock.advance(240)
        assert alba.get("/api/v1/preferences").status_code == 200


def test_a_compatible_server_lacks_what_it_lacks() -> None:
    without = {"scheduled", "conversations", "instance_v2", "edits", "idempotency"}
    with SandboxServer(without=without, software=("pixelfed", "0.12")) as server, client(server, "alba") as alba:
        assert alba.get("/api/v2/instance").status_code == 404
        assert "Pixelfed" in alba.get("/api/v1/instance").json()["version"]
        assert alba.get("/api/v1/conversations").status_code == 404
        first = alba.say("x", key="k").json()["id"]
        assert alba.say("x", key="k").json()["id"] != first
        assert alba.call("PUT", f"/api/v1/statuses/{first}", json={"status": "y"}).status_code == 404


def test_forms_are_read_as_well_as_json(alba: Client) -> None:
    answer = alba.call("POST", "/api/v1/statuses", data={"status": "por formulario", "language": "es"})
    assert answer.json()["language"] == "es"
    poll = {"status": "¿?", "poll[options][]": ["sí", "no"], "poll[expires_in]": "3600"}
    assert [o["title"] for o in alba.call("POST", "/api/v1/statuses", data=poll).json()["poll"]["options"]] == [
        "sí",
        "no",
    ]
