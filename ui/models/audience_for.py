"""Whom a post is for, as tokens that are put in and taken out, and what each account makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QLocale

from cmdesk.desk import Desk
from cmdesk.i18n import LANGUAGES, _, ngettext
from cmdesk.model import Account, Circle, Contact, Market
from cmdesk.planning.targeting import Kind, Reach, audience_of, reach_of
from cmdesk.safe_text import clean_line
from cmdesk.store import circles as circle_store, contacts, mentions, targeting
from cmdesk.store.db import Reader
from cmdesk.store.targeting import Community as Community, Known
from cmdesk.text import folded
from cmdesk.wording_by_hand import account_name, network_name
from cmdesk.wording_targeting import reach_words
from ui import icons
from ui.models.drafting import Draft
from ui.models.plan_choices import PlanChoices
from ui.models.previews import visibilities

Key = tuple[str, object]
PUBLIC, VISIBILITY, MARKET, CIRCLE, PERSON = "public", "visibility", "market", "circle", "person"
_NARROW = ("private", "unlisted", "direct")
_MOST_PEOPLE = 6
_KINDS = {
    Kind.NOWHERE: ("circle-slash", "negative"),
    Kind.EXACT: ("check", "positive"),
    Kind.MENTIONED: ("at-sign", "text_muted"),
    Kind.FOLLOWERS: ("users", "text_muted"),
    Kind.WIDER: ("globe", "text_muted"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One of those a post is for, as the field shows it."""

    key: Key
    text: str
    icon: str
    tip: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """One of those who may be put in; `alert` is a word of warning."""

    key: Key
    title: str
    detail: str = ""
    icon: str = ""
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one or more accounts make of it, in words; `color` is a role of the theme."""

    accounts: tuple[Account, ...]
    icon: str
    color: str
    words: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class CircleFacts:
    """What is known of a circle now: how many people, how many on each network, whether its rule is broken."""

    people: int = 0
    networks: Mapping[str, Known] = field(default_factory=dict)
    broken: bool = False


def visibility_word(value: str) -> str:
    """Return a visibility as a token says it."""
    return {
        "public": _("Public"), "unlisted": _("Public, not listed"), "private": _("Followers"),
        "direct": _("Those mentioned"),
    }.get(value, value)  # fmt: skip


def tokens(draft: Draft, choices: PlanChoices, person: Contact | None, facts: Mapping[int, CircleFacts]) -> list[Token]:
    """Return what the field shows for a draft."""
    if draft.person_id is not None:
        gone = person is None
        name = _("Somebody who is gone") if person is None else clean_line(person.name, limit=40)
        out = person is not None and person.opt_out
        tip = _("They asked not to be written to") if out else _("Only this person gets it, as a direct message")
        return [Token((PERSON, draft.person_id), name, "user", tip, alert=out or gone)]
    found = [
        Token((MARKET, each.id), clean_line(each.name, limit=40), "map-pin", language_word(each.language))
        for each in choices.markets
        if each.id == draft.market_id
    ]
    for circle in choices.circles:
        if circle.id in draft.circles:
            found.append(_circle_token(circle, facts.get(circle.id)))
    if draft.visibility != "public":
        found.append(Token((VISIBILITY, draft.visibility), visibility_word(draft.visibility), "eye-off"))
    return found or [Token((PUBLIC, None), visibility_word("public"), "globe", _("Everybody"))]


def _circle_token(circle: Circle, facts: CircleFacts | None) -> Token:
    name = clean_line(circle.name, limit=40)
    if facts is None:
        return Token((CIRCLE, circle.id), name, "users")
    if facts.broken:
        tip = _("Its rule names something that is gone: it holds those noted last")
        return Token((CIRCLE, circle.id), name, "triangle-alert", tip, alert=True)
    return Token((CIRCLE, circle.id), name, "users", people_word(facts.people))


def people_word(count: int) -> str:
    """Return how many people, in words."""
    return ngettext("{n} person", "{n} people", count).format(n=count)


def put_in(draft: Draft, choices: PlanChoices, key: Key, person: Contact | None = None) -> dict[str, object]:
    """Return the fields of the draft that change when somebody is put in."""
    kind, value = key
    alone = {"market_id": None, "circles": (), "person_id": None}
    public = {"person_id": None, "visibility": "public" if draft.person_id is not None else draft.visibility}
    if kind == PUBLIC:
        return {**alone, "visibility": "public"}
    if kind == VISIBILITY:
        return {"person_id": None, "visibility": value}
    if kind == MARKET:
        market = next((each for each in choices.markets if each.id == value), None)
        tongue = {"language": market.language} if market is not None and market.language else {}
        return {**public, "market_id": value, **tongue}
    if kind == CIRCLE:
        return {**public, "circles": tuple(sorted({*draft.circles, value}))}  # type: ignore[type-var]
    tongue = {"language": person.language} if person is not None and person.language else {}
    return {**alone, "person_id": value, "visibility": "direct", **tongue}


def take_out(draft: Draft, key: Key, chosen: Sequence[Account]) -> dict[str, object]:
    """Return the fields that change when somebody is taken out; none where nothing narrower is known."""
    kind, value = key
    if kind == PUBLIC:
        narrower = [each for each in ("private", "direct") if any(each in visibilities(one) for one in chosen)]
        return {"visibility": narrower[0]} if narrower else {}
    if kind == VISIBILITY:
        return {"visibility": "public"}
    if kind == MARKET:
        return {"market_id": None}
    if kind == CIRCLE:
        return {"circles": tuple(each for each in draft.circles if each != value)}
    return {"person_id": None, "visibility": "public"}


def lines(draft: Draft, chosen: Sequence[Account]) -> list[Line]:
    """Return what the chosen accounts make of it; accounts of which the same is true stand together."""
    post = draft.as_post()
    found: dict[Reach, list[Account]] = {}
    for account in chosen:
        found.setdefault(reach_of(post, account), []).append(account)
    told = []
    for reach, accounts in found.items():
        icon, color = _KINDS[reach.kind]
        tongue = language_word(reach.language) if reach.language != draft.language else ""
        if reach.asks:
            icon, color = "triangle-alert", "warning"
        told.append(Line(tuple(accounts), icon, color, reach_words(reach, tongue=tongue), reach.asks))
    return told


def plain(draft: Draft, shown: Sequence[Line]) -> bool:
    """Say whether there is nothing to tell but that everybody sees it."""
    return audience_of(draft.as_post()).everybody and len(shown) <= 1


def may_narrow(draft: Draft, shown: Sequence[Line]) -> list[Account]:
    """Return the accounts that could show it to their followers only, where more see it than were chosen."""
    if draft.visibility != "public" or draft.person_id is not None:
        return []
    return [each for line in shown if line.asks for each in line.accounts if "private" in visibilities(each)]


def unreached(draft: Draft, chosen: Sequence[Account]) -> list[Account]:
    """Return the accounts on which what is for one person cannot go out at all."""
    if draft.person_id is None:
        return []
    post = draft.as_post()
    return [each for each in chosen if reach_of(post, each).kind is Kind.NOWHERE]


def reached_words(name: str, facts: CircleFacts) -> str:
    """Return how many people of a circle each network knows: "Clientes: 32 people · Mastodon 20 · Bluesky 5"."""
    told = [_("{circle}: {people}").format(circle=clean_line(name, limit=40), people=people_word(facts.people))]
    told += (
        []
        if not facts.people
        else [
            _("{n} known on {network}").format(n=each.there, network=network_name(network))
            for network, each in facts.networks.items()
        ]
    )
    out = max((each.opted_out for each in facts.networks.values()), default=0)
    if out:
        told.append(ngettext("{n} wants no messages", "{n} want no messages", out).format(n=out))
    return " · ".join(told)


def suggestions(
    desk: Desk, typed: str, draft: Draft, choices: PlanChoices, chosen: Sequence[Account],
    facts: Mapping[int, CircleFacts],
) -> list[Offer]:  # fmt: skip
    """Return whom one may mean: markets, circles, narrower kinds of readers, everybody, and people by their names."""
    wanted = folded(typed.strip())
    known = {name for each in chosen for name in visibilities(each)}
    found = [_market_choice(each) for each in choices.markets if each.id != draft.market_id]
    found += [_circle_choice(each, facts.get(each.id)) for each in choices.circles if each.id not in draft.circles]
    for value in _NARROW:
        if value in known and value != draft.visibility:
            names = sorted({network_name(each.network) for each in chosen if value in visibilities(each)})
            detail = _("Only on {networks}").format(networks=", ".join(names))
            found.append(Offer((VISIBILITY, value), visibility_word(value), detail, "eye-off"))
    if not audience_of(draft.as_post()).everybody or draft.visibility != "public":
        found.append(Offer((PUBLIC, None), visibility_word("public"), _("Everybody"), "globe"))
    named = [each for each in found if not wanted or _begins(each.title, wanted)]
    return named + (_people(desk, typed, draft) if len(wanted) >= 2 else [])


def _begins(title: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in folded(title).split()) or folded(title).startswith(wanted)


def _market_choice(market: Market) -> Offer:
    return Offer(
        (MARKET, market.id), clean_line(market.name, limit=60),
        _("Market · {language}").format(language=language_word(market.language)), "map-pin",
    )  # fmt: skip


def _circle_choice(circle: Circle, facts: CircleFacts | None) -> Offer:
    detail = _("Circle") if facts is None else _("Circle · {people}").format(people=people_word(facts.people))
    alert = _("rule is broken") if facts is not None and facts.broken else ""
    return Offer((CIRCLE, circle.id), clean_line(circle.name, limit=60), detail, "users", alert)


def _people(desk: Desk, typed: str, draft: Draft) -> list[Offer]:
    known = ("mastodon", "bluesky", "manual", "email", "phone")
    profiles = desk.page(mentions.people, typed, brand_id=draft.brand_id, networks=known, limit=3 * _MOST_PEOPLE)
    found: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for each in profiles:
        found.setdefault(each.contact_id, []).append(
            f"{network_name(each.network)} {account_name(each.network, clean_line(each.handle, limit=40))}"
        )
        names.setdefault(each.contact_id, clean_line(each.name or each.handle, limit=60))
    return [
        Offer((PERSON, contact_id), names[contact_id], ", ".join(handles), "user")
        for contact_id, handles in list(found.items())[:_MOST_PEOPLE]
        if contact_id != draft.person_id
    ]


def person_of(desk: Desk, draft: Draft) -> Contact | None:
    """Return the one person a draft is for, None for nobody and for somebody who is gone."""
    if draft.person_id is None:
        return None
    return desk.page(contacts.contacts_by_id, [draft.person_id]).get(draft.person_id)


def read_facts(reader: Reader, brand_id: int, circles: Sequence[int], networks: Sequence[str], now: datetime) -> dict[
    int, CircleFacts
]:  # fmt: skip
    """Return what is known of circles now: counts may take a while, so not on a thread that paints."""
    broken = circle_store.broken(reader, brand_id, now)
    counts = circle_store.counts(reader, brand_id, now)
    found = {each: CircleFacts(people, broken=bool(broken.get(each))) for each, people in counts.items()}
    for each in circles:
        if each in found:
            members = circle_store.members(reader, each, now)
            known = targeting.known(reader, members, networks)
            found[each] = CircleFacts(found[each].people, known, found[each].broken)
    return found


def unread_rules(desk: Desk, chosen: Sequence[Account]) -> list[tuple[Account, Community]]:
    """Return the communities among these accounts whose rules nobody ticked as they are now (K4)."""
    by_id = {each.id: each for each in chosen}
    found = desk.page(targeting.communities, list(by_id))
    return [(by_id[each.account_id], each) for each in found if not each.read]


def communities(desk: Desk, chosen: Sequence[Account]) -> list[Account]:
    """Return which of these accounts are communities (K5)."""
    found = {each.account_id for each in desk.page(targeting.communities, [each.id for each in chosen])}
    return [each for each in chosen if each.id in found]


def handles(accounts: Sequence[Account], most: int = 3) -> str:
    """Return what a line calls its accounts."""
    named = [account_name(each.network, clean_line(each.handle.partition("@")[0], limit=40)) for each in accounts]
    if len(set(named)) < len(named):
        named = [account_name(each.network, clean_line(each.handle, limit=40)) for each in accounts]
    named = named[:most]
    more = len(accounts) - most
    if more > 0:
        named.append(ngettext("{n} more", "{n} more", more).format(n=more))
    return ", ".join(named)


def glyph(accounts: Sequence[Account]) -> str:
    """Return the mark of a line's networks: the network's where there is one, else a general one."""
    networks = {each.network for each in accounts}
    return icons.glyph(next(iter(networks))) if len(networks) == 1 else "layers"


def language_word(code: str) -> str:
    """Return a language under its own name."""
    return LANGUAGES.get(code) or QLocale(code).nativeLanguageName() or code if code else ""
