"""The one HTTP layer: what left, what came back, and which error class that is (RELIABILITY part 2).

Three kinds of call, told apart by what a doubt means:

- a *read* changes nothing: every failure can be tried again;
- a *repeatable* write (an upload nobody sees yet, a session renewal) is classified as a read;
- a *write* happens or does not: what is neither a definite yes nor a definite no is `Uncertain`.
"""

from __future__ import annotations

import email.utils
import http.cookiejar
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import requests
from urllib3.exceptions import HTTPError as WireError
from urllib3.util.retry import Retry

from cmdesk import __version__
from cmdesk.clock import Clock, SystemClock
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
from cmdesk.networks.addresses import is_loopback_origin, origin_of
from cmdesk.networks.base import Budget
from cmdesk.networks.payload import decode
from cmdesk.networks.wire import GuardedAdapter, PeerRefused, Wire
from cmdesk.text import html_to_text

USER_AGENT = f"CMDesk/{__version__} (desktop)"
JSON_BYTES = 8 * 1024 * 1024  # after decompression
MAX_WAIT = timedelta(hours=1)
DEFAULT_WAIT = timedelta(minutes=5)
_DEFINITE = frozenset({400, 401, 403, 404, 410, 413, 415, 422, 429})

# Told every secret that is put on the wire, so that the log can redact its value; set by the composition root.
_on_secret: list[Callable[[str], None]] = []


def on_secret(tell: Callable[[str], None]) -> None:
    """Let `tell` know each token this layer is given (the log's redactor)."""
    if tell not in _on_secret:
        _on_secret.append(tell)


class Mode(Enum):
    """What a doubt about a call means."""

    READ = "read"
    REPEATABLE = "repeatable"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two bytes, and for a whole call or upload."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0
    upload: float = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A definite yes: status, headers with lower-case names, decoded JSON (None when there was no body)."""

    status: int
    headers: Mapping[str, str]
    data: Any
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Upload:
    """A body that is not JSON: multipart when `field` is set, raw bytes otherwise."""

    content: bytes
    mime: str
    field: str = ""
    filename: str = ""
    fields: Mapping[str, str] | None = None


class _NoRedirectSession(requests.Session):
    """A session without cookies, environment, .netrc or redirects."""

    def __init__(self, adapter: GuardedAdapter) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self.headers.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
        """Nothing to rebuild: redirects are never followed."""


def _no_auth(request: Any) -> Any:
    """Stand in for requests' own authentication, which would look into .netrc."""
    return request


