"""What the tests of the networks build again and again: sealed posts, pictures, adapters."""

from __future__ import annotations

import hashlib
import struct
import zlib
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
