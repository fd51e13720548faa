"""The sentiment of a message with the words that decided, from the model in `resources/triage/sentiment.bin`."""

from __future__ import annotations

import json
import mmap
from dataclasses import dataclass
from functools import cache
from math import exp, log, sqrt
from typing import Any
from zlib import crc32, decompress

from cmdesk.care.features import CATEGORIES, Lexicon, Signs, normalise, signs
from cmdesk.resources import resource

LABELS = ("negative", "neutral", "positive")
MAGIC = b"CMDESK-SENTIMENT-2\n"
MOST_WORDS = 8
_SAID = frozenset(("word", "tag", "emoji", "face"))
_LOUD = frozenset("!?")
_LOG = tuple(1 + log(count) for count in range(1, 9))


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
    """Judge one message of any length; `language` is a code as `es`, anything else is judged by the pooled model.

    Safe from several threads. The first message of each language also loads that language's part of the model.
    """
    return _part(language if language in languages() else "").score(text)


@cache
def languages() -> frozenset[str]:
    """Return the codes of the languages that have a model of their own."""
    return frozenset(code for code in _header()["parts"] if code)


@cache
def _file() -> mmap.mmap:
    with resource("triage", "sentiment.bin").open("rb") as source:
        return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)


@cache
def _header() -> dict[str, Any]:
    file = _file()
    start = len(MAGIC) + 4
    size = int.from_bytes(file[len(MAGIC) : start], "little")
    header: dict[str, Any] = json.loads(file[start : start + size])
    header["start"] = start + size
    return header


@cache
def _part(language: str) -> _Part:
    header = _header()
    part = header["parts"][language]

    def section(name: str) -> bytes:
        start, size = part[name]
        start += header["start"]
        return _file()[start : start + size]

    return _Part(part, section)


class _Part:
    """The model of one language: its words, its hashed table and the weights of the dense signs."""

    def __init__(self, part: dict[str, Any], section: Any) -> None:
        entries = json.loads(decompress(section("words")))
        self._words = Lexicon({key: tuple(codes) for key, codes in entries["words"].items()})
        self._valued = Lexicon({key: (value,) for key, value in entries["valued"].items()})
        self._table = decompress(section("table"))
        self._mask = len(self._table) // 3 - 1  # three bytes a place: negative and positive beside neutral, rarity
        self._dense: list[list[float]] = json.loads(decompress(section("dense")))
        self._scale: float = part["scale"]
        self._bias: list[float] = part["bias"]
        self._heat: float = part["heat"]

    def score(self, text: str) -> Score:
        """Judge one message."""
        seen = signs(normalise(text), self._words, self._valued)
        if not seen.tokens:
            return Score(self._shares(self._bias), ())
        sums = list(self._bias)
        found = self._sparse(seen, sums)
        for row, value in zip(self._dense, seen.dense, strict=True):
            if value:
                for label in range(3):
                    sums[label] += row[label] * value
        shares = self._shares(sums)
        label = max(range(3), key=shares.__getitem__)
        return Score(shares, self._deciding(text, seen, found, label))

    def _shares(self, sums: list[float]) -> tuple[float, float, float]:
        top = max(sums)
        negative, neutral, positive = (exp((value - top) * self._heat) for value in sums)
        total = negative + neutral + positive
        return negative / total, neutral / total, positive / total

    def _sparse(self, seen: Signs, sums: list[float]) -> list[tuple[str, int, float]]:
        """Add the hashed features to the sums; returns each with its place in the table and its strength."""
        table, mask = self._table, self._mask
        blocks: tuple[list[tuple[str, int, float]], ...] = ([], [])
        for feature, count in seen.counts.items():
            at = (crc32(feature.encode()) & mask) * 3
            rarity = table[at + 2]
            if rarity:
                blocks[feature[0] == "g"].append((feature, at, rarity * _LOG[min(count, 8) - 1]))
        found = []
        for block in blocks:
            length = sqrt(sum(value * value for _, _, value in block)) or 1.0
            unit = self._scale / length
            for feature, at, value in block:
                strength = value * unit
                found.append((feature, at, strength))
                negative, positive = table[at], table[at + 1]
                sums[0] += strength * (negative - 256 if negative > 127 else negative)
                sums[2] += strength * (positive - 256 if positive > 127 else positive)
        return found

    def _deciding(
        self, text: str, seen: Signs, found: list[tuple[str, int, float]], label: int
    ) -> tuple[tuple[str, float], ...]:
        weights = [0.0] * len(seen.tokens)
        others = [other for other in range(3) if other != label]

        def toward(row: Any) -> float:
            return float(row[label] - (row[others[0]] + row[others[1]]) / 2)

        for feature, at, strength in found:
            negative, positive = (weight - 256 if weight > 127 else weight for weight in self._table[at : at + 2])
            places = seen.places[feature]
            share = toward((negative, 0, positive)) * strength / len(places)
            for place in places:
                weights[place] += share
        size = len(CATEGORIES)
        for place, codes in enumerate(seen.categories):
            for code in codes:
                weights[place] += toward(self._dense[code + size * seen.negated[place]]) / 2
        summed = sum(toward(self._dense[3 * size + at]) * seen.dense[3 * size + at] for at in range(8))
        total = sum(abs(value) for value in seen.valences.values())
        net = sum(seen.valences.values())
        for place, value in seen.valences.items():
            weights[place] += summed * (abs(value) / total) * (1 if (value > 0) == (net > 0) else -1)
        words: dict[str, float] = {}
        for token, weight in zip(seen.tokens, weights, strict=True):
            written = seen.text[token.start : token.end]
            if (token.kind in _SAID or token.form[0] in _LOUD) and (written := _as_written(text, written)):
                words[written] = words.get(written, 0.0) + weight
        ranked = sorted(words.items(), key=lambda item: (-abs(item[1]), item[0]))
        return tuple((word, round(weight, 4)) for word, weight in ranked[:MOST_WORDS] if abs(weight) >= 0.01)


def _as_written(text: str, word: str) -> str:
    if word in text:
        return word
    curly = word.replace("'", "’")
    return curly if curly in text else ""
