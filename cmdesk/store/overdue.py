"""What should be out and is not, and nothing else says why: nothing waits for ever in silence (rank 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import Problem
from cmdesk.store.db import Reader
from cmdesk.store.outbox_threads import COUNTS_FROM
from cmdesk.store.rows import fetch, ids_json

PATIENCE = timedelta(minutes=5)

# These reasons are told where they are: a pause in the brand's own place, a crisis on its page, a part by its thread;
# what was released late waits for its distance to the one before.
_EXPLAINED = (
    "'crisis_hold', 'waiting_approval', 'part_before', 'brand_paused', 'all_paused', 'other_device', 'account_paused',"
    " 'spacing'"
)
_OVERDUE = (
    "SELECT d.id, d.brand_id, d.account_id, d.state, d.reason_code, d.reason_detail, d.text, d.due_at, d.post_id,"
    " d.conversation_id FROM delivery d JOIN account a ON a.id = d.account_id JOIN brand b ON b.id = d.brand_id"
    " WHERE d.state IN ('queued', 'preparing', 'ready', 'backoff', 'sending') AND NOT d.hand_off"
    " AND a.network <> 'manual' AND NOT b.publishing_paused AND b.archived_at IS NULL"
    " AND d.due_at <= ?1 AND (NOT d.approved_late OR d.state_at <= ?1)"
    " AND (?2 IS NULL OR d.brand_id = ?2) AND d.reason_code NOT IN (" + _EXPLAINED + ")"
    " AND " + COUNTS_FROM + " <= ?1 AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'other_device')"
    " AND NOT EXISTS (SELECT 1 FROM setting s WHERE s.key = 'publishing_paused'"
    " AND lower(s.value) IN ('1', 'true', 'yes', 'on')) ORDER BY d.due_at, d.id LIMIT ?3"
)


def overdue(reader: Reader, *, now: datetime, brand_id: int | None = None, limit: int = 200) -> list[Problem]:
    """Return what is more than five minutes past its hour, not out and not explained elsewhere, the oldest first.

    `at` is its hour, `code` why it waits ('' when nobody knows), `ref_id` the delivery.
    """
    rows = reader.execute(_OVERDUE, (to_ms(now - PATIENCE), brand_id, limit))
    return [
        Problem(
            id=f"overdue:{row[0]}", brand_id=row[1], account_id=row[2], kind="overdue", state=row[3], code=row[4],
            detail=row[5], text=row[6], at=from_ms(row[7]), ref_id=row[0], post_id=row[8], conversation_id=row[9],
        )
        for row in rows
    ]  # fmt: skip


def last_attempts(reader: Reader, account_ids: Iterable[int]) -> Mapping[int, datetime]:
    """Return when each account last sent something, as the claim's spacing counts it."""
    rows = fetch(
        reader,
        "SELECT account_id, max(last_attempt_at) AS at FROM delivery WHERE attempts > 0 AND last_attempt_at IS NOT NULL"
        " AND account_id IN (SELECT value FROM json_each(?)) GROUP BY account_id",
        (ids_json(account_ids),),
    )
    return {row["account_id"]: from_ms(row["at"]) for row in rows}
