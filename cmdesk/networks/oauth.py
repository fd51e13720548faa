"""Signing in with the system browser: PKCE, a state nobody can guess, a listener on this machine alone (RFC 8252).

The listener answers one address, once, to GET only, and outlives everything else that
knocks (RELIABILITY 9-11): a single loop over non-blocking sockets, no thread.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import selectors
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from cmdesk.clock import Clock
from cmdesk.errors import AuthExpired, Conflict, DeskError, Gone, Invalid, Rejected, Unreadable
from cmdesk.networks.addresses import check_server_url, origin_of
from cmdesk.networks.base import Credentials
from cmdesk.networks.http import Client, Mode, Timeouts

LIMIT_S = 300.0
REQUEST_BYTES = 8192
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
# No follow, no admin: what reading, answering and publishing need.
SCOPES = (
    "read:accounts read:statuses read:notifications read:search write:statuses write:media write:favourites "
    "write:conversations write:notifications write:blocks write:mutes"
)
COARSE_SCOPES = "read write"  # servers of the family that know no fine ones
_REQUEST_S = 5.0
_CONNECTIONS = 64


class Cancelled(DeskError):
    """The person closed the sign-in; nothing was stored."""

    code = "cancelled"


@dataclass(frozen=True, slots=True)
class Pkce:
    """A proof key: the verifier stays here until the token is asked for."""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def challenge(self) -> str:
        """The S256 challenge that goes through the browser."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class LoopbackListener:
    """Waits on 127.0.0.1 for the browser to come back with the expected state."""

    def __init__(self, *, path: str = "/signed-in", clock: Callable[[], float] = time.monotonic) -> None:
        self.state = secrets.token_urlsafe(32)  # 256 bits
        self._path = path
        self._monotonic = clock
        self._server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._server.bind(("127.0.0.1", 0))
        self._server.listen(16)
        self._server.setblocking(False)
        self.port: int = self._server.getsockname()[1]

    @property
    def redirect_uri(self) -> str:
        """The address to register: this port, this path, nothing else."""
        return f"http://127.0.0.1:{self.port}{self._path}"

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        self._server.close()

    def __enter__(self) -> LoopbackListener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(
        self, *, limit_s: float = LIMIT_S, cancelled: Callable[[], bool] | None = None, issuer: str = ""
    ) -> Mapping[str, str]:
        """Return the query of the one true answer and close; `Cancelled`, or `Invalid` when the time is up.

        Wrong paths, methods, hosts, states, oversized or slow requests are answered and forgotten. When the server
        names itself (`iss`), it must be `issuer`. An `error` from the server raises `AuthExpired`.
        """
        deadline = self._monotonic() + limit_s
        open_requests: dict[socket.socket, tuple[bytearray, float]] = {}
        with selectors.DefaultSelector() as selector:
            selector.register(self._server, selectors.EVENT_READ)
            try:
                while True:
                    now = self._monotonic()
                    if cancelled is not None and cancelled():
                        raise Cancelled("the sign-in was cancelled")
                    if now >= deadline:
                        raise Invalid("nobody came back from the browser in time", code="sign_in_timeout")
                    for sock, (_, until) in list(open_requests.items()):
                        if now >= until:
                            _drop(selector, open_requests, sock)
                    for key, _ in selector.select(timeout=0.1):
                        caller = key.fileobj
                        if caller is self._server or not isinstance(caller, socket.socket):
                            self._accept(selector, open_requests)
                            continue
                        if caller not in open_requests:
                            continue  # made room for another one a moment ago
                        found = self._read(selector, open_requests, caller, issuer)
                        if found is not None:
                            return found
            finally:
                for sock in list(open_requests):
                    _drop(selector, open_requests, sock)
                self.close()

    def _accept(
        self, selector: selectors.BaseSelector, open_requests: dict[socket.socket, tuple[bytearray, float]]
    ) -> None:
        try:
            sock, _ = self._server.accept()
        except OSError:
            return
        if len(open_requests) >= _CONNECTIONS:  # the oldest idler makes room: nobody can hold the door shut
            _drop(selector, open_requests, next(iter(open_requests)))
        sock.setblocking(False)
        open_requests[sock] = (bytearray(), self._monotonic() + _REQUEST_S)
        selector.register(sock, selectors.EVENT_READ)

    def _read(
        self,
        selector: selectors.BaseSelector,
        open_requests: dict[socket.socket, tuple[bytearray, float]],
        sock: socket.socket,
        issuer: str,
    ) -> Mapping[str, str] | None:
        buffer, _ = open_requests[sock]
        try:
            got = sock.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            got = b""
        buffer += got
        ended = b"\r\n\r\n" in buffer
        if got and not ended and len(buffer) <= REQUEST_BYTES:
            return None
        query: Mapping[str, str] | None = None
        status, page = 400, "refused"
        if ended and len(buffer) <= REQUEST_BYTES:
            status, query = self._judge(bytes(buffer))
            page = "done" if query is not None and "code" in query else "refused"
        _answer(sock, status, page, bytes(buffer[:REQUEST_BYTES]))
        _drop(selector, open_requests, sock)
        if query is None:
            return None
        told = query.get("iss", "")
        if told and issuer and origin_of(told) != origin_of(issuer):
            raise AuthExpired("another server answered the sign-in", code="sign_in_issuer")
        if "error" in query:
            raise AuthExpired("the server did not let us in", code="sign_in_refused", detail=query["error"][:100])
        return query

    def _judge(self, request: bytes) -> tuple[int, Mapping[str, str] | None]:
        """Return the status to answer and, for the true answer alone, its query."""
        head = request.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
        words = head[0].split(" ")
        headers = [line.partition(":") for line in head[1:]]
        hosts = [value.strip() for name, _, value in headers if name.strip().lower() == "host"]
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return 400, None
        if words[0] != "GET":
            return 405, None
        if hosts != [f"127.0.0.1:{self.port}"]:
            return 421, None  # a name pointed at us (DNS rebinding)
        target, _, raw_query = words[1].partition("?")
        if target != self._path:
            return 404, None
        try:
            pairs = parse_qsl(raw_query, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
        except ValueError:
            return 400, None
        query = dict(pairs)
        if len(query) != len(pairs):  # two codes, two states: somebody is trying
            return 400, None
        given = query.get("state", "")
        if not hmac.compare_digest(given.encode(), self.state.encode()):
            return 403, None
        if not (query.get("code") or query.get("error")):
            return 400, None
        return 200, query


def _drop(
    selector: selectors.BaseSelector, open_requests: dict[socket.socket, tuple[bytearray, float]], sock: socket.socket
) -> None:
    selector.unregister(sock)
    open_requests.pop(sock, None)
    sock.close()


_PAGES = {
    ("done", "en"): ("Signed in", "CM Desk has what it needs. You can close this window."),
    ("done", "es"): ("Sesión iniciada", "CM Desk ya tiene lo que necesita. Puedes cerrar esta ventana."),
    ("refused", "en"): ("Not signed in", "This page does not belong to a sign-in of CM Desk. You can close it."),
    ("refused", "es"): (
        "Sesión no iniciada",
        "Esta página no corresponde a un inicio de sesión de CM Desk. Puedes cerrarla.",
    ),
}
_HTML = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>CM Desk</title><style>
:root{{color-scheme:light dark}}
body{{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;
background:Canvas;color:CanvasText}}
main{{max-width:26rem;padding:2rem;text-align:center}}h1{{font-size:1.35rem;margin:0 0 .5rem}}p{{margin:0;opacity:.75}}
</style><main><h1>{title}</h1><p>{text}</p></main></html>
"""


def _answer(sock: socket.socket, status: int, page: str, request: bytes) -> None:
    """Write the small page; it holds no token, no script, and is never kept or referred to."""
    language = "es" if b"accept-language: es" in request.lower() else "en"
    title, text = _PAGES[page, language]
    body = _HTML.format(language=language, title=title, text=text).encode()
    head = (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'No'}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    )
    try:
        sock.setblocking(True)
        sock.settimeout(1.0)
        sock.sendall(head.encode() + body)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        return  # who does not wait for the page misses nothing


# ── Mastodon's flow ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way: the page to open, and what turns its code into a token."""

    server: str
    url: str
    redirect_uri: str
    client_id: str
    client_secret: str = field(repr=False)
    pkce: Pkce = field(repr=False)
    scope: str = SCOPES
    issuer: str = ""


def begin(
    server: str,
    redirect_uri: str = OUT_OF_BAND,
    *,
    state: str = "",
    clock: Clock | None = None,
    timeouts: Timeouts | None = None,
) -> SignIn:
    """Register this program at a Mastodon-compatible server and return the page the browser should show.

    A fresh app for every sign-in, because the redirect address must be registered with its port.
    """
    origin = check_server_url(server)
    client = Client(origin, clock=clock, timeouts=timeouts)
    try:
        issuer, scope = _server_metadata(client)
        app = _register(client, redirect_uri, scope)
        if app is None:
            scope = COARSE_SCOPES
            app = _register(client, redirect_uri, scope)
    finally:
        client.close()
    if app is None:
        raise Invalid("this server does not register programs", code="not_this_network", detail=origin)
    pkce = Pkce()
    query = {
        "response_type": "code",
        "client_id": app[0],
        "redirect_uri": redirect_uri,
        "scope": scope,
        "code_challenge": pkce.challenge,
        "code_challenge_method": "S256",
    }
    if state:
        query["state"] = state
    url = f"{origin}/oauth/authorize?{urlencode(query)}"
    return SignIn(origin, url, redirect_uri, app[0], app[1], pkce, scope, issuer)


def finish(sign_in: SignIn, code: str, *, clock: Clock | None = None, timeouts: Timeouts | None = None) -> Credentials:
    """Turn the code (from the listener, or pasted) into credentials; `AuthExpired` when the server refuses it."""
    code = code.strip()
    if not code or len(code) > 2000 or not code.isprintable() or " " in code:
        raise Invalid("not a code", code="sign_in_code", detail="code")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": sign_in.client_id,
        "client_secret": sign_in.client_secret,
        "redirect_uri": sign_in.redirect_uri,
        "code_verifier": sign_in.pkce.verifier,
        "scope": sign_in.scope,
    }
    client = Client(sign_in.server, clock=clock, timeouts=timeouts)
    try:
        # Repeatable: a code that was used up without our seeing the token costs one more sign-in, no more.
        data = client.call("POST", "/oauth/token", mode=Mode.REPEATABLE, form=form).data
    except Rejected as error:
        raise AuthExpired("the server refuses this code", code="sign_in_code", detail=error.detail) from error
    finally:
        client.close()
    token = data.get("access_token") if isinstance(data, dict) else None
    kind = str(data.get("token_type", "bearer")).lower() if isinstance(data, dict) else ""
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token or kind != "bearer":
        raise Unreadable("an answer without a token", code="not_this_network")
    secret = {"token": token, "client_id": sign_in.client_id, "client_secret": sign_in.client_secret}
    return Credentials(sign_in.server, "", secret)


