"""A brand's profiles on networks: their state, their health and how far their streams have been read."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Account, AccountState
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, fetch_one, load, moment, scalar, stamp


class ProfileAuthor(Protocol):
    """Who an account is (cmdesk.networks.base.Author has these)."""

    @property
    def remote_id(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def avatar_url(self) -> str: ...


class Profile(Protocol):
    """What a network answers to `whoami` (cmdesk.networks.base.Profile has these)."""

    @property
    def author(self) -> ProfileAuthor: ...
    @property
    def server(self) -> str: ...
    @property
    def capabilities(self) -> Any: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Cursor:
    """How far one stream has been read: forward to `head`, backward to `back`."""

    head: str | None = None
    back: str | None = None
    back_done: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Gap:
    """Items that a network no longer let us read: from `older` on, noticed at a time."""

    id: int
    account_id: int
    stream: str
    older: str
    reason: str
    noticed_at: datetime


_ACCOUNTS = (
    "SELECT id, brand_id, network, server, remote_id, handle, display_name, avatar_url, purpose, state, state_code,"
    " state_detail, secret_ref, capabilities, probed_at, last_read_at, next_sync_at, error_code, error_detail,"
    " error_count FROM account"
)


def list_accounts(reader: Reader, *, brand_id: int | None = None, include_disconnected: bool = False) -> list[Account]:
    """Return the accounts of a brand (None: of all), in the order they were connected."""
    sql = [_ACCOUNTS, "WHERE (?1 IS NULL OR brand_id = ?1)"]
    if not include_disconnected:
        sql.append("AND state <> 'disconnected'")
    sql.append("ORDER BY brand_id, id")
    return [_account(row) for row in fetch(reader, " ".join(sql), (brand_id,))]


def account(reader: Reader, account_id: int) -> Account:
    """Return one account; raises Invalid when there is none of that id."""
    row = fetch_one(reader, _ACCOUNTS + " WHERE id = ?", (account_id,))
    if row is None:
        raise Invalid(f"there is no account {account_id}", code="account_unknown", detail=str(account_id))
    return _account(row)


def find_account(reader: Reader, *, brand_id: int, network: str, server: str, remote_id: str) -> Account | None:
    """Return the account a brand already has of that remote author, connected or not."""
    row = fetch_one(
        reader,
        _ACCOUNTS + " WHERE brand_id = ? AND network = ? AND server = ? AND remote_id = ?",
        (brand_id, network, server, remote_id),
    )
    return None if row is None else _account(row)


def add_account(
    tx: Transaction, *, brand_id: int, profile: Profile, network: str, secret_ref: str, purpose: str = "both"
) -> int:
    """Connect an account and return its id; the same remote author again is a reconnection.

    A reconnection keeps id, history, cursors and queue: what waited for credentials may go on.
    """
    author = profile.author
    row = tx.conn.execute(
        "INSERT INTO account (brand_id, network, server, remote_id, handle, display_name, avatar_url, purpose,"
        " secret_ref, capabilities, probed_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (brand_id, network, server, remote_id) DO UPDATE SET handle = excluded.handle,"
        " display_name = excluded.display_name, avatar_url = excluded.avatar_url, purpose = excluded.purpose,"
        " secret_ref = excluded.secret_ref, capabilities = excluded.capabilities, probed_at = excluded.probed_at,"
        " state = 'ok', state_code = '', state_detail = '', error_code = '', error_detail = '', error_count = 0,"
        " next_sync_at = NULL RETURNING id",
        (
            brand_id,
            network,
            profile.server,
            author.remote_id,
            author.handle,
            author.name,
            author.avatar_url,
            purpose,
            secret_ref,
            capabilities_json(profile.capabilities),
            tx.now_ms,
            tx.now_ms,
        ),
    ).fetchone()
    account_id: int = row[0]
    tx.touch(Topic.ACCOUNT, brand_id, account_id)
    return account_id


def capabilities_json(capabilities: Any) -> str:
    """Return capabilities (a dataclass or a mapping) as the account's column holds them."""
    plain = (
        dataclasses.asdict(capabilities)
        if dataclasses.is_dataclass(capabilities) and not isinstance(capabilities, type)
        else dict(capabilities)
    )
    return dump(plain)


