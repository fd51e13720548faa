"""What a round of listening found, taken into the store: once each, by its own name, with how far the round came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.care.verdict import Verdict
from cmdesk.clock import to_ms
from cmdesk.errors import Conflict
from cmdesk.listening.searching import finds_other
from cmdesk.listening.values import KEPT, Found, Search
from cmdesk.model import Account
from cmdesk.store import listening
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.forgotten import not_forgotten
from cmdesk.store.intake_items import clean, message_id
from cmdesk.store.rows import dump, fetch_one, ids_json, scalar

_FOUND = (
    "SELECT h.remote_id, h.id, h.state FROM json_each(?3) j CROSS JOIN listen_hit h"
    " ON h.brand_id = ?1 AND h.source = ?2 AND h.remote_id = j.value"
)
_INSERT = (
    "INSERT INTO listen_hit (id, brand_id, source, remote_id, url, author_id, author_name, author_handle, avatar_url,"
    " title, text, language, at, found_at, ref, account_id, sentiment, intent, urgency, unsure)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def wanted(reader: Reader, brand_id: int, found: Sequence[Found], *, now: datetime) -> list[Found]:
    """Return what may become hits: not too old, nobody's who is muted or ours, nothing that is in the inbox already."""
    oldest = now - KEPT
    silent = {(row[0], row[1]) for row in reader.execute(
        "SELECT source, author_id FROM listen_muted WHERE brand_id = ?", (brand_id,)
    )}  # fmt: skip
    accounts = reader.execute(
        "SELECT id, network, server, remote_id, handle FROM account WHERE brand_id = ?", (brand_id,)
    ).fetchall()
    own_ids = {(row[1], row[3]) for row in accounts if row[3]}
    own_names = {(row[1], _name(row[4])) for row in accounts if row[4]}
    where = {row[0]: (row[1], row[2]) for row in accounts}
    kept = [
        each
        for each in found
        if each.at >= oldest
        and (each.source, each.author_id) not in silent
        and (each.source, each.author_id) not in own_ids
        and (each.source, _name(each.author_handle)) not in own_names
    ]
    kept = not_forgotten(reader, brand_id, kept)
    inside = _inside(reader, accounts, where, kept)
    return [each for each in kept if (each.account_id, _local(each)) not in inside]


def known(reader: Reader, brand_id: int, source: str, remote_ids: Iterable[str]) -> set[str]:
    """Return which of these are hits already: they need no verdict."""
    return {row[0] for row in reader.execute(_FOUND, (brand_id, source, dump(list(remote_ids))))}


def keep_round(
    tx: Transaction,
    search_id: int,
    *,
    of: Search | None = None,
    found: Sequence[Found] = (),
    verdicts: Mapping[str, Verdict] | None = None,
    figures: Mapping[str, float] | None = None,
    day: str = "",
    progress: Mapping[str, Any] | None = None,
    next_at: datetime,
    code: str = "",
    detail: str = "",
    remote_id: str = "",
) -> list[int]:
    """Keep what a round found together with how far it came, and return the ids of the new hits.

    Killed before it, nothing is kept and the round is done again; after it, the next one goes on. A search that was
    deleted meanwhile keeps nothing, nor one that asks for something else by now than `of`: it is read anew.
    """
    row = fetch_one(tx.conn, "SELECT brand_id, error_count FROM listen_search WHERE id = ?", (search_id,))
    if row is None or (of is not None and finds_other(of, listening.search(tx.conn, search_id))):
        return []
    brand_id: int = row["brand_id"]
    new = add_hits(tx, brand_id, search_id, found, verdicts or {})
    if figures:
        keep_figures(tx, search_id, day, figures)
    tx.conn.execute(
        "UPDATE listen_search SET checked_at = ?1, next_at = ?2, error_code = ?3, error_detail = ?4, error_count = ?5,"
        " progress = coalesce(?6, progress), remote_id = coalesce(nullif(?7, ''), remote_id) WHERE id = ?8",
        (
            tx.now_ms, to_ms(next_at), code, clean(detail)[:300], row["error_count"] + 1 if code else 0,
            None if progress is None else dump(progress), remote_id, search_id,
        ),
    )  # fmt: skip
    tx.touch(Topic.LISTEN, brand_id, *new)
    return new


def keep_figures(tx: Transaction, search_id: int, day: str, figures: Mapping[str, float]) -> None:
    """Keep a competitor's figures of a day (ISO); those of that day that were known are replaced."""
    tx.conn.executemany(
        "INSERT INTO listen_figure (search_id, day, name, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (search_id, day, name) DO UPDATE SET value = excluded.value",
        [(search_id, day, name, value) for name, value in figures.items()],
    )


