"""Every way an exchange can end, and the class of error it becomes (RELIABILITY part 2, F6)."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotSent,
    Offline,
    RateLimited,
    Rejected,
    Uncertain,
    Unreadable,
)
from cmdesk.networks import http
from cmdesk.networks.http import Client, Mode, Timeouts, Upload
from tests.networks.wire_server import answer, cut, drip, hold, raw_server, vanish

QUICK = Timeouts(connect=0.5, read=0.4, total=0.8, upload=0.8)
HTML = b"<!DOCTYPE html><html><body><h1>Hotel Sol</h1></body></html>"


def call(url: str, mode: Mode, **more: Any) -> http.Answer:
    client = Client(url, timeouts=QUICK, retries=0, clock=more.pop("clock", None))
    try:
        return client.call("GET" if mode is Mode.READ else "POST", "/api/x", mode=mode, **more)
    finally:
        client.close()


def outcome(url: str, mode: Mode, **more: Any) -> tuple[type[NetworkError], str]:
    with pytest.raises(NetworkError) as raised:
        call(url, mode, **more)
    return type(raised.value), raised.value.code


# What the server does → the code when nobody can tell, for reads and writes alike.
DOUBTS: dict[str, tuple[Any, str]] = {
    "reset before the first byte": (vanish, "dropped"),
    "closed without an answer": (b"", "dropped"),
    "reset in the head": (cut(b"HTTP/1.1 200 OK\r\nContent-", with_reset=True), "dropped"),
    "stall": (hold(3), "timeout"),
    "slow drip of the head": (drip(b"HTTP/1.1 200 OK\r\nX: "), "timeout"),
    "slow drip of the body": (drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), "timeout"),
    "truncated body": (cut(answer(b'{"id":"1"}')[:-4]), "cut"),
    "reset in the body": (cut(answer(b'{"id":"1"}')[:-4], with_reset=True), "cut"),
    "no HTTP at all": (b"SSH-2.0-OpenSSH_9.2\r\n", "dropped"),
    "garbage 200": (answer(b"\x00\xff\x13 {"), "garbage"),
    "not JSON": (answer(b'{"id": "1"'), "garbage"),
    "captive portal": (answer(HTML, kind="text/html"), "html"),
    "captive portal in disguise": (answer(HTML), "html"),
    "redirect 301": (answer(b"", status="301 Moved", more="Location: http://127.0.0.1:9/\r\n"), "redirect"),
    "redirect 307": (answer(b"", status="307 There", more="Location: http://127.0.0.1:9/\r\n"), "redirect"),
    "redirect 308": (answer(b"", status="308 There", more="Location: http://127.0.0.1:9/\r\n"), "redirect"),
    "500": (answer(b'{"error":"boom"}', status="500 Oops"), "server_error"),
    "502": (answer(b'{"error":"boom"}', status="502 Oops"), "server_error"),
    "503": (answer(b"", status="503 Oops"), "server_error"),
    "504 of a proxy": (answer(HTML, status="504 Oops", kind="text/html"), "server_error"),
    "408": (answer(b"{}", status="408 Late"), "server_error"),
    "409": (answer(b"{}", status="409 Conflict"), "server_error"),
    "425": (answer(b"{}", status="425 Early"), "server_error"),
    "403 of a firewall": (answer(HTML, status="403 No", kind="text/html"), "html"),
    "401 of a proxy": (answer(HTML, status="401 No", kind="text/html"), "html"),
    "deep JSON": (answer(b"[" * 2000 + b"]" * 2000), "garbage"),
    "deep JSON that parses": (answer(b"[" * 80 + b"]" * 80), "garbage"),
    "too large": (answer(b'"' + b"x" * (9 << 20) + b'"'), "too_large"),
    "gzip bomb": (answer(gzip.compress(b" " * (100 << 20)), more="Content-Encoding: gzip\r\n"), "too_large"),
    "broken gzip": (answer(b"\x1f\x8b junk", more="Content-Encoding: gzip\r\n"), "cut"),
}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("fault", DOUBTS)
def test_what_nobody_can_tell(fault: str, mode: Mode) -> None:
    plan, code = DOUBTS[fault]
    with raw_server(plan) as server:
        start = time.monotonic()
        kind, said = outcome(server.url, mode, json=None if mode is Mode.READ else {"a": 1})
        assert kind is (Uncertain if mode is Mode.WRITE else Unreadable)
        assert said == code
        assert time.monotonic() - start < 3
        assert len(server.requests) == 1  # no second attempt below


DEFINITE: dict[int, tuple[type[NetworkError], str]] = {
    400: (Rejected, "rejected"),
    401: (AuthExpired, "auth_expired"),
    403: (Rejected, "forbidden"),
    404: (Gone, "gone"),
    410: (Gone, "gone"),
    413: (Rejected, "too_large"),
    415: (Rejected, "media_type"),
    422: (Rejected, "rejected"),
}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("status", DEFINITE)
def test_a_definite_no_and_its_reason_in_plain_text(status: int, mode: Mode) -> None:
    body = b'{"error":"Validation failed: <b>Text</b> is &quot;too long&quot;"}'
    with raw_server(answer(body, status=f"{status} No")) as server, pytest.raises(NetworkError) as raised:
        call(server.url, mode)
    assert (type(raised.value), raised.value.code) == DEFINITE[status]
    assert raised.value.detail == 'Validation failed: Text is "too long"'
    assert http.status_of(raised.value) == status


@pytest.mark.parametrize("status", [402, 405, 406, 418, 451])
def test_an_undocumented_no_to_a_write_is_a_doubt(status: int) -> None:
    with raw_server(answer(b'{"error":"x"}', status=f"{status} No")) as server:
        assert outcome(server.url, Mode.WRITE)[0] is Uncertain
        assert outcome(server.url, Mode.READ)[0] is Rejected


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_was_sent(mode: Mode) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert outcome(f"http://127.0.0.1:{closed.getsockname()[1]}", mode) == (Offline, "refused")
    assert outcome("https://plaza.example", mode) == (Offline, "dns")
    with raw_server(b"no TLS here") as server:
        server.reads_head = False
        assert outcome(server.url.replace("http:", "https:"), mode) == (Offline, "tls")


def test_a_server_that_never_takes_the_connection_is_offline() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        try:
            kind, _ = outcome(f"http://127.0.0.1:{full.getsockname()[1]}", Mode.WRITE)
            assert kind is Offline
        finally:
            for one in crowd:
                one.close()


def test_a_name_that_turns_into_this_machine_after_the_check_is_not_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the peer is judged at the connection, before a byte leaves."""
    with raw_server(answer()) as server:
        found = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        kind, code = outcome(f"http://plaza.example:{server.port}", Mode.WRITE, token="s3cret-token")
        assert (kind, code) == (Offline, "private_address")
        time.sleep(0.05)
        assert b"".join(server.requests) == b""


