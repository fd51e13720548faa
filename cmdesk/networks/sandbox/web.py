"""Requests, answers and the table of routes: the little that the sandbox needs of a web framework."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from cmdesk.networks.sandbox.faults import Plan
from cmdesk.networks.sandbox.records import Person, Status, Token

if TYPE_CHECKING:
    from cmdesk.networks.sandbox.entities import Entities
    from cmdesk.networks.sandbox.server import SandboxServer
    from cmdesk.networks.sandbox.world import World


class Problem(Exception):
    """An answer other than success, in Mastodon's error shape."""

    def __init__(self, status: int, error: str, description: str | None = None, **headers: str) -> None:
        super().__init__(error)
        self.status = status
        self.body: dict[str, Any] = {"error": error}
        if description is not None:
            self.body["error_description"] = description
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def not_found() -> Problem:
    """Mastodon's answer for what does not exist or may not be seen."""
    return Problem(404, "Record not found")


@dataclass
class File:
    """An uploaded file."""

    name: str
    mime: str
    data: bytes


@dataclass
class Request:
    """One request, read to its end."""

    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: bytes
    form: dict[str, Any] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    @property
    def bearer(self) -> str:
        """The access token, or nothing."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def value(self, name: str, default: Any = None) -> Any:
        """A parameter from the body, else from the query."""
        return self.form.get(name, self.query.get(name, default))

    def text(self, name: str) -> str:
        """A parameter as text, empty when absent."""
        value = self.value(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A parameter as a yes or no."""
        return str(self.value(name, "")).lower() in ("1", "true", "t", "on", "yes")

    def many(self, name: str) -> list[str]:
        """A list parameter: `name[]` repeated, or a JSON array."""
        value = self.value(name)
        if value is None:
            return []
        return [str(v) for v in value] if isinstance(value, list) else [str(value)]

    def limit(self, usual: int, most: int) -> int:
        """The page size asked for, within bounds."""
        try:
            return max(1, min(most, int(self.text("limit") or usual)))
        except ValueError:
            return usual


def pairs(items: list[tuple[str, str]]) -> dict[str, Any]:
    """Rails' reading of parameters: `a[]` makes a list, `a[b]` an object."""
    answer: dict[str, Any] = {}
    for key, value in items:
        name, _, inner = key.partition("[")
        inner = inner.rstrip("]")
        if key.endswith("[]") and not inner:
            answer.setdefault(name, []).append(value)
        elif "][" in inner:
            first, second = inner.split("][", 1)
            holder = answer.setdefault(name, {})
            if second:
                holder.setdefault(first, {})[second] = value
            else:
                holder.setdefault(first, []).append(value)
        elif inner:
            answer.setdefault(name, {})[inner] = value
        else:
            answer[name] = value
    return answer


def read_body(request: Request) -> None:
    """Fill `form` and `files` from the body. Raises Problem 400 when it is not what it says it is."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not request.body:
        return
    try:
        if kind == "application/json":
            data = json.loads(request.body)
            request.form = data if isinstance(data, dict) else {}
        elif kind == "multipart/form-data":
            _read_parts(request)
        elif kind == "application/x-www-form-urlencoded":
            request.form = pairs(parse_qsl(request.body.decode(), keep_blank_values=True))
    except (ValueError, RecursionError) as error:
        raise Problem(400, "Error occurred while parsing request parameters") from error


def _read_parts(request: Request) -> None:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    fields: list[tuple[str, str]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition") or ""
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_filename() is not None:
            request.files[str(name)] = File(part.get_filename() or "", part.get_content_type(), content)
        else:
            fields.append((str(name), content.decode("utf-8", "replace")))
    request.form = pairs(fields)


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


@dataclass
class Answer:
    """What goes back; `data` becomes JSON unless it is bytes (then `mime` says what they are)."""

    data: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    mime: str = "application/json; charset=utf-8"

    def payload(self) -> bytes:
        """The body's bytes."""
        return self.data if isinstance(self.data, bytes) else json.dumps(self.data).encode()


