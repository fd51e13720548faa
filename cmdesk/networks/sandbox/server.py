"""The HTTP server on 127.0.0.1: reads requests, applies the ordered faults, answers, and survives its clients' deaths."""

from __future__ import annotations

import contextlib
import logging
import random
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cmdesk.networks.sandbox import (  # noqa: F401 - the api modules fill the table of routes
    api_accounts,
    api_media,
    api_reading,
    api_server,
    api_statuses,
    control,
    pages,
    signin,
)
from cmdesk.networks.sandbox.entities import Entities, iso
from cmdesk.networks.sandbox.faults import Fault, Faults, Plan
from cmdesk.networks.sandbox.oddities import spoil
from cmdesk.networks.sandbox.records import Person
from cmdesk.networks.sandbox.sample import open_world
from cmdesk.networks.sandbox.say import Say
from cmdesk.networks.sandbox.web import ROUTES, Answer, Call, Problem, Request, Route, allows, pairs, read_body
from cmdesk.networks.sandbox.world import World

log = logging.getLogger(__name__)
BIGGEST_BODY = 120 * 1024 * 1024
_PORTAL = (
    b"<!DOCTYPE html><html><head><title>Hotel Wi-Fi</title></head><body><h1>Welcome</h1>"
    b"<form action='/login' method='post'><button>Accept and connect</button></form></body></html>"
)


@dataclass(frozen=True)
class Limits:
    """How many requests an account may make: all in 5 minutes, uploads and deletions in 30. None: as many as it likes."""

    requests: int | None = 300
    media: int | None = 30
    deletes: int | None = 30


NO_LIMITS = Limits(None, None, None)


@dataclass(frozen=True)
class Seen:
    """One request that arrived, for tests; the token itself is not kept."""

    at: datetime
    method: str
    path: str
    query: dict[str, Any]
    account: str
    authorized: bool
    status: int
    key: str
    agent: str


