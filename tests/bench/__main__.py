"""Run the bench modules and print each figure beside its reference and target.

A module of this folder takes part by having `figures() -> Iterator[Figure | Skipped]`; the modules to run may be
named: `python -m tests.bench store report`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, line


def modules() -> list[str]:
    """Return the names of the modules that measure something; none is imported for it."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("[a-z]*.py")
        if "\ndef figures(" in path.read_text(encoding="utf-8")
    )


def run(names: list[str]) -> Iterator[Figure]:
    """Measure and print; yields the figures."""
    for name in names:
        print(f"\n{name}", flush=True)
        for figure in importlib.import_module(f"tests.bench.{name}").figures():
            print(line(figure), flush=True)
            if isinstance(figure, Figure):
                yield figure


def main(names: list[str]) -> int:
    """Run the named modules (none: all) and say which targets are missed."""
    found = list(run(names or modules()))
    missed = [figure.name for figure in found if figure.met is False]
    judged = sum(figure.met is not None for figure in found)
    print(f"\n{judged - len(missed)} of {judged} targets met" + (f"; missed: {', '.join(missed)}" if missed else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
