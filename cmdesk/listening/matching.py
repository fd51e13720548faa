"""Whether a text holds what a query asks for, whatever its accents and capitals, on the bounds of words; and where."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from cmdesk.care.cues import fold
from cmdesk.listening.values import Query

LOOKED_AT = 20_000  # characters of a text

_WORDS = regex.compile(r"[^\W_]+")
_TAGS = regex.compile(r"(?<![\w&])[#＃]([\w·]+)")
# "C++" and "$9" are not "C" and "9"; "H&M" is h and m however it is written.
_SIGNS = regex.compile(r"^[$€£+%=][\w]|[\w][$€£+%=]+$")
# Scripts that write no blanks between words: there a part of a run is a word.
_NO_BLANKS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text holds what was asked: (start, end) in characters, in order, never overlapping."""

    spans: tuple[Span, ...]


class Folded:
    """A text prepared for any number of queries."""

    __slots__ = ("_plain", "_set", "_tags", "ends", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text[:LOOKED_AT]
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for found in _WORDS.finditer(self.text):
            self.words.append(fold(found.group()))
            self.starts.append(found.start())
            self.ends.append(found.end())
        self._set = frozenset(self.words)
        self._tags: dict[str, list[Span]] | None = None
        self._plain: tuple[str, list[int]] | None = None

    def may_hold(self, word: str) -> bool:
        """Say whether a whole word is there at all."""
        return word in self._set

    @property
    def tags(self) -> dict[str, list[Span]]:
        """The hashtags, folded, and where they stand."""
        if self._tags is None:
            self._tags = {}
            for found in _TAGS.finditer(self.text):
                self._tags.setdefault(fold_tag(found[1]), []).append((found.start(), found.end()))
        return self._tags

    @property
    def plain(self) -> tuple[str, list[int]]:
        """The folded text, and for each of its characters where it stands in the text itself."""
        if self._plain is None:
            pieces: list[str] = []
            places: list[int] = []
            for at, each in enumerate(self.text):
                folded = _fold_sign(each)
                pieces.append(folded)
                places += [at] * len(folded)
            places.append(len(self.text))
            self._plain = ("".join(pieces), places)
        return self._plain


def match(query: Query, text: str | Folded) -> Match | None:
    """Return where `text` holds what `query` asks for, None when it does not. A query that asks nothing finds all."""
    folded = text if isinstance(text, Folded) else Folded(text)
    matcher = _compiled(query)
    if any(next(each(folded), None) is not None for each in matcher.none):
        return None
    spans: list[Span] = []
    for each in matcher.must:
        found = list(each(folded))
        if not found:
            return None
        spans += found
    if matcher.any:
        found = [span for each in matcher.any for span in each(folded)]
        if not found:
            return None
        spans += found
    return Match(_in_order(spans))


def found_words(query: Query, text: str) -> tuple[Span, ...]:
    """Return where words that a query asks for stand in a text, also when not all of them do: for showing them."""
    folded = Folded(text)
    matcher = _compiled(query)
    return _in_order([span for each in (*matcher.must, *matcher.any) for span in each(folded)])


def fold_tag(tag: str) -> str:
    """Return a hashtag as hashtags are compared: without sign, case and accents."""
    return fold(tag.lstrip("#＃").replace("·", ""))


Finder = Callable[[Folded], Iterator[Span]]


@dataclass(frozen=True, slots=True)
class _Matcher:
    must: tuple[Finder, ...]
    any: tuple[Finder, ...]
    none: tuple[Finder, ...]


@lru_cache(maxsize=512)
def _compiled(query: Query) -> _Matcher:
    return _Matcher(
        tuple(_finder(each) for each in (*query.all, *query.phrases)),
        tuple(_finder(each) for each in query.any),
        tuple(_finder(each) for each in query.none),
    )


def _finder(term: str) -> Finder:
    """Return what looks for one term."""
    if term[0] in "#＃" and _TAGS.fullmatch(term):
        wanted = fold_tag(term)
        return lambda text: iter(text.tags.get(wanted, ()))
    words = tuple(fold(each) for each in _WORDS.findall(term))
    if not words or _NO_BLANKS.search(term):
        return _substring("".join(_fold_sign(each) for each in term))
    if _SIGNS.search(term):
        return _bounded("".join(_fold_sign(each) for each in term))
    return _sequence(words, stem=term.endswith("*"), name=term[0] == "@")


def _sequence(words: tuple[str, ...], *, stem: bool, name: bool) -> Finder:
    """Return what looks for words one after another; with `stem` the last may go on, with `name` an @ stands before."""
    first, last, size = words[0], words[-1], len(words)

    def find(text: Folded) -> Iterator[Span]:
        if (size > 1 or not stem) and not text.may_hold(first):
            return
        every = text.words
        for at in range(len(every) - size + 1):
            if size > 1 and every[at] != first:
                continue
            end = every[at + size - 1]
            if not (end.startswith(last) if stem else end == last):
                continue
            if size > 2 and tuple(every[at + 1 : at + size - 1]) != words[1:-1]:
                continue
            if size > 1 and not _close(text, at, size):
                continue
            start = text.starts[at]
            if name:
                if start == 0 or text.text[start - 1] not in "@＠":
                    continue
                start -= 1
            yield (start, text.ends[at + size - 1])

    return find


def _close(text: Folded, at: int, size: int) -> bool:
    """Say whether words stand in one phrase: no full stop and no new paragraph between them."""
    for each in range(at, at + size - 1):
        between = text.text[text.ends[each] : text.starts[each + 1]]
        if len(between) > 8 or "\n\n" in between or (between[:1] in ".!?" and len(between) > 1):
            return False
    return True


def _substring(wanted: str) -> Finder:
    def find(text: Folded) -> Iterator[Span]:
        plain, places = text.plain
        at = plain.find(wanted)
        while at >= 0:
            yield (places[at], max(places[at + len(wanted) - 1] + 1, places[at] + 1))
            at = plain.find(wanted, at + len(wanted))

    return find if wanted else lambda text: iter(())


def _bounded(wanted: str) -> Finder:
    """Return what looks for signs and letters as they stand, not as a part of a word."""
    inside = _substring(wanted)

    def find(text: Folded) -> Iterator[Span]:
        for start, end in inside(text):
            before, after = text.text[start - 1 : start], text.text[end : end + 1]
            if not (wanted[0].isalnum() and before.isalnum()) and not (wanted[-1].isalnum() and after.isalnum()):
                yield (start, end)

    return find


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    lower = sign.lower()
    if lower.isascii():
        return lower
    plain = unicodedata.normalize("NFKD", lower.replace("ß", "ss"))
    # Marks by themselves mean something where letters are not Latin (Thai, the two dots of kana).
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return kept or ("" if unicodedata.combining(sign) else lower)


def _in_order(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda each: (each[0], -each[1])):
        if kept and start < kept[-1][1]:
            continue
        kept.append((start, end))
    return tuple(kept)
