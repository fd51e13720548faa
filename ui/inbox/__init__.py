"""The inbox: lists, conversations, the thread with its reply box, the person."""

from __future__ import annotations

from ui.inbox.page import InboxPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return InboxPage(context)
