"""The command line about links and hashtags: kept, listed, tried, put away, files in and out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cmdesk.clock import SystemClock
from cmdesk.commands import brands
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts
from tests.core.test_cli import Cli
from tests.networks.wire_server import answer, raw_server


@pytest.fixture
def shop(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    desk = Desk(profile, clock=SystemClock())
    desk.run_now(brands.add_brand, name="Café Alba")
    desk.run_now(brands.add_brand, name="Otra")
    desk.close_now()
    return Cli(profile, capsys, monkeypatch)


def test_links_are_kept_listed_and_put_away(shop: Cli) -> None:
    brand = ("--brand", "Café Alba")
    assert shop("link", "add", "Roscón", "https://alba.example/roscon?utm_source=x", *brand, "--also", "rosca") == 0
    assert shop("link", "add", "Roscón 2027", "https://alba.example/2027", *brand, "--replaces", "1", "--json") == 0
    assert shop("link", "list", "--search", "rosca", "--json") == 0
    [row] = json.loads(shop.out)
    assert (row["url"], row["instead"], row["broken"]) == ("https://alba.example/roscon", 2, None)
    assert shop("link", "list", "--brand", "Otra") == 0 and "No links" in shop.out
    assert shop("link", "archive", "1") == 0
    assert shop("link", "list", "--json") == 0
    assert [each["id"] for each in json.loads(shop.out)] == [2]
    assert shop("link", "archive", "1", "--restore") == 0
    assert shop("link", "archive", "9") == 1
    assert shop("link", "add", "Mal", "no address", *brand) == 2


def test_links_are_tried(shop: Cli, profile: Path) -> None:
    with raw_server(answer(b"", status="404 Not Found", kind="text/html")) as server:
        desk = Desk(profile, clock=SystemClock())
        made = Profile(Author("a", "alba@here", "Alba"), Capabilities(Limits(500, 23)), server.url)
        desk.run_now(accounts.add_account, brand_id=1, profile=made, network="mastodon", secret_ref="x")
        desk.close_now()
        assert shop("link", "add", "Pan", f"{server.url}/pan", "--brand", "Café Alba") == 0
        assert shop("link", "check") == 1
        assert "Page gone" in shop.out
        server.plan = answer(b"<title>Pan</title>", kind="text/html")
        assert shop("link", "check", "--json") == 0
        assert [(each["code"], each["broken"]) for each in json.loads(shop.out)] == [("", False)]


def test_a_file_comes_in_and_goes_out(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "enlaces.csv"
    file.write_text(
        "Nombre;Enlace;Categoría;Otros nombres;Sustituido por\n"
        "Pan;alba.example/pan;Panes;barra, hogaza;\nViejo;https://alba.example/viejo;;;Pan\n"
        "Mal;no address;;;\n;https://alba.example;;;\nPan;https://x.example;;;\n",
        encoding="cp1252",
    )
    brand = ("--brand", "Café Alba")
    assert shop("link", "import", str(file), *brand, "--dry-run") == 1
    assert "Would add 2" in shop.out
    assert shop("link", "list", "--json") == 0 and json.loads(shop.out) == []
    assert shop("link", "import", str(file), *brand, "--json") == 1
    rows = json.loads(shop.out)
    assert [each["name"] for each in rows if each["action"] == "added"] == ["Pan", "Viejo"]
    assert [(each["line"], each["code"]) for each in rows if each["action"] == "left_out"] == [
        (4, "link_form"), (5, "product_name"), (6, "row_twice"),
    ]  # fmt: skip
    out = tmp_path / "out.csv"
    assert shop("link", "export", str(out)) == 0
    assert shop("link", "import", str(out), *brand, "--json") == 0
    assert {each["action"] for each in json.loads(shop.out)} == {"same"}
    broken = tmp_path / "broken.csv"
    broken.write_text("a;b\n1;2\n", encoding="utf-8")
    assert shop("link", "import", str(broken), *brand) == 2


def test_hashtags_are_kept_and_listed(shop: Cli) -> None:
    assert shop("hashtags", "add", "Pan", "pan", "#obrador", "--brand", "Café Alba") == 0
    assert shop("hashtags", "list", "--json") == 0
    assert json.loads(shop.out)[0]["tags"] == ["#pan", "#obrador"]
    assert shop("hashtags", "add", "Mal", "no-es", "--brand", "Café Alba") == 2
    assert shop("hashtags", "list", "--brand", "Otra") == 0 and "No sets" in shop.out
