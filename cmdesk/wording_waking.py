"""What is said about what was missed, about pauses, and about what does not go out (N1, ranks 4, 5 and 36)."""

from __future__ import annotations

from datetime import timedelta

from cmdesk.i18n import N_, _, ngettext
from cmdesk.planning.waking import How

BY_CODE = {
    "paused_meanwhile": (
        N_("Its hour came while publishing was paused"),
        N_("What piled up during a pause never goes out in a burst."),
        N_("Publish it now, give it another hour, or leave it."),
    ),
    "not_approved": (
        N_("The client has not approved it"),
        "",
        N_("Give it another hour, or publish it without approval from its sheet."),
    ),
}

HOW = {
    How.NOW: N_("Publish now"),
    How.SLOT: N_("Next free slot"),
    How.HOUR: N_("Another hour…"),
    How.DRAFT: N_("Back to drafts"),
    How.DISCARD: N_("Discard"),
    How.LATER: N_("Decide later"),
}


def how_words(how: How, *, answer: bool = False) -> str:
    """Return a decision in a few words; an answer is sent, not published."""
    return _("Send now") if answer and how is How.NOW else _(HOW[how])


def late_words(late: timedelta) -> str:
    """Return by how much something is late, in its two largest units."""
    minutes = max(1, int(late.total_seconds() // 60))
    if minutes < 60:
        return ngettext("{n} min late", "{n} min late", minutes).format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return (
            _("{hours} h {minutes} min late").format(hours=hours, minutes=rest)
            if rest
            else (ngettext("{n} h late", "{n} h late", hours).format(n=hours))
        )
    days = hours // 24
    return ngettext("{n} day late", "{n} days late", days).format(n=days)
