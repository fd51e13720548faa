"""A list of people in one line each: a disc, the name, why, and when; for who is in a circle and who came and went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui import icons, theme
from ui.theme.tokens import Radius, Space
from ui.widgets import paint

ROW = 32
_LINE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line; `mark` is an icon instead of the disc, in the colour `tone`."""

    id: int
    name: str
    about: str = ""
    when: str = ""
    mark: str = ""
    tone: str = "text_muted"


class PeopleLines(QListWidget):
    """`taken` when Del is pressed on what is chosen; without `choosing` it is only read."""

    taken = Signal()

    def __init__(self, name: str, *, choosing: bool = True) -> None:
        super().__init__()
        self.setAccessibleName(name)
        several = QAbstractItemView.SelectionMode.ExtendedSelection
        self.setSelectionMode(several if choosing else QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(theme.scaled(2 * ROW + 4))
        self.setItemDelegate(_Lines(self))
        self.installEventFilter(self)

    def show_lines(self, lines: Sequence[PersonLine]) -> None:
        """Show these."""
        self.clear()
        for line in lines:
            item = QListWidgetItem(", ".join(each for each in (line.name, line.about, line.when) if each))
            item.setData(_LINE, line)
            self.addItem(item)

    def chosen(self) -> list[int]:
        """Ids of who is selected."""
        return [item.data(_LINE).id for item in self.selectedItems()]

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Del."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete:
            self.taken.emit()
            return True
        return super().eventFilter(watched, event)


class _Lines(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        return QSize(160, theme.scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        line: PersonLine = index.data(_LINE)
        rect = QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect, Radius.CONTROL, Radius.CONTROL)
        left, size = rect.left() + Space.S, theme.scaled(22)
        top = rect.center().y() - size / 2
        if line.mark:
            mark = icons.pixmap(line.mark, theme.color(line.tone), 16)
            painter.drawPixmap(int(left + 3), int(rect.center().y()) - 8, mark)
        else:
            paint.draw_avatar(painter, QRectF(left, top, size, size), name=line.name)
        left += size + Space.S
        right = rect.right() - Space.S
        if line.when:
            used = paint.text_width(line.when, "small")
            box = QRectF(right - used, rect.top(), used, rect.height())
            paint.draw_text(painter, box, line.when, role="small", color="text_muted")
            right -= used + Space.L
        name = min(paint.text_width(line.name, "body_medium"), (right - left) * 0.6 if line.about else right - left)
        paint.draw_text(
            painter, QRectF(left, rect.top(), name + 1, rect.height()), line.name, role="body_medium", color="text"
        )
        left += name + Space.M
        if line.about and right > left:
            box = QRectF(left, rect.top(), right - left, rect.height())
            paint.draw_text(painter, box, line.about, role="small", color="text_muted")
        painter.restore()
