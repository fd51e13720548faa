"""What the outbox holds: deliveries as values, what is due, what needs a person, what goes out next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Invalid
from cmdesk.model import Crop, Delivery, DeliveryState, Problem
from cmdesk.store.approval_hold import APPROVALS_WANTING, approval_problems
from cmdesk.store.db import Reader
from cmdesk.store.preflight_found import PREFLIGHT_WANTING, preflight_problems
from cmdesk.store.rows import dump, ids_json, load, moment, stamp

State = DeliveryState

_DELIVERIES = (
    "SELECT id, brand_id, account_id, post_id, revision, part, kind, text, spoiler, visibility, language, media, "
    "reply_to, conversation_id, expected_author, idem_key, record_key, due_at, wall, zone, fold, late_grace_s, "
    "hand_off, state, frozen_at, attempts, next_at, reason_code, reason_detail, approved_late, remote_id, remote_url, "
    "remote_ref, published_at, confirmed_at, verified, options, crops, answers, audience FROM delivery"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A media file of a delivery that the network already holds."""

    position: int
    remote: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery, as written before the first byte and completed after the answer."""

    id: int
    delivery_id: int
    started_at: datetime
    outcome: str
    detail: str
    ended_at: datetime | None
    request_sha256: str


def delivery(reader: Reader, delivery_id: int) -> Delivery:
    """Return one delivery; raises Invalid (code `delivery_unknown`)."""
    row = reader.execute(_DELIVERIES + " WHERE id = ?", (delivery_id,)).fetchone()
    if row is None:
        raise Invalid(f"there is no delivery {delivery_id}", code="delivery_unknown", detail=str(delivery_id))
    return as_delivery(row)


def deliveries(
    reader: Reader,
    *,
    brand_id: int | None = None,
    post_id: int | None = None,
    conversation_id: int | None = None,
    states: Iterable[DeliveryState] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 500,
) -> list[Delivery]:
    """Return deliveries in due order; every filter that is not None narrows."""
    rows = reader.execute(
        _DELIVERIES + " WHERE (?1 IS NULL OR brand_id = ?1) AND (?2 IS NULL OR post_id = ?2)"
        " AND (?3 IS NULL OR conversation_id = ?3) AND (?4 IS NULL OR state IN (SELECT value FROM json_each(?4)))"
        " AND (?5 IS NULL OR due_at >= ?5) AND (?6 IS NULL OR due_at < ?6) ORDER BY due_at, id LIMIT ?7",
        (
            brand_id,
            post_id,
            conversation_id,
            None if states is None else dump([state.value for state in states]),
            stamp(start),
            stamp(end),
            limit,
        ),
    )
    return [as_delivery(row) for row in rows]


_DELIVERIES_OF = _DELIVERIES + " WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY post_id, due_at, id"


def deliveries_of(reader: Reader, post_ids: Iterable[int]) -> dict[int, tuple[Delivery, ...]]:
    """Return every delivery of these posts, all revisions, in due order; a post without any is missing."""
    found: dict[int, tuple[Delivery, ...]] = {}
    for row in reader.execute(_DELIVERIES_OF, (ids_json(post_ids),)):
        each = as_delivery(row)
        found[each.post_id] = (*found.get(each.post_id, ()), each)
    return found


_UPLOADS = "SELECT position, remote, expires_at FROM delivery_upload WHERE delivery_id = ? ORDER BY position"


def uploads(reader: Reader, delivery_id: int) -> list[Upload]:
    """Return what the network already holds of a delivery's media."""
    return [
        Upload(position, remote, moment(expires))
        for position, remote, expires in reader.execute(_UPLOADS, (delivery_id,))
    ]


_ATTEMPTS = (
    "SELECT id, delivery_id, started_at, outcome, detail, ended_at, request_sha256 FROM attempt "
    "WHERE delivery_id = ? ORDER BY id"
)


def attempts(reader: Reader, delivery_id: int) -> list[Attempt]:
    """Return every try of a delivery, oldest first."""
    return [
        Attempt(row[0], row[1], from_ms(row[2]), row[3], row[4], moment(row[5]), row[6])
        for row in reader.execute(_ATTEMPTS, (delivery_id,))
    ]


_PART_BEFORE = _DELIVERIES + (
    " WHERE post_id = ? AND account_id = ? AND part = ? AND state <> 'cancelled'"
    " ORDER BY state IN ('published', 'confirmed') DESC, revision DESC LIMIT 1"
)


