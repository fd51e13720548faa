"""The report's look on white paper: typeface, colours made from the brand's, and text set line by line.

Lengths are tenths of a millimetre on an A4 sheet of 2100 by 2970, whatever the device: a painter is scaled once, so
that file, preview and printer show the same page. A `Style` belongs to one document and one thread at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtSvg import QSvgRenderer

from cmdesk.resources import resource
from cmdesk.safe_text import safe_body
from ui import theme

WIDTH: Final = 2100.0
HEIGHT: Final = 2970.0
MARGIN: Final = 190.0
COLUMN: Final = WIDTH - 2 * MARGIN

#: Role → size, weight, letter spacing in per cent, line height in sizes. No OpenType features and no wide spacing: such
#: digits and words are not found by who searches the file. (Absolute spacing would grow with the device's resolution.)
_TYPE: Final[dict[str, tuple[int, int, float, float]]] = {
    "caption": (25, 400, 100.0, 1.4),
    "label": (23, 600, 103.0, 1.3),
    "small": (28, 400, 100.0, 1.42),
    "small_strong": (28, 600, 100.0, 1.42),
    "body": (32, 400, 100.0, 1.48),
    "body_strong": (32, 600, 100.0, 1.48),
    "lead": (42, 400, 99.0, 1.5),
    "title": (40, 600, 99.0, 1.3),
    "number": (48, 600, 98.0, 1.2),
    "figure": (84, 600, 97.0, 1.1),
    "heading": (92, 700, 97.0, 1.12),
    "cover_label": (30, 600, 104.0, 1.3),
    "cover_month": (68, 500, 98.5, 1.2),
    "cover": (168, 700, 96.0, 1.06),
}
_LONGEST = 1200
"""Letters of one text that are looked at: no place of the report shows more."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one brand's report; every text colour is at least 4.5:1 on paper and on `wash`."""

    brand: QColor
    on_brand: QColor
    accent: QColor
    accent_text: QColor
    second: QColor
    third: QColor
    tint: QColor
    text: QColor
    muted: QColor
    faint: QColor
    line: QColor
    wash: QColor
    good: QColor
    bad: QColor
    paper: QColor

    @property
    def series(self) -> tuple[QColor, ...]:
        """Four fills that are told apart in colour and in grey."""
        return (self.accent, self.second, self.third, self.faint)


def ink_of(color: str) -> Ink:
    """Make a report's colours of a brand's, moved only as far as its contrast needs."""
    paper = QColor("#FFFFFF")
    brand = theme.parse(color)
    accent = theme.readable(brand, paper, ratio=3.0)
    return Ink(
        brand=brand,
        on_brand=theme.text_on(brand),
        accent=accent,
        accent_text=theme.readable(brand, QColor("#F6F6F8"), ratio=4.6),
        second=theme.mix(accent, QColor("#16161A"), 0.42),
        third=theme.mix(accent, paper, 0.48),
        tint=theme.mix(accent, paper, 0.88),
        text=QColor("#1A1A20"),
        muted=QColor("#5C5C67"),
        faint=QColor("#C9C9D2"),
        line=QColor("#E4E4EA"),
        wash=QColor("#F6F6F8"),
        good=QColor("#13734A"),
        bad=QColor("#BE2735"),
        paper=paper,
    )


class Prose:
    """A text set into a width: lines that never overflow, the last one elided when there are more than `lines`."""

    def __init__(self, style: Style, text: str, role: str, width: float, *, lines: int = 0) -> None:
        self._font = style.font(role)
        size, _weight, _spacing, leading = _TYPE[role]
        self._pitch = size * leading
        self._width = width
        clean = safe_body(text, limit=_LONGEST).strip().replace("\t", " ")
        self._layout, self.count = self._set(clean, lines, style.metrics(role))
        self.height = self.count * self._pitch

    def draw(self, painter: QPainter, x: float, y: float, color: QColor) -> None:
        """Draw with the top left at (x, y)."""
        painter.setPen(color)
        self._layout.draw(painter, QPointF(x, y))

    def mark(self, ranges: Sequence[tuple[int, int, QTextCharFormat]]) -> None:
        """Show parts (first letter, number of letters) otherwise: in colours or struck out, never in another size."""
        formats = []
        units = self._layout.text().encode("utf-16-le")
        letters = units.decode("utf-16-le")
        for start, length, look in ranges:
            made = QTextLayout.FormatRange()
            made.start = len(letters[:start].encode("utf-16-le")) // 2
            made.length = len(letters[start : start + length].encode("utf-16-le")) // 2
            made.format = look
            formats.append(made)
        self._layout.setFormats(formats)
        # New formats forget the lines; such looks break them where they were.
        self._layout.beginLayout()
        for place in range(self.count):
            line = self._layout.createLine()
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, place * self._pitch + (self._pitch - line.height()) / 2))
        self._layout.endLayout()

    def _set(self, text: str, most: int, metrics: QFontMetricsF) -> tuple[QTextLayout, int]:
        layout, starts, whole = self._lines(text, most)
        if whole or not most:
            return layout, len(starts)
        rest = text[starts[-1] :].replace("\n", " ")
        cut = metrics.elidedText(f"{rest[:400]}…", Qt.TextElideMode.ElideRight, self._width)
        layout, starts, _whole = self._lines(text[: starts[-1]] + cut, most)
        return layout, len(starts)

    def _lines(self, text: str, most: int) -> tuple[QTextLayout, list[int], bool]:
        # Qt counts UTF-16 units where Python counts code points.
        units = text.encode("utf-16-le")
        layout = QTextLayout(text.replace("\n", "\u2028"), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        starts: list[int] = []
        end = 0
        layout.beginLayout()
        while not most or len(starts) < most:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, len(starts) * self._pitch + (self._pitch - line.height()) / 2))
            starts.append(len(units[: line.textStart() * 2].decode("utf-16-le", "ignore")))
            end = line.textStart() + line.textLength()
        layout.endLayout()
        return layout, starts or [0], end * 2 >= len(units)


