"""What a brand's own accounts did, in the figures that competitors are known by (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.store.db import Reader

_SQL = (
    "SELECT count(*), sum(coalesce(favourites, 0) + coalesce(boosts, 0)"
    " + coalesce(replies, 0) + coalesce(quotes, 0)) FROM publication"
    " WHERE account_id = ? AND parent_id = '' AND deleted_at IS NULL AND created_at >= ? AND created_at < ?"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """Own posts of a stretch and what people did with them; `since` is when the first post that is known went out."""

    posts: int
    interactions: int
    since: datetime | None


def posted(reader: Reader, account_id: int, start: datetime, end: datetime) -> Posted:
    """Return what an own account posted in [start, end), as far as it was read."""
    posts, interactions = reader.execute(_SQL, (account_id, to_ms(start), to_ms(end))).fetchone()
    first = reader.execute(
        "SELECT min(created_at) FROM publication WHERE account_id = ? AND parent_id = '' AND deleted_at IS NULL",
        (account_id,),
    ).fetchone()[0]
    return Posted(posts, interactions or 0, None if first is None else from_ms(first))