class Client:
    """One account's line to one server; holds its rate-limit budget and the server's clock."""

    def __init__(
        self, origin: str, *, clock: Clock | None = None, timeouts: Timeouts | None = None, retries: int = 2
    ) -> None:
        self.origin = origin_of(origin)
        if not self.origin:
            raise NotSent("no server address", code="server_form")
        self.clock: Clock = clock or SystemClock()
        self.timeouts = timeouts or Timeouts()
        self.budget: Budget | None = None
        self.server_date: tuple[datetime, datetime] | None = None
        """The last `Date` header and our own time when it came (both aware UTC)."""
        self.html_errors = False
        """Whether this server's own refusals are pages (snac): then they are its voice, not a portal's."""
        self._retries = retries
        self._wire = Wire(loopback=is_loopback_origin(self.origin))
        self._session: requests.Session | None = None

    def close(self) -> None:
        """Close idle connections."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def call(
        self,
        method: str,
        path: str,
        *,
        mode: Mode = Mode.READ,
        params: Sequence[tuple[str, str]] | Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        upload: Upload | None = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        accept: Sequence[str] = ("application/json",),
        want_json: bool = True,
        redirects: bool = False,
        limit: int = JSON_BYTES,
    ) -> Answer:
        """Make one call to a path of this client's own origin and return its answer, or raise by class.

        Reads are tried again below (connection trouble, 502 to 504, at most twice); writes never, and
        each on a connection of its own. `path` must begin with '/': tokens go nowhere else. Redirects are
        never followed; with `redirects` (calls without token) their answer is returned.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise NotSent("not a path of this server", code="foreign_address")
        sent = {"User-Agent": USER_AGENT, "Accept": ", ".join(accept), "Accept-Encoding": "gzip, deflate"}
        sent.update(headers or {})
        if token:
            for tell in _on_secret:
                tell(token)
            sent["Authorization"] = f"Bearer {token}"
        body: dict[str, Any] = {}
        if json is not None:
            import msgspec

            body["data"] = msgspec.json.encode(json)
            sent["Content-Type"] = "application/json"
        elif form is not None:
            body["data"] = dict(form)
        elif upload is not None and upload.field:
            body["files"] = {upload.field: (upload.filename, upload.content, upload.mime)}
            body["data"] = dict(upload.fields or {})
        elif upload is not None:
            body["data"] = upload.content
            sent["Content-Type"] = upload.mime
        fresh = mode is not Mode.READ
        if fresh:
            sent["Connection"] = "close"
        session = self._new_session(0) if fresh else self._kept_session()
        total = self.timeouts.upload if upload is not None else self.timeouts.total
        self._wire.begin(total_s=total, read_s=total if upload is not None else self.timeouts.read)
        try:
            response = session.request(
                method,
                self.origin + path,
                params=params,
                headers=sent,
                auth=_no_auth,
                timeout=(self.timeouts.connect, self.timeouts.read),
                allow_redirects=False,
                stream=True,
                **body,
            )
            with response:
                raw, cut = _read(response, limit)
        except (requests.RequestException, WireError, OSError, PeerRefused, ValueError) as error:
            raise self._broken(error, mode) from error
        finally:
            if fresh:
                session.close()
        answered = {name.lower(): value for name, value in response.headers.items()}
        self._note(answered)
        if redirects and not token and 300 <= response.status_code < 400:
            return Answer(response.status_code, answered, None)
        if cut and 200 <= response.status_code < 300:
            raise _doubt(mode, cut, self._host)
        return self._judge(response.status_code, answered, raw, mode=mode, want_json=want_json)

    # ── sessions ──

    @property
    def _host(self) -> str:
        return self.origin.split("://", 1)[1]

    def _new_session(self, retries: int) -> requests.Session:
        policy = Retry(
            total=retries,
            connect=retries,
            read=retries,
            redirect=0,
            status=retries,
            other=0,
            allowed_methods=frozenset({"GET", "HEAD"}),
            status_forcelist=(502, 503, 504),
            backoff_factor=0.2,
            backoff_jitter=0.1,
            respect_retry_after_header=False,  # a worker thread never sleeps on a server's word
            raise_on_status=False,
            raise_on_redirect=False,
        )
        return _NoRedirectSession(GuardedAdapter(self._wire, retries=policy))

    def _kept_session(self) -> requests.Session:
        if self._session is None:
            self._session = self._new_session(self._retries)
        return self._session

    # ── judging ──

    def _broken(self, error: Exception, mode: Mode) -> NetworkError:
        """Return the class of an exchange that ended without an answer."""
        if isinstance(error, PeerRefused):
            return Offline("the server's name leads into a private network", code="private_address", detail=self._host)
        if not self._wire.started:
            return Offline("no connection", code=_connect_code(error), detail=self._host)
        if isinstance(error, requests.exceptions.InvalidHeader | requests.exceptions.InvalidURL | UnicodeError):
            return NotSent("this request cannot be written", code="request_form", detail=self._host)
        late = isinstance(error, requests.Timeout | TimeoutError) or "timed out" in str(error).lower()
        return _doubt(mode, "timeout" if late else "dropped", self._host)

    def _judge(self, status: int, headers: Mapping[str, str], raw: bytes, *, mode: Mode, want_json: bool) -> Answer:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_html = bool(raw) and (kind in ("text/html", "application/xhtml+xml") or raw[:64].lstrip()[:1] == b"<")
        if 200 <= status < 300:
            if not want_json:
                return Answer(status, headers, None, raw)
            if is_html:
                raise _doubt(mode, "html", self._host)
            try:
                return Answer(status, headers, decode(raw) if raw.strip() else None, raw)
            except ValueError as error:
                raise _doubt(mode, "garbage", self._host) from error
        reason = _reason(raw, html=is_html)
        if status == 429:
            until = self._until(headers)
            raise _noted(RateLimited("the server asks to wait", until=until, detail=reason or self._host), status, raw)
        if 300 <= status < 400:
            raise _noted(_doubt(mode, "redirect", self._host), status, raw)
        if is_html and status != 413 and not (self.html_errors and status < 500):
            # Not the network's own voice: a captive portal, a proxy, a firewall.
            raise _noted(_doubt(mode, "server_error" if status >= 500 else "html", f"{status}"), status, raw)
        if status >= 500 or status in (408, 409, 425) or (mode is Mode.WRITE and status not in _DEFINITE):
            if mode is not Mode.WRITE and status == 503 and "retry-after" in headers:
                raise _noted(RateLimited("the server rests", until=self._until(headers)), status, raw)
            raise _noted(_doubt(mode, "server_error", f"{status} {reason}".strip()), status, raw)
        raise _noted(_refusal(status, reason), status, raw)

    # ── what headers say ──

    def _note(self, headers: Mapping[str, str]) -> None:
        now = self.clock.now()
        told = _http_date(headers.get("date", ""))
        if told is not None:
            self.server_date = (told, now)
        for prefix in ("x-ratelimit", "ratelimit"):
            limit, remaining = _number(headers.get(f"{prefix}-limit")), _number(headers.get(f"{prefix}-remaining"))
            if limit is not None and remaining is not None and limit > 0:
                reset = self._moment(headers.get(f"{prefix}-reset", ""))
                self.budget = Budget(limit=int(limit), remaining=max(0, int(remaining)), reset=reset)
                return

    def _moment(self, value: str) -> datetime | None:
        """Read a reset header: ISO time, Unix seconds or seconds from now; clamped to an hour ahead."""
        now = self.clock.now()
        number = _number(value)
        try:
            if number is not None:
                at = now + timedelta(seconds=number) if number < 1e9 else datetime.fromtimestamp(number, UTC)
            else:
                parsed = datetime.fromisoformat(value)
                at = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return min(max(at.astimezone(UTC), now), now + MAX_WAIT)

    def _until(self, headers: Mapping[str, str]) -> datetime:
        """Return when a refused call may be tried again (Retry-After, else a reset header, else five minutes)."""
        now = self.clock.now()
        after = headers.get("retry-after", "")
        number = _number(after)
        if number is not None:
            return now + min(timedelta(seconds=min(max(number, 1.0), 1e6)), MAX_WAIT)
        date = _http_date(after)
        if date is not None:
            return min(max(date, now + timedelta(seconds=1)), now + MAX_WAIT)
        for name in ("x-ratelimit-reset", "ratelimit-reset"):
            at = self._moment(headers.get(name, ""))
            if at is not None and at > now:
                return at
        return now + DEFAULT_WAIT


