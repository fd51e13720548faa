"""Thanking solves, several at once as one decision, and everything comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cmdesk.commands import thanking
from cmdesk.errors import DeskError, Invalid
from cmdesk.store import inbox, library
from tests.core.commands.conftest import World


def _state(world: World, conversation_id: int) -> tuple[str, str]:
    found = world.desk.page(inbox.conversation, conversation_id)
    return found.state.value, found.outgoing


def test_several_are_thanked_solved_and_taken_back(world: World) -> None:
    ids = [world.hear("¡Qué rico!", remote_id="m1"), world.hear("Me encanta", remote_id="m2")]
    done = world.desk.store.write(thanking.thank, texts=dict.fromkeys(ids, "Gracias, María")).result()
    assert len(done.value) == 2
    assert [_state(world, each) for each in ids] == [("solved", "queued")] * 2
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert [_state(world, each) for each in ids] == [("open", "")] * 2
    assert world.desk.page(inbox.draft, ids[0]) == "@maria@plaza.example Gracias, María"


def test_all_or_none(world: World) -> None:
    ids = [world.hear("¡Qué rico!", remote_id="m1"), world.hear("Me encanta", remote_id="m2")]
    with pytest.raises(DeskError):
        world.desk.run_now(thanking.thank, texts={ids[0]: "Gracias", ids[1]: " "})
    assert _state(world, ids[0]) == ("open", "")


def test_one_brand_at_a_time_and_uses_are_counted(world: World) -> None:
    one = world.hear("¡Qué rico!", remote_id="m1")
    other = replace(world, account=world.foreign).hear("Great", remote_id="m2")
    with pytest.raises(Invalid) as caught:
        world.desk.run_now(thanking.thank, texts={one: "Gracias", other: "Thanks"})
    assert caught.value.code == "wrong_brand"
    made = world.desk.run_now(library.save_template, brand_id=None, name="Gracias", texts={"es": "Gracias"})
    world.desk.run_now(thanking.thank, texts={one: "Gracias"}, template_ids=[made])
    assert world.desk.page(library.template, made).used == 1
