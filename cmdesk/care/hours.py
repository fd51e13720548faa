"""Service time: when a brand answers, and when so many minutes of that have passed (H1, H3-H6, N8).

A shift is wall time and belongs to the day on which it opens: over midnight it runs into the next day whatever that
day is, and a holiday closes what would open on it. What counts is real time between instants: a shift over a night in
which the clocks jump lasts an hour more or less. A wall time that comes twice is its first; one that does not exist is
the moment of the jump. Without shifts a level is always open, public holidays too; a day of one's own still closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from cmdesk.care.holidays import public_holidays
from cmdesk.care.hours_text import hours_text as hours_text
from cmdesk.care.shifts import DAY, check_level as check_level, shifts_on, span
from cmdesk.care.values import ServiceLevel
from cmdesk.errors import Invalid
from cmdesk.zones import zone_named

#: How far a search looks for the next opening or the end of a deadline.
LOOK_AHEAD = timedelta(days=5 * 366)
_KEPT_DAYS = 4000

Stretch = tuple[datetime, datetime]


class NeverOpens(Invalid):
    """Within `LOOK_AHEAD` the level does not open, or not for as long as was asked."""

    code = "never_opens"


def open_at(level: ServiceLevel, at: datetime) -> bool:
    """Say whether somebody answers at the instant `at`."""
    return any(start <= at for start, _end in _table(level).stretches(at, at))


def next_opening(level: ServiceLevel, at: datetime) -> datetime:
    """Return `at` itself when it is open, else the instant of the next opening; raises NeverOpens."""
    for start, _end in _table(level).stretches(at, at + LOOK_AHEAD):
        return max(start, at.astimezone(UTC))
    raise NeverOpens("this level does not open again", detail=level.zone)


def next_closing(level: ServiceLevel, at: datetime) -> datetime | None:
    """Return when the service that is open at `at` ends; None when it is closed, or does not end within a week."""
    end: datetime | None = None
    for start, stop in _table(level).stretches(at, at + timedelta(days=7)):
        if start > (end or at):
            return end
        end = stop
    return end if end is not None and end < at + timedelta(days=7) else None


def add_service_time(level: ServiceLevel, at: datetime, minutes: float) -> datetime:
    """Return the instant at which `minutes` of service have passed since `at`; raises NeverOpens.

    It never falls before `at`; what ends with a shift is due when that shift ends, not when the next one opens.
    """
    left = timedelta(minutes=minutes)
    at = at.astimezone(UTC)
    if left <= timedelta(0):
        return at
    if not level.shifts and not level.closures:
        return at + left
    for start, end in _table(level).stretches(at, at + LOOK_AHEAD):
        begun = max(start, at)
        if end - begun >= left:
            return begun + left
        left -= end - begun
    raise NeverOpens("this level is not open for as long as that", detail=level.zone)


def service_minutes(level: ServiceLevel, start: datetime, end: datetime) -> float:
    """Return the minutes of service between two instants; 0 when `end` is not after `start`."""
    if end <= start:
        return 0.0
    if not level.shifts and not level.closures:
        return (end - start) / timedelta(minutes=1)
    inside = timedelta(0)
    for opens, closes in _table(level).stretches(start, end):
        inside += min(closes, end) - max(opens, start)
    return inside / timedelta(minutes=1)


def service_stretches(level: ServiceLevel, start: datetime, end: datetime) -> list[Stretch]:
    """Return the stretches of service between two instants, in order, cut to them."""
    return [
        (max(opens, start), min(closes, end))
        for opens, closes in _table(level).stretches(start, end)
        if opens < end and closes > start
    ]


def is_working_day(level: ServiceLevel, day: date) -> bool:
    """Say whether a day has service of its own; where it is always open: Monday to Friday without public holidays."""
    if level.shifts:
        return bool(_table(level).of_day(day))
    return day.weekday() < 5 and not _table(level).closed(day) and not _is_public_holiday(level, day)


def add_working_days(level: ServiceLevel, at: datetime, days: int) -> datetime:
    """Return the same wall time `days` working days later, moved into that day's service; raises NeverOpens.

    Before its opening it becomes the opening, in a pause the end of the pause, after its end the end.
    """
    if days <= 0:
        return at.astimezone(UTC)
    local = at.astimezone(zone_named(level.zone))
    day = local.date()
    for _ahead in range(LOOK_AHEAD.days):
        day += timedelta(days=1)
        days -= is_working_day(level, day)
        if not days:
            break
    else:
        raise NeverOpens("there are not as many working days ahead", detail=level.zone)
    then = _instant(day, local.hour * 60 + local.minute, level.zone) + timedelta(seconds=local.second)
    service = _table(level).of_day(day) if level.shifts else ()
    if not service:
        return then
    return next((max(start, then) for start, end in service if then <= end), service[-1][1])


class _Table:
    """A level made quick to ask: the stretches of each day as instants, kept once computed."""

    __slots__ = ("_closures", "_days", "_level")

    def __init__(self, level: ServiceLevel) -> None:
        self._level = level
        self._closures = {each.day: each.closed for each in level.closures}
        self._days: dict[date, tuple[Stretch, ...]] = {}

    def closed(self, day: date) -> bool:
        """Say whether nothing opens on a day whatever the shifts say."""
        own = self._closures.get(day)
        if own is not None:
            return own
        return bool(self._level.shifts) and _is_public_holiday(self._level, day)

    def of_day(self, day: date) -> tuple[Stretch, ...]:
        """Return the stretches that open on a day, in order."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _KEPT_DAYS:
                self._days.clear()
            found = self._days[day] = tuple(self._read(day))
        return found

    def stretches(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """Yield the stretches that end after `since` and begin by `until`, in order and without overlap."""
        zone = zone_named(self._level.zone)
        # Two days back: a shift may last a whole day, and a zone may have left a day out.
        day = since.astimezone(zone).date() - timedelta(days=2)
        last = until.astimezone(zone).date() + timedelta(days=1)
        known = since
        while day <= last:
            for start, end in self.of_day(day):
                if end > known:
                    begun = max(start, known) if known > since else start
                    if begun > until:
                        return
                    yield begun, end
                    known = end
            day += timedelta(days=1)

    def _read(self, day: date) -> Iterator[Stretch]:
        if self.closed(day):
            return
        if not self._level.shifts:
            yield _instant(day, 0, self._level.zone), _instant(day, DAY, self._level.zone)
            return
        for shift in shifts_on(self._level.shifts, day):
            opens, closes = span(shift)
            start, end = _instant(day, opens, self._level.zone), _instant(day, closes, self._level.zone)
            if start < end:
                yield start, end


@lru_cache(maxsize=64)
def _table(level: ServiceLevel) -> _Table:
    return _Table(level)


def _is_public_holiday(level: ServiceLevel, day: date) -> bool:
    return bool(level.country) and day in public_holidays(level.country, level.region, day.year)


def _instant(day: date, minute: int, zone_name: str) -> datetime:
    """Return the first instant at which the clocks of a zone show `minute` of a day, or have gone past it."""
    zone = zone_named(zone_name)
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        return first
    # A gap: `second` lies before the jump, `first` after it.
    before, after = second, first
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
