"""The whole program as a process: it opens, says what is wrong with a profile, comes forward, and ends cleanly."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.desk import Desk
from cmdesk.store import backup
from ui.single_instance import server_name

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 25

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and sockets as POSIX has them")

# Starts the window and says so; with "close" it then closes it as a person would, with "restore" it answers the rescue.
SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from ui import application

profile, deed = Path(sys.argv[1]), sys.argv[2]
app = application.make_app()

def look():
    for widget in app.topLevelWidgets():
        if type(widget).__name__ == "MainWindow" and widget.isVisible():
            print("open", flush=True)
            timer.stop()
            if deed != "stay":
                widget.close()
            return
        if type(widget).__name__ == "QuestionDialog" and widget.isVisible():
            print("asked:", widget.windowTitle(), flush=True)
            for button in widget.findChildren(QPushButton):
                wanted = "Restore" if deed == "restore" else "Close"
                if button.text().startswith(wanted):
                    button.click()
                    return

timer = QTimer()
timer.timeout.connect(look)
timer.start(100)
sys.exit(application.run(profile, demo=False))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    """Start the program; whatever is left of it is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(profile: Path, deed: str) -> subprocess.Popen[str]:
        made = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(profile), deed], cwd=ROOT, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
        running.append(made)
        return made

    yield begin
    for each in running:
        if each.poll() is None:
            each.kill()
        each.communicate()


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> str:
    """Read its output until a line starts with `wanted`."""
    end = time.monotonic() + START_SECONDS
    assert process.stdout is not None
    while time.monotonic() < end:
        line = process.stdout.readline()
        if line.startswith(wanted):
            return line.strip()
        if not line and process.poll() is not None:
            break
    raise AssertionError(f"never said {wanted!r}: {process.stderr.read() if process.stderr else ''}")


@pytest.mark.timeout(90)
def test_what_the_window_leaves_is_private(start, profile: Path) -> None:  # type: ignore[no-untyped-def]
    """RELIABILITY 31, whatever the umask of the person's session is."""
    before = os.umask(0o022)
    try:
        program = start(profile, "close")
    finally:
        os.umask(before)
    wait_for_line(program, "open")
    assert program.wait(START_SECONDS) == 0
    assert (profile / "logs" / "crash.log").exists()
    for path in [profile, *profile.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.timeout(90)
def test_nothing_is_written_behind_a_planted_link(start, profile: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "elsewhere").mkdir()
    profile.symlink_to(tmp_path / "elsewhere")
    program = start(profile, "close")
    wait_for_line(program, "asked:")
    assert program.wait(START_SECONDS) == 1
    assert not list((tmp_path / "elsewhere").rglob("*"))


@pytest.mark.timeout(90)
def test_closing_the_window_ends_the_program(start, profile: Path) -> None:  # type: ignore[no-untyped-def]
    process = start(profile, "close")
    wait_for_line(process, "open")
    assert process.wait(START_SECONDS) == 0
    desk = Desk(profile)  # the lock is free and the database sound
    desk.close_now()


@pytest.mark.timeout(90)
def test_a_second_start_comes_forward_and_a_signal_ends_cleanly(start, profile: Path) -> None:  # type: ignore[no-untyped-def]
    process = start(profile, "stay")
    wait_for_line(process, "open")
    second = start(profile, "stay")
    assert second.wait(START_SECONDS) == 0
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(START_SECONDS) == 0
    assert server_name(profile)


@pytest.mark.timeout(90)
def test_a_profile_in_use_is_said_not_opened(start, profile: Path) -> None:  # type: ignore[no-untyped-def]
    desk = Desk(profile)
    try:
        process = start(profile, "close")
        assert "already open" in wait_for_line(process, "asked:")
        assert process.wait(START_SECONDS) == 1
    finally:
        desk.close_now()


@pytest.mark.timeout(120)
def test_a_damaged_database_is_restored_from_its_last_copy(start, profile: Path) -> None:  # type: ignore[no-untyped-def]
    desk = Desk(profile)
    from cmdesk.commands import brands

    desk.run_now(brands.add_brand, name="Panadería")
    assert backup.automatic(desk.store) is not None
    desk.close_now()
    for suffix in ("-wal", "-shm"):
        (profile / f"desk.db{suffix}").unlink(missing_ok=True)
    (profile / "desk.db").write_bytes(b"not a database" * 1000)
    process = start(profile, "restore")
    assert "damaged" in wait_for_line(process, "asked:")
    wait_for_line(process, "open")
    assert process.wait(START_SECONDS) == 0
    with sqlite3.connect(profile / "desk.db") as conn:
        assert conn.execute("SELECT name FROM brand").fetchall() == [("Panadería",)]
    conn.close()
