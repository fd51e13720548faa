"""The columns of the table of people: what they are called, hold, sort by, and which can be edited in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QLocale

from cmdesk.i18n import N_, _, language, ngettext
from cmdesk.people.fields import OwnField
from cmdesk.people.values import Column, PersonRow
from cmdesk.safe_text import clean_line, safe_name
from ui.people.words import country_word, origin_word, tongue, value_words
from ui.widgets.times import relative

OWN = "own:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A column: its name, usual width in px, whether it shows from the start, and what it sorts and edits."""

    text: str
    width: int
    shown: bool = True
    sort: Column | None = None
    edits: str = ""  # field of the contact


COLUMNS: dict[str, Kind] = {
    "name": Kind(N_("Name"), 204, sort=Column.NAME, edits="name"),
    "handles": Kind(N_("Networks"), 180),
    "market": Kind(N_("Market"), 110, sort=Column.MARKET, edits="market_id"),
    "language": Kind(N_("Language"), 92, sort=Column.LANGUAGE, edits="language"),
    "country": Kind(N_("Country"), 104, sort=Column.COUNTRY, edits="country"),
    "circles": Kind(N_("Circles"), 172),
    "last_seen": Kind(N_("Last seen"), 92, sort=Column.LAST_SEEN),
    "messages": Kind(N_("Messages"), 88, sort=Column.MESSAGES),
    "followers": Kind(N_("Followers"), 94, sort=Column.FOLLOWERS),
    "cases": Kind(N_("Open cases"), 112),
    "notes": Kind(N_("Notes"), 240, shown=False, edits="notes"),
    "first_seen": Kind(N_("First seen"), 92, shown=False, sort=Column.FIRST_SEEN),
    "conversations": Kind(N_("Conversations"), 110, shown=False),
    "origin": Kind(N_("Came in by"), 100, shown=False),
}
RIGHT = frozenset({"messages", "followers", "cases", "conversations"})
"""Numbers stand at the right."""


def own_key(field: OwnField) -> str:
    """The key of an own field's column."""
    return f"{OWN}{field.id}"


class Columns:
    """The columns of one brand: the common ones and its own fields."""

    def __init__(self, fields: Sequence[OwnField] = ()) -> None:
        self.fields = {own_key(each): each for each in fields}

    def keys(self) -> list[str]:
        """In the usual order."""
        return [*COLUMNS, *self.fields]

    def title(self, key: str) -> str:
        """What a column is called."""
        if key in COLUMNS:
            return _(COLUMNS[key].text)
        field = self.fields.get(key)
        return clean_line(field.name, limit=60) if field is not None else ""

    def width(self, key: str) -> int:
        """Its usual width in px."""
        return COLUMNS[key].width if key in COLUMNS else 130

    def shown(self, key: str) -> bool:
        """Whether it shows from the start."""
        return COLUMNS[key].shown if key in COLUMNS else False

    def sort(self, key: str) -> Column | None:
        """What it sorts by, None when it does not."""
        return COLUMNS[key].sort if key in COLUMNS else None

    def editable(self, key: str) -> bool:
        """Whether its cells can be edited in place."""
        return bool(COLUMNS[key].edits) if key in COLUMNS else key in self.fields

    def tell(self, key: str, row: PersonRow, now: datetime) -> str:
        """What stands in a cell, harmless, of one line."""
        if key in self.fields:
            return value_words(self.fields[key], row.values.get(self.fields[key].id, ""))
        return _TELL[key](row, now)


def _handles(row: PersonRow) -> str:
    return " · ".join(safe_name(handle) for handles in row.handles.values() for handle in handles[:2])


def _seen(at: datetime | None, now: datetime) -> str:
    return relative(at, now) if at is not None else ""


def _count(number: int | None) -> str:
    return QLocale(language()).toString(number) if number else ""


def marks(row: PersonRow) -> list[str]:
    """What is marked on a person, in words."""
    found = []
    if row.opt_out:
        found.append(_("Do not contact"))
    if row.advocate:
        found.append(_("Advocate"))
    return found


def name_of(row: PersonRow) -> str:
    """What a person is called in the table."""
    return safe_name(row.name) or _handles(row) or _("Somebody")


def sentence(row: PersonRow, now: datetime) -> str:
    """A whole row for a screen reader."""
    cases = ngettext("{count} open case", "{count} open cases", row.open_cases).format(count=row.open_cases)
    parts = [
        name_of(row), *marks(row), _handles(row), clean_line(row.market), tongue(row.language),
        country_word(row.country), _TELL["circles"](row, now), _seen(row.last_seen_at, now),
        cases if row.open_cases else "",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


_TELL: dict[str, Callable[[PersonRow, datetime], str]] = {
    "name": lambda row, _now: ", ".join([name_of(row), *marks(row)]),
    "handles": lambda row, _now: _handles(row),
    "market": lambda row, _now: clean_line(row.market, limit=60),
    "language": lambda row, _now: tongue(row.language),
    "country": lambda row, _now: country_word(row.country),
    "circles": lambda row, _now: ", ".join(clean_line(name, limit=60) for _id, name in row.circles),
    "last_seen": lambda row, now: _seen(row.last_seen_at, now),
    "messages": lambda row, _now: _count(row.messages),
    "followers": lambda row, _now: _count(row.followers),
    "cases": lambda row, _now: _count(row.open_cases),
    "notes": lambda row, _now: clean_line(row.notes, limit=300),
    "first_seen": lambda row, now: _seen(row.first_seen_at, now),
    "conversations": lambda row, _now: _count(row.conversations),
    "origin": lambda row, _now: origin_word(row.origin),
}
