"""Hours on the command line: what is written is what is told, and a mistake is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.test_cli import Cli

SPLIT = "mon-fri 09:00-14:00 17:00-20:00"


@pytest.fixture
def bakery(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba") == 0
    return cli


def test_hours_are_set_told_and_changed_in_part(bakery: Cli) -> None:
    (told,) = bakery.json("hours", "show")
    assert (told["open"], told["shifts"], told["first_answer_min"]) == (True, [], None)
    (told,) = bakery.json(
        "hours", "set", "--brand", "café alba", "--shift", SPLIT, "--shift", "mon-fri 8:00-15:00 @07-01..08-31",
        "--holidays", "es-MD", "--first-answer", "1h30m", "--solution", "16h", "--channels", "900 123 123",
    )  # fmt: skip
    assert told["hours"].startswith(
        "Lunes a viernes de 9:00 a 14:00 y de 17:00 a 20:00; festivos, cerrado. Del 1 de julio"
    )
    assert told["shifts"][0] == "mon 09:00-14:00 17:00-20:00"
    assert told["shifts"][-1] == "fri 08:00-15:00 @07-01..08-31"
    assert (told["holidays"], told["first_answer_min"], told["solution_min"]) == ("ES-MD", 90, 960)
    (told,) = bakery.json("hours", "set", "--brand", "Café Alba", "--first-answer", "0m", "--holidays", "")
    assert (told["holidays"], told["first_answer_min"], told["other_channels"]) == ("", None, "900 123 123")
    assert len(told["shifts"]) == 10


def test_people_read_when_it_opens_and_by_when_to_answer(bakery: Cli) -> None:
    assert bakery("hours", "set", "--brand", "Café Alba", "--shift", "daily 00:00-24:00", "--first-answer", "4h") == 0
    assert "Todos los días todo el día." in bakery.out
    assert "Open now" in bakery.out and "to be answered by" in bakery.out
    assert bakery("hours", "set", "--brand", "Café Alba", "--shift", "mon 09:00-10:00 @2020-01-01..2020-12-31") == 0
    assert "It never opens again" in bakery.out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--shift", "monday 9-14"), "no line of hours"),
        (("--shift", "mon 09:00-25:00"), "not a time of day"),
        (("--shift", "mon 09:00-14:00", "--shift", "mon 13:00-15:00"), "overlap"),
        (("--holidays", "XX"), "No country is known"),
        (("--first-answer", "soon"), "no length of time"),
        (("--market", "Francia"), "no such market"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(bakery: Cli, argv: tuple[str, ...], words: str) -> None:
    assert bakery("hours", "set", "--brand", "Café Alba", *argv) == 2
    bakery.says(2, words)
    assert bakery.json("hours", "show")[0]["shifts"] == []
