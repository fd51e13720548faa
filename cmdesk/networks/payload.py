"""Reading what servers send: bounded JSON, tolerant shapes, times that mean something (RELIABILITY 3.12, 35)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from cmdesk.text import clean

MAX_DEPTH = 64
MAX_DIGITS = 40
MAX_RAW = 20_000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

Shape = TypeVar("Shape")


def decode(raw: bytes) -> Any:
    """Return the value of a JSON document; ValueError for anything that is none or goes too deep.

    Lone surrogates become U+FFFD, absurd numbers None: one bad field never costs its whole page.
    """
    try:
        value = msgspec.json.decode(raw)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = _decode_slowly(raw)
    _check_depth(value)
    return value


def _decode_slowly(raw: bytes) -> Any:
    try:
        return _mended(
            json.loads(raw.decode("utf-8", "replace"), parse_int=_integer, parse_float=_float, parse_constant=_constant)
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_DIGITS else None


def _float(digits: str) -> float | None:
    value = float(digits[:400])
    return value if abs(value) < 1e300 else None


def _constant(name: str) -> None:
    return None  # NaN, Infinity: not JSON, but no reason to lose the page


def _mended(value: Any, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_mended(key, depth + 1): _mended(item, depth + 1) for key, item in value.items()}
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise ValueError("nested too deep")


def learn(*shapes: type[msgspec.Struct]) -> None:
    """Let msgspec look at these shapes now, while their module is imported by one thread.

    Its first look at a shape is not made for several threads: two accounts that meet there end the program.
    """
    for shape in shapes:
        msgspec.json.Decoder(shape)


def shaped(value: Any, shape: type[Shape]) -> Shape:
    """Return `value` as a Struct; ValueError names the field that does not fit."""
    try:
        return msgspec.convert(value, shape, strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)[:300]) from error


def as_raw(value: Any) -> str:
    """Return a value as bounded JSON text for the quarantine."""
    try:
        return clean(json.dumps(value, ensure_ascii=False, default=str), limit=MAX_RAW)
    except (RecursionError, ValueError):
        return "(unprintable)"


def moment(value: str) -> datetime:
    """Return an ISO time as aware UTC; ValueError when it is none or outside the years anybody posts in."""
    if len(value) > 64:
        raise ValueError("not a time")
    try:
        at = datetime.fromisoformat(value)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a time: {value[:40]!r}") from error
    if not _EARLIEST <= at <= _LATEST:
        raise ValueError(f"not a time of this world: {value[:40]!r}")
    return at


def maybe_moment(value: str | None) -> datetime | None:
    """Return an ISO time as aware UTC, None for nothing or nonsense."""
    try:
        return moment(value) if value else None
    except ValueError:
        return None


def identifier(value: str) -> str:
    """Return a remote id; ValueError when it is empty, over-long or holds what no id holds."""
    if not value or len(value) > 2048 or not value.isprintable() or " " in value:
        raise ValueError("not an id")
    return value


def web_link(value: str | None) -> str:
    """Return an http(s) address as given, '' for anything else (javascript:, file:, relative)."""
    if value and len(value) <= 2048 and value.isprintable() and value.lower().startswith(("https://", "http://")):
        return value
    return ""


def person_name(value: str | None) -> str:
    """Return a display name on one bounded line; screens make it safe to show (cmdesk.safe_text)."""
    return " ".join(clean(value or "", limit=500).split())


def count(value: object) -> int | None:
    """Return a counter, None when it is no sensible number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
        return value
    return None
