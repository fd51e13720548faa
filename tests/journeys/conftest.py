"""A network on this machine for each journey, on the same clock as the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmdesk.clock import FixedClock
from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer


@pytest.fixture
def sandbox(clock: FixedClock) -> Iterator[SandboxServer]:
    """Three accounts (alba, bruno, carla) and people elsewhere who write to them."""
    with SandboxServer(clock=clock, limits=NO_LIMITS) as server:
        yield server
