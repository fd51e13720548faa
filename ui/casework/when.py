"""Asking for a time: the usual choices as buttons, and a day and hour to set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCalendarWidget, QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.hours import NeverOpens, add_working_days
from cmdesk.care.promise_times import promise_times
from cmdesk.care.values import ServiceLevel
from cmdesk.i18n import language, ngettext
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout
from ui.widgets.fields import padded
from ui.widgets.times import moment

Choice = tuple[str, datetime]


def promise_choices(now: datetime, level: ServiceLevel) -> tuple[list[Choice], datetime]:
    """What can be promised and kept, within the brand's hours of service, and the one to propose."""
    choices: list[Choice] = []
    times = promise_times(level, now)
    for at in sorted(times):
        text = moment(at, now)
        choices.append((text[:1].upper() + text[1:], at))
    return choices, times[0]


def in_working_days(level: ServiceLevel, now: datetime, days: int) -> datetime:
    """The same hour so many working days of a brand later, on the full quarter; plain days where it never opens."""
    try:
        at = add_working_days(level, now, days)
    except NeverOpens:
        at = now + timedelta(days=days)
    here = at.astimezone()
    return here.replace(minute=here.minute // 15 * 15, second=0, microsecond=0)


def working_days_text(days: int) -> str:
    """How it is called."""
    return ngettext("In {count} working day", "In {count} working days", days).format(count=days)


class WhenField(QWidget):
    """A time to come; with `none` it may be left out, which is then the last of the choices."""

    changed = Signal()

    def __init__(self, choices: Sequence[Choice], *, value: datetime | None, name: str, none: str = "") -> None:
        """`value` is shown first; `name` is what a screen reader says."""
        super().__init__()
        self._choices = list(choices)
        self._none = bool(none)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        texts = [text for text, _at in self._choices] + ([none] if none else [])
        for place, text in enumerate(texts):
            made = Button(text, size="small")
            made.setCheckable(True)
            made.setAccessibleName(f"{name}: {text}")
            self._group.addButton(made, place)
            flow.addWidget(made)
        if texts:
            layout.addWidget(holder)
        self.edit = padded(QDateTimeEdit())
        self.edit.setAccessibleName(name)
        self.edit.setLocale(QLocale(language()))
        self.edit.setCalendarPopup(True)
        self.edit.setDisplayFormat("ddd d MMM yyyy  H:mm")
        calendar = self.edit.calendarWidget()
        if isinstance(calendar, QCalendarWidget):
            calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        line = QHBoxLayout()
        line.addWidget(self.edit, 1)
        layout.addLayout(line)
        start = value or (self._choices[0][1] if self._choices else datetime.now().astimezone())
        self._put(start)
        self._group.idClicked.connect(self._chosen)
        self.edit.dateTimeChanged.connect(self._edited)
        self._mark()
        if value is None and none:
            self._group.button(len(self._choices)).setChecked(True)
            self.edit.hide()

    def value(self) -> datetime | None:
        """The time in UTC-aware form; None when it was left out."""
        if self._none and self._group.checkedId() == len(self._choices):
            return None
        chosen = self.edit.dateTime()
        date, time = chosen.date(), chosen.time()
        return datetime(date.year(), date.month(), date.day(), time.hour(), time.minute()).astimezone()

    def _put(self, at: datetime) -> None:
        here = at.astimezone()
        was = self.edit.blockSignals(True)
        self.edit.setDateTime(QDateTime(here.year, here.month, here.day, here.hour, here.minute, 0))
        self.edit.blockSignals(was)

    def _chosen(self, place: int) -> None:
        out = self._none and place == len(self._choices)
        self.edit.setVisible(not out)
        if not out:
            self._put(self._choices[place][1])
        self.changed.emit()

    def _edited(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        """Check the choice that is set, if it is one."""
        shown = self.edit.dateTime()
        self._group.setExclusive(False)
        for place, (_text, at) in enumerate(self._choices):
            here = at.astimezone()
            same = QDateTime(here.year, here.month, here.day, here.hour, here.minute, 0) == shown
            self._group.button(place).setChecked(same)
        if self._none:
            self._group.button(len(self._choices)).setChecked(False)
        self._group.setExclusive(True)
