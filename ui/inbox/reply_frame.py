"""The raised field an answer is written in: the brand's colour as its upper edge, yellow for a note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.theme.tokens import Radius, Space
from ui.widgets.panels import Surface


class ReplyFrame(Surface):
    """Paints the field; `set_frame` says whose and what for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._color = ""
        self._yellow = False

    def set_frame(self, *, color: str | None = None, note: bool | None = None) -> None:
        """Another brand's colour, or another kind of text."""
        self._color = color if color is not None else self._color
        self._yellow = note if note is not None else self._yellow
        self.update()

    def stack_rows(self, *rows: Sequence[tuple[QWidget, int]]) -> None:
        """Lay the parts out inside the field: rows from the top, each with (widget, share of the width left)."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L + 14, Space.M + 8, Space.L + 12, Space.M + 8)
        layout.setSpacing(Space.S)
        for parts in rows:
            if len(parts) == 1:
                layout.addWidget(parts[0][0])
                continue
            row = QHBoxLayout()
            row.setSpacing(Space.S)
            for part, share in parts:
                row.addWidget(part, share)
            layout.addLayout(row)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A raised field with the brand's colour as a 3 px line; yellow for a note."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(Space.L, Space.S, -Space.L, -Space.M)
        note = self._yellow
        painter.setPen(QPen(theme.color("note_line" if note else "line_strong"), 1))
        painter.setBrush(theme.color("note") if note else theme.color("surface_raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        if self._color:
            painter.setPen(QPen(theme.brand_color(self._color, "surface_raised"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setClipRect(QRectF(box.x() - 1, box.y() - 1, box.width() + 2, 12))
            painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, 20), Radius.CARD - 1, Radius.CARD - 1)
        painter.end()
