"""What stands around a long list: the pill behind which new rows wait, and the bar for several at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cmdesk.i18n import _, ngettext
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel


class NewPill(QPushButton):
    """The floating "12 new" button: what came waits behind it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.set_icon(self, "arrow-up", "on_accent", 14)
        theme.changed().connect(self._restyle)
        self._restyle()
        self.hide()

    def set_count(self, count: int) -> None:
        """Say how many; hidden at none."""
        if count:
            self.setText(ngettext("{count} new", "{count} new", count).format(count=count))
            self.adjustSize()
        self.setVisible(count > 0)
        self.raise_()

    def _restyle(self) -> None:
        palette = theme.colors()
        self.setStyleSheet(
            f"QPushButton {{ background: {palette.accent}; color: {palette.on_accent}; border: 0; border-radius: 14px;"
            " padding: 0 14px 0 10px; min-height: 28px; max-height: 28px; font-weight: 600; }"
            f"QPushButton:hover {{ background: {palette.accent_hover}; }}"
            f"QPushButton:focus {{ border: 2px solid {palette.text}; }}"
        )


class BulkBar(QWidget):
    """What can be done with several rows at once: `act(name)` when a deed is pressed."""

    act = Signal(str)
    closed = Signal()

    def __init__(self, deeds: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`deeds`: name, icon and untranslated text of each."""
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        layout.setSpacing(2)
        self.label = PlainLabel(role="body_strong", elide=True)
        layout.addWidget(self.label, 1)
        for name, icon, text in deeds:
            part = IconButton(icon, _(text), role="text")
            part.clicked.connect(lambda _checked=False, name=name: self.act.emit(name))
            layout.addWidget(part)
        close = IconButton("x", _("Select only one"))
        close.clicked.connect(self.closed)
        layout.addWidget(close)
        theme.changed().connect(self.update)
        self.hide()

    def set_count(self, count: int) -> None:
        """Shown from two on."""
        self.label.setText(ngettext("{count} selected", "{count} selected", count).format(count=count))
        self.setVisible(count > 1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A tinted strip with a hairline above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        painter.end()
