"""What stands in a post's way, what deserves a second look: checked while it is written and before it is sealed.

Pure. A finding names a code and where; screens and the command line word it (U4,
rank 18: limits are met on adding, never discovered when publishing).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cmdesk.text import bluesky_length, mastodon_length, utf8_length


class Level(StrEnum):
    """How serious a finding is: an error blocks, an ask stops until a person says yes, a hint may be ignored."""

    ERROR = "error"
    ASK = "ask"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a post: a part (0 the first text, -1 the first comment), whose text (as `Post.variants`), from, to.

    With a `media_id` it is the description of that picture.
    """

    part: int = 0
    key: str = ""
    start: int = 0
    end: int = 0
    media_id: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a post; `account_id` 0 concerns all of it.

    `detail` tells two findings of a code apart, also where one is ignored for a brand. `said` are the words that
    decided, `fix` the key of what mends it, `post_id` and `at` the other post it speaks of.
    """

    level: Level
    code: str
    account_id: int = 0
    detail: str = ""
    place: Place | None = None
    fix: str = ""
    said: tuple[str, ...] = ()
    post_id: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """An account as far as its rules go; `limits` and `visibilities` come from its stored capabilities."""

    account_id: int
    network: str
    characters: int
    url_characters: int | None = None
    max_bytes: int | None = None
    images: int = 4
    alt_characters: int = 1500
    visibilities: tuple[str, ...] = ("public",)
    content_warning: bool = False
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post as far as its rules go."""

    mime: str
    alt: str


# What counts where an account's own numbers were never read (apis: Mastodon's default, Bluesky's lexicon).
_CHARACTERS = {"mastodon": 500, "bluesky": 300}


def destination(account_id: int, network: str, capabilities: Mapping[str, Any]) -> Destination:
    """Read an account's stored capabilities; missing ones fall back to the network's published defaults."""
    limits = capabilities.get("limits")
    known: Mapping[str, Any] = limits if isinstance(limits, Mapping) else {}
    visibilities = capabilities.get("visibilities")
    return Destination(
        account_id=account_id,
        network=network,
        characters=int(known.get("characters") or _CHARACTERS.get(network, 500)),
        url_characters=known.get("url_characters", 23 if network == "mastodon" else None),
        max_bytes=known.get("bytes", 3000 if network == "bluesky" else None),
        images=int(known.get("images") or 4),
        alt_characters=int(known.get("alt_characters") or 1500),
        visibilities=tuple(visibilities) if isinstance(visibilities, list | tuple) and visibilities else ("public",),
        content_warning=bool(capabilities.get("content_warning", network == "mastodon")),
        publish=bool(capabilities.get("publish", True)),
    )


def length(where: Destination, text: str, spoiler: str = "") -> int:
    """Return the length of a text by the rule of the destination's network."""
    if where.network == "bluesky":
        return bluesky_length(text)
    return mastodon_length(text, spoiler if where.content_warning else "", url_characters=where.url_characters)


def review(
    *,
    text: str,
    variants: Mapping[str, str],
    destinations: Sequence[Destination],
    pictures: Sequence[Picture] = (),
    visibility: str = "public",
    spoiler: str = "",
) -> list[Finding]:
    """Return everything worth saying about a post, errors first, then in the order of its destinations."""
    found: list[Finding] = []
    if not destinations:
        found.append(Finding(Level.ERROR, "no_accounts"))
    for where in destinations:
        found.extend(_of_account(where, variants.get(where.network, text), pictures, visibility, spoiler))
    if not destinations and not text.strip() and not pictures:
        found.append(Finding(Level.ERROR, "empty_text"))
    missing = sum(1 for picture in pictures if not picture.alt.strip())
    if missing:
        found.append(Finding(Level.WARNING, "no_alt", detail=str(missing)))
    if not pictures and text.strip():
        found.append(Finding(Level.HINT, "no_picture"))
    order = list(Level)
    return sorted(found, key=lambda one: order.index(one.level))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return what blocks sealing."""
    return [one for one in findings if one.level is Level.ERROR]


def _of_account(
    where: Destination, text: str, pictures: Sequence[Picture], visibility: str, spoiler: str
) -> Iterable[Finding]:
    if not where.publish:
        yield Finding(Level.ERROR, "cannot_publish", where.account_id)
    if not text.strip() and not pictures:
        yield Finding(Level.ERROR, "empty_text", where.account_id)
    used = length(where, text, spoiler)
    if used > where.characters:
        yield Finding(Level.ERROR, "too_long", where.account_id, str(used - where.characters))
    elif where.max_bytes is not None and utf8_length(text) > where.max_bytes:
        yield Finding(Level.ERROR, "too_many_bytes", where.account_id, str(utf8_length(text) - where.max_bytes))
    if len(pictures) > where.images:
        yield Finding(Level.ERROR, "too_many_pictures", where.account_id, str(where.images))
    if any(len(picture.alt) > where.alt_characters for picture in pictures):
        yield Finding(Level.ERROR, "alt_too_long", where.account_id, str(where.alt_characters))
    if visibility not in where.visibilities:
        yield Finding(Level.WARNING, "visibility_becomes_public", where.account_id, visibility)
    if spoiler and not where.content_warning:
        yield Finding(Level.WARNING, "warning_not_shown", where.account_id)
