"""A report laid out: its sections in their order, on sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from cmdesk.i18n import _, using
from cmdesk.reports.figures import Report
from cmdesk.safe_text import clean_line
from ui.paper.flow import Flow
from ui.paper.sheets import Sheets
from ui.paper.style import Style
from ui.reports import words
from ui.reports.pictures import Pictures
from ui.reports.sections import audience, care, complaints, cover, engagement, listening, plan, posts, summary

_SECTIONS: Final[tuple[Callable[[Flow, Report, Pictures], None], ...]] = (
    cover.add,
    summary.add,
    audience.add,
    engagement.add,
    care.add,
    complaints.add,
    listening.add,
    posts.add_best,
    posts.add_list,
    plan.add_plan,
    plan.add_notes,
)

#: A month without anything: six pages that each say so would help nobody.
_SHORT: Final = (cover.add, summary.add, plan.add_plan, plan.add_notes)


class Document(Sheets):
    """The pages of one report in one language; used by one thread at a time."""

    def __init__(self, report: Report, *, language: str, pictures: Pictures) -> None:
        """Lay everything out; needs a running Qt application with the program's typeface (`ui.theme.load_fonts`)."""
        self.report = report
        self.language = language
        with using(language):
            brand = clean_line(report.brand.name, limit=100)
            title = _("{brand}: social media report, {month}").format(brand=brand, month=words.month_text(report.month))
            flow = Flow(Style(report.brand.color), left=brand, right=words.month_title(report.month))
            for add in _SHORT if report.empty else _SECTIONS:
                add(flow, report, pictures)
        identity = f"{report.brand.id}/{report.brand.name}/{report.month.isoformat()}/{language}"
        super().__init__(flow, title=title, identity=identity, dated=report.days[-1] + timedelta(days=1))
