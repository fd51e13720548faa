"""The words of cases in the language in force: states, outcomes, compensations, hints; for screens and sheets."""

from __future__ import annotations

from collections.abc import Mapping

from cmdesk.i18n import N_, _, pgettext

OUTCOMES: Mapping[str, str] = {
    "won_back": N_("Won back"),
    "advocate": N_("Won back, and speaks for the brand"),
    "satisfied": N_("Satisfied"),
    "heard": N_("Heard; it could no longer be solved"),
    "lost": N_("Lost"),
    "not_valid": N_("Not valid this time; explained"),
}
COMPENSATION_KINDS: Mapping[str, str] = {
    "voucher": N_("Voucher"),
    "discount": N_("Discount"),
    "gift": N_("Gift"),
    "refund": N_("Refund"),
    "guarantee": N_("Longer guarantee"),
    "other": N_("Something else"),
}
HINTS: Mapping[str, str] = {
    "keep_promise": N_("A promise is due: keep it, or say why it takes longer"),
    "remind_client": N_("Remind the client"),
    "close_in_public": N_("Close it in public, so that others see the solution"),
    "follow_up": N_("Ask how it is going"),
    "close": N_("Close the case with its outcome"),
    "judge": N_("Decide whether the complaint is valid"),
    "explain_calmly": N_("Explain calmly why it is not so this time, and thank them"),
    "close_not_valid": N_("Close it as not valid"),
    "listen_only": N_("It can no longer be solved: listen, apologise, and say what changes because of it"),
    "close_heard": N_("Close it as heard"),
    "ask_information": N_("Ask for what is missing, all at once"),
    "keep_person_told": N_("Keep the person told while the client answers"),
    "say_when": N_("Say by when they will hear from us"),
    "solve": N_("Write down the solution"),
}
BLOCKERS: Mapping[str, str] = {
    "promise_open": N_("A promise is still open"),
    "referral_open": N_("The client has not answered yet"),
    "outcome_missing": N_("How it ended is missing"),
    "not_solved": N_("It is attended, but not solved"),
}


def state_word(state: str) -> str:
    """Return where a case stands."""
    words = {
        "open": pgettext("case state", "Open"),
        "client": pgettext("case state", "Waiting for the client"),
        "solved": pgettext("case state", "Solved"),
        "closed": pgettext("case state", "Closed"),
    }
    return words[state]


def outcome_word(outcome: str) -> str:
    """Return how a case ended, '' while it has not."""
    return _(OUTCOMES[outcome]) if outcome in OUTCOMES else ""


def compensation_word(kind: str) -> str:
    """Return a kind of compensation; one that is not known, as it is."""
    return _(COMPENSATION_KINDS[kind]) if kind in COMPENSATION_KINDS else kind


def hint(code: str) -> str:
    """Return what there is to do for a code of `protocol.next_steps`."""
    return _(HINTS[code])


def blocker(code: str) -> str:
    """Return why a case cannot be closed for a code of `protocol.blockers`."""
    return _(BLOCKERS[code])


def money(cents: int, currency: str) -> str:
    """Return a sum as the language in force writes it: "12,50 EUR", "12.50 EUR"."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole}{pgettext('decimal sign', '.')}{rest:02d} {currency}"