def note_probe(tx: Transaction, account_id: int, profile: Profile) -> None:
    """Store what `whoami` answered: names, picture, capabilities."""
    author = profile.author
    tx.conn.execute(
        "UPDATE account SET handle = ?, display_name = ?, avatar_url = ?, capabilities = ?, probed_at = ? WHERE id = ?",
        (
            author.handle,
            author.name,
            author.avatar_url,
            capabilities_json(profile.capabilities),
            tx.now_ms,
            account_id,
        ),
    )
    _touch(tx, account_id)


def set_account_state(
    tx: Transaction, account_id: int, state: AccountState, *, code: str = "", detail: str = ""
) -> None:
    """Put an account into a state; code and detail say why."""
    tx.conn.execute(
        "UPDATE account SET state = ?, state_code = ?, state_detail = ? WHERE id = ?", (state, code, detail, account_id)
    )
    _touch(tx, account_id)


def set_secret_ref(tx: Transaction, account_id: int, secret_ref: str) -> None:
    """Store under which name the vault keeps the account's credentials ('' after they were given back)."""
    tx.conn.execute("UPDATE account SET secret_ref = ? WHERE id = ?", (secret_ref, account_id))
    _touch(tx, account_id)


def move_sample_server(tx: Transaction, *, server: str) -> None:
    """Let the sample accounts follow their network to another port of this machine."""
    rows = tx.conn.execute(
        "UPDATE account SET server = ?1 WHERE server <> ?1 AND secret_ref LIKE 'sample-%' RETURNING brand_id, id",
        (server,),
    ).fetchall()
    for brand_id, account_id in rows:
        tx.touch(Topic.ACCOUNT, brand_id, account_id)


def set_purpose(tx: Transaction, account_id: int, purpose: str) -> None:
    """Say what an account is for: care, promotion or both (U12)."""
    tx.conn.execute("UPDATE account SET purpose = ? WHERE id = ?", (purpose, account_id))
    _touch(tx, account_id)


def note_read(tx: Transaction, account_id: int, at: datetime) -> None:
    """Note a complete good reading: errors are over."""
    tx.conn.execute(
        "UPDATE account SET last_read_at = ?, error_code = '', error_detail = '', error_count = 0 WHERE id = ?",
        (to_ms(at), account_id),
    )
    _touch(tx, account_id)


def note_error(tx: Transaction, account_id: int, code: str, detail: str) -> int:
    """Note a failed reading; returns how many of this code there were in a row."""
    row = tx.conn.execute(
        "UPDATE account SET error_count = CASE WHEN error_code = ?1 THEN error_count + 1 ELSE 1 END, error_code = ?1,"
        " error_detail = ?2 WHERE id = ?3 RETURNING error_count",
        (code, detail, account_id),
    ).fetchone()
    _touch(tx, account_id)
    return 0 if row is None else int(row[0])


def set_next_sync(tx: Transaction, account_id: int, at: datetime | None) -> None:
    """Store when the account is read next."""
    tx.conn.execute("UPDATE account SET next_sync_at = ? WHERE id = ?", (stamp(at), account_id))
    _touch(tx, account_id)


# Streams


def stream_cursor(reader: Reader, account_id: int, stream: str) -> Cursor:
    """Return how far a stream has been read."""
    row = reader.execute(
        "SELECT head, back, back_done FROM stream WHERE account_id = ? AND name = ?", (account_id, stream)
    ).fetchone()
    return Cursor() if row is None else Cursor(row[0], row[1], bool(row[2]))


def save_cursor(
    tx: Transaction,
    account_id: int,
    stream: str,
    *,
    head: str | None = None,
    back: str | None = None,
    back_done: bool | None = None,
) -> None:
    """Move a stream's cursors, in the transaction of the rows they stand for; None leaves one as it is."""
    tx.conn.execute(
        "INSERT INTO stream (account_id, name, head, back, back_done, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, coalesce(?5, 0), ?6)"
        " ON CONFLICT (account_id, name) DO UPDATE SET head = coalesce(?3, head), back = coalesce(?4, back),"
        " back_done = coalesce(?5, back_done), updated_at = ?6",
        (account_id, stream, head, back, back_done, tx.now_ms),
    )


