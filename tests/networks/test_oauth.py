"""Signing in with the browser: what comes back, and everything hostile that knocks meanwhile (RELIABILITY 9-11)."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from cmdesk.errors import AuthExpired, Conflict, DeskError, Invalid, Offline
from cmdesk.networks import oauth
from cmdesk.networks.oauth import Cancelled, LoopbackListener
from cmdesk.networks.registry import probe
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.networks.wire_server import answer, raw_server


@contextmanager
def waiting(listener: LoopbackListener, **how: Any) -> Iterator[Callable[[], Mapping[str, str] | BaseException]]:
    """Let the listener wait on a thread; the value given joins it and returns what came of it."""
    result: list[Any] = []

    def work() -> None:
        try:
            result.append(listener.wait(**{"limit_s": 20, **how}))
        except DeskError as error:
            result.append(error)

    thread = threading.Thread(target=work)
    thread.start()

    def outcome() -> Any:
        thread.join(10)
        assert result, "still waiting"
        return result[0]

    try:
        yield outcome
    finally:
        listener.close()
        thread.join(25)


def knock(port: int, data: bytes, *, wait: bool = True) -> bytes:
    """Send raw bytes and return the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        try:
            sock.sendall(data)
            got = b""
            while wait and (more := sock.recv(65536)):
                got += more
        except OSError:
            return b""
        return got


def request(
    listener: LoopbackListener, query: str, *, method: str = "GET", path: str = "/signed-in", host: str = ""
) -> bytes:
    head = f"{method} {path}?{query} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{listener.port}'}\r\n\r\n"
    return head.encode()


def test_the_true_answer_is_taken_once_and_the_port_is_closed() -> None:
    with LoopbackListener() as listener, waiting(listener) as outcome:
        page = knock(listener.port, request(listener, f"code=abc&state={listener.state}"))
        assert outcome() == {"code": "abc", "state": listener.state}
        head, _, body = page.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        for line in (b"Cache-Control: no-store", b"Referrer-Policy: no-referrer", b"default-src 'none'"):
            assert line in head
        assert b"abc" not in body and listener.state.encode() not in body and b"<script" not in body
        with pytest.raises(OSError, match="refused"):
            knock(listener.port, request(listener, f"code=second&state={listener.state}"))


@pytest.mark.parametrize(("accept", "word"), [("es-ES,es;q=0.9", "Sesión iniciada"), ("de", "Signed in")])
def test_the_page_speaks_the_browsers_language(accept: str, word: str) -> None:
    with LoopbackListener() as listener, waiting(listener) as outcome:
        url = f"{listener.redirect_uri}?code=a&state={listener.state}"
        page = requests.get(url, headers={"Accept-Language": accept}, timeout=5)
        page.encoding = "utf-8"
        assert word in page.text
        outcome()


def hostile(listener: LoopbackListener, seed: int) -> list[bytes]:
    """Two hundred requests that must change nothing."""
    random_ = random.Random(seed)
    true = f"code=evil&state={listener.state}"
    kinds: list[Callable[[], bytes]] = [
        lambda: request(
            listener, true, path=random_.choice(["/", "/signed-in/", "/Signed-in", "/signed-in/../x", "//signed-in"])
        ),
        lambda: request(listener, true, method=random_.choice(["POST", "HEAD", "PUT", "OPTIONS", "get", "CONNECT"])),
        lambda: request(
            listener,
            true,
            host=random_.choice(["evil.example", "localhost", "127.0.0.1", "[::1]", f"localhost:{listener.port}"]),
        ),
        lambda: request(listener, f"code=evil&state={random_.randbytes(32).hex()}"),
        lambda: request(listener, "code=evil"),
        lambda: request(listener, "code=evil&state="),
        lambda: request(listener, f"code=one&code=two&state={listener.state}"),
        lambda: request(listener, f"code=one&state=x&state={listener.state}"),
        lambda: request(listener, f"state={listener.state}"),
        lambda: request(listener, f"code=&state={listener.state}"),
        lambda: request(listener, "&".join(f"a{n}=1" for n in range(60)) + "&" + true),
        lambda: (
            b"GET /signed-in?" + true.encode() + b" HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1:%d\r\n\r\n" % listener.port
        ),
        lambda: b"GET /signed-in?" + true.encode() + b" HTTP/1.1\r\n\r\n",
        lambda: random_.randbytes(300) + b"\r\n\r\n",
        lambda: b"\r\n\r\n",
        lambda: b"GET /signed-in?x=" + b"a" * 1_000_000,
        lambda: b"GET " + b"\xff" * 20_000 + b"\r\n\r\n",
        lambda: b"GET /signed-in?" + true.encode() + b" FTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
        lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random_.randbytes(200),
    ]
    return [kinds[n % len(kinds)]() for n in range(200)]


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_hostile_requests_then_the_true_one(seed: int) -> None:
    with LoopbackListener() as listener, waiting(listener) as outcome:
        for data in hostile(listener, seed):
            got = knock(listener.port, data, wait=b"\r\n\r\n" in data)
            assert not got.startswith(b"HTTP/1.1 200")
        knock(listener.port, request(listener, f"code=true&state={listener.state}"))
        assert outcome()["code"] == "true"  # type: ignore[index]


def test_idlers_cannot_hold_the_door_shut() -> None:
    """Slowloris: a hundred connections that say nothing."""
    with LoopbackListener() as listener, waiting(listener) as outcome:
        idlers = [socket.create_connection(("127.0.0.1", listener.port), timeout=5) for _ in range(100)]
        for idler in idlers:
            idler.sendall(b"GET /signed-in")
        start = time.monotonic()
        knock(listener.port, request(listener, f"code=true&state={listener.state}"))
        assert outcome()["code"] == "true"  # type: ignore[index]
        assert time.monotonic() - start < 3
        for idler in idlers:
            idler.close()


