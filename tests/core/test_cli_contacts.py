"""`contact` on the command line: people listed, written down, taken in, handed over, merged, forgotten."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.core.test_cli import Cli

BRAND = ("--brand", "Café Alba")


@pytest.fixture
def cafe(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba", "--zone", "Europe/Madrid") == 0
    assert cli("market", "add", "FR", *BRAND) == 0
    return cli


@pytest.fixture
def people(cafe: Cli, tmp_path: Path) -> Cli:
    path = tmp_path / "people.csv"
    path.write_text(
        "Nombre;Correo;País;Idioma;Mercado;Círculos;Puntos\n"
        "Ana Gil;ana@x.example;ES;es;;Vecinas;3\n"
        "Luc Petit;luc@x.example;Francia;francés;France;Vecinas|Franceses;7\n",
        encoding="utf-8",
    )
    assert cafe("contact", "import", str(path), "--column", "Puntos=new", *BRAND) == 0, cafe.err
    return cafe


def test_a_file_is_tried_then_taken_in(cafe: Cli, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Nombre,Correo,País,Nota\nAna,ana@x.example,ES,a\nLeo,mal,Narnia,b\n", encoding="utf-8")
    (told,) = cafe.json("contact", "import", str(path), "--dry-run", *BRAND)
    assert (told["new"], told["written"], told["columns"]["Correo"]) == (1, False, "email")
    assert {(each["line"], each["column"], each["code"]) for each in told["faults"]} == {
        (3, "Correo", "handle_invalid"), (3, "País", "country_code"),
    }  # fmt: skip
    assert cafe.json("contact", "list") == []
    assert cafe("contact", "import", str(path), *BRAND) == 0
    assert "Correo → E-mail" in cafe.out and "Line 3, País: “Narnia” is not a country" in cafe.out
    assert "Added 1, changed 0; 0 were the same already, 1 rows are left out." in cafe.out
    assert cafe("contact", "import", str(path), "--column", "Nada=name", *BRAND) == 2
    cafe.says(2, "Nada")
    assert cafe("contact", "import", str(path), "--column", "Nota=tralala", *BRAND) == 2
    cafe.says(2, "tralala")
    assert cafe("contact", "import", str(tmp_path / "none.csv"), *BRAND) == 1
    cafe.says(1, "none.csv")


def test_people_are_listed_narrowed_down_and_shown(people: Cli) -> None:
    assert [each["name"] for each in people.json("contact", "list", "--sort", "name", "--ascending")] == [
        "Ana Gil", "Luc Petit",
    ]  # fmt: skip
    for narrowed, wanted in (
        (("--search", "lu pet"), ["Luc Petit"]), (("--country", "fr"), ["Luc Petit"]),
        (("--market", "france", *BRAND), ["Luc Petit"]), (("--circle", "franceses", *BRAND), ["Luc Petit"]),
        (("--language", "es"), ["Ana Gil"]), (("--opted-out",), []),
        (("--limit", "1", "--sort", "name"), ["Luc Petit"]),
    ):  # fmt: skip
        assert [each["name"] for each in people.json("contact", "list", *narrowed)] == wanted, narrowed
    (shown,) = people.json("contact", "show", "email:luc@x.example", *BRAND)
    assert (shown["own_fields"], shown["circles"]) == ({"Puntos": "7"}, ["Franceses", "Vecinas"])
    assert people("contact", "show", "Luc Petit", *BRAND) == 0
    assert "Country: FR" in people.out and "Puntos: 7" in people.out
    assert people("contact", "show", "nadie", *BRAND) == 1
    people.says(1, "nadie")
    assert people("contact", "list", "--circle", "Vecinas") == 2
    people.says(2, "--brand")


def test_somebody_is_added_and_several_are_edited(people: Cli) -> None:
    (made,) = people.json(
        "contact", "add", "Vera", *BRAND, "--handle", "mastodon:@vera@plaza.example", "--country", "ES",
        "--circle", "vecinas", "--field", "Puntos=12", "--opt-out-note", "por carta",
    )  # fmt: skip
    assert (made["opt_out"], made["circles"], made["handles"]) == (
        True, ["Vecinas"], {"mastodon": ["vera@plaza.example"]},
    )  # fmt: skip
    edited = people.json(
        "contact", "edit", "Ana Gil", str(made["id"]), *BRAND, "--market", "France", "--advocate", "--no-opt-out",
        "--likes", "pan", "--field", "puntos=99", "--not-circle", "Vecinas",
    )  # fmt: skip
    assert [(each["market"], each["advocate"], each["opt_out"], each["circles"]) for each in edited] == [
        ("France", True, False, []),
    ] * 2  # fmt: skip
    # One that cannot be takes all with it.
    assert people("contact", "edit", "Ana Gil", *BRAND, "--language", "ca", "--circle", "Ninguno") == 1
    assert people("contact", "add", "Otra", *BRAND, "--handle", "mastodon:vera@plaza.example") == 2
    people.says(2, "Vera")
    assert people("contact", "edit", "Ana Gil", *BRAND) == 2
    assert people.json("contact", "show", "Ana Gil", *BRAND)[0]["language"] == "es"
    people.json("contact", "add", "ana gil", *BRAND)
    assert people("contact", "show", "Ana Gil", *BRAND) == 1
    people.says(1, "Several people", "ana@x.example")


def test_the_table_goes_out_and_one_person_whole(people: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert people("contact", "export", "-o", str(out), "--delimiter", "semicolon", *BRAND) == 0
    assert "2 people written" in people.out
    (told,) = people.json("contact", "import", str(out), "--dry-run", *BRAND)
    assert (told["same"], told["new"], told["changed"], told["faults"]) == (2, 0, [], [])
    assert people("contact", "export", "--country", "FR", *BRAND) == 0
    assert people.out.count("\n") == 2 and "Luc Petit" in people.out
    whole = tmp_path / "luc.zip"
    assert people("contact", "export", "Luc Petit", "-o", str(whole), *BRAND) == 0
    with zipfile.ZipFile(whole) as archive:
        assert set(archive.namelist()) == {
            "index.html", "person.json", "messages.csv", "certificate.txt", "certificate.html", "SHA256SUMS",
        }  # fmt: skip
        told = json.loads(archive.read("person.json"))
        assert (told["own_fields"], told["market"]) == ({"Puntos": "7"}, "France")
        page = archive.read("index.html").decode()
        assert "Luc Petit" in page and "<script" not in page and "Content-Security-Policy" in page
        assert "Luc Petit" in archive.read("certificate.txt").decode()
    assert people("contact", "export", "Luc Petit", *BRAND) == 2
    people.says(2, "--output")


def test_doubles_are_named_and_two_become_one(people: Cli) -> None:
    people.json("contact", "add", "Luc P.", *BRAND, "--handle", "x:lucp", "--notes", "correo luc@x.example")
    (pair,) = people.json("contact", "doubles", *BRAND)
    assert (pair["name"], pair["other_name"], pair["reasons"]) == (
        "Luc Petit", "Luc P.", [{"kind": "email", "what": "luc@x.example"}],
    )  # fmt: skip
    before = people.json("contact", "merge", "Luc P.", "Luc Petit", "--dry-run", *BRAND)
    assert {"field": "name", "stays": "Luc Petit", "goes": "Luc P.", "result": "Luc Petit"} in before
    assert len(people.json("contact", "list")) == 3
    (kept,) = people.json("contact", "merge", "Luc P.", "Luc Petit", *BRAND)
    assert kept["handles"] == {"email": ["luc@x.example"], "x": ["lucp"]}
    assert len(people.json("contact", "list")) == 2
    assert people("contact", "doubles", *BRAND) == 0 and "Nobody" in people.out


def test_forgetting_is_shown_asked_twice_and_certified(people: Cli, tmp_path: Path) -> None:
    assert people("contact", "forget", "Luc Petit", *BRAND) == 2
    (told,) = people.json("contact", "forget", "Luc Petit", "--dry-run", *BRAND)
    assert (told["name"], told["goes"]["profiles"], told["in_flight"]) == ("Luc Petit", 1, 0)
    assert people("contact", "forget", "Luc Petit", "--confirm", "Luc", *BRAND) == 2
    people.says(2, "Type the name")
    nowhere = tmp_path / "no" / "paper.html"
    forget = ("contact", "forget", "Luc Petit", "--confirm", "luc petit", *BRAND, "--certificate")
    assert people(*forget, str(nowhere)) == 2
    assert len(people.json("contact", "list")) == 2
    paper = tmp_path / "paper.html"
    assert people(*forget, str(paper)) == 0
    assert "Certificate of deletion no. 1" in people.out and "Luc" not in people.out
    page = paper.read_text(encoding="utf-8")
    assert "Café Alba" in page and "Luc" not in page
    assert [each["name"] for each in people.json("contact", "list")] == ["Ana Gil"]
    (told,) = people.json("contact", "forget", "1", "--confirm", "ana gil", *BRAND)
    assert (told["number"], told["removed"]["profiles"]) == (2, 1)
