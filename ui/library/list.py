"""The list of templates: name, languages as chips, whose it is, how often it was used; rows drag to folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Brand, Template
from cmdesk.safe_text import clean_line
from cmdesk.wording_templates import kind_word
from ui import theme
from ui.theme.tokens import Radius, Space
from ui.widgets import paint

_ROW = 58
_TEMPLATE = Qt.ItemDataRole.UserRole
_MOST_CHIPS = 4
_Index = QModelIndex | QPersistentModelIndex


class TemplateList(QListWidget):
    """`chosen(id)` for the current row, `dropped(ids, point)` when rows were dragged somewhere."""

    chosen = Signal(object)  # int | None
    dragged = Signal(QPoint)
    dropped = Signal(object, QPoint)
    drag_ended = Signal()
    menu_wanted = Signal(QPoint)
    delete_wanted = Signal()

    def __init__(self, brand: Callable[[int], Brand | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Templates"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Rows(brand, self))
        self.setStyleSheet("QListWidget { background: transparent; border: 0; }")
        self.viewport().setAutoFillBackground(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda spot: self.menu_wanted.emit(self.viewport().mapToGlobal(spot)))
        self.currentItemChanged.connect(lambda *_rows: self.chosen.emit(self.current_id()))
        self._pressed: QPoint | None = None
        self._dragging = False

    def show_rows(self, found: Sequence[Template], *, current: int | None) -> None:
        """Show these; `current` stays or becomes the current row, without saying so."""
        chosen = set(self.selected_ids())
        self.blockSignals(True)
        self.clear()
        for each in found:
            item = QListWidgetItem(clean_line(each.name, limit=120))
            item.setData(_TEMPLATE, each)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence(each))
            self.addItem(item)
            if each.id == current:
                self.setCurrentItem(item)
            item.setSelected(each.id in chosen or each.id == current)
        self.blockSignals(False)
        self.viewport().update()

    def current_id(self) -> int | None:
        """The template of the current row."""
        item = self.currentItem()
        found = item.data(_TEMPLATE) if self.currentRow() >= 0 else None
        return found.id if isinstance(found, Template) else None

    def selected_ids(self) -> list[int]:
        """The selected ones, from the top."""
        rows = sorted(self.row(item) for item in self.selectedItems())
        return [self.item(row).data(_TEMPLATE).id for row in rows]

    def choose(self, template_id: int | None) -> None:
        """Make a row the current one without saying so."""
        self.blockSignals(True)
        self.clearSelection()
        for row in range(self.count()):
            if self.item(row).data(_TEMPLATE).id == template_id:
                self.setCurrentRow(row)
                self.scrollToItem(self.item(row), QAbstractItemView.ScrollHint.PositionAtCenter)
                break
        else:
            self.setCurrentRow(-1)
        self.blockSignals(False)
        self.viewport().update()

    # Dragging: our own pointer tracking, as in the calendar, without a nested event loop

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Remember where a drag may begin; a press on a row of several selected ones keeps them."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            item = self.itemAt(self._pressed)
            if item is not None and item.isSelected() and len(self.selectedItems()) > 1 and not event.modifiers():
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag once the pointer has moved far enough."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if not self._dragging and far and self.itemAt(self._pressed) is not None:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Drop, or choose one of several selected."""
        pressed, self._pressed = self._pressed, None
        if self._dragging:
            self._end_drag()
            self.dropped.emit(self.selected_ids(), event.globalPosition().toPoint())
            return
        item = self.itemAt(pressed) if pressed is not None else None
        if item is not None and len(self.selectedItems()) > 1 and not event.modifiers():
            self.clearSelection()
            self.setCurrentItem(item)
            item.setSelected(True)
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """What becomes current by coming here is selected, too."""
        super().focusInEvent(event)
        item = self.currentItem()
        if self.currentRow() >= 0 and not self.selectedItems():
            item.setSelected(True)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc ends a drag, Delete deletes."""
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._pressed = None
            self._end_drag()
            return
        if event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
            return
        super().keyPressEvent(event)

    def _end_drag(self) -> None:
        self._dragging = False
        self.unsetCursor()
        self.drag_ended.emit()


def languages(template: Template) -> list[str]:
    """The languages a template speaks, each once."""
    every = [*template.texts, *(tag for each in template.markets.values() for tag in each)]
    found = dict.fromkeys(tag.partition("@")[0] for tag in every)
    return sorted(found, key=lambda tag: (tag.partition("-")[0] != language(), tag not in ("es", "en"), tag))


def sentence(template: Template) -> str:
    """A row for a screen reader."""
    used = ngettext("used {count} time", "used {count} times", template.used).format(count=template.used)
    folder = template.category.replace("/", " › ")
    parts = (template.name, kind_word(template.kind), folder, ", ".join(languages(template)), used)
    return ", ".join(clean_line(part, limit=120) for part in parts if part)


class _Rows(QStyledItemDelegate):
    """Two lines: name and uses; kind, brand and languages."""

    def __init__(self, brand: Callable[[int], Brand | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._brand = brand

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One height for all."""
        return QSize(0, theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        template = index.data(_TEMPLATE)
        if not isinstance(template, Template):
            return
        box = QRectF(option.rect).adjusted(Space.XS, 1, -Space.XS, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if chosen else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        inner = box.adjusted(Space.S, Space.S - 1, -Space.S, -(Space.S - 1))
        half = inner.height() / 2
        top, bottom = QRectF(inner), QRectF(inner)
        top.setHeight(half)
        bottom.setTop(inner.top() + half)
        self._first_line(painter, top, template, chosen=chosen)
        self._second_line(painter, bottom, template)
        painter.restore()

    @staticmethod
    def _first_line(painter: QPainter, line: QRectF, template: Template, *, chosen: bool) -> None:
        if template.used:
            used = f"{template.used}×"
            wide = paint.text_width(used, "caption") + 2
            right = QRectF(line.right() - wide, line.top(), wide, line.height())
            paint.draw_text(painter, right, used, role="caption", color="text_muted")
            line.setRight(right.left() - Space.S)
        color = "selection_text" if chosen else "text"
        paint.draw_text(painter, line, clean_line(template.name, limit=120), role="body_medium", color=color)

    def _second_line(self, painter: QPainter, line: QRectF, template: Template) -> None:
        spoken = languages(template)
        shown = spoken[:_MOST_CHIPS] + ([f"+{len(spoken) - _MOST_CHIPS}"] if len(spoken) > _MOST_CHIPS else [])
        for tag in reversed(shown):
            wide = paint.text_width(tag or "∗", "caption") + 12
            paint.draw_chip(painter, line.right() - wide, line.center().y(), tag or "∗")
            line.setRight(line.right() - wide - Space.XS)
        line.setRight(line.right() - Space.XS)
        brand = self._brand(template.brand_id) if template.brand_id is not None else None
        if brand is not None:
            stripe = QRectF(line.left(), line.center().y() - 4, 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.brand_color(brand.color, "surface"))
            painter.drawEllipse(stripe)
            line.setLeft(stripe.right() + Space.XS + 2)
        words = kind_word(template.kind) if brand is None else f"{clean_line(brand.name)} · {kind_word(template.kind)}"
        paint.draw_text(painter, line, words, role="small", color="text_muted")
