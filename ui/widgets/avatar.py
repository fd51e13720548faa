"""The round picture of a person or account with its network's glyph."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.safe_text import clean_line
from ui import theme
from ui.widgets import paint
from ui.widgets.paint import initials

__all__ = ["Avatar", "initials"]


class Avatar(QWidget):
    """Picture or initials, `size` logical px."""

    def __init__(
        self,
        name: str = "",
        parent: QWidget | None = None,
        *,
        size: int = 32,
        network: str = "",
        surface: str = "surface",
    ) -> None:
        super().__init__(parent)
        self._name, self._size, self._network, self._surface = name, size, network, surface
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(clean_line(name))
        theme.changed().connect(self.update)

    def set_person(self, name: str, *, picture: QPixmap | None = None, network: str = "") -> None:
        """Show somebody else."""
        self._name, self._picture, self._network = name, picture, network
        self.setAccessibleName(clean_line(name))
        self.update()

    def sizeHint(self) -> QSize:
        """The disc and the overhang of its badge."""
        return QSize(self._size + 3, self._size + 3)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw disc and badge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        paint.draw_avatar(
            painter, QRectF(0, 0, self._size, self._size), name=self._name, picture=self._picture,
            network=self._network, surface=self._surface,
        )  # fmt: skip
        painter.end()
