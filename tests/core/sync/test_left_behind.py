"""What an engine leaves in the middle: a call that hung when it was stopped, an answer that the disk refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock, SystemClock
from cmdesk.errors import DiskFull
from cmdesk.model import DeliveryState as State
from cmdesk.store.db import Store
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish
from tests.helpers.desks import TestDesk, engine_of, open_desk
from tests.helpers.scripted_network import ScriptedNetwork


def test_an_answer_the_disk_refused_is_stored_as_soon_as_it_can(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = bench.post("Pan de masa madre")
    real = Store._transact

    def full(self: Store, fn: Any, *args: Any, **more: Any) -> Any:
        if fn.__name__ == "record_answer":
            raise DiskFull("no space")
        return real(self, fn, *args, **more)

    monkeypatch.setattr(Store, "_transact", full)
    publish(engine)
    assert bench.state(first) is State.SENDING
    publish(engine)
    assert (bench.state(first), len(server.sends)) == (State.SENDING, 1)
    monkeypatch.undo()
    clock.advance(60)
    publish(engine)
    assert bench.state(first) is State.PUBLISHED
    assert len(server.sends) == 1, "nothing else was due, and nothing was sent to find that out"


async def test_an_engine_started_again_looks_for_what_the_last_one_left_on_the_wire(profile: Path) -> None:
    clock = SystemClock()
    server = ScriptedNetwork(clock)
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    engine.start()
    await _until(lambda: engine.status(bench.account_id).phase == "waiting")
    server.gate = threading.Event()
    (sent,) = bench.post("Colgado")
    await _until(lambda: bench.state(sent) is State.SENDING)
    await engine.stop()
    assert bench.state(sent) is State.SENDING
    server.gate.set()
    assert await engine.recover() == [sent]
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.UNCERTAIN, "interrupted")
    assert len(server.sends) <= 1
    bench.desk.close_now()


async def _until(true: Callable[[], object]) -> None:
    for _turn in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")
