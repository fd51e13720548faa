"""What the codes of campaigns, notes on days and the plan as a whole mean, for `cmdesk.wording_codes`."""

from __future__ import annotations

from cmdesk.i18n import N_

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    "campaign_unknown": (
        N_("The campaign is not there any more"), N_("It was deleted meanwhile."), N_("Choose another one."),
    ),
    "note_unknown": (N_("The note is not there any more"), N_("It was deleted meanwhile."), ""),
    "text_too_long": (
        N_("The note is too long"), N_("It has {detail} characters; 500 fit a day."), N_("Shorten it."),
    ),
    "day_unreadable": (N_("“{detail}” is not a day"), "", N_("Write it as 2026-03-31.")),
    "days_reversed": (N_("It ends before it starts"), "", N_("Choose a later last day.")),
    "range_too_long": (N_("These are too many days for one plan"), N_("At most two years fit."), N_("Choose fewer.")),
    "nothing_moves": (
        N_("None of these posts can be moved so"),
        N_("They are out, or their new hours have passed."),
        N_("Choose another day."),
    ),
    "nothing_to_schedule": (
        N_("None of these posts has an hour to be scheduled for"), "", N_("Drag them onto the calendar first."),
    ),
    "plan_format": (
        N_("It is not said as what the plan is to be written"), "", N_("Use --format ics, csv, json or pdf."),
    ),
}  # fmt: skip
