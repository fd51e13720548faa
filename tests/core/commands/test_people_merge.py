"""R12: two who are one become one and go back exactly; two with one handle stay two; nobody is merged by itself."""

from __future__ import annotations

import random
import time

import pytest

from cmdesk.commands import cases, circles, contacts as deciding, inbox as answering, people_merge as merging, wishes
from cmdesk.errors import Conflict, Invalid
from cmdesk.networks.base import Author
from cmdesk.people.doubles import Known, Why, suggest
from cmdesk.people.joining import Keep
from cmdesk.store import contacts, inbox, people, people_fields, people_table
from tests.core.commands.conftest import World
from tests.core.commands.test_people import add, code, everything, find, there_and_back


def heard(world: World, number: str, handle: str, name: str, text: str = "hola") -> int:
    """Let somebody write and return the contact."""
    author = Author(number, handle, name)
    talk = world.hear(text, remote_id=f"m-{number}-{len(text)}", author=author)
    found = world.desk.page(inbox.conversation, talk).contact_id
    assert found is not None
    return found


@pytest.fixture
def two(world: World) -> tuple[int, int]:
    """Return (who stays, who goes): each with conversations, a case, wishes, circles, values."""
    run = world.desk.run_now
    kept = heard(world, "1", "ana@plaza.example", "Ana Gil")
    gone = add(
        world, "Ana Gil Ruiz", ("email", "ana@x.example"), notes="compra pan", likes="centeno", country="FR",
        language="fr", advocate=True,
    )  # fmt: skip
    world.hear("otra cuenta", remote_id="o1", author=Author("2", "anita@otra.example", "Anita"))
    other = world.desk.page(people_table.named, world.brand, "Anita")[0]
    run(merging.merge_people, contact_id=other, into=gone)
    run(deciding.edit_contact, contact_id=kept, notes="vive cerca", language="es", likes="centeno")
    run(deciding.edit_contact, contact_id=gone, opt_out=True, opt_out_note="lo pidió")
    size = run(deciding.save_field, brand_id=world.brand, name="Talla")
    for person, value in ((kept, "S"), (gone, "L")):
        run(deciding.set_values, brand_id=world.brand, contact_ids=[person], field_id=size, value=value)
        circle = run(circles.save_circle, brand_id=world.brand, name=f"Círculo {person}")
        run(circles.put_in, circle_id=circle, contact_ids=[person])
        run(wishes.add_wish, brand_id=world.brand, kind="idea", text=f"idea {person}", contact_id=person)
    talk = world.desk.store.reader().execute(
        "SELECT id FROM conversation WHERE contact_id = ?", (gone,)
    ).fetchone()[0]  # fmt: skip
    run(cases.open_case, conversation_id=talk, title="caja rota")
    run(answering.add_note, conversation_id=talk, text="ojo")
    return kept, gone


def test_two_become_one_and_two_again_exactly(world: World, two: tuple[int, int]) -> None:
    kept, gone = two
    shown = world.desk.page(merging.preview, gone, kept)
    fields = {each.field: each for each in shown.fields}
    assert (fields["name"].result, fields["country"].result, fields["notes"].result) == (
        "Ana Gil", "FR", "vive cerca\n\ncompra pan",
    )  # fmt: skip
    assert fields["language"].differs and fields["language"].keep is Keep.MINE
    assert fields["likes"].result == "centeno"  # the same words are not written twice
    assert shown.moves == {"identity": 2, "conversation": 1, "care_case": 1, "wish": 1, "post": 0}
    there_and_back(world, merging.merge_people, contact_id=gone, into=kept)
    person = world.desk.page(contacts.contact, kept)
    assert (person.advocate, person.opt_out, person.opt_out_note) == (True, True, "lo pidió")
    row = world.desk.page(people_table.rows, [kept])[kept]
    assert row.handles == {"mastodon": ("ana@plaza.example", "anita@otra.example"), "email": ("ana@x.example",)}
    assert (row.conversations, row.open_cases, len(row.circles)) == (2, 1, 2)
    assert find(world) == ["Ana Gil"] == find(world, text="anita")
    assert gone in world.desk.page(people.opted_out, [gone])  # asked by the old number, answered for who it is now
    with pytest.raises(Conflict):
        world.desk.run_now(merging.merge_people, contact_id=gone, into=kept)


