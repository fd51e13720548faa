"""The folders at the left: a tree with counts; templates dragged from the list are dropped on it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.models.library import NO_FOLDER
from ui.theme.tokens import Radius, Space
from ui.widgets import paint

_Index = QModelIndex | QPersistentModelIndex
_PATH = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1


class Folders(QTreeWidget):
    """`chosen(path)`: '' is all, NO_FOLDER those in none."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target: QTreeWidgetItem | None = None
        self.setHeaderHidden(True)
        self.setAccessibleName(_("Folders"))
        self.setIndentation(theme.scaled(14))
        self.setRootIsDecorated(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_Rows(self))
        self.setMouseTracking(True)
        self.setStyleSheet("QTreeWidget { background: transparent; border: 0; } QTreeView::branch { image: none; }")
        self.viewport().setAutoFillBackground(False)
        self.currentItemChanged.connect(self._moved)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)

    def show_folders(self, counts: list[tuple[str, int]]) -> None:
        """Show the folders in use; the chosen one stays chosen while it is there."""
        before = self.current()
        self.blockSignals(True)
        self.clear()
        items: dict[str, QTreeWidgetItem] = {}
        self._add(None, "", _("All templates"), sum(count for _path, count in counts))
        for path, count in counts:
            if not path:
                continue
            parts = path.split("/")
            for depth in range(1, len(parts) + 1):
                here = "/".join(parts[:depth])
                if here not in items:
                    over = items.get("/".join(parts[: depth - 1]))
                    items[here] = self._add(over, here, clean_line(parts[depth - 1], limit=80), 0)
                items[here].setData(0, _COUNT, items[here].data(0, _COUNT) + count)
        loose = dict(counts).get("", 0)
        if loose and items:
            self._add(None, NO_FOLDER, _("In no folder"), loose)
        self.expandAll()
        self._choose(before)
        self.blockSignals(False)

    def current(self) -> str:
        """The chosen folder."""
        item = self.currentItem()
        return str(item.data(0, _PATH)) if self.selectedItems() and item is not None else ""

    def choose(self, path: str) -> None:
        """Choose a folder and say so."""
        self._choose(path)
        self.chosen.emit(self.current())

    # Dropping

    def show_target(self, spot: QPoint) -> str | None:
        """Mark the folder under a global point; returns its path ('' for none), None when nothing is there."""
        item = self.itemAt(self.viewport().mapFromGlobal(spot))
        if item is not None and item.data(0, _PATH) == "":
            item = None
        self._target = item
        self.viewport().update()
        if item is None:
            return None
        path = str(item.data(0, _PATH))
        return "" if path == NO_FOLDER else path

    def clear_target(self) -> None:
        """The drag is over."""
        self._target = None
        self.viewport().update()

    def is_target(self, item: QTreeWidgetItem | None) -> bool:
        """Whether something is held over this folder."""
        return item is not None and item is self._target

    def _add(self, parent: QTreeWidgetItem | None, path: str, text: str, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent) if parent is not None else QTreeWidgetItem(self)
        item.setText(0, text)
        item.setData(0, _PATH, path)
        item.setData(0, _COUNT, count)
        return item

    def _choose(self, path: str) -> None:
        wanted = self.topLevelItem(0)
        stack = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        while stack:
            item = stack.pop()
            if item is None:
                continue
            if item.data(0, _PATH) == path:
                wanted = item
                break
            stack += [item.child(row) for row in range(item.childCount())]
        if wanted is not None:
            self.setCurrentItem(wanted)

    def _moved(self) -> None:
        self.chosen.emit(self.current())

    def _ask_menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        path = str(item.data(0, _PATH)) if item is not None else ""
        if path and path != NO_FOLDER:
            self.menu_wanted.emit(path, self.viewport().mapToGlobal(spot))


class _Rows(QStyledItemDelegate):
    """Icon, name, count at the right."""

    def __init__(self, tree: Folders) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One height for all."""
        return QSize(0, theme.scaled(30))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one folder."""
        item = self._tree.itemFromIndex(index)
        box = QRectF(option.rect).adjusted(0, 1, -Space.S, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        held = self._tree.is_target(item)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or over or held:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if held else "selection" if chosen else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        ink = "selection_text" if chosen else "text"
        size = theme.scaled(15)
        path = item.data(0, _PATH)
        glyph = "layers" if path == "" else "folder-open" if item.childCount() else "folder"
        mark = icons.pixmap(glyph, theme.color("accent_text" if chosen else "text_muted"), size)
        painter.drawPixmap(int(box.left() + Space.S), int(box.center().y() - size / 2), mark)
        count = str(item.data(0, _COUNT))
        wide = paint.text_width(count, "caption") + 2
        right = QRectF(box.right() - wide - Space.S, box.top(), wide, box.height())
        left = box.left() + Space.S + size + Space.S
        words = QRectF(left, box.top(), right.left() - left - Space.XS, box.height())
        paint.draw_text(painter, words, item.text(0), role="body_medium" if chosen else "body", color=ink)
        paint.draw_text(painter, right, count, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight)
        painter.restore()
