"""The queue as it is stored: hours of accounts, which of them are free, and which drafts would fill them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Post, Target
from cmdesk.planning.slots import TAKEN_WITHIN, FreeSlot, Slot, SlotTime, check_time, expand, free
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.planning import posts_by_id
from cmdesk.store.rows import fetch, fetch_one, ids_json

LOOK_AHEAD = timedelta(days=84)
"""How far the next free slot is looked for: a full queue of twelve weeks has none."""

# The hour is of its market's clock, else of its brand's, whatever that is now: `slot.zone` is what it was when saved.
_SLOTS = (
    "SELECT s.id, s.brand_id, s.account_id, s.market_id, s.weekday, s.at, coalesce(m.zone, b.zone) AS zone, a.network"
    " FROM slot s JOIN account a ON a.id = s.account_id JOIN brand b ON b.id = s.brand_id"
    " LEFT JOIN market m ON m.id = s.market_id"
    " WHERE a.state <> 'disconnected' AND b.archived_at IS NULL AND (?1 IS NULL OR s.brand_id = ?1)"
    " AND (?2 IS NULL OR s.account_id IN (SELECT value FROM json_each(?2)))"
    " ORDER BY s.account_id, s.weekday, s.at, s.id"
)


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling would do with one draft: its accounts with their hours, or why it stays where it is."""

    post_id: int
    text: str
    targets: tuple[Target, ...] = ()
    why: str = ""  # '' it gets hours; no_accounts, no_queue, no_slot, or a code of planning.review


def slots_of(reader: Reader, *, brand_id: int | None = None, account_ids: Iterable[int] | None = None) -> list[Slot]:
    """Return the hours of the queue, by account and week."""
    wanted = None if account_ids is None else ids_json(account_ids)
    return [
        Slot(
            row["id"], row["brand_id"], row["account_id"], row["weekday"], row["at"], row["zone"], row["market_id"],
            row["network"],
        )
        for row in fetch(reader, _SLOTS, (brand_id, wanted))
    ]  # fmt: skip


def free_slots(
    reader: Reader,
    *,
    brand_id: int | None = None,
    account_ids: Iterable[int] | None = None,
    start: datetime,
    end: datetime,
    besides: int | None = None,
) -> list[FreeSlot]:
    """Return the slots of [start, end) that no post is near, by time; the post `besides` takes none."""
    placed = expand(slots_of(reader, brand_id=brand_id, account_ids=account_ids), start, end)
    if not placed:
        return []
    return free(placed, taken(reader, {each.account_id for each in placed}, start, end, besides=besides))


def next_free(
    reader: Reader, account_ids: Iterable[int], after: datetime, *, besides: int | None = None
) -> dict[int, FreeSlot]:
    """Return each account's own next free slot after a moment; accounts without one are missing (rank 37)."""
    wanted = list(dict.fromkeys(account_ids))
    found: dict[int, FreeSlot] = {}
    start = after + timedelta(microseconds=1)
    # Most queues have room within two weeks; only a full one is looked through to its end.
    for days in (timedelta(days=14), LOOK_AHEAD):
        missing = [each for each in wanted if each not in found]
        for each in free_slots(reader, account_ids=missing, start=start, end=after + days, besides=besides):
            found.setdefault(each.account_id, each)
        if len(found) == len(wanted):
            break
    return found


def taken(
    reader: Reader, account_ids: Iterable[int], start: datetime, end: datetime, *, besides: int | None = None
) -> dict[int, list[datetime]]:
    """Return the instants at which accounts publish or mean to, in order, with ten minutes around the range."""
    params = {
        "accounts": ids_json(account_ids),
        "start": to_ms(start - TAKEN_WITHIN),
        "end": to_ms(end + TAKEN_WITHIN),
        "besides": besides or 0,
    }
    found: dict[int, list[datetime]] = {}
    for account_id, due in reader.execute(
        "SELECT account_id, due_at FROM ("
        "SELECT d.account_id, d.due_at FROM delivery d WHERE d.due_at >= :start AND d.due_at < :end"
        " AND d.kind = 'post' AND d.part = 0 AND d.state <> 'cancelled' AND d.post_id <> :besides"
        " AND d.account_id IN (SELECT value FROM json_each(:accounts))"
        " UNION SELECT t.account_id, t.due_at FROM post_target t JOIN post p ON p.id = t.post_id"
        " WHERE t.due_at >= :start AND t.due_at < :end AND p.kind = 'post' AND p.deleted_at IS NULL"
        " AND t.post_id <> :besides AND t.account_id IN (SELECT value FROM json_each(:accounts))"
        ") ORDER BY account_id, due_at",
        params,
    ):
        found.setdefault(account_id, []).append(from_ms(due))
    return found


# Filling

# Drafts that stand nowhere, the oldest first.
_DRAFTS = (
    "SELECT p.id FROM post p WHERE p.kind = 'post' AND p.brand_id = ? AND p.deleted_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.post_id = p.id AND (d.state <> 'cancelled' OR"
    " d.reason_code = 'discarded')) AND NOT EXISTS (SELECT 1 FROM post_target t WHERE t.post_id = p.id"
    " AND t.due_at IS NOT NULL) ORDER BY p.created_at, p.id"
)


