"""The command line about hours: slots, recurring posts, a plan from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cmdesk.clock import SystemClock
from cmdesk.commands import brands, planning, series
from cmdesk.desk import Desk
from cmdesk.model import Target
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.store import accounts
from tests.core.test_cli import Cli


@pytest.fixture
def shop(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    desk = Desk(profile, clock=SystemClock())
    brand = desk.run_now(brands.add_brand, name="Café Alba")
    profile_of = Profile(
        Author("a", "alba@plaza.example", "Alba"), Capabilities(Limits(500, 23)), "https://plaza.example"
    )
    account = desk.run_now(accounts.add_account, brand_id=brand, profile=profile_of, network="mastodon", secret_ref="x")
    post = desk.run_now(planning.save_post, brand_id=brand, text="Menú", account_ids=[account])
    target = Target(account, "2030-03-04T10:00", "Europe/Madrid")
    desk.run_now(series.start, post_id=post, rule=Rule(Every.WEEK), targets=[target])
    desk.close_now()
    return Cli(profile, capsys, monkeypatch)


def test_slots_are_added_listed_and_removed(shop: Cli) -> None:
    wanted = ("--brand", "Café Alba", "--account", "alba@plaza.example", "--day", "mon", "fri", "--at", "09:30")
    assert shop("slot", "add", *wanted, "--json") == 0
    rows = json.loads(shop.out)
    assert [(each["day"], each["at"], each["zone"]) for each in rows] == [
        ("mon", "09:30", "Europe/Madrid"), ("fri", "09:30", "Europe/Madrid"),
    ]  # fmt: skip
    assert all(each["next"] for each in rows)
    assert shop("slot", "remove", *(str(each["id"]) for each in rows)) == 0
    assert shop("slot", "list") == 0
    assert "no hours" in shop.out
    assert shop("slot", "remove", "99") == 1
    assert shop("slot", "add", *wanted[:-1], "25:00") == 2
    assert "25:00" in shop.err


def test_series_are_listed_paused_and_ended(shop: Cli) -> None:
    assert shop("series", "list") == 0
    assert "Every week on Monday" in shop.out
    for deed, state in (("pause", "paused"), ("resume", "runs"), ("end", "ended")):
        assert shop("series", deed, "1", "--json") == 0
        assert json.loads(shop.out)[0]["state"] == state
    assert shop("series", "end", "7") == 1
    assert "7" in shop.err


def test_a_plan_is_previewed_and_taken_in(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("Fecha;Hora;Texto\n05/03/2030;10:00;Hola\n05/03/2020;10:00;Tarde\n;;Sin hora\n", encoding="cp1252")
    rejected = tmp_path / "broken.csv"
    assert shop("post", "import", str(file), "--dry-run", "--json", "--rejects", str(rejected)) == 1
    rows = json.loads(shop.out)
    assert [each["text"] for each in rows if each["action"] == "would_take"] == ["Hola", "Sin hora"]
    assert [(each["rows"], each["code"]) for each in rows if each["action"] == "left_out"] == [([3], "time_past")]
    assert "Tarde" in rejected.read_text(encoding="utf-8-sig")
    assert shop("post", "import", str(file)) == 1
    assert "Took in 2 posts; rows left out: 1." in shop.out and "row 3: Date" in shop.err
    assert shop("post", "list", "--json") == 0
    texts = {each["text"]: each["status"] for each in json.loads(shop.out)}
    assert texts["Hola"] == "scheduled" and texts["Sin hora"] == "draft"


def test_a_file_that_is_no_plan_says_so(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(b"PK\x03\x04 nothing")
    assert shop("post", "import", str(file)) == 2
    assert "damaged" in shop.err
    assert shop("post", "import", str(tmp_path / "gone.csv")) == 1
