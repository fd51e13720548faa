"""What the tests of the networks build again and again: sealed posts, pictures, adapters."""

from __future__ import annotations

import copy
import hashlib
import random
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cmdesk.networks.base import Finding, Incoming, MediaFile, Outgoing, ReplyTarget
from cmdesk.planning.keys import new_key, new_record_key


def outgoing(kind: str, text: str, author: str, *, now: datetime | None = None, **more: Any) -> Outgoing:
    """Seal something as the outbox does."""
    at = now or datetime.now(UTC)
    record_key = more.pop("record_key", None) or new_record_key(at)
    return Outgoing(kind, text, more.pop("key", new_key()), record_key, at, author, **more)


def target(item: Incoming) -> ReplyTarget:
    """The item as something to be answered."""
    return ReplyTarget(item.remote_id, dict(item.ref), item.visibility, item.thread_id)


def png(path: Path, *, width: int = 120, height: int = 80, alt: str = "Un cuadrado azul") -> MediaFile:
    """Write a small valid picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    row = b"\x00" + b"\x30\x60\xc0" * width
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )
    path.write_bytes(content)
    return MediaFile(path, "image/png", hashlib.sha256(content).hexdigest(), width, height, alt)


def look(adapter: Any, sealed: Outgoing, *, around: datetime | None = None, claimed: tuple[str, ...] = ()) -> Finding:
    """Read back as the outbox does, from two minutes before to five after."""
    at = around or sealed.created_at
    found: Finding = adapter.find(
        sealed, since=at - timedelta(minutes=2), until=at + timedelta(minutes=5), claimed=claimed
    )
    return found


def walk_back(adapter: Any, stream: str) -> list[Incoming]:
    """Read a whole stream backwards."""
    items: list[Incoming] = []
    cursor = None
    for _ in range(200):
        page = adapter.pull(stream, cursor, back=True)
        items += page.items
        cursor = page.cursor
        if not page.more:
            return items
    raise AssertionError(f"{stream} never ends")


def walk_forward(adapter: Any, stream: str, cursor: str | None) -> tuple[list[Incoming], str | None]:
    """Read a stream forwards until it says that there is no more."""
    items: list[Incoming] = []
    for _ in range(200):
        page = adapter.pull(stream, cursor)
        items += page.items
        cursor = page.cursor
        if not page.more:
            return items, cursor
    raise AssertionError(f"{stream} never ends")


SPOILS: list[Callable[[random.Random], Any]] = [
    lambda r: None,
    lambda r: "",
    lambda r: "x" * 100_000,
    lambda r: r.choice([0, -1, 1 << 63, 1 << 70, 10**39, 1.5, True, False]),
    lambda r: [],
    lambda r: {},
    lambda r: ["x", None, 1],
    lambda r: {"id": 1},
    lambda r: "\ud800lone",
    lambda r: "nul\x00here",
    lambda r: "9999-12-31T23:59:59Z",
    lambda r: "0001-01-01T00:00:00Z",
    lambda r: "not a date",
    lambda r: "javascript:alert(1)",
    lambda r: "../../etc/passwd",
    lambda r: "<b>" * 1000,
    lambda r: "\u202e\u200b" * 50,
    lambda r: "…",
]


def spoil(value: Any, random_: random.Random) -> Any:
    """Return a copy with one to three places removed or replaced by something no server should send."""
    value = copy.deepcopy(value)
    for _ in range(random_.randint(1, 3)):
        places: list[tuple[Any, Any]] = []

        def walk(at: Any, places: list[tuple[Any, Any]] = places) -> None:
            entries = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
            for key, child in entries:
                places.append((at, key))
                walk(child)

        walk(value)
        holder, key = random_.choice(places)
        if isinstance(holder, dict) and random_.random() < 0.3:
            del holder[key]
        else:
            holder[key] = random_.choice(SPOILS)(random_)
    return value
