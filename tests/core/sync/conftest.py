"""A desk, a scripted network and an engine over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.sync.engine import Engine
from tests.helpers.desks import TestDesk, engine_of, open_desk
from tests.helpers.scripted_network import ScriptedNetwork


@pytest.fixture
def server(clock: FixedClock) -> ScriptedNetwork:
    """Return a network that keeps idempotency keys for an hour."""
    return ScriptedNetwork(clock)


@pytest.fixture
def bench(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    """Return an open desk with the account 'bakery'."""
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


@pytest.fixture
def engine(bench: TestDesk, server: ScriptedNetwork) -> Engine:
    """Return an engine that is not started."""
    return engine_of(bench.desk, server.make)
