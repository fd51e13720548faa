"""A week of service as one edits it: a line a day with its stretches, copied to other days in one click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt, QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTimeEdit, QVBoxLayout, QWidget

from cmdesk.care.shifts import DAY, minute_of
from cmdesk.i18n import _, language
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import Divider, FlowLayout, IconButton, PlainLabel
from ui.widgets.fields import calm, padded

Stretch = tuple[str, str]  # opens, closes as HH:MM; closes "24:00" at midnight
Week = dict[int, list[Stretch]]  # weekday (0 is Monday) -> its stretches

USUAL: Stretch = ("09:00", "18:00")
_STEP = 15
_PAUSE = 120
_AFTERNOON = 180


def day_word(weekday: int) -> str:
    """A day of the week, with a capital, as a line begins."""
    name = QLocale(language()).dayName(weekday + 1, QLocale.FormatType.LongFormat)
    return name[:1].upper() + name[1:]


class TimeField(QTimeEdit):
    """A time of day; the arrows go by quarters of an hour."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        calm(padded(self))
        self.setDisplayFormat("HH:mm")
        self.setTime(QTime.fromString("00:00" if text == "24:00" else text, "HH:mm"))
        self.setAccessibleName(name)
        self.setFixedWidth(theme.scaled(84))
        self.setWrapping(True)

    def stepBy(self, steps: int, /) -> None:
        """A quarter, to the next full one."""
        minutes = self.time().hour() * 60 + self.time().minute()
        whole = minutes // _STEP + (steps if steps > 0 or minutes % _STEP == 0 else steps + 1)
        minutes = whole * _STEP % DAY
        self.setTime(QTime(minutes // 60, minutes % 60))

    def text_value(self) -> str:
        """HH:MM."""
        return self.time().toString("HH:mm")


class StretchField(QWidget):
    """From, to, and a cross."""

    changed = Signal()
    removed = Signal()

    def __init__(self, stretch: Stretch, *, day: str) -> None:
        super().__init__()
        self.opens = TimeField(stretch[0], _("{day}: opens").format(day=day))
        self.closes = TimeField(stretch[1], _("{day}: closes").format(day=day))
        remove = IconButton("x", _("Remove this stretch"), size=14)
        remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        for part in (self.opens, PlainLabel("–", color="text_muted"), self.closes, remove):
            row.addWidget(part)
        self.opens.timeChanged.connect(self.changed)
        self.closes.timeChanged.connect(self.changed)

    def value(self) -> Stretch:
        """What is set; midnight as its end is 24:00."""
        opens, closes = self.opens.text_value(), self.closes.text_value()
        return opens, "24:00" if closes == "00:00" else closes


class DayRow(QWidget):
    """One weekday: its name, its stretches, add and copy; below it what runs over midnight, in words."""

    changed = Signal()
    copy_to = Signal(list)

    def __init__(self, weekday: int) -> None:
        super().__init__()
        self.weekday = weekday
        self._day = day_word(weekday)
        name = PlainLabel(self._day, role="body_medium")
        name.setFixedWidth(theme.scaled(96))
        self._closed = PlainLabel(_("Closed"), color="text_muted")
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, gap=Space.L, line_gap=Space.XS)
        self._flow.addWidget(self._closed)
        self._stretches: list[StretchField] = []
        add = IconButton("plus", _("Add a stretch on {day}").format(day=self._day), hit=theme.scaled(32))
        add.clicked.connect(self._add_next)
        self._copy = IconButton("copy", _("Copy {day} to other days").format(day=self._day), hit=theme.scaled(32))
        self._copy.clicked.connect(self._choose_days)
        self._note = PlainLabel("", role="small", color="text_muted", wrap=True)
        self._note.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._holder)
        words.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.XS + 2, Space.S, Space.XS + 2)
        row.setSpacing(Space.S)
        top = Qt.AlignmentFlag.AlignTop
        name.setMinimumHeight(theme.scaled(32))
        self._closed.setMinimumHeight(theme.scaled(32))
        row.addWidget(name, 0, top)
        row.addLayout(words, 1)
        row.addWidget(add, 0, top)
        row.addWidget(self._copy, 0, top)
        self.set_value(())

    def value(self) -> list[Stretch]:
        """The stretches of the day, in order."""
        return sorted(each.value() for each in self._stretches)

    def set_value(self, stretches: Iterable[Stretch]) -> None:
        """Show these and no others."""
        for each in list(self._stretches):
            self._drop(each)
        for stretch in stretches:
            self._add(stretch)
        self._show()

    def say_rest(self, text: str) -> None:
        """What stands where a day has no stretch."""
        self._closed.setText(text)

    def _add(self, stretch: Stretch) -> StretchField:
        made = StretchField(stretch, day=self._day)
        made.changed.connect(self._edited)
        made.removed.connect(partial(self._remove, made))
        self._stretches.append(made)
        self._flow.addWidget(made)
        return made

    def _add_next(self) -> None:
        """The usual day, or an afternoon after a pause."""
        last = max((minute_of(each.value()[1]) for each in self._stretches), default=None)
        if last is None:
            made = self._add(USUAL)
        else:
            opens = min(last + _PAUSE, DAY - 60)
            closes = min(opens + _AFTERNOON, DAY)
            made = self._add((_clock(opens), _clock(closes)))
        self._edited()
        made.opens.setFocus()

    def _remove(self, field: StretchField) -> None:
        self._drop(field)
        self._edited()

    def _drop(self, field: StretchField) -> None:
        self._stretches.remove(field)
        self._flow.removeWidget(field)
        field.hide()
        field.deleteLater()

    def _edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._closed.setVisible(not self._stretches)
        notes = [over_midnight(each.value(), self.weekday) for each in self._stretches]
        text = " · ".join(note for note in notes if note)
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._holder.updateGeometry()

    def _choose_days(self) -> None:
        menu = QMenu(self)
        choices: list[tuple[str, Sequence[int]]] = []
        if self.weekday < 4:
            after = range(self.weekday + 1, 5)
            name = (
                _("To {day}").format(day=_inside(after[0]))
                if len(after) == 1
                else _("To {first} to {last}").format(first=_inside(after[0]), last=_inside(after[-1]))
            )
            choices.append((name, after))
        if self.weekday == 5:
            choices.append((_("To {day}").format(day=_inside(6)), (6,)))
        choices.append((_("To every weekday"), range(5)))
        choices.append((_("To every day"), range(7)))
        for text, days in choices:
            menu.addAction(text, partial(self.copy_to.emit, list(days)))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._copy.mapToGlobal(self._copy.rect().bottomLeft()))


