"""How long a poll is open, in words."""

from __future__ import annotations

from cmdesk.i18n import ngettext


def lasting(seconds: int) -> str:
    """A poll's time in words."""
    if seconds % 86_400 == 0:
        days = seconds // 86_400
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    minutes = max(1, seconds // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
