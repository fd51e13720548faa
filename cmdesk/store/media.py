"""Clean pictures and films of the profile's media folder, by brand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Protocol

from cmdesk.errors import Invalid
from cmdesk.model import Media
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, ids_json


class PictureInfo(Protocol):
    """A clean picture on disk (cmdesk.media.MediaInfo has these; of a film `duration_ms` and `rate` too)."""

    @property
    def sha256(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def byte_size(self) -> int: ...
    @property
    def file_name(self) -> str: ...


def add_media(tx: Transaction, brand_id: int, info: PictureInfo) -> Media:
    """Note a picture or film for a brand; the same bytes again are the same one."""
    row = tx.conn.execute(
        "INSERT INTO media (brand_id, sha256, mime, width, height, bytes, file, duration_ms, rate, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (brand_id, sha256) DO UPDATE SET file = excluded.file"
        " RETURNING id",
        (
            brand_id,
            info.sha256,
            info.mime,
            info.width,
            info.height,
            info.byte_size,
            info.file_name,
            getattr(info, "duration_ms", 0),
            getattr(info, "rate", 0.0),
            tx.now_ms,
        ),
    ).fetchone()
    tx.touch(Topic.POST, brand_id)
    return media(tx.conn, row[0])


def media(reader: Reader, media_id: int) -> Media:
    """Return one picture; raises Invalid when there is none of that id."""
    row = fetch_one(reader, "SELECT * FROM media WHERE id = ?", (media_id,))
    if row is None:
        raise Invalid(f"there is no picture {media_id}", code="media_unknown", detail=str(media_id))
    return media_value(row)


def media_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Media]:
    """Return these pictures; those that are gone are missing."""
    rows = fetch(reader, "SELECT * FROM media WHERE id IN (SELECT value FROM json_each(?))", (ids_json(ids),))
    return {row["id"]: media_value(row) for row in rows}


def media_files(reader: Reader) -> set[str]:
    """Return the names of all files of the media folder that a picture stands for."""
    return {row[0] for row in reader.execute("SELECT DISTINCT file FROM media")}


def media_value(row: sqlite3.Row) -> Media:
    """Return a row of the media table as a value."""
    return Media(
        id=row["id"],
        brand_id=row["brand_id"],
        sha256=row["sha256"],
        mime=row["mime"],
        width=row["width"],
        height=row["height"],
        bytes=row["bytes"],
        file=row["file"],
        duration_ms=row["duration_ms"],
        rate=row["rate"],
    )
