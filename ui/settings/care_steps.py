"""A list of steps in two languages that one writes, adds to and puts in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cmdesk.care.values import Step
from cmdesk.i18n import LANGUAGES, _
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel

TONGUES = ("es", "en")
_LONGEST = 200


class Words(QWidget):
    """One text in Spanish and English, side by side; other languages it has are kept."""

    changed = Signal()
    moved = Signal(int)

    def __init__(self, texts: Mapping[str, str], *, name: str) -> None:
        super().__init__()
        self._texts = dict(texts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self.fields: dict[str, _Line] = {}
        for tongue in TONGUES:
            field = _Line(self._texts.get(tongue, ""))
            field.setAccessibleName(f"{name}, {LANGUAGES[tongue]}")
            field.setMaxLength(_LONGEST)
            field.setCursorPosition(0)
            field.textEdited.connect(self.changed)
            field.moved.connect(self.moved)
            self.fields[tongue] = field
            row.addWidget(field, 1)

    def value(self) -> dict[str, str]:
        """The texts that are not empty."""
        found = {**self._texts, **{tongue: field.text().strip() for tongue, field in self.fields.items()}}
        return {tongue: text for tongue, text in found.items() if text}


class _Line(QLineEdit):
    """A line that Alt with an arrow moves up or down."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)


class StepRow(QWidget):
    """Number, words, up, down and remove."""

    def __init__(self, step: Step, name: str) -> None:
        super().__init__()
        self.key = step.key
        self.number = PlainLabel("", role="small", color="text_muted")
        self.number.setFixedWidth(theme.scaled(22))
        self.words = Words(step.texts, name=name)
        self.up, self.down = IconButton("chevron-up", _("Move up")), IconButton("chevron-down", _("Move down"))
        self.remove = IconButton("x", _("Remove this line"), size=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        row.addWidget(self.number)
        row.addWidget(self.words, 1)
        for part in (self.up, self.down, self.remove):
            row.addWidget(part)


class StepsEditor(QWidget):
    """Steps in order; keys of what is there stay, so that open cases keep their ticks."""

    changed = Signal()

    def __init__(self, *, add: str, name: str, reset: str) -> None:
        super().__init__()
        self._name = name
        self._rows: list[StepRow] = []
        head = QGridLayout()
        head.setContentsMargins(theme.scaled(22) + Space.XS, 0, 3 * (28 + Space.XS), 0)
        head.setHorizontalSpacing(Space.S)
        for place, tongue in enumerate(TONGUES):
            head.addWidget(PlainLabel(LANGUAGES[tongue], role="small_strong", color="text_muted"), 0, place)
            head.setColumnStretch(place, 1)
        self.title = QVBoxLayout()
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        adding = Button(add, icon="plus", size="small")
        adding.clicked.connect(self._add_empty)
        self.reset = Button(reset, variant="ghost", icon="rotate-ccw", size="small")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(adding)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(head)
        column.addLayout(self.title)
        column.addLayout(self._list)
        column.addLayout(buttons)

    def set_value(self, steps: Iterable[Step]) -> None:
        """Show these steps."""
        for row in list(self._rows):
            self._drop(row)
        for step in steps:
            self._add(step)
        self._renumber()

    def value(self) -> tuple[Step, ...]:
        """The steps that say something."""
        return tuple(Step(row.key, texts) for row in self._rows if (texts := row.words.value()))

    def _add(self, step: Step) -> StepRow:
        row = StepRow(step, self._name)
        row.words.changed.connect(self.changed)
        row.words.moved.connect(partial(self._move, row))
        row.up.clicked.connect(partial(self._move, row, -1))
        row.down.clicked.connect(partial(self._move, row, 1))
        row.remove.clicked.connect(partial(self._remove, row))
        self._rows.append(row)
        self._list.addWidget(row)
        return row

    def _add_empty(self) -> None:
        taken = {row.key for row in self._rows}
        number = next(each for each in range(1, len(taken) + 2) if f"own{each}" not in taken)
        row = self._add(Step(f"own{number}", {}))
        self._renumber()
        row.words.fields[TONGUES[0]].setFocus()
        self.changed.emit()

    def _move(self, row: StepRow, by: int) -> None:
        place = self._rows.index(row)
        to = place + by
        if not 0 <= to < len(self._rows):
            return
        self._rows.insert(to, self._rows.pop(place))
        self._list.removeWidget(row)
        self._list.insertWidget(to, row)
        self._renumber()
        self.changed.emit()

    def _remove(self, row: StepRow) -> None:
        self._drop(row)
        self._renumber()
        self.changed.emit()

    def _drop(self, row: StepRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _renumber(self) -> None:
        for place, row in enumerate(self._rows):
            row.number.setText(f"{place + 1}.")
            row.up.setEnabled(place > 0)
            row.down.setEnabled(place < len(self._rows) - 1)
