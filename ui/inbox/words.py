"""What the inbox says of a conversation: relative times, states, reasons and the sentence of a row."""

from __future__ import annotations

from datetime import datetime

from cmdesk.i18n import N_, _, ngettext
from cmdesk.model import Account, Brand, Conversation, ConversationState, DeliveryState
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_by_hand import network_name
from ui.inbox import care_words
from ui.people.conversations import REASONS, STATES, at_handle, preview, reason_word, state_text
from ui.widgets.times import clock_time, day_name, exact, moment, relative, span, spoken

__all__ = [
    "KINDS", "OUTGOING", "REASONS", "STATES", "VISIBILITIES", "at_handle", "clock_time", "day_name", "due", "exact",
    "moment", "outgoing", "preview", "reason_word", "relative", "sentence", "shown_name", "span", "spoke_last",
    "spoken", "state_text",
]  # fmt: skip

KINDS: dict[str, tuple[str, str]] = {
    "mention": (N_("Mention"), "at-sign"),
    "reply": (N_("Comment"), "message-square"),
    "direct": (N_("Direct message"), "lock"),
    "quote": (N_("Quote"), "quote"),
}
"""Word and icon of what a conversation began with."""

VISIBILITIES: dict[str, tuple[str, str, str]] = {
    "public": (N_("Public"), "globe", N_("Everybody can read it.")),
    "unlisted": (N_("Quiet public"), "moon", N_("Everybody can read it, but it is not spread by lists and searches.")),
    "private": (N_("Followers"), "users", N_("Only followers and those mentioned can read it.")),
    "direct": (N_("Private"), "lock", N_("Only those mentioned can read it.")),
}
"""Word, icon and explanation of who can read a message."""

OUTGOING: dict[str, tuple[str, str, str]] = {
    DeliveryState.QUEUED: (N_("Will be sent"), "clock", "info"),
    DeliveryState.PREPARING: (N_("Will be sent"), "clock", "info"),
    DeliveryState.READY: (N_("Will be sent"), "clock", "info"),
    DeliveryState.SENDING: (N_("Sending…"), "send", "info"),
    DeliveryState.UNCERTAIN: (N_("Checking whether it went out"), "search", "warning"),
    DeliveryState.MANUAL: (N_("To be published by hand"), "hand", "warning"),
    DeliveryState.PUBLISHED: (N_("Sent"), "check", "positive"),
    DeliveryState.CONFIRMED: (N_("Sent and seen there"), "check-check", "positive"),
    DeliveryState.BACKOFF: (N_("Waiting for the connection"), "cloud-off", "warning"),
    DeliveryState.BLOCKED_AUTH: (N_("Waits until the account is reconnected"), "unplug", "warning"),
    DeliveryState.HELD_LATE: (N_("Held: too late to go out by itself"), "circle-pause", "warning"),
    DeliveryState.HELD_CLOCK: (N_("Held: the clock of this computer jumped"), "circle-pause", "warning"),
    DeliveryState.HELD_RESTORED: (N_("Held: comes from a restored backup"), "circle-pause", "warning"),
    DeliveryState.REVIEW: (N_("Please look whether it went out"), "triangle-alert", "negative"),
    DeliveryState.REJECTED: (N_("Refused by the network"), "circle-x", "negative"),
    DeliveryState.HANDED_OFF: (N_("Held by the network until its hour"), "clock", "info"),
    DeliveryState.CANCELLED: (N_("Taken back"), "undo-2", "neutral"),
}
"""Sentence, icon and tone of an answer that is on its way."""


def due(conversation: Conversation, now: datetime) -> tuple[str, str]:
    """The answer clock as (text, tone): what is left, amber in the last quarter, "+35 min" in red when overdue."""
    if conversation.due_at is None or conversation.state is not ConversationState.OPEN:
        return "", ""
    left = conversation.due_at - now
    if left.total_seconds() <= 0:
        return f"+{span(left)}", "negative"
    since = conversation.last_in_at or conversation.first_in_at
    whole = conversation.due_at - since if since is not None else left
    return span(left), "warning" if left * 4 < whole else "positive"


def shown_name(conversation: Conversation) -> str:
    """The person's name, else the handle, harmless."""
    return safe_name(conversation.author) or safe_name(at_handle(conversation.handle)) or _("Somebody")


def spoke_last(conversation: Conversation) -> bool:
    """Whether the newest message is the brand's own."""
    return conversation.last_out_at is not None and (
        conversation.last_in_at is None or conversation.last_out_at > conversation.last_in_at
    )


def outgoing(state: str) -> tuple[str, str, str]:
    """Sentence, icon and tone of an unsent answer's state."""
    words = OUTGOING.get(state)
    return (_(words[0]), words[1], words[2]) if words else (state, "clock", "neutral")


def sentence(
    conversation: Conversation,
    *,
    now: datetime,
    brand: Brand | None,
    account: Account | None,
    labels: tuple[str, ...] = (),
    case: int = 0,
) -> str:
    """A row as one sentence for a screen reader: unread, kind, brand, person, when, state, triage, text."""
    parts: list[str] = []
    if conversation.unread:
        count = conversation.unread
        parts.append(ngettext("{count} unread", "{count} unread", count).format(count=count))
    parts.append(_(KINDS[conversation.kind][0]) if conversation.kind in KINDS else conversation.kind)
    parts.append(network_name(conversation.network))
    if brand is not None:
        parts.append(clean_line(brand.name))
    if account is not None:
        parts.append(at_handle(account.handle))
    parts.append(clean_line(conversation.author) or at_handle(conversation.handle))
    parts.append(spoken(conversation.last_at, now))
    if conversation.state is not ConversationState.OPEN:
        parts.append(state_text(conversation, now))
    left, tone = due(conversation, now)
    if left:
        said = _("overdue by {time}") if tone == "negative" else _("{time} left")
        parts.append(said.format(time=left.removeprefix("+")))
    parts += care_words.spoken(conversation, now, case=case)
    if conversation.priority > 0:
        parts.append(_("priority"))
    if conversation.has_draft:
        parts.append(_("draft"))
    if conversation.outgoing:
        parts.append(outgoing(conversation.outgoing)[0])
    parts += [clean_line(label) for label in labels]
    return f"{', '.join(part for part in parts if part)}: {clean_line(conversation.preview, limit=200)}"
