"""Make weights.toml and words.tsv of resources/triage/kinds from the labelled messages written for this project.

    python packaging/triage/kinds.py

Softmax regression from a starting point set by hand (`START`), held to it by `HOLD`: some 300 messages cannot teach
what a question mark means. Prints cross-validation on the half trained on, then the held-out half. Same every time.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cmdesk.care import kinds, sentiment  # noqa: E402
from cmdesk.care.cues import Weights  # noqa: E402
from cmdesk.care.language import identify  # noqa: E402
from cmdesk.care.verdict import KINDS  # noqa: E402

DATA = ROOT / "tests" / "bench" / "data" / "triage"
HOLD, HOLD_WORDS = 0.01, 0.03  # pull toward the start, of features and of single words
RATE, ROUNDS = 0.1, 40
LEAST = 0.25  # a word that weighs less for every kind is left out
FOLDS = 6

# What each feature is believed to weigh before any message is seen.
START: dict[str, dict[str, float]] = {
    "always": {"opinion": 0.5, "status": 0.3, "troll": -0.6, "spam": -0.6},
    "broken": {"support": 1.8, "complaint": 0.6},
    "order": {"support": 1.2, "complaint": 0.3},
    "fix": {"support": 1.4, "help": 0.3},
    "ask": {"help": 1.6, "support": 0.2},
    "info": {"help": 1.6},
    "praise": {"opinion": 1.8},
    "thanks": {"opinion": 0.9},
    "dislike": {"opinion": 1.3, "complaint": 0.4},
    "view": {"opinion": 1.3},
    "anger": {"complaint": 1.7},
    "waiting": {"complaint": 1.3, "support": 0.3},
    "treatment": {"complaint": 1.3},
    "demand": {"complaint": 1.5},
    "insult": {"troll": 1.6},
    "hate": {"troll": 2.0},
    "threat": {"troll": 1.8},
    "jeer": {"troll": 1.1},
    "vulgar": {"complaint": 0.5, "troll": 0.7, "opinion": 0.2},
    "money": {"spam": 1.4},
    "reach": {"spam": 1.4},
    "prize": {"spam": 1.2},
    "adult": {"spam": 1.5},
    "quack": {"spam": 1.6},
    "contact": {"spam": 1.4},
    "bait": {"spam": 0.6},
    "baited": {"spam": 0.8},
    "laugh": {"troll": 0.3, "opinion": 0.4},
    "doing": {"status": 1.5},
    "news": {"status": 1.3},
    "matter": {"complaint": 0.3, "support": 0.2, "help": 0.2, "troll": -0.6, "spam": -0.4},
    "self": {"status": 0.3, "support": 0.3, "complaint": 0.2, "troll": -0.5, "spam": -0.5},
    "you": {"complaint": 0.3, "help": 0.3, "opinion": 0.2, "status": -0.5},
    "now": {"status": 0.5},
    "span": {"complaint": 0.6},
    "charge": {"complaint": 0.7, "support": 0.4},
    "denied": {"complaint": 0.4, "support": 0.7, "spam": -0.4},
    "health": {"complaint": 2.5},
    "safety": {"complaint": 2.5},
    "legal": {"complaint": 2.0},
    "privacy": {"complaint": 0.6, "support": 0.4},
    "urgentmoney": {"support": 0.7, "complaint": 0.7},
    "question": {"help": 1.3, "support": 0.5, "complaint": -0.3, "status": -1.0, "troll": -0.4},
    "exclaimed": {"opinion": 0.3, "status": -0.2},
    "shouted": {"spam": 0.4, "complaint": 0.3, "troll": 0.3},
    "link": {"spam": 0.9, "status": 0.7, "complaint": -0.5},
    "shortened": {"spam": 1.4},
    "tags": {"spam": 0.4, "status": 0.6},
    "named": {"spam": 0.4, "status": 0.4},
    "phone": {"spam": 1.2},
    "reference": {"support": 1.2, "troll": -0.8, "opinion": -0.5},
    "sum": {"spam": 0.4, "complaint": 0.4},
    "angry_face": {"complaint": 0.8, "troll": 0.3},
    "mocking_face": {"troll": 1.2},
    "glad_face": {"opinion": 0.9},
    "bait_face": {"spam": 1.0},
    "no_words": {"opinion": 1.0},
    "short": {"opinion": 0.3, "troll": 0.2, "complaint": -0.4, "support": -0.4},
    "long": {"complaint": 0.5, "support": 0.2},
    "bare_abuse": {"troll": 1.0},
    "concrete_abuse": {"complaint": 0.5, "troll": -0.4},
    "selling": {"spam": 0.6},
    "selling_twice": {"spam": 1.2},
    "lured": {"spam": 1.2},
    "shouted_sale": {"spam": 0.8},
    "need_unhappy": {"complaint": 0.5},
    "need_calm": {"support": 0.7},
    "asks_calm": {"help": 0.8},
    "asks_need": {"support": 0.6},
    "unhappy": {"complaint": 0.4},
    "nothing_known": {"status": 0.4, "opinion": 0.4},
    "sounds_negative": {"complaint": 1.2, "troll": 0.8, "support": 0.3, "help": -0.6, "status": -0.6},
    "sounds_positive": {"opinion": 1.0, "complaint": -1.0, "troll": -0.6, "support": -0.5},
}

Example = tuple[Mapping[str, float], int]


def rows(name: str) -> list[dict[str, str]]:
    """Return the labelled messages of a file."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def examples(messages: Iterable[dict[str, str]]) -> list[Example]:
    """Return features and kind of messages, everything guessed as in real life."""
    found = []
    for each in messages:
        language = identify(each["text"]).code
        sounds = sentiment.score(each["text"], language=language).probabilities
        shown = kinds.features(each["text"], language=language, sentiment=sounds)
        found.append((shown.values, KINDS.index(each["kind"])))
    return found


