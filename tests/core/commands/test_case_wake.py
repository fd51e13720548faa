"""What was promised, asked and solved comes back to the inbox when its time has come, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cmdesk.commands import cases as commands, inbox as answering
from cmdesk.model import ConversationState
from cmdesk.store import case_wake, cases, inbox
from tests.core.commands.conftest import World


def lines(world: World, conversation_id: int) -> list[str]:
    return [each.kind for each in world.desk.page(inbox.thread_events, conversation_id)]


def talk(world: World, conversation_id: int) -> Any:
    return world.desk.page(inbox.conversation, conversation_id)


@pytest.fixture
def complaint(world: World) -> int:
    return world.hear("Llegó rota", remote_id="m1")


def test_a_promise_comes_up_when_it_is_due_and_once(world: World, complaint: int) -> None:
    run = world.desk.run_now
    due = world.clock.now() + timedelta(hours=2)
    promise = run(commands.promise, conversation_id=complaint, text="Te llamo", due_at=due)
    run(answering.solve, conversation_ids=[complaint])
    assert world.desk.page(inbox.next_wake) == due
    assert run(case_wake.wake) == []
    world.clock.advance(7200)
    assert run(case_wake.wake) == [complaint]
    found = talk(world, complaint)
    assert (found.state, found.urgency, found.promise_at) == (ConversationState.OPEN, 3, due)
    assert world.desk.page(inbox.next_wake) is None
    run(answering.solve, conversation_ids=[complaint])
    assert run(case_wake.wake) == []
    assert talk(world, complaint).state is ConversationState.SOLVED
    assert lines(world, complaint).count("promise_due") == 1
    # It stays urgent whatever else is said, until it is kept or has another time.
    world.hear("¿Y bien?", remote_id="m2", parent_id="m1")
    assert talk(world, complaint).urgency == 3
    kept = world.desk.store.write(commands.keep_promise, promise_id=promise).result()
    assert talk(world, complaint).urgency < 3
    assert kept.undo is not None
    run(kept.undo.command, **kept.undo.args)
    assert talk(world, complaint).urgency == 3
    # Given another time it comes up again.
    run(commands.move_promise, promise_id=promise, due_at=world.clock.now() + timedelta(hours=1))
    world.clock.advance(3600)
    assert run(case_wake.wake) == [complaint]


def test_what_is_kept_or_withdrawn_stays_away(world: World, complaint: int) -> None:
    run = world.desk.run_now
    due = world.clock.now() + timedelta(hours=1)
    for command in (commands.keep_promise, commands.withdraw_promise):
        run(command, promise_id=run(commands.promise, conversation_id=complaint, text="x", due_at=due))
    world.clock.advance(9999)
    assert run(case_wake.wake) == []


def test_the_client_is_to_be_reminded(world: World, complaint: int) -> None:
    run = world.desk.run_now
    case_id = run(commands.open_case, conversation_id=complaint)
    due = world.clock.now() + timedelta(days=2)
    asked = run(commands.refer, case_id=case_id, who="Marta", asked="¿Qué pasó?", due_at=due)
    world.clock.advance(2 * 86_400)
    assert run(case_wake.wake) == [complaint]
    assert (talk(world, complaint).state, talk(world, complaint).urgency) == (ConversationState.OPEN, 2)
    assert world.desk.page(cases.case, case_id).state == "client"
    again = world.clock.now() + timedelta(hours=5)
    run(commands.remind, referral_id=asked, remind_at=again)
    assert (talk(world, complaint).state, talk(world, complaint).urgency) == (ConversationState.WAITING, 0)
    # The answer is overdue, and comes up again only when it was to be asked for again.
    assert run(case_wake.wake) == []
    world.clock.advance(5 * 3600)
    assert run(case_wake.wake) == [complaint]
    run(commands.answer_referral, referral_id=asked, answer="Se cayó")
    assert world.desk.page(inbox.next_wake) is None


def test_a_solution_is_asked_about(world: World, complaint: int) -> None:
    run = world.desk.run_now
    case_id = run(commands.open_case, conversation_id=complaint)
    run(commands.solve_case, case_id=case_id, solution="Otra enviada", follow_up_at=_in(world, days=3))
    assert talk(world, complaint).state is ConversationState.SOLVED
    world.clock.advance(3 * 86_400)
    assert run(case_wake.wake) == [complaint]
    assert talk(world, complaint).state is ConversationState.OPEN
    run(commands.follow_up, case_id=case_id, satisfaction=5)
    assert talk(world, complaint).state is ConversationState.SOLVED
    assert run(case_wake.wake) == []
    run(commands.set_case, case_id=case_id, satisfaction=4)
    assert world.desk.page(inbox.next_wake) is None


def test_a_case_without_a_conversation_comes_up_in_its_list(world: World) -> None:
    run = world.desk.run_now
    case_id = run(commands.open_case, conversation_id=None, brand_id=world.brand, title="Llamada")
    run(commands.promise, case_id=case_id, text="Llamar", due_at=_in(world, hours=1))
    world.clock.advance(3601)
    assert run(case_wake.wake) == []
    assert world.desk.page(inbox.next_wake) is None
    assert [each.id for each in world.desk.page(cases.cases, due_before=world.clock.now())] == [case_id]
    assert [(each.kind, each.case_id) for each in world.desk.page(cases.due_things, until=world.clock.now())] == [
        ("promise", case_id)
    ]


def test_snoozed_and_promised_come_back_together(world: World, complaint: int) -> None:
    run = world.desk.run_now
    other = world.hear("Otra cosa", remote_id="m2")
    run(answering.snooze, conversation_ids=[other, complaint], until=_in(world, hours=1))
    run(commands.promise, conversation_id=complaint, text="x", due_at=_in(world, minutes=30))
    assert world.desk.page(inbox.next_wake) == _in(world, minutes=30)
    world.clock.advance(1800)
    assert run(case_wake.wake) == [complaint]
    assert world.desk.page(inbox.next_wake) == _in(world, minutes=30)
    world.clock.advance(1800)
    assert run(case_wake.wake) == [other]


def test_a_crash_in_the_middle_leaves_it_to_the_next_time(
    world: World, complaint: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.desk.run_now(commands.promise, conversation_id=complaint, text="x", due_at=_in(world, hours=1))
    world.clock.advance(3600)

    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(case_wake, "note_activity", crash)
        world.desk.run_now(case_wake.wake)
    assert talk(world, complaint).urgency == 0
    assert world.desk.run_now(case_wake.wake) == [complaint]


async def test_the_engine_wakes_what_is_due(world: World, complaint: int) -> None:
    world.desk.run_now(commands.promise, conversation_id=complaint, text="x", due_at=_in(world, hours=1))
    world.desk.run_now(answering.solve, conversation_ids=[complaint])
    await world.desk.engine.advance()
    assert talk(world, complaint).state is ConversationState.SOLVED
    world.clock.advance(3600)
    await world.desk.engine.advance()
    assert talk(world, complaint).state is ConversationState.OPEN


def _in(world: World, **by: float) -> datetime:
    return world.clock.now() + timedelta(**by)
