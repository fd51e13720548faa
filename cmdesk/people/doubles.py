"""Who may be the same person: ranked pairs with their reasons; nobody is ever merged by them alone (R12).

Everything is found through one dictionary for each kind of sign, so that 100,000 people take one walk; a sign that
many share says nothing about anybody and is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cmdesk.people.handles import EMAIL, PHONE, WEB, emails_in, own_name, pages_in, phones_in, same_page, same_phone

SHARED = 4  # a sign that more people have is no sign
NAME_SHARED = 2  # a name that more people have is not rare
SHORTEST = 4  # of a handle that says something
MOST = 500


class Why(StrEnum):
    """Why two people may be one."""

    EMAIL = "email"
    PHONE = "phone"
    PAGE = "page"  # both name the same web page
    LINK = "link"  # one's profile or notes name the other's profile
    HANDLE = "handle"  # the same handle on two networks
    NAME = "name"  # the same rare name, and no other language


_WEIGHT = {Why.EMAIL: 100, Why.LINK: 90, Why.PHONE: 80, Why.PAGE: 50, Why.HANDLE: 40, Why.NAME: 30}
_ENOUGH = 40  # a rare name alone is not


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a person; profiles are (network, handle, address)."""

    id: int
    name: str
    language: str = ""
    words: str = ""  # notes and what else was written about them
    profiles: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and what it is about: the address, the handle, the name."""

    why: Why
    what: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two people (the smaller id first) who may be one; `score` ranks, 100 and more is next to certain."""

    one_id: int
    other_id: int
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHT[each.why] for each in self.reasons)


def suggest(
    people: Iterable[Known], refused: Collection[tuple[int, int]] = (), *, most: int = MOST
) -> list[Suggestion]:
    """Return probable doubles, the most probable first; without the pairs a person refused."""
    signs: dict[tuple[Why, str], list[int]] = {}
    languages: dict[int, str] = {}
    networks: dict[tuple[str, int], str] = {}
    pages: dict[str, int] = {}
    linked: list[tuple[int, str]] = []
    for person in people:
        if person.language:
            languages[person.id] = person.language.partition("-")[0]
        for sign in dict.fromkeys(_signs(person, networks, pages)):
            signs.setdefault(sign, []).append(person.id)
        if "://" in person.words:
            linked += [(person.id, page) for page in dict.fromkeys(pages_in(person.words))]
    pairs: dict[tuple[int, int], dict[Why, str]] = {}
    for (why, what), ids in signs.items():
        if 1 < len(ids) <= (NAME_SHARED if why is Why.NAME else SHARED):
            for place, one in enumerate(ids):
                for other in ids[place + 1 :]:
                    if _good(why, what, one, other, languages=languages, networks=networks):
                        pairs.setdefault(_pair(one, other), {}).setdefault(why, what)
    for one, page in linked:
        whose = pages.get(page)
        if whose is not None and whose != one:
            pairs.setdefault(_pair(one, whose), {}).setdefault(Why.LINK, page)
    found = [
        Suggestion(*pair, tuple(Reason(why, what) for why, what in sorted(reasons.items(), key=_heaviest)))
        for pair, reasons in pairs.items()
        if pair not in refused
    ]
    good = [each for each in found if each.score >= _ENOUGH]
    good.sort(key=lambda each: (-each.score, each.one_id, each.other_id))
    return good[:most]


def folded_name(name: str) -> str:
    """Return a name as it is compared: small letters without accents, words in order."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


def _signs(person: Known, networks: dict[tuple[str, int], str], pages: dict[str, int]) -> Iterable[tuple[Why, str]]:
    for network, handle, url in person.profiles:
        if network == EMAIL:
            yield Why.EMAIL, handle.casefold()
        elif network == PHONE:
            yield Why.PHONE, same_phone(handle)
        else:
            name = own_name(network, handle)
            if len(name) >= SHORTEST:
                # Who has the name twice has it on several networks.
                before = networks.get((name, person.id))
                networks[name, person.id] = network if before in (None, network) else f"{before} {network}"
                yield Why.HANDLE, name
            written = handle if "://" in handle else f"https://{handle}"
            page = same_page(url or (written if network == WEB else ""))
            if page:
                pages.setdefault(page, person.id)
                if network == WEB:
                    yield Why.PAGE, page
    if person.words:
        yield from ((Why.EMAIL, each) for each in emails_in(person.words))
        yield from ((Why.PHONE, each) for each in phones_in(person.words))
        yield from ((Why.PAGE, each) for each in pages_in(person.words))
    name = folded_name(person.name)
    if " " in name and len(name) >= 7:
        yield Why.NAME, name


def _good(
    why: Why, what: str, one: int, other: int, *, languages: dict[int, str], networks: dict[tuple[str, int], str]
) -> bool:
    if why is Why.HANDLE:
        # On one network the same name on two servers is two people until something else speaks for one.
        return networks[what, one] != networks[what, other]
    if why is Why.NAME:
        return languages.get(one, "") == languages.get(other, "") or not (one in languages and other in languages)
    return True


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _heaviest(item: tuple[Why, str]) -> tuple[int, str]:
    return -_WEIGHT[item[0]], item[0]
