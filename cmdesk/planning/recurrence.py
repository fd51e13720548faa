"""Recurring posts: rules on naive wall time, so that 10:00 stays 10:00 whatever the clocks do (rank 9).

A rule is kept as an RRULE (RFC 5545) and read by dateutil. The 29th, 30th and 31st mean the last day of a month that is
shorter, for people count on one a month. Which instant a date is, is decided by `planning.slots.landing` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from cmdesk.errors import Invalid

if TYPE_CHECKING:
    from dateutil.rrule import rrule

MOST = 366
"""Dates that one rule may have ahead."""
MAKE_AHEAD = timedelta(days=60)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = 28  # from here on a day of the month may be missing
_MOST_APART = 99


class Every(StrEnum):
    """What a rule counts in."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """When something comes again: every `apart` days, weeks (on `weekdays`), months or years.

    A month's day is that of the first date, or with `nth` a weekday: 1 to 4, or -1 for the last. It ends after `count`
    dates, after the day `until`, or never.
    """

    every: Every
    apart: int = 1
    weekdays: tuple[int, ...] = ()  # 0 is Monday
    nth: int = 0
    count: int = 0
    until: date | None = None


def check_rule(rule: Rule) -> Rule:
    """Return the rule in its one form; raises Invalid: `rule_apart`, `rule_count`, `rule_days`, `rule_unreadable`."""
    if not 1 <= rule.apart <= _MOST_APART:
        raise Invalid(f"every {rule.apart} is no step", code="rule_apart", detail=str(rule.apart))
    if not 0 <= rule.count <= MOST:
        raise Invalid(f"{rule.count} dates are too many", code="rule_count", detail=str(MOST))
    weekdays = tuple(sorted(set(rule.weekdays)))
    if any(not 0 <= day <= 6 for day in weekdays):
        raise Invalid("a weekday is 0 to 6", code="rule_days", detail=str(weekdays))
    if rule.every is not Every.WEEK and not rule.nth:
        weekdays = ()
    if rule.nth and (rule.every not in (Every.MONTH, Every.YEAR) or rule.nth not in (-1, 1, 2, 3, 4) or not weekdays):
        raise Invalid("a weekday of a month needs its place and its day", code="rule_days", detail=str(rule.nth))
    return replace(rule, weekdays=weekdays, count=0 if rule.until else rule.count)


def to_text(rule: Rule, start: datetime) -> str:
    """Return a rule as RRULE; `start` says which day of the month or year it means."""
    rule = check_rule(rule)
    parts = [f"FREQ={rule.every}"]
    if rule.apart > 1:
        parts.append(f"INTERVAL={rule.apart}")
    if rule.every is Every.YEAR:
        parts.append(f"BYMONTH={start.month}")
    if rule.nth:
        parts += [f"BYDAY={','.join(_DAYS[day] for day in rule.weekdays)}", f"BYSETPOS={rule.nth}"]
    elif rule.every is Every.WEEK:
        days = rule.weekdays or (start.weekday(),)
        parts.append(f"BYDAY={','.join(_DAYS[day] for day in days)}")
    elif rule.every in (Every.MONTH, Every.YEAR):
        days_of_month = ",".join(map(str, range(_LAST, start.day + 1))) if start.day > _LAST else str(start.day)
        parts.append(f"BYMONTHDAY={days_of_month}")
        if start.day > _LAST:
            parts.append("BYSETPOS=-1")
    if rule.until:
        parts.append(f"UNTIL={rule.until:%Y%m%d}T235959")
    elif rule.count:
        parts.append(f"COUNT={rule.count}")
    return ";".join(parts)


def from_text(text: str) -> Rule:
    """Return the rule of an RRULE of ours; raises Invalid (`rule_unreadable`)."""
    try:
        parts = dict(part.split("=", 1) for part in text.split(";"))
        days = tuple(_DAYS.index(day) for day in parts.get("BYDAY", "").split(",") if day)
        until = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date() if "UNTIL" in parts else None  # noqa: DTZ007
        return check_rule(
            Rule(
                Every(parts["FREQ"]),
                int(parts.get("INTERVAL", 1)),
                days,
                int(parts.get("BYSETPOS", 0)) if days else 0,
                int(parts.get("COUNT", 0)),
                until,
            )
        )
    except (KeyError, ValueError) as error:
        raise Invalid(f"{text!r} is no rule", code="rule_unreadable", detail=text[:80]) from error


def dates(
    text: str, start: datetime, *, after: datetime | None = None, until: datetime | None = None
) -> list[datetime]:
    """Return at most 366 naive wall times of a rule from `start` on: later than `after`, not later than `until`."""
    return list(islice(_dates(_rrule(text, start), after, until), MOST))


def ends(text: str, start: datetime, after: datetime) -> bool:
    """Say whether nothing of a rule is left after a naive wall time."""
    return not dates(text, start, after=after)[:1]


def _dates(rule: rrule, after: datetime | None, until: datetime | None) -> Iterator[datetime]:
    for each in rule if after is None else rule.xafter(after):
        if until is not None and each > until:
            return
        yield each


def _rrule(text: str, start: datetime) -> rrule:
    from dateutil.rrule import rrule, rrulestr

    try:
        found = rrulestr(text, dtstart=start)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{text!r} is no rule", code="rule_unreadable", detail=text[:80]) from error
    if not isinstance(found, rrule):
        raise Invalid(f"{text!r} is no single rule", code="rule_unreadable", detail=text[:80])
    return found
