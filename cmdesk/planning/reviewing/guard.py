"""The brand guard (N11): a text that names another brand by handle, address, hashtag, product or name stops and asks.

What also names the brand itself never counts: its own words win wherever they cover what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from cmdesk.care.language import frequent_words
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.facts import Facts, Marks, WordKind
from cmdesk.planning.reviewing.sites import addresses, belongs, site_of
from cmdesk.planning.reviewing.texts import Copy, Word, fold, masked, words

CODE = "names_other_brand"
SHORTEST = 4  # letters of a name that is looked for as a word
_ENOUGH = 8  # letters from which a hashtag may go on after the name: #opticasolmadrid
_ARTICLES = frozenset(
    {"el", "la", "los", "las", "lo", "the", "le", "les", "il", "gli", "els", "os", "as", "der", "die"}
)
# Brands are called so, and everybody says so: as a bare word they tell nothing.
_COMMON = frozenset(
    (
        "alba alma amor andes apple arena armonia aroma arte aurora azul bella bloom blanco bosque brisa burbuja "
        "campo canela cielo ciudad clara coral corazon costa cuatro delta diamante dolce dulce eden elite encanto "
        "energia espacio esencia estela estrella estudio estilo europa familia fenix flor flores forma fresh fruta "
        "fuego fuente futuro gloria grande green group grupo habitat hogar horizonte house idea iris jardin joya "
        "junior king laguna leon libra life light lima linea live logo loft love lujo luna mango manzana marca mare "
        "maria market marina mercado mesa milenio mirador moda moderna molino moment mundo natura nature natural nido "
        "nieve noche norte nova nube nueva oasis ocean olivo original orange oro paris patio paz perla planet planeta "
        "plata playa plaza prima primavera prisma puerta puerto punto pura pure raiz real red reina rincon river rosa "
        "royal sabor salud santa selva serena shop sierra silver sky smart smile sol solar sport sports star store "
        "style summer sunrise sur target taller tempo terra tienda tierra total trail travel tres tribu union urban "
        "valle verano verde vida villa violeta vital viva water wave wild wood world yoga zen zona "
    ).split()
)
# Trades: alone, or behind an article, they are what a shop is and not what it is called.
_TRADES = frozenset(
    (
        "panaderia pasteleria cafeteria heladeria peluqueria barberia farmacia floristeria libreria zapateria "
        "ferreteria carniceria fruteria pescaderia joyeria clinica dentista gimnasio academia bodega restaurante "
        "hotel hostal optica papeleria tienda taberna pizzeria vinoteca inmobiliaria asesoria veterinaria "
        "lavanderia guarderia escuela bakery coffee pharmacy barber bookshop florist restaurant optician dental "
        "clinic gallery studio hostel brewery "
    ).split()
)
_MENTION = regex.compile(r"(?<![\w/@.])@([a-z0-9_](?:[a-z0-9_.-]{0,99}[a-z0-9_])?)(?:@([a-z0-9.-]{1,253}))?")
_TAG = regex.compile(r"(?<![\w#&/])[#＃]([\p{L}\p{N}\p{M}_]{1,64}+)")
_NO_LETTER = regex.compile(r"[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Naming:
    """A brand that is named: how, by what, where."""

    brand_id: int
    brand: str
    kind: str  # handle, link, hashtag, product, name
    said: str  # as the text has it
    start: int
    end: int
    weight: int = 0  # how much of it is the brand's: of #OpticaSolMadrid the first nine letters


def namings(text: str, *, own: Marks, others: tuple[Marks, ...]) -> list[Naming]:
    """Return every place of a text that names one of the other brands, in order, each stretch once."""
    return list(_namings(text, own, others)) if others and text.strip() else []


@lru_cache(maxsize=256)
def _namings(text: str, own: Marks, others: tuple[Marks, ...]) -> tuple[Naming, ...]:
    mine = list(_matcher(own).find(text))
    found: list[Naming] = []
    for marks in others:
        for each in _matcher(marks).find(text):
            if not any(_covers(one, each) for one in mine):
                found.append(each)
    found.sort(key=lambda each: (each.start, -each.end, -each.weight))
    kept: list[Naming] = []
    for each in found:
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return tuple(kept)


def _covers(own: Naming, other: Naming) -> bool:
    return own.start <= other.start and other.end <= own.end and own.weight >= other.weight


def check(texts: Iterable[Copy], facts: Facts) -> Iterator[Finding]:
    """Ask about every brand that is named, once a brand and word; what the brand chose not to hear is left out."""
    told: set[tuple[int, str]] = set()
    for copy in texts:
        for each in namings(copy.text, own=facts.own, others=facts.others):
            detail = fold(each.said)
            if (each.brand_id, detail) in told or (CODE, detail) in facts.ignored or detail in facts.sure:
                continue
            told.add((each.brand_id, detail))
            where = copy.at(each.start, each.end) if copy.kind in ("text", "alt") else None
            yield Finding(Level.ASK, CODE, detail=detail, place=where, said=(each.brand, each.said))


def own_marks(marks: Marks, more: dict[WordKind, tuple[str, ...]]) -> Marks:
    """Return a brand's marks with the domains and handles it has outside of this desk."""
    handles = (*marks.handles, *(each.removeprefix("@") for each in more.get(WordKind.HANDLE, ())))
    domains = (*marks.domains, *(site for each in more.get(WordKind.DOMAIN, ()) if (site := site_of(each))))
    return Marks(
        marks.brand_id, marks.name, tuple(dict.fromkeys(handles)), tuple(dict.fromkeys(domains)), marks.products
    )


