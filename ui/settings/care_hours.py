"""The hours of a brand and its markets: week, seasons, days off, deadlines, and the sentence people will read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from cmdesk.care.hours import check_level
from cmdesk.care.hours_text import hours_text, opening_text
from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _, language
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.zones import zone_named
from ui import theme
from ui.bridge import spawn
from ui.models import hours as model
from ui.models.hours import BrandHours, Done
from ui.settings.care_days import ClosuresEditor, HolidaysEditor, SeasonCard
from ui.settings.care_week import Week, WeekEditor
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, EmptyState, Field, FlowLayout, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import calm, padded
from ui.widgets.panels import scroll_column
from ui.widgets.times import moment

_SUMMER = ("07-01", "08-31")
_PRESETS: tuple[tuple[range, tuple[tuple[str, str], ...]], ...] = (
    (range(5), (("09:00", "14:00"), ("17:00", "20:00"))),
    (range(5), (("09:00", "18:00"),)),
    (range(6), (("10:00", "20:00"),)),
)
_LOOK_MS = 250


class DurationField(QWidget):
    """A deadline in hours and minutes of service time, or none."""

    changed = Signal()

    def __init__(self, text: str, *, usual_min: int) -> None:
        super().__init__()
        self._usual = usual_min
        self._on = QCheckBox(text)
        self._hours, self._minutes = calm(padded(QSpinBox())), calm(padded(QSpinBox()))
        self._hours.setRange(0, 1440)
        self._minutes.setRange(0, 59)
        self._minutes.setSingleStep(15)
        self._hours.setSuffix(" " + _("h"))
        self._minutes.setSuffix(" " + _("min"))
        self._hours.setAccessibleName(_("{what}: hours").format(what=text))
        self._minutes.setAccessibleName(_("{what}: minutes").format(what=text))
        self.note = PlainLabel("", role="small", color="text_muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self._on.setMinimumWidth(theme.scaled(190))
        row.addWidget(self._on)
        for spin in (self._hours, self._minutes):
            spin.setFixedWidth(theme.scaled(96))
            spin.valueChanged.connect(self.changed)
            row.addWidget(spin)
        row.addWidget(self.note, 1)
        self._on.toggled.connect(self._switched)

    def set_value(self, minutes: int | None) -> None:
        """Show a deadline; None for none."""
        self._on.setChecked(minutes is not None)
        shown = minutes or self._usual
        self._hours.setValue(shown // 60)
        self._minutes.setValue(shown % 60)
        self._enable(minutes is not None)

    def value(self) -> int | None:
        """Minutes, None for no deadline."""
        minutes = self._hours.value() * 60 + self._minutes.value()
        return minutes or 1 if self._on.isChecked() else None

    def _switched(self, on: bool) -> None:
        self._enable(on)
        self.changed.emit()

    def _enable(self, on: bool) -> None:
        self._hours.setEnabled(on)
        self._minutes.setEnabled(on)


class HoursEditor(QWidget):
    """Everything of one level."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._level = ServiceLevel(0, "UTC")
        self._seasons: list[SeasonCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self.week = WeekEditor()
        self._presets = self._make_presets()
        card = Card(padding=0)
        card.body.addWidget(self.week)
        column.addWidget(_head(_("The week")))
        column.addWidget(self._presets)
        column.addWidget(card)
        self._season_column = QVBoxLayout()
        self._season_column.setSpacing(Space.S)
        column.addSpacing(Space.S)
        column.addWidget(_head(_("Seasons")))
        column.addWidget(_note(_("On the days of a season its hours replace those of the week.")))
        column.addLayout(self._season_column)
        add = Button(_("Add summer hours"), icon="sun", size="small")
        add.clicked.connect(self._add_summer)
        column.addWidget(add)
        self.holidays = HolidaysEditor(desk)
        column.addSpacing(Space.S)
        column.addWidget(_head(_("Public holidays")))
        column.addWidget(self.holidays)
        self.closures = ClosuresEditor(desk.clock.now().astimezone().date())
        column.addSpacing(Space.S)
        column.addWidget(_head(_("Days off of your own")))
        column.addWidget(self.closures)
        self.first_answer = DurationField(_("First answer within"), usual_min=240)
        self.solution = DurationField(_("Complaint solved within"), usual_min=16 * 60)
        column.addSpacing(Space.S)
        column.addWidget(_head(_("What is agreed")))
        column.addWidget(_note(_("Only the time in which somebody answers counts.")))
        column.addWidget(self.first_answer)
        column.addWidget(self.solution)
        self._other = QLineEdit()
        self._other.setPlaceholderText(_("Phone 900 123 456, WhatsApp, the shop at…"))
        column.addSpacing(Space.S)
        hint = _("Stands in the text for outside the hours.")
        column.addWidget(Field(_("Other ways to reach the brand"), self._other, hint=hint))
        for part in (self.week, self.holidays, self.closures, self.first_answer, self.solution):
            part.changed.connect(self._edited)
        self._other.textEdited.connect(self._edited)

    def set_value(self, level: ServiceLevel) -> None:
        """Show a level."""
        self._level = level
        seasons: dict[tuple[str, str], Week] = {}
        for shift in level.shifts:
            week = seasons.setdefault((shift.valid_from, shift.valid_to), {})
            week.setdefault(shift.weekday, []).append((shift.opens, shift.closes))
        self.week.set_value(seasons.pop(("", ""), {}))
        for season in list(self._seasons):
            self._drop(season)
        for (first, last), week in sorted(seasons.items()):
            self._add_season(first, last, week)
        self.holidays.set_value(level.country, level.region, level.closures)
        self.closures.set_value(level.closures)
        self.first_answer.set_value(level.first_answer_min)
        self.solution.set_value(level.solution_min)
        self._other.setText(level.other_channels)
        self._show_presets()

    def value(self) -> ServiceLevel:
        """What is set now."""
        shifts = [
            Shift(weekday, opens, closes)
            for weekday, stretches in self.week.value().items()
            for opens, closes in stretches
        ]
        for season in self._seasons:
            shifts += season.value()
        country, region = self.holidays.value()
        own = self.closures.value()
        closed = {each.day for each in own}
        worked = [each for each in self.holidays.worked() if each.day not in closed]
        return replace(
            self._level,
            shifts=tuple(shifts),
            closures=tuple(sorted([*own, *worked], key=lambda each: each.day)),
            country=country,
            region=region,
            first_answer_min=self.first_answer.value(),
            solution_min=self.solution.value(),
            other_channels=self._other.text().strip(),
        )

    def _make_presets(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS)
        for days, stretches in _PRESETS:
            shifts = tuple(Shift(day, *each) for day in days for each in stretches)
            text = hours_text(ServiceLevel(0, "UTC", shifts=shifts), language=language())
            made = Button(text, size="small", icon="plus")
            week: Week = {day: list(stretches) for day in days}
            made.clicked.connect(partial(self._use, week))
            flow.addWidget(made)
        return holder

    def _use(self, week: Week) -> None:
        self.week.set_value(week)
        self._edited()

    def _show_presets(self) -> None:
        empty = not self.week.value()
        self._presets.setVisible(empty)
        self.week.say_rest(_("Open at any hour") if empty and not self._seasons else _("Closed"))

    def _add_summer(self) -> None:
        usual = self.week.value()
        week: Week = {day: [stretches[0]] for day, stretches in usual.items() if day < 5}
        self._add_season(*_SUMMER, week or {day: [("08:00", "15:00")] for day in range(5)})
        self._edited()

    def _add_season(self, first: str, last: str, week: Week) -> None:
        made = SeasonCard(first, last, week)
        made.changed.connect(self._edited)
        made.removed.connect(lambda: self._remove_season(made))
        self._seasons.append(made)
        self._season_column.addWidget(made)

    def _remove_season(self, season: SeasonCard) -> None:
        self._drop(season)
        self._edited()

    def _drop(self, season: SeasonCard) -> None:
        self._seasons.remove(season)
        self._season_column.removeWidget(season)
        season.hide()
        season.deleteLater()

    def _edited(self) -> None:
        self._show_presets()
        self.changed.emit()


class HoursDialog(Dialog):
    """Edit the hours of a brand, and those of its markets that have their own."""

    def __init__(self, desk: Desk, parent: QWidget, hours: BrandHours, *, market_id: int = 0) -> None:
        name = clean_line(hours.brand.name)
        super().__init__(_("Service hours of {brand}").format(brand=name), parent, width=800)
        self._desk, self._hours = desk, hours
        self.saved: Done[None] | None = None
        self._market = 0
        self._drafts: dict[int, ServiceLevel] = {}
        self._own: set[int] = {0, *hours.levels}
        self._which = QComboBox()
        self._which.setAccessibleName(_("Brand or market"))
        self._which.addItem(_("The whole brand"), 0)
        for market in hours.markets:
            self._which.addItem(clean_line(market.name), market.id)
        self._which.setVisible(bool(hours.markets))
        self._which.currentIndexChanged.connect(self._switch)
        self._own_box = QCheckBox(_("Has hours of its own"))
        self._own_box.toggled.connect(self._set_own)
        top = QHBoxLayout()
        top.setSpacing(Space.M)
        top.addWidget(self._which)
        top.addWidget(self._own_box)
        top.addStretch(1)
        self.body.addLayout(top)
        self.sentence = PlainLabel("", role="reading", wrap=True, selectable=True)
        self.state = PlainLabel("", role="small", wrap=True)
        told = Card(tone="accent", padding=Space.M)
        told.body.setSpacing(2)
        told.body.addWidget(self.sentence)
        told.body.addWidget(self.state)
        self.body.addWidget(told)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.editor = HoursEditor(desk)
        area, column = scroll_column(margin=0)
        column.setContentsMargins(0, 0, Space.M, 0)
        self._shared_note = EmptyState("store", "", "")
        column.addWidget(self._shared_note)
        column.addWidget(self.editor)
        room = parent.window().height()
        area.setFixedHeight(max(220, min(theme.scaled(600), room - 310)))
        self.body.addWidget(area, 1)
        self.editor.changed.connect(self._edited)
        self.add_button(_("Cancel"), reject=True)
        self._save_button = self.add_button(_("Save"), variant="primary")
        self._save_button.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._show(0)
        if market_id:
            self._which.setCurrentIndex(max(0, self._which.findData(market_id)))

    # Which level

    def _switch(self) -> None:
        self._keep()
        self._show(int(self._which.currentData()))

    def _keep(self) -> None:
        if self._market in self._own:
            self._drafts[self._market] = self.editor.value()

    def _show(self, market_id: int) -> None:
        self._market = market_id
        own = market_id in self._own
        self._own_box.setVisible(bool(market_id))
        self._own_box.blockSignals(True)
        self._own_box.setChecked(own)
        self._own_box.blockSignals(False)
        self.editor.setVisible(own)
        self._shared_note.setVisible(not own)
        self._shared_note.set_content(
            "store",
            _("It has the brand's hours"),
            _("With the box above it gets its own: another week, its country's holidays, other deadlines."),
        )
        level = self._drafts.get(market_id) or (self._hours.level(market_id) if own else self._shared())
        self.editor.set_value(level)
        self._look()

    def _shared(self) -> ServiceLevel:
        return self._drafts.get(0) or self._hours.level()

    def _set_own(self, own: bool) -> None:
        if own:
            self._own.add(self._market)
            market = next(each for each in self._hours.markets if each.id == self._market)
            self._drafts[self._market] = replace(
                self._shared(), market_id=market.id, zone=market.zone, country=market.country, region=market.region
            )
        else:
            self._own.discard(self._market)
            self._drafts.pop(self._market, None)
        self._show(self._market)

    def _language(self) -> str:
        """In which the hours are told: that of the market's people, else the brand's."""
        spoken = {each.id: each.language for each in self._hours.markets}
        return spoken.get(self._market) or self._hours.brand.language

    # What it means

    def _edited(self) -> None:
        self._timer.start()

    def _look(self) -> None:
        level = self.editor.value()
        try:
            check_level(level)
        except Invalid as wrong:
            self._problem.set_text(problem_words(wrong))
            self._problem.show()
            self._save_button.setEnabled(False)
            return
        self._problem.hide()
        self._save_button.setEnabled(True)
        self.sentence.setText(hours_text(level, language=self._language()) + ".")
        spawn(self._preview(level), self, name="service hours")

    async def _preview(self, level: ServiceLevel) -> None:
        found = await model.preview(self._desk, level)
        if level != self.editor.value():
            return
        now = self._desk.clock.now()
        self.state.setText(state_words(found, level=level, now=now))
        for field, at in ((self.editor.first_answer, found.answer_by), (self.editor.solution, found.solve_by)):
            text = _("for what comes in now: {when}").format(when=moment(at, now)) if at is not None else ""
            field.note.setText(text)

    async def _save(self) -> None:
        self._keep()
        self._save_button.setEnabled(False)
        try:
            levels = [each for key, each in self._drafts.items() if each != self._hours.levels.get(key)]
            removed = sorted(self._hours.levels.keys() - self._own)
            self.saved = await model.save(self._desk, self._hours.brand.id, levels, removed=removed)
        except DeskError as problem:
            self._problem.set_text(problem_words(problem))
            self._problem.show()
            self._save_button.setEnabled(True)
        else:
            self.accept()


def state_words(found: model.Preview, *, level: ServiceLevel, now: datetime) -> str:
    """Open or closed at this moment, and until when, on the clocks of the brand."""
    if found.changes_at is None:
        return _("Open now, always.") if found.is_open else _("With these hours it never opens again.")
    zone = zone_named(level.zone)
    when = opening_text(found.changes_at, now, zone=zone, language=language())
    if found.is_open:
        return _("Open now; closes {when}.").format(when=when)
    return _("Closed now; opens {when}.").format(when=when)


def problem_words(problem: DeskError) -> str:
    """What is wrong, why, and what to do, as one line of a dialog."""
    words = explain(problem)
    return " ".join(part for part in (f"{words.what.rstrip('.')}.", words.why, words.todo) if part)


def _head(text: str) -> PlainLabel:
    return PlainLabel(text, role="body_strong")


def _note(text: str) -> PlainLabel:
    return PlainLabel(text, role="small", color="text_muted", wrap=True)
