"""What an account is for (K12): its goal, whom it speaks to, what every post there has, the rules of a community (K4).

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from cmdesk.errors import Invalid

LONGEST = 400
LONGEST_RULES = 8_000
LONGEST_URL = 1_000


class Material(StrEnum):
    """What every post of an account has; ANY asks for nothing."""

    ANY = ""
    PICTURES = "pictures"
    VIDEO = "video"
    LINKS = "links"
    WORDS = "words"  # no picture, no film


@dataclass(frozen=True, slots=True)
class Aim:
    """What an account is for; `community` marks one whose rules are shown before anything goes out there."""

    market_id: int | None = None
    goal: str = ""
    people: str = ""
    material: str = ""
    community: bool = False
    rules: str = ""
    rules_url: str = ""

    def __bool__(self) -> bool:
        """Say whether anything was said about the account."""
        return self != Aim()


def checked(aim: Aim) -> Aim:
    """Return an aim as it is kept; raises Invalid (`aim_material`, `aim_long`, `aim_url`)."""
    if aim.material not in set(Material):
        raise Invalid(f"{aim.material!r} is no kind of material", code="aim_material", detail=aim.material[:40])
    goal, people = (" ".join(each.split()) for each in (aim.goal, aim.people))
    rules, url = aim.rules.strip(), aim.rules_url.strip()
    for field, text, most in (
        ("goal", goal, LONGEST), ("people", people, LONGEST), ("rules", rules, LONGEST_RULES),
        ("rules_url", url, LONGEST_URL),
    ):  # fmt: skip
        if len(text) > most:
            raise Invalid(f"{field} is too long", code="aim_long", detail=str(most))
    if url and not _is_address(url):
        raise Invalid("the rules need a web address", code="aim_url", detail=url[:120])
    return Aim(aim.market_id, goal, people, aim.material, bool(aim.community), rules, url)


def _is_address(url: str) -> bool:
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return split.scheme in ("http", "https") and bool(split.hostname) and not any(each.isspace() for each in url)