# ── waiting ──

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ("Retry-After: 30\r\n", 30),
        ("Retry-After: 99999999\r\n", 3600),
        ("Retry-After: -5\r\n", 1),
        ("Retry-After: Mon, 02 Mar 2026 09:10:00 GMT\r\n", 600),
        ("Retry-After: Mon, 02 Mar 2015 09:10:00 GMT\r\n", 1),
        ("Retry-After: soon\r\n", 300),
        ("Retry-After: nan\r\n", 300),
        ("X-RateLimit-Limit: 300\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 2026-03-02T09:04:00Z\r\n", 240),
        ("RateLimit-Limit: 30\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 1772442120\r\n", 120),
        ("X-RateLimit-Reset: 2036-03-02T09:04:00Z\r\n", 3600),
        ("", 300),
    ],
)
@pytest.mark.parametrize("mode", list(Mode))
def test_a_definite_not_now(headers: str, seconds: int, mode: Mode) -> None:
    plan = answer(b'{"error":"Too many requests"}', status="429 Slow", more=headers)
    with raw_server(plan) as server, pytest.raises(RateLimited) as raised:
        call(server.url, mode, clock=FixedClock(NOW))
    assert raised.value.until == NOW + timedelta(seconds=seconds)


def test_a_read_is_told_when_the_server_rests_and_a_write_stays_in_doubt() -> None:
    with raw_server(answer(b"{}", status="503 Rest", more="Retry-After: 60\r\n")) as server:
        assert outcome(server.url, Mode.READ)[0] is RateLimited
        assert outcome(server.url, Mode.WRITE)[0] is Uncertain


def test_the_budget_and_the_servers_clock_are_kept() -> None:
    more = (
        "X-RateLimit-Limit: 300\r\nX-RateLimit-Remaining: 60\r\nX-RateLimit-Reset: 2026-03-02T09:05:00Z\r\n"
        "Date: Mon, 02 Mar 2026 08:59:30 GMT\r\n"
    )
    with raw_server(answer(more=more)) as server:
        client = Client(server.url, clock=FixedClock(NOW))
        assert client.budget is None
        client.call("GET", "/x")
        client.close()
    assert client.budget is not None and client.budget.low
    assert (client.budget.limit, client.budget.remaining) == (300, 60)
    assert client.budget.reset == NOW + timedelta(minutes=5)
    assert client.server_date == (NOW - timedelta(seconds=30), NOW)


# ── what leaves ──


def test_reads_are_tried_again_and_writes_never() -> None:
    # "close": a kept connection that the server has left would cost a try of its own.
    with raw_server(answer(b"{}", status="503 Oops", more="Connection: close\r\n")) as server:
        client = Client(server.url, retries=2)
        with pytest.raises(Unreadable):
            client.call("GET", "/x")
        assert len(server.requests) == 3
        for mode in (Mode.WRITE, Mode.REPEATABLE):
            with pytest.raises(NetworkError):
                client.call("POST", "/x", mode=mode, json={})
        assert len(server.requests) == 5
        client.close()


