"""The list itself: a table of one column with fixed row heights, which never asks rows it does not show."""

from __future__ import annotations

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
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ui import theme
from ui.inbox.rows import RowDelegate
from ui.models.inbox import InboxModel

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
_ONLY = Flag.ClearAndSelect | Flag.Rows
_CLOCK_MS = 30_000
_NEAR = 20_000


class ConversationTable(QTableView):
    """Shows an `InboxModel`; selection, current row and scroll are kept by conversation, not by place."""

    chosen = Signal(object)
    """The person went to a conversation: its id, None when there is none left."""
    selection_changed = Signal(int)
    """How many rows are selected."""
    opened = Signal()
    """Enter or a double click: the person wants to answer."""
    menu_wanted = Signal(object)
    """The context menu was asked for, at this global point."""

    def __init__(self, model: InboxModel, delegate: RowDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._delegate = model, delegate
        self._quiet = 0
        self._kept: tuple[list[int], int | None, int | None, int] = ([], None, None, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(delegate)
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
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self.viewport().update)
        self._clock.start()
        self._resize_rows()

    # Ids

    def current_id(self) -> int | None:
        """The conversation of the current row."""
        return self._model.id_at(self.currentIndex().row())

    def selected_ids(self) -> list[int]:
        """The selected conversations in list order; ranges of any length."""
        places: list[int] = []
        for part in sorted(self._ranges(), key=lambda part: part.top()):
            places.extend(range(part.top(), part.bottom() + 1))
        return self._model.ids(dict.fromkeys(places))

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.count())]

    def choose(self, conversation_id: int | None, *, quiet: bool = False) -> bool:
        """Make a conversation current and the only selected one; `quiet` does not emit `chosen`."""
        place = -1 if conversation_id is None else self._model.place_of(conversation_id)
        self._quiet += quiet
        try:
            if place < 0:
                self.selectionModel().clear()
                return False
            index = self._model.index(place)
            self.selectionModel().setCurrentIndex(index, _ONLY)
            self.scrollTo(index)
            return True
        finally:
            self._quiet -= quiet

    def step(self, by: int) -> None:
        """Go to the next or previous conversation; without a current one to the first."""
        place = self.currentIndex().row()
        wanted = 0 if place < 0 else max(0, min(self._model.rowCount() - 1, place + by))
        if self._model.rowCount():
            self.choose(self._model.id_at(wanted))

    def neighbour(self, leaving: set[int]) -> int | None:
        """The conversation to go to when some leave the list: the next that stays, else the one before."""
        place = self.currentIndex().row()
        if place < 0:
            return None
        for step in (
            *range(place, min(place + 500, self._model.rowCount())),
            *range(place - 1, max(-1, place - 500), -1),
        ):
            found = self._model.id_at(step)
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

    # Qt

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Coming here chooses nothing: Qt would open (and so mark as read) the first conversation."""
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

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter answers; everything else is Qt's or an action's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands here, not a search by first letter (which would ask every row)."""

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click on the avatar selects beside what is selected, as a check box would."""
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and 8 < spot.x() < theme.scaled(54) and self.selectionModel().hasSelection():
            self.selectionModel().select(index, Flag.Toggle | Flag.Rows)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Answer."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

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
        selected = self.selected_ids() if sum(part.height() for part in self._ranges()) < 2000 else []
        top, offset = self._top()
        self._kept = (selected, self.current_id(), top, offset)

    def _put_back(self) -> None:
        selected, current, top, offset = self._kept
        self._kept = ([], None, None, 0)
        selection = QItemSelection()
        for each in selected:
            place = self._model.place_of(each)
            if place >= 0:
                selection.select(self._model.index(place), self._model.index(place))
        place = -1 if current is None else self._model.place_of(current)
        if place >= 0:
            self.selectionModel().setCurrentIndex(self._model.index(place), Flag.NoUpdate)
        self.selectionModel().select(selection, Flag.ClearAndSelect | Flag.Rows)
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

    def _resize_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.row_height())
        self.verticalScrollBar().setSingleStep(max(16, theme.row_height() // 2))
        self.viewport().update()

    def _current_changed(self, current: Index, _previous: Index) -> None:
        if not self._quiet:
            self.chosen.emit(self._model.id_at(current.row()))

    def _selection_changed(self) -> None:
        count = sum(part.height() for part in self._ranges())
        if self._delegate.multi != (count > 1):
            self._delegate.multi = count > 1
            self.viewport().update()
        self.selection_changed.emit(count)
