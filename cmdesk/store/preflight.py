"""What the look before publishing found, kept until it is mended (N16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cmdesk.clock import to_ms
from cmdesk.model import Delivery, DeliveryState
from cmdesk.planning.preflight import AHEAD
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_read import deliveries
from cmdesk.store.outbox_state import row_of, touch
from cmdesk.store.preflight_found import known
from cmdesk.store.rows import dump

_WAITING = (DeliveryState.QUEUED, DeliveryState.BLOCKED_AUTH)


def upcoming(reader: Reader, *, now: datetime, within: timedelta = AHEAD) -> list[Delivery]:
    """Return the planned posts of the next 24 hours that still wait for their hour."""
    found = deliveries(reader, states=_WAITING, start=now - timedelta(hours=1), end=now + within, limit=1000)
    return [each for each in found if each.kind == "post"]


def keep(tx: Transaction, found: Mapping[int, Sequence[tuple[str, str]]]) -> list[int]:
    """Keep what was found of these deliveries and forget what is mended, out or taken back.

    Returns the deliveries of which something new was found: a person is told once.
    """
    before = known(tx.conn)
    news: list[int] = []
    for delivery_id, findings in found.items():
        now = dict(findings)
        was = before.get(delivery_id, {})
        if now == was:
            continue
        tx.conn.execute(
            "DELETE FROM preflight WHERE delivery_id = ? AND code NOT IN (SELECT value FROM json_each(?))",
            (delivery_id, dump(sorted(now))),
        )
        tx.conn.executemany(
            "INSERT INTO preflight (delivery_id, code, detail, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (delivery_id, code) DO UPDATE SET detail = excluded.detail",
            [(delivery_id, code, detail, tx.now_ms) for code, detail in now.items()],
        )
        touch(tx, row_of(tx.conn, delivery_id))
        if now.keys() - was.keys():
            news.append(delivery_id)
    gone = tx.conn.execute(
        "DELETE FROM preflight WHERE delivery_id NOT IN (SELECT id FROM delivery WHERE state IN"
        " ('queued', 'blocked_auth') AND due_at < ?)",
        (to_ms(tx.now + AHEAD),),
    ).rowcount
    if gone:
        tx.touch(Topic.DELIVERY, 0)
        tx.touch(Topic.POST, 0)
    return news