def _read(response: requests.Response, limit: int) -> tuple[bytes, str]:
    """Return the body and, when it is not all there, why. Counted after decompression (RELIABILITY 16)."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in response.raw.stream(65536, decode_content=True):
            size += len(chunk)
            if size > limit:
                return b"".join(parts), "too_large"
            parts.append(chunk)
    except (WireError, OSError) as error:
        return b"".join(parts), "timeout" if isinstance(error, TimeoutError) or "timed out" in str(error) else "cut"
    return b"".join(parts), ""


def _doubt(mode: Mode, code: str, detail: str) -> NetworkError:
    if mode is Mode.WRITE:
        return Uncertain("nobody knows whether it happened", code=code, detail=detail)
    return Unreadable("the server's answer cannot be used", code=code, detail=detail)


def _refusal(status: int, reason: str) -> NetworkError:
    if status == 401:
        return AuthExpired("the server no longer accepts these credentials", detail=reason)
    if status in (404, 410):
        return Gone("not there (any more)", detail=reason)
    code = {403: "forbidden", 413: "too_large", 415: "media_type"}.get(status)
    return Rejected("the server refuses this", code=code, detail=reason or str(status))


def _noted(error: NetworkError, status: int, raw: bytes) -> NetworkError:
    """Add the status and the server's own error name for the adapter that knows its meaning."""
    try:
        data = decode(raw[:65536]) if raw[:1] in (b"{", b" ", b"\n") else None
    except ValueError:
        data = None
    name = data.get("error") if isinstance(data, dict) else None
    error.add_note(f"status={status}")
    error.add_note(f"name={name if isinstance(name, str) else ''}"[:120])
    return error


def status_of(error: BaseException) -> int:
    """Return the HTTP status behind an error of this layer, 0 when there was no answer."""
    for note in getattr(error, "__notes__", ()):
        if note.startswith("status="):
            return int(note[7:])
    return 0


def name_of(error: BaseException) -> str:
    """Return the `error` field of the answer behind an error of this layer, '' when there was none."""
    for note in getattr(error, "__notes__", ()):
        if note.startswith("name="):
            return str(note[5:])
    return ""


def _reason(raw: bytes, *, html: bool) -> str:
    """Return a server's own explanation as one short line of plain text."""
    if html or not raw:
        return ""
    try:
        data = decode(raw[:65536])
    except ValueError:
        return " ".join(html_to_text(raw[:600].decode("utf-8", "replace")).split())[:300]
    if isinstance(data, dict):
        for field in ("error_description", "message", "error", "detail"):
            if isinstance(data.get(field), str) and data[field]:
                return " ".join(html_to_text(data[field][:2000]).split())[:300]
    return ""


def _connect_code(error: Exception) -> str:
    text = f"{type(error).__name__} {error}".lower()
    if "nameresolution" in text or "getaddrinfo" in text or "name or service" in text:
        return "dns"
    if "ssl" in text or "certificate" in text:
        return "tls"
    if "refused" in text:
        return "refused"
    return "offline"


def _number(value: str | None) -> float | None:
    if value is None or len(value) > 30:
        return None
    try:
        number = float(value.split(",")[0])
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _http_date(value: str) -> datetime | None:
    if not value or value.isdigit():
        return None
    try:
        at = email.utils.parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
