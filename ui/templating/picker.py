"""The list of templates over the editor: filters as one types, preview at the side, Enter inserts.

It never takes the focus by itself: with `own_field` it has a search field of its own, otherwise whoever writes goes on
writing and tells it what to look for (`set_filter`). Keys come through `takes`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import _
from cmdesk.model import Template
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_templates import problem_words
from ui import theme
from ui.models.snippets import Shelf
from ui.theme.tokens import Radius, Space
from ui.widgets import Chip, PlainLabel, SearchField, paint
from ui.widgets.panels import draw_raised, draw_shadow, scroll_column

_WIDTH = 700
_LIST = 270
_HEIGHT = 330
_ROW = 44
_SHADOW = 14
_SHOWN = 2_000
"""Characters of a text that the preview shows."""

_KEYS = (
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip
_Index = QModelIndex | QPersistentModelIndex
_TEMPLATE = Qt.ItemDataRole.UserRole
_TAG = Qt.ItemDataRole.UserRole + 1
_FOREIGN = Qt.ItemDataRole.UserRole + 2


class TemplatePicker(QWidget):
    """Emits the chosen template and whether to stay open for another one; Esc or a click elsewhere closes."""

    picked = Signal(object, bool)  # Template, stay
    closed = Signal()

    def __init__(self, window: QWidget, shelf: Shelf, *, own_field: bool) -> None:
        super().__init__(window)
        self._window = window
        self._shelf = shelf
        self._open = True
        self._text = ""
        self.field = SearchField(_("Search templates"), delay_ms=0)
        self.field.setVisible(own_field)
        self.field.textChanged.connect(self.set_filter)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Templates"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFixedWidth(theme.scaled(_LIST))
        self.list.viewport().setAutoFillBackground(False)
        self.list.setStyleSheet("QListWidget { background: transparent; border: 0; }")
        self.list.currentItemChanged.connect(lambda *_rows: self._show_preview())
        self.list.itemClicked.connect(lambda _item: self.choose())
        self.title = PlainLabel(role="body_strong", elide=True)
        self.tag = Chip("", tone="neutral")
        self.preview = PlainLabel(role="reading", wrap=True, align=Qt.AlignmentFlag.AlignTop)
        self.problem = PlainLabel(role="small", color="warning", wrap=True)
        keys = _("Enter inserts · Ctrl+Enter inserts and stays · Esc closes")
        self.hint = PlainLabel(keys, role="caption", color="text_muted", elide=True)
        self.empty = PlainLabel(role="body", color="text_muted", wrap=True, align=Qt.AlignmentFlag.AlignCenter)
        self._build()
        self.setFocusProxy(self.field)
        self.resize(min(theme.scaled(_WIDTH), window.width() - 2 * Space.S) + 2 * _SHADOW, _HEIGHT + 2 * _SHADOW)
        self.set_filter("")

    def _build(self) -> None:
        area, column = scroll_column(margin=0, spacing=Space.S)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.tag)
        column.addWidget(self.preview)
        column.addWidget(self.problem)
        side = QVBoxLayout()
        side.setSpacing(Space.S)
        side.addLayout(head)
        side.addWidget(area, 1)
        self._side = QWidget()
        self._side.setLayout(side)
        side.setContentsMargins(Space.S, Space.XS, Space.S, 0)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self.list)
        row.addWidget(self._side, 1)
        layout = QVBoxLayout(self)
        edge = _SHADOW + Space.S
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(Space.S)
        layout.addWidget(self.field)
        layout.addLayout(row, 1)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.hint)

    def open_at(self, anchor: QWidget, line: QRect) -> None:
        """Open under a line of the editor, over it where there is no room below; always inside the window."""
        window = self._window
        spot = anchor.mapTo(window, line.topLeft())
        left = anchor.mapTo(window, QPoint(0, 0)).x()
        x = max(0, min(left, window.width() - self.width() + 2 * _SHADOW)) - _SHADOW
        below = spot.y() + line.height() + Space.S - _SHADOW
        above = spot.y() - self.height() + _SHADOW - Space.S
        y = below if below + self.height() - _SHADOW <= window.height() else above
        self.move(x, max(-_SHADOW, min(y, window.height() - self.height() + _SHADOW)))
        self.show()
        self.raise_()
        if self.field.isVisibleTo(self):
            self.field.setFocus()

    def end(self) -> None:
        """Close."""
        if self._open:
            self._open = False
            self.closed.emit()
            self.hide()
            self.deleteLater()

    def use_own_field(self) -> None:
        """From now on what is typed goes into the own field."""
        self.field.show()
        self.field.clear()
        self.field.setFocus()

    def set_shelf(self, shelf: Shelf) -> None:
        """More is known about the conversation than when it was opened."""
        self._shelf = shelf
        self._show_preview()

    # What is found

    def set_filter(self, text: str) -> None:
        """Show the templates that match."""
        if text == self._text and self.list.count():
            return
        self._text = text
        self.list.clear()
        for template in self._shelf.find(text):
            item = QListWidgetItem(clean_line(template.name, limit=120))
            item.setData(_TEMPLATE, template)
            item.setData(_TAG, self._shelf.tag(template))
            item.setData(_FOREIGN, self._shelf.foreign(template))
            self.list.addItem(item)
        found = self.list.count() > 0
        if found:
            self.list.setCurrentRow(0)
        self.empty.setVisible(not found)
        self.empty.setText(
            _("No template has these words.") if text.strip() else _("There are no templates for this brand yet.")
        )
        self.list.setVisible(found)
        self._side.setVisible(found)

    def current(self) -> Template | None:
        """The template that Enter would insert."""
        item = self.list.currentItem()
        found = item.data(_TEMPLATE) if self.list.currentRow() >= 0 else None
        return found if isinstance(found, Template) else None

    def _show_preview(self) -> None:
        template = self.current()
        if template is None:
            return
        expanded = self._shelf.expanded(template)
        self.title.setText(clean_line(template.name, limit=120))
        self.tag.set_text(expanded.tag, tone="warning" if self._shelf.foreign(template) else "neutral")
        self.tag.setVisible(bool(expanded.tag))
        text = safe_body(expanded.text)
        self.preview.setText(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
        self.problem.setText("\n".join(problem_words(each) for each in expanded.problems[:3]))
        self.problem.setVisible(bool(expanded.problems))
        if self.isVisible():
            # The list never has the focus: a screen reader is told what Enter would insert.
            said = f"{clean_line(template.name, limit=120)}. {clean_line(expanded.text, limit=400)}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    # Keys

    def wants(self, event: QKeyEvent, /) -> bool:
        """Whether a key would act on the list, so that no shortcut of the window may take it."""
        return event.key() in _KEYS

    def takes(self, event: QKeyEvent, /) -> bool:
        """Act on a key if it is one of the list's; whoever has the focus keeps the others."""
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            page = max(1, self.list.viewport().height() // _ROW - 1)
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
            self._step(steps[Qt.Key(key)])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.choose(stay=control)
        if key == Qt.Key.Key_Tab and not event.modifiers():
            return self.choose()
        if key == Qt.Key.Key_Escape:
            self.end()
            return True
        return False

    def choose(self, *, stay: bool = False) -> bool:
        """Hand over the current template; False when there is none."""
        template = self.current()
        if template is None:
            return False
        if not stay:
            self.end()
        self.picked.emit(template, stay)
        return True

    def _step(self, step: int) -> None:
        count = self.list.count()
        if count:
            place = self.list.currentRow() + step
            self.list.setCurrentRow(place % count if abs(step) == 1 else max(0, min(place, count - 1)))

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The keys of the list while one types in the own field; they are no shortcuts then."""
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and self.wants(event):
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                return self.takes(event)
        return False

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A raised surface with a soft shadow."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        draw_shadow(painter, box, spread=_SHADOW)
        draw_raised(painter, box)
        painter.end()


class _Rows(QStyledItemDelegate):
    """Name, folder below it, the language at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One height for all."""
        return QSize(0, theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        template = index.data(_TEMPLATE)
        if not isinstance(template, Template):
            return
        box = QRectF(option.rect).adjusted(0, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if chosen else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        inner = box.adjusted(Space.S, Space.XS, -Space.S, -Space.XS)
        tag = str(index.data(_TAG) or "")
        if tag:
            width = paint.text_width(tag, "caption") + 12
            tone = "warning" if index.data(_FOREIGN) else "neutral"
            paint.draw_chip(painter, inner.right() - width, inner.center().y(), tag, tone=tone)
            inner.setRight(inner.right() - width - Space.S)
        half = inner.height() / 2
        top, bottom = QRectF(inner), QRectF(inner)
        top.setHeight(half)
        bottom.setTop(inner.top() + half)
        color = "selection_text" if chosen else "text"
        paint.draw_text(painter, top, clean_line(template.name, limit=120), role="body_medium", color=color)
        folder = clean_line(template.category.replace("/", " › "), limit=120)
        paint.draw_text(painter, bottom, folder, role="caption", color="text_muted")
        painter.restore()
