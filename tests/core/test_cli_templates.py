"""`cmdesk template`: listing, taking files in, writing them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.test_cli import Cli, cli as cli


@pytest.fixture
def desk(cli: Cli) -> Cli:
    assert cli("brand", "add", "Café Alba") == 0
    return cli


def test_the_starting_set_is_listed_and_searched(desk: Cli) -> None:
    rows = desk.json("template", "list")
    assert len(rows) > 60
    found = desk.json("template", "list", "--brand", "café alba", "--search", "apology quest")
    assert [row["name"] for row in found] == ["Apology with questions"]
    assert {"es", "en", "es@usted"} <= set(found[0]["texts"])
    assert desk("template", "list", "--search", "apology") == 0
    assert "Apologies" in desk.out and "es@usted" in desk.out
    assert desk("template", "list", "--search", "zzzz") == 0
    assert "No templates" in desk.out


def test_a_file_goes_in_once_and_comes_out(desk: Cli, tmp_path: Path) -> None:
    source = tmp_path / "mine.csv"
    source.write_bytes(
        "carpeta;nombre;texto;idioma\nPedidos;Envío gratis;Hola {nmae};es\nPedidos;;x;es\n".encode("cp1252")
    )
    assert desk("template", "import", str(source), "--brand", "Café Alba", "--dry-run") == 1
    assert "Would add 1" in desk.out
    assert "name" in desk.out
    assert desk.err.count("\n") == 1 and desk.err.startswith("cmdesk: line 3: the name is missing")
    assert desk.json("template", "list", "--search", "envio gratis") == []
    assert desk("template", "import", str(source), "--brand", "Café Alba") == 1
    assert "Added 1" in desk.out
    assert desk("template", "import", str(source), "--brand", "Café Alba", "--json") == 1
    rows = json.loads(desk.out)
    assert [(row["line"], row["action"]) for row in rows] == [(2, "same"), (3, "left_out")]
    [row] = desk.json("template", "list", "--search", "envio gratis")
    assert (row["brand"], row["folder"], row["texts"]) == ("Café Alba", "Pedidos", {"es": "Hola {nmae}"})
    assert desk.json("template", "export", str(tmp_path / "all.csv"))[0]["templates"] > 100
    for name in ("out.csv", "out.json"):
        assert desk("template", "export", str(tmp_path / name), "--brand", "Café Alba") == 0
        assert desk("template", "import", str(tmp_path / name)) == 0
        assert "Added 0, changed 0" in desk.out


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no templates"), (b"PK\x03\x04", "workbook"), (b"a,b\n1,2\n", "name"), (b"[1", "JSON"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "text"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_one_line(desk: Cli, tmp_path: Path, data: bytes, word: str) -> None:
    source = tmp_path / "file"
    source.write_bytes(data)
    assert desk("template", "import", str(source)) == 2
    desk.says(2, word)


def test_what_is_not_there_is_said(desk: Cli, tmp_path: Path) -> None:
    assert desk("template", "import", str(tmp_path / "none.csv")) == 1
    desk.says(1, "none.csv")
    assert desk("template", "export", str(tmp_path / "no" / "out.csv")) == 1
    desk.says(1, "out.csv")
    assert desk("template", "list", "--brand", "Nope") == 1
    desk.says(1, "Nope")
    assert desk("template", "frobnicate") == 2
