"""What happened to a case as one line each: the grey lines of the thread and the timeline of the case's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cmdesk.care.case_words import compensation_word, outcome_word
from cmdesk.clock import from_ms
from cmdesk.i18n import _
from cmdesk.model import ThreadEvent
from cmdesk.safe_text import clean_line
from ui.casework import words
from ui.widgets.times import moment

_LONGEST = 240


def line_of(event: ThreadEvent, now: datetime) -> tuple[str, str] | None:
    """Icon and sentence of what happened to a case; None for what is none of its lines, or says nothing to a person."""
    found = _LINES.get(event.kind)
    if found is None:
        return None
    icon, tell = found
    text = tell(_Event(event, now))
    return (icon, text) if text else None


def is_of_case(event: ThreadEvent) -> bool:
    """Whether `line_of` knows such a thing; a ticked step is one, and not worth a line."""
    return event.kind in _LINES or event.kind == "case_step"


class _Event:
    """An event with its detail ready to be told."""

    def __init__(self, event: ThreadEvent, now: datetime) -> None:
        self._detail: Mapping[str, str] = event.detail
        self.text = clean_line(event.text, limit=_LONGEST)
        self._now = now

    def get(self, key: str) -> str:
        return clean_line(str(self._detail.get(key, "")), limit=_LONGEST)

    def when(self, key: str) -> str:
        stamp = str(self._detail.get(key, ""))
        return moment(from_ms(int(stamp)), self._now) if stamp.lstrip("-").isdigit() else ""


def _opened(event: _Event) -> str:
    if event.get("anticipated"):
        return _("Case {number} opened before anybody complained").format(number=event.get("number"))
    return _("Case {number} opened").format(number=event.get("number"))


def _changed(event: _Event) -> str:
    value = event.text
    match event.get("field"):
        case "cause":
            return _("Cause: {cause}").format(cause=value) if value else _("Cause taken away")
        case "valid":
            return {"True": _("Complaint valid"), "False": _("Complaint not valid")}.get(
                value, _("Validity open again")
            )
        case "solvable":
            told = {"True": _("It can be solved"), "False": _("It can only be heard")}
            return told.get(value, _("Whether it can be solved is open again"))
        case "decision":
            told = {"alone": _("Decided without the client"), "client": _("The client decides")}
            return told.get(value, _("Who decides is open again"))
        case "outcome":
            return outcome_word(value)
    return ""


def _promise(event: _Event) -> str:
    when = event.when("due")
    return _("Promised until {when}: {text}").format(when=when, text=event.text)


def _moved(event: _Event) -> str:
    return _("Promise moved to {when}: {text}").format(when=event.when("due"), text=event.text)


def _given(event: _Event) -> str:
    what = event.text or compensation_word(event.get("kind"))
    cents = event.get("cents")
    if cents.isdigit() and int(cents):
        return _("Given: {what}, {cost}").format(what=what, cost=words.money(int(cents), event.get("currency")))
    return _("Given: {what}").format(what=what)


def _referred(event: _Event) -> str:
    who, when = event.get("who"), event.when("due")
    if when:
        return _("Referred to {who}, answer wanted by {when}").format(who=who, when=when)
    return _("Referred to {who}").format(who=who)


def _solved(event: _Event) -> str:
    return _("Solved: {text}").format(text=event.text) if event.text else _("Solved")


def _followed(event: _Event) -> str:
    mark = event.get("satisfaction")
    told = _(words.SATISFACTION[int(mark) - 1]) if mark.isdigit() and 1 <= int(mark) <= 5 else ""
    said = " · ".join(part for part in (told, event.text) if part)
    return _("Followed up: {text}").format(text=said) if said else _("Followed up")


def _public(event: _Event) -> str:
    told = {
        "wanted": _("A closing comment in public is wanted"),
        "done": _("Closed in public: others see the solution"),
        "not_needed": _("No closing comment in public"),
    }
    return told.get(event.get("value"), "")


def _call(event: _Event) -> str:
    text = _("Phone call, we called: {text}") if event.get("direction") == "out" else _("Phone call: {text}")
    return text.format(text=event.text)


_LINES: dict[str, tuple[str, Callable[[_Event], str]]] = {
    "case_opened": ("clipboard-list", _opened),
    "case_changed": ("pencil", _changed),
    "promise": ("handshake", _promise),
    "promise_kept": ("check", lambda event: _("Promise kept: {text}").format(text=event.text)),
    "promise_moved": ("handshake", _moved),
    "promise_withdrawn": ("x", lambda event: _("Promise withdrawn: {text}").format(text=event.text)),
    "promise_due": ("clock-alert", lambda event: _("Promise due: {text}").format(text=event.text)),
    "compensated": ("gift", _given),
    "referred": ("forward", _referred),
    "reminded": ("alarm-clock", lambda event: _("{who} reminded").format(who=event.get("who"))),
    "referral_due": ("clock-alert", lambda event: _("Answer of {who} is due").format(who=event.get("who"))),
    "client_answered": ("message-square", lambda event: _("{who} answered: {text}").format(
        who=event.get("who"), text=event.text)),
    "case_solved": ("circle-check", _solved),
    "follow_up_due": ("message-circle", lambda _event: _("Time to ask how it is going")),
    "followed_up": ("message-circle", _followed),
    "case_closed": ("archive", lambda event: _("Case closed: {how}").format(how=outcome_word(event.get("outcome")))),
    "case_reopened": ("rotate-ccw", lambda _event: _("Case open again")),
    "moved_private": ("lock", lambda _event: _("Moved to private")),
    "public_close": ("globe", _public),
    "call": ("phone", _call),
    "merged": ("merge", lambda _event: _("Another conversation was merged into this one")),
    "unmerged": ("merge", lambda _event: _("A merged conversation stands alone again")),
    "wish": ("lightbulb", lambda event: _("Noted for the client: {text}").format(text=event.text)),
    "place": ("eye", lambda event: _("Watched place: {name}").format(name=event.get("name") or event.text)),
}  # fmt: skip
"""Kinds as `cmdesk.store.cases` writes them."""