def restart_backfill(tx: Transaction, account_id: int, stream: str) -> None:
    """Let the walk into the past of a stream begin again at its newest item."""
    tx.conn.execute(
        "UPDATE stream SET back = NULL, back_done = 0, updated_at = ? WHERE account_id = ? AND name = ?",
        (tx.now_ms, account_id, stream),
    )


def forget_cursors(tx: Transaction, account_id: int) -> None:
    """Read everything of an account again from the start; rows that are known stay as they are."""
    tx.conn.execute("DELETE FROM stream WHERE account_id = ?", (account_id,))


def note_gap(tx: Transaction, account_id: int, stream: str, *, older: str, reason: str) -> None:
    """Note that a stream has a hole behind `older`; noted once while it is open."""
    tx.conn.execute(
        "INSERT INTO gap (account_id, stream, older, reason, noticed_at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS"
        " (SELECT 1 FROM gap WHERE account_id = ?1 AND stream = ?2 AND older = ?3 AND closed_at IS NULL)",
        (account_id, stream, older, reason, tx.now_ms),
    )


def gaps(reader: Reader, *, brand_id: int | None = None) -> list[Gap]:
    """Return the open gaps of a brand's accounts: a report prints them instead of hiding them."""
    found = reader.execute(
        "SELECT g.id, g.account_id, g.stream, g.older, g.reason, g.noticed_at FROM gap g"
        " JOIN account a ON a.id = g.account_id"
        " WHERE g.closed_at IS NULL AND (?1 IS NULL OR a.brand_id = ?1) ORDER BY g.id",
        (brand_id,),
    )
    return [Gap(row[0], row[1], row[2], row[3], row[4], from_ms(row[5])) for row in found]


def close_gap(tx: Transaction, gap_id: int) -> None:
    """Note that a hole was filled."""
    tx.conn.execute("UPDATE gap SET closed_at = ? WHERE id = ?", (tx.now_ms, gap_id))


def quarantine(tx: Transaction, account_id: int, stream: str, items: Iterable[tuple[str, str, str]]) -> int:
    """Keep items that could not be understood, as (remote id, raw, reason); returns how many were new."""
    brand_id = scalar(tx.conn, "SELECT brand_id FROM account WHERE id = ?", (account_id,))
    before = tx.conn.total_changes
    tx.conn.executemany(
        "INSERT INTO quarantine (brand_id, account_id, stream, remote_id, raw, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account_id, stream, remote_id) DO NOTHING",
        ((brand_id, account_id, stream, remote_id, raw, reason, tx.now_ms) for remote_id, raw, reason in items),
    )
    new = tx.conn.total_changes - before
    if new:
        _touch(tx, account_id)
    return new


def _touch(tx: Transaction, account_id: int) -> None:
    brand_id = scalar(tx.conn, "SELECT brand_id FROM account WHERE id = ?", (account_id,))
    if brand_id is None:
        raise Invalid(f"there is no account {account_id}", code="account_unknown", detail=str(account_id))
    tx.touch(Topic.ACCOUNT, brand_id, account_id)


def _account(row: sqlite3.Row) -> Account:
    return Account(
        id=row["id"],
        brand_id=row["brand_id"],
        network=row["network"],
        server=row["server"],
        remote_id=row["remote_id"],
        handle=row["handle"],
        display_name=row["display_name"],
        avatar_url=row["avatar_url"],
        purpose=row["purpose"],
        state=AccountState(row["state"]),
        state_code=row["state_code"],
        state_detail=row["state_detail"],
        secret_ref=row["secret_ref"],
        capabilities=load(row["capabilities"]),
        probed_at=moment(row["probed_at"]),
        last_read_at=moment(row["last_read_at"]),
        next_sync_at=moment(row["next_sync_at"]),
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        error_count=row["error_count"],
    )
