"""One condition on the screen: a field, a question, the value of its kind; taken out, moved in and out by keys."""

from __future__ import annotations

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cmdesk.care.verdict import KINDS, SENTIMENTS
from cmdesk.circles import FieldType, Names
from cmdesk.circles.values import LONGEST, LONGEST_DAYS, OWN
from cmdesk.i18n import _, language
from cmdesk.wording_circles import FIELD_GROUPS, countries, country_name, field_word, op_word, value_word
from ui import theme
from ui.circles.choice import ChoiceField, Value
from ui.models.circles import Choices
from ui.models.rule_draft import Row, RuleDraft, ops_for
from ui.theme.tokens import Space
from ui.widgets import IconButton, PlainLabel
from ui.widgets.fields import calm, padded

_GONE = "\x00gone"
_OP = 148


class ConditionRow(QWidget):
    """Edits one `Row` of a draft in place; `changed` after every edit, the others ask the builder for a deed."""

    changed = Signal()
    wanted = Signal(str, int)  # "remove", "indent", "outdent", "add", with the row's key

    def __init__(self, draft: RuleDraft, row: Row, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft, self.row, self._choices = draft, row, choices
        self._line = QHBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(Space.S)
        self.field = calm(QComboBox(self))
        self.field.setAccessibleName(_("Field"))
        self.field.setMaxVisibleItems(18)
        self.field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.field.setFixedWidth(theme.scaled(172))
        self.op = calm(QComboBox(self))
        self.op.setAccessibleName(_("Question"))
        self.op.setFixedWidth(theme.scaled(_OP))
        self.value: QWidget = QWidget(self)
        self.take_out = IconButton("x", _("Take the condition out"), self, shortcut_text="Ctrl+Del")
        self._line.addWidget(self.field)
        self._line.addWidget(self.op)
        self._line.addWidget(self.value, 1)
        self._line.addWidget(self.take_out)
        self.wrong = PlainLabel("", self, role="small", color="negative", wrap=True)
        self.wrong.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._line)
        column.addWidget(self.wrong)
        _fill_fields(self.field, choices.names)
        self._show()
        self.field.activated.connect(self._field_chosen)
        self.op.activated.connect(self._op_chosen)
        self.take_out.clicked.connect(lambda: self.wanted.emit("remove", self.row.key))
        for part in (self.field, self.op, self.take_out):
            part.installEventFilter(self)

    @property
    def kind(self) -> FieldType | None:
        """What the field holds, None for one that is gone."""
        return self._choices.names.type_of(self.row.field)

    def set_wrong(self, text: str) -> None:
        """Say under the condition what is the matter with it; "" takes it away."""
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        for part in (self.field, self.value):
            part.setProperty("invalid", "true" if text else "false")
            part.style().unpolish(part)
            part.style().polish(part)

    def focus_first(self) -> None:
        """Give the keyboard to the field."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Ctrl+Enter adds a condition, Ctrl+Del takes this one out, Alt+Right and Alt+Left move it in and out."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            deed = _KEYS.get((event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())))
            if deed:
                self.wanted.emit(deed, self.row.key)
                return True
        return super().eventFilter(watched, event)

    # Inside

    def _show(self) -> None:
        at = self.field.findData(self.row.field)
        gone = self.field.findData(_GONE)
        if at < 0 and gone < 0:
            self.field.insertItem(0, field_word(self.row.field, self._choices.names), _GONE)
            at = 0
        self.field.setCurrentIndex(max(at, 0))
        kind = self.kind
        self.op.clear()
        ops = ops_for(self.row.field, kind) if kind is not None else (self.row.op,)
        for each in ops if self.row.op in ops else (*ops, self.row.op):
            self.op.addItem(op_word(each, self.row.field), each)
        self.op.setCurrentIndex(max(0, self.op.findData(self.row.op)))
        self.op.setEnabled(kind is not None)
        self._show_value(kind)

    def _show_value(self, kind: FieldType | None) -> None:
        # A question without a value may be a whole sentence: it takes the room of the value.
        alone = self.row.op in ("yes", "no", "empty", "filled")
        self.op.setFixedWidth(min(max(theme.scaled(_OP), self.op.sizeHint().width()), theme.scaled(_OP * (1 + alone))))
        made = QWidget(self) if kind is None else self._editor(kind)
        made.setAccessibleName(_("Value"))
        made.installEventFilter(self)
        for inner in made.findChildren(QLineEdit):
            inner.installEventFilter(self)
        self._line.replaceWidget(self.value, made)
        self.value.hide()
        self.value.deleteLater()
        self.value = made
        made.show()
        self.setTabOrder(self.op, made)
        self.setTabOrder(made, self.take_out)

    def _editor(self, kind: FieldType) -> QWidget:
        row, op = self.row, self.row.op
        if op in ("in", "not_in"):
            several = ChoiceField(self, typed=row.field == "case_cause")
            chosen = row.value if isinstance(row.value, tuple) else ()
            several.show_values(self._words(chosen), chosen)
            several.changed.connect(lambda: self._set(_tuple(several.values())))
            return several
        if op in ("within", "not_within"):
            days = padded(calm(QSpinBox(self)))
            days.setRange(1, LONGEST_DAYS)
            days.setValue(row.value if isinstance(row.value, int) else 90)
            days.setSuffix(" " + _("days"))
            days.setMaximumWidth(theme.scaled(150))
            days.valueChanged.connect(self._set)
            return _left(days)
        if op in ("at_least", "at_most", "equals"):
            number = padded(calm(_Number(self)))
            number.setValue(float(row.value) if isinstance(row.value, int | float) else 1.0)
            number.setMaximumWidth(theme.scaled(150))
            number.valueChanged.connect(lambda found: self._set(int(found) if found == int(found) else found))
            return _left(number)
        if op in ("before", "after"):
            return _left(self._day())
        if kind is FieldType.TEXT and op not in ("empty", "filled"):
            text = QLineEdit(row.value if isinstance(row.value, str) else "", self)
            text.setMaxLength(LONGEST)
            text.textChanged.connect(self._set)
            return text
        return QWidget(self)

    def _day(self) -> QDateEdit:
        row = self.row
        day = padded(calm(QDateEdit(self)))
        day.setCalendarPopup(True)
        day.setLocale(QLocale(language()))
        short = QLocale(language()).dateFormat(QLocale.FormatType.ShortFormat)
        day.setDisplayFormat(short if "yyyy" in short else short.replace("yy", "yyyy"))
        known = QDate.fromString(row.value, Qt.DateFormat.ISODate) if isinstance(row.value, str) else QDate()
        day.setDate(known if known.isValid() else QDate.currentDate())
        day.setMaximumWidth(theme.scaled(150))
        row.value = day.date().toString(Qt.DateFormat.ISODate)
        day.dateChanged.connect(lambda found: self._set(found.toString(Qt.DateFormat.ISODate)))
        return day

    def _words(self, chosen: tuple[Value, ...]) -> list[tuple[Value, str]]:
        """The values of the row's field with their words: those in use first, then all there are."""
        names, name = self._choices.names, self.row.field
        if name in ("market", "circle"):
            known = names.markets if name == "market" else names.circles
            none: list[Value] = [0] if name == "market" else []
            ids: list[Value] = [*none, *known, *(each for each in chosen if each not in known)]
            return [(each, value_word(name, each, names)) for each in dict.fromkeys(ids)]
        used: list[Value] = [*self._choices.values.get(name, ())]
        if name == "country":
            rest = sorted((code for code in countries() if code not in used), key=country_name)
            used = [*used, *rest, ""]
        elif name == "language":
            used = [*used, ""]
        elif name == "kinds":
            used = [*KINDS]
        elif name == "last_sentiment":
            used = [*SENTIMENTS, ""]
        every = dict.fromkeys([*used, *chosen])
        return [(each, _capital(value_word(name, each, names))) for each in every]

    def _field_chosen(self, _index: int) -> None:
        name = self.field.currentData()
        kind = self._choices.names.type_of(name) if isinstance(name, str) else None
        if kind is None or name == self.row.field:
            return
        self.draft.set_field(self.row, name, kind)
        gone = self.field.findData(_GONE)
        if gone >= 0:
            self.field.removeItem(gone)
        self._show()
        self.set_wrong("")
        self.changed.emit()

    def _op_chosen(self, _index: int) -> None:
        kind = self.kind
        if kind is not None and self.op.currentData() != self.row.op:
            self.draft.set_op(self.row, self.op.currentData(), kind)
            self._show_value(kind)
            self.set_wrong("")
            self.changed.emit()

    def _set(self, value: object) -> None:
        self.row.value = value  # type: ignore[assignment]
        self.changed.emit()


