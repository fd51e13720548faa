"""A stretch of service as one line, for people who write hours without a screen: "mon-fri 09:00-14:00 17:00-20:00".

A season stands behind an @: "mon-fri 08:00-15:00 @07-01..08-31".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cmdesk.care.values import Shift
from cmdesk.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LINE = re.compile(r"\s*(\S+)((?:\s+\d{1,2}:\d\d-\d{1,2}:\d\d)+)(?:\s+@([\d-]+)\.\.([\d-]+))?\s*", re.ASCII)
_LENGTH = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?:in)?)?", re.ASCII)


def read_line(line: str) -> list[Shift]:
    """Return the shifts of a line; raises Invalid (`hours_line`). Hours themselves are checked by `check_level`."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise Invalid(f"{line!r} is not like 'mon-fri 09:00-14:00'", code="hours_line", detail=line[:60])
    days, times, first, last = found.groups()
    stretches = [tuple(each.zfill(5) for each in stretch.split("-")) for stretch in times.split()]
    return [
        Shift(day, opens, closes, first or "", last or "") for day in _days(days, line) for opens, closes in stretches
    ]


def write_lines(shifts: Iterable[Shift]) -> list[str]:
    """Return shifts as lines, one for each day and season."""
    days: dict[tuple[str, str, int], list[Shift]] = {}
    for shift in sorted(shifts, key=lambda each: (each.valid_from, each.valid_to, each.weekday, each.opens)):
        days.setdefault((shift.valid_from, shift.valid_to, shift.weekday), []).append(shift)
    lines = []
    for (first, last, weekday), mine in days.items():
        line = " ".join([DAYS[weekday], *(f"{each.opens}-{each.closes}" for each in mine)])
        lines.append(f"{line} @{first}..{last}" if first or last else line)
    return lines


def read_length(text: str) -> int:
    """Return the minutes of "4h", "90m" or "1h30m"; raises Invalid (`hours_length`)."""
    found = _LENGTH.fullmatch(text.replace(" ", "").lower())
    if found is None or not any(found.groups()):
        raise Invalid(f"{text!r} is not a length of time like 4h", code="hours_length", detail=text[:20])
    hours, minutes = (int(each or 0) for each in found.groups())
    return hours * 60 + minutes


def _days(text: str, line: str) -> list[int]:
    """Return the weekdays of "mon-fri", "sat,sun", "daily"; a run may go over the weekend ("fri-mon")."""
    if text.lower() == "daily":
        return list(range(7))
    found: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise Invalid(f"{part!r} is no day like mon or mon-fri", code="hours_line", detail=line[:60])
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += [(start + each) % 7 for each in range((end - start) % 7 + 1)]
    return list(dict.fromkeys(found))
