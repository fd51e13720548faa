"""A case on 280 px: what waits on top, then what to do, and everything else folded to one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cmdesk.care.values import Case, CaseFile, CaseState, Promise, PublicClose, Referral
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line, safe_body
from ui import icons
from ui.casework import words
from ui.casework.rows import OpenThing
from ui.casework.section import clear, order_tabs
from ui.casework.sections import AskSection, EarlierSection, JudgementSection, StepsSection
from ui.casework.solution import GivenSection, SolutionSection
from ui.models.cases import CaseView
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, FlowLayout, IconButton, PlainLabel
from ui.widgets.buttons import Variant
from ui.widgets.times import moment

_CLOCK_MS = 30_000


class CasePanel(QWidget):
    """Shows a `CaseView`, or that there is no case; decides nothing, tells with `act(name, value)` what is wanted.

    Names and values: open, refer, promise, compensate, solve, follow_up, close, reopen, call, sheet, rename,
    add_question, public_close, public_not_needed (None) · set ({field: value}) · tick ((step, on)) · keep, move,
    withdraw (Promise) · answer, remind (Referral) · uncompensate (Compensation) · ask_in_reply ([question key]) ·
    show_case (case id).
    """

    act = Signal(str, object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._view: CaseView | None = None
        self._waiting: dict[str, OpenThing] = {}
        self._values: dict[str, object] = {}
        self._buttons: tuple[str, ...] = ()
        self._build()
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.setAccessibleName(_("Case"))
        self.show_nothing()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.open_button = Button(_("Open a case…"), size="small", icon="clipboard-list", tip=_("Open a case") + "  C")
        self.open_button.clicked.connect(lambda: self.act.emit("open", None))
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._inside = QWidget()
        layout.addWidget(self._inside)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self.title = PlainLabel(role="body_strong", elide=True)
        self.state = Chip("")
        self.more = IconButton("ellipsis", _("More about this case"))
        self.more.clicked.connect(self._menu)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        head.addWidget(self.more)
        column.addLayout(head)
        self.about = PlainLabel(wrap=True, selectable=True)
        self.told = PlainLabel(role="small", color="text_muted", wrap=True)
        column.addWidget(self.about)
        column.addWidget(self.told)
        self._open_things = QVBoxLayout()
        self._open_things.setSpacing(Space.XS + 2)
        column.addLayout(self._open_things)
        self.earlier = EarlierSection()
        self.judgement = JudgementSection()
        self.steps = StepsSection()
        self.ask = AskSection()
        self.given = GivenSection()
        self.solution = SolutionSection()
        self.sections = (self.earlier, self.judgement, self.steps, self.ask, self.given, self.solution)
        folds = QVBoxLayout()
        folds.setSpacing(2)
        for section in self.sections:
            section.act.connect(self.act.emit)
            folds.addWidget(section)
        self.advice = PlainLabel(role="small", color="text_muted", wrap=True)
        self.locked = PlainLabel(role="small", color="warning", wrap=True)
        self._foot = QWidget()
        self._foot_flow = FlowLayout(self._foot, gap=Space.XS + 2)
        for part in (self.advice, self._foot, self.locked):
            layout.addWidget(part)
        layout.addLayout(folds)

    # Showing

    def view(self) -> CaseView | None:
        """What is shown."""
        return self._view

    def show_nothing(self, earlier: Sequence[Case] = (), *, can_open: bool = False) -> None:
        """No case: a person's earlier ones, and a button to open one where that makes sense."""
        self.flush()
        self._view = None
        self._inside.hide()
        self.open_button.setVisible(can_open)
        for section in self.sections:
            section.hide()
        for part in (self.advice, self.locked, self._foot):
            part.hide()
        if earlier:
            self.earlier.show_earlier(earlier, self._now())
            self.earlier.set_open(len(earlier) <= 3)
        self.setVisible(can_open or bool(earlier))

    def show_case(self, view: CaseView) -> None:
        """Show a case; the field or button a person is at keeps the keyboard."""
        if self._view is not None and self._view.file.case.id != view.file.case.id:
            self.flush()
        held, now = self._held(), self._now()
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.hide()  # what is built unseen is laid out once, not piece by piece
        self._view = view
        file, case = view.file, view.file.case
        self.open_button.hide()
        self._inside.show()
        self.title.setText(words.number(case))
        text, icon, tone = words.ending(case)
        self.state.set_text(text, tone=tone, icon=icon)
        self.about.setText(clean_line(case.title, limit=300))
        self.about.setVisible(bool(case.title.strip()))
        told = self._told(case, now)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self._show_waiting(file, now)
        for section in self.sections:
            section.setVisible(True)
            section.show_case(view, now)
        advice = "" if self._waiting else words.advice(file, now)
        self.advice.setText(_("Next: {what}").format(what=advice) if advice else "")
        self.advice.setVisible(bool(advice))
        why = words.forbids_closing(file) if case.state is CaseState.SOLVED else ""
        self.locked.setText(why)
        self.locked.setVisible(bool(why))
        self._show_buttons(file)
        layout = self.layout()
        if layout is not None:
            order_tabs(layout)
        self.show()
        self._give_back(held)

    def focus_first(self) -> None:
        """Give the keyboard to what comes first: a thing that waits, else the usual next deed."""
        for home in (*self._waiting.values(), self._foot):
            for each in home.findChildren(Button):
                if each.isVisibleTo(self) and each.isEnabled():
                    each.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    return
        self.more.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def flush(self) -> None:
        """Tell what is being typed."""
        if self._view is not None:
            self.ask.flush()

    def _tick(self) -> None:
        """Times move on."""
        if self._view is not None and self.isVisible():
            self.show_case(self._view)

    @staticmethod
    def _told(case: Case, now: datetime) -> str:
        parts: list[str] = []
        if case.state is not CaseState.CLOSED:
            parts.append(_("opened {when}").format(when=moment(case.opened_at, now)))
        if case.anticipated:
            parts.append(_("we wrote first"))
        if case.private_at is not None:
            parts.append(_("went private"))
        if case.solve_due_at is not None and case.state in (CaseState.OPEN, CaseState.CLIENT):
            parts.append(_("solution due {when}").format(when=moment(case.solve_due_at, now)))
        text = " · ".join(parts)
        return text[:1].upper() + text[1:]

    # What waits

    def _show_waiting(self, file: CaseFile, now: datetime) -> None:
        wanted = self._wanted(file)
        if list(wanted) != list(self._waiting):
            clear(self._open_things)
            self._waiting = {}
            for key, (_value, buttons) in wanted.items():
                thing = OpenThing(key, buttons)
                thing.act.connect(lambda name, each=key: self.act.emit(name, self._values[each]))
                self._waiting[key] = thing
                self._open_things.addWidget(thing)
                thing.show()  # at once: Qt would show it a turn later, and the panel would flicker
        self._values = {key: value for key, (value, _buttons) in wanted.items()}
        for key, (value, _buttons) in wanted.items():
            self._describe(self._waiting[key], key, value, file, now)

    def _wanted(self, file: CaseFile) -> dict[str, tuple[object, tuple[tuple[str, str, bool], ...]]]:
        """What is open, most pressing first: key → value and buttons."""
        found: dict[str, tuple[object, tuple[tuple[str, str, bool], ...]]] = {}
        case = file.case
        for promise in sorted(file.open_promises, key=lambda each: each.due_at):
            buttons = (
                ("keep", _("Kept"), True), ("move", _("Move…"), False), ("withdraw", _("Withdraw"), False),
            )  # fmt: skip
            found[f"promise:{promise.id}"] = (promise, buttons)
        for referral in file.referrals:
            if referral.answered_at is None:
                answers = (("answer", _("Answer…"), True), ("remind", _("Remind…"), False))
                found[f"referral:{referral.id}"] = (referral, answers)
        if case.public_close is PublicClose.WANTED:
            found["public"] = (
                None,
                (("public_close", _("Write it"), True), ("public_not_needed", _("Not needed"), False)),
            )
        if case.state is CaseState.SOLVED and case.follow_up_at is not None and case.followed_up_at is None:
            found["follow_up"] = (None, ())
        return found

    @staticmethod
    def _describe(thing: OpenThing, key: str, value: object, file: CaseFile, now: datetime) -> None:
        if isinstance(value, Promise):
            when, tone = words.due(value.due_at, now)
            thing.show_state("handshake", clean_line(value.text, limit=200), when, tone)
        elif isinstance(value, Referral):
            who = clean_line(value.who, limit=60) or _("the client")
            when, tone = words.due(value.due_at, now) if value.due_at else ("", "info")
            told = _("asked {when}").format(when=moment(value.sent_at, now))
            if value.reminded:
                times = ngettext("reminded once", "reminded {count} times", value.reminded)
                told = f"{told}, {times.format(count=value.reminded)}"
            more = f"{safe_body(value.asked, limit=200).strip()}\n{told}"
            what = _("Waiting for {who}").format(who=who)
            thing.show_state("hourglass", what, when, tone if tone != "neutral" else "info", more=more)
        elif key == "follow_up" and file.case.follow_up_at is not None:
            at = file.case.follow_up_at
            tone = "warning" if at <= now else "neutral"
            thing.show_state("message-circle", _("Ask how it is going"), moment(at, now), tone)
        else:
            told = _("It began in public and was solved in private: others should see how.")
            thing.show_state("globe", _("Closing comment in public"), "", "info", more=told)

    # Buttons

    def _show_buttons(self, file: CaseFile) -> None:
        wanted = _foot(file)
        self._foot.setVisible(bool(wanted))
        blocked = bool(words.forbids_closing(file))
        keys = tuple(f"{name}:{variant}:{blocked}" for name, _text, variant in wanted)
        if keys == self._buttons:
            return
        self._buttons = keys
        self._foot_flow.clear()
        for name, text, variant in wanted:
            made = Button(text, size="small", variant=variant)
            made.setProperty("case_key", f"foot:{name}")
            made.setEnabled(not (blocked and name == "close"))
            made.clicked.connect(lambda _checked=False, each=name: self.act.emit(each, None))
            self._foot_flow.addWidget(made)
            made.show()

    def menu_entries(self) -> list[tuple[str, str, str]]:
        """Name, text and icon of what the menu offers now; "" for a line between."""
        if self._view is None:
            return []
        case = self._view.file.case
        rows: list[tuple[str, str, str]] = [
            ("sheet", _("Case sheet…"), "file-text"),
            ("rename", _("Change the title…"), "pencil"),
            ("call", _("Log a call…"), "phone"),
        ]
        if case.state is not CaseState.CLOSED:
            rows += [
                ("", "", ""),
                ("refer", _("Refer to the client…"), "forward"),
                ("promise", _("Promise…"), "handshake"),
                ("compensate", _("Something more…"), "gift"),
                ("solve", _("Solve…"), "circle-check"),
                ("close", _("Close…"), "archive"),
            ]
        if case.state in (CaseState.SOLVED, CaseState.CLOSED):
            rows += [("", "", ""), ("reopen", _("Open again"), "rotate-ccw")]
        return rows

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(_("More about this case"))
        blocked = self._view is not None and bool(words.forbids_closing(self._view.file))
        for name, text, icon in self.menu_entries():
            if not name:
                menu.addSeparator()
                continue
            made = QAction(text, menu)
            icons.set_icon(made, icon, "text_muted")
            made.setEnabled(not (blocked and name == "close"))
            made.triggered.connect(lambda _checked=False, each=name: self.act.emit(each, None))
            menu.addAction(made)
        menu.aboutToHide.connect(menu.deleteLater)
        spot = self.more.mapToGlobal(self.more.rect().bottomRight())
        menu.popup(spot)

    # The keyboard stays where it is

    def _held(self) -> str:
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return ""
        return str(focus.property("case_key") or "")

    def _give_back(self, key: str) -> None:
        focus = QApplication.focusWidget()
        if not key or (focus is not None and focus.property("case_key") == key):
            return
        for part in self.findChildren(QWidget):
            if part.property("case_key") == key and part.isVisibleTo(self):
                part.setFocus()
                return
        self.focus_first()


def _foot(file: CaseFile) -> list[tuple[str, str, Variant]]:
    """The buttons of a case by its state, the usual one first."""
    case = file.case
    match case.state:
        case CaseState.OPEN if case.valid is False or case.solvable is False:
            return [("close", _("Close"), "primary"), ("promise", _("Promise"), "secondary"),
                    ("refer", _("Refer"), "secondary")]  # fmt: skip
        case CaseState.OPEN:
            return [("solve", _("Solve"), "primary"), ("promise", _("Promise"), "secondary"),
                    ("refer", _("Refer"), "secondary")]  # fmt: skip
        case CaseState.CLIENT:
            return [("solve", _("Solve"), "secondary"), ("promise", _("Promise"), "secondary")]
        case CaseState.SOLVED if case.followed_up_at is None:
            return [("follow_up", _("Follow up"), "primary"), ("close", _("Close"), "secondary")]
        case CaseState.SOLVED:
            return [("close", _("Close"), "primary"), ("reopen", _("Open again"), "ghost")]
    return [("reopen", _("Open again"), "secondary")]
