"""Decisions about conversations: each in one transaction, each with its undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import inbox as commands, settings
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.base import Kind
from cmdesk.store import inbox, outbox, outbox_actions
from tests.core.commands.conftest import World


def undo(world: World, command: Any, **args: Any) -> Any:
    """Run a command, then its undo; returns what the command gave."""
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    return done.value


def state(world: World, conversation: int) -> ConversationState:
    return world.desk.page(inbox.conversation, conversation).state


def test_an_answer_is_held_then_due_and_names_the_person(world: World) -> None:
    conversation = world.hear("¿Abrís el domingo?", remote_id="m1")
    world.desk.run_now(commands.save_draft, conversation_id=conversation, text="Sí, de")
    delivery = world.desk.page(
        outbox.delivery,
        world.desk.run_now(commands.reply, conversation_id=conversation, text="Sí, de 9 a 14"),
    )
    assert delivery.text == "@maria@plaza.example Sí, de 9 a 14"
    assert delivery.due_at == world.clock.now() + timedelta(seconds=10)
    assert (delivery.state, delivery.kind, delivery.account_id) == (DeliveryState.QUEUED, "reply", world.account)
    assert delivery.reply_to is not None
    assert delivery.reply_to["remote_id"] == "m1"
    assert world.desk.page(inbox.draft, conversation) == ""
    assert world.desk.page(inbox.conversation, conversation).unread == 0


def test_the_undo_time_is_a_setting_and_now_means_now(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    world.desk.run_now(settings.set_value, key="undo_seconds", value=30)
    held = world.desk.run_now(commands.reply, conversation_id=conversation, text="Hola")
    now = world.desk.run_now(commands.reply, conversation_id=conversation, text="Otra", now=True)
    assert world.desk.page(outbox.delivery, held).due_at == world.clock.now() + timedelta(seconds=30)
    assert world.desk.page(outbox.delivery, now).due_at == world.clock.now()


def test_an_answer_taken_back_is_a_draft_again(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    delivery = undo(world, commands.reply, conversation_id=conversation, text="Buenos días")
    assert world.desk.page(outbox.delivery, delivery).state is DeliveryState.CANCELLED
    assert world.desk.page(inbox.draft, conversation).endswith("Buenos días")
    with pytest.raises(Conflict):
        world.desk.run_now(commands.undo_reply, delivery_id=delivery)


def test_a_direct_message_is_answered_directly_whatever_is_asked(world: World) -> None:
    conversation = world.hear("En privado", remote_id="d1", kind=Kind.DIRECT, thread_id="t1")
    delivery = world.desk.page(
        outbox.delivery,
        world.desk.run_now(commands.reply, conversation_id=conversation, text="Claro", visibility="public"),
    )
    assert (delivery.kind, delivery.visibility) == ("direct", "direct")


@pytest.mark.parametrize("text", ["", "   \n", "x" * 600])
def test_an_answer_that_cannot_go_out_changes_nothing(world: World, text: str) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    world.desk.run_now(commands.save_draft, conversation_id=conversation, text="sigue aquí")
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.reply, conversation_id=conversation, text=text)
    assert refused.value.code in ("empty_text", "too_long")
    assert world.desk.page(inbox.draft, conversation) == "sigue aquí"
    assert world.desk.page(outbox.deliveries) == []


def test_an_unknown_conversation_is_said(world: World) -> None:
    with pytest.raises(Invalid):
        world.desk.run_now(commands.reply, conversation_id=999, text="Hola")


@pytest.mark.parametrize(
    ("command", "args", "becomes"),
    [
        (commands.solve, {}, ConversationState.SOLVED),
        (commands.ignore, {"reason": "spam"}, ConversationState.IGNORED),
        (commands.wait, {"waiting_for": "client"}, ConversationState.WAITING),
    ],
)
def test_states_and_their_undo(world: World, command: Any, args: dict[str, Any], becomes: ConversationState) -> None:
    ids = [world.hear("Hola", remote_id="m1"), world.hear("Adiós", remote_id="m2")]
    assert world.desk.run_now(command, conversation_ids=ids, **args) == 2
    assert {state(world, each) for each in ids} == {becomes}
    world.desk.run_now(commands.reopen, conversation_ids=ids)
    undo(world, command, conversation_ids=ids, **args)
    assert {state(world, each) for each in ids} == {ConversationState.OPEN}


def test_a_decision_that_changes_nothing_has_no_undo(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    done = world.desk.store.write(commands.reopen, conversation_ids=[conversation]).result()
    assert done.value == 0
    assert done.undo is None


def test_snooze_needs_a_time_to_come(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    with pytest.raises(Invalid):
        world.desk.run_now(commands.snooze, conversation_ids=[conversation], until=world.clock.now())
    until = world.clock.now() + timedelta(hours=1)
    undo(world, commands.snooze, conversation_ids=[conversation], until=until)
    assert state(world, conversation) is ConversationState.OPEN


def test_ignoring_and_waiting_need_a_reason_that_exists(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    with pytest.raises(Invalid):
        world.desk.run_now(commands.ignore, conversation_ids=[conversation], reason="just so")
    with pytest.raises(Invalid):
        world.desk.run_now(commands.wait, conversation_ids=[conversation], waiting_for="godot")


def test_reading_priority_and_labels_can_be_undone(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    undo(world, commands.mark_read, conversation_ids=[conversation])
    assert world.desk.page(inbox.conversation, conversation).unread == 1
    undo(world, commands.set_priority, conversation_ids=[conversation], priority=1)
    assert world.desk.page(inbox.conversation, conversation).priority == 0
    label = world.desk.run_now(commands.add_label, brand_id=world.brand, name="Urgente")
    undo(world, commands.set_labels, conversation_ids=[conversation], label_ids=[label])
    assert world.desk.page(inbox.labels_of, [conversation]) == {}


def test_a_like_shows_at_once_and_taking_it_back_leaves_nothing_to_send(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    message = world.desk.page(inbox.thread, conversation)[0]
    undo(world, commands.like, message_id=message.id)
    assert not world.desk.page(inbox.thread, conversation)[0].favourited
    assert world.desk.page(outbox_actions.due_actions, account_id=world.account, now=world.clock.now()) == []
    world.desk.run_now(commands.boost, message_id=message.id)
    assert world.desk.page(inbox.thread, conversation)[0].boosted
    assert len(world.desk.page(outbox_actions.due_actions, account_id=world.account, now=world.clock.now())) == 1


def test_only_own_messages_can_be_deleted(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    message = world.desk.page(inbox.thread, conversation)[0]
    with pytest.raises(Invalid):
        world.desk.run_now(commands.delete_answer, message_id=message.id)
