"""Which words of a text are wrong, and what was meant."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from cmdesk.files import private_folder
from cmdesk.spelling.adding import add
from cmdesk.spelling.dictionaries import Found, Source, chosen, dictionaries, unpacked
from cmdesk.spelling.words import words

log = logging.getLogger(__name__)

SUGGESTIONS = 6
_KEPT = 20_000
# Pronouns at the end of a Spanish verb: no dictionary lists cómpramelo or desayúnatelo.
_ENCLITICS = regex.compile(r"(?:me|te|se|nos|os)?(?:l[oae]s?|me|te|se|nos|os)$")
_PLAIN = str.maketrans("áéíóú", "aeiou")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word that no dictionary of its language has; `start` and `end` in characters of the text."""

    start: int
    end: int
    word: str


class Speller:
    """Looks words up; dictionaries load when a text of their language is first checked (40 to 560 ms).

    `cache` is where packed dictionaries are unpacked, `own` the person's folder of more. May be used from any thread.
    """

    def __init__(self, *, cache: Path, own: Path) -> None:
        self._cache, self._own = cache, own
        self._lock = threading.Lock()
        self._known: dict[str, Found] | None = None
        self._open: dict[str, Any] = {}
        self._answers: dict[tuple[str, str], bool] = {}

    def can(self, language: str) -> bool:
        """Say whether there is a dictionary of `language` (BCP 47)."""
        return bool(language) and bool(chosen(language, self._all()))

    def source(self, language: str) -> Source | None:
        """Return where the dictionary of `language` is from, None where there is none."""
        return next((found.source for found in chosen(language, self._all())), None)

    def add(self, paths: Iterable[Path]) -> list[str]:
        """Take dictionaries into the person's folder and return their tags; raises Invalid as `adding.add`. Blocks."""
        added = add(paths, self._own)
        self.again()
        return added

    @property
    def folder(self) -> Path:
        """The person's own folder, where dictionaries may also be put by hand."""
        return private_folder(self._own)

    def ready(self, language: str) -> bool:
        """Say whether a text of `language` can be checked without loading anything."""
        return all(found.tag in self._open for found in chosen(language, self._all()))

    def load(self, language: str) -> None:
        """Load the dictionaries of `language` now: blocks, for threads beside the window's."""
        with self._lock:
            self._engines(language)

    def languages(self) -> list[str]:
        """Return the tags of every dictionary there is."""
        return sorted(self._all())

    def check(self, text: str, language: str, *, known: Collection[str] = ()) -> list[Misspelt]:
        """Return the misspelt words of a text, in order; `known` (casefolded) are right in any language.

        Empty where there is no dictionary. Deterministic; raises nothing for any text.
        """
        if not self.can(language):
            return []
        return [
            Misspelt(start, end, word)
            for start, end, word in words(text)
            if word.casefold() not in known and not self._right(word, language)
        ]

    def suggest(self, word: str, language: str) -> list[str]:
        """Return what may have been meant, the best first; takes up to half a second."""
        with self._lock:
            lists = [each.suggest(word) for each in self._engines(language)]
        merged = (every[rank] for rank in range(SUGGESTIONS) for every in lists if rank < len(every))
        return list(dict.fromkeys(merged))[:SUGGESTIONS]

    def again(self) -> None:
        """Look for dictionaries anew: one was put into a folder."""
        with self._lock:
            self._known = None
            self._open.clear()
            self._answers.clear()

    def _all(self) -> dict[str, Found]:
        if self._known is None:
            self._known = dictionaries(self._own)
        return self._known

    def _right(self, word: str, language: str) -> bool:
        key = (language, word)
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                engines = self._engines(language)
                answer = not engines or any(_has(engine, word, language) for engine in engines)
                if len(self._answers) >= _KEPT:
                    self._answers.clear()
                self._answers[key] = answer
        return answer

    def _engines(self, language: str) -> list[Any]:
        engines = []
        for found in chosen(language, self._all()):
            if found.tag not in self._open:
                self._open[found.tag] = self._opened(found)
            if self._open[found.tag] is not None:
                engines.append(self._open[found.tag])
        return engines

    def _opened(self, found: Found) -> Any:
        from hunspell import Hunspell

        try:
            return Hunspell(found.tag, hunspell_data_dir=str(unpacked(found, self._cache)))
        except Exception:
            # A broken file of somebody else must not stop anybody from writing.
            log.exception("the dictionary %s cannot be used", found.tag)
            return None


def _has(engine: Any, word: str, language: str) -> bool:
    """Look a word up as it stands, and each part of one joined by hyphens."""
    if engine.spell(word):
        return True
    if "-" in word:
        return all(engine.spell(part) for part in word.split("-"))
    if language.startswith("es") and (stem := _ENCLITICS.sub("", word)) != word and len(stem) > 2:
        return any(engine.spell(each) for each in (stem, stem.translate(_PLAIN)))
    return False
