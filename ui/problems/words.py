"""What a problem says: what happened, why, what to do, and the buttons that do it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from cmdesk.i18n import N_, _
from cmdesk.model import Problem
from cmdesk.planning.approving import LATE
from cmdesk.planning.targeting import ASKS
from cmdesk.planning.waking import PAUSED_MEANWHILE
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain_code, explain_reason
from cmdesk.wording_waking import late_words


@dataclass(frozen=True, slots=True)
class Kind:
    """How a sort of problem is told; texts are untranslated, `{detail}` is what the network said."""

    icon: str
    tone: str
    what: str
    why: str
    todo: str
    buttons: tuple[str, ...]
    group: str  # "decide", "failed", "account", "told"


BUTTONS = {
    "publish": N_("Publish now"),
    "draft": N_("Back to drafts"),
    "discard": N_("Do not publish"),
    "there": N_("It is there"),
    "again": N_("It is not there: send it"),
    "look": N_("Look again"),
    "profile": N_("Open the profile"),
    "edit": N_("Edit"),
    "retry": N_("Try again"),
    "dismiss": N_("Put away"),
    "reconnect": N_("Reconnect"),
    "probe": N_("Try now"),
    "remove_twin": N_("Delete the second copy"),
    "keep_twin": N_("Keep both"),
    "open": N_("Open it"),
    "copy": N_("Copy details"),
    "take_over": N_("Publish from this computer"),
    "sheet": N_("Show the sheet"),
    "ask_again": N_("Ask again…"),
    "waive": N_("Publish without approval…"),
    "hour": N_("Another hour…"),
    "by_hand": N_("Publish by hand…"),
    "go": N_("Try now"),
    "mend": N_("Open the post"),
}

_HELD = ("publish", "hour", "draft", "discard")

_DELIVERY = {
    "held_late": Kind(
        "clock-alert", "warning", N_("Its hour passed while nothing could be sent"),
        N_("The computer was off, asleep or offline. Nothing goes out late without your yes."),
        N_("Publish it now, give it another hour, or leave it."), _HELD, "decide",
    ),
    "held_clock": Kind(
        "alarm-clock", "warning", N_("The computer's clock jumped"),
        N_("It is not certain that now is really now, so nothing timed is sent."),
        N_("Check the date and time of this computer, then publish or reschedule."), _HELD, "decide",
    ),
    "held_restored": Kind(
        "history", "warning", N_("It comes from a restored backup"),
        N_("It may have gone out after the backup was made. The network is being asked first."),
        N_("If it is not on the profile you can publish it."), ("look", *_HELD), "decide",
    ),
    "review": Kind(
        "circle-question-mark", "warning", N_("Nobody can say whether it went out"),
        N_("The connection broke in the middle of sending, and the network does not tell."),
        N_("Look at the profile. It is never sent twice by itself."),
        ("profile", "there", "again", "discard"), "decide",
    ),
    "uncertain": Kind(
        "circle-dashed", "info", N_("Checking whether it went out"),
        N_("The connection broke between sending and the answer. It is being read back."),
        N_("Nothing to do: it settles by itself, or comes here with a question."), ("look",), "told",
    ),
    "manual": Kind(
        "hand", "warning", N_("Time to publish it by hand"),
        N_("This place has no interface for programs: the text is prepared, and you publish it there."),
        N_("Copy it, publish it, and say that it is done."), ("by_hand", "hour", "draft", "discard"), "decide",
    ),
    "rejected": Kind(
        "circle-x", "negative", N_("The network refused it"), N_("It says: {detail}"),
        N_("Change it and send it again, or put it away."), ("edit", "retry", "dismiss"), "failed",
    ),
    "blocked_auth": Kind(
        "key-round", "warning", N_("It waits until the account is connected again"),
        N_("The network no longer accepts this account's access."),
        N_("Reconnect the account. It goes out then, or asks you when its hour has passed."),
        ("reconnect", "draft", "discard"), "account",
    ),
    "twin": Kind(
        "copy", "negative", N_("It is on the network twice"),
        N_("After a broken connection a second copy appeared there."),
        N_("Delete the younger copy, or keep both."), ("open", "remove_twin", "keep_twin"), "decide",
    ),
}  # fmt: skip

_LATE_APPROVAL = Kind(
    "hourglass", "warning", N_("Its hour passed and the client has not said yes"),
    N_("Nothing goes out that the client did not approve."),
    N_("Note the answer on the sheet, or publish it without approval; then give it its hour."),
    ("sheet", "waive", "draft", "discard"), "decide",
)  # fmt: skip

_PAUSED = Kind(
    "circle-pause", "warning", N_("Its hour came while publishing was paused"),
    N_("What piled up during a pause never goes out in a burst."),
    N_("Publish it now, give it another hour, or leave it."), _HELD, "decide",
)  # fmt: skip

_FOR_MORE = Kind(
    "globe", "warning", N_("More people would see it than you chose"),
    N_("It was scheduled for others than you have chosen since, or its yes is for others."),
    N_("Publish it all the same, or open it and schedule it again."), _HELD, "decide",
)  # fmt: skip

_OVERDUE = Kind(
    "clock-alert", "negative", N_("It should be out and is not: {late}"), N_("{reason}"),
    N_("It is tried again by itself. Look at the connection and the account, or try it now."),
    ("go", "edit", "discard"), "failed",
)  # fmt: skip

_ACCOUNT = {
    "reconnect": Kind(
        "plug-zap", "warning", N_("{name} has to be connected again"),
        N_("The permission was withdrawn, expired, or the password changed."),
        N_("Reconnect it as the same profile. History and everything that waits are kept."),
        ("reconnect",), "account",
    ),
    "stopped": Kind(
        "octagon-alert", "negative", N_("{name} was stopped for safety"), N_("{reason}"),
        N_("Reconnect it as the right profile. Nothing goes out until then."), ("reconnect",), "account",
    ),
    "ok": Kind(
        "cloud-alert", "warning", N_("{name} cannot be read"), N_("{reason}"),
        N_("It is tried again by itself. If it lasts, check the server."), ("probe",), "account",
    ),
}  # fmt: skip

_ACTION = {
    "rejected": Kind(
        "circle-x", "negative", N_("The network refused a like, boost, edit or deletion"), N_("It says: {detail}"),
        N_("Try it again or put it away."), ("retry", "dismiss"), "failed",
    ),
    "blocked_auth": Kind(
        "key-round", "warning", N_("A like, boost, edit or deletion waits for the account"),
        N_("The network no longer accepts this account's access."), N_("Reconnect the account."),
        ("reconnect", "dismiss"), "account",
    ),
}  # fmt: skip

_QUARANTINE = Kind(
    "file-text", "info", N_("A message could not be understood"),
    N_("The network sent something that is not what it promises. Everything else was read."),
    N_("Nothing is lost: the original is kept. Copy it if you report the fault."), ("copy", "dismiss"), "told",
)  # fmt: skip

_DEVICE = Kind(
    "copy", "warning", N_("Nothing is published from this computer"),
    N_("This profile was copied from another computer. If both publish, everything goes out twice."),
    N_("Publish from here only when the other computer no longer runs."), ("take_over",), "decide",
)  # fmt: skip

_APPROVAL = {
    "change": Kind(
        "pencil", "warning", N_("The client wants it changed"), N_("They wrote: {detail}"),
        N_("Change it and ask again. Until then it does not go out."), ("edit", "ask_again", "sheet"), "decide",
    ),
    "expired": Kind(
        "hourglass", "warning", N_("The client did not answer in time"),
        N_("It does not go out before there is an answer."),
        N_("Remind the client, ask again, or publish it without approval."), ("sheet", "ask_again", "waive"), "decide",
    ),
}  # fmt: skip

_PREFLIGHT = Kind("radar", "warning", "", "", "", ("mend",), "failed")

_UNKNOWN = Kind("triangle-alert", "negative", N_("Something needs you"), "", "", ("open",), "failed")


def kind_of(problem: Problem) -> Kind:
    """How this problem is told."""
    match problem.kind:
        case "delivery" if problem.code == LATE:
            return _LATE_APPROVAL
        case "delivery" if problem.code == PAUSED_MEANWHILE and problem.state == "held_late":
            return _PAUSED
        case "delivery" if problem.code in ASKS and problem.state == "held_late":
            return _FOR_MORE
        case "overdue":
            return _OVERDUE
        case "preflight":
            reconnect = problem.code == "preflight_no_permission"
            return replace(_PREFLIGHT, buttons=("reconnect", "mend") if reconnect else ("mend",))
        case "delivery":
            return _DELIVERY.get("twin" if problem.code == "twin" else problem.state, _UNKNOWN)
        case "account":
            return _ACCOUNT.get(problem.state, _UNKNOWN)
        case "action":
            return _ACTION.get(problem.state, _UNKNOWN)
        case "quarantine":
            return _QUARANTINE
        case "device":
            return _DEVICE
        case "approval":
            return _APPROVAL.get(problem.state, _UNKNOWN)
    return _UNKNOWN


def sentences(problem: Problem, late: timedelta | None = None) -> tuple[str, str, str]:
    """What, why and what to do, in the person's language, as plain single lines; `late` by how much."""
    if problem.kind == "preflight":
        found = explain_reason(problem.code, clean_line(problem.detail, limit=300))
        return found.what, found.why, found.todo
    kind = kind_of(problem)
    detail = clean_line(problem.detail, limit=300) or explain_code(problem.code)
    reason = explain_code(problem.code, problem.detail)
    if problem.kind == "overdue" and not problem.code:
        reason = _("Nothing says why.") if problem.state != "sending" else _("The network has not answered yet.")
    name = clean_line(problem.text, limit=80) if problem.kind == "account" else ""
    facts = {"{detail}": detail, "{reason}": reason, "{name}": name, "{late}": late_words(late) if late else ""}

    def fill(text: str) -> str:
        said = _(text) if text else ""
        for field, fact in facts.items():
            said = said.replace(field, fact)
        return said

    return fill(kind.what), fill(kind.why), fill(kind.todo)


def button_text(button: str) -> str:
    """What a button says."""
    return _(BUTTONS[button])
