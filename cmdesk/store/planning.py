"""Posts: what is said once, with its variants, targets and pictures, and where it stands on the calendar."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import CalendarItem, Delivery, DeliveryState, Post, PostMedia, PostStatus, Target
from cmdesk.planning.status import current, status_of
from cmdesk.planning.zones import to_utc
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.media import media_value
from cmdesk.store.outbox_read import deliveries_of
from cmdesk.store.rows import fetch, fetch_one, ids_json, scalar
from cmdesk.store.threads import publication, publications

__all__ = [
    "calendar_items",
    "delete_post",
    "networks_of",
    "post",
    "posts",
    "posts_by_id",
    "publication",
    "publications",
    "restore_post",
    "save_post",
    "set_targets",
    "tray",
]

_POSTS = (
    "SELECT p.id, p.brand_id, p.text, p.language, p.spoiler, p.visibility, p.note, p.revision, p.campaign_id,"
    " p.market_id, p.created_at, p.updated_at FROM post p"
)
# What a drag may still move: nothing of the post has left.
_MOVABLE = frozenset(
    {
        DeliveryState.QUEUED,
        DeliveryState.BACKOFF,
        DeliveryState.BLOCKED_AUTH,
        DeliveryState.HELD_LATE,
        DeliveryState.HELD_CLOCK,
        DeliveryState.REJECTED,
    }
)


# Posts


def post(reader: Reader, post_id: int) -> Post:
    """Return one post with everything it has; raises Invalid when there is none of that id."""
    found = posts_by_id(reader, (post_id,))
    if post_id not in found:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    return found[post_id]


def posts_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Post]:
    """Return these posts; those that are gone are missing."""
    wanted = ids_json(ids)
    rows = fetch(reader, _POSTS + " WHERE p.id IN (SELECT value FROM json_each(?))", (wanted,))
    variants: dict[int, dict[str, str]] = {}
    for post_id, network, text in reader.execute(
        "SELECT post_id, network, text FROM post_variant WHERE post_id IN (SELECT value FROM json_each(?))", (wanted,)
    ):
        variants.setdefault(post_id, {})[network] = text
    targets: dict[int, list[Target]] = {}
    for post_id, account_id, wall, zone, fold, hand_off in reader.execute(
        "SELECT post_id, account_id, wall, zone, fold, hand_off FROM post_target"
        " WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY post_id, account_id",
        (wanted,),
    ):
        targets.setdefault(post_id, []).append(Target(account_id, wall, zone, fold, bool(hand_off)))
    pictures: dict[int, list[PostMedia]] = {}
    for row in fetch(
        reader,
        "SELECT pm.post_id, pm.position, pm.alt, m.* FROM post_media pm JOIN media m ON m.id = pm.media_id"
        " WHERE pm.post_id IN (SELECT value FROM json_each(?)) ORDER BY pm.post_id, pm.position",
        (wanted,),
    ):
        pictures.setdefault(row["post_id"], []).append(PostMedia(media_value(row), row["alt"], row["position"]))
    deliveries = deliveries_of(reader, (row["id"] for row in rows))
    return {
        row["id"]: _post(
            row,
            variants=variants.get(row["id"], {}),
            targets=tuple(targets.get(row["id"], ())),
            media=tuple(pictures.get(row["id"], ())),
            deliveries=deliveries.get(row["id"], ()),
        )
        for row in rows
    }


def posts(
    reader: Reader,
    *,
    brand_id: int | None = None,
    status: PostStatus | None = None,
    limit: int = 100,
    before: tuple[int, int] | None = None,
) -> list[Post]:
    """Return posts (no replies), last changed first, those after `before` (updated_at in ms, id of the last seen)."""
    found: list[Post] = []
    while len(found) < limit:
        # A status is computed, so a page of one status may need several steps of the list.
        rows = reader.execute(
            "SELECT id, updated_at FROM post WHERE (?1 IS NULL OR brand_id = ?1) AND kind = 'post'"
            " AND deleted_at IS NULL AND (?2 IS NULL OR (updated_at, id) < (?2, ?3))"
            " ORDER BY updated_at DESC, id DESC LIMIT ?4",
            (brand_id, *(before or (None, None)), limit),
        ).fetchall()
        if not rows:
            break
        by_id = posts_by_id(reader, (row[0] for row in rows))
        found += [by_id[row[0]] for row in rows if status is None or by_id[row[0]].status is status]
        before = (rows[-1][1], rows[-1][0])
        if len(rows) < limit:
            break
    return found[:limit]


def save_post(
    tx: Transaction,
    *,
    post_id: int | None = None,
    brand_id: int,
    text: str,
    variants: Mapping[str, str] | None = None,
    targets: Sequence[Target] = (),
    media: Sequence[tuple[int, str]] = (),
    language: str = "",
    spoiler: str = "",
    visibility: str = "public",
    note: str = "",
    campaign_id: int | None = None,
    market_id: int | None = None,
    kind: str = "post",
    conversation_id: int | None = None,
) -> int:
    """Save a post as it is written (`media`: (media id, alt) in order) and return its id; it seals nothing.

    A post that was sealed before gets the next revision. Raises Conflict while a delivery of it is on its way,
    Invalid for accounts or pictures of another brand and for wall times that do not exist.
    """
    if post_id is None:
        post_id = tx.conn.execute(
            "INSERT INTO post (brand_id, kind, text, conversation_id, created_at, updated_at)"
            " VALUES (?, ?, '', ?, ?, ?)",
            (brand_id, kind, conversation_id, tx.now_ms, tx.now_ms),
        ).lastrowid
        assert post_id is not None
    else:
        _editable(tx.conn, post_id, brand_id)
        fts.take_out(tx, "post", [post_id])
    tx.conn.execute(
        "UPDATE post SET text = ?, language = ?, spoiler = ?, visibility = ?, note = ?, campaign_id = ?,"
        " market_id = ?, updated_at = ?, revision = max(revision, 1 + coalesce((SELECT max(d.revision)"
        " FROM delivery d WHERE d.post_id = post.id), 0)) WHERE id = ?",
        (text, language, spoiler, visibility, note, campaign_id, market_id, tx.now_ms, post_id),
    )
    fts.put_in(tx, "post", [post_id])
    tx.conn.execute("DELETE FROM post_variant WHERE post_id = ?", (post_id,))
    tx.conn.executemany(
        "INSERT INTO post_variant (post_id, network, text) VALUES (?, ?, ?)",
        [(post_id, network, variant) for network, variant in (variants or {}).items()],
    )
    _save_media(tx, post_id, brand_id, media)
    set_targets(tx, post_id, targets)
    return post_id


def set_targets(tx: Transaction, post_id: int, targets: Sequence[Target]) -> None:
    """Say where and when a post should go; raises Invalid for accounts of another brand and impossible times."""
    brand_id = scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,))
    if brand_id is None:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    tx.conn.execute("DELETE FROM post_target WHERE post_id = ?", (post_id,))
    for target in targets:
        due = to_ms(to_utc(target.wall, target.zone, fold=target.fold)) if target.wall else None
        added = tx.conn.execute(
            "INSERT INTO post_target (post_id, account_id, wall, zone, fold, hand_off, due_at)"
            " SELECT ?, id, ?, ?, ?, ?, ? FROM account WHERE id = ? AND brand_id = ?",
            (post_id, target.wall, target.zone, target.fold, target.hand_off, due, target.account_id, brand_id),
        )
        if not added.rowcount:
            raise Invalid(
                f"account {target.account_id} does not belong to the post's brand",
                code="wrong_brand",
                detail=str(target.account_id),
            )
    tx.touch(Topic.POST, brand_id, post_id)


def delete_post(tx: Transaction, post_id: int) -> None:
    """Put a post away (`restore_post` brings it back); raises Conflict while a delivery of it may still go out."""
    found = post(tx.conn, post_id)
    live = [each for each in found.deliveries if not each.state.final and each.state is not DeliveryState.PUBLISHED]
    if live:
        raise Conflict("the post is still scheduled or on its way", code="post_live", detail=str(post_id))
    tx.conn.execute("UPDATE post SET deleted_at = ? WHERE id = ?", (tx.now_ms, post_id))
    tx.touch(Topic.POST, found.brand_id, post_id)


def restore_post(tx: Transaction, post_id: int) -> None:
    """Bring a deleted post back."""
    row = tx.conn.execute("UPDATE post SET deleted_at = NULL WHERE id = ? RETURNING brand_id", (post_id,)).fetchone()
    if row is None:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    tx.touch(Topic.POST, row[0], post_id)


def _editable(conn: Reader, post_id: int, brand_id: int) -> None:
    row = fetch_one(conn, "SELECT brand_id, deleted_at FROM post WHERE id = ?", (post_id,))
    if row is None:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    if row["brand_id"] != brand_id:
        raise Invalid("a post stays with its brand", code="wrong_brand", detail=str(brand_id))
    if row["deleted_at"] is not None:
        raise Conflict("the post was deleted", code="post_deleted", detail=str(post_id))
    busy = conn.execute(
        "SELECT 1 FROM delivery WHERE post_id = ? AND state IN ('sending', 'uncertain')", (post_id,)
    ).fetchone()
    if busy:
        raise Conflict("the post is on its way", code="post_sending", detail=str(post_id))


def _save_media(tx: Transaction, post_id: int, brand_id: int, media: Sequence[tuple[int, str]]) -> None:
    tx.conn.execute("DELETE FROM post_media WHERE post_id = ?", (post_id,))
    for position, (media_id, alt) in enumerate(media):
        added = tx.conn.execute(
            "INSERT INTO post_media (post_id, position, media_id, alt) SELECT ?, ?, id, ? FROM media"
            " WHERE id = ? AND brand_id = ?",
            (post_id, position, alt, media_id, brand_id),
        )
        if not added.rowcount:
            raise Invalid(
                f"picture {media_id} does not belong to the post's brand", code="wrong_brand", detail=str(media_id)
            )


# Calendar

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
    " ORDER BY pm.position LIMIT 1), '') AS media_file FROM post p WHERE p.deleted_at IS NULL AND p.id IN"
)
_UNPLANNED = (
    "SELECT p.id FROM post p WHERE p.kind = 'post' AND p.deleted_at IS NULL AND (:brand_id IS NULL OR"
    " p.brand_id = :brand_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.post_id = p.id AND"
    " (d.state <> 'cancelled' OR d.reason_code = 'discarded')) AND NOT EXISTS"
    " (SELECT 1 FROM post_target t WHERE t.post_id = p.id AND t.due_at IS NOT NULL)"
)


def calendar_items(
    reader: Reader, *, brand_id: int | None, start: datetime, end: datetime, account_id: int | None = None
) -> list[CalendarItem]:
    """Return the chips of [start, end), by time: one per post and time, whatever the view shows of it."""
    params = {"brand_id": brand_id, "account_id": account_id, "start": to_ms(start), "end": to_ms(end)}
    items = _chips(reader, " ".join((_CHIPS, "(", _IN_RANGE, ")")), params)
    return sorted(
        (
            item
            for item in items
            if item.at is not None and start <= item.at < end and (account_id is None or account_id in item.account_ids)
        ),
        key=lambda item: (item.at or start, item.post_id),
    )


def tray(reader: Reader, *, brand_id: int | None) -> list[CalendarItem]:
    """Return the posts that stand nowhere on the calendar, last changed first."""
    sql = " ".join((_CHIPS, "(", _UNPLANNED, ") ORDER BY p.updated_at DESC, p.id DESC"))
    return _chips(reader, sql, {"brand_id": brand_id})


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
    return [
        item
        for row in rows
        for item in _chips_of(row, deliveries.get(row["id"], ()), plans.get(row["id"], []), networks)
    ]


def _chips_of(
    row: sqlite3.Row, deliveries: Sequence[Delivery], plans: Sequence[sqlite3.Row], networks: Mapping[int, str]
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
            status=status_of(mine) if mine else PostStatus.DRAFT,
            networks=tuple(dict.fromkeys(networks.get(account_id, "") for account_id in accounts)),
            account_ids=tuple(dict.fromkeys(accounts)),
            delivery_ids=tuple(each.id for each in mine),
            states=tuple(each.state for each in mine),
            media_file=row["media_file"],
            movable=all(each.state in _MOVABLE for each in mine),
            held=any(each.reason_code == CRISIS_HOLD for each in mine),
        )
        for (due, wall, zone), (mine, accounts) in groups.items()
    ]


def networks_of(reader: Reader) -> dict[int, str]:
    """Return the network of every account."""
    return dict(reader.execute("SELECT id, network FROM account"))


def _post(
    row: sqlite3.Row,
    *,
    variants: Mapping[str, str],
    targets: tuple[Target, ...],
    media: tuple[PostMedia, ...],
    deliveries: tuple[Delivery, ...],
) -> Post:
    return Post(
        id=row["id"],
        brand_id=row["brand_id"],
        text=row["text"],
        language=row["language"],
        spoiler=row["spoiler"],
        visibility=row["visibility"],
        note=row["note"],
        revision=row["revision"],
        status=status_of(deliveries),
        variants=variants,
        targets=targets,
        media=media,
        deliveries=deliveries,
        campaign_id=row["campaign_id"],
        market_id=row["market_id"],
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
    )
