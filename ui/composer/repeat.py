"""How a post repeats: every day, week, month or year; until when; the next dates on both clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cmdesk.errors import Invalid
from cmdesk.i18n import _, language, ngettext
from cmdesk.planning.recurrence import MOST, Every, Rule, dates, to_text
from cmdesk.planning.slots import landing
from cmdesk.wording_scheduling import rule_words
from ui import theme
from ui.composer.hours import At, clocks
from ui.theme.tokens import Space
from ui.widgets import Button, Field, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import padded
from ui.widgets.heat_map import day_name

_SHOWN = 6
_LAST = -1


class RepeatDialog(Dialog):
    """`await ask()` is True when a rule was chosen; `rule` None then means that it no longer repeats."""

    def __init__(
        self, at: At, parent: QWidget, *, rule: Rule | None = None, now: datetime, repeats: bool = False
    ) -> None:
        super().__init__(_("Repeat"), parent, icon="repeat", width=560)
        self._at, self._now = at, now
        self._start = datetime.fromisoformat(at.wall)
        self.rule: Rule | None = rule
        self.every = QComboBox()
        self.apart = padded(QSpinBox())
        self.apart.setRange(1, 99)
        self.apart.setAccessibleName(_("Every how many"))
        self.days = [_DayButton(day) for day in range(7)]
        self.month_day = QComboBox()
        self.never, self.after, self.until = QRadioButton(_("Never")), QRadioButton(_("After")), QRadioButton(_("On"))
        self.count = padded(QSpinBox())
        self.count.setRange(1, MOST)
        self.count.setValue(10)
        self.last = padded(QDateEdit())
        self.last.setCalendarPopup(True)
        self.last.setLocale(QLocale(language()))
        self.last.setDisplayFormat("d MMM yyyy")
        self.words = PlainLabel("", role="body_strong", wrap=True)
        self.preview = [PlainLabel("", role="small", color="text_muted") for _place in range(_SHOWN)]
        self.more = PlainLabel("", role="small", color="text_muted", wrap=True)
        self._build()
        self._fill(rule or Rule(Every.WEEK, weekdays=(self._start.weekday(),)))
        for signal in (
            self.every.currentIndexChanged, self.apart.valueChanged, self.month_day.currentIndexChanged,
            self.count.valueChanged, self.last.dateChanged, self.never.toggled, self.after.toggled, self.until.toggled,
            *(button.toggled for button in self.days),
        ):  # fmt: skip
            signal.connect(self._look)
        self.add_button(_("Cancel"), reject=True)
        if repeats:
            stop = self.add_button(_("Do not repeat"), variant="secondary")
            stop.clicked.connect(self._stop)
        self.go = self.add_button(_("Repeat like this"), variant="primary", accept=True)
        self.go.setDefault(True)
        self._look()

    def _build(self) -> None:
        for every, name in (
            (Every.DAY, _("days")), (Every.WEEK, _("weeks")), (Every.MONTH, _("months")), (Every.YEAR, _("years")),
        ):  # fmt: skip
            self.every.addItem(name, every)
        self.every.setAccessibleName(_("Days, weeks, months or years"))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(PlainLabel(_("Every")))
        row.addWidget(self.apart)
        row.addWidget(self.every)
        row.addStretch(1)
        self.body.addLayout(row)
        self._week = QWidget()
        days = QHBoxLayout(self._week)
        days.setContentsMargins(0, 0, 0, 0)
        days.setSpacing(Space.XS)
        for button in self.days:
            days.addWidget(button)
        weekdays = Button(_("Weekdays"), size="small", variant="link")
        weekdays.clicked.connect(self._weekdays)
        days.addWidget(weekdays)
        days.addStretch(1)
        self.body.addWidget(self._week)
        weekday = self._start.weekday()
        place = (self._start.day - 1) // 7 + 1
        self._month = Field(_("On"), self.month_day)
        for nth in (0, *((place,) if place < 5 else ()), _LAST):
            days_of = (weekday,) if nth else ()
            self.month_day.addItem(rule_words(Rule(Every.MONTH, weekdays=days_of, nth=nth), self._start), nth)
        self.body.addWidget(self._month)
        self.body.addWidget(PlainLabel(_("Ends"), role="small_strong", color="text_muted"))
        ends = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for radio in (self.never, self.after, self.until):
            ends.addButton(radio)
        self.count.setAccessibleName(_("How many times"))
        self.last.setAccessibleName(_("Last day"))
        self._times = PlainLabel("")
        for part in (self.never, self.after, self.count, self._times, self.until, self.last):
            row.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)
        box = QVBoxLayout()
        box.setSpacing(2)
        box.setContentsMargins(0, Space.S, 0, 0)
        box.addWidget(self.words)
        for label in self.preview:
            box.addWidget(label)
        box.addWidget(self.more)
        self.body.addLayout(box)

    def _fill(self, rule: Rule) -> None:
        self.every.setCurrentIndex(self.every.findData(rule.every))
        self.apart.setValue(rule.apart)
        for day, button in enumerate(self.days):
            button.setChecked(day in (rule.weekdays or (self._start.weekday(),)))
        self.month_day.setCurrentIndex(max(0, self.month_day.findData(rule.nth)))
        last = rule.until or date(self._start.year + (self._start.month + 2) // 12, (self._start.month + 2) % 12 + 1, 1)
        self.last.setMinimumDate(QDate(self._start.year, self._start.month, self._start.day))
        self.last.setDate(QDate(last.year, last.month, last.day))
        self.count.setValue(rule.count or 10)
        (self.until if rule.until else self.after if rule.count else self.never).setChecked(True)

    def value(self) -> Rule:
        """What is set now."""
        every = Every(self.every.currentData())
        nth = int(self.month_day.currentData() or 0) if every in (Every.MONTH, Every.YEAR) else 0
        weekdays: tuple[int, ...] = (self._start.weekday(),) if nth else ()
        if every is Every.WEEK:
            weekdays = tuple(day for day, button in enumerate(self.days) if button.isChecked())
        rule = Rule(every, self.apart.value(), weekdays, nth)
        if self.after.isChecked():
            return replace(rule, count=self.count.value())
        if self.until.isChecked():
            day = self.last.date()
            return replace(rule, until=date(day.year(), day.month(), day.day()))
        return rule

    def _look(self, *_changed: object) -> None:
        every = Every(self.every.currentData())
        self._week.setVisible(every is Every.WEEK)
        self._month.setVisible(every in (Every.MONTH, Every.YEAR))
        self.count.setEnabled(self.after.isChecked())
        self.last.setEnabled(self.until.isChecked())
        self._times.setText(ngettext("time", "times", self.count.value()))
        try:
            rule = self.value()
            found = dates(to_text(rule, self._start), self._start)
        except Invalid:
            found, rule = [], Rule(every)
        ahead = [each for each in found if landing(each, self._at.zone)[1] > self._now]
        self.words.setText(rule_words(rule, self._start) if ahead else _("No date is left with this rule."))
        for label, each in zip(self.preview, ahead[:_SHOWN] + [None] * (_SHOWN - len(ahead[:_SHOWN])), strict=True):
            label.setVisible(each is not None)
            if each is not None:
                shown, _instant = landing(each, self._at.zone)
                moved = "" if shown == each else " · " + _("that hour does not exist that day, so it moves on")
                label.setText(clocks(At(shown.isoformat(timespec="minutes"), self._at.zone)) + moved)
        self.more.setText(_("Each one is a post of its own, made sixty days ahead: change or delete any alone."))
        self.rule = rule if ahead else None
        if hasattr(self, "go"):
            self.go.setEnabled(bool(ahead))

    def _weekdays(self) -> None:
        for day, button in enumerate(self.days):
            button.setChecked(day < 5)

    def _stop(self) -> None:
        self.rule = None
        self.accept()


class _DayButton(Button):
    """A weekday that is pressed or not."""

    def __init__(self, day: int) -> None:
        super().__init__(QLocale(language()).dayName(day + 1, QLocale.FormatType.NarrowFormat).upper(), size="small")
        self.setCheckable(True)
        self.setFixedWidth(theme.scaled(38))
        self.setAccessibleName(day_name(day))
        self.toggled.connect(self._restyle)

    def _restyle(self, on: bool) -> None:
        self.setProperty("variant", "primary" if on else "secondary")
        self.style().unpolish(self)
        self.style().polish(self)
