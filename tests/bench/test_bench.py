"""`make bench`: every module measured in this process, printed, and none of them broken."""

from __future__ import annotations

import pytest

from tests.bench.__main__ import modules, run


@pytest.mark.bench
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", modules())
def test_measured(name: str) -> None:
    assert list(run([name]))
