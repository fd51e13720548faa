"""The head of the composer: whose post it is, in name and colour; the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui import theme
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets import IconButton, PlainLabel

FRAME = 3  # px of the brand's colour around everything (N11)


class Heading(QWidget):
    """The title names the brand; only an empty post may still change hands."""

    brand_chosen = Signal(int)
    closed = Signal()
    versions_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEADER_HEIGHT)
        self._color = ""
        self.title = PlainLabel("", self, role="title", elide=True)
        self.brands = QComboBox(self)
        self.brands.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.brands.setAccessibleName(_("Brand"))
        self._versions = IconButton("history", _("Versions"), self, shortcut_text="Ctrl+Alt+V")
        self._close = IconButton("x", _("Close"), self, shortcut_text="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L + theme.scaled(12) + Space.S, 0, Space.S, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.title, 1)
        row.addWidget(self.brands)
        row.addWidget(self._versions)
        row.addWidget(self._close)
        self.brands.activated.connect(lambda _i: self.brand_chosen.emit(self.brands.currentData()))
        self._close.clicked.connect(self.closed)
        self._versions.clicked.connect(self.versions_wanted)
        theme.changed().connect(self.update)

    def show_brand(self, brand: Brand | None, brands: Sequence[Brand], *, fresh: bool) -> None:
        """Say whose post it is, and offer the others."""
        self._color = brand.color if brand else ""
        name = clean_line(brand.name) if brand else ""
        self.title.setText((_("New post for {brand}") if fresh else _("Post of {brand}")).format(brand=name))
        wanted = [(clean_line(each.name), each.id) for each in brands]
        if wanted != [(self.brands.itemText(at), self.brands.itemData(at)) for at in range(self.brands.count())]:
            self.brands.clear()
            for text, key in wanted:
                self.brands.addItem(text, key)
        self.brands.setCurrentIndex(self.brands.findData(brand.id if brand else 0))
        self.update()

    def set_movable(self, movable: bool, *, kept: bool) -> None:
        """Offer other brands while the post is empty; versions once it is kept."""
        self.brands.setVisible(movable and self.brands.count() > 1)
        self._versions.setEnabled(kept)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The brand's dot before its name."""
        if not self._color:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.brand_color(self._color))
        side = theme.scaled(12)
        painter.drawEllipse(QRectF(Space.L, (self.height() - side) / 2, side, side))
        painter.end()
