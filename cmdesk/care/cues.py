"""Words that tell what a message is about: the readable lists of resources/triage/kinds, found in a text.

Pure. A list has groups (`[broken]`) of cues separated by commas; a cue is one or more words, `word*` any ending and
`_` any one word. Words are compared in lower case without accents; of the cues that begin at a word the longest counts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex

from cmdesk.resources import resource

LOOKED_AT = 3000  # characters of a message: who needs more has said it by then
LANGUAGES = ("es", "en", "fr", "it", "pt", "de", "ca")
#: Lists for languages that have none of their own: the nearest relatives.
_RELATIVES = {"gl": ("pt", "es"), "": ("es", "en")}

_WORDS = regex.compile(r"[^\W_]+")
_ENDING, _ANY = "*", "_"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: folded, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a text: its group, the first and the last token (inclusive), and whether it was negated."""

    group: str
    first: int
    last: int
    negated: bool = False


class _Node:
    """One step of the tree of cues."""

    __slots__ = ("any", "groups", "next", "sizes", "stems")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.sizes: tuple[int, ...] = ()
        self.any: _Node | None = None
        self.groups: tuple[str, ...] = ()

    def add(self, words: list[str], group: str) -> None:
        if not words:
            if group not in self.groups:
                self.groups = (*self.groups, group)
            return
        word, rest = words[0], words[1:]
        if word == _ANY:
            self.any = self.any or _Node()
            self.any.add(rest, group)
        elif word.endswith(_ENDING):
            stem = word[:-1]
            self.stems.setdefault(stem, _Node()).add(rest, group)
            self.sizes = tuple(sorted({*self.sizes, len(stem)}))
        else:
            self.next.setdefault(word, _Node()).add(rest, group)

    def steps(self, word: str) -> Iterator[_Node]:
        node = self.next.get(word)
        if node is not None:
            yield node
        stems, size = self.stems, len(word)
        for each in self.sizes:
            if each > size:
                break
            node = stems.get(word[:each])
            if node is not None:
                yield node
        if self.any is not None:
            yield self.any


class Lexicon:
    """The cues of a language."""

    def __init__(self, groups: dict[str, list[str]]) -> None:
        self._root = _Node()
        self.negations = frozenset(groups.get("negation", ()))
        self.size = 0
        for group, cues in groups.items():
            for cue in cues if group != "negation" else ():
                self._root.add(cue.split(), group)
                self.size += 1

    def find(self, tokens: list[Token]) -> list[Cue]:
        """Return the cues of a text in its order; they do not overlap."""
        found: list[Cue] = []
        at, count = 0, len(tokens)
        while at < count:
            last, groups = self._longest(self._root, tokens, at, count)
            if not groups:
                at += 1
                continue
            negated = any(tokens[each].word in self.negations for each in range(max(at - 3, 0), at))
            found += [Cue(group, at, last, negated) for group in groups]
            at = last + 1
        return found

    def _longest(self, node: _Node, tokens: list[Token], at: int, count: int) -> tuple[int, tuple[str, ...]]:
        last, groups = at - 1, node.groups
        if at < count:
            for step in node.steps(tokens[at].word):
                end, more = self._longest(step, tokens, at + 1, count)
                if not more:
                    continue
                if not groups or end > last:
                    last, groups = end, more
                elif end == last:
                    groups = (*groups, *(each for each in more if each not in groups))
        return last, groups


def tokens_of(text: str) -> list[Token]:
    """Return the words of the part of a text that is looked at."""
    return [Token(fold(found.group()), found.start(), found.end()) for found in _WORDS.finditer(text[:LOOKED_AT])]


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Return a word as cues are written: lower case, no accents, ß as ss."""
    word = word.lower()
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.replace("ß", "ss"))
    return "".join(each for each in plain if not unicodedata.combining(each))


@lru_cache(maxsize=16)
def lexicon(language: str) -> Lexicon:
    """Return the cues of a language, or of its nearest relatives, with those of every language."""
    own = (language,) if language in LANGUAGES else _RELATIVES.get(language, ("en", "es"))
    groups: dict[str, list[str]] = {}
    for name in (*own, "any"):
        for group, cues in read_list(resource("triage", "kinds", f"{name}.txt")).items():
            groups.setdefault(group, []).extend(cues)
    return Lexicon(groups)


def read_list(path: Path) -> dict[str, list[str]]:
    """Return the groups of a list; cues are split into words as texts are."""
    groups: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            current = groups.setdefault(line.strip("[]"), [])
        else:
            current += [" ".join(each.split()) for each in line.split(",") if each.strip()]
    return groups


def share_of_capitals(text: str) -> float:
    """Return how much of the letters is shouted; 0 for the few letters that prove nothing."""
    letters = [each for each in text if each.isalpha()]
    if len(letters) < 12:
        return 0.0
    return sum(each.isupper() for each in letters) / len(letters)


def as_written(text: str, tokens: list[Token], cue: Cue) -> str:
    """Return the words of a cue as they stand in the text."""
    return " ".join(text[tokens[cue.first].start : tokens[cue.last].end].split())


Weights = dict[str, dict[str, float]]


def read_weights(raw: dict[str, Any]) -> Weights:
    """Return feature → kind → weight of a TOML table."""
    return {feature: {kind: float(value) for kind, value in row.items()} for feature, row in raw.items()}