def test_who_wins_each_field_is_chosen(world: World, two: tuple[int, int]) -> None:
    kept, gone = two
    size = world.desk.page(people_fields.fields, world.brand)[0].id
    keep = {"name": Keep.THEIRS, "language": Keep.THEIRS, f"own:{size}": Keep.THEIRS, "opt_out": Keep.MINE,
            "notes": Keep.MINE}  # fmt: skip
    there_and_back(world, merging.merge_people, contact_id=gone, into=kept, keep=keep)
    person = world.desk.page(contacts.contact, kept)
    assert (person.name, person.language, person.notes) == ("Ana Gil Ruiz", "fr", "vive cerca")
    assert (person.opt_out, person.opt_out_at, person.opt_out_note) == (False, None, "")
    assert world.desk.page(people_fields.values, kept) == {size: "L"}


def test_what_a_merged_profile_writes_next_is_the_person_s(world: World, two: tuple[int, int]) -> None:
    kept, gone = two
    world.desk.run_now(merging.merge_people, contact_id=gone, into=kept)
    assert heard(world, "2", "anita@otra.example", "Anita", "de nuevo aquí") == kept


def test_a_profile_is_split_off_with_what_is_its_own(world: World, two: tuple[int, int]) -> None:
    kept, gone = two
    world.desk.run_now(merging.merge_people, contact_id=gone, into=kept)
    anita = next(each for each in world.desk.page(contacts.identities, kept) if each.handle.startswith("anita"))
    before = everything(world)
    done = world.desk.store.write(merging.split_identity, identity_id=anita.id).result()
    made = world.desk.page(people_table.rows, [done.value, kept])
    assert (made[done.value].name, made[done.value].conversations, made[done.value].open_cases) == ("Anita", 1, 1)
    assert made[kept].conversations == 1 and "compra pan" in made[kept].notes
    pairs = {(each.one_id, each.other_id) for each in world.desk.page(merging.suggestions, world.brand)}
    assert (min(kept, done.value), max(kept, done.value)) not in pairs
    assert done.undo is not None
    world.desk.store.write(done.undo.command, **done.undo.args).result()
    after = everything(world)
    assert {**after, "merge_refused": []} == {**before, "merge_refused": []}
    only = add(world, "Leo", ("x", "leo"))
    (alone,) = world.desk.page(contacts.identities, only)
    assert code(Conflict, lambda: world.desk.run_now(merging.split_identity, identity_id=alone.id)) == "last_identity"


def test_what_is_not_one_person_cannot_be_merged(world: World) -> None:
    ana, leo = add(world, "Ana"), add(world, "Leo")
    foreign = world.desk.run_now(deciding.add_person, brand_id=world.other, name="Ana")
    run = world.desk.run_now
    assert code(Invalid, lambda: run(merging.merge_people, contact_id=ana, into=ana)) == "person_same"
    assert code(Invalid, lambda: run(merging.merge_people, contact_id=foreign, into=ana)) == "wrong_brand"
    assert code(Invalid, lambda: run(merging.merge_people, contact_id=99, into=leo)) == "contact_unknown"


# Proposing


def reasons(world: World) -> dict[tuple[str, str], list[str]]:
    everybody = world.desk.page(people_table.find, brand_id=world.brand)
    names = {who: each.name for who, each in world.desk.page(people_table.rows, everybody).items()}
    return {
        (names[each.one_id], names[each.other_id]): [reason.why.value for reason in each.reasons]
        for each in world.desk.page(merging.suggestions, world.brand)
    }


def test_doubles_are_proposed_with_their_reasons(world: World) -> None:
    add(world, "Uno", ("email", "uno@x.example"))
    add(world, "Dos", notes="escribe desde UNO@x.example")
    add(world, "Tres", ("phone", "+34 600 11 22 33"))
    add(world, "Cuatro", notes="tel. 600 112 233")
    add(world, "Cinco", ("mastodon", "cincoletras@plaza.example"), language="es")
    add(world, "Seis", ("x", "cincoletras"), language="es")
    add(world, "Nombre Rarísimo", ("mastodon", "nr@plaza.example"), language="es")
    add(world, "nombre rarisimo", ("x", "rarisimo"), notes="ver https://www.nr.example/", language="es-MX")
    add(world, "Nombre Común"), add(world, "Nombre Común"), add(world, "Nombre Común")
    add(world, "Otra", ("web", "https://nr.example"))
    found = reasons(world)
    assert found == {
        ("Uno", "Dos"): ["email"],
        ("Tres", "Cuatro"): ["phone"],
        ("Cinco", "Seis"): ["handle"],
        ("nombre rarisimo", "Otra"): ["link", "page"],
    }
    assert next(iter(found)) == ("nombre rarisimo", "Otra")  # the most probable first; a rare name alone is not enough
    one, two = (world.desk.page(people_table.named, world.brand, name)[0] for name in ("Uno", "Dos"))
    there_and_back(world, merging.refuse_merge, contact_id=two, other_id=one)
    assert ("Uno", "Dos") not in reasons(world)
    world.desk.run_now(merging.allow_merge, contact_id=one, other_id=two)
    assert ("Uno", "Dos") in reasons(world)
    assert len(find(world)) == 12  # proposing merges nobody


