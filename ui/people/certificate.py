"""A certificate of what was deleted as a PDF sheet (N21), the same with and without a window."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from cmdesk.i18n import _
from cmdesk.people.certificate import Paper
from ui.paper.flow import Flow
from ui.paper.pdf import pdf_bytes, ready, save
from ui.paper.sheets import Sheets
from ui.paper.style import COLUMN, MARGIN, Style

_COLOR: Final = "#2F6FDE"
_NUMBER: Final = 220.0  # the column of figures


class CertificateDocument(Sheets):
    """The pages of one certificate; needs a running Qt application with the program's typeface."""

    def __init__(self, paper: Paper, *, color: str = _COLOR) -> None:
        flow = Flow(Style(color), left=paper.brand, right=paper.title)
        ink = flow.style.ink
        flow.section(paper.title, _("{title} (continued)").format(title=paper.title))
        for each in paper.intro:
            flow.text(each, "body", ink.text, gap=14)
        for section in paper.sections:
            flow.space(24)
            flow.subtitle(section.title, keep=120, gap=20)
            for line in section.lines:
                flow.text(line, "body", ink.text, gap=14)
            for name, number in section.rows:
                _row(flow, name, number)
        flow.space(30)
        if paper.foot:
            flow.text(paper.foot, "caption", ink.muted, gap=0)
        at = paper.at or datetime.combine(date(2000, 1, 1), datetime.min.time(), UTC)
        super().__init__(flow, title=paper.title, identity=f"{paper.brand} {paper.title} {at:%Y%m%d}", dated=at.date())


def certificate_pdf(paper: Paper) -> bytes:
    """Return a certificate as PDF; on the thread of the window, a page takes a few milliseconds."""
    return pdf_bytes(CertificateDocument(paper)) or b""


def write(paper: Paper, path: Path) -> None:
    """Write a certificate to a file without a window and without a screen; raises DiskFull, DeskError."""
    application = ready()
    save(path, certificate_pdf(paper))
    del application


def _row(flow: Flow, name: str, number: int) -> None:
    style, ink = flow.style, flow.style.ink
    label = style.prose(name, "body", COLUMN - _NUMBER)
    figure = style.prose(f"{number:,}".replace(",", "\u202f"), "body_strong", _NUMBER)

    def draw(painter: QPainter, y: float) -> None:
        label.draw(painter, MARGIN + _NUMBER, y, ink.text)
        figure.draw(painter, MARGIN, y, ink.text)
        painter.fillRect(QRectF(MARGIN, y + label.height + 6, COLUMN, 1), ink.line)

    flow.add(label.height + 8, draw, gap=10)