def test_only_this_machine_can_knock() -> None:
    with LoopbackListener() as listener:
        assert listener._server.getsockname()[0] == "127.0.0.1"


def test_the_server_may_say_no() -> None:
    with LoopbackListener() as listener, waiting(listener) as outcome:
        knock(listener.port, request(listener, f"error=access_denied&state={listener.state}"))
        refused = outcome()
        assert isinstance(refused, AuthExpired) and refused.code == "sign_in_refused"


def test_another_issuer_is_refused() -> None:
    with LoopbackListener() as listener, waiting(listener, issuer="https://plaza.example") as outcome:
        query = f"code=a&state={listener.state}&iss=https%3A%2F%2Fevil.example"
        knock(listener.port, request(listener, query))
        refused = outcome()
        assert isinstance(refused, AuthExpired) and refused.code == "sign_in_issuer"


def test_it_can_be_cancelled_and_ends_by_itself() -> None:
    stop = threading.Event()
    with LoopbackListener() as listener, waiting(listener, cancelled=stop.is_set) as outcome:
        stop.set()
        assert isinstance(outcome(), Cancelled)
    with LoopbackListener() as listener, waiting(listener, limit_s=0.2) as outcome:
        late = outcome()
        assert isinstance(late, Invalid) and late.code == "sign_in_timeout"


def test_two_sign_ins_at_once_do_not_take_each_others_answer() -> None:
    with LoopbackListener() as one, LoopbackListener() as two:
        assert one.state != two.state and len(one.state) >= 43
        with waiting(one) as first, waiting(two) as second:
            knock(one.port, request(one, f"code=crossed&state={two.state}"))
            knock(two.port, request(two, f"code=crossed&state={one.state}"))
            knock(one.port, request(one, f"code=1&state={one.state}"))
            knock(two.port, request(two, f"code=2&state={two.state}"))
            assert (first()["code"], second()["code"]) == ("1", "2")  # type: ignore[index]


# ── the whole way, against the sandbox ──


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        yield running


def person(handle: str, seen: list[str] | None = None) -> Callable[[str], None]:
    """A browser with somebody in front who signs in."""

    def browse(page: str) -> None:
        if seen is not None:
            seen.append(page)

        def work() -> None:
            with requests.Session() as session:
                session.trust_env = False
                html = session.get(page, timeout=5).text
                form = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', html))
                form |= {"handle": handle, "account": handle, "username": handle, "decision": "allow"}
                action = re.search(r'action="([^"]+)"', html)
                target = page if action is None else requests.compat.urljoin(page, action[1])
                session.post(target, data=form, timeout=5)

        threading.Thread(target=work, daemon=True).start()

    return browse


def test_signing_in(server: SandboxServer) -> None:
    seen: list[str] = []
    credentials = oauth.authorize(server.url, person("alba", seen), limit_s=10)
    query = {name: values[0] for name, values in parse_qs(urlsplit(seen[0]).query).items()}
    assert query["code_challenge_method"] == "S256" and len(query["code_challenge"]) == 43
    assert query["redirect_uri"].startswith("http://127.0.0.1:") and len(query["state"]) >= 43
    kept, profile = probe("mastodon", credentials)
    assert profile.author.handle == "alba@sandbox.example" and kept.identity == profile.author.remote_id
    assert set(kept.secret) == {"token", "client_id", "client_secret", "software", "domain"}
    assert kept.secret["token"] not in repr(kept)

    from cmdesk.networks.registry import make_adapter

    adapter = make_adapter("mastodon", kept)
    adapter.revoke()
    with pytest.raises(AuthExpired):
        adapter.whoami()
    adapter.close()


def test_a_code_can_be_pasted_instead(server: SandboxServer) -> None:
    sign_in = oauth.begin(server.url)
    assert sign_in.redirect_uri == "urn:ietf:wg:oauth:2.0:oob"
    assert sign_in.pkce.verifier not in sign_in.url and sign_in.client_secret not in repr(sign_in)
    for wrong in ("", "two words", "x" * 3000):
        with pytest.raises(Invalid):
            oauth.finish(sign_in, wrong)
    with pytest.raises(AuthExpired) as refused:
        oauth.finish(sign_in, "wrong")
    assert refused.value.code == "sign_in_code"


def test_the_challenge_is_the_verifiers_hash() -> None:
    pkce = oauth.Pkce()
    digest = hashlib.sha256(pkce.verifier.encode()).digest()
    assert pkce.challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert len(pkce.verifier) >= 43 and pkce.verifier not in repr(pkce)


def test_no_browser_and_no_server(server: SandboxServer) -> None:
    with pytest.raises(Conflict) as none:
        oauth.authorize(server.url, lambda _: False)
    assert none.value.code == "no_browser"
    with pytest.raises(Offline):
        oauth.begin("http://127.0.0.1:9")
    with pytest.raises(Invalid):
        oauth.begin("https://192.168.1.1")


@pytest.mark.parametrize("kind", ["garbage", "captive_portal", "empty_body"])
def test_a_server_that_is_something_else(server: SandboxServer, kind: str) -> None:
    server.faults.add(Fault(kind))
    with pytest.raises(Invalid) as wrong:
        oauth.begin(server.url)
    assert wrong.value.code == "not_this_network"


def test_another_servers_metadata_is_not_believed() -> None:
    body = b'{"issuer":"https://evil.example","client_id":"a","client_secret":"b"}'
    with raw_server(answer(body)) as server:
        sign_in = oauth.begin(server.url)
        assert sign_in.issuer == ""
        assert sign_in.url.startswith(f"{server.url}/oauth/authorize?{urlencode({'response_type': 'code'})}")
