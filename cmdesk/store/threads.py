"""One conversation, read whole: its messages, what waits to be sent, and the grey lines between them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.model import Attachment, Direction, Message, Publication, ThreadEvent
from cmdesk.store.db import Reader
from cmdesk.store.merging import parts_of
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, moment, scalar

LOCAL_MEDIA = "media:"  # prefix of an attachment's url that names a file of the profile's media folder

_MESSAGES = (
    "SELECT m.*, i.name AS author_name, i.handle AS author_handle, i.avatar_url AS author_avatar,"
    " a.display_name AS own_name, a.handle AS own_handle, a.avatar_url AS own_avatar,"
    " coalesce((SELECT d.state FROM delivery d WHERE d.id = m.delivery_id), '') AS delivery_state"
    " FROM message m JOIN account a ON a.id = m.account_id LEFT JOIN identity i ON i.id = m.identity_id"
)
# An answer of ours that no stream has shown yet.
_UNSEEN = (
    "SELECT d.*, a.display_name AS own_name, a.handle AS own_handle, a.avatar_url AS own_avatar"
    " FROM delivery d JOIN account a ON a.id = d.account_id"
    " WHERE d.conversation_id IN (SELECT value FROM json_each(?)) AND d.state <> 'cancelled'"
    " AND d.dismissed_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM message m WHERE m.account_id = d.account_id AND m.remote_id = d.remote_id) ORDER BY d.id"
)
# One of them that is out, by its id, with the message that it became since the thread was read.
_OUT = (
    "SELECT d.*, a.display_name AS own_name, a.handle AS own_handle, a.avatar_url AS own_avatar, m.id AS seen"
    " FROM delivery d JOIN account a ON a.id = d.account_id"
    " LEFT JOIN message m ON m.account_id = d.account_id AND m.remote_id = d.remote_id"
    " WHERE d.id = ? AND d.remote_id <> '' AND d.conversation_id IS NOT NULL AND d.state <> 'cancelled'"
)
_EVENTS = (
    "SELECT e.kind, e.at, e.target_id, coalesce(nullif(i.name, ''), i.handle, '') AS actor"
    " FROM message m CROSS JOIN event e ON e.account_id = m.account_id AND e.target_id = m.remote_id"
    " LEFT JOIN identity i ON i.id = e.identity_id"
    " WHERE m.conversation_id IN (SELECT value FROM json_each(?)) AND m.direction = 'out' ORDER BY e.at DESC LIMIT 200"
)
_PUBLICATIONS = (
    "SELECT id, brand_id, account_id, remote_id, text, created_at, url, delivery_id, media_url, media_alt, favourites,"
    " boosts, replies, quotes, views, edited_at, deleted_at FROM publication"
)


def thread(reader: Reader, conversation_id: int) -> list[Message]:
    """Return the messages of a conversation and of those merged into it, oldest first, answers not out yet last.

    Such an answer has direction OUT, its delivery's state, and minus its delivery's id as id; its
    pictures' urls begin with LOCAL_MEDIA.
    """
    together = _together(reader, conversation_id)
    rows = fetch(
        reader,
        _MESSAGES + " WHERE m.conversation_id IN (SELECT value FROM json_each(?)) ORDER BY m.id",
        (together,),
    )
    edits = _edits(reader, together)
    seen = [_message(row, tuple(edits.get(row["id"], ()))) for row in rows]
    return seen + [_unseen(reader, row) for row in fetch(reader, _UNSEEN, (together,))]


def message(reader: Reader, message_id: int) -> Message | None:
    """Return one message, None when it is gone; below zero an answer of ours that is out (see `thread`)."""
    if message_id < 0:
        sent = fetch_one(reader, _OUT, (-message_id,))
        if sent is None or sent["seen"] is None:
            return None if sent is None else _unseen(reader, sent)
        message_id = sent["seen"]
    row = fetch_one(reader, _MESSAGES + " WHERE m.id = ?", (message_id,))
    if row is None:
        return None
    return _message(row, tuple(_edits(reader, ids_json([row["conversation_id"]])).get(message_id, ())))


def message_by_remote_id(reader: Reader, account_id: int, remote_id: str) -> Message | None:
    """Return the message an account knows under a network's id, None when it knows none."""
    found = scalar(reader, "SELECT id FROM message WHERE account_id = ? AND remote_id = ?", (account_id, remote_id))
    return None if found is None else message(reader, found)


def thread_events(reader: Reader, conversation_id: int) -> list[ThreadEvent]:
    """Return what happened to a conversation beside its words, oldest first: states, notes, likes of our answers."""
    together = _together(reader, conversation_id)
    lines = [
        ThreadEvent(from_ms(row["at"]), row["kind"], "", row["text"], load(row["detail"]))
        for row in fetch(
            reader,
            "SELECT at, kind, text, detail FROM activity WHERE conversation_id IN (SELECT value FROM json_each(?))"
            " ORDER BY at, id",
            (together,),
        )
    ]
    lines += [
        ThreadEvent(from_ms(row["at"]), row["kind"], row["actor"], "", {"target": row["target_id"]})
        for row in fetch(reader, _EVENTS, (together,))
    ]
    return sorted(lines, key=lambda line: line.at)


