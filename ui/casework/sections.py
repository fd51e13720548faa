"""What to know and to do in a case: earlier ones, the judgement, the steps, what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QMenu, QVBoxLayout, QWidget

from cmdesk.care.values import Case, CaseState, Decision, Protocol
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from ui.casework import words
from ui.casework.rows import AskRow, LinkRow, StepRow
from ui.casework.section import Section, clear
from ui.models.cases import CaseView
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout, PlainLabel, SegmentedControl
from ui.widgets.times import relative

_FEW = 3


class EarlierSection(Section):
    """Earlier cases of the same person, in view before one answers (Q11)."""

    def __init__(self) -> None:
        super().__init__(_("Earlier cases"))
        self._shape: tuple[Case, ...] = ()

    def fill(self, view: CaseView, now: datetime) -> None:
        """Show those of the case's person; seen from an old case, some are newer."""
        case = view.file.case
        newer = any(each.opened_at > case.opened_at for each in view.file.earlier)
        self.set_title(_("Other cases") if newer else _("Earlier cases"))
        self.show_earlier(view.file.earlier, now)

    def show_earlier(self, earlier: Sequence[Case], now: datetime) -> None:
        """Show a person's earlier cases, newest first."""
        self.setVisible(bool(earlier))
        self.set_summary(str(len(earlier)), "accent")
        if tuple(earlier) == self._shape:
            return
        self._shape = tuple(earlier)
        clear(self.body)
        for case in earlier[:8]:
            text, icon, tone = words.ending(case)
            told = " · ".join((words.number(case), text, relative(case.closed_at or case.opened_at, now)))
            row = LinkRow(icon, tone, words.what(case), told)
            row.clicked.connect(lambda found=case.id: self.act.emit("show_case", found))
            self.body.addWidget(row)
            row.show()

    def wants_open(self, view: CaseView) -> bool:
        """Before the first step is done, and never when there are many."""
        file = view.file
        return file.case.state is CaseState.OPEN and not file.case.steps and len(file.earlier) <= _FEW


class JudgementSection(Section):
    """Cause, valid or not, solvable or only to be heard, and who decides (Q4, Q5, Q9, Q10)."""

    def __init__(self) -> None:
        super().__init__(_("Judgement"))
        self._causes: tuple[str, ...] = ()
        self._cause = ""
        self._quiet = self._typing = False
        self.cause = QComboBox()
        self.cause.setEditable(True)
        self.cause.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.cause.setAccessibleName(_("Cause of the complaint"))
        self.cause.setProperty("case_key", "cause")
        self.cause.setMinimumContentsLength(8)
        self.cause.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = self.cause.lineEdit()
        if line is not None:
            line.setPlaceholderText(_("Choose or write a cause"))
            line.editingFinished.connect(self._cause_said)
            line.textEdited.connect(self._cause_typed)
        self.cause.activated.connect(lambda _place: self._cause_said())
        not_yet = _("Not yet")
        self.valid = SegmentedControl(
            [("yes", _("Yes")), ("no", _("No")), ("", not_yet)], name=_("Is the complaint valid?")
        )
        self.solvable = SegmentedControl(
            [("yes", _("Yes")), ("no", _("Only heard")), ("", not_yet)], name=_("Can it still be solved?")
        )
        self.decides = SegmentedControl(
            [(Decision.ALONE.value, _("Me")), (Decision.CLIENT.value, _("The client")), ("", not_yet)],
            name=_("Who decides what is offered?"),
        )
        self.note = PlainLabel(role="small", color="text_muted", wrap=True)
        self._put(_("Cause"), self.cause)
        self._put(_("Is it valid?"), self.valid)
        self._put(_("Can it be solved?"), self.solvable)
        self._put(_("Who decides?"), self.decides)
        self.body.addWidget(self.note)
        self.valid.changed.connect(lambda key: self._judge(valid=_YES_NO[key]))
        self.solvable.changed.connect(lambda key: self._judge(solvable=_YES_NO[key]))
        self.decides.changed.connect(lambda key: self._judge(decision=key))

    def _put(self, label: str, editor: QWidget) -> None:
        row = QVBoxLayout()
        row.setSpacing(3)
        row.addWidget(PlainLabel(label, role="small", color="text_muted"))
        row.addWidget(editor)
        self.body.addLayout(row)

    def fill(self, view: CaseView, now: datetime) -> None:
        """The stored judgement; a cause being typed stays."""
        case = view.file.case
        if not self._typing and (view.care.causes != self._causes or self.cause.currentText() != case.cause):
            self._quiet = True
            self._causes = view.care.causes
            self.cause.clear()
            self.cause.addItems([clean_line(each, limit=80) for each in view.care.causes])
            self.cause.setEditText(clean_line(case.cause, limit=80))
            self._quiet = False
        self._cause = clean_line(case.cause, limit=80)
        self.valid.set_current(_key(case.valid))
        self.solvable.set_current(_key(case.solvable))
        self.decides.set_current(case.decision)
        self.note.setText(_authority_line(view))
        self.note.set_role("small", "warning" if view.above_authority and view.alone else "text_muted")
        closed = case.state is CaseState.CLOSED
        for editor in (self.cause, self.valid, self.solvable, self.decides):
            editor.setEnabled(not closed)
        self.set_summary(_judged(case), "neutral" if case.cause else "warning")

    def wants_open(self, view: CaseView) -> bool:
        """Until it is judged."""
        case = view.file.case
        return case.state is CaseState.OPEN and not case.cause

    def forget(self) -> None:
        """What was typed is not the cause of another case."""
        self._typing = False

    def _cause_typed(self) -> None:
        self._typing = True

    def _cause_said(self) -> None:
        text = self.cause.currentText().strip()
        self._typing = False
        if not self._quiet and text != self._cause:
            self._cause = text
            self._judge(cause=text)

    def _judge(self, **fields: object) -> None:
        self.act.emit("set", fields)


