"""What the codes of cases, promises, referrals, merging and wishes mean: what happened, why, what to do."""

from __future__ import annotations

from cmdesk.i18n import N_

Words = tuple[str, str, str]

_TO_COME = N_("Choose a time to come.")
_WRITE = N_("Write it down.")

BY_CODE: dict[str, Words] = {
    # cases
    "case_unknown": (N_("There is no case {detail}"), "", N_("See: cmdesk case list")),
    "case_ambiguous": (
        N_("Several brands have a case {detail}"),
        N_("Each brand counts its own cases."),
        N_("Name the brand with --brand."),
    ),
    "case_closed": (N_("Case {detail} is closed"), "", N_("Reopen it first.")),
    "case_exists": (
        N_("This conversation has another open case"),
        N_("One conversation has one case at a time."),
        N_("Go on with that one, or close it first."),
    ),
    "case_field": (N_("This cannot be kept with a case: {detail}"), "", ""),
    "brand_needed": (N_("A case belongs to a brand"), "", N_("Choose the brand.")),
    "protocol_unknown": (N_("There is no protocol {detail}"), "", N_("Choose one of the brand's protocols.")),
    "protocol_empty": (N_("A protocol needs a name and at least one step"), "", ""),
    "protocol_twice": (N_("The same step or protocol comes twice"), "", N_("Take one of them away.")),
    "step_unknown": (N_("This protocol has no such step"), N_("It was changed in the meantime."), ""),
    "solution_missing": (
        N_("How it was solved is missing"),
        N_("“We are sorry” alone is no solution."),
        N_("Write what was done for the person."),
    ),
    "follow_up_past": (N_("The follow-up's time has passed"), "", _TO_COME),
    "satisfaction": (N_("Satisfaction is 1 to 5"), "", ""),
    "not_solved": (
        N_("The case is attended, but not solved"),
        N_("It stays open until there is a solution."),
        N_("Write down the solution, or close it as heard, not valid or lost."),
    ),
    "outcome_missing": (N_("How the case ended is missing"), "", N_("Choose the outcome.")),
    "outcome_unknown": (N_("A case cannot end as {detail}"), "", N_("Choose one of the outcomes.")),
    "promise_open": (
        N_("A promise of this case is still open"),
        N_("What was said to a person is kept before the case is closed."),
        N_("Keep it, move it or withdraw it, then close the case."),
    ),
    "referral_open": (
        N_("The client has not answered yet"),
        N_("The case waits for that answer."),
        N_("Paste the answer, or note that none came, then close the case."),
    ),
    "public_close": (N_("This says nothing about a public comment"), "", ""),
    # promises
    "promise_unknown": (N_("There is no such promise"), "", ""),
    "promise_empty": (N_("What is promised is missing"), "", _WRITE),
    "pdf_output": (N_("A PDF goes into a file"), "", N_("Name it with --output FILE.pdf.")),
    "promise_past": (N_("The promise's time has passed"), "", _TO_COME),
    "promise_of_nothing": (N_("A promise is made to somebody"), "", N_("Choose a conversation or a case.")),
    "promise_over": (N_("The promise was kept or withdrawn"), "", ""),
    # what is given
    "compensation_kind": (N_("There is no compensation called {detail}"), "", N_("Choose a compensation of the list.")),
    "compensation_cost": (N_("This cannot be a cost"), "", N_("Write what it costs the client, or 0.")),
    "currency_unknown": (N_("{detail} is not a currency"), "", N_("Write it like EUR.")),
    "beyond_authority": (
        N_("This is more than you may decide alone"),
        N_("The brand lets you give up to {detail} per case, of the kinds agreed."),
        N_("Refer the case to the client, and note that the client decided."),
    ),
    "authority_ceiling": (N_("A ceiling is nothing or more"), "", ""),
    # asking the client
    "referral_unknown": (N_("There is no such referral"), "", ""),
    "referral_over": (N_("The client has answered this already"), "", ""),
    "refer_who": (N_("Who is asked is missing"), "", N_("Write a name.")),
    "refer_what": (N_("What is asked is missing"), "", N_("Write the question.")),
    "refer_past": (N_("That time has passed"), "", _TO_COME),
    "answer_empty": (N_("The answer is empty"), "", N_("Paste what the client answered.")),
    # private and back
    "no_private": (
        N_("This account has no private messages"),
        N_("The network or its access does not offer them: {detail}."),
        N_("Ask for a phone number or an address instead."),
    ),
    "already_private": (N_("This conversation is private already"), "", ""),
    # merging
    "merge_same": (N_("A conversation cannot be part of itself"), "", N_("Choose another.")),
    "merged_already": (N_("This conversation is part of another already"), "", N_("Take it out there first.")),
    "not_merged": (N_("This conversation is not part of another"), "", ""),
    # calls
    "call_empty": (N_("What was said is missing"), "", _WRITE),
    "call_direction": (N_("A call comes in or goes out"), "", ""),
    "call_time": (N_("This call is still to come"), "", N_("Write when it was.")),
    # taking back
    "in_use": (
        N_("It cannot be taken back any more"),
        N_("Something was added to it since."),
        N_("Take that back first."),
    ),
    "row_gone": (N_("It is no longer there"), N_("It was deleted in the meantime."), ""),
    # wishes and places
    "wish_unknown": (N_("There is no such wish"), "", ""),
    "wish_kind": (N_("There is no kind of wish called {detail}"), "", N_("Choose taste, idea, wish or praise.")),
    "wish_empty": (N_("What the person said is missing"), "", _WRITE),
    "place_unknown": (N_("There is no such place"), "", ""),
    "watch_name": (N_("A place needs a name"), "", ""),
    "place_url": (N_("This is not a page's address"), "", N_("Begin it with https:// and copy it from the browser.")),
}
