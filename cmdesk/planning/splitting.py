"""Splits a long text into the parts of a thread: at paragraphs, sentences, words, and only then inside one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import regex

from cmdesk.text import links

MAX_PARTS = 60
_LIKELY = 512  # graphemes: networks take a few hundred
Fits = Callable[[str], bool]

_PARAGRAPH = regex.compile(r"\n[ \t]*\n\s*")
_LINE = regex.compile(r"\n\s*")
# A sentence ends behind its marks and closing quotes; "3.5" and "p. ej." have no blank and capital behind them.
_SENTENCE = regex.compile(
    r"(?<=[.!?…。！？][\"'»”’)\]]{0,2})\s+(?=[\p{Lu}\p{Lt}\p{N}\p{Extended_Pictographic}¿¡«“\"'(#@])"
)
_CLAUSE = regex.compile(r"(?<=[,;:–—])\s+")
_WORD = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


def split(text: str, fits: Fits, *, numbered: bool = False) -> list[str]:
    """Return `text` as parts that `fits` accepts, each as long as a natural end allows; blanks at the cuts go.

    `numbered` adds "1/n" behind each part (counted by `fits`, too). A text that fits stays one part, unnumbered.
    A link is never cut. Returns at most `MAX_PARTS` parts, the last one with all that is left.
    """
    whole = text.strip()
    if fits(whole):
        return [whole]
    if not numbered:
        return _cut(whole, fits)
    digits = 1
    while True:
        parts = _cut(whole, _with_room(fits, digits))
        if len(str(len(parts))) <= digits:
            return [f"{part}\n\n{number}/{len(parts)}" for number, part in enumerate(parts, 1)]
        digits = len(str(len(parts)))


def _with_room(fits: Fits, digits: int) -> Fits:
    mark = "0" * digits
    return lambda part: fits(f"{part}\n\n{mark}/{mark}")


def _cut(text: str, fits: Fits) -> list[str]:
    parts: list[str] = []
    while text and len(parts) < MAX_PARTS - 1 and not fits(text):
        end, following = _place(text, fits)
        parts.append(text[:end].rstrip())
        text = text[following:].lstrip()
    return [*parts, text] if text else parts


def _place(text: str, fits: Fits) -> tuple[int, int]:
    """The best (end of this part, start of the next one)."""
    most = longest(text, lambda some: fits(some.rstrip()))
    inside = [(start, end) for start, end, _link in links(text)]
    for pattern, least in ((_PARAGRAPH, 0.5), (_LINE, 0.6), (_SENTENCE, 0.35), (_CLAUSE, 0.6), (_WORD, 0.0)):
        cuts = [found.span() for found in pattern.finditer(text, 0, min(len(text), most + 200))]
        good = [
            (start, end)
            for start, end in cuts
            if 0 < start <= most and start >= most * least and not any(a < start < b for a, b in inside)
        ]
        if good:
            return good[-1]
    # One endless word: between two characters a person sees, before a link rather than within it.
    for a, b in inside:
        if 0 < a < most < b:
            return a, a
    return most, most


def longest(text: str, fits: Fits) -> int:
    """Return how many characters of the beginning fit, in whole graphemes; at least one of a text that has any."""
    ends: list[int] = []
    clusters = _GRAPHEME.finditer(text)
    low, high = 1, _LIKELY
    # What fits is short and the text may be long: look only as far as it goes on fitting.
    while True:
        ends += [found.end() for found in islice(clusters, high - len(ends))]
        if len(ends) < high or not fits(text[: ends[high - 1]]):
            break
        low, high = high, 2 * high
    if not ends:
        return 0
    high = min(high, len(ends))
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[: ends[middle - 1]]):
            low = middle
        else:
            high = middle - 1
    return ends[low - 1]