class SandboxServer:
    """A small Mastodon-compatible network on this machine.

    `world` is "small" (three accounts without posts; default), "demo" (the sample communities), "empty", or a World.
    `port` 0 takes a free one; with `state` (a folder) the world and the port are kept over restarts. `live` is the
    mean number of new mentions an hour. `without` names features this server lacks, as compatible servers do:
    "scheduled", "conversations", "instance_v2", "edits", "quotes", "markers", "idempotency", "media_v2".
    """

    def __init__(
        self,
        *,
        port: int = 0,
        world: World | str = "small",
        clock: object | None = None,
        seed: int = 7,
        state: Path | None = None,
        live: float = 0.0,
        limits: Limits | None = None,
        without: frozenset[str] | set[str] = frozenset(),
        software: tuple[str, str] = ("mastodon", "4.5.2"),
        media_delay: float = 0.0,
    ) -> None:
        self.world = world if isinstance(world, World) else open_world(world, clock=clock, seed=seed, state=state)
        self.state = state
        self.faults = Faults()
        self.limits = limits or Limits()
        self.without = frozenset(without)
        self.software = software
        self.media_delay = media_delay
        self.live = live
        self.chance = random.Random(seed)  # noqa: S311 - repeatable chance, no secret
        self.requests: deque[Seen] = deque(maxlen=20_000)
        self.halt = threading.Event()
        self.say = Say(self.world)
        self._wanted_port = port or (self.world.book.port if state is not None else 0)
        self._port = 0
        self._http: _Http | None = None
        self._threads: list[threading.Thread] = []
        self._used: dict[tuple[str, str, int], int] = defaultdict(int)
        self._lock = threading.Lock()
        self._door = threading.Lock()
        self._previews: dict[str, bytes] = {}

    # -- life ----------------------------------------------------------------------------------------------------

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """The address to give to a client, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def tokens(self) -> dict[str, str]:
        """An access token for each local account, by user name."""
        return {person.username: self.world.token_for(person.acct) for person in self.world.locals()}

    @property
    def clock(self) -> Any:
        """The sandbox's clock: now(), advance(), set(), freeze(), run()."""
        return self.world.clock

    def start(self) -> SandboxServer:
        """Listen and serve in background threads. Raises OSError when the port is taken."""
        self.halt.clear()
        self._open_door(self._wanted_port)
        self.world.book.port = self._port
        self._run("sandbox-time", self._keep_time)
        if self.live > 0:
            from cmdesk.networks.sandbox.living import Living

            self._run("sandbox-life", Living(self.world, per_hour=self.live).run, self.halt)
        return self

    def stop(self) -> None:
        """Close the door and every connection, save the world, end the threads."""
        self.halt.set()
        self._close_door()
        for thread in self._threads:
            thread.join(5)
        self._threads.clear()
        if self.state is not None:
            self.world.save(self.state)

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def go_offline(self) -> None:
        """Refuse connections and drop the open ones until `go_online`; the world goes on."""
        self._close_door()

    def go_online(self) -> None:
        """Listen again, on the same port."""
        if self._http is None and not self.halt.is_set():
            self._open_door(self._port)

    @contextlib.contextmanager
    def offline(self) -> Iterator[None]:
        """`with server.offline():` nothing answers inside."""
        self.go_offline()
        try:
            yield
        finally:
            self.go_online()

    def add_fault(self, fault: Fault) -> Fault:
        """Order a fault; `refuse` takes hold at once, without waiting for the next look of the time thread."""
        self.faults.add(fault)
        if fault.kind == "refuse":
            self._mind_door()
        return fault

    def _run(self, name: str, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _open_door(self, port: int) -> None:
        with self._door:
            for attempt in range(50):
                try:
                    self._http = _Http(("127.0.0.1", port), self)
                    break
                except OSError:
                    if not port or attempt == 49 or self._port == 0:
                        raise
                    time.sleep(0.02)
            assert self._http is not None
            self._port = self._http.server_address[1]
            self._serving = threading.Thread(
                target=self._http.serve_forever, args=(0.02,), name="sandbox-door", daemon=True
            )
            self._serving.start()

    def _close_door(self) -> None:
        with self._door:
            http, self._http = self._http, None
            if http is None:
                return
            http.shutdown()
            http.server_close()
            http.hang_up()
            self._serving.join(5)

    def _mind_door(self) -> None:
        refusing = self.faults.refusing()
        if refusing is not None and self._http is not None and not self.halt.is_set():
            refusing.done += 1
            if refusing.wait > 0:
                self._refused_until: float | None = time.monotonic() + refusing.wait
            else:
                self._refused_until = None
            self._close_door()
        elif self._http is None and not self.halt.is_set() and refusing is None and self._refusing:
            self._open_door(self._port)
        self._refusing = refusing is not None
        if refusing is not None and self._refused_until is not None and time.monotonic() >= self._refused_until:
            self.faults.remove(refusing.id)
            self._open_door(self._port)
            self._refusing = False

    _refusing = False
    _refused_until: float | None = None

    def _keep_time(self) -> None:
        saved = time.monotonic()
        while not self.halt.wait(0.05):
            self.world.tick()
            self._mind_door()
            if self.state is not None and self.world.changed.is_set() and time.monotonic() - saved > 2:
                self.world.changed.clear()
                self.world.save(self.state)
                saved = time.monotonic()

    # -- answering -----------------------------------------------------------------------------------------------

    def entities(self, viewer: Person | None) -> Entities:
        """The renderer for one viewer."""
        return Entities(self.world, self.url, viewer)

    def dispatch(self, request: Request, plan: Plan) -> Answer:
        """Carry a request out. Never raises: errors become Mastodon's answers."""
        try:
            found = [(r, m) for r in ROUTES if (m := r.pattern.fullmatch(request.path))]
            route, match = next(((r, m) for r, m in found if r.method == request.method), (None, None))
            if route is None or match is None or self._lacks(route):
                raise Problem(404, "Not Found") if not found else Problem(405, "Method Not Allowed")
            read_body(request)
            call = Call(request, self, plan, args=match.groupdict())
            self._who(call, route)
            limit = self._budget(call, route)
            with self.world.lock:
                self.world.tick()
                answer = route.handler(call)
            answer.headers = limit | answer.headers
            return answer
        except Problem as problem:
            return Answer(problem.body, problem.status, problem.headers)
        except Exception:  # the outermost guard of a request: a bug of ours is a 500, as on a real server
            log.exception("sandbox: %s %s", request.method, request.path)
            return Answer({"error": "Internal Server Error"}, 500)

    def _lacks(self, route: Route) -> bool:
        parts = {
            "scheduled": "/scheduled_statuses",
            "conversations": "/conversations",
            "instance_v2": "/api/v2/instance",
            "markers": "/markers",
            "media_v2": "/api/v2/media",
        }
        if "edits" in self.without and (route.method, route.path) == ("PUT", "/api/v1/statuses/:id"):
            return True
        return any(part in route.path for name, part in parts.items() if name in self.without)

    def account_of(self, bearer: str) -> str:
        """The address of a token's account, empty when there is none."""
        row = self.world.book.tokens.get(bearer)
        person = self.world.book.people.get(row.person) if row else None
        return person.acct if person else ""

    def _who(self, call: Call, route: Route) -> None:
        delivery = call.plan.delivery
        if delivery is not None and delivery.kind == "revoked_token":
            raise Problem(401, "The access token was revoked")
        if delivery is not None and delivery.kind == "expired_token":
            raise Problem(401, "The access token expired")
        bearer = call.request.bearer
        if bearer:
            row = self.world.book.tokens.get(bearer)
            if row is None:
                raise Problem(401, "The access token is invalid")
            if row.revoked:
                raise Problem(401, "The access token was revoked")
            if row.expires_at is not None and row.expires_at <= self.world.clock.now():
                raise Problem(401, "The access token expired")
            call.token = row
            call.person = self.world.book.people.get(row.person)
        if route.scope and call.token is None:
            raise Problem(401, "The access token is invalid")
        if call.token is not None and not allows(call.token.scopes, route.scope):
            raise Problem(403, "This action is outside the authorized scopes")

    def _budget(self, call: Call, route: Route) -> dict[str, str]:
        """Count the request; the headers of the nearest limit. Raises Problem 429 when there is nothing left."""
        if not route.path.startswith("/api/") or call.token is None:
            return {}
        buckets: list[tuple[str, int, int | None]] = [("requests", 300, self.limits.requests)]
        if route.path.endswith("/media") and route.method == "POST":
            buckets.append(("media", 1800, self.limits.media))
        if route.method == "DELETE" or route.path.endswith("/unreblog"):
            buckets.append(("deletes", 1800, self.limits.deletes))
        now = self.world.clock.now()
        nearest: tuple[int, int, datetime] | None = None
        with self._lock:
            for name, seconds, most in buckets:
                if most is None:
                    continue
                window = int(now.timestamp()) // seconds
                mark = (name, call.token.person or call.token.token, window)
                self._used[mark] += 1
                reset = datetime.fromtimestamp((window + 1) * seconds, UTC)
                left = most - self._used[mark]
                if nearest is None or left < nearest[1]:
                    nearest = (most, left, reset)
        if nearest is None:
            return {}
        most, left, reset = nearest
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset": iso(reset),
        }
        if left < 0:
            problem = Problem(429, "Too many requests")
            problem.headers = headers
            raise problem
        return headers

    def preview(self, name: str, data: bytes) -> bytes:
        """A small copy of a picture, made once."""
        if name not in self._previews:
            import io

            from PIL import Image

            with Image.open(io.BytesIO(data)) as image:
                image.thumbnail((640, 640))
                out = io.BytesIO()
                image.save(out, "PNG")
            self._previews[name] = out.getvalue()
        return self._previews[name]


