"""N21: a CSV is read as it is, shown before anything is written, taken back in one step; what goes out comes back."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest

from cmdesk.commands import circles, contacts as deciding, markets, people_import as importing
from cmdesk.errors import Invalid
from cmdesk.people.columns import NEW, OWN, guess
from cmdesk.people.fields import FieldKind
from cmdesk.people.table_file import MAX_ROWS, open_table, parse
from cmdesk.people.table_out import to_csv
from cmdesk.store import contacts, people, people_fields, people_files, people_table
from tests.core.commands.conftest import World
from tests.core.commands.test_people import add, code, everything, find


def plan(world: World, text: str | bytes, mapping: dict[int, str] | None = None) -> importing.ImportPlan:
    table = parse(text if isinstance(text, bytes) else text.encode())
    own = world.desk.page(people_fields.fields, world.brand)
    return world.desk.page(importing.plan_import, world.brand, table, {**guess(table.titles, own), **(mapping or {})})


def take_in(world: World, text: str, mapping: dict[int, str] | None = None) -> Any:
    """Import with its way back tried first: back and again everything is the same, then it stays."""
    shown = plan(world, text, mapping)
    before = everything(world)
    done = world.desk.store.write(importing.import_people, plan=shown).result()
    after = everything(world)
    assert done.undo is not None and after != before
    again = world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert everything(world) == before
    assert again.undo is not None
    world.desk.store.write(again.undo.command, **again.undo.args).result()
    return done.value


def export(world: World, **more: Any) -> str:
    ids = world.desk.page(people_table.find, brand_id=world.brand)
    own = world.desk.page(people_fields.fields, world.brand)
    networks = world.desk.page(people_files.networks_of, world.brand)
    rows = world.desk.page(lambda reader: list(people_files.out_rows(reader, ids)))
    return b"".join(to_csv(rows, networks, own, **more)).decode("utf-8-sig")


@pytest.fixture
def shop(world: World) -> World:
    run = world.desk.run_now
    run(markets.save_market, brand_id=world.brand, name="Francia", language="fr", country="FR", zone="Europe/Paris")
    run(deciding.save_field, brand_id=world.brand, name="Talla", kind=FieldKind.CHOICE, choices=["S", "M"])
    run(deciding.save_field, brand_id=world.brand, name="Alta", kind=FieldKind.DATE)
    run(circles.save_circle, brand_id=world.brand, name="Ventas; mayor")
    add(world, "Ana Gil", ("email", "ana@x.example"), ("mastodon", "ana@plaza.example"), language="es", notes="vieja")
    return world


def test_a_spreadsheet_of_the_shop_comes_in(shop: World) -> None:
    text = (
        "Nombre;Correo;Teléfono;País;Idioma;Mercado;Círculos;Talla;Alta;No contactar;Comentarios\r\n"
        'Luc Petit;LUC@x.example;+33 6 12 34 56 78;Francia;francés;FRANCIA;"Ventas; mayor|Nuevas";m;03/04/2025;sí;'
        "=1+1\r\n"
    )
    table = parse(text.encode("cp1252"))
    assert (table.delimiter, table.encoding) == (";", "cp1252")
    shown = plan(shop, text.encode("cp1252"))
    (draft,) = shown.new
    assert draft.handles == (("email", "luc@x.example"), ("phone", "+33612345678"))
    assert draft.circles == ("Ventas; mayor", "Nuevas") and shown.new_circles == ("Nuevas",)
    done = take_in(shop, text)
    person = shop.desk.page(contacts.contact, done.added[0])
    assert (person.language, person.country, person.opt_out, person.opt_out_at, person.origin) == (
        "fr", "FR", True, shop.clock.now(), "import",
    )  # fmt: skip
    assert person.notes == "=1+1"
    row = shop.desk.page(people_table.rows, done.added)[done.added[0]]
    assert row.market == "Francia" and [name for _id, name in row.circles] == ["Nuevas", "Ventas; mayor"]
    assert list(row.values.values()) == ["M", "2025-04-03"]
    assert "'=1+1" in export(shop)  # no spreadsheet reads it as a formula


def test_the_preview_says_what_is_new_changed_same_and_wrong_where(shop: World) -> None:
    text = (
        "name,email,language,notes,country,Talla\n"
        "Ana Gil,ANA@x.example,ca,vieja,,\n"
        "Ana Gil,ana@x.example,es,,,\n"
        "Bea,bea@x.example,xx-no idioma,,Narnia,XXL\n"
        '"Ana\nGil",otra@x.example,,,,\n'
        "\n"
        "Leo,leo@x.example,es,,ES,S,sobra\n"
        'Mal,"roto\n'
    )
    before = everything(shop)
    shown = plan(shop, text)
    (changed,) = shown.changed
    assert [(each.field, each.old, each.new) for each in changed.changes] == [("language", "es", "ca")]
    faults = [(each.line, each.column, each.code, each.detail) for each in shown.faults]
    assert faults[0] == (3, "", "row_twice", "2")
    assert {each[1:3] for each in faults if each[0] == 4} == {
        ("language", "language_unknown"), ("country", "country_code"), ("Talla", "field_value"),
    }  # fmt: skip
    assert (8, "", "too_many_columns", "7") in faults
    assert faults[-1][0] == 9
    assert [each.columns["name"] for each in shown.new] == ["Ana Gil"]
    assert everything(shop) == before  # nothing was written


def test_people_are_known_again_by_profile_before_e_mail(shop: World) -> None:
    bea = add(shop, "Bea", ("email", "bea@x.example"))
    shown = plan(shop, "Nombre,mastodon,email\nQuien sea,@ana@plaza.example,bea@x.example\n")
    assert [each.name for each in shown.changed] == ["Ana Gil"]  # the mail is shared, the account is not
    shown = plan(shop, "Nombre,mastodon,x\nQuien sea,ana@plaza.example,\n")
    assert shown.changed[0].changes[0].new == "Quien sea"
    add(shop, "Leo", ("x", "leo"))
    shown = plan(shop, "Nombre,mastodon,x\nQuien sea,ana@plaza.example,leo\n")
    assert [(each.code, each.line) for each in shown.faults] == [("two_people", 2)]
    assert not shown.changed and bea


def test_a_handle_that_two_people_have_is_not_guessed(shop: World) -> None:
    from cmdesk.networks.base import Author

    shop.hear("uno", remote_id="a1", author=Author("50", "sol@plaza.example", "Sol Antigua"))
    shop.hear("dos", remote_id="a2", author=Author("51", "sol@plaza.example", "Sol Nueva"))
    shown = plan(shop, "Nombre,mastodon,notas\nSol,sol@plaza.example,llama los lunes\n")
    assert [(each.code, each.detail) for each in shown.faults] == [("handle_several", "sol@plaza.example")]
    (new,) = shop.desk.page(people_table.named, shop.brand, "Sol Nueva")
    text = f"cmdesk_id,Nombre,mastodon,notas\n{new},Sol Nueva,,llama los lunes\n"
    assert [each.contact_id for each in plan(shop, text).changed] == [new]


def test_what_goes_out_comes_back_the_same(shop: World) -> None:
    chance = random.Random(8)
    letters = "aéñ \"';,|\t\n=+-@<>&%0 1\u2028🌾"
    field = shop.desk.run_now(deciding.save_field, brand_id=shop.brand, name="country")  # called like one of ours
    for number in range(60):
        words = "".join(chance.choices(letters, k=12)).strip()
        made = add(
            shop, f"P{number} {words}", ("email", f"p{number}@x.example"), ("x", f"p{number}"), notes=words,
            likes=words[::-1].strip(), opt_out=number % 7 == 0, opt_out_note=words, advocate=number % 5 == 0,
            country=chance.choice(["ES", ""]),
        )  # fmt: skip
        shop.desk.run_now(
            deciding.set_values, brand_id=shop.brand, contact_ids=[made], field_id=field, value=f"{number}|;{words}"
        )
    for delimiter in ",;\t":
        text = export(shop, delimiter=delimiter)
        shown = plan(shop, text)
        assert (shown.same, shown.changed, shown.new, shown.faults) == (61, (), (), ())
    # In an empty brand the same people come to be.
    ids = shop.desk.page(people_table.find, brand_id=shop.brand)
    kept = [(each.name, each.notes, each.likes, each.opt_out, each.opt_out_at, each.opt_out_note, each.advocate)
            for each in shop.desk.page(people.known, ids).values()]  # fmt: skip
    text = export(shop)
    shop.desk.run_now(deciding.remove_people, brand_id=shop.brand, contact_ids=list(ids))
    done = take_in(shop, text)
    back = [(each.name, each.notes, each.likes, each.opt_out, each.opt_out_at, each.opt_out_note, each.advocate)
            for each in shop.desk.page(people.known, done.added).values()]  # fmt: skip
    assert sorted(map(str, back)) == sorted(map(str, kept))


def test_columns_become_own_fields_and_empty_cells_change_nothing(shop: World) -> None:
    done = take_in(shop, "Correo;Puntos;Notas\nana@x.example;12;\nnueva@x.example;7;hola\n", {1: NEW})
    fields = {each.name: each.id for each in shop.desk.page(people_fields.fields, shop.brand)}
    ana = shop.desk.page(people_table.named, shop.brand, "ana@x.example")[0]
    assert shop.desk.page(people_fields.values, ana) == {fields["Puntos"]: "12"}
    assert shop.desk.page(contacts.contact, ana).notes == "vieja"
    assert shop.desk.page(contacts.contact, done.added[0]).name == "nueva@x.example"
    shown = plan(shop, "Correo;Talla grande\nana@x.example;M\n", {1: f"{OWN}{fields['Talla']}"})
    assert shown.changed[0].changes[0].field == f"{OWN}{fields['Talla']}"


def test_an_undo_leaves_those_who_wrote_meanwhile(shop: World) -> None:
    from cmdesk.networks.base import Author

    shown = plan(shop, "Nombre,mastodon\nMarta,marta@plaza.example\nLeo,leo@plaza.example\n")
    done = shop.desk.store.write(importing.import_people, plan=shown).result()
    shop.hear("hola", remote_id="w1", author=Author("60", "marta@plaza.example", "Marta"))
    assert done.undo is not None
    shop.desk.store.write(done.undo.command, **done.undo.args).result()
    assert find(shop) == ["Ana Gil", "Marta"]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "people_empty"), (b"\n\n", "people_empty"), (b"PK\x03\x04 a workbook", "import_workbook"),
        (b"\x00\x01\x02\x03\xff\xfe" * 50, "import_not_text"), (b",".join([b"a"] * 400), "people_titles"),
        (b'"never closed\n' * 5, "people_titles"), (b"a,b\n1,2\n", "people_name"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_people_is_refused_kindly(world: World, data: bytes, wanted: str) -> None:
    assert code(Invalid, lambda: plan(world, data)) == wanted


def test_mappings_that_cannot_be(shop: World) -> None:
    text = "a,b,c\n1,2,3\n"
    for mapping, wanted in (
        ({0: "name", 1: "name"}, "people_column_twice"), ({0: "name", 1: "own:99"}, "people_column"),
        ({0: "name", 9: "notes"}, "people_column"), ({0: "notes"}, "people_name"),
    ):  # fmt: skip
        assert code(Invalid, lambda mapping=mapping: plan(shop, text, mapping)) == wanted
    assert not plan(shop, text, {0: "name", 1: "x", 2: "x"}).faults  # several profiles on a network


def test_a_million_rows_are_refused_at_sight(world: World, tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Nombre,Correo\n")
        for start in range(0, 1_000_000, 10_000):
            file.write("".join(f"P {each},p{each}@x.example\n" for each in range(start, start + 10_000)))
    assert code(Invalid, lambda: open_table(path)) == "people_rows"
    large = tmp_path / "large.csv"
    with large.open("wb") as sparse:
        sparse.truncate(10**10)
    assert code(Invalid, lambda: open_table(large)) == "people_large"
    text = "Nombre,Correo\n" + "".join(f"P {each},p{each}@x.example\n" for each in range(MAX_ROWS + 1))
    path.write_text(text, encoding="utf-8")
    assert code(Invalid, lambda: plan(world, path.read_bytes())) == "people_rows"


def test_an_import_can_be_stopped_while_it_is_read(world: World) -> None:
    table = parse(("Nombre\n" + "".join(f"P {each}\n" for each in range(5_000))).encode())
    told: list[int] = []

    def progress(done: int) -> bool:
        told.append(done)
        return done < 3_000

    assert code(
        Invalid, lambda: world.desk.page(importing.plan_import, world.brand, table, {0: "name"}, progress)
    ) == "import_cancelled"  # fmt: skip
    assert told == [1_000, 2_000, 3_000]


def test_the_file_is_one_that_spreadsheets_and_programs_read(shop: World) -> None:
    add(shop, "Ñora, la «buena»", notes='dos\nlíneas y "comillas"')
    rows = list(csv.DictReader(io.StringIO(export(shop))))
    found = next(each for each in rows if each["name"].startswith("Ñora"))
    assert found["notes"] == 'dos\nlíneas y "comillas"' and found["first_seen"] == ""
