"""`post add` and `post schedule --to`: whom a post is for, who would really see it, and the yes to more."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmdesk.commands import brands, circles, contacts, markets
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts
from tests.core.test_cli import Cli, cli as cli

ADD = ("post", "add", "--brand", "Alba", "--account", "alba", "--text", "Hola", "--at", "2030-03-04T10:00")


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """Return a command line on a profile with a brand, an account, a market, a circle and two people."""
    desk = Desk(cli.profile)
    try:
        alba = desk.run_now(brands.add_brand, name="Alba", zone="Europe/Madrid", language="es")
        capabilities = Capabilities(Limits(500, 23), direct=True, visibilities=("public", "private"))
        desk.run_now(
            accounts.add_account, brand_id=alba, network="mastodon", secret_ref="ref",
            profile=Profile(Author("id", "alba"), capabilities, "https://plaza.example"),
        )  # fmt: skip
        desk.run_now(
            markets.save_market, brand_id=alba, name="Francia", language="fr", country="FR", zone="Europe/Paris"
        )
        people = [
            desk.run_now(contacts.add_person, brand_id=alba, name=name, identities=[("mastodon", handle)])
            for name, handle in (("Ana", "ana@otra.example"), ("Ana", "ana@tercera.example"))
        ]
        desk.run_now(circles.save_circle, brand_id=alba, name="Clientes", contact_ids=people)
    finally:
        desk.close_now()
    return cli


def test_more_readers_than_chosen_need_a_yes(filled: Cli) -> None:
    assert filled(*ADD, "--to", "circle:clientes") == 1
    assert "More people would see it than you chose" in filled.err and "On alba it" in filled.err
    assert filled.json("post", "list") == []
    assert filled(*ADD, "--to", "circle:clientes", "--to", "market:Francia", "--yes-wider") == 0
    (row,) = filled.json("post", "list")
    assert (row["circles"], row["market"], row["person"], row["status"]) == ([1], 1, None, "scheduled")
    (reach,) = row["reach"]
    assert (reach["account"], reach["kind"], reach["code"], reach["wider"]) == ("alba", "wider", "everyone", True)
    assert reach["words"] == "Everybody, not only those chosen"


def test_one_person_by_their_handle(filled: Cli) -> None:
    assert filled(*ADD, "--to", "person:@ana") == 2
    assert "means several people" in filled.err
    assert filled(*ADD, "--to", "person:@ana@otra.example") == 0
    (row,) = filled.json("post", "list")
    assert row["person"] == 1 and row["reach"][0]["code"] == "direct"
    assert filled(*ADD, "--to", "person:1", "--to", "circle:Clientes") == 2
    assert "One person goes alone" in filled.err


@pytest.mark.parametrize("word", ["Francia", "market:", "land:Francia"])
def test_what_says_no_audience_is_told(filled: Cli, word: str) -> None:
    assert filled(*ADD, "--to", word) == 2
    assert "says no audience" in filled.err


@pytest.mark.parametrize("word", ["market:Italia", "circle:Nadie", "person:@pep", "person:77"])
def test_who_is_not_there_is_told(filled: Cli, word: str) -> None:
    assert filled(*ADD, "--to", word) == 2
    assert "There is no" in filled.err
    assert filled.json("post", "list") == []


def test_a_post_that_exists_gets_its_audience_and_its_hour(filled: Cli) -> None:
    assert filled(*ADD[:-2], "--draft") == 0
    assert filled("post", "schedule", "1", "--at", "2030-03-05T09:00", "--to", "market:Francia") == 1
    assert filled("post", "schedule", "1", "--at", "2030-03-05T09:00", "--to", "market:Francia", "--yes-wider") == 0
    (row,) = filled.json("post", "list")
    assert (row["market"], row["status"]) == (1, "scheduled")
    assert filled("post", "schedule", "9", "--at", "2030-03-05T09:00") == 1


def test_a_file_waits_as_drafts_where_more_would_see_it(filled: Cli, tmp_path: Path) -> None:
    sheet = tmp_path / "plan.csv"
    sheet.write_text(
        "brand,accounts,date,time,text,market\nAlba,alba,2030-03-04,10:00,Salut,Francia\n"
        "Alba,alba,2030-03-05,10:00,Hola,\n",
        encoding="utf-8",
    )
    assert filled("post", "import", str(sheet), "--dry-run") == 0
    assert "More people than it is for would see it on @alba" in filled.out + filled.err
    assert filled("post", "import", str(sheet)) == 0
    assert {row["text"]: row["status"] for row in filled.json("post", "list")} == {
        "Salut": "draft", "Hola": "scheduled",
    }  # fmt: skip
    sheet.write_text(
        "brand,accounts,date,time,text,market\nAlba,alba,2030-03-06,10:00,Bonsoir,Francia\n", encoding="utf-8"
    )
    assert filled("post", "import", str(sheet), "--yes-wider") == 0
    assert [row["status"] for row in filled.json("post", "list") if row["text"] == "Bonsoir"] == ["scheduled"]
