"""What keeps a planned delivery from leaving during a crisis, row by row (W8, N13).

A hold is a row of `crisis_held` without a decision. It is written when a crisis begins, when something is sealed
while one lasts, and by the claim for whatever turns up otherwise; only a person's decision ends it, the end of the
crisis does not. A held delivery rests as QUEUED with the reason `crisis_hold`: time moves it nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cmdesk.care.crisis import CODE, HELD_KIND, RECALLED, Decision, Entry
from cmdesk.clock import from_ms, to_ms
from cmdesk.model import DeliveryState
from cmdesk.planning.keys import new_key, new_record_key
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_state import move, row_of, touch
from cmdesk.store.rows import fetch, scalar

State = DeliveryState

# Whether a hold on `delivery d` is undecided; the partial index answers it.
HELD = "EXISTS (SELECT 1 FROM crisis_held h WHERE h.delivery_id = d.id AND h.decision = '')"

# So near to its hour a network that no longer has a post in its scheduler may just have published it.
MAY_BE_OUT = timedelta(minutes=2)


def active_ids(reader: Reader, brand_id: int) -> list[int]:
    """Return the crises that hold this brand's posts now: its own, and one of all brands."""
    rows = reader.execute(
        "SELECT id FROM crisis WHERE brand_id IN (0, ?) AND closed_at IS NULL AND over_at IS NULL ORDER BY id",
        (brand_id,),
    )
    return [row[0] for row in rows]


def holds(reader: Reader, row: Any) -> bool:
    """Say whether a crisis keeps this delivery: a hold nobody decided, or a crisis that lasts and has not let it go."""
    if row["kind"] != HELD_KIND:
        return False
    undecided = scalar(
        reader, "SELECT 1 FROM crisis_held WHERE delivery_id = ? AND decision = '' LIMIT 1", (row["id"],)
    )
    return bool(undecided) or bool(_missing(reader, row))


def open_holds(reader: Reader, delivery_id: int) -> list[int]:
    """Return the crises that keep a delivery and wait for a decision about it."""
    rows = reader.execute(
        "SELECT crisis_id FROM crisis_held WHERE delivery_id = ? AND decision = '' ORDER BY crisis_id", (delivery_id,)
    )
    return [found[0] for found in rows]


def hold(tx: Transaction, row: Any) -> None:
    """Write down that every crisis that lasts keeps this delivery; a decision that was made stays."""
    for crisis_id in _missing(tx.conn, row):
        tx.conn.execute("INSERT INTO crisis_held (crisis_id, delivery_id) VALUES (?, ?)", (crisis_id, row["id"]))
        tx.touch(Topic.CRISIS, row["brand_id"], crisis_id)


def hold_sealed(tx: Transaction, row: Any) -> None:
    """Keep a post that was just sealed: a crisis lasts, or it takes the place of a held one at the same hour.

    A held one that was given another hour once its crisis was over was decided by that.
    """
    if row["kind"] != HELD_KIND:
        return
    earlier = fetch(
        tx.conn,
        "SELECT h.crisis_id, d.id, d.due_at FROM crisis_held h JOIN delivery d ON d.id = h.delivery_id"
        " WHERE h.decision = '' AND d.state = 'cancelled' AND d.post_id = ? AND d.account_id = ? AND d.part = ?"
        " AND d.id <> ?",
        (row["post_id"], row["account_id"], row["part"], row["id"]),
    )
    lasting = set(active_ids(tx.conn, row["brand_id"]))
    for each in earlier:
        if each["due_at"] == row["due_at"] or each["crisis_id"] in lasting:
            follow(tx, each["id"], row["id"], crisis_id=each["crisis_id"])
        else:
            settle(tx, each["crisis_id"], each["id"], Decision.MOVED)
            log(tx, each["crisis_id"], Entry.MOVED, about(row))
    hold(tx, row)
    if holds(tx.conn, row):
        move(tx, row, State.QUEUED, code=CODE)


def hold_again(tx: Transaction, delivery_id: int) -> None:
    """A person said yes to what asked (late, unknown, refused): while a crisis lasts it waits for another yes."""
    row = row_of(tx.conn, delivery_id)
    hold(tx, row)
    if row["state"] in (State.QUEUED, State.PREPARING, State.READY) and holds(tx.conn, row):
        move(tx, row, State.QUEUED, code=CODE)


def follow(tx: Transaction, old: int, new: int, *, crisis_id: int | None = None) -> None:
    """Let the holds of a delivery, and what crises were told about it, go over to the one in its place.

    Of every crisis, or of one alone.
    """
    tx.conn.execute(
        "UPDATE OR REPLACE crisis_held SET delivery_id = ?1 WHERE delivery_id = ?2 AND decision IN ('', 'released')"
        " AND (?3 IS NULL OR crisis_id = ?3)",
        (new, old, crisis_id),
    )


