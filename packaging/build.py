"""Build the one-folder program, see that nothing unwanted is in it, let it test itself, and say how big it is.

python packaging/build.py            build, check, self-test, sizes (`make package`)
python packaging/build.py --check    the same without building again
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "dist" / "cmdesk"
PROGRAM = BUNDLE / ("cmdesk.exe" if sys.platform == "win32" else "cmdesk")
MAX_MEGABYTES = 150
STARTS = 5
SOURCE = [sys.executable, str(ROOT / "main.py")]
#: What is timed: the least a start costs, and one that draws a themed window besides.
STARTED = {"`brand list`": ["brand", "list", "--json"], "the self-test": ["doctor", "--self-test"]}
TODAY = datetime.now(tz=UTC).date()
#: What is done with it: the sample brands read and judged, a month and a plan as PDF.
USED = (
    ["demo"],
    ["report", "--brand", "Óptica Sol", "--month", f"{TODAY:%Y-%m}", "--out", "report.pdf"],
    ["plan", "export", "--from", f"{TODAY}", "--to", f"{TODAY + timedelta(days=30)}", "-o", "plan.pdf"],
)
#: Parts of Qt under the GPL alone; one of them in the bundle would change its licence.
FORBIDDEN = (
    "Qt6Charts",
    "Qt6DataVis",
    "Qt6Graphs",
    "Qt6HttpServer",
    "Qt6NetworkAuth",
    "Qt6Quick3D",
    "Qt6VirtualKeyboard",
    "qtvirtualkeyboard",
)


def build() -> None:
    """Run PyInstaller from nothing."""
    shutil.rmtree(BUNDLE, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    command.append(str(ROOT / "packaging" / "cmdesk.spec"))
    subprocess.run(command, cwd=ROOT, check=True)


def complaints() -> list[str]:
    """Return what is wrong with the bundle as files."""
    files = [path for path in BUNDLE.rglob("*") if path.is_file()]
    bad = [path.relative_to(BUNDLE) for path in files if any(name in path.name for name in FORBIDDEN)]
    found = [f"GPL-only part of Qt: {path}" for path in bad]
    if (total := size(BUNDLE)) > MAX_MEGABYTES * 1_000_000:
        found.append(f"{total / 1e6:.0f} MB, at most {MAX_MEGABYTES} wanted")
    return found


def size(path: Path) -> int:
    """Return the bytes under a path; links count nothing."""
    if path.is_symlink():
        return 0
    if path.is_file():
        return path.stat().st_size
    return sum(size(child) for child in path.iterdir())


def heaviest(count: int = 14) -> list[tuple[str, int]]:
    """Return the biggest parts of the bundle: folders of a library, else single files."""
    parts: Counter[str] = Counter()
    for path in BUNDLE.rglob("*"):
        if path.is_file() and not path.is_symlink():
            relative = path.relative_to(BUNDLE)
            big = path.stat().st_size > 2_000_000
            parts[str(relative if big else Path(*relative.parts[:2]))] += path.stat().st_size
    return parts.most_common(count)


def environment(home: Path) -> dict[str, str]:
    """Return what a program started from a menu sees: nothing of this Python, a home of its own."""
    kept = ("PATH", "LANG", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LOCALAPPDATA": str(home),
        "APPDATA": str(home),
        "QT_QPA_PLATFORM": "offscreen",
    }


def self_test(home: Path) -> bool:
    """Run the built program's own self-test, in a folder that is not the source tree."""
    command = [str(PROGRAM), "doctor", "--self-test"]
    return subprocess.run(command, cwd=home, env=environment(home), check=False, timeout=180).returncode == 0


def is_usable(home: Path) -> bool:
    """Say whether the built program does an ordinary day's work: what the self-test does not know of is missed here."""
    for verb in USED:
        command = [str(PROGRAM), "--profile", str(home / "used"), *verb]
        if subprocess.run(command, cwd=home, env=environment(home), check=False, timeout=180).returncode:
            return False
    return True


def start_seconds(command: Sequence[str], home: Path) -> float | None:
    """Return the median time a command takes from nothing to its end; None when it fails."""
    times = []
    for _ in range(STARTS):
        started = time.perf_counter()
        quiet = subprocess.DEVNULL
        result = subprocess.run(
            command, cwd=home, env=environment(home), check=False, timeout=60, stdout=quiet, stderr=quiet
        )
        if result.returncode:
            return None
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main(arguments: list[str]) -> int:
    """Build and judge; 0 when the bundle may be given to somebody."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="judge the bundle that is there")
    if not parser.parse_args(arguments).check:
        started = time.monotonic()
        build()
        print(f"Built {PROGRAM.relative_to(ROOT)} in {time.monotonic() - started:.0f} s.\n", flush=True)

    with tempfile.TemporaryDirectory(prefix="cmdesk-build-") as folder:
        home = Path(folder)
        passed = self_test(home) and is_usable(home)
        for what, verb in STARTED.items():
            print(f"\nFrom start to end of {what}, median of {STARTS}:")
            for name, command in (("built program", [str(PROGRAM)]), ("python main.py", SOURCE)):
                seconds = start_seconds([*command, "--profile", str(home / "profile"), *verb], home)
                print(f"  {name:<16} {'failed' if seconds is None else f'{seconds:.2f} s'}")
                passed = passed and seconds is not None

    print(f"Size: {size(BUNDLE) / 1e6:.0f} MB (at most {MAX_MEGABYTES}); the heaviest:")
    for name, amount in heaviest():
        print(f"  {amount / 1e6:6.1f}  {name}")
    found = complaints()
    for complaint in found:
        print(f"error: {complaint}", file=sys.stderr)
    if not passed:
        print("error: the built program does not do what it must", file=sys.stderr)
    return 1 if found or not passed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
