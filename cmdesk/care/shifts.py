"""Stretches of service as written down: their minutes, their seasons, and what may not be written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.errors import Invalid
from cmdesk.zones import zone_named

DAY = 24 * 60
#: More than anybody promises; keeps every search short.
LONGEST_MIN = 60 * 24 * 60
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_YEARLY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def minute_of(text: str) -> int:
    """Return the minutes since midnight of HH:MM, 24:00 included; raises Invalid (`hours_time`)."""
    if text == "24:00":
        return DAY
    found = _TIME.fullmatch(text)
    if found is None:
        raise Invalid(f"{text!r} is not a time of day like 09:30", code="hours_time", detail=text[:20])
    return int(found[1]) * 60 + int(found[2])


def span(shift: Shift) -> tuple[int, int]:
    """Return (opens, closes) in minutes since the midnight of its day; beyond 1440 it runs into the next day."""
    opens, closes = minute_of(shift.opens), minute_of(shift.closes)
    return opens, closes if closes > opens else closes + DAY


def in_season(shift: Shift, day: date) -> bool:
    """Say whether a day lies in the shift's season; a yearly one (MM-DD) may run over New Year."""
    first, last = shift.valid_from, shift.valid_to
    if len(first or last) == len("MM-DD"):
        key = f"{day:%m-%d}"
        first, last = first or "01-01", last or "12-31"
        return first <= key <= last if first <= last else key >= first or key <= last
    return (not first or first <= day.isoformat()) and (not last or day.isoformat() <= last)


def shifts_on(shifts: Iterable[Shift], day: date) -> list[Shift]:
    """Return the shifts that open on a day: those of a season replace the usual ones on its days, all of them.

    A season of full dates comes before a yearly one, so that one odd summer needs no rewriting of every summer.
    """
    ranks: dict[int, list[Shift]] = {}
    for shift in shifts:
        rank = len(shift.valid_from or shift.valid_to)
        if in_season(shift, day):
            ranks.setdefault(rank, []).append(shift)
    in_force = ranks[max(ranks)] if ranks else []
    return sorted((each for each in in_force if each.weekday == day.weekday()), key=lambda each: each.opens)


def check_level(level: ServiceLevel) -> None:
    """Raise Invalid for hours nobody can keep.

    Codes: `hours_weekday`, `hours_time`, `hours_season`, `hours_overlap`, `hours_deadline`, `zone_unknown`.
    """
    zone_named(level.zone)
    seasons: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for shift in level.shifts:
        if not 0 <= shift.weekday <= 6:
            raise Invalid("a weekday is 0 (Monday) to 6", code="hours_weekday", detail=str(shift.weekday))
        if shift.opens == "24:00":
            raise Invalid("nothing opens at 24:00", code="hours_time", detail=shift.opens)
        _check_season(shift)
        seasons.setdefault((shift.valid_from, shift.valid_to, shift.weekday), []).append(span(shift))
    for spans in seasons.values():
        spans.sort()
        for (opens, closes), (later, _closes) in pairwise(spans):
            if later < closes:
                detail = f"{opens // 60:02}:{opens % 60:02}, {later // 60:02}:{later % 60:02}"
                raise Invalid("two stretches of a day overlap", code="hours_overlap", detail=detail)
    for minutes in (level.first_answer_min, level.solution_min):
        if minutes is not None and not 1 <= minutes <= LONGEST_MIN:
            raise Invalid("a deadline is 1 minute to 1,440 hours", code="hours_deadline", detail=str(minutes))


def _check_season(shift: Shift) -> None:
    bounds = (shift.valid_from, shift.valid_to)
    if bounds == ("", ""):
        return
    if all(_YEARLY.fullmatch(each) for each in bounds):
        days = [date.fromisoformat(f"2000-{each}") if _exists(f"2000-{each}") else None for each in bounds]
        if None not in days:
            return
    elif all(_exists(each) and len(each) == 10 for each in bounds) and bounds[0] <= bounds[1]:
        return
    raise Invalid("a season has two days, MM-DD or YYYY-MM-DD", code="hours_season", detail=" ".join(bounds)[:40])


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
