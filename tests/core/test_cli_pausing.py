"""The verbs of pauses and of places by hand, as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.test_cli import Cli


@pytest.fixture
def cli(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    made = Cli(profile, capsys, monkeypatch)
    assert made("brand", "add", "Panadería", "--zone", "Europe/Madrid") == 0
    return made


def test_a_brand_is_paused_and_goes_on(cli: Cli) -> None:
    assert cli("brand", "pause", "Panadería") == 0 and cli.out == "Nothing goes out for Panadería.\n"
    assert cli.json("brand", "list")[0]["paused"] is True
    assert cli("brand", "resume", "Panadería") == 0 and cli.out == "Posts of Panadería go out again.\n"
    assert cli.json("brand", "pause") == [{"brand": None, "paused": True, "held": []}]
    assert cli("brand", "resume") == 0 and cli.out == "Posts go out again.\n"
    assert cli("brand", "pause", "Nadie") != 0


def test_a_place_needs_no_secret_and_what_is_done_there_counts(cli: Cli) -> None:
    (account,) = cli.json("account", "add", "--brand", "Panadería", "--by-hand", "Foro", "--page", "foro.example")
    assert (account["network"], account["handle"], account["server"]) == ("manual", "Foro", "https://foro.example")
    (post,) = cli.json("post", "add", "--brand", "Panadería", "--account", "Foro", "--text", "Hoy, roscón", "--now")
    assert post["status"] == "problem" and post["deliveries"][0]["state"] == "manual"
    number = str(post["id"])
    assert cli("post", "list") == 0 and "Needs you" in cli.out
    assert cli("post", "done", number, "--url", "sin dirección") != 0
    assert cli("post", "done", number, "--url", "foro.example/7") == 0
    assert cli.out == f"Post {number} is out on Foro.\n"
    assert cli.json("post", "list")[0]["status"] == "published"
    assert cli("post", "done", number) != 0 and "not published by hand" in cli.err


def test_a_network_needs_its_name_and_server(cli: Cli) -> None:
    assert cli("account", "add", "--brand", "Panadería", "--token-stdin") != 0
    assert "not said what to connect" in cli.err
