"""What a crisis, an alarm and the evidence vault say: sentences for their codes, for screens, commands and report."""

from __future__ import annotations

from cmdesk.care.crisis import CODE, RECALLED, Decision, Entry, HeldPost
from cmdesk.care.evidence import Deed, Why
from cmdesk.care.values import Alarm, CrisisEntry
from cmdesk.i18n import N_, _, ngettext
from cmdesk.model import DeliveryState
from cmdesk.safe_text import clean_line

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    CODE: (
        N_("A crisis holds this post"),
        N_("Nothing planned goes out until you decide about it."),
        N_("Release, move or drop it on the crisis page."),
    ),
    RECALLED: (N_("Taken back from the network because of a crisis"), "", N_("It waits here for your decision.")),
    "crisis_unknown": (N_("There is no such crisis"), "", ""),
    "crisis_running": (N_("A crisis of this brand lasts already"), "", N_("See: cmdesk crisis status")),
    "crisis_over": (N_("This crisis is over already"), "", N_("Decide about the posts that are still held.")),
    "crisis_none": (N_("No crisis lasts there"), "", ""),
    "crisis_several": (N_("{detail} crises last"), "", N_("Name one with --brand, or --all.")),
    "crisis_closed": (N_("This crisis is closed"), N_("Its log is kept as it is."), ""),
    "crisis_active": (N_("The crisis still lasts"), "", N_("End it first.")),
    "crisis_entry": (N_("Only a line that you wrote can be taken back"), "", ""),
    "crisis_decision": (N_("{detail} is no decision about a held post"), "", ""),
    "not_held": (N_("This post does not wait for a decision"), N_("It changed in the meantime."), ""),
    "held_undecided": (N_("{detail} held posts wait for a decision"), "", N_("Release, move or drop each of them.")),
    "held_elsewhere": (
        N_("This post may be at the network already"),
        "",
        N_("Wait until it was looked for, then decide."),
    ),
    "recalling": (N_("The network is being asked to give it back"), "", N_("Wait for its answer, then decide.")),
    "alarm_unknown": (N_("There is no such alarm"), "", ""),
    "evidence_reason": (N_("A reason is needed"), N_("Nothing is hidden or deleted without one."), N_("Choose one.")),
    "evidence_unknown": (N_("There is no such record"), "", ""),
    "evidence_place": (N_("The evidence cannot be written there: {detail}"), "", N_("Choose another place.")),
    "own_message": (N_("This message is your own"), "", N_("Delete it instead; it is frozen first.")),
}

_WHY = {
    Why.INSULT: N_("Insults"),
    Why.THREAT: N_("Threats"),
    Why.HATE: N_("Hate or discrimination"),
    Why.PRIVATE_DATA: N_("Somebody's private data"),
    Why.FALSE_CLAIM: N_("False claims that do harm"),
    Why.SPAM: N_("Spam or fraud"),
    Why.MISTAKE: N_("Our own mistake"),
    Why.LEGAL: N_("A lawyer or the client asks for it"),
    Why.OTHER: N_("Another reason"),
}

_DEED = {
    Deed.KEPT: N_("Only kept"),
    Deed.HIDDEN: N_("Put away here"),
    Deed.REPORTED: N_("To be reported on the network"),
    Deed.DELETED: N_("Deleted by us"),
}

_DECISION = {
    Decision.NONE: N_("Not decided yet"),
    Decision.RELEASED: N_("Released"),
    Decision.MOVED: N_("Moved"),
    Decision.DROPPED: N_("Back to the drafts"),
    Decision.STATEMENT: N_("The statement"),
}


def why_word(why: str) -> str:
    """Return why something was frozen, in a few words."""
    return _(_WHY[Why(why)]) if why in set(Why) else why


def deed_word(deed: str) -> str:
    """Return what was done after the freezing, in a few words."""
    return _(_DEED[Deed(deed)]) if deed in set(Deed) else deed


def decision_word(post: HeldPost) -> str:
    """Return what became of a held post, in a few words."""
    if post.state in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED):
        return _("Published")
    if post.open and post.at_network:
        return _("The network still has it")
    if post.open and post.state in (DeliveryState.SENDING, DeliveryState.UNCERTAIN):
        return _("Left just before; being checked")
    return _(_DECISION[post.decision])


def entry_words(entry: CrisisEntry) -> str:
    """Return a line of a crisis log as a sentence; what people wrote is shown as they wrote it, on one line."""
    text = clean_line(entry.text, limit=5_000)
    match entry.kind:
        case Entry.STARTED:
            return _("Crisis started: {reason}").format(reason=text) if text else _("Crisis started")
        case Entry.CALLED:
            return _("Called: {who}").format(who=text)
        case Entry.STATEMENT:
            return _("Statement published: {text}").format(text=text)
        case Entry.HELD:
            count = int(text) if text.isdigit() else 0
            return ngettext("{count} post held", "{count} posts held", count).format(count=count)
        case Entry.LEFT:
            return _("Left just before the crisis: {text}").format(text=text)
        case Entry.RECALLING:
            return _("The network is asked to give back: {text}").format(text=text)
        case Entry.RECALLED:
            return _("Taken back from the network: {text}").format(text=text)
        case Entry.NOT_RECALLED:
            return _("Could not be taken back from the network: {text}").format(text=text)
        case Entry.RELEASED:
            return _("Released: {text}").format(text=text)
        case Entry.MOVED:
            return _("Moved to another hour: {text}").format(text=text)
        case Entry.DROPPED:
            return _("Back to the drafts: {text}").format(text=text)
        case Entry.ALARM:
            return _alarm_line(text)
        case Entry.OVER:
            return _("Crisis over")
        case Entry.CLOSED:
            return _("Closed: every held post is decided")
        case _:
            return text


def alarm_words(alarm: Alarm) -> str:
    """Return an alarm with its reason: "9 negative in 40 min, usually 1-2; common word: factura"."""
    if alarm.kind == "reach":
        return _("A negative message by somebody with {followers} followers").format(followers=f"{alarm.reach:,d}")
    if alarm.kind == "negative":
        told = ngettext("{count} negative in {minutes} min", "{count} negative in {minutes} min", alarm.count)
    else:
        told = ngettext("{count} message in {minutes} min", "{count} messages in {minutes} min", alarm.count)
    words = [told.format(count=alarm.count, minutes=alarm.minutes), _usually(alarm.usual)]
    line = ", ".join(word for word in words if word)
    if alarm.word:
        line += "; " + _("common word: {word}").format(word=clean_line(alarm.word, limit=40))
    return line


def _usually(usual: tuple[float, float]) -> str:
    low, high = round(usual[0]), round(usual[1])
    if high <= 0:
        return _("usually none")
    return _("usually {low}").format(low=low) if low == high else _("usually {low}-{high}").format(low=low, high=high)


def _alarm_line(text: str) -> str:
    """Return the alarm that a log line keeps as "kind count minutes word"."""
    parts = text.split(" ", 3)
    if len(parts) < 3 or not (parts[1].isdigit() and parts[2].isdigit()):
        return _("Alarm")
    count, minutes = int(parts[1]), int(parts[2])
    if parts[0] == "reach":
        return _("Alarm: a negative message with a large reach")
    told = (
        ngettext("Alarm: {count} negative in {minutes} min", "Alarm: {count} negative in {minutes} min", count)
        if parts[0] == "negative"
        else ngettext("Alarm: {count} message in {minutes} min", "Alarm: {count} messages in {minutes} min", count)
    )
    line = told.format(count=count, minutes=minutes)
    return f"{line}; " + _("common word: {word}").format(word=parts[3]) if len(parts) > 3 else line
