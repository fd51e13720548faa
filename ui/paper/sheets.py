"""A document as pages that any painter can show, the same in the file, the preview and the printer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ui.paper.flow import Flow
from ui.paper.style import HEIGHT, WIDTH


class Sheets:
    """Laid-out pages with a title; used by one thread at a time."""

    def __init__(self, flow: Flow, *, title: str, identity: str, dated: date) -> None:
        """`identity` and `dated` go into the file instead of chance and this moment: same facts, same bytes."""
        self._flow = flow
        self.title, self.identity, self.dated = title, identity, dated

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._flow.sheets)

    def paint_page(self, number: int, painter: QPainter, target: QRectF) -> None:
        """Draw a page (from 0) into a rectangle of the painter's device, which should have A4's proportions."""
        painter.save()
        painter.translate(target.topLeft())
        painter.scale(target.width() / WIDTH, target.height() / HEIGHT)
        self._flow.paint_sheet(number, painter)
        painter.restore()

    def image(self, number: int, width: int) -> QImage:
        """A page as a picture `width` pixels wide."""
        made = QImage(width, round(width * HEIGHT / WIDTH), QImage.Format.Format_RGB32)
        painter = QPainter(made)
        self.paint_page(number, painter, QRectF(0, 0, made.width(), made.height()))
        painter.end()
        return made


def paint(
    document: Sheets,
    painter: QPainter,
    page: QRectF,
    new_page: Callable[[], object],
    *,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bool:
    """Draw all pages, calling `new_page` between them; False when `cancelled` said so before the last one."""
    for number in range(document.page_count):
        if cancelled is not None and cancelled():
            return False
        if number:
            new_page()
        document.paint_page(number, painter, page)
        if progress is not None:
            progress(number + 1, document.page_count)
    return True
