"""Where posts stand: the chips of a range of days and of the tray, one query for every view (rank 11)."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import from_ms, to_ms
from cmdesk.model import SENT, WAITING_STATES, CalendarItem, Delivery, DeliveryState, PostStatus, Publication
from cmdesk.planning.plan_filter import UNASKED, PlanFilter, Shown, in_states
from cmdesk.planning.status import current, status_of
from cmdesk.planning.verifying import differs
from cmdesk.store.approval_hold import STATE as APPROVAL
from cmdesk.store.db import Reader
from cmdesk.store.outbox_read import deliveries_of
from cmdesk.store.rows import fetch, ids_json, load
from cmdesk.store.threads import publications
from cmdesk.store.words import match_expression, words_of

EVERYTHING = PlanFilter()

# What a drag may still move: nothing of the post has left.
_MOVABLE = frozenset(
    {
        DeliveryState.QUEUED,
        DeliveryState.BACKOFF,
        DeliveryState.BLOCKED_AUTH,
        DeliveryState.HELD_LATE,
        DeliveryState.HELD_CLOCK,
        DeliveryState.REJECTED,
        DeliveryState.MANUAL,
    }
)

# What a filter asks of a post, in SQL: the same for every view, the tray and the exports (rank 11).
_WANTED = (
    " AND (:brands IS NULL OR p.brand_id IN (SELECT value FROM json_each(:brands)))"
    " AND (:markets IS NULL OR p.market_id IN (SELECT value FROM json_each(:markets)))"
    " AND (:campaigns IS NULL OR p.campaign_id IN (SELECT value FROM json_each(:campaigns)))"
    " AND (:labels IS NULL OR EXISTS (SELECT 1 FROM post_label pl WHERE pl.post_id = p.id"
    " AND pl.label_id IN (SELECT value FROM json_each(:labels))))"
    " AND (:circles IS NULL OR EXISTS (SELECT 1 FROM json_each(p.circles) c"
    " WHERE c.value IN (SELECT value FROM json_each(:circles))))"
    " AND (:words IS NULL OR p.id IN (SELECT rowid FROM post_fts WHERE post_fts MATCH :words))"
    " AND (:accounts IS NULL OR EXISTS (SELECT 1 FROM post_target t WHERE t.post_id = p.id"
    " AND t.account_id IN (SELECT value FROM json_each(:accounts)))"
    " OR EXISTS (SELECT 1 FROM delivery d WHERE d.post_id = p.id AND d.state <> 'cancelled'"
    " AND d.account_id IN (SELECT value FROM json_each(:accounts))))"
)

# Posts that stand somewhere in the range: by a delivery that counts, or by a plan that is not sealed.
_IN_RANGE = (
    "SELECT d.post_id FROM delivery d WHERE d.due_at >= :start AND d.due_at < :end AND d.state <> 'cancelled'"
    " AND d.kind = 'post' AND (:brand_id IS NULL OR d.brand_id = :brand_id)"
    " AND (:account_id IS NULL OR d.account_id = :account_id)"
    " UNION SELECT t.post_id FROM post_target t JOIN post p ON p.id = t.post_id"
    " WHERE t.due_at >= :start AND t.due_at < :end AND p.kind = 'post'"
    " AND (:brand_id IS NULL OR p.brand_id = :brand_id) AND (:account_id IS NULL OR t.account_id = :account_id)"
)
_CHIPS = (
    "SELECT p.id, p.brand_id, substr(p.text, 1, 200) AS text,"
    " coalesce((SELECT m.file FROM post_media pm JOIN media m ON m.id = pm.media_id WHERE pm.post_id = p.id"
    " ORDER BY pm.position LIMIT 1), '') AS media_file, p.campaign_id, p.market_id, p.circles, p.series_id,"
    " 1 + (SELECT count(*) FROM post_part pp WHERE pp.post_id = p.id AND pp.part > 0 AND pp.key = '') AS parts,"
    " EXISTS (SELECT 1 FROM post_part pp WHERE pp.post_id = p.id AND pp.part < 0) AS comment,"
    " coalesce((SELECT json_group_array(pl.label_id) FROM post_label pl WHERE pl.post_id = p.id), '[]') AS labels,"
    " p.aim, (SELECT b.needs_approval FROM brand b WHERE b.id = p.brand_id) AS needs_approval,"
    " (SELECT publishing_paused FROM brand WHERE id = p.brand_id) OR EXISTS (SELECT 1 FROM setting"
    " WHERE key = 'publishing_paused' AND brand_id = 0 AND lower(value) IN ('1', 'true', 'yes', 'on')) AS paused,"
    " " + APPROVAL + " AS approval FROM post p WHERE p.deleted_at IS NULL AND p.id IN"
)
_UNPLANNED = (
    "SELECT p.id FROM post p WHERE p.kind = 'post' AND p.deleted_at IS NULL AND (:brand_id IS NULL OR"
    " p.brand_id = :brand_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.post_id = p.id AND"
    " (d.state <> 'cancelled' OR d.reason_code = 'discarded')) AND NOT EXISTS"
    " (SELECT 1 FROM post_target t WHERE t.post_id = p.id AND t.due_at IS NOT NULL)"
)


def calendar_items(
    reader: Reader,
    *,
    brand_id: int | None,
    start: datetime,
    end: datetime,
    account_id: int | None = None,
    chosen: PlanFilter = EVERYTHING,
) -> list[CalendarItem]:
    """Return the chips of [start, end), by time: one per post and time, whatever the view shows of it."""
    params = _params(chosen) | {
        "brand_id": brand_id, "account_id": account_id, "start": to_ms(start), "end": to_ms(end),
    }  # fmt: skip
    items = _chips(reader, " ".join((_CHIPS, "(", _IN_RANGE, ")", _WANTED)), params)
    accounts = set(chosen.accounts) or ({account_id} if account_id is not None else set())
    found = [
        item
        for item in in_states(items, chosen.states)
        if item.at is not None and start <= item.at < end and (not accounts or accounts & set(item.account_ids))
    ]
    return sorted(found, key=lambda item: (item.at or start, item.post_id))


def made_elsewhere(
    reader: Reader, *, brand_id: int | None, start: datetime, end: datetime, chosen: PlanFilter = EVERYTHING
) -> list[Publication]:
    """Return own posts of [start, end) that no delivery of this desk made, oldest first, as the same filter asks."""
    states = {Shown(each) for each in chosen.states}
    if chosen.of_ours or (states and not states & {Shown.ELSEWHERE, Shown.PUBLISHED}):
        return []
    found = publications(reader, brand_id=brand_id, start=start, end=end)
    words = [_folded(word) for word in words_of(chosen.text)]
    return [
        each
        for each in found
        if each.delivery_id is None
        and each.deleted_at is None
        and (not chosen.brands or each.brand_id in chosen.brands)
        and (not chosen.accounts or each.account_id in chosen.accounts)
        and all(word in _folded(each.text) for word in words)
    ]


def as_items(reader: Reader, found: Iterable[Publication]) -> list[CalendarItem]:
    """Return publications as chips; their ids are negative, nothing moves them."""
    networks = networks_of(reader)
    return [
        CalendarItem(
            post_id=-each.id,
            brand_id=each.brand_id,
            at=each.created_at,
            wall="",
            zone="",
            text=each.text,
            status=PostStatus.PUBLISHED,
            networks=(networks.get(each.account_id, ""),),
            account_ids=(each.account_id,),
            states=(DeliveryState.CONFIRMED,),
            movable=False,
        )
        for each in found
    ]


def tray(reader: Reader, *, brand_id: int | None, chosen: PlanFilter = EVERYTHING) -> list[CalendarItem]:
    """Return the posts that stand nowhere on the calendar, last changed first."""
    sql = " ".join((_CHIPS, "(", _UNPLANNED, ")", _WANTED, "ORDER BY p.updated_at DESC, p.id DESC"))
    return in_states(_chips(reader, sql, _params(chosen) | {"brand_id": brand_id}), chosen.states)


def _folded(text: str) -> str:
    """Return a text as the index compares it: without case and accents."""
    return "".join(each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each))


def _params(chosen: PlanFilter) -> dict[str, Any]:
    """Return what the statement asks for; NULL where nothing is asked."""
    lists = {"brands": chosen.brands, "accounts": chosen.accounts, "markets": chosen.markets}
    lists |= {"circles": chosen.circles, "campaigns": chosen.campaigns, "labels": chosen.labels}
    found: dict[str, Any] = {name: ids_json(ids) if ids else None for name, ids in lists.items()}
    return found | {"words": match_expression(chosen.text) or None}


def _chips(reader: Reader, sql: str, params: Mapping[str, Any]) -> list[CalendarItem]:
    rows = fetch(reader, sql, params)
    ids = [row["id"] for row in rows]
    deliveries = deliveries_of(reader, ids)
    plans: dict[int, list[sqlite3.Row]] = {}
    for plan in fetch(
        reader,
        "SELECT post_id, account_id, wall, zone, due_at FROM post_target"
        " WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY post_id, account_id",
        (ids_json(ids),),
    ):
        plans.setdefault(plan["post_id"], []).append(plan)
    networks = networks_of(reader)
    checks = _checks(reader, ids)
    begun = _begun(reader, rows, deliveries)
    return [
        item
        for row in rows
        for item in _chips_of(
            row, deliveries.get(row["id"], ()), plans.get(row["id"], []), networks, checks, begun.get(row["id"], ())
        )
    ]


def _begun(
    reader: Reader, rows: Iterable[sqlite3.Row], deliveries: Mapping[int, Sequence[Delivery]]
) -> dict[int, Collection[int]]:
    """Return the accounts on which a thread is out without its rest, by post; nothing else is read whole for it."""
    short = [
        row["id"]
        for row in rows
        if (parts := row["parts"] + row["comment"]) > 1 and _ends_early(deliveries.get(row["id"], ()), parts)
    ]
    if not short:
        return {}
    from cmdesk.store.planning import posts_by_id

    return {post_id: post.missing.keys() for post_id, post in posts_by_id(reader, short).items()}


def _ends_early(deliveries: Iterable[Delivery], parts: int) -> bool:
    out = Counter(each.account_id for each in current(deliveries) if each.state in SENT)
    return any(count < parts for count in out.values())


def _chips_of(
    row: sqlite3.Row,
    deliveries: Sequence[Delivery],
    plans: Sequence[sqlite3.Row],
    networks: Mapping[int, str],
    checks: Mapping[int, Sequence[str]],
    begun: Collection[int],
) -> list[CalendarItem]:
    """Group what counts of a post by its time: sealed deliveries, then plans of accounts that have none."""
    groups: dict[tuple[int | None, str, str], tuple[list[Delivery], list[int]]] = {}
    sealed = current(deliveries)
    for each in sealed:
        group = groups.setdefault((to_ms(each.due_at), each.wall, each.zone), ([], []))
        group[0].append(each)
        group[1].append(each.account_id)
    done = {each.account_id for each in sealed}
    for plan in plans:
        if plan["account_id"] not in done and (plan["due_at"] is not None or not sealed):
            key = (plan["due_at"], plan["wall"] if plan["due_at"] is not None else "", plan["zone"])
            groups.setdefault(key if plan["due_at"] is not None else (None, "", ""), ([], []))[1].append(
                plan["account_id"]
            )
    if not groups:
        groups[None, "", ""] = ([], [])
    return [
        CalendarItem(
            post_id=row["id"],
            brand_id=row["brand_id"],
            at=None if due is None else from_ms(due),
            wall=wall,
            zone=zone,
            text=row["text"],
            status=(status := _status(mine, begun)),
            networks=tuple(dict.fromkeys(networks.get(account_id, "") for account_id in accounts)),
            account_ids=tuple(dict.fromkeys(accounts)),
            delivery_ids=tuple(each.id for each in mine),
            states=tuple(each.state for each in mine),
            media_file=row["media_file"],
            movable=all(each.state in _MOVABLE for each in mine),
            held=any(each.reason_code == CRISIS_HOLD for each in mine),
            differs=any(differs(each.verified) for each in mine),
            parts=row["parts"],
            campaign_id=row["campaign_id"],
            market_id=row["market_id"],
            labels=tuple(load(row["labels"])),
            circles=tuple(load(row["circles"])),
            series_id=row["series_id"],
            approval=row["approval"] or _unasked(row, status, planned=due is not None),
            aim=row["aim"],
            paused=bool(row["paused"]) and any(each.state in WAITING_STATES for each in mine),
            checks=tuple(dict.fromkeys(code for each in mine for code in checks.get(each.id, ()))),
        )
        for (due, wall, zone), (mine, accounts) in groups.items()
    ]


def _status(mine: Sequence[Delivery], begun: Collection[int]) -> PostStatus:
    """As the post's own (`planning.post`): a thread whose rest was taken back is out in part."""
    status = status_of(mine) if mine else PostStatus.DRAFT
    cut = status is PostStatus.PUBLISHED and any(each.account_id in begun for each in mine)
    return PostStatus.PARTIAL if cut else status


def _unasked(row: sqlite3.Row, status: PostStatus, *, planned: bool) -> str:
    """Say that nobody asked the client yet although the brand wants the yes: it would rest at its hour, unseen."""
    unsent = status in (PostStatus.DRAFT, PostStatus.SCHEDULED)
    return UNASKED if row["needs_approval"] and unsent and planned else ""


def _checks(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the codes of what the look before publishing found, by delivery (N16)."""
    found: dict[int, list[str]] = {}
    for delivery_id, code in reader.execute(
        "SELECT p.delivery_id, p.code FROM json_each(?) ids CROSS JOIN delivery d ON d.post_id = ids.value"
        " CROSS JOIN preflight p ON p.delivery_id = d.id",
        (ids_json(post_ids),),
    ):
        found.setdefault(delivery_id, []).append(code)
    return found


def networks_of(reader: Reader) -> dict[int, str]:
    """Return the network of every account."""
    return dict(reader.execute("SELECT id, network FROM account"))
