"""The overlay of `?` (keys of this screen) and F1 (what this screen is for)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel
from ui.widgets.overlay import Overlay
from ui.widgets.panels import Divider, scroll_column


def shown_key(key: str) -> str:
    """A key as this system writes it ("Ctrl+K", "⌘K")."""
    if not key.isascii() or len(key) == 1:
        return key
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key


class KeyCap(QWidget):
    """A key drawn as a key."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = shown_key(key)
        self.setAccessibleName(self._key)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        return QSize(max(24, paint.text_width(self._key, "small_strong") + 14), 24)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line_strong"))
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -1.5), 5, 5)
        paint.draw_text(
            painter, QRectF(self.rect()).adjusted(0, 0, 0, -1), self._key, role="small_strong", color="text_muted",
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        painter.end()


KeyGroup = tuple[str, Sequence[tuple[str, Sequence[str]]]]
"""A heading and its rows: what a key does, and the keys."""


class KeyHelp(Overlay):
    """Two columns of keys with a sentence about the screen on top."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=760, top=64)
        head = QHBoxLayout()
        head.setContentsMargins(Space.XL, Space.L, Space.M, Space.L)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        self.title = PlainLabel("", role="title")
        self.text = PlainLabel("", color="text_muted", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.text)
        head.addLayout(words, 1)
        self.close_button = IconButton("x", _("Close"))
        self.close_button.clicked.connect(self.close_overlay)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(Divider())
        area, self._column = scroll_column(margin=Space.XL)
        self.body.addWidget(area, 1)
        self._rows = 0

    def open_help(self, title: str, text: str, groups: Sequence[KeyGroup]) -> None:
        """Show groups of (heading, [(what, keys)])."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._rows = 0
        for heading, rows in groups:
            self._column.addWidget(self._group(heading, rows))
            self._rows += (len(rows) + 1) // 2 + 2
        self.popup(self.close_button)

    def panel_height(self, available: int) -> int:
        """As high as its rows need."""
        return min(available, 150 + self._rows * 36)

    def _group(self, heading: str, rows: Sequence[tuple[str, Sequence[str]]]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, Space.S)
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        grid.addWidget(PlainLabel(heading, role="small_strong", color="text_muted"), 0, 0, 1, 2)
        half = (len(rows) + 1) // 2
        for place, (what, keys) in enumerate(rows):
            line = QHBoxLayout()
            line.setSpacing(Space.XS)
            line.addWidget(PlainLabel(what, elide=True), 1)
            for key in keys[:2]:
                line.addWidget(KeyCap(key))
            grid.addLayout(line, 1 + place % half, place // half)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return made
