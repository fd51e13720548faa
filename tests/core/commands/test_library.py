"""Decisions about templates: each is taken back with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cmdesk.commands import library
from cmdesk.errors import Invalid
from cmdesk.model import Template
from cmdesk.store import library as store, library_import, markets as market_store
from cmdesk.store.db import Done
from cmdesk.store.library_import import ADD, CHANGE, SAME
from cmdesk.templates import MAX_TEXT
from cmdesk.templates.files import parse, to_csv, to_json
from tests.core.commands.conftest import World


@pytest.fixture(autouse=True)
def empty(world: World) -> None:
    world.desk.run_now(library.delete_templates, template_ids=[each.id for each in every(world)])


def every(world: World) -> list[Template]:
    return world.desk.page(store.templates)


def do(world: World, command: Callable[..., Any], **args: Any) -> Done[Any]:
    return world.desk.store.write(command, **args).result()


def take_back(world: World, done: Done[Any]) -> Done[Any]:
    assert done.undo is not None
    return do(world, done.undo.command, **done.undo.args)


def save(world: World, name: str = "Gracias", **more: Any) -> int:
    fields: dict[str, Any] = {"brand_id": world.brand, "texts": {"es": "¡Gracias!"}, **more}
    return int(do(world, library.save_template, name=name, **fields).value)


def full(world: World) -> int:
    """A template with everything one can have."""
    market = world.desk.run_now(
        market_store.save_market,
        brand_id=world.brand,
        name="México",
        language="es",
        country="MX",
        zone="America/Mexico_City",
    )
    made = save(
        world, kind="thanks", category="Positivas/Fotos", prompts={"número": "¿Cuál?"},
        markets={market: {"es": "¡Órale!"}}, texts={"es": "¡Gracias!", "es@usted": "Gracias"},
    )  # fmt: skip
    do(world, library.note_used, template_id=made)
    return made


def test_undo_and_redo_bring_back_everything(world: World) -> None:
    made = full(world)
    before = world.desk.page(store.template, made)
    assert (before.used, before.category, list(before.markets.values())) == (1, "Positivas/Fotos", [{"es": "¡Órale!"}])
    for command, args in (
        (library.delete_template, {"template_id": made}),
        (
            library.save_template,
            {"template_id": made, "brand_id": None, "name": "Otra", "texts": {"en": "x"}, "markets": {}},
        ),
        (library.move_templates, {"folders": {made: "Otra"}}),
        (library.rename_folder, {"folder": "Positivas", "to": "Buenas", "brand_id": world.brand}),
        (library.set_brand, {"template_ids": [made], "brand_id": None}),
    ):
        done = do(world, command, **args)
        after = every(world)
        assert after != [before]
        undone = take_back(world, done)
        assert every(world) == [before]
        take_back(world, undone)
        assert [(each.name, each.category, each.texts) for each in every(world)] == [
            (each.name, each.category, each.texts) for each in after
        ]
        take_back(world, do(world, library.put_back, before=(before,)))
        do(world, library.put_back, before=(before,))
        assert every(world) == [before]


def test_a_new_one_is_taken_back(world: World) -> None:
    done = do(world, library.save_template, brand_id=None, name="x", texts={"es": "y"})
    undone = take_back(world, done)
    assert every(world) == []
    take_back(world, undone)
    assert [each.name for each in every(world)] == ["x"]


def test_a_copy_takes_along_what_may_go(world: World) -> None:
    made = full(world)
    same = do(world, library.duplicate_template, template_id=made, name="Gracias", brand_id=world.brand).value
    other = do(world, library.duplicate_template, template_id=made, name="Gracias", brand_id=world.other).value
    copy, foreign = (world.desk.page(store.template, each) for each in (same, other))
    assert (copy.name, copy.used, bool(copy.markets), copy.prompts) == ("Gracias 2", 0, True, {"número": "¿Cuál?"})
    assert (foreign.name, foreign.markets, foreign.texts["es@usted"]) == ("Gracias", {}, "Gracias")


def test_folders_with_those_inside_are_renamed(world: World) -> None:
    ids = [save(world, name=str(number), category=path) for number, path in enumerate(("A", "A/B", "AB", "A/B/C"))]
    done = do(world, library.rename_folder, folder="A", to=" Quejas // Graves ", brand_id=world.brand)
    assert world.desk.page(store.folders, world.brand) == [
        ("AB", 1), ("Quejas/Graves", 1), ("Quejas/Graves/B", 1), ("Quejas/Graves/B/C", 1),
    ]  # fmt: skip
    take_back(world, done)
    assert [world.desk.page(store.template, each).category for each in ids] == ["A", "A/B", "AB", "A/B/C"]
    foreign = save(world, name="otra", brand_id=world.other, category="A")
    do(world, library.rename_folder, folder="A", to="Z", brand_id=world.brand)
    assert world.desk.page(store.template, foreign).category == "A"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "template_empty"), ({"texts": {"es": " \n"}}, "template_empty"),
        ({"name": "x" * 121}, "template_name_long"), ({"category": "x" * 201}, "template_folder_long"),
        ({"kind": "magic"}, "template_kind"), ({"texts": {"klingon": "x"}}, "language_unknown"),
        ({"texts": {"es": "x" * (MAX_TEXT + 1)}}, "template_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(world: World, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(world, **{"name": "x", **fields})
    assert refused.value.code == code
    assert every(world) == []


def test_a_long_text_and_an_emoji_name_are_kept(world: World) -> None:
    made = save(world, name="🎉 🎂", texts={"es": "ñ" * MAX_TEXT})
    assert len(world.desk.page(store.template, made).texts["es"]) == MAX_TEXT
    assert [each.id for each in world.desk.page(store.find, world.brand, "🎉")] == [made]
    assert world.desk.page(store.find, world.brand, "🐙") == []


def test_what_is_typed_finds_the_likeliest_first(world: World) -> None:
    english = save(world, name="Order", texts={"en": "your order"})
    shared = save(world, name="Pedido común", brand_id=None, texts={"es": "tu pedido"})
    own = save(world, name="Pedido", texts={"es": "tu pedido"})
    inside = save(world, name="Cuándo llega", texts={"es": "tu pedido llega"}, category="Envíos")
    save(world, name="Ajeno", brand_id=world.other, texts={"es": "tu pedido"})

    def found(text: str, **more: Any) -> list[int]:
        return [each.id for each in world.desk.page(store.find, world.brand, text, **more)]

    assert found("pedido", languages=("es",)) == [own, shared, inside]
    assert found("PEDÍ", language="es") == [own, shared, inside]
    assert found("envio") == [inside]
    assert found("p", language="es")[:2] == [own, shared]
    assert found("", language="en")[0] == english
    assert found("zzz") == found('"') == found("*)") == []
    for _time in range(3):
        do(world, library.note_used, template_id=inside)
    assert found("", languages=("es",)) == [inside, own, shared, english]
    assert found("", limit=1, languages=("es",)) == [inside]


def test_slots_are_found_by_kind(world: World) -> None:
    save(world, name="x")
    shared = save(world, name="En ello", kind="interim", brand_id=None, texts={"en": "On it"})
    own = save(world, name="En ello ya", kind="interim")
    assert [each.id for each in world.desk.page(store.by_category, world.brand, "interim")] == [own, shared]
    english = world.desk.page(store.by_category, world.brand, "interim", languages=("en",))
    assert [each.id for each in english] == [shared, own]
    assert world.desk.page(store.by_category, world.other, "interim")[0].id == shared
    assert world.desk.page(store.by_category, world.brand, "crisis") == []


@pytest.mark.parametrize("write", [to_csv, to_json])
def test_out_and_in_again_changes_nothing(world: World, write: Callable[..., bytes]) -> None:
    full(world)
    save(world, name="Común", brand_id=None, texts={"": "=1+1"})
    found = world.desk.page(library_import.to_export)
    data = write(found, world.desk.page(library_import.labels))
    before = every(world)
    done = do(world, library.import_templates, parsed=parse(data))
    assert (done.value.count(SAME), done.value.faults, done.undo) == (2, (), None)
    assert every(world) == before
    do(world, library.delete_templates, template_ids=[each.id for each in before])
    assert do(world, library.import_templates, parsed=parse(data)).value.count(ADD) == 2
    assert [(each.name, each.texts, each.markets, each.prompts, each.category) for each in every(world)] == [
        (each.name, each.texts, each.markets, each.prompts, each.category) for each in before
    ]


def test_an_import_adds_and_changes_and_loses_nothing(world: World) -> None:
    made = full(world)
    before = world.desk.page(store.template, made)
    data = (
        "folder,name,text,language,brand,market\n"
        "Positivas/Fotos,Gracias,Thanks!,en,Café Alba,\n"
        "Positivas/Fotos,Gracias,Merci,fr,Nadie,\n"
        "F,Nueva {nmae},{> Nueva {nmae}} hola,es,café alba,Marte\n"
        "F,Bucle,{> Bucle},es,,\n"
    ).encode()
    planned = world.desk.page(library_import.plan, parse(data))
    assert every(world) == [before]
    assert [(each.line, each.code) for each in planned.faults] == [(3, "brand"), (4, "market")]
    assert planned.left_out == 2
    assert [(each.action, [problem.code for problem in each.problems]) for each in planned.planned] == [
        (CHANGE, []), (ADD, ["loop"]),
    ]  # fmt: skip
    done = do(world, library.import_templates, parsed=parse(data), brand_id=world.other)
    after = world.desk.page(store.template, made)
    assert after.texts == {**before.texts, "en": "Thanks!"}
    assert (after.markets, after.prompts, after.used) == (before.markets, before.prompts, 1)
    assert [each.brand_id for each in every(world) if each.name == "Bucle"] == [world.other]
    take_back(world, done)
    assert every(world) == [before]