def add_hits(
    tx: Transaction, brand_id: int, search_id: int, found: Sequence[Found], verdicts: Mapping[str, Verdict]
) -> list[int]:
    """Keep what one search found; what is there already only gains the search. Returns the new hits' ids."""
    every: dict[tuple[str, str], Found] = {}
    for each in found:
        every.setdefault((each.source, each.remote_id), each)
    there: dict[tuple[str, str], tuple[int, str]] = {}
    for source in {each.source for each in found}:
        names = dump([remote_id for told, remote_id in every if told == source])
        for remote_id, hit_id, state in tx.conn.execute(_FOUND, (brand_id, source, names)):
            there[(source, remote_id)] = (hit_id, state)
    taken: set[int] = set()

    def used(number: int) -> bool:
        return number in taken or bool(scalar(tx.conn, "SELECT 1 FROM listen_hit WHERE id = ?", (number,)))

    rows, matches = [], []
    for key, each in every.items():
        if key in there:
            matches.append((there[key][0], search_id, there[key][1]))
            continue
        at = to_ms(min(each.at, tx.now))  # who dates a post ahead does not stay on top for years
        hit_id = message_id(at, brand_id, f"{each.source}/{each.remote_id}", used)
        taken.add(hit_id)
        verdict = verdicts.get(each.remote_id)
        rows.append(
            (
                hit_id, brand_id, each.source, clean(each.remote_id), clean(each.url), clean(each.author_id),
                clean(each.author_name), clean(each.author_handle), clean(each.avatar_url), clean(each.title),
                clean(each.text), (verdict.language if verdict and verdict.language else clean(each.language)), at,
                tx.now_ms, dump({name: clean(value) for name, value in each.ref.items()}), each.account_id,
                verdict.sentiment if verdict else "", verdict.kind if verdict else "",
                verdict.urgency if verdict else 0, int(verdict.unsure) if verdict else 0,
            )
        )  # fmt: skip
        matches.append((hit_id, search_id, "new"))
    tx.conn.executemany(_INSERT, sorted(rows))
    tx.conn.executemany(
        "INSERT INTO listen_match (hit_id, search_id, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", sorted(matches)
    )
    return [row[0] for row in rows]


def settle(tx: Transaction, brand_id: int) -> int:
    """Close what came to the inbox by itself after it was found; returns how many hits that were."""
    rows = tx.conn.execute(
        "UPDATE listen_hit SET state = 'promoted', decided_at = ?2, conversation_id = m.conversation_id"
        " FROM (SELECT h.id AS hit, m.conversation_id FROM listen_hit h JOIN account a ON a.id = h.account_id"
        "  JOIN account b ON b.brand_id = h.brand_id AND b.network = a.network AND b.server = a.server"
        "  JOIN message m ON m.account_id = b.id AND m.remote_id = coalesce(h.ref ->> 'id', h.remote_id)"
        "   AND m.direction = 'in'"
        "  WHERE h.brand_id = ?1 AND h.state = 'new' AND h.found_at > ?3) m"
        " WHERE listen_hit.id = m.hit RETURNING id",
        (brand_id, tx.now_ms, tx.now_ms - 3 * 86_400_000),
    ).fetchall()
    if rows:
        tx.touch(Topic.LISTEN, brand_id, *(row[0] for row in rows))
    return len(rows)


def prune(tx: Transaction) -> int:
    """Delete hits that were found more than 180 days ago and that nobody promoted; returns how many."""
    before = to_ms(tx.now - KEPT)
    rows = tx.conn.execute(
        "DELETE FROM listen_hit WHERE id IN (SELECT h.id FROM brand b CROSS JOIN listen_hit h ON h.brand_id = b.id"
        " AND h.found_at < ? WHERE h.state <> 'promoted' OR h.conversation_id IS NULL LIMIT 5000)"
        " RETURNING brand_id",
        (before,),
    ).fetchall()
    for brand_id in {row[0] for row in rows}:
        tx.touch(Topic.LISTEN, brand_id)
    return len(rows)


def prune_due(reader: Reader, now: datetime) -> bool:
    """Say whether any hit is older than hits are kept."""
    return bool(
        scalar(
            reader,
            "SELECT EXISTS (SELECT 1 FROM brand b CROSS JOIN listen_hit h ON h.brand_id = b.id AND h.found_at < ?"
            " WHERE h.state <> 'promoted' OR h.conversation_id IS NULL)",
            (to_ms(now - KEPT),),
        )
    )


def postpone(tx: Transaction, search_ids: Sequence[int], until: datetime) -> None:
    """Let searches wait (no account can be asked now), without calling that an error."""
    tx.conn.execute(
        "UPDATE listen_search SET next_at = max(coalesce(next_at, 0), ?) WHERE id IN (SELECT value FROM json_each(?))",
        (to_ms(until), ids_json(search_ids)),
    )


def account_of(tx: Transaction, hit: Any) -> Account:
    """Return the account through which a hit can be answered; raises Conflict (`hit_no_account`) when there is none."""
    from cmdesk.store import accounts

    if hit.account_id is not None:
        return accounts.account(tx.conn, hit.account_id)
    for each in accounts.list_accounts(tx.conn, brand_id=hit.brand_id):
        # An id of one fediverse server means nothing on another.
        if each.network == hit.source and (each.network != "mastodon" or each.server == hit.ref.get("server")):
            return each
    raise Conflict("no account of that network is left", code="hit_no_account", detail=hit.source)


def _inside(
    reader: Reader, accounts: Sequence[Any], where: Mapping[int, tuple[str, str]], found: Sequence[Found]
) -> set[tuple[int | None, str]]:
    """Return what is in the inbox already, as (account it was found through, its id there)."""
    inside: set[tuple[int | None, str]] = set()
    by_account: dict[int, list[str]] = {}
    for each in found:
        if each.account_id is not None and each.account_id in where:
            by_account.setdefault(each.account_id, []).append(_local(each))
    for account_id, names in by_account.items():
        sharing = [row[0] for row in accounts if (row[1], row[2]) == where[account_id]]
        for (remote_id,) in reader.execute(
            "SELECT m.remote_id FROM json_each(?1) a CROSS JOIN json_each(?2) j CROSS JOIN message m"
            " ON m.account_id = a.value AND m.remote_id = j.value AND m.direction <> 'context'",
            (ids_json(sharing), dump(names)),
        ):
            inside.add((account_id, remote_id))
    return inside


def _local(found: Found) -> str:
    """Return what the account's own server calls it."""
    return found.ref.get("id") or found.remote_id


def _name(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()
