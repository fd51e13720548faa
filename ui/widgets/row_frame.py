"""What every painted row has around its content: the surface it lies on, the line under it, the ring of the focus."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui import theme
from ui.widgets import paint


def begin_row(painter: QPainter, option: QStyleOptionViewItem) -> str:
    """Paint what the row lies on; returns the role of that surface: "selection", "hover" or "surface"."""
    rect: QRect = option.rect
    state: QStyle.StateFlag = option.state
    if state & QStyle.StateFlag.State_Selected:
        surface = "selection"
    elif state & QStyle.StateFlag.State_MouseOver:
        surface = "hover"
    else:
        return "surface"  # the list's own, which is there
    painter.fillRect(rect, theme.color(surface))
    return surface


def end_row(painter: QPainter, option: QStyleOptionViewItem, *, left: int) -> None:
    """Paint the line under the row, `left` px in, and the focus where the keyboard brought it."""
    rect: QRect = option.rect
    state: QStyle.StateFlag = option.state
    painter.fillRect(QRect(rect.x() + left, rect.bottom(), rect.width() - left, 1), theme.color("line"))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        paint.draw_focus(painter, rect, radius=4)
