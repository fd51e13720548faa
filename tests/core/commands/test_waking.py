"""What was missed (N1): held, decided in one step, spaced, taken back while nothing left; pauses and the watchdog."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cmdesk.commands import by_hand, pausing, planning as deciding, settings, waking
from cmdesk.errors import Conflict, DeskError
from cmdesk.model import Delivery, DeliveryState, Part, PostStatus, Target
from cmdesk.planning.waking import PAUSED_MEANWHILE, Decision, How, spaced, usual
from cmdesk.store import inbox, outbox, outbox_read, overdue, planning
from cmdesk.store.outbox_claim import Claimed, Refused, claim
from cmdesk.store.outbox_send import advance
from tests.core.commands.conftest import World

State = DeliveryState


def plan(world: World, *, minutes: int = 30, text: str = "Hoy, roscón", account: int = 0, **more: Any) -> int:
    at = (world.clock.now() + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(timespec="seconds")
    brand = world.other if account == world.foreign else world.brand
    post_id = world.desk.run_now(
        deciding.save_post, brand_id=brand, text=text, account_ids=[account or world.account], **more
    )
    world.desk.run_now(deciding.schedule, post_id=post_id, wall=at, zone="UTC")
    return post_id


def live(world: World, post_id: int) -> list[Delivery]:
    found = world.desk.page(planning.post, post_id).deliveries
    return [each for each in found if each.state is not State.CANCELLED]


def states(world: World, post_id: int) -> list[State]:
    return [each.state for each in live(world, post_id)]


def missed(world: World, count: int = 1, **more: Any) -> list[int]:
    """Posts whose hour passed two hours ago while nothing ran."""
    posts = [plan(world, minutes=10 + number, text=f"Post {number}", **more) for number in range(count)]
    world.clock.advance(2.5 * 3600)
    world.desk.run_now(advance)
    assert all(states(world, each)[0] is State.HELD_LATE for each in posts)
    return posts


def decide(world: World, *decisions: Decision) -> Any:
    return world.desk.store.write(waking.decide, decisions=decisions).result()


def undo(world: World, done: Any) -> None:
    world.desk.run_now(done.undo.command, **done.undo.args)


def hour(world: World, account: int, hours: float) -> Target:
    at = (world.clock.now() + timedelta(hours=hours)).replace(tzinfo=None).isoformat(timespec="minutes")
    return Target(account, at, "UTC")


def test_every_decision_can_be_taken_back_while_nothing_left(world: World) -> None:
    posts = missed(world, 5)
    ids = [live(world, each)[0].id for each in posts]
    later = hour(world, world.account, 5)
    done = decide(
        world,
        Decision(ids[0], How.NOW),
        Decision(ids[1], How.HOUR, later),
        Decision(ids[2], How.DRAFT),
        Decision(ids[3], How.DISCARD),
        Decision(ids[4], How.LATER),
    )
    assert done.value == 4
    found = [world.desk.page(planning.post, each) for each in posts]
    assert [each.status for each in found] == [
        PostStatus.SCHEDULED, PostStatus.SCHEDULED, PostStatus.DRAFT, PostStatus.CANCELLED, PostStatus.PROBLEM,
    ]  # fmt: skip
    assert (found[1].targets[0].wall, found[2].targets[0].wall) == (later.wall, "")
    undo(world, done)
    world.desk.run_now(advance)
    assert [states(world, each) for each in posts] == [[State.HELD_LATE]] * 5
    assert world.desk.page(planning.post, posts[1]).targets[0].wall == live(world, posts[1])[0].wall != later.wall
    assert world.desk.page(planning.post, posts[2]).targets[0].wall


def test_what_has_left_is_not_taken_back(world: World) -> None:
    post_id = missed(world)[0]
    first = live(world, post_id)[0].id
    done = decide(world, Decision(first, How.NOW))
    world.desk.run_now(advance)
    assert isinstance(world.desk.run_now(claim, first, instance="t"), Claimed)
    with pytest.raises(Conflict):
        undo(world, done)
    assert states(world, post_id) == [State.SENDING]


def test_one_decision_that_cannot_be_leaves_all_as_they_were(world: World) -> None:
    posts = missed(world, 2)
    ids = [live(world, each)[0].id for each in posts]
    with pytest.raises(DeskError):
        decide(world, Decision(ids[0], How.NOW), Decision(ids[1], How.HOUR, hour(world, world.account, -1)))
    assert [states(world, each) for each in posts] == [[State.HELD_LATE]] * 2


def test_another_hour_for_one_account_leaves_the_others_alone(world: World) -> None:
    place = world.desk.run_now(by_hand.add_place, brand_id=world.brand, name="Foro")
    at = (world.clock.now() + timedelta(minutes=5)).replace(tzinfo=None).isoformat(timespec="seconds")
    post_id = world.desk.run_now(
        deciding.save_post, brand_id=world.brand, text="Roscón", account_ids=[world.account, place]
    )
    world.desk.run_now(deciding.schedule, post_id=post_id, wall=at, zone="UTC")
    world.clock.advance(3600)
    world.desk.run_now(advance)
    before = {each.account_id: each for each in live(world, post_id)}
    decide(world, Decision(before[world.account].id, How.HOUR, hour(world, world.account, 2)))
    after = {each.account_id: each for each in live(world, post_id)}
    assert after[place] == before[place] and after[place].state is State.MANUAL
    assert after[world.account].state is State.QUEUED


def test_a_thread_comes_back_whole(world: World) -> None:
    post_id = missed(world, parts=(Part("y dos"), Part("y tres")))[0]
    first = live(world, post_id)[0].id
    done = decide(world, Decision(first, How.DISCARD))
    assert states(world, post_id) == []
    undo(world, done)
    assert states(world, post_id) == [State.HELD_LATE, State.QUEUED, State.QUEUED]


def test_a_late_answer_goes_back_to_its_draft_and_again(world: World) -> None:
    from cmdesk.commands import inbox as answering

    talk = world.hear("¿Abrís?", remote_id="m1")
    sent = world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, a las 9")
    world.clock.advance(3600)
    world.desk.run_now(advance)
    found = world.desk.page(outbox_read.deliveries, states=[State.HELD_LATE])
    assert len(found) == 1 and sent
    done = decide(world, Decision(found[0].id, How.DRAFT))
    assert "Sí, a las 9" in (world.desk.page(inbox.draft, talk) or "")
    undo(world, done)
    assert world.desk.page(inbox.draft, talk) in ("", None)
    assert world.desk.page(outbox.delivery, found[0].id).state is State.HELD_LATE


# Never in a burst


def test_released_posts_leave_a_minute_apart_as_planned(world: World) -> None:
    posts = missed(world, 3)
    ids = [live(world, each)[0].id for each in posts]
    decide(world, *(Decision(each, How.NOW) for each in ids))
    world.desk.run_now(advance)
    told = spaced(
        [(each, world.account) for each in ids], now=world.clock.now(),
        last=world.desk.page(overdue.last_attempts, [world.account]), gaps={world.account: timedelta(minutes=1)},
    )  # fmt: skip
    went: dict[int, datetime] = {}
    for _second in range(200):
        for each in ids:
            if each not in went and world.desk.page(outbox.delivery, each).state is State.READY:
                claimed = world.desk.run_now(claim, each, instance="t")
                if isinstance(claimed, Claimed):
                    went[each] = world.clock.now()
                    world.desk.run_now(_publish, each)
        world.clock.advance(1)
    assert [went[each] for each in ids] == [told[each] for each in ids]


def _publish(tx: Any, delivery_id: int) -> None:
    from cmdesk.store.outbox_state import Found, publish, row_of

    publish(tx, row_of(tx.conn, delivery_id), Found(f"r{delivery_id}", "id-alba"))


def test_posts_within_their_tolerance_are_spaced_too(world: World) -> None:
    first, second = plan(world, minutes=1), plan(world, minutes=1, text="Otro")
    world.clock.advance(600)
    world.desk.run_now(advance)
    one, two = live(world, first)[0].id, live(world, second)[0].id
    assert isinstance(world.desk.run_now(claim, one, instance="t"), Claimed)
    world.desk.run_now(_publish, one)
    assert world.desk.run_now(claim, two, instance="t") == Refused("spacing")
    world.clock.advance(61)
    assert isinstance(world.desk.run_now(claim, two, instance="t"), Claimed)


# Pauses (rank 36)


@pytest.mark.parametrize("whole", [True, False])
def test_a_pause_stops_what_would_leave_this_second(world: World, whole: bool) -> None:
    post_id = plan(world, minutes=1)
    foreign = plan(world, minutes=1, account=world.foreign)
    world.clock.advance(61)
    world.desk.run_now(advance)
    mine, other = live(world, post_id)[0].id, live(world, foreign)[0].id
    world.desk.run_now(pausing.pause, brand_id=None if whole else world.brand)
    assert world.desk.run_now(claim, mine, instance="t") == Refused("all_paused" if whole else "brand_paused")
    assert isinstance(world.desk.run_now(claim, other, instance="t"), Refused if whole else Claimed)


@pytest.mark.parametrize("whole", [True, False])
def test_what_came_due_in_a_pause_is_asked_about(world: World, whole: bool) -> None:
    brand = None if whole else world.brand
    posts = [plan(world, minutes=minutes, text=f"{minutes}") for minutes in (1, 2, 30)]
    done = world.desk.store.write(pausing.pause, brand_id=brand).result()
    world.clock.advance(180)
    world.desk.run_now(advance)
    held = world.desk.run_now(pausing.resume, brand_id=brand)
    assert held == [live(world, each)[0].id for each in posts[:2]]
    assert [states(world, each) for each in posts] == [[State.HELD_LATE]] * 2 + [[State.QUEUED]]
    assert live(world, posts[0])[0].reason_code == PAUSED_MEANWHILE
    assert done.undo is not None and done.undo.command is pausing.resume


def test_it_is_also_asked_about_when_the_setting_alone_is_switched(world: World) -> None:
    post_id = plan(world, minutes=1)
    world.desk.run_now(settings.set_value, key="publishing_paused", value=True)
    world.clock.advance(61)
    world.desk.run_now(advance)
    delivery = live(world, post_id)[0].id
    world.desk.run_now(claim, delivery, instance="t")
    world.desk.run_now(settings.set_value, key="publishing_paused", value=False)
    assert world.desk.run_now(claim, delivery, instance="t") == Refused(PAUSED_MEANWHILE)
    assert states(world, post_id) == [State.HELD_LATE]


def test_a_brand_paused_by_itself_keeps_its_own_when_the_rest_goes_on(world: World) -> None:
    post_id = plan(world, minutes=1)
    world.desk.run_now(pausing.pause, brand_id=world.brand)
    world.desk.run_now(pausing.pause)
    world.clock.advance(120)
    world.desk.run_now(advance)
    assert world.desk.run_now(pausing.resume) == []
    assert world.desk.run_now(pausing.resume, brand_id=world.brand) == [live(world, post_id)[0].id]


# Nothing waits in silence (rank 5)


def late_ones(world: World, brand: int | None = None) -> list[int]:
    return [each.ref_id for each in world.desk.page(overdue.overdue, now=world.clock.now(), brand_id=brand)]


def test_five_minutes_past_its_hour_it_is_told(world: World) -> None:
    post_id = plan(world, minutes=1)
    delivery = live(world, post_id)[0].id
    world.clock.advance(60 + 299)
    world.desk.run_now(advance)
    assert late_ones(world) == []
    world.clock.advance(2)
    assert late_ones(world) == [delivery] == late_ones(world, world.brand)
    assert late_ones(world, world.other) == []
    world.desk.run_now(pausing.pause, brand_id=world.brand)
    assert late_ones(world) == []
    world.desk.run_now(pausing.resume, brand_id=world.brand)
    assert states(world, post_id) == [State.HELD_LATE] and late_ones(world) == []


def test_what_is_on_the_wire_too_long_is_told_and_a_place_by_hand_is_not(world: World) -> None:
    place = world.desk.run_now(by_hand.add_place, brand_id=world.brand, name="Foro")
    post_id = plan(world, minutes=1)
    plan(world, minutes=1, account=place)
    world.clock.advance(90)
    world.desk.run_now(advance)
    delivery = live(world, post_id)[0].id
    world.desk.run_now(claim, delivery, instance="t")
    world.clock.advance(600)
    assert late_ones(world) == [delivery]


# What is offered first


@pytest.mark.parametrize(
    ("minutes", "kind", "slot", "waits", "how"),
    [
        (20, "post", True, False, How.NOW),
        (180, "post", True, False, How.NOW),
        (181, "post", True, False, How.SLOT),
        (181, "post", False, False, How.DRAFT),
        (20, "post", True, True, How.DRAFT),
        (1440, "reply", False, False, How.NOW),
        (1441, "reply", False, False, How.DRAFT),
    ],
)
def test_the_usual_choice(minutes: int, kind: str, slot: bool, waits: bool, how: How) -> None:
    late = timedelta(minutes=minutes)
    assert usual(late=late, kind=kind, has_slot=slot, waits_for_yes=waits) is how