def drafts(reader: Reader, brand_id: int) -> list[Post]:
    """Return a brand's drafts without an hour, the oldest first."""
    ids = [row[0] for row in reader.execute(_DRAFTS, (brand_id,))]
    found = posts_by_id(reader, ids)
    return [found[each] for each in ids]


def fill_plan(reader: Reader, *, brand_id: int, start: datetime, end: datetime) -> list[Filling]:
    """Say which drafts would get which free slots of [start, end): the oldest first, each account its own next one.

    An account without a queue goes out with the first of the others. A draft whose accounts find no place stays.
    """
    waiting = drafts(reader, brand_id)
    slots = slots_of(reader, brand_id=brand_id)
    queued = {each.account_id for each in slots}
    open_slots: dict[int, list[FreeSlot]] = {}
    placed = expand(slots, start, end)
    for each in free(placed, taken(reader, queued, start, end)):
        open_slots.setdefault(each.account_id, []).append(each)
    return [_filling(post, queued, open_slots) for post in waiting]


def _filling(post: Post, queued: set[int], open_slots: dict[int, list[FreeSlot]]) -> Filling:
    accounts = [each.account_id for each in post.targets]
    mine = [each for each in accounts if each in queued]
    if not accounts:
        return Filling(post.id, post.text, why="no_accounts")
    if not mine:
        return Filling(post.id, post.text, why="no_queue")
    if not all(open_slots.get(each) for each in mine):
        return Filling(post.id, post.text, why="no_slot")
    hours = {each: open_slots[each].pop(0) for each in mine}
    for account_id, hour in hours.items():  # a neighbour within ten minutes is no place any more
        open_slots[account_id] = [each for each in open_slots[account_id] if each.at - hour.at >= TAKEN_WITHIN]
    first = min(hours.values(), key=lambda one: one.at)
    kept = {each.account_id: each.hand_off for each in post.targets}
    targets = tuple(
        Target(each, (hours.get(each) or first).wall, (hours.get(each) or first).zone, 0, kept[each])
        for each in accounts
    )
    return Filling(post.id, post.text, targets)


# Writing


def put_week(tx: Transaction, account_id: int, wanted: Iterable[SlotTime]) -> tuple[SlotTime, ...]:
    """Give an account these hours and no others and return what it had; hours that stay keep their ids.

    Raises Invalid: `account_unknown`, `market_unknown`, and as `check_time`.
    """
    row = fetch_one(
        tx.conn,
        "SELECT a.brand_id, b.zone FROM account a JOIN brand b ON b.id = a.brand_id WHERE a.id = ?",
        (account_id,),
    )
    if row is None:
        raise Invalid(f"there is no account {account_id}", code="account_unknown", detail=str(account_id))
    zones: dict[int | None, str] = {None: row["zone"]}
    for market_id, zone in tx.conn.execute("SELECT id, zone FROM market WHERE brand_id = ?", (row["brand_id"],)):
        zones[market_id] = zone
    before = fetch(tx.conn, "SELECT id, weekday, at, market_id, zone FROM slot WHERE account_id = ?", (account_id,))
    there = {(each["weekday"], each["at"], each["zone"]): each["id"] for each in before}
    kept: dict[tuple[int, str, str], SlotTime] = {}
    for each in wanted:
        check_time(each)
        if each.market_id not in zones:
            raise Invalid(f"there is no market {each.market_id}", code="market_unknown", detail=str(each.market_id))
        kept.setdefault((each.weekday, each.at, zones[each.market_id]), each)
    tx.conn.executemany("DELETE FROM slot WHERE id = ?", [(there[key],) for key in there.keys() - kept.keys()])
    for (weekday, at, zone), each in kept.items():
        tx.conn.execute(
            "INSERT INTO slot (brand_id, account_id, market_id, weekday, at, zone) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (account_id, weekday, at, zone) DO UPDATE SET market_id = excluded.market_id",
            (row["brand_id"], account_id, each.market_id, weekday, at, zone),
        )
    tx.touch(Topic.POST, row["brand_id"])
    return tuple(SlotTime(each["weekday"], each["at"], each["market_id"]) for each in before)


def week_of(reader: Reader, account_id: int) -> tuple[SlotTime, ...]:
    """Return an account's hours, connected or not."""
    rows: Sequence[Mapping[str, object]] = fetch(
        reader, "SELECT weekday, at, market_id FROM slot WHERE account_id = ? ORDER BY weekday, at", (account_id,)
    )
    return tuple(SlotTime(int(str(row["weekday"])), str(row["at"]), _id(row["market_id"])) for row in rows)


def slot_owner(reader: Reader, slot_id: int) -> tuple[int, SlotTime]:
    """Return (account id, hour) of a slot; raises Invalid (`slot_unknown`)."""
    row = fetch_one(reader, "SELECT account_id, weekday, at, market_id FROM slot WHERE id = ?", (slot_id,))
    if row is None:
        raise Invalid(f"there is no slot {slot_id}", code="slot_unknown", detail=str(slot_id))
    return row["account_id"], SlotTime(row["weekday"], row["at"], row["market_id"])


def _id(value: object) -> int | None:
    return None if value is None else int(str(value))
