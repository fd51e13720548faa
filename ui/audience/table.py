"""The table of people: every cell painted by hand in one walk, columns of one's own, editing in place, dragging out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from cmdesk.i18n import _
from cmdesk.people.values import PersonRow, Sort
from ui import icons, theme
from ui.audience.columns import RIGHT, Columns, name_of
from ui.audience.editing import CellDelegate
from ui.models.directory import Directory
from ui.models.people import PeopleModel
from ui.models.pictures import Pictures
from ui.people.words import glyph_of, handle_words
from ui.widgets import paint
from ui.widgets.id_table import RowTable

Index = QModelIndex | QPersistentModelIndex
_PAD = 10
_NARROWEST = 56
_CLOCK_MS = 60_000


class PeopleTable(RowTable):
    """`edited(id, column, value)` when a cell was changed; rows drag to the circles by pointer tracking."""

    edited = Signal(int, str, object)
    sort_wanted = Signal(object)  # Sort
    columns_changed = Signal()
    columns_menu_wanted = Signal(QPoint)
    dragged = Signal(QPoint)
    dropped = Signal(object, QPoint)
    drag_ended = Signal()

    def __init__(
        self, model: PeopleModel, directory: Directory, pictures: Pictures, now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self.people = model
        self._directory, self._pictures, self._now = directory, pictures, now
        self.columns = Columns()
        self.show_brand = True
        self._hover = -1
        self._pressed: QPoint | None = None
        self._dragging = False
        self._fit_again = False
        super().__init__(model, parent)
        self.setAccessibleName(_("People"))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.delegate = CellDelegate(self)
        self.delegate.edited.connect(self.edited)
        self.setItemDelegate(self.delegate)
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.setFirstSectionMovable(False)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(theme.scaled(_NARROWEST))
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSortIndicatorShown(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda spot: self.columns_menu_wanted.emit(head.mapToGlobal(spot)))
        head.sectionClicked.connect(self._sort_by)
        head.sectionResized.connect(lambda *_change: self._changed())
        head.sectionMoved.connect(lambda *_change: self._changed())
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self.viewport().update)
        self._clock.start()
        theme.changed().connect(self.viewport().update)

    # Columns

    def show_columns(self, columns: Columns, kept: dict[str, Any]) -> None:
        """Show a brand's columns as they were left: widths, order, which ones."""
        self.columns = columns
        self.delegate.columns = columns
        self.people.set_columns(columns.keys())
        head = self.horizontalHeader()
        head.blockSignals(True)
        keys = columns.keys()
        widths, hidden, order = kept.get("widths"), kept.get("hidden"), kept.get("order")
        for place, key in enumerate(keys):
            width = widths.get(key) if isinstance(widths, dict) else None
            usual = theme.scaled(columns.width(key))
            head.resizeSection(place, width if isinstance(width, int) and _NARROWEST <= width <= 2000 else usual)
            away = key in hidden if isinstance(hidden, list) else not columns.shown(key)
            head.setSectionHidden(place, away and key != "name")
        if isinstance(order, list):
            for target, key in enumerate([each for each in order if each in keys]):
                head.moveSection(head.visualIndex(keys.index(key)), target)
        head.blockSignals(False)
        self.updateGeometries()
        self.viewport().update()

    def layout_state(self) -> dict[str, Any]:
        """Widths, hidden columns and their order, as `show_columns` takes them."""
        head, keys = self.horizontalHeader(), self.people.columns()
        shown = [place for place in range(len(keys)) if not head.isSectionHidden(place)]
        return {
            "widths": {keys[place]: head.sectionSize(place) for place in shown},
            "hidden": [key for place, key in enumerate(keys) if head.isSectionHidden(place)],
            "order": [keys[head.logicalIndex(place)] for place in range(head.count())],
        }

    def is_shown(self, key: str) -> bool:
        """Whether a column shows."""
        return not self.horizontalHeader().isSectionHidden(self.people.columns().index(key))

    def set_shown(self, key: str, on: bool) -> None:
        """Show a column, or put it away."""
        place = self.people.columns().index(key)
        self.horizontalHeader().setSectionHidden(place, not on)
        if on and self.horizontalHeader().sectionSize(place) < _NARROWEST:
            self.horizontalHeader().resizeSection(place, theme.scaled(self.columns.width(key)))
        self._changed()
        self.viewport().update()

    def show_sort(self, sort: Sort) -> None:
        """Mark the column one sorts by."""
        keys = self.people.columns()
        place = next((place for place, key in enumerate(keys) if self.columns.sort(key) is sort.column), -1)
        order = Qt.SortOrder.DescendingOrder if sort.down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(place, order)

    def _sort_by(self, place: int) -> None:
        column = self.columns.sort(self.people.columns()[place])
        before = self.people.query.sort
        if column is None:
            self.show_sort(before)
            return
        # Names and words from A on first, numbers and times from the most or latest on.
        first_down = column.value in ("last_seen", "first_seen", "messages", "followers")
        down = not before.down if column is before.column else first_down
        self.show_sort(Sort(column, down))
        self.sort_wanted.emit(Sort(column, down))

    def _changed(self) -> None:
        self.columns_changed.emit()

    # Editing

    def edit_column(self, key: str) -> None:
        """Edit a column of the current row."""
        keys = self.people.columns()
        place = self.currentIndex().row()
        if place >= 0 and key in keys:
            if not self.is_shown(key):
                self.set_shown(key, True)
            index = self.people.index(place, keys.index(key))
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    # Qt

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes into the person's card, F2 edits the cell (the name where that one has no editor)."""
        # An editor lets Enter through to the table after it was taken: that one ends the editing and no more.
        editing = self.state() is QAbstractItemView.State.EditingState and not self.hasFocus()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and not editing:
            self.opened.emit()
            return
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._pressed = None
            self._end_drag()
            return
        if event.key() == Qt.Key.Key_F2:
            keys, index = self.people.columns(), self.currentIndex()
            if index.isValid():
                key = keys[index.column()]
                self.edit_column(key if self.columns.editable(key) and self.is_shown(key) else "name")
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Remember where a drag may begin; a press on one of several selected rows keeps them."""
        spot = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = spot
            index = self.indexAt(spot)
            if index.isValid() and not event.modifiers() and self.selected_count() > 1:
                if self.selectionModel().isRowSelected(index.row(), QModelIndex()):
                    return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag once the pointer has moved far enough; else mark the row under it."""
        spot = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            far = (spot - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            started = self.indexAt(self._pressed)
            if not self._dragging and far and started.isValid():
                if not self.selectionModel().isRowSelected(started.row(), QModelIndex()):
                    self.choose(self.people.id_at(started.row()))
                self._dragging = True
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._dragging:
                self.dragged.emit(event.globalPosition().toPoint())
            return
        self._hover_at(self.indexAt(spot).row())
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Drop, or choose one of several selected."""
        pressed, self._pressed = self._pressed, None
        if self._dragging:
            self._end_drag()
            self.dropped.emit(self.selected_ids(), event.globalPosition().toPoint())
            return
        index = self.indexAt(pressed) if pressed is not None else QModelIndex()
        plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and self.selected_count() > 1:
            self.choose(self.people.id_at(index.row()))
            return
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: Any, /) -> None:
        """No row is under the pointer."""
        self._hover_at(-1)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """The mark of the current cell goes with the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _end_drag(self) -> None:
        self._dragging = False
        self.viewport().unsetCursor()
        self.drag_ended.emit()

    def _hover_at(self, place: int) -> None:
        if place != self._hover:
            before, self._hover = self._hover, place
            for each in (before, place):
                if each >= 0:
                    top = self.rowViewportPosition(each)
                    self.viewport().update(0, top, self.viewport().width(), self.row_px())

    # Painting: one walk over the rows and columns that show, without a delegate's call a cell

    def row_px(self) -> int:
        """One line."""
        return theme.scaled(34 if theme.density() is theme.Density.COMPACT else 44)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Paint what became visible."""
        area = event.rect()
        painter = QPainter(self.viewport())
        painter.fillRect(area, theme.color("surface"))
        height, count = self.row_px(), self.people.rowCount()
        first = self.rowAt(max(0, area.top()))
        if first < 0 or not count:
            painter.end()
            return
        last = self.rowAt(area.bottom())
        last = count - 1 if last < 0 else last
        spots = self._spots(area)
        chosen = self._chosen_between(first, last)
        brush = _Brush(painter, self)
        current = self.currentIndex() if self.hasFocus() else QModelIndex()
        for place in range(first, last + 1):
            top = self.rowViewportPosition(place)
            selected = place in chosen
            box = QRect(0, top, self.viewport().width(), height)
            if selected:
                painter.fillRect(box, theme.color("selection"))
            elif place == self._hover:
                painter.fillRect(box, theme.color("hover"))
            row = self.people.row(place)
            if row is not None:
                brush.row(row, spots, top, height, selected=selected, hover=place == self._hover)
            painter.fillRect(QRect(0, top + height - 1, box.width(), 1), theme.color("line"))
            if place == current.row():
                self._mark(painter, current, spots, top, height)
        painter.end()

    def _spots(self, area: QRect) -> list[tuple[str, int, int]]:
        """Key, x and width of the columns that show in an area, from the left."""
        head, keys = self.horizontalHeader(), self.people.columns()
        found = []
        for visual in range(head.count()):
            place = head.logicalIndex(visual)
            if head.isSectionHidden(place):
                continue
            x, width = head.sectionViewportPosition(place), head.sectionSize(place)
            if x + width > area.left() and x <= area.right():
                found.append((keys[place], x, width))
        return found

    def _chosen_between(self, first: int, last: int) -> set[int]:
        found: set[int] = set()
        for part in self._ranges():
            low, high = max(first, part.top()), min(last, part.bottom())
            found.update(range(low, high + 1))
        return found

    def _mark(
        self, painter: QPainter, current: QModelIndex, spots: list[tuple[str, int, int]], top: int, height: int
    ) -> None:
        key = self.people.columns()[current.column()]
        for each, x, width in spots:
            if each == key:
                paint.draw_focus(painter, QRectF(x + 1, top + 1, width - 2, height - 3), radius=4)

    def now(self) -> datetime:
        """What time it is."""
        return self._now()

    def picture(self, row: PersonRow) -> QPixmap | None:
        """Somebody's picture, None while it is not here: asked for through an account of a network they are on."""
        if not row.avatar_url:
            return None
        mine = self._directory.accounts(row.brand_id)
        account_id = next((each.id for each in mine if each.network in row.handles), 0)
        return self._pictures.avatar(row.avatar_url, account_id) if account_id else None

    def brand_color(self, brand_id: int) -> str:
        """The colour of a brand."""
        return self._directory.color(brand_id)


class _Brush:
    """Paints the cells of one row after another."""

    def __init__(self, painter: QPainter, table: PeopleTable) -> None:
        self._painter, self._table = painter, table
        self._now = table.now()
        self._ratio = painter.device().devicePixelRatioF()

    def row(
        self, row: PersonRow, spots: list[tuple[str, int, int]], top: int, height: int, *, selected: bool, hover: bool
    ) -> None:
        """All cells that show."""
        surface = "selection" if selected else "hover" if hover else "surface"
        for key, x, width in spots:
            inner = QRectF(x + _PAD, top, width - 2 * _PAD, height)
            match key:
                case "name":
                    self._name(row, QRectF(x, top, width, height), surface, selected=selected)
                case "handles":
                    self._handles(row, inner, surface)
                case "circles":
                    self._circles(row, inner)
                case "cases":
                    if row.open_cases:
                        text = self._table.columns.tell(key, row, self._now)
                        made, wide = _chip(text, "briefcase", "warning", *self._look())
                        self._painter.drawPixmap(
                            int(inner.right() - wide), round(top + (height - made.height() / self._ratio) / 2), made
                        )
                case _:
                    text = self._table.columns.tell(key, row, self._now)
                    if text:
                        align = Qt.AlignmentFlag.AlignRight if key in RIGHT else Qt.AlignmentFlag.AlignLeft
                        color = "selection_text" if selected else "text" if key != "last_seen" else "text_muted"
                        paint.draw_text(self._painter, inner, text, role="small", color=color, align=align)

    def _look(self) -> tuple[int, float, bool]:
        return round(self._ratio * 100), theme.zoom(), theme.is_dark()

    def _name(self, row: PersonRow, box: QRectF, surface: str, *, selected: bool) -> None:
        painter, height = self._painter, box.height()
        if self._table.show_brand:
            color = _stripe(self._table.brand_color(row.brand_id), surface, theme.is_dark())
            painter.fillRect(QRectF(box.x(), box.y(), 3, height - 1), color)
        size = theme.scaled(26)
        disc = QRectF(box.x() + _PAD + 2, box.y() + (height - size) / 2, size, size)
        name = name_of(row)
        picture = self._table.picture(row)
        if picture is not None:
            painter.drawPixmap(disc.topLeft(), paint.avatar_pixmap(row.name, size, picture, self._ratio))
        else:
            paint.draw_initials(painter, disc, row.name, size=size, ratio=self._ratio)
        left, right = disc.right() + 9, box.right() - 6
        marks = _marks(row)
        needed = paint.text_width(name, "body_medium") if marks else 0
        for glyph, tone, said in marks:
            made, wide = _chip(said, glyph, tone, *self._look())
            if right - wide - 8 < left + needed:  # the name is worth more than the word of a mark
                made, wide = _chip("", glyph, tone, *self._look())
            right -= wide
            painter.drawPixmap(int(right), round(box.y() + (height - made.height() / self._ratio) / 2), made)
            right -= 5
        color = "selection_text" if selected else "text"
        paint.draw_text(
            painter, QRectF(left, box.y(), right - left, height), name, role="body_medium", color=color
        )  # fmt: skip

    def _handles(self, row: PersonRow, box: QRectF, surface: str) -> None:
        x, mark = box.x(), theme.scaled(14)
        for network, handles in row.handles.items():
            if x + mark > box.right():
                break
            tint = icons.network_color(network, surface)
            made = icons.pixmap(glyph_of(network), tint, mark)
            self._painter.drawPixmap(int(x), int(box.y() + (box.height() - mark) / 2), made)
            x += mark + 4
            only = len(row.handles) == 1
            if handles and (only or box.right() - x > 90):
                room = QRectF(x, box.y(), box.right() - x, box.height())
                x += paint.draw_text(
                    self._painter, room, _handle(network, handles[0]), role="small", color="text_muted"
                ) + 8  # fmt: skip

    def _circles(self, row: PersonRow, box: QRectF) -> None:
        x = box.x()
        for place, (_circle_id, name) in enumerate(row.circles):
            made, wide = _chip(_line(name), "", "accent", *self._look())
            rest = len(row.circles) - place
            if x + wide > box.right():
                made, wide = _chip(f"+{rest}", "", "neutral", *self._look())
                if x + wide <= box.right() + 4:
                    self._put(made, x, box)
                break
            self._put(made, x, box)
            x += wide + 4

    def _put(self, made: QPixmap, x: float, box: QRectF) -> None:
        self._painter.drawPixmap(int(x), round(box.y() + (box.height() - made.height() / self._ratio) / 2), made)


def _marks(row: PersonRow) -> list[tuple[str, str, str]]:
    found = []
    if row.opt_out:
        found.append(("hand", "negative", _("No contact")))
    if row.advocate:
        found.append(("megaphone", "positive", _("Advocate")))
    return found


@lru_cache(maxsize=4096)
def _handle(network: str, handle: str) -> str:
    from cmdesk.model import Identity

    return handle_words(Identity(0, 0, 0, network, "", handle))


@lru_cache(maxsize=1024)
def _line(text: str) -> str:
    from cmdesk.safe_text import clean_line

    return clean_line(text, limit=40)


@lru_cache(maxsize=256)
def _stripe(color: str, surface: str, dark: bool) -> Any:
    return theme.brand_color(color, surface)


@lru_cache(maxsize=1024)
def _chip(text: str, icon: str, tone: str, ratio: int, zoom: float, dark: bool) -> tuple[QPixmap, int]:
    """A chip as a picture: a table paints the same few again and again."""
    label = min(paint.text_width(text, "caption"), 130) if text else 0
    width = label + (theme.scaled(12) if icon else 0) + (4 if icon and text else 0) + 12
    height = theme.scaled(18)
    made = QPixmap(round(width * ratio / 100), round(height * ratio / 100))
    made.setDevicePixelRatio(ratio / 100)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint.draw_chip(painter, 0, height / 2, text, tone=tone, icon=icon, max_width=130)
    painter.end()
    return made, width
