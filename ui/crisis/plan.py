"""The plan that is written beforehand: what to do, whom to call in which order, lines to take, approved statements."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.care.values import CrisisPlan, Phone
from cmdesk.i18n import _
from ui.crisis.dialogs import language_name
from ui.theme.tokens import Space
from ui.widgets import Button, Field, IconButton, PlainLabel
from ui.widgets.panels import scroll_column

_WIDTH = 860
_SAVE_MS = 900
_LANGUAGES = ("es", "en", "fr", "it", "pt", "de", "ca")


class PlanEditor(QWidget):
    """`edited(plan)` a moment after the last key; nothing has to be saved by hand."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._brand_id = 0
        self._shown = CrisisPlan(0)
        self._filling = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_column(margin=Space.XL, spacing=Space.L)
        outer.addWidget(area)
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        column.addWidget(inner)
        column.addStretch(1)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.L)
        self.plan = _text(7, _("Who decides, who writes, what is checked first, where the numbers are…"))
        self._column.addWidget(
            Field(_("The plan"), self.plan, hint=_("Shown beside the log from the first moment of a crisis."))
        )
        self._column.addWidget(PlainLabel(_("Call, in this order"), role="small_strong"))
        self._phones = QVBoxLayout()
        self._phones.setSpacing(Space.S)
        self._column.addLayout(self._phones)
        self.rows: list[_PhoneRow] = []
        add = Button(_("Add a phone"), icon="plus", size="small")
        add.clicked.connect(lambda: self._add_phone(Phone(""), focus=True))
        self._column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        self.lines = _text(5, _("We know about it and are checking every invoice.\nNobody will pay twice."))
        self._column.addWidget(
            Field(
                _("Lines to take"), self.lines, hint=_("One a line: so that nobody of the client answers on their own.")
            )
        )
        self._column.addWidget(PlainLabel(_("Approved statement"), role="small_strong"))
        self.statements: dict[str, QPlainTextEdit] = {}
        self._statements = QVBoxLayout()
        self._statements.setSpacing(Space.M)
        self._column.addLayout(self._statements)
        self._fields: dict[str, Field] = {}
        self._more = QHBoxLayout()
        self._more.setSpacing(Space.S)
        self._column.addLayout(self._more)
        self._buttons: dict[str, Button] = {}
        for code in _LANGUAGES:
            made = Button(language_name(code), icon="plus", size="small", variant="ghost")
            made.clicked.connect(lambda _on=False, which=code: self._add_statement(which, "", focus=True))
            self._buttons[code] = made
            self._more.addWidget(made)
        self._more.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_MS)
        self._timer.timeout.connect(self.flush)
        for edit in (self.plan, self.lines):
            edit.textChanged.connect(self._typed)

    def show_plan(self, plan: CrisisPlan, language: str) -> None:
        """Show a brand's plan; what was being typed for it stays."""
        if plan == self._shown and plan.brand_id == self._brand_id:
            return
        if plan.brand_id == self._brand_id and (self._timer.isActive() or plan == self.value()):
            self._shown = plan
            return
        self.flush()
        self._filling = True
        self._brand_id, self._shown = plan.brand_id, plan
        self.plan.setPlainText(plan.plan)
        self.lines.setPlainText("\n".join(plan.lines))
        for row in list(self.rows):
            self._drop_phone(row)
        for phone in plan.phones:
            self._add_phone(phone)
        for code in list(self.statements):
            self._drop_statement(code)
        for code in dict.fromkeys((language if language in _LANGUAGES else "es", *plan.statements)):
            self._add_statement(code, plan.statements.get(code, ""))
        self._filling = False

    def value(self) -> CrisisPlan:
        """The plan as it is written."""
        statements = {code: edit.toPlainText().strip() for code, edit in self.statements.items()}
        return CrisisPlan(
            brand_id=self._brand_id,
            plan=self.plan.toPlainText().strip(),
            phones=tuple(phone for row in self.rows if (phone := row.value()).name or phone.phone),
            lines=tuple(line.strip() for line in self.lines.toPlainText().splitlines() if line.strip()),
            statements={code: text for code, text in statements.items() if text},
        )

    def flush(self) -> None:
        """Keep what was written, now."""
        self._timer.stop()
        if self._brand_id and not self._filling and self.value() != self._shown:
            self._shown = self.value()
            self.edited.emit(self._shown)

    def _typed(self) -> None:
        if not self._filling:
            self._timer.start()

    def _add_phone(self, phone: Phone, *, focus: bool = False) -> None:
        row = _PhoneRow(phone)
        row.changed.connect(self._typed)
        row.removed.connect(self._removed)
        row.moved.connect(self._moved)
        self.rows.append(row)
        self._phones.addWidget(row)
        if focus:
            row.name.setFocus()

    def _removed(self, row: _PhoneRow) -> None:
        self._drop_phone(row)
        self._typed()

    def _drop_phone(self, row: _PhoneRow) -> None:
        self.rows.remove(row)
        self._phones.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _moved(self, row: _PhoneRow, by: int) -> None:
        place = self.rows.index(row)
        to = max(0, min(len(self.rows) - 1, place + by))
        self.rows.insert(to, self.rows.pop(place))
        self._phones.removeWidget(row)
        self._phones.insertWidget(to, row)
        self._typed()

    def _add_statement(self, code: str, text: str, *, focus: bool = False) -> None:
        edit = _text(4, "")
        edit.setPlainText(text)
        edit.textChanged.connect(self._typed)
        self.statements[code] = edit
        self._fields[code] = Field(language_name(code), edit)
        self._statements.addWidget(self._fields[code])
        self._buttons[code].hide()
        if focus:
            edit.setFocus()

    def _drop_statement(self, code: str) -> None:
        del self.statements[code]
        field = self._fields.pop(code)
        self._statements.removeWidget(field)
        field.hide()
        field.deleteLater()
        self._buttons[code].show()


class _PhoneRow(QWidget):
    """Name, role, phone and hours of somebody, with up, down and away."""

    changed = Signal()
    removed = Signal(object)
    moved = Signal(object, int)

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self.name = _line(phone.name, _("Name"))
        self.role = _line(phone.role, _("What they are"))
        self.phone = _line(phone.phone, _("Phone"))
        self.hours = _line(phone.hours, _("When"))
        for edit, stretch in ((self.name, 3), (self.role, 3), (self.phone, 3), (self.hours, 2)):
            edit.textEdited.connect(self.changed)
            row.addWidget(edit, stretch)
        for icon, name, by in (("arrow-up", _("Call earlier"), -1), ("arrow-down", _("Call later"), 1)):
            step = IconButton(icon, name)
            step.clicked.connect(lambda _on=False, way=by: self.moved.emit(self, way))
            row.addWidget(step)
        away = IconButton("trash-2", _("Take away"))
        away.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(away)

    def value(self) -> Phone:
        """Who it is."""
        return Phone(*(edit.text().strip() for edit in (self.name, self.role, self.phone, self.hours)))


def _line(text: str, name: str) -> QLineEdit:
    edit = QLineEdit(text)
    edit.setMaxLength(200)
    edit.setPlaceholderText(name)
    edit.setAccessibleName(name)
    return edit


def _text(lines: int, placeholder: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setPlaceholderText(placeholder)
    edit.setFixedHeight(edit.fontMetrics().lineSpacing() * lines + 20)
    return edit
