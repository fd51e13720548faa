"""Templates: what one answers with, in folders, by language and market; files of them in and out."""

from __future__ import annotations

from ui.library.page import LibraryPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return LibraryPage(context)
