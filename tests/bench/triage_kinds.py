"""Triage beside the sentiment: language, kind and urgency on labelled messages, and the speed of a verdict."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from cmdesk.care import kinds, sentiment
from cmdesk.care.language import identify
from cmdesk.care.triage import judge
from cmdesk.care.verdict import KIND_SURE, KINDS, LANGUAGE_SURE, SENTIMENTS, SURE
from cmdesk.resources import resource
from tests.bench.figures import Figure, milliseconds, p50, p95

DATA = Path(__file__).parent / "data" / "triage"
SIX = ("es", "en", "fr", "it", "pt", "de")
MOST_BYTES = 500_000  # language and kinds together, of the 8 MB


def figures() -> Iterator[Figure]:
    """Measure what tests/bench/triage.py leaves out."""
    yield from _languages()
    yield from _kinds()
    yield from _sentiment()
    yield from _speed()


def rows(name: str) -> list[dict[str, str]]:
    """Return the labelled messages of a file."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _languages() -> Iterator[Figure]:
    messages = rows("sentiment.val.tsv")
    found = [(each["language"], identify(each["text"])) for each in messages]
    each = ", ".join(
        f"{code} {_share([guess.code == code for true, guess in found if true == code]):.1f}" for code in SIX
    )
    yield Figure(
        "language of the six, without a hint", _share([true == guess.code for true, guess in found]), "%",
        note=f"{each}; {len(found)} validation messages",
    )  # fmt: skip
    sure = [true == guess.code for true, guess in found if guess.confidence >= LANGUAGE_SURE]
    yield Figure(
        f"language where it is sure (from {LANGUAGE_SURE})", _share(sure), "%",
        note=f"{100 * len(sure) / len(found):.0f} % of the messages",
    )  # fmt: skip
    with (DATA / "language.tsv").open(encoding="utf-8", newline="") as stream:
        own = [(row[0], row[1]) for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    for hint in (False, True):
        shares = {
            code: _share(
                [identify(text, likely=[code] if hint else []).code == code for true, text in own if true == code]
            )
            for code in ("ca", "gl", "eu", "nl", "es", "pt")
        }
        yield Figure(
            f"Catalan, Galician, Basque, Dutch, {'with the hint' if hint else 'no hint'}",
            sum(shares[code] for code in ("ca", "gl", "eu", "nl")) / 4, "%",
            note=", ".join(f"{code} {share:.0f}" for code, share in shares.items()) + f"; {len(own)} short messages",
        )  # fmt: skip


def _kinds() -> Iterator[Figure]:
    sample = [each for each in rows("kinds.sample.tsv") if each["half"] == "held"]
    sets = {"plain": rows("kinds.held.tsv"), "short and odd": rows("kinds.fresh.tsv"), "sample brands": sample}
    for title, messages in sets.items():
        verdicts = [judge(each["text"]) for each in messages]
        true, said = [each["kind"] for each in messages], [each.kind for each in verdicts]
        shares = {kind: _f1(true, said, kind) for kind in KINDS}
        yield Figure(
            f"kind, held out, {title}, macro-F1", 100 * sum(shares.values()) / len(shares), "",
            note=", ".join(f"{kind} {100 * share:.0f}" for kind, share in shares.items()) + f"; {len(true)} messages",
        )  # fmt: skip
        right = [one == other for one, other in zip(true, said, strict=True)]
        sure = [hit for hit, verdict in zip(right, verdicts, strict=True) if not verdict.kind_unsure]
        yield Figure(
            f"kind, held out, {title}, accuracy", _share(right), "%",
            note=f"{_share(sure):.0f} % where it is sure (from {KIND_SURE}), {100 * len(sure) / len(right):.0f} % are",
        )  # fmt: skip
        if title == "plain":
            steps = [
                abs(verdict.urgency - int(row["urgency"])) for verdict, row in zip(verdicts, messages, strict=True)
            ]
            yield Figure(
                "urgency, held out, exactly right", _share([step == 0 for step in steps]), "%",
                note=f"within one step {_share([step <= 1 for step in steps]):.0f} %",
            )  # fmt: skip


def _sentiment() -> Iterator[Figure]:
    """The sentiment of a verdict, which knows the kind, beside that of the words alone."""
    sets = {"tweets": "sentiment.val.tsv", "plain": "kinds.held.tsv", "short and odd": "kinds.fresh.tsv"}
    for title, name in sets.items():
        messages = rows(name)
        true = [each["sentiment"] for each in messages]
        verdicts = [judge(each["text"]) for each in messages]
        said = [each.sentiment for each in verdicts]
        alone = [sentiment.score(each["text"], language=identify(each["text"]).code).label for each in messages]
        sure = [one == each.sentiment for one, each in zip(true, verdicts, strict=True) if not each.unsure]
        yield Figure(
            f"sentiment of a verdict, {title}, macro-F1", _macro(true, said), "", _macro(true, alone), "words alone",
            note=f"{_share(sure):.0f} % right where it is sure (from {SURE}), {100 * len(sure) / len(true):.0f} % are",
        )  # fmt: skip


def _macro(true: Sequence[str], said: Sequence[str]) -> float:
    return 100 * sum(_f1(true, said, label) for label in SENTIMENTS) / len(SENTIMENTS)


def _speed() -> Iterator[Figure]:
    messages = rows("sentiment.val.tsv")
    for each in messages[:200]:
        judge(each["text"])
    parts = {
        "a verdict": lambda text, code: judge(text),
        "its language": lambda text, code: identify(text),
        "its sentiment": lambda text, code: sentiment.score(text, language=code),
        "its kind and urgency": lambda text, code: kinds.judge_kind(text, language=code, sentiment=(0.2, 0.6, 0.2)),
    }
    for title, part in parts.items():
        times = [
            milliseconds(lambda run=part, each=each: run(each["text"], each["language"]), 1)[0]  # type: ignore[misc]
            for each in messages
        ]
        whole = title == "a verdict"
        yield Figure(
            f"triage, {title}, p50", p50(times), "ms", at_most=1.0 if whole else None, note=f"p95 {p95(times):.2f} ms"
        )
    long = [("letters", "a" * 100_000), ("words", "¿hola? " * 14_000), ("dots", "a.b" * 33_000)]
    worst = max(p50(milliseconds(lambda text=text: judge(text), 5)) for _name, text in long)  # type: ignore[misc]
    yield Figure("triage, 100,000 characters, the worst", worst, "ms", at_most=30)
    files = [resource("triage", "language.bin"), *sorted(resource("triage", "kinds").iterdir())]
    size = sum(file.stat().st_size for file in files)
    yield Figure("triage, files of language and kinds", size / 1e6, "MB", at_most=MOST_BYTES / 1e6)


def _share(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / max(len(hits), 1)


def _f1(true: Sequence[str], said: Sequence[str], label: str) -> float:
    hits = sum(one == other == label for one, other in zip(true, said, strict=True))
    return 2 * hits / ((true.count(label) + said.count(label)) or 1)
