"""What is listened to and what it found (D1-D3, R4): searches, pages of hits, counts, competitors' figures."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.listening.values import Counts, Figure, Hit, HitState, Muted, Query, Reach, Search, SearchKind
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, moment, scalar

__all__ = [
    "any_search", "counts", "due", "figures", "growth", "hit", "hit_ids", "hits", "hits_by_id", "latest_figures",
    "muted", "next_due", "progress", "query_json", "search", "search_named", "searches", "series",
]  # fmt: skip

MOST_IDS = 20_000
_ALL_STATES = tuple(HitState)


# Searches


def searches(reader: Reader, brand_id: int | None = None) -> list[Search]:
    """Return a brand's searches (None: every brand's), by kind and name."""
    rows = fetch(
        reader, "SELECT * FROM listen_search WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY brand_id, name", (brand_id,)
    )
    order = {kind: at for at, kind in enumerate(SearchKind)}
    return sorted((_search(row) for row in rows), key=lambda each: (each.brand_id, order[each.kind]))


def search(reader: Reader, search_id: int) -> Search:
    """Return one search; raises Invalid (`search_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM listen_search WHERE id = ?", (search_id,))
    if row is None:
        raise Invalid(f"there is no search {search_id}", code="search_unknown", detail=str(search_id))
    return _search(row)


def search_named(reader: Reader, brand_id: int, name: str) -> int | None:
    """Return the id of a brand's search of that name, None when there is none."""
    found: int | None = scalar(reader, "SELECT id FROM listen_search WHERE brand_id = ? AND name = ?", (brand_id, name))
    return found


def due(reader: Reader, now: datetime, *, limit: int = 4) -> list[Search]:
    """Return the searches whose hour has come, the one that waits longest first; those of put away brands never."""
    rows = fetch(
        reader,
        "SELECT s.* FROM listen_search s JOIN brand b ON b.id = s.brand_id WHERE s.paused = 0"
        " AND (s.next_at IS NULL OR s.next_at <= ?) AND b.archived_at IS NULL ORDER BY s.next_at LIMIT ?",
        (to_ms(now), limit),
    )
    return [_search(row) for row in rows]


def any_search(reader: Reader) -> bool:
    """Say whether anything is listened to, or was: else nobody need ask further."""
    return bool(scalar(reader, "SELECT EXISTS (SELECT 1 FROM listen_search) OR EXISTS (SELECT 1 FROM listen_hit)"))


def next_due(reader: Reader) -> datetime | None:
    """Return when the next search is due; a moment long past for one that never ran, None when there is none."""
    found: int | None = scalar(
        reader,
        "SELECT min(coalesce(s.next_at, 0)) FROM listen_search s JOIN brand b ON b.id = s.brand_id"
        " WHERE s.paused = 0 AND b.archived_at IS NULL",
    )
    return moment(found)


def progress(reader: Reader, search_id: int) -> dict[str, Any]:
    """Return how far a search has read: marks of each account, what a feed's server said of its version."""
    found = load(scalar(reader, "SELECT progress FROM listen_search WHERE id = ?", (search_id,)))
    return found if isinstance(found, dict) else {}


def query_json(query: Query) -> str:
    """Return a query as its column holds it."""
    kept = {name: list(getattr(query, name)) for name in ("all", "any", "phrases", "none")}
    return dump({name: value for name, value in kept.items() if value})


# Hits


def hits(
    reader: Reader,
    *,
    brand_id: int | None,
    state: HitState | Iterable[HitState] | None = HitState.NEW,
    search_id: int | None = None,
    before: int | None = None,
    limit: int = 60,
) -> list[Hit]:
    """Return a page of hits, the newest first, `before` an id; `state` None means whatever was decided.

    `brand_id` None means every brand's.
    """
    ids = hit_ids(reader, brand_id=brand_id, state=state, search_id=search_id, before=before, limit=limit)
    found = hits_by_id(reader, ids)
    return [found[each] for each in ids if each in found]


def hit_ids(
    reader: Reader,
    *,
    brand_id: int | None,
    state: HitState | Iterable[HitState] | None = HitState.NEW,
    search_id: int | None = None,
    before: int | None = None,
    limit: int = MOST_IDS,
) -> array[int]:
    """Return the ids of hits, the newest first: what a long list is made of."""
    states = _ALL_STATES if state is None else (state,) if isinstance(state, HitState) else tuple(state)
    top = before if before is not None else 1 << 62
    parts: list[Iterable[int]] = []
    if search_id is not None:
        sql = (
            "SELECT hit_id FROM listen_match WHERE search_id = ? AND state = ? AND hit_id < ?"
            " ORDER BY hit_id DESC LIMIT ?"
        )
        parts = [(row[0] for row in reader.execute(sql, (search_id, each.value, top, limit))) for each in states]
    else:
        brands = [brand_id] if brand_id is not None else [row[0] for row in reader.execute("SELECT id FROM brand")]
        sql = "SELECT id FROM listen_hit WHERE brand_id = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?"
        parts = [
            (row[0] for row in reader.execute(sql, (each, name.value, top, limit)).fetchall())
            for each in brands
            for name in states
        ]
    return array("q", islice(merge(*parts, reverse=True), limit))


def hit(reader: Reader, hit_id: int) -> Hit:
    """Return one hit; raises Invalid (`hit_unknown`)."""
    found = hits_by_id(reader, (hit_id,))
    if hit_id not in found:
        raise Invalid(f"there is no hit {hit_id}", code="hit_unknown", detail=str(hit_id))
    return found[hit_id]


def hits_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Hit]:
    """Return hits by id; ids that are gone are missing."""
    wanted = ids_json(ids)
    matches: dict[int, list[int]] = {}
    for hit_id, search_id in reader.execute(
        "SELECT m.hit_id, m.search_id FROM json_each(?) j CROSS JOIN listen_match m ON m.hit_id = j.value"
        " ORDER BY m.search_id",
        (wanted,),
    ):
        matches.setdefault(hit_id, []).append(search_id)
    rows = fetch(reader, "SELECT h.* FROM json_each(?) j CROSS JOIN listen_hit h ON h.id = j.value", (wanted,))
    return {row["id"]: _hit(row, tuple(matches.get(row["id"], ()))) for row in rows}


def counts(reader: Reader, brand_id: int | None = None) -> Counts:
    """Return how many new hits wait, of a brand (None: of all) and of each of its searches; at most a millisecond."""
    if brand_id is None:
        new: int = scalar(
            reader,
            "SELECT count(*) FROM brand b CROSS JOIN listen_hit h ON h.brand_id = b.id AND h.state = 'new'"
            " WHERE b.archived_at IS NULL",
        )
    else:
        new = scalar(reader, "SELECT count(*) FROM listen_hit WHERE brand_id = ? AND state = 'new'", (brand_id,))
    by_search = reader.execute(
        "SELECT s.id, (SELECT count(*) FROM listen_match m WHERE m.search_id = s.id AND m.state = 'new')"
        " FROM listen_search s WHERE ?1 IS NULL OR s.brand_id = ?1",
        (brand_id,),
    )
    return Counts(new, {search_id: count for search_id, count in by_search if count})


def muted(reader: Reader, brand_id: int) -> list[Muted]:
    """Return who a brand does not listen to, the last one first."""
    rows = reader.execute(
        "SELECT source, author_id, handle, at FROM listen_muted WHERE brand_id = ? ORDER BY at DESC, author_id",
        (brand_id,),
    )
    return [Muted(source, author_id, handle, from_ms(at)) for source, author_id, handle, at in rows]


# Competitors


def figures(reader: Reader, search_id: int, since: date | None = None) -> list[Figure]:
    """Return a competitor's figures from a day on, by day; days on which nobody asked are missing."""
    rows = reader.execute(
        "SELECT day, name, value FROM listen_figure WHERE search_id = ? AND day >= ? ORDER BY day, name",
        (search_id, "" if since is None else since.isoformat()),
    )
    return [Figure(date.fromisoformat(day), name, value) for day, name, value in rows]


def series(reader: Reader, search_id: int, name: str, since: date, until: date) -> list[Figure]:
    """Return one figure in [since, until), by day."""
    return [
        Figure(date.fromisoformat(day), name, value)
        for day, value in reader.execute(
            "SELECT day, value FROM listen_figure WHERE search_id = ? AND name = ? AND day >= ? AND day < ?"
            " ORDER BY day",
            (search_id, name, since.isoformat(), until.isoformat()),
        )
    ]


def latest_figures(reader: Reader, search_id: int) -> dict[str, Figure]:
    """Return the newest figure of each name."""
    return {
        name: Figure(date.fromisoformat(day), name, value)
        for name, day, value in reader.execute(
            "SELECT name, max(day), value FROM listen_figure WHERE search_id = ? GROUP BY name", (search_id,)
        )
    }


def growth(reader: Reader, search_id: int, name: str, *, days: int, today: date) -> float | None:
    """Return by how much a figure changed within `days`; None without a figure of the days around that start."""
    start = today - timedelta(days=days)
    old = series(reader, search_id, name, start - timedelta(days=3), start + timedelta(days=4))
    now = latest_figures(reader, search_id).get(name)
    if not old or now is None or now.day <= old[-1].day:
        return None
    nearest = min(old, key=lambda each: abs((each.day - start).days))
    return now.value - nearest.value


# Rows as values


def _search(row: sqlite3.Row) -> Search:
    read = load(row["progress"])
    told = read if isinstance(read, dict) else {}
    reaches = told.get("reaches")
    return Search(
        id=row["id"],
        brand_id=row["brand_id"],
        kind=SearchKind(row["kind"]),
        name=row["name"],
        query=_query(row["query"]),
        language=row["language"],
        url=row["url"],
        network=row["network"],
        handle=row["handle"],
        remote_id=row["remote_id"],
        every_s=row["every_s"],
        paused=bool(row["paused"]),
        created_at=from_ms(row["created_at"]),
        checked_at=moment(row["checked_at"]),
        next_at=moment(row["next_at"]),
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        error_count=row["error_count"],
        reaches=_reaches(reaches if isinstance(reaches, dict) else {}),
        title=str(told.get("title") or ""),
        avatar_url=str(told.get("avatar") or ""),
    )


def _query(column: str) -> Query:
    told = load(column)
    parts = told if isinstance(told, dict) else {}
    kept = {name: tuple(str(each) for each in parts.get(name, ())) for name in ("all", "any", "phrases", "none")}
    return Query(kept["all"], kept["any"], kept["phrases"], kept["none"])


def _reaches(told: dict[str, Any]) -> tuple[Reach, ...]:
    return tuple(
        Reach(int(account_id), str(each.get("code") or ""), str(each.get("detail") or ""), moment(each.get("at")))
        for account_id, each in sorted(told.items(), key=lambda pair: int(pair[0]))
        if isinstance(each, dict)
    )


def _hit(row: sqlite3.Row, search_ids: tuple[int, ...]) -> Hit:
    return Hit(
        id=row["id"],
        brand_id=row["brand_id"],
        source=row["source"],
        remote_id=row["remote_id"],
        url=row["url"],
        author_id=row["author_id"],
        author_name=row["author_name"],
        author_handle=row["author_handle"],
        avatar_url=row["avatar_url"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        at=from_ms(row["at"]),
        found_at=from_ms(row["found_at"]),
        ref=load(row["ref"]) or {},
        account_id=row["account_id"],
        sentiment=row["sentiment"],
        intent=row["intent"],
        urgency=row["urgency"],
        unsure=bool(row["unsure"]),
        state=HitState(row["state"]),
        conversation_id=row["conversation_id"],
        decided_at=moment(row["decided_at"]),
        search_ids=search_ids,
    )
