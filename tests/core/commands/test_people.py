"""R12, U11: people written down by hand, edited one by one or by the thousand, own fields; every step back exactly."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands import circles, contacts as deciding, markets
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.networks.base import Author
from cmdesk.people.fields import FieldKind
from cmdesk.people.values import Column, PeopleFilter, Sort
from cmdesk.store import contacts, people, people_fields, people_table
from tests.core.commands.conftest import World

TABLES = (
    "contact", "identity", "contact_field", "contact_value", "circle", "circle_contact", "circle_member",
    "merge_refused", "conversation", "care_case", "wish", "activity", "post",
)  # fmt: skip


def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that a decision about people may touch, and what the search finds."""
    reader = world.desk.store.reader()
    found = {table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall(), key=str) for table in TABLES}
    found["search"] = sorted(reader.execute("SELECT rowid FROM contact_fts WHERE contact_fts MATCH 'a* OR m* OR l*'"))
    return found


def there_and_back(world: World, command: Any, **args: Any) -> Any:
    """Run a command, take it back, do it again, take it back: each time everything is as it was. Then do it."""
    before = everything(world)
    done = world.desk.store.write(command, **args).result()
    after = everything(world)
    assert done.undo is not None
    assert after != before
    step = done.undo
    for wanted in (before, after, before):
        again = world.desk.store.write(step.command, **step.args).result()
        assert everything(world) == wanted
        assert again.undo is not None
        step = again.undo
    world.desk.store.write(step.command, **step.args).result()
    return done.value


def code(error: type[DeskError], run: Any) -> str:
    with pytest.raises(error) as raised:
        run()
    return raised.value.code


def add(world: World, name: str, *identities: tuple[str, str], **fields: Any) -> int:
    return world.desk.run_now(deciding.add_person, brand_id=world.brand, name=name, identities=identities, **fields)


def find(world: World, sort: Sort | None = None, **narrowed: Any) -> list[str]:
    ids = world.desk.page(
        people_table.find, brand_id=world.brand, filter=PeopleFilter(**narrowed), sort=sort or Sort(Column.NAME, False),
        now=world.clock.now(),
    )  # fmt: skip
    return [each.name for each in world.desk.page(people_table.rows, ids).values()]


def test_somebody_is_written_down_and_is_who_writes_later(world: World) -> None:
    found = there_and_back(
        world, deciding.add_person, brand_id=world.brand, name=" Lucía  Vega ", country="es", language="Español",
        identities=[
            ("mastodon", "@lucia@plaza.example"), ("email", "Lucia@Example.com"), ("phone", "0034 600 11 22 33"),
        ],
        likes="pan de centeno", origin="hand",
    )  # fmt: skip
    person = world.desk.page(contacts.contact, found)
    assert (person.name, person.country, person.language, person.origin) == ("Lucía Vega", "ES", "es", "hand")
    row = world.desk.page(people_table.rows, [found])[found]
    assert row.handles == {
        "mastodon": ("lucia@plaza.example",), "email": ("lucia@example.com",), "phone": ("+34600112233",),
    }  # fmt: skip
    assert find(world, text="luc veg") == find(world, text="600112") == ["Lucía Vega"]
    world.hear("hola", remote_id="l1", author=Author("77", "Lucia@plaza.example", "Lu"))
    (talk,) = world.desk.store.reader().execute("SELECT contact_id FROM conversation").fetchall()
    assert talk[0] == found
    assert code(Conflict, lambda: world.desk.run_now(
        deciding.remove_people, brand_id=world.brand, contact_ids=[found]
    )) == "in_use"  # fmt: skip


def test_what_cannot_be_is_said(world: World) -> None:
    ana = add(world, "Ana", ("email", "ana@x.example"))
    foreign = world.desk.run_now(deciding.add_person, brand_id=world.other, name="Ana")
    run = world.desk.run_now
    cases = (
        ("contact_name", deciding.add_person, {"brand_id": world.brand, "name": "  "}),
        ("handle_invalid", deciding.add_person,
         {"brand_id": world.brand, "name": "B", "identities": [("email", "no es")]}),
        ("handle_taken", deciding.add_person,
         {"brand_id": world.brand, "name": "B", "identities": [("email", "ANA@x.example")]}),
        ("country_code", deciding.edit_contact, {"contact_id": ana, "country": "Narnia"}),
        ("country_code", deciding.edit_contact, {"contact_id": ana, "country": "QQ"}),
        ("language_unknown", deciding.edit_contact, {"contact_id": ana, "language": "klingon antiguo"}),
        ("language_unknown", deciding.edit_contact, {"contact_id": ana, "language": "xx-YY"}),
        ("field_long", deciding.edit_contact, {"contact_id": ana, "name": "x" * 201}),
        ("contact_field", deciding.edit_contact, {"contact_id": ana, "brand_id": 2}),
        ("contact_unknown", deciding.edit_contact, {"contact_id": 99, "name": "x"}),
        ("wrong_brand", deciding.edit_many,
         {"brand_id": world.brand, "contact_ids": [ana, foreign], "language": "es"}),
        ("contact_field", deciding.edit_many, {"brand_id": world.brand, "contact_ids": [ana], "notes": "x"}),
        ("field_unknown", deciding.set_values,
         {"brand_id": world.brand, "contact_ids": [ana], "field_id": 5, "value": "x"}),
    )  # fmt: skip
    before = everything(world)
    for wanted, command, args in cases:
        assert code(Invalid, lambda command=command, args=args: run(command, **args)) == wanted
    market = run(markets.save_market, brand_id=world.other, name="X", language="es", country="ES", zone="Europe/Madrid")
    assert code(Invalid, lambda: run(deciding.edit_contact, contact_id=ana, market_id=market)) == "market_unknown"
    assert everything(world) == before


