"""What is said of a conversation wherever it is listed: its state, why it was ignored, its first words."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from cmdesk.i18n import N_, _
from cmdesk.model import Conversation, ConversationState, IgnoreReason, Waiting
from cmdesk.safe_text import clean_line
from cmdesk.wording import conversation_word
from ui.widgets.times import moment

STATES: dict[ConversationState, tuple[str, str]] = {
    ConversationState.OPEN: ("inbox", "accent"),
    ConversationState.WAITING: ("hourglass", "info"),
    ConversationState.SNOOZED: ("alarm-clock", "warning"),
    ConversationState.SOLVED: ("circle-check", "positive"),
    ConversationState.IGNORED: ("ban", "neutral"),
}
"""Icon and tone of each state."""

REASONS: dict[IgnoreReason, tuple[str, str]] = {
    IgnoreReason.TROLL: (N_("Troll"), N_("Provokes on purpose; an answer would feed it.")),
    IgnoreReason.SPAM: (N_("Spam"), N_("Advertising or a machine.")),
    IgnoreReason.UNFOUNDED: (N_("Unfounded"), N_("A claim without any basis that needs no reply.")),
    IgnoreReason.NOT_FOR_US: (N_("Not for us"), N_("Meant for somebody else, or nothing to answer.")),
    IgnoreReason.ANSWERED_ELSEWHERE: (N_("Answered elsewhere"), N_("By phone, by mail or in another thread.")),
}
"""Why a conversation gets no answer: word and explanation."""


@lru_cache(maxsize=8192)
def preview(text: str, own: str = "") -> str:
    """The first line worth reading: without the handles it begins with, all of them or (`own`) only the brand's."""
    line = clean_line(text, limit=240)
    mine = own.removeprefix("@").casefold()
    names = {mine, mine.partition("@")[0]} if mine else None
    while True:
        word, _blank, rest = line.partition(" ")
        named = word.startswith("@") and (names is None or word[1:].rstrip(",:").casefold() in names)
        if not rest or not named:
            return line
        line = rest.lstrip(" ,:")


def at_handle(handle: str) -> str:
    """A handle with its @."""
    clean = clean_line(handle, limit=200)
    return f"@{clean.removeprefix('@')}" if clean else ""


def state_text(conversation: Conversation, now: datetime) -> str:
    """A state with what belongs to it: who is waited for, until when, why."""
    match conversation.state:
        case ConversationState.WAITING:
            client = conversation.waiting_for == Waiting.CLIENT
            return _("Waiting for the client") if client else _("Waiting for the person")
        case ConversationState.SNOOZED if conversation.snooze_until is not None:
            return _("Snoozed until {when}").format(when=moment(conversation.snooze_until, now))
        case ConversationState.IGNORED:
            word = reason_word(conversation.ignore_reason)
            return _("Ignored: {reason}").format(reason=word) if word else conversation_word(conversation.state)
    return conversation_word(conversation.state)


def reason_word(reason: str) -> str:
    """An ignore reason in words."""
    return _(REASONS[IgnoreReason(reason)][0]) if reason in {each.value for each in REASONS} else reason
