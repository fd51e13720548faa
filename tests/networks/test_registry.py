"""The table of networks, connecting with clear errors, and pictures of others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cmdesk.errors import AuthExpired, Gone, Invalid, NetworkError, Offline, Rejected, Unreadable
from cmdesk.networks import registry
from cmdesk.networks.base import Credentials
from cmdesk.networks.fetch import fetch_picture, picture_type, try_picture
from cmdesk.networks.http import Timeouts
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.networks.wire_server import answer, raw_server

QUICK = Timeouts(connect=0.5, read=0.4, total=0.8)
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def test_the_table_and_its_adapters() -> None:
    assert [line.id for line in registry.NETWORKS] == ["mastodon", "bluesky"]
    for line in registry.NETWORKS:
        adapter = registry.make_adapter(line.id, Credentials("https://a.example", "", {}), server="https://b.example")
        assert adapter.network == line.id and adapter.budget is None and adapter.server_date is None
        adapter.close()
    for unknown in ("", "myspace"):
        with pytest.raises(Invalid):
            registry.make_adapter(unknown, Credentials("https://a.example", "", {}))
        with pytest.raises(Invalid):
            registry.network(unknown)


def test_the_table_alone_loads_no_http() -> None:
    code = "import sys, cmdesk.networks.registry; print({'requests', 'urllib3', 'PIL', 'msgspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_token_is_probed_before_it_is_kept() -> None:
    with SandboxServer(limits=NO_LIMITS) as server:
        credentials, profile = registry.connect_mastodon_token(server.url, f"  {server.tokens['alba']}\n")
        assert credentials.secret["token"] == server.tokens["alba"]
        assert credentials.identity == profile.author.remote_id
        with pytest.raises(AuthExpired):
            registry.connect_mastodon_token(server.url, "wrong")
        for nothing in ("", "  ", "two words", "ñ", "x" * 5000, "a\x00b"):
            with pytest.raises(Invalid):
                registry.connect_mastodon_token(server.url, nothing)
        for kind in ("garbage", "captive_portal", "empty_body", "redirect"):
            server.faults.add(Fault(kind))
            with pytest.raises(Invalid) as wrong:
                registry.connect_mastodon_token(server.url, "token")
            assert wrong.value.code == "not_this_network"
            server.faults.clear()
        server.faults.add(Fault("status", status=503))
        with pytest.raises(Unreadable):
            registry.connect_mastodon_token(server.url, server.tokens["alba"])
    with pytest.raises(Offline):
        registry.connect_mastodon_token(server.url, "token")


@pytest.mark.parametrize("body", [b"<html>my blog</html>", b"{}", b"[]", b'{"id":""}', b'{"id":5,"acct":"x"}', b"null"])
def test_a_server_of_another_kind(body: bytes) -> None:
    with raw_server(answer(body)) as server, pytest.raises(Invalid) as wrong:
        registry.connect_mastodon_token(server.url, "token")
    assert wrong.value.code == "not_this_network"
    with raw_server(answer(body)) as server, pytest.raises(Invalid) as wrong:
        registry.connect_bluesky(server.url, "ana.example", "password")
    assert wrong.value.code == "not_this_network"


def test_without_a_server_the_handle_is_looked_up_and_nobody_is_asked_in_vain() -> None:
    with pytest.raises(Offline):
        registry.connect_bluesky("", "@ana.example", "password")  # no name service in tests
    with pytest.raises(Invalid):
        registry.connect_bluesky("", "did:key:abc", "password")


# ── pictures ──


def test_pictures_are_known_by_their_bytes() -> None:
    assert picture_type(PNG) == "image/png"
    assert picture_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert picture_type(b"GIF89a") == "image/gif"
    assert picture_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    for other in (b"", b"<svg>", b"%PDF-1.7", b"II*\0", b"RIFF\0\0\0\0WAVE"):
        assert picture_type(other) == ""


def test_a_picture_of_the_accounts_own_server() -> None:
    with raw_server(answer(PNG, kind="text/plain")) as server:
        picture = fetch_picture(f"{server.url}/a.png?x=1", account_server=server.url)
        assert (picture.content, picture.mime) == (PNG, "image/png")
        (sent,) = server.requests
        assert sent.startswith(b"GET /a.png?x=1 ")
        for header in (b"authorization", b"cookie", b"referer"):
            assert header not in sent.lower()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "data:image/png;base64,AA",
        "http://plaza.example/a.png",
        "javascript:1",
        "//x",
        "qrc:/a",
    ],
)
def test_addresses_no_picture_is_fetched_from(url: str) -> None:
    with pytest.raises(Rejected) as refused:
        fetch_picture(url)
    assert refused.value.code == "foreign_address"


def test_a_stranger_cannot_make_us_ask_this_machine() -> None:
    """Neither directly nor by a redirect (SSRF)."""
    with raw_server(answer(PNG)) as inside:
        with pytest.raises(Rejected):
            fetch_picture(f"{inside.url}/admin", account_server="https://plaza.example")
        assert try_picture("https://127.0.0.1/x") is None
        assert inside.requests == []


def test_redirects_are_followed_a_few_times_and_checked() -> None:
    with raw_server(answer(PNG)) as there, raw_server() as server:
        server.plan = answer(b"", status="302 There", more=f"Location: {there.url}/b.png\r\n")
        assert fetch_picture(f"{server.url}/a.png", account_server=server.url).content == PNG
        server.plan = answer(b"", status="302 There", more="Location: /again\r\n")
        with pytest.raises(Unreadable):
            fetch_picture(f"{server.url}/a.png", account_server=server.url)
        server.plan = answer(b"", status="302 There", more="Location: file:///etc/passwd\r\n")
        with pytest.raises(Rejected):
            fetch_picture(f"{server.url}/a.png", account_server=server.url)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (answer(b"<svg onload=alert(1)>", kind="image/png"), Rejected),
        (answer(PNG + b"x" * 3000), Unreadable),
        (answer(b"", status="404 No"), Gone),
        (b"", Unreadable),
    ],
)
def test_what_is_no_picture(plan: bytes, expected: type[NetworkError]) -> None:
    with raw_server(plan) as server:
        with pytest.raises(expected):
            fetch_picture(f"{server.url}/a.png", account_server=server.url, limit=2000)
        assert try_picture(f"{server.url}/a.png", account_server=server.url, limit=2000) is None
