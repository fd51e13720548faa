"""Small helpers over the data server's answers: lists, cursors, what is kept aside."""

from __future__ import annotations

from typing import Any

import msgspec

from cmdesk.errors import Unreadable
from cmdesk.networks import payload
from cmdesk.networks.base import Quarantined


def entries(data: Any, name: str) -> list[Any]:
    """Return the list an answer must hold under `name`."""
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise Unreadable(f"an answer without {name}", code="garbage")
    return found


def cursor_of(data: Any) -> str:
    """Return the network's cursor of an answer, '' when there is none."""
    found = data.get("cursor") if isinstance(data, dict) else None
    return found if isinstance(found, str) and len(found) < 1000 else ""


def quarantine(raw: Any, error: Exception) -> Quarantined:
    """Keep an entry that could not be understood, with the reason."""
    number = (raw.get("uri") or raw.get("id")) if isinstance(raw, dict) else None
    shown = number if isinstance(number, str) and len(number) < 500 and number.isprintable() else ""
    return Quarantined(shown, payload.as_raw(raw), str(error)[:300])


def stored(cursor: str | None, shape: type[payload.Shape]) -> payload.Shape | None:
    """Return a stored cursor; None for none or one that cannot be read."""
    if not cursor:
        return None
    try:
        return msgspec.json.decode(cursor, type=shape)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def dump(state: object) -> str:
    """Return a cursor as it is stored."""
    return msgspec.json.encode(state).decode()
