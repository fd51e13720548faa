"""Reports: the monthly PDF of a brand, its page in the window and its command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Make the page (see ui.widgets.page)."""
    from ui.reports.page import ReportsPage

    return ReportsPage(context)
