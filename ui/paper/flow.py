"""Pages filled from top to bottom: blocks of known height, new pages by themselves, header and number on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.paper.style import COLUMN, HEIGHT, MARGIN, WIDTH, Style

TOP: Final = 300.0
BOTTOM: Final = HEIGHT - 250.0

#: Draws a block whose top is at the given height.
Draw = Callable[[QPainter, float], None]


@dataclass(slots=True)
class Sheet:
    """One page: what is drawn on it and where; a bare one (the cover) has no header."""

    blocks: list[tuple[float, Draw]] = field(default_factory=list)
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, left edge and width; `right` aligns to the right edge."""

    title: str
    left: float
    width: float
    right: bool = False


class Flow:
    """Lays blocks out; `sheets` are the pages."""

    def __init__(self, style: Style, *, left: str, right: str) -> None:
        self.style = style
        self.sheets: list[Sheet] = []
        self.y = BOTTOM
        self._left, self._right = left, right
        self._section = ""
        self._continued = ""

    def cover(self, draw: Draw) -> None:
        """Add a page that one drawing fills."""
        self.sheets.append(Sheet([(0.0, draw)], bare=True))
        self.y = BOTTOM

    def section(self, title: str, continued: str) -> None:
        """Begin a section on a new page; `continued` stands at the top of its further pages."""
        self.sheets.append(Sheet())
        self._continued = continued
        self.y = TOP
        ink = self.style.ink
        words = self.style.prose(title, "heading", COLUMN, lines=2)

        def draw(painter: QPainter, y: float) -> None:
            painter.fillRect(QRectF(MARGIN, y - 46, 90, 12), ink.accent)
            words.draw(painter, MARGIN, y, ink.text)

        self.add(words.height, draw, gap=34)

    def add(self, height: float, draw: Draw, *, gap: float = 0) -> None:
        """Put a block under the last one, on a new page when it does not fit; `gap` stays free under it."""
        if self.y + height > BOTTOM and self.y > TOP:
            self._continue()
        self.sheets[-1].blocks.append((self.y, draw))
        self.y += height + gap

    def space(self, height: float) -> None:
        """Leave some room."""
        self.y += height

    def room(self) -> float:
        """How much is left on this page."""
        return BOTTOM - self.y

    def text(self, text: str, role: str, color: QColor, *, gap: float = 24, width: float = COLUMN) -> None:
        """A paragraph."""
        words = self.style.prose(text, role, width)
        self.add(words.height, lambda painter, y: words.draw(painter, MARGIN, y, color), gap=gap)

    def subtitle(self, text: str, *, keep: float = 200, gap: float = 18) -> None:
        """A heading within a section that stays on one page with `keep` of what follows."""
        style = self.style
        if self.room() < keep + 60:
            self._continue()
        self.add(
            54, lambda painter, y: _ignore(style.put(painter, MARGIN, y + 40, text, "title", style.ink.text)), gap=gap
        )

    def table(self, columns: Sequence[Column], rows: Sequence[tuple[float, Draw]]) -> None:
        """Rows of known heights under a head that is repeated on each page, hairlines between them."""
        style = self.style

        def head(painter: QPainter, y: float) -> None:
            for column in columns:
                x = column.left + column.width if column.right else column.left
                align = "right" if column.right else "left"
                style.put(painter, x, y + 30, column.title, "label", style.ink.muted, room=column.width, align=align)
            painter.setPen(QPen(style.ink.text, 4))
            painter.drawLine(QPointF(MARGIN, y + 52), QPointF(WIDTH - MARGIN, y + 52))

        self.add(56, head)
        for height, draw in rows:
            if self.y + height > BOTTOM:
                self._continue()
                self.add(56, head)
            self.add(height, _ruled(draw, height, style))

    def paint_sheet(self, number: int, painter: QPainter) -> None:
        """Draw one page on a painter scaled to paper units."""
        sheet = self.sheets[number]
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), self.style.ink.paper)
        if not sheet.bare:
            self._chrome(painter, number)
        for y, draw in sheet.blocks:
            painter.save()
            draw(painter, y)
            painter.restore()

    def _chrome(self, painter: QPainter, number: int) -> None:
        style, ink = self.style, self.style.ink
        style.put(painter, MARGIN, 150, self._left, "small_strong", ink.accent_text, room=COLUMN * 0.6)
        style.put(painter, WIDTH - MARGIN, 150, self._right, "small", ink.muted, room=COLUMN * 0.38, align="right")
        painter.setPen(QPen(ink.line, 3))
        painter.drawLine(QPointF(MARGIN, 186), QPointF(WIDTH - MARGIN, 186))
        page = f"{number + 1} / {len(self.sheets)}"
        style.put(painter, WIDTH - MARGIN, HEIGHT - 130, page, "small", ink.muted, align="right")

    def _continue(self) -> None:
        style, text = self.style, self._continued
        self.sheets.append(Sheet())
        self.y = TOP - 30
        self.add(
            50, lambda painter, y: _ignore(style.put(painter, MARGIN, y + 36, text, "title", style.ink.muted)), gap=26
        )


def columns_of(widths: Sequence[tuple[str, float, bool]], *, gap: float = 30) -> list[Column]:
    """Columns side by side over the page's width; exactly one width is 0 and takes what is left."""
    fixed = sum(width for _title, width, _right in widths) + gap * (len(widths) - 1)
    found, x = [], MARGIN
    for title, width, right in widths:
        taken = width or COLUMN - fixed
        found.append(Column(title, x, taken, right))
        x += taken + gap
    return found


def panel(painter: QPainter, box: QRectF, color: QColor, *, radius: float = 26) -> None:
    """A quiet surface behind figures."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(box, radius, radius)


def spread(count: int, *, gap: float = 40) -> Iterator[tuple[float, float]]:
    """(left, width) of `count` equal boxes over the page's width."""
    width = (COLUMN - gap * (count - 1)) / count
    for place in range(count):
        yield MARGIN + place * (width + gap), width


def _ruled(draw: Draw, height: float, style: Style) -> Draw:
    def ruled(painter: QPainter, y: float) -> None:
        draw(painter, y)
        painter.setPen(QPen(style.ink.line, 2.5))
        painter.drawLine(QPointF(MARGIN, y + height), QPointF(WIDTH - MARGIN, y + height))

    return ruled


def _ignore(_width: float) -> None:
    """A drawing returns nothing."""
