"""`case list`, `case show` and `case export` inside this process: what they print, and what each mistake says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.commands import brands, cases as commands
from cmdesk.desk import Desk
from cmdesk.store import cases
from tests.core.test_cli import Cli, cli as cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """Return a command line on a profile with two brands, two cases and one."""
    desk = Desk(cli.profile)
    try:
        alba = desk.run_now(brands.add_brand, name="Café Alba", zone="Europe/Madrid", language="es")
        sol = desk.run_now(brands.add_brand, name="Óptica Sol", zone="Europe/Madrid", language="en")
        first = desk.run_now(
            commands.open_case, conversation_id=None, brand_id=alba, title="Cafetera rota", cause="Producto dañado"
        )
        due = desk.clock.now() + timedelta(hours=3)
        desk.run_now(commands.promise, case_id=first, text="Te llamo hoy", due_at=due)
        desk.run_now(commands.refer, case_id=first, who="Marta", asked="¿Se cayó <en> el almacén?")
        second = desk.run_now(commands.open_case, conversation_id=None, brand_id=alba, title="Factura")
        desk.run_now(commands.close_case, case_id=second, outcome="not_valid")
        desk.run_now(commands.open_case, conversation_id=None, brand_id=sol, title="Late glasses")
    finally:
        desk.close_now()
    return cli


def test_cases_are_listed(filled: Cli) -> None:
    rows = filled.json("case", "list")
    assert [(row["brand"], row["number"], row["state"]) for row in rows] == [
        ("Óptica Sol", 1, "open"), ("Café Alba", 2, "closed"), ("Café Alba", 1, "client"),
    ]  # fmt: skip
    assert rows[2]["promise_at"].endswith("Z")
    assert [row["number"] for row in filled.json("case", "list", "--brand", "café alba", "--state", "closed")] == [2]
    assert [row["title"] for row in filled.json("case", "list", "--search", "DANADO cafetera")] == ["Cafetera rota"]
    assert [row["number"] for row in filled.json("case", "list", "--limit", "1")] == [1]
    assert filled.json("case", "list", "--due") == []
    assert filled("case", "list") == 0
    assert "Waiting for the client" in filled.out
    assert "Late glasses" in filled.out


def test_an_empty_desk_has_no_cases(cli: Cli) -> None:
    assert cli("case", "list") == 0
    assert "No cases" in cli.out
    assert cli.json("case", "list") == []


def test_a_case_is_shown_and_exported(filled: Cli, tmp_path: Path) -> None:
    assert filled("case", "show", "2") == 0
    assert "Factura" in filled.out
    [row] = filled.json("case", "show", "1", "--brand", "Café Alba")
    assert (row["title"], row["cause"]) == ("Cafetera rota", "Producto dañado")
    assert row["promises"][0]["text"] == "Te llamo hoy"
    assert row["referrals"][0]["who"] == "Marta"
    export = ("case", "export", "1", "--brand", "Café Alba")
    assert filled(*export) == 0
    assert "¿Se cayó <en> el almacén?" in filled.out
    assert filled(*export, "--format", "html") == 0
    assert "¿Se cayó &lt;en&gt; el almacén?" in filled.out
    assert filled.out.startswith("<!doctype html>")
    target = tmp_path / "ficha.json"
    assert filled(*export, "--format", "json", "-o", str(target)) == 0
    assert str(target) in filled.out
    assert json.loads(target.read_text("utf-8"))["number"] == 1
    for name, start in (("ficha.html", "<!doctype html>"), ("ficha.JSON", "{"), ("ficha", "Café Alba")):
        assert filled(*export, "-o", str(tmp_path / name)) == 0
        assert (tmp_path / name).read_bytes().startswith(start.encode()), "the name of the file says its format"
    assert filled(*export, "-o", str(tmp_path / "ficha.pdf")) == 2, "as a PDF, which needs the window's part"
    assert filled(*export, "-o", "-") == 0
    assert "¿Se cayó <en> el almacén?" in filled.out
    assert filled(*export, "--language", "en") == 0
    assert "Case no. 1" in filled.out


@pytest.mark.parametrize(
    ("argv", "status", "word"),
    [
        (("case", "show", "1"), 2, "--brand"),
        (("case", "show", "99"), 1, "99"),
        (("case", "show", "2", "--brand", "Óptica Sol"), 1, "2"),
        (("case", "show", "1", "--brand", "Nope"), 1, "Nope"),
        (("case", "list", "--brand", "Nope"), 1, "Nope"),
        (("case", "export", "2", "-o", "/no/such/folder/x.txt"), 1, "/no/such/folder/x.txt"),
    ],
)
def test_what_is_not_there_is_said(filled: Cli, argv: tuple[str, ...], status: int, word: str) -> None:
    assert filled(*argv) == status
    filled.says(status, word)


@pytest.mark.parametrize(
    "argv",
    [
        ("case",), ("case", "show"), ("case", "show", "one"), ("case", "show", "0"), ("case", "show", "-1"),
        ("case", "list", "--state", "lost"), ("case", "export", "1", "--format", "docx"),
        ("case", "list", "--limit", "0"),
        ("case", "solve", "1"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line(cli: Cli, argv: tuple[str, ...]) -> None:
    assert cli(*argv) == 2
    cli.says(2)
    assert "_count" not in cli.err
    assert not cli.profile.exists()


def test_a_case_s_number_never_crosses_to_another_brand(filled: Cli) -> None:
    desk = Desk(filled.profile)
    try:
        numbers = [(each.brand_id, each.number) for each in desk.page(cases.cases_numbered, 1)]
    finally:
        desk.close_now()
    assert len(numbers) == 2
