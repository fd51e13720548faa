"""The questions a case asks: promise, compensation, client's answer, solution, follow-up, end, phone call, opening."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cmdesk.care.case_words import compensation_word, outcome_word
from cmdesk.care.protocol import COMPENSATIONS, WITHOUT_SOLUTION, Authority
from cmdesk.care.values import Case, CaseFile, Outcome, PublicClose, ServiceLevel
from cmdesk.i18n import _, language
from cmdesk.safe_text import clean_line, safe_body
from ui.casework import words
from ui.casework.solution import Satisfaction
from ui.casework.when import WhenField, in_working_days, promise_choices, working_days_text
from ui.models.cases import BrandCare
from ui.widgets import Banner, Field, PlainLabel, SegmentedControl
from ui.widgets.dialogs import Dialog
from ui.widgets.times import moment

FOLLOW_UP_DAYS = 3
_BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f€$£"))
_AMOUNT = re.compile(r"(?P<whole>\d{1,3}(?:[.,]\d{3})*|\d{1,7})(?:[.,](?P<rest>\d{1,2}))?")


class TextField(QPlainTextEdit):
    """A few lines; Tab goes on."""

    def __init__(self, text: str = "", *, lines: int = 3, placeholder: str = "") -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 18)

    def said(self) -> str:
        """What was written, without blanks around it."""
        return self.toPlainText().strip()


class CareDialog(Dialog):
    """A dialog whose main button says what is missing instead of doing half of it."""

    def __init__(
        self, title: str, parent: QWidget | None, *, yes: str, text: str = "", icon: str = "", width: int = 440
    ) -> None:
        super().__init__(title, parent, text=text, icon=icon, width=width)
        self._needed: list[tuple[Field, str]] = []
        self.add_button(_("Cancel"), reject=True)
        self.yes = self.add_button(yes, variant="primary")
        self.yes.setDefault(True)
        self.yes.clicked.connect(self.try_accept)

    def put(self, label: str, editor: QWidget, *, hint: str = "", needed: str = "") -> Field:
        """Append a field; `needed` is the sentence shown when it stays empty."""
        field = Field(label, editor, hint=hint)
        self.body.addWidget(field)
        if needed:
            self._needed.append((field, needed))
        return field

    def try_accept(self) -> None:
        """Accept when nothing needed is missing."""
        missing = [(field, text) for field, text in self._needed if not _content(field.editor)]
        for field, _text in self._needed:
            field.set_error("")
        for field, text in missing:
            field.set_error(text)
        if missing:
            missing[0][0].editor.setFocus()
        else:
            self.accept()


def _content(editor: QWidget) -> str:
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText().strip()
    if isinstance(editor, QComboBox):
        return editor.currentText().strip()
    return editor.text().strip() if isinstance(editor, QLineEdit) else ""


class OpenCase(CareDialog):
    """A conversation becomes a case: what it is about, its cause, the protocol to follow (C)."""

    def __init__(
        self, parent: QWidget | None, *, title: str, who: str, care: BrandCare, earlier: Sequence[Case], now: datetime
    ) -> None:
        super().__init__(
            _("Open a case"), parent, yes=_("Open the case"), icon="clipboard-list",
            text=_("It stays open until it is solved and followed up, whatever happens to the conversation."),
        )  # fmt: skip
        if earlier:
            last = earlier[0]
            text = _("{name} had a case before: {what}, {how}, {when}.").format(
                name=who, what=words.what(last), how=words.ending(last)[0], when=moment(last.opened_at, now)
            )
            self.body.addWidget(Banner(text, tone="info", icon="history"))
        self.title = QLineEdit(clean_line(title, limit=160))
        self.title.selectAll()
        self.put(_("What is it about?"), self.title, needed=_("A few words to find it again."))
        self.cause = QComboBox()
        self.cause.setEditable(True)
        self.cause.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.cause.addItems(["", *(clean_line(each, limit=80) for each in care.causes)])
        self.put(_("Cause"), self.cause, hint=_("So that the client can keep it from happening again. Later is fine."))
        self.protocol = QComboBox()
        for each in care.protocols:
            self.protocol.addItem(words.in_language(each.names), each.key)
        self.put(_("Protocol"), self.protocol)
        self.anticipated = QCheckBox(_("We write first: the error is ours and nobody has complained yet"))
        self.body.addWidget(self.anticipated)

    def fields(self) -> dict[str, Any]:
        """Arguments of the command."""
        return {
            "title": self.title.text().strip(),
            "cause": self.cause.currentText().strip(),
            "protocol": self.protocol.currentData() or "",
            "anticipated": self.anticipated.isChecked(),
        }


class PromiseDialog(CareDialog):
    """What was promised and until when (D12)."""

    def __init__(
        self, parent: QWidget | None, *, now: datetime, level: ServiceLevel, text: str = "", due: datetime | None = None
    ) -> None:
        moving = due is not None
        super().__init__(
            _("Put the promise off") if moving else _("Promise"), parent, yes=_("Put off") if moving else _("Note it"),
            icon="handshake",
            text=_("Tell the person before the old time is over.") if moving
            else _("Promise less than you can keep. It shows until it is kept; before that the case stays open."),
        )  # fmt: skip
        self.text = QLineEdit(clean_line(text, limit=200))
        self.text.setPlaceholderText(_("Call back with a solution"))
        field = self.put(_("What was promised"), self.text, needed=_("Say in a few words what was promised."))
        field.setVisible(not moving)
        if moving:
            self.body.addWidget(PlainLabel(_("“{text}”").format(text=clean_line(text, limit=200)), wrap=True))
        choices, usual = promise_choices(now, level)
        self.when = WhenField(choices, value=usual, name=_("By when"))
        self.put(_("By when"), self.when)
        (self.when.edit if moving else self.text).setFocus()


class GiveDialog(CareDialog):
    """Something more: what is given and what it costs the client (Q3, Q8, Q9)."""

    def __init__(self, parent: QWidget | None, *, authority: Authority, given_cents: int, asked: bool) -> None:
        """`asked`: the client decides in this case already."""
        super().__init__(
            _("Something more"), parent, yes=_("Note it"), icon="gift",
            text=_("What the person gets beside the solution. It goes into the client's report."),
        )  # fmt: skip
        self._authority, self._given, self._asked = authority, given_cents, asked
        self.kind = QComboBox()
        for each in COMPENSATIONS:
            self.kind.addItem(compensation_word(each), each)
        self.put(_("Kind"), self.kind)
        self.detail = QLineEdit()
        self.detail.setPlaceholderText(_("Voucher for another one"))
        self.put(_("What exactly"), self.detail)
        self.cost = QLineEdit()
        self.cost.setMaxLength(12)
        self.cost.setPlaceholderText(QLocale(language()).toString(0.0, "f", 2))
        self.currency = QLineEdit(authority.currency)
        self.currency.setFixedWidth(72)
        self.currency.setMaxLength(3)
        self.currency.setAccessibleName(_("Currency"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.cost, 1)
        line.addWidget(self.currency)
        self.cost.setAccessibleName(_("What it costs the client"))
        self.put(_("What it costs the client"), row)
        self.verdict = PlainLabel(role="small", color="text_muted", wrap=True)
        self.body.addWidget(self.verdict)
        self.agreed = QCheckBox(_("The client has agreed"))
        self.body.addWidget(self.agreed)
        self.agreed.toggled.connect(self._judge)
        self.cost.textChanged.connect(self._judge)
        self.currency.textChanged.connect(self._judge)
        self.kind.currentIndexChanged.connect(self._judge)
        self.detail.setFocus()
        self._judge()

    def cents(self) -> int:
        """The cost in cents; 0 where nothing was written."""
        return cents_of(self.cost.text()) or 0

    def said(self) -> str:
        """What is given, in a few words."""
        return clean_line(self.detail.text(), limit=80) or compensation_word(str(self.kind.currentData()))

    def currency_code(self) -> str:
        """The currency's code."""
        return self.currency.text().strip().upper() or self._authority.currency

    def alone(self) -> bool:
        """Whether it may be given without asking the client."""
        kind, currency = str(self.kind.currentData()), self.currency_code()
        return self._authority.allows(kind, self.cents(), currency=currency, given_cents=self._given)

    def _judge(self) -> None:
        alone = self.alone()
        ceiling = words.money(self._authority.ceiling_cents, self._authority.currency)
        if self._asked:
            text = _("In this case the client decides.")
        elif alone and not self.cents():
            text = _("It costs nothing: you may decide it alone.")
        elif alone:
            text = _("You may decide this alone (up to {ceiling} a case).").format(ceiling=ceiling)
        else:
            text = _("Alone you may give up to {ceiling} a case: this is for the client to decide.").format(
                ceiling=ceiling
            )
        wrong = cents_of(self.cost.text()) is None
        if wrong:
            text = _("This is no amount.")
        self.verdict.set_role("small", "text_muted" if (alone or self._asked) and not wrong else "warning")
        self.verdict.setText(text)
        self.agreed.setVisible(not alone and not self._asked)
        self.yes.setEnabled(not wrong and (alone or self._asked or self.agreed.isChecked()))


