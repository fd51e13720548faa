"""Run by the bench of starts: starts a program as a person does and tells when its first window was painted.

`probe_start.py empty` opens an empty window; `probe_start.py desk PROFILE` is main.py on that profile. It prints
seconds since BENCH_STARTED (a wall time in the environment), then after a moment the proportional memory in MB.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

SETTLE_MS = 2500
ROOT = Path(__file__).resolve().parents[2]


def pss_mb() -> float:
    """The process's proportional set size; 0 where the system does not tell."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return next(float(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def watch() -> None:
    """Print the time of the first painted top-level window, then the memory, then end the process."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QWidget

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
            if event.type() is QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, told)
            return False

    def told() -> None:
        print(f"{time.time() - float(os.environ['BENCH_STARTED']):.4f}", flush=True)
        QTimer.singleShot(SETTLE_MS, ended)

    def ended() -> None:
        print(f"{pss_mb():.1f}", flush=True)
        os._exit(0)

    kept: list[Watcher] = []
    show = QWidget.show

    def shown(self: QWidget) -> None:
        if not kept and self.isWindow():
            kept.append(Watcher())
            self.installEventFilter(kept[0])
        show(self)

    QWidget.show = shown  # type: ignore[method-assign]


def empty() -> int:
    """An empty PySide6 window."""
    from PySide6.QtWidgets import QApplication, QWidget

    app: Any = QApplication(sys.argv[:1])
    watch()
    window = QWidget()
    window.resize(1360, 860)
    window.show()
    return int(app.exec())


def desk(profile: str) -> int:
    """The program itself."""
    sys.path[0] = str(ROOT)  # instead of this folder, whose `calendar` would stand before Python's own
    sys.argv = ["main.py", "--profile", profile]
    import PySide6.QtWidgets  # noqa: F401 - what main.py would import anyway, before anything else

    watch()
    import main

    return main.main()


if __name__ == "__main__":
    sys.exit(empty() if sys.argv[1] == "empty" else desk(sys.argv[2]))
