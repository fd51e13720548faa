"""The engine: reading, isolation, waiting, stopping, and the day without a network."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock, SystemClock
from cmdesk.errors import AuthExpired, Offline, RateLimited, Unreadable, VaultLocked
from cmdesk.model import SENT, AccountState, ConversationState, DeliveryState
from cmdesk.networks.base import Kind
from cmdesk.store import accounts, inbox, outbox, search
from cmdesk.store.conversations import conversation_page
from cmdesk.store.threads import thread
from cmdesk.sync.engine import Engine
from cmdesk.sync.reading import Bounds, Progress
from tests.core.sync.driving import publish, run_for, settle
from tests.helpers.desks import TestDesk, add_account, engine_of, open_desk
from tests.helpers.scripted_network import Post, ScriptedNetwork, edited, own_item

State = DeliveryState


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait for something that other tasks bring about."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        await asyncio.sleep(0.01)


def sync(engine: Engine) -> list[str]:
    return [result.error for result in asyncio.run(engine.sync_once())]


def fill(server: ScriptedNetwork, clock: FixedClock, count: int, *, author: str = "bakery") -> None:
    for number in range(count):
        clock.advance(60)
        server.say(author, f"Pregunta {number}", who=f"maria{number % 7}")


def test_a_round_brings_words_and_moves_cursors(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    fill(server, clock, 5)
    (result,) = asyncio.run(engine.sync_once())
    assert (result.new, result.error) == (5, "")
    (again,) = asyncio.run(engine.sync_once())
    assert (again.new, again.updated) == (0, 0)
    server.say("bakery", "¿Abrís el domingo?")
    (third,) = asyncio.run(engine.sync_once())
    assert third.new == 1
    (first, *_) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    assert first.preview == "¿Abrís el domingo?"
    assert bench.desk.page(accounts.account, bench.account_id).last_read_at == clock.now()


def test_the_past_is_read_in_slices_and_goes_on_where_it_stopped(
    profile: Path, clock: FixedClock, server: ScriptedNetwork
) -> None:
    server.page_size = 10
    fill(server, clock, 95)
    bounds = Bounds(back_slice=2)
    bench = open_desk(profile, clock)
    seen: list[Progress] = []

    async def one_round() -> None:
        engine = engine_of(bench.desk, server.make, bounds=bounds)
        engine.subscribe(seen.append)
        engine.start()
        await until(lambda: engine.status(bench.account_id).phase == "waiting")
        await engine.stop()

    asyncio.run(one_round())
    first = len(bench.desk.page(conversation_page, brand_id=bench.brand_id, limit=500))
    assert 10 < first < 95
    bench.desk.close_now()
    bench = open_desk(profile, clock)
    for _ in range(5):
        asyncio.run(one_round())
    assert len(bench.desk.page(conversation_page, brand_id=bench.brand_id, limit=500)) == 95
    assert bench.desk.page(accounts.stream_cursor, bench.account_id, "notifications").back_done
    fractions = [each.fraction for each in seen if each.phase == "back" and each.fraction is not None]
    assert fractions == sorted(fractions) or len(set(fractions)) > 1
    bench.desk.close_now()


def test_a_cancelled_walk_into_the_past_stays_where_it_is(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.page_size = 5
    fill(server, clock, 40)
    engine.subscribe(lambda progress: engine.cancel_backfill(bench.account_id) if progress.items > 15 else None)
    asyncio.run(engine.sync_once())
    assert 15 <= len(bench.desk.page(conversation_page, brand_id=bench.brand_id, limit=500)) < 40


def test_a_failing_account_changes_nothing_of_another(
    profile: Path, clock: FixedClock, server: ScriptedNetwork
) -> None:
    bench = open_desk(profile, clock, tokens=("bakery", "optics"))
    engine = engine_of(bench.desk, server.make)
    server.say("bakery", "Hola")
    server.say("optics", "Buenas")
    server.read_faults.append(Unreadable("html", code="captive_portal"))
    results = {result.account_id: result for result in asyncio.run(engine.sync_once())}
    errors = sorted(result.error for result in results.values())
    assert errors == ["", "captive_portal"]
    assert len(bench.desk.page(conversation_page, brand_id=bench.brand_id)) >= 1
    bench.desk.close_now()


@pytest.mark.parametrize(
    ("error", "code", "state"),
    [
        (Offline("x", code="dns"), "offline", AccountState.OK),
        (RateLimited("x"), "rate_limited", AccountState.OK),
        (AuthExpired("x"), "auth_expired", AccountState.RECONNECT),
        (Unreadable("x"), "unreadable", AccountState.OK),
        (ZeroDivisionError("x"), "bug", AccountState.OK),
    ],
)
def test_each_error_of_a_reading_has_its_meaning(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, error: Exception, code: str, state: AccountState
) -> None:
    server.read_faults.append(error)
    assert sync(engine) == [code]
    account = bench.desk.page(accounts.account, bench.account_id)
    assert (account.error_code, account.state) == (code, state)
    assert sync(engine) == [""]
    assert bench.desk.page(accounts.account, bench.account_id).state is AccountState.OK


def test_a_token_of_somebody_else_stops_the_account(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    sync(engine)
    server.identity["bakery"] = "somebody"
    clock.advance(25 * 3600)
    assert sync(engine) == ["wrong_author"]
    assert bench.desk.page(accounts.account, bench.account_id).state is AccountState.STOPPED
    (sent,) = bench.post("Nada sale")
    publish(engine)
    assert server.sends == []
    assert bench.state(sent) is State.READY


def test_a_closed_vault_sends_nothing_and_says_so(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(ref: str) -> dict[str, str]:
        raise VaultLocked("closed")

    monkeypatch.setattr(bench.desk.vault, "load", closed)
    (sent,) = bench.post("Pan")
    publish(engine)
    assert sync(engine) == ["vault_locked"]
    assert bench.state(sent) is State.READY
    assert server.calls == []


def test_own_posts_come_back_and_confirm(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Pan de centeno")
    publish(engine)
    sync(engine)
    delivery = bench.delivery(sent)
    assert (delivery.state, delivery.verified) == (State.CONFIRMED, "ok")


def test_what_differs_at_the_network_is_named(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Pan de centeno")
    publish(engine)
    server.posts[0].text = "Pan de c"
    server.posts[0].visibility = "private"
    server.posts[0].alts = ("foto",)
    sync(engine)
    assert bench.delivery(sent).verified == "text,media,visibility"


def test_a_sync_settles_what_reading_back_could_not(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.repeat = "none"
    add_account(bench.desk, bench.brand_id, "bakery", repeat="none")
    server.faults.append("dropped")
    server.truncated = True
    server.lag_s = 100_000
    (sent,) = bench.post("Visto al leer")
    settle(engine, bench, clock, [sent])
    assert bench.state(sent) is State.REVIEW
    sync(engine)
    assert bench.state(sent) is State.CONFIRMED
    assert bench.delivery(sent).remote_id == server.posts[0].id


def test_an_answer_appears_in_its_thread_and_is_confirmed(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    question = server.say("bakery", "¿Sin gluten?")
    sync(engine)
    (conversation,) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    sent = bench.reply(
        conversation.id, "Sí, los martes", to=question.remote_id, due_at=clock.now() + timedelta(seconds=10)
    )
    publish(engine)
    assert bench.state(sent) is State.QUEUED
    assert bench.desk.page(conversation_page, brand_id=bench.brand_id)[0].outgoing == "queued"
    run_for(engine, clock, 10)
    assert bench.state(sent) is State.PUBLISHED
    assert server.posts[0].parent == question.remote_id
    sync(engine)
    assert bench.state(sent) is State.CONFIRMED
    texts = [message.text for message in bench.desk.page(thread, conversation.id)]
    assert texts == ["¿Sin gluten?", "Sí, los martes"]


def test_threads_around_new_words_are_fetched_once(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    root = own_item(Post("77", "bakery", "Sorteo", "k", "r", clock.now()))
    clock.advance(60)
    item = server.say("bakery", "¡Yo!", kind=Kind.REPLY, parent="78")
    middle = edited(server.incoming["bakery"][-1], "¿Quién se apunta?", clock.now())
    server.contexts[item.remote_id] = (
        root,
        own_item(Post("78", "bakery", "¿Quién se apunta?", "k", "r", clock.now(), parent="77")),
        item,
    )
    assert middle.text
    sync(engine)
    sync(engine)
    assert server.calls.count(f"bakery context {item.remote_id}") == 1


def test_daily_figures_are_taken_every_six_hours(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    for _ in range(3):
        sync(engine)
    assert server.calls.count("bakery metrics") == 1
    clock.advance(7 * 3600)
    sync(engine)
    assert server.calls.count("bakery metrics") == 2


async def test_the_engine_reads_publishes_and_wakes_by_itself(profile: Path) -> None:
    clock = SystemClock()
    server = ScriptedNetwork(clock)
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    server.say("bakery", "Hola")
    engine.start()
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    (sent,) = bench.post("Ahora")
    await until(lambda: bench.state(sent) in SENT)
    server.say("bakery", "Otra")
    engine.wake()
    await until(lambda: bench.desk.page(inbox.counters).open == 2)
    await engine.stop()
    bench.desk.close_now()


async def test_snoozed_conversations_wake_by_the_tick(profile: Path) -> None:
    clock = SystemClock()
    server = ScriptedNetwork(clock)
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    server.say("bakery", "Hola")
    engine.start()
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    (talk,) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    soon = clock.now() + timedelta(seconds=0.3)
    bench.desk.run_now(inbox.set_state, [talk.id], ConversationState.SNOOZED, until=soon)
    engine._nudge.set()
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    await engine.stop()
    bench.desk.close_now()


async def test_stopping_does_not_wait_for_a_server_that_hangs(profile: Path) -> None:
    clock = SystemClock()
    server = ScriptedNetwork(clock)
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    engine.start()
    await until(lambda: engine.status(bench.account_id).phase == "waiting")
    server.gate = threading.Event()
    (sent,) = bench.post("Colgado")
    await until(lambda: bench.state(sent) is State.SENDING)
    began = time.monotonic()
    await engine.stop()
    assert time.monotonic() - began < 5
    server.gate.set()
    assert bench.state(sent) is State.SENDING
    bench.desk.close_now()
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    await engine.recover()
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.UNCERTAIN, "interrupted")
    bench.desk.close_now()


async def test_one_hanging_account_leaves_the_others_alone(profile: Path) -> None:
    clock = SystemClock()
    good, bad = ScriptedNetwork(clock), ScriptedNetwork(clock)
    bad.gate = threading.Event()
    bench = open_desk(profile, clock, tokens=("bakery", "optics"))

    def make(account, credentials, on_credentials):  # type: ignore[no-untyped-def]
        chosen = bad if credentials.secret["token"] == "optics" else good
        return chosen.make(account, credentials, on_credentials)

    engine = engine_of(bench.desk, make)
    good.say("bakery", "Hola")
    began = time.monotonic()
    engine.start()
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    assert time.monotonic() - began < 2
    bad.gate.set()
    await engine.stop()
    bench.desk.close_now()


async def test_back_online_everybody_is_read_at_once(profile: Path) -> None:
    clock = SystemClock()
    server = ScriptedNetwork(clock, offline=True)
    bench = open_desk(profile, clock, tokens=("bakery", "optics"))
    engine = engine_of(bench.desk, server.make)
    first, second = (account.id for account in bench.desk.page(accounts.list_accounts))
    engine.start()
    await until(lambda: engine.status(first).offline and engine.status(second).offline)
    assert not engine.online
    server.say("optics", "¿Estáis?")
    server.offline = False
    engine.wake(first)
    await until(lambda: bench.desk.page(inbox.counters).open == 1)
    assert engine.online
    await engine.stop()
    bench.desk.close_now()


def test_five_failures_in_a_row_open_the_circuit_and_show(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    for _ in range(5):
        server.read_faults.extend([Unreadable("x", code="captive_portal")] * 20)
        sync(engine)
        server.read_faults.clear()
    (problem,) = bench.desk.page(outbox.problems)
    assert (problem.kind, problem.code) == ("account", "captive_portal")
    assert sync(engine) == [""]
    assert bench.desk.page(outbox.problems) == []


def test_a_day_without_network_loses_and_doubles_nothing(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    """Offline, reading, searching, answering and scheduling go on; everything leaves once when it is back."""
    question = server.say("bakery", "¿Tenéis pan sin sal?")
    sync(engine)
    server.offline = True
    assert sync(engine) == ["offline"]
    (talk,) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    assert [message.text for message in bench.desk.page(thread, talk.id)] == ["¿Tenéis pan sin sal?"]
    assert [each.id for each in bench.desk.page(search.search_conversations, "sin sál", brand_id=None)] == [talk.id]
    answer = bench.reply(talk.id, "Sí, a diario", to=question.remote_id)
    (now,) = bench.post("Recién hecho")
    (soon,) = bench.post("Por la tarde", at=clock.now() + timedelta(minutes=4))
    (later,) = bench.post("Mañana", at=clock.now() + timedelta(days=1))
    run_for(engine, clock, 240)
    waiting = [bench.delivery(each) for each in (answer, now, soon)]
    assert {each.state for each in waiting} <= {State.BACKOFF, State.READY}
    assert "offline" in {each.reason_code for each in waiting}
    assert server.sends == []
    server.offline = False
    settle(engine, bench, clock, [answer, now, soon])
    assert [bench.state(each) for each in (answer, now, soon, later)] == [
        State.PUBLISHED, State.PUBLISHED, State.PUBLISHED, State.QUEUED,
    ]  # fmt: skip
    assert sorted(server.by("bakery")) == ["Por la tarde", "Recién hecho", "Sí, a diario"]
    assert len(server.sends) == 3


def test_a_night_without_network_asks_before_it_publishes(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.offline = True
    (sent,) = bench.post("Buenas noches")
    run_for(engine, clock, 8 * 3600, step=300)
    server.offline = False
    run_for(engine, clock, 60)
    assert bench.state(sent) is State.HELD_LATE
    assert server.sends == []


async def test_a_jump_of_the_clock_holds_posts_until_a_server_agrees(profile: Path, clock: FixedClock) -> None:
    server = ScriptedNetwork(clock)
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    (sent,) = bench.post("En su hora", at=clock.now() + timedelta(hours=2))
    await engine.recover()
    await engine.tick()
    clock.jump(7200 + 30)
    await engine.tick()
    assert not engine.clock_watch.trusted
    assert bench.state(sent) is State.HELD_CLOCK
    clock.jump(-7200)
    await engine.tick()
    assert bench.state(sent) is State.HELD_CLOCK
    await engine.stop()

    class Line:
        def server_date(self) -> object:
            return (clock.now() + timedelta(seconds=20), clock.now())

    engine.clock_watch.believe([Line()])  # type: ignore[list-item]
    await engine.advance()
    assert bench.state(sent) is State.QUEUED
    bench.desk.close_now()


def test_sleep_is_no_jump(bench: TestDesk, engine: Engine, clock: FixedClock) -> None:
    clock.advance(8 * 3600)
    assert not engine.clock_watch.look()
    assert engine.clock_watch.trusted
