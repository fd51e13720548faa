"""What came of a case: something more that was given, the solution, how happy the person is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.case_words import compensation_word, outcome_word
from cmdesk.care.values import CaseState
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line, safe_body
from ui.casework import words
from ui.casework.section import Section, clear
from ui.models.cases import CaseView
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, SegmentedControl
from ui.widgets.times import moment


class GivenSection(Section):
    """Something more: what was given and what it cost (Q3, Q8)."""

    def __init__(self) -> None:
        super().__init__(_("Something more"))
        self._shape: object = None
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self.body.addLayout(self._list)
        self.add = Button(_("Something more…"), size="small", variant="ghost", icon="gift")
        self.add.setProperty("case_key", "give")
        self.add.clicked.connect(lambda: self.act.emit("compensate", None))
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def fill(self, view: CaseView, now: datetime) -> None:
        """What was given."""
        given = view.file.compensations
        locked = view.file.case.state is CaseState.CLOSED
        self.setVisible(bool(given) or not locked)
        self.add.setVisible(not locked)
        self.set_summary(words.total(view.file) or _("nothing"))
        if (given, locked) == self._shape:
            return
        self._shape = (given, locked)
        clear(self._list)
        for each in given:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(Space.S)
            name = compensation_word(each.kind)
            detail = clean_line(each.detail, limit=120)
            text = QVBoxLayout()
            text.setSpacing(0)
            text.addWidget(PlainLabel(detail or name, elide=True))
            told = f"{name} · {moment(each.at, now)}" if detail else moment(each.at, now)
            text.addWidget(PlainLabel(told, role="caption", color="text_muted", elide=True))
            line.addLayout(text, 1)
            line.addWidget(PlainLabel(words.money(each.cost_cents, each.currency), role="body_medium"))
            if not locked:
                drop = IconButton("x", _("Remove: {what}").format(what=detail or name), size=14)
                drop.clicked.connect(lambda _checked=False, found=each: self.act.emit("uncompensate", found))
                line.addWidget(drop)
            self._list.addWidget(row)
            row.show()

    def wants_open(self, view: CaseView) -> bool:
        """When something was given."""
        return bool(view.file.compensations) and view.file.case.state is CaseState.OPEN


class SolutionSection(Section):
    """How it was solved, when one asks again, how happy the person is, how it ended (Q16, Q17, Q20)."""

    def __init__(self) -> None:
        super().__init__(_("Solution"))
        self.text = PlainLabel(wrap=True, selectable=True)
        self.facts = PlainLabel(role="small", color="text_muted", wrap=True)
        self.happy = Satisfaction()
        self.happy.chosen.connect(lambda mark: self.act.emit("set", {"satisfaction": mark}))
        self.body.addWidget(self.text)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.happy)

    def fill(self, view: CaseView, now: datetime) -> None:
        """Only a case that was solved once has it."""
        case = view.file.case
        self.setVisible(bool(case.solution or case.solved_at or case.outcome))
        self.text.setText(safe_body(case.solution, limit=600).strip())
        self.text.setVisible(bool(case.solution.strip()))
        facts: list[str] = []
        if case.solved_at is not None:
            facts.append(_("Solved {when}").format(when=moment(case.solved_at, now)))
        if case.followed_up_at is not None:
            facts.append(_("Followed up {when}").format(when=moment(case.followed_up_at, now)))
        elif case.follow_up_at is not None and case.state is not CaseState.CLOSED:
            facts.append(_("Follow-up {when}").format(when=moment(case.follow_up_at, now)))
        if case.closed_at is not None:
            facts.append(_("Closed {when}").format(when=moment(case.closed_at, now)))
        self.facts.setText("\n".join(facts))
        self.facts.setVisible(bool(facts))
        self.happy.show_mark(case.satisfaction, locked=case.state is CaseState.CLOSED)
        self.happy.setVisible(case.state is CaseState.SOLVED or case.satisfaction is not None)
        self.set_summary(outcome_word(case.outcome) if case.outcome else "", "positive")

    def wants_open(self, view: CaseView) -> bool:
        """From the solution on."""
        return view.file.case.state in (CaseState.SOLVED, CaseState.CLOSED)


class Satisfaction(QWidget):
    """Five faces' worth of happiness as a row of numbers with their word beside it."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.choice = SegmentedControl([(str(n), str(n)) for n in range(1, 6)], name=_("Satisfaction"))
        for place, part in enumerate(self.choice.findChildren(QWidget, "segment")):
            part.setAccessibleName(f"{place + 1}: {_(words.SATISFACTION[place])}")
        self._word = PlainLabel(role="small", color="text_muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_("Satisfaction"), role="small", color="text_muted"))
        head.addStretch(1)
        head.addWidget(self._word)
        layout.addLayout(head)
        layout.addWidget(self.choice)
        self.choice.changed.connect(lambda key: self.chosen.emit(int(key)))
        self.show_mark(None, locked=False)

    def show_mark(self, mark: int | None, *, locked: bool) -> None:
        """The mark given, None for none."""
        self.choice.clear_choice() if mark is None else self.choice.set_current(str(mark))
        self._word.setText(_(words.SATISFACTION[mark - 1]) if mark else "")
        self.choice.setEnabled(not locked)
