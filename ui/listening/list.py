"""The second pane: what was decided, a search in what was found, the hits, the bar for several, and empty texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import N_, _
from cmdesk.listening.values import HitState
from cmdesk.wording import explain
from ui.listening import words
from ui.listening.rows import HitDelegate
from ui.models.directory import Directory
from ui.models.listening import HitQuery, HitsModel
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Chip, Divider, EmptyState, FlowLayout, IconButton, SearchField
from ui.widgets.id_table import IdTable
from ui.widgets.list_parts import BulkBar, NewPill
from ui.widgets.marks import INTENTS, SENTIMENTS
from ui.widgets.panels import Surface

LEAST, USUAL = 320, 400
_BULK: tuple[tuple[str, str, str], ...] = (
    ("promote", "inbox", N_("Take into the inbox")),
    ("thank", "heart", N_("Thank")),
    ("keep", "bookmark", N_("Keep for later")),
    ("seen", "check", N_("Mark as seen")),
    ("dismiss", "ban", N_("Not interesting")),
    ("mute", "eye-off", N_("Mute the authors")),
)


class StateBar(QWidget):
    """Which hits: one button for each decision; `changed` when a person chose another."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Which hits"))
        self._keys = list(words.STATES)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        flow = FlowLayout(self, gap=4)
        for place, state in enumerate(self._keys):
            part = Button(words.state_word(state), size="small", variant="ghost")
            part.setCheckable(True)
            self._group.addButton(part, place)
            flow.addWidget(part)
        self.set_current(HitState.NEW)
        self._group.idClicked.connect(lambda place: self.changed.emit(self._keys[place]))

    def set_current(self, state: HitState) -> None:
        """Choose without telling."""
        self._group.button(self._keys.index(state)).setChecked(True)

    def set_new(self, count: int) -> None:
        """The number beside the new ones."""
        part = self._group.button(self._keys.index(HitState.NEW))
        word = words.state_word(HitState.NEW)
        text = f"{word}  {count}" if count else word
        if part.text() != text:
            part.setText(text)
            part.updateGeometry()


