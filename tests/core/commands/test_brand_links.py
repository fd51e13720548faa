"""Product links and hashtag sets: kept by brand, found by any of their names, undone."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands import brand_links as commands
from cmdesk.errors import Invalid
from cmdesk.store import brand_links as store
from tests.core.commands.conftest import World


def do(world: World, command: Any, **given: Any) -> Any:
    return world.desk.store.write(command, **given).result()


def undo(world: World, done: Any) -> None:
    world.desk.run_now(done.undo.command, **done.undo.args)


def add(world: World, name: str = "Roscón", url: str = "https://alba.example/roscon?utm_source=x", **more: Any) -> int:
    return world.desk.run_now(commands.save_product, brand_id=world.brand, name=name, url=url, **more)


def names(world: World, text: str = "", **more: Any) -> list[str]:
    return [each.name for each in world.desk.page(store.products, world.brand, text=text, **more)]


def test_a_product_is_kept_without_its_parameters_and_found_by_all_its_names(world: World) -> None:
    add(world, also="rosca de reyes\n\nkings' cake", category="Dulces")
    add(world, "Pan de pueblo", "https://alba.example/pan")
    [found] = world.desk.page(store.products, world.brand, text="rosca REYES")
    assert (found.url, found.also) == ("https://alba.example/roscon", "rosca de reyes\nkings' cake")
    assert names(world, "dulces") == ["Roscón"]
    assert names(world, "nothing") == []
    assert world.desk.page(store.products, world.other) == []


def test_what_is_used_comes_first(world: World) -> None:
    add(world, "A", "https://a.example")
    second = add(world, "B", "https://b.example")
    assert names(world) == ["A", "B"]
    world.desk.run_now(commands.use_product, product_id=second)
    assert names(world) == ["B", "A"]


def test_changes_and_putting_away_are_undone(world: World) -> None:
    product_id = add(world)
    changed = do(
        world, commands.save_product, brand_id=world.brand, product_id=product_id, name="Otro", url="https://x.example"
    )
    undo(world, changed)
    assert world.desk.page(store.product, product_id).name == "Roscón"
    away = do(world, commands.put_product_away, product_id=product_id)
    assert (names(world), names(world, archived=True)) == ([], ["Roscón"])
    undo(world, away)
    assert names(world) == ["Roscón"]


def test_an_alternative_is_another_product_of_the_brand(world: World) -> None:
    product_id = add(world)
    better = add(world, "Roscón grande", "https://alba.example/grande")
    again = {"brand_id": world.brand, "product_id": product_id, "name": "Roscón", "url": "https://alba.example/roscon"}
    world.desk.run_now(commands.save_product, **again, instead_id=better)
    assert world.desk.page(store.product, product_id).instead_id == better
    foreign = world.desk.run_now(commands.save_product, brand_id=world.other, name="Gafas", url="https://sol.example")
    for wrong in (product_id, foreign):
        with pytest.raises(Invalid) as refused:
            world.desk.run_now(commands.save_product, **again, instead_id=wrong)
        assert refused.value.code == "product_instead"


@pytest.mark.parametrize(
    ("name", "url", "code"),
    [
        (" ", "https://a.example", "product_name"),
        ("A", "nonsense", "link_form"),
        ("ROSCÓN", "https://a.example", "product_exists"),
    ],
)
def test_bad_products_are_refused_by_name(world: World, name: str, url: str, code: str) -> None:
    add(world, "ROSCÓN")
    with pytest.raises(Invalid) as refused:
        add(world, name, url)
    assert refused.value.code == code


def test_hashtags_are_taken_as_people_write_them(world: World) -> None:
    saved = do(
        world, commands.save_hashtags, brand_id=world.brand, name="Pan", tags="#Pan, masaMadre;＃ñandú  pan2026 #Pan"
    )
    [found] = world.desk.page(store.hashtag_sets, world.brand)
    assert found.tags == ("#Pan", "#masaMadre", "#ñandú", "#pan2026")
    changed = do(world, commands.save_hashtags, brand_id=world.brand, set_id=saved.value, name="Pan", tags="uno")
    undo(world, changed)
    assert world.desk.page(store.hashtag_set, saved.value).tags == found.tags
    gone = do(world, commands.remove_hashtags, set_id=saved.value)
    assert world.desk.page(store.hashtag_sets, world.brand) == []
    undo(world, gone)
    assert [each.tags for each in world.desk.page(store.hashtag_sets, world.brand)] == [found.tags]


@pytest.mark.parametrize(
    ("tags", "code"), [(" , # ", "hashtags_empty"), ("ok masa-madre", "hashtag_form"), ("2026", "hashtag_form")]
)
def test_what_no_network_takes_as_a_hashtag_is_named(world: World, tags: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.save_hashtags, brand_id=world.brand, name="x", tags=tags)
    assert refused.value.code == code
