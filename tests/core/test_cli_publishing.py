"""Trying again what failed and reading back what is out, on the command line (N4, rank 21)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.core.test_cli import Cli


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as started:
        yield started


@pytest.fixture
def cli(
    profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, server: SandboxServer
) -> Cli:
    made = Cli(profile, capsys, monkeypatch)
    assert made("brand", "add", "Café Alba", "--language", "es") == 0
    argv = ("account", "add", "--brand", "Café Alba", "--network", "mastodon", "--server", server.url, "--token-stdin")
    assert made(*argv, stdin=server.tokens["alba"]) == 0
    return made


def add(cli: Cli, text: str) -> int:
    return cli("post", "add", "--brand", "Café Alba", "--account", "mastodon", "--text", text, "--now", "--sure")


def test_what_failed_is_tried_again_and_read_back(cli: Cli, server: SandboxServer) -> None:
    server.faults.add(Fault("status", match="POST /api/v1/statuses", status=422, times=1))
    assert add(cli, "Pan de hoy") == 1
    (row,) = cli.json("post", "retry", "1")
    assert row["remote_id"] and [each["text"] for each in server.world.truth()["alba"]] == ["Pan de hoy"]
    assert cli("post", "retry", "1") == 1
    cli.says(1, "nothing to try again")
    assert cli("post", "verify", "1") == 0
    assert "As written" in cli.out
    status = server.world.status(row["remote_id"])
    assert status is not None
    status.text = "Pan de ayer"
    assert cli("post", "verify", "1") == 1
    assert "The text differs" in cli.out
    assert cli("post", "verify", "1", "--json") == 1
    assert '"verified": "text"' in cli.out


def test_what_is_not_out_cannot_be_read_back(cli: Cli) -> None:
    assert cli("post", "verify", "7") == 1
    cli.says(1, "Nothing of this post is out")
    assert cli("post", "verify", "x") == 2
    assert cli("post", "retry", "0") == 2
