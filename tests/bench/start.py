"""Start and memory: from the start of the process to the first painted window, beside an empty PySide6 window."""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.big import copy_of_big_profile
from tests.bench.figures import Figure, Skipped

RUNS = 5
PROBE = Path(__file__).with_name("probe_start.py")
ROOT = PROBE.parents[2]


def figures() -> Iterator[Figure | Skipped]:
    """Medians of five starts each, in turn; they need an X screen (the tests' own or a real one)."""
    if not os.environ.get("DISPLAY"):
        yield Skipped("start", "no X screen (DISPLAY is not set)")
        return
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        demo, big = Path(folder) / "demo", Path(folder) / "big"
        made = subprocess.run(
            [sys.executable, "main.py", "--profile", str(demo), "demo"], cwd=ROOT, capture_output=True, text=True
        )
        if made.returncode:
            yield Skipped("start", f"the sample profile cannot be made: {made.stderr.strip()[-120:]}")
            return
        copy_of_big_profile(big)
        taken: dict[str, list[tuple[float, float]]] = {"empty": [], "demo": [], "big": []}
        for run in range(RUNS + 1):
            for name, arguments in (("empty", ["empty"]), ("demo", ["desk", str(demo)]), ("big", ["desk", str(big)])):
                measured = _start(arguments)
                if run:  # the first round warms the disk
                    taken[name].append(measured)
    seconds = {name: statistics.median(second for second, _ in runs) for name, runs in taken.items()}
    memory = {name: statistics.median(mb for _, mb in runs) for name, runs in taken.items()}
    beside = "empty PySide6 window"
    yield Figure("first window, sample profile", seconds["demo"], "s", seconds["empty"], beside, at_most=2.0)
    yield Figure("first inbox, 200,000 messages", seconds["big"], "s", seconds["empty"], beside)
    yield Figure("memory, sample profile (PSS)", memory["demo"], "MB", memory["empty"], beside, at_most=2.5)
    yield Figure("memory, 200,000 messages (PSS)", memory["big"], "MB", memory["empty"], beside)
    for program, arguments, at_most in _OTHERS:
        if not shutil.which(program) or not shutil.which("xdotool"):
            yield Skipped(f"first inbox beside {program}", f"{program} or xdotool is not installed")
            continue
        try:
            others = [_mapped(program, arguments) for _ in range(3)][1:]
        except RuntimeError as error:
            yield Skipped(f"first inbox beside {program}", str(error))
            continue
        yield Figure(
            f"first inbox beside {program}",
            seconds["big"],
            "s",
            statistics.median(others),
            f"{program}'s window",
            at_most=at_most,
        )


_OTHERS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("thunderbird", ("--no-remote", "--profile", "{folder}"), 0.3),
    (
        "chromium",
        ("--app=data:text/html,<h1>inbox</h1>", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--user-data-dir={folder}"),
        0.7,
    ),
)  # fmt: skip


def _mapped(program: str, arguments: tuple[str, ...]) -> float:
    """Seconds until another program's first window is on the screen, found by its class."""
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-", ignore_cleanup_errors=True) as folder:
        started = time.monotonic()
        other = subprocess.Popen(
            [program, *(each.format(folder=folder) for each in arguments)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            while time.monotonic() - started < 60:
                found = subprocess.run(
                    ["xdotool", "search", "--onlyvisible", "--class", program], capture_output=True, text=True
                )
                if found.stdout.strip():
                    return time.monotonic() - started
        finally:
            os.killpg(other.pid, signal.SIGKILL)
            other.wait()
    raise RuntimeError(f"{program} showed no window in a minute")


def _start(arguments: list[str]) -> tuple[float, float]:
    # A person's Python keeps its compiled modules; a shell that forbids it would measure the compiler.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "BENCH_STARTED": repr(time.time()), "QT_QPA_PLATFORM": "xcb", "LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, str(PROBE), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    lines = done.stdout.split()
    if len(lines) < 2:
        raise RuntimeError(f"the start told nothing: {done.stderr[-400:]}")
    return float(lines[0]), float(lines[1])
