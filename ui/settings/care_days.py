"""Days that are not as the others: seasons with hours of their own, public holidays, days off of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cmdesk.care.values import Closure, Shift
from cmdesk.desk import Desk
from cmdesk.i18n import _, language, ngettext, pgettext
from ui import theme
from ui.bridge import spawn
from ui.models import hours as model
from ui.settings.care_week import Week, WeekEditor, date_of
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Divider, IconButton, PlainLabel
from ui.widgets.fields import calm

_LONGEST_CLOSURE = 92
_LISTED = 8


class DayField(QDateEdit):
    """A day, with a calendar to choose it from; a season's without its year."""

    def __init__(self, day: QDate, name: str, *, yearly: bool = False) -> None:
        super().__init__(day)
        calm(self)
        self.setCalendarPopup(True)
        self.setLocale(QLocale(language()))
        self.setAccessibleName(name)
        self.set_yearly(yearly)
        self.setMinimumWidth(theme.scaled(132))

    def set_yearly(self, yearly: bool) -> None:
        """Show the day without its year, or with it."""
        self.setDisplayFormat("d MMM" if yearly else "d MMM yyyy")

    def value(self) -> date:
        """The day that is set."""
        day = self.date()
        return date(day.year(), day.month(), day.day())


class SeasonCard(Card):
    """Hours of their own from one day to another, every year or once."""

    changed = Signal()
    removed = Signal()

    def __init__(self, first: str, last: str, week: Week) -> None:
        super().__init__(padding=0)
        self.body.setSpacing(0)
        yearly = len(first) == len("MM-DD")
        self._first = DayField(date_of(first), _("First day"), yearly=yearly)
        self._last = DayField(date_of(last), _("Last day"), yearly=yearly)
        self._yearly = QCheckBox(_("Every year"))
        self._yearly.setChecked(yearly)
        remove = IconButton("trash-2", _("Remove this season"))
        remove.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        head.setSpacing(Space.S)
        for part in (PlainLabel(pgettext("days", "From")), self._first, PlainLabel(pgettext("days", "to")), self._last):
            head.addWidget(part)
        head.addSpacing(Space.S)
        head.addWidget(self._yearly)
        head.addStretch(1)
        head.addWidget(remove)
        self.body.addLayout(head)
        self.body.addWidget(Divider())
        self.week = WeekEditor()
        self.week.set_value(week)
        self.body.addWidget(self.week)
        self._first.dateChanged.connect(self.changed)
        self._last.dateChanged.connect(self.changed)
        self._yearly.toggled.connect(self._set_yearly)
        self.week.changed.connect(self.changed)

    def value(self) -> list[Shift]:
        """The shifts with their season; an empty week gives none."""
        bounds = [each.value().isoformat() for each in (self._first, self._last)]
        if self._yearly.isChecked():
            bounds = [each[5:] for each in bounds]
        return [
            Shift(weekday, opens, closes, *bounds)
            for weekday, stretches in self.week.value().items()
            for opens, closes in stretches
        ]

    def _set_yearly(self, yearly: bool) -> None:
        for field in (self._first, self._last):
            day = field.date()
            if not yearly and day.year() == 2000:
                field.setDate(day.addYears(QDate.currentDate().year() - 2000))
            field.set_yearly(yearly)
        self.changed.emit()


