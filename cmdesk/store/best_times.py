"""What an account's own publications earned, for the best times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from cmdesk.planning.best_times import BestTimes, best_times as judged
from cmdesk.store.db import Reader
from cmdesk.store.rows import ids_json

_LOOK_BACK = timedelta(days=365)
_SETTLED = timedelta(days=2)  # younger ones have not earned what they will


def best_times(reader: Reader, account_ids: Iterable[int], *, zone: str, now_ms: int) -> BestTimes:
    """Return the hours of the week at which these accounts' publications did best in the last year.

    Replies of our own and what was deleted do not count, nor what no figures are known of.
    """
    rows = reader.execute(
        "SELECT p.account_id, p.created_at, coalesce(p.favourites, 0) + coalesce(p.boosts, 0) + coalesce(p.replies, 0)"
        " + coalesce(p.quotes, 0) FROM publication p JOIN account a ON a.id = p.account_id"
        " WHERE p.brand_id = a.brand_id AND p.account_id IN (SELECT value FROM json_each(?1))"
        " AND p.created_at >= ?2 AND p.created_at < ?3 AND p.parent_id = '' AND p.deleted_at IS NULL"
        " AND coalesce(p.favourites, p.boosts, p.replies, p.quotes) IS NOT NULL",
        (ids_json(account_ids), now_ms - _ms(_LOOK_BACK), now_ms - _ms(_SETTLED)),
    )
    return judged(rows, zone)


def _ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
