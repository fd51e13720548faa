"""What a link leads to: whether it answers, and the title, description and picture its page offers (rank 42)."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from cmdesk.clock import Clock
from cmdesk.errors import Gone, NetworkError, Offline, RateLimited
from cmdesk.networks.addresses import is_loopback_origin, origin_of
from cmdesk.networks.http import Client, Timeouts, status_of
from cmdesk.text import clean

PAGE_BYTES = 1_000_000
_READ = 400_000  # characters of a page that are looked at: the head stands at its beginning
_REDIRECTS = 5
# Many shops answer programs with these and people with the page: they say nothing about the link.
_SHY = frozenset({401, 403, 405, 406, 429, 451, 999})

_UNREACHABLE = {"dns": "no_host", "tls": "tls", "refused": "server", "private_address": "unknown"}


@dataclass(frozen=True, slots=True)
class WebPage:
    """A link's answer. `code` is '' when it is good, else why not: `gone`, `no_host`, `tls`, `redirect`, `server`.

    Where the page would not tell a program it is `unknown`: no reason to call it broken. `no_host` is what a computer
    without a network sees everywhere, too: whoever asks must know that it has one.
    """

    url: str
    status: int = 0
    code: str = ""
    final_url: str = ""
    title: str = ""
    description: str = ""
    image_url: str = ""


def look(url: str, *, account_server: str = "", clock: Clock | None = None) -> WebPage:
    """Ask for the page behind `url`, without cookies, tokens or a referrer; raises `Offline` when nothing can be asked.

    https only, public addresses only (loopback too where `account_server` is this machine), a megabyte at most.
    """
    local, at = is_loopback_origin(account_server), url
    for _ in range(_REDIRECTS + 1):
        origin = origin_of(at)
        mine = is_loopback_origin(origin) if origin else False
        if not origin or (mine and not local) or (urlsplit(at).scheme != "https" and not mine):
            return WebPage(url, code="unknown", final_url=at)
        client = Client(origin, clock=clock, timeouts=Timeouts(connect=5, read=8, total=15), retries=0)
        parts = urlsplit(at)
        path = "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
        try:
            accept = ("text/html", "application/xhtml+xml", "*/*;q=0.5")
            answer = client.call("GET", path, accept=accept, want_json=False, limit=PAGE_BYTES, redirects=True)
        except Offline as error:
            if error.code not in _UNREACHABLE:
                raise
            return WebPage(url, code=_UNREACHABLE[error.code], final_url=at)
        except NetworkError as error:
            return _refused(url, at, error)
        finally:
            client.close()
        if 300 <= answer.status < 400 and answer.headers.get("location"):
            at = urljoin(at, answer.headers["location"])
            continue
        return _read(url, at, answer.status, answer.raw, answer.headers.get("content-type", ""))
    return WebPage(url, code="redirect", final_url=at)


def _refused(url: str, at: str, error: NetworkError) -> WebPage:
    status = status_of(error)
    if isinstance(error, Gone) or status in (404, 410):
        return WebPage(url, status or 404, "gone", at)
    if isinstance(error, RateLimited) or status in _SHY:
        return WebPage(url, status, "unknown", at)
    if status >= 500:
        return WebPage(url, status, "server", at)
    if 400 <= status < 500:
        return WebPage(url, status, "gone", at)
    # Too large, too slow or garbled: the page is there.
    return WebPage(url, status, "unknown", at)


def _read(url: str, at: str, status: int, raw: bytes, kind: str) -> WebPage:
    if "html" not in kind.lower():
        return WebPage(url, status, "", at)
    head = _Head()
    head.feed(_text(raw, kind)[:_READ])
    title = head.of("og:title") or head.of("twitter:title") or head.title
    description = head.of("og:description") or head.of("description")
    image = head.of("og:image") or head.of("og:image:url") or head.of("twitter:image")
    return WebPage(
        url, status, "", at, _line(title, 200), _line(description, 400), urljoin(at, image)[:2000] if image else ""
    )


def _text(raw: bytes, kind: str) -> str:
    named = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    for encoding in (named, "utf-8"):
        try:
            return raw.decode(encoding) if encoding else raw.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _line(text: str, longest: int) -> str:
    return " ".join(clean(text).split())[:longest]


class _Head(HTMLParser):
    """Gathers the title and the meta fields; what stands in the body counts no less, since many pages are broken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._fields: dict[str, str] = {}
        self._in_title = False

    def of(self, name: str) -> str:
        """Return a field, '' when the page has none."""
        return self._fields.get(name, "").strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = not self.title
        elif tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").lower()
            if name and given.get("content"):
                self._fields.setdefault(name, given["content"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
