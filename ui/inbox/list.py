"""The second pane: search, filters and order, the conversations, the bulk bar, and what an empty list says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import N_, _
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_by_hand import network_name
from ui.inbox import care_words, words
from ui.inbox.rows import RowDelegate
from ui.models.directory import Directory
from ui.models.inbox import InboxModel, Order, Query
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import (
    Banner,
    Button,
    Chip,
    Divider,
    EmptyState,
    FlowLayout,
    IconButton,
    PlainLabel,
    SearchField,
    Spinner,
)
from ui.widgets.id_table import IdTable
from ui.widgets.list_parts import BulkBar, NewPill
from ui.widgets.panels import Surface
from ui.widgets.states import error_state

ORDERS: dict[Order, str] = {
    Order.URGENT: N_("Most urgent first"),
    Order.NEWEST: N_("Newest first"),
    Order.OLDEST: N_("Oldest first"),
    Order.WINDOW: N_("Window closing first"),
}
_ORDER_ICONS = {
    Order.URGENT: "zap",
    Order.NEWEST: "arrow-down",
    Order.OLDEST: "arrow-up",
    Order.WINDOW: "door-open",
}
SENTIMENT_FILTERS = {
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
    "unsure": N_("Unsure"),
}
_BULK: tuple[tuple[str, str, str], ...] = (
    ("triage", "smile", N_("Correct the triage")),
    ("thank", "heart", N_("Thank")),
    ("solve", "check", N_("Solve")),
    ("snooze", "alarm-clock", N_("Snooze")),
    ("ignore", "ban", N_("Ignore with a reason")),
    ("label", "tag", N_("Label")),
    ("unread", "mail-open", N_("Mark as read or unread")),
)


class ListPane(Surface):
    """Search field, filters, order, the table, the pill of the new ones, the bulk bar and the empty states."""

    query_changed = Signal(object)
    """The person searched, filtered or sorted: the new `Query`."""
    act = Signal(str)
    """A bulk button: the name of an action."""

    def __init__(
        self,
        model: InboxModel,
        directory: Directory,
        pictures: Pictures,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", parent)
        self._model, self._directory = model, directory
        self._brand_id: int | None = None
        self._labels: tuple[tuple[int, str], ...] = ()
        self.delegate = RowDelegate(directory, pictures, now, self)
        self.table = IdTable(model, self.delegate, self)
        self.table.setAccessibleName(_("Conversations"))
        self.search = SearchField(_("Search the inbox"))
        self.filter_button = IconButton("list-filter", _("Filter"), role="text_muted")
        self.order_button = IconButton("arrow-down", _("Order"), role="text_muted")
        self.pill = NewPill(self)
        self.bulk = BulkBar(_BULK)
        self.banner = Banner("", tone="warning", icon="wifi-off")
        self.banner.hide()
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, gap=6)
        self._chip_flow.setContentsMargins(Space.M, 0, Space.M, Space.S)
        self._chips.hide()
        self._note = PlainLabel(role="small", color="text_muted", elide=True)
        self._note.setContentsMargins(Space.L, 0, Space.L, Space.S)
        self._note.hide()
        self.empty = EmptyState("inbox", "")
        self._loading = _Loading()
        self._failed: QWidget | None = None
        self._stack = QStackedWidget()
        for part in (self.table, self.empty, self._loading):
            self._stack.addWidget(part)
        self._build()
        self.search.searched.connect(lambda text: self._change(text=text))
        self.filter_button.clicked.connect(self._show_filters)
        self.order_button.clicked.connect(self._show_orders)
        self.table.selection_changed.connect(self.bulk.set_count)
        self.bulk.act.connect(self.act)
        self.bulk.closed.connect(self.table.clear_extra)
        model.arrived.connect(self.pill.set_count)
        model.arrived.connect(lambda _count: self._place_pill())
        model.failed.connect(self._show_failure)
        pictures.ready.connect(self.table.viewport().update)
        directory.changed.connect(self.table.viewport().update)
        self._stack.installEventFilter(self)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        top.setSpacing(Space.XS)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter_button)
        top.addWidget(self.order_button)
        banner = QHBoxLayout()
        banner.setContentsMargins(Space.M, 0, Space.M, Space.S)
        banner.addWidget(self.banner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(banner)
        layout.addWidget(self._chips)
        layout.addWidget(self._note)
        layout.addWidget(Divider())
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.bulk)

    # What is shown

    def set_scope(self, brand_id: int | None, labels: tuple[tuple[int, str], ...]) -> None:
        """The brand chosen in the window, and its labels for the filter."""
        self._brand_id, self._labels = brand_id, labels
        self.delegate.show_brand = brand_id is None

    def show_query(self, query: Query) -> None:
        """Put field, chips and order in step with a query that was set elsewhere."""
        if self.search.text().strip() != query.text:
            self.search.blockSignals(True)
            self.search.setText(query.text)
            self.search.blockSignals(False)
        self.delegate.show_state = bool(query.text)
        self.filter_button.set_glyph("list-filter", role="accent_text" if query.filtered else "text_muted")
        self.order_button.set_glyph(_ORDER_ICONS[query.order])
        self.order_button.set_name(_("Order: {order}").format(order=_(ORDERS[query.order])))
        self._show_chips(query)

    def show_loading(self) -> None:
        """While the first rows are not there."""
        self._note.hide()
        self._stack.setCurrentWidget(self._loading)

    def show_rows(self) -> None:
        """The table, or nothing found of a search that is capped."""
        self._note.setVisible(self._model.capped and bool(self._model.query.text))
        self._note.setText(_("The newest {count} matches").format(count=self._model.rowCount()))
        self._stack.setCurrentWidget(self.table)

    def show_empty(
        self, icon: str, title: str, text: str, *, tone: str = "accent", buttons: tuple[Button, ...] = ()
    ) -> None:
        """One of the four empty texts."""
        self.empty.set_content(icon, title, text, tone=tone)
        self.empty.set_buttons(buttons)
        self._stack.setCurrentWidget(self.empty)

    def showing_table(self) -> bool:
        """Whether rows are on screen."""
        return self._stack.currentWidget() is self.table

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keep the pill centred above the table."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_pill()
        return False

    def _place_pill(self) -> None:
        spot = self._stack.geometry()
        self.pill.move(spot.x() + (spot.width() - self.pill.width()) // 2, spot.y() + Space.S)
        self.pill.raise_()

    def _show_failure(self, error: DeskError) -> None:
        retry = Button(_("Try again"), variant="primary")
        retry.clicked.connect(self._model.reload)
        self._drop_failure()
        self._failed = error_state(explain(error).what, retry)
        self._stack.addWidget(self._failed)
        self._stack.setCurrentWidget(self._failed)

    def _drop_failure(self) -> None:
        if self._failed is not None:
            self._stack.removeWidget(self._failed)
            self._failed.deleteLater()
            self._failed = None

    # Filters and order

    def _change(self, **parts: object) -> None:
        self.query_changed.emit(replace(self._model.query, **parts))  # type: ignore[arg-type]

    def clear_filters(self) -> None:
        """The whole view again."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.query_changed.emit(self._model.query.without_filters())

    def _show_chips(self, query: Query) -> None:
        while self._chip_flow.count():
            item = self._chip_flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        account = self._directory.account(query.account_id) if query.account_id else None
        label = dict(self._labels).get(query.label_id or 0, "")
        parts: list[tuple[str, dict[str, object]]] = []
        if account is not None:
            parts.append((words.at_handle(account.handle), {"account_id": None}))
        if query.kind:
            parts.append((_(words.KINDS[query.kind][0]) if query.kind in words.KINDS else query.kind, {"kind": ""}))
        if query.sentiment:
            parts.append((_(SENTIMENT_FILTERS[query.sentiment]), {"sentiment": ""}))
        if query.intent:
            parts.append((care_words.intent_word(query.intent), {"intent": ""}))
        if query.unread:
            parts.append((_("Unread"), {"unread": False}))
        if label:
            parts.append((clean_line(label), {"label_id": None}))
        for text, without in parts:
            chip = Chip(text, tone="accent", icon="x", clickable=True)
            chip.setAccessibleName(_("Remove the filter {name}").format(name=text))
            chip.clicked.connect(lambda without=without: self._change(**without))
            self._chip_flow.addWidget(chip)
        self._chips.setVisible(bool(parts))

    def _show_filters(self) -> None:
        menu = self.filter_menu()
        menu.popup(self.filter_button.mapToGlobal(self.filter_button.rect().bottomLeft()))

    def filter_menu(self) -> QMenu:
        """Unread, kind, account and label as one menu."""
        query = self._model.query
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _choice(menu, _("Only unread"), query.unread, lambda: self._change(unread=not query.unread))
        menu.addSeparator()
        self._section(
            menu,
            [("", _("Every kind")), *((key, _(word)) for key, (word, _icon) in words.KINDS.items())],
            query.kind,
            "kind",
        )
        for title, field, current, choices in (
            (_("Sentiment"), "sentiment", query.sentiment, SENTIMENT_FILTERS.items()),
            (_("Kind"), "intent", query.intent, ((key, each[0]) for key, each in care_words.INTENTS.items())),
        ):
            part = menu.addMenu(title)
            self._section(part, [("", _("All")), *((key, _(word)) for key, word in choices)], current, field)
        accounts = self._directory.accounts(self._brand_id)
        if len(accounts) > 1:
            menu.addSeparator()
            rows: list[tuple[object, str]] = [(None, _("Every account"))]
            rows += [(each.id, f"{words.at_handle(each.handle)} · {network_name(each.network)}") for each in accounts]
            self._section(menu, rows, query.account_id, "account_id")
        if self._labels:
            menu.addSeparator()
            rows = [(None, _("With or without label")), *((key, clean_line(name)) for key, name in self._labels)]
            self._section(menu, rows, query.label_id, "label_id")
        if query.filtered:
            menu.addSeparator()
            menu.addAction(_("Remove the filters"), self.clear_filters)
        return menu

    def _section(self, menu: QMenu, rows: list[tuple[object, str]], current: object, field: str) -> None:
        group = QActionGroup(menu)
        for key, text in rows:
            made = _choice(menu, text, key == current, partial(self._change, **{field: key}))
            group.addAction(made)

    def _show_orders(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for order, text in ORDERS.items():
            current = self._model.query.order is order
            group.addAction(_choice(menu, _(text), current, partial(self._change, order=order)))
        menu.popup(self.order_button.mapToGlobal(self.order_button.rect().bottomLeft()))


class _Loading(QWidget):
    """A quiet sign that the list is being read."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(Spinner(size=22), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)


def _choice(menu: QMenu, text: str, checked: bool, do: Callable[[], object]) -> QAction:
    made = QAction(text.replace("&", "&&"), menu)
    made.setCheckable(True)
    made.setChecked(checked)
    made.triggered.connect(lambda _checked: do())
    menu.addAction(made)
    return made
