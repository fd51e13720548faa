"""What approval by the client says: its states, its problems, what cannot be done and why (rank 25)."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.approving import CODE, LATE, STATEMENT

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    CODE: (
        N_("It waits for the client's yes"),
        N_("The client has not approved exactly these words yet."),
        N_("Note the answer, ask again, or publish it without approval."),
    ),
    LATE: (
        N_("Its hour passed and the client has not said yes"),
        N_("Nothing goes out that the client did not approve."),
        N_("Note the answer, or publish it without approval; then it asks for its new hour."),
    ),
    "approval_change": (N_("The client wants it changed"), "", N_("Change it and ask again.")),
    "approval_expired": (
        N_("The client did not answer in time"),
        N_("It stays here until there is an answer."),
        N_("Remind the client, note the answer, or publish it without approval."),
    ),
    "approval_unknown": (N_("There is no such approval sheet: {detail}"), "", N_("See: cmdesk approval list --all")),
    "approval_ambiguous": (
        N_("Several brands have a sheet {detail}"),
        N_("Each brand counts its own sheets."),
        N_("Name the brand with --brand."),
    ),
    "approval_empty": (N_("No post was chosen"), "", N_("Choose the posts the client shall see.")),
    "approval_many": (N_("More than {detail} posts on one sheet"), N_("Nobody reads that many."), N_("Make two.")),
    "approval_brands": (
        N_("These posts belong to several brands"),
        N_("A sheet is for one client; what is another's is not shown to them."),
        N_("Ask for each brand apart."),
    ),
    "approval_past": (N_("The date of the answer has passed"), "", N_("Choose a time to come.")),
    "approval_kind": (N_("Only a planned post is shown to the client"), "", ""),
    "approval_handed_off": (
        N_("The network holds this post already"),
        N_("It would publish it whatever the client says."),
        N_("Take its hour away first, then ask."),
    ),
    "approval_number": (N_("The sheet has no number {detail}"), "", ""),
    "approval_answer": (N_("This is no answer"), "", N_("Say approved or change for each number.")),
    "approval_nothing": (
        N_("No decision was found in the answer"),
        N_("A yes or a change is needed behind a number, or for all of them."),
        N_("Write it like “1 yes, 2 change: shorter”."),
    ),
    "approval_unclear": (
        N_("Some of the answer was not understood: {detail}"),
        N_("A doubtful word never counts as a yes."),
        N_("Note it by hand, or record only what was understood with --partial."),
    ),
    "approval_withdrawn": (
        N_("Number {detail} is no longer asked"),
        N_("It was taken back, or asked again on a newer sheet."),
        N_("Note the answer on the newer sheet."),
    ),
    "approval_answered": (N_("Nothing of sheet {detail} waits for an answer"), "", ""),
    "approval_reason": (
        N_("A reason is needed"),
        N_("It is kept with the post: publishing without the client's yes is your decision."),
        N_("Write why."),
    ),
}

_STATES = {
    "asked": N_("Waiting for the client"),
    "approved": N_("Approved"),
    "change": N_("Change wanted"),
    "expired": N_("Not answered in time"),
    "withdrawn": N_("No longer asked"),
    "outdated": N_("Edited since: ask again"),
    "waived": N_("Goes out without approval"),
}


def state_word(state: str) -> str:
    """Return what a state of an approval is called; "" for none."""
    return _(_STATES[state]) if state in _STATES else ""


def reason_word(reason: str) -> str:
    """Return why something was published without a yes: a person's words, or the program's own reason."""
    return _("The statement was approved with the crisis plan") if reason == STATEMENT else reason
