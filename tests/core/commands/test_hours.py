"""Decisions about hours, days off and markets: refused as a whole, taken back as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.commands import hours, markets
from cmdesk.commands.contacts import edit_contact
from cmdesk.errors import Invalid
from cmdesk.store import contacts, hours as store, inbox, markets as market_store
from tests.core.commands.conftest import World

WEEK = tuple(Shift(day, "09:00", "17:00") for day in range(5))
BOGOTA: dict[str, Any] = {"name": "Bogotá", "language": "es", "country": "CO", "zone": "America/Bogota"}


def run(world: World, command: Any, **args: Any) -> Any:
    return world.desk.store.write(command, **args).result()


def take_back(world: World, done: Any) -> Any:
    assert done.undo is not None
    return run(world, done.undo.command, **done.undo.args)


def levels(world: World) -> dict[int, ServiceLevel]:
    return world.desk.page(store.levels, world.brand)


def test_saving_the_same_again_is_no_decision(world: World) -> None:
    level = ServiceLevel(world.brand, "Europe/Madrid", shifts=WEEK)
    assert run(world, hours.save_level, level=level).undo is not None
    assert run(world, hours.save_level, level=level).undo is None


def test_several_levels_are_one_decision(world: World) -> None:
    first, second = (
        world.desk.run_now(markets.save_market, brand_id=world.brand, **{**BOGOTA, "name": name}) for name in ("A", "B")
    )
    usual = ServiceLevel(world.brand, "Europe/Madrid", shifts=WEEK)
    local = replace(usual, market_id=first, zone="America/Bogota", country="CO")
    world.desk.run_now(hours.save_level, level=local)
    before = levels(world)
    other = replace(usual, market_id=second, zone="America/Bogota")
    done = run(world, hours.save_levels, brand_id=world.brand, levels=[usual, other], removed=[first])
    assert levels(world) == {0: usual, second: other}
    again = take_back(world, done)
    assert levels(world) == before
    take_back(world, again)
    assert levels(world) == {0: usual, second: other}


def test_one_bad_level_of_several_changes_nothing(world: World) -> None:
    usual = ServiceLevel(world.brand, "Europe/Madrid", shifts=WEEK)
    with pytest.raises(Invalid):
        run(world, hours.save_levels, brand_id=world.brand, levels=[usual, replace(usual, market_id=7)])
    with pytest.raises(Invalid) as foreign:
        run(world, hours.save_levels, brand_id=world.other, levels=[usual])
    assert foreign.value.code == "wrong_brand"
    assert levels(world) == {}


def test_a_day_off_is_added_replaced_and_removed(world: World) -> None:
    day = date(2026, 12, 24)
    run(world, hours.add_closures, brand_id=world.brand, closures=[Closure(day, "Inventario")])
    run(world, hours.add_closures, brand_id=world.brand, closures=[Closure(day, "Abierto", closed=False)])
    assert levels(world)[0].closures == (Closure(day, "Abierto", closed=False),)
    done = run(world, hours.remove_closure, brand_id=world.brand, day=day)
    assert levels(world)[0].closures == ()
    take_back(world, done)
    assert levels(world)[0].closures == (Closure(day, "Abierto", closed=False),)
    with pytest.raises(Invalid) as unknown:
        run(world, hours.remove_closure, brand_id=world.brand, day=date(2026, 1, 1))
    assert unknown.value.code == "closure_unknown"


def test_a_market_is_made_changed_and_deleted_with_its_hours_and_people_and_comes_back(world: World) -> None:
    done = run(world, markets.save_market, brand_id=world.brand, **BOGOTA)
    market = done.value
    contact = world.desk.page(inbox.conversation, world.hear("Hola", remote_id="m1")).contact_id
    assert contact is not None
    world.desk.run_now(edit_contact, contact_id=contact, market_id=market)
    level = ServiceLevel(world.brand, "America/Bogota", market, shifts=WEEK, country="CO")
    world.desk.run_now(hours.save_level, level=level)
    changed = run(world, markets.save_market, market_id=market, brand_id=world.brand, **{**BOGOTA, "name": "Colombia"})
    take_back(world, changed)
    assert [each.name for each in world.desk.page(market_store.markets, world.brand)] == ["Bogotá"]
    gone = run(world, markets.delete_market, market_id=market)
    assert levels(world) == {}
    assert world.desk.page(contacts.contact, contact).market_id is None
    taken = world.desk.run_now(markets.save_market, brand_id=world.other, **BOGOTA)  # takes the free id
    back = take_back(world, gone)
    (found,) = world.desk.page(market_store.markets, world.brand)
    assert (found.id == market) is (taken != market)
    assert world.desk.page(contacts.contact, contact).market_id == found.id
    assert levels(world) == {found.id: replace(level, market_id=found.id)}
    take_back(world, back)
    assert world.desk.page(market_store.markets, world.brand) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"zone": "America/Nowhere"}, "zone_unknown"),
        ({"language": "español"}, "language_unknown"),
        ({"country": "Colombia"}, "country_unknown"),
        ({"name": " "}, "name_needed"),
        ({"market_id": 99}, "market_unknown"),
    ],
)
def test_a_market_that_cannot_be_is_refused(world: World, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        run(world, markets.save_market, brand_id=world.brand, **{**BOGOTA, **wrong})
    assert caught.value.code == code
    assert world.desk.page(market_store.markets, world.brand) == []


def test_a_market_of_another_brand_is_nobodys_business(world: World) -> None:
    foreign = world.desk.run_now(markets.save_market, brand_id=world.other, **BOGOTA)
    contact = world.desk.page(inbox.conversation, world.hear("Hola", remote_id="m1")).contact_id
    assert contact is not None
    with pytest.raises(Invalid):
        run(world, edit_contact, contact_id=contact, market_id=foreign)
    with pytest.raises(Invalid):
        run(world, markets.save_market, brand_id=world.brand, market_id=foreign, **BOGOTA)