def test_many_are_set_in_one_step_that_goes_back_exactly(world: World) -> None:
    ids = [add(world, f"Persona {each}", language="ca" if each % 3 else "es") for each in range(30)]
    world.desk.run_now(deciding.edit_contact, contact_id=ids[4], opt_out=True, opt_out_note="por carta")
    asked = world.desk.page(contacts.contact, ids[4]).opt_out_at
    world.clock.advance(3600)
    there_and_back(world, deciding.edit_many, brand_id=world.brand, contact_ids=ids, language="es", country="AD")
    there_and_back(world, deciding.edit_many, brand_id=world.brand, contact_ids=ids, opt_out=True)
    found = world.desk.page(people.known, ids)
    # Who had asked before keeps the day and the words of it.
    assert (found[ids[4]].opt_out_at, found[ids[4]].opt_out_note) == (asked, "por carta")
    assert found[ids[5]].opt_out_at == world.clock.now()
    assert world.desk.page(people.opted_out, [*ids[:2], 99]) == set(ids[:2])
    there_and_back(world, deciding.edit_many, brand_id=world.brand, contact_ids=ids, opt_out=False)
    assert world.desk.page(contacts.contact, ids[4]).opt_out_at is None
    same = world.desk.store.write(deciding.edit_many, brand_id=world.brand, contact_ids=ids, language="es").result()
    assert (same.value, same.undo) == (0, None)


def test_who_is_gone_meanwhile_does_not_stop_the_way_back(world: World) -> None:
    ids = [add(world, name, language="ca") for name in ("Ada", "Bea", "Leo")]
    done = world.desk.store.write(deciding.edit_many, brand_id=world.brand, contact_ids=ids, language="es").result()
    world.desk.run_now(deciding.remove_people, brand_id=world.brand, contact_ids=ids[1:2])
    assert done.undo is not None
    world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert [each.language for each in world.desk.page(people.known, ids).values()] == ["ca", "ca"]


def test_own_fields_live_and_die_with_their_values(world: World) -> None:
    run = world.desk.run_now
    ids = [add(world, name) for name in ("Ada", "Bea", "Leo")]
    size = there_and_back(
        world, deciding.save_field, brand_id=world.brand, name="Talla", kind=FieldKind.CHOICE, choices=["S", "M", "L"]
    )
    points = run(deciding.save_field, brand_id=world.brand, name="Puntos", kind="number")
    day = run(deciding.save_field, brand_id=world.brand, name="Alta", kind="date")
    there_and_back(world, deciding.set_values, brand_id=world.brand, contact_ids=ids[:2], field_id=size, value="m")
    run(deciding.set_values, brand_id=world.brand, contact_ids=ids, field_id=points, value="1.234,50")
    run(deciding.set_values, brand_id=world.brand, contact_ids=ids, field_id=day, value="3/4/2026")
    assert world.desk.page(people_fields.values, ids[0]) == {size: "M", points: "1234.5", day: "2026-04-03"}
    for field_id, text in ((size, "XXL"), (points, "doce"), (day, "31/02/2026")):
        args = {"brand_id": world.brand, "contact_ids": ids, "field_id": field_id, "value": text}
        assert code(Invalid, lambda args=args: run(deciding.set_values, **args)) == "field_value"
    there_and_back(world, deciding.save_field, brand_id=world.brand, name="Número", kind="number", field_id=points)
    assert code(Invalid, lambda: run(
        deciding.save_field, brand_id=world.brand, name="Número", kind="text", field_id=points
    )) == "field_kind"  # fmt: skip
    assert code(Invalid, lambda: run(deciding.save_field, brand_id=world.brand, name="TALLA")) == "name_taken"
    there_and_back(world, deciding.order_fields, brand_id=world.brand, field_ids=[day, points, size])
    there_and_back(world, deciding.delete_field, field_id=points)
    assert points not in world.desk.page(people_fields.values, ids[0])
    new = run(deciding.save_field, brand_id=world.brand, name="Otro")
    assert new > points  # a number is never used again: a rule about a deleted field stays about none