@dataclass
class Call:
    """A request on its way through a handler: who asks, of which server, with which faults."""

    request: Request
    server: SandboxServer
    plan: Plan
    token: Token | None = None
    person: Person | None = None
    args: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The server's world."""
        return self.server.world

    @property
    def me(self) -> Person:
        """Who is signed in. Raises Problem 401 or 422 when nobody is."""
        if self.token is None:
            raise Problem(401, "The access token is invalid")
        if self.person is None:
            raise Problem(422, "This method requires an authenticated user")
        return self.person

    @property
    def show(self) -> Entities:
        """The renderer for this viewer."""
        return self.server.entities(self.person)

    def status(self, name: str = "id") -> Status:
        """The status named in the path, if the viewer may see it. Raises Problem 404."""
        status = self.world.status(self.args[name])
        if status is None or not self.world.visible(status, self.person) or self.hidden(status):
            raise not_found()
        return status

    def own_status(self) -> Status:
        """The viewer's own status named in the path. Raises Problem 404 otherwise."""
        status = self.status()
        if status.author != self.me.id:
            raise not_found()
        return status

    def someone(self, name: str = "id") -> Person:
        """The person named in the path. Raises Problem 404."""
        found = self.world.book.people.get(self.args[name])
        if found is None:
            raise not_found()
        return found

    def hidden(self, status: Status) -> bool:
        """Whether an ordered fault keeps this status out of the answer."""
        if lag := self.plan.mode("readback_lag"):
            age = (self.world.clock.now() - status.created_at).total_seconds()
            if age < lag.wait:
                return True
        if forgets := self.plan.mode("replica_forgets"):
            return self.server.chance.random() < forgets.share
        return False


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """One endpoint."""

    method: str
    pattern: re.Pattern[str]
    path: str
    handler: Handler
    scope: str


ROUTES: list[Route] = []


def route(line: str, *, scope: str = "") -> Callable[[Handler], Handler]:
    """Register `METHOD /path/:with/:names`; `scope` makes it need a token that allows it ("any": any token)."""
    method, path = line.split(" ", 1)
    pattern = re.compile(re.sub(r":([a-z_]+)", r"(?P<\1>[^/]+)", path))

    def add(handler: Handler) -> Handler:
        ROUTES.append(Route(method, pattern, path, handler, scope))
        return handler

    return add


def allows(granted: list[str], needed: str) -> bool:
    """Whether scopes cover `needed`: `write` covers `write:statuses`."""
    if needed in ("", "any"):
        return True
    return any(have == needed or needed.startswith(have + ":") for have in granted)


def page(
    call: Call, rows: list[Any], *, usual: int, most: int, key: Callable[[Any], int], render: Callable[[Any], Any]
) -> Answer:
    """One page of `rows` (newest first), by max_id, since_id and min_id as Mastodon understands them, with Link header.

    min_id gives the page just above it, so that walking it upwards leaves no gap; since_id gives the newest page.
    """
    request = call.request
    limit = request.limit(usual, most)
    ids = {name: _number(request.text(name)) for name in ("max_id", "since_id", "min_id")}
    found = rows
    if (top := ids["max_id"]) is not None:
        found = [row for row in found if key(row) < top]
    if (since := ids["since_id"]) is not None:
        found = [row for row in found if key(row) > since]
    if (above := ids["min_id"]) is not None:
        found = [row for row in found if key(row) > above][-limit:]
    found = found[:limit]
    cut = call.plan.mode("truncated_timeline")
    if cut is not None:
        found = found[: cut.keep]
    headers: dict[str, str] = {}
    if found and cut is None:
        kept = "".join(
            f"&{name}{'[]' if isinstance(value, list) else ''}={quote(str(one))}"
            for name, value in request.query.items()
            if name not in ids and name != "limit"
            for one in (value if isinstance(value, list) else [value])
        )
        here = f"{call.server.url}{request.path}?limit={limit}{kept}"
        links = [f'<{here}&min_id={key(found[0])}>; rel="prev"']
        if len(found) == limit:
            links.insert(0, f'<{here}&max_id={key(found[-1])}>; rel="next"')
        headers["Link"] = ", ".join(links)
    return Answer([render(row) for row in found], headers=headers)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
