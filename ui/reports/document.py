"""A report laid out: pages that any painter can show, the same in the file, the preview and the printer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from cmdesk.i18n import _, using
from cmdesk.reports.figures import Report
from cmdesk.safe_text import clean_line
from ui.reports import words
from ui.reports.flow import Flow
from ui.reports.pictures import Pictures
from ui.reports.sections import audience, care, complaints, cover, engagement, plan, posts, summary
from ui.reports.style import HEIGHT, WIDTH, Style

_SECTIONS: Final[tuple[Callable[[Flow, Report, Pictures], None], ...]] = (
    cover.add,
    summary.add,
    audience.add,
    engagement.add,
    care.add,
    complaints.add,
    posts.add_best,
    posts.add_list,
    plan.add_plan,
    plan.add_notes,
)

#: A month without anything: six pages that each say so would help nobody.
_SHORT: Final = (cover.add, summary.add, plan.add_plan, plan.add_notes)


class Document:
    """The pages of one report in one language; used by one thread at a time."""

    def __init__(self, report: Report, *, language: str, pictures: Pictures) -> None:
        """Lay everything out; needs a running Qt application with the program's typeface (`ui.theme.load_fonts`)."""
        self.report = report
        self.language = language
        with using(language):
            brand = clean_line(report.brand.name, limit=100)
            self.title = _("{brand}: social media report, {month}").format(
                brand=brand, month=words.month_text(report.month)
            )
            self._flow = Flow(Style(report.brand.color), left=brand, right=words.month_title(report.month))
            for add in _SHORT if report.empty else _SECTIONS:
                add(self._flow, report, pictures)

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
    document: Document,
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
