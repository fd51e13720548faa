"""The engine over real HTTP: the sandbox speaks the Mastodon API, the real adapter answers for its errors."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmdesk import media
from cmdesk.clock import FixedClock
from cmdesk.commands import crisis as deciding
from cmdesk.model import AccountState, DeliveryState, Target
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from cmdesk.store import accounts, crisis as crises, inbox, outbox, planning, search
from cmdesk.store.conversations import conversation_page
from cmdesk.store.db import Transaction
from cmdesk.store.media import add_media
from cmdesk.store.threads import message_by_remote_id, thread
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish, run_for, settle
from tests.helpers.desks import TestDesk, open_desk_at

State = DeliveryState
CREATE = "POST /api/v1/statuses"


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that starts now: it is the desk's and the server's."""
    return FixedClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def sandbox(clock: FixedClock) -> Iterator[SandboxServer]:
    with SandboxServer(world="small", clock=clock.now, limits=NO_LIMITS) as server:
        yield server


@pytest.fixture
def bench(profile: Path, clock: FixedClock, sandbox: SandboxServer) -> Iterator[TestDesk]:
    """Return a desk with the account 'alba' connected by a real probe."""
    made = open_desk_at(sandbox, profile, clock)
    yield made
    made.desk.close_now()


@pytest.fixture
def engine(bench: TestDesk) -> Engine:
    return bench.desk.engine


def there(sandbox: SandboxServer) -> list[str]:
    return [each["text"] for each in sandbox.world.truth()["alba"] if not each["deleted"]]


def ask(sandbox: SandboxServer, text: str, *, who: str = "vecina@plaza.example") -> str:
    return sandbox.say(who, "mention", to="alba", text=text).id


def sync(engine: Engine) -> tuple[int, str]:
    (result,) = asyncio.run(engine.sync_once())
    return result.new, result.error


def test_connected_accounts_know_what_the_server_can(bench: TestDesk) -> None:
    account = bench.desk.page(accounts.account, bench.account_id)
    assert account.capabilities["repeat"] == "key_1h"
    assert account.capabilities["schedule"] is True


