"""The sandbox as one object: starts and stops, finds who asks and for what, keeps limits and time."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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
from cmdesk.networks.sandbox.faults import Faults, Plan
from cmdesk.networks.sandbox.records import Person
from cmdesk.networks.sandbox.sample import open_world
from cmdesk.networks.sandbox.say import Say
from cmdesk.networks.sandbox.web import ROUTES, Answer, Call, Problem, Request, Route, Seen, allows, read_body
from cmdesk.networks.sandbox.wire import Door
from cmdesk.networks.sandbox.world import World

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How many requests an account may make: all in 5 minutes, uploads and deletions in 30. None: no limit."""

    requests: int | None = 300
    media: int | None = 30
    deletes: int | None = 30


NO_LIMITS = Limits(None, None, None)


class SandboxServer:
    """A small Mastodon-compatible network on this machine.

    `world` is "small" (three accounts without posts; default), "demo" (the sample communities), "empty", or a World.
    `port` 0 takes a free one; with `state` (a folder) the world and the port are kept over restarts. `live` is the
    mean number of new mentions an hour. `without` names features this server lacks, as compatible servers do:
    "scheduled", "conversations", "instance_v2", "edits", "quotes", "markers", "idempotency", "media_v2", "search"
    (no posts are found), "search_all" (only one's own and those one had to do with), "lookup".
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
        self.faults = Faults(self._mind_door)
        self.limits = limits or Limits()
        self.without = frozenset(without)
        self.software = software
        self.media_delay = media_delay
        self.live = live
        self.chance = random.Random(seed)
        self.requests: deque[Seen] = deque(maxlen=20_000)
        self.halt = threading.Event()
        self.say = Say(self.world)
        self._wanted_port = port or (self.world.book.port if state is not None else 0)
        self._port = 0
        self._http: Door | None = None
        self._threads: list[threading.Thread] = []
        self._used: dict[tuple[str, str, int], int] = defaultdict(int)
        self._lock = threading.Lock()
        self._door = threading.Lock()
        self._minding = threading.RLock()
        self._refusing = False
        self._refused_until: float | None = None
        self._serving = threading.Thread()
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

    def _run(self, name: str, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _open_door(self, port: int) -> None:
        with self._door:
            for attempt in range(50):
                try:
                    self._http = Door(("127.0.0.1", port), self)
                    break
                except OSError:
                    if not port or attempt == 49 or self._port == 0:
                        raise
                    time.sleep(0.02)
            http = self._http
            if http is None:
                raise OSError(f"port {port} is taken")
            self._port = http.server_port
            self._serving = threading.Thread(target=http.serve_forever, args=(0.02,), name="sandbox-door", daemon=True)
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
        """Close or open the door as the ordered `refuse` faults say."""
        with self._minding:
            order = self.faults.refusing()
            if self.halt.is_set():
                return
            if order is not None and not self._refusing:
                order.done += 1
                self._refusing = True
                self._refused_until = time.monotonic() + order.wait if order.wait else None
                self._close_door()
            elif self._refusing and (order is None or self._refusal_over()):
                if order is not None:
                    self.faults.remove(order.id)
                self._refusing = False
                self.go_online()

    def _refusal_over(self) -> bool:
        return self._refused_until is not None and time.monotonic() >= self._refused_until

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
            verb = "GET" if request.method == "HEAD" else request.method
            route, match = next(((r, m) for r, m in found if r.method == verb), (None, None))
            if route is None or match is None:
                raise Problem(405, "Method Not Allowed") if found else Problem(404, "Not Found")
            if self._lacks(route):
                raise Problem(404, "Not Found")
            read_body(request)
            call = Call(request, self, plan, args={name: unquote(each) for name, each in match.groupdict().items()})
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
            "lookup": "/accounts/lookup",
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
