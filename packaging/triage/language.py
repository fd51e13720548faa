"""Make resources/triage/language.bin from labelled messages and the sentences of language.tsv beside this script.

    python packaging/triage/language.py FOLDER

FOLDER holds sentiment.train.tsv and sentiment.val.tsv (language, sentiment, text). The result is the same every time.
Catalan, Galician, Basque and Dutch come from sentences written for this project, few, so that every count leans on
what is common to all languages.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import zlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cmdesk.care.language import _HALF, STEP, grams_of, identify, words_of  # noqa: E402

CODES = ("es", "en", "fr", "it", "pt", "de", "ca", "gl", "eu", "nl")
KEPT = 22_000  # grams: the ones that tell most
LEAN = 12.0  # how many counts of the common language each gram's own counts stand against


def rows(path: Path) -> list[tuple[str, str]]:
    """Return (language, text) of a table whose first column is the language and whose last the text."""
    with path.open(encoding="utf-8", newline="") as stream:
        found = [(row[0], row[-1]) for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [each for each in found if each[0] in CODES]


def train(messages: list[tuple[str, str]], sentences: list[tuple[str, str]]) -> tuple[list[str], bytes]:
    """Return the grams and their weights, a byte for each language."""
    counts = {code: Counter[str]() for code in CODES}
    for code, text in messages:
        counts[code].update(grams_of(words_of(text)))
    for code, text in sentences:
        for gram in grams_of(words_of(text)):
            counts[code][gram] += 1
    totals = {code: sum(each.values()) for code, each in counts.items()}
    shares: Counter[str] = Counter()
    for code, each in counts.items():
        for gram, number in each.items():
            shares[gram] += number / totals[code] / len(CODES)  # type: ignore[assignment]
    size = sum(totals.values()) / len(CODES)
    weighed = []
    for gram, share in shares.items():
        # Seen once in one language says nothing.
        if sum(each[gram] for each in counts.values()) < 2:
            continue
        row = []
        for code in CODES:
            lean = LEAN if totals[code] > size / 4 else LEAN / 6
            row.append(math.log((counts[code][gram] + lean * share * 1000) / (totals[code] + lean * 1000)))
        middle = sum(row) / len(row)
        spread = [each - middle for each in row]
        weighed.append((share * max(map(abs, spread)), gram, spread))
    weighed.sort(key=lambda each: (-each[0], each[1]))
    kept = sorted(weighed[:KEPT], key=lambda each: each[1])
    packed = bytes(
        round((min(max(value, -_HALF), _HALF) + _HALF) * STEP) for _told, _gram, spread in kept for value in spread
    )
    return [gram for _told, gram, _spread in kept], packed


def main() -> None:
    """Train, write, and say how good it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    grams, weights = train(rows(options.folder / "sentiment.train.tsv"), rows(Path(__file__).with_name("language.tsv")))
    target = ROOT / "resources" / "triage" / "language.bin"
    target.parent.mkdir(exist_ok=True)
    head = "\n".join([" ".join(CODES), *grams]).encode()
    target.write_bytes(zlib.compress(head + b"\0" + weights, 9))
    print(f"{len(grams)} grams, {target.stat().st_size} bytes")
    for name in ("sentiment.val.tsv", "language.tsv"):
        own = ROOT / "tests" / "bench" / "data" / "triage" / name
        tested = rows(own if own.exists() else options.folder / name)
        right: Counter[str] = Counter()
        for code, text in tested:
            right[code] += identify(text).code == code
        every = Counter(code for code, _text in tested)
        print(name, {code: round(right[code] / every[code], 3) for code in every}, sum(right.values()) / len(tested))


if __name__ == "__main__":
    main()
