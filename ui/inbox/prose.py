"""Plain text laid out once for a width: painted with its links and selection, asked what lies under a point."""

from __future__ import annotations

import sys
from array import array

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from ui import theme
from ui.inbox import links

_LEADING = 1.14
"""Distance of lines, in heights of the font."""


def _utf16(text: str) -> str:
    if text.isascii():
        return text
    units = array("H", text.encode("utf-16-le", "replace"))
    if sys.byteorder == "big":
        units.byteswap()
    return "".join(map(chr, units))


def _units_before(text: str, place: int) -> int:
    return place + sum(1 for char in text[:place] if ord(char) > 0xFFFF)


class Prose:
    """A text in a type role; never read as markup. `max_lines` 0 is no limit."""

    def __init__(
        self, text: str, *, role: str = "reading", color: str = "text", max_lines: int = 0, linked: bool = True
    ) -> None:
        self.text = text
        self._shown = text
        self._role, self._color, self._max_lines = role, color, max_lines
        # Qt counts in UTF-16 units: a picture character is two of them.
        self._units = _utf16(text)
        self.links = [
            (_units_before(text, start), _units_before(text, end), address) for start, end, address in links.find(text)
        ] if linked else []  # fmt: skip
        self._layout: QTextLayout | None = None
        self._made_for: tuple[int, int, bool] = (-1, 0, False)
        self.width = 0.0
        self.height = 0.0
        self.cut = False
        self._step = 1
        self._lines = 0

    def fit(self, width: float) -> float:
        """Lay the text out for a width in px; returns its height. `cut` says whether lines are missing."""
        key = (int(width), round(theme.zoom() * 100), theme.is_dark())
        if key == self._made_for and self._layout is not None:
            return self.height
        self._made_for = key
        font = theme.font(self._role)
        # A line separator keeps the text one block, so that positions are those of the string.
        self._shown = self.text.replace("\n", "\u2028")
        layout = QTextLayout(self._shown, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.setFormats(self._formats())
        step = round(QFontMetricsF(font).height() * _LEADING)
        y = 0.0
        widest = 0.0
        lines = 0
        self.cut = False
        layout.beginLayout()
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            if self._max_lines and lines == self._max_lines:
                self.cut = True
                break
            line.setLineWidth(max(10.0, width))
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            widest = max(widest, line.naturalTextWidth())
            y += step
            lines += 1
        layout.endLayout()
        self._layout, self._step, self._lines = layout, step, lines
        self.width, self.height = min(widest, width), y
        return y

    def paint(self, painter: QPainter, at: QPointF, *, selection: tuple[int, int] | None = None) -> None:
        """Draw it with the top left at a point."""
        if self._layout is None:
            return
        marks: list[QTextLayout.FormatRange] = []
        if selection is not None and selection[0] != selection[1]:
            mark = QTextLayout.FormatRange()
            mark.start = min(selection)
            mark.length = abs(selection[1] - selection[0])
            made = QTextCharFormat()
            made.setBackground(theme.color("accent"))
            made.setForeground(theme.color("on_accent"))
            mark.format = made
            marks.append(mark)
        painter.setPen(theme.color(self._color))
        if self.cut:
            painter.save()
            painter.setClipRect(QRectF(at.x(), at.y(), 4000, self.height))
        self._layout.draw(painter, at, marks)
        if self.cut:
            painter.restore()

    def position(self, point: QPointF) -> int:
        """The character nearest to a point relative to the top left."""
        if self._layout is None or self._lines == 0:
            return 0
        row = max(0, min(self._lines - 1, int(point.y() // self._step)))
        return self._layout.lineAt(row).xToCursor(point.x())

    def link_at(self, point: QPointF) -> str:
        """The address under a point, '' when there is none."""
        if not self.links or self._layout is None or not 0 <= point.y() < self.height:
            return ""
        row = int(point.y() // self._step)
        if row >= self._lines or point.x() > self._layout.lineAt(row).naturalTextWidth() or point.x() < 0:
            return ""
        place = self.position(point)
        return next((address for start, end, address in self.links if start <= place <= end), "")

    def word_at(self, place: int) -> tuple[int, int]:
        """Start and end of the word around a position."""
        start = end = min(place, len(self._units))
        while start > 0 and not self._units[start - 1].isspace():
            start -= 1
        while end < len(self._units) and not self._units[end].isspace():
            end += 1
        return start, end

    def part(self, selection: tuple[int, int]) -> str:
        """The text of a selection."""
        units = self._units[min(selection) : max(selection)]
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")

    def everything(self) -> tuple[int, int]:
        """The selection of the whole text."""
        return 0, len(self._units)

    def _formats(self) -> list[QTextLayout.FormatRange]:
        made: list[QTextLayout.FormatRange] = []
        for start, end, _address in self.links:
            mark = QTextLayout.FormatRange()
            mark.start = start
            mark.length = end - start
            look = QTextCharFormat()
            look.setForeground(QColor(theme.color("accent_text")))
            look.setFontUnderline(True)
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            mark.format = look
            made.append(mark)
        return made
