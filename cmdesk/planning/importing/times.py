"""Dates and hours as people write them in tables: ISO, by the day or the month first, with names, with am and pm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time

from cmdesk.errors import Invalid
from cmdesk.planning.importing.sheets import Cell

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("ene enero jan january", "feb febrero february", "mar marzo march", "abr abril apr april", "may mayo",
         "jun junio june", "jul julio july", "ago agosto aug august", "sep sept septiembre setiembre september",
         "oct octubre october", "nov noviembre november", "dic diciembre dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = frozenset(
    "lunes martes miercoles jueves viernes sabado domingo lun mie jue vie sab dom l m x j v s d monday tuesday"
    " wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun".split()
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?(?::\d{2})?\s*(?:h|hs|hrs)?\s*([ap])?\.?\s?(?:m\.?)?")
_BOTH = re.compile(r"(.+?)(?:T|,?\s+(?:a las\s+|at\s+)?)(\d{1,2}[:.h]\d{2}.*|\d{1,2}\s?[ap]\.?\s?m\.?)$")


def day_first(cells: Iterable[Cell]) -> bool | None:
    """Say by what a column itself shows whether its days come first; None when every date may be read both ways."""
    for cell in cells:
        if isinstance(cell, str) and (match := _NUMBERS.match(_bare(cell))):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                return True
            if second > 12 >= first:
                return False
    return None


def read_date(cell: Cell, *, days_first: bool) -> tuple[date, bool]:
    """Return a date and whether it could be read in another way; raises Invalid (`date_unreadable`)."""
    if isinstance(cell, datetime):
        return cell.date(), False
    if isinstance(cell, date):
        return cell, False
    text = _bare(str(cell))
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3])), False
        if match := _NUMBERS.fullmatch(text):
            first, second = int(match[1]), int(match[2])
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            days, months = (first, second) if days_first else (second, first)
            return date(year, months, days), first <= 12 and second <= 12 and first != second
        return _named(text), False
    except (ValueError, KeyError):
        raise Invalid(f"{cell!r} is no date", code="date_unreadable", detail=str(cell)[:40]) from None


def read_time(cell: Cell) -> time:
    """Return an hour; raises Invalid (`time_unreadable`)."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    text = str(cell).strip().casefold()
    match = _CLOCK.fullmatch(text)
    try:
        if match is None or (match[2] is None and not match[3] and "h" not in text):
            raise ValueError
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3]:
            if not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + (12 if match[3] == "p" else 0)
        return time(hour, minute)
    except ValueError:
        raise Invalid(f"{cell!r} is no hour", code="hour_unreadable", detail=str(cell)[:40]) from None


def split_both(cell: Cell) -> tuple[Cell, Cell]:
    """Return the date and the hour of a cell that has both; the hour is '' where it has none."""
    if isinstance(cell, datetime):
        return cell.date(), cell.time() if cell.time() != time() else ""
    if isinstance(cell, str) and (match := _BOTH.fullmatch(cell.strip())):
        return match[1], match[2]
    return cell, ""


def _named(text: str) -> date:
    words = [word for word in re.split(r"[\s,./-]+", text) if word not in ("de", "del", "of", "the", "")]
    if len(words) != 3:
        raise ValueError(text)
    if words[0].isdigit():
        day, month, year = int(words[0]), _MONTHS[words[1]], int(words[2])
    else:
        day, month, year = int(re.sub(r"(st|nd|rd|th)$", "", words[1])), _MONTHS[words[0]], int(words[2])
    return date(year + (2000 if year < 100 else 0), month, day)


def _bare(text: str) -> str:
    """The text without accents, case and the name of its weekday."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    first, _space, rest = plain.partition(" ")
    return rest.strip() if first.strip(",.") in _WEEKDAYS and rest else plain
