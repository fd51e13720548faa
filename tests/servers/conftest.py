"""The real servers as fixtures, each started once a session and only when a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.people import BRAND, Person
from tests.servers.running import running
from tests.servers.sides import Bluesky, Side, Snac


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


@pytest.fixture(scope="session")
def wordpress() -> Iterator[dict[str, Any]]:
    """A blog with its feeds and somebody who writes in it."""
    with running("wordpress.sh") as about:
        yield about


@pytest.fixture(params=["bluesky", "mastodon"])
def side(request: pytest.FixtureRequest) -> Side:
    """Each of the real servers."""
    about = request.getfixturevalue(request.param)
    return Bluesky(about) if request.param == "bluesky" else Snac(about)


@pytest.fixture
def person(profile: Path, side: Side) -> Person:
    """Somebody with one brand and its account."""
    found = Person(profile)
    found.run("brand", "add", BRAND, "--zone", "Europe/Madrid", "--language", "es")
    side.connect(found, BRAND)
    return found


_FIGURES = pytest.StashKey[dict[str, str]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the closing summary shall say."""
    return request.config.stash.setdefault(_FIGURES, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was shown at the real servers."""
    told = config.stash.get(_FIGURES, {})
    if told:
        terminalreporter.section("real servers")
        width = max(len(name) for name in told)
        for name, words in told.items():
            terminalreporter.line(f"{name:<{width}}  {words}")
