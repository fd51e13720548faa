"""The fields of a market: a country found by typing, a stretch of the day, what is known of its clock and holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.holidays import sorted_as
from cmdesk.i18n import _, language
from cmdesk.markets.guide import clock, read_span
from cmdesk.planning.customs import There
from cmdesk.wording_markets import there_words
from ui import theme
from ui.settings.care_week import TimeField
from ui.theme.tokens import Space
from ui.widgets import Card, PlainLabel
from ui.widgets.fields import calm

_FOUND_BY = Qt.ItemDataRole.UserRole + 1


class CountryBox(QComboBox):
    """Every country, found by any part of its name, without its accents, or by its code; `chosen` tells the code."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        calm(self)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self._code = ""
        completer = _ByName(self.model(), self)
        completer.setCompletionRole(_FOUND_BY)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.activated.connect(self._taken)
        edit = self.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(_("Type a country: it fills in the rest"))
        edit.editingFinished.connect(self._typed)

    def set_countries(self, pairs: Sequence[tuple[str, str]], code: str) -> None:
        """Offer these (code, name); one of them is chosen already, or none."""
        self.blockSignals(True)
        self.clear()
        for each, name in pairs:
            self.addItem(name, each)
            self.setItemData(self.count() - 1, f"{name} {sorted_as(name)} {each}", _FOUND_BY)
        at = self.findData(code) if code else -1
        self.setCurrentIndex(at)
        self._code = code if at >= 0 else ""
        if at < 0:
            self.setEditText("")
        self.blockSignals(False)

    def code(self) -> str:
        """The country that is chosen, '' for none."""
        return self._code

    def choose(self, code: str) -> None:
        """Choose a country as if a person had."""
        self.setCurrentIndex(self.findData(code))
        self._taken(self.currentIndex())

    def _taken(self, at: int) -> None:
        code = str(self.itemData(at) or "")
        if code and code != self._code:
            self._code = code
            self.chosen.emit(code)

    def _typed(self) -> None:
        """What was typed counts where one country is called so or begins so; else the one before stands there again."""
        wanted = sorted_as(self.currentText().strip())
        names = [sorted_as(self.itemText(at)) for at in range(self.count())]
        fitting = [at for at, name in enumerate(names) if wanted in (name, str(self.itemData(at)).casefold())] or [
            at for at, name in enumerate(names) if wanted and name.startswith(wanted)
        ]
        if len(fitting) == 1:
            self.setCurrentIndex(fitting[0])
            self._taken(fitting[0])
            return
        self.setCurrentIndex(self.findData(self._code) if self._code else -1)
        if not self._code:
            self.setEditText("")


class _ByName(QCompleter):
    """Finds by more than it shows."""

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex, /) -> str:
        """What is written into the field: the name alone."""
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class SpanField(QWidget):
    """A stretch of the day of one's own, or the usual one, which is told beside the box."""

    changed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self._usual = (0, 0)
        self.own = QCheckBox(text)
        self.own.setMinimumWidth(theme.scaled(150))
        self.opens = TimeField("08:00", _("{what}: from").format(what=text))
        self.closes = TimeField("23:00", _("{what}: until").format(what=text))
        self._note = PlainLabel("", role="small", color="text_muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.own)
        for part in (self.opens, PlainLabel("–", color="text_muted"), self.closes):
            row.addWidget(part)
        row.addWidget(self._note, 1)
        self.own.toggled.connect(self._switched)
        self.opens.timeChanged.connect(self._edited)
        self.closes.timeChanged.connect(self._edited)
        self._show()

    def set_usual(self, start: int, end: int) -> None:
        """Tell what is usual in the country; it is shown where nothing of one's own is set."""
        self._usual = (start, end)
        if not self.own.isChecked():
            self._set(start, end)
        self._show()

    def set_value(self, start: int | None, end: int | None) -> None:
        """Show hours of one's own; None for the usual ones."""
        self.own.setChecked(start is not None and end is not None)
        if start is not None and end is not None:
            self._set(start, end)
        self._show()

    def value(self) -> tuple[int | None, int | None]:
        """Minutes of the day, None for the usual ones."""
        if not self.own.isChecked():
            return None, None
        return read_span(f"{self.opens.text_value()}-{self.closes.text_value()}")

    def _set(self, start: int, end: int) -> None:
        for field, minute in ((self.opens, start), (self.closes, end)):
            field.blockSignals(True)
            field.setTime(field.time().fromString(clock(minute), "HH:mm"))
            field.blockSignals(False)

    def _switched(self, own: bool) -> None:
        if not own:
            self._set(*self._usual)
        self._edited()

    def _edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        own = self.own.isChecked()
        self.opens.setEnabled(own)
        self.closes.setEnabled(own)
        if not own:
            self._note.setText(_("as is usual there"))
        else:
            usual = f"{clock(self._usual[0])}–{clock(self._usual[1])}"
            self._note.setText(_("usual: {hours}").format(hours=usual))


class Outlook(Card):
    """What a choice of country means: the hour it is there, and the next days off."""

    def __init__(self) -> None:
        super().__init__(tone="accent")
        self.body.setSpacing(Space.XS)
        self.clock = PlainLabel("", role="body_strong", wrap=True)
        self._head = PlainLabel(_("Next public holidays"), role="small_strong")
        self.body.addWidget(self.clock)
        self.body.addWidget(self._head)
        self._days = QVBoxLayout()
        self._days.setSpacing(2)
        self.body.addLayout(self._days)
        self._lines: list[str] = []
        self._head.hide()

    @property
    def lines(self) -> list[str]:
        """The holidays as they are shown."""
        return list(self._lines)

    def show_hour(self, found: There | None) -> None:
        """Tell the hour it is there."""
        self.clock.setText(there_words(found) if found is not None else "")
        self.clock.setVisible(found is not None)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._lines or self.clock.text()))

    def show_days(self, days: Sequence[tuple[date, str]], now: datetime) -> None:
        """Tell the next days off; a country without known ones says so."""
        while (item := self._days.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines = [f"{_day(day, now)} · {name}" for day, name in days]
        self._head.setVisible(bool(self._lines))
        self._show()
        for line in self._lines:
            self._days.addWidget(PlainLabel(line, role="small", elide=True))


def _day(day: date, now: datetime) -> str:
    pattern = "ddd d MMM" if day.year == now.year else "ddd d MMM yyyy"
    return QLocale(language()).toString(QDate(day.year, day.month, day.day), pattern).replace(".", "")
