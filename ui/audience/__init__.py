"""People: everybody a brand knows in one table, circles and markets, one person in full, files in and out."""

from __future__ import annotations

from ui.audience.page import AudiencePage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return AudiencePage(context)