def train(data: list[Example]) -> Weights:
    """Return the weights: steps over the examples, smaller where much was learnt already, pulled toward the start."""
    names = sorted({*START, *(name for values, _kind in data for name in values)})
    start = {name: [START.get(name, {}).get(kind, 0.0) for kind in KINDS] for name in names}
    table = {name: list(row) for name, row in start.items()}
    learnt = {name: [1e-8] * len(KINDS) for name in names}
    order, chance = list(range(len(data))), random.Random(1)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            values, kind = data[at]
            wrong = list(kinds.probabilities(_sums(values, table)))
            wrong[kind] -= 1
            for name, value in values.items():
                row, known, first = table[name], learnt[name], start[name]
                hold = HOLD_WORDS if name.startswith(kinds.WORD) else HOLD
                for each in range(len(KINDS)):
                    slope = wrong[each] * value + hold * (row[each] - first[each])
                    known[each] += slope * slope
                    row[each] -= RATE * slope / math.sqrt(known[each])
    return {
        name: dict(zip(KINDS, row, strict=True))
        for name, row in table.items()
        if not name.startswith(kinds.WORD) or max(map(abs, row)) >= LEAST
    }


def _sums(values: Mapping[str, float], table: Mapping[str, list[float]]) -> list[float]:
    sums = [0.0] * len(KINDS)
    for name, value in values.items():
        row = table[name]
        for at in range(len(KINDS)):
            sums[at] += value * row[at]
    return sums


def measured(data: list[Example], table: Weights) -> list[tuple[int, int, float]]:
    """Return (true kind, guessed kind, probability of the guess) of every example."""
    found = []
    for values, kind in data:
        likely = kinds.probabilities(kinds.scores(values, table))
        best = max(range(len(KINDS)), key=likely.__getitem__)
        found.append((kind, best, likely[best]))
    return found


def report(title: str, found: list[tuple[int, int, float]]) -> None:
    """Print accuracy, macro-F1 and what the probabilities are worth."""
    scores = []
    for at in range(len(KINDS)):
        hit = sum(true == best == at for true, best, _sure in found)
        size = sum(true == at for true, _best, _sure in found) + sum(best == at for _true, best, _sure in found)
        scores.append(2 * hit / size if size else 0.0)
    right = sum(true == best for true, best, _sure in found) / len(found)
    print(f"{title}: accuracy {right:.3f}, macro-F1 {sum(scores) / len(scores):.3f}")
    print("   " + ", ".join(f"{kind} {score:.2f}" for kind, score in zip(KINDS, scores, strict=True)))
    for bound in (0.4, 0.5, 0.6, 0.7, 0.8):
        sure = [true == best for true, best, confidence in found if confidence >= bound]
        print(f"   at {bound}: {sum(sure) / max(len(sure), 1):.3f} right of {len(sure) / len(found):.2f}")


def write(table: Weights) -> None:
    """Write the weights, readable, rounded to hundredths."""
    lines = [
        "# What each feature weighs for each kind. Made by packaging/triage/kinds.py; groups of cues are features too.",
        "",
    ]
    for name in sorted(name for name in table if not name.startswith(kinds.WORD)):
        row = {kind: round(value, 2) for kind, value in table[name].items() if abs(value) >= 0.01}
        if row:
            lines.append(f"[{name}]")
            lines += [f"{kind} = {value}" for kind, value in row.items()]
            lines.append("")
    folder = ROOT / "resources" / "triage" / "kinds"
    (folder / "weights.toml").write_text("\n".join(lines), encoding="utf-8")
    words = [
        "\t".join([name[1:], *(f"{row[kind]:.2f}" if abs(row[kind]) >= 0.05 else "" for kind in KINDS)])
        for name, row in sorted(table.items())
        if name.startswith(kinds.WORD)
    ]
    (folder / "words.tsv").write_text("\n".join(words) + "\n", encoding="utf-8")


def main() -> None:
    """Cross-validate, train on the whole half, write, and measure the held-out half."""
    sample = rows("kinds.sample.tsv")
    data = examples(
        [*rows("kinds.dev.tsv"), *rows("kinds.more.tsv"), *(each for each in sample if each["half"] == "dev")]
    )
    if "--folds" in sys.argv:
        found: list[tuple[int, int, float]] = []
        for fold in range(FOLDS):
            kept = [each for at, each in enumerate(data) if at % FOLDS != fold]
            found += measured([each for at, each in enumerate(data) if at % FOLDS == fold], train(kept))
        report("cross-validation", found)
    table = train(data)
    write(table)
    report("trained on", measured(data, table))
    report("held out", measured(examples(rows("kinds.held.tsv")), table))
    report("fresh", measured(examples(rows("kinds.fresh.tsv")), table))
    report("held out, sample brands", measured(examples(each for each in sample if each["half"] == "held"), table))


if __name__ == "__main__":
    main()
