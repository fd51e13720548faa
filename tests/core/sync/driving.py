"""Letting a fixed clock and an engine run together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from cmdesk.clock import FixedClock
from cmdesk.model import DeliveryState
from cmdesk.sync.engine import Engine
from tests.helpers.desks import TestDesk

MOVING = frozenset(
    {
        DeliveryState.QUEUED,
        DeliveryState.PREPARING,
        DeliveryState.READY,
        DeliveryState.SENDING,
        DeliveryState.BACKOFF,
        DeliveryState.UNCERTAIN,
    }
)


def publish(engine: Engine) -> None:
    """Do everything that is due now, without waiting for anything."""
    asyncio.run(engine.publish_once(settle_s=0.0))


def run_for(engine: Engine, clock: FixedClock, seconds: float, *, step: float = 5) -> None:
    """Let time pass in steps; at each the engine does what is due."""
    for _ in range(int(seconds // step)):
        clock.advance(step)
        publish(engine)


def settle(
    engine: Engine, bench: TestDesk, clock: FixedClock, ids: Sequence[int], *, limit_s: float = 3600
) -> list[DeliveryState]:
    """Let time pass until none of these deliveries moves by itself any more."""
    publish(engine)
    passed = 0.0
    while passed < limit_s and any(bench.state(each) in MOVING for each in ids):
        clock.advance(5)
        passed += 5
        publish(engine)
    return [bench.state(each) for each in ids]