def cents_of(text: str) -> int | None:
    """An amount as people write it, "12,50" or "12.50" or "1.200", in cents; 0 for nothing, None for what is none."""
    plain = text.translate(_BLANKS)
    if not plain:
        return 0
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return None
    whole = found["whole"].replace(".", "").replace(",", "")
    return int(whole) * 100 + int((found["rest"] or "").ljust(2, "0") or 0)


class AnswerDialog(CareDialog):
    """The client's answer, pasted; the case wakes with it (Q13)."""

    def __init__(self, parent: QWidget | None, *, who: str, asked: str) -> None:
        super().__init__(
            _("Answer of {who}").format(who=who), parent, yes=_("Keep and go on"), icon="message-square",
            text=_("Paste what the client answered. The case comes back to you."), width=480,
        )  # fmt: skip
        quote = PlainLabel(safe_body(asked, limit=500).strip(), role="small", color="text_muted", wrap=True)
        self.body.addWidget(quote)
        quote.setVisible(bool(asked.strip()))
        self.answer = TextField(lines=6, placeholder=_("Paste it here"))
        self.put(_("Answer"), self.answer, needed=_("Without an answer the case goes on waiting."))
        self.answer.setFocus()


class SolveDialog(CareDialog):
    """The solution, and when one asks again (Q16, Q17)."""

    def __init__(self, parent: QWidget | None, *, file: CaseFile, now: datetime, level: ServiceLevel) -> None:
        super().__init__(
            _("Solved"), parent, yes=_("Solve"), icon="circle-check", width=480,
            text=_("“We are sorry” is not a solution: say what was done."),
        )  # fmt: skip
        self.solution = TextField(safe_body(file.case.solution, limit=2000), lines=4)
        self.solution.setPlaceholderText(_("What was done, and what changes so that it does not happen again"))
        self.put(_("Solution"), self.solution, needed=_("Say how it was solved."))
        usual = in_working_days(level, now, FOLLOW_UP_DAYS)
        choices = [
            (working_days_text(FOLLOW_UP_DAYS), usual),
            (_("In a week"), _days(now, 7)),
            (_("In two weeks"), _days(now, 14)),
        ]
        self.follow_up = WhenField(choices, value=usual, name=_("Follow-up"))
        self.put(_("Ask how it is going"), self.follow_up, hint=_("It comes back to you that day."))
        self.public = QCheckBox(_("Propose a closing comment in public"))
        went = file.case.private_at is not None
        self.public.setChecked(went and file.case.public_close is not PublicClose.NOT_NEEDED)
        self.body.addWidget(self.public)
        self.public.setVisible(went)
        told = PlainLabel(
            _("So that others with the same problem find the solution."), role="small", color="text_muted"
        )
        told.setContentsMargins(28, 0, 0, 0)
        self.body.addWidget(told)
        told.setVisible(went)
        self.solution.setFocus()


