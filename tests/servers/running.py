"""Start the real servers for a test session and stop them again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
START_LIMIT_S = 900  # the first time everything is installed


@contextmanager
def running(script: str, *words: str) -> Iterator[dict[str, Any]]:
    """Run a start script and give what its READY line says; the servers end with the block."""
    env = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    process = subprocess.Popen(["bash", str(HERE / script), *words], stdout=subprocess.PIPE, text=True, env=env)
    watchdog = threading.Timer(START_LIMIT_S, process.terminate)
    watchdog.start()
    try:
        assert process.stdout is not None
        ready = next((line for line in process.stdout if line.startswith("READY ")), "")
        watchdog.cancel()
        if not ready:
            raise RuntimeError(f"{script} did not start: status {process.wait(60)}")
        yield json.loads(ready.removeprefix("READY "))
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
