"""What intake takes in: the shape of an item, and small facts about it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from cmdesk.clock import to_ms
from cmdesk.store.rows import dump

EVENTS = frozenset({"favourite", "boost", "follow"})
DELETED = "deleted"
CONTEXT = "context"
OWN = "own"
_LAST_MS = (1 << 43) - 1  # the year 2248: later times share the last ids


class ItemAuthor(Protocol):
    """Who speaks (cmdesk.networks.base.Author has these)."""

    @property
    def remote_id(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def avatar_url(self) -> str: ...
    @property
    def profile_url(self) -> str: ...
    @property
    def followers(self) -> int | None: ...
    @property
    def bot(self) -> bool: ...


class ItemCounts(Protocol):
    """Reach of an item (cmdesk.networks.base.Counts has these)."""

    @property
    def favourites(self) -> int | None: ...
    @property
    def boosts(self) -> int | None: ...
    @property
    def replies(self) -> int | None: ...
    @property
    def quotes(self) -> int | None: ...
    @property
    def views(self) -> int | None: ...


class Item(Protocol):
    """One normalised item of a stream (cmdesk.networks.base.Incoming has these)."""

    @property
    def remote_id(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def author(self) -> ItemAuthor: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def spoiler(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def visibility(self) -> str: ...
    @property
    def parent_id(self) -> str: ...
    @property
    def parent_author_id(self) -> str: ...
    @property
    def thread_id(self) -> str: ...
    @property
    def target_id(self) -> str: ...
    @property
    def quoted_id(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def ref(self) -> Mapping[str, str]: ...
    @property
    def edited_at(self) -> datetime | None: ...
    @property
    def attachments(self) -> tuple[Any, ...]: ...
    @property
    def mentions(self) -> tuple[str, ...]: ...
    @property
    def counts(self) -> ItemCounts: ...
    @property
    def favourited(self) -> bool | None: ...
    @property
    def boosted(self) -> bool | None: ...
    @property
    def read(self) -> bool: ...


def message_id(created_ms: int, account_id: int, remote_id: str, taken: Callable[[int], bool]) -> int:
    """Mint a message's id: its time in the high bits, a stable hash below, one higher while that is taken."""
    high = min(max(created_ms, 0), _LAST_MS) << 20
    low = zlib.crc32(f"{account_id}/{remote_id}".encode("utf-8", "replace")) & 0xFFFFF
    while taken(high | low):
        low = (low + 1) & 0xFFFFF
    return high | low


def clean(text: str) -> str:
    """Return a text that SQLite keeps whole: no NUL, no half of a surrogate pair."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def attachments_json(attachments: Iterable[Any]) -> str:
    """Return attachments as a message's column holds them."""
    plain = [
        {
            "kind": each.kind,
            "url": each.url,
            "preview_url": each.preview_url,
            "alt": clean(each.alt),
            "width": each.width,
            "height": each.height,
        }
        for each in attachments
    ]
    return dump(plain) if plain else "[]"


def version_ms(item: Item) -> int:
    """Return the time of the version of an item that we see: of its last edit, else of its making."""
    return to_ms(item.edited_at or item.created_at)


def without_doubles(items: Iterable[Item]) -> list[Item]:
    """Return the items, oldest first, each id once: the newest version, and rather as itself than as context."""
    kept: dict[str, Item] = {}
    for item in items:
        other = kept.get(item.remote_id)
        if other is None or _rank(item) > _rank(other):
            kept[item.remote_id] = item
    return sorted(kept.values(), key=lambda item: (item.created_at, item.remote_id))


def _rank(item: Item) -> tuple[bool, int]:
    return str(item.kind) != CONTEXT, version_ms(item)