class Style:
    """Fonts, colours and drawings of one document."""

    def __init__(self, color: str, *, ink: Ink | None = None) -> None:
        """In a brand's colours on white paper, or in others (a chart on the screen)."""
        self.ink = ink or ink_of(color)
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        self._drawings: dict[tuple[str, str], QSvgRenderer] = {}

    def font(self, role: str) -> QFont:
        """The font of a role, in paper units."""
        made = self._fonts.get(role)
        if made is None:
            size, weight, spacing, _leading = _TYPE[role]
            made = QFont()
            made.setFamily(theme.FAMILY)
            made.setPixelSize(size)
            made.setWeight(QFont.Weight(weight))
            made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
            # Letters that change with their neighbours ("18:00", "1)") lose their name in the file's text.
            made.setFeature(QFont.Tag.fromString("calt"), 0)
            self._fonts[role] = made
        return made

    def metrics(self, role: str) -> QFontMetricsF:
        """Metrics of `font(role)`."""
        made = self._metrics.get(role)
        if made is None:
            made = self._metrics[role] = QFontMetricsF(self.font(role))
        return made

    def pitch(self, role: str) -> float:
        """Distance of two lines."""
        return _TYPE[role][0] * _TYPE[role][3]

    def width(self, text: str, role: str) -> float:
        """How wide a line is."""
        return self.metrics(role).horizontalAdvance(text)

    def prose(self, text: str, role: str, width: float, *, lines: int = 0) -> Prose:
        """Set a text of any length; at most `lines` lines, 0 for all."""
        return Prose(self, text, role, width, lines=lines)

    def put(
        self,
        painter: QPainter,
        x: float,
        baseline: float,
        text: str,
        role: str,
        color: QColor,
        *,
        room: float = 0,
        align: str = "left",
    ) -> float:
        """Draw one line on `baseline`, elided to `room`; `x` is its left, middle or right. Returns its width."""
        metrics = self.metrics(role)
        shown, taken = text, metrics.horizontalAdvance(text)
        if room and taken > room:
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            taken = metrics.horizontalAdvance(shown)
        left = x - (taken if align == "right" else taken / 2 if align == "center" else 0)
        painter.setFont(self.font(role))
        painter.setPen(color)
        painter.drawText(QPointF(left, baseline), shown)
        return taken

    def drawing(self, painter: QPainter, name: str, box: QRectF, color: QColor) -> None:
        """Draw an outline icon ("star") or a network's mark ("network:mastodon") as lines, not pixels."""
        key = (name, color.name())
        found = self._drawings.get(key)
        if found is None:
            found = self._drawings[key] = QSvgRenderer(QByteArray(_svg(name, color.name()).encode()))
        found.render(painter, box)


@cache
def glyph(network: str) -> str:
    """Name of a network's mark, a neutral one for others."""
    name = f"network:{network}"
    return name if _path(name).is_file() else "network:network"


def _path(name: str) -> Path:
    kind, _colon, rest = name.rpartition(":")
    return resource("icons", "networks", f"{rest}.svg") if kind else resource("icons", "lucide", f"{rest}.svg")


def _svg(name: str, color: str) -> str:
    text = _path(name).read_text("utf-8")
    if name.startswith("network:"):
        return text.replace("<svg ", f'<svg fill="{color}" ', 1)
    return text.replace("currentColor", color).replace('stroke-width="2"', 'stroke-width="1.75"')
