"""What became of a post: when it was written, for when it was scheduled, each attempt to send it and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.clock import from_ms
from cmdesk.store.db import Reader
from cmdesk.store.rows import scalar


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: `kind` is written, scheduled, attempt, published or confirmed."""

    at: datetime
    kind: str
    account_ids: tuple[int, ...] = ()
    detail: str = ""  # of scheduled: the wall time; of attempt: how it ended
    zone: str = ""


def history(reader: Reader, post_id: int) -> list[Happened]:
    """Return what happened to a post, the latest first."""
    written = scalar(reader, "SELECT created_at FROM post WHERE id = ?", (post_id,))
    found = [] if written is None else [Happened(from_ms(written), "written")]
    plans: dict[tuple[int, str, str], list[int]] = {}
    for account_id, sealed, wall, zone, published, confirmed in reader.execute(
        "SELECT account_id, sealed_at, wall, zone, published_at, confirmed_at FROM delivery"
        " WHERE post_id = ? AND part = 0 AND kind = 'post' ORDER BY id",
        (post_id,),
    ):
        plans.setdefault((sealed, wall[:16], zone), []).append(account_id)
        if published is not None:
            found.append(Happened(from_ms(published), "published", (account_id,)))
        if confirmed is not None:
            found.append(Happened(from_ms(confirmed), "confirmed", (account_id,)))
    for (sealed, wall, zone), accounts in plans.items():
        found.append(Happened(from_ms(sealed), "scheduled", tuple(accounts), wall, zone))
    for account_id, started, outcome in reader.execute(
        "SELECT d.account_id, a.started_at, a.outcome FROM attempt a JOIN delivery d ON d.id = a.delivery_id"
        " WHERE d.post_id = ? ORDER BY a.id DESC LIMIT 40",
        (post_id,),
    ):
        found.append(Happened(from_ms(started), "attempt", (account_id,), outcome))
    return sorted(found, key=lambda each: each.at, reverse=True)


def version_count(reader: Reader, post_id: int) -> int:
    """Return how many earlier versions of a post are kept."""
    return int(scalar(reader, "SELECT count(*) FROM post_version WHERE post_id = ?", (post_id,)) or 0)