def part_before(reader: Reader, later: Delivery) -> Delivery | None:
    """Return the part of the same thread that `later` answers, whenever it was sealed; None for a first part."""
    if later.part == 0:
        return None
    answered = later.part - 1 if later.answers is None else later.answers
    row = reader.execute(_PART_BEFORE, (later.post_id, later.account_id, answered)).fetchone()
    return None if row is None else as_delivery(row)


_CLAIMED_IDS = (
    "SELECT remote_id FROM delivery WHERE account_id = ? AND remote_id IS NOT NULL AND id <> ? "
    "AND COALESCE(published_at, last_attempt_at, sealed_at) >= ?"
)


def claimed_ids(reader: Reader, *, account_id: int, since: datetime, without: int = 0) -> list[str]:
    """Return remote ids that belong to this account's other deliveries tried since `since` (with a day to spare)."""
    rows = reader.execute(_CLAIMED_IDS, (account_id, without, to_ms(since) - 86_400_000))
    return [row[0] for row in rows]


_WORK_OF = (
    "SELECT id FROM delivery WHERE account_id = ?1 AND (state IN ('ready', 'preparing', 'held_restored')"
    " AND coalesce(next_at, 0) <= ?2 OR state IN ('uncertain', 'review', 'handed_off') AND next_at <= ?2)"
    " ORDER BY due_at, id"
)


def work_of(reader: Reader, *, account_id: int, now: datetime) -> list[int]:
    """Return the ids of this account's deliveries that want a network call now, in due order."""
    return [row[0] for row in reader.execute(_WORK_OF, (account_id, to_ms(now)))]


_VERIFY = "SELECT id FROM delivery WHERE account_id = ? AND verify_at IS NOT NULL AND verify_at <= ? ORDER BY id"


def to_verify(reader: Reader, *, account_id: int, now: datetime) -> list[int]:
    """Return what is out and shall be read back and compared now, because a person asked (N4)."""
    return [row[0] for row in reader.execute(_VERIFY, (account_id, to_ms(now)))]


_SWEEPS_OF = (
    "SELECT id FROM delivery WHERE account_id = ? AND state IN ('published', 'confirmed') AND swept_at IS NULL "
    "AND checks > 0 AND last_attempt_at <= ? ORDER BY id"
)


def sweeps_of(reader: Reader, *, account_id: int, now: datetime, after_s: float) -> list[int]:
    """Return published deliveries that once were in doubt and whose twins have not been looked for yet."""
    return [row[0] for row in reader.execute(_SWEEPS_OF, (account_id, to_ms(now) - round(after_s * 1000)))]


def next_moment(reader: Reader) -> datetime | None:
    """Return when the machine next has something to do for the outbox, None when nothing waits but for a decision."""
    row = reader.execute(
        "SELECT MIN(CASE WHEN state = 'queued' THEN CASE WHEN hand_off THEN 0 ELSE due_at END "
        "WHEN state IN ('ready', 'preparing') THEN COALESCE(next_at, 0) ELSE next_at END) FROM delivery "
        "WHERE state IN ('queued', 'ready', 'preparing', 'backoff', 'uncertain', 'review', 'handed_off')"
        " AND reason_code NOT IN ('crisis_hold', 'waiting_approval', 'part_before')"
    ).fetchone()
    return None if row is None or row[0] is None else from_ms(row[0])


_NEXT_PUBLICATION = _DELIVERIES + (
    " WHERE state IN ('queued', 'preparing', 'ready', 'backoff', 'handed_off') AND kind = 'post'"
    " AND reason_code NOT IN ('crisis_hold', 'waiting_approval', 'part_before') AND (?1 IS NULL OR brand_id = ?1)"
    " ORDER BY due_at, id LIMIT 1"
)


def next_publication(reader: Reader, *, brand_id: int | None = None) -> Delivery | None:
    """Return the post that goes out next, in one brand or in all."""
    row = reader.execute(_NEXT_PUBLICATION, (brand_id,)).fetchone()
    return None if row is None else as_delivery(row)


