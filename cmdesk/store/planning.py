"""Posts: what is said once, with its variants, targets and pictures, and where it stands on the calendar."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, Card, Crop, Delivery, DeliveryState, Part, Poll, Post, PostStatus, Readers, Target
from cmdesk.planning.content import card_of, poll_of
from cmdesk.planning.status import missing_parts, status_of
from cmdesk.planning.zones import to_utc
from cmdesk.store import approval_hold, fts, targeting
from cmdesk.store.calendar import calendar_items, networks_of, tray
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_read import deliveries_of
from cmdesk.store.post_content import Content, contents, save_content, set_labels
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, scalar
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
    " p.market_id, p.circles, p.person_id, p.wider_sure, p.kind, p.poll, p.card, p.aim, p.series_id, p.created_at,"
    " p.updated_at, " + approval_hold.STATE + " AS approval FROM post p"
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
    targets: dict[int, list[Target]] = {}
    for post_id, account_id, wall, zone, fold, hand_off in reader.execute(
        "SELECT post_id, account_id, wall, zone, fold, hand_off FROM post_target"
        " WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY post_id, account_id",
        (wanted,),
    ):
        targets.setdefault(post_id, []).append(Target(account_id, wall, zone, fold, bool(hand_off)))
    ids = [row["id"] for row in rows]
    deliveries, more, readers = deliveries_of(reader, ids), contents(reader, ids), targeting.readers_of(reader, rows)
    found = {
        row["id"]: _post(
            row,
            content=more[row["id"]],
            targets=tuple(targets.get(row["id"], ())),
            deliveries=deliveries.get(row["id"], ()),
            readers=readers[row["id"]],
        )
        for row in rows
    }
    begun = [each for each in found.values() if each.parts or each.comment is not None]
    networks = networks_of(reader) if any(SENT & {d.state for d in each.deliveries} for each in begun) else {}
    return found | {each.id: _with_missing(each, networks) for each in begun}


def _with_missing(post: Post, networks: Mapping[int, str]) -> Post:
    """A thread that began and did not end is not published, even where nothing of it waits any more."""
    missing = missing_parts(post, networks)
    partial = bool(missing) and post.status is PostStatus.PUBLISHED
    return replace(post, missing=missing, status=PostStatus.PARTIAL if partial else post.status)


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
    parts: Sequence[Part] = (),
    comment: Part | None = None,
    poll: Poll | None = None,
    card: Card | None = None,
    crops: Mapping[tuple[int, str], Crop] | None = None,
    options: Mapping[str, Mapping[str, object]] | None = None,
    labels: Iterable[int] | None = None,
    circles: Iterable[int] = (),
    aim: str = "",
    person_id: int | None = None,
) -> int:
    """Save a post as it is written (`media`: (media id, alt) in order) and return its id; it seals nothing.

    What is not given is taken away, labels (None) excepted. A post that was sealed before gets the next revision.
    What is for one person (`person_id`) is direct whatever `visibility` says, and stays so if they are forgotten (K3).
    Raises Conflict while a delivery of it is on its way, Invalid for accounts, pictures or a person of another brand
    (`person_of_brand`) and for wall times that do not exist.
    """
    if person_id is not None:
        person_id = targeting.person_of(tx.conn, brand_id, person_id)
        visibility, market_id, circles = "direct", None, ()
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
        " market_id = ?, circles = ?, aim = ?, person_id = ?, updated_at = ?, revision = max(revision, 1 +"
        " coalesce((SELECT max(d.revision) FROM delivery d WHERE d.post_id = post.id), 0)) WHERE id = ?",
        (
            text, language, spoiler, visibility, note, campaign_id, market_id, dump(sorted(set(circles))), aim,
            person_id, tx.now_ms, post_id,
        ),
    )  # fmt: skip
    fts.put_in(tx, "post", [post_id])
    save_content(
        tx, post_id, brand_id, variants=variants or {}, media=media, parts=parts, comment=comment, poll=poll, card=card,
        crops=crops or {}, options=options or {},
    )  # fmt: skip
    if labels is not None:
        set_labels(tx, post_id, labels)
    set_targets(tx, post_id, targets)
    approval_hold.follow(tx, post_id)
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


def _post(
    row: sqlite3.Row,
    *,
    content: Content,
    targets: tuple[Target, ...],
    deliveries: tuple[Delivery, ...],
    readers: Mapping[int, Readers],
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
        variants=content.variants,
        targets=targets,
        media=content.media,
        deliveries=deliveries,
        campaign_id=row["campaign_id"],
        market_id=row["market_id"],
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
        kind=row["kind"],
        parts=content.parts,
        comment=content.comment,
        poll=poll_of(load(row["poll"]) if row["poll"] else None),
        card=card_of(load(row["card"]) if row["card"] else None),
        options=content.options,
        crops=content.crops,
        labels=content.labels,
        circles=tuple(load(row["circles"])),
        aim=row["aim"],
        series_id=row["series_id"],
        approval=row["approval"],
        person_id=row["person_id"],
        wider_sure=row["wider_sure"],
        readers=readers,
    )
