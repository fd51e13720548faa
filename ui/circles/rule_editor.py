"""The builder of rules: conditions in groups, the whole as one sentence, and whom it names while one writes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.circles import Fault, How, Rule
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_circles import fault_words, how_word, people_words, sentence
from cmdesk.wording_codes import BY_CODE
from ui import theme
from ui.bridge import spawn
from ui.circles.rule_row import ConditionRow
from ui.models.circles import Choices, Preview, Previews
from ui.models.rule_draft import Box, Row, RuleDraft
from ui.theme.tokens import Radius, Space
from ui.widgets import Avatar, Button, IconButton, PlainLabel
from ui.widgets.fields import calm

PAUSE_MS = 150
FACES = 6


class RuleEditor(QWidget):
    """`changed` after every edit; `rule()` is what is written, None while something is missing.

    `summary` (the sentence, and whom it names) stands below; who scrolls the editor may put it where it always shows.
    """

    changed = Signal()

    def __init__(
        self,
        choices: Choices,
        rule: Rule | None = None,
        parent: QWidget | None = None,
        *,
        previews: Previews | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__(parent)
        self._choices, self._previews = choices, previews
        self._draft = RuleDraft(rule)
        self._faults = self._draft.broken(tuple(faults))
        self._rows: dict[int, ConditionRow] = {}
        self._shown_missing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        self._tree = QVBoxLayout()
        self._tree.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._tree)
        self._whole: _GroupFrame | None = None
        self.summary = QWidget(self)
        below = QVBoxLayout(self.summary)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(Space.XS)
        self.sentence = PlainLabel("", self.summary, role="small", color="text_muted", wrap=True)
        self.sentence.setAccessibleDescription(_("The rule as a sentence"))
        self.live = _Live(self.summary)
        self.live.setVisible(previews is not None)
        below.addWidget(self.sentence)
        below.addWidget(self.live)
        column.addWidget(self.summary)
        column.addStretch(1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._build()
        self._say()
        self._ask()
        if previews is not None:
            self.destroyed.connect(previews.stop)

    def rule(self) -> Rule | None:
        """What is written, None while something is missing; the places are marked then."""
        found, wrong = self._draft.rule()
        self._shown_missing = bool(wrong)
        self._mark(wrong)
        return found

    def written(self) -> Rule | None:
        """What is written, None while something is missing; nothing is marked."""
        return self._draft.rule()[0]

    def focus_first(self) -> None:
        """Give the keyboard to the first condition, or to the first that is broken or lacks something."""
        wrong = {*self._faults, *self._draft.rule()[1]}
        key = next((each for each in self._rows if each in wrong), next(iter(self._rows), None))
        if key is not None:
            self._rows[key].focus_first()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Mark the conditions that name what is gone."""
        self._faults = self._draft.broken(tuple(faults))
        self._mark({})

    def rows(self) -> list[ConditionRow]:
        """The conditions on the screen from the top."""
        return [self._rows[each.key] for each in self._draft.rows()]

    # Inside

    def _build(self, focus: int | None = None) -> None:
        old = self._whole
        self._rows = {}
        self._whole = _GroupFrame(self, self._draft.root, outermost=True)
        if old is not None:
            self._tree.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._tree.addWidget(self._whole)
        self._mark({})
        if focus is not None and focus in self._rows:
            self._whole.show()
            self._rows[focus].focus_first()

    def make_row(self, row: Row, parent: QWidget) -> ConditionRow:
        """A condition as its group shows it."""
        made = ConditionRow(self._draft, row, self._choices, parent)
        made.changed.connect(lambda: self._edited(row.key))
        made.wanted.connect(self.deed)
        self._rows[row.key] = made
        return made

    @property
    def draft(self) -> RuleDraft:
        """What is being written."""
        return self._draft

    def deed(self, what: str, key: int) -> None:
        """Rearrange: "add", "group", "remove", "indent" or "outdent" a part; "inside" and "group_inside" a group."""
        draft = self._draft
        match what:
            case "add":
                focus = draft.add(key)
            case "inside":
                focus = draft.add(box=key)
            case "group_inside":
                focus = draft.add(box=key, group=True)
            case "remove":
                focus = draft.remove(key)
                self._faults.pop(key, None)
            case "indent":
                focus = draft.indent(key)
            case _:
                focus = draft.outdent(key)
        self._build(focus)
        self._edited(focus)

    def set_how(self, box: Box, how: How) -> None:
        """Another way for the parts of a group to count together."""
        box.how = how
        self._edited(box.key)

    def _edited(self, key: int) -> None:
        self._faults.pop(key, None)
        self._faults.pop(self._draft.root.key, None)
        self._mark(self._draft.rule()[1] if self._shown_missing else {})
        self._say()
        self._pause.start()
        self.changed.emit()

    def _mark(self, wrong: dict[int, str]) -> None:
        names = self._choices.names
        for key, row in self._rows.items():
            fault = self._faults.get(key)
            if fault is not None:
                row.set_wrong(fault_words(fault, None, names))
            else:
                row.set_wrong(_said(wrong[key], row) if key in wrong else "")

    def _say(self) -> None:
        rule = self.written()
        self.sentence.setText(sentence(rule, self._choices.names) if rule is not None else "")
        self.sentence.setVisible(rule is not None)

    def _ask(self) -> None:
        if self._previews is None:
            return
        rule = self.written()
        if rule is None or self._faults:
            self._previews.stop()
            self.live.show_text(
                _("Mend what is marked, and the people show here.")
                if self._faults
                else _("Finish the conditions, and the people show here.")
            )
            return
        self.live.show_busy()
        spawn(self._asking(self._previews, rule), self, name="ask whom a rule names", on_error=self._failed)

    async def _asking(self, previews: Previews, rule: Rule) -> None:
        found = await previews.ask(rule)
        if found is not None:
            self.live.show_found(found)

    def _failed(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        said = explain(error)
        self.live.show_text(" ".join(f"{each.rstrip('.')}." for each in (said.what, said.todo) if each))
        return True


class _GroupFrame(QFrame):
    """A group: how its parts count, the parts, and what adds to it."""

    def __init__(self, editor: RuleEditor, box: Box, parent: QWidget | None = None, *, outermost: bool = False) -> None:
        super().__init__(parent or editor)
        self._outermost = outermost
        column = QVBoxLayout(self)
        edge = 0 if outermost else Space.M
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(Space.S)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        self.how = calm(QComboBox(self))
        self.how.setAccessibleName(_("How the conditions count together"))
        for each in How:
            self.how.addItem(how_word(each), each)
        self.how.setCurrentIndex(self.how.findData(box.how))
        self.how.activated.connect(lambda _at: editor.set_how(box, self.how.currentData()))
        head.addWidget(self.how)
        head.addStretch(1)
        if not outermost:
            gone = IconButton("x", _("Take the group out"), self)
            gone.clicked.connect(lambda: editor.deed("remove", box.key))
            head.addWidget(gone)
        column.addLayout(head)
        inside = QVBoxLayout()
        inside.setContentsMargins(Space.L if outermost else 0, 0, 0, 0)
        inside.setSpacing(Space.S)
        for part in box.parts:
            inside.addWidget(editor.make_row(part, self) if isinstance(part, Row) else _GroupFrame(editor, part, self))
        column.addLayout(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.L if outermost else 0, 0, 0, 0)
        foot.setSpacing(Space.S)
        more = Button(_("Condition"), self, variant="ghost", size="small", icon="plus", tip="Ctrl+Enter")
        more.setAccessibleName(_("Add a condition"))
        more.clicked.connect(lambda: editor.deed("inside", box.key))
        foot.addWidget(more)
        if editor.draft.can_group(box.key):
            group = Button(_("Group"), self, variant="ghost", size="small", icon="list-plus", tip="Alt+→")
            group.setAccessibleName(_("Add a group"))
            group.clicked.connect(lambda: editor.deed("group_inside", box.key))
            foot.addWidget(group)
        foot.addStretch(1)
        column.addLayout(foot)
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """An inner group stands in a frame of its own."""
        if self._outermost:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        painter.end()


class _Live(QWidget):
    """How many a rule names, and the first of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        self.count = PlainLabel("", self, role="body_strong")
        self.faces = QHBoxLayout()
        self.faces.setSpacing(Space.XS)
        self.who = PlainLabel("", self, role="small", color="text_muted", elide=True)
        line.addWidget(self.count)
        line.addLayout(self.faces)
        line.addWidget(self.who, 1)
        self.setMinimumHeight(theme.scaled(28))

    def show_busy(self) -> None:
        """The question is on its way; what was known stays until the answer comes."""
        self.count.set_role("body_strong", "text_muted")

    def show_text(self, text: str) -> None:
        """A sentence instead of people."""
        self._clear()
        self.count.setText("")
        self.count.hide()
        self.who.setText(text)

    def show_found(self, found: Preview) -> None:
        """The people."""
        self._clear()
        self.count.show()
        self.count.set_role("body_strong", "text")
        self.count.setText(people_words(found.count))
        names = [clean_line(name, limit=40) for _id, name in found.first[:FACES]]
        for name in names:
            self.faces.addWidget(Avatar(name, size=22))
        rest = found.count - len(names)
        text = ", ".join(names)
        if rest > 0 and names:
            text = ngettext("{names} and {n} more", "{names} and {n} more", rest).format(names=text, n=rest)
        self.who.setText(text if found.count else _("Nobody fulfils it now; it fills by itself."))

    def _clear(self) -> None:
        while self.faces.count():
            item = self.faces.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()


def _said(code: str, row: ConditionRow) -> str:
    if code == "rule_value":
        return _("A value is missing.")
    what, _why, todo = BY_CODE[code]
    text = _(what).format(detail=row.field.currentText())
    return f"{text}. {_(todo)}" if todo else f"{text}."
