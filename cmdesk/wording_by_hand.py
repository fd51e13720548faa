"""What publishing by hand says (N26): what cannot be, and why; and what networks are called."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.by_hand import NETWORK

BY_CODE = {
    "needs_network": (
        N_("It is not said what to connect"),
        "",
        N_("Give --network and --server, or --by-hand with the name of a place."),
    ),
    "place_name": (N_("The place needs a short name"), "", N_("For example: WhatsApp Status.")),
    "place_exists": (N_("There is already a place called {detail}"), "", N_("Choose another name.")),
    "not_by_hand": (
        N_("This is not published by hand"),
        N_("It belongs to a network that CM Desk publishes on itself, or it is out already."),
        "",
    ),
}


def network_name(network: str) -> str:
    """Return a network's name as people know it; "By hand" for a place without an interface."""
    return _("By hand") if network == NETWORK else network.capitalize()


def account_name(network: str, handle: str) -> str:
    """Return how an account is written: "@handle", a place by its plain name."""
    return handle if network == NETWORK else f"@{handle.removeprefix('@')}"
