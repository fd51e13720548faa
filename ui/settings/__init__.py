"""Settings: appearance, publishing, brands, keychain, backups, data."""

from __future__ import annotations

from ui.settings.page import SettingsPage
from ui.widgets.page import Page, PageContext


def make(context: PageContext) -> Page:
    """Build the page."""
    return SettingsPage(context)