def test_profiles_are_noted_and_taken_away(world: World) -> None:
    ana = add(world, "Ana")
    noted = there_and_back(world, deciding.add_identity, contact_id=ana, network="x", handle="https://x.com/ana_b")
    assert world.desk.page(people.identity, noted).handle == "ana_b"
    identity = world.desk.page(contacts.identities, ana)[0].id
    there_and_back(world, deciding.remove_identity, identity_id=identity)
    talk = world.hear("hola", remote_id="m1")
    maria = world.desk.page(people_table.named, world.brand, "María")[0]
    heard = world.desk.page(contacts.identities, maria)[0].id
    assert talk and code(
        Conflict, lambda: world.desk.run_now(deciding.remove_identity, identity_id=heard)
    ) == "identity_heard"  # fmt: skip


# The table


@pytest.fixture
def crowd(world: World) -> World:
    run = world.desk.run_now
    france = run(
        markets.save_market, brand_id=world.brand, name="Francia", language="fr", country="FR", zone="Europe/Paris"
    )
    for name, language, country, handle, more in (
        ("Ávila", "es", "ES", "mastodon", {}),
        ("avelino", "es-MX", "MX", "bluesky", {"advocate": True}),
        ("Ñora", "", "", "mastodon", {"opt_out": True}),
        ("Nora", "fr", "FR", "x", {"market_id": france, "notes": "compra brioches"}),
        ("Zoe", "fr", "BE", "mastodon", {"market_id": france}),
    ):
        add(world, name, (handle, f"{name.casefold()}@plaza.example"), language=language, country=country, **more)
    circle = run(circles.save_circle, brand_id=world.brand, name="Francófonos")
    run(circles.put_in, circle_id=circle, contact_ids=world.desk.page(people_table.named, world.brand, "Zoe"))
    world.hear("hola", remote_id="m1")  # María, from the network
    run(deciding.add_person, brand_id=world.other, name="De otra marca")
    return world


def test_the_table_sorts_as_people_do(crowd: World) -> None:
    assert find(crowd) == ["avelino", "Ávila", "María", "Nora", "Ñora", "Zoe"]
    assert find(crowd, Sort(Column.NAME, True)) == ["Zoe", "Ñora", "Nora", "María", "Ávila", "avelino"]
    assert find(crowd, Sort(Column.LAST_SEEN, True))[0] == find(crowd, Sort(Column.LAST_SEEN, False))[0] == "María"
    for column in Column:
        for down in (False, True):
            assert sorted(find(crowd, Sort(column, down))) == sorted(find(crowd)), column
    assert find(crowd, Sort(Column.COUNTRY, False))[:2] == ["Zoe", "Ávila"]
    assert set(find(crowd, Sort(Column.COUNTRY, False))[-2:]) == {"Ñora", "María"}  # what is not known comes last
    assert find(crowd, Sort(Column.MESSAGES, True))[0] == "María"
    assert len(crowd.desk.page(people_table.find, brand_id=None)) == 7
    assert len(crowd.desk.page(people_table.find, brand_id=crowd.brand, limit=2)) == 2


def test_the_table_is_narrowed_down(crowd: World) -> None:
    (france,) = crowd.desk.store.reader().execute("SELECT id FROM market").fetchone()
    (circle,) = crowd.desk.store.reader().execute("SELECT id FROM circle").fetchone()
    assert find(crowd, text="brio") == ["Nora"]
    assert find(crowd, text="avi pla") == ["Ávila"]
    assert find(crowd, text="...") == []
    assert find(crowd, languages=("es",)) == ["avelino", "Ávila", "María"][:2]
    assert find(crowd, languages=("",)) == ["María", "Ñora"]
    assert find(crowd, countries=("FR", "BE")) == ["Nora", "Zoe"]
    assert find(crowd, networks=("bluesky", "x")) == ["avelino", "Nora"]
    assert find(crowd, markets=(france,)) == ["Nora", "Zoe"]
    assert find(crowd, markets=(france,), without_market=True) == find(crowd)
    assert find(crowd, without_market=True) == ["avelino", "Ávila", "María", "Ñora"]
    assert find(crowd, circles=(circle,)) == ["Zoe"]
    assert (find(crowd, advocate=True), find(crowd, opt_out=True)) == (["avelino"], ["Ñora"])
    assert find(crowd, languages=("fr",), text="zo", circles=(circle,), markets=(france,)) == ["Zoe"]
    assert crowd.desk.page(people_table.count, brand_id=crowd.brand, filter=PeopleFilter(text="nora")) == 2
    facets = crowd.desk.page(people_table.facets, crowd.brand)
    assert dict(facets["languages"])["fr"] == 2 and dict(facets["networks"])["mastodon"] == 4
