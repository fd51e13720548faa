"""One test for each way in which others have failed their users (the numbers are theirs)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from cmdesk.clock import FixedClock
from cmdesk.errors import AuthExpired
from cmdesk.model import DeliveryState
from cmdesk.networks.base import Credentials, Profile
from cmdesk.store import accounts, outbox, outbox_read
from cmdesk.store.backup import backup
from cmdesk.store.restore import restore
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish, run_for, settle
from tests.helpers.desks import TestDesk, engine_of, open_desk
from tests.helpers.scripted_network import ScriptedAdapter, ScriptedNetwork

State = DeliveryState


def test_postiz_2026_07_31_a_time_out_after_the_irreversible_call_is_not_repeated(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.extend(["dropped"] * 5)
    ids = [bench.post(f"Post {number}")[0] for number in range(5)]
    settle(engine, bench, clock, ids)
    assert sorted(server.by("bakery")) == [f"Post {number}" for number in range(5)]
    assert len(server.sends) == 5


def test_postiz_1321_no_loop_posts_for_ever(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Una vez")
    publish(engine)
    run_for(engine, clock, 3 * 86_400, step=3600)
    assert server.sends == [("bakery", "Una vez")]
    assert bench.state(sent) is State.PUBLISHED


def test_postiz_1681_nothing_is_called_failed_that_is_out(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("garbage")
    (sent,) = bench.post("Está fuera")
    seen: set[DeliveryState] = set()
    for _ in range(10):
        publish(engine)
        seen.add(bench.state(sent))
        clock.advance(5)
    assert State.REJECTED not in seen
    assert bench.state(sent) is State.PUBLISHED


def test_postiz_1724_nothing_stays_in_the_queue_unseen(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.offline = True
    ids = [bench.post(f"Post {number}")[0] for number in range(3)]
    run_for(engine, clock, 2 * 3600, step=60)
    assert {bench.state(each) for each in ids} == {State.HELD_LATE}
    assert bench.desk.page(outbox.problem_count) == 3


def test_postiz_and_mixpost_an_outage_does_not_end_in_a_flood(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    for hour in range(20):
        bench.post(f"Post {hour}", at=clock.now() + timedelta(hours=hour))
    clock.advance(20 * 3600)
    run_for(engine, clock, 600, step=20)
    assert server.sends == []
    assert len(bench.desk.page(outbox.deliveries, states=[State.HELD_LATE])) == 20


def test_mixpost_the_key_is_the_deliverys_and_not_the_attempts(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.lag_s = 240
    server.faults.extend(["dropped", "dropped"])
    (sent,) = bench.post("Con una sola llave")
    settle(engine, bench, clock, [sent])
    attempts = bench.desk.page(outbox_read.attempts, sent)
    assert len(attempts) >= 2
    assert len({attempt.request_sha256 for attempt in attempts}) == 1
    assert len(server.by("bakery")) == 1


def test_a_retry_storm_does_not_happen(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    """A server that is down for a quarter of an hour hears from us a few times a minute at most."""
    server.offline = True
    ids = [bench.post(f"Post {number}")[0] for number in range(10)]

    async def quarter() -> int:
        """As in the running engine: nobody says "try now" between the ticks."""
        before = len(server.calls)
        for _ in range(45):
            clock.advance(20)
            await engine.advance()
            async with engine._lines([bench.desk.page(accounts.account, bench.account_id)]) as (runner,):
                await runner.publish()
        return len(server.calls) - before

    assert asyncio.run(quarter()) < 200
    assert all(bench.state(each) in (State.BACKOFF, State.READY, State.HELD_LATE) for each in ids)


def test_k9_613_there_is_no_last_attempt_after_which_nothing_helps(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.extend(["offline"] * 12)
    (sent,) = bench.post("A la decimotercera")
    for _ in range(13):
        bench.desk.run_now(outbox.hurry)
        clock.advance(1)
        publish(engine)
    assert bench.state(sent) is State.PUBLISHED


def test_mailspring_366_sleep_leaves_nothing_stuck(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock
) -> None:
    server.faults.append("dropped")
    (sent,) = bench.post("Antes de dormir")
    publish(engine)
    clock.advance(9 * 3600)
    run_for(engine, clock, 30)
    assert bench.state(sent) is State.PUBLISHED
    assert len(server.sends) == 1


def test_a_restored_backup_sends_nothing_again(
    profile: Path, clock: FixedClock, server: ScriptedNetwork, tmp_path: Path
) -> None:
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    (sent,) = bench.post("Ayer")
    (later,) = bench.post("Pasado mañana", at=clock.now() + timedelta(days=2))
    backup(bench.desk.store, tmp_path / "before.cmdesk")
    publish(engine)
    clock.advance(3600)
    assert server.by("bakery") == ["Ayer"]
    bench.desk.close_now()
    restore(profile, tmp_path / "before.cmdesk")
    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, server.make)
    assert {bench.state(sent), bench.state(later)} == {State.HELD_RESTORED}
    run_for(engine, clock, 3600, step=60)
    assert len(server.sends) == 1
    assert bench.state(sent) is State.PUBLISHED
    assert (bench.state(later), bench.delivery(later).reason_code) == (State.HELD_RESTORED, "restored_absent")
    bench.desk.close_now()


def test_atproto_5411_a_rotated_token_is_stored_before_the_next_call(
    profile: Path, clock: FixedClock, server: ScriptedNetwork
) -> None:
    class Rotating(ScriptedAdapter):
        def whoami(self) -> Profile:
            super().whoami()
            self.on_credentials(Credentials("https://net.example", "bakery", {"token": "bakery", "refresh": "two"}))
            assert bench.desk.vault.load("account/bakery")["refresh"] == "two"
            raise AuthExpired("the answer is lost, the old refresh token is dead")

    def make(account, credentials, on_credentials):  # type: ignore[no-untyped-def]
        return Rotating(server, credentials.secret["token"], on_credentials)

    bench = open_desk(profile, clock)
    engine = engine_of(bench.desk, make)
    clock.advance(25 * 3600)
    (result,) = asyncio.run(engine.sync_once())
    assert result.error == "auth_expired"
    assert bench.desk.vault.load("account/bakery") == {"token": "bakery", "refresh": "two"}
    bench.desk.close_now()


def test_buzzbird_20_nothing_below_the_screen_has_a_current_account(
    profile: Path, clock: FixedClock, server: ScriptedNetwork
) -> None:
    bench = open_desk(profile, clock, tokens=("bakery", "market", "optics"))
    engine = engine_of(bench.desk, server.make)
    ids = {account.remote_id: account.id for account in bench.desk.page(accounts.list_accounts)}
    for name, account_id in ids.items():
        for number in range(3):
            bench.post(f"{name} {number}", account_ids=(account_id,))
    run_for(engine, clock, 60)
    for name in ids:
        assert sorted(server.by(name)) == [f"{name} {number}" for number in range(3)]
    bench.desk.close_now()
