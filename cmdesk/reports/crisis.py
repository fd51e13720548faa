"""A crisis as facts for its two-page report: timeline, figures by hour, held posts, statement, what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cmdesk.care.crisis import ALL_BRANDS, Entry, HeldPost
from cmdesk.care.values import Alarm, Crisis
from cmdesk.model import Brand
from cmdesk.store import brands, crisis as crises, reporting_crisis
from cmdesk.store.db import Reader
from cmdesk.store.reporting_crisis import Answers, Hour

__all__ = ["BEFORE", "CrisisReport", "Hour", "crisis_report"]

BEFORE = timedelta(hours=2)  # so much before its start is shown, so that the spark is seen


@dataclass(frozen=True, slots=True)
class CrisisReport:
    """Everything the report says; `made_at` is the moment the figures were taken."""

    crisis: Crisis
    brands: tuple[Brand, ...]  # one, or all of them
    made_at: datetime
    hours: tuple[Hour, ...]
    answers: Answers
    held: tuple[HeldPost, ...]
    alarms: tuple[Alarm, ...]

    @property
    def whole(self) -> bool:
        """Say whether it was a crisis of every brand."""
        return self.crisis.brand_id == ALL_BRANDS

    @property
    def end(self) -> datetime:
        """When it was over; the moment of the report while it lasts."""
        return self.crisis.over_at or self.made_at

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements published, in their order."""
        return tuple(each.text for each in self.crisis.log if each.kind == Entry.STATEMENT)

    @property
    def called(self) -> int:
        """How many calls were logged."""
        return sum(each.kind == Entry.CALLED for each in self.crisis.log)

    @property
    def open_posts(self) -> tuple[HeldPost, ...]:
        """Held posts that nobody has decided about."""
        return tuple(each for each in self.held if each.open and each.state not in ("published", "confirmed"))


def crisis_report(reader: Reader, crisis_id: int, *, now: datetime) -> CrisisReport:
    """Collect the facts; run it in one snapshot. Raises Invalid (code `crisis_unknown`)."""
    found = crises.crisis(reader, crisis_id)
    end = found.over_at or now
    start = found.started_at
    everybody = brands.list_brands(reader)
    mine = everybody if found.brand_id == ALL_BRANDS else [each for each in everybody if each.id == found.brand_id]
    brand_id = None if found.brand_id == ALL_BRANDS else found.brand_id
    alarms = crises.alarms(reader, brand_id, dismissed=True, since=start - BEFORE, limit=20)
    return CrisisReport(
        crisis=found,
        brands=tuple(mine),
        made_at=now,
        hours=tuple(reporting_crisis.hours(reader, brand_id=found.brand_id, start=start - BEFORE, end=end)),
        answers=reporting_crisis.answers(reader, brand_id=found.brand_id, start=start - BEFORE, end=now),
        held=tuple(crises.held(reader, crisis_id)),
        alarms=tuple(each for each in reversed(alarms) if each.at <= end),
    )
