"""Who is in a circle: those seen last, each with why; who was taken out by hand; what turns a rule into a list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.commands import circles as deciding
from cmdesk.i18n import _, ngettext
from cmdesk.model import Circle
from cmdesk.safe_text import clean_line
from cmdesk.wording_circles import by_words, people_words
from ui.bridge import spawn
from ui.circles.lines import PeopleLines, PersonLine
from ui.models import circles as reading
from ui.models.circles import Member, Members
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel
from ui.widgets.page import PageContext


class MembersTab(QWidget):
    """Reads when it is shown; `changed` after a decision, `show_all` asks for the table of people."""

    changed = Signal()
    show_all = Signal()

    def __init__(self, context: PageContext, circle: Circle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._circle = context, circle
        self._by_rule = bool(circle.rule)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        self.count = PlainLabel("", role="body_strong")
        self.table = Button(_("Show in the table"), variant="link")
        self.table.clicked.connect(self.show_all)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.table)
        column.addLayout(head)
        self.list = PeopleLines(_("Who is in the circle"))
        column.addWidget(self.list, 3)
        self.empty = PlainLabel(
            _("Nobody fulfils the rule now; it fills by itself.")
            if self._by_rule
            else _("Nobody yet. Drag people from the table onto the circle, or put them in from their card."),
            color="text_muted", wrap=True,
        )  # fmt: skip
        column.addWidget(self.empty)
        self.more = PlainLabel("", role="small", color="text_muted", wrap=True)
        column.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.out_button = Button(_("Take out"), size="small", icon="x", tip=_("Del"))
        row.addWidget(self.out_button)
        row.addStretch(1)
        self.freeze = Button(_("Keep these people, drop the rule"), variant="ghost", size="small", icon="hand")
        self.follow = Button(_("Let the rule alone decide"), variant="ghost", size="small", icon="wand-sparkles")
        row.addWidget(self.follow)
        row.addWidget(self.freeze)
        column.addLayout(row)
        self.out_title = PlainLabel(_("Taken out by hand"), role="small_strong", color="text_muted")
        self.out = PeopleLines(_("Taken out by hand"))
        self.back = Button(_("Let them in again"), size="small", icon="undo-2")
        column.addWidget(self.out_title)
        column.addWidget(self.out, 1)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)
        self.out_button.clicked.connect(self._take_out)
        self.list.taken.connect(self._take_out)
        self.back.clicked.connect(self._let_in)
        self.freeze.clicked.connect(lambda: self._deed("keep"))
        self.follow.clicked.connect(lambda: self._deed("follow"))
        self.list.itemSelectionChanged.connect(self._enable)
        self.out.itemSelectionChanged.connect(self._enable)
        self._show(Members())

    def refresh(self) -> None:
        """Read anew."""
        spawn(self._reading(), self, name="read who is in a circle")

    async def _reading(self) -> None:
        self._show(await reading.members(self._context.desk, self._circle.id))

    def _show(self, found: Members) -> None:
        self._found = found
        self.count.setText(people_words(found.count))
        self.list.show_lines(_lines(found.shown, why=self._by_rule))
        self.out.show_lines(_lines(found.out, why=False))
        self.list.setVisible(bool(found.shown))
        self.empty.setVisible(not found.count)
        self.out_button.setVisible(bool(found.shown))
        rest = found.count - len(found.shown)
        self.more.setText(ngettext("and {n} more", "and {n} more", rest).format(n=rest) if rest > 0 else "")
        self.more.setVisible(rest > 0)
        for part in (self.out_title, self.out, self.back):
            part.setVisible(bool(found.out))
        self.table.setVisible(found.count > 0)
        self.freeze.setVisible(self._by_rule and found.count > 0)
        self.follow.setVisible(self._by_rule and (bool(found.out) or any(each.by_hand for each in found.shown)))
        self._enable()

    def _enable(self) -> None:
        self.out_button.setEnabled(bool(self.list.chosen()))
        self.back.setEnabled(bool(self.out.chosen()))

    def _take_out(self) -> None:
        ids = self.list.chosen()
        if ids:
            spawn(self._run("out", ids), self, name="take people out of a circle")

    def _let_in(self) -> None:
        ids = self.out.chosen()
        if ids:
            spawn(self._run("in", ids), self, name="let people into a circle")

    def _deed(self, what: str) -> None:
        spawn(self._run(what, []), self, name="change who is in a circle")

    async def _run(self, what: str, ids: list[int]) -> None:
        desk, circle = self._context.desk, self._circle
        name = clean_line(circle.name, limit=60)
        if what == "out":
            done = await desk.run(deciding.take_out, circle_id=circle.id, contact_ids=ids)
            text = ngettext("Take {n} person out of “{name}”", "Take {n} people out of “{name}”", len(ids))
        elif what == "in":
            done = await desk.run(deciding.put_in, circle_id=circle.id, contact_ids=ids)
            text = ngettext("Put {n} person into “{name}”", "Put {n} people into “{name}”", len(ids))
        elif what == "keep":
            done = await desk.run(deciding.keep_members, circle_id=circle.id)
            text = _("Keep the people of “{name}” by hand")
            self._by_rule = False
        else:
            done = await desk.run(deciding.follow_rule, circle_id=circle.id)
            text = _("Let the rule of “{name}” decide")
        self._context.undo(done, text.format(n=len(ids), name=name))
        self.changed.emit()
        await self._reading()


def _lines(people: tuple[Member, ...], *, why: bool) -> list[PersonLine]:
    """People as lines; with `why` each says whether it is by hand."""
    return [
        PersonLine(
            each.id, clean_line(each.name, limit=80), by_words("hand" if each.by_hand else "rule") if why else ""
        )
        for each in people
    ]
