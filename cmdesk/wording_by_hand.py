"""What publishing by hand says (N26): what cannot be, and why."""

from __future__ import annotations

from cmdesk.i18n import N_

BY_CODE = {
    "place_name": (N_("The place needs a short name"), "", N_("For example: WhatsApp Status.")),
    "place_exists": (N_("There is already a place called {detail}"), "", N_("Choose another name.")),
    "not_by_hand": (
        N_("This is not published by hand"),
        N_("It belongs to a network that CM Desk publishes on itself, or it is out already."),
        "",
    ),
}
