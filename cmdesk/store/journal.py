"""What one decision changes, row by row, so that it can be taken back exactly and done again.

Only the columns a decision touched are kept: taking it back later leaves alone what others changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.errors import Conflict
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.rows import fetch_one, scalar

_TOPICS = {
    "activity": Topic.CONVERSATION,
    "approval": Topic.POST,
    "approval_sheet": Topic.POST,
    "care_case": Topic.CASE,
    "compensation": Topic.CASE,
    "contact": Topic.CONTACT,
    "conversation": Topic.CONVERSATION,
    "listen_hit": Topic.LISTEN,
    "listen_search": Topic.LISTEN,
    "promise": Topic.CASE,
    "referral": Topic.CASE,
    "reply_draft": Topic.DRAFT,
    "watch_place": Topic.CARE,
    "wish": Topic.CARE,
}
# How a row is found where it is not by its id.
_KEYS = {"reply_draft": "conversation_id"}
# A row that others hang from is not taken back under them.
_HANGING = {
    "care_case": (
        "SELECT 1 FROM promise WHERE case_id = ?1 UNION ALL SELECT 1 FROM compensation WHERE case_id = ?1"
        " UNION ALL SELECT 1 FROM referral WHERE case_id = ?1"
    ),
    "conversation": "SELECT 1 FROM message WHERE conversation_id = ?1",
}


@dataclass(frozen=True, slots=True)
class Was:
    """How a row was: some `columns` of one that is there; all, `whole`, of one that is gone; None: it was not there."""

    table: str
    id: int
    columns: Mapping[str, Any] | None
    whole: bool = False


class Journal:
    """Changes rows and remembers how they were; for tables of one brand only."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._was: list[Was] = []

    @property
    def was(self) -> tuple[Was, ...]:
        """How everything was before, in the order of the changes."""
        return tuple(self._was)

    def put(self, table: str, row_id: int, **columns: Any) -> bool:
        """Change columns of a row; says whether any of them was different."""
        row = _row(self.tx, table, row_id)
        if row is None:
            raise Conflict(f"there is no such row: {table} {row_id}", code="row_gone", detail=str(row_id))
        changed = {name: value for name, value in columns.items() if row[name] != value}
        if changed:
            self._was.append(Was(table, row_id, {name: row[name] for name in changed}))
            _update(self.tx, table, row_id, changed)
            _touch(self.tx, table, row, row_id)
        return bool(changed)

    def add(self, table: str, **columns: Any) -> int:
        """Add a row and return its id."""
        row_id = _insert(self.tx, table, columns)
        self._was.append(Was(table, row_id, None))
        _touch(self.tx, table, columns, row_id)
        return row_id

    def remove(self, table: str, row_id: int) -> None:
        """Delete a row; one that is gone is no error."""
        row = _row(self.tx, table, row_id)
        if row is not None:
            self._was.append(Was(table, row_id, dict(row), whole=True))
            _delete(self.tx, table, row_id)
            _touch(self.tx, table, row, row_id)


def restore(tx: Transaction, was: Sequence[Was]) -> tuple[Was, ...]:
    """Make rows what they were and return how they are until now; raises Conflict (`in_use`, `row_gone`)."""
    now: list[Was] = []
    for each in reversed(was):
        row = _row(tx, each.table, each.id)
        if each.columns is None:
            if row is None:
                continue
            if each.table in _HANGING and scalar(tx.conn, _HANGING[each.table], (each.id,)):
                raise Conflict("something was added to it since", code="in_use", detail=str(each.id))
            now.append(Was(each.table, each.id, dict(row), whole=True))
            _delete(tx, each.table, each.id)
            _touch(tx, each.table, row, each.id)
        elif each.whole:
            if row is not None:
                raise Conflict("its place is taken", code="in_use", detail=str(each.id))
            _insert(tx, each.table, each.columns)
            now.append(Was(each.table, each.id, None))
            _touch(tx, each.table, each.columns, each.id)
        else:
            if row is None:
                raise Conflict(f"there is no such row: {each.table} {each.id}", code="row_gone", detail=str(each.id))
            now.append(Was(each.table, each.id, {name: row[name] for name in each.columns}))
            _update(tx, each.table, each.id, each.columns)
            _touch(tx, each.table, row, each.id)
    return tuple(now)


def conversations_of(tx: Transaction, was: Sequence[Was]) -> set[int]:
    """Return the conversations that these rows are or belong to, as they were and as they are."""
    found: set[int | None] = set()
    for each in was:
        if each.table == "conversation":
            found.add(each.id)
        elif each.table in ("care_case", "promise", "referral"):
            row = _row(tx, each.table, each.id)
            for columns in (each.columns or {}, {} if row is None else dict(row)):
                found |= {columns.get("conversation_id"), columns.get("private_conversation_id")}
                if each.table == "referral" and "case_id" in columns:
                    found.add(scalar(tx.conn, _CONVERSATION_OF_CASE, (columns["case_id"],)))
    return {each for each in found if each is not None}


_CONVERSATION_OF_CASE = "SELECT conversation_id FROM care_case WHERE id = ?"

# Tables and columns are names of this program, never of a person or a network.


def _key(table: str) -> str:
    if table not in _TOPICS:
        raise ValueError(table)
    return _KEYS.get(table, "id")


def _row(tx: Transaction, table: str, row_id: int) -> Any:
    return fetch_one(tx.conn, " ".join(("SELECT * FROM", table, "WHERE", _key(table), "= ?")), (row_id,))


def _update(tx: Transaction, table: str, row_id: int, columns: Mapping[str, Any]) -> None:
    sets = ", ".join(" ".join((name, "= ?")) for name in columns)
    sql = " ".join(("UPDATE", table, "SET", sets, "WHERE", _key(table), "= ?"))
    tx.conn.execute(sql, (*columns.values(), row_id))


def _insert(tx: Transaction, table: str, columns: Mapping[str, Any]) -> int:
    marks = ", ".join("?" for _ in columns)
    sql = " ".join(
        ("INSERT INTO", table, "(", ", ".join(columns), ") VALUES (", marks, ") RETURNING", _key(table))
    )  # fmt: skip
    return int(tx.conn.execute(sql, tuple(columns.values())).fetchone()[0])


def _delete(tx: Transaction, table: str, row_id: int) -> None:
    tx.conn.execute(" ".join(("DELETE FROM", table, "WHERE", _key(table), "= ?")), (row_id,))


def _touch(tx: Transaction, table: str, row: Any, row_id: int) -> None:
    """Announce what changed: the row by its id, or the conversation or case it belongs to."""
    topic = _TOPICS[table]
    if (topic is Topic.CONVERSATION and table != "conversation") or topic is Topic.DRAFT:
        row_id = row["conversation_id"] or 0
    elif topic is Topic.CASE and table != "care_case":
        row_id = row["case_id"] or 0
    elif topic is Topic.POST:
        row_id = row["post_id"] if table == "approval" else 0
    tx.touch(topic, row["brand_id"], *((row_id,) if row_id else ()))
