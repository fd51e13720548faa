"""A post, its accounts and facts for tests of the reviewer, with one word changed at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cmdesk.model import Account, Brand, Media, Post, PostMedia, Target
from cmdesk.planning.review import Finding
from cmdesk.planning.reviewing import Facts, Marks, review_post

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
PICTURE = PostMedia(Media(1, 1, "a", "image/png", 10, 10, 10, "a.png"), "Una barra de pan")
BAKERY = Marks(1, "La Panadería del Carmen", ("panaderiadelcarmen@plaza.example",), ("panaderiadelcarmen.example",))
OPTICIAN = Marks(
    2,
    "Óptica Sol",
    ("opticasol@plaza.example", "opticasol.bsky.social"),
    ("opticasol.example",),
    ("Gafas Brisamar", "VisioTex"),
)
OUTDOOR = Marks(3, "Northtrail", ("northtrail@plaza.example",), ("northtrail.example",), ("SummitPro 40",))


def account(account_id: int = 1, network: str = "mastodon", **more: Any) -> Account:
    """An account of the bakery."""
    capabilities = {"limits": {"characters": 500, "url_characters": 23, "images": 4}, "visibilities": ["public"]}
    return Account(
        account_id, 1, network, "", f"r{account_id}", f"carmen{account_id}", capabilities=capabilities, **more
    )


def facts(*, formal: bool = False, language: str = "es", **more: Any) -> Facts:
    """What is known of the bakery."""
    brand = Brand(1, BAKERY.name, zone="Europe/Madrid", language=language, formal=formal)
    return Facts(brand, NOW, own=BAKERY, others=(OPTICIAN, OUTDOOR), **more)


def reviewed(
    text: str,
    *,
    known: Facts | None = None,
    accounts: tuple[Account, ...] | None = None,
    at: Mapping[int, str] | str = "",
    **more: Any,
) -> list[Finding]:
    """Review a post with a described picture; `at` is its wall time in Madrid, or one for each account."""
    places = accounts or (account(),)
    walls = at if isinstance(at, Mapping) else {each.id: at for each in places}
    targets = tuple(Target(each.id, walls.get(each.id, ""), "Europe/Madrid") for each in places)
    known = known or facts()
    post = Post(7, 1, text, language=known.brand.language, media=(PICTURE,), targets=targets)
    return review_post(replace(post, **more), places, known)


def codes(text: str, **more: Any) -> set[str]:
    """Return the codes of what is said of a text."""
    return {each.code for each in reviewed(text, **more)}


def one(code: str, text: str, **more: Any) -> Finding:
    """Return the only finding of a code."""
    (found,) = [each for each in reviewed(text, **more) if each.code == code]
    return found
