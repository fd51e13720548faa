"""The case sheet on paper: one or two A4 pages in the brand's colour, the question to the client first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from cmdesk.care.sheet import Section
from cmdesk.i18n import _, using
from ui.models.cases import BrandSheet
from ui.paper.flow import Draw, Flow, panel
from ui.paper.sheets import Sheets
from ui.paper.style import COLUMN, MARGIN, Prose, Style

_NAMES: Final = 400.0
_INSIDE: Final = 44.0
_CHUNK, _CHUNK_LINES = 1000, 24
_HIGHEST: Final = 1500.0


class SheetDocument(Sheets):
    """The pages of one sheet; needs a running Qt application with the program's typeface."""

    def __init__(self, paper: BrandSheet) -> None:
        sheet = paper.sheet
        with using(sheet.language):
            continued = _("{case} (continued)").format(case=sheet.heading)
        flow = Flow(Style(paper.color), left=sheet.brand, right=sheet.heading)
        flow.section(sheet.heading, continued)
        if sheet.title:
            flow.text(sheet.title, "lead", flow.style.ink.muted, gap=44)
        for section in sheet.sections:
            _Part(flow, section).lay_out()
        flow.space(10)
        flow.text(sheet.footer, "caption", flow.style.ink.muted, gap=0)
        super().__init__(flow, title=sheet.subject, identity=paper.identity, dated=paper.made_at.date())


class _Part:
    """One section: named facts, paragraphs, quotes, addresses."""

    def __init__(self, flow: Flow, section: Section) -> None:
        self._flow, self._section, self._style = flow, section, flow.style

    def lay_out(self) -> None:
        """Put the section on the sheets."""
        section, ink = self._section, self._style.ink
        if section.question and self._question():
            return
        self._flow.subtitle(section.title, keep=120, gap=20)
        for name, value in section.rows:
            self._row(name, value)
        for text in section.paragraphs:
            for piece in pieces(text):
                self._flow.text(piece, "body", ink.text, gap=12)
        for said, source, url in section.quotes:
            self._quote(said, source, url)
        for url in section.links:
            self._flow.text(url, "small", ink.accent_text, gap=8)
        self._flow.space(30)

    def _question(self) -> bool:
        """What the client is asked, on a tinted ground; False when it does not fit on one page as a whole."""
        style, ink, section = self._style, self._style.ink, self._section
        width = COLUMN - 2 * _INSIDE
        head = style.prose(section.title, "title", width, lines=2)
        rows: list[tuple[Prose, Prose]] = []
        for name, value in section.rows:
            if len(value) > _CHUNK:
                return False
            rows.append(self._pair(name, value, width, strong=True))
        height = 2 * _INSIDE + head.height + 16 + sum(max(a.height, b.height) + 14 for a, b in rows)
        if height > _HIGHEST:
            return False

        def draw(painter: QPainter, y: float) -> None:
            panel(painter, QRectF(MARGIN, y, COLUMN, height), ink.tint)
            place = y + _INSIDE
            head.draw(painter, MARGIN + _INSIDE, place, ink.text)
            place += head.height + 16
            for name, value in rows:
                name.draw(painter, MARGIN + _INSIDE, place, ink.muted)
                value.draw(painter, MARGIN + _INSIDE + _NAMES, place, ink.text)
                place += max(name.height, value.height) + 14

        self._flow.add(height, draw, gap=46)
        return True

    def _pair(self, name: str, value: str, width: float, *, strong: bool = False) -> tuple[Prose, Prose]:
        style = self._style
        label = style.prose(name, "body", _NAMES - 30, lines=3)
        return label, style.prose(value, "body_strong" if strong else "body", width - _NAMES)

    def _row(self, name: str, value: str) -> None:
        ink, flow = self._style.ink, self._flow
        for place, piece in enumerate(pieces(value)):
            label, text = self._pair(name if not place else "", piece, COLUMN)

            def draw(painter: QPainter, y: float, label: Prose = label, text: Prose = text) -> None:
                label.draw(painter, MARGIN, y, ink.muted)
                text.draw(painter, MARGIN + _NAMES, y, ink.text)

            flow.add(max(label.height if not place else 0.0, text.height), draw, gap=12)

    def _quote(self, said: str, source: str, url: str) -> None:
        style, ink, flow = self._style, self._style.ink, self._flow
        width = COLUMN - _INSIDE
        for piece in pieces(said):
            text = style.prose(piece, "body", width)
            flow.add(text.height + 8, _barred(style, text))
        where = style.prose(f"{source}\n{url}" if url else source, "small", width)

        def draw(painter: QPainter, y: float) -> None:
            painter.fillRect(QRectF(MARGIN, y, 8, where.height), ink.line)
            where.draw(painter, MARGIN + _INSIDE, y, ink.muted)

        flow.add(where.height, draw, gap=20)


def _barred(style: Style, text: Prose) -> Draw:
    def draw(painter: QPainter, y: float) -> None:
        painter.fillRect(QRectF(MARGIN, y, 8, text.height + 8), style.ink.line)
        text.draw(painter, MARGIN + _INSIDE, y, style.ink.text)

    return draw


def pieces(text: str) -> Iterator[str]:
    """A text of any length in parts that each fit on a page: nothing is lost, nothing runs over the edge."""
    lines: list[str] = []
    used = 0
    for line in text.split("\n") or [""]:
        rest = line
        while True:
            cut = rest if len(rest) <= _CHUNK else rest[: rest.rfind(" ", 1, _CHUNK) + 1 or _CHUNK]
            if lines and (used + len(cut) > _CHUNK or len(lines) >= _CHUNK_LINES):
                yield "\n".join(lines)
                lines, used = [], 0
            lines.append(cut)
            used += len(cut)
            rest = rest[len(cut) :]
            if not rest:
                break
    yield "\n".join(lines)
