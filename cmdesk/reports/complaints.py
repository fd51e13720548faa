"""Figures of a month's complaints: causes, solutions, promises, what was given and asked (Q8, Q10, Q19, Q20)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from cmdesk.care.values import Outcome, Wish
from cmdesk.store.reporting_care import CareRows, CaseRow

_KEPT = (Outcome.WON_BACK, Outcome.ADVOCATE, Outcome.SATISFIED)


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of complaint in a month; `cost` in cents by currency."""

    name: str  # '' where nobody wrote it down
    opened: int
    solved: int
    median_s: float | None  # from opening to solution, of those solved in the month
    cost: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Complaints:
    """How complaints were carried to their end."""

    opened: int
    solved: int
    closed: int
    open_at_end: int
    median_s: float | None  # from opening to solution
    causes: tuple[Cause, ...]  # most frequent first
    not_valid: int
    only_heard: int
    outcomes: Mapping[str, int]  # of those closed in the month
    kept_share: float | None  # people kept, of those kept or lost: 0 to 1 (Q20)
    satisfaction: float | None  # mean of 1 to 5
    satisfied_answers: int
    promises_kept: int
    promises_late: int  # kept, but after the time that was said
    promises_broken: int
    referrals: int
    referral_median_s: float | None
    given: Mapping[str, int]  # compensations by kind
    cost: Mapping[str, int]  # cents by currency
    wishes: tuple[Wish, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.opened or self.solved or self.closed or self.open_at_end)


def complaints(rows: CareRows, *, start: datetime, end: datetime, now: datetime) -> Complaints:
    """Count a brand's care in [start, end), as it is known at `now`."""

    def within(at: datetime | None) -> bool:
        return at is not None and start <= at < end

    opened = [each for each in rows.cases if within(each.opened_at)]
    solved = [each for each in rows.cases if within(each.solved_at)]
    closed = [each for each in rows.cases if within(each.closed_at)]
    outcomes = Counter(each.outcome for each in closed if each.outcome)
    kept, lost = sum(outcomes[each] for each in _KEPT), outcomes[Outcome.LOST]
    marks = [each.satisfaction for each in closed if each.satisfaction is not None]
    waits = [_seconds(each.sent_at, each.answered_at) for each in rows.asked if each.answered_at is not None]
    cost: Counter[str] = Counter()
    for each in rows.given:
        cost[each.currency] += each.cents
    met = [each for each in rows.promises if each.kept_at is not None]
    late = sum(1 for each in met if each.kept_at is not None and each.kept_at > each.due_at)
    return Complaints(
        opened=len(opened),
        solved=len(solved),
        closed=len(closed),
        open_at_end=sum(1 for each in rows.cases if _open_at(each, min(end, now))),
        median_s=_median(solved),
        causes=_causes(rows, opened, solved),
        not_valid=sum(1 for each in opened if each.valid is False),
        only_heard=sum(1 for each in opened if each.solvable is False),
        outcomes=dict(outcomes.most_common()),
        kept_share=kept / (kept + lost) if kept + lost else None,
        satisfaction=fmean(marks) if marks else None,
        satisfied_answers=len(marks),
        promises_kept=len(met) - late,
        promises_late=late,
        promises_broken=sum(1 for each in rows.promises if each.kept_at is None and each.due_at < now),
        referrals=len(rows.asked),
        referral_median_s=median(waits) if waits else None,
        given=dict(Counter(each.kind for each in rows.given).most_common()),
        cost=dict(sorted(cost.items())),
        wishes=rows.wishes,
    )


def _causes(rows: CareRows, opened: list[CaseRow], solved: list[CaseRow]) -> tuple[Cause, ...]:
    names = {each.id: each.cause for each in rows.cases}
    by_opening, by_solution = Counter(each.cause for each in opened), Counter(each.cause for each in solved)
    cost: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in rows.given:
        if each.case_id in names:
            cost[names[each.case_id]][each.currency] += each.cents
    found = [
        Cause(
            name,
            by_opening[name],
            by_solution[name],
            _median([each for each in solved if each.cause == name]),
            dict(sorted(cost[name].items())),
        )
        for name in {*by_opening, *by_solution, *cost}
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.opened, -cause.solved, cause.name == "", cause.name)))


def _open_at(case: CaseRow, at: datetime) -> bool:
    ended = case.solved_at or case.closed_at
    return case.opened_at < at and (ended is None or ended >= at)


def _median(solved: list[CaseRow]) -> float | None:
    spans = [_seconds(each.opened_at, each.solved_at) for each in solved if each.solved_at is not None]
    return median(spans) if spans else None


def _seconds(start: datetime, end: datetime | None) -> float:
    return (end - start).total_seconds() if end is not None else 0.0
