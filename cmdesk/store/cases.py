"""Cases: complaints from their arrival to their end, with promises, referrals, compensations, and what is due.

What happens in a case stands as grey lines in its conversation (`activity`; a case without one keeps its lines under
its own number). Kinds and the keys of their `detail` (all strings; every one has "case", the case's id, and "number"
where there is a case); `text` is what a person wrote:

case_opened (anticipated) · case_changed (field) · case_step (step, on) · promise (promise, due) · promise_kept
(promise) · promise_moved (promise, due, from) · promise_withdrawn (promise) · promise_due (promise) · compensated
(kind, cents, currency) · referred (referral, who, due) · reminded (referral, who, times) · referral_due (referral,
who) · client_answered (referral, who) · case_solved (follow_up) · follow_up_due · followed_up (satisfaction) ·
case_closed (outcome) · case_reopened · moved_private (delivery) · public_close (value) · call (direction, contact) ·
merged (conversation) · unmerged (conversation) · wish (kind) · place (name).
"due", "from" and "follow_up" are milliseconds since 1970.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdesk.care.values import (
    Case,
    CaseFile,
    CaseState,
    Compensation,
    Promise,
    PublicClose,
    Referral,
)
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import ThreadEvent
from cmdesk.store.care_plans import authority, causes, information, protocols
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, ids_json, load, moment, scalar, stamp

__all__ = [
    "DueThing",
    "authority",
    "brand_of",
    "case",
    "case_by_number",
    "case_counts",
    "case_events",
    "case_file",
    "case_of",
    "cases",
    "cases_by_id",
    "cases_numbered",
    "causes",
    "due_things",
    "earlier_cases",
    "information",
    "next_due",
    "open_promises",
    "promise",
    "protocols",
    "referral",
    "refresh_care",
]


@dataclass(frozen=True, slots=True)
class DueThing:
    """What has to be done by a time: a promise, a reminder or answer of the client, a follow-up, a solution."""

    kind: str  # promise, referral, follow_up, solution
    at: datetime
    brand_id: int
    id: int  # of the promise or the referral, else of the case
    text: str
    case_id: int | None = None
    conversation_id: int | None = None


_CASES = "SELECT k.* FROM care_case k"
_UNKNOWN = {"case": "case_unknown", "promise": "promise_unknown", "referral": "referral_unknown"}


def case(reader: Reader, case_id: int) -> Case:
    """Return one case; raises Invalid (`case_unknown`) when there is none of that id."""
    row = fetch_one(reader, _CASES + " WHERE k.id = ?", (case_id,))
    if row is None:
        raise _unknown("case", case_id)
    return _case(row)


def case_by_number(reader: Reader, brand_id: int, number: int) -> Case:
    """Return the case a brand knows under a number; raises Invalid (`case_unknown`)."""
    row = fetch_one(reader, _CASES + " WHERE k.brand_id = ? AND k.number = ?", (brand_id, number))
    if row is None:
        raise _unknown("case", number)
    return _case(row)


def cases_numbered(reader: Reader, number: int) -> list[Case]:
    """Return the cases that brands know under this number: each brand counts its own."""
    return [_case(row) for row in fetch(reader, _CASES + " WHERE k.number = ? ORDER BY k.brand_id", (number,))]


def cases_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Case]:
    """Return these cases; those that are gone are missing."""
    rows = fetch(reader, _CASES + " WHERE k.id IN (SELECT value FROM json_each(?))", (ids_json(ids),))
    return {row["id"]: _case(row) for row in rows}


def case_of(reader: Reader, conversation_id: int) -> int | None:
    """Return the case of a conversation that is not closed, None when there is none."""
    found: int | None = scalar(reader, "SELECT case_id FROM conversation WHERE id = ?", (conversation_id,))
    return found


def case_file(reader: Reader, case_id: int) -> CaseFile:
    """Return everything of one case; raises Invalid (`case_unknown`)."""
    found = case(reader, case_id)
    names = fetch_one(
        reader,
        "SELECT b.name AS brand, coalesce(nullif(i.name, ''), nullif(p.name, ''), i.handle, '') AS person,"
        " coalesce(i.handle, '') AS handle, coalesce(c.network, i.network, '') AS network"
        " FROM care_case k JOIN brand b ON b.id = k.brand_id LEFT JOIN conversation c ON c.id = k.conversation_id"
        " LEFT JOIN contact p ON p.id = k.contact_id LEFT JOIN identity i ON i.id = coalesce(c.identity_id,"
        " (SELECT min(x.id) FROM identity x WHERE x.contact_id = k.contact_id)) WHERE k.id = ?",
        (case_id,),
    )
    return CaseFile(
        case=found,
        brand=names["brand"],
        person=names["person"],
        handle=names["handle"],
        network=names["network"],
        promises=tuple(_promise(row) for row in fetch(reader, _PROMISES_OF, (case_id,))),
        compensations=tuple(
            _compensation(row)
            for row in fetch(reader, "SELECT * FROM compensation WHERE case_id = ? ORDER BY at, id", (case_id,))
        ),
        referrals=tuple(
            _referral(row)
            for row in fetch(reader, "SELECT * FROM referral WHERE case_id = ? ORDER BY sent_at, id", (case_id,))
        ),
        earlier=tuple(earlier_cases(reader, found.contact_id, without=case_id)) if found.contact_id else (),
    )  # fmt: skip


# Those of the case, and what was promised in its conversation outside of any case.
_PROMISES_OF = (
    "SELECT p.* FROM promise p WHERE p.case_id = ?1 OR (p.case_id IS NULL AND p.conversation_id ="
    " (SELECT k.conversation_id FROM care_case k WHERE k.id = ?1)) ORDER BY p.due_at, p.id"
)


def given_to(reader: Reader, contact_id: int, limit: int = 50) -> list[Compensation]:
    """Return what a person was given in all their cases, newest first (Q3, Q8)."""
    rows = fetch(
        reader,
        "SELECT g.* FROM care_case k JOIN compensation g ON g.case_id = k.id WHERE k.contact_id = ?"
        " ORDER BY g.at DESC, g.id DESC LIMIT ?",
        (contact_id, limit),
    )
    return [_compensation(row) for row in rows]


def promise(reader: Reader, promise_id: int) -> Promise:
    """Return one promise; raises Invalid (`promise_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM promise WHERE id = ?", (promise_id,))
    if row is None:
        raise _unknown("promise", promise_id)
    return _promise(row)


def open_promises(reader: Reader, conversation_id: int) -> list[Promise]:
    """Return what was promised in a conversation and is neither kept nor withdrawn, the earliest first."""
    rows = fetch(
        reader,
        "SELECT * FROM promise WHERE conversation_id = ? AND kept_at IS NULL AND withdrawn_at IS NULL"
        " ORDER BY due_at, id",
        (conversation_id,),
    )
    return [_promise(row) for row in rows]


def referral(reader: Reader, referral_id: int) -> Referral:
    """Return one question to the client; raises Invalid (`referral_unknown`)."""
    row = fetch_one(reader, "SELECT * FROM referral WHERE id = ?", (referral_id,))
    if row is None:
        raise _unknown("referral", referral_id)
    return _referral(row)


def earlier_cases(reader: Reader, contact_id: int, *, without: int | None = None) -> list[Case]:
    """Return a person's cases, newest first, without the one that is open on the screen (Q11)."""
    rows = fetch(
        reader,
        _CASES + " WHERE k.contact_id = ? AND k.id IS NOT ? ORDER BY k.opened_at DESC, k.id DESC",
        (contact_id, without),
    )
    return [_case(row) for row in rows]


_BY_BRAND = "(:brand_id IS NULL OR k.brand_id = :brand_id)"
_BY_STATE = "k.state IN (SELECT value FROM json_each(:states))"
_BEFORE = "(k.opened_at, k.id) < (:before_at, :before_id)"
_BY_DUE = (
    "k.state <> 'closed' AND ("
    "(k.state IN ('open', 'client') AND k.solve_due_at < :due_before)"
    " OR (k.state = 'solved' AND k.followed_up_at IS NULL AND k.follow_up_at < :due_before)"
    " OR EXISTS (SELECT 1 FROM promise p WHERE p.case_id = k.id AND p.kept_at IS NULL AND p.withdrawn_at IS NULL"
    " AND p.due_at < :due_before)"
    " OR EXISTS (SELECT 1 FROM referral f WHERE f.case_id = k.id AND f.answered_at IS NULL"
    " AND min(coalesce(f.remind_at, f.due_at), coalesce(f.due_at, f.remind_at)) < :due_before))"
)
_WITH_PERSON = (
    "SELECT k.*, coalesce(p.name, '') || ' ' || coalesce(p.known_as, '') AS person FROM care_case k"
    " LEFT JOIN contact p ON p.id = k.contact_id"
)


def cases(
    reader: Reader,
    *,
    brand_id: int | None = None,
    states: Iterable[CaseState | str] = (),
    due_before: datetime | None = None,
    text: str = "",
    before: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[Case]:
    """Return cases, last opened first, those after `before` (opened_at in ms, id of the last seen).

    No `states` means every state; `due_before` those of which something is due by then. `text` looks for every word
    in number, title, cause, solution and person, capitals and accents aside.
    """
    where = [_BY_BRAND]
    params: dict[str, Any] = {"brand_id": brand_id}
    wanted = [str(each) for each in states]
    if wanted:
        where.append(_BY_STATE)
        params["states"] = "[" + ",".join(f'"{CaseState(each).value}"' for each in wanted) + "]"
    if due_before is not None:
        where.append(_BY_DUE)
        params["due_before"] = to_ms(due_before)
    if before is not None:
        where.append(_BEFORE)
        params["before_at"], params["before_id"] = before
    words = _folded(text).split()
    sql = [_WITH_PERSON, "WHERE", " AND ".join(where), "ORDER BY k.opened_at DESC, k.id DESC"]
    found: list[Case] = []
    cursor = reader.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(" ".join(sql), params):
        if len(found) >= limit:
            break
        if not words or _says(row, words):
            found.append(_case(row))
    return found


def case_counts(reader: Reader, brand_id: int | None = None, *, now: datetime | None = None) -> dict[str, int]:
    """Return how many cases there are: by state, "promises" open, "follow_ups" to come; with `now` those "due"."""
    found = dict.fromkeys((state.value for state in CaseState), 0)
    found.update(
        reader.execute(
            "SELECT state, count(*) FROM care_case WHERE ?1 IS NULL OR brand_id = ?1 GROUP BY state", (brand_id,)
        ).fetchall()
    )
    found["promises"] = scalar(
        reader,
        "SELECT count(*) FROM promise WHERE kept_at IS NULL AND withdrawn_at IS NULL AND (?1 IS NULL OR brand_id = ?1)",
        (brand_id,),
    )
    found["follow_ups"] = scalar(
        reader,
        "SELECT count(*) FROM care_case WHERE state = 'solved' AND follow_up_at IS NOT NULL AND followed_up_at IS NULL"
        " AND (?1 IS NULL OR brand_id = ?1)",
        (brand_id,),
    )
    if now is not None:
        sql = " ".join(("SELECT count(*) FROM care_case k WHERE", _BY_BRAND, "AND", _BY_DUE))
        found["due"] = scalar(reader, sql, {"brand_id": brand_id, "due_before": to_ms(now)})
    return found


def case_events(reader: Reader, case_id: int) -> list[ThreadEvent]:
    """Return what happened in a case, oldest first, in its conversations or (a call) without one."""
    found = case(reader, case_id)
    rows = fetch(
        reader,
        "SELECT at, kind, text, detail FROM activity WHERE (conversation_id IN (?2, ?3) OR (conversation_id IS NULL AND"
        " brand_id = ?4)) AND json_extract(detail, '$.case') = ?1 ORDER BY at, id",
        (str(case_id), found.conversation_id, found.private_conversation_id, found.brand_id),
    )
    return [ThreadEvent(from_ms(row["at"]), row["kind"], "", row["text"], load(row["detail"])) for row in rows]


# What is due


# `at` is when it has to be done, `wakes` when it comes up in the inbox: a client is reminded before that or after.
_DUE = (
    "SELECT 'promise' AS kind, p.due_at AS at, p.due_at AS wakes, p.brand_id, p.id, p.text, p.case_id,"
    " p.conversation_id, p.noticed_at FROM promise p WHERE p.kept_at IS NULL AND p.withdrawn_at IS NULL"
    " UNION ALL SELECT 'referral', min(coalesce(f.remind_at, f.due_at), coalesce(f.due_at, f.remind_at)),"
    " coalesce(f.remind_at, f.due_at), f.brand_id, f.id, f.asked, f.case_id, k.conversation_id, f.noticed_at"
    " FROM referral f JOIN care_case k ON k.id = f.case_id"
    " WHERE f.answered_at IS NULL AND k.state <> 'closed' AND coalesce(f.remind_at, f.due_at) IS NOT NULL"
    " UNION ALL SELECT 'follow_up', k.follow_up_at, k.follow_up_at, k.brand_id, k.id, k.title, k.id, k.conversation_id,"
    " k.noticed_at FROM care_case k WHERE k.state = 'solved' AND k.follow_up_at IS NOT NULL"
    " AND k.followed_up_at IS NULL"
)
# A missed deadline shows; it brings nothing back, for what is not solved is open already.
_SOLUTIONS = (
    " UNION ALL SELECT 'solution', k.solve_due_at, NULL, k.brand_id, k.id, k.title, k.id, k.conversation_id, 0"
    " FROM care_case k WHERE k.state IN ('open', 'client') AND k.solve_due_at IS NOT NULL"
)


def due_things(reader: Reader, *, brand_id: int | None = None, until: datetime) -> list[DueThing]:
    """Return what is due before `until`, the earliest first: promises, referrals, follow-ups, solutions."""
    sql = ("SELECT * FROM (", _DUE, _SOLUTIONS, ") WHERE at < ?1 AND (?2 IS NULL OR brand_id = ?2) ORDER BY at, id")
    return [_due_thing(row) for row in fetch(reader, " ".join(sql), (to_ms(until), brand_id))]


def next_due(reader: Reader) -> datetime | None:
    """Return when the next promise, reminder or follow-up comes up in the inbox; None when none will."""
    sql = " ".join(("SELECT min(wakes) FROM (", _DUE, ") WHERE noticed_at IS NULL"))
    return moment(scalar(reader, sql))


def due_now(reader: Reader, now: datetime) -> list[DueThing]:
    """Return what has fallen due and has not come up yet."""
    sql = " ".join(("SELECT * FROM (", _DUE, ") WHERE noticed_at IS NULL AND wakes <= ? ORDER BY wakes, kind, id"))
    return [_due_thing(row) for row in fetch(reader, sql, (to_ms(now),))]


def _due_thing(row: sqlite3.Row) -> DueThing:
    return DueThing(
        row["kind"], from_ms(row["at"]), row["brand_id"], row["id"], row["text"], row["case_id"], row["conversation_id"]
    )


# Writing


def refresh_care(tx: Transaction, conversation_ids: Iterable[int]) -> None:
    """Bring `case_id` and `promise_at` of these conversations up to date."""
    tx.conn.execute(
        "UPDATE conversation SET case_id = (SELECT min(k.id) FROM care_case k WHERE k.state <> 'closed' AND"
        " (k.conversation_id = conversation.id OR k.private_conversation_id = conversation.id)),"
        " promise_at = (SELECT min(p.due_at) FROM promise p WHERE p.conversation_id = conversation.id"
        " AND p.kept_at IS NULL AND p.withdrawn_at IS NULL) WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(conversation_ids),),
    )


def next_number(reader: Reader, brand_id: int) -> int:
    """Return the number of a brand's next case."""
    return int(scalar(reader, "SELECT coalesce(max(number), 0) + 1 FROM care_case WHERE brand_id = ?", (brand_id,)))


def given_cents(reader: Reader, case_id: int) -> int:
    """Return what the compensations of a case have cost so far, in cents."""
    return int(scalar(reader, "SELECT total(cost_cents) FROM compensation WHERE case_id = ?", (case_id,)))


def loose_promises(reader: Reader, conversation_id: int) -> list[int]:
    """Return the open promises of a conversation that belong to no case."""
    rows = reader.execute(
        "SELECT id FROM promise WHERE conversation_id = ? AND case_id IS NULL AND kept_at IS NULL"
        " AND withdrawn_at IS NULL ORDER BY id",
        (conversation_id,),
    )
    return [row[0] for row in rows]


def of_conversation(reader: Reader, conversation_id: int) -> list[int]:
    """Return the ids of every case of a conversation, closed ones included."""
    return [row[0] for row in reader.execute("SELECT id FROM care_case WHERE conversation_id = ?", (conversation_id,))]


def promises_of(reader: Reader, conversation_id: int) -> list[int]:
    """Return the ids of every promise made in a conversation, those kept and withdrawn included."""
    return [row[0] for row in reader.execute("SELECT id FROM promise WHERE conversation_id = ?", (conversation_id,))]


def brand_of(reader: Reader, table: str, row_id: int) -> int | None:
    """Return the brand of a contact, a conversation, a case, a wish...; None when there is no such row."""
    found: int | None = scalar(reader, _BRAND_OF[table], (row_id,))
    return found


_BRAND_OF = {
    "compensation": "SELECT brand_id FROM compensation WHERE id = ?",
    "contact": "SELECT brand_id FROM contact WHERE id = ?",
    "watch_place": "SELECT brand_id FROM watch_place WHERE id = ?",
    "wish": "SELECT brand_id FROM wish WHERE id = ?",
}


# Rows to values


def _case(row: sqlite3.Row) -> Case:
    return Case(
        id=row["id"],
        brand_id=row["brand_id"],
        number=row["number"],
        state=CaseState(row["state"]),
        opened_at=from_ms(row["opened_at"]),
        title=row["title"],
        conversation_id=row["conversation_id"],
        contact_id=row["contact_id"],
        cause=row["cause"],
        valid=_judged(row["valid"]),
        solvable=_judged(row["solvable"]),
        protocol=row["protocol"],
        steps={key: from_ms(at) for key, at in load(row["steps"]).items()},
        info=load(row["info"]),
        decision=row["decision"],
        solution=row["solution"],
        outcome=row["outcome"],
        satisfaction=row["satisfaction"],
        solved_at=moment(row["solved_at"]),
        solve_due_at=moment(row["solve_due_at"]),
        follow_up_at=moment(row["follow_up_at"]),
        followed_up_at=moment(row["followed_up_at"]),
        closed_at=moment(row["closed_at"]),
        private_at=moment(row["private_at"]),
        private_conversation_id=row["private_conversation_id"],
        public_close=PublicClose(row["public_close"]),
        anticipated=bool(row["anticipated"]),
    )


def _judged(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _compensation(row: sqlite3.Row) -> Compensation:
    return Compensation(
        row["id"], row["brand_id"], row["case_id"], row["kind"], row["detail"], row["cost_cents"], row["currency"],
        from_ms(row["at"]),
    )  # fmt: skip


def _promise(row: sqlite3.Row) -> Promise:
    return Promise(
        id=row["id"],
        brand_id=row["brand_id"],
        text=row["text"],
        due_at=from_ms(row["due_at"]),
        made_at=from_ms(row["made_at"]),
        case_id=row["case_id"],
        conversation_id=row["conversation_id"],
        kept_at=moment(row["kept_at"]),
        withdrawn_at=moment(row["withdrawn_at"]),
    )


def _referral(row: sqlite3.Row) -> Referral:
    return Referral(
        id=row["id"],
        brand_id=row["brand_id"],
        case_id=row["case_id"],
        who=row["who"],
        asked=row["asked"],
        sent_at=from_ms(row["sent_at"]),
        due_at=moment(row["due_at"]),
        remind_at=moment(row["remind_at"]),
        reminded=row["reminded"],
        answer=row["answer"],
        answered_at=moment(row["answered_at"]),
    )


def _says(row: sqlite3.Row, words: Sequence[str]) -> bool:
    said = _folded(f"{row['number']} {row['title']} {row['cause']} {row['solution']} {row['person']}")
    return all(word in said for word in words)


def _folded(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _unknown(what: str, number: int) -> Invalid:
    return Invalid(f"there is no {what} {number}", code=_UNKNOWN[what], detail=str(number))


def stored(value: Any) -> Any:
    """Return a value as its column holds it: times as milliseconds, truth as 0 and 1, words of an enum as text."""
    if isinstance(value, datetime):
        return stamp(value)
    return int(value) if isinstance(value, bool) else value
