"""The agenda: the same posts as a list under their days, for screen readers, for print and for the eye in a hurry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView, QWidget

from cmdesk.i18n import _
from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Placed, Slot, is_past, week_of
from cmdesk.planning.moving import Shift
from ui import theme
from ui.calendar.agenda_model import AgendaModel, AgendaPainter, Column
from ui.calendar.drag import Drag, Grip
from ui.calendar.scene import Key, Scene, key_of
from ui.widgets import paint

WEEKS = 4
ROOMY, TIGHT = 900, 660  # px from which every column has its full width, and from which brands have a column
WIDTHS = {
    Column.TIME: (172, 96, 96), Column.BRAND: (150, 108, 108), Column.ACCOUNTS: (128, 76, 76),
    Column.STATE: (184, 168, 64), Column.CAMPAIGN: (124, 124, 124),
}  # fmt: skip
_ALT, _CTRL, _SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -15), Qt.Key.Key_Down: (0, 15),
}  # fmt: skip


class AgendaView(QTreeView):
    """Four weeks of posts under their days, with the same signals as the grids."""

    chosen = Signal(object)
    selection_changed = Signal(object)
    opened = Signal(object)
    wanted = Signal(object)
    moved = Signal(object, object, object)
    moved_many = Signal(object, object)
    copied = Signal(object, object)
    stepped = Signal(int)
    more = Signal(object, QRect)

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag = drag
        self._scene = Scene()
        self._days: list[date] = []
        self._place = Slot(date(2000, 1, 1))
        self._turned = False
        self._hint: date | None = None
        self._silent = False
        self._step = 0  # how far the columns have given way
        self._model = AgendaModel(self)
        self.setModel(self._model)
        self.setItemDelegate(AgendaPainter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setExpandsOnDoubleClick(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Agenda"))
        head = self.header()
        head.setSectionsMovable(False)
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(40)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._fit_columns()
        self.selectionModel().selectionChanged.connect(self._selection_moved)
        theme.changed().connect(self._restyle)

    # What it shows

    def show_weeks(self, day: date, first_weekday: int = 0) -> None:
        """Show the four weeks that begin with the week of `day`."""
        first = week_of(day, first_weekday)[0]
        days = [first + timedelta(days=offset) for offset in range(7 * WEEKS)]
        if days != self._days:
            self._days, self._turned = days, True
            self._fill()
        if self._place.day not in days:
            self._place = Slot(day)

    def show_scene(self, scene: Scene) -> None:
        """Show other data; what is chosen and where one reads stay."""
        self._scene = scene
        self._fill()
        if self._turned:  # other weeks begin where one reads on: at the day that was asked for, not days before it
            self._turned = False
            self.set_place(self._place)

    def _fill(self) -> None:
        if not self._model.differs(self._days, self._scene):
            return
        keys, at = self._keys(), self.verticalScrollBar().value()
        self._silent = True
        self._model.show(self._days, self._scene)
        for row in range(self._model.rowCount()):
            index = self._model.index(row, 0)
            self.setFirstColumnSpanned(row, QModelIndex(), True)
            self.setExpanded(index, True)
        self._mark(keys)
        self._silent = False
        self.verticalScrollBar().setValue(at)

    def days(self) -> list[date]:
        """Every day shown, first to last."""
        return self._days

    def _restyle(self) -> None:
        self._fit_columns()
        self.doItemsLayout()

    def _fit_columns(self) -> None:
        """Give each column its width; where the words would get too little room the others give way, step by step."""
        head, step = self.header(), self._step
        for column in Column:
            if column is Column.TEXT:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                head.resizeSection(column, theme.scaled(WIDTHS[column][step]))
        self.setColumnHidden(Column.CAMPAIGN, step > 0)
        self.setColumnHidden(Column.BRAND, step > 1)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the columns when the room for them becomes another."""
        super().resizeEvent(event)
        width = event.size().width()
        step = 0 if width >= theme.scaled(ROOMY) else 1 if width >= theme.scaled(TIGHT) else 2
        if step != self._step:
            self._step = step
            self._fit_columns()

    # Place and choice

    @property
    def place(self) -> Slot:
        """The day the keyboard is on."""
        index = self.currentIndex()
        day = self._model.day_of(index)
        return Slot(day) if day else self._place

    def set_place(self, slot: Slot) -> None:
        """Go to a day."""
        self._place = Slot(slot.day)
        index = self._model.index_of_day(slot.day)
        if index.isValid():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def open_to_drops(self, slot: Slot) -> bool:
        """Say whether a day may be dropped on: not in the past."""
        return self._scene.now is None or not is_past(slot, self._scene.now, self._scene.zone)

    def selection(self) -> list[CalendarItem]:
        """The chosen items, by time."""
        chosen = self._keys()
        return [one.item for one in self._placed() if key_of(one.item) in chosen]

    def selected_item(self) -> CalendarItem | None:
        """The one chosen item."""
        found = self.selection()
        return found[0] if len({item.post_id for item in found}) == 1 else None

    def set_selection(self, items: Iterable[CalendarItem]) -> None:
        """Choose these, without telling."""
        self._silent = True
        self._mark({key_of(item) for item in items})
        self._silent = False

    def select(self, post_id: int | None) -> None:
        """Choose all of one post, without telling; nothing changes when it is among several chosen ones."""
        if post_id is not None and any(key[0] == post_id for key in self._keys()):
            return
        self.set_selection([one.item for one in self._placed() if one.item.post_id == post_id])

    def select_all(self) -> None:
        """Choose everything in view, and tell."""
        self.selectAll()

    def save_state(self) -> dict[str, int]:
        """Widths of the columns."""
        return {
            column.name.lower(): self.header().sectionSize(column) for column in Column if column is not Column.TEXT
        }

    def restore_state(self, state: object) -> None:
        """Take the widths back."""
        if isinstance(state, dict):
            for column in Column:
                width = state.get(column.name.lower())
                if column is not Column.TEXT and isinstance(width, int) and 40 <= width <= 600:
                    self.header().resizeSection(column, width)

    def _placed(self) -> Iterable[Placed]:
        for day in self._days:
            yield from self._scene.days.get(day, ())

    def _keys(self) -> set[Key]:
        return {key for index in self.selectionModel().selectedRows() if (key := self._model.key_of(index)) is not None}

    def _mark(self, keys: Iterable[Key]) -> None:
        chosen = QItemSelection()
        last = QModelIndex()
        for key in keys:
            index = self._model.index_of(key)
            if index.isValid():
                chosen.select(index, index.siblingAtColumn(Column.CAMPAIGN))
                last = index
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        if last.isValid():
            self.selectionModel().setCurrentIndex(last, flags.NoUpdate)

    def _selection_moved(self) -> None:
        if self._silent:
            return
        items = self.selection()
        if len({item.post_id for item in items}) <= 1:
            self.chosen.emit(items[0] if items else None)
        self.selection_changed.emit(items)

    # Drag

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """What a drop at a global position means: the day of the row (see drag.Target)."""
        if not self.isVisible():
            return None
        local = self.viewport().mapFromGlobal(position)
        if not self.viewport().rect().contains(local):
            return None
        day = self._model.day_of(self.indexAt(local))
        return None if day is None else Slot(day)

    def hint(self, slot: Slot | None) -> None:
        """Mark the day a drop would go to."""
        day = slot.day if slot else None
        if day != self._hint:
            self._hint = day
            self.viewport().update()

    def drift(self, position: QPoint) -> bool:
        """Scroll while the pointer waits near the top or bottom (see drag.Drifts)."""
        local = self.viewport().mapFromGlobal(position)
        if not self.isVisible() or not 0 <= local.x() < self.viewport().width():
            return False
        bar, before = self.verticalScrollBar(), self.verticalScrollBar().value()
        if -40 < local.y() < 24:
            bar.setValue(before - 10)
        elif self.viewport().height() - 24 < local.y() < self.viewport().height() + 40:
            bar.setValue(before + 10)
        return bar.value() != before

    def edge_at(self, position: QPoint) -> int:
        """A list has no neighbours at its sides."""
        return 0

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose, and hold the row for a drag."""
        position = event.position().toPoint()
        placed = self._model.placed_of(self.indexAt(position))
        kept = placed is not None and key_of(placed.item) in self._keys() and not event.modifiers()
        if not kept:
            super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and placed is not None:
            rect = self.visualRect(self.indexAt(position).siblingAtColumn(Column.TEXT))
            size = rect.size().boundedTo(rect.size().scaled(220, 24, Qt.AspectRatioMode.IgnoreAspectRatio))
            others = tuple(item for item in self.selection() if key_of(item) != key_of(placed.item))
            grip = Grip(placed.item, placed.day, size, QPoint(20, size.height() // 2), others)
            self._drag.press(grip, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag.move(event.globalPosition().toPoint(), event.modifiers())
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go of a drag, or choose one of several."""
        if not self._drag.active and event.button() is Qt.MouseButton.LeftButton:
            placed = self._model.placed_of(self.indexAt(event.position().toPoint()))
            if placed is not None and not event.modifiers() and len(self._keys()) > 1:
                self._mark([key_of(placed.item)])
        self._drag.release(event.globalPosition().toPoint(), event.modifiers())
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open the post, or begin one on the day."""
        self._open(self.indexAt(event.position().toPoint()))

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows walk, with Alt they move what is chosen (with Ctrl a copy), Enter opens, Space chooses."""
        key, modifiers = event.key(), event.modifiers()
        if key in _STEPS and modifiers & _ALT:
            self._move_chosen(Qt.Key(key), modifiers)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K):
            arrow = Qt.Key.Key_Down if key == Qt.Key.Key_J else Qt.Key.Key_Up
            super().keyPressEvent(QKeyEvent(event.type(), arrow, modifiers))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif key == Qt.Key.Key_Space:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(self.currentIndex(), flags.Toggle | flags.Rows)
        elif key == Qt.Key.Key_Escape and self._drag.active:
            self._drag.cancel()
        elif key == Qt.Key.Key_Escape and self._keys():
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _move_chosen(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        items = [item for item in self.selection() if item.at is not None]
        if not items:
            return
        days, minutes = _STEPS[key]
        shift = Shift(days, None if days else minutes // 3 if modifiers & _SHIFT else minutes)
        (self.copied if modifiers & _CTRL else self.moved_many).emit(items, shift)

    def _open(self, index: QModelIndex | QPersistentModelIndex) -> None:
        placed, day = self._model.placed_of(index), self._model.day_of(index)
        if placed is not None:
            self.opened.emit(placed.item)
        elif day is not None and self.open_to_drops(Slot(day)):
            self.wanted.emit(Slot(day))

    # Painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The rows, a ring around the one the keyboard is on, and one around the day that a drop would go to."""
        super().paintEvent(event)
        if self._hint is None:
            if self.hasFocus() and self.currentIndex().isValid():
                row = self.visualRect(self.currentIndex().siblingAtColumn(0))
                painter = QPainter(self.viewport())
                paint.draw_focus(
                    painter, QRect(2, row.y() + 1, self.viewport().width() - 4, row.height() - 2), radius=5
                )
                painter.end()
            return
        head = self._model.index_of_day(self._hint)
        rect = self.visualRect(head)
        count = self._model.rowCount(head)
        if count:
            rect = rect.united(self.visualRect(self._model.index(count - 1, 0, head)))
        rect.setRight(self.viewport().width() - 2)
        verdict = self._drag.verdict
        colour = theme.color("accent" if verdict is None or verdict.allowed else "negative")
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(theme.with_alpha(colour, 0.08))
        painter.drawRoundedRect(rect.adjusted(2, 1, -1, -1), 5, 5)
        painter.end()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Have a current row, so that the first arrow key goes somewhere."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            index = self._model.index_of_day(self._place.day)
            first = index if index.isValid() else self._model.index(0, 0)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
