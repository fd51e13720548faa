"""What a bench module yields, and how it is printed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its reference; `at_most` or `at_least` is the target of value ÷ reference.

    Without a reference the target is of the value itself. `note` says what was done, or why a target is missed.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def judged(self) -> float:
        """Return what the target is about: the ratio where there is a reference."""
        return self.value if self.reference is None else self.value / self.reference

    @property
    def met(self) -> bool | None:
        """Say whether the target is met; None where there is none."""
        if self.at_most is not None:
            return self.judged <= self.at_most
        return None if self.at_least is None else self.judged >= self.at_least


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that cannot be measured here, and why."""

    name: str
    why: str


def line(figure: Figure | Skipped) -> str:
    """Return one printed line."""
    if isinstance(figure, Skipped):
        return f"  {figure.name:<46} skipped: {figure.why}"
    beside, target = "", ""
    if figure.reference is not None:
        beside = f"{figure.reference:>10.3f} {figure.unit:<5} {figure.reference_name:<30} {figure.judged:>7.3f} x"
    if figure.met is not None:
        bound = f"≤ {figure.at_most:g}" if figure.at_most is not None else f"≥ {figure.at_least:g}"
        sign = " x" if figure.reference is not None else f" {figure.unit}"
        target = f"target {bound}{sign}: {'met' if figure.met else 'MISSED'}"
    note = f"   ({figure.note})" if figure.note else ""
    return f"  {figure.name:<46} {figure.value:>10.3f} {figure.unit:<5} {beside:<58} {target}{note}"


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """Return how long each of `times` runs took, the garbage collector standing still."""
    found = []
    gc.disable()
    try:
        for _ in range(times):
            start = time.perf_counter()
            run()
            found.append((time.perf_counter() - start) * 1000)
    finally:
        gc.enable()
    return found


def p50(times: list[float]) -> float:
    """Return the median."""
    return statistics.median(times)


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.95))]
