"""Answered within the agreed time, on service hours: the part of the work that was promised (H3-H5).

Hours and deadlines are those in force now; a month is not judged by hours that are no longer known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import median

from cmdesk.care.hours import service_minutes
from cmdesk.care.values import ServiceLevel
from cmdesk.store.db import Reader
from cmdesk.store.levels import level
from cmdesk.store.reporting import Word
from cmdesk.store.rows import ids_json

_DONE = frozenset({"solved", "ignored"})


@dataclass(frozen=True, slots=True)
class Waited:
    """Somebody asked, and had an answer or not; `settled`: closed without one, which is no debt."""

    conversation_id: int
    asked_at: datetime
    answered_at: datetime | None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """First answers of a month, of those for which a time was agreed."""

    agreed_min: int | None  # of the brand itself; its markets may differ
    within: int
    late: int  # answered after the agreed time, or still waiting beyond it
    open: int  # not answered, in time so far
    median_min: float | None  # minutes of service from the question to the answer

    @property
    def share(self) -> float | None:
        """Part of the answers that were in time, 0 to 1; None without any."""
        judged = self.within + self.late
        return self.within / judged if judged else None


def within_hours(agreed: ServiceLevel, asked_at: datetime, answered_at: datetime) -> bool | None:
    """Say whether an answer came within the agreed service time; None where none was agreed."""
    if agreed.first_answer_min is None:
        return None
    # Rounded to the second: a deadline is a whole minute, a message's time is not.
    return round(service_minutes(agreed, asked_at, answered_at) * 60) <= agreed.first_answer_min * 60


def waits(words: Iterable[Word], *, start: datetime, end: datetime, until: datetime) -> list[Waited]:
    """Return who waited for a first answer from [start, end) on, as far as was known at `until`.

    `words` are in the order of their conversations and then of time, as `store.reporting` reads them.
    """
    found: list[Waited] = []
    for conversation_id, thread in groupby(words, lambda word: word.conversation_id):
        asked: datetime | None = None
        state = ""
        for word in thread:
            state = word.state
            if word.at > until:
                continue
            if word.incoming:
                if asked is None and start <= word.at < end:
                    asked = word.at
            elif asked is not None:
                found.append(Waited(conversation_id, asked, word.at))
                asked = None
        if asked is not None:
            found.append(Waited(conversation_id, asked, None, settled=state in _DONE))
    return found


def service_of(
    waited: Sequence[Waited], agreed: ServiceLevel, own: Mapping[int, ServiceLevel], *, until: datetime
) -> Service | None:
    """Count first answers; `own` has the level of conversations that do not run on the brand's. None: none agreed."""
    levels = {agreed, *own.values()}
    if all(each.first_answer_min is None for each in levels):
        return None
    within = late = waiting = 0
    minutes: list[float] = []
    for each in waited:
        mine = own.get(each.conversation_id, agreed)
        if each.answered_at is None and each.settled:
            continue
        if each.answered_at is not None:
            minutes.append(service_minutes(mine, each.asked_at, each.answered_at))
        good = within_hours(mine, each.asked_at, each.answered_at or until)
        if good is None:
            continue
        if not good:
            late += 1
        elif each.answered_at is None:
            waiting += 1
        else:
            within += 1
    return Service(agreed.first_answer_min, within, late, waiting, median(minutes) if minutes else None)


def service(
    reader: Reader, brand_id: int, words: Sequence[Word], *, start: datetime, end: datetime, until: datetime
) -> Service | None:
    """Return the service of one brand between two instants from its words (`store.reporting.month_rows`)."""
    waited = waits(words, start=start, end=end, until=until)
    known: dict[int, ServiceLevel] = {}
    own: dict[int, ServiceLevel] = {}
    for conversation_id, market_id in reader.execute(
        "SELECT c.id, p.market_id FROM json_each(?) j CROSS JOIN conversation c ON c.id = j.value"
        " JOIN contact p ON p.id = c.contact_id WHERE p.market_id IS NOT NULL",
        (ids_json({each.conversation_id for each in waited}),),
    ):
        if market_id not in known:
            known[market_id] = level(reader, brand_id, market_id)
        own[conversation_id] = known[market_id]
    return service_of(waited, level(reader, brand_id), own, until=until)
