"""Recurring posts: made ahead, never twice; one, the following or all are changed, and it can be taken back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cmdesk.commands import planning as posts, series as commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, PostStatus, Target
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.store import planning, series as store
from tests.core.commands.conftest import World
from tests.helpers.desks import engine_of

ZONE = "Europe/Madrid"
MONDAYS = Rule(Every.WEEK, weekdays=(0,))


def draft(world: World, text: str = "Menú de la semana") -> int:
    return world.desk.run_now(posts.save_post, brand_id=world.brand, text=text, account_ids=[world.account])


def begin(world: World, rule: Rule = MONDAYS, wall: str = "2026-03-09T10:00") -> tuple[int, int]:
    post = draft(world)
    return post, world.desk.run_now(
        commands.start, post_id=post, rule=rule, targets=[Target(world.account, wall, ZONE)]
    )


def live(world: World, series_id: int) -> dict[str, datetime]:
    of = world.desk.page(store.series, series_id)
    return {
        each.day: delivery.due_at
        for each in world.desk.page(store.occurrences, of)
        if each.post is not None and not each.deleted
        for delivery in each.post.deliveries
        if delivery.state is not DeliveryState.CANCELLED
    }


def by_day(world: World, series_id: int, day: str) -> int:
    of = world.desk.page(store.series, series_id)
    return next(each.post.id for each in world.desk.page(store.occurrences, of) if each.day == day and each.post)


def write(world: World, command: Any, **args: Any) -> Any:
    return world.desk.store.write(command, **args).result()


def test_sixty_days_are_made_at_the_same_hour_over_the_change(world: World) -> None:
    post, series_id = begin(world)
    found = live(world, series_id)
    assert next(iter(found)) == "2026-03-09" and len(found) == 8
    assert found["2026-03-23"] == datetime(2026, 3, 23, 9, tzinfo=UTC)
    assert found["2026-03-30"] == datetime(2026, 3, 30, 8, tzinfo=UTC), "10:00 stays 10:00"
    assert world.desk.page(planning.post, post).series_id == series_id
    assert not world.desk.page(store.due, now=world.clock.now())


def test_time_makes_the_next_ones_once(world: World) -> None:
    _post, series_id = begin(world)
    before = live(world, series_id)
    world.clock.advance(timedelta(days=8).total_seconds())
    assert world.desk.page(store.due, now=world.clock.now())
    assert len(world.desk.run_now(store.make_ahead)) == 1
    assert world.desk.run_now(store.make_ahead) == []
    assert len(live(world, series_id)) == len(before) + 1


async def test_the_engine_s_tick_makes_them(world: World) -> None:
    _post, series_id = begin(world)
    before = len(live(world, series_id))
    world.clock.advance(timedelta(days=8).total_seconds())
    await engine_of(world.desk, lambda *_each: None).advance()  # type: ignore[arg-type, return-value]
    assert len(live(world, series_id)) == before + 1


def test_one_that_cannot_be_read_stops_no_other(world: World) -> None:
    _one, broken = begin(world)
    _two, good = begin(world, wall="2026-03-09T12:00")
    world.desk.run_now(lambda tx: tx.conn.execute("UPDATE series SET rule = 'x' WHERE id = ?", (broken,)) and None)
    world.clock.advance(timedelta(days=8).total_seconds())
    assert len(world.desk.run_now(store.make_ahead)) == 1
    assert len(live(world, good)) == 9 and not world.desk.page(store.due, now=world.clock.now())


def test_the_past_is_not_made_up_for(world: World) -> None:
    _post, series_id = begin(world)
    world.clock.advance(timedelta(days=200).total_seconds())
    made = world.desk.run_now(store.make_ahead)
    assert made and min(live(world, series_id)[day] for day in list(live(world, series_id))[-len(made) :]) > (
        world.clock.now()
    )


@pytest.mark.parametrize("deed", ["move", "edit", "delete", "tray"])
def test_one_changed_alone_is_never_made_again(world: World, deed: str) -> None:
    _post, series_id = begin(world)
    alone = by_day(world, series_id, "2026-03-23")
    if deed == "move":
        world.desk.run_now(posts.reschedule, post_id=alone, wall="2026-03-24T12:00", zone=ZONE)
    elif deed == "edit":
        world.desk.run_now(
            posts.save_post, post_id=alone, brand_id=world.brand, text="Otro", account_ids=[world.account]
        )
    elif deed == "delete":
        world.desk.run_now(posts.delete_post, post_id=alone)
    else:
        world.desk.run_now(posts.unschedule, post_id=alone)
    count = len(world.desk.page(planning.posts, limit=100))
    world.desk.run_now(store.make_ahead)
    assert len(world.desk.page(planning.posts, limit=100)) == count
    world.desk.run_now(commands.pause, series_id=series_id)
    world.desk.run_now(commands.resume, series_id=series_id)
    of = world.desk.page(store.series, series_id)
    days = [each for each in world.desk.page(store.occurrences, of) if each.day == "2026-03-23"]
    assert [(each.post.id if each.post else 0) for each in days] == [alone]


def test_all_follow_one_and_the_ones_of_their_own_stay(world: World) -> None:
    post, series_id = begin(world)
    own = by_day(world, series_id, "2026-03-16")
    world.desk.run_now(posts.save_post, post_id=own, brand_id=world.brand, text="Solo", account_ids=[world.account])
    one = by_day(world, series_id, "2026-03-23")
    world.desk.run_now(posts.save_post, post_id=one, brand_id=world.brand, text="Nuevo", account_ids=[world.account])
    world.desk.run_now(posts.reschedule, post_id=one, wall="2026-03-23T12:30", zone=ZONE)
    done = write(world, commands.apply, post_id=one, scope=commands.FOLLOWING)
    assert done.value == 5
    found = live(world, series_id)
    assert found["2026-03-30"] == datetime(2026, 3, 30, 10, 30, tzinfo=UTC)
    assert found["2026-03-09"] == datetime(2026, 3, 9, 9, tzinfo=UTC), "what came before stays"
    assert world.desk.page(planning.post, own).text == "Solo"
    assert world.desk.page(planning.post, post).text == "Menú de la semana"
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert live(world, series_id)["2026-03-30"] == datetime(2026, 3, 30, 8, tzinfo=UTC)
    after = by_day(world, series_id, "2026-04-06")
    assert world.desk.page(planning.post, after).text == "Menú de la semana"


def test_pause_resume_and_end(world: World) -> None:
    _post, series_id = begin(world)
    done = write(world, commands.pause, series_id=series_id)
    assert (done.value, live(world, series_id)) == (8, {})
    world.clock.advance(timedelta(days=3).total_seconds())
    assert world.desk.run_now(store.make_ahead) == [], "a series that rests makes nothing"
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert len(live(world, series_id)) == 9
    world.desk.run_now(commands.end, series_id=series_id, since="2026-03-23")
    assert list(live(world, series_id)) == ["2026-03-09", "2026-03-16"]
    with pytest.raises(Conflict):
        world.desk.run_now(commands.end, series_id=series_id)


def test_another_rule_replaces_what_waits(world: World) -> None:
    _post, series_id = begin(world)
    moved = by_day(world, series_id, "2026-03-16")
    world.desk.run_now(posts.reschedule, post_id=moved, wall="2026-03-17T09:00", zone=ZONE)
    rule = Rule(Every.WEEK, 2, (4,))
    done = write(world, commands.change_rule, series_id=series_id, rule=rule, wall="2026-03-13T11:00", zone=ZONE)
    found = live(world, series_id)
    assert sorted(found) == ["2026-03-13", "2026-03-16", "2026-03-27", "2026-04-10", "2026-04-24"]
    assert found["2026-03-27"] == datetime(2026, 3, 27, 10, tzinfo=UTC)
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert len(live(world, series_id)) == 8


def test_a_series_started_by_mistake_is_gone(world: World) -> None:
    post = draft(world)
    before = len(world.desk.page(planning.posts, limit=100))
    done = write(
        world, commands.start, post_id=post, rule=MONDAYS, targets=[Target(world.account, "2026-03-09T10:00", ZONE)]
    )
    back = write(world, done.undo.command, **done.undo.args)
    assert len(world.desk.page(planning.posts, limit=100)) == before
    found = world.desk.page(planning.post, post)
    assert (found.status, found.series_id, found.targets[0].wall) == (PostStatus.DRAFT, None, "")
    assert world.desk.page(store.list_series) == []
    world.desk.run_now(back.undo.command, **back.undo.args)
    assert len(world.desk.page(store.list_series)) == 1


def test_the_pattern_is_never_shown_nor_sealed(world: World) -> None:
    post, series_id = begin(world)
    pattern = world.desk.page(store.series, series_id).post_id
    items = world.desk.page(
        planning.calendar_items, brand_id=None, start=world.clock.now(), end=world.clock.now() + timedelta(days=70)
    )
    assert len(items) == 8 and pattern not in {each.post_id for each in items}
    assert pattern not in {each.post_id for each in world.desk.page(planning.tray, brand_id=None)}
    assert pattern not in {each.id for each in world.desk.page(planning.posts, limit=100)}
    assert world.desk.page(planning.post, pattern).deliveries == ()
    assert {each.series_id for each in items} == {series_id} and post in {each.post_id for each in items}


def test_a_series_of_a_series_or_without_dates_is_refused(world: World) -> None:
    post, _series_id = begin(world)
    target = Target(world.account, "2026-03-09T10:00", ZONE)
    with pytest.raises(Conflict):
        world.desk.run_now(commands.start, post_id=post, rule=MONDAYS, targets=[target])
    past = Rule(Every.DAY, until=datetime(2026, 3, 1, tzinfo=UTC).date())
    with pytest.raises(Invalid) as caught:
        world.desk.run_now(commands.start, post_id=draft(world), rule=past, targets=[target])
    assert caught.value.code == "rule_empty"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.sampled_from(["day", "week", "pause", "move", "delete", "make"]), max_size=8))
def test_whatever_happens_no_day_comes_twice(world: World, deeds: list[str]) -> None:
    tomorrow = (world.clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT10:00")
    _post, series_id = begin(world, Rule(Every.DAY, 9), wall=tomorrow)
    for deed in deeds:
        if deed in ("day", "week"):
            world.clock.advance(timedelta(days=1 if deed == "day" else 7).total_seconds())
        elif deed == "pause":
            world.desk.run_now(commands.pause, series_id=series_id)
            world.desk.run_now(commands.resume, series_id=series_id)
        elif deed in ("move", "delete"):
            of = world.desk.page(store.series, series_id)
            waiting = [each for each in world.desk.page(store.occurrences, of) if each.post and not each.own]
            if waiting and waiting[-1].post:
                last = waiting[-1].post
                if deed == "delete":
                    world.desk.run_now(posts.delete_post, post_id=last.id)
                else:
                    wall = (datetime.fromisoformat(last.targets[0].wall) + timedelta(hours=5)).isoformat()
                    world.desk.run_now(posts.reschedule, post_id=last.id, wall=wall, zone=ZONE)
        world.desk.run_now(store.make_ahead)
    of = world.desk.page(store.series, series_id)
    days = [each.day for each in world.desk.page(store.occurrences, of)]
    assert len(days) == len(set(days))
    spans = [datetime.fromisoformat(day) for day in sorted(days)]
    assert all((after - before).days % 9 == 0 for before, after in itertools.pairwise(spans))
    world.desk.run_now(commands.end, series_id=series_id)
