"""Pasting what the client answered: what was understood is shown before anything is noted (rank 25)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.approval_answer import Reply, read_answer
from cmdesk.planning.approving import ApprovalSheet, State
from cmdesk.safe_text import clean_line
from cmdesk.wording_approval import state_word
from ui.approval.words import LOOK
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, PlainLabel


class AnswerBox(QWidget):
    """`recorded(reply, by)`: the person has looked at what was understood and wants it noted."""

    recorded = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._sheet: ApprovalSheet | None = None
        self.reply = Reply()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(PlainLabel(_("The client's answer"), role="small_strong", color="text_muted"))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("The client's answer"))
        self.text.setPlaceholderText(_("Paste the mail here: 1 yes, 2 change: shorter, 3 ok"))
        self.text.setFixedHeight(92)
        layout.addWidget(self.text)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        layout.addLayout(self._lines)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.by = QLineEdit()
        self.by.setPlaceholderText(_("Who answered"))
        self.by.setAccessibleName(_("Who answered"))
        self.record = Button(_("Note the answer"), variant="primary", icon="check")
        row.addWidget(self.by, 1)
        row.addWidget(self.record)
        layout.addLayout(row)
        self.text.textChanged.connect(self._read)
        self.record.clicked.connect(self._record)
        self._read()

    def show_sheet(self, sheet: ApprovalSheet) -> None:
        """Read answers to this sheet; another one empties the field."""
        if self._sheet is None or self._sheet.id != sheet.id:
            self.text.clear()
            self.by.setText(clean_line(sheet.sent_to, limit=200))
        self._sheet = sheet
        self._read()

    def clear(self) -> None:
        """The answer was noted."""
        self.text.clear()

    def _read(self) -> None:
        count = max((each.number for each in self._sheet.items), default=0) if self._sheet is not None else 0
        self.reply = read_answer(self.text.toPlainText(), count)
        while self._lines.count():
            taken = self._lines.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        said = {each.number: each for each in self.reply.decisions}
        for number in sorted(said):
            decision = said[number]
            icon, tone = LOOK[decision.state.value]
            self._line(number, Chip(state_word(decision.state), tone=tone, icon=icon), decision.comment)
        for unclear in self.reply.unclear:
            chip = Chip(_("Not understood"), tone="negative", icon="circle-question-mark")
            self._line(0, chip, _("“{text}”").format(text=clean_line(unclear.text, limit=300)))
        silent = self._silent(set(said))
        if said and silent:
            text = ngettext("Nothing about no. {numbers}", "Nothing about nos. {numbers}", len(silent))
            numbers = ", ".join(map(str, silent))
            self._lines.addWidget(PlainLabel(text.format(numbers=numbers), role="small", color="text_muted"))
        self.record.setEnabled(bool(said))
        self.record.setText(_("Note only what was understood") if self.reply.unclear and said else _("Note the answer"))

    def _silent(self, said: set[int]) -> list[int]:
        items = self._sheet.items if self._sheet is not None else ()
        unclear = {number for each in self.reply.unclear for number in each.numbers}
        return [
            each.number
            for each in items
            if each.number not in said | unclear and each.state is not State.WITHDRAWN and each.open
        ]

    def _line(self, number: int, chip: Chip, text: str) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        label = PlainLabel(str(number) if number else "", role="body_strong")
        label.setFixedWidth(22)
        row.addWidget(label)
        row.addWidget(chip)
        row.addWidget(PlainLabel(clean_line(text, limit=400), role="small", wrap=True), 1)
        self._lines.addWidget(holder)

    def _record(self) -> None:
        if self.reply.decisions:
            self.recorded.emit(self.reply, self.by.text().strip())
