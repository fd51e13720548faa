"""The real servers as fixtures, each started once a session and only when a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.running import running


@pytest.fixture(scope="session")
def bluesky() -> Iterator[dict[str, Any]]:
    """A Bluesky data server with the AppView and two accounts."""
    with running("bluesky.sh", "network") as about:
        yield about


@pytest.fixture(scope="session")
def bluesky_pds() -> Iterator[dict[str, Any]]:
    """A Bluesky data server alone: publishing works, nobody tells who answers."""
    with running("bluesky.sh", "pds") as about:
        yield about


@pytest.fixture(scope="session")
def mastodon() -> Iterator[dict[str, Any]]:
    """A small Mastodon-compatible server (snac) with two accounts."""
    with running("mastodon.sh") as about:
        yield about
