"""What somebody's message asks to be offered: a product it names (U14), thanks for being at the place (U15)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Protocol, TypeVar

import regex

_SHORTEST = 4  # characters of a name: shorter ones stand in too many sentences
_MOST = 3

# "estoy en vuestra tienda", "acabamos de llegar al local", "I'm at your shop right now"; not "¿estáis en la tienda?".
_HERE = regex.compile(
    r"\b(?:estoy|estamos|aqui (?:estoy|estamos)|(?:acabo|acabamos) de (?:llegar|entrar)|he(?:mos)? venido|ya en)\b"
    r"(?: \w+){0,2} (?:en|a|al) (?:(?:la|el|tu|su|vuestra|vuestro|una de vuestras) )?"
    r"(?:tienda|tiendas|local|bar|restaurante|cafeteria|panaderia|obrador|terraza|barra|stand|hotel|museo)\b"
    r"|\bi ?a?m (?:(?:right|just|now) )*(?:in|at|inside) (?:your|the) "
    r"(?:shop|store|cafe|bar|restaurant|bakery|place|stand|hotel|branch)\b"
    r"|\b(?:we are|just) (?:(?:right|just|now) )*(?:in|at|arrived at) (?:your|the) "
    r"(?:shop|store|cafe|bar|restaurant|bakery|place|stand|hotel|branch)\b"
    r"|\bcheck(?:ed|ing)? ?in(?:ned)? (?:at|en)\b"
)


class Named(Protocol):
    """A product by its names (cmdesk.store.brand_links.ProductLink is one)."""

    @property
    def name(self) -> str: ...
    @property
    def also(self) -> str: ...


N = TypeVar("N", bound=Named)


def named_in(text: str, products: Iterable[N]) -> list[N]:
    """Return the products a text names, by any of their names, singular or plural, accents aside; three at most.

    The one with the longest name first; a name within a longer one that was found does not count.
    """
    said = f" {_folded(text)} "
    names = sorted(
        ((_folded(name), each) for each in products for name in (each.name, *each.also.splitlines())),
        key=lambda pair: -len(pair[0]),
    )
    found: list[N] = []
    for name, each in names:
        if len(name) < _SHORTEST or each in found:
            continue
        match = regex.search(rf" {regex.escape(name)}(?:e?s)? ", said)
        if match is not None:
            found.append(each)
            # What was found is taken out, so that "centeno" is not found in "pan de centeno" once more.
            said = f"{said[: match.start()]} \n {said[match.end() :]}"
    return found[:_MOST]


def says_here(text: str) -> bool:
    """Say whether somebody tells that they are at the brand's place, in Spanish or English."""
    return _HERE.search(_folded(text)) is not None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("'", "").replace("’", ""))
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())
