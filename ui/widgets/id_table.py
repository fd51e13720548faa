"""Tables over a long list of ids: selection, current row and scroll are kept by what a row is, not by its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyledItemDelegate, QTableView, QWidget

from ui import theme

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
_ONLY = Flag.ClearAndSelect | Flag.Rows
_KEPT_AT_MOST = 2000
"""A longer selection is given up when the rows are exchanged as a whole."""

_CLOCK_MS = 30_000
_TICK = 54


class RowTable(QTableView):
    """Shows a model that knows `id_at`, `place_of`, `ids` and says `refreshed` after a whole exchange of its rows."""

    chosen = Signal(object)
    """The person went to a row: its id, None when there is none left."""
    selection_changed = Signal(int)
    """How many rows are selected."""
    opened = Signal()
    """Enter or a double click: the person wants to go into the row."""
    menu_wanted = Signal(object)
    """The context menu was asked for, at this global point."""

    def __init__(self, model: Any, parent: QWidget | None = None) -> None:
        """`model` is an item model of one id a row."""
        super().__init__(parent)
        self._model = model
        self._quiet = 0
        self._kept: tuple[list[int], int | None, int | None, int] = ([], None, None, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        # Scrolling moves the pixels that are there and paints only what became visible: everything is painted here.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Before the selection hears of it: a row that goes must not look as if the person went elsewhere.
        model.modelAboutToBeReset.connect(self._keep)
        for about in (model.rowsAboutToBeInserted, model.rowsAboutToBeRemoved):
            about.connect(self._hold)
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        model.refreshed.connect(self._put_back)
        for done in (model.rowsInserted, model.rowsRemoved):
            done.connect(self._release)
        theme.changed().connect(self._resize_rows)
        self._resize_rows()

    # Ids

    def current_id(self) -> int | None:
        """The id of the current row."""
        found: int | None = self._model.id_at(self.currentIndex().row())
        return found

    def selected_ids(self) -> list[int]:
        """The selected ids in list order; ranges of any length."""
        places: list[int] = []
        for part in sorted(self._ranges(), key=lambda part: part.top()):
            places.extend(range(part.top(), part.bottom() + 1))
        found: list[int] = self._model.ids(dict.fromkeys(places))
        return found

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(part.height() for part in self._ranges())

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.count())]

    def choose(self, row_id: int | None, *, quiet: bool = False) -> bool:
        """Make a row current and the only selected one; `quiet` does not emit `chosen`."""
        place = -1 if row_id is None else self._model.place_of(row_id)
        self._quiet += quiet
        try:
            if place < 0:
                self.selectionModel().clear()
                return False
            index = self._model.index(place, max(0, self.currentIndex().column()))
            self.selectionModel().setCurrentIndex(index, _ONLY)
            self.scrollTo(index)
            return True
        finally:
            self._quiet -= quiet

    def step(self, by: int) -> None:
        """Go to the next or previous row; without a current one to the first."""
        place = self.currentIndex().row()
        wanted = 0 if place < 0 else max(0, min(self._model.rowCount() - 1, place + by))
        if self._model.rowCount():
            self.choose(self._model.id_at(wanted))

    def neighbour(self, leaving: set[int]) -> int | None:
        """The row to go to when some leave the list: the next that stays, else the one before."""
        place = self.currentIndex().row()
        if place < 0:
            return None
        for step in (
            *range(place, min(place + 500, self._model.rowCount())),
            *range(place - 1, max(-1, place - 500), -1),
        ):
            found: int | None = self._model.id_at(step)
            if found is not None and found not in leaving:
                return found
        return None

    def toggle_current(self) -> None:
        """Select or unselect the current row without moving."""
        index = self.currentIndex()
        if index.isValid():
            self.selectionModel().select(index, Flag.Toggle | Flag.Rows)

    def clear_extra(self) -> None:
        """Back to the current row alone."""
        index = self.currentIndex()
        if index.isValid():
            self.selectionModel().select(index, _ONLY)
        else:
            self.clearSelection()

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select the rows of these ids, in the list as it is."""
        selection = QItemSelection()
        for each in ids:
            place = self._model.place_of(each)
            if place >= 0:
                selection.select(self._model.index(place, 0), self._model.index(place, 0))
        self.selectionModel().select(selection, Flag.ClearAndSelect | Flag.Rows)

    # Qt

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Coming here chooses nothing: Qt would open (and so mark as read) the first row."""
        nothing = not self.currentIndex().isValid()
        self._quiet += 1
        super().focusInEvent(event)
        if nothing:
            self.selectionModel().clearCurrentIndex()
        self._quiet -= 1

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The surface first: rows do not reach the bottom of a short list."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
        super().paintEvent(event)

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands here, not a search by first letter (which would ask every row)."""

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """The page makes the menu."""
        self.menu_wanted.emit(event.globalPos())

    # Keeping by id

    def _top(self) -> tuple[int | None, int]:
        index = self.indexAt(self.viewport().rect().topLeft())
        if not index.isValid() or self.verticalScrollBar().value() == 0:
            return None, 0
        return self._model.id_at(index.row()), self.visualRect(index).y()

    def _keep(self) -> None:
        self._quiet += 1
        selected = self.selected_ids() if self.selected_count() < _KEPT_AT_MOST else []
        top, offset = self._top()
        self._kept = (selected, self.current_id(), top, offset)

    def _put_back(self) -> None:
        selected, current, top, offset = self._kept
        self._kept = ([], None, None, 0)
        place = -1 if current is None else self._model.place_of(current)
        if place >= 0:
            self.selectionModel().setCurrentIndex(self._model.index(place, 0), Flag.NoUpdate)
        self.select_ids(selected)
        self._scroll_back(top, offset)
        self._quiet = max(0, self._quiet - 1)

    def _hold(self, _parent: Index, first: int, _last: int) -> None:
        self._quiet += 1
        top, offset = self._top()
        self._kept = ([], None, top, offset)

    def _release(self, _parent: Index, _first: int, _last: int) -> None:
        _selected, _current, top, offset = self._kept
        self._scroll_back(top, offset)
        self._quiet = max(0, self._quiet - 1)

    def _scroll_back(self, top: int | None, offset: int) -> None:
        if top is None:
            return
        place = self._model.place_of(top)
        if place >= 0:
            self.verticalScrollBar().setValue(place * self.verticalHeader().defaultSectionSize() - offset)

    def row_px(self) -> int:
        """How high a row is; subclasses may differ."""
        return theme.row_height()

    def _resize_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.row_px())
        self.verticalScrollBar().setSingleStep(max(16, self.row_px() // 2))
        self.viewport().update()

    def _current_changed(self, current: Index, _previous: Index) -> None:
        if not self._quiet:
            self.chosen.emit(self._model.id_at(current.row()))

    def _selection_changed(self) -> None:
        self.selection_changed.emit(self.selected_count())


class TickDelegate(QStyledItemDelegate):
    """Paints rows whose pictures become ticks while several are selected."""

    multi = False


class IdTable(RowTable):
    """One column of painted rows, as wide as the view; a click on the picture at the left ticks beside the others."""

    def __init__(self, model: Any, delegate: TickDelegate, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._delegate = delegate
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(delegate)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self.viewport().update)
        self._clock.start()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens; everything else is Qt's or an action's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click on the picture selects beside what is selected, as a check box would."""
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and 8 < spot.x() < theme.scaled(_TICK) and self.selectionModel().hasSelection():
            self.selectionModel().select(index, Flag.Toggle | Flag.Rows)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def _selection_changed(self) -> None:
        count = self.selected_count()
        if self._delegate.multi != (count > 1):
            self._delegate.multi = count > 1
            self.viewport().update()
        super()._selection_changed()