def test_a_silently_closed_connection_costs_a_read_nothing() -> None:
    with raw_server(answer(b'{"a":1}')) as server:  # promises to keep the connection, and closes it
        client = Client(server.url)
        for _ in range(20):
            assert client.call("GET", "/x").data == {"a": 1}
        client.close()


def test_tokens_go_to_their_own_origin_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No redirect followed, no .netrc read, no proxy of the environment used, no cookie kept (RELIABILITY 13, 15)."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login x password netrc-sentinel\n")
    netrc.chmod(0o600)
    with raw_server(answer()) as other, raw_server() as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other.url)
        monkeypatch.setenv("NETRC", str(netrc))
        server.plan = answer(b"", status="307 There", more=f"Location: {other.url}/steal\r\nSet-Cookie: a=b\r\n")
        assert outcome(server.url, Mode.WRITE, token="s3cret-token", json={"text": "hola"})[0] is Uncertain
        assert outcome(server.url, Mode.READ, token="s3cret-token")[0] is Unreadable
        server.plan = answer(more="Set-Cookie: a=b; Path=/\r\n")
        client = Client(server.url)
        client.call("GET", "/one", token="s3cret-token")
        client.call("GET", "/two")
        client.close()
        assert other.requests == []
    sent = b"".join(server.requests)
    assert sent.count(b"Bearer s3cret-token") == 3
    assert b"netrc-sentinel" not in sent and b"Cookie" not in sent and b"Basic" not in sent
    assert b"CMDesk" in server.requests[0]


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example/x", "x", "", "@evil.example/x"])
def test_a_foreign_address_is_not_called(path: str) -> None:
    client = Client("https://plaza.example")
    with pytest.raises(NotSent):
        client.call("GET", path, token="s3cret-token")


def test_a_token_with_a_line_break_never_leaves() -> None:
    with raw_server(answer()) as server:
        kind, _ = outcome(server.url, Mode.WRITE, token="a\r\nX-Evil: 1")
        assert issubclass(kind, NotSent)
        assert server.requests == []


def test_secrets_are_told_to_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(http, "_on_secret", [])
    http.on_secret(told.append)
    http.on_secret(told.append)
    with raw_server(answer()) as server:
        call(server.url, Mode.READ, token="s3cret-token")
    assert set(told) == {"s3cret-token"}


def test_no_error_text_holds_the_token() -> None:
    with raw_server(vanish) as server, pytest.raises(NetworkError) as raised:
        call(server.url, Mode.WRITE, token="s3cret-token", params={"access_token": "s3cret-query"})
    error = raised.value
    assert "s3cret" not in f"{error} {error!r} {error.detail} {getattr(error, '__notes__', '')}"


def test_uploads_are_whole_and_a_writer_that_reads_nothing_is_a_time_out() -> None:
    with raw_server(answer(b'{"id":"1"}')) as server:
        body = Upload(b"x" * 3_000_000, "image/png", field="file", filename="a.png", fields={"description": "ñ"})
        assert call(server.url, Mode.REPEATABLE, upload=body).data == {"id": "1"}
        assert b"image/png" in server.requests[0] and "ñ".encode() in server.requests[0]
        assert server.requests[0].count(b"x" * 3_000_000) == 1
        call(server.url, Mode.REPEATABLE, upload=Upload(b"raw", "image/webp"))
        assert server.requests[1].endswith(b"\r\n\r\nraw") and b"image/webp" in server.requests[1]
    with raw_server(lambda _: time.sleep(1.5)) as server:
        server.reads_body = False
        kind, code = outcome(server.url, Mode.REPEATABLE, upload=Upload(b"x" * 30_000_000, "image/png"))
        assert (kind, code) == (Unreadable, "timeout")


def test_an_empty_yes_is_a_yes() -> None:
    with raw_server(answer(b"", status="204 Nothing")) as server:
        assert call(server.url, Mode.WRITE).data is None


# ── TLS cannot be turned off ──


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    wish = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        ["openssl", *wish.split(), "-keyout", file, "-out", f"{file}.crt"],
        check=True,
        capture_output=True,
    )
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


@pytest.mark.skipif(not os.path.exists("/usr/bin/openssl"), reason="no openssl to make a certificate with")
def test_a_self_signed_certificate_is_refused_whatever_the_environment_says(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, f"{certificate}.crt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def tls(connection: socket.socket) -> None:
        with context.wrap_socket(connection.dup(), server_side=True) as secure:
            secure.sendall(answer())

    with raw_server(tls) as server:
        server.reads_head = False
        kind, code = outcome(f"https://127.0.0.1:{server.port}", Mode.WRITE, token="s3cret-token")
    assert (kind, code) == (Offline, "tls")
