"""The slim bar of a round above the inbox: whose turn it is, how far one is, what the keys do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cmdesk.care.round import Group, Round
from cmdesk.i18n import _
from ui import theme
from ui.round.words import GROUPS, group_word
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, IconButton, PlainLabel


class RoundBar(QWidget):
    """One line with the brand's colour below it as progress."""

    skip_wanted = Signal()
    back_wanted = Signal()
    stop_wanted = Signal()
    go_wanted = Signal()
    """The person looks elsewhere and wants to go on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = ""
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.brand = PlainLabel(role="body_strong")
        self.group = Chip("")
        self.place = PlainLabel(role="small", color="text_muted")
        self.hint = PlainLabel(
            _("R answer · E solve · Y interim · D refer · I ignore · J skip"),
            role="small",
            color="text_muted",
            elide=True,
        )
        self.go = Button(_("Go on"), size="small", variant="primary")
        self.back = IconButton("chevron-left", _("Back to what was skipped"), shortcut_text="K")
        self.skip = IconButton("chevron-right", _("Skip"), shortcut_text="J")
        self.stop = Button(_("Stop"), size="small", icon="square", tip=_("End the round here") + "  Ctrl+G")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 0, Space.S, 0)
        row.setSpacing(Space.M)
        row.addWidget(PlainLabel(_("Round"), role="small_strong", color="accent_text"))
        row.addWidget(self.brand)
        row.addWidget(self.group)
        row.addWidget(self.place)
        row.addWidget(self.hint, 1)
        for part in (self.go, self.back, self.skip, self.stop):
            row.addWidget(part)
        self.go.clicked.connect(self.go_wanted)
        self.back.clicked.connect(self.back_wanted)
        self.skip.clicked.connect(self.skip_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.setAccessibleName(_("Round through all brands"))
        theme.changed().connect(self.update)
        self.hide()

    def show_round(self, found: Round, *, brand: str, color: str, away: bool) -> None:
        """Where it stands; `away`: another conversation or list is on the screen."""
        item = found.current
        if item is None:
            self.hide()
            return
        self._color = color
        self._share = found.place / max(1, len(found.items))
        self.brand.setText(brand)
        _word, icon, tone = GROUPS[Group(item.group)]
        self.group.set_text(group_word(item.group), tone=tone, icon=icon)
        text = _("{place} of {count}").format(place=found.place + 1, count=len(found.items))
        self.place.setText(text)
        self.setAccessibleDescription(f"{brand}, {group_word(item.group)}, {text}")
        self.go.setVisible(away)
        self.hint.setVisible(not away)
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        """40 px at normal size."""
        return QSize(400, theme.scaled(40))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A tinted strip; its lower edge is how far one is, in the brand's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        edge = self.height() - 3
        painter.fillRect(0, edge, self.width(), 3, theme.color("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.brand_color(self._color or "#8a8a94", "surface"))
        painter.drawRoundedRect(QRectF(0, edge, self.width() * max(self._share, 0.01), 3), 1.5, 1.5)
        painter.end()
