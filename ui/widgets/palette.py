"""The command palette (Ctrl+K): one field that finds brands, accounts, conversations, posts and commands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.labels import PlainLabel
from ui.widgets.overlay import Overlay
from ui.widgets.panels import Divider

_ROW = 44
_MAX_ROWS = 60
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """One thing to go to or do; `group` is the word at its right, `weight` lifts it among equals."""

    title: str
    run: Callable[[], object]
    subtitle: str = ""
    icon: str = "arrow-right"
    group: str = ""
    shortcut: str = ""
    color: str = ""
    weight: float = 0.0
    keywords: str = ""


def fold(text: str) -> str:
    """Lower case without accents, the form in which the palette compares."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def score(query: str, text: str) -> float:
    """How well `text` answers `query` (both folded): 0 not at all, higher is better.

    Every letter must occur in order; whole words, word starts and runs of letters count more, long texts less.
    """
    if not query:
        return 1.0
    found = text.find(query)
    if found >= 0:
        at_start = found == 0 or not text[found - 1].isalnum()
        return 100.0 + (40 if at_start else 0) + (20 if found == 0 else 0) - min(len(text), 80) * 0.2
    words = query.split()
    if len(words) > 1 and all(word in text for word in words):
        return 80.0 - min(len(text), 80) * 0.2
    total, place, run = 0.0, 0, 0
    for char in query:
        if char == " ":
            continue
        here = text.find(char, place)
        if here < 0:
            return 0.0
        run = run + 1 if here == place and place else 0
        total += 1 + run * 2 + (6 if here == 0 or not text[here - 1].isalnum() else 0)
        place = here + 1
    spread = place - text.find(query[0])
    return max(0.0, total * 2 - spread * 0.6) if spread <= len(query) * 5 else 0.0


def rank(query: str, items: Sequence[PaletteItem], *, limit: int = _MAX_ROWS) -> list[PaletteItem]:
    """The items that answer `query`, best first; order is kept among equals."""
    wanted = fold(query.strip())
    scored = []
    for place, item in enumerate(items):
        points = max(
            score(wanted, fold(item.title)),
            score(wanted, fold(item.subtitle)) * 0.6,
            score(wanted, fold(item.keywords)) * 0.7,
        )
        if points > 0:
            scored.append((-(points + item.weight), place, item))
    scored.sort(key=lambda entry: entry[:2])
    return [item for _points, _place, item in scored[:limit]]


class CommandPalette(Overlay):
    """Asks `items()` once when opened; `searched(text)` lets the window add found conversations and posts later."""

    searched = Signal(str)

    def __init__(self, window: QWidget, items: Callable[[], Sequence[PaletteItem]]) -> None:
        super().__init__(window, width=640)
        self._items_source = items
        self._items: Sequence[PaletteItem] = ()
        self._found: Sequence[PaletteItem] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Go to a brand, person, post or command…"))
        self.field.setAccessibleName(_("Search or run a command"))
        self.field.setProperty("quiet", True)
        self.field.setTextMargins(Space.L, 0, Space.L, 0)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setAccessibleName(_("Results"))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setStyleSheet("QListView { background: transparent; border: 0; padding: 6px; }")
        self._model = _PaletteModel(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_PaletteDelegate(self.list))
        self.list.clicked.connect(self._run)
        self.empty = PlainLabel(_("Nothing found"), color="text_muted", align=Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.field)
        self.body.addWidget(Divider())
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.empty, 1)
        theme.changed().connect(self._restyle)
        self._restyle()

    def open_palette(self, text: str = "") -> None:
        """Show it, with `text` already typed."""
        self._items = list(self._items_source())
        self._found = ()
        self.field.setText(text)
        self._typed(text)
        self.popup(self.field)
        self.field.selectAll()

    def add_found(self, text: str, items: Sequence[PaletteItem]) -> None:
        """Add what a search for `text` brought, if that is still what is typed."""
        if self.isVisible() and text == self.field.text().strip():
            self._found = items
            self._fill()

    def items(self) -> list[PaletteItem]:
        """What is listed, in order."""
        return list(self._model.items)

    def panel_height(self, available: int) -> int:
        """Field and up to ten rows."""
        return min(available, theme.scaled(52) + theme.scaled(_ROW) * 10 + 16)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Arrows move in the list while the field keeps the focus."""
        if watched is self.field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in steps:
                self._move(steps[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_overlay()
                return True
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        tall = theme.scaled(52)
        self.field.setFont(theme.font("title"))
        self.field.setStyleSheet(f"QLineEdit {{ min-height: {tall}px; max-height: {tall}px; border: 0; }}")

    def _typed(self, text: str) -> None:
        self._found = ()
        self._fill()
        wanted = text.strip()
        if len(wanted) >= 2:
            self.searched.emit(wanted)

    def _fill(self) -> None:
        ranked = rank(self.field.text(), self._items, limit=30 if self._found else _MAX_ROWS)
        self._model.set_items([*ranked, *self._found][:_MAX_ROWS])
        self.list.setVisible(bool(self._model.items))
        self.empty.setVisible(not self._model.items)
        if self._model.items:
            self.list.setCurrentIndex(self._model.index(0))

    def _move(self, step: int) -> None:
        count = len(self._model.items)
        if not count:
            return
        row = self.list.currentIndex().row() + step
        row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self._model.index(row))
        self.field.setAccessibleDescription(self._model.items[row].title)

    def _run(self, index: QModelIndex) -> None:
        if index.isValid():
            item = self._model.items[index.row()]
            self.close_overlay()
            item.run()


class _PaletteModel(QAbstractListModel):
    """The listed items."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[PaletteItem] = []

    def set_items(self, items: list[PaletteItem]) -> None:
        """List these."""
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex(), /) -> int:  # noqa: B008 - Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """The item itself, and sentences for screen readers."""
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (item.title, item.subtitle, item.group) if part)
        return None


class _PaletteDelegate(QStyledItemDelegate):
    """Icon, title, subtitle, group or key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        """One fixed height."""
        return QSize(100, theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        """Draw a row."""
        item = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(item, PaletteItem):
            return
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if selected else "hover"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 8, 8)
        x = rect.x() + Space.M
        if item.color:
            stripe = QRectF(rect.x() + 4, rect.y() + 12, 3, rect.height() - 24)
            paint.draw_stripe(painter, stripe, item.color, surface="surface_raised")
        mark = icons.pixmap(item.icon, theme.color("text_muted"), 18)
        painter.drawPixmap(QPointF(x, rect.y() + (rect.height() - 18) / 2), mark)
        x += 18 + Space.M
        right = rect.right() - Space.M
        tail = item.shortcut or item.group
        if tail:
            width = paint.text_width(tail, "small") + 2
            paint.draw_text(
                painter, QRectF(right - width, rect.y(), width, rect.height()), tail, role="small", color="text_muted"
            )
            right -= width + Space.M
        title = clean_line(item.title)
        if item.subtitle:
            half = rect.height() / 2
            paint.draw_text(painter, QRectF(x, rect.y() + 4, right - x, half - 3), title, role="body_medium")
            below = QRectF(x, rect.y() + half - 1, right - x, half - 4)
            paint.draw_text(painter, below, clean_line(item.subtitle), role="small", color="text_muted")
        else:
            paint.draw_text(painter, QRectF(x, rect.y(), right - x, rect.height()), title, role="body_medium")
        painter.restore()
