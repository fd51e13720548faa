"""By when one can promise an answer: times within the hours of service that can be kept (D12, Q6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from cmdesk.care.hours import NeverOpens, add_service_time, add_working_days, next_closing, next_opening
from cmdesk.care.values import ServiceLevel
from cmdesk.zones import zone_named

LEAST = timedelta(hours=1)
"""Nothing sooner is offered: what cannot be kept must not be promised."""

_EVENING = time(18, 0)
_MIDDAY = time(12, 0)
_STEP = 5 * 60


def promise_times(level: ServiceLevel, now: datetime) -> tuple[datetime, ...]:
    """Return two to four times to come, the first being the one to propose: the end of today's service, if it is far
    enough, else midday of the next working day; then later ones.
    """
    try:
        return _times(level, now)
    except NeverOpens:
        return _times(replace(level, shifts=(), closures=()), now)


def _times(level: ServiceLevel, now: datetime) -> tuple[datetime, ...]:
    today = _end_of_today(level, now)
    midday, *later = (
        add_working_days(level, datetime.combine(_day(level, now), at, tzinfo=zone_named(level.zone)), days)
        for days, at in ((1, _MIDDAY), (1, _EVENING), (2, _EVENING), (5, _EVENING))
    )
    soon = _rounded(add_service_time(level, now, 120))
    times = sorted({each for each in (today, soon, midday, *later) if each is not None and each - now >= LEAST})
    first = today if today is not None and today in times else midday
    return (first, *[each for each in times if each != first][:4])


def _end_of_today(level: ServiceLevel, now: datetime) -> datetime | None:
    """When today's service ends, counted from now or from the opening still to come; 18:00 where it never ends."""
    if not level.shifts:
        return datetime.combine(_day(level, now), _EVENING, tzinfo=zone_named(level.zone)).astimezone(UTC)
    opening = next_opening(level, now)
    closing = next_closing(level, opening)
    if closing is None or _day(level, closing) != _day(level, now):
        return None
    return closing.astimezone(UTC)


def _day(level: ServiceLevel, at: datetime) -> date:
    return at.astimezone(zone_named(level.zone)).date()


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes."""
    seconds = moment.timestamp()
    return datetime.fromtimestamp(seconds + -seconds % _STEP, UTC)
