"""The Approval page: every sheet with how far it is, its posts with the client's words, and where to paste answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.planning.approval_answer import Reply
from cmdesk.planning.approving import ApprovalSheet, Change, Item, State
from cmdesk.safe_text import clean_line
from ui.approval import words
from ui.approval.answering import AnswerBox
from ui.approval.cards import ItemCard, SheetCard
from ui.approval.deeds import ApprovalDeeds
from ui.bridge import Changes, Topic
from ui.models import approval as models
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, FlowLayout, PlainLabel, SegmentedControl
from ui.widgets.header import PageHeader
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import Surface, scroll_column

_TOPICS = (Topic.POST, Topic.BRAND, Topic.SETTING)


class ApprovalPage(Page):
    """Shows; what is decided goes through `ApprovalDeeds`."""

    scope = "approval"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self.deeds = ApprovalDeeds(context, self)
        self._sheets: list[ApprovalSheet] = []
        self._chosen = 0
        self.cards: list[SheetCard] = []
        self.items: list[ItemCard] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.header = PageHeader(_("Approval"))
        self.filter = SegmentedControl([("open", _("Open sheets")), ("all", _("All"))], name=_("Which sheets"))
        self.header.add(self.filter)
        outer.addWidget(self.header)
        outer.addWidget(Divider())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        left = Surface("window")
        left.setMinimumWidth(300)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self._list_area, self._list = scroll_column(margin=Space.L, spacing=Space.S)
        column.addWidget(self._list_area)
        self.splitter.addWidget(left)
        self.detail = _Detail()
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([380, 620])
        self.splitter.setStretchFactor(1, 1)
        outer.addWidget(self.splitter, 1)
        self.empty = EmptyState("hourglass", "")
        outer.addWidget(self.empty, 1)
        self._connect()

    def _connect(self) -> None:
        self.filter.changed.connect(lambda _key: self.refresh(None))
        detail = self.detail
        detail.answer.recorded.connect(self._record)
        detail.send.clicked.connect(lambda: self.deeds.send(self._chosen))
        detail.remind.clicked.connect(self.do_remind)
        detail.again.clicked.connect(self.do_ask_again)
        detail.withdraw.clicked.connect(self.do_withdraw)

    # Asked by the window

    def concerned(self, changes: Changes) -> bool:
        """Posts, their approval, brands."""
        return changes.concerns(*_TOPICS)

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand: its newest sheet first."""
        self._chosen = 0
        super().show_brand(brand_id)

    def refresh(self, changes: Changes | None) -> None:
        """Read the sheets again."""
        if changes is None or changes.concerns(Topic.BRAND):
            self._directory.reload()
        found = models.sheets(self.context.desk, self.context.brand_id)
        whole = self.filter.current() == "all"
        self._sheets = [each for each in found if whole or each.open or each.id == self._chosen]
        if not any(each.id == self._chosen for each in self._sheets):
            self._chosen = self._sheets[0].id if self._sheets else 0
        waiting = sum(each.open for each in found)
        text = ngettext("{count} sheet is open", "{count} sheets are open", waiting).format(count=waiting)
        self.header.subtitle.setText(text)
        self.header.subtitle.setVisible(bool(waiting))
        self._show(bool(found))

    def open(self, target: Target) -> None:
        """ "ask" with post ids as text ("3,4"), "waive" or "post" with a post, "sheet" with a sheet."""
        match target.kind:
            case "ask":
                ids = [int(each) for each in target.text.split(",") if each.isdigit()]
                self.ask(ids or ([target.id] if target.id is not None else []))
            case "waive" if target.id is not None:
                self.deeds.waive([target.id])
            case "sheet" if target.id is not None:
                self._choose(target.id)
            case "post" if target.id is not None:
                self._choose_post(target.id)

    def ask(self, post_ids: list[int]) -> None:
        """Ask about these posts; the sheet they were on last gives title and reader."""
        again = None
        if len(post_ids) == 1:
            try:
                again = models.post(self.context.desk, post_ids[0]).standing.sheet
            except Invalid:
                again = None
        self.deeds.ask(post_ids, again=again)

    def focus_main(self) -> None:
        """The chosen sheet."""
        for card in self.cards:
            if card.sheet.id == self._chosen:
                card.setFocus()
                return
        self.filter.setFocus()

    def enabled_actions(self) -> set[str] | None:
        """Decisions only where there is a sheet."""
        sheet = self.sheet()
        if sheet is None:
            return set()
        able = {"approval.next", "approval.previous", "approval.send", "approval.answer"}
        if any(each.open for each in sheet.items):
            able |= {"approval.remind", "approval.withdraw"}
        if any(each.wants for each in sheet.items):
            able.add("approval.ask_again")
        return able

    def save_state(self) -> dict[str, Any]:
        """Sizes."""
        return {"sizes": self.splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Sizes."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes):
            self.splitter.setSizes(sizes)

    # Actions

    def do_next(self) -> None:
        """The next sheet."""
        self._step(1)

    def do_previous(self) -> None:
        """The sheet before."""
        self._step(-1)

    def do_send(self) -> None:
        """The ways to send the sheet."""
        if self._chosen:
            self.deeds.send(self._chosen)

    def do_answer(self) -> None:
        """Paste the client's answer."""
        self.detail.answer.text.setFocus()

    def do_remind(self) -> None:
        """Remind the client."""
        sheet = self.sheet()
        if sheet is not None:
            self.deeds.remind(sheet)

    def do_ask_again(self) -> None:
        """A new sheet of what was changed, edited or not answered."""
        sheet = self.sheet()
        if sheet is not None:
            self.deeds.ask([each.post_id for each in sheet.items if each.wants], again=sheet)

    def do_withdraw(self) -> None:
        """Take the question back."""
        sheet = self.sheet()
        if sheet is not None:
            self.deeds.withdraw(sheet)

    # Showing

    def sheet(self) -> ApprovalSheet | None:
        """The sheet whose posts are shown."""
        return next((each for each in self._sheets if each.id == self._chosen), None)

    def _show(self, any_at_all: bool) -> None:
        focus = QApplication.focusWidget()
        had_focus = isinstance(focus, SheetCard) and focus in self.cards
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        now = self.context.desk.clock.now()
        for place, sheet in enumerate(self._sheets):
            brand = self._directory.brand(sheet.brand_id)
            name = clean_line(brand.name, limit=60) if brand is not None and self.context.brand_id is None else ""
            made = SheetCard(sheet, brand=name, color=brand.color if brand is not None else "", now=now)
            made.chosen.connect(self._choose)
            made.set_current(sheet.id == self._chosen)
            self.cards.append(made)
            self._list.insertWidget(place, made)
        self.splitter.setVisible(bool(self._sheets))
        self.empty.setVisible(not self._sheets)
        if not self._sheets:
            self._show_empty(any_at_all)
        if had_focus:
            self.focus_main()
        self._show_detail()

    def _show_empty(self, any_at_all: bool) -> None:
        if any_at_all:
            self.empty.set_content("circle-check", _("Every sheet is answered"), _("Nothing waits for a client."))
            every = Button(_("Show all"))
            every.clicked.connect(self._show_all)
            self.empty.set_buttons([every])
            return
        self.empty.set_content(
            "hourglass",
            _("No client was asked yet"),
            _("Choose posts in the calendar and ask for approval: the client gets a numbered sheet by mail."),
        )
        go = Button(_("To the calendar"), icon="calendar-days")
        go.clicked.connect(lambda: self.context.navigate(Target("calendar")))
        self.empty.set_buttons([go])

    def _show_all(self) -> None:
        self.filter.set_current("all")
        self.refresh(None)

    def _show_detail(self) -> None:
        sheet = self.sheet()
        if sheet is not None:
            view = models.sheet(self.context.desk, sheet.id)
            cards = []
            for item in view.sheet.items:
                changed: tuple[Change, ...] = ()
                if item.decides and item.state is State.OUTDATED:
                    changed = models.post(self.context.desk, item.post_id).changed
                card = ItemCard(item, view.posts.get(item.post_id), changed)
                card.pressed.connect(self._pressed)
                cards.append(card)
            self.items = cards
            self.detail.show_sheet(view.sheet, cards, words.dates(view.sheet, self.context.desk.clock.now()))
        self.choice_changed.emit()

    def _choose(self, sheet_id: int) -> None:
        if sheet_id == self._chosen and self.sheet() is not None:
            return
        self._chosen = sheet_id
        if self.sheet() is None:
            self.filter.set_current("all")
            self.refresh(None)
            return
        for card in self.cards:
            card.set_current(card.sheet.id == sheet_id)
        self._show_detail()

    def _choose_post(self, post_id: int) -> None:
        found = models.post(self.context.desk, post_id).standing.sheet
        if found is not None:
            self._choose(found.id)
            self.refresh(None)

    def _step(self, step: int) -> None:
        place = next((at for at, card in enumerate(self.cards) if card.sheet.id == self._chosen), -1)
        if self.cards:
            self.cards[min(max(place + step, 0), len(self.cards) - 1)].setFocus()

    # Deciding

    def _record(self, reply: Reply, by: str) -> None:
        sheet = self.sheet()
        if sheet is not None:
            self.deeds.record(sheet, reply, by)
            self.detail.answer.clear()

    def _pressed(self, key: str, item: Item) -> None:
        match key:
            case "approve":
                self.deeds.approve(item)
            case "change":
                self.deeds.change(item)
            case "waive":
                self.deeds.waive([item.post_id])
            case "open":
                self.context.navigate(Target("composer", "post", item.post_id, item.brand_id))


class _Detail(Surface):
    """The chosen sheet: title, what can be done with it, the answer to paste, its posts."""

    def __init__(self) -> None:
        super().__init__("surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, self._column = scroll_column(margin=Space.XL, spacing=Space.M)
        column.addWidget(area)
        self.title = PlainLabel("", role="heading", wrap=True)
        self.dates = PlainLabel("", role="small", color="text_muted", wrap=True)
        self._column.addWidget(self.title)
        self._column.addWidget(self.dates)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        self.send = Button(_("Send…"), size="small", icon="mail")
        self.remind = Button(_("Remind…"), size="small", icon="alarm-clock")
        self.again = Button(_("Ask again…"), size="small", icon="hourglass")
        self.withdraw = Button(_("Take back…"), size="small", variant="ghost", icon="undo-2")
        for part in (self.send, self.remind, self.again, self.withdraw):
            flow.addWidget(part)
        self._column.addWidget(holder)
        self._column.addSpacing(Space.S)
        self.answer = AnswerBox()
        self._column.addWidget(self.answer)
        self._column.addSpacing(Space.S)
        row = QHBoxLayout()
        self._heading = PlainLabel(_("Posts on the sheet"), role="small_strong", color="text_muted")
        row.addWidget(self._heading)
        self._column.addLayout(row)
        self._column.addStretch(1)
        self._cards: list[ItemCard] = []
        wide: list[QWidget] = [self.title, self.dates, holder, self.answer]
        for each in wide:
            each.setMaximumWidth(820)

    def show_sheet(self, sheet: ApprovalSheet, cards: list[ItemCard], dates: str) -> None:
        """Show a sheet with these posts."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = cards
        self.title.setText(words.title(sheet))
        self.dates.setText(dates)
        waiting = any(each.open for each in sheet.items)
        self.remind.setVisible(waiting)
        self.withdraw.setVisible(waiting)
        wanting = sum(each.wants for each in sheet.items)
        self.again.setVisible(bool(wanting))
        self.answer.show_sheet(sheet)
        place = self._column.count()
        while place and self._column.itemAt(place - 1).spacerItem() is not None:  # type: ignore[union-attr]
            place -= 1
        for card in cards:
            card.setMaximumWidth(820)
            self._column.insertWidget(place, card)
            place += 1
