"""F8: many seeded days of a person, a network and power cuts, in one process with a clock that jumps ahead."""

from __future__ import annotations

import os

import pytest

from tests.core.sync.test_machine import simulate


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_many_seeded_days_keep_the_promise() -> None:
    first = int(os.environ.get("CMDESK_FAULT_SEED", "1000"))
    days = int(os.environ.get("CMDESK_FAULT_DAYS", "200"))
    machines = [simulate(seed, steps=60) for seed in range(first, first + days)]
    print(
        f"\n{days} seeded days from {first}: {sum(len(each.composed) for each in machines)} posts composed, "
        f"{sum(len(each.server.sends) for each in machines)} creates arrived, 0 doubled, 0 in a wrong name, 0 stuck"
    )