class HolidaysEditor(QWidget):
    """Country and region, and the holidays ahead, each of which may be worked all the same."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = ("", "")
        self._worked: dict[date, str] = {}
        self._asked = 0
        self.country, self.region = QComboBox(), QComboBox()
        self.country.setAccessibleName(_("Country of the public holidays"))
        self.region.setAccessibleName(_("Region of the public holidays"))
        self.country.addItem(_("No public holidays"), "")
        for box in (self.country, self.region):
            calm(box)
            box.setMinimumWidth(theme.scaled(230))
            box.setMaxVisibleItems(16)
        self.region.hide()
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.country)
        row.addWidget(self.region)
        row.addStretch(1)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(row)
        column.addLayout(self._list)
        self.country.activated.connect(self._country_chosen)
        self.region.activated.connect(self._region_chosen)

    def set_value(self, country: str, region: str, closures: Sequence[Closure]) -> None:
        """Show a country and region, and which holidays are worked."""
        self._wanted = (country, region)
        self._worked = {each.day: each.name for each in closures if not each.closed}
        self._select(self.country, country)
        spawn(self._fill(), self, name="public holidays")

    def value(self) -> tuple[str, str]:
        """Country and region."""
        return self._wanted

    def worked(self) -> list[Closure]:
        """The public holidays on which it is open all the same."""
        return [Closure(day, name, closed=False) for day, name in sorted(self._worked.items())]

    async def _fill(self) -> None:
        """Names and days are computed on a thread of their own: the library takes a while to be read."""
        self._asked += 1
        asked = self._asked
        country, region = self._wanted
        if self.country.count() <= 1:
            for code, name in await model.countries(self._desk, language()):
                self.country.addItem(name, code)
        regions = await model.regions(self._desk, country) if country else ()
        today = self._desk.clock.now().astimezone().date()
        days = await model.holidays_ahead(self._desk, country, region, today, language()) if country else ()
        if asked != self._asked:
            return
        self._select(self.country, country)
        self.region.clear()
        self.region.addItem(_("The whole country"), "")
        for code, name in regions:
            self.region.addItem(name, code)
        self._select(self.region, region)
        self.region.setVisible(bool(regions))
        self._show_days(days)

    def _show_days(self, days: model.HolidayList) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for day, name in days[:_LISTED]:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 2, 0, 2)
            line.setSpacing(Space.M)
            when = PlainLabel(long_date(day), color="text_muted")
            when.setFixedWidth(theme.scaled(190))
            line.addWidget(when)
            line.addWidget(PlainLabel(name, elide=True), 1)
            box = QCheckBox(_("Open all the same"))
            box.setAccessibleName(_("Open all the same on {day}").format(day=long_date(day)))
            box.setChecked(day in self._worked)
            box.toggled.connect(partial(self._set_worked, day, name))
            line.addWidget(box)
            self._list.addWidget(row)
        if len(days) > _LISTED:
            more = len(days) - _LISTED
            text = ngettext("and {count} more in the next year", "and {count} more in the next year", more)
            self._list.addWidget(PlainLabel(text.format(count=more), role="small", color="text_muted"))

    def _set_worked(self, day: date, name: str, on: bool) -> None:
        if on:
            self._worked[day] = name
        else:
            self._worked.pop(day, None)
        self.changed.emit()

    def _country_chosen(self) -> None:
        self._wanted = (str(self.country.currentData()), "")
        self._chosen()

    def _region_chosen(self) -> None:
        self._wanted = (self._wanted[0], str(self.region.currentData()))
        self._chosen()

    def _chosen(self) -> None:
        spawn(self._fill(), self, name="public holidays")
        self.changed.emit()

    @staticmethod
    def _select(box: QComboBox, code: str) -> None:
        box.setCurrentIndex(max(0, box.findData(code)))


class ClosuresEditor(QWidget):
    """Days off of one's own: a list, and a line to add one day or several in a row."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self._days: dict[date, str] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        start = QDate(today.year, today.month, today.day)
        self._first, self._last = DayField(start, _("First day off")), DayField(start, _("Last day off"))
        self._name = QLineEdit()
        self._name.setPlaceholderText(_("Why: stocktaking, local feast, holidays…"))
        self._name.setAccessibleName(_("Why it is closed"))
        self._name.returnPressed.connect(self._add)
        add = Button(_("Add"), icon="plus")
        add.clicked.connect(self._add)
        self._first.dateChanged.connect(self._last.setMinimumDate)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for part in (self._first, PlainLabel(pgettext("days", "to")), self._last):
            row.addWidget(part)
        row.addWidget(self._name, 1)
        row.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(self._list)
        column.addLayout(row)

    def set_value(self, closures: Sequence[Closure]) -> None:
        """Show the days off."""
        self._days = {each.day: each.name for each in closures if each.closed}
        self._show()

    def value(self) -> list[Closure]:
        """The days off."""
        return [Closure(day, name) for day, name in sorted(self._days.items())]

    def _add(self) -> None:
        first, last = self._first.value(), self._last.value()
        name = " ".join(self._name.text().split())
        for ahead in range(min((last - first).days, _LONGEST_CLOSURE) + 1):
            self._days[first + timedelta(days=ahead)] = name
        self._name.clear()
        self._show()
        self.changed.emit()

    def _remove(self, days: list[date]) -> None:
        for day in days:
            self._days.pop(day, None)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for days, name in runs(self._days):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(Space.M)
            text = long_date(days[0])
            if len(days) > 1:
                text = _("{first} to {last}").format(first=text, last=long_date(days[-1]))
            when = PlainLabel(text, color="text_muted")
            when.setFixedWidth(theme.scaled(190 if len(days) == 1 else 330))
            line.addWidget(when)
            line.addWidget(PlainLabel(name or _("Closed"), elide=True), 1)
            remove = IconButton("x", _("Remove {day}").format(day=text), size=14)
            remove.clicked.connect(partial(self._remove, days))
            line.addWidget(remove, 0, Qt.AlignmentFlag.AlignRight)
            self._list.addWidget(row)


def long_date(day: date) -> str:
    """A day with its weekday: "Tue 8 Dec 2026"."""
    text = QLocale(language()).toString(QDate(day.year, day.month, day.day), "ddd d MMM yyyy").replace(".", "")
    return text[:1].upper() + text[1:]


def runs(days: dict[date, str]) -> list[tuple[list[date], str]]:
    """Days of one name that follow each other, together."""
    found: list[tuple[list[date], str]] = []
    for day, name in sorted(days.items()):
        if found and found[-1][1] == name and found[-1][0][-1] + timedelta(days=1) == day:
            found[-1][0].append(day)
        else:
            found.append(([day], name))
    return found
