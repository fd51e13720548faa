"""What a brand keeps about a market besides its place: manners, hours of life, topics, law (K9, K10, H8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from cmdesk.errors import Invalid

DAY: Final = 24 * 60
MOST_LINES: Final = 60
LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 4000
_SPAN: Final = re.compile(r"(\d{1,2}):(\d\d)[-–](\d{1,2}):(\d\d)")
_HOURS: Final = ("wakes", "sleeps", "eats", "eaten")
_LINES: Final = ("topics", "checklist", "quiet")
_TEXTS: Final = ("legal", "notes")


@dataclass(frozen=True, slots=True)
class Guide:
    """How one writes for a market.

    `formal` None is as the brand speaks. Hours are minutes of the market's day, None as its country has them; what ends
    before it begins ends on the next day. `quiet` are days without promotions: "09-11 Name", or with their year.
    """

    formal: bool | None = None
    wakes: int | None = None
    sleeps: int | None = None
    eats: int | None = None
    eaten: int | None = None
    topics: tuple[str, ...] = ()
    legal: str = ""
    checklist: tuple[str, ...] = ()
    notes: str = ""
    quiet: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Say whether nothing is kept."""
        return self == Guide()


def parse(data: object) -> Guide:
    """Return the guide of decoded JSON, tidied.

    Raises Invalid: `guide_field` for what is no field, `guide_value` for one of the wrong kind, `guide_hour` for what
    is no hour of a day, `guide_pair` for one end of a stretch without the other, `guide_day`, `guide_long`,
    `guide_many`.
    """
    if not isinstance(data, Mapping):
        raise Invalid("a guide is an object", code="guide_value", detail="guide")
    known = {each.name for each in fields(Guide)}
    for name in data:
        if name not in known:
            raise Invalid(f"a market has no field {name!r}", code="guide_field", detail=str(name)[:60])
    kept: dict[str, Any] = {}
    formal = data.get("formal")
    if formal is not None and not isinstance(formal, bool):
        raise Invalid("formal is true, false or null", code="guide_value", detail="formal")
    kept["formal"] = formal
    for name in _HOURS:
        kept[name] = _minutes(name, data.get(name))
    for one, other in (("wakes", "sleeps"), ("eats", "eaten")):
        if (kept[one] is None) != (kept[other] is None):
            raise Invalid(f"{one} needs {other}", code="guide_pair", detail=one if kept[one] is None else other)
        if kept[one] is not None and kept[one] % DAY == kept[other] % DAY and one == "eats":
            raise Invalid("a meal takes some time", code="guide_hour", detail=other)
    for name in _LINES:
        kept[name] = _lines(name, data.get(name, ()))
    for name in _TEXTS:
        kept[name] = _text(name, data.get(name, ""))
    for line in kept["quiet"]:
        _day_of(line)
    return Guide(**kept)


def read(data: object) -> Guide:
    """Return the guide of what is stored: a field that cannot be read counts as not kept, the others stay."""
    if not isinstance(data, Mapping):
        return Guide()
    try:
        return parse(data)
    except Invalid:
        pass
    found = Guide()
    kept: dict[str, Any] = {}
    for group in (("formal",), ("wakes", "sleeps"), ("eats", "eaten"), *((each,) for each in (*_LINES, *_TEXTS))):
        some = {name: data[name] for name in group if name in data}
        try:
            good = parse(some)
        except Invalid:
            continue
        kept |= {name: getattr(good, name) for name in some}
    return Guide(**kept) if kept else found


def dump(guide: Guide) -> dict[str, Any]:
    """Return a guide as it is stored and exported: only what it says."""
    usual = Guide()
    found: dict[str, Any] = {}
    for each in fields(Guide):
        value = getattr(guide, each.name)
        if value != getattr(usual, each.name):
            found[each.name] = list(value) if isinstance(value, tuple) else value
    return found


def quiet_on(guide: Guide, day: date) -> str:
    """Return the name of a day on which nothing is promoted there; '' for any other."""
    for line in guide.quiet:
        when, _blank, name = line.partition(" ")
        if when in (f"{day:%m-%d}", day.isoformat()):
            return name or when
    return ""


def span_text(start: int | None, end: int | None) -> str:
    """Return a stretch of a day as it is written, "08:00-23:30"; '' for none."""
    return "" if start is None or end is None else f"{clock(start)}-{clock(end)}"


def clock(minute: int) -> str:
    """Return a minute of a day as a clock shows it."""
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def read_span(text: str) -> tuple[int, int]:
    """Return both ends of a stretch in minutes; what ends before it begins ends on the next day.

    Raises Invalid (`guide_hour`).
    """
    match = _SPAN.fullmatch("".join(text.split()))
    if match is None or int(match[1]) > 23 or int(match[3]) > 24 or max(int(match[2]), int(match[4])) > 59:
        raise Invalid(f"{text!r} is no stretch of a day", code="guide_hour", detail=text[:20])
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if end > DAY:
        raise Invalid(f"{text!r} is no stretch of a day", code="guide_hour", detail=text[:20])
    return start, end if end > start else end + DAY


def _minutes(name: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(f"{name} is minutes of a day", code="guide_value", detail=name)
    if not 0 <= value <= 2 * DAY:
        raise Invalid(f"{name} is no hour of a day", code="guide_hour", detail=name)
    return value


def _lines(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise Invalid(f"{name} is a list", code="guide_value", detail=name)
    found: dict[str, str] = {}
    for each in value:
        if not isinstance(each, str):
            raise Invalid(f"{name} is a list of texts", code="guide_value", detail=name)
        line = " ".join(each.split())
        if len(line) > LONGEST_LINE:
            raise Invalid(f"a line of {name} is too long", code="guide_long", detail=line[:40])
        if line:
            found.setdefault(line.casefold(), line)
    if len(found) > MOST_LINES:
        raise Invalid(f"{name} has more than {MOST_LINES} lines", code="guide_many", detail=str(MOST_LINES))
    return tuple(found.values())


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid(f"{name} is a text", code="guide_value", detail=name)
    clean = value.strip()
    if len(clean) > LONGEST_TEXT:
        raise Invalid(f"{name} is too long", code="guide_long", detail=clean[:40])
    return clean


def _day_of(line: str) -> None:
    when = line.partition(" ")[0]
    try:
        # The 29th of February is a day of some years.
        date.fromisoformat(when if len(when) > 5 else f"2024-{when}")
    except ValueError:
        raise Invalid(f"{when!r} is no day", code="guide_day", detail=line[:60]) from None
    if len(when) not in (5, 10):
        raise Invalid(f"{when!r} is no day", code="guide_day", detail=line[:60])