_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_KEYS = {
    (_CONTROL, Qt.Key.Key_Return): "add",
    (_CONTROL, Qt.Key.Key_Enter): "add",
    (_CONTROL, Qt.Key.Key_Delete): "remove",
    (_CONTROL, Qt.Key.Key_Backspace): "remove",
    (_ALT, Qt.Key.Key_Right): "indent",
    (_ALT, Qt.Key.Key_Left): "outdent",
}


class _Number(QDoubleSpinBox):
    """A number that shows no needless zeros."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRange(-1e12, 1e12)
        self.setDecimals(4)

    def textFromValue(self, value: float, /) -> str:
        """As people write it."""
        return QLocale(language()).toString(round(value, 4), "g", 15)


def _fill_fields(combo: QComboBox, names: Names) -> None:
    model = QStandardItemModel(combo)
    groups = [(_(title), fields) for title, fields in FIELD_GROUPS]
    if names.own:
        groups.append((_("Fields of your own"), tuple(f"{OWN}{each}" for each in names.own)))
    for title, fields in groups:
        heading = QStandardItem(title)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        model.appendRow(heading)
        for each in fields:
            item = QStandardItem(field_word(each, names))
            item.setData(each, Qt.ItemDataRole.UserRole)
            model.appendRow(item)
    combo.setModel(model)


def _left(editor: QWidget) -> QWidget:
    """Keep a short editor short, at the left of its place."""
    box = QWidget(editor.parentWidget())
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(editor, 1)
    line.addStretch(1)
    box.setFocusProxy(editor)
    return box


def _tuple(values: tuple[Value, ...]) -> tuple[str, ...] | tuple[int, ...] | None:
    """The values as rules hold them: sorted; None for none."""
    if not values:
        return None
    ids = [each for each in values if isinstance(each, int)]
    return tuple(sorted(ids)) if ids else tuple(sorted(str(each) for each in values))


def _capital(word: str) -> str:
    return f"{word[:1].upper()}{word[1:]}"
