"""Which of a brand's channels are silent or leave people without an answer (D14), as facts; told of once."""

from __future__ import annotations

from datetime import datetime

from cmdesk.clock import from_ms, to_ms
from cmdesk.listening import silence
from cmdesk.listening.silence import PATIENCE, WINDOW, Silence, judge
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.store import settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, load, moment

DAYS, SHARE, SNOOZED, TOLD = "silence_days", "silence_share", "silence_snoozed", "silence_told"
_USUAL = {DAYS: silence.DAYS, SHARE: silence.SHARE}

# Who wrote within the window and long enough ago to be owed an answer; what a person settled or put aside owes none.
_FACTS = (
    "SELECT a.id, a.brand_id, a.network, a.purpose, a.created_at,"
    " (SELECT max(p.created_at) FROM publication p WHERE p.account_id = a.id AND p.deleted_at IS NULL"
    "   AND p.parent_id = '') AS last_post,"
    " (SELECT count(*) FROM conversation c WHERE c.account_id = a.id AND c.last_at >= ?2 AND c.last_in_at >= ?2"
    "   AND c.last_in_at < ?3 AND c.merged_into IS NULL AND c.state <> 'ignored') AS heard,"
    " (SELECT count(*) FROM conversation c WHERE c.account_id = a.id AND c.last_at >= ?2 AND c.last_in_at >= ?2"
    "   AND c.last_in_at < ?3 AND c.merged_into IS NULL AND c.state IN ('open', 'snoozed')"
    "   AND (c.last_out_at IS NULL OR c.last_out_at < c.last_in_at)) AS unanswered"
    " FROM account a JOIN brand b ON b.id = a.brand_id WHERE b.archived_at IS NULL"
    " AND a.state NOT IN ('disconnected', 'paused') AND (?1 IS NULL OR a.brand_id = ?1) ORDER BY a.brand_id, a.id"
)


def silent(reader: Reader, now: datetime, brand_id: int | None = None, *, snoozed: bool = False) -> list[Silence]:
    """Return the channels of a brand (None: of all) that are silent or passive, by account.

    Those that a person said nothing of for a while are left out unless `snoozed`. Accounts of care alone need not
    publish; a place by hand only once it did.
    """
    found: list[Silence] = []
    rules: dict[int, tuple[int, int, dict[str, int]]] = {}
    rows = fetch(reader, _FACTS, (brand_id, to_ms(now - WINDOW), to_ms(now - PATIENCE)))
    for row in rows:
        own = row["brand_id"]
        if own not in rules:
            rules[own] = (_number(reader, DAYS, own), _number(reader, SHARE, own), _marks(reader, SNOOZED, own))
        days, share, quiet = rules[own]
        if not snoozed and quiet.get(str(row["id"]), 0) > to_ms(now):
            continue
        need_not = row["purpose"] == "care" or (row["network"] == BY_HAND and row["last_post"] is None)
        judged = judge(
            row["id"],
            now=now,
            last_post=moment(row["last_post"]),
            since=from_ms(row["created_at"]),
            unanswered=row["unanswered"],
            of=row["heard"],
            days=0 if need_not else days,
            share=share,
        )
        if judged is not None:
            found.append(judged)
    return found


def to_tell(reader: Reader, now: datetime, brand_id: int | None = None) -> list[Silence]:
    """Return the silent channels no notice has told of yet: each silence is told once, a new one again."""
    known: dict[int, dict[str, int]] = {}
    found = []
    for each in silent(reader, now, brand_id):
        own = _brand(reader, each.account_id)
        marks = known.setdefault(own, _marks(reader, TOLD, own))
        if str(each.account_id) not in marks:
            found.append(each)
    return found


def note_told(tx: Transaction, *, account_ids: list[int]) -> None:
    """Note that a notice told of these; those that speak again meanwhile are forgotten, so that they can be told of."""
    for own in {_brand(tx.conn, each) for each in account_ids} | _brands_told(tx.conn):
        still = {str(each.account_id) for each in silent(tx.conn, tx.now, own, snoozed=True)}
        before = _marks(tx.conn, TOLD, own)
        told = {key: at for key, at in before.items() if key in still}
        for each in account_ids:
            if str(each) in still:
                told.setdefault(str(each), tx.now_ms)
        if told != before:
            settings.put(tx, TOLD, dump(told), own)
            tx.touch(Topic.LISTEN, own)


def _brands_told(reader: Reader) -> set[int]:
    return {row[0] for row in reader.execute("SELECT brand_id FROM setting WHERE key = ?", (TOLD,))}


def _brand(reader: Reader, account_id: int) -> int:
    found: int = reader.execute("SELECT brand_id FROM account WHERE id = ?", (account_id,)).fetchone()[0]
    return found


def _number(reader: Reader, key: str, brand_id: int) -> int:
    text = settings.get(reader, key, brand_id) or ""
    return int(text) if text.isdecimal() else _USUAL[key]


def _marks(reader: Reader, key: str, brand_id: int) -> dict[str, int]:
    told = load(settings.get(reader, key, brand_id) or "{}")
    return {str(name): int(at) for name, at in told.items()} if isinstance(told, dict) else {}
