"""Crises as they are read and written: which lasts, its log, what it keeps, the plan written beforehand, alarms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE, HELD_KIND, Decision, Entry, HeldPost
from cmdesk.care.values import Alarm, Crisis, CrisisEntry, CrisisPlan, Phone
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState
from cmdesk.store import crisis_hold
from cmdesk.store.changes import Topic
from cmdesk.store.crisis_hold import holds, log
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.outbox_actions import cancel_action, queue_action
from cmdesk.store.outbox_state import move
from cmdesk.store.rows import dump, fetch, fetch_one, load, moment, scalar

__all__ = [
    "active",
    "add_alarm",
    "alarms",
    "begin",
    "crises",
    "crisis",
    "dismiss_alarm",
    "end",
    "grow_alarm",
    "held",
    "holds",
    "last_alarm",
    "leave_there",
    "let_go",
    "log",
    "plan",
    "recall_held",
    "save_plan",
    "standing",
    "undecided",
    "unlog",
    "waiting_by_brand",
]

State = DeliveryState

PLAN = "crisis"  # its name among a brand's care plans

# Nothing of these is on its way: a crisis simply keeps them.
_AT_HOME = ("queued", "preparing", "ready", "backoff", "blocked_auth", "held_clock")
# Whether a decision is still possible and needed: it waits, and is neither out nor given up.
_LIVE = "h.decision = '' AND d.state NOT IN ('cancelled', 'published', 'confirmed')"


# ── reading ──


def crisis(reader: Reader, crisis_id: int) -> Crisis:
    """Return one crisis with its log; raises Invalid (code `crisis_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM crisis WHERE id = ?", (crisis_id,))
    if row is None:
        raise Invalid(f"there is no crisis {crisis_id}", code="crisis_unknown", detail=str(crisis_id))
    return _crisis(reader, row)


def active(reader: Reader, brand_id: int) -> Crisis | None:
    """Return the crisis that holds this brand's posts now: its own before one of all brands; None when there is none.

    For brand 0: one that holds every brand.
    """
    row = fetch_one(
        reader,
        "SELECT * FROM crisis WHERE brand_id IN (0, ?) AND closed_at IS NULL AND over_at IS NULL"
        " ORDER BY brand_id DESC, id DESC LIMIT 1",
        (brand_id,),
    )
    return None if row is None else _crisis(reader, row)


def crises(reader: Reader, brand_id: int | None = None, *, unclosed: bool = False, limit: int = 100) -> list[Crisis]:
    """Return the crises of a brand (None: of all), newest first, those of all brands included."""
    rows = fetch(
        reader,
        "SELECT * FROM crisis WHERE (?1 IS NULL OR brand_id IN (0, ?1)) AND (NOT ?2 OR closed_at IS NULL)"
        " ORDER BY closed_at IS NULL DESC, id DESC LIMIT ?3",
        (brand_id, unclosed, limit),
    )
    return [_crisis(reader, row) for row in rows]


_HELD = (
    "SELECT h.crisis_id, h.decision, h.decided_at, d.* FROM crisis_held h JOIN delivery d ON d.id = h.delivery_id"
    " WHERE h.crisis_id = ? AND h.decision <> 'statement' AND (h.decision <> '' OR "
    + _LIVE
    + " OR d.state IN ('published', 'confirmed'))"
    " ORDER BY d.due_at, d.id"
)


def held(reader: Reader, crisis_id: int) -> list[HeldPost]:
    """Return what a crisis keeps or kept, in the order of their hours; what was replaced by another is left out."""
    return [
        HeldPost(
            crisis_id=row["crisis_id"],
            delivery_id=row["id"],
            brand_id=row["brand_id"],
            account_id=row["account_id"],
            post_id=row["post_id"],
            text=row["text"],
            due_at=from_ms(row["due_at"]),
            wall=row["wall"],
            zone=row["zone"],
            state=State(row["state"]),
            code=row["reason_code"],
            decision=Decision(row["decision"]),
            decided_at=moment(row["decided_at"]),
        )
        for row in fetch(reader, _HELD, (crisis_id,))
    ]


def undecided(reader: Reader, crisis_id: int) -> int:
    """Return how many posts of a crisis still wait for a decision."""
    return int(
        scalar(
            reader,
            "SELECT count(*) FROM crisis_held h JOIN delivery d ON d.id = h.delivery_id WHERE h.crisis_id = ? AND "
            + _LIVE,
            (crisis_id,),
        )
    )


def standing(reader: Reader) -> list[tuple[int, int, bool]]:
    """Return (crisis, brand, still active) of every crisis that is not closed, for marks and bars."""
    rows = reader.execute("SELECT id, brand_id, over_at IS NULL FROM crisis WHERE closed_at IS NULL ORDER BY id")
    return [(row[0], row[1], bool(row[2])) for row in rows]


def waiting_by_brand(reader: Reader) -> dict[int, int]:
    """Return how many posts of each brand wait for a decision; one that two crises keep counts once."""
    rows = reader.execute(
        "SELECT d.brand_id, count(DISTINCT d.id) FROM crisis_held h JOIN delivery d ON d.id = h.delivery_id WHERE "
        + _LIVE
        + " GROUP BY d.brand_id"
    )
    return dict(rows.fetchall())


def plan(reader: Reader, brand_id: int) -> CrisisPlan:
    """Return what a brand wrote beforehand; empty where nothing was (W4, W5, W7)."""
    stored = load(scalar(reader, "SELECT value FROM care_plan WHERE brand_id = ? AND name = ?", (brand_id, PLAN)))
    if not isinstance(stored, dict):
        return CrisisPlan(brand_id)
    return CrisisPlan(
        brand_id=brand_id,
        plan=str(stored.get("plan", "")),
        phones=tuple(
            Phone(*(str(each.get(name, "")) for name in ("name", "role", "phone", "hours")))
            for each in stored.get("phones", ())
        ),
        lines=tuple(str(each) for each in stored.get("lines", ())),
        statements={str(key): str(text) for key, text in stored.get("statements", {}).items()},
    )


def save_plan(tx: Transaction, plan: CrisisPlan) -> None:
    """Keep a brand's crisis plan."""
    value = {
        "plan": plan.plan,
        "phones": [
            {"name": each.name, "role": each.role, "phone": each.phone, "hours": each.hours} for each in plan.phones
        ],
        "lines": list(plan.lines),
        "statements": dict(plan.statements),
    }
    tx.conn.execute(
        "INSERT INTO care_plan (brand_id, name, value, updated_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (brand_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (plan.brand_id, PLAN, dump(value), tx.now_ms),
    )
    tx.touch(Topic.CARE, plan.brand_id)
    tx.touch(Topic.CRISIS, plan.brand_id)


# ── beginning and ending ──


def begin(tx: Transaction, *, brand_id: int, reason: str) -> int:
    """Write a crisis down, keep everything planned of the brand (0: of all) and ask networks for what they hold.

    Returns its id. What is on its way at this moment left before; it is noted in the log, and kept should it turn out
    not to have arrived.
    """
    made = tx.conn.execute(
        "INSERT INTO crisis (brand_id, reason, started_at) VALUES (?, ?, ?) RETURNING id",
        (brand_id, reason, tx.now_ms),
    ).fetchone()
    crisis_id = int(made[0])
    log(tx, crisis_id, Entry.STARTED, reason)
    rows = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE kind = ?1 AND (?2 = 0 OR brand_id = ?2) AND state IN ('queued', 'preparing',"
        " 'ready', 'backoff', 'blocked_auth', 'held_clock', 'sending', 'uncertain', 'handed_off') ORDER BY due_at, id",
        (HELD_KIND, brand_id),
    )
    count = 0
    for row in rows:
        crisis_hold.hold(tx, row)
        if row["state"] in _AT_HOME:
            count += 1
            move(tx, row, State.QUEUED, code=CODE)
        elif row["state"] == State.HANDED_OFF:
            _recall(tx, crisis_id, row)
        else:
            log(tx, crisis_id, Entry.LEFT, crisis_hold.about(row))
    log(tx, crisis_id, Entry.HELD, str(count))
    _touch(tx, crisis_id, brand_id)
    return crisis_id


def end(tx: Transaction, found: Crisis, *, closed: bool) -> None:
    """Note that a crisis is over (nothing new is held), or closed (everything held was decided)."""
    done = "UPDATE crisis SET closed_at = ? WHERE id = ?" if closed else "UPDATE crisis SET over_at = ? WHERE id = ?"
    tx.conn.execute(done, (tx.now_ms, found.id))
    log(tx, found.id, Entry.CLOSED if closed else Entry.OVER)
    if closed:
        # Taken back elsewhere meanwhile (the calendar, a new revision), or out before it could be kept.
        tx.conn.execute(
            "UPDATE crisis_held SET decision = 'dropped', decided_at = ?1 WHERE crisis_id = ?2 AND decision = ''"
            " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = delivery_id AND d.state IN"
            " ('published', 'confirmed'))",
            (tx.now_ms, found.id),
        )
    _touch(tx, found.id, found.brand_id)


def let_go(tx: Transaction, row: Any) -> None:
    """Let a held one go: at its hour, or now when that has passed; what may be out already is looked for first."""
    passed = from_ms(row["due_at"]) <= tx.now
    if passed:
        tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (row["id"],))
    if row["first_attempt_at"] is not None:
        move(tx, row, State.UNCERTAIN, code="send_again", next_at=tx.now)
    else:
        move(tx, row, State.QUEUED)


def leave_there(tx: Transaction, row: Any) -> None:
    """Leave a post with the network after all: the recall that was not tried yet is given up."""
    waiting = tx.conn.execute(
        "SELECT id, attempts FROM action WHERE delivery_id = ? AND act = 'cancel_scheduled' AND state IN ('queued',"
        " 'backoff', 'blocked_auth')",
        (row["id"],),
    ).fetchall()
    if any(attempts for _, attempts in waiting):
        raise Conflict("the network is being asked to give it back", code="recalling", detail=str(row["id"]))
    for action_id, _ in waiting:
        cancel_action(tx, action_id)


def recall_held(tx: Transaction, row: Any) -> None:
    """Ask the network to give back what it has just taken for later, when a crisis keeps it."""
    crisis_hold.hold(tx, row)
    for crisis_id in crisis_hold.open_holds(tx.conn, row["id"]):
        _recall(tx, crisis_id, row)


def unlog(tx: Transaction, found: Crisis, entry_id: int) -> None:
    """Take a line out of a crisis log."""
    tx.conn.execute("DELETE FROM crisis_log WHERE id = ? AND crisis_id = ?", (entry_id, found.id))
    tx.touch(Topic.CRISIS, found.brand_id, found.id)


# ── alarms ──


def alarms(
    reader: Reader, brand_id: int | None = None, *, dismissed: bool = False, since: datetime | None = None,
    limit: int = 50,
) -> list[Alarm]:  # fmt: skip
    """Return the alarms of a brand (None: of all) that nobody put away (or all), newest first."""
    rows = fetch(
        reader,
        "SELECT * FROM alarm WHERE (?1 IS NULL OR brand_id = ?1) AND (?2 OR dismissed_at IS NULL)"
        " AND (?3 IS NULL OR at >= ?3) ORDER BY at DESC, id DESC LIMIT ?4",
        (brand_id, dismissed, None if since is None else to_ms(since), limit),
    )
    return [_alarm(row) for row in rows]


def last_alarm(reader: Reader, brand_id: int, kind: str) -> tuple[Alarm, datetime] | None:
    """Return a brand's newest alarm of a kind, put away or not, and when what it tells of last went on."""
    row = fetch_one(
        reader, "SELECT * FROM alarm WHERE brand_id = ? AND kind = ? ORDER BY id DESC LIMIT 1", (brand_id, kind)
    )
    if row is None:
        return None
    found = _alarm(row)
    return found, from_ms((load(row["reason"]) or {}).get("until", to_ms(found.at)))


def add_alarm(tx: Transaction, alarm: Alarm) -> int:
    """Keep a new alarm (its id is not used) and return its id; a crisis that lasts has it in its log."""
    made = tx.conn.execute(
        "INSERT INTO alarm (brand_id, kind, reason, at) VALUES (?, ?, ?, ?) RETURNING id",
        (alarm.brand_id, alarm.kind, _reason(tx, alarm), to_ms(alarm.at)),
    ).fetchone()
    for crisis_id in crisis_hold.active_ids(tx.conn, alarm.brand_id):
        log(tx, crisis_id, Entry.ALARM, f"{alarm.kind} {alarm.count} {alarm.minutes} {alarm.word}".strip())
    tx.touch(Topic.CRISIS, alarm.brand_id)
    return int(made[0])


def grow_alarm(tx: Transaction, alarm: Alarm) -> None:
    """The same fire goes on: the alarm that tells of it is kept up to date."""
    tx.conn.execute("UPDATE alarm SET kind = ?, reason = ? WHERE id = ?", (alarm.kind, _reason(tx, alarm), alarm.id))
    tx.touch(Topic.CRISIS, alarm.brand_id)


def dismiss_alarm(tx: Transaction, alarm_id: int, *, on: bool = True) -> int:
    """Put an alarm away (or back) and return its brand; raises Invalid (code `alarm_unknown`)."""
    row = tx.conn.execute(
        "UPDATE alarm SET dismissed_at = ? WHERE id = ? RETURNING brand_id", (tx.now_ms if on else None, alarm_id)
    ).fetchone()
    if row is None:
        raise Invalid(f"there is no alarm {alarm_id}", code="alarm_unknown", detail=str(alarm_id))
    tx.touch(Topic.CRISIS, row[0])
    return int(row[0])


# ── inside ──


def _recall(tx: Transaction, crisis_id: int, row: Any) -> None:
    """Ask a network to give back what it holds until its hour."""
    log(tx, crisis_id, Entry.RECALLING, crisis_hold.about(row))
    waiting = scalar(
        tx.conn,
        "SELECT 1 FROM action WHERE delivery_id = ? AND act = 'cancel_scheduled' AND state IN ('queued', 'backoff',"
        " 'blocked_auth')",
        (row["id"],),
    )
    if waiting:
        return
    try:
        queue_action(
            tx,
            account_id=row["account_id"],
            act="cancel_scheduled",
            target={"remote_id": row["remote_id"], "ref": load(row["remote_ref"])},
            delivery_id=row["id"],
        )
    except Invalid:
        log(tx, crisis_id, Entry.NOT_RECALLED, crisis_hold.about(row))


def _touch(tx: Transaction, crisis_id: int, brand_id: int) -> None:
    tx.touch(Topic.CRISIS, brand_id, crisis_id)
    tx.touch(Topic.DELIVERY, brand_id)


def _crisis(reader: Reader, row: Any) -> Crisis:
    entries: Iterable[Any] = reader.execute(
        "SELECT id, kind, text, at FROM crisis_log WHERE crisis_id = ? ORDER BY id", (row["id"],)
    )
    return Crisis(
        id=row["id"],
        brand_id=row["brand_id"],
        reason=row["reason"],
        started_at=from_ms(row["started_at"]),
        over_at=moment(row["over_at"]),
        closed_at=moment(row["closed_at"]),
        log=tuple(CrisisEntry(each[0], each[1], each[2], from_ms(each[3])) for each in entries),
    )


def _alarm(row: Any) -> Alarm:
    told = load(row["reason"]) or {}
    usual = told.get("usual") or (0.0, 0.0)
    return Alarm(
        id=row["id"],
        brand_id=row["brand_id"],
        kind=row["kind"],
        at=from_ms(row["at"]),
        count=int(told.get("count", 0)),
        minutes=int(told.get("minutes", 0)),
        usual=(float(usual[0]), float(usual[1])),
        word=str(told.get("word", "")),
        conversation_ids=tuple(int(each) for each in told.get("conversations", ())),
        reach=int(told.get("reach", 0)),
        dismissed_at=moment(row["dismissed_at"]),
    )


def _reason(tx: Transaction, alarm: Alarm) -> str:
    return dump(
        {
            "count": alarm.count,
            "minutes": alarm.minutes,
            "usual": list(alarm.usual),
            "word": alarm.word,
            "conversations": list(alarm.conversation_ids),
            "reach": alarm.reach,
            "until": tx.now_ms,
        }
    )