class ListPane(Surface):
    """States, search and filter over the table; the pill of what is new; banner and bulk bar."""

    query_changed = Signal(object)
    """The person chose, searched or filtered: the new `HitQuery`."""
    act = Signal(str)
    """A button of the bar: the name of an action."""
    muted_wanted = Signal()
    """Who is muted is to be shown."""

    def __init__(self, model: HitsModel, directory: Directory, pictures: Pictures, now: Callable[[], datetime]) -> None:
        super().__init__("surface")
        self._model = model
        self._sources: tuple[str, ...] = ()
        self.delegate = HitDelegate(directory, pictures, now, self)
        self.table = IdTable(model, self.delegate, self)
        self.table.setAccessibleName(_("What was found"))
        self.states = StateBar()
        self.search = SearchField(_("Search what was found"))
        self.filter_button = IconButton("list-filter", _("Filter"))
        self.trouble = Banner("", tone="warning", icon="triangle-alert")
        self.pill = NewPill(self)
        self.bulk = BulkBar(_BULK)
        self.empty = EmptyState("ear", "")
        self._chip_box, self._chips = QWidget(), QWidget()
        self._chip_flow = FlowLayout(self._chips, gap=6)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.setMinimumWidth(LEAST)
        self._build()
        self.states.changed.connect(lambda state: self._change(state=state))
        self.search.searched.connect(lambda text: self._change(text=text))
        self.filter_button.clicked.connect(self._show_filters)
        self.table.selection_changed.connect(self.bulk.set_count)
        self.bulk.act.connect(self.act)
        self.bulk.closed.connect(self.table.clear_extra)
        model.arrived.connect(self._arrived)
        pictures.ready.connect(self.table.viewport().update)
        directory.changed.connect(self.table.viewport().update)
        self._stack.installEventFilter(self)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(Space.M, Space.S, Space.S, Space.XS)
        top.setSpacing(Space.XS)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        self._trouble_box = QWidget()
        for holder, part in (
            (QWidget(), self.states),
            (self._chip_box, self._chips),
            (self._trouble_box, self.trouble),
        ):
            row = QHBoxLayout(holder)
            row.setContentsMargins(Space.M, 0, Space.M, Space.S)
            row.addWidget(part)
            column.addWidget(holder)
        self._chip_box.hide()
        self._trouble_box.hide()
        column.addWidget(Divider())
        column.addWidget(self._stack, 1)
        column.addWidget(self.bulk)

    # What is shown

    def show_query(self, query: HitQuery, sources: tuple[str, ...]) -> None:
        """Put field, states and chips in step with a query that was set elsewhere."""
        self._sources = sources
        if self.search.text().strip() != query.text:
            self.search.blockSignals(True)
            self.search.setText(query.text)
            self.search.blockSignals(False)
        self.states.set_current(query.state)
        narrowed = bool(query.source or query.sentiment or query.intent)
        self.filter_button.set_glyph("list-filter", role="accent_text" if narrowed else "text_muted")
        self._show_chips(query)

    def say_trouble(self, text: str, *, tone: str = "warning", icon: str = "triangle-alert") -> None:
        """A line above the hits; '' takes it away."""
        if text:
            self.trouble.set_text(text, tone=tone, icon=icon)
        self._trouble_box.setVisible(bool(text))

    def show_rows(self) -> None:
        """The table."""
        self._stack.setCurrentWidget(self.table)

    def show_empty(
        self, icon: str, title: str, text: str, *, tone: str = "accent", buttons: tuple[Button, ...] = ()
    ) -> None:
        """One of the empty texts."""
        self.empty.set_content(icon, title, text, tone=tone)
        self.empty.set_buttons(buttons)
        self._stack.setCurrentWidget(self.empty)

    def show_failure(self, error: DeskError) -> None:
        """It could not be read: why, and a way to try again."""
        retry = Button(_("Try again"), variant="primary")
        retry.clicked.connect(self._model.reload)
        said = explain(error)
        self.show_empty("triangle-alert", said.what, said.why or said.todo, tone="negative", buttons=(retry,))

    def showing_table(self) -> bool:
        """Whether rows are on screen."""
        return self._stack.currentWidget() is self.table

    def clear_filters(self) -> None:
        """The whole list again."""
        self.query_changed.emit(self._model.query.without_filters())

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keep the pill centred above the table."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_pill()
        return False

    def _arrived(self, count: int) -> None:
        self.pill.set_count(count)
        self._place_pill()

    def _place_pill(self) -> None:
        spot = self._stack.geometry()
        self.pill.move(spot.x() + (spot.width() - self.pill.width()) // 2, spot.y() + Space.S)
        self.pill.raise_()

    # Filters

    def _change(self, **parts: object) -> None:
        self.query_changed.emit(replace(self._model.query, **parts))  # type: ignore[arg-type]

    def _show_chips(self, query: HitQuery) -> None:
        while (item := self._chip_flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        parts: list[tuple[str, str]] = []
        if query.source:
            parts.append((words.source_name(query.source), "source"))
        if query.sentiment in SENTIMENTS:
            parts.append((SENTIMENTS[query.sentiment].label, "sentiment"))
        if query.intent:
            parts.append((words.intent_word(query.intent), "intent"))
        for text, field in parts:
            chip = Chip(text, tone="accent", icon="x", clickable=True)
            chip.setAccessibleName(_("Remove the filter {name}").format(name=text))
            chip.clicked.connect(partial(self._change, **{field: ""}))
            self._chip_flow.addWidget(chip)
        self._chip_box.setVisible(bool(parts))

    def _show_filters(self) -> None:
        self.filter_menu().popup(self.filter_button.mapToGlobal(self.filter_button.rect().bottomLeft()))

    def filter_menu(self) -> QMenu:
        """Source, sentiment and kind as one menu."""
        query = self._model.query
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sources = {each: words.source_name(each) for each in self._sources}
        self._section(menu, _("Every source"), sources, query.source, "source")
        menu.addSeparator()
        moods = {key: each.label for key, each in SENTIMENTS.items()}
        kinds = {key: _(each[0]) for key, each in INTENTS.items()}
        self._section(menu.addMenu(_("Sentiment")), _("All"), moods, query.sentiment, "sentiment")
        self._section(menu.addMenu(_("Kind")), _("All"), kinds, query.intent, "intent")
        if query.filtered:
            menu.addSeparator()
            menu.addAction(_("Remove the filters"), self.clear_filters)
        menu.addSeparator()
        menu.addAction(_("Muted authors…"), self.muted_wanted.emit)
        return menu

    def _section(self, menu: QMenu, every: str, choices: Mapping[str, str], current: str, field: str) -> None:
        group = QActionGroup(menu)
        for key, text in {"": every, **choices}.items():
            made = QAction(text.replace("&", "&&"), menu)
            made.setCheckable(True)
            made.setChecked(key == current)
            made.triggered.connect(partial(self._chosen, field, key))
            group.addAction(made)
            menu.addAction(made)

    def _chosen(self, field: str, key: str, _checked: bool = False) -> None:
        self._change(**{field: key})
