"""The first window: try the sample brands, or begin with one's own."""

from __future__ import annotations

from ui.welcome.page import WelcomePage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return WelcomePage(context)
