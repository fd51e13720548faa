"""A document's pages as they will print, one below the other, as wide as there is room."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.paper.sheets import Sheets
from ui.theme.tokens import Space


class PagesView(QWidget):
    """Put it into a scroll area; it is as high as its pages."""

    def __init__(self) -> None:
        super().__init__()
        self._document: Sheets | None = None
        self._pages: list[QPixmap] = []
        theme.changed().connect(self.update)

    def show_document(self, document: Sheets) -> None:
        """Show another one."""
        self._document = document
        self._render()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """As wide as there is room."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._render()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The pages with a hairline."""
        painter = QPainter(self)
        y = 0
        for page in self._pages:
            height = round(page.height() / page.devicePixelRatio())
            width = round(page.width() / page.devicePixelRatio())
            painter.drawPixmap(0, y, page)
            painter.setPen(theme.color("line_strong"))
            painter.drawRect(0, y, width - 1, height - 1)
            y += height + Space.M
        painter.end()

    def _render(self) -> None:
        if self._document is None or self.width() < 50:
            return
        ratio = self.devicePixelRatioF()
        self._pages = []
        for number in range(self._document.page_count):
            image: QImage = self._document.image(number, round(self.width() * ratio))
            image.setDevicePixelRatio(ratio)
            self._pages.append(QPixmap.fromImage(image))
        height = sum(round(each.height() / ratio) + Space.M for each in self._pages)
        self.setFixedHeight(max(1, height))
        self.update()
