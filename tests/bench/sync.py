"""Reading beside a living window: lateness of a 16 ms timer, and pages per second beside bare requests."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "16"))
MESSAGES = int(os.environ.get("BENCH_MESSAGES", "100000"))
FRAME_S = 0.016
PAGE = 40  # what the adapter asks for


def figures() -> Iterator[Figure]:
    """One run of each; the server is a process of its own, so that only the reading side is in ours."""
    each = MESSAGES // ACCOUNTS
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.page_server", str(each)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        bare = _bare(url, each)
        with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
            idle, late, seconds, stored = _beside_a_window(Path(folder) / "profile", url)
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
    note = f"{stored} messages of {ACCOUNTS} accounts; idle just before: p99 {_p99(idle):.1f}, worst {idle[-1]:.1f} ms"
    yield Figure("timer lateness p99 while they come in", _p99(late), "ms", at_most=10, note=note)
    yield Figure("timer lateness at worst", late[-1], "ms", at_most=50)
    yield Figure(
        "pages read and stored", stored / PAGE / seconds, "1/s", bare, "bare requests, 4 threads", at_least=0.6
    )


def _p99(sorted_ms: list[float]) -> float:
    return sorted_ms[int(len(sorted_ms) * 0.99)]


def _bare(url: str, each: int) -> float:
    """Return pages per second of requests alone, a session per account, decoding JSON."""
    import requests

    pages = max(each // PAGE // 4, 5)

    def read(account: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            top = each
            for _ in range(pages):
                answer = session.get(
                    f"{url}/api/v1/notifications",
                    params={"limit": str(PAGE), "max_id": f"{account:03d}{top:08d}"},
                    headers={"Authorization": f"Bearer {account}"},
                    timeout=10,
                )
                answer.json()
                top -= PAGE

    began = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(read, range(ACCOUNTS)))
    return pages * ACCOUNTS / (time.perf_counter() - began)


def _beside_a_window(profile: Path, url: str) -> tuple[list[float], list[float], float, int]:
    """Read everything on qasync's loop; returns (lateness idle, lateness reading, seconds, messages)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from cmdesk.desk import Desk
    from cmdesk.networks.base import Author, Capabilities, Limits, Profile
    from cmdesk.store import accounts, brands, inbox
    from cmdesk.sync.engine import Engine
    from cmdesk.sync.reading import Bounds
    from cmdesk.vault import MemoryVault

    app = QApplication.instance() or QApplication([])
    vault = MemoryVault(profile, install_id="bench")
    desk = Desk(profile, vault=vault)
    brand_id = desk.run_now(brands.add_brand, name="Bench", zone="UTC", language="es", color="#333333")
    for number in range(ACCOUNTS):
        vault.store(f"account/{number}", {"token": str(number)})
        told = Profile(Author(str(number), f"bench{number}@local"), Capabilities(Limits(500), metrics=False), url)
        desk.run_now(
            accounts.add_account, brand_id=brand_id, profile=told, network="mastodon", secret_ref=f"account/{number}"
        )
    bounds = Bounds(back_pages=100_000, back_days=36_500, back_slice=100_000, threads=0)
    engine = Engine(desk, bounds=bounds)
    loop = QEventLoop(app)
    late: list[float] = []
    idle: list[float] = []
    timer = QTimer()
    last = [0.0]

    def tick() -> None:
        now = time.perf_counter()
        late.append(max(now - last[0] - FRAME_S, 0.0) * 1000)
        last[0] = now

    timer.timeout.connect(tick)
    expected = MESSAGES // ACCOUNTS * ACCOUNTS

    async def read_all() -> float:
        last[0] = time.perf_counter()
        timer.start(16)
        await asyncio.sleep(4)
        idle.extend(sorted(late))
        late.clear()
        began = time.perf_counter()
        engine.start()
        while desk.page(inbox.counters).open < expected and time.perf_counter() - began < 900:  # noqa: ASYNC110
            await asyncio.sleep(0.25)
        timer.stop()
        took = time.perf_counter() - began
        await engine.stop()
        return took

    with loop:
        took = loop.run_until_complete(read_all())
    stored = desk.page(inbox.counters).open
    desk.close_now()
    assert threading.active_count() < 50
    return idle, sorted(late), took, stored
