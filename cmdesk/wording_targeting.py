"""What is said about who sees a post: each account's line, the question before more do, what cannot go out."""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.i18n import N_, _
from cmdesk.planning.targeting import (
    AUDIENCE_CHANGED,
    CIRCLES_AND_COMMUNITY,
    NOT_ALONE,
    OPTED_OUT,
    RULES_UNREAD,
    UNKNOWN,
    WIDER_THAN_CHOSEN,
    Reach,
)

BY_CODE = {
    WIDER_THAN_CHOSEN: (
        N_("More people would see it than you chose"),
        N_("On {detail} it cannot be shown only to those it is for."),
        N_("Choose more people, leave those accounts out, or open it and say that it is meant so."),
    ),
    AUDIENCE_CHANGED: (
        N_("It was scheduled for more people than you have chosen since"),
        N_("What waits goes out as it was scheduled."),
        N_("Publish it all the same, or schedule it again for those chosen now."),
    ),
    CIRCLES_AND_COMMUNITY: (
        N_("It is for a circle, and {detail} is a community"),
        N_("A community is open to all of its members: a circle would not stay among itself."),
        N_("Take the circle away, or leave the community out."),
    ),
    RULES_UNREAD: (
        N_("{detail} has rules that nobody has ticked yet"),
        N_("A community asks those who post in it to respect its rules."),
        N_("Open the post, read the rules and tick them."),
    ),
    UNKNOWN: (
        N_("This person is not known on every network chosen"),
        "{detail}",
        N_("Leave that account out, or add how the person is called there."),
    ),
    OPTED_OUT: (
        N_("This person asked not to be written to"),
        "{detail}",
        N_("Nothing goes to them. If they changed their mind, say so on their card."),
    ),
    "no_direct": (
        N_("That account has no direct messages"),
        "{detail}",
        N_("Leave it out: a post for one person never goes out in public."),
    ),
    NOT_ALONE: (
        N_("It is for one person, and names somebody else"),
        "{detail}",
        N_("That network shows it to everybody it names: take the other @names out, or leave that account out."),
    ),
    "person_no_media": (
        N_("That network takes no pictures in a direct message"),
        "{detail}",
        N_("Take the pictures out, or leave that account out."),
    ),
    "person_of_brand": (
        N_("There is no such person of this brand"), "{detail}", N_("Choose somebody of this brand."),
    ),
    "audience_unknown": (
        N_("There is no {detail} of this brand"), "", N_("Look at `cmdesk market list` and `cmdesk circle list`."),
    ),
    "audience_unreadable": (
        N_("“{detail}” says no audience"), "", N_("Write market:France, circle:Name or person:@handle."),
    ),
    "audience_ambiguous": (
        N_("“{detail}” means several people"), "", N_("Write the whole handle, or their number."),
    ),
    "audience_mixed": (
        N_("One person goes alone"), "", N_("Give either --to person:… or markets and circles."),
    ),
}  # fmt: skip
"""What codes of this area mean, for `cmdesk.wording_codes`."""

SENTENCES = {
    UNKNOWN: N_("{account}: the person it is for is not known on this network."),
    OPTED_OUT: N_("{account}: the person it is for asked not to be written to."),
    "no_direct": N_("{account} has no direct messages: what is for one person cannot go out there."),
    NOT_ALONE: N_("{account} shows a direct message to everybody it names: {said}."),
    "person_no_media": N_("{account} takes no pictures in a direct message."),
    "mention_outside": N_("{said} is in none of the circles it is for, and would see it."),
}
"""What the reviewer says of this area, for `cmdesk.wording_review`."""

_LINES = {
    "native": N_("Only those chosen: this network shows it to nobody else"),
    "direct": N_("A direct message: nobody else sees it"),
    "followers": N_("Only followers of this account"),
    "followers_and_named": N_("Only followers of this account, and those mentioned in it"),
    "mentioned": N_("Only those mentioned in it"),
    "everyone": N_("Everybody"),
    "everyone_always": N_("Everybody"),
    "everyone_quietly": N_("Everybody who comes across it; it is in no public list"),
    "own_market": N_("Everybody; this account speaks to that market"),
    "by_hand": N_("You publish it yourself: choose there who sees it"),
    "no_direct": N_("Does not go out: no direct messages there"),
    UNKNOWN: N_("Does not go out: the person is not known on this network"),
    OPTED_OUT: N_("Does not go out: the person asked not to be written to"),
    NOT_ALONE: N_("Does not go out: it names others, who would see it"),
}
_MORE = {
    "followers": N_("All followers of this account, not only those chosen"),
    "everyone": N_("Everybody, not only those chosen"),
    "everyone_always": N_("Everybody: this network knows nothing narrower"),
    "everyone_quietly": N_("Everybody who comes across it, not only those chosen"),
}
_GATES = {
    "followers": N_("only followers may answer"),
    "following": N_("only those it follows may answer"),
    "mentioned": N_("only those mentioned may answer"),
    "nobody": N_("nobody may answer"),
}


def reach_words(reach: Reach, *, tongue: str = "") -> str:
    """Return who will see it on one account, who may answer, and the name of the language it is marked with."""
    table = _MORE if reach.asks and reach.code in _MORE else _LINES
    told = [_(table.get(reach.code, "everyone"))]
    if reach.gate in _GATES:
        told.append(_(_GATES[reach.gate]))
    if tongue:
        told.append(_("in {language}").format(language=tongue))
    return " · ".join(told)


def wider_question(told: Iterable[tuple[str, Reach]]) -> tuple[str, str]:
    """Return the question before more people see a post than were chosen, and its lines; `told` by account."""
    lines = [f"{name}: {_(_MORE.get(reach.code, _LINES.get(reach.code, '')))}" for name, reach in told]
    return _("More people will see it than you chose"), "\n".join(lines)
