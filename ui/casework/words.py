"""What the screens say of a case: states, outcomes, kinds, money, what comes next and why it cannot be closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QLocale

from cmdesk.care.case_words import blocker, hint, outcome_word, state_word
from cmdesk.care.protocol import next_steps, text_of
from cmdesk.care.values import Case, CaseFile, CaseState, Outcome, PublicClose
from cmdesk.i18n import N_, _, language, ngettext
from cmdesk.safe_text import clean_line, safe_name
from ui.models.cases import CaseView
from ui.widgets.times import moment, span

STATES: dict[CaseState, tuple[str, str]] = {
    CaseState.OPEN: ("clipboard-list", "accent"),
    CaseState.CLIENT: ("hourglass", "info"),
    CaseState.SOLVED: ("circle-check", "positive"),
    CaseState.CLOSED: ("archive", "neutral"),
}
"""Icon and tone of each state."""

OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.SATISFIED: ("smile", "positive", N_("The solution was accepted.")),
    Outcome.WON_BACK: ("handshake", "positive", N_("Was about to leave, and stays.")),
    Outcome.ADVOCATE: ("megaphone", "positive", N_("Speaks well of the brand now; noted on the person's card.")),
    Outcome.HEARD: ("ear", "neutral", N_("There was nothing left to solve; the person was listened to.")),
    Outcome.NOT_VALID: ("scale", "neutral", N_("It was told calmly that it is not so this time.")),
    Outcome.LOST: ("frown", "negative", N_("Not satisfied, or gone.")),
}
"""Icon, tone and explanation of each ending (Q4, Q5, Q19, Q20)."""

COMPENSATIONS: dict[str, str] = {
    "voucher": "tag",
    "discount": "tags",
    "gift": "gift",
    "refund": "undo-2",
    "guarantee": "shield-check",
    "other": "sparkles",
}
"""Icon of what is given (Q8)."""

SATISFACTION = (
    N_("Very unhappy"), N_("Unhappy"), N_("Neither"), N_("Happy"), N_("Very happy"),
)  # fmt: skip
"""1 to 5."""

_SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next in a case and until when; `kind` is promise, client, close_public, follow_up, solve or ''."""

    kind: str
    text: str
    at: datetime | None
    icon: str
    tone: str


def ending(case: Case) -> tuple[str, str, str]:
    """A case's state as text, icon and tone; a closed one by how it ended."""
    icon, tone = STATES[case.state]
    if case.state is CaseState.CLOSED and case.outcome in set(Outcome):
        icon, tone, _note = OUTCOMES[Outcome(case.outcome)]
        return outcome_word(case.outcome), icon, tone
    return state_word(case.state), icon, tone


def number(case: Case) -> str:
    """A case's number as people say it."""
    return _("Case {number}").format(number=case.number)


def what(case: Case) -> str:
    """The shortest name of what it is about: title, else cause, else its number."""
    return clean_line(case.title, limit=160) or clean_line(case.cause, limit=80) or number(case)


def person(file: CaseFile) -> str:
    """Who complained."""
    handle = clean_line(file.handle, limit=200).removeprefix("@")
    return safe_name(file.person) or (safe_name(f"@{handle}") if handle else "") or _("Somebody")


def money(cents: int, currency: str) -> str:
    """An amount as the language writes it; whole amounts without decimals."""
    locale = QLocale(language())
    symbol = {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency, currency)
    return locale.toCurrencyString(cents / 100, symbol, 0 if cents % 100 == 0 else 2)


def left(at: datetime, now: datetime) -> tuple[str, str]:
    """How long until a time and its tone: red when over, amber in the last hours."""
    length = at - now
    if length.total_seconds() <= 0:
        return _("{time} late").format(time=span(length)), "negative"
    return _("{time} left").format(time=span(length)), "warning" if length <= _SOON else "neutral"


def due(at: datetime, now: datetime) -> tuple[str, str]:
    """A time with what is left: "tomorrow 10:00 · 18 h left", and its tone."""
    text, tone = left(at, now)
    return f"{moment(at, now)} · {text}", tone


def next_thing(file: CaseFile, now: datetime) -> Next:
    """What has to be done next: an open promise, the client's answer, the public comment, the follow-up, a solution."""
    case = file.case
    if case.state is CaseState.CLOSED:
        return Next("", _("Closed {when}").format(when=moment(case.closed_at, now)) if case.closed_at else "", None,
                    "archive", "neutral")  # fmt: skip
    promises = sorted(file.open_promises, key=lambda each: each.due_at)
    if promises:
        first = promises[0]
        text = _("Promise: {text}").format(text=clean_line(first.text, limit=120))
        return Next("promise", text, first.due_at, "handshake", left(first.due_at, now)[1])
    waiting = [each for each in file.referrals if each.answered_at is None]
    if case.state is CaseState.CLIENT and waiting:
        latest = waiting[-1]
        who = clean_line(latest.who, limit=60) or _("the client")
        at = latest.due_at
        return Next("client", _("Answer of {who}").format(who=who), at, "hourglass", left(at, now)[1] if at else "info")
    if case.public_close is PublicClose.WANTED:
        return Next("close_public", _("Show the solution in public"), None, "globe", "info")
    if case.state is CaseState.SOLVED and case.follow_up_at is not None and case.followed_up_at is None:
        at = case.follow_up_at
        tone = "warning" if at <= now else "neutral"
        return Next("follow_up", _("Ask how it is going"), at, "message-circle", tone)
    if case.state is CaseState.SOLVED:
        return Next("close", _("Close it"), None, "archive", "neutral")
    at = case.solve_due_at
    return Next("solve", _("Find a solution"), at, "lightbulb", left(at, now)[1] if at else "neutral")


def in_language(texts: Mapping[str, str]) -> str:
    """A text of a protocol in the language of the window."""
    return text_of(texts, language())


def question(view: CaseView, key: str, speaking: str = "") -> str:
    """What is asked for, in a language (the window's by default); a key of nobody's as it was written."""
    texts = next((each.texts for each in view.care.questions if each.key == key), None)
    return clean_line(text_of(texts, speaking or language()) if texts else key, limit=160)


def advice(file: CaseFile, now: datetime) -> str:
    """What there is to do first, in a sentence; "" for nothing."""
    steps = next_steps(file, now=now)
    return hint(steps[0]) if steps else ""


def forbids_closing(file: CaseFile) -> str:
    """Why the case cannot be closed, in a sentence; "" when it can (N6)."""
    promises = file.open_promises
    if promises:
        first = min(promises, key=lambda each: each.due_at)
        text = ngettext(
            "A promise is open: “{text}”. Keep it or withdraw it before closing.",
            "{count} promises are open, the first one: “{text}”. Keep or withdraw them before closing.",
            len(promises),
        )
        return text.format(count=len(promises), text=clean_line(first.text, limit=100))
    if any(each.answered_at is None for each in file.referrals):
        return _("{reason}. Note the answer before closing.").format(reason=blocker("referral_open"))
    return ""


def total(file: CaseFile) -> str:
    """What the client has paid for this case, "" for nothing."""
    sums: dict[str, int] = {}
    for each in file.compensations:
        sums[each.currency] = sums.get(each.currency, 0) + each.cost_cents
    return " + ".join(money(cents, currency) for currency, cents in sums.items())