def parent_post(reader: Reader, conversation_id: int) -> Publication | Message | None:
    """Return what a conversation is about: our own post it answers, else a message it answers that we know."""
    row = reader.execute(
        "SELECT publication_id, account_id, root_parent FROM conversation WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        return None
    publication_id, account_id, root_parent = row
    if publication_id is not None:
        return publication(reader, publication_id)
    return message_by_remote_id(reader, account_id, root_parent) if root_parent else None


def publication(reader: Reader, publication_id: int) -> Publication | None:
    """Return one own post as the network has it."""
    row = fetch_one(reader, _PUBLICATIONS + " WHERE id = ?", (publication_id,))
    return None if row is None else publication_value(row)


def publications(
    reader: Reader, *, brand_id: int | None, start: datetime, end: datetime, account_id: int | None = None
) -> list[Publication]:
    """Return own posts made in [start, end), oldest first, those deleted since included."""
    where = ["created_at >= :start AND created_at < :end AND parent_id = ''"]
    if brand_id is not None:
        where.append("brand_id = :brand_id")
    if account_id is not None:
        where.append("account_id = :account_id")
    sql = " ".join((_PUBLICATIONS, "WHERE", " AND ".join(where), "ORDER BY created_at, id"))
    params = {"start": to_ms(start), "end": to_ms(end), "brand_id": brand_id, "account_id": account_id}
    return [publication_value(row) for row in fetch(reader, sql, params)]


def publication_value(row: sqlite3.Row) -> Publication:
    """Return a row of the publication table as a value."""
    return Publication(
        id=row["id"],
        brand_id=row["brand_id"],
        account_id=row["account_id"],
        remote_id=row["remote_id"],
        text=row["text"],
        created_at=from_ms(row["created_at"]),
        url=row["url"],
        delivery_id=row["delivery_id"],
        media_url=row["media_url"],
        media_alt=row["media_alt"],
        favourites=row["favourites"],
        boosts=row["boosts"],
        replies=row["replies"],
        quotes=row["quotes"],
        views=row["views"],
        edited_at=moment(row["edited_at"]),
        deleted_at=moment(row["deleted_at"]),
    )


def _together(reader: Reader, conversation_id: int) -> str:
    """Return the ids of a conversation and of those merged into it, for `json_each(?)`."""
    return ids_json([conversation_id, *parts_of(reader, conversation_id)])


def _edits(reader: Reader, together: str) -> dict[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for message_id, at, text in reader.execute(
        "SELECT e.message_id, e.at, e.text FROM message m CROSS JOIN message_edit e ON e.message_id = m.id"
        " WHERE m.conversation_id IN (SELECT value FROM json_each(?)) ORDER BY e.message_id, e.at DESC",
        (together,),
    ):
        found[message_id].append((from_ms(at), text))
    return found


def _message(row: sqlite3.Row, edits: tuple[tuple[datetime, str], ...]) -> Message:
    own = row["direction"] == "out"
    handle = row["own_handle"] if own else row["author_handle"] or ""
    return Message(
        id=row["id"],
        brand_id=row["brand_id"],
        account_id=row["account_id"],
        conversation_id=row["conversation_id"],
        remote_id=row["remote_id"],
        direction=Direction(row["direction"]),
        kind=row["kind"],
        author=(row["own_name"] if own else row["author_name"]) or handle,
        handle=handle,
        text=row["text"],
        created_at=from_ms(row["created_at"]),
        identity_id=row["identity_id"],
        avatar_url=row["own_avatar"] if own else row["author_avatar"] or "",
        spoiler=row["spoiler"],
        language=row["language"],
        visibility=row["visibility"],
        parent_id=row["parent_id"],
        url=row["url"],
        ref=load(row["ref"]),
        mentions=tuple(load(row["mentions"])),
        edited_at=moment(row["edited_at"]),
        deleted_at=moment(row["deleted_at"]),
        read=row["direction"] != "in" or row["read_at"] is not None,
        favourited=bool(row["favourited"]),
        boosted=bool(row["boosted"]),
        attachments=tuple(Attachment(**each) for each in load(row["attachments"])),
        delivery_id=row["delivery_id"],
        delivery_state=row["delivery_state"],
        edits=edits,
    )


def _unseen(reader: Reader, row: sqlite3.Row) -> Message:
    return Message(
        id=-row["id"],
        brand_id=row["brand_id"],
        account_id=row["account_id"],
        conversation_id=row["conversation_id"],
        remote_id=row["remote_id"] or "",
        direction=Direction.OUT,
        kind=row["kind"],
        author=row["own_name"] or row["own_handle"],
        handle=row["own_handle"],
        text=row["text"],
        created_at=from_ms(row["published_at"] or row["due_at"]),
        avatar_url=row["own_avatar"],
        spoiler=row["spoiler"],
        language=row["language"],
        visibility=row["visibility"],
        url=row["remote_url"],
        ref=load(row["remote_ref"]),
        read=True,
        attachments=_own_pictures(reader, load(row["media"])),
        delivery_id=row["id"],
        delivery_state=row["state"],
    )


def _own_pictures(reader: Reader, media: list[Any]) -> tuple[Attachment, ...]:
    """Return a sealed delivery's pictures, a list of [media id, alt]."""
    if not media:
        return ()
    known = {
        row["id"]: row
        for row in fetch(
            reader,
            "SELECT id, file, width, height FROM media WHERE id IN (SELECT value FROM json_each(?))",
            (dump([each[0] for each in media]),),
        )
    }
    return tuple(
        Attachment("image", LOCAL_MEDIA + row["file"], LOCAL_MEDIA + row["file"], each[1], row["width"], row["height"])
        for each in media
        if (row := known.get(each[0])) is not None
    )