# What the Problems page shows; the states are those of NEEDS_PERSON and the unknown (tests compare).
_DELIVERY_PROBLEM = (
    " (d.dismissed_at IS NULL AND (d.state IN ('review', 'rejected', 'held_late', 'held_clock', 'held_restored',"
    " 'manual', 'blocked_auth', 'uncertain') OR d.reason_code = 'twin' AND d.state IN ('published', 'confirmed'))"
    # What a person publishes by hand is one task, however many parts it has (N26).
    " AND NOT (d.state = 'manual' AND EXISTS (SELECT 1 FROM delivery e WHERE e.post_id = d.post_id"
    " AND e.account_id = d.account_id AND e.state = 'manual' AND e.part < d.part))"
    " AND (?1 IS NULL OR d.brand_id = ?1))"
)
_ACTION_PROBLEM = (
    " (a.dismissed_at IS NULL AND a.state IN ('rejected', 'blocked_auth') AND (?1 IS NULL OR a.brand_id = ?1))"
)
_ACCOUNT_PROBLEM = (
    " ((state IN ('reconnect', 'stopped') OR state = 'ok' AND error_count >= 5"
    " AND error_code NOT IN ('offline', 'not_sent', 'rate_limited')) AND (?1 IS NULL OR brand_id = ?1))"
)
_QUARANTINE_PROBLEM = " (dismissed_at IS NULL AND (?1 IS NULL OR brand_id = ?1))"
_COUNT = (
    "SELECT (SELECT count(*) FROM delivery d WHERE" + _DELIVERY_PROBLEM + ") + (SELECT count(*) FROM action a WHERE"
    + _ACTION_PROBLEM + ") + (SELECT count(*) FROM account WHERE" + _ACCOUNT_PROBLEM
    + ") + (SELECT count(*) FROM quarantine WHERE" + _QUARANTINE_PROBLEM
    + ") + (SELECT count(*) FROM meta WHERE key = 'other_device') + (SELECT count(*)" + APPROVALS_WANTING
    + ") + (SELECT count(*)" + PREFLIGHT_WANTING + ")"
)  # fmt: skip


def problem_count(reader: Reader, *, brand_id: int | None = None) -> int:
    """Return how many things failed, are unknown or held, in one brand or in all."""
    return int(reader.execute(_COUNT, (brand_id,)).fetchone()[0])


_COUNTS = (
    "SELECT brand_id, count(*) FROM (SELECT d.brand_id FROM delivery d WHERE" + _DELIVERY_PROBLEM
    + " UNION ALL SELECT a.brand_id FROM action a WHERE" + _ACTION_PROBLEM
    + " UNION ALL SELECT brand_id FROM account WHERE" + _ACCOUNT_PROBLEM
    + " UNION ALL SELECT brand_id FROM quarantine WHERE" + _QUARANTINE_PROBLEM
    + " UNION ALL SELECT b.id FROM brand b, meta m WHERE m.key = 'other_device' UNION ALL SELECT i.brand_id"
    + APPROVALS_WANTING + " UNION ALL SELECT o.brand_id" + PREFLIGHT_WANTING + ") GROUP BY brand_id"
)  # fmt: skip


def problem_counts(reader: Reader) -> dict[int, int]:
    """Return the same for every brand that has any, in one step."""
    return dict(reader.execute(_COUNTS, (None,)))


def problems(reader: Reader, *, brand_id: int | None = None, limit: int = 500) -> list[Problem]:
    """Return everything failed, unknown or held, newest first; `code` says why, `state` what it waits for."""
    found = [
        *_delivery_problems(reader, brand_id, limit),
        *_action_problems(reader, brand_id, limit),
        *_account_problems(reader, brand_id),
        *_quarantine_problems(reader, brand_id, limit),
        *_device_problem(reader),
        *approval_problems(reader, brand_id, limit),
        *preflight_problems(reader, brand_id, limit),
    ]
    found.sort(key=lambda problem: (problem.at, problem.id), reverse=True)
    return found[:limit]


_DELIVERY_PROBLEMS = (
    "SELECT d.id, d.brand_id, d.account_id, d.state, d.reason_code, d.reason_detail, d.text, d.state_at, d.post_id,"
    " d.conversation_id, d.remote_url FROM delivery d WHERE" + _DELIVERY_PROBLEM + " ORDER BY d.state_at DESC LIMIT ?2"
)


def _delivery_problems(reader: Reader, brand_id: int | None, limit: int) -> list[Problem]:
    return [
        Problem(
            id=f"delivery:{row[0]}", brand_id=row[1], account_id=row[2], kind="delivery", state=row[3],
            code=row[4] or row[3], detail=row[5], text=row[6], at=from_ms(row[7]), ref_id=row[0], post_id=row[8],
            conversation_id=row[9], url=row[10],
        )
        for row in reader.execute(_DELIVERY_PROBLEMS, (brand_id, limit))
    ]  # fmt: skip


_ACTION_PROBLEMS = (
    "SELECT a.id, a.brand_id, a.account_id, a.state, a.reason_code, a.reason_detail, "
    "coalesce(nullif(a.text, ''), m.text, d.text, ''), "
    "COALESCE(a.done_at, a.created_at), m.conversation_id, a.act, d.post_id FROM action a "
    "LEFT JOIN message m ON m.id = a.message_id LEFT JOIN delivery d ON d.id = a.delivery_id "
    "WHERE" + _ACTION_PROBLEM + " ORDER BY a.id DESC LIMIT ?2"
)


