"""Train the sentiment model: `train.py DATA_FOLDER [--out FILE] [--check]`; see README.md beside it.

The same data, word lists and package versions give the same file byte for byte.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from cmdesk.care.features import CATEGORIES, DENSE, Lexicon, Signs, normalise, signs  # noqa: E402
from cmdesk.care.sentiment import LABELS, MAGIC  # noqa: E402

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
BUCKETS = 1 << 18
FOLDS = 5
TABLE_SHARE, DENSE_SHARE = 1.4, 0.35  # the hashed features beside the dense signs, in the part of a language
BASE_SHARE = 0.7  # how much of what all languages share each starts from
STRENGTH, SHARED_STRENGTH = 0.5, 0.2  # the inverse of the penalty: of a part, of what all languages share
SECOND_SHARE = 0.4  # how much the second reader's grades count beside the labels of the data
STEPS, SHARED_STEPS = 80, 80


@dataclass(frozen=True)
class Row:
    """One labelled message."""

    language: str
    label: int
    text: str
    grade: int = 0


def rows(path: Path) -> list[Row]:
    """Read a file of language, sentiment and text."""
    lines = path.read_text(encoding="utf-8").split("\n")[1:]
    cut = (line.split("\t") for line in lines if line)
    return [Row(language, LABELS.index(label), text) for language, label, text in cut]


def graded(learning: list[Row]) -> list[Row]:
    """Add the second reader's grades (grades.txt: of each language its messages in order, 1 to 9, 0 for not read)."""
    lines = (HERE / "grades.txt").read_text(encoding="ascii").splitlines()
    grades = {language: iter(digits) for language, digits in (line.split() for line in lines)}
    return [replace(row, grade=int(next(grades[row.language]))) for row in learning]


def word_list(language: str) -> dict[str, list[int]]:
    """Return the words of a language with their categories."""
    found: dict[str, list[int]] = {}
    names = list(CATEGORIES)
    lines = [
        line
        for part in (language, "shared")
        for line in (HERE / "words" / f"{part}.txt").read_text(encoding="utf-8").splitlines()
    ]
    for line in lines:
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


def wanted(learning: Sequence[Row]) -> np.ndarray:
    """Return what each message should be judged as: its label, mixed with how messages of its grade are labelled."""
    labels = np.eye(3)[[row.label for row in learning]]
    found = labels.copy()
    for language in LANGUAGES:
        for grade in sorted({row.grade for row in learning} - {0}):
            at = [n for n, row in enumerate(learning) if (row.language, row.grade) == (language, grade)]
            if at:
                usual = (labels[at].sum(0) + 1) / (len(at) + 3)
                found[at] = (1 - SECOND_SHARE) * labels[at] + SECOND_SHARE * usual
    return found


