"""A person's word for sentiment, kind and language, and its undo."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands import triage as deciding
from cmdesk.errors import Invalid
from cmdesk.store import inbox, triage
from tests.core.commands.conftest import World


def do(world: World, command: Any, **args: Any) -> Any:
    return world.desk.store.write(command, **args).result(10)


def test_the_last_words_are_corrected_and_it_can_be_taken_back_and_done_again(world: World) -> None:
    one = world.hear("Las croquetas de hoy, tibias", remote_id="m1")
    two = world.hear("Y la ensaladilla ni tibia", remote_id="m2", thread_id="t2")
    done = do(world, deciding.set_sentiment, conversation_ids=[one, two], sentiment="negative")
    assert done.value == len({one, two})
    assert {world.desk.page(inbox.conversation, each).sentiment for each in (one, two)} == {"negative"}
    assert world.desk.page(triage.learned, world.brand).fields
    undone = do(world, done.undo.command, **done.undo.args)
    assert {world.desk.page(inbox.conversation, each).sentiment for each in (one, two)} == {""}
    assert world.desk.page(triage.learned, world.brand).fields == {}
    do(world, undone.undo.command, **undone.undo.args)
    assert world.desk.page(inbox.conversation, one).sentiment == "negative"


def test_a_troll_is_one_step(world: World) -> None:
    one = world.hear("croquetas de cartón", remote_id="m1")
    do(world, deciding.set_troll, conversation_ids=[one])
    found = world.desk.page(inbox.conversation, one)
    assert (found.sentiment, found.intent, found.urgency) == ("negative", "troll", 0)


def test_a_kind_alone_leaves_the_sentiment(world: World) -> None:
    one = world.hear("croquetas", remote_id="m1")
    do(world, deciding.set_sentiment, conversation_ids=[one], sentiment="positive")
    done = do(world, deciding.set_kind, conversation_ids=[one], kind="help")
    found = world.desk.page(inbox.conversation, one)
    assert (found.sentiment, found.intent) == ("positive", "help")
    do(world, done.undo.command, **done.undo.args)
    assert world.desk.page(inbox.conversation, one).sentiment == "positive"


def test_the_language_is_said_and_taken_back(world: World) -> None:
    one = world.hear("croquetas", remote_id="m1")
    done = do(world, deciding.set_language, conversation_id=one, language=" GL ")
    assert world.desk.page(inbox.conversation, one).language == "gl"
    do(world, done.undo.command, **done.undo.args)
    assert world.desk.page(inbox.conversation, one).language == "es"


@pytest.mark.parametrize("language", ["", "galego", "1", "e s", "ñá"])
def test_a_language_is_a_code(world: World, language: str) -> None:
    one = world.hear("croquetas", remote_id="m1")
    with pytest.raises(Invalid) as raised:
        do(world, deciding.set_language, conversation_id=one, language=language)
    assert raised.value.code == "triage_language"


def test_nothing_to_correct_is_no_decision(world: World) -> None:
    done = do(world, deciding.set_kind, conversation_ids=[4711], kind="help")
    assert (done.value, done.undo) == (0, None)


def test_forgetting_is_for_one_brand(world: World) -> None:
    one = world.hear("croquetas de cartón", remote_id="m1")
    do(world, deciding.set_kind, conversation_ids=[one], kind="complaint")
    assert do(world, deciding.forget_learned, brand_id=world.other).value == 0
    assert do(world, deciding.forget_learned, brand_id=world.brand).value > 0
