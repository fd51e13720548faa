"""People who asked not to be addressed: a post that names one by handle stops and asks (U11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

import regex

from cmdesk.model import Account
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.texts import Copy, fold

CODE = "names_unwanted"

_MENTION = regex.compile(
    r"(?<![\w/@.])@([a-z0-9_](?:[a-z0-9_.-]{0,99}[a-z0-9_])?)(?:@([a-z0-9.-]{1,253}[a-z0-9]))?", regex.I
)


def hosts_of(accounts: Iterable[Account]) -> frozenset[str]:
    """Return the servers on which a handle without one is somebody of theirs."""
    found = (urlsplit(each.server if "//" in each.server else f"//{each.server}").hostname for each in accounts)
    return frozenset(each for each in found if each)


def named(text: str, hosts: Collection[str]) -> Iterator[tuple[str, int, int, frozenset[str]]]:
    """Yield (as written, start, end, every handle it may stand for, folded) for each person a text names by handle."""
    for match in _MENTION.finditer(text):
        name, host = fold(match[1]), fold(match[2] or "")
        meant = {f"{name}@{host}"} if host else {name, *(f"{name}@{each}" for each in hosts)}
        if host in hosts:
            meant.add(name)
        yield match[0], match.start(), match.end(), frozenset(meant)


def check(
    texts: Iterable[Copy], accounts: Iterable[Account], unwanted: Collection[str], sure: Collection[str] = ()
) -> Iterator[Finding]:
    """Ask about everybody named who does not want to be; those a person was `sure` of (by `detail`) are meant."""
    if not unwanted:
        return
    hosts = hosts_of(accounts)
    told: set[str] = set()
    for copy in texts:
        for said, start, end, meant in named(copy.text, hosts):
            detail = fold(said)
            if meant.isdisjoint(unwanted) or detail in told or detail in sure:
                continue
            told.add(detail)
            place = copy.at(start, end) if copy.kind in ("text", "alt") else None
            yield Finding(Level.ASK, CODE, detail=detail, place=place, said=(said,))
