"""Which language a short message is in, from its words and their parts; no general detector, but one with a prior.

Pure and offline. Naive Bayes over whole words and groups of two to four letters; what the brand, the contact or the
network say of the language weighs like a few letters more, because Galician beside Portuguese and Catalan beside
Spanish often differ by no more. packaging/triage/language.py reproduces the resource.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from cmdesk.resources import resource

LETTERS = 400  # of a message that are looked at: more letters change no answer
WORD = 24  # longer ones are no words

#: How much one unit of evidence counts: letters that overlap are no independent witnesses. Measured on validation.
SHARPNESS = 0.22
#: What a language named beforehand is worth, the first one most (natural logarithms).
NAMED_FIRST = 2.2
NAMED = 1.2
#: Without any hint these are rarer in the inbox of a desk.
RARER = {"ca": -1.5, "gl": -2.2, "eu": -1.5, "nl": -1.2}

_NOT_WORDS = regex.compile(r"https?://\S*|www\.\S+|\bhttp\b|[@#][\w.@-]+|\b[\w.+-]{1,40}@[\w.-]+")
_WORDS = regex.compile(r"[^\W\d_]+")
_STRETCHED = regex.compile(r"(.)\1{2,}")
# Other scripts name their language, or its most frequent one, by themselves.
_SCRIPTS = (
    ("ja", regex.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("ko", regex.compile(r"\p{Hangul}")),
    ("zh", regex.compile(r"\p{Han}")),
    ("uk", regex.compile(r"[іїєґІЇЄҐ]")),
    ("ru", regex.compile(r"\p{Cyrillic}")),
    ("ar", regex.compile(r"\p{Arabic}")),
    ("el", regex.compile(r"\p{Greek}")),
    ("he", regex.compile(r"\p{Hebrew}")),
    ("hi", regex.compile(r"\p{Devanagari}")),
    ("th", regex.compile(r"\p{Thai}")),
)
_FIELD = 4  # bytes of one language's sum
_HALF = 4.0  # weights lie between minus and plus this
STEP = 255 / (2 * _HALF)


@dataclass(frozen=True, slots=True)
class Guess:
    """A language code, '' where there is nothing to judge, and how sure that is (0 to 1)."""

    code: str
    confidence: float


NOTHING = Guess("", 0.0)


@dataclass(frozen=True, slots=True)
class _Model:
    codes: tuple[str, ...]
    table: dict[str, int]  # gram → the weights of all languages side by side in one number


@lru_cache(maxsize=1)
def _model() -> _Model:
    # Lines of text (the codes, then a gram each), a zero, then a byte for each gram and language, gram by gram.
    head, _zero, weights = zlib.decompress(resource("triage", "language.bin").read_bytes()).partition(b"\0")
    first, *grams = head.decode("utf-8").split("\n")
    codes = tuple(first.split())
    languages = len(codes)
    wide = bytearray(len(grams) * languages * _FIELD)
    wide[::_FIELD] = weights
    size = languages * _FIELD
    table = {gram: int.from_bytes(wide[at * size : (at + 1) * size], "little") for at, gram in enumerate(grams)}
    return _Model(codes, table)


def frequent_words() -> list[str]:
    """Return the words, in small letters, that are frequent in one of the languages that are known here."""
    return [gram[1:] for gram in _model().table if gram.startswith("=")]


def words_of(text: str) -> list[str]:
    """Return the words that show a language: no addresses, names, tags or figures; stretched letters shortened."""
    found = _WORDS.findall(_NOT_WORDS.sub(" ", text[: LETTERS * 3])[: LETTERS * 2].lower())
    kept, letters = [], 0
    for word in found:
        if len(word) <= WORD:
            kept.append(_STRETCHED.sub(r"\1\1", word))
            letters += len(word)
            if letters > LETTERS:
                break
    return kept


def grams_of(words: Iterable[str]) -> list[str]:
    """Return what of these words is counted: each whole, and its groups of two, three and four letters."""
    found: list[str] = []
    for word in words:
        padded = f" {word} "
        found.append(f"={word}")
        size = len(padded)
        found += [padded[at : at + 2] for at in range(size - 1)]
        found += [padded[at : at + 3] for at in range(size - 2)]
        found += [padded[at : at + 4] for at in range(size - 3)]
    return found


def identify(text: str, *, likely: Sequence[str] = ()) -> Guess:
    """Return the language of a text; `likely` are codes that the brand, the contact or the network name, best first.

    Never raises on any text. Regional codes (pt-BR) count as their language.
    """
    other = _script(text)
    if other is not None:
        return other
    words = words_of(text)
    if not words:
        return NOTHING
    model = _model()
    get = model.table.get
    found = [weights for gram in grams_of(dict.fromkeys(words)) if (weights := get(gram)) is not None]
    named = [code[:2].lower() for code in likely if code]
    scores = _scores(model.codes, sum(found), len(found), named)
    best = max(scores, key=scores.__getitem__)
    top = scores[best]
    confidence = 1 / sum(math.exp(score - top) for score in scores.values())
    if not found and not named:
        return NOTHING
    return Guess(best, confidence)


def _scores(codes: tuple[str, ...], total: int, count: int, named: list[str]) -> dict[str, float]:
    scores = {}
    for at, code in enumerate(codes):
        field = (total >> (8 * _FIELD * at)) & 0xFFFFFFFF
        scores[code] = SHARPNESS * (field / STEP - _HALF * count) + (0.0 if code in named else RARER.get(code, 0.0))
    for place, code in enumerate(dict.fromkeys(named)):
        if code in scores:
            scores[code] += NAMED_FIRST if place == 0 else NAMED
    return scores


def _script(text: str) -> Guess | None:
    """Return the guess of a text mostly in another script than ours, None for Latin letters or none at all."""
    if text.isascii():
        return None
    letters = [each for each in text[: LETTERS * 2] if each > "\u036f" and each.isalpha()]
    if len(letters) * 2 <= sum(each.isalpha() for each in text[: LETTERS * 2]):
        return None
    other = "".join(letters)
    for code, pattern in _SCRIPTS:
        share = len(pattern.findall(other)) / len(other)
        if share > (0.02 if code in ("ja", "uk") else 0.5):
            return Guess(code, 0.9 if code not in ("ru", "ar", "zh") else 0.75)
    return None
