"""Inputs about people: a code chosen by its name, the value of an own field by its kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QWidget

from cmdesk.errors import Invalid
from cmdesk.i18n import _, language
from cmdesk.people.fields import FieldKind, OwnField, canonical
from cmdesk.safe_text import clean_line
from ui.people.words import value_words


class CodeBox(QComboBox):
    """Names to choose from or to type into; `currentData` is the code, `chosen` comes when a person took another."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before: object = None
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.activated.connect(self._told)
        self.line.editingFinished.connect(self._settle)

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        line = self.lineEdit()
        assert line is not None  # it is editable
        return line

    def note(self) -> None:
        """What stands there now is what is stored."""
        self._before = self.currentData()

    def _settle(self) -> None:
        """What was typed becomes the name it is or begins; nothing typed is none; else what stood there before."""
        typed = self.line.text().strip().casefold()
        names = [self.itemText(place).casefold() for place in range(self.count())]
        place = next((place for place, name in enumerate(names) if name == typed), -1)
        if place < 0 and typed:
            place = next((place for place, name in enumerate(names) if name.startswith(typed)), -1)
        if place < 0:
            place = max(0, self.findData(self._before)) if typed else 0
        self.setCurrentIndex(place)
        self.line.setText(self.itemText(place))
        self._told()

    def _told(self) -> None:
        if self.currentData() != self._before:
            self._before = self.currentData()
            self.chosen.emit()


def code_box(
    choices: Sequence[tuple[str, str]], current: str, parent: QWidget | None = None, *, none: str = ""
) -> CodeBox:
    """A box of codes by name with `current` chosen; a code it does not know is added."""
    box = CodeBox(parent)
    fill_codes(box, [*([("", none)] if none else []), *choices])
    choose_code(box, current)
    return box


def fill_codes(box: QComboBox, choices: Sequence[tuple[str, str]]) -> None:
    """Offer these instead."""
    box.blockSignals(True)
    box.clear()
    for code, name in choices:
        box.addItem(name, code)
    box.blockSignals(False)


def choose_code(box: QComboBox, code: object) -> None:
    """Show what is stored, without saying so."""
    box.blockSignals(True)
    place = box.findData(code)
    if place < 0 and isinstance(code, str) and code:
        box.addItem(code, code)
        place = box.count() - 1
    box.setCurrentIndex(max(0, place))
    if isinstance(box, CodeBox):
        box.note()
        box.line.setText(box.currentText())
        box.line.setCursorPosition(0)
    box.blockSignals(False)


class ValueEditor(QWidget):
    """Edits the value of an own field; `changed` when a person finished, `value` in its canonical form."""

    changed = Signal()

    def __init__(self, field: OwnField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._stored = ""
        self._line: QLineEdit | None = None
        self._box: QComboBox | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        name = clean_line(field.name, limit=60)
        editor = self._make()
        editor.setAccessibleName(name)
        layout.addWidget(editor, 1)
        self.setFocusProxy(editor)

    def _make(self) -> QWidget:
        match self.field.kind:
            case FieldKind.CHOICE | FieldKind.YES:
                self._box = QComboBox()
                self._box.addItem("", "")
                values = ("1", "0") if self.field.kind is FieldKind.YES else self.field.choices
                for each in values:
                    self._box.addItem(value_words(self.field, each), each)
                self._box.activated.connect(lambda: self.changed.emit())
                return self._box
            case FieldKind.DATE:
                self._line = QLineEdit()
                self._line.setPlaceholderText(_("Day, month, year"))
            case _:
                self._line = QLineEdit()
        self._line.setMaxLength(2_000)
        self._line.editingFinished.connect(self._finished)
        return self._line

    def set_value(self, value: str) -> None:
        """Show a stored value."""
        self._stored = value
        if self._box is not None:
            if value and self._box.findData(value) < 0:
                self._box.addItem(clean_line(value), value)  # a choice that was taken off the list since
            self._box.setCurrentIndex(max(0, self._box.findData(value)))
        elif self._line is not None and not (self._line.hasFocus() and self._line.isModified()):
            self._line.setText(self._shown(value))

    def value(self) -> str:
        """What it holds now, canonical; what cannot be read stays as it was."""
        if self._box is not None:
            return str(self._box.currentData() or "")
        assert self._line is not None
        if self._line.text() == self._shown(self._stored):
            return self._stored
        try:
            return canonical(self.field, self._line.text())
        except Invalid:
            return self._stored

    def problem(self) -> bool:
        """Whether what is written is no value of the field."""
        if self._line is None:
            return False
        try:
            canonical(self.field, self._line.text())
        except Invalid:
            return self._line.text() != self._shown(self._stored)
        return False

    def _shown(self, value: str) -> str:
        """As it can be typed again: a day as the person writes days."""
        if self.field.kind is FieldKind.DATE and value:
            day = QDate.fromString(value, "yyyy-MM-dd")
            return day.toString("d/M/yyyy") if day.isValid() else value
        if self.field.kind is FieldKind.NUMBER and value and language() == "es":
            return value.replace(".", ",")
        return value

    def _finished(self) -> None:
        assert self._line is not None
        wrong = self.problem()
        self._line.setProperty("invalid", "true" if wrong else "false")
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)
        if not wrong and self.value() != self._stored:
            self._stored = self.value()
            self._line.setText(self._shown(self._stored))
            self._line.setModified(False)
            self.changed.emit()
