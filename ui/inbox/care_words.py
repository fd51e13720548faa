"""What the inbox says of triage and care: sentiments, kinds, urgency, how sure a verdict is, and the clocks of care."""

from __future__ import annotations

from datetime import datetime, timedelta

from cmdesk.i18n import _, ngettext
from cmdesk.model import Conversation, ConversationState
from ui.widgets.marks import INTENTS, SENTIMENTS, TROLL, TROLL_KIND, Mark, intent_word, urgency_word
from ui.widgets.times import span

__all__ = [
    "INTENTS", "SENTIMENTS", "TROLL", "TROLL_KIND", "Mark", "balance_line", "clock", "confidence_word", "intent_word",
    "is_guess", "kind_mark", "mark", "promise", "spoken", "urgency_word", "window",
]  # fmt: skip


_WINDOW_SHOWN = timedelta(hours=24)
_WINDOW_SOON = timedelta(hours=6)
_WINDOW_LAST = timedelta(hours=2)


def mark(conversation: Conversation) -> Mark | None:
    """The triage mark of a conversation, None while nothing was judged."""
    return TROLL if conversation.intent == TROLL_KIND else SENTIMENTS.get(conversation.sentiment)


def is_guess(conversation: Conversation) -> bool:
    """Whether its mark is only a guess: of a troll the kind counts, of the others the sentiment."""
    return conversation.kind_unsure if conversation.intent == TROLL_KIND else conversation.unsure


def kind_mark(conversation: Conversation) -> str:
    """The kind for a row, with "?" while it is a guess; '' where nothing was judged."""
    said = intent_word(conversation.intent)
    return f"{said}?" if said and conversation.kind_unsure else said


def confidence_word(confidence: float, *, unsure: bool) -> str:
    """How sure a verdict is, as one says it; a number would look like knowledge."""
    if unsure:
        return _("unsure")
    if confidence >= 0.85:
        return _("quite sure")
    return _("fairly sure")


def clock(until: datetime, now: datetime) -> str:
    """What is left until a time, or "+35 min" beyond it."""
    left = until - now
    return f"+{span(left)}" if left.total_seconds() <= 0 else span(left)


def promise(conversation: Conversation, now: datetime) -> tuple[str, str]:
    """The clock of the earliest open promise as (text, tone): amber in its last two hours, red when it is broken."""
    if conversation.promise_at is None:
        return "", ""
    left = conversation.promise_at - now
    if left.total_seconds() <= 0:
        return clock(conversation.promise_at, now), "negative"
    return span(left), "warning" if left < _WINDOW_LAST else "info"


def window(conversation: Conversation, now: datetime) -> tuple[str, str]:
    """The clock of the network's reply window as (text, tone) in its last day; "closed" when it is over (N15)."""
    if conversation.window_until is None or conversation.state is not ConversationState.OPEN:
        return "", ""
    left = conversation.window_until - now
    if left.total_seconds() <= 0:
        return _("closed"), "neutral"
    if left > _WINDOW_SHOWN:
        return "", ""
    return span(left), "negative" if left < _WINDOW_LAST else "warning" if left < _WINDOW_SOON else "positive"


def spoken(conversation: Conversation, now: datetime, *, case: int = 0) -> list[str]:
    """The same as parts of a sentence for a screen reader."""
    parts: list[str] = []
    found = mark(conversation)
    if found is not None:
        unsure = _("perhaps {verdict}").format(verdict=found.label.lower())
        parts.append(unsure if is_guess(conversation) else found.label.lower())
    if conversation.intent and conversation.intent != TROLL_KIND:
        kind = intent_word(conversation.intent).lower()
        parts.append(_("perhaps {verdict}").format(verdict=kind) if conversation.kind_unsure else kind)
    if conversation.urgency >= 2:
        parts.append(urgency_word(conversation.urgency).lower())
    if conversation.promise_at is not None:
        text, tone = promise(conversation, now)
        said = _("promise overdue by {time}") if tone == "negative" else _("promise due in {time}")
        parts.append(said.format(time=text.removeprefix("+")))
    text, tone = window(conversation, now)
    if text:
        said = _("the network takes no answer any more") if tone == "neutral" else _("answers are taken for {time}")
        parts.append(said.format(time=text))
    if case:
        parts.append(_("case {number}").format(number=case))
    return parts


def balance_line(negatives: int, answered_negatives: int, positives: int, answered_positives: int) -> str:
    """Say it when negatives stay unanswered while positives are answered (D13); '' when all is well.

    Of a few of each nothing can be said.
    """
    waiting = negatives - answered_negatives
    if waiting < 3 or positives < 3:
        return ""
    share_negative, share_positive = answered_negatives / negatives, answered_positives / positives
    if share_negative + 0.15 > share_positive:
        return ""
    text = ngettext(
        "{count} negative has had no answer for more than a day; of the positives {share} % have one.",
        "{count} negatives have had no answer for more than a day; of the positives {share} % have one.",
        waiting,
    )
    return text.format(count=waiting, share=round(share_positive * 100))
