"""The texts of a post as they would be read, and words that are found in them whatever their accents and endings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from cmdesk.model import Account, Post
from cmdesk.planning.content import COMMENT, key_for, readers_of
from cmdesk.planning.review import Place
from cmdesk.text import links

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*+(?:['’-][\p{L}\p{N}]++)*+")
_NO_WORDS = regex.compile(
    r"[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)+|(?<![\w/@.])@[\w.-]+(?:@[\w.:-]+)?|(?<![\w#&/])[#＃]\w++"
)
_QUOTED = regex.compile(r"«[^»\n]{1,400}»|“[^”\n]{1,400}”|\"[^\"\n]{1,400}\"|„[^“”\n]{1,400}[“”]")


@dataclass(frozen=True, slots=True)
class Copy:
    """One text that would be published, and where it stands; `kind`: text, alt, spoiler, poll or card."""

    text: str
    place: Place
    kind: str = "text"

    def at(self, start: int, end: int) -> Place:
        """Return the place of a stretch of it."""
        return replace(self.place, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, folded and cut to its stem, with its place in the text."""

    folded: str
    stem: str
    start: int
    end: int


def copies(post: Post, accounts: Iterable[Account]) -> list[Copy]:
    """Return every text somebody would read, each once, in the order in which it goes out.

    A variant for a network the post does not go to is left out, and so is a common text that nobody gets.
    """
    chosen = list(accounts)
    found: list[Copy] = []
    parts = [(0, post.text, post.variants, post.media)]
    parts += [(number, each.text, each.variants, each.media) for number, each in enumerate(post.parts, 1)]
    if post.comment is not None:
        parts.append((COMMENT, post.comment.text, post.comment.variants, post.comment.media))
    for number, text, variants, media in parts:
        for key in _keys(post, variants, chosen):
            found.append(Copy(variants[key] if key else text, Place(number, key)))
        found += [Copy(each.alt, Place(number, media_id=each.media.id), "alt") for each in media]
    found.append(Copy(post.spoiler, Place(), "spoiler"))
    if post.poll is not None:
        found += [Copy(each, Place(), "poll") for each in post.poll.options]
    if post.card is not None:
        found += [Copy(each, Place(), "card") for each in (post.card.title, post.card.description)]
    return [each for each in found if each.text.strip()]


def _keys(post: Post, variants: Mapping[str, str], chosen: list[Account]) -> list[str]:
    if not chosen:
        return ["", *variants]
    markets = {each.id: readers_of(post, each.id).market_id for each in chosen}
    used = [key_for(variants, network=each.network, account_id=each.id, market_id=markets[each.id]) for each in chosen]
    return list(dict.fromkeys(sorted(used, key=bool)))


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Letters without their accents, one for one; ñ stays itself, because año is not ano."""
    table = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code).lower()
        base = unicodedata.normalize("NFD", letter)[0]
        table[code] = "ñ" if letter == "ñ" else base if len(letter) == 1 else chr(code)
    return table


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """Return `text` in small letters without accents, every character at the place it had."""
    return text.translate(_table())


@lru_cache(maxsize=512)
def masked(text: str, *, quotes: bool = False) -> str:
    """Return `text` with links, handles and hashtags blanked out, with `quotes` also what others are quoted with."""
    pieces = list(text)
    spans = [(start, end) for start, end, _link in links(text)]
    spans += [match.span() for match in _NO_WORDS.finditer(text)]
    if quotes:
        spans += [match.span() for match in _QUOTED.finditer(text)]
    for start, end in spans:
        pieces[start:end] = " " * (end - start)
    return "".join(pieces)


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text that are no links, handles or hashtags."""
    blanked = masked(text)
    folded = fold(blanked)
    return tuple(
        Word(piece := folded[match.start() : match.end()], stem(piece), match.start(), match.end())
        for match in _WORD.finditer(blanked)
    )


def stem(folded: str) -> str:
    """Cut the commonest endings of number and gender off a folded word: barato, barata, baratos, baratas are one.

    Short words lose no more than the s of the plural: caro is not cara.
    """
    if len(folded) <= 4:
        return folded[:-1] if len(folded) == 4 and folded.endswith("s") else folded
    if folded.endswith("es") and folded[-3] not in "aeiou":
        folded = folded[:-2]
    elif folded.endswith("s") and not folded.endswith("ss"):
        folded = folded[:-1]
    return folded[:-1] if len(folded) > 4 and folded[-1] in "aoe" else folded


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: as it was asked for, and where."""

    phrase: str
    start: int
    end: int


class Phrases:
    """Words and phrases to look for, whole and with their endings; one that ends in * stands for all that begin so."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_stem: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._beginnings: list[tuple[str, str]] = []
        for phrase in phrases:
            if phrase.endswith("*") and len(phrase) > 3 and not phrase[:-1].strip().count(" "):
                self._beginnings.append((fold(phrase[:-1].strip()), phrase))
                continue
            stems = tuple(each.stem for each in words(phrase))
            if stems:
                self._by_stem.setdefault(stems[0], []).append((stems, phrase))

    def find(self, text: str) -> Iterator[Hit]:
        """Yield what is found, in the order of the text."""
        said = words(text)
        for place, word in enumerate(said):
            for stems, phrase in self._by_stem.get(word.stem, ()):
                ahead = said[place : place + len(stems)]
                if tuple(each.stem for each in ahead) == stems:
                    yield Hit(phrase, word.start, ahead[-1].end)
            for start, phrase in self._beginnings:
                if word.folded.startswith(start):
                    yield Hit(phrase, word.start, word.end)


@lru_cache(maxsize=64)
def phrases(given: tuple[str, ...]) -> Phrases:
    """Return what to look for, made once for the same words."""
    return Phrases(given)


def beginning(text: str, most: int = 60) -> str:
    """Return the first words of a text on one line, enough to know it by."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def without_quotes(text: str) -> str:
    """Return `text` with links, handles, hashtags and quotations blanked out: what the brand itself says."""
    return masked(text, quotes=True)
