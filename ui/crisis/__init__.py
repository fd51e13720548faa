"""The Crisis page: what is held, who is called, the log, the plan, alarms and the evidence vault."""

from __future__ import annotations

from ui.crisis.page import CrisisPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return CrisisPage(context)