class _Http(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every open connection and wait for its thread."""
        with self._guard:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + 5
        while self._open and time.monotonic() < end:
            time.sleep(0.005)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("sandbox: connection ended", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the client died or the server hung up: nothing to answer
            self.close_connection = True

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or len(self.raw_requestline) > 65536 or not self.parse_request():
            self.close_connection = True
            return
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BIGGEST_BODY:
            self._send(Answer({"error": "Request Entity Too Large"}, 413))
            self.close_connection = True
            return
        wanted = int(length)
        body = self.rfile.read(wanted) if wanted else b""
        if len(body) < wanted:  # the client was killed while it sent: a real server drops the request
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = pairs(parse_qsl(parts.query, keep_blank_values=True))
        self._answer(Request(self.command, parts.path, query, headers, body))

    def _answer(self, request: Request) -> None:
        sandbox = self.server.sandbox
        account = sandbox.account_of(request.bearer)
        control_path = request.path.startswith("/sandbox/")
        plan = Plan([]) if control_path else sandbox.faults.plan(request.method, request.path, account)
        fault = plan.delivery
        if fault is not None and fault.kind in ("revoked_token", "expired_token"):
            fault_answer = sandbox.dispatch(request, plan)
            self._note(request, account, fault_answer.status)
            return self._send(fault_answer)
        if fault is None:
            answer = sandbox.dispatch(request, plan)
            if odd := plan.mode("odd_payload"):
                answer = self._odd(answer, odd)
            if plan.mode("wrong_author"):
                self._forge(answer)
            self._note(request, account, answer.status)
            return self._send(answer, head=request.method == "HEAD")
        if fault.kind == "late_commit":
            sandbox.world.later(fault.wait, lambda: sandbox.dispatch(request, plan))
        done = sandbox.dispatch(request, plan) if fault.takes_effect else None
        self._note(request, account, 0)
        return self._spoilt(fault, done or Answer({}))

    def _note(self, request: Request, account: str, status: int) -> None:
        sandbox = self.server.sandbox
        sandbox.requests.append(
            Seen(
                sandbox.world.clock.now(),
                request.method,
                request.path,
                request.query,
                account,
                bool(request.headers.get("authorization")),
                status,
                request.headers.get("idempotency-key", ""),
                request.headers.get("user-agent", ""),
            )
        )

    def _odd(self, answer: Answer, fault: Fault) -> Answer:
        if isinstance(answer.data, bytes) or answer.status >= 400:
            return answer
        body, headers = spoil(answer.data, fault)
        return Answer(body, answer.status, answer.headers | headers)

    def _forge(self, answer: Answer) -> None:
        """Put another local account's name on the answer."""
        if not isinstance(answer.data, dict) or "account" not in answer.data:
            return
        sandbox = self.server.sandbox
        true = answer.data["account"]["id"]
        others = [p for p in sandbox.world.book.people.values() if p.id != true]
        others.sort(key=lambda p: bool(p.domain))
        if others:
            answer.data["account"] = sandbox.entities(None).account(others[0])

    # -- bytes ---------------------------------------------------------------------------------------------------

    def _head(self, status: int, headers: dict[str, str]) -> bytes:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _pack(self, answer: Answer, *, length: int | None = None) -> tuple[bytes, bytes]:
        body = answer.payload()
        headers = {
            "Date": self.date_time_string(),
            "Server": "Mastodon",
            "Content-Type": answer.mime,
            "Content-Length": str(len(body) if length is None else length),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        } | answer.headers
        if self.close_connection:
            headers["Connection"] = "close"
        return self._head(answer.status, headers), body

    def _send(self, answer: Answer, *, head: bool = False) -> None:
        top, body = self._pack(answer)
        # One write: the head and a small body travel in one packet.
        self.wfile.write(top if head else top + body)

    def _reset(self) -> None:
        """Close with RST, as a crashed peer or a cut cable does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The handler keeps the socket open through these files; all must go for the RST to leave.
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()

    def _spoilt(self, fault: Fault, answer: Answer) -> None:
        sandbox = self.server.sandbox
        kind = fault.kind
        self.close_connection = True
        if kind in ("reset_before", "drop_after_commit"):
            return self._reset()
        if kind == "late_commit" and fault.code == 0:
            return self._reset()
        if kind == "stall":
            sandbox.halt.wait(fault.wait)
            return None
        if kind in ("status", "late_commit"):
            return self._send(Answer({"error": HTTPStatus(fault.code).phrase}, fault.code, self._retry(fault)))
        if kind == "rate_limited":
            reset = sandbox.world.clock.now() + timedelta(seconds=fault.retry_after or 300)
            limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": iso(reset)}
            headers = self._retry(fault) | (limits if fault.retry_after is not None else {})
            return self._send(Answer({"error": "Too many requests"}, 429, headers))
        if kind == "redirect":
            return self._send(Answer(b"", fault.code, {"Location": fault.location}, "text/html"))
        if kind == "captive_portal":
            return self._send(Answer(_PORTAL, 200, {}, "text/html; charset=utf-8"))
        if kind == "garbage":
            noise = random.Random(fault.seed).randbytes(fault.size or 512)  # noqa: S311 - repeatable noise
            return self._send(Answer(noise, 200))
        if kind == "empty_body":
            return self._send(Answer(b"", 200))
        return self._cut(fault, answer)

    @staticmethod
    def _retry(fault: Fault) -> dict[str, str]:
        return {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}

    def _cut(self, fault: Fault, answer: Answer) -> None:
        """The deliveries that break off on the way."""
        off = fault.size or 64
        top, body = self._pack(answer, length=len(answer.payload()) + off if fault.kind == "wrong_length" else None)
        if fault.kind == "reset_after":
            self.wfile.write(top + body[:1])
            time.sleep(0.02)  # lets the first bytes arrive before the RST discards them
            return self._reset()
        if fault.kind == "truncated_body":
            self.wfile.write(top + body[: len(body) // 2])
            return None
        if fault.kind == "wrong_length":
            self.wfile.write(top + body)
            return None
        whole = top + body
        pause = fault.wait / max(1, len(whole))
        step = max(1, int(0.005 / pause)) if pause > 0 else len(whole)
        for at in range(0, len(whole), step):
            self.wfile.write(whole[at : at + step])
            if self.server.sandbox.halt.wait(pause * step):
                return None
        return None

    def log_message(self, format: str, *args: Any) -> None:
        log.debug("sandbox: " + format, *args)
