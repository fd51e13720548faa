"""What publishing says: sentences for its codes, and for each difference between what was written and what is there."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.verifying import GONE

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    "option_unknown": (N_("This network has no such option: {detail}"), "", N_("Choose another in the composer.")),
    "threads_unknown": (
        N_("This network has no threads"),
        "",
        N_("Say it in one post there, or leave the account out."),
    ),
    "hand_off_thread": (
        N_("A thread cannot be left with the network"),
        N_("Its scheduler holds single posts only: a part cannot answer what is not there yet."),
        N_("Let this computer publish it: it has to be on at that hour."),
    ),
    "schedule_full": (
        N_("The network's scheduler is full"),
        N_("It holds only so many posts of an account, in all and for one day."),
        N_("Let this computer publish it, or choose another day."),
    ),
    "asked_back": (
        N_("The network is asked to give back the hour it had before"),
        "",
        N_("It goes on by itself when the network has answered."),
    ),
    "asking_back": (
        N_("The network is asked to give it back"),
        "",
        N_("Until it has answered, it may still go out at its hour."),
    ),
    "nothing_out": (N_("Nothing of this post is out yet"), "", ""),
    "refused_unread": (
        N_("The network refused it, but it may be there"),
        "",
        N_("It is being read back from the network and is not sent twice."),
    ),
    "poll_nowhere": (N_("None of the chosen accounts has polls"), "", N_("Take the poll out, or add an account.")),
    "poll_with_media": (N_("The network takes a poll or pictures, not both"), "", N_("Take one of them out.")),
    "poll_option_empty": (N_("Choice {detail} of the poll is empty"), "", N_("Fill it in, or take it out.")),
    "poll_option_twice": (N_("Two choices of the poll are the same"), "", N_("Change one of them.")),
    "poll_option_too_long": (N_("A choice of the poll is longer than {detail} characters"), "", N_("Shorten it.")),
    "poll_too_few": (N_("A poll needs at least {detail} choices"), "", N_("Add one.")),
    "poll_too_many": (N_("The network takes at most {detail} choices in a poll"), "", N_("Take some out.")),
    "poll_too_short": (N_("The poll ends too soon for the network"), "", N_("Let it last longer.")),
    "poll_too_long": (N_("The poll lasts too long for the network"), "", N_("Let it end sooner.")),
}

_DIFFERENCES = {
    "late": N_("It went out later than its hour"),
    "early": N_("It went out before its hour"),
    "author": N_("It stands in another name"),
    "text": N_("The text differs"),
    "links": N_("A link differs"),
    "spoiler": N_("The content warning differs"),
    "media": N_("The number of pictures differs"),
    "media_kind": N_("A picture became a film, or the other way round"),
    "media_other": N_("A picture or film was replaced"),
    "alt": N_("A picture's description differs"),
    "visibility": N_("The audience differs"),
    "replies": N_("Who may answer differs"),
    "quotes": N_("Who may quote differs"),
    "language": N_("The language differs"),
    "poll": N_("The poll's choices differ"),
    "card": N_("The card under the link differs"),
    "parent": N_("It answers something else"),
    GONE: N_("It is no longer there"),
}


def differences(verified: str) -> list[str]:
    """Return a sentence for each thing that differs between what was written and what the network shows (N4).

    `verified` is a delivery's; nothing for what was found to be the same, or was not looked at yet.
    """
    return [_(_DIFFERENCES[name]) for name in verified.split(",") if name in _DIFFERENCES]


def verified_word(verified: str) -> str:
    """Return in a few words what reading back found."""
    if verified == "ok":
        return _("As written")
    if verified == "person":
        return _("Seen by you")
    if not verified:
        return _("Not read back yet")
    return _("Differs from what was written")
