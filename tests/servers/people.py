"""Somebody at a terminal, for a day at the real servers."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from cmdesk.desk import Desk

ROOT = Path(__file__).parents[2]
BRAND = "Café Alba"
PASSPHRASE = "open sesame"
PATIENCE_S = 60.0
KILLED = -signal.SIGKILL


def until(found: Callable[[], Any], what: str, *, seconds: float = PATIENCE_S) -> Any:
    """Wait until something is there; fails with what was waited for."""
    ends = time.monotonic() + seconds
    while not (seen := found()):
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.2)
    return seen


class Person:
    """Somebody at a terminal."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.printed = ""

    @property
    def command(self) -> list[str]:
        """The program with this profile."""
        return [sys.executable, "main.py", "--profile", str(self.profile)]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a machine without a keychain."""
        return {**os.environ, "CMDESK_PASSPHRASE": PASSPHRASE}

    def run(self, *argv: str, stdin: str = "", status: int | None = 0) -> str:
        """Run a verb; with a status the program must end with it, and complain in one line when it is not 0."""
        done = subprocess.run(
            [*self.command, *argv],
            cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=300, check=False, env=self.environment,
        )  # fmt: skip
        self.printed += done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        if status is not None:
            assert done.returncode == status, (argv, done.returncode, done.stdout, done.stderr)
            assert done.stderr.count("\n") == bool(status), done.stderr
        return done.stdout

    def json(self, *argv: str, status: int | None = 0) -> list[dict[str, Any]]:
        """Run a verb and return the array that it prints."""
        found: list[dict[str, Any]] = json.loads(self.run(*argv, "--json", status=status))
        return found

    def delivery(self, post: dict[str, Any]) -> dict[str, Any]:
        """Return the one delivery of a post as `post show` has it now."""
        (shown,) = self.json("post", "show", str(post["id"]))
        (delivery,) = shown["deliveries"]
        return dict(delivery)

    def publishes(self, post: dict[str, Any]) -> dict[str, Any]:
        """Publish until a post has left, and return its delivery."""

        def left() -> dict[str, Any] | None:
            self.run("publish", status=None)
            delivery = self.delivery(post)
            return delivery if delivery["state"] not in ("queued", "ready", "preparing", "backoff") else None

        delivery: dict[str, Any] = until(left, f"the publication of {post['text']!r}")
        return delivery

    def kill_in(self, argv: list[str], now: Callable[[float], bool]) -> int:
        """Start a verb and kill -9 it when `now` (seconds since its start) says so; returns its status."""
        started = time.monotonic()
        process = subprocess.Popen(
            [*self.command, *argv],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment,
        )  # fmt: skip
        try:
            while process.poll() is None and not now(time.monotonic() - started):
                time.sleep(0.001)
        finally:
            process.kill()
        return process.wait(30)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The same profile from inside, for what no verb shows."""
        desk = Desk(self.profile, passphrase=PASSPHRASE)
        try:
            yield desk
        finally:
            desk.close_now()

    def states(self) -> list[str]:
        """The states of all deliveries, looked up beside a running program."""
        with closing(sqlite3.connect(f"file:{self.profile / 'desk.db'}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute("SELECT state FROM delivery ORDER BY id")]

    def kept(self) -> bytes:
        """Everything the program has written."""
        return b"".join(path.read_bytes() for path in self.profile.rglob("*") if path.is_file())


def photo(path: Path) -> Path:
    """Write a picture with a remark inside that nobody shall see."""
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(path, "JPEG", comment=b"made at home")
    return path
