"""Accounts: what each profile can do, when it was read, connecting and reconnecting."""

from __future__ import annotations

from ui.accounts.page import AccountsPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return AccountsPage(context)