class _Matcher:
    """The marks of one brand, ready to be looked for."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.full = {fold(each) for each in marks.handles}
        self.local = {each.partition("@")[0] for each in self.full}
        self.local |= {each.partition(".")[0] for each in self.full if each.endswith(".bsky.social")}
        self.sites = marks.domains
        self.tags = {tag for each in self.local if len(tag := _NO_LETTER.sub("", each)) >= SHORTEST}
        self.tags = {each for each in self.tags if not _is_common(each)}
        self.long_tags: set[str] = set()
        self.names: dict[str, list[_Name]] = {}
        for said, kind in ((marks.name, "name"), *((each, "product") for each in marks.products)):
            for name in _names(said, kind):
                self.names.setdefault(name.pieces[0], []).append(name)
                joined = "".join(name.pieces)
                if name.written != "inside" and len(joined) >= SHORTEST:
                    self.tags.add(joined)
                    if kind == "name" and len(joined) >= _ENOUGH:
                        self.long_tags.add(joined)
        bare = [each for each in self.local if len(each) >= 6 and not each.isdigit() and not _is_common(each)]
        alternatives = "|".join(regex.escape(each) for each in sorted(bare, key=len, reverse=True))
        self.bare = regex.compile(rf"(?<![\w@#/.-])(?:{alternatives})(?![\w@-]|\.\w)") if bare else None

    def find(self, text: str) -> Iterator[Naming]:
        """Yield every naming, possibly overlapping ones."""
        folded = fold(text)
        for match in _MENTION.finditer(folded):
            whole = f"{match[1]}@{match[2]}" if match[2] else match[1]
            if whole in self.full or match[1] in self.full or match[1] in self.local:
                yield self._naming("handle", text, *match.span())
        for start, end, address in addresses(text):
            if belongs(site_of(address), self.sites):
                yield self._naming("link", text, start, end)
        for match in _TAG.finditer(folded):
            tag = match[1].replace("_", "")
            known = [tag] if tag in self.tags else [each for each in self.long_tags if tag.startswith(each)]
            if known:
                yield self._naming("hashtag", text, *match.span(), weight=max(map(len, known)))
        if self.bare is not None:
            for match in self.bare.finditer(fold(masked(text))):
                yield self._naming("handle", text, *match.span())
        said = words(text)
        for place, word in enumerate(said):
            for name in self.names.get(word.folded, ()):
                ahead = said[place : place + len(name.pieces)]
                if name.matches(text, ahead):
                    yield self._naming(name.kind, text, word.start, ahead[-1].end)

    def _naming(self, kind: str, text: str, start: int, end: int, *, weight: int = 0) -> Naming:
        weight = weight or end - start
        return Naming(self.marks.brand_id, self.marks.name, kind, text[start:end], start, end, weight)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in its folded words; `written` is how it has to be written to count: in capitals, or in any way."""

    kind: str
    pieces: tuple[str, ...]
    written: Literal["anyhow", "capitals", "inside"] = "anyhow"

    def matches(self, text: str, ahead: tuple[Word, ...]) -> bool:
        if tuple(each.folded for each in ahead) != self.pieces:
            return False
        first = text[ahead[0].start].isupper()
        if self.written == "inside":  # a capital that the sentence does not give
            return first and not _begins_sentence(text, ahead[0].start)
        return self.written == "anyhow" or (first and text[ahead[-1].start].isupper())


def _names(said: str, kind: str) -> Iterator[_Name]:
    """The forms under which a name is looked for: whole, and without its article; none for what says too little."""
    found = words(said)
    pieces = tuple(each.folded for each in found)
    forms = [pieces]
    if len(pieces) > 2 and pieces[0] in _ARTICLES:
        forms.append(pieces[1:])
    for form in forms:
        if sum(map(len, form)) < SHORTEST:
            continue
        meant = [each for each in form if each not in _ARTICLES]
        plain = all(_is_common(each) or len(each) < SHORTEST for each in form)
        plain = plain or (len(meant) == 1 and meant[0] in _TRADES)
        if kind == "product" and not _is_proper(said):
            # "Cita previa" is what a page is called, "Gafas Brisamar" is a name.
            if said[:1].isupper() and not plain:
                yield _Name(kind, form, "inside")
        elif len(form) > 1:
            yield _Name(kind, form, "capitals" if plain else "anyhow")
        elif not plain:
            yield _Name(kind, form)


def _is_proper(said: str) -> bool:
    """Say whether something is called by a name of its own: capitals behind the first letter, or digits."""
    return any(each.isupper() for each in said[1:]) or any(each.isdigit() for each in said)


def _begins_sentence(text: str, start: int) -> bool:
    """Say whether a word has its capital from the sentence and not from being a name."""
    before = text[:start].rstrip(" \t\"'«“¿¡(–—-•")
    return not before or before[-1] in ".!?…\n"


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return _COMMON | {fold(each) for each in frequent_words()}


def _is_common(folded: str) -> bool:
    return folded in _everyday()


@lru_cache(maxsize=256)
def _matcher(marks: Marks) -> _Matcher:
    return _Matcher(marks)
