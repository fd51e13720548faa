"""The raw rows of a month's care (cases, promises, compensations, referrals, wishes); cmdesk.reports counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.values import Wish
from cmdesk.clock import from_ms, to_ms
from cmdesk.store.db import Reader
from cmdesk.store.rows import moment


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a report says of one case."""

    id: int
    cause: str
    valid: bool | None
    solvable: bool | None
    outcome: str
    satisfaction: int | None
    opened_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise that was due in the month."""

    due_at: datetime
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """Something more that was given in the month (Q8)."""

    case_id: int
    kind: str
    cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A referral sent in the month."""

    sent_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class CareRows:
    """Everything stored of a brand's care between two instants."""

    cases: tuple[CaseRow, ...]  # that were open for at least a moment of it
    promises: tuple[PromiseRow, ...]
    given: tuple[Given, ...]
    asked: tuple[Asked, ...]
    wishes: tuple[Wish, ...]


def care_rows(reader: Reader, *, brand_id: int, start: datetime, end: datetime) -> CareRows:
    """Read [start, end) of a brand's care."""
    span = {"brand": brand_id, "start": to_ms(start), "end": to_ms(end)}
    cases = reader.execute(
        "SELECT id, cause, valid, solvable, outcome, satisfaction, opened_at, solved_at, closed_at FROM care_case"
        " WHERE brand_id = :brand AND opened_at < :end AND (closed_at IS NULL OR closed_at >= :start) ORDER BY id",
        span,
    )
    promises = reader.execute(
        "SELECT due_at, kept_at FROM promise WHERE brand_id = :brand AND due_at >= :start AND due_at < :end"
        " AND withdrawn_at IS NULL ORDER BY due_at, id",
        span,
    )
    given = reader.execute(
        "SELECT case_id, kind, cost_cents, currency FROM compensation"
        " WHERE brand_id = :brand AND at >= :start AND at < :end ORDER BY id",
        span,
    )
    asked = reader.execute(
        "SELECT sent_at, answered_at FROM referral WHERE brand_id = :brand AND sent_at >= :start AND sent_at < :end"
        " ORDER BY id",
        span,
    )
    wishes = reader.execute(
        "SELECT id, brand_id, kind, text, at, conversation_id, contact_id, handed_at FROM wish"
        " WHERE brand_id = :brand AND at >= :start AND at < :end ORDER BY at, id",
        span,
    )
    return CareRows(
        cases=tuple(
            CaseRow(row[0], row[1], _maybe(row[2]), _maybe(row[3]), row[4], row[5], from_ms(row[6]), moment(row[7]),
                    moment(row[8]))
            for row in cases
        ),
        promises=tuple(PromiseRow(from_ms(due), moment(kept)) for due, kept in promises),
        given=tuple(Given(*row) for row in given),
        asked=tuple(Asked(from_ms(sent), moment(answered)) for sent, answered in asked),
        wishes=tuple(
            Wish(row[0], row[1], row[2], row[3], from_ms(row[4]), row[5], row[6], moment(row[7])) for row in wishes
        ),
    )  # fmt: skip


def _maybe(value: int | None) -> bool | None:
    return None if value is None else bool(value)
