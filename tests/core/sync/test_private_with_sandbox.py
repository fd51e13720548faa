"""Going private over real HTTP: the private thread and the public one stay two conversations (Q14)."""

from __future__ import annotations

import asyncio

from cmdesk.clock import FixedClock
from cmdesk.commands import cases as caring, inbox as answering
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import cases, inbox, outbox
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish
from tests.core.sync.test_with_sandbox import (
    ask,
    bench as bench,
    clock as clock,
    engine as engine,
    sandbox as sandbox,
    sync,
)
from tests.helpers.desks import TestDesk


def test_the_private_talk_is_apart_from_the_public_one(
    bench: TestDesk, engine: Engine, sandbox: SandboxServer, clock: FixedClock
) -> None:
    desk = bench.desk
    asked = ask(sandbox, "La cafetera llegó rota")
    sync(engine)
    message = desk.page(inbox.message_by_remote_id, bench.account_id, asked)
    assert message is not None
    public = message.conversation_id
    case_id = desk.run_now(caring.open_case, conversation_id=public)
    sent = desk.run_now(caring.go_private, conversation_id=public, text="¿Nos das tu teléfono?", now=True)
    publish(engine)
    delivery = desk.page(outbox.delivery, sent)
    assert delivery.state in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED)
    home = desk.page(cases.case, case_id).private_conversation_id
    assert home is not None
    assert home != public
    clock.advance(30)
    answer = sandbox.say(
        "vecina@plaza.example", "reply", status=delivery.remote_id, text="@alba Es el 600 000 000", visibility="direct"
    )
    clock.advance(30)
    for _ in range(2):
        asyncio.run(engine.sync_once())
    private = [each.remote_id for each in desk.page(inbox.thread, home)]
    assert private == [delivery.remote_id, answer.id]
    assert asked in [each.remote_id for each in desk.page(inbox.thread, public)]
    assert not set(private) & {each.remote_id for each in desk.page(inbox.thread, public)}
    assert desk.page(inbox.conversation, home).state is ConversationState.OPEN
    # Each is answered where it is: in private, and in public.
    for conversation_id, visibility in ((home, "direct"), (public, "public")):
        reply = desk.run_now(answering.reply, conversation_id=conversation_id, text="Gracias", now=True)
        assert desk.page(outbox.delivery, reply).visibility == visibility
    shown = desk.page(inbox.conversation_page, brand_id=bench.brand_id)
    assert {home, public} <= {each.id for each in shown}