def regression(
    features: sparse.csr_matrix, aims: np.ndarray, offset: np.ndarray | float, strength: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias of a logistic regression onto shares of the labels, added to given sums."""
    size = features.shape[1]
    turned = features.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = flat[: size * 3].reshape(size, 3), flat[size * 3 :]
        sums = features @ weights + bias + offset
        sums -= sums.max(1, keepdims=True)
        powers = np.exp(sums)
        totals = powers.sum(1, keepdims=True)
        wrong = powers / totals - aims
        value = -(aims * (sums - np.log(totals))).sum() + 0.5 / strength * (weights * weights).sum()
        return value, np.concatenate([(turned @ wrong + weights / strength).ravel(), wrong.sum(0)])

    flat = minimize(
        loss, np.zeros(size * 3 + 3), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 6}
    ).x
    return flat[: size * 3].reshape(size, 3), flat[size * 3 :]


@dataclass(frozen=True)
class Part:
    """The messages of one language with their signs, and the fold each is held back in."""

    learning: list[Row]
    hashed: Hashed
    dense: np.ndarray
    folds: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """Return the labels."""
        return np.array([row.label for row in self.learning])


def prepared(learning: list[Row], language: str) -> Part:
    """Count the signs of the messages of a language, or of all together."""
    mine = [row for row in learning if language in ("", row.language)]
    seen = read_signs((row.text for row in mine), language)
    folds = np.zeros(len(mine), int)
    labels = [row.label for row in mine]
    for fold, (_, held) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels)):
        folds[held] = fold
    return Part(mine, Hashed(seen), np.array([one.dense for one in seen]), folds)


def fit_shared(parts: Sequence[Part], held: int | None) -> np.ndarray:
    """Learn the weights of the dense signs from all languages together, but for one fold."""
    aims, dense = [], []
    for part in parts:
        known = np.flatnonzero(part.folds != held)
        aims.append(wanted([part.learning[n] for n in known]))
        dense.append(part.dense[known])
    stacked = sparse.csr_matrix(np.vstack(dense))
    return regression(stacked, np.vstack(aims), 0.0, SHARED_STRENGTH, SHARED_STEPS)[0]


def fit(part: Part, shared: np.ndarray, learnt: np.ndarray) -> Learnt:
    """Learn from the messages `learnt` what the language adds to what all share."""
    rarity = part.hashed.rarity(learnt)
    table = part.hashed.matrix(learnt, rarity)
    used = np.flatnonzero(rarity)
    dense = sparse.csr_matrix(part.dense[learnt] * DENSE_SHARE)
    both = sparse.hstack([table[:, used] * TABLE_SHARE, dense]).tocsr()
    aims = wanted([part.learning[n] for n in learnt])
    weights, bias = regression(both, aims, part.dense[learnt] @ (shared * BASE_SHARE), STRENGTH, STEPS)
    whole = np.zeros((BUCKETS, 3))
    whole[used] = weights[: len(used)] * TABLE_SHARE
    return Learnt(whole, rarity, shared * BASE_SHARE + weights[len(used) :] * DENSE_SHARE, bias)


def judge(learnt: Learnt, part: Part, which: np.ndarray) -> np.ndarray:
    """Return the sums of the labels."""
    return part.hashed.matrix(which, learnt.rarity) @ learnt.table + part.dense[which] @ learnt.dense + learnt.bias


def heat_of(sums: np.ndarray, labels: np.ndarray) -> float:
    """Return what sums are multiplied by so that their shares are honest probabilities."""

    def loss(heat: float) -> float:
        scaled = sums * heat
        scaled -= scaled.max(1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        return float(-logs[np.arange(len(labels)), labels].mean())

    return min((step / 50 for step in range(10, 151)), key=loss)


def macro_f1(labels: np.ndarray, sums: np.ndarray) -> float:
    """Return the mean of the F1 of the labels, in hundredths."""
    return 100 * float(f1_score(labels, sums.argmax(1), average="macro"))


def trained(learning: list[Row]) -> dict[str, Learnt]:
    """Train the parts of all languages and the one of all together, and say how each does on messages not seen."""
    parts = {language: prepared(learning, language) for language in LANGUAGES}
    own = list(parts.values())
    shared = {held: fit_shared(own, held) for held in (*range(FOLDS), None)}
    parts[""] = prepared(learning, "")
    found, scores = {}, []
    for language, part in parts.items():
        sums = np.zeros((len(part.learning), 3))
        for held in range(FOLDS):
            # the folds of all together are others: what all share is then learnt from them alone
            base = shared[held] if language else fit_shared([part], held)
            learnt = fit(part, base, np.flatnonzero(part.folds != held))
            away = np.flatnonzero(part.folds == held)
            sums[away] = judge(learnt, part, away)
        score = macro_f1(part.labels, sums)
        scores.append(score)
        print(f"{language or 'not known':<10} cross-validated macro-F1 {score:.1f}", flush=True)
        base = shared[None] if language else fit_shared([part], None)
        found[language] = fit(part, base, np.arange(len(part.learning)))
        found[language].heat = heat_of(sums, part.labels)
    print(f"mean of the languages {sum(scores[:-1]) / len(LANGUAGES):.2f}")
    return found


def written(parts: dict[str, Learnt]) -> bytes:
    """Return the file of the model."""
    body, index = bytearray(), {}
    for language, learnt in parts.items():
        # Only differences decide: negative and positive are kept beside neutral, which is nought then.
        beside = learnt.table[:, [0, 2]] - learnt.table[:, [1]]
        scale = float(np.abs(beside).max()) / 127
        table = np.zeros((BUCKETS, 3), np.uint8)
        table[:, :2] = np.round(beside / scale).astype(np.int8).view(np.uint8)
        table[:, 2] = learnt.rarity.astype(np.uint8)
        words, valued = lists(language)
        entry: dict[str, Any] = {"scale": scale, "bias": [float(b) for b in learnt.bias], "heat": learnt.heat}
        for name, content in (
            ("words", packed({"words": words, "valued": valued})),
            ("table", zlib.compress(table.tobytes(), 9)),
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
    content = written(trained(graded(rows(options.data / "sentiment.train.tsv"))))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(content)
    print(f"{options.out}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
