"""What an account is for: kept, checked, of its own brand, taken back (K4, K12)."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands.aims import save_aim
from cmdesk.errors import Invalid
from cmdesk.planning.aims import Aim, checked
from cmdesk.store import aims
from cmdesk.store.db import Done
from tests.core.commands.conftest import World


def keep(world: World, aim: Aim, account_id: int | None = None) -> Done[bool]:
    return world.desk.store.write(save_aim, account_id=account_id or world.account, aim=aim).result()


def undo(world: World, done: Any) -> None:
    world.desk.run_now(done.undo.command, **done.undo.args)


def kept(world: World) -> Aim:
    return world.desk.page(aims.aim, world.account)


def add_market(tx: Any, *, brand_id: int) -> int:
    return int(
        tx.conn.execute(
            "INSERT INTO market (brand_id, name, language, country, zone) VALUES (?, 'Francia', 'fr', 'FR',"
            " 'Europe/Paris') RETURNING id",
            (brand_id,),
        ).fetchone()[0]
    )


def delete_market(tx: Any, *, market_id: int) -> None:
    tx.conn.execute("DELETE FROM market WHERE id = ?", (market_id,))


def test_an_aim_is_kept_cleaned_and_taken_back(world: World) -> None:
    assert kept(world) == Aim() and not kept(world)
    done = keep(
        world, Aim(None, "  Reservas   de paso ", "Turistas", "pictures", True, "Sin precios\n", "https://a.example/r")
    )
    assert kept(world) == Aim(
        None, "Reservas de paso", "Turistas", "pictures", True, "Sin precios", "https://a.example/r"
    )
    assert world.desk.page(aims.aims, world.brand) == {world.account: kept(world)}
    assert world.desk.page(aims.aims, world.other) == {}
    undo(world, done)
    assert kept(world) == Aim()
    assert world.desk.page(aims.aims, world.brand) == {}


def test_saying_the_same_again_is_no_decision(world: World) -> None:
    keep(world, Aim(goal="Reservas"))
    again = keep(world, Aim(goal="Reservas "))
    assert again.value is False
    assert again.undo is None


@pytest.mark.parametrize(
    ("aim", "code"),
    [
        (Aim(material="smell"), "aim_material"),
        (Aim(goal="x" * 401), "aim_long"),
        (Aim(rules="x" * 8001), "aim_long"),
        (Aim(rules_url="javascript:alert(1)"), "aim_url"),
        (Aim(rules_url="https://"), "aim_url"),
        (Aim(rules_url="http://[broken"), "aim_url"),
        (Aim(market_id=99), "market_unknown"),
    ],
)
def test_what_cannot_be_kept_is_named(world: World, aim: Aim, code: str) -> None:
    with pytest.raises(Invalid) as told:
        keep(world, aim)
    assert told.value.code == code
    assert kept(world) == Aim()


def test_a_market_of_another_brand_is_refused(world: World) -> None:
    theirs = world.desk.run_now(add_market, brand_id=world.other)
    with pytest.raises(Invalid) as told:
        keep(world, Aim(market_id=theirs))
    assert told.value.code == "market_unknown"


def test_undo_lets_a_market_that_is_gone_stay_away(world: World) -> None:
    ours = world.desk.run_now(add_market, brand_id=world.brand)
    keep(world, Aim(market_id=ours, goal="Reservas"))
    done = keep(world, Aim(goal="Ventas"))
    world.desk.run_now(delete_market, market_id=ours)
    undo(world, done)
    assert kept(world) == Aim(goal="Reservas")


def test_an_account_that_is_not_there_is_told(world: World) -> None:
    with pytest.raises(Invalid) as told:
        keep(world, Aim(goal="x"), account_id=4711)
    assert told.value.code == "account_unknown"


def test_an_address_may_have_blanks_around_it() -> None:
    assert checked(Aim(rules_url=" https://a.example/ ")).rules_url == "https://a.example/"
