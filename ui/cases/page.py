"""The Cases page: the list with what is due on top, one case in full, and the tabs of wishes and places."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout

from cmdesk.care.values import CaseFile, CaseState
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from ui import notices
from ui.bridge import Changes, Topic, spawn
from ui.cases.detail import CaseDetail
from ui.cases.filter import FilterBar
from ui.cases.list import PaintedList
from ui.cases.places import PlacesTab
from ui.cases.rows import CaseDelegate, sentence
from ui.cases.wishes import WishesTab
from ui.casework.deeds import CaseDeeds
from ui.models import cases as models
from ui.models.cases import CaseQuery, CasesModel, Show
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, SearchField, SegmentedControl
from ui.widgets.header import PageHeader
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import Surface

_TOPICS = (Topic.CASE, Topic.CARE, Topic.BRAND, Topic.CONTACT, Topic.CONVERSATION)
_LIST_LEAST = 360


class CasesPage(Page):
    """Shows cases over brands; decisions are `CaseDeeds`'."""

    scope = "cases"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        desk = context.desk
        self._desk, self._now = desk, desk.clock.now
        self._directory = Directory(desk, self)
        self._wanted: int | None = None
        self._shown: int | None = None
        self.model = CasesModel(desk, self, describe=self._describe)
        self._delegate = CaseDelegate(self._directory, self._now, self)
        self.list = PaintedList(self.model, self._delegate, _("Cases"))
        self.detail = CaseDetail(self._now)
        self.deeds = CaseDeeds(context, self)
        self.wishes = WishesTab(context, self._directory)
        self.places = PlacesTab(context, self._directory)
        self.tabs = SegmentedControl(
            [("cases", _("Cases")), ("wishes", _("Wishes")), ("places", _("Places"))], name=_("What is shown")
        )
        self.new_button = Button(
            _("New case…"), icon="plus", size="small", tip=_("Of a phone call, or before anybody complains")
        )
        self.filter = FilterBar()
        self.search = SearchField(_("Search cases"))
        self.empty = EmptyState("clipboard-list", "")
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._header = PageHeader(_("Cases"))
        self._header.add(self.new_button)
        self._header.add(self.tabs)
        outer.addWidget(self._header)
        outer.addWidget(Divider())
        self._tab = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        left = Surface("surface")
        left.setMinimumWidth(_LIST_LEAST)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tools = QVBoxLayout()
        tools.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        tools.setSpacing(Space.S)
        tools.addWidget(self.search)
        tools.addWidget(self.filter)
        column.addLayout(tools)
        column.addWidget(Divider())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.detail)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([_LIST_LEAST, 2 * _LIST_LEAST])
        for part in (self._splitter, self.wishes, self.places):
            self._tab.addWidget(part)
        outer.addWidget(self._tab, 1)

    def _connect(self) -> None:
        self.tabs.changed.connect(self._show_tab)
        self.filter.changed.connect(self._show_list)
        self.new_button.clicked.connect(self.do_new)
        self.search.searched.connect(lambda _text: self._show_list())
        self.list.moved.connect(self._chosen)
        self.list.opened.connect(self.do_open)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self._failed)
        self.detail.panel.act.connect(self._act)
        self.detail.conversation_wanted.connect(self._go)
        self.deeds.text_wanted.connect(self._copy_questions)
        self.deeds.public_comment_wanted.connect(lambda case: self._go(case.conversation_id))

    # Asked by the window

    def concerned(self, changes: Changes) -> bool:
        """Cases, and what they are shown with."""
        return changes.concerns(*_TOPICS)

    def refresh(self, changes: Changes | None) -> None:
        """Read everything anew (None), or what changed."""
        if changes is None:
            self._directory.reload()
            self._show_list()
        else:
            self._directory.apply(changes)
            self.model.apply(changes)
        self._delegate.show_brand = self.context.brand_id is None
        if changes is None or changes.concerns(Topic.CASE, Topic.CARE, Topic.CONTACT, Topic.CONVERSATION):
            self._show_case(self._shown)
        if changes is None or changes.concerns(Topic.CARE, Topic.CONTACT, Topic.BRAND):
            self.wishes.refresh()
            self.places.refresh()

    def open(self, target: Target) -> None:
        """Show one case, or a tab ("wishes", "places")."""
        if target.kind in ("wishes", "places"):
            self.tabs.set_current(target.kind)
            self._show_tab(target.kind)
            return
        self.tabs.set_current("cases")
        self._show_tab("cases")
        if target.kind == "case" and target.id is not None:
            self._wanted = target.id
            self._show_case(target.id)
            place = self.model.place_of(target.id)
            if place >= 0:
                self.list.choose(place, quiet=True)
            elif self.filter.current() is not Show.ALL or self.search.text():
                self._show_all()

    def focus_main(self) -> None:
        """The list of what is shown."""
        tab = self._tab.currentWidget()
        if tab is self._splitter:
            (self.list if self._stack.currentWidget() is self.list else self.search).setFocus()
        elif isinstance(tab, WishesTab | PlacesTab):
            tab.focus_main()

    def leaving(self) -> None:
        """Store what is being typed."""
        self.detail.panel.flush()

    def save_state(self) -> dict[str, Any]:
        """Sizes, filter, tab, the case."""
        return {
            "sizes": self._splitter.sizes(), "filter": self.filter.current().value, "tab": self.tabs.current(),
            "case": self._shown,
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes) and sum(sizes):
            self._splitter.setSizes(sizes)
        if state.get("filter") in set(Show):
            self.filter.set_current(Show(state["filter"]))
        if state.get("tab") in ("cases", "wishes", "places"):
            self.tabs.set_current(str(state["tab"]))
            self._show_tab(self.tabs.current())
        if isinstance(state.get("case"), int):
            self._wanted = state["case"]

    def enabled_actions(self) -> set[str] | None:
        """Without a case only finding one makes sense."""
        view = self.detail.panel.view()
        always = {"cases.next", "cases.previous", "cases.search", "cases.new"}
        if self._tab.currentWidget() is not self._splitter:
            return always
        if view is None or self._shown is None:
            return always
        some = {"cases.open", "cases.go", "cases.sheet", "cases.call", "cases.back"}
        if view.file.case.state is not CaseState.CLOSED:
            some |= {"cases.refer", "cases.promise", "cases.solve", "cases.close", "cases.give"}
        if view.file.case.state is CaseState.SOLVED:
            some.add("cases.follow_up")
        return always | some

    # Actions (ui.actions, scope "cases")

    def do_next(self) -> None:
        """The row below."""
        self._step(1)

    def do_previous(self) -> None:
        """The row above."""
        self._step(-1)

    def do_new(self) -> None:
        """Open a case without a conversation: somebody phoned, or we write first (Q7, R8)."""
        spawn(self._new(), self, name=_("New case…"))

    async def _new(self) -> None:
        brands = self._directory.brands()
        brand_id = self.context.brand_id or (brands[0].id if len(brands) == 1 else None)
        if brand_id is None and brands:
            choices = [notices.Choice(str(each.id), clean_line(each.name)) for each in brands]
            question = notices.Question(_("A case of which brand?"), choices=choices, as_list=True, confirm=_("Go on"))
            answer = await notices.ask(question)
            brand_id = int(answer.key) if answer is not None else None
        if brand_id is None:
            return
        case_id = await self.deeds.open_case(
            conversation_id=None, brand_id=brand_id, contact_id=None, who="", title=""
        )  # fmt: skip
        if case_id is not None:
            self.open(Target("cases", "case", case_id))

    def do_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def do_open(self) -> None:
        """Go into the case."""
        if self.detail.panel.view() is not None:
            self.detail.panel.focus_first()

    def do_back(self) -> None:
        """Empty the search, else back to the list."""
        if self.search.hasFocus() and self.search.text():
            self.search.clear()
            self._show_list()
            return
        self.detail.panel.flush()
        self.focus_main()

    def do_go(self) -> None:
        """Go to the conversation."""
        view = self.detail.panel.view()
        if view is not None:
            self._go(view.file.case.conversation_id)

    def do_refer(self) -> None:
        """Refer to the client."""
        self._act("refer", None)

    def do_promise(self) -> None:
        """Write a promise down."""
        self._act("promise", None)

    def do_give(self) -> None:
        """Give something more."""
        self._act("compensate", None)

    def do_solve(self) -> None:
        """Write the solution down."""
        self._act("solve", None)

    def do_follow_up(self) -> None:
        """Ask how it is going."""
        self._act("follow_up", None)

    def do_close(self) -> None:
        """Close the case."""
        self._act("close", None)

    def do_call(self) -> None:
        """Log a call."""
        self._act("call", None)

    def do_sheet(self) -> None:
        """Show the sheet for the client."""
        self._act("sheet", None)

    # The list

    def _show_tab(self, key: str) -> None:
        self._tab.setCurrentIndex(("cases", "wishes", "places").index(key))
        self.choice_changed.emit()

    def _show_list(self) -> None:
        self.model.show(CaseQuery(self.context.brand_id, self.filter.current(), self.search.text().strip()))

    def _show_all(self) -> None:
        self.search.clear()
        self.filter.set_current(Show.ALL)
        self._show_list()

    def _loaded(self) -> None:
        wanted, self._wanted = self._wanted, None
        target = wanted if wanted is not None else self._shown
        place = self.model.place_of(target) if target is not None else -1
        if place >= 0:
            self.list.choose(place, quiet=True)
            if wanted is not None:
                self._show_case(wanted)
        elif self._shown is not None and self._brand_left():
            self._show_case(None)
        self.filter.set_counts(self.model.counts)
        count = self.model.counts.get(Show.TODAY.value, 0)
        due = ngettext("{count} has something due today", "{count} have something due today", count).format(count=count)
        self._header.subtitle.setText(due if count else "")
        self._header.subtitle.setVisible(bool(count))
        has = self.model.rowCount() > 0
        self._stack.setCurrentWidget(self.list if has else self.empty)
        if not has:
            self._show_empty()
        elif self.hasFocus():
            self.focus_main()

    def _brand_left(self) -> bool:
        view = self.detail.panel.view()
        brand_id = self.context.brand_id
        return view is not None and brand_id is not None and view.file.case.brand_id != brand_id

    def _show_empty(self) -> None:
        query = self.model.query
        whole = self.model.counts.get(Show.ALL.value, 0)
        if query.text or (query.show not in (Show.ALL, Show.TODAY) and whole):
            text = clean_line(query.text, limit=60)
            title = _("Nothing matches “{text}”").format(text=text) if text else _("None of this kind")
            every = Button(_("Show all"), variant="primary")
            every.clicked.connect(self._show_all)
            self.empty.set_content("search-x", title, _("There are others."), tone="neutral")
            self.empty.set_buttons([every] if whole else [])
        elif whole:
            self.empty.set_content(
                "party-popper", _("All done"), _("Nothing is due today in any case."), tone="positive"
            )
            every = Button(_("Show all"))
            every.clicked.connect(self._show_all)
            self.empty.set_buttons([every])
        else:
            self.empty.set_content(
                "clipboard-list", _("No case yet"),
                _("A complaint becomes a case with C in the inbox. It stays here until it is solved and followed up."),
                tone="accent",
            )  # fmt: skip
            inbox = Button(_("Go to the inbox"))
            inbox.clicked.connect(lambda: self.context.navigate(Target("inbox")))
            self.empty.set_buttons([inbox])

    def _failed(self, error: DeskError) -> None:
        words = explain(error)
        again = Button(_("Try again"))
        again.clicked.connect(self.model.reload)
        self.empty.set_content("triangle-alert", words.what, words.why, tone="negative")
        self.empty.set_buttons([again])
        self._stack.setCurrentWidget(self.empty)

    def _describe(self, file: CaseFile) -> str:
        return sentence(file, self._now())

    def _step(self, by: int) -> None:
        tab = self._tab.currentWidget()
        if isinstance(tab, WishesTab | PlacesTab):
            tab.list.step(by)
        else:
            self.list.step(by)

    def _chosen(self, place: int) -> None:
        self._show_case(self.model.id_at(place))

    # One case

    def _show_case(self, case_id: int | None) -> None:
        self._shown = case_id
        if case_id is None:
            self.detail.show_nothing()
        else:
            try:
                view = models.read_case(self._desk, case_id)
            except Invalid:
                self._shown = None
                self.detail.show_nothing()
            else:
                brand = self._directory.brand(view.file.case.brand_id)
                self.detail.show_case(view, models.events(self._desk, case_id), brand)
        self.choice_changed.emit()

    def _act(self, name: str, value: object) -> None:
        view = self.detail.panel.view()
        if name == "show_case" and isinstance(value, int):
            self.open(Target("cases", "case", value))
        elif view is not None:
            self.deeds.handle(name, value, view)

    def _go(self, conversation_id: int | None) -> None:
        if conversation_id is not None:
            view = self.detail.panel.view()
            brand_id = view.file.case.brand_id if view is not None else None
            self.context.navigate(Target("inbox", "conversation", conversation_id, brand_id))

    def _copy_questions(self, text: str) -> None:
        """Here is no reply box: the questions go to the clipboard."""
        QGuiApplication.clipboard().setText(text)
        notices.tell(_("The questions are in the clipboard: paste them into your answer."))
