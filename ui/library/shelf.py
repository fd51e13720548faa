"""What the links and the hashtags of the library share: search, a table, an empty page, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui.library.table import Cell, QuietTable
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, PlainLabel, SearchField
from ui.widgets.page import PageContext
from ui.widgets.panels import Surface

Rows = Sequence[tuple[int, tuple[Cell, ...]]]


class Shelf(Surface):
    """Base of the two: a line with the search, the table under it; `show_rows` of the subclass fills it."""

    def __init__(
        self, context: PageContext, directory: Directory, table: QuietTable, *, search: str, parent: QWidget
    ) -> None:
        super().__init__("surface", parent)
        self._context, self._desk, self._directory = context, context.desk, directory
        self._brand_id: int | None = context.brand_id
        self.table = table
        self.search = SearchField(search)
        self.search.setMaximumWidth(360)
        self.away = QCheckBox(_("Show those put away"))
        self.count = PlainLabel("", role="small", color="text_muted")
        self.nothing = EmptyState("link", "")
        self._line = QHBoxLayout()
        self._line.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._line.setSpacing(Space.M)
        self._line.addWidget(self.search, 1)
        self._line.addWidget(self.away)
        self._line.addWidget(self.count)
        self._line.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._line)
        column.addWidget(Divider())
        column.addWidget(self._stack, 1)
        self.search.searched.connect(lambda _text: self.show_rows())
        self.search.returnPressed.connect(lambda: self.table.setFocus(Qt.FocusReason.TabFocusReason))
        self.away.toggled.connect(lambda _on: self.show_rows())
        self.table.opened.connect(self.edit)

    def show_rows(self) -> None:
        """Read and show what matches."""

    def edit(self, item_id: int) -> None:
        """Change one of them."""

    def new(self) -> None:
        """Begin one."""

    def show_brand(self, brand_id: int | None) -> None:
        """Those of one brand, or of all."""
        self._brand_id = brand_id

    def focus_main(self) -> None:
        """The table, or the search while it is empty."""
        (self.table if self._stack.currentWidget() is self.table else self.search).setFocus()

    # For the two

    def _fill(self, rows: Rows, *, none: tuple[str, str], icon: str, add: str) -> None:
        self.table.show_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self.nothing)
        text = self.search.text().strip()
        if rows:
            return
        if text:
            clear = Button(_("Show all"))
            clear.clicked.connect(self._clear)
            self.nothing.set_content(
                "search-x", _("Nothing matches “{text}”").format(text=clean_line(text, limit=60)), ""
            )
            self.nothing.set_buttons([clear])
        else:
            begin = Button(add, variant="primary", icon="plus")
            begin.clicked.connect(self.new)
            self.nothing.set_content(icon, *none)
            self.nothing.set_buttons([begin] if self._directory.brands() else [])

    def _clear(self) -> None:
        self.search.clear()
        self.show_rows()

    def _color(self, brand_id: int) -> str:
        return self._directory.color(brand_id)

    def _askable(self) -> list[Brand]:
        """The brands a form asks about: none where one is chosen."""
        return [] if self._brand_id is not None else self._directory.brands()
