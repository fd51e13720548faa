"""Who will really see a post on each account, whoever it was meant for (K2-K6, N10).

Pure. An audience is what a person chose; a reach is what a network does with it, never promised narrower than the value
that is sent means there. Where more people would see it than chosen, a person is asked, and the yes is kept for exactly
that audience and those accounts (`Post.wider_sure`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from cmdesk.care.answering import handles_to_keep
from cmdesk.model import Account, Post, Readers
from cmdesk.planning.abilities import REPLIES, abilities
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.content import language_for, part_of, parts_for, readers_of
from cmdesk.text import mentions

WIDER_THAN_CHOSEN = "wider_than_chosen"
"""Why sealing asks: more people would see it than were chosen."""
AUDIENCE_CHANGED = "audience_changed"
"""Why a waiting delivery asks: fewer people were chosen after it was sealed for more."""
RULES_UNREAD = "community_rules"
"""Why sealing asks: nobody said yet that the community's rules, as they are now, were read (K4)."""
CIRCLES_AND_COMMUNITY = "circles_and_community"
"""Why sealing refuses: circles and a community at once (K5)."""
ASKS = frozenset({WIDER_THAN_CHOSEN, AUDIENCE_CHANGED})
"""Why a waiting delivery asks a person whether so many shall see it."""

MARKETS, CIRCLES = "market", "circle"  # what `Capabilities.targeting` may name
UNKNOWN, OPTED_OUT = "person_unknown", "person_opted_out"  # why a person cannot be written to
NOT_ALONE = "person_not_alone"
"""Why what is for one person cannot go out: it names others, and that network shows it to all it names."""
_ANYBODY = Readers()


class Kind(StrEnum):
    """Who sees it, the narrowest first; nowhere: it cannot go out there at all."""

    NOWHERE = "nowhere"
    EXACT = "exact"
    MENTIONED = "mentioned"
    FOLLOWERS = "followers"
    WIDER = "wider"


_WIDTH = {kind: width for width, kind in enumerate(Kind)}


def width(kind: Kind) -> int:
    """Return how many see it, as a number to compare kinds with."""
    return _WIDTH[kind]


# What the values of visibility mean where a network knows them.
_MEANS = {"direct": Kind.MENTIONED, "private": Kind.FOLLOWERS, "unlisted": Kind.WIDER, "public": Kind.WIDER}
_CODES = {"direct": "mentioned", "private": "followers", "unlisted": "everyone_quietly", "public": "everyone"}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a person chose; without market, circles and person it is everybody whom the visibility lets see it."""

    market_id: int | None = None
    circles: tuple[int, ...] = ()
    person_id: int | None = None
    visibility: str = "public"

    @property
    def everybody(self) -> bool:
        """Say whether nobody was left out."""
        return (
            self.market_id is None
            and not self.circles
            and self.person_id is None
            and self.visibility in ("public", "unlisted")
        )

    def key(self) -> str:
        """Return what this audience is known by: equal audiences have the same key, others another one."""
        said = json.dumps([self.market_id, sorted(self.circles), self.person_id, self.visibility])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reach:
    """What one account does with an audience.

    `code` says why, `asks` that more people see it than were chosen. `gate` is who may answer (one of the account's
    gates, '' everybody), `language` the tag that goes with it.
    """

    kind: Kind
    code: str
    detail: str = ""
    asks: bool = False
    gate: str = ""
    language: str = ""


def audience_of(post: Post) -> Audience:
    """Return whom a post is for."""
    return Audience(post.market_id, tuple(sorted(set(post.circles))), post.person_id, post.visibility)


def sent_visibility(account: Account, visibility: str) -> str:
    """Return the visibility that a post really has there; what a network does not know is public.

    snac takes "unlisted" and shows the post publicly all the same.
    """
    told = account.capabilities.get("visibilities")
    known = tuple(str(each) for each in told) if isinstance(told, list | tuple) and told else ("public",)
    if visibility not in known or visibility not in _MEANS:
        return "public"
    return "public" if visibility == "unlisted" and account.capabilities.get("software") == "snac" else visibility


def _knows_narrower(account: Account) -> bool:
    return any(sent_visibility(account, each) == each for each in ("private", "direct"))


def reach(account: Account, audience: Audience, readers: Readers = _ANYBODY) -> Reach:
    """Return who will see a post for this audience on an account; `readers` is whom the account speaks to."""
    if audience.person_id is not None:
        return _to_person(account, readers)
    if account.network == BY_HAND:
        return Reach(Kind.WIDER, "by_hand")
    able = abilities(account.network, account.capabilities)
    wanted = [*([MARKETS] if audience.market_id is not None else []), *([CIRCLES] if audience.circles else [])]
    seen = sent_visibility(account, audience.visibility)
    kind, code = _MEANS[seen], _CODES[seen]
    if wanted and all(each in able.targeting for each in wanted) and kind is Kind.WIDER:
        return Reach(Kind.EXACT, "native")
    found = Reach(kind, code, asks=_more_than_chosen(audience, kind, readers))
    if found.asks and code == "everyone" and not _knows_narrower(account):
        found = replace(found, code="everyone_always")
    if found.asks or audience.market_id is None or kind is not Kind.WIDER:
        return found
    return replace(found, code="own_market")


def reach_of(post: Post, account: Account) -> Reach:
    """Return who will see a post on an account, who may answer there and in which language it is sent."""
    found = reach(account, audience_of(post), readers_of(post, account.id))
    if account.network == BY_HAND or found.kind is Kind.NOWHERE:
        return found
    if post.person_id is not None and (others := _others_named(post, account)):
        return Reach(Kind.NOWHERE, NOT_ALONE, others[0])
    if found.code == "followers" and not found.asks and _named(post, account):
        found = replace(found, code="followers_and_named")
    gate = str(post.options.get(account.network, {}).get(REPLIES) or "")
    gate = (
        "" if post.person_id is not None or gate not in abilities(account.network, account.capabilities).gates else gate
    )
    language = language_for(post, part_of(post, 0), network=account.network, account_id=account.id)
    return replace(found, gate="" if gate == "everybody" else gate, language=language)


def _others_named(post: Post, account: Account) -> list[str]:
    """Return whom a message for one person names besides them, where a network shows it to everybody named."""
    person = readers_of(post, account.id).handle
    if not handles_to_keep(account.network, author=person, mentions=(), own=""):
        return []
    known = {_whole(person, account), _whole(account.handle, account)}
    return [each for each in _named(post, account) if _whole(each, account) not in known]


def _named(post: Post, account: Account) -> list[str]:
    sent = parts_for(post, network=account.network, account_id=account.id)
    return [each for _number, text, _media in sent for each in mentions(text)]


def _whole(handle: str, account: Account) -> str:
    """Return a handle with its server: without one it is somebody of the account's own."""
    name, _at, host = handle.casefold().removeprefix("@").partition("@")
    return f"{name}@{host or urlsplit(account.server).hostname or ''}"


