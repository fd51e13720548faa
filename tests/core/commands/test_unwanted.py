"""Whoever asked to be left alone is not written to first: every way in which a person is addressed (U11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import (
    cases,
    contacts,
    inbox as answering,
    planning as deciding,
    privately,
    promises,
    reviewing,
    thanking,
)
from cmdesk.errors import Conflict, Invalid
from cmdesk.networks.base import Author, Capabilities, Kind, Profile
from cmdesk.store import accounts, inbox, planning
from cmdesk.store.reviewing import unwanted
from tests.core.commands.conftest import LIMITS, World


@pytest.fixture
def talk(world: World) -> int:
    """A question of somebody who asked to be left alone."""
    able(world)
    conversation = world.hear("¿Abrís hoy?", remote_id="m1", minutes=5)
    leave_alone(world, conversation)
    return conversation


def able(world: World) -> None:
    """Let the account write privately."""
    known = Profile(Author("id-alba", "alba"), Capabilities(LIMITS, direct=True), "https://plaza.example")
    world.desk.run_now(accounts.note_probe, account_id=world.account, profile=known)


def leave_alone(world: World, conversation: int, *, on: bool = True) -> None:
    person = world.desk.page(inbox.conversation, conversation).contact_id
    assert person is not None
    world.desk.run_now(contacts.edit_contact, contact_id=person, opt_out=on)


def refused(world: World, command: Any, **args: Any) -> None:
    with pytest.raises(Conflict) as told:
        world.desk.run_now(command, **args)
    assert told.value.code == "opted_out"
    assert told.value.detail == "María"
    assert world.desk.run_now(command, **args, anyway=True)


def test_what_they_write_now_is_answered_without_a_question(world: World, talk: int) -> None:
    assert world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, hasta las ocho")


def test_a_second_message_that_nobody_asked_for_is_asked_about(world: World, talk: int) -> None:
    world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, hasta las ocho")
    refused(world, answering.reply, conversation_id=talk, text="¿Qué tal fue?")


def test_what_was_written_weeks_ago_is_not_now(world: World, talk: int) -> None:
    world.clock.advance(15 * 86_400)
    refused(world, answering.reply, conversation_id=talk, text="Sí, hasta las ocho")


def test_what_they_write_again_is_answered_again(world: World, talk: int) -> None:
    world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, hasta las ocho")
    world.clock.advance(3_600)
    again = world.hear("¿Y mañana?", remote_id="m2")
    assert world.desk.run_now(answering.reply, conversation_id=again, text="También")


def test_thanks_can_be_spared_for_all_of_them(world: World, talk: int) -> None:
    other = world.hear("¡Gracias!", remote_id="m9", author=Author("p2", "ana@plaza.example", "Ana"))
    refused(world, thanking.thank, texts={other: "¡A ti!", talk: "¡Gracias!"})


def test_thanks_that_are_refused_change_nothing(world: World, talk: int) -> None:
    other = world.hear("¡Gracias!", remote_id="m9", author=Author("p2", "ana@plaza.example", "Ana"))
    with pytest.raises(Conflict):
        world.desk.run_now(thanking.thank, texts={other: "¡A ti!", talk: "¡Gracias!"})
    assert world.desk.page(inbox.conversation, other).state == "open"


def test_a_private_message_is_asked_about(world: World, talk: int) -> None:
    refused(world, privately.go_private, conversation_id=talk, text="Te escribo por aquí")


def test_an_interim_answer_promises_more_than_they_want(world: World, talk: int) -> None:
    due = world.clock.now() + timedelta(hours=4)
    refused(world, promises.interim, conversation_id=talk, text="Estamos en ello", due_at=due)
    assert cases.interim is promises.interim


def test_a_closing_comment_after_the_answer_is_asked_about(world: World, talk: int) -> None:
    case_id = world.desk.run_now(cases.open_case, conversation_id=talk)
    world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, hasta las ocho")
    refused(world, privately.close_in_public, case_id=case_id, text="Resuelto")


def test_everybody_else_is_answered_as_ever(world: World, talk: int) -> None:
    leave_alone(world, talk, on=False)
    world.desk.run_now(answering.reply, conversation_id=talk, text="Sí")
    assert world.desk.run_now(answering.reply, conversation_id=talk, text="Y mañana también")
    assert world.desk.run_now(privately.go_private, conversation_id=talk, text="Te escribo por aquí")


def test_a_private_talk_of_theirs_is_answered(world: World) -> None:
    talk = world.hear("¿Me ayudáis?", remote_id="d1", kind=Kind.DIRECT)
    leave_alone(world, talk)
    assert world.desk.run_now(answering.reply, conversation_id=talk, text="Claro")


# Posts


def write(world: World, text: str) -> int:
    return world.desk.run_now(
        deciding.save_post, brand_id=world.brand, text=text, account_ids=[world.account], visibility="public"
    )


@pytest.mark.parametrize("named", ["@maria@plaza.example", "@Maria@PLAZA.example", "@maria"])
def test_a_post_that_names_them_asks_once(world: World, talk: int, named: str) -> None:
    post_id = write(world, f"¡Gracias {named} por venir!")
    with pytest.raises(Conflict) as told:
        world.desk.run_now(deciding.publish_now, post_id=post_id)
    assert (told.value.code, told.value.detail) == ("names_unwanted", named)
    assert world.desk.run_now(reviewing.say_sure, post_id=post_id) == [named]
    assert world.desk.run_now(deciding.publish_now, post_id=post_id)


@pytest.mark.parametrize(
    "text", ["maria@plaza.example", "@mariana", "@maria@otra.example", "https://plaza.example/@maria"]
)
def test_somebody_else_is_not_them(world: World, talk: int, text: str) -> None:
    assert world.desk.run_now(deciding.publish_now, post_id=write(world, f"Hola {text} hoy"))


def test_another_brand_knows_nothing_of_it(world: World, talk: int) -> None:
    assert world.desk.page(unwanted, world.brand) == {"maria@plaza.example"}
    assert world.desk.page(unwanted, world.other) == frozenset()


def test_who_wants_messages_again_is_named_again(world: World, talk: int) -> None:
    leave_alone(world, talk, on=False)
    assert world.desk.run_now(deciding.publish_now, post_id=write(world, "Gracias @maria@plaza.example"))


def test_they_are_not_offered_when_one_types_a_name(world: World, talk: int) -> None:
    from cmdesk.store.mentions import people

    assert world.desk.page(people, "maria", brand_id=world.brand, networks=["mastodon"]) == []


def test_a_post_for_them_alone_does_not_go_out(world: World, talk: int) -> None:
    person = world.desk.page(inbox.conversation, talk).contact_id
    post_id = world.desk.run_now(
        deciding.save_post, brand_id=world.brand, text="Hola", account_ids=[world.account], person_id=person
    )
    assert world.desk.page(planning.post, post_id).person_id == person
    with pytest.raises(Invalid) as told:
        world.desk.run_now(deciding.publish_now, post_id=post_id)
    assert told.value.code == "person_opted_out"
