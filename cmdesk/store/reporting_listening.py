"""The raw rows of what listening found in a brand's month, and of its competitors, for cmdesk.reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cmdesk.clock import to_ms
from cmdesk.listening.values import SearchKind
from cmdesk.store.db import Reader
from cmdesk.store.listening import figures, searches

# Found after it was said: the index by the hour of finding bounds both.
_HITS = (
    "SELECT h.source, h.state, h.sentiment, count(*) FROM listen_hit h"
    " WHERE h.brand_id = ?1 AND h.found_at >= ?2 AND h.at >= ?2 AND h.at < ?3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
_SEARCHES = (
    "SELECT s.kind, s.name, count(*) FROM listen_hit h JOIN listen_match m ON m.hit_id = h.id"
    " JOIN listen_search s ON s.id = m.search_id"
    " WHERE h.brand_id = ?1 AND h.found_at >= ?2 AND h.at >= ?2 AND h.at < ?3 GROUP BY s.id ORDER BY 3 DESC, 2"
)


@dataclass(frozen=True, slots=True)
class RivalRows:
    """A competitor's figures of a stretch, by name and day."""

    name: str
    handle: str
    network: str
    figures: Mapping[str, tuple[tuple[date, float], ...]]


@dataclass(frozen=True, slots=True)
class ListeningRows:
    """What was said elsewhere in a stretch: (source, decision, sentiment, how many), (kind and name, how many)."""

    hits: tuple[tuple[str, str, str, int], ...]
    searches: tuple[tuple[str, str, int], ...]
    rivals: tuple[RivalRows, ...]


def listening_rows(
    reader: Reader, *, brand_id: int, start: datetime, end: datetime, first_day: date, last_day: date
) -> ListeningRows:
    """Read what was said in [start, end), and the competitors' figures of [first_day, last_day]."""
    span = (brand_id, to_ms(start), to_ms(end))
    hits = reader.execute(_HITS, span).fetchall()
    found = reader.execute(_SEARCHES, span).fetchall()
    rivals = []
    for each in searches(reader, brand_id):
        if each.kind is not SearchKind.COMPETITOR:
            continue
        by_name: dict[str, list[tuple[date, float]]] = {}
        for one in figures(reader, each.id, first_day):
            if one.day <= last_day:
                by_name.setdefault(one.name, []).append((one.day, one.value))
        if by_name:
            series = {name: tuple(values) for name, values in by_name.items()}
            rivals.append(RivalRows(each.title or each.name, each.handle, each.network, series))
    return ListeningRows(
        tuple((row[0], row[1], row[2], row[3]) for row in hits),
        tuple((row[0], row[1], row[2]) for row in found),
        tuple(rivals),
    )
