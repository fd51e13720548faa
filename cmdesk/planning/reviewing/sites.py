"""Whose a link is: hosts, and on hosts that many share the first part of the path."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import regex

from cmdesk.text import links

# One host, many owners: the host alone says nothing of whose the page is.
SHARED = frozenset(
    {
        "instagram.com", "facebook.com", "fb.me", "fb.com", "x.com", "twitter.com", "t.co", "youtube.com", "youtu.be",
        "tiktok.com", "linkedin.com", "lnkd.in", "pinterest.com", "pinterest.es", "pin.it", "threads.net",
        "threads.com", "bsky.app", "t.me", "wa.me", "whatsapp.com", "linktr.ee", "beacons.ai", "bit.ly", "tinyurl.com",
        "ow.ly", "buff.ly", "goo.gl", "maps.app.goo.gl", "g.page", "google.com", "docs.google.com",
        "drive.google.com", "forms.gle", "medium.com", "substack.com", "etsy.com", "amazon.com", "amazon.es",
        "amzn.to", "eventbrite.com", "eventbrite.es", "spotify.com", "open.spotify.com", "github.com", "patreon.com",
        "ko-fi.com", "mastodon.social",
    }
)  # fmt: skip
_BARE = regex.compile(
    r"(?<![\w@/.:-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)++[a-z]{2,24}(?![\w@-])(?:/[^\s<>\"»”]*+)?",
    regex.IGNORECASE,
)
_MAIL = regex.compile(r"[\w.+-]{1,64}+@((?:[\w-]{1,63}+\.)+[a-z]{2,24})(?![\w-])", regex.IGNORECASE)


def host_of(address: str) -> str:
    """Return the host of a link or bare address in small letters without www, '' where there is none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host.removeprefix("www.")


def site_of(address: str) -> str:
    """Return what tells owners apart: the host, or host/first part of the path where many share a host."""
    host = host_of(address)
    if host not in SHARED:
        return host
    try:
        path = urlsplit(address if "//" in address else f"//{address}").path
    except ValueError:
        return host
    first = next((each for each in path.split("/") if each), "")
    return f"{host}/{first.lower()}" if first else host


def belongs(site: str, own: Iterable[str]) -> bool:
    """Say whether a site is one of these, or below one of them (tienda.example.com is of example.com)."""
    for each in own:
        if site == each or site.endswith(f".{each}") or ("/" not in each and site.startswith(f"{each}/")):
            return True
    return False


@lru_cache(maxsize=256)
def addresses(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return every address in a text as (start, end, as written): links, bare domains and those of mail addresses."""
    found = links(text)
    taken = list(found)
    for match in (*_BARE.finditer(text), *_MAIL.finditer(text)):
        start, end = match.span()
        if any(start < until and end > since for since, until, _link in taken):
            continue
        said = match[0].rstrip(".,;:!?)…")
        found.append((start, start + len(said), match[1] if match.re is _MAIL else said))
    return tuple(found)
