"""The queue: hours of accounts, the next free one, drafts put into free ones in one step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.commands import brands, markets, planning as posts, scheduling, slots as commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import PostStatus, Target
from cmdesk.planning.slots import SlotTime
from cmdesk.store import planning, slots
from tests.core.commands.conftest import World

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
WEEK = [SlotTime(0, "10:00"), SlotTime(2, "18:30"), SlotTime(6, "02:30")]


def put(world: World, account: int = 0, week: list[SlotTime] | None = None) -> None:
    world.desk.run_now(commands.put, weeks={account or world.account: WEEK if week is None else week})


def draft(world: World, text: str = "Hoy hay coca", **more: Any) -> int:
    return world.desk.run_now(posts.save_post, brand_id=world.brand, text=text, account_ids=[world.account], **more)


def undo(world: World, command: Any, **args: Any) -> Any:
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    back = world.desk.store.write(done.undo.command, **done.undo.args).result()
    return done.value, back


def walls(world: World, post: int) -> list[str]:
    return [each.wall for each in world.desk.page(planning.post, post).targets]


def test_hours_are_kept_changed_and_undone(world: World) -> None:
    put(world)
    ids = {each.time: each.id for each in world.desk.page(slots.slots_of, brand_id=world.brand)}
    assert list(ids) == WEEK
    _value, back = undo(world, commands.put, weeks={world.account: [WEEK[0], SlotTime(4, "08:00")]})
    assert [each.time for each in world.desk.page(slots.slots_of)] == WEEK
    kept = {each.time: each.id for each in world.desk.page(slots.slots_of)}
    assert kept[WEEK[0]] == ids[WEEK[0]], "an hour that stays keeps its id"
    world.desk.run_now(back.undo.command, **back.undo.args)
    assert [each.at for each in world.desk.page(slots.slots_of)] == ["10:00", "08:00"]


def test_adding_removing_and_copying(world: World) -> None:
    world.desk.run_now(commands.add, account_id=world.account, times=[SlotTime(1, "09:00"), SlotTime(1, "09:00")])
    found = world.desk.page(slots.slots_of, account_ids=[world.account])
    assert [each.time for each in found] == [SlotTime(1, "09:00")]
    world.desk.run_now(commands.remove, slot_ids=[found[0].id])
    assert world.desk.page(slots.slots_of) == []
    with pytest.raises(Invalid) as caught:
        world.desk.run_now(commands.remove, slot_ids=[found[0].id])
    assert caught.value.code == "slot_unknown"
    with pytest.raises(Invalid) as caught:
        world.desk.run_now(commands.copy_to, account_id=world.account, to_account_ids=[world.foreign])
    assert caught.value.code == "wrong_brand"


def test_a_post_nearby_takes_a_slot_and_its_own_post_does_not(world: World) -> None:
    put(world)
    first = world.desk.page(slots.next_free, [world.account], START)[world.account]
    assert (first.wall, first.at) == ("2026-03-04T18:30", datetime(2026, 3, 4, 17, 30, tzinfo=UTC))
    post = draft(world)
    world.desk.run_now(posts.schedule, post_id=post, wall="2026-03-04T18:39", zone="Europe/Madrid")
    assert world.desk.page(slots.next_free, [world.account], START)[world.account].wall == "2026-03-08T02:30"
    own = world.desk.page(slots.next_free, [world.account], START, besides=post)
    assert own[world.account].wall == "2026-03-04T18:30"
    world.desk.run_now(posts.reschedule, post_id=post, wall="2026-03-04T18:40", zone="Europe/Madrid")
    assert world.desk.page(slots.next_free, [world.account], START)[world.account].wall == "2026-03-04T18:30"


def test_the_night_of_the_change_moves_a_slot_by_the_gap(world: World) -> None:
    put(world)
    found = world.desk.page(
        slots.free_slots, start=datetime(2026, 3, 28, 12, tzinfo=UTC), end=datetime(2026, 3, 30, tzinfo=UTC)
    )
    assert [(each.wall, each.at.hour) for each in found] == [("2026-03-29T03:30", 1)]


def test_filling_takes_the_oldest_first_and_is_one_step(world: World) -> None:
    put(world)
    drafts = []
    for text in ("uno", "dos", "tres", "cuatro"):
        drafts.append(draft(world, text))
        world.clock.advance(timedelta(minutes=1).total_seconds())
    long = draft(world, "x" * 600)
    window = {"brand_id": world.brand, "start": START + timedelta(hours=1), "end": START + timedelta(days=9)}
    plan = world.desk.page(slots.fill_plan, **window)
    assert [each.why for each in plan] == ["", "", "", "no_slot", "no_slot"]
    result, back = undo(world, commands.fill, **window)
    assert [each.targets[0].wall for each in result if not each.why] == [
        "2026-03-04T18:30", "2026-03-08T02:30", "2026-03-09T10:00",
    ]  # fmt: skip
    assert all(walls(world, each) == [""] for each in drafts), "one undo takes all of it back"
    world.desk.run_now(back.undo.command, **back.undo.args)
    assert world.desk.page(planning.post, drafts[0]).status is PostStatus.SCHEDULED
    assert world.desk.page(planning.post, long).status is PostStatus.DRAFT


def test_what_may_not_go_out_stays_and_the_rest_is_filled(world: World) -> None:
    put(world)
    long = draft(world, "x" * 600)
    world.clock.advance(timedelta(minutes=1).total_seconds())
    good = draft(world, "bien")
    result = world.desk.run_now(commands.fill, brand_id=world.brand, start=START, end=START + timedelta(days=9))
    assert [(each.post_id, each.why) for each in result] == [(long, "too_long"), (good, "")]
    assert walls(world, long) == [""] and walls(world, good) == ["2026-03-08T02:30"]


def test_drafts_without_accounts_or_queue_say_so(world: World) -> None:
    draft(world)
    world.desk.run_now(posts.save_post, brand_id=world.brand, text="sin cuenta", account_ids=[])
    plan = world.desk.page(slots.fill_plan, brand_id=world.brand, start=START, end=START + timedelta(days=9))
    assert [each.why for each in plan] == ["no_queue", "no_accounts"]


def test_each_account_has_an_hour_of_its_own(world: World) -> None:
    post = draft(world)
    targets = [Target(world.account, "2026-03-05T10:00", "Europe/Madrid")]
    undo(world, scheduling.schedule_each, post_id=post, targets=targets)
    assert walls(world, post) == [""]
    for bad, code in (("2026-03-01T10:00", "time_past"), ("2026-03-29T02:30", "time_gap")):
        with pytest.raises(Invalid) as caught:
            world.desk.run_now(
                scheduling.schedule_each, post_id=post, targets=[Target(world.account, bad, "Europe/Madrid")]
            )
        assert caught.value.code == code
    with pytest.raises(Invalid):
        world.desk.run_now(scheduling.schedule_each, post_id=post, targets=[])


def test_many_posts_are_all_or_none(world: World) -> None:
    good, gone = draft(world), draft(world)
    world.desk.run_now(posts.delete_post, post_id=gone)
    hour = [Target(world.account, "2026-03-05T10:00", "Europe/Madrid")]
    with pytest.raises((Invalid, Conflict)):
        world.desk.run_now(scheduling.schedule_many, plans={good: hour, gone: hour})
    assert walls(world, good) == [""]


def test_hours_follow_the_clock_of_their_brand_or_market(world: World) -> None:
    market = world.desk.run_now(
        markets.save_market, brand_id=world.brand, name="Francia", language="fr", country="FR", zone="Europe/Paris"
    )
    world.desk.run_now(commands.put, weeks={world.account: [SlotTime(2, "10:00"), SlotTime(2, "10:00", market)]})
    world.desk.run_now(brands.edit_brand, brand_id=world.brand, edit=brands.BrandEdit(zone="Atlantic/Canary"))
    days = {"start": datetime(2026, 3, 4, tzinfo=UTC), "end": datetime(2026, 3, 5, tzinfo=UTC)}
    found = world.desk.page(slots.free_slots, **days)
    assert [(each.at.hour, each.wall[11:], each.zone) for each in found] == [
        (9, "10:00", "Europe/Paris"), (10, "10:00", "Atlantic/Canary"),
    ]  # fmt: skip
    done = world.desk.store.write(markets.delete_market, market_id=market).result()
    assert [each.at.hour for each in world.desk.page(slots.free_slots, **days)] == [10]
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert world.desk.page(slots.free_slots, **days) == found, "undo gives the queue its market back"
