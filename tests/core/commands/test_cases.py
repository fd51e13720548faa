"""The life of a case, each decision with its exact undo."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.care.protocol import Authority
from cmdesk.care.values import CaseState, PublicClose, ServiceLevel, Shift
from cmdesk.commands import care_plans, cases as commands, inbox as answering
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.base import Kind
from cmdesk.store import cases, hours, inbox, outbox
from tests.core.commands.conftest import World

# What a decision may change; grey lines are compared by what they say.
TABLES = (
    "care_case",
    "promise",
    "compensation",
    "referral",
    "contact",
    "conversation",
    "activity",
    "wish",
    "watch_place",
)


def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that a decision about a case may touch."""
    reader = world.desk.store.reader()
    return {table: reader.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES}


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
    assert everything(world) == after
    return done.value


def case_of(world: World, case_id: int) -> Any:
    return world.desk.page(cases.case, case_id)


def talk(world: World, conversation_id: int) -> Any:
    return world.desk.page(inbox.conversation, conversation_id)


def later(world: World, **by: float) -> datetime:
    return world.clock.now() + timedelta(**by)


@pytest.fixture
def complaint(world: World) -> int:
    return world.hear("La cafetera llegó rota", remote_id="m1")


@pytest.fixture
def case_id(world: World, complaint: int) -> int:
    return world.desk.run_now(commands.open_case, conversation_id=complaint)


def code(error: type[DeskError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as refused:
        call()
    return refused.value.code


def test_a_case_is_opened_once_and_numbered_by_brand(world: World, complaint: int) -> None:
    first = there_and_back(world, commands.open_case, conversation_id=complaint)
    assert world.desk.run_now(commands.open_case, conversation_id=complaint) == first
    found = case_of(world, first)
    assert (found.number, found.title, found.state) == (1, "La cafetera llegó rota", CaseState.OPEN)
    assert found.contact_id == talk(world, complaint).contact_id
    assert "order" in found.info
    assert talk(world, complaint).case_id == first
    other = world.desk.run_now(commands.open_case, conversation_id=world.hear("Y otra", remote_id="m2"))
    foreign = world.desk.run_now(commands.open_case, conversation_id=None, brand_id=world.other, title="Llamada")
    assert (case_of(world, other).number, case_of(world, foreign).number) == (2, 1)
    # Who comes back with another case gets the complete protocol.
    assert (found.protocol, case_of(world, other).protocol) == ("short", "complete")
    earlier = world.desk.page(cases.case_file, other).earlier
    assert [each.id for each in earlier] == [first]


def test_a_case_stays_with_its_brand(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    assert code(Invalid, lambda: run(commands.open_case, conversation_id=None)) == "brand_needed"
    assert code(Invalid, lambda: run(commands.open_case, conversation_id=world.hear("x", remote_id="m9"),
                                     brand_id=world.other)) == "wrong_brand"  # fmt: skip
    person = talk(world, complaint).contact_id
    assert code(Invalid, lambda: run(commands.open_case, conversation_id=None, brand_id=world.other,
                                     contact_id=person)) == "wrong_brand"  # fmt: skip
    assert code(Invalid, lambda: run(commands.set_case, case_id=case_id, contact_id=9999)) == "wrong_brand"
    assert code(Invalid, lambda: run(commands.log_call, brand_id=world.other, conversation_id=complaint, text="x",
                                     at=world.clock.now())) == "wrong_brand"  # fmt: skip


def test_judging_and_ticking(world: World, case_id: int) -> None:
    there_and_back(world, commands.set_case, case_id=case_id, cause="Factura", valid=True, info={"order": "A-17"})
    there_and_back(world, commands.tick, case_id=case_id, step="listen")
    found = case_of(world, case_id)
    assert (found.cause, found.valid, found.info["order"], set(found.steps)) == ("Factura", True, "A-17", {"listen"})
    there_and_back(world, commands.tick, case_id=case_id, step="listen", on=False)
    # A step ticked in one protocol stays ticked in another.
    world.desk.run_now(commands.tick, case_id=case_id, step="thank")
    there_and_back(world, commands.set_case, case_id=case_id, protocol="complete")
    assert set(case_of(world, case_id).steps) == {"thank"}
    nothing = world.desk.store.write(commands.set_case, case_id=case_id, cause="Factura").result()
    assert nothing.undo is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"satisfaction": 6}, "satisfaction"),
        ({"satisfaction": 0}, "satisfaction"),
        ({"outcome": "forgotten"}, "outcome_unknown"),
        ({"protocol": "nope"}, "protocol_unknown"),
        ({"decision": "me"}, "case_field"),
        ({"valid": "yes"}, "case_field"),
        ({"number": 7}, "case_field"),
        ({"follow_up_at": datetime(2026, 1, 1)}, "case_field"),  # noqa: DTZ001
    ],
)
def test_a_field_that_cannot_be_is_refused(world: World, case_id: int, fields: dict[str, Any], expected: str) -> None:
    before = everything(world)
    assert code(Invalid, lambda: world.desk.run_now(commands.set_case, case_id=case_id, **fields)) == expected
    assert everything(world) == before


