"""How the quality tests say what they found: one line a place, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


def expect_none(found: Sequence[object], advice: str = "") -> None:
    """Fail with every finding in full, and how to mend them."""
    if found:
        pytest.fail("\n".join([f"{len(found)} found. {advice}".rstrip(), *map(str, found)]), pytrace=False)
