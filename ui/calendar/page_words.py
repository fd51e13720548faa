"""What the calendar page says in words: its title, an empty range, a silent weekend, and what can be filtered by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale

from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from ui.calendar.dates import spell
from ui.calendar.filters import Choices, weekend_words
from ui.calendar.plan_dialogs import span
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory


def title(view: str, day: date, days: Sequence[date]) -> str:
    """What a view shows: a month, a day, or the days from one to another."""
    locale = QLocale()
    if view == "month":
        name = locale.standaloneMonthName(day.month)
        return f"{name[:1].upper()}{name[1:]} {day.year}"
    if view == "day":
        words = spell(day, _("ddd, d MMMM yyyy"))
        return words[:1].upper() + words[1:]
    first, last = days[0], days[-1]
    if first.month == last.month:
        return _("{first} – {last} {month} {year}").format(
            first=first.day, last=last.day, month=locale.monthName(first.month), year=last.year
        )
    parts = [f"{each.day} {locale.monthName(each.month, QLocale.FormatType.ShortFormat)}" for each in (first, last)]
    return f"{parts[0]} – {parts[1]} {last.year}"


def empty_words(view: str, model: CalendarModel, directory: Directory, brand_id: int | None) -> str:
    """That nothing stands in the range, and what there is to put there."""
    brand = directory.brand(brand_id) if brand_id is not None else None
    sentences = {
        "month": _("This month there is nothing for {brand}."),
        "week": _("This week there is nothing for {brand}."),
        "day": _("This day there is nothing for {brand}."),
        "agenda": _("These weeks there is nothing for {brand}."),
    }
    words = sentences[view].format(brand=clean_line(brand.name) if brand else _("any brand"))
    drafts, free = len(model.tray), len(model.slots)
    have = []
    if drafts:
        have.append(ngettext("{n} draft without a date", "{n} drafts without a date", drafts).format(n=drafts))
    if free:
        have.append(ngettext("{n} free slot", "{n} free slots", free).format(n=free))
    if not have:
        return words
    listed = _("{one} and {other}").format(one=have[0], other=have[1]) if len(have) == 2 else have[0]
    return f"{words} " + _("You have {what}.").format(what=listed)


def gap_words(model: CalendarModel, directory: Directory, now: datetime) -> str:
    """The next weekend in view on which a brand says nothing (H11)."""
    found = model.silent_weekends(now.astimezone(ZoneInfo(model.zone)))
    if not found:
        return ""
    first = min(each.start for each in found)
    same = [each for each in found if each.start == first]
    names = [brand.name for each in same if (brand := directory.brand(each.brand_id)) is not None]
    return weekend_words(names, span(first, same[0].end))


def choices(model: CalendarModel, directory: Directory, brand_id: int | None) -> Choices:
    """What a filter can choose from, in view."""
    return Choices(
        brands={} if brand_id is not None else {each.id: each.name for each in directory.brands()},
        accounts={each.id: f"@{each.handle}" for each in directory.accounts(brand_id)},
        markets={each.id: each.name for each in model.markets.values()},
        circles={each.id: each.name for each in model.circles.values()},
        campaigns={each.id: each.name for each in model.campaigns.values() if each.archived_at is None},
        labels={each.id: each.name for each in model.labels.values()},
    )
