"""Cursors of newest-first lists: re-read the last page, walk forward without gaps, notice what vanished.

A forward pull first reads the newest page: when it joins what was seen before, that is
all, and the whole page was the overlap (RELIABILITY part 3, 5). When it does not, the
walk goes forward from the last seen id until nothing newer is left. A server that cannot
walk forward gets an honest gap instead. The cursor is JSON, opaque to everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from cmdesk.networks import payload


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a page: its id in the list and the remote item it speaks of ('' for none)."""

    key: str
    item: str = ""


class _Stored(msgspec.Struct):
    v: int = 1
    known: list[tuple[str, str]] = msgspec.field(default_factory=list)
    walk: str = ""


payload.learn(_Stored)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a list was read: the entries of the newest page, newest first, and where a walk stands."""

    known: tuple[Row, ...] = ()
    walk: str = ""
    keys: frozenset[str] = field(default=frozenset(), compare=False)

    @staticmethod
    def parse(cursor: str | None) -> Head | None:
        """Return a stored cursor; None for none or one that cannot be read (then the newest page starts afresh)."""
        if not cursor:
            return None
        try:
            stored = msgspec.json.decode(cursor, type=_Stored)
        except (msgspec.MsgspecError, UnicodeError):
            return None
        return Head.of([Row(key, item) for key, item in stored.known], walk=stored.walk)

    @staticmethod
    def of(rows: list[Row] | tuple[Row, ...], *, walk: str = "") -> Head:
        """Return the head after a page whose entries are `rows`, newest first."""
        kept = tuple(rows[:80])
        return Head(kept, walk, frozenset(row.key for row in kept))

    def dump(self) -> str:
        """Return the cursor to store."""
        return msgspec.json.encode(_Stored(known=[(r.key, r.item) for r in self.known], walk=self.walk)).decode()

    def joins(self, rows: list[Row]) -> bool:
        """Say whether a page reaches back to something seen before."""
        return any(row.key in self.keys for row in rows)

    def vanished(self, rows: list[Row]) -> list[str]:
        """Return the items that stood between entries of `rows` and are no longer there.

        Only a hint: an item is deleted when asking for it by id says so (part 3, 6).
        """
        there = {row.key for row in rows}
        last = max((at for at, row in enumerate(self.known) if row.key in there), default=-1)
        still = {row.item for row in rows}
        gone = [
            row.item for row in self.known[: last + 1] if row.key not in there and row.item and row.item not in still
        ]
        return list(dict.fromkeys(gone))
