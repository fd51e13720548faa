"""The plan as an iCalendar file (RFC 5545): an event per post and time, the clock rules of each zone it uses.

An event keeps its UID whatever happens to the post, so that a calendar that reads the file again moves what moved and
drops nothing twice. Notes for oneself are not in it: such a file is handed on (rank 38).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from cmdesk.i18n import _, using
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.reports.plan import Plan, PlanRow
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_plan import state_words
from cmdesk.zones import zone_named

LENGTH: Final = timedelta(minutes=15)  # a post takes no time; a calendar shows nothing shorter well
_FOLD: Final = 75  # octets a line may have
_STATUS: Final = {
    PostStatus.DRAFT: "TENTATIVE", PostStatus.PROBLEM: "TENTATIVE", PostStatus.CANCELLED: "CANCELLED",
}  # fmt: skip


def plan_ics(plan: Plan, *, language: str, install: str = "cmdesk") -> str:
    """Return the plan as one calendar, states in words of `language`; `install` makes the UIDs this profile's own."""
    with using(language):
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//CM Desk//Plan//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            _text("X-WR-CALNAME", _title(plan)),
            f"X-WR-TIMEZONE:{plan.zone}",
        ]
        for name, moments in _zones(plan.rows).items():
            lines += _zone(name, min(moments), max(moments))
        names = _names(plan.rows)
        for row in plan.rows:
            lines += _event(row, plan.made_at, f"{names[row.item]}@{install}")
        lines.append("END:VCALENDAR")
    return "".join(_folded(each) for each in lines)


def _title(plan: Plan) -> str:
    brand = plan.title_brand
    return _("{brand}: plan").format(brand=clean_line(brand.name)) if brand else _("Plan of all brands")


def _names(rows: Iterable[PlanRow]) -> dict[CalendarItem, str]:
    """Name each chip for good: by its post, and where a post stands at several hours by its first account, too."""
    by_post: dict[int, list[CalendarItem]] = {}
    for row in rows:
        by_post.setdefault(row.item.post_id, []).append(row.item)
    found: dict[CalendarItem, str] = {}
    for post_id, items in by_post.items():
        kind = "post" if post_id > 0 else "publication"
        for place, item in enumerate(sorted(items, key=lambda each: min(each.account_ids, default=0))):
            found[item] = f"{kind}-{abs(post_id)}" + (f"-{min(item.account_ids, default=0)}" if place else "")
    return found


def _event(row: PlanRow, made_at: datetime, uid: str) -> Iterator[str]:
    item = row.item
    changed = row.post.updated_at if row.post is not None and row.post.updated_at is not None else row.at
    words = " ".join(clean_line(row.text, limit=80).split()) or _("(no text)")
    networks = ", ".join(dict.fromkeys(each.network.capitalize() for each in row.accounts))
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{_utc(made_at)}"
    yield f"LAST-MODIFIED:{_utc(changed)}"
    if row.post is not None:
        yield f"SEQUENCE:{row.post.revision}"
    # An hour that comes twice can only be told apart by its instant.
    start = row.local
    if start.fold or start.replace(fold=1).utcoffset() != start.utcoffset():
        yield f"DTSTART:{_utc(row.at)}"
        yield f"DTEND:{_utc(row.at + LENGTH)}"
    else:
        yield f"DTSTART;TZID={row.zone}:{start:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID={row.zone}:{(row.at + LENGTH).astimezone(zone_named(row.zone)):%Y%m%dT%H%M%S}"
    yield _text("SUMMARY", f"{clean_line(row.brand.name)}: {words}")
    lines = [state_words(item), *(f"{each.network.capitalize()} @{clean_line(each.handle)}" for each in row.accounts)]
    yield _text("DESCRIPTION", "\n".join([safe_body(row.text), "", *lines]))
    categories = [each for each in (row.brand.name, row.campaign, *row.labels) if each]
    yield "CATEGORIES:" + ",".join(_escaped(clean_line(each)) for each in categories)
    if networks:
        yield _text("LOCATION", networks)
    if row.url.startswith(("https://", "http://")) and row.url.isprintable() and " " not in row.url:
        yield f"URL:{row.url}"
    yield f"STATUS:{_STATUS.get(row.status, 'CONFIRMED')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _zones(rows: Iterable[PlanRow]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for row in rows:
        found.setdefault(row.zone, []).append(row.at)
    return dict(sorted(found.items()))


def _zone(name: str, first: datetime, last: datetime) -> Iterator[str]:
    """Yield a VTIMEZONE with each change of the clocks from the one before `first` to the one after `last`."""
    zone = zone_named(name)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{name}"
    start = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    yield from _observance(start.astimezone(zone), start.astimezone(zone))
    for moment in changes(name, start.date(), date(last.year + 2, 1, 1)):
        before = (moment - timedelta(seconds=1)).astimezone(zone)
        yield from _observance(before, moment.astimezone(zone))
    yield "END:VTIMEZONE"


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    old, new = before.utcoffset() or timedelta(0), after.utcoffset() or timedelta(0)
    # The start is told on the clock as it stood until then.
    start = (after.astimezone(UTC) + old).replace(tzinfo=None)
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{start:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(old)}"
    yield f"TZOFFSETTO:{_offset(new)}"
    yield _text("TZNAME", after.tzname() or kind)
    yield f"END:{kind}"


def changes(name: str, start: date, end: date) -> list[datetime]:
    """Return the instants (UTC, to the second) at which the clocks of a zone change between two days."""
    zone = zone_named(name)
    found: list[datetime] = []
    known = datetime(start.year, start.month, start.day, tzinfo=UTC)
    last = datetime(end.year, end.month, end.day, tzinfo=UTC)
    while known < last:
        later = known + timedelta(days=1)
        if _state(known, zone) != _state(later, zone):
            low, high = known, later
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _state(middle, zone) == _state(known, zone) else (low, middle)
            found.append(high)
        known = later
    return found


def _state(at: datetime, zone: tzinfo) -> tuple[timedelta | None, str | None]:
    local = at.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _offset(delta: timedelta) -> str:
    seconds = int(delta.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours:02d}{minutes:02d}" + (f"{left:02d}" if left else "")


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(name: str, value: str) -> str:
    return f"{name}:{_escaped(value)}"


def _escaped(value: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(plain, written)
    return "".join(each for each in value if each >= " " or each == "\t")


def _folded(line: str) -> str:
    """Return a content line folded at 75 octets, never inside a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for each in line:
        octets = len(each.encode("utf-8", "replace"))
        if size + octets > _FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += each
        size += octets
    return "\r\n".join([*pieces, piece]) + "\r\n"