def settle(tx: Transaction, crisis_id: int, delivery_id: int, decision: Decision) -> None:
    """Write a decision down."""
    tx.conn.execute(
        "UPDATE crisis_held SET decision = ?, decided_at = ? WHERE crisis_id = ? AND delivery_id = ?",
        (decision, tx.now_ms, crisis_id, delivery_id),
    )


def log(tx: Transaction, crisis_id: int, kind: Entry, text: str = "") -> int:
    """Add a line to a crisis log and return its id."""
    row = tx.conn.execute(
        "INSERT INTO crisis_log (crisis_id, kind, text, at) VALUES (?, ?, ?, ?) RETURNING id",
        (crisis_id, kind, text, tx.now_ms),
    ).fetchone()
    tx.touch(Topic.CRISIS, scalar(tx.conn, "SELECT brand_id FROM crisis WHERE id = ?", (crisis_id,)) or 0, crisis_id)
    return int(row[0])


def about(row: Any) -> str:
    """Return the first words of a delivery, for a line of the log."""
    words = " ".join(row["text"].split())
    return words if len(words) <= 80 else words[:79].rstrip() + "…"


def successor(
    tx: Transaction, row: Any, *, due_at: datetime | None = None, wall: str = "", zone: str = "", fold: int = 0
) -> Any:
    """Seal the same words once more, with fresh keys and maybe another hour, in place of `row`; returns the new row.

    A sealed delivery never changes, and one that a network had already taken must not be tried again by its keys.
    """
    revision = scalar(tx.conn, "SELECT max(revision) + 1 FROM delivery WHERE post_id = ?", (row["post_id"],))
    made = tx.conn.execute(
        "INSERT INTO delivery (brand_id, account_id, post_id, revision, part, kind, text, spoiler, visibility,"
        " language, media, reply_to, conversation_id, expected_author, idem_key, record_key, due_at, wall, zone, fold,"
        " late_grace_s, hand_off, fingerprint, options, crops, answers, sealed_at, state, state_at) SELECT brand_id,"
        " account_id, post_id, ?1, part, kind, text, spoiler, visibility, language, media, reply_to, conversation_id,"
        " expected_author, ?2, ?3, ?4, ?5, ?6, ?7, late_grace_s, hand_off, fingerprint, options, crops, answers, ?8,"
        " 'queued', ?8 FROM delivery WHERE id = ?9 RETURNING id",
        (
            revision,
            new_key(),
            new_record_key(tx.now),
            row["due_at"] if due_at is None else to_ms(due_at),
            row["wall"] if due_at is None else wall,
            row["zone"] if due_at is None else zone,
            row["fold"] if due_at is None else fold,
            tx.now_ms,
            row["id"],
        ),
    ).fetchone()
    tx.conn.execute("UPDATE post SET revision = ? WHERE id = ?", (revision, row["post_id"]))
    new = row_of(tx.conn, made[0])
    touch(tx, new)
    return new


# ── posts that a network keeps in its own scheduler ──


def may_be_out(tx: Transaction, row: Any, *, settled_s: float = 0.0) -> bool:
    """Say whether what a network no longer holds may be out: near or after its hour, until it was long enough ago."""
    since = tx.now - from_ms(row["due_at"])
    return since >= -MAY_BE_OUT and not (settled_s and since > timedelta(seconds=settled_s))


def recalled(tx: Transaction, row: Any, *, gone: bool) -> bool:
    """A network answered that it no longer holds a post: say whether a crisis had asked for it, and take it home.

    It comes back as another delivery with the same words and hour, held like the rest. `gone` says that the network
    did not know it any more: near or after its hour it may be out, so then it is looked for and nothing is held.
    """
    crises = open_holds(tx.conn, row["id"])
    if not crises or row["cancel_wanted"]:
        return False
    missing = row["state"] == State.REVIEW and row["reason_code"] == "handed_off_missing"
    if row["state"] != State.HANDED_OFF and not missing:
        # What a sync found out meanwhile stands: most likely that it is out.
        not_recalled(tx, row)
        return True
    if gone and may_be_out(tx, row):
        not_recalled(tx, row)
        tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, row["id"]))
        return True
    move(tx, row, State.CANCELLED, code=RECALLED)
    new = successor(tx, row)
    follow(tx, row["id"], new["id"])
    hold(tx, new)
    move(tx, new, State.QUEUED, code=CODE)
    for crisis_id in crises:
        log(tx, crisis_id, Entry.RECALLED, about(row))
    return True


def not_recalled(tx: Transaction, row: Any) -> None:
    """Note in the log that the network did not give a post back; it stays what it is."""
    for crisis_id in open_holds(tx.conn, row["id"]):
        log(tx, crisis_id, Entry.NOT_RECALLED, about(row))


# ── inside ──


def _missing(reader: Reader, row: Any) -> Sequence[int]:
    """Return the crises that last, concern this delivery and have no row about it."""
    if row["kind"] != HELD_KIND:
        return ()
    known = {
        found[0] for found in reader.execute("SELECT crisis_id FROM crisis_held WHERE delivery_id = ?", (row["id"],))
    }
    return [each for each in active_ids(reader, row["brand_id"]) if each not in known]
