"""Train the sentiment model: `train.py DATA_FOLDER [--out FILE] [--check]`; see README.md beside it.

The same data, word lists and package versions give the same file byte for byte.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from cmdesk.care.features import CATEGORIES, DENSE, Lexicon, Signs, normalise, signs  # noqa: E402
from cmdesk.care.sentiment import LABELS, MAGIC  # noqa: E402

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
BUCKETS = 1 << 17
FOLDS = 5
DENSE_SHARE = 0.5
STRENGTH = 1.0


@dataclass(frozen=True)
class Row:
    """One labelled message."""

    language: str
    label: int
    text: str


def rows(path: Path) -> list[Row]:
    """Read a file of language, sentiment and text."""
    lines = path.read_text(encoding="utf-8").split("\n")[1:]
    cut = (line.split("\t") for line in lines if line)
    return [Row(language, LABELS.index(label), text) for language, label, text in cut]


def word_list(language: str) -> dict[str, list[int]]:
    """Return the words of a language with their categories."""
    found: dict[str, list[int]] = {}
    names = list(CATEGORIES)
    for line in (HERE / "words" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        name, words = line.split(":", 1)
        for word in words.lower().split():
            codes = found.setdefault(word, [])
            if names.index(name) not in codes:
                codes.append(names.index(name))
    return found


def valued_list(language: str) -> dict[str, int]:
    """Return the words of a language with one number each."""
    found = {}
    for line in (HERE / "words" / f"{language}.valued.txt").read_text(encoding="utf-8").splitlines():
        value, words = line.split(":", 1)
        found.update(dict.fromkeys(words.split(), int(value)))
    return found


def lists(language: str) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Return both word lists of a language; those of all together for none."""
    if language:
        return word_list(language), valued_list(language)
    words: dict[str, list[int]] = {}
    valued: dict[str, list[int]] = {}
    for each in LANGUAGES:
        for word, codes in word_list(each).items():
            words.setdefault(word, []).extend(code for code in codes if code not in words.get(word, ()))
        for word, value in valued_list(each).items():
            valued.setdefault(word, []).append(value)
    return words, {word: round(sum(values) / len(values)) for word, values in valued.items()}


def read_signs(texts: Iterable[str], language: str) -> list[Signs]:
    """Count the signs of messages as the program does."""
    words, valued = lists(language)
    one = Lexicon({word: tuple(codes) for word, codes in words.items()})
    other = Lexicon({word: (value,) for word, value in valued.items()})
    return [signs(normalise(text), one, other) for text in texts]


class Hashed:
    """The sparse features of messages as places in a table, each weighted by its rarity in the messages learnt from."""

    def __init__(self, seen: Sequence[Signs]) -> None:
        """Hash the features of all messages, in two blocks: words, and pieces of words."""
        self.blocks = tuple(self._matrix(seen, grams) for grams in (False, True))

    @staticmethod
    def _matrix(seen: Sequence[Signs], grams: bool) -> sparse.csr_matrix:
        at, starts, values = [], [0], []
        for one in seen:
            for feature, count in one.counts.items():
                if (feature[0] == "g") == grams:
                    at.append(zlib.crc32(feature.encode()) & (BUCKETS - 1))
                    values.append(1 + np.log(min(count, 8)))
            starts.append(len(at))
        return sparse.csr_matrix((values, at, starts), shape=(len(seen), BUCKETS))

    def rarity(self, learnt: np.ndarray) -> np.ndarray:
        """Return the rarity of each place in sixteenths, 0 where fewer than two messages have it."""
        found = np.zeros(BUCKETS)
        for block in self.blocks:
            found += np.bincount(block[learnt].indices, minlength=BUCKETS)
        rarity = np.clip(np.round(16 * (np.log(len(learnt) / np.maximum(found, 1)) + 1)), 1, 255)
        return np.where(found >= 2, rarity, 0)

    def matrix(self, which: np.ndarray, rarity: np.ndarray) -> sparse.csr_matrix:
        """Return both blocks of some messages, each message's block of length 1."""
        parts = []
        for block in self.blocks:
            part = block[which] @ sparse.diags(rarity)
            lengths = np.sqrt(np.asarray(part.multiply(part).sum(1)).ravel())
            parts.append(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ part)
        return sparse.csr_matrix(parts[0] + parts[1])


