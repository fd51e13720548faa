"""What the look a day before says (N16): for the list of problems and beside the post."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.preflight import Check

BY_CODE = {
    "preflight_no_permission": (
        N_("A planned post cannot go out: {detail} may not publish"),
        N_("The account is connected without the permission to publish."),
        N_("Reconnect it with that permission."),
    ),
    "preflight_media_gone": (
        N_("A picture of a planned post is gone"),
        N_("Its file is no longer in the media folder."),
        N_("Open the post and add it again."),
    ),
    "preflight_media_refused": (
        N_("The network would refuse a picture or film of a planned post"),
        "",
        N_("Open the post: beside the picture it says what can be done."),
    ),
    "preflight_link_broken": (
        N_("A link of a planned post does not work"),
        N_("It leads nowhere: {detail}"),
        N_("Open the post and mend the link."),
    ),
    "preflight_names_unwanted": (
        N_("A planned post names somebody who does not want to be addressed"),
        N_("{detail} asked this brand to leave them alone after it was scheduled; it stops at its hour."),
        N_("Open the post and take the name out, or say that it is meant so."),
    ),
}

_SHORT = {
    Check.ACCOUNT_RECONNECT: N_("{detail} has to be connected again"),
    Check.ACCOUNT_STOPPED: N_("{detail} was stopped for safety"),
    Check.ACCOUNT_PAUSED: N_("{detail} is paused"),
    Check.ACCOUNT_DISCONNECTED: N_("{detail} is disconnected"),
    Check.NO_PERMISSION: N_("{detail} may not publish"),
    Check.MEDIA_GONE: N_("A picture's file is gone"),
    Check.MEDIA_REFUSED: N_("The network would refuse a picture or film"),
    Check.LINK_BROKEN: N_("A link does not work: {detail}"),
    Check.BRAND_PAUSED: N_("Publishing is paused for this brand"),
    Check.NOT_APPROVED: N_("The client has not said yes"),
    Check.NAMES_UNWANTED: N_("{detail} does not want to be addressed"),
}


def check_text(code: str, detail: str) -> str:
    """Return what was found in one line; "" for a code of another program version."""
    return _(_SHORT[Check(code)]).format(detail=detail) if code in set(Check) else ""
