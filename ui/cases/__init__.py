"""Cases: every complaint carried to its end, what customers wished for, and the places to look at again."""

from __future__ import annotations

from ui.cases.page import CasesPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return CasesPage(context)