def test_read_answer_and_see_it_confirmed(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    ask(sandbox, "¿Abrís los domingos?")
    assert sync(engine) == (1, "")
    (talk,) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    question = bench.desk.page(thread, talk.id)[-1]
    target = {"remote_id": question.remote_id, "ref": dict(question.ref), "visibility": question.visibility}

    def answer(tx: Transaction) -> int:
        post_id = planning.save_post(
            tx, brand_id=bench.brand_id, text="Sí, de 9 a 14", kind="reply", conversation_id=talk.id
        )
        return outbox.seal(tx, post_id, targets=[Target(bench.account_id)], due_at=tx.now, reply_to=target)[0]

    clock.advance(30)
    sent = bench.desk.run_now(answer)
    publish(engine)
    assert bench.state(sent) is State.PUBLISHED
    clock.advance(60)
    sync(engine)
    assert (bench.state(sent), bench.delivery(sent).verified) == (State.CONFIRMED, "ok")
    messages = bench.desk.page(thread, talk.id)
    assert [message.delivery_id for message in messages] == [None, sent]
    assert "Sí, de 9 a 14" in there(sandbox)[-1]


def test_a_picture_with_its_description_goes_out_once(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (320, 200), "#e8c07d").save(tmp_path / "bread.png")
    info = media.import_media(tmp_path / "bread.png", bench.desk.media_folder)
    picture = bench.desk.run_now(add_media, bench.brand_id, info)
    sandbox.faults.add(Fault("status", match="POST /api/v2/media", status=503, times=1))
    sandbox.faults.add(Fault("drop_after_commit", match=CREATE, times=1))
    (sent,) = bench.post("Pan de hoy", media=[(picture.id, "Una hogaza")])
    settle(engine, bench, clock, [sent])
    (post,) = sandbox.world.truth()["alba"]
    assert (bench.state(sent), post["alts"]) == (State.PUBLISHED, ["Una hogaza"])
    sync(engine)
    assert bench.delivery(sent).verified == "ok"


@pytest.mark.parametrize(
    ("fault", "there_once"),
    [
        (Fault("drop_after_commit", match=CREATE, times=1), True),
        (Fault("reset_before", match=CREATE, times=1), True),
        (Fault("status", match=CREATE, status=504, commit=True, times=1), True),
        (Fault("status", match=CREATE, status=503, times=1), True),
        (Fault("late_commit", match=CREATE, seconds=30, times=1), True),
        (Fault("garbage", match=CREATE, times=1), True),
        (Fault("captive_portal", match=CREATE, times=1), True),
        (Fault("redirect", match=CREATE, times=1), True),
        (Fault("truncated_body", match=CREATE, times=1), True),
        (Fault("rate_limited", match=CREATE, retry_after=40, times=1), True),
        (Fault("wrong_author", times=1), True),
    ],
    ids=lambda value: value.kind + str(value.status or "") if isinstance(value, Fault) else "",
)
def test_every_fault_of_the_wire_ends_with_one_copy(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, fault: Fault, there_once: bool
) -> None:
    sandbox.faults.add(dataclasses.replace(fault))
    (sent,) = bench.post("Solo una vez")
    settle(engine, bench, clock, [sent])
    assert there(sandbox) == ["Solo una vez"] * there_once
    expected = State.REVIEW if fault.kind == "wrong_author" else State.PUBLISHED
    assert bench.state(sent) is expected


@pytest.mark.parametrize("kind", ["key_late", "key_repeat_500", "key_ignored", "key_forgotten"])
def test_a_lost_answer_and_a_failing_key_do_not_double(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, kind: str
) -> None:
    """Tusky#2951, mastodon#21840, mastodon#40399, pixelfed#3581: a key is a belt, reading back the proof."""
    sandbox.faults.add(Fault(kind, seconds=1.0))
    sandbox.faults.add(Fault("drop_after_commit", match=CREATE, times=1))
    (sent,) = bench.post("Ni dos ni cero")
    settle(engine, bench, clock, [sent])
    assert there(sandbox) == ["Ni dos ni cero"]
    assert bench.state(sent) is State.PUBLISHED


def test_the_server_holds_a_scheduled_post_and_publishes_it(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Mañana a las diez", at=clock.now() + timedelta(hours=20), hand_off=True)
    publish(engine)
    assert bench.state(sent) is State.HANDED_OFF
    assert there(sandbox) == []
    run_for(engine, clock, 21 * 3600, step=1200)
    assert there(sandbox) == ["Mañana a las diez"]
    assert bench.state(sent) is State.PUBLISHED


def test_a_crisis_takes_a_scheduled_post_back_from_the_server_and_lets_it_go_once(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = bench.post("Rebajas a las diez", at=clock.now() + timedelta(hours=20), hand_off=True)
    publish(engine)
    assert bench.state(sent) is State.HANDED_OFF
    crisis_id = bench.desk.run_now(deciding.start, brand_id=bench.brand_id, reason="fire")
    publish(engine)
    clock.advance(22 * 3600)
    publish(engine)
    assert there(sandbox) == []
    (held,) = [each for each in bench.desk.page(crises.held, crisis_id) if each.open]
    assert held.delivery_id != sent and bench.state(sent) is State.CANCELLED
    bench.desk.run_now(deciding.over, crisis_id=crisis_id)
    bench.desk.run_now(deciding.decide, crisis_id=crisis_id, delivery_id=held.delivery_id, decision="released")
    publish(engine)
    assert there(sandbox) == ["Rebajas a las diez"]


def test_a_revoked_token_holds_everything(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.faults.add(Fault("revoked_token", match="*"))
    (sent,) = bench.post("Con permiso")
    publish(engine)
    assert sync(engine)[1] == "auth_expired"
    run_for(engine, clock, 20)
    assert bench.state(sent) is State.BLOCKED_AUTH
    assert bench.desk.page(accounts.account, bench.account_id).state is AccountState.RECONNECT
    sandbox.faults.clear()
    assert sync(engine)[1] == ""
    settle(engine, bench, clock, [sent])
    assert there(sandbox) == ["Con permiso"]


def test_a_day_without_the_server(bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock) -> None:
    """Over real HTTP: everything goes on locally, and leaves once when the server is back."""
    ask(sandbox, "¿Tenéis pan sin sal?")
    sync(engine)
    sandbox.go_offline()
    assert sync(engine) == (0, "offline")
    (talk,) = bench.desk.page(conversation_page, brand_id=bench.brand_id)
    question = bench.desk.page(thread, talk.id)[-1]
    assert bench.desk.page(search.search_conversations, "sin sal", brand_id=bench.brand_id)[0].id == talk.id
    bench.desk.run_now(inbox.save_draft, talk.id, "Sí, los")
    answer = bench.reply(talk.id, "Sí, los martes", to=question.remote_id)
    (now,) = bench.post("Recién hecho")
    (later,) = bench.post("Mañana más", at=clock.now() + timedelta(days=1))
    run_for(engine, clock, 120)
    assert bench.delivery(now).state in (State.BACKOFF, State.READY)
    sandbox.go_online()
    settle(engine, bench, clock, [answer, now])
    assert [bench.state(each) for each in (answer, now, later)] == [State.PUBLISHED, State.PUBLISHED, State.QUEUED]
    assert len(there(sandbox)) == 2
    ask(sandbox, "¡Gracias!")
    sync(engine)
    assert bench.desk.page(inbox.counters).open == 2


def test_a_like_a_boost_an_edit_and_a_deletion_arrive(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    said = ask(sandbox, "¡Qué rico todo!")
    sync(engine)
    message = bench.desk.page(message_by_remote_id, bench.account_id, said)
    assert message is not None
    target = {"remote_id": said, "ref": dict(message.ref)}
    for act in ("like", "boost"):
        bench.desk.run_now(
            outbox.queue_action, account_id=bench.account_id, act=act, target=target, message_id=message.id
        )
    (sent,) = bench.post("Con un error")
    settle(engine, bench, clock, [sent])
    own = {"remote_id": bench.delivery(sent).remote_id, "ref": dict(bench.delivery(sent).remote_ref)}
    bench.desk.run_now(
        outbox.queue_action, account_id=bench.account_id, act="edit", target=own, text="Sin errores", delivery_id=sent
    )
    publish(engine)
    run_for(engine, clock, 10)
    assert there(sandbox) == ["Sin errores"]
    account = bench.desk.page(accounts.account, bench.account_id)
    assert account.state is AccountState.OK
    bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act="delete", target=own, delivery_id=sent)
    run_for(engine, clock, 10)
    assert there(sandbox) == []
    assert bench.desk.page(outbox.problems) == []
