"""N13 on the command line: the emergency stop without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.test_cli import Cli


@pytest.fixture
def brands(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    for name in ("Café Alba", "Óptica Sol"):
        assert cli("brand", "add", name) == 0
    return cli


def test_start_status_stop(brands: Cli) -> None:
    assert brands.json("crisis", "status") == []
    (started,) = brands.json("crisis", "start", "--brand", "Café Alba", "--reason", "the invoice")
    assert (started["brand"], started["state"], started["held"]) == ("Café Alba", "active", 0)
    assert brands("crisis", "status") == 0
    assert "Café Alba" in brands.out and "the invoice" in brands.out
    assert brands("crisis", "start", "--brand", "Café Alba") == 1
    brands.says(1, "A crisis of this brand lasts already")
    (stopped,) = brands.json("crisis", "stop")
    assert stopped["state"] == "closed", "nothing was held: nothing is left to decide"
    assert brands("crisis", "stop") == 1
    brands.says(1, "No crisis lasts there")
    assert [each["state"] for each in brands.json("crisis", "status", "--history")] == ["closed"]


def test_every_brand_is_what_it_means_without_a_name(brands: Cli) -> None:
    assert brands("crisis", "start") == 0
    assert "all brands" in brands.out
    assert brands("crisis", "start", "--brand", "Óptica Sol") == 0
    assert brands("crisis", "stop") == 1
    brands.says(1, "2 crises last", "--brand")
    assert brands("crisis", "stop", "--all") == 0
    assert brands("crisis", "stop", "--brand", "Óptica Sol") == 0


def test_mistakes(brands: Cli) -> None:
    assert brands("crisis", "start", "--brand", "Nobody") == 1
    brands.says(1, "Nobody")
    assert brands("crisis", "start", "--brand", "Café Alba", "--all") == 2
    assert brands("crisis") == 2
    assert brands("crisis", "start", "--reason", "x" * 6000) == 2