def _action_problems(reader: Reader, brand_id: int | None, limit: int) -> list[Problem]:
    return [
        Problem(
            id=f"action:{row[0]}", brand_id=row[1], account_id=row[2], kind="action", state=row[3],
            code=row[4] or row[3], detail=row[5] or row[9], text=row[6], at=from_ms(row[7]), ref_id=row[0],
            conversation_id=row[8], post_id=row[10],
        )
        for row in reader.execute(_ACTION_PROBLEMS, (brand_id, limit))
    ]  # fmt: skip


_ACCOUNT_PROBLEMS = (
    "SELECT id, brand_id, state, COALESCE(NULLIF(state_code, ''), error_code), "
    "COALESCE(NULLIF(state_detail, ''), error_detail), handle, COALESCE(last_read_at, created_at) FROM account "
    "WHERE" + _ACCOUNT_PROBLEM
)


def _account_problems(reader: Reader, brand_id: int | None) -> list[Problem]:
    return [
        Problem(
            id=f"account:{row[0]}", brand_id=row[1], account_id=row[0], kind="account", state=row[2],
            code=row[3] or row[2], detail=row[4], text=row[5], at=from_ms(row[6]), ref_id=row[0],
        )
        for row in reader.execute(_ACCOUNT_PROBLEMS, (brand_id,))
    ]  # fmt: skip


_QUARANTINE_PROBLEMS = (
    "SELECT id, brand_id, account_id, reason, substr(raw, 1, 300), at FROM quarantine "
    "WHERE" + _QUARANTINE_PROBLEM + " ORDER BY id DESC LIMIT ?2"
)


def _quarantine_problems(reader: Reader, brand_id: int | None, limit: int) -> list[Problem]:
    return [
        Problem(
            id=f"quarantine:{row[0]}", brand_id=row[1], account_id=row[2], kind="quarantine", state="quarantine",
            code="unreadable_item", detail=row[3], text=row[4], at=from_ms(row[5]), ref_id=row[0],
        )
        for row in reader.execute(_QUARANTINE_PROBLEMS, (brand_id, limit))
    ]  # fmt: skip


def _device_problem(reader: Reader) -> list[Problem]:
    """A profile that was copied from another machine publishes nothing until somebody says so."""
    row = reader.execute(
        "SELECT (SELECT coalesce(max(state_at), 0) FROM delivery) FROM meta WHERE key = 'other_device'"
    ).fetchone()
    if row is None:
        return []
    return [
        Problem(
            id="device:0", brand_id=0, account_id=0, kind="device", state="held", code="other_device", detail="",
            text="", at=from_ms(row[0]), ref_id=0,
        )
    ]  # fmt: skip


def as_delivery(row: Sequence[Any] | sqlite3.Row) -> Delivery:
    """Build the value from a row of COLUMNS."""
    (
        id_, brand_id, account_id, post_id, revision, part, kind, text, spoiler, visibility, language, media, reply_to,
        conversation_id, expected_author, idem_key, record_key, due_at, wall, zone, fold, late_grace_s, hand_off, state,
        frozen_at, attempts_, next_at, code, detail, approved, remote_id, remote_url, remote_ref, published_at,
        confirmed_at, verified, options, crops, answers, audience,
    ) = row  # fmt: skip
    return Delivery(
        id=id_, brand_id=brand_id, account_id=account_id, post_id=post_id, revision=revision, kind=kind,
        state=State(state), text=text, due_at=from_ms(due_at), wall=wall, zone=zone, fold=fold, part=part,
        visibility=visibility, language=language, spoiler=spoiler, late_grace_s=late_grace_s, key=idem_key,
        record_key=record_key, expected_author=expected_author, hand_off=bool(hand_off),
        conversation_id=conversation_id, reply_to=load(reply_to),
        media=tuple((item[0], item[1]) for item in load(media)), frozen_at=moment(frozen_at), attempts=attempts_,
        next_at=moment(next_at), reason_code=code, reason_detail=detail, remote_id=remote_id or "",
        remote_url=remote_url, remote_ref=load(remote_ref), published_at=moment(published_at),
        confirmed_at=moment(confirmed_at), verified=verified, approved_late=bool(approved),
        options=load(options), crops={int(media_id): Crop(*sides) for media_id, sides in load(crops).items()},
        answers=answers, audience=audience or "",
    )  # fmt: skip
