"""The plan's own words: how a post stands in an export, what it is for, and why several cannot move as asked."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.model import CalendarItem
from cmdesk.planning.plan_filter import UNASKED, Shown
from cmdesk.planning.shifting import Verdict
from cmdesk.wording import post_word

_SHOWN = {
    Shown.DRAFT: N_("Draft"),
    Shown.SCHEDULED: N_("Scheduled"),
    Shown.SENDING: N_("Going out"),
    Shown.PUBLISHED: N_("Published"),
    Shown.PROBLEM: N_("Needs you"),
    Shown.WAITING: N_("Waits for the client"),
    Shown.CHANGE: N_("The client wants a change"),
    Shown.ELSEWHERE: N_("Made on the network itself"),
}
_APPROVALS = {
    "asked": N_("waits for the client"),
    "approved": N_("approved by the client"),
    "change": N_("the client wants a change"),
    "expired": N_("nobody answered in time"),
    "outdated": N_("changed since the client saw it"),
    "waived": N_("released without the client's answer"),
    UNASKED: N_("the client has not been asked yet"),
}
_AIMS = {"value": N_("Value"), "product": N_("Product"), "conversation": N_("Conversation")}
_VERDICTS = {
    Verdict.OUT: N_("It is out or on its way: it stays where it is."),
    Verdict.PAST: N_("That hour has passed: it stays where it is."),
    Verdict.NO_DATE: N_("It has no date: there is nothing to move."),
    Verdict.GAP: N_("That hour does not exist that day because the clocks go forward: it moves an hour later."),
    Verdict.CLOSE: N_("Less than an hour from another post of the same account."),
}
AIMS = tuple(_AIMS)


def shown_word(state: str) -> str:
    """Return one of the calendar's states in words."""
    return _(_SHOWN[Shown(state)])


def aim_word(aim: str) -> str:
    """Return what a post is for (U7) in a word, '' for nothing said."""
    return _(_AIMS[aim]) if aim in _AIMS else ""


def approval_word(approval: str) -> str:
    """Return how the client's approval stands, '' when none is wanted."""
    return _(_APPROVALS[approval]) if approval in _APPROVALS else ""


def verdict_word(verdict: Verdict) -> str:
    """Return in a sentence what stands in the way of a move, '' for nothing."""
    return _(_VERDICTS[verdict]) if verdict in _VERDICTS else ""


def state_words(item: CalendarItem) -> str:
    """Return how a chip's post stands, with what the client said."""
    if item.post_id < 0:
        return shown_word(Shown.ELSEWHERE)
    said = approval_word(item.approval)
    return f"{post_word(item.status)} ({said})" if said else post_word(item.status)
