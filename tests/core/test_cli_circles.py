"""Circles on the command line: made by hand and by rule, tried, mended, joined; what cannot be is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.test_cli import Cli

BRAND = ("--brand", "Café Alba")
FRENCH = "language is fr and not opt_out"


@pytest.fixture
def cafe(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba") == 0
    assert cli("market", "add", "FR", *BRAND) == 0
    for name, tongue, more in (
        ("Amélie", "fr", ()), ("Léa", "fr-CA", ("--advocate",)), ("Ana", "es", ("--advocate",)),
        ("Hugo", "fr", ("--opt-out",)), ("Iker", "eu", ()),
    ):  # fmt: skip
        assert cli("contact", "add", name, "--language", tongue, *more, *BRAND) == 0
    return cli


def names(cli: Cli, circle: str, *more: str) -> set[str]:
    return {str(each["name"]) for each in cli.json("circle", "members", circle, *more, *BRAND)}


def test_a_rule_is_written_on_one_line_and_fills_the_circle(cafe: Cli) -> None:
    (made,) = cafe.json(
        "circle", "add", "Clientes franceses", "--rule", FRENCH, "--market", "france", "--note", "De usted", *BRAND
    )
    assert (made["people"], made["market"], made["note"]) == (2, "France", "De usted")
    assert made["line"] == "language is fr and not (opt_out is yes)" and made["broken"] == []
    assert made["rule"] == {"all": [
        {"field": "language", "is": "in", "value": ["fr"]}, {"none": [{"field": "opt_out", "is": "yes"}]},
    ]}  # fmt: skip
    assert names(cafe, "clientes FRANCESES") == {"Amélie", "Léa"}
    assert cafe("circle", "members", "Clientes franceses", "--limit", "1", *BRAND) == 0
    assert "1 of 2 people" in cafe.out and "by its rule" in cafe.out
    assert cafe("circle", "list") == 0 and "language is fr" in cafe.out
    assert cafe("circle", "rule", "Clientes franceses", *BRAND) == 0
    assert cafe.out.splitlines()[0] == made["line"] and "Language is French" in cafe.out
    # The line it prints, and its JSON, are taken as they are.
    for told in (str(made["line"]), json.dumps(made["rule"])):
        (again,) = cafe.json("circle", "rule", "Clientes franceses", told, *BRAND)
        assert again["rule"] == made["rule"]


def test_a_rule_is_tried_before_it_counts(cafe: Cli) -> None:
    cafe.json("circle", "add", "Amigas", "--rule", "advocate", *BRAND)
    (tried,) = cafe.json("circle", "rule", "Amigas", "advocate or language is eu", "--dry-run", *BRAND)
    assert tried["people"] == 3 and set(tried["first"]) == {"Ana", "Léa", "Iker"}
    assert cafe("circle", "rule", "Amigas", "language is eu", "--dry-run", *BRAND) == 0
    assert "Language is Basque." in cafe.out and "1 person, Iker" in cafe.out
    assert names(cafe, "Amigas") == {"Ana", "Léa"}
    assert cafe("circle", "rule", "Amigas", "-", *BRAND, "--json", stdin="language is eu\n") == 0
    assert names(cafe, "Amigas") == {"Iker"}


def test_people_are_put_in_and_out_by_hand(cafe: Cli) -> None:
    assert cafe.json("circle", "add", "Vecinas", "--person", "Ana", "--person", "Iker", *BRAND)[0]["people"] == 2
    assert cafe.json("circle", "put", "Vecinas", "Léa", "Ana", *BRAND)[0]["people"] == 3
    assert cafe("circle", "out", "Vecinas", "Ana", *BRAND) == 0 and "1 person left." in cafe.out
    assert names(cafe, "Vecinas") == {"Iker", "Léa"}
    cafe.json("circle", "add", "Amigas", "--rule", "advocate", *BRAND)
    cafe.json("circle", "out", "Amigas", "Ana", *BRAND)
    cafe.json("circle", "put", "Amigas", "Iker", *BRAND)
    assert names(cafe, "Amigas") == {"Léa", "Iker"} and names(cafe, "Amigas", "--out") == {"Ana"}
    assert {(each["name"], each["by"]) for each in cafe.json("circle", "members", "Amigas", *BRAND)} == {
        ("Léa", "rule"), ("Iker", "hand"),
    }  # fmt: skip
    told = cafe.json("circle", "history", "Amigas", *BRAND)
    assert [(each["name"], each["joined"], each["why"]) for each in told] == [
        ("Iker", True, "hand"), ("Ana", False, "hand"),
    ]  # fmt: skip
    assert cafe("circle", "history", "Amigas", *BRAND) == 0 and "taken out by hand" in cafe.out
    assert cafe.json("circle", "rule", "Amigas", "--alone", *BRAND)[0]["people"] == 2
    assert names(cafe, "Amigas") == {"Ana", "Léa"}
    (kept,) = cafe.json("circle", "rule", "Amigas", "--none", *BRAND)
    assert (kept["people"], kept["rule"]) == (2, None)
    assert cafe("circle", "rule", "Amigas", *BRAND) == 0 and "put in by hand" in cafe.out


def test_a_rule_on_what_is_gone_is_said_and_keeps_its_people(cafe: Cli) -> None:
    cafe.json("circle", "add", "Vecinas", "--person", "Ana", *BRAND)
    cafe.json("circle", "add", "Todas", "--rule", "circle is Vecinas or advocate", *BRAND)
    cafe.json("circle", "remove", "Vecinas", *BRAND)
    (found,) = cafe.json("circle", "list", *BRAND)
    assert found["people"] == 2 and [each["code"] for each in found["broken"]] == ["rule_circle_gone"]
    assert "A circle that the rule names was deleted" in found["broken"][0]["why"]
    assert names(cafe, "Todas") == {"Ana", "Léa"}
    assert {each["by"] for each in cafe.json("circle", "members", "Todas", *BRAND)} == {"noted"}
    assert cafe("circle", "list") == 0 and "broken rule" in cafe.out
    assert cafe("circle", "rule", "Todas", *BRAND) == 0 and "was deleted" in cafe.out
    assert cafe.json("circle", "rule", "Todas", "advocate", *BRAND)[0]["broken"] == []


def test_circles_become_one(cafe: Cli) -> None:
    cafe.json("circle", "add", "Vecinas", "--person", "Iker", *BRAND)
    cafe.json("circle", "add", "Amigas", "--rule", "advocate", *BRAND)
    (found,) = cafe.json("circle", "merge", "Amigas", "Vecinas", *BRAND)
    assert (found["name"], found["people"]) == ("Amigas", 3)
    (found,) = cafe.json("circle", "edit", "Amigas", "--name", "De casa", "--note", "Van de tú", *BRAND)
    assert (found["name"], found["note"], found["line"]) == ("De casa", "Van de tú", "advocate is yes")
    assert [each["name"] for each in cafe.json("circle", "list")] == ["De casa"]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (("add", "X", "--rule", "language is fr and"), 2, "cannot be read from “…” on"),
        (("add", "X", "--rule", "shoe_size >= 40"), 2, "“shoe_size”"),
        (("add", "X", "--rule", "market is Marte"), 2, "Nothing here is called “Marte”"),
        (("add", "X", "--rule", '{"all": 3}'), 2, "no rule of a circle"),
        (("add", "X", "--rule", "{nonsense"), 2, "no rule of a circle"),
        (("add", "X", "--rule", " "), 2, "no condition"),
        (("add", "X", "--rule", "own:77 is filled"), 2, "was deleted"),
        (("add", "X", "--market", "Marte"), 2, "no such market"),
        (("add", "X", "--person", "Nadie"), 1, "Nadie"),
        (("add", ""), 2, "name"),
        (("members", "Nada"), 1, "circle"),
        (("rule", "Amigas", "circle is Amigas"), 2, "its own circle"),
        (("rule", "Amigas", "advocate", "--none"), 2, "at once"),
        (("rule", "Amigas", "--dry-run"), 2, "no condition"),
    ],
)
def test_what_cannot_be_is_one_line(cafe: Cli, asked: tuple[str, ...], status: int, said: str) -> None:
    cafe.json("circle", "add", "Amigas", *BRAND)
    assert cafe("circle", *asked, *BRAND) == status
    cafe.says(status, said)
    assert [each["name"] for each in cafe.json("circle", "list")] == ["Amigas"]
