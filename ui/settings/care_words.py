"""How a brand treats complaints: its protocols, what it asks, the causes it counts, what may be decided alone (Q9)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cmdesk.care.case_words import compensation_word
from cmdesk.care.protocol import COMPENSATIONS, INFO, PROTOCOLS, Authority, text_of, usual_causes
from cmdesk.care.values import Protocol
from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, language
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui import theme
from ui.bridge import spawn
from ui.models import care_plans as model
from ui.models.care_plans import Done
from ui.settings.care_hours import problem_words
from ui.settings.care_steps import StepsEditor, Words
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, PlainLabel, SegmentedControl
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import calm, padded
from ui.widgets.panels import scroll_column

_CURRENCIES = ("EUR", "USD", "GBP", "MXN", "COP", "ARS", "CLP", "PEN", "BRL", "CHF", "NZD")


class ProtocolsEditor(QWidget):
    """The brand's protocols one at a time: name and steps."""

    def __init__(self, protocols: tuple[Protocol, ...]) -> None:
        super().__init__()
        self._protocols = list(protocols)
        self._place = 0
        self._which = calm(QComboBox())
        self._which.setAccessibleName(_("Protocol"))
        self._which.currentIndexChanged.connect(self._switch)
        self._name = Words({}, name=_("Name"))
        self.steps = StepsEditor(add=_("Add a step"), name=_("Step"), reset=_("The usual steps"))
        self.steps.reset.clicked.connect(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        note = _("The steps are the checklist beside the reply box. Open cases keep what is ticked.")
        column.addWidget(PlainLabel(note, role="small", color="text_muted", wrap=True))
        column.addWidget(self._which)
        column.addWidget(self.steps)
        for each in self._protocols:
            self._which.addItem(_title(each))
        self._show(0)

    def value(self) -> tuple[Protocol, ...] | None:
        """The protocols, None when they are the usual ones."""
        self._keep()
        found = tuple(self._protocols)
        return None if found == PROTOCOLS else found

    def _switch(self, place: int) -> None:
        if place >= 0 and place != self._place:
            self._keep()
            self._show(place)

    def _keep(self) -> None:
        before = self._protocols[self._place]
        now = replace(before, names=self._name.value() or before.names, steps=self.steps.value())
        self._protocols[self._place] = now
        self._which.setItemText(self._place, _title(now))

    def _show(self, place: int) -> None:
        self._place = place
        shown = self._protocols[place]
        self.steps.title.removeWidget(self._name)
        self._name.hide()
        self._name.deleteLater()
        self._name = Words(shown.names, name=_("Name"))
        margin = theme.scaled(22) + Space.XS
        self.steps.title.setContentsMargins(margin, 0, 3 * (28 + Space.XS), Space.S)
        self.steps.title.addWidget(self._name)
        self.steps.set_value(shown.steps)
        self.steps.reset.setVisible(any(each.key == shown.key for each in PROTOCOLS))

    def _reset(self) -> None:
        usual = next((each for each in PROTOCOLS if each.key == self._protocols[self._place].key), None)
        if usual is not None:
            self._protocols[self._place] = usual
            self._which.setItemText(self._place, _title(usual))
            self._show(self._place)


class CausesEditor(QWidget):
    """The causes of complaints, one a line (Q10)."""

    def __init__(self, causes: tuple[str, ...], usual: tuple[str, ...]) -> None:
        super().__init__()
        self._usual = usual
        self._text = QPlainTextEdit("\n".join(causes))
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(theme.scaled(260))
        reset = Button(_("The usual causes"), variant="ghost", icon="rotate-ccw", size="small")
        reset.clicked.connect(lambda: self._text.setPlainText("\n".join(usual)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        hint = _("They are counted in the client's report. What was chosen before stays with its case.")
        column.addWidget(Field(_("One a line"), self._text, hint=hint))
        column.addWidget(reset)

    def value(self) -> tuple[str, ...] | None:
        """The causes, None for the usual ones."""
        found = tuple(line.strip() for line in self._text.toPlainText().splitlines() if line.strip())
        return None if not found or found == self._usual else found


class AuthorityEditor(QWidget):
    """What may be given without asking the client: kinds, a sum for each case, and what else was said (Q9)."""

    def __init__(self, authority: Authority) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        for place, kind in enumerate(COMPENSATIONS):
            box = QCheckBox(compensation_word(kind))
            box.setChecked(kind in authority.kinds)
            self._boxes[kind] = box
            grid.addWidget(box, place // 3, place % 3)
        grid.setColumnStretch(3, 1)
        self._ceiling = calm(padded(QDoubleSpinBox()))
        self._ceiling.setRange(0, 1_000_000)
        self._ceiling.setDecimals(2)
        self._ceiling.setValue(authority.ceiling_cents / 100)
        self._ceiling.setFixedWidth(theme.scaled(150))
        self._ceiling.setAccessibleName(_("Up to, in each case"))
        self._currency = calm(QComboBox())
        self._currency.addItems(sorted({*_CURRENCIES, authority.currency}))
        self._currency.setCurrentText(authority.currency)
        self._currency.setAccessibleName(_("Currency"))
        sum_row = QHBoxLayout()
        sum_row.setSpacing(Space.S)
        sum_row.addWidget(self._ceiling)
        sum_row.addWidget(self._currency)
        sum_row.addStretch(1)
        self._notes = QPlainTextEdit(authority.notes)
        self._notes.setTabChangesFocus(True)
        self._notes.setPlaceholderText(_("For example: from 50 € on, ask Marta first."))
        self._notes.setFixedHeight(theme.scaled(96))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(_("You may give without asking the client"), role="small_strong"))
        column.addLayout(grid)
        column.addSpacing(Space.S)
        column.addWidget(PlainLabel(_("Up to, in each case"), role="small_strong"))
        column.addLayout(sum_row)
        hint = _("0: only what costs nothing. The case says so when something goes beyond.")
        column.addWidget(PlainLabel(hint, role="small", color="text_muted", wrap=True))
        column.addSpacing(Space.S)
        column.addWidget(Field(_("What else was agreed"), self._notes))

    def value(self) -> Authority:
        """What is set."""
        return Authority(
            kinds=tuple(kind for kind, box in self._boxes.items() if box.isChecked()),
            ceiling_cents=round(self._ceiling.value() * 100),
            currency=self._currency.currentText(),
            notes=self._notes.toPlainText().strip(),
        )


class ComplaintsDialog(Dialog):
    """Everything a brand says of complaints; `saved` holds what was changed, to be taken back."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand) -> None:
        super().__init__(_("Complaints of {brand}").format(brand=clean_line(brand.name)), parent, width=860)
        self._desk, self._brand = desk, brand
        self._before = model.care_words(desk, brand.id)
        self.saved: list[tuple[Done[None], str]] = []
        usual = tuple(usual_causes(brand.language))
        self.protocols = ProtocolsEditor(self._before.protocols)
        self.questions = StepsEditor(add=_("Add a question"), name=_("What is asked"), reset=_("The usual questions"))
        self.questions.set_value(self._before.questions)
        self.questions.reset.clicked.connect(lambda: self.questions.set_value(INFO))
        self.causes = CausesEditor(self._before.causes, usual)
        self.authority = AuthorityEditor(self._before.authority)
        parts = (
            ("protocols", _("Protocols"), self.protocols),
            ("questions", _("What to ask"), self.questions),
            ("causes", _("Causes"), self.causes),
            ("authority", _("Decide alone"), self.authority),
        )
        self.tabs = SegmentedControl([(key, text) for key, text, _editor in parts], name=_("Part"))
        self._stack = QStackedWidget()
        room = parent.window().height()
        for _key, _text, editor in parts:
            area, column = scroll_column(margin=0)
            column.setContentsMargins(0, Space.S, Space.M, 0)
            column.addWidget(editor)
            area.setFixedHeight(max(220, min(theme.scaled(520), room - 260)))
            self._stack.addWidget(area)
        keys = [key for key, _text, _editor in parts]
        self.tabs.changed.connect(lambda key: self._stack.setCurrentIndex(keys.index(key)))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.add_button(_("Cancel"), reject=True)
        save = self.add_button(_("Save"), variant="primary")
        save.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))

    async def _save(self) -> None:
        desk, brand, before = self._desk, self._brand, self._before
        protocols = self.protocols.value()
        questions = self.questions.value()
        causes = self.causes.value()
        authority = self.authority.value()
        try:
            if (protocols or PROTOCOLS) != before.protocols:
                done = await model.save_protocols(desk, brand.id, protocols)
                self.saved.append((done, _("Protocols")))
            if (questions or INFO) != before.questions:
                done = await model.save_questions(desk, brand.id, None if questions == INFO else questions)
                self.saved.append((done, _("What to ask")))
            if (causes or tuple(usual_causes(brand.language))) != before.causes:
                done = await model.save_causes(desk, brand.id, causes)
                self.saved.append((done, _("Causes")))
            if authority != before.authority:
                done = await model.save_authority(desk, brand.id, authority)
                self.saved.append((done, _("Decide alone")))
        except DeskError as problem:
            self._problem.set_text(problem_words(problem))
            self._problem.show()
        else:
            self.accept()


def _title(protocol: Protocol) -> str:
    return clean_line(text_of(protocol.names, language()))
