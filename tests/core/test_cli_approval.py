"""`approval ask|list|show|answer|export|withdraw` inside this process: what they print, and what each mistake says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import brands, planning
from cmdesk.desk import Desk
from cmdesk.store import planning as posts
from tests.core.test_cli import Cli, cli as cli
from tests.helpers.desks import add_account


@pytest.fixture
def filled(cli: Cli, clock: FixedClock) -> Cli:
    """Return a command line on a profile with a brand, an account and three planned posts (1 to 3)."""
    desk = Desk(cli.profile)
    try:
        alba = desk.run_now(brands.add_brand, name="Café Alba", zone="Europe/Madrid", language="es")
        account = add_account(desk, alba, "alba")
        for place in range(1, 4):
            wall = (desk.clock.now() + timedelta(days=place)).strftime("%Y-%m-%dT10:00")
            desk.run_now(
                planning.plan_post, brand_id=alba, text=f"Pan {place}", account_ids=[account], wall=wall,
                zone="Europe/Madrid",
            )  # fmt: skip
    finally:
        desk.close_now()
    return cli


def test_a_sheet_is_asked_answered_and_shown(filled: Cli) -> None:
    [asked] = filled.json("approval", "ask", "1", "3", "2", "--title", "Semana", "--to", "Marta")
    assert (asked["number"], asked["brand"], asked["open"]) == (1, "Café Alba", True)
    assert [(each["number"], each["post"], each["state"]) for each in asked["items"]] == [
        (1, 1, "asked"), (2, 3, "asked"), (3, 2, "asked"),
    ]  # fmt: skip
    assert asked["expires_at"] is not None
    [told] = filled.json("approval", "answer", "1", "--text", "1 sí, 2 cambiar: más corto, 3 ok", "--by", "Marta")
    assert [(each["state"], each["answer"]) for each in told["items"]] == [
        ("approved", None), ("change", "más corto"), ("approved", None),
    ]  # fmt: skip
    assert filled("approval", "show", "1") == 0
    assert "Change wanted" in filled.out and "más corto" in filled.out
    assert [each["waiting"] for each in filled.json("approval", "list")] == [1]
    desk = Desk(filled.profile)
    try:
        assert desk.page(posts.post, 3).approval == "change"
    finally:
        desk.close_now()


def test_what_is_not_understood_is_not_noted(filled: Cli) -> None:
    assert filled("approval", "ask", "1", "2") == 0
    assert filled("approval", "answer", "1", "--text", "vale, lo miro") == 2
    assert "No decision was found" in filled.err
    assert filled("approval", "answer", "1", "--text", "1 sí\n2 casi") == 2
    assert "not understood" in filled.err
    [shown] = filled.json("approval", "show", "1")
    assert [each["state"] for each in shown["items"]] == ["asked", "asked"]
    assert filled("approval", "answer", "1", "--text", "1 sí\n2 casi", "--partial") == 0
    assert "Not understood: 2 casi" in filled.out
    [shown] = filled.json("approval", "show", "1")
    assert [each["state"] for each in shown["items"]] == ["approved", "asked"]


def test_a_sheet_is_written(filled: Cli, tmp_path: Path) -> None:
    assert filled("approval", "ask", "1", "2") == 0
    assert filled("approval", "export", "1") == 0
    assert "Publicaciones previstas" in filled.out and "Pan 2" in filled.out
    for name, start in (("h.html", b"<!doctype html>"), ("h.txt", "Café Alba".encode()), ("h.eml", b"Subject:")):
        assert filled("approval", "export", "1", "-o", str(tmp_path / name)) == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    assert filled("approval", "export", "1", "--language", "fr") == 0
    assert "Publications prévues" in filled.out
    assert filled("approval", "export", "1", "--pdf") == 2
    assert filled("approval", "export", "1", "-o", str(tmp_path / "none" / "h.html")) == 2
    assert not (tmp_path / "none").exists()


def test_a_question_is_taken_back(filled: Cli) -> None:
    assert filled("approval", "ask", "1", "2") == 0
    [told] = filled.json("approval", "withdraw", "1", "--post", "2")
    assert [each["state"] for each in told["items"]] == ["asked", "withdrawn"]
    assert filled("approval", "withdraw", "1") == 0
    assert filled("approval", "list") == 0
    assert "No sheets" in filled.out
    assert [each["number"] for each in filled.json("approval", "list", "--all")] == [1]


def test_mistakes_are_said(filled: Cli) -> None:
    assert filled("approval", "show", "7") == 1
    assert "no such approval sheet" in filled.err
    assert filled("approval", "ask", "99") == 1
    assert filled("approval", "ask", "1", "--brand") == 2
