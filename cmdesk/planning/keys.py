"""Keys minted when a delivery is sealed: they make a repeated call recognisable (RELIABILITY part 2)."""

from __future__ import annotations

import secrets
import threading
import uuid
from datetime import datetime

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 13
_lock = threading.Lock()
_clock_id = secrets.randbelow(1024)
_last_us = 0


def new_key() -> str:
    """Return a fresh idempotency key."""
    return str(uuid.uuid4())


def record_key(microseconds: int, clock_id: int) -> str:
    """Return the AT Protocol's TID of a time (microseconds since 1970) and a clock identifier (0 to 1023)."""
    if not 0 <= microseconds < 1 << 53 or not 0 <= clock_id < 1024:
        raise ValueError("outside a record key's range")
    value = microseconds << 10 | clock_id
    return "".join(ALPHABET[value >> shift & 31] for shift in range(5 * (_KEY_LENGTH - 1), -1, -5))


def new_record_key(now: datetime) -> str:
    """Return a TID for `now` (aware), greater than every one this process minted before.

    A clock that stands still or goes back moves on by a microsecond, so keys never repeat and keep their order.
    """
    global _last_us
    if now.tzinfo is None:
        raise ValueError("a record key needs an aware time")
    with _lock:
        _last_us = max(_last_us + 1, int(now.timestamp() * 1_000_000))
        return record_key(_last_us, _clock_id)


def record_key_time(key: str) -> int:
    """Return the microseconds since 1970 inside a TID; ValueError when it is none."""
    if len(key) != _KEY_LENGTH or key[0] not in "234567abcdefghij":
        raise ValueError(f"not a record key: {key[:20]!r}")
    value = 0
    for character in key:
        value = value << 5 | ALPHABET.index(character)
    return value >> 10
