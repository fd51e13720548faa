"""A post goes out exactly once: every outcome of a create, for every way a network takes a repeat."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from cmdesk.clock import FixedClock
from cmdesk.model import AccountState, DeliveryState
from cmdesk.store import accounts, outbox, outbox_read, outbox_send
from cmdesk.store.outbox_claim import claim
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish, run_for, settle
from tests.helpers.desks import TestDesk, add_account
from tests.helpers.scripted_network import SEND_FAULTS, ScriptedNetwork

State = DeliveryState


def set_repeat(bench: TestDesk, server: ScriptedNetwork, repeat: str) -> None:
    server.repeat = repeat
    add_account(bench.desk, bench.brand_id, "bakery", repeat=repeat)


def test_a_good_answer_publishes_with_id_and_time(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Pan de masa madre")
    publish(engine)
    delivery = bench.delivery(sent)
    assert (delivery.state, delivery.remote_id) == (State.PUBLISHED, server.posts[0].id)
    assert delivery.published_at == clock.now()
    assert delivery.remote_url == server.posts[0].url
    assert server.by("bakery") == ["Pan de masa madre"]
    assert [each.outcome for each in bench.desk.page(outbox_read.attempts, sent)] == ["yes"]


@pytest.mark.parametrize("repeat", ["record_key", "key_1h", "none"])
@pytest.mark.parametrize("fault", SEND_FAULTS)
def test_every_fault_ends_once_or_with_a_question(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock, fault: str, repeat: str
) -> None:
    set_repeat(bench, server, repeat)
    server.faults.append(fault)
    (sent,) = bench.post("Hoy, empanada")
    (state,) = settle(engine, bench, clock, [sent])
    there = server.by("bakery")
    assert len(there) <= 1
    if state is State.PUBLISHED:
        assert there == ["Hoy, empanada"]
    expected = {
        "ok": {State.PUBLISHED},
        "offline": {State.PUBLISHED},
        "lost": {State.REVIEW} if repeat == "none" else {State.PUBLISHED},
        "dropped": {State.PUBLISHED},
        "late": {State.PUBLISHED},
        "garbage": {State.PUBLISHED},
        "rate": {State.PUBLISHED},
        "auth": {State.BLOCKED_AUTH, State.HELD_LATE},
        "reject": {State.REJECTED},
        "wrong_author": {State.REVIEW},
        "bug": {State.REVIEW} if repeat == "none" else {State.PUBLISHED},
    }[fault]
    assert state in expected
    if state in (State.REVIEW, State.HELD_LATE, State.REJECTED, State.BLOCKED_AUTH):
        assert bench.desk.page(outbox.problem_count) >= 1


def test_a_doubt_is_read_back_before_anything_is_sent_again(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("dropped")
    (sent,) = bench.post("Roscón")
    publish(engine)
    assert bench.state(sent) is State.UNCERTAIN
    run_for(engine, clock, 5)
    assert bench.state(sent) is State.PUBLISHED
    assert server.sends == [("bakery", "Roscón")]


def test_without_a_key_nothing_is_repeated_and_the_person_is_asked(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    set_repeat(bench, server, "none")
    server.faults.append("lost")
    (sent,) = bench.post("Ensaimadas")
    settle(engine, bench, clock, [sent])
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.REVIEW, "not_found")
    assert server.sends == []
    bench.desk.run_now(outbox.send_again, sent)
    settle(engine, bench, clock, [sent])
    assert bench.state(sent) is State.PUBLISHED
    assert server.by("bakery") == ["Ensaimadas"]


def test_what_turns_up_while_a_person_is_asked_is_taken_as_it(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    set_repeat(bench, server, "none")
    server.late_s = 1200
    server.faults.append("late")
    (sent,) = bench.post("Llega tarde")
    settle(engine, bench, clock, [sent])
    assert bench.state(sent) is State.REVIEW
    run_for(engine, clock, 1800, step=60)
    assert bench.state(sent) is State.PUBLISHED
    assert server.by("bakery") == ["Llega tarde"]


def test_a_key_is_not_trusted_after_fifty_minutes(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("lost")
    (sent,) = bench.post("Fin de semana")
    publish(engine)
    server.offline = True
    run_for(engine, clock, 3300, step=60)
    assert bench.state(sent) is State.UNCERTAIN
    server.offline = False
    run_for(engine, clock, 60)
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.REVIEW, "key_expired")
    assert server.sends == []


def test_a_truncated_timeline_proves_nothing(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.truncated = True
    server.faults.append("lost")
    (sent,) = bench.post("Horario de verano")
    settle(engine, bench, clock, [sent])
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.REVIEW, "cannot_look")


def test_two_equal_posts_are_never_in_doubt_at_once(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.extend(["dropped", "dropped"])
    (one,) = bench.post("¡Gracias!")
    (two,) = bench.post("¡Gracias!")
    assert settle(engine, bench, clock, [one, two]) == [State.PUBLISHED, State.PUBLISHED]
    assert server.by("bakery") == ["¡Gracias!", "¡Gracias!"]
    assert bench.delivery(one).remote_id != bench.delivery(two).remote_id


def test_a_no_after_a_doubt_is_looked_at_and_not_believed(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    """A 422 "duplicate" after an unanswered attempt means that it is there (X, RELIABILITY part 2)."""
    server.lag_s = 400
    server.faults.extend(["dropped", "reject"])
    (sent,) = bench.post("Solo una vez")
    run_for(engine, clock, 240)
    assert bench.state(sent) is State.UNCERTAIN
    settle(engine, bench, clock, [sent])
    assert len(server.by("bakery")) == 1
    assert bench.state(sent) in (State.PUBLISHED, State.REJECTED)


def test_another_author_in_the_answer_stops_the_account(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("wrong_author")
    (one,) = bench.post("¿Quién soy?")
    (two,) = bench.post("Otra cosa", at=clock.now() + timedelta(seconds=30))
    run_for(engine, clock, 120)
    account = bench.desk.page(accounts.account, bench.account_id)
    assert (account.state, account.state_code) == (AccountState.STOPPED, "wrong_author")
    assert (bench.state(one), bench.delivery(one).reason_code) == (State.REVIEW, "wrong_author")
    assert bench.state(two) in (State.READY, State.QUEUED)
    assert len(server.sends) == 1
    run_for(engine, clock, 1200, step=60)
    assert bench.state(two) is State.HELD_LATE


def test_refused_credentials_hold_the_queue_until_the_same_author_is_back(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("auth")
    (one,) = bench.post("Uno")
    (two,) = bench.post("Dos")
    publish(engine)
    run_for(engine, clock, 60)
    assert [bench.state(one), bench.state(two)] == [State.BLOCKED_AUTH, State.BLOCKED_AUTH]
    assert server.sends == []
    again = add_account(bench.desk, bench.brand_id, "bakery")
    assert again == bench.account_id
    assert settle(engine, bench, clock, [one, two]) == [State.PUBLISHED, State.PUBLISHED]
    assert sorted(server.by("bakery")) == ["Dos", "Uno"]


def test_a_rate_limit_is_waited_for_as_the_network_says(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("rate")
    (sent,) = bench.post("Despacio")
    publish(engine)
    assert bench.state(sent) is State.BACKOFF
    assert bench.delivery(sent).next_at == clock.now() + timedelta(seconds=90)
    run_for(engine, clock, 80)
    assert server.sends == []
    run_for(engine, clock, 20)
    assert bench.state(sent) is State.PUBLISHED


def test_late_posts_ask_and_released_ones_leave_a_minute_apart(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    ids = [bench.post(f"Post {n}", at=clock.now() + timedelta(minutes=n))[0] for n in range(3)]
    clock.advance(3 * 3600)
    publish(engine)
    assert {bench.state(each) for each in ids} == {State.HELD_LATE}
    assert server.sends == []
    assert bench.desk.run_now(outbox.release, ids) == 3
    publish(engine)
    assert server.by("bakery") == ["Post 0"]
    run_for(engine, clock, 50)
    assert server.by("bakery") == ["Post 0"]
    run_for(engine, clock, 90)
    assert server.by("bakery") == ["Post 0", "Post 1", "Post 2"]
    times = [post.created_at for post in server.posts]
    assert all(later - sooner >= timedelta(seconds=60) for sooner, later in pairwise(times))


def test_taking_back_in_doubt_deletes_what_turns_up(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("dropped")
    (sent,) = bench.post("Mejor no")
    publish(engine)
    bench.desk.run_now(outbox.cancel, sent)
    run_for(engine, clock, 30)
    assert server.by("bakery") == []
    assert bench.state(sent) is State.CANCELLED


def test_taking_back_in_doubt_what_never_arrived_sends_nothing(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("lost")
    (sent,) = bench.post("Mejor no")
    publish(engine)
    bench.desk.run_now(outbox.cancel, sent)
    run_for(engine, clock, 600)
    assert bench.state(sent) is State.CANCELLED
    assert server.sends == []


def test_a_twin_is_found_and_offered_for_removal(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    """A key that the server forgot: the one way left to a double, told and not hidden."""
    server.lag_s = 200
    server.faults.append("dropped")
    (sent,) = bench.post("Doble")
    publish(engine)
    server.posts[0].key = "forgotten"
    settle(engine, bench, clock, [sent])
    server.lag_s = 0
    assert len(server.by("bakery")) == 2
    run_for(engine, clock, 900, step=30)
    assert bench.delivery(sent).reason_code == "twin"
    assert [problem.code for problem in bench.desk.page(outbox.problems)] == ["twin"]
    bench.desk.run_now(outbox.remove_twin, sent)
    run_for(engine, clock, 10)
    assert server.by("bakery") == ["Doble"]
    assert bench.desk.page(outbox.problem_count) == 0


def test_the_network_holds_what_it_was_handed_and_reports_it_published(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.holds_posts = True
    add_account(bench.desk, bench.brand_id, "bakery", schedule=True)
    (sent,) = bench.post("Mañana", at=clock.now() + timedelta(hours=5), hand_off=True)
    publish(engine)
    assert bench.state(sent) is State.HANDED_OFF
    assert server.by("bakery") == []
    run_for(engine, clock, 5 * 3600 + 1800, step=300)
    assert bench.state(sent) is State.PUBLISHED
    assert server.by("bakery") == ["Mañana"]


def test_what_was_handed_off_can_be_taken_back_there(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.holds_posts = True
    add_account(bench.desk, bench.brand_id, "bakery", schedule=True)
    (sent,) = bench.post("Mañana", at=clock.now() + timedelta(hours=5), hand_off=True)
    publish(engine)
    bench.desk.run_now(outbox.cancel, sent)
    publish(engine)
    assert bench.state(sent) is State.CANCELLED
    clock.advance(6 * 3600)
    assert server.by("bakery") == []


def test_a_delivery_on_the_wire_that_nobody_waits_for_is_in_doubt(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Huérfano")
    asyncio.run(engine.recover())
    bench.desk.run_now(outbox_send.advance)
    bench.desk.run_now(claim, sent, instance="gone")

    async def tick() -> None:
        await engine.tick()
        await engine.stop()

    asyncio.run(tick())
    assert bench.state(sent) is State.UNCERTAIN


def test_nothing_leaves_while_publishing_is_paused(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    from cmdesk.store import settings

    bench.desk.run_now(settings.put, "publishing_paused", "1")
    (sent,) = bench.post("Espera")
    run_for(engine, clock, 60)
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.READY, "all_paused")
    bench.desk.run_now(settings.put, "publishing_paused", "0")
    run_for(engine, clock, 30)
    # What piled up is asked about, never sent in a burst (rank 4).
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.HELD_LATE, "paused_meanwhile")
    bench.desk.run_now(outbox.release, [sent])
    run_for(engine, clock, 30)
    assert bench.state(sent) is State.PUBLISHED
