"""Triage: macro-F1 of the sentiment on the validation messages beside the published figures, and its speed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cmdesk.care import sentiment
from cmdesk.resources import resource
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

DATA = Path(__file__).parent / "data" / "triage"

# Macro-F1 on the official test messages, from the paper of the data (repository cardiffnlp/xlm-t). XLM-R is the goal.
PUBLISHED = {
    "es": {"fastText": 50.1, "XLM-R": 65.9, "XLM-T": 67.9},
    "en": {"fastText": 50.9, "XLM-R": 68.2, "XLM-T": 70.6},
    "fr": {"fastText": 54.8, "XLM-R": 72.0, "XLM-T": 71.2},
    "it": {"fastText": 54.7, "XLM-R": 71.5, "XLM-T": 69.1},
    "pt": {"fastText": 55.1, "XLM-R": 67.1, "XLM-T": 75.4},
    "de": {"fastText": 59.6, "XLM-R": 73.6, "XLM-T": 77.3},
}
MOST_BYTES = 8_000_000


def figures() -> Iterator[Figure | Skipped]:
    """Measure triage."""
    yield from _sentiment()


def labelled(path: Path) -> list[tuple[str, str, str]]:
    """Read lines of language, label and text."""
    lines = path.read_text(encoding="utf-8").split("\n")[1:]
    return [(cut[0], cut[1], cut[2]) for line in lines if line and (cut := line.split("\t"))]


def macro_f1(truth: Sequence[str], judged: Sequence[str]) -> float:
    """Return the mean of the F1 of each label, in hundredths."""
    shares = []
    for label in sorted(set(truth)):
        hits = sum(one == other == label for one, other in zip(truth, judged, strict=True))
        shares.append(2 * hits / ((truth.count(label) + judged.count(label)) or 1))
    return 100 * sum(shares) / len(shares)


def _sentiment() -> Iterator[Figure]:
    rows = labelled(DATA / "sentiment.val.tsv")
    found, pooled = {}, {}
    for language in PUBLISHED:
        mine = [(label, text) for code, label, text in rows if code == language]
        truth = [label for label, _ in mine]
        found[language] = macro_f1(truth, [sentiment.score(text, language=language).label for _, text in mine])
        pooled[language] = macro_f1(truth, [sentiment.score(text).label for _, text in mine])
    for language, published in PUBLISHED.items():
        note = ", ".join(f"{name} {value}" for name, value in published.items() if name != "XLM-R")
        yield Figure(
            f"sentiment, macro-F1, {language}", found[language], "", published["XLM-R"], "XLM-R (1.1 GB)",
            note=f"{note}; language not known {pooled[language]:.1f}",
        )  # fmt: skip
    means = {name: _mean([each[name] for each in PUBLISHED.values()]) for name in ("fastText", "XLM-R", "XLM-T")}
    note = ", ".join(f"{name} {value:.1f}" for name, value in means.items() if name != "XLM-R")
    yield Figure(
        "sentiment, macro-F1, mean", _mean(list(found.values())), "", means["XLM-R"], "XLM-R (1.1 GB)", at_least=1.0,
        note=f"{note}; language not known {_mean(list(pooled.values())):.1f}; ours on validation, theirs on test",
    )  # fmt: skip
    times = [milliseconds(lambda row=row: sentiment.score(row[2], language=row[0]), 1)[0] for row in rows]  # type: ignore[misc]
    yield Figure("sentiment, a message, p50", p50(times), "ms", at_most=1.0)
    yield Figure("sentiment, a message, p95", p95(times), "ms")
    yield Figure(
        "sentiment, 100,000 characters",
        p50(milliseconds(lambda: sentiment.score("¡Qué mal! " * 10_000), 5)),
        "ms",
        at_most=20,
    )
    yield Figure("sentiment, first message with loading", _first(), "ms", at_most=100)
    size = resource("triage", "sentiment.bin").stat().st_size
    yield Figure("sentiment, size of the model", size / 1e6, "MB", at_most=MOST_BYTES / 1e6)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _first() -> float:
    """Measure the first message of a fresh process, imports not counted."""
    program = (
        "import json, time; from cmdesk.care import sentiment; start = time.perf_counter();"
        " sentiment.score('Muchas gracias', language='es'); print(json.dumps((time.perf_counter() - start) * 1000))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    return float(json.loads(done.stdout))
