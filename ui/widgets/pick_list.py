"""A list to choose from over the text: rows with a title and a line about it, filtered as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.theme.tokens import Radius, Space
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.fields import SearchField
from ui.widgets.labels import PlainLabel
from ui.widgets.panels import Popover

ROW = 44
SHOWN = 7
_CHOICE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One row; `key` is what is chosen, `icon` a mark before it, `alert` a word of warning after it."""

    key: object
    title: str
    detail: str = ""
    icon: str = ""
    alert: str = ""


class PickRows(QListWidget):
    """The rows alone, without the focus; `Up` and `Down` are given to it by who has it."""

    picked = Signal(object)  # key

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Rows(self))
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListWidget { background: transparent; border: 0; }")
        self.itemClicked.connect(lambda _item: self.choose())

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show these, the first one chosen."""
        self.clear()
        for choice in choices:
            item = QListWidgetItem(f"{choice.title}, {choice.detail}" if choice.detail else choice.title)
            item.setData(_CHOICE, choice)
            self.addItem(item)
        if choices:
            self.setCurrentRow(0)
        self.setFixedHeight(min(max(len(choices), 1), SHOWN) * theme.scaled(ROW))

    def step(self, by: int) -> None:
        """Go up (-1) or down (1), round the ends."""
        if self.count():
            self.setCurrentRow((self.currentRow() + by) % self.count())

    def choose(self) -> None:
        """Take the row that is marked."""
        item = self.currentItem()
        if item is not None:
            self.picked.emit(item.data(_CHOICE).key)


class PickPopover(Popover):
    """Search, rows, and a button at the foot; `find(text)` gives the rows."""

    picked = Signal(object)
    foot_pressed = Signal(str)  # what was typed

    def __init__(
        self,
        parent: QWidget,
        find: Callable[[str], Sequence[Choice]],
        *,
        name: str,
        search: str,
        empty: str,
        foot: str = "",
        width: int = 380,
    ) -> None:
        super().__init__(parent, width=theme.scaled(width))
        self._find = find
        self._field = SearchField(search, delay_ms=0)
        self._rows = PickRows(name)
        self._empty = PlainLabel(empty, color="text_muted", wrap=True)
        self.body.addWidget(self._field)
        self.body.addWidget(self._rows)
        self.body.addWidget(self._empty)
        if foot:
            row = QHBoxLayout()
            button = Button(foot, variant="ghost", size="small", icon="plus")
            button.clicked.connect(self._foot)
            row.addWidget(button)
            row.addStretch(1)
            self.body.addLayout(row)
        self._field.textChanged.connect(self._show)
        self._field.installEventFilter(self)
        self._rows.picked.connect(self._take)
        self._show("")
        self._field.setFocus()

    def _show(self, text: str) -> None:
        choices = list(self._find(text.strip()))
        self._rows.show_choices(choices)
        self._rows.setVisible(bool(choices))
        self._empty.setVisible(not choices)
        self.adjustSize()

    def _take(self, key: object) -> None:
        self.close()
        self.picked.emit(key)

    def _foot(self) -> None:
        typed = self._field.text().strip()
        self.close()
        self.foot_pressed.emit(typed)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The arrows walk the rows, Enter takes one."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self._rows.step(steps[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._rows.choose()
                return True
        return super().eventFilter(watched, event)


class _Rows(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        return QSize(120, theme.scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        choice: Choice = index.data(_CHOICE)
        rect = QRectF(option.rect)
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), Radius.CONTROL, Radius.CONTROL)
        left = rect.left() + Space.S
        if choice.icon:
            mark = icons.pixmap(choice.icon, theme.color("text_muted"), 16)
            painter.drawPixmap(int(left), int(rect.center().y()) - 8, mark)
            left += 16 + Space.S
        width = rect.right() - left - Space.S
        if choice.alert:
            used = paint.text_width(choice.alert, role="caption") + Space.S
            box = QRectF(rect.right() - used - Space.XS, rect.top(), used, rect.height())
            paint.draw_text(painter, box, choice.alert, role="caption", color="warning")
            width -= used + Space.S
        half = rect.height() / 2
        top = QRectF(left, rect.top() + (3 if choice.detail else half / 2), width, half)
        paint.draw_text(painter, top, clean_line(choice.title), role="body_medium", color="text")
        if choice.detail:
            low = QRectF(left, rect.top() + half - 1, width, half - 3)
            paint.draw_text(painter, low, clean_line(choice.detail), role="small", color="text_muted")
        painter.restore()
