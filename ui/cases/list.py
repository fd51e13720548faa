"""A list of painted rows of one height: the keyboard moves, Enter opens, the selection is kept by what it is."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QWidget

from ui import theme

_CLOCK_MS = 30_000


class PaintedList(QListView):
    """`opened` comes with Enter and double click; `moved` with every other current row a person chose."""

    opened = Signal()
    moved = Signal(int)

    def __init__(
        self, model: QAbstractItemModel, delegate: QStyledItemDelegate, name: str, *, several: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._quiet = False
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self.setMouseTracking(True)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.selectionModel().currentRowChanged.connect(self._went)
        theme.changed().connect(self._again)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self.viewport().update)
        self._clock.start()

    def choose(self, place: int, *, quiet: bool = False) -> None:
        """Make a row current; none for -1."""
        self._quiet = quiet
        try:
            if place < 0:
                self.selectionModel().clear()
            else:
                self.setCurrentIndex(self.model().index(place, 0))
                self.scrollTo(self.currentIndex())
        finally:
            self._quiet = False

    def step(self, by: int) -> None:
        """The next or previous row."""
        count = self.model().rowCount()
        if count:
            place = self.currentIndex().row()
            self.choose(0 if place < 0 else max(0, min(count - 1, place + by)))

    def places(self) -> list[int]:
        """The selected rows from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Coming here chooses nothing by itself."""
        nothing = not self.currentIndex().isValid()
        self._quiet = True
        super().focusInEvent(event)
        if nothing:
            self.selectionModel().clearCurrentIndex()
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens; everything else is Qt's or an action's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands here, not a search by first letter (which would ask every row)."""

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The surface first: rows do not reach the bottom of a short list."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
        super().paintEvent(event)

    def _again(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _went(self) -> None:
        if not self._quiet:
            self.moved.emit(self.currentIndex().row())
