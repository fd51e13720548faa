"""Finished sentences about service hours: what is wrong with them, and a network that takes no answer any more."""

from __future__ import annotations

from cmdesk.i18n import N_

BY_CODE: dict[str, tuple[str, str, str]] = {
    "hours_weekday": (N_("{detail} is no day of the week"), "", N_("Monday is 0, Sunday 6.")),
    "hours_time": (N_("“{detail}” is not a time of day"), "", N_("Write it like 09:30; a day may end at 24:00.")),
    "hours_line": (
        N_("“{detail}” is no line of hours"),
        "",
        N_("Write days, then stretches: mon-fri 09:00-14:00 17:00-20:00"),
    ),
    "hours_length": (N_("“{detail}” is no length of time"), "", N_("Write it like 4h, 90m or 1h30m.")),
    "hours_season": (
        N_("These are not the two days of a season"),
        "",
        N_("Give its first and its last day, like 07-01 and 08-31, or both with their year."),
    ),
    "hours_overlap": (
        N_("Two stretches of one day overlap"),
        N_("They begin at {detail}."),
        N_("Join them or move one."),
    ),
    "hours_deadline": (N_("A deadline is between 1 minute and 1,440 hours"), "", N_("Change it, or leave it out.")),
    "never_opens": (
        N_("With these hours it never opens again"),
        "",
        N_("Look at the seasons and the days off in the brand's service hours."),
    ),
    "closure_unknown": (N_("There is no day off on {detail}"), "", ""),
    "country_unknown": (
        N_("No country is known by “{detail}”"),
        "",
        N_("Write its two letters, like FR, or choose it from the list."),
    ),
    "region_unknown": (N_("This country has no region {detail}"), "", N_("Choose a region of the list.")),
    "market_unknown": (N_("This brand has no such market"), "", N_("It may have been deleted.")),
    "window_closed": (
        N_("The network takes no answer here any more"),
        N_("It does so for a limited time after the person's last words; that ended at {detail}."),
        N_("Open the conversation at the network, or wait until the person writes again."),
    ),
}
