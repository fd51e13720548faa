"""The page of the people as it is put together: circles at the left, the table, one person in full at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import N_, _, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from ui import theme
from ui.audience.columns import Columns, sentence
from ui.audience.facets import FilterBar
from ui.audience.side import SidePane, name_of, paint_count
from ui.audience.table import PeopleTable
from ui.models.directory import Directory
from ui.models.people import PeopleModel
from ui.models.people_side import ALL
from ui.models.pictures import Pictures
from ui.people.card import PersonCard
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, IconButton, PlainLabel, Spinner
from ui.widgets.header import PageHeader
from ui.widgets.list_parts import BulkBar
from ui.widgets.page import Page, PageContext
from ui.widgets.panels import Surface

_CARD = 340
_SIDE = 210
_BULK: tuple[tuple[str, str, str], ...] = (
    ("circle", "users", N_("Put into a circle…")),
    ("out_of_circle", "minus", N_("Take out of a circle…")),
    ("market", "map-pin", N_("Set the market…")),
    ("language", "languages", N_("Set the language…")),
    ("advocate", "megaphone", N_("Advocate of the brand")),
    ("quiet", "hand", N_("Do not contact…")),
    ("merge", "merge", N_("These are the same person…")),
    ("export", "download", N_("Export…")),
)


class AudienceFrame(Page):
    """Shows people; decides nothing."""

    scope = "audience"
    place_edit_wanted = Signal(object)
    """The circle that is chosen shall be edited."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        desk = context.desk
        self._desk, self._now = desk, desk.clock.now
        self._directory = Directory(desk, self)
        self.pictures = Pictures(desk, self._directory, self)
        columns = Columns()
        self.model = PeopleModel(desk, self, columns=columns.keys(), tell=self._tell, titled=self._title)
        self.table = PeopleTable(self.model, self._directory, self.pictures, self._now)
        self.side = SidePane(self._directory)
        self.filter = FilterBar()
        self.card = PersonCard(self.pictures)
        self.bulk = BulkBar(_BULK)
        self.new_button = Button(_("New person…"), icon="user-plus", size="small")
        self.import_button = Button(_("Import…"), icon="file-down", size="small")
        self.columns_button = IconButton("columns-3", _("Columns"))
        self.card_button = IconButton("panel-right", _("Show or hide the person"), checkable=True)
        self.more = IconButton("ellipsis", _("More"))
        self.count = PlainLabel(role="small", color="text_muted", elide=True)
        self.empty = EmptyState("users", "")
        self._loading = _Loading()
        self._build()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._header = PageHeader(_("People"))
        for part in (self.new_button, self.import_button, self.columns_button, self.card_button, self.more):
            self._header.add(part)
        outer.addWidget(self._header)
        outer.addWidget(Divider())
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        middle = Surface("surface")
        middle.setMinimumWidth(theme.scaled(420))
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter)
        line = QHBoxLayout()
        line.setContentsMargins(Space.L, 0, Space.M, Space.S)
        line.addWidget(self.count, 1)
        column.addLayout(line)
        column.addWidget(Divider())
        self._stack = QStackedWidget()
        for shown in (self.table, self.empty, self._loading):
            self._stack.addWidget(shown)
        column.addWidget(self._stack, 1)
        column.addWidget(self.bulk)
        self.side.setMinimumWidth(theme.scaled(150))
        self.card.setMinimumWidth(theme.scaled(280))
        for pane in (self.side, middle, self.card):
            self._splitter.addWidget(pane)
        for place, stretch in enumerate((0, 1, 0)):
            self._splitter.setStretchFactor(place, stretch)
        self._splitter.setSizes([_SIDE, 900, _CARD])
        outer.addWidget(self._splitter, 1)

    # What is said

    def _title(self, key: str) -> str:
        return self.table.columns.title(key) if hasattr(self, "table") else Columns().title(key)

    def _tell(self, key: str, row: Any) -> str:
        if key == "name":
            return sentence(row, self._now())
        return self.table.columns.tell(key, row, self._now())

    def _show_count(self) -> None:
        """How many, in words: of all, or of those in the place that is chosen."""
        count = self.model.rowCount()
        place = self.side.list.current()
        words = ngettext("{count} person", "{count} people", count).format(count=paint_count(count))
        whole = place.count if place is not None else 0
        if self.filter.is_on() and whole > count:
            words = _("{people} of {whole}").format(people=words, whole=paint_count(whole))
        if place is not None and place.kind != ALL:
            words = f"{name_of(place)} · {words}"
        if place is not None and place.broken:
            words += " · " + _("its rule names something that is gone: as last noted")
        self.count.setText(words)

    def _show_list(self) -> None:
        """The table, or why it is empty."""
        self._show_count()
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
            return
        self._show_empty()
        self._stack.setCurrentWidget(self.empty)

    def _show_empty(self) -> None:
        place = self.side.list.current()
        if self.filter.is_on():
            text = clean_line(self.filter.search.text(), limit=60)
            clear = Button(_("Clear the filters"), variant="primary")
            clear.clicked.connect(self.filter.clear)
            title = _("Nobody matches “{text}”").format(text=text) if text else _("Nobody matches")
            self.empty.set_content("search-x", title, _("There are others."), tone="neutral")
            self.empty.set_buttons([clear])
        elif place is not None and place.kind == "circle":
            self.empty.set_content(
                "users", _("Nobody is in “{circle}” yet").format(circle=name_of(place)),
                _("Drag people here from the table, put them in from their card, or give the circle a rule."),
            )  # fmt: skip
            everybody = Button(_("Show all people"), variant="primary")
            everybody.clicked.connect(lambda: self.side.list.choose(ALL))
            edit = Button(_("Edit the circle…"))
            edit.clicked.connect(lambda: self.place_edit_wanted.emit(place))
            self.empty.set_buttons([everybody, edit])
        elif place is not None and place.kind != ALL:
            self.empty.set_content("users", _("Nobody here"), _("Drag people here from the table."), tone="neutral")
            everybody = Button(_("Show all people"), variant="primary")
            everybody.clicked.connect(lambda: self.side.list.choose(ALL))
            self.empty.set_buttons([everybody])
        else:
            self.empty.set_content(
                "users", _("Nobody is known yet"),
                _("Whoever writes to the brand comes here by itself. You can bring people in from a file, or write "
                  "somebody down by hand."),
            )  # fmt: skip
            bring = Button(_("Import a file…"), variant="primary")
            bring.clicked.connect(lambda: self.run_action("audience.import"))
            new = Button(_("New person…"))
            new.clicked.connect(lambda: self.run_action("audience.new"))
            self.empty.set_buttons([bring, new])

    def _show_slow(self) -> None:
        if not self.model.rowCount():
            self._stack.setCurrentWidget(self._loading)
        self.count.setText(_("Looking…"))

    def _failed(self, error: DeskError) -> None:
        words = explain(error)
        again = Button(_("Try again"), variant="primary")
        again.clicked.connect(self.model.reload)
        self.empty.set_content("triangle-alert", words.what, " ".join((words.why, words.todo)), tone="negative")
        self.empty.set_buttons([again])
        self._stack.setCurrentWidget(self.empty)
        self.count.setText("")

    def _fit(self) -> None:
        """The card shows while somebody is chosen and it was not put away."""
        self.card.setVisible(self.card.contact_id != 0 and not self._card_closed)
        self.card_button.setChecked(not self._card_closed)

    _card_closed = False


class _Loading(QWidget):
    """The wheel while people are looked for."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(Spinner(), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(PlainLabel(_("Looking…"), color="text_muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