class WeekEditor(QWidget):
    """Seven days between hairlines."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._days = [DayRow(weekday) for weekday in range(7)]
        for row in self._days:
            if row.weekday:
                column.addWidget(Divider())
            column.addWidget(row)
            row.changed.connect(self.changed)
            row.copy_to.connect(partial(self._copy, row.weekday))

    def value(self) -> Week:
        """The stretches of each day that has some."""
        return {row.weekday: found for row in self._days if (found := row.value())}

    def set_value(self, week: Week) -> None:
        """Show a week."""
        for row in self._days:
            row.set_value(week.get(row.weekday, ()))

    def say_rest(self, text: str) -> None:
        """What a day without stretches means: closed, or always open as long as nothing is said at all."""
        for row in self._days:
            row.say_rest(text)

    def _copy(self, source: int, days: list[int]) -> None:
        stretches = self._days[source].value()
        for weekday in days:
            if weekday != source:
                self._days[weekday].set_value(stretches)
        self.changed.emit()


def over_midnight(stretch: Stretch, weekday: int) -> str:
    """A stretch that runs into the next day in words, '' for one that does not."""
    opens, closes = (minute_of(each) for each in stretch)
    if closes > opens:
        return ""
    ends = _shown(stretch[1])
    if closes == opens:
        return _("{opens}: 24 hours, until {closes} on {day}").format(
            opens=_shown(stretch[0]), closes=ends, day=_inside((weekday + 1) % 7)
        )
    return _("{opens}–{closes}: until {closes} on {day}").format(
        opens=_shown(stretch[0]), closes=ends, day=_inside((weekday + 1) % 7)
    )


def _inside(weekday: int) -> str:
    """A day within a sentence: without a capital where the language has none."""
    return QLocale(language()).dayName(weekday + 1, QLocale.FormatType.LongFormat)


def _clock(minutes: int) -> str:
    return "24:00" if minutes >= DAY else f"{minutes // 60:02}:{minutes % 60:02}"


def _shown(clock: str) -> str:
    return clock.removeprefix("0")


def date_of(text: str) -> QDate:
    """A bound of a season as a date: MM-DD in a leap year, so that every day exists."""
    return QDate.fromString(text if len(text) == 10 else f"2000-{text}", "yyyy-MM-dd")
