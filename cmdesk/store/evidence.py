"""The evidence vault: rows that are only ever added, each chained to the one before (W2, W3, N22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.care.evidence import GENESIS, KeptFile, Link, broken, digest, link, record
from cmdesk.care.values import Evidence
from cmdesk.clock import from_ms
from cmdesk.errors import Invalid
from cmdesk.store import media, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, fetch_one, load

_HEAD = "evidence_head"  # meta, by brand: the newest id and link, so that a row taken from the end is missed


def vault(reader: Reader, brand_id: int | None, *, limit: int = 1_000) -> list[Evidence]:
    """Return what was frozen of a brand (None: of all), newest first."""
    rows = fetch(
        reader, "SELECT * FROM evidence WHERE ?1 IS NULL OR brand_id = ?1 ORDER BY id DESC LIMIT ?2", (brand_id, limit)
    )
    return [_evidence(row) for row in rows]


def evidence(reader: Reader, evidence_id: int) -> Evidence:
    """Return one record; raises Invalid (code `evidence_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM evidence WHERE id = ?", (evidence_id,))
    if row is None:
        raise Invalid(f"there is no record {evidence_id}", code="evidence_unknown", detail=str(evidence_id))
    return _evidence(row)


def of_message(reader: Reader, message_id: int) -> list[int]:
    """Return the records that were made of a message, oldest first."""
    rows = reader.execute("SELECT id FROM evidence WHERE message_id = ? ORDER BY id", (message_id,))
    return [row[0] for row in rows]


def check_chain(reader: Reader, brand_id: int) -> list[int]:
    """Return the records of a brand that are not what was frozen (changed, taken out, put in); [] when all is well."""
    rows = fetch(reader, "SELECT * FROM evidence WHERE brand_id = ? ORDER BY id", (brand_id,))
    links = [Link(row["id"], _text_of(row), row["sha256"], row["chain"]) for row in rows]
    number, _, chain = settings.meta(reader, f"{_HEAD}:{brand_id}").partition(":")
    return broken(links, head=(int(number), chain) if number else None)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message, as the network names them."""

    remote_id: str
    profile_url: str
    followers: int | None


def author(reader: Reader, identity_id: int | None) -> Author | None:
    """Return who a message is from, None for an own one or somebody unknown."""
    row = fetch_one(reader, "SELECT remote_id, profile_url, followers FROM identity WHERE id = ?", (identity_id,))
    return None if row is None else Author(row["remote_id"], row["profile_url"], row["followers"])


def add(
    tx: Transaction,
    *,
    brand_id: int,
    conversation_id: int | None,
    message_id: int | None,
    reason: str,
    note: str,
    content: Mapping[str, object],
    files: Sequence[KeptFile],
) -> int:
    """Freeze a record and return its id; its pictures belong to the profile from now on."""
    for each in files:
        media.add_media(tx, brand_id, each)
    names = [[each.name, each.sha256] for each in files]
    text = record(
        brand_id=brand_id,
        conversation_id=conversation_id,
        message_id=message_id,
        reason=reason,
        note=note,
        at_ms=tx.now_ms,
        content=content,
        files=names,
    )
    # Built on what was written last, not on what is there last: a record taken from the end stays missed.
    before = settings.meta(tx.conn, f"{_HEAD}:{brand_id}").partition(":")[2] or GENESIS
    sha256 = digest(text)
    chain = link(before, sha256)
    made = tx.conn.execute(
        "INSERT INTO evidence (brand_id, conversation_id, message_id, reason, note, content, files, at, sha256, chain)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            brand_id, conversation_id, message_id, reason, note, dump(dict(content)), dump(names), tx.now_ms, sha256,
            chain,
        ),
    ).fetchone()  # fmt: skip
    settings.put_meta(tx, f"{_HEAD}:{brand_id}", f"{made[0]}:{chain}")
    tx.touch(Topic.EVIDENCE, brand_id, made[0])
    return int(made[0])


def _text_of(row: Any) -> str:
    return record(
        brand_id=row["brand_id"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        reason=row["reason"],
        note=row["note"],
        at_ms=row["at"],
        content=load(row["content"]),
        files=load(row["files"]) or [],
    )


def _evidence(row: Any) -> Evidence:
    return Evidence(
        id=row["id"],
        brand_id=row["brand_id"],
        reason=row["reason"],
        note=row["note"],
        content=load(row["content"]),
        files=tuple((each[0], each[1]) for each in load(row["files"]) or ()),
        at=from_ms(row["at"]),
        sha256=row["sha256"],
        chain=row["chain"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
    )
