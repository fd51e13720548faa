"""The plan on the command line: by the file's name, to standard output, and a mistake is one line."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from tests.core.test_cli import Cli

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def bakery(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba") == 0
    return cli


def test_each_format_is_written_by_the_name_of_its_file(bakery: Cli, tmp_path: Path) -> None:
    for kind, begins in (("ics", b"BEGIN:VCALENDAR"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        file = tmp_path / f"plan.{kind}"
        assert bakery("plan", "export", *MARCH, "-o", str(file)) == 0
        assert file.read_bytes().startswith(begins)
    assert icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_text()).walk("VEVENT") == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("--format", "ics", "--from", "2026-03-31", "--to", "2026-03-01"),
        ("--format", "ics", "--from", "yesterday", "--to", "2026-03-01"),
        ("--format", "pdf", *MARCH),
        (*MARCH,),
        ("--format", "csv", "-o", "/nowhere/at/all/plan.csv", *MARCH),
    ],
)
def test_a_mistake_is_one_line_and_status_2(bakery: Cli, wrong: tuple[str, ...]) -> None:
    assert bakery("plan", "export", *wrong) == 2


def test_an_unknown_brand_is_not_there(bakery: Cli) -> None:
    assert bakery("plan", "export", "--format", "json", "--brand", "Otra", *MARCH) == 1
