"""Fetching pictures of others: no token, no cookies, no referrer, bounded, public addresses only (RELIABILITY 19)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cmdesk.clock import Clock
from cmdesk.errors import NetworkError, Rejected, Unreadable
from cmdesk.networks.addresses import is_loopback_origin, origin_of
from cmdesk.networks.http import Client, Timeouts

PICTURE_BYTES = 10 * 1024 * 1024
_REDIRECTS = 3
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes of a picture and its type by their content, not by what the server said."""

    content: bytes
    mime: str


def picture_type(content: bytes) -> str:
    """Return the media type of the four picture formats the desk decodes, '' for anything else."""
    for signature, mime in _SIGNATURES:
        if content.startswith(signature):
            return mime
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def fetch_picture(
    url: str, *, account_server: str = "", limit: int = PICTURE_BYTES, clock: Clock | None = None
) -> Picture:
    """Return the picture behind an address a network named.

    https only, unless `account_server` is this machine (then loopback addresses too). At most three
    redirects, each checked like the first address. Raises `Gone`, `Rejected` (code `media_type`,
    `foreign_address`), `Unreadable`, `Offline`.
    """
    local = is_loopback_origin(account_server)
    for _ in range(_REDIRECTS + 1):
        origin = origin_of(url)
        mine = is_loopback_origin(origin) if origin else False
        if not origin or (mine and not local) or (urlsplit(url).scheme != "https" and not mine):
            raise Rejected("not an address pictures are fetched from", code="foreign_address", detail=origin)
        client = Client(origin, clock=clock, timeouts=Timeouts(connect=5, read=10, total=30), retries=0)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            accept = ("image/webp", "image/png", "image/jpeg", "image/gif")
            answer = client.call("GET", _one_slash(path), accept=accept, want_json=False, limit=limit, redirects=True)
        finally:
            client.close()
        if 300 <= answer.status < 400:
            url = urljoin(url, answer.headers.get("location", ""))
            continue
        mime = picture_type(answer.raw)
        if not mime:
            raise Rejected("not a picture the desk shows", code="media_type", detail=origin)
        return Picture(answer.raw, mime)
    raise Unreadable("too many redirects", code="redirect")


def try_picture(url: str, *, account_server: str = "", limit: int = PICTURE_BYTES) -> Picture | None:
    """Return a picture, or None when there is none to be had: for avatars, where nothing depends on it."""
    try:
        return fetch_picture(url, account_server=account_server, limit=limit)
    except NetworkError:
        return None


def _one_slash(path: str) -> str:
    return "/" + path.lstrip("/")
