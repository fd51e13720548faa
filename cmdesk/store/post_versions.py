"""What a post was: all that it said, kept at pauses of the work so that no words are ever lost (rank 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Crop, Media, Post
from cmdesk.planning.content import card_of, content_of, media_from, part_from, poll_of
from cmdesk.planning.standing import keeps, standing
from cmdesk.store import planning
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.media import media_value
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load

PAUSE_MS = 2 * 60_000  # nobody wrote for so long: what stood there is kept
LONG_MS = 10 * 60_000  # also without a pause
MOST = 50


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said at one moment: `post` carries the content of then and everything else of now."""

    id: int
    post_id: int
    at: datetime
    post: Post


def keep(tx: Transaction, *, post_id: int) -> int:
    """Keep what a post says now and return the version's id, that of the latest one if it says the same.

    The oldest beyond `MOST` go.
    """
    content = dump(content_of(planning.post(tx.conn, post_id)))
    latest = _latest(tx.conn, post_id)
    if latest is not None and latest["content"] == content:
        return int(latest["id"])
    added = tx.conn.execute(
        "INSERT INTO post_version (post_id, at, content) VALUES (?, ?, ?) RETURNING id", (post_id, tx.now_ms, content)
    ).fetchone()
    tx.conn.execute(
        "DELETE FROM post_version WHERE post_id = ?1 AND id NOT IN (SELECT id FROM post_version WHERE post_id = ?1"
        " ORDER BY at DESC, id DESC LIMIT ?2)",
        (post_id, MOST),
    )
    return int(added[0])


def keep_at_pause(tx: Transaction, *, post_id: int) -> int | None:
    """Keep what a post says before it is written over, if nobody wrote for two minutes or nothing was kept for ten.

    Called by everything that saves while somebody types; returns the version's id, None when it was not time.
    """
    row = fetch_one(tx.conn, "SELECT created_at, updated_at FROM post WHERE id = ?", (post_id,))
    if row is None:
        return None
    latest = _latest(tx.conn, post_id)
    kept = row["created_at"] if latest is None else latest["at"]
    if tx.now_ms - row["updated_at"] >= PAUSE_MS or tx.now_ms - kept >= LONG_MS:
        return keep(tx, post_id=post_id)
    return None


def _latest(reader: Reader, post_id: int) -> Any:
    return fetch_one(
        reader, "SELECT id, at, content FROM post_version WHERE post_id = ? ORDER BY at DESC, id DESC LIMIT 1",
        (post_id,),
    )  # fmt: skip


def versions(reader: Reader, *, post_id: int) -> list[Version]:
    """Return what was kept of a post, the latest first; pictures that are gone are missing in them."""
    now = planning.post(reader, post_id)
    rows = fetch(
        reader, "SELECT id, at, content FROM post_version WHERE post_id = ? ORDER BY at DESC, id DESC", (post_id,)
    )
    contents = [load(row["content"]) for row in rows]
    media = _media(reader, now.brand_id, contents)
    return [
        Version(row["id"], post_id, from_ms(row["at"]), _as_it_was(now, content, media))
        for row, content in zip(rows, contents, strict=True)
    ]


def restore(tx: Transaction, *, post_id: int, version_id: int) -> int:
    """Let a post say again what it said then; its accounts, hours, note and labels stay.

    What it says now is kept first: returns that version's id. Raises Invalid (`version_unknown`) and Conflict
    while the post is on its way or when what is out said something else (`part_out`).
    """
    row = fetch_one(tx.conn, "SELECT content FROM post_version WHERE id = ? AND post_id = ?", (version_id, post_id))
    if row is None:
        raise Invalid(f"there is no version {version_id}", code="version_unknown", detail=str(version_id))
    before = keep(tx, post_id=post_id)
    now = planning.post(tx.conn, post_id)
    content = load(row["content"])
    then = _as_it_was(now, content, _media(tx.conn, now.brand_id, [content]))
    networks = {row["id"]: row["network"] for row in fetch(tx.conn, "SELECT id, network FROM account")}
    if not keeps(now, then, standing(now, networks)):
        raise Conflict("what is out said something else", code="part_out", detail=str(post_id))
    planning.save_post(
        tx, post_id=post_id, brand_id=now.brand_id, text=then.text, variants=then.variants, targets=now.targets,
        media=[(each.media.id, each.alt) for each in then.media], language=then.language, spoiler=then.spoiler,
        visibility=then.visibility, note=now.note, campaign_id=now.campaign_id, market_id=now.market_id,
        parts=then.parts, comment=then.comment, poll=then.poll, card=then.card, crops=then.crops,
        options=then.options, circles=now.circles, aim=now.aim, person_id=now.person_id,
    )  # fmt: skip
    return before


def _media(reader: Reader, brand_id: int, contents: list[dict[str, Any]]) -> dict[int, Media]:
    ids = {
        media_id
        for content in contents
        for part in (content, *content["parts"], *([content["comment"]] if content["comment"] else []))
        for media_id, _alt in part["media"]
    }
    rows = fetch(
        reader, "SELECT * FROM media WHERE brand_id = ? AND id IN (SELECT value FROM json_each(?))",
        (brand_id, ids_json(ids)),
    )  # fmt: skip
    return {row["id"]: media_value(row) for row in rows}


def _as_it_was(now: Post, content: Mapping[str, Any], media: Mapping[int, Media]) -> Post:
    comment = content["comment"]
    return replace(
        now, text=content["text"], variants=dict(content["variants"]), media=media_from(content["media"], media),
        parts=tuple(part_from(each, media) for each in content["parts"]),
        comment=None if comment is None else part_from(comment, media), poll=poll_of(content["poll"]),
        card=card_of(content["card"]), options={key: dict(each) for key, each in content["options"].items()},
        crops={(number, network): Crop(*sides) for number, network, *sides in content["crops"] if number in media},
        language=content["language"], spoiler=content["spoiler"], visibility=content["visibility"],
    )  # fmt: skip
