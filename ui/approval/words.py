"""How an approval is told: icons, tones and sentences for its states."""

from __future__ import annotations

from datetime import datetime

from cmdesk.i18n import _, ngettext
from cmdesk.model import Post
from cmdesk.planning.approving import ApprovalSheet, Item, Standing, State
from cmdesk.planning.slots import landing
from cmdesk.safe_text import clean_line
from cmdesk.wording_approval import reason_word
from cmdesk.zones import zone_named
from ui.widgets.times import moment

LOOK: dict[str, tuple[str, str]] = {
    "asked": ("hourglass", "info"),
    "approved": ("circle-check", "positive"),
    "change": ("pencil", "warning"),
    "expired": ("clock-alert", "warning"),
    "withdrawn": ("undo-2", "neutral"),
    "outdated": ("history", "warning"),
    "waived": ("send", "neutral"),
}
"""Icon and tone of each state."""


def title(sheet: ApprovalSheet) -> str:
    """What a sheet is called."""
    name = _("Sheet no. {number}").format(number=sheet.number)
    return f"{name}: {clean_line(sheet.title, limit=120)}" if sheet.title else name


def progress(sheet: ApprovalSheet) -> str:
    """How far a sheet is: "2 of 5 approved, 1 to change"."""
    states = [each.state for each in sheet.items]
    approved = sum(each in (State.APPROVED, State.WAIVED) for each in states)
    parts = [_("{done} of {count} approved").format(done=approved, count=len(states))]
    change, waiting = states.count(State.CHANGE), sum(each.open for each in sheet.items)
    if change:
        parts.append(ngettext("{count} to change", "{count} to change", change).format(count=change))
    if waiting:
        parts.append(ngettext("{count} without an answer", "{count} without an answer", waiting).format(count=waiting))
    return ", ".join(parts)


def dates(sheet: ApprovalSheet, now: datetime) -> str:
    """When it was asked, of whom, and until when an answer is wanted."""
    parts = [_("Asked {when}").format(when=moment(sheet.asked_at, now))]
    if sheet.sent_to:
        parts[0] = _("Asked {who} {when}").format(
            who=clean_line(sheet.sent_to, limit=80), when=moment(sheet.asked_at, now)
        )
    if sheet.expires_at is not None:
        parts.append(_("answer by {when}").format(when=moment(sheet.expires_at, now)))
    if sheet.reminded:
        times = ngettext("reminded {count} time", "reminded {count} times", sheet.reminded)
        parts.append(times.format(count=sheet.reminded))
    return " · ".join(parts)


def answer(item: Item) -> str:
    """What the client said, in quotation marks; why something goes out without a yes; "" for nothing."""
    words = clean_line(reason_word(item.answer), limit=600)
    if not words:
        return ""
    if item.state is State.WAIVED:
        return _("Reason: {text}").format(text=words)
    who = clean_line(item.answered_by, limit=80)
    return _("{who}: “{text}”").format(who=who, text=words) if who else _("“{text}”").format(text=words)


def hour(post: Post | None) -> str:
    """When a post is planned first, in its own zone, which is named where it is another clock than one's own."""
    if post is None:
        return _("Deleted")
    timed = [each for each in post.targets if each.wall]
    if not timed:
        return _("No hour yet")
    first = min(timed, key=lambda each: landing(datetime.fromisoformat(each.wall), each.zone)[1])
    shown, at = landing(datetime.fromisoformat(first.wall), first.zone)
    other = at.astimezone(zone_named(first.zone)).utcoffset() != at.astimezone().utcoffset()
    return f"{shown:%d/%m %H:%M}" + (f" {first.zone.rpartition('/')[2].replace('_', ' ')}" if other else "")


def first_words(post: Post | None) -> str:
    """The beginning of a post's text."""
    if post is None:
        return ""
    return clean_line(post.text, limit=240) or _("Only pictures")


def banner(standing: Standing) -> tuple[str, str, str] | None:
    """What stands over a post: icon, tone and text; None where there is nothing to say."""
    item = standing.item
    if item is None:
        if not standing.needed:
            return None
        return "hourglass", "info", _("This brand publishes nothing without the client's yes. It was not asked yet.")
    icon, tone = LOOK[item.state.value]
    words = answer(item)
    match item.state:
        case State.ASKED:
            text = _("It waits for the client's answer and does not go out before.")
        case State.CHANGE:
            text = _("The client wants it changed.")
        case State.EXPIRED:
            text = _("The client did not answer in time. It does not go out before there is an answer.")
        case State.OUTDATED:
            text = _("It was edited after the client saw it: ask again, or go back to the words that were shown.")
        case State.WAIVED:
            text = _("It goes out without the client's yes.")
        case State.APPROVED if standing.stale:
            tone, icon = "warning", "triangle-alert"
            text = _("What is scheduled is not what the client approved. Schedule it again.")
        case State.APPROVED:
            text = _("The client approved exactly this.")
        case _:
            return None
    return icon, tone, f"{text} {words}".strip()
