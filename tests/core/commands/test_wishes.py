"""What customers want goes to the client; places are looked at again; a brand's own words for care."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.care.protocol import INFO, PROTOCOLS, Authority
from cmdesk.care.values import Protocol, Step
from cmdesk.commands import care_plans, cases as case_commands, wishes as commands
from cmdesk.errors import Invalid
from cmdesk.store import cases, inbox, wishes
from tests.core.commands.conftest import World
from tests.core.commands.test_cases import code, there_and_back


def test_a_wish_is_kept_and_handed_over(world: World) -> None:
    talk = world.hear("Ojalá hubiera pan sin sal", remote_id="m1")
    args: dict[str, Any] = {"brand_id": world.brand, "kind": "wish", "text": "pan sin sal", "conversation_id": talk}
    first = there_and_back(world, commands.add_wish, **args)
    second = world.desk.run_now(commands.add_wish, brand_id=world.brand, kind="praise", text="¡Qué croissants!")
    found = world.desk.page(wishes.wish, first)
    assert found.contact_id == world.desk.page(inbox.conversation, talk).contact_id
    assert "wish" in [each.kind for each in world.desk.page(inbox.thread_events, talk)]
    assert world.desk.page(wishes.wish_counts, world.brand) == {
        "taste": 0, "idea": 0, "wish": 1, "praise": 1, "all": 2,
    }  # fmt: skip
    assert there_and_back(world, commands.hand_wishes, wish_ids=[first, second]) == 2
    assert world.desk.page(wishes.wishes, brand_id=world.brand, handed=False) == []
    assert world.desk.run_now(commands.hand_wishes, wish_ids=[first, second]) == 0
    assert [each.id for each in world.desk.page(wishes.wishes, kinds=("wish",))] == [first]
    there_and_back(world, commands.change_wish, wish_id=first, kind="idea", text="sin sal")
    there_and_back(world, commands.remove_wish, wish_id=first)
    assert world.desk.page(wishes.wishes, brand_id=world.other) == []


def test_places_are_named_once_and_looked_at_in_turn(world: World) -> None:
    talk = world.hear("Os nombran en un foro", remote_id="m1")
    first = there_and_back(
        world, commands.add_place, brand_id=world.brand, name=" Foro  del barrio ", url="https://foro.example",
        conversation_id=talk,
    )  # fmt: skip
    again = world.desk.run_now(commands.add_place, brand_id=world.brand, name="Foro del barrio", note="hilo de pan")
    assert again == first
    found = world.desk.page(wishes.place, first)
    assert (found.name, found.url, found.note) == ("Foro del barrio", "https://foro.example", "hilo de pan")
    second = world.desk.run_now(commands.add_place, brand_id=world.brand, name="Blog")
    there_and_back(world, commands.look_at_place, place_id=first)
    assert [each.id for each in world.desk.page(wishes.places, brand_id=world.brand)] == [second, first]
    there_and_back(world, commands.remove_place, place_id=second)


def test_bad_wishes_and_places_are_refused(world: World) -> None:
    run = world.desk.run_now
    talk = world.hear("Hola", remote_id="m1")
    for args, expected in (
        ({"kind": "gossip", "text": "x"}, "wish_kind"),
        ({"kind": "idea", "text": " "}, "wish_empty"),
        ({"kind": "idea", "text": "x" * 100_000}, "too_long"),
    ):
        assert code(Invalid, lambda: run(commands.add_wish, brand_id=world.brand, **args)) == expected  # noqa: B023
    assert code(Invalid, lambda: run(commands.add_wish, brand_id=world.other, kind="idea", text="x",
                                     conversation_id=talk)) == "wrong_brand"  # fmt: skip
    for name, url, expected in (("", "", "watch_name"), ("x", "javascript:1", "place_url")):
        assert code(Invalid, lambda: run(commands.add_place, brand_id=world.brand, name=name, url=url)) == expected  # noqa: B023
    assert code(Invalid, lambda: run(commands.look_at_place, place_id=9)) == "place_unknown"
    assert code(Invalid, lambda: run(commands.hand_wishes, wish_ids=[9])) == "wish_unknown"


def undo(world: World, command: Any, **args: Any) -> None:
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)


def test_a_brand_s_own_words_and_back_to_the_usual_ones(world: World) -> None:
    page, run = world.desk.page, world.desk.run_now
    own = (Protocol("mine", {"es": "El nuestro"}, (Step("a", {"es": "Respira"}),)),)
    undo(world, care_plans.save_protocols, brand_id=world.brand, protocols=own)
    assert page(cases.protocols, world.brand) == PROTOCOLS
    run(care_plans.save_protocols, brand_id=world.brand, protocols=own)
    assert page(cases.protocols, world.brand) == own
    assert page(cases.protocols, world.other) == PROTOCOLS
    case_id = run(case_commands.open_case, conversation_id=world.hear("Mal", remote_id="m1"))
    assert page(cases.case, case_id).protocol == "mine"
    run(care_plans.save_protocols, brand_id=world.brand, protocols=None)
    assert page(cases.protocols, world.brand) == PROTOCOLS

    undo(world, care_plans.save_authority, brand_id=world.brand, authority=Authority(("gift",), 900))
    assert page(cases.authority, world.brand) == Authority()
    run(care_plans.save_causes, brand_id=world.brand, causes=[" Pan  duro ", "Pan duro", ""])
    assert page(cases.causes, world.brand) == ["Pan duro"]
    assert page(cases.causes, world.other)[0] == "Retraso en la entrega"
    run(care_plans.save_information, brand_id=world.brand, steps=[Step("hora", {"es": "¿A qué hora?"})])
    assert [each.key for each in page(cases.information, world.brand)] == ["hora"]
    run(care_plans.save_information, brand_id=world.brand, steps=None)
    assert page(cases.information, world.brand) == INFO


@pytest.mark.parametrize(
    "protocols",
    [
        [Protocol("", {"es": "x"}, (Step("a", {"es": "b"}),))],
        [Protocol("a", {"es": "x"}, ())],
        [Protocol("a", {"es": " "}, (Step("a", {"es": "b"}),))],
        [Protocol("a", {"es": "x"}, (Step("a", {"es": "b"}), Step("a", {"es": "c"})))],
        [Protocol("a", {"es": "x"}, (Step("a", {"es": "b"}),))] * 2,
    ],
)
def test_a_protocol_that_cannot_be_is_refused(world: World, protocols: list[Protocol]) -> None:
    with pytest.raises(Invalid):
        world.desk.run_now(care_plans.save_protocols, brand_id=world.brand, protocols=protocols)
    assert world.desk.page(cases.protocols, world.brand) == PROTOCOLS