@dataclass
class Learnt:
    """A trained part: weights of the table and of the dense signs, and what its probabilities are heated by."""

    table: np.ndarray
    rarity: np.ndarray
    dense: np.ndarray
    bias: np.ndarray
    heat: float = 1.0


def fit(hashed: Hashed, dense: np.ndarray, labels: np.ndarray, learnt: np.ndarray) -> Learnt:
    """Learn from the messages `learnt`."""
    rarity = hashed.rarity(learnt)
    both = sparse.hstack([hashed.matrix(learnt, rarity), sparse.csr_matrix(dense[learnt] * DENSE_SHARE)]).tocsr()
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(both, labels[learnt])
    return Learnt(model.coef_[:, :BUCKETS].T, rarity, model.coef_[:, BUCKETS:].T * DENSE_SHARE, model.intercept_)


def judge(learnt: Learnt, hashed: Hashed, dense: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Return the sums of the labels."""
    return hashed.matrix(which, learnt.rarity) @ learnt.table + dense[which] @ learnt.dense + learnt.bias


def heat_of(sums: np.ndarray, labels: np.ndarray) -> float:
    """Return what sums are multiplied by so that their shares are honest probabilities."""

    def loss(heat: float) -> float:
        scaled = sums * heat
        scaled -= scaled.max(1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        return float(-logs[np.arange(len(labels)), labels].mean())

    return min((step / 50 for step in range(10, 151)), key=loss)


def crossed(hashed: Hashed, dense: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the sums of each message by a model that has not seen it."""
    sums = np.zeros((len(labels), 3))
    for known, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
        sums[held] = judge(fit(hashed, dense, labels, known), hashed, dense, held)
    return sums


def part(language: str, learning: list[Row], report: dict[str, float]) -> Learnt:
    """Train the part of one language, or of all together."""
    mine = [row for row in learning if language in ("", row.language)]
    seen = read_signs((row.text for row in mine), language)
    labels = np.array([row.label for row in mine])
    hashed, dense = Hashed(seen), np.array([one.dense for one in seen])
    sums = crossed(hashed, dense, labels)
    report[language] = float(f1_score(labels, sums.argmax(1), average="macro"))
    print(f"{language or 'all':<4} cross-validated macro-F1 {100 * report[language]:.1f}", flush=True)
    learnt = fit(hashed, dense, labels, np.arange(len(mine)))
    learnt.heat = heat_of(sums, labels)
    return learnt


def written(parts: dict[str, Learnt]) -> bytes:
    """Return the file of the model."""
    body, index = bytearray(), {}
    for language, learnt in parts.items():
        scale = float(np.abs(learnt.table).max()) / 127
        table = np.zeros((BUCKETS, 4), np.uint8)
        table[:, :3] = np.round(learnt.table / scale).astype(np.int8).view(np.uint8)
        table[:, 3] = learnt.rarity.astype(np.uint8)
        words, valued = lists(language)
        entry: dict[str, Any] = {"scale": scale, "bias": [float(b) for b in learnt.bias], "heat": learnt.heat}
        for name, content in (
            ("words", packed({"words": words, "valued": valued})),
            ("table", table.tobytes()),
            ("dense", packed([[round(float(w), 5) for w in row] for row in learnt.dense])),
        ):
            entry[name] = [len(body), len(content)]
            body += content
        index[language] = entry
    header = json.dumps({"dense": DENSE, "parts": index}, sort_keys=True).encode()
    return MAGIC + len(header).to_bytes(4, "little") + header + bytes(body)


def packed(value: object) -> bytes:
    """Return a value as compressed JSON."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), 9)


def main() -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with sentiment.train.tsv")
    parser.add_argument("--out", type=Path, default=HERE.parent.parent / "resources" / "triage" / "sentiment.bin")
    options = parser.parse_args()
    learning = rows(options.data / "sentiment.train.tsv")
    report: dict[str, float] = {}
    parts = {language: part(language, learning, report) for language in (*LANGUAGES, "")}
    mean = sum(report[language] for language in LANGUAGES) / len(LANGUAGES)
    print(f"mean cross-validated macro-F1 {100 * mean:.2f}")
    content = written(parts)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(content)
    print(f"{options.out}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
