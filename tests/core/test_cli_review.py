"""`post review` and `--sure` inside this process: what they print, and their status."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmdesk.commands import brands, planning, reviewing
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts
from tests.core.test_cli import Cli, cli as cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """Return a command line on a profile with two brands and an account."""
    desk = Desk(cli.profile)
    try:
        alba = desk.run_now(brands.add_brand, name="Kalanda", zone="Europe/Madrid", language="es")
        desk.run_now(brands.add_brand, name="Northtrail", zone="Europe/Madrid", language="en")
        desk.run_now(
            accounts.add_account,
            brand_id=alba,
            profile=Profile(Author("id", "kalanda"), Capabilities(Limits(500, 23)), "https://plaza.example"),
            network="mastodon",
            secret_ref="ref",
        )
        desk.run_now(reviewing.set_words, brand_id=alba, kind="forbidden", words=["barato"])
        for text in ("Todo barato  hoy con Northtrail", "a" * 501, "Hola"):
            desk.run_now(planning.save_post, brand_id=alba, text=text, account_ids=[1])
        desk.run_now(reviewing.ignore, brand_id=alba, code="no_picture")
    finally:
        desk.close_now()
    return cli


def test_what_the_reviewer_says_is_listed_with_its_place(filled: Cli) -> None:
    rows = filled.json("post", "review", "1")
    assert [(row["level"], row["code"]) for row in rows] == [
        ("ask", "names_other_brand"), ("warning", "forbidden_word"), ("hint", "double_spaces"),
    ]  # fmt: skip
    assert rows[1]["text"] == "The client does not want to read “barato”."
    assert (rows[1]["part"], rows[1]["start"], rows[1]["end"]) == (0, 5, 11)
    assert filled("post", "review", "1") == 0
    assert "Northtrail" in filled.out and "Are you sure?" in filled.out


def test_an_error_is_status_1_and_nothing_to_say_is_said(filled: Cli) -> None:
    assert filled("post", "review", "2") == 1
    assert "1 characters too many for @kalanda" in filled.out
    assert filled("post", "review", "3") == 0
    assert "Ready" in filled.out
    assert filled("post", "review", "99") == 1


def test_another_brand_s_name_needs_to_be_meant(filled: Cli, tmp_path: Path) -> None:
    add = (
        "post",
        "add",
        "--brand",
        "Kalanda",
        "--account",
        "kalanda",
        "--text",
        "Con Northtrail",
        "--at",
        "2030-03-04T10:00",
    )
    assert filled(*add) == 1
    assert "Northtrail" in filled.err
    assert filled(*add, "--sure") == 0
    assert len(filled.json("post", "list")) == 4
