"""What happened with a person: conversations, cases, what was given, what they wished for, circles they came into."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.care.case_words import compensation_word
from cmdesk.care.values import Case, Compensation, Wish
from cmdesk.i18n import N_, _, ngettext
from cmdesk.model import Conversation
from cmdesk.safe_text import clean_line
from ui.casework import words as case_words
from ui.casework.fold import Fold
from ui.casework.rows import LinkRow
from ui.models.person import Person
from ui.people.conversations import STATES, preview, state_text
from ui.people.profiles import clear
from ui.widgets import Button, PlainLabel
from ui.widgets.times import moment, relative, spoken

WISHES = {
    "wish": (N_("Wish"), "star", "accent"),
    "idea": (N_("Idea"), "lightbulb", "warning"),
    "taste": (N_("Taste"), "heart", "info"),
    "praise": (N_("Praise"), "thumbs-up", "positive"),
}
"""Word, icon and tone of each kind of wish."""

_WHY = {
    "hand": N_("by hand"), "rule": N_("by the rule"), "import": N_("by a file"), "merge": N_("by merging"),
    "forget": N_("by forgetting"),
}  # fmt: skip


class History(QWidget):
    """Earlier conversations open; cases, compensations, wishes and circles behind their heads."""

    act = Signal(str, object)
    conversation_wanted = Signal(int)
    case_wanted = Signal(int)
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.head = PlainLabel(role="caption_strong", color="text_muted")
        self._earlier = QVBoxLayout()
        self._earlier.setSpacing(1)
        self.all_button = Button(_("See all"), variant="link", size="small")
        self.all_button.clicked.connect(self.all_wanted)
        self.cases, self.given = Fold(_("Cases")), Fold(_("Given as something more"))
        self.wishes, self.circles = Fold(_("Wishes and tastes")), Fold(_("Circles, in and out"))
        self.add_wish = Button(_("Add…"), variant="link", size="small", icon="plus")
        self.add_wish.clicked.connect(lambda: self.act.emit("wish", None))
        column.addWidget(self.head)
        column.addLayout(self._earlier)
        column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._lists: dict[Fold, QVBoxLayout] = {}
        for fold in (self.cases, self.given, self.wishes, self.circles):
            rows = QVBoxLayout()
            rows.setSpacing(1)
            fold.body.addLayout(rows)
            self._lists[fold] = rows
            column.addWidget(fold)
        self.wishes.body.addWidget(self.add_wish, 0, Qt.AlignmentFlag.AlignLeft)

    def show_person(self, person: Person, now: datetime) -> None:
        """Show it all."""
        self.head.setText(_("Earlier conversations") if person.earlier else _("No other conversation"))
        clear(self._earlier)
        for conversation in person.earlier:
            row = _conversation(conversation, now)
            row.clicked.connect(lambda found=conversation.id: self.conversation_wanted.emit(found))
            self._earlier.addWidget(row)
        self.all_button.setVisible(person.more)
        for fold in (self.cases, self.given, self.wishes, self.circles):
            clear(self._lists[fold])
        for case in person.cases:
            line = _case(case, now)
            line.clicked.connect(lambda found=case.id: self.case_wanted.emit(found))
            self._lists[self.cases].addWidget(line)
        open_cases = sum(1 for each in person.cases if each.closed_at is None)
        told = ngettext("{count} open", "{count} open", open_cases).format(count=open_cases) if open_cases else ""
        self.cases.set_summary(told or _number(len(person.cases)), "warning" if open_cases else "neutral")
        for given in person.given:
            gift = _given(given, now)
            gift.clicked.connect(lambda found=given.case_id: self.case_wanted.emit(found))
            self._lists[self.given].addWidget(gift)
        self.given.set_summary(_total(person.given))
        for wish in person.wishes:
            heard = _wish(wish, now)
            if wish.conversation_id is not None:
                heard.clicked.connect(lambda found=wish.conversation_id: self.conversation_wanted.emit(found))
            self._lists[self.wishes].addWidget(heard)
        self.wishes.set_summary(_number(len(person.wishes)))
        for name, event in person.events:
            word = _("Came into “{circle}”") if event.joined else _("Left “{circle}”")
            why = _(_WHY.get(event.why, N_("by the rule")))
            icon, tone = ("plus", "positive") if event.joined else ("minus", "neutral")
            text = word.format(circle=clean_line(name, limit=60))
            self._lists[self.circles].addWidget(LinkRow(icon, tone, text, f"{why} · {moment(event.at, now)}"))
        self.circles.set_summary(_number(len(person.events)))
        self.cases.setVisible(bool(person.cases))
        self.given.setVisible(bool(person.given))
        self.circles.setVisible(bool(person.events))


def _number(count: int) -> str:
    return str(count) if count else ""


def _conversation(conversation: Conversation, now: datetime) -> LinkRow:
    """What it was about, how it ended, when."""
    icon, tone = STATES[conversation.state]
    text = preview(conversation.preview) or _("(no text)")
    state = state_text(conversation, now)
    row = LinkRow(icon, tone, text, f"{state} · {relative(conversation.last_at, now)}")
    row.setAccessibleName(f"{state}, {spoken(conversation.last_at, now)}: {text}")
    return row


def _case(case: Case, now: datetime) -> LinkRow:
    state, icon, tone = case_words.ending(case)
    told = f"{case_words.number(case)} · {state} · {relative(case.opened_at, now)}"
    return LinkRow(icon, tone, case_words.what(case), told)


def _given(given: Compensation, now: datetime) -> LinkRow:
    text = clean_line(given.detail, limit=160) or compensation_word(given.kind)
    cost = case_words.money(given.cost_cents, given.currency) if given.cost_cents else ""
    told = " · ".join(part for part in (compensation_word(given.kind), cost, relative(given.at, now)) if part)
    return LinkRow("gift", "accent", text, told)


def _total(given: tuple[Compensation, ...]) -> str:
    sums: dict[str, int] = {}
    for each in given:
        sums[each.currency] = sums.get(each.currency, 0) + each.cost_cents
    return " + ".join(case_words.money(cents, currency) for currency, cents in sums.items() if cents)


def _wish(wish: Wish, now: datetime) -> LinkRow:
    word, icon, tone = WISHES.get(wish.kind, WISHES["idea"])
    handed = _("handed over") if wish.handed_at else ""
    told = " · ".join(part for part in (_(word), relative(wish.at, now), handed) if part)
    return LinkRow(icon, tone, clean_line(wish.text, limit=240), told)