def test_proposing_agrees_with_comparing_everybody_with_everybody() -> None:
    chance = random.Random(4)
    known = [
        Known(
            number, chance.choice(["Ana Gil", "Leo Paz", f"Persona {number}"]), chance.choice(["es", "fr", ""]),
            words=f"correo p{chance.randrange(60)}@x.example" if chance.random() < 0.4 else "",
            profiles=(("mastodon", f"user{chance.randrange(90)}@a.example", ""),) if chance.random() < 0.6 else (
                ("email", f"p{chance.randrange(60)}@x.example", ""),
            ),
        )
        for number in range(1, 120)
    ]  # fmt: skip

    def emails(person: Known) -> set[str]:
        found = {handle for network, handle, _url in person.profiles if network == "email"}
        return found | ({person.words.split()[1]} if person.words else set())

    shared: dict[str, list[int]] = {}
    for person in known:
        for mail in emails(person):
            shared.setdefault(mail, []).append(person.id)
    naive = {
        (one.id, other.id)
        for place, one in enumerate(known) for other in known[place + 1 :]
        for mail in emails(one) & emails(other) if len(shared[mail]) <= 4
    }  # fmt: skip
    told = {
        (each.one_id, each.other_id) for each in suggest(known) for reason in each.reasons if reason.why is Why.EMAIL
    }
    assert told == naive and naive


def test_a_sign_that_everybody_has_does_not_become_pairs_of_everybody() -> None:
    same = [Known(each, "Ana", "es", "info@tienda.example 600112233 https://tienda.example") for each in range(50_000)]
    started = time.perf_counter()
    assert suggest(same) == []
    assert time.perf_counter() - started < 20


# Two people with one handle


def test_the_same_handle_on_two_servers_or_networks_is_two_people(world: World) -> None:
    first = heard(world, "10", "luna@plaza.example", "Luna Vera")
    second = heard(world, "11", "luna@otra.example", "Luna Díaz")
    third = add(world, "Luna X", ("x", "luna"))
    assert len({first, second, third}) == 3
    rows = world.desk.page(people_table.rows, [first, second, third])
    assert [each.handles for each in rows.values()] == [
        {"mastodon": ("luna@plaza.example",)}, {"mastodon": ("luna@otra.example",)}, {"x": ("luna",)},
    ]  # fmt: skip
    assert world.desk.page(people_table.named, world.brand, "luna@otra.example") == [second]
    assert world.desk.page(people_table.named, world.brand, "x:luna") == [third]


def test_a_handle_taken_over_by_somebody_else_is_two_people(world: World) -> None:
    first = heard(world, "20", "sol@plaza.example", "Sol Antigua", "escribo yo")
    second = heard(world, "21", "sol@plaza.example", "Sol Nueva", "ahora soy yo otra persona")
    assert first != second
    both = world.desk.page(people_table.named, world.brand, "sol@plaza.example")
    assert sorted(both) == [first, second]  # told apart by name and number
    assert not world.desk.page(merging.suggestions, world.brand)
    # What a person writes down by that handle belongs to nobody for sure: it is refused, not guessed.
    assert code(Invalid, lambda: add(world, "Sol", ("mastodon", "sol@plaza.example"))) == "handle_taken"


def test_who_changed_the_handle_stays_the_same_person(world: World) -> None:
    first = heard(world, "30", "antes@plaza.example", "Vera", "uno")
    assert heard(world, "30", "despues@plaza.example", "Vera", "dos más") == first
    assert find(world, text="despues") == ["Vera"] and find(world, text="antes") == []


def test_whoever_writes_first_under_a_written_handle_is_that_person_and_nobody_after(world: World) -> None:
    noted = add(world, "Marta (feria)", ("mastodon", "marta@plaza.example"))
    assert heard(world, "40", "marta@plaza.example", "Marta", "hola feria") == noted
    assert heard(world, "41", "marta@plaza.example", "Otra Marta", "hola soy otra") != noted
    assert heard(world, "40", "marta@plaza.example", "Marta", "sigo siendo yo misma") == noted
