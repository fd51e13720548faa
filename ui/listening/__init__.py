"""Listening: what is said elsewhere, who seeks help, how competitors do, and which own channels have gone silent."""

from __future__ import annotations

from ui.listening.page import ListeningPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return ListeningPage(context)