def _to_person(account: Account, readers: Readers) -> Reach:
    able = abilities(account.network, account.capabilities)
    if readers.closed:
        if readers.closed != UNKNOWN or account.network != BY_HAND:
            return Reach(Kind.NOWHERE, readers.closed)
    if account.network == BY_HAND:
        return Reach(Kind.WIDER, "by_hand")
    if not able.direct:
        return Reach(Kind.NOWHERE, "no_direct")
    return Reach(Kind.EXACT, "direct", readers.handle)


def _more_than_chosen(audience: Audience, kind: Kind, readers: Readers) -> bool:
    """Say whether people see it who were not chosen; who chose a market may speak through that market's account."""
    if audience.circles and kind in (Kind.FOLLOWERS, Kind.WIDER):
        return True
    elsewhere = audience.market_id is not None and not (readers.own and readers.market_id == audience.market_id)
    if elsewhere and kind in (Kind.FOLLOWERS, Kind.WIDER):
        return True
    return _WIDTH[kind] > _WIDTH[_MEANS.get(audience.visibility, Kind.WIDER)]


# The yes to more people


def is_sure(stored: str, audience: Audience, account_id: int, kind: Kind) -> bool:
    """Say whether a person said yes to this audience being seen by so many on this account."""
    known = _yes(stored)
    said = known.get("accounts", {}).get(str(account_id))
    return known.get("audience") == audience.key() and said in _WIDTH and _WIDTH[Kind(said)] >= _WIDTH[kind]


def with_yes(stored: str, audience: Audience, found: Mapping[int, Reach]) -> str:
    """Return `Post.wider_sure` with a yes to these reaches, by account; a yes to another audience is forgotten."""
    known = _yes(stored)
    accounts = dict(known["accounts"]) if known.get("audience") == audience.key() else {}
    accounts |= {str(account_id): each.kind.value for account_id, each in found.items() if each.asks}
    return json.dumps({"audience": audience.key(), "accounts": dict(sorted(accounts.items()))}) if accounts else ""


def asking(post: Post, places: Iterable[Account]) -> dict[int, Reach]:
    """Return the accounts on which more people than chosen would see a post and nobody said yes to that."""
    audience = audience_of(post)
    found = {each.id: reach(each, audience, readers_of(post, each.id)) for each in places}
    return {
        account_id: each
        for account_id, each in found.items()
        if each.asks and not is_sure(post.wider_sure, audience, account_id, each.kind)
    }


def rules_key(rules: str) -> str:
    """Return what a community's rules are known by, so that a yes is for exactly these words (K4)."""
    return hashlib.sha256(" ".join(rules.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _yes(stored: str) -> Mapping[str, Any]:
    try:
        known = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    return known if isinstance(known, dict) and isinstance(known.get("accounts"), dict) else {}
