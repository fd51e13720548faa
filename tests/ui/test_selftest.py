"""The self-test passes here, and says so when something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui import selftest


def test_everything_is_there(qtbot: QtBot) -> None:
    assert [finding for finding in selftest.findings() if not finding.ok] == []


def test_a_missing_part_is_named_and_the_others_are_still_checked(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(folder: Path) -> str:
        raise FileNotFoundError("zones")

    monkeypatch.setattr(selftest, "CHECKS", (("time zones", broken), ("text rules", selftest.text_rules)))
    assert selftest.run() == 1
    out = capsys.readouterr().out
    assert "FAIL  time zones" in out and "FileNotFoundError: zones" in out
    assert "ok    text rules" in out
    assert "1 check failed." in out


def test_spanish_is_complete_in_the_report(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cmdesk.i18n import using

    monkeypatch.setattr(selftest, "CHECKS", (("time zones", selftest.time_zones),))
    with using("es"):
        assert selftest.run() == 0
    assert "husos horarios" in capsys.readouterr().out