def authorize(
    server: str,
    open_browser: Callable[[str], object],
    *,
    cancelled: Callable[[], bool] | None = None,
    limit_s: float = LIMIT_S,
    clock: Clock | None = None,
    timeouts: Timeouts | None = None,
) -> Credentials:
    """Sign in at a Mastodon-compatible server with the system browser and return the credentials.

    Blocks (call it on a worker thread) until the browser came back, `cancelled()` says True or `limit_s` passed.
    Where the browser cannot reach this machine: `begin(server)` shows a code to paste, `finish(sign_in, code)`.
    """
    with LoopbackListener() as listener:
        sign_in = begin(server, listener.redirect_uri, state=listener.state, clock=clock, timeouts=timeouts)
        if open_browser(sign_in.url) is False:
            raise Conflict("no browser could be opened", code="no_browser")
        answer = listener.wait(limit_s=limit_s, cancelled=cancelled, issuer=sign_in.issuer)
    return finish(sign_in, answer["code"], clock=clock, timeouts=timeouts)


def _server_metadata(client: Client) -> tuple[str, str]:
    """Return the issuer and the scopes to ask for, from RFC 8414 metadata where a server has them (Mastodon 4.3+)."""
    try:
        data = client.call("GET", "/.well-known/oauth-authorization-server").data
    except (Gone, Rejected, Unreadable):
        return "", SCOPES
    if not isinstance(data, dict):
        return "", SCOPES
    known = data.get("scopes_supported")
    fine = not isinstance(known, list) or all(scope in known for scope in SCOPES.split())
    issuer = data.get("issuer")
    usable = isinstance(issuer, str) and origin_of(issuer) == client.origin
    return (str(issuer) if usable else ""), (SCOPES if fine else COARSE_SCOPES)


def _register(client: Client, redirect_uri: str, scope: str) -> tuple[str, str] | None:
    """Register an app; None when the server refuses these scopes."""
    form = {"client_name": "CM Desk", "redirect_uris": redirect_uri, "scopes": scope}
    try:
        data = client.call("POST", "/api/v1/apps", mode=Mode.REPEATABLE, form=form).data
    except Gone as error:
        raise Invalid("no Mastodon API at this address", code="not_this_network", detail=client.origin) from error
    except Rejected:
        return None
    except Unreadable as error:
        if error.code in ("server_error", "timeout", "dropped") and not error.detail.startswith("501"):
            raise
        raise Invalid("no Mastodon API at this address", code="not_this_network", detail=client.origin) from error
    found = (data.get("client_id"), data.get("client_secret")) if isinstance(data, dict) else (None, None)
    if not isinstance(found[0], str) or not isinstance(found[1], str):
        raise Invalid("no Mastodon API at this address", code="not_this_network", detail=client.origin)
    return found[0], found[1]
