"""A quiet table: rows painted by hand, a column that takes the width left, Enter opens, the right button asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import theme
from ui.theme.tokens import Space
from ui.widgets import paint

_Index = QModelIndex | QPersistentModelIndex
_CELL = Qt.ItemDataRole.UserRole
ROW = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows; `tone` makes it a chip, `stripe` is a brand's colour at the left edge."""

    text: str
    role: str = "body"
    color: str = "text"
    tone: str = ""
    icon: str = ""
    right: bool = False
    stripe: str = ""
    tip: str = ""


class _Model(QAbstractTableModel):
    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.titles = titles
        self.rows: list[tuple[int, tuple[Cell, ...]]] = []

    def rowCount(self, parent: _Index = QModelIndex(), /) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex(), /) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        cell = self.rows[index.row()][1][index.column()]
        if role == _CELL:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        return cell.tip or None if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            right = bool(self.rows) and self.rows[0][1][section].right
            return int(
                (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
            )
        return None


class QuietTable(QTableView):
    """`show_rows([(id, cells)])`; `opened(id)` by Enter or a double click, `chosen(id)` where the cursor goes."""

    opened = Signal(int)
    chosen = Signal(object)  # id or None
    delete_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, name: str, titles: Sequence[str], widths: Sequence[int], parent: QWidget | None = None) -> None:
        """`widths` in px at a zoom of 1; 0 takes what is left."""
        super().__init__(parent)
        self._widths = tuple(widths)
        self._model = _Model(titles, self)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setItemDelegate(_Rows(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(
            "QTableView { border: 0; background: transparent; }"
            f"QHeaderView::section {{ padding: 6px {Space.M}px 6px {Space.S}px; }}"
            f"QHeaderView::section:first {{ padding-left: {Space.L}px; }}"
        )
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(theme.scaled(40))
        for column, width in enumerate(self._widths):
            mode = QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.current_id()))
        theme.changed().connect(self._resize)
        self._resize()

    def show_rows(self, rows: Sequence[tuple[int, tuple[Cell, ...]]]) -> None:
        """Show these; what is selected stays so while it is there."""
        kept, bar = self.selected_ids(), self.verticalScrollBar().value()
        self._model.beginResetModel()
        self._model.rows = list(rows)
        self._model.endResetModel()
        self.choose(*kept)
        self.verticalScrollBar().setValue(bar)

    def choose(self, *ids: int) -> None:
        """Select these rows, the cursor on the first."""
        places = [row for row, (each, _cells) in enumerate(self._model.rows) if each in ids]
        self.clearSelection()
        for row in reversed(places):
            self.setCurrentIndex(self._model.index(row, 0))
        mode = self.selectionModel().SelectionFlag
        for row in places:
            self.selectionModel().select(self._model.index(row, 0), mode.Select | mode.Rows)

    def selected_ids(self) -> list[int]:
        """The selected rows in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._model.rows[row][0] for row in rows if row < len(self._model.rows)]

    def current_id(self) -> int | None:
        """The row the cursor is on, None when nothing is selected."""
        found = self.selected_ids()
        row = self.currentIndex().row()
        here = self._model.rows[row][0] if 0 <= row < len(self._model.rows) else None
        return here if here in found else (found[0] if found else None)

    def texts(self) -> list[list[str]]:
        """What the cells say, row by row."""
        return [[cell.text for cell in cells] for _id, cells in self._model.rows]

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Del asks to put away."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Delete and self.selected_ids():
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._model.rows):
            self.opened.emit(self._model.rows[row][0])

    def _ask_menu(self, spot: QPoint) -> None:
        index = self.indexAt(spot)
        if index.isValid():
            if self._model.rows[index.row()][0] not in self.selected_ids():
                self.selectRow(index.row())
            self.menu_wanted.emit(self.viewport().mapToGlobal(spot))

    def _resize(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.scaled(ROW))
        self.horizontalHeader().setFixedHeight(theme.scaled(32))
        for column, width in enumerate(self._widths):
            if width:
                self.setColumnWidth(column, theme.scaled(width))


class _Rows(QStyledItemDelegate):
    def __init__(self, table: QuietTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        """One height for all."""
        return QSize(40, theme.scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        """Draw one cell; the row is one field of colour."""
        cell: Cell = index.data(_CELL)
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("selection" if chosen else "hover"))
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if cell.stripe:
            paint.draw_stripe(painter, QRectF(rect.left(), rect.top() + 6, 3, rect.height() - 12), cell.stripe)
        left = Space.L if index.column() == 0 else Space.S
        box = rect.adjusted(left, 0, -Space.M, 0)
        if cell.tone and cell.text:
            painter.setClipRect(rect)
            paint.draw_chip(painter, box.left(), rect.center().y(), cell.text, tone=cell.tone, icon=cell.icon)
        elif cell.text:
            side = Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
            paint.draw_text(painter, box, cell.text, role=cell.role, color=cell.color, align=side)
        painter.restore()
