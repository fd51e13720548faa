"""Why a post on the calendar stays where it is, in the words of the person."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.moving import Refused, Stay
from cmdesk.safe_text import clean_line

_SHORT = {
    Stay.PAST: N_("That hour has passed"),
    Stay.GAP: N_("That hour does not exist: the clocks go forward"),
    Stay.OUT: N_("It is already published"),
    Stay.LEAVING: N_("It is going out right now"),
    Stay.HANDED: N_("The network holds it: cancel it there first"),
    Stay.REVIEW: N_("Decide first whether it went out"),
    Stay.ELSEWHERE: N_("It was published outside CM Desk"),
    Stay.CANCELLED: N_("It was cancelled"),
}


def stay_text(refused: Refused, *, several: bool = False) -> str:
    """A short reason; of several posts the one in the way is named."""
    reason = _(_SHORT[refused.why])
    if not several:
        return reason
    return _("«{title}»: {reason}").format(title=title_of(refused.item.text), reason=reason)


def title_of(text: str, *, limit: int = 24) -> str:
    """The first words of a post, as undo and labels name it."""
    return clean_line(text, limit=limit) or _("(no text)")
