"""What the tabs of wishes and places share: buttons above, a painted list, an empty state, decisions with undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui import icons, notices, theme
from ui.bridge import spawn
from ui.cases.list import PaintedList
from ui.models.directory import Directory
from ui.models.once import once
from ui.models.wishes import ValueModel
from ui.theme.tokens import Space
from ui.widgets import Divider, EmptyState, FlowLayout, paint
from ui.widgets.page import PageContext, Undoable
from ui.widgets.panels import Surface
from ui.widgets.row_frame import begin_row, end_row

Index = QModelIndex | QPersistentModelIndex
Told = tuple[str, str, str, str, str, int]
"""Icon, tone, first line, second line, text at the right, brand."""


class LineDelegate(QStyledItemDelegate):
    """Two lines with an icon and the brand's stripe; `tell` says what stands there."""

    def __init__(self, directory: Directory, tell: Callable[[Any], Told], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory, self._tell = directory, tell

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Every row is as high as the density says."""
        return QSize(option.rect.width(), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw one row."""
        rect: QRect = option.rect
        surface = begin_row(painter, option)
        value = index.data(ValueModel.ValueRole)
        if value is None:
            return
        icon, tone, first, second, right, brand_id = self._tell(value)
        stripe = theme.brand_color(self._directory.color(brand_id), surface)
        painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height() - 1), stripe)
        role = {"neutral": "text_muted", "accent": "accent_text"}.get(tone, tone)
        mark = theme.scaled(18)
        middle = rect.y() + rect.height() / 2
        painter.drawPixmap(QPointF(rect.x() + 20, middle - mark / 2), icons.pixmap(icon, theme.color(role), mark))
        left, edge = rect.x() + 20 + mark + 16.0, rect.right() - 20.0
        height = 19 * theme.zoom()
        box = QRectF(left, middle - height - 1, edge - left, height)
        end = Qt.AlignmentFlag.AlignRight
        used = paint.draw_text(painter, box, right, role="small", color="text_muted", align=end)
        paint.draw_text(painter, box.adjusted(0, 0, -used - 12, 0), first, role="body_medium")
        below = QRectF(left, middle + 1, edge - left, height)
        paint.draw_text(painter, below, second, role="small", color="text_muted")
        end_row(painter, option, left=16)


class Tab(Surface):
    """A list with its buttons; subclasses fill `tools`."""

    def __init__(
        self, context: PageContext, directory: Directory, *, name: str, several: bool, tell: Callable[[Any], Told]
    ) -> None:
        """`tell` says what a row shows; `several` lets several be selected."""
        super().__init__("surface")
        self._tell = tell
        self.context, self.directory = context, directory
        self.desk = context.desk
        self.model: ValueModel[Any] = ValueModel(self, describe=self.describe)
        self.list = PaintedList(self.model, LineDelegate(directory, tell, self), name, several=several)
        self.empty = EmptyState("lightbulb", "")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        flow = QWidget()
        self.tools = FlowLayout(flow, gap=Space.S)
        line.addWidget(flow, 1)
        outer.addWidget(holder)
        outer.addWidget(Divider())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        outer.addWidget(self._stack, 1)

    def describe(self, value: Any) -> str:
        """What a screen reader says."""
        _icon, _tone, first, second, right, _brand = self._tell(value)
        return ", ".join(part for part in (first, second, right) if part)

    # Showing

    def show_values(self, values: list[Any]) -> None:
        """Show these, the current row kept where it stands."""
        place = self.list.currentIndex().row()
        if self.model.put(values) and values and place >= 0:
            self.list.choose(min(place, len(values) - 1), quiet=True)
        self._stack.setCurrentWidget(self.list if values else self.empty)

    def chosen(self) -> list[Any]:
        """The selected values; without a selection all that are shown."""
        places = self.list.places()
        return [self.model.value(each) for each in places] if places else self.model.values()

    def current(self) -> Any:
        """The value of the current row, None without one."""
        place = self.list.currentIndex().row()
        return self.model.value(place) if 0 <= place < self.model.rowCount() else None

    def focus_main(self) -> None:
        """The list, or the first button."""
        if self._stack.currentWidget() is self.list:
            self.list.setFocus()
        else:
            item = self.tools.itemAt(0)
            widget = item.widget() if item is not None else None
            (widget or self).setFocus()

    def now(self) -> datetime:
        """What time it is."""
        return self.desk.clock.now()

    # Deciding

    def decide(self, command: Callable[..., Any], text: str, /, **args: Any) -> None:
        """Run a command, say what was done, and offer to take it back."""

        async def work() -> None:
            await self.run(command, text, **args)

        spawn(work(), self, name=text)

    async def run(self, command: Callable[..., Any], text: str, /, **args: Any) -> None:
        """The same within another piece of work."""
        done = once(await self.desk.run(command, **args))
        if done.undo is not None:
            self.context.undo(done, text)
            notices.toast(text, undo=lambda: self._undo(done), seconds=6)

    def _undo(self, done: Undoable) -> None:
        step = done.undo
        spawn(self.desk.run(step.command, **step.args), self, name="undo")
