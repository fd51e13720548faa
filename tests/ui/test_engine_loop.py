"""The engine in the window's own loop: qasync, its coarse timers and its shutdown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmdesk.clock import SystemClock
from cmdesk.model import SENT, DeliveryState
from cmdesk.store import inbox
from tests.helpers.desks import engine_of, open_desk
from tests.helpers.scripted_network import ScriptedNetwork


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        await asyncio.sleep(0.01)


async def test_reading_publishing_and_closing_in_qts_loop(qapp: QApplication, profile: Path) -> None:
    server = ScriptedNetwork(SystemClock())
    bench = open_desk(profile, server.clock, tokens=("bakery", "market"))
    engine = engine_of(bench.desk, server.make)
    server.say("bakery", "Hola")
    engine.start()
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    server.faults.append("offline")
    (sent,) = bench.post("Desde la ventana")
    # The back-off is jittered down to nothing: by the time we look it may be out already.
    await until(lambda: bench.state(sent) in {DeliveryState.BACKOFF, *SENT} and not server.faults)
    engine.wake()
    (other,) = bench.post("Y otra")
    await until(lambda: bench.state(other) in SENT, seconds=8)
    began = time.monotonic()
    await bench.desk.close()
    assert time.monotonic() - began < 5
    assert server.by("bakery").count("Y otra") == 1