def test_odd_texts_are_kept_whole_or_refused(world: World, case_id: int, complaint: int) -> None:
    run = world.desk.run_now
    run(commands.set_case, case_id=case_id, title="a\x00b\u202e\ud800" + "x" * 500, solution="🫠" * 1000)
    found = case_of(world, case_id)
    assert len(found.title) <= 200
    assert "\u202e" not in found.title
    assert found.solution == "🫠" * 1000
    for text, expected in (("", "promise_empty"), (" \n", "promise_empty"), ("x" * 100_000, "too_long")):
        assert code(Invalid, lambda text=text: run(commands.promise, conversation_id=complaint, text=text,
                                                   due_at=later(world, hours=1))) == expected  # type: ignore[misc]  # fmt: skip
    assert world.desk.page(cases.case_file, case_id).promises == ()


def test_promises_stand_in_the_way_of_closing(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    due = later(world, hours=4)
    promise = there_and_back(world, commands.promise, conversation_id=complaint, text="Te llamo hoy", due_at=due)
    assert world.desk.page(cases.promise, promise).case_id == case_id
    assert talk(world, complaint).promise_at == due
    run(commands.solve_case, case_id=case_id, solution="Enviada otra")
    assert code(Conflict, lambda: run(commands.close_case, case_id=case_id, outcome="satisfied")) == "promise_open"
    there_and_back(world, commands.move_promise, promise_id=promise, due_at=later(world, hours=6))
    assert talk(world, complaint).promise_at == later(world, hours=6)
    there_and_back(world, commands.keep_promise, promise_id=promise)
    assert talk(world, complaint).promise_at is None
    assert code(Conflict, lambda: run(commands.withdraw_promise, promise_id=promise)) == "promise_over"
    there_and_back(world, commands.keep_promise, promise_id=promise, kept=False)
    there_and_back(world, commands.withdraw_promise, promise_id=promise)
    there_and_back(world, commands.close_case, case_id=case_id, outcome="satisfied")
    assert talk(world, complaint).case_id is None
    assert code(Conflict, lambda: run(commands.keep_promise, promise_id=promise, kept=False)) == "case_closed"
    assert code(Invalid, lambda: run(commands.promise, text="x", due_at=due)) == "promise_of_nothing"
    assert code(Invalid, lambda: run(commands.promise, conversation_id=complaint, text="x",
                                     due_at=world.clock.now())) == "promise_past"  # fmt: skip
    assert code(Invalid, lambda: run(commands.keep_promise, promise_id=99)) == "promise_unknown"


def test_a_promise_made_before_the_case_is_the_case_s(world: World, complaint: int) -> None:
    run = world.desk.run_now
    promise = run(commands.promise, conversation_id=complaint, text="Lo miro", due_at=later(world, hours=1))
    assert world.desk.page(cases.promise, promise).case_id is None
    case_id = there_and_back(world, commands.open_case, conversation_id=complaint)
    assert [each.id for each in world.desk.page(cases.case_file, case_id).open_promises] == [promise]


def test_an_interim_answer_and_its_promise_are_one(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    due = later(world, hours=2)
    before = everything(world)
    done = world.desk.store.write(
        commands.interim, conversation_id=complaint, text="Estamos en ello", due_at=due
    ).result()
    delivery = world.desk.page(outbox.delivery, done.value)
    assert (delivery.kind, delivery.state) == ("reply", DeliveryState.QUEUED)
    assert "Estamos en ello" in delivery.text
    assert [each.text for each in world.desk.page(cases.case_file, case_id).promises] == ["Estamos en ello"]
    assert done.undo is not None
    run(done.undo.command, **done.undo.args)
    after = everything(world)
    assert after["promise"] == before["promise"]
    assert after["activity"] == before["activity"]
    assert talk(world, complaint).promise_at is None
    assert world.desk.page(outbox.delivery, done.value).state is DeliveryState.CANCELLED
    assert "Estamos en ello" in world.desk.page(inbox.draft, complaint)
    # What cannot go out promises nothing.
    for text, when in (("x" * 600, due), ("", due), ("Ya", world.clock.now())):
        with pytest.raises(Invalid):
            run(commands.interim, conversation_id=complaint, text=text, due_at=when)
    assert everything(world)["promise"] == before["promise"]


def test_what_may_be_given_alone(world: World, case_id: int) -> None:
    run = world.desk.run_now

    def give(cents: int, **more: Any) -> int:
        args = {"kind": "voucher", "detail": "10 %", "cost_cents": cents} | more
        return run(commands.compensate, case_id=case_id, **args)  # type: ignore[arg-type]

    there_and_back(world, commands.compensate, case_id=case_id, kind="gift", detail="una taza", cost_cents=0)
    assert code(Invalid, lambda: give(1)) == "beyond_authority"
    run(care_plans.save_authority, brand_id=world.brand, authority=Authority(("voucher",), 2000, "EUR"))
    first = give(1500)
    assert code(Invalid, lambda: give(501)) == "beyond_authority"
    assert code(Invalid, lambda: give(100, currency="USD")) == "beyond_authority"
    assert code(Invalid, lambda: give(0, kind="gift")) == "beyond_authority"
    assert code(Invalid, lambda: give(0, kind="bribe")) == "compensation_kind"
    assert code(Invalid, lambda: give(-1)) == "compensation_cost"
    assert code(Invalid, lambda: give(1, currency="€")) == "currency_unknown"
    run(commands.set_case, case_id=case_id, decision="client")
    give(90_000)
    there_and_back(world, commands.remove_compensation, compensation_id=first)
    costs = [each.cost_cents for each in world.desk.page(cases.case_file, case_id).compensations]
    assert costs == [0, 90_000]


def test_the_client_is_asked_and_answers(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    asked = there_and_back(
        world, commands.refer, case_id=case_id, who="Marta (taller)", asked="¿Qué pasó?", due_at=later(world, days=2)
    )
    assert case_of(world, case_id).state is CaseState.CLIENT
    assert (talk(world, complaint).state, talk(world, complaint).waiting_for) == (ConversationState.WAITING, "client")
    assert code(Conflict, lambda: run(commands.close_case, case_id=case_id, outcome="lost")) == "referral_open"
    there_and_back(world, commands.remind, referral_id=asked)
    assert world.desk.page(cases.referral, asked).reminded == 1
    second = run(commands.refer, case_id=case_id, who="Luis", asked="¿Stock?")
    # Without a date of its own it comes up after a working day.
    assert world.desk.page(cases.referral, second).remind_at is not None
    there_and_back(world, commands.answer_referral, referral_id=asked, answer="Se cayó en el almacén")
    assert case_of(world, case_id).state is CaseState.CLIENT
    assert talk(world, complaint).state is ConversationState.OPEN
    there_and_back(world, commands.answer_referral, referral_id=second, answer="Sí")
    assert case_of(world, case_id).state is CaseState.OPEN
    assert code(Conflict, lambda: run(commands.answer_referral, referral_id=second, answer="Sí")) == "referral_over"
    for args, expected in (
        ({"who": " ", "asked": "x"}, "refer_who"),
        ({"who": "x", "asked": ""}, "refer_what"),
        ({"who": "x", "asked": "x", "due_at": world.clock.now()}, "refer_past"),
    ):
        assert code(Invalid, lambda args=args: run(commands.refer, case_id=case_id, **args)) == expected  # type: ignore[misc]


def test_solving_following_up_and_closing(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    assert code(Invalid, lambda: run(commands.solve_case, case_id=case_id, solution=" ")) == "solution_missing"
    assert code(Conflict, lambda: run(commands.close_case, case_id=case_id, outcome="satisfied")) == "not_solved"
    assert code(Invalid, lambda: run(commands.close_case, case_id=case_id, outcome="")) == "outcome_missing"
    assert code(Conflict, lambda: run(commands.follow_up, case_id=case_id)) == "not_solved"
    there_and_back(world, commands.solve_case, case_id=case_id, solution="Enviada otra")
    found = case_of(world, case_id)
    assert (found.state, talk(world, complaint).state) == (CaseState.SOLVED, ConversationState.SOLVED)
    there_and_back(world, commands.follow_up, case_id=case_id, satisfaction=5, note="Encantada")
    there_and_back(world, commands.close_case, case_id=case_id, outcome="advocate")
    assert case_of(world, case_id).satisfaction == 5
    contact = world.desk.store.reader().execute("SELECT advocate FROM contact").fetchall()
    assert contact == [(1,)]
    for command, args in (
        (commands.tick, {"step": "listen"}),
        (commands.promise, {"text": "x", "due_at": later(world, hours=1)}),
        (commands.compensate, {"kind": "gift", "detail": "", "cost_cents": 0}),
        (commands.refer, {"who": "x", "asked": "y"}),
        (commands.solve_case, {"solution": "x"}),
    ):
        assert code(Conflict, lambda: run(command, case_id=case_id, **args)) == "case_closed"  # noqa: B023
    there_and_back(world, commands.reopen_case, case_id=case_id)
    assert talk(world, complaint).state is ConversationState.OPEN
    assert talk(world, complaint).case_id == case_id


def test_the_follow_up_is_three_working_days_later(world: World, case_id: int) -> None:
    # A Thursday: Friday, Monday and Tuesday follow.
    thursday = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    world.clock.jump((thursday - world.clock.now()).total_seconds())
    world.desk.run_now(commands.solve_case, case_id=case_id, solution="Hecho")
    assert case_of(world, case_id).follow_up_at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("outcome", ["heard", "not_valid", "lost"])
def test_some_cases_end_without_a_solution(world: World, case_id: int, outcome: str) -> None:
    world.desk.run_now(commands.set_case, case_id=case_id, valid=outcome != "not_valid", solvable=False)
    there_and_back(world, commands.close_case, case_id=case_id, outcome=outcome)


def test_only_one_case_of_a_conversation_is_open(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    run(commands.close_case, case_id=case_id, outcome="heard")
    second = run(commands.open_case, conversation_id=complaint)
    assert second != case_id
    assert code(Conflict, lambda: run(commands.reopen_case, case_id=case_id)) == "case_exists"


def test_an_opening_is_not_taken_back_under_what_hangs_from_it(world: World, complaint: int) -> None:
    opened = world.desk.store.write(commands.open_case, conversation_id=complaint).result()
    world.desk.run_now(commands.promise, case_id=opened.value, text="Te llamo", due_at=later(world, hours=1))
    before = everything(world)
    assert opened.undo is not None
    undo = opened.undo
    assert code(Conflict, lambda: world.desk.run_now(undo.command, **undo.args)) == "in_use"
    assert everything(world) == before


def test_taking_back_touches_nothing_that_came_later(world: World, case_id: int) -> None:
    ticked = world.desk.store.write(commands.set_case, case_id=case_id, cause="Factura").result()
    world.desk.run_now(commands.set_case, case_id=case_id, valid=True)
    promise = world.desk.run_now(commands.promise, case_id=case_id, text="Te llamo", due_at=later(world, hours=1))
    assert ticked.undo is not None
    world.desk.run_now(ticked.undo.command, **ticked.undo.args)
    found = world.desk.page(cases.case_file, case_id)
    assert (found.case.cause, found.case.valid, [each.id for each in found.promises]) == ("", True, [promise])


def test_a_call_stands_in_the_history(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    at = later(world, hours=-1)
    there_and_back(world, commands.log_call, brand_id=world.brand, conversation_id=complaint, text="Llamó", at=at)
    line = next(each for each in world.desk.page(inbox.thread_events, complaint) if each.kind == "call")
    assert (line.at, line.text, line.detail["direction"], line.detail["case"]) == (at, "Llamó", "in", str(case_id))
    alone = run(commands.open_case, conversation_id=None, brand_id=world.brand, title="Llamada")
    run(commands.log_call, brand_id=world.brand, case_id=alone, text="Otra", at=at, direction="out")
    assert [each.kind for each in world.desk.page(cases.case_events, alone)] == ["call", "case_opened"]
    for args, expected in (
        ({"text": "", "at": at}, "call_empty"),
        ({"text": "x", "at": later(world, hours=1)}, "call_time"),
        ({"text": "x", "at": at, "direction": "sideways"}, "call_direction"),
    ):
        assert code(Invalid, lambda: run(commands.log_call, brand_id=world.brand, **args)) == expected  # noqa: B023


def test_going_private_and_closing_in_public(world: World, complaint: int, case_id: int) -> None:
    run = world.desk.run_now
    args = {"conversation_id": complaint, "text": "¿Me das tu teléfono?"}
    assert code(Invalid, lambda: run(commands.go_private, **args)) == "no_private"
    with_private_messages(world)
    assert code(Invalid, lambda: run(commands.go_private, conversation_id=complaint, text=" ")) == "empty_text"
    direct = world.hear("Psst", remote_id="d9", kind=Kind.DIRECT, thread_id="t9")
    assert code(Invalid, lambda: run(commands.go_private, conversation_id=direct, text="x")) == "already_private"

    before = everything(world)
    done = world.desk.store.write(commands.go_private, **args).result()
    assert done.undo is not None
    run(done.undo.command, **done.undo.args)
    after = everything(world)
    assert {name: after[name] for name in ("care_case", "activity")} == {
        name: before[name] for name in ("care_case", "activity")
    }
    assert len(after["conversation"]) == len(before["conversation"])
    assert "teléfono" in world.desk.page(inbox.draft, complaint)

    delivery = world.desk.page(outbox.delivery, run(commands.go_private, **args))
    assert (delivery.kind, delivery.visibility, delivery.account_id) == ("direct", "direct", world.account)
    assert delivery.reply_to is not None
    assert delivery.reply_to["remote_id"] == "m1"
    found = case_of(world, case_id)
    assert found.private_at == world.clock.now()
    assert found.private_conversation_id == delivery.conversation_id != complaint
    assert talk(world, delivery.conversation_id or 0).case_id == case_id
    assert world.desk.page(inbox.draft, complaint) == ""

    run(commands.solve_case, case_id=case_id, solution="Enviada otra")
    assert case_of(world, case_id).public_close is PublicClose.WANTED
    there_and_back(world, commands.set_public_close, case_id=case_id, value="not_needed")
    shown = world.desk.store.write(commands.close_in_public, case_id=case_id, text="Ya está resuelto").result()
    public = world.desk.page(outbox.delivery, shown.value)
    assert (public.visibility, public.conversation_id) == ("public", complaint)
    assert case_of(world, case_id).public_close is PublicClose.DONE
    assert shown.undo is not None
    run(shown.undo.command, **shown.undo.args)
    assert case_of(world, case_id).public_close is PublicClose.NOT_NEEDED


def with_private_messages(world: World) -> None:
    """Let the brand's account have private messages."""

    def allow(tx: Any) -> None:
        tx.conn.execute("UPDATE account SET capabilities = json_set(capabilities, '$.direct', json('true'))")

    world.desk.run_now(allow)


def test_an_answer_of_the_open_case_s_promise_is_still_a_plain_answer(world: World, complaint: int) -> None:
    delivery = world.desk.run_now(answering.reply, conversation_id=complaint, text="Hola")
    world.desk.run_now(answering.undo_reply, delivery_id=delivery)
    assert world.desk.page(inbox.draft, complaint).endswith("Hola")


@pytest.mark.parametrize("seed", range(8))
def test_any_life_of_a_case_is_taken_back_step_by_step(world: World, seed: int) -> None:
    """Random decisions, then every undo in turn: everything is what it was at each step."""
    chance = random.Random(seed)
    run = world.desk.store.write
    conversation = world.hear("Mal", remote_id="m1")
    world.desk.run_now(care_plans.save_authority, brand_id=world.brand, authority=Authority(ceiling_cents=10_000))
    states: list[tuple[dict[str, Any], Any]] = []
    case_id = 0

    def one(reader_table: str) -> int:
        rows = world.desk.store.reader().execute(f"SELECT id FROM {reader_table}").fetchall()
        return int(chance.choice(rows)[0]) if rows else 0

    for _ in range(40):
        world.clock.advance(chance.randrange(1, 7200))
        due = later(world, hours=chance.randrange(1, 90))
        command, args = chance.choice(
            [
                (commands.open_case, {"conversation_id": conversation}),
                (commands.set_case, {"case_id": case_id, "valid": chance.random() < 0.8, "cause": chance.choice("ab")}),
                (commands.tick, {"case_id": case_id, "step": chance.choice(["listen", "thank", "solve"])}),
                (commands.promise, {"conversation_id": conversation, "text": "Sí", "due_at": due}),
                (commands.keep_promise, {"promise_id": one("promise")}),
                (commands.move_promise, {"promise_id": one("promise"), "due_at": due}),
                (commands.withdraw_promise, {"promise_id": one("promise")}),
                (commands.compensate, {"case_id": case_id, "kind": "gift", "detail": "", "cost_cents": 900}),
                (commands.refer, {"case_id": case_id, "who": "M", "asked": "¿?", "due_at": due}),
                (commands.remind, {"referral_id": one("referral")}),
                (commands.answer_referral, {"referral_id": one("referral"), "answer": "Ya"}),
                (commands.solve_case, {"case_id": case_id, "solution": "Hecho"}),
                (commands.follow_up, {"case_id": case_id, "satisfaction": 4}),
                (commands.close_case, {"case_id": case_id, "outcome": chance.choice(["satisfied", "heard"])}),
                (commands.reopen_case, {"case_id": case_id}),
            ]
        )
        before = everything(world)
        try:
            done = run(command, **args).result()  # type: ignore[arg-type]
        except DeskError:
            assert everything(world) == before
            continue
        if command is commands.open_case:
            case_id = done.value or case_id
        if done.undo is not None:
            states.append((before, done.undo))
        else:
            assert everything(world) == before
        _sound(world)
    assert states
    for before, undo in reversed(states):
        run(undo.command, **undo.args).result()
        assert everything(world) == before


def _sound(world: World) -> None:
    """What a row of the inbox says of cases and promises is what the cases say."""
    reader = world.desk.store.reader()
    for conversation_id, case_id, promise_at in reader.execute("SELECT id, case_id, promise_at FROM conversation"):
        assert case_id == reader.execute(
            "SELECT min(id) FROM care_case WHERE conversation_id = ? AND state <> 'closed'", (conversation_id,)
        ).fetchone()[0]  # fmt: skip
        assert promise_at == reader.execute(
            "SELECT min(due_at) FROM promise WHERE conversation_id = ? AND kept_at IS NULL AND withdrawn_at IS NULL",
            (conversation_id,),
        ).fetchone()[0]  # fmt: skip
    closed = reader.execute(
        "SELECT count(*) FROM promise p JOIN care_case k ON k.id = p.case_id WHERE k.state = 'closed'"
        " AND p.kept_at IS NULL AND p.withdrawn_at IS NULL"
    ).fetchone()
    assert closed == (0,)


def test_deadlines_run_on_the_brand_s_hours(world: World, complaint: int) -> None:
    run = world.desk.run_now
    monday = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    world.clock.jump((monday - world.clock.now()).total_seconds())
    days = tuple(Shift(day, "09:00", "17:00") for day in range(5))
    run(
        hours.save_level,
        ServiceLevel(world.brand, "UTC", shifts=days, first_answer_min=60, solution_min=10 * 60, country=""),
    )
    fresh = world.hear("¿Y mi pedido?", remote_id="m7")
    assert talk(world, fresh).due_at == monday + timedelta(hours=1)
    case_id = there_and_back(world, commands.open_case, conversation_id=fresh)
    # Eight hours on Monday, two on Tuesday.
    assert case_of(world, case_id).solve_due_at == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    there_and_back(world, commands.solve_case, case_id=case_id, solution="Enviado")
    assert talk(world, fresh).due_at is None
    assert case_of(world, case_id).follow_up_at == datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    due = world.desk.page(cases.due_things, until=monday + timedelta(days=9))
    assert [(each.kind, each.case_id) for each in due] == [("follow_up", case_id)]
    there_and_back(world, commands.reopen_case, case_id=case_id)
    due = world.desk.page(cases.due_things, until=monday + timedelta(days=9))
    assert [(each.kind, each.case_id) for each in due] == [("solution", case_id)]
