"""Spoilt JSON: the odd payloads that real servers, proxies and attackers have been seen to send."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from typing import Any

from cmdesk.networks.sandbox.faults import Fault

_MARK = "\x00here\x00"


def _target(data: Any, fault: Fault) -> tuple[Any, Any] | None:
    """The container and key that `field` names (dotted), in entry `item` when the answer is a list."""
    holder = data
    if isinstance(holder, list):
        if not holder:
            return None
        holder = holder[min(fault.item, len(holder) - 1)]
    path = (fault.field or "id").split(".")
    for name in path[:-1]:
        if not isinstance(holder, dict) or not isinstance(holder.get(name), dict):
            return None
        holder = holder[name]
    return (holder, path[-1]) if isinstance(holder, dict) else None


def _put(value: Callable[[Any], Any]) -> Callable[[Any, Fault], bytes]:
    def spoil(data: Any, fault: Fault) -> bytes:
        if place := _target(data, fault):
            holder, name = place
            holder[name] = value(holder.get(name))
        return json.dumps(data).encode()

    return spoil


def _missing(data: Any, fault: Fault) -> bytes:
    if place := _target(data, fault):
        place[0].pop(place[1], None)
    return json.dumps(data).encode()


def _wrong(value: Any) -> Any:
    if isinstance(value, str):
        return {"unexpected": [value]}
    if isinstance(value, bool) or value is None:
        return "maybe"
    if isinstance(value, int):
        return "many"
    return 7 if isinstance(value, dict) else "not a list"


def _splice(text: str) -> Callable[[Any, Fault], bytes]:
    """Put JSON text that `json.dumps` would not write in the place of the field."""

    def spoil(data: Any, fault: Fault) -> bytes:
        if place := _target(data, fault):
            place[0][place[1]] = _MARK
        return json.dumps(data).replace(json.dumps(_MARK), text).encode()

    return spoil


def _gzip_bomb(data: Any, fault: Fault) -> bytes:
    size = fault.size or 100_000_000
    packer = bytearray()
    block = gzip.compress(b" " * 1_000_000, 9)
    for _ in range(max(1, size // 1_000_000)):
        packer += block  # concatenated members are one valid gzip stream
    return bytes(packer) + gzip.compress(json.dumps(data).encode())


def _not_a_list(data: Any, fault: Fault) -> bytes:
    return json.dumps({"data": data} if isinstance(data, list) else [data]).encode()


FLAVOURS: dict[str, Callable[[Any, Fault], bytes]] = {
    "missing": _missing,
    "null": _put(lambda _: None),
    "wrong_type": _put(_wrong),
    "lone_surrogate": _put(lambda v: f"{v} \ud83d broken"),
    "nul": _put(lambda v: f"{v}\x00hidden"),
    "huge_id": _put(lambda _: 2**63),
    "empty_text": _put(lambda _: ""),
    "very_long": _put(lambda v: str(v) + "x" * 1_000_000),
    "html_bomb": _put(lambda _: "<div><b>" * 20_000 + "text"),
    "bad_date": _put(lambda _: "2026-02-31T25:61:00Z"),
    "nan": _splice("NaN"),
    "infinity": _splice("-Infinity"),
    "big_number": _splice("9" * 5_000),
    "deep": _splice("[" * 1_200 + "]" * 1_200),
    "bad_utf8": lambda data, fault: json.dumps(data, ensure_ascii=False).encode().replace(b"e", b"\xff", 1),
    "not_a_list": _not_a_list,
    "gzip_bomb": _gzip_bomb,
}


def spoil(data: Any, fault: Fault) -> tuple[bytes, dict[str, str]]:
    """The bytes and extra headers of the answer `data`, spoilt as `fault.flavour` says. ValueError if unknown."""
    flavour = FLAVOURS.get(fault.flavour)
    if flavour is None:
        raise ValueError(f"unknown flavour {fault.flavour!r}; known: {', '.join(sorted(FLAVOURS))}")
    body = flavour(copy.deepcopy(data), fault)
    return body, {"Content-Encoding": "gzip"} if fault.flavour == "gzip_bomb" else {}
