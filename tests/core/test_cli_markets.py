"""Markets on the command line: the country is enough, what is named wins, and what cannot be is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmdesk.commands import planning
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts
from tests.core.test_cli import Cli

BRAND = ("--brand", "Café Alba")


@pytest.fixture
def cafe(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli = Cli(profile, capsys, monkeypatch)
    assert cli("brand", "add", "Café Alba") == 0
    return cli


def test_the_country_alone_fills_in_the_rest(cafe: Cli) -> None:
    (made,) = cafe.json("market", "add", "fr", *BRAND)
    assert (made["name"], made["language"], made["country"], made["zone"]) == ("France", "fr", "FR", "Europe/Paris")
    assert made["formal"] is True and any("Toubon" in each for each in made["checklist"])
    (made,) = cafe.json("market", "add", "CH", "--language", "fr", "--bare", *BRAND)
    assert (made["name"], made["language"]) == ("Switzerland (French)", "fr") and made["checklist"] == []
    (told, _other) = cafe.json("market", "list")
    assert (told["brand"], told["name"]) == ("Café Alba", "France")
    assert cafe("market", "list", *BRAND) == 0
    assert "Europe/Paris" in cafe.out


def test_a_country_with_several_clocks_asks_for_one(cafe: Cli) -> None:
    assert cafe("market", "add", "US", *BRAND) == 2
    cafe.says(2, "several time zones")
    (made,) = cafe.json("market", "add", "US", "--zone", "America/Chicago", *BRAND)
    assert (made["language"], made["zone"]) == ("en", "America/Chicago")
    assert (
        cafe.json("market", "add", "US", "--region", "HI", *BRAND, "--name", "Islas")[0]["zone"] == "Pacific/Honolulu"
    )
    assert cafe.json("market", "add", "ES", "--region", "CN", *BRAND)[0]["zone"] == "Atlantic/Canary"
    # One clock although the library names two zones.
    assert cafe.json("market", "add", "DE", *BRAND)[0]["zone"] == "Europe/Berlin"


def test_what_is_named_is_changed_and_the_rest_stays(cafe: Cli) -> None:
    cafe.json("market", "add", "ES", "--region", "CT", "--language", "ca", "--topic", "procés", "--bare", *BRAND)
    (told,) = cafe.json(
        "market", "edit", "Spain (Catalan)", *BRAND, "--awake", "7:30-0:30", "--meal", "14:00-15:30", "--address",
        "usted", "--quiet", "09-11 Diada", "--quiet", "03-11 11-M", "--legal", "En català", "--name", "Catalunya",
    )  # fmt: skip
    assert (told["name"], told["awake"], told["meal"], told["formal"]) == (
        "Catalunya",
        "07:30-00:30",
        "14:00-15:30",
        True,
    )
    assert (told["region"], told["topics"], told["quiet"]) == ("CT", ["procés"], ["09-11 Diada", "03-11 11-M"])
    (told,) = cafe.json("market", "edit", "catalunya", *BRAND, "--awake", "", "--quiet", "", "--address", "brand")
    assert (told["awake"], told["quiet"], told["formal"], told["meal"]) == ("", [], None, "14:00-15:30")
    (told,) = cafe.json("market", "edit", "catalunya", *BRAND, "--country", "PT")
    assert (told["country"], told["zone"], told["language"], told["region"]) == ("PT", "Europe/Lisbon", "pt", "")
    (gone,) = cafe.json("market", "remove", "catalunya", *BRAND)
    assert gone["name"] == "Catalunya" and cafe.json("market", "list") == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("add", "XX"), "No country is known by"),
        (("add", "EU"), "No country is known by"),
        (("add", "FR", "--zone", "Europe/Atlantis"), "no time zone"),
        (("add", "FR", "--region", "ZZ"), "no region"),
        (("add", "FR", "--language", "french"), "is not a language"),
        (("add", "FR", "--awake", "8-23"), "no hour of a day"),
        (("add", "FR", "--quiet", "13-40 never"), "does not begin with a day"),
        (("add", "FR", "--check", "x" * 400), "too long"),
        (("edit", "Nowhere"), "no such market"),
        (("remove", "Nowhere"), "no such market"),
    ],
)
def test_a_mistake_is_one_line_and_keeps_nothing(cafe: Cli, argv: tuple[str, ...], words: str) -> None:
    assert cafe("market", *argv, *BRAND) == 2
    cafe.says(2, words)
    assert cafe.json("market", "list") == []


def test_a_checklist_is_read_and_ticked_off_for_the_words_of_a_post(cafe: Cli) -> None:
    cafe.json("market", "add", "FR", *BRAND, "--bare", "--check", "Toubon?", "--check", "Prix?")
    desk = Desk(cafe.profile)
    try:
        profile = Profile(Author("id", "alba"), Capabilities(Limits(500, 23)), "https://plaza.example")
        desk.run_now(accounts.add_account, brand_id=1, profile=profile, network="mastodon", secret_ref="ref")
        for text, market_id in (("Soldes", 1), ("Rebajas", None)):
            desk.run_now(planning.save_post, brand_id=1, text=text, account_ids=[1], market_id=market_id)
    finally:
        desk.close_now()
    assert cafe("market", "check", "1", "--json") == 1, "something waits"
    assert "market_checklist" in {row["code"] for row in cafe.json("post", "review", "1")}
    rows = cafe.json("market", "check", "1", "--done")
    assert [(row["market"], row["question"], row["checked"]) for row in rows] == [
        ("France", "Toubon?", True), ("France", "Prix?", True),
    ]  # fmt: skip
    assert cafe("market", "check", "1") == 0 and "Toubon?" in cafe.out
    assert "market_checklist" not in {row["code"] for row in cafe.json("post", "review", "1")}
    assert cafe("market", "check", "2") == 0 and "No market that reads it" in cafe.out
    assert cafe("market", "check", "1", "--market", "Nowhere") == 2
    assert cafe("market", "check", "99") == 1
