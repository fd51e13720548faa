"""The dialog of a circle: its name and rule, who is in it, who came and went; makes, changes and deletes one (K1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.circles import as_data
from cmdesk.commands import circles as deciding
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_circles import fault_words
from ui import theme
from ui.bridge import spawn
from ui.circles.deeds import delete_circle, join_circle
from ui.circles.history import HistoryTab
from ui.circles.members import MembersTab
from ui.circles.rule_editor import RuleEditor
from ui.models import circles as reading
from ui.models.circles import Opened, Previews
from ui.models.rule_draft import faults_left
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, PlainLabel, SegmentedControl
from ui.widgets.dialogs import Dialog
from ui.widgets.page import PageContext, Target
from ui.widgets.panels import scroll_column

RULE, HAND = "rule", "hand"
WIDTH, HEIGHT, LOW = 780, 740, 700


async def edit_circle(
    parent: QWidget, context: PageContext, *, brand_id: int, circle_id: int | None = None, people: Sequence[int] = ()
) -> int | None:
    """Let a person make (`people` go into it) or change a circle; returns its id, None when nothing was kept."""
    opened = await reading.opened(context.desk, brand_id, circle_id)
    dialog = CircleDialog(parent, context, opened, brand_id=brand_id, people=people)
    if await dialog.ask():
        return dialog.saved_id
    return None


class CircleDialog(Dialog):
    """Name, note and market above; by hand or by rule below; who is in it and its history beside that."""

    def __init__(
        self, parent: QWidget, context: PageContext, opened: Opened, *, brand_id: int, people: Iterable[int] = ()
    ) -> None:
        found = opened.circle
        title = _("New circle") if found is None else clean_line(found.name, limit=60)
        lead = _("A group of people you speak to: put in one by one, or by a rule that fills it by itself.")
        super().__init__(title, parent, text="" if found else lead, icon="users", width=WIDTH)
        self._context, self._opened, self._brand_id = context, opened, brand_id
        self._people = list(people)
        self.saved_id = found.id if found else 0
        self._previews = Previews(context.desk, brand_id, found.id if found else None)
        self.tabs = SegmentedControl(
            [("circle", _("Circle")), ("people", _("Who is in it")), ("history", _("Came and went"))],
            name=_("Parts of the circle"),
        )
        self.tabs.setVisible(found is not None)
        self.body.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self._stack = QStackedWidget(self)
        self.body.addWidget(self._stack, 1)
        self._summary_place = QVBoxLayout()
        self.body.addLayout(self._summary_place)
        self._stack.addWidget(self._circle_tab())
        self.members: MembersTab | None = None
        self.history: HistoryTab | None = None
        if found is not None:
            self.members = MembersTab(context, found)
            self.members.changed.connect(self._members_changed)
            self.members.show_all.connect(self._show_all)
            self.history = HistoryTab(context, found.id)
            self._stack.addWidget(self.members)
            self._stack.addWidget(self.history)
        self.tabs.changed.connect(self._tab)
        if found is not None:
            self.gone = Button(_("Delete…"), variant="ghost", icon="trash-2")
            self.gone.clicked.connect(self._delete)
            self.buttons.insertWidget(0, self.gone)
            if opened.others:
                self.join = Button(_("Join…"), variant="ghost", icon="merge")
                self.join.setAccessibleName(_("Join another circle to this one"))
                self.join.clicked.connect(self._join)
                self.buttons.insertWidget(1, self.join)
        self.add_button(_("Cancel"), reject=True)
        self.keep = self.add_button(_("Keep") if found else _("Make the circle"), variant="primary")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._save)
        outer = self.layout()
        if isinstance(outer, QVBoxLayout):
            outer.setStretchFactor(self.body, 1)
        self._fit_height()
        if opened.faults and self.editor is not None:
            self.editor.focus_first()
        else:
            self.name.setFocus()

    # Building

    def _circle_tab(self) -> QWidget:
        found = self._opened.circle
        area, column = scroll_column(margin=0)
        column.setSpacing(Space.M)
        self.name = QLineEdit(found.name if found else "")
        self.name.setMaxLength(100)
        self.market = QComboBox()
        self.market.addItem(_("No market"), None)
        for each in self._opened.choices.markets:
            self.market.addItem(clean_line(each.name, limit=60), each.id)
        self.market.setCurrentIndex(max(0, self.market.findData(found.market_id if found else None)))
        self._name = Field(_("Name"), self.name)
        market = Field(_("Market"), self.market)
        market.setVisible(bool(self._opened.choices.markets))
        top = QHBoxLayout()
        top.setSpacing(Space.L)
        top.addWidget(self._name, 3)
        top.addWidget(market, 2)
        column.addLayout(top)
        self.note = QPlainTextEdit(found.note if found else "")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(self.note.fontMetrics().lineSpacing() * 2 + 18)
        self.note.setPlaceholderText(_("What it is for, how to speak to them."))
        column.addWidget(Field(_("Note"), self.note))
        self.way = SegmentedControl(
            [(HAND, _("By hand")), (RULE, _("By a rule"))], name=_("How people come into it"),
            icons_by_key={HAND: "hand", RULE: "wand-sparkles"},
        )  # fmt: skip
        column.addWidget(self.way, 0, Qt.AlignmentFlag.AlignLeft)
        self._by_hand = PlainLabel(self._hand_words(), color="text_muted", wrap=True)
        column.addWidget(self._by_hand)
        self._banner_place = QVBoxLayout()
        column.addLayout(self._banner_place)
        self._rule_place = QVBoxLayout()
        column.addLayout(self._rule_place)
        self._error = PlainLabel("", role="body_medium", color="negative", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        column.addStretch(1)
        self.editor: RuleEditor | None = None
        by_rule = found is not None and bool(found.rule)
        self.way.set_current(RULE if by_rule else HAND)
        self.way.changed.connect(self._way)
        self._way(RULE if by_rule else HAND)
        if self._opened.faults:
            self._show_faults()
        return area

    def _hand_words(self) -> str:
        if self._people:
            return ngettext(
                "{n} person goes into it. Later you put people in from the table, from a card, or by dragging.",
                "{n} people go into it. Later you put people in from the table, from a card, or by dragging.",
                len(self._people),
            ).format(n=len(self._people))
        return _("You put people in from the table, from a card, or by dragging them onto the circle.")

    def _way(self, way: str) -> None:
        by_rule = way == RULE
        if by_rule and self.editor is None:
            self._put_editor(
                RuleEditor(
                    self._opened.choices, self._opened.rule, self, previews=self._previews, faults=self._opened.faults
                )
            )
        if self.editor is not None:
            self.editor.setVisible(by_rule)
            self.editor.summary.setVisible(by_rule)
        self._by_hand.setVisible(not by_rule)
        self._tell("")

    def _put_editor(self, made: RuleEditor) -> None:
        old, self.editor = self.editor, made
        for each in () if old is None else (old, old.summary):
            each.hide()
            each.deleteLater()
        made.changed.connect(lambda: self._tell(""))
        self._rule_place.addWidget(made)
        self._summary_place.addWidget(made.summary)

    def _show_faults(self) -> None:
        faults = self._opened.faults
        lines = [_("The rule is broken, so the circle keeps the people last noted.")]
        if self._opened.rule is None or not all(each.path for each in faults):
            lines += [fault_words(each, None, self._opened.choices.names) for each in faults]
        banner = Banner(" ".join(lines), tone="negative", icon="triangle-alert")
        self._banner_place.addWidget(banner)
        self._mending: list[QWidget] = [banner]
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        if self._opened.rule is not None and any(each.path for each in faults):
            mend = Button(_("Take the broken conditions out"), size="small", icon="scissors")
            mend.clicked.connect(self._mend)
            self._mending.append(mend)
        keep = Button(_("Keep these people by hand"), size="small", icon="hand")
        keep.clicked.connect(self._keep_people)
        self._mending.append(keep)
        for each in self._mending[1:]:
            row.addWidget(each)
        row.addStretch(1)
        self._banner_place.addLayout(row)

    def _fit_height(self) -> None:
        room = self.screen().availableGeometry().height()
        window = self.parentWidget()
        if window is not None:
            room = min(room, max(window.window().height() - 24, 420))
        self.setFixedHeight(min(theme.scaled(HEIGHT), room))
        if room < theme.scaled(LOW):
            # The frame of the window says the name; the room goes to the conditions.
            for part in (self.disc, self.heading) if self._opened.circle is not None else (self.lead,):
                part.hide()
            self.note.setFixedHeight(self.note.fontMetrics().lineSpacing() + 26)

    # Deeds

    def _mend(self) -> None:
        rule = self._opened.rule
        left = None if rule is None else faults_left(rule, self._opened.faults)
        made = RuleEditor(self._opened.choices, left, self, previews=self._previews)
        self._put_editor(made)
        for each in self._mending:
            each.hide()
        made.focus_first()

    def _keep_people(self) -> None:
        async def kept() -> None:
            done = await self._context.desk.run(deciding.keep_members, circle_id=self.saved_id)
            self._context.undo(done, _("Keep the people of “{name}” by hand").format(name=self._called()))
            self.accept()

        spawn(kept(), self, name="keep the people of a circle")

    def _delete(self) -> None:
        async def deleted() -> None:
            found = self._opened.circle
            if found is not None and await delete_circle(self, self._context, found):
                self.saved_id = 0
                self.reject()

        spawn(deleted(), self, name="delete a circle")

    def _join(self) -> None:
        async def joined() -> None:
            found = self._opened.circle
            if found is not None and await join_circle(self._context, found, self._opened.others):
                self.accept()

        spawn(joined(), self, name="join circles", on_error=self._failed)

    def _save(self) -> None:
        self._name.set_error("")
        self._tell("")
        by_rule = self.way.current() == RULE
        rule: dict[str, object] = {}
        if by_rule and self.editor is not None:
            written = self.editor.rule()
            if written is None:
                self.tabs.set_current("circle")
                self._stack.setCurrentIndex(0)
                self.editor.focus_first()
                return
            rule = as_data(written)
        spawn(self._saving(rule), self, name="keep a circle", on_error=self._failed)

    async def _saving(self, rule: dict[str, object]) -> None:
        found = self._opened.circle
        done = await self._context.desk.run(
            deciding.save_circle, brand_id=self._brand_id, name=self.name.text(), note=self.note.toPlainText(),
            market_id=self.market.currentData(), rule=rule, circle_id=found.id if found else None,
            contact_ids=self._people,
        )  # fmt: skip
        self.saved_id = done.value
        text = _("Make the circle “{name}”") if found is None else _("Change the circle “{name}”")
        self._context.undo(done, text.format(name=self._called()))
        self.accept()

    def _failed(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        said = explain(error)
        text = " ".join(f"{each.rstrip('.')}." for each in (said.what, said.todo) if each)
        if error.code in ("name_needed", "name_taken"):
            self._name.set_error(text)
            self.name.setFocus()
        else:
            self._tell(text)
        return True

    def _tell(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _tab(self, key: str) -> None:
        self._stack.setCurrentIndex(("circle", "people", "history").index(key))
        if self.editor is not None:
            self.editor.summary.setVisible(key == "circle" and self.way.current() == RULE)
        if key == "people" and self.members is not None:
            self.members.refresh()
        elif key == "history" and self.history is not None:
            self.history.refresh()

    def _members_changed(self) -> None:
        if self.history is not None:
            self.history.mark_stale()

    def _show_all(self) -> None:
        self._context.navigate(Target("audience", "circle", self.saved_id, self._brand_id))
        self.reject()

    def _called(self) -> str:
        return clean_line(" ".join(self.name.text().split()), limit=60)
