"""The library as a frame: templates (folders, the list, one in full), links and hashtags, and what they show."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout

from cmdesk.errors import Invalid
from cmdesk.i18n import _, language
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui.bridge import spawn
from ui.library.editor import TemplateEditor
from ui.library.folders import Folders
from ui.library.hashtags import HashtagsShelf
from ui.library.links import LinksShelf
from ui.library.list import TemplateList
from ui.models import library as models
from ui.models.directory import Directory
from ui.models.library import Draft
from ui.models.spelling import Spelling
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Divider, EmptyState, IconButton, SearchField, SegmentedControl
from ui.widgets.header import PageHeader
from ui.widgets.page import Page, PageContext
from ui.widgets.panels import Surface
from ui.widgets.spelling import SpellingMarks

_WIDTHS = [190, 300, 560]
TEMPLATES, LINKS, HASHTAGS = "templates", "links", "hashtags"


class LibraryFrame(Page):
    """Shows folders, templates and one of them in full; decides nothing."""

    scope = "library"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._desk = context.desk
        self._directory = Directory(context.desk, self)
        self._brand_id: int | None = context.brand_id
        self._current: int | None = None
        self._dirty = False
        self._is_new = False
        self._saving = False
        self.folders = Folders()
        self.list = TemplateList(self._directory.brand)
        self.search = SearchField(_("Search templates"))
        self.editor = TemplateEditor()
        self.editor.tongue_of = partial(models.tongue, context.desk)
        self.spelling = Spelling(context.desk, self)
        self.marks = SpellingMarks(self.editor.text.area, self.spelling, self._learn)
        self.spelling.changed.connect(self.marks.refresh)
        self.editor.text.shown.connect(self._check_spelling)
        self.new = Button(_("New template"), variant="primary", icon="plus", size="small")
        self.bring = Button(_("Import…"), icon="file-down", size="small")
        self.more = IconButton("ellipsis", _("More"))
        self.take = Button(_("Add them"), size="small")
        self.offer = Banner("", icon="sparkles", buttons=[self.take], closable=True)
        self.offer.hide()
        self.links = LinksShelf(context, self._directory, self)
        self.hashtags = HashtagsShelf(context, self._directory, self)
        self.nothing = EmptyState("book-open", "")
        self.unchosen = EmptyState(
            "text-cursor-input", _("No template chosen"), _("Choose one at the left to read or change it.")
        )
        self._build()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.header = PageHeader("")
        self.header.title.hide()
        self.tabs = SegmentedControl(
            [(TEMPLATES, _("Templates")), (LINKS, _("Links")), (HASHTAGS, _("Hashtags"))],
            name=_("What is shown"),
            icons_by_key={TEMPLATES: "book-open", LINKS: "link", HASHTAGS: "hash"},
        )
        self.header.put_first(self.tabs)
        for widget in (self.more, self.bring, self.new):
            self.header.add(widget)
        outer.addWidget(self.header)
        outer.addWidget(Divider())
        outer.addWidget(self.offer)
        left = Surface("window")
        column = QVBoxLayout(left)
        column.setContentsMargins(Space.S, Space.S, 0, Space.S)
        column.addWidget(self.folders)
        left.setMinimumWidth(150)
        middle = Surface("surface")
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        tools.addWidget(self.search)
        rows.addLayout(tools)
        rows.addWidget(Divider())
        self.list_stack = QStackedWidget()
        self.list_stack.addWidget(self.list)
        self.list_stack.addWidget(self.nothing)
        rows.addWidget(self.list_stack, 1)
        middle.setMinimumWidth(220)
        self.pane = QStackedWidget()
        self.pane.addWidget(self.unchosen)
        self.pane.addWidget(self.editor)
        self.pane.setMinimumWidth(400)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        for part, stretch in ((left, 0), (middle, 2), (self.pane, 5)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes(_WIDTHS)
        self.shelves = QStackedWidget()
        for shelf in (self.splitter, self.links, self.hashtags):
            self.shelves.addWidget(shelf)
        outer.addWidget(self.shelves, 1)

    # Showing

    def _check_spelling(self, tag: str) -> None:
        """The text of another language, or of another brand."""
        brand_id = self.editor.draft().brand_id
        self.marks.teachable = brand_id is not None
        self.spelling.about(brand_id or 0, tag.partition("@")[0])

    def _learn(self, word: str) -> None:
        async def taught() -> None:
            self.context.undo(await self.spelling.learn(word), _("Word learnt"))

        spawn(taught(), self, name="learn a word")

    def shelf(self) -> LinksShelf | HashtagsShelf | None:
        """What is shown instead of the templates, None for those."""
        shown = self.shelves.currentWidget()
        return shown if isinstance(shown, LinksShelf | HashtagsShelf) else None

    def _show_shelf(self, key: str) -> None:
        """Show the templates, the links or the hashtags."""
        self.tabs.set_current(key)
        self.shelves.setCurrentIndex((TEMPLATES, LINKS, HASHTAGS).index(key))
        new = {TEMPLATES: _("New template"), LINKS: _("New link"), HASHTAGS: _("New set")}
        self.new.setText(new[key])
        self.bring.setVisible(key != HASHTAGS)
        self.more.setVisible(key != HASHTAGS)
        shelf = self.shelf()
        if shelf is not None:
            self.offer.hide()
            self.header.subtitle.setText("")
            shelf.show_rows()

    def _show_list(self) -> None:
        folder, text = self.folders.current(), self.search.text().strip()
        found = models.rows(self._desk, self._brand_id, text, folder=folder, languages=(language(),))
        self.list.show_rows(found, current=self._current)
        self.list_stack.setCurrentWidget(self.list if found else self.nothing)
        if not found:
            self._say_nothing(folder, text)
        self._show_pane()

    def _say_nothing(self, folder: str, text: str) -> None:
        if text or folder:
            clear = Button(_("Show all"), variant="secondary")
            clear.clicked.connect(self._show_all)
            title = _("Nothing matches “{text}”").format(text=clean_line(text, limit=60)) if text else _("Empty folder")
            self.nothing.set_content("search-x", title, "")
            self.nothing.set_buttons([clear])
            return
        start = Button(_("Add the starting templates"), variant="primary", icon="sparkles")
        start.clicked.connect(lambda: self.run_action("library.start_set"))
        self.nothing.set_content(
            "book-open",
            _("No templates yet"),
            _("Begin with a set that was written for care, or write your own. Behind :: they wait in every answer."),
        )
        self.nothing.set_buttons([start] if models.missing_starters(self._desk) else [])

    def _show_all(self) -> None:
        self.search.clear()
        self.folders.choose("")
        self._show_list()

    def _show_pane(self) -> None:
        editing = self._current is not None or self._dirty or self._is_new
        self.pane.setCurrentWidget(self.editor if editing else self.unchosen)

    def _load(self, template_id: int) -> None:
        try:
            template = models.one(self._desk, template_id)
        except Invalid:
            self._current = None
            self._dirty = False
            self._show_pane()
            return
        self._show_draft(models.draft_of(template))

    def _show_draft(self, draft: Draft) -> None:
        self._current, self._is_new = draft.id, draft.id is None
        others = [each for each in models.others(self._desk, draft.brand_id) if each.id != draft.id]
        self.editor.show_draft(
            draft,
            brands=self._brands(),
            folders=[path for path, _count in models.folders(self._desk, None)],
            markets=models.markets(self._desk, draft.brand_id),
            others=others,
        )
        self._dirty = False
        self.editor.set_state(_("Not saved yet") if self._is_new else "", dirty=False)
        self._show_pane()
        self.choice_changed.emit()

    def _brands(self) -> list[Brand]:
        return self._directory.brands()