def _days(now: datetime, days: int) -> datetime:
    here = now.astimezone()
    return here.replace(minute=here.minute // 15 * 15, second=0, microsecond=0) + timedelta(days=days)


class FollowUpDialog(CareDialog):
    """How is it going? What the person said (Q16, Q20)."""

    def __init__(self, parent: QWidget | None, *, file: CaseFile) -> None:
        super().__init__(
            _("Follow-up with {name}").format(name=words.person(file)), parent, yes=_("Done"), icon="message-circle",
            text=_("What did they say when you asked how it is going?"),
        )  # fmt: skip
        self._mark = file.case.satisfaction
        self.happy = Satisfaction()
        self.happy.show_mark(self._mark, locked=False)
        self.happy.chosen.connect(self._chosen)
        self.body.addWidget(self.happy)
        self.note = TextField(lines=3, placeholder=_("In their words; may stay empty"))
        self.put(_("Note"), self.note)

    def mark(self) -> int | None:
        """1 to 5, None when nobody said."""
        return self._mark

    def _chosen(self, mark: int) -> None:
        self._mark = mark
        self.happy.show_mark(mark, locked=False)


class CloseDialog(CareDialog):
    """How it ended (Q4, Q5, Q19)."""

    def __init__(self, parent: QWidget | None, *, file: CaseFile) -> None:
        case = file.case
        super().__init__(
            _("Close case {number}").format(number=case.number), parent, yes=_("Close the case"), icon="archive",
            text=_("How did it end?"), width=480,
        )  # fmt: skip
        self._group = QButtonGroup(self)
        self._keys: list[Outcome] = []
        solved = case.solved_at is not None
        usual = _usual_end(file)
        fitting = sorted(words.OUTCOMES, key=lambda each: not (solved or each in WITHOUT_SOLUTION))
        for place, outcome in enumerate(fitting):
            fits = solved or outcome in WITHOUT_SOLUTION
            note = words.OUTCOMES[outcome][2]
            radio = QRadioButton(outcome_word(outcome))
            radio.setEnabled(fits)
            radio.setChecked(outcome is usual)
            why = _(note) if fits else _("Needs a solution first.")
            radio.setAccessibleDescription(why)
            told = PlainLabel(why, role="small", color="text_muted", wrap=True)
            told.setContentsMargins(28, 0, 0, 0)
            self._keys.append(outcome)
            self._group.addButton(radio, place)
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(radio)
            pair.addWidget(told)
            self.body.addLayout(pair)
        self._group.idToggled.connect(lambda *_which: self._fit())
        self._fit()

    def outcome(self) -> str:
        """The chosen end."""
        place = self._group.checkedId()
        return self._keys[place].value if place >= 0 else ""

    def _fit(self) -> None:
        self.yes.setEnabled(bool(self.outcome()))


def _usual_end(file: CaseFile) -> Outcome | None:
    case = file.case
    if case.valid is False:
        return Outcome.NOT_VALID
    if case.solvable is False:
        return Outcome.HEARD
    if case.solved_at is None:
        return None
    if case.satisfaction is not None and case.satisfaction <= 2:
        return Outcome.LOST
    return Outcome.SATISFIED


class CallDialog(CareDialog):
    """A phone call, written down by hand (R8)."""

    def __init__(self, parent: QWidget | None, *, who: str, now: datetime) -> None:
        super().__init__(
            _("Log a call"), parent, yes=_("Log it"), icon="phone",
            text=_("It stands in the same history as the messages. Nobody outside sees it."),
        )  # fmt: skip
        self.direction = SegmentedControl(
            [("in", _("{name} called").format(name=who)), ("out", _("We called"))], name=_("Who called"),
            icons_by_key={"in": "phone-incoming", "out": "phone-outgoing"},
        )  # fmt: skip
        self.body.addWidget(self.direction)
        self.text = TextField(lines=4, placeholder=_("What was said and agreed"))
        self.put(_("What was said"), self.text, needed=_("Write in a sentence what was said."))
        here = now.astimezone().replace(second=0, microsecond=0)
        self.when = WhenField([(_("Just now"), here)], value=here, name=_("When"))
        self.put(_("When"), self.when)
        self.text.setFocus()
