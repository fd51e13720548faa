"""The real pages of a report under each other, rendered when they come into view and off the painting thread."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from cmdesk.i18n import _
from ui import theme
from ui.bridge import spawn
from ui.paper.style import HEIGHT, WIDTH
from ui.reports.document import Document
from ui.reports.workshop import Workshop
from ui.theme.tokens import Space
from ui.widgets.panels import draw_shadow

_WIDEST: Final = 860
_GAP: Final = 24
_SETTLE_MS: Final = 120


class Preview(QAbstractScrollArea):
    """Shows a `Document`; a page that is not rendered yet is blank paper, never a wait."""

    def __init__(self, workshop: Workshop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._document: Document | None = None
        self._images: dict[tuple[int, int], QImage] = {}
        self._asked: set[tuple[int, int]] = set()
        self._generation = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._render_visible)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # always there: coming and going it would change the width of the pages
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Pages of the report"))
        theme.changed().connect(self.viewport().update)

    @property
    def document(self) -> Document | None:
        """What is shown."""
        return self._document

    def show_document(self, document: Document | None, *, keep_place: bool = False) -> None:
        """Show a report's pages from the first one (or where one was), or nothing."""
        place = self.verticalScrollBar().value() if keep_place else 0
        self._document = document
        self._generation += 1
        self._images.clear()
        self._asked.clear()
        self._arrange()
        self.verticalScrollBar().setValue(place)
        self._render_visible()
        self.viewport().update()

    def page_image(self, number: int) -> QImage | None:
        """A page as it is shown now; None while it is not rendered."""
        return self._images.get((number, self._pixels()))

    def sizeHint(self) -> QSize:
        """Room for one page."""
        return QSize(640, 800)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the pages to the width; sharp again when the size has settled."""
        super().resizeEvent(event)
        self._arrange()
        self._settle.start()

    def scrollContentsBy(self, dx: int, dy: int, /) -> None:
        """Show other pages."""
        self.viewport().update()
        self._settle.start()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Page Up and Down go page by page of the report, Home and End to its ends."""
        bar, step = self.verticalScrollBar(), self._page_height() + _GAP
        moves = {
            Qt.Key.Key_PageDown: (round(bar.value() / step) + 1) * step,
            Qt.Key.Key_PageUp: (round(bar.value() / step) - 1) * step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: bar.maximum(),
        }
        wanted = moves.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(int(wanted))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Paper on the window's ground."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface_sunken"))
        if self._document is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for number in self._visible():
                self._paint_page(painter, number)
        painter.end()

    def _paint_page(self, painter: QPainter, number: int) -> None:
        box = self._box(number)
        draw_shadow(painter, box, spread=8, radius=2)
        painter.fillRect(box, Qt.GlobalColor.white)
        image = self.page_image(number) or self._other_size(number)
        if image is not None:
            painter.drawImage(box, image)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _other_size(self, number: int) -> QImage | None:
        return next((image for (page, _width), image in self._images.items() if page == number), None)

    # Where pages stand

    def _page_width(self) -> int:
        return max(200, min(self.viewport().width() - 2 * Space.XL, _WIDEST))

    def _page_height(self) -> int:
        return round(self._page_width() * HEIGHT / WIDTH)

    def _pixels(self) -> int:
        return round(self._page_width() * self.devicePixelRatioF())

    def _box(self, number: int) -> QRectF:
        width, height = self._page_width(), self._page_height()
        top = _GAP + number * (height + _GAP) - self.verticalScrollBar().value()
        left = (self.viewport().width() - width) // 2
        return QRectF(QPointF(left, top), QPointF(left + width, top + height))

    def _visible(self) -> list[int]:
        count = self._document.page_count if self._document is not None else 0
        step, top = self._page_height() + _GAP, self.verticalScrollBar().value()
        first = max(0, (top - _GAP) // step)
        last = min(count - 1, (top + self.viewport().height()) // step)
        return list(range(first, last + 1))

    def _arrange(self) -> None:
        count = self._document.page_count if self._document is not None else 0
        whole = _GAP + count * (self._page_height() + _GAP)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, whole - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(48)
        self.viewport().update()

    # Rendering

    def _render_visible(self) -> None:
        if self._document is None or not self.isVisible():
            return
        pixels = self._pixels()
        visible = self._visible()
        if not visible:
            return
        for number in (*visible, min(visible[-1] + 1, self._document.page_count - 1)):
            if (number, pixels) not in self._asked:
                self._asked.add((number, pixels))
                spawn(self._render(self._document, number, pixels, self._generation), self, name="preview of a report")

    async def _render(self, document: Document, number: int, pixels: int, generation: int) -> None:
        image = await self._workshop.run(document.image, number, pixels)
        if generation != self._generation:
            return
        for key in [key for key in self._images if key[0] == number]:
            del self._images[key]
        self._images[number, pixels] = image
        self.viewport().update()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Render what was put here while hidden."""
        super().showEvent(event)
        self._render_visible()