_YES_NO = {"yes": True, "no": False, "": None}


def _key(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _judged(case: Case) -> str:
    parts = [clean_line(case.cause, limit=40) or _("cause missing")]
    if case.valid is not None:
        parts.append(_("valid") if case.valid else _("not valid"))
    if case.solvable is False:
        parts.append(_("only heard"))
    return " · ".join(parts)


def _authority_line(view: CaseView) -> str:
    """What may be decided alone, and whether what was given exceeds it (Q9)."""
    authority = view.care.authority
    ceiling = words.money(authority.ceiling_cents, authority.currency)
    if view.above_authority:
        return _("What was given is more than you may decide alone ({ceiling}): ask the client.").format(
            ceiling=ceiling
        )
    if not authority.ceiling_cents:
        text = _("What costs money is for the client to decide.")
    else:
        text = _("You may decide alone up to {ceiling} a case.").format(ceiling=ceiling)
    notes = clean_line(authority.notes, limit=200)
    return f"{text} {notes}" if notes else text


class StepsSection(Section):
    """The protocol chosen and its steps as a checklist (Q1-Q3, N6)."""

    def __init__(self) -> None:
        super().__init__(_("Steps"))
        self._shape: tuple[str, tuple[str, ...]] = ("", ())
        self._protocols: tuple[Protocol, ...] = ()
        self._rows: list[StepRow] = []
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(_("Protocol"))
        self.chooser.setProperty("case_key", "protocol")
        self.chooser.setMinimumContentsLength(8)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.activated.connect(self._chosen)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self.body.addWidget(self.chooser)
        self.body.addLayout(self._list)

    def fill(self, view: CaseView, now: datetime) -> None:
        """The steps with what is done; boxes are kept while the protocol stays."""
        case, protocol = view.file.case, view.protocol
        if view.care.protocols != self._protocols:
            self._protocols = view.care.protocols
            self.chooser.clear()
            for each in view.care.protocols:
                self.chooser.addItem(words.in_language(each.names), each.key)
        self.chooser.setCurrentIndex(self.chooser.findData(protocol.key) if protocol is not None else -1)
        locked = case.state is CaseState.CLOSED
        self.chooser.setEnabled(not locked)
        self.chooser.setVisible(len(view.care.protocols) > 1)
        steps = protocol.steps if protocol is not None else ()
        shape = (protocol.key if protocol is not None else "", tuple(words.in_language(each.texts) for each in steps))
        if shape != self._shape:
            self._shape = shape
            clear(self._list)
            self._rows = []
            for step, text in zip(steps, shape[1], strict=True):
                row = StepRow(step.key, clean_line(text, limit=300))
                row.ticked.connect(lambda key, on: self.act.emit("tick", (key, on)))
                self._rows.append(row)
                self._list.addWidget(row)
                row.show()
        done = 0
        for row in self._rows:
            at = case.steps.get(row.key)
            done += at is not None
            row.show_state(at, now, locked=locked)
        text = _("{done} of {count}").format(done=done, count=len(self._rows))
        self.set_summary(text, "positive" if self._rows and done == len(self._rows) else "neutral")

    def wants_open(self, view: CaseView) -> bool:
        """While there is something to do oneself."""
        protocol = view.protocol
        done = protocol is not None and all(step.key in view.file.case.steps for step in protocol.steps)
        return view.file.case.state is CaseState.OPEN and not done

    def _chosen(self, place: int) -> None:
        self.act.emit("set", {"protocol": self.chooser.itemData(place)})


class AskSection(Section):
    """What has to be asked of the person, and what they answered."""

    def __init__(self) -> None:
        super().__init__(_("To ask"))
        self._rows: dict[str, AskRow] = {}
        self._info: dict[str, str] = {}
        self._whole = False
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.body.addLayout(self._list)
        self.rest = Button("", size="small", variant="link")
        self.rest.setProperty("case_key", "ask:rest")
        self.rest.clicked.connect(self._show_whole)
        self.body.addWidget(self.rest, 0, Qt.AlignmentFlag.AlignLeft)
        line = QWidget()
        flow = FlowLayout(line, gap=Space.XS)
        self.copy = Button(_("Into the reply"), size="small", icon="reply")
        self.copy.setProperty("case_key", "ask:copy")
        self.copy.setAccessibleName(_("Put the open questions into the reply"))
        self.add = Button(_("Question…"), size="small", variant="ghost", icon="plus")
        self.add.setProperty("case_key", "ask:add")
        flow.addWidget(self.copy)
        flow.addWidget(self.add)
        self.body.addWidget(line)
        self.copy.clicked.connect(self._choose)
        self.add.clicked.connect(lambda: self.act.emit("add_question", None))

    def fill(self, view: CaseView, now: datetime) -> None:
        """One field a question; a field a person types in is left alone."""
        case = view.file.case
        known = [each.key for each in view.care.questions if each.key in case.info]
        info = {key: case.info[key] for key in (*known, *(each for each in case.info if each not in known))}
        if list(info) != list(self._rows):
            clear(self._list)
            self._rows = {}
            for key in info:
                row = AskRow(key, words.question(view, key))
                row.answered.connect(self._answered)
                self._rows[key] = row
                self._list.addWidget(row)
        self._info = info
        locked = case.state is CaseState.CLOSED
        for key, row in self._rows.items():
            row.show_answer(info[key], locked=locked)
        waiting = sum(not answer for answer in info.values())
        self._fold_rest()
        self.copy.setEnabled(waiting > 0 and case.conversation_id is not None)
        self.add.setVisible(not locked)
        self.copy.setVisible(bool(info) and not locked)
        text = ngettext("{count} open", "{count} open", waiting).format(count=waiting) if waiting else ""
        tone = "warning" if waiting and not locked else "neutral"
        self.set_summary(text or (_("all known") if info else _("nothing")), tone)

    def wants_open(self, view: CaseView) -> bool:
        """While a question is open and it is our turn; the judgement comes first."""
        case = view.file.case
        return case.state is CaseState.OPEN and bool(case.cause) and any(not each for each in case.info.values())

    def open_questions(self) -> list[str]:
        """The keys of the questions without an answer."""
        return [key for key, answer in self._info.items() if not answer]

    def forget(self) -> None:
        """Another case begins with its first questions."""
        self._whole = False

    def _show_whole(self) -> None:
        """All questions."""
        self._whole = True
        self._fold_rest()
        hidden = [row for key, row in self._rows.items() if not self._info[key]][_FEW:]
        if hidden:
            hidden[0].field.setFocus()

    def _fold_rest(self) -> None:
        """The first open questions, and a button for the others: a wall of fields helps nobody."""
        waiting = [row for key, row in self._rows.items() if not self._info[key]]
        shown = waiting if self._whole or len(waiting) <= _FEW + 1 else waiting[:_FEW]
        for key, row in self._rows.items():
            row.setVisible(bool(self._info[key]) or row in shown or row.field.hasFocus())
        count = len(waiting) - len(shown)
        self.rest.setText(ngettext("{count} more question", "{count} more questions", count).format(count=count))
        self.rest.setVisible(count > 0)

    def _choose(self) -> None:
        """Which of the open ones: who asks for everything at once interrogates (Q6)."""
        keys = self.open_questions()
        if len(keys) == 1:
            self.act.emit("ask_in_reply", keys)
            return
        menu = QMenu(self)
        menu.setAccessibleName(_("What to ask for"))
        for key in keys:
            name = self._rows[key].field.accessibleName().replace("&", "&&")
            menu.addAction(name).triggered.connect(lambda _on=False, each=key: self.act.emit("ask_in_reply", [each]))
        menu.addSeparator()
        every = menu.addAction(_("All of these"))
        every.triggered.connect(lambda: self.act.emit("ask_in_reply", keys))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.copy.mapToGlobal(self.copy.rect().bottomLeft()))

    def flush(self) -> None:
        """Store what is being typed."""
        for row in self._rows.values():
            row.flush()

    def _answered(self, key: str, text: str) -> None:
        self._info = {**self._info, key: text}
        self.act.emit("set", {"info": dict(self._info)})
