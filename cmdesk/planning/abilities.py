"""What an account's network can publish beside words and pictures: polls, cards, films, who may answer and quote.

Read from the account's stored capabilities; what was never probed falls back to what the network publishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.model import Poll
from cmdesk.planning.cards import NO_CARD
from cmdesk.planning.media_rules import LEFT_OUT

SENSITIVE = "sensitive"  # the pictures are hidden behind a warning
REPLIES = "replies"  # who may answer: one of `Abilities.gates`
QUOTES = "quotes"  # who may quote: one of `Abilities.quote_policies`
# Sealed only: to whom the network itself narrows it, and the remote id of the one person it goes to.
AUDIENCE, PERSON = "audience", "person"

# Where the upload of a card's picture stands among those of a delivery, behind all pictures.
CARD_PLACE = 99


@dataclass(frozen=True, slots=True)
class Abilities:
    """What one account's network takes; `gates` and `quote_policies` begin with what holds when nothing is said."""

    threads: bool = True
    polls: bool = False
    cards: bool = False
    video: bool = False
    schedule: bool = False
    direct: bool = False
    direct_media: bool = False  # pictures in a direct message
    targeting: tuple[str, ...] = ()  # whom the network itself shows a post to: market, circle
    gates: tuple[str, ...] = ()
    quote_policies: tuple[str, ...] = ()
    poll_options: int = 4
    poll_option_characters: int = 50
    poll_min_s: int = 300
    poll_max_s: int = 2_629_746


# Where nothing was ever probed: what the networks' own documents say (apis: Mastodon, Bluesky).
_USUAL: Mapping[str, Mapping[str, Any]] = {
    "mastodon": {"polls": True, "video": True, "direct_media": True},
    "bluesky": {
        "cards": True,
        "video": True,
        "gates": ("everybody", "followers", "following", "mentioned", "nobody"),
        "quote_policies": ("public", "nobody"),
    },
}


def abilities(network: str, capabilities: Mapping[str, Any]) -> Abilities:
    """Read an account's stored capabilities."""
    usual = _USUAL.get(network, {})
    told = capabilities.get("limits")
    limits: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    least = Abilities()

    def flag(name: str, *, otherwise: bool = False) -> bool:
        return bool(capabilities.get(name, usual.get(name, otherwise)))

    def names(name: str) -> tuple[str, ...]:
        return tuple(str(each) for each in capabilities.get(name, usual.get(name)) or ())

    return Abilities(
        threads=flag("threads", otherwise=True),
        polls=flag("polls"),
        cards=flag("cards"),
        video=flag("video"),
        schedule=flag("schedule"),
        direct=flag("direct"),
        direct_media=flag("direct_media"),
        targeting=names("targeting"),
        gates=names("gates"),
        quote_policies=names("quote_policies"),
        poll_options=int(limits.get("poll_options") or least.poll_options),
        poll_option_characters=int(limits.get("poll_option_characters") or least.poll_option_characters),
        poll_min_s=int(limits.get("poll_min_s") or least.poll_min_s),
        poll_max_s=int(limits.get("poll_max_s") or least.poll_max_s),
    )


def check_poll(poll: Poll, able: Abilities, *, media: int) -> None:
    """Raise Invalid for a poll that the network would refuse; the code says why (`poll_…`)."""
    told = poll_troubles(poll, able, media=media)
    if told:
        code, detail = told[0]
        raise Invalid(f"the poll cannot go out: {code}", code=code, detail=detail)


def poll_troubles(poll: Poll, able: Abilities, *, media: int = 0) -> list[tuple[str, str]]:
    """Return everything that stands in a poll's way there, as (code, detail)."""
    options = [" ".join(option.split()) for option in poll.options]
    found: list[tuple[str, str]] = []
    if media:
        found.append(("poll_with_media", str(media)))
    if any(not option for option in options):
        found.append(("poll_option_empty", str(1 + options.index(""))))
    if len(options) < 2:
        found.append(("poll_too_few", "2"))
    if len(options) > able.poll_options:
        found.append(("poll_too_many", str(able.poll_options)))
    written = [option.casefold() for option in options if option]
    if len(set(written)) < len(written):
        found.append(("poll_option_twice", ""))
    if any(len(option) > able.poll_option_characters for option in options):
        found.append(("poll_option_too_long", str(able.poll_option_characters)))
    if poll.lasts_s < able.poll_min_s:
        found.append(("poll_too_short", str(able.poll_min_s)))
    if poll.lasts_s > able.poll_max_s:
        found.append(("poll_too_long", str(able.poll_max_s)))
    return found


def checked_options(options: Mapping[str, object], able: Abilities) -> dict[str, object]:
    """Return a network's own options as they are sealed; what holds anyway is left out.

    Raises Invalid (`option_unknown`, the option in `detail`) for what this network does not know.
    """
    sealed: dict[str, object] = {}
    for name, value in sorted(options.items()):
        if name in (LEFT_OUT, NO_CARD):  # what is left out of a network is no option of it
            continue
        known: Sequence[object] = {
            REPLIES: able.gates,
            QUOTES: able.quote_policies,
            SENSITIVE: (False, True),
        }.get(name, ())
        if value in ("", None):
            continue
        if value not in known:
            raise Invalid(f"this network has no {name}={value}", code="option_unknown", detail=f"{name}={value}")
        if value != known[0]:
            sealed[name] = value
    return sealed


def card_picture(options: Mapping[str, Any]) -> int | None:
    """Return the media id of the picture on a sealed card, None when there is none."""
    card = options.get("card")
    found = card.get("media_id") if isinstance(card, Mapping) else None
    return found if isinstance(found, int) else None
