"""The 48 px line on top of a page: title, a quiet subtitle, and the page's own controls at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets.labels import PlainLabel


class PageHeader(QWidget):
    """`title`, `subtitle`; `add(widget)` appends a control at the right."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.XL, Space.S, Space.L, Space.S)
        self._row.setSpacing(Space.S)
        self.title = PlainLabel(title, role="title")
        self.subtitle = PlainLabel(subtitle, color="text_muted")
        self._row.addWidget(self.title)
        self._row.addSpacing(Space.XS)
        self._row.addWidget(self.subtitle)
        self._row.addStretch(1)
        self._resize()
        theme.changed().connect(self._resize)

    def put_first(self, widget: QWidget) -> None:
        """Put a control before everything else, as tabs that say what the page shows."""
        self._row.insertWidget(0, widget)
        self._row.insertSpacing(1, Space.S)

    def add(self, widget: QWidget) -> None:
        """Append a control."""
        self._row.addWidget(widget)

    def _resize(self) -> None:
        self.setFixedHeight(max(HEADER_HEIGHT, theme.scaled(HEADER_HEIGHT)) + Space.S)
