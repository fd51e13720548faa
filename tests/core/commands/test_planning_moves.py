"""Several posts moved or copied at once: all or none, one undo, and a copy is never scheduled by accident."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands import brands, planning as commands, planning_moves, scheduling
from cmdesk.commands.planning_moves import Place
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.model import DeliveryState, Post, PostStatus, Target
from cmdesk.store import accounts, planning
from tests.core.commands.conftest import World

ZONE = "Europe/Madrid"


def scheduled(world: World, text: str, wall: str, *, fold: int = 0) -> int:
    post = world.desk.run_now(commands.save_post, brand_id=world.brand, text=text, account_ids=[world.account])
    world.desk.run_now(commands.schedule, post_id=post, wall=wall, zone=ZONE, fold=fold)
    return post


def post_of(world: World, post_id: int) -> Post:
    return world.desk.page(planning.post, post_id)


def plan(world: World, post_id: int) -> list[tuple[int, str, str, int]]:
    """What of a post is sealed: account, wall, zone, fold."""
    live = [each for each in post_of(world, post_id).deliveries if each.state is not DeliveryState.CANCELLED]
    return [(each.account_id, each.wall[:16], each.zone, each.fold) for each in live]


def run(world: World, command: Any, **args: Any) -> Any:
    return world.desk.store.write(command, **args).result()


def take_back(world: World, done: Any) -> Any:
    assert done.undo is not None
    return run(world, done.undo.command, **done.undo.args)


@pytest.mark.parametrize(("zone", "wall", "fold"), [
    ("Europe/Madrid", "2026-10-25T02:30", 1), ("Europe/Madrid", "2026-10-25T02:30", 0),
    ("Pacific/Auckland", "2026-04-05T02:30", 1), ("America/Bogota", "2026-04-05T02:30", 0),
    ("Australia/Lord_Howe", "2026-04-05T01:45", 1),
])  # fmt: skip
def test_undo_restores_exactly_and_redo_moves_again(world: World, zone: str, wall: str, fold: int) -> None:
    first = scheduled(world, "Pan", "2026-03-20T09:00")
    second = scheduled(world, "Ruta", "2026-03-21T10:00")
    run(world, commands.reschedule, post_id=second, wall=wall, zone=zone, fold=fold)
    before = [(post_of(world, each).targets, plan(world, each)) for each in (first, second)]
    assert before[1][1] == [(world.account, wall, zone, fold)]
    done = run(
        world,
        planning_moves.move_many,
        places=[Place(first, "2026-03-24T09:00", ZONE), Place(second, "2026-05-01T08:15", ZONE)],
    )
    assert plan(world, first) == [(world.account, "2026-03-24T09:00", ZONE, 0)]
    undone = take_back(world, done)
    assert [(post_of(world, each).targets, plan(world, each)) for each in (first, second)] == before
    take_back(world, undone)
    assert plan(world, second) == [(world.account, "2026-05-01T08:15", ZONE, 0)]


@pytest.mark.parametrize(("wall", "code"), [("2026-03-01T10:00", "time_past"), ("2026-03-29T02:30", "time_gap")])
def test_one_impossible_hour_moves_none(world: World, wall: str, code: str) -> None:
    first, second = scheduled(world, "Pan", "2026-03-20T09:00"), scheduled(world, "Ruta", "2026-03-21T10:00")
    with pytest.raises(Invalid) as refused:
        run(world, planning_moves.move_many, places=[Place(first, "2026-03-24T09:00", ZONE), Place(second, wall, ZONE)])
    assert refused.value.code == code
    assert plan(world, first)[0][1] == "2026-03-20T09:00" and plan(world, second)[0][1] == "2026-03-21T10:00"


def test_one_that_is_out_moves_none(world: World) -> None:
    first, second = scheduled(world, "Pan", "2026-03-20T09:00"), scheduled(world, "Ruta", "2026-03-21T10:00")
    (delivery,) = post_of(world, second).deliveries
    world.desk.run_now(
        lambda tx: tx.conn.execute("UPDATE delivery SET state = 'published' WHERE id = ?", (delivery.id,)).rowcount
    )
    with pytest.raises(DeskError):
        places = [Place(first, "2026-03-24T09:00", ZONE), Place(second, "2026-03-25T09:00", ZONE)]
        run(world, planning_moves.move_many, places=places)
    assert plan(world, first)[0][1] == "2026-03-20T09:00"


def test_a_copy_wishes_for_its_hour_and_is_not_sealed(world: World) -> None:
    original = scheduled(world, "Pan", "2026-03-20T09:00")
    done = run(world, planning_moves.copy_many, places=[Place(original, "2026-03-27T09:00", ZONE)])
    (copy,) = done.value
    made = post_of(world, copy)
    assert made.status is PostStatus.DRAFT and not made.deliveries and made.text == "Pan"
    assert [(each.wall, each.zone) for each in made.targets] == [("2026-03-27T09:00", ZONE)]
    assert plan(world, original)[0][1] == "2026-03-20T09:00"
    take_back(world, done)
    with pytest.raises(Conflict):
        world.desk.run_now(commands.save_post, brand_id=world.brand, post_id=copy, text="x")


def test_a_wish_that_is_moved_stays_a_wish(world: World) -> None:
    original = scheduled(world, "Pan", "2026-03-20T09:00")
    (copy,) = run(world, planning_moves.copy_many, places=[Place(original, "2026-03-27T09:00", ZONE)]).value
    run(world, planning_moves.move_many, places=[Place(copy, "2026-03-28T09:00", ZONE)])
    made = post_of(world, copy)
    assert not made.deliveries or not plan(world, copy)
    assert made.targets[0].wall == "2026-03-28T09:00"


def test_a_draft_from_the_tray_is_scheduled_and_undo_puts_it_back(world: World) -> None:
    draft = world.desk.run_now(commands.save_post, brand_id=world.brand, text="Pan", account_ids=[world.account])
    done = run(world, planning_moves.move_many, places=[Place(draft, "2026-03-20T09:00", ZONE)])
    assert plan(world, draft) == [(world.account, "2026-03-20T09:00", ZONE, 0)]
    take_back(world, done)
    assert plan(world, draft) == [] and post_of(world, draft).targets[0].wall == ""


@pytest.mark.parametrize("command", [planning_moves.move_many, planning_moves.copy_many])
def test_an_idea_without_accounts_keeps_its_hour_as_a_wish_on_all_of_its_brand(world: World, command: Any) -> None:
    draft = world.desk.run_now(commands.save_post, brand_id=world.brand, text="Pan", account_ids=[])
    done = run(world, command, places=[Place(draft, "2026-03-20T09:00", ZONE)])
    planned = draft if command is planning_moves.move_many else done.value[0]
    mine = {each.id for each in world.desk.page(accounts.list_accounts, brand_id=world.brand)}
    assert {each.account_id for each in post_of(world, planned).targets} == mine
    assert post_of(world, planned).status is PostStatus.DRAFT and plan(world, planned) == []
    take_back(world, done)
    assert post_of(world, draft).targets == ()


def test_an_hour_needs_a_brand_with_accounts(world: World) -> None:
    empty = world.desk.run_now(brands.add_brand, name="Vacía")
    draft = world.desk.run_now(commands.save_post, brand_id=empty, text="Pan", account_ids=[])
    with pytest.raises(Invalid) as refused:
        run(world, planning_moves.move_many, places=[Place(draft, "2026-03-20T09:00", ZONE)])
    assert refused.value.code == "no_target"
    run(world, planning_moves.copy_many, places=[Place(draft, "")])
    assert len(world.desk.page(planning.tray, brand_id=empty)) == 2


WALL = "2026-03-20T09:00"


def _schedule_each(world: World, post: int) -> Any:
    targets = [Target(world.account, "2026-03-22T10:00", ZONE)]
    return run(world, scheduling.schedule_each, post_id=post, targets=targets)


@pytest.mark.parametrize("act", [
    lambda world, post: run(world, commands.schedule, post_id=post, wall=WALL, zone=ZONE),
    lambda world, post: run(world, commands.reschedule, post_id=post, wall="2026-03-21T09:00", zone=ZONE),
    lambda world, post: run(world, commands.unschedule, post_id=post),
    lambda world, post: run(world, commands.delete_post, post_id=post),
    lambda world, post: run(world, scheduling.schedule_many, plans={post: [Target(world.account, WALL, ZONE)]}),
    _schedule_each,
], ids=["schedule", "reschedule", "unschedule", "delete", "schedule many", "schedule each"])  # fmt: skip
def test_undo_never_schedules_what_was_only_a_wish(world: World, act: Any) -> None:
    original = scheduled(world, "Pan", "2026-03-19T09:00")
    (wish,) = run(world, planning_moves.copy_many, places=[Place(original, WALL, ZONE)]).value
    before = post_of(world, wish).targets
    undone = take_back(world, act(world, wish))
    assert (post_of(world, wish).status, plan(world, wish)) == (PostStatus.DRAFT, [])
    assert post_of(world, wish).targets == before
    again = take_back(world, undone)
    take_back(world, again)
    assert (post_of(world, wish).targets, plan(world, wish)) == (before, [])


def test_deleting_several_and_bringing_them_back(world: World) -> None:
    first, second = scheduled(world, "Pan", "2026-03-20T09:00"), scheduled(world, "Ruta", "2026-03-21T10:00")
    done = run(world, planning_moves.delete_many, post_ids=[first, second])
    assert plan(world, first) == []
    take_back(world, done)
    assert plan(world, first)[0][1] == "2026-03-20T09:00" and plan(world, second)[0][1] == "2026-03-21T10:00"


def test_taking_the_date_away_from_several(world: World) -> None:
    first, second = scheduled(world, "Pan", "2026-03-20T09:00"), scheduled(world, "Ruta", "2026-03-21T10:00")
    done = run(world, planning_moves.move_many, places=[Place(first, ""), Place(second, "")])
    tray = world.desk.page(planning.tray, brand_id=world.brand)
    assert {each.post_id for each in tray} == {first, second}
    take_back(world, done)
    assert plan(world, first)[0][1] == "2026-03-20T09:00"
