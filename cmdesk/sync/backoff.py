"""How long to wait after a failure (RELIABILITY 3.10): the network's own time first, else full jitter 2^n."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

FIRST_S = 5.0
LONGEST_S = 900.0
# A machine without network is looked after more often than a server that is ill: nobody is bothered by it.
OFFLINE_LONGEST_S = 60.0
# The network's own wait is believed up to here.
HOUR_S = 3600.0

Draw = Callable[[], float]


def jittered(failures: int, *, longest_s: float = LONGEST_S, draw: Draw = random.random) -> float:
    """Return seconds to wait after `failures` (1 for the first): evenly from 5 s to 5·2^(n-1), at most `longest_s`."""
    top = min(FIRST_S * float(1 << min(max(failures - 1, 0), 12)), longest_s)
    return FIRST_S + (top - FIRST_S) * draw() if top > FIRST_S else top


def until(moment: datetime | None, *, now: datetime, failures: int, draw: Draw = random.random) -> float:
    """Return seconds to wait when the network may have said until when; absurd values are clamped to an hour."""
    if moment is None:
        return jittered(failures, draw=draw)
    return min(max((moment - now).total_seconds(), 1.0), HOUR_S)
