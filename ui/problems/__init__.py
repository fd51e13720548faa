"""Problems: everything failed, unknown or held, with its reason and what to do."""

from __future__ import annotations

from ui.problems.page import ProblemsPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return ProblemsPage(context)
