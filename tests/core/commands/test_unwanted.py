"""Whoever asked to be left alone is not written to first: every way in which a person is addressed (U11)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import (
    cases,
    contacts,
    inbox as answering,
    plan_import as taking,
    planning as deciding,
    privately,
    promises,
    reviewing,
    thanking,
)
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, PostStatus, Target
from cmdesk.networks.base import Author, Capabilities, Kind, Profile
from cmdesk.planning.importing.rows import read_plan
from cmdesk.planning.importing.sheets import read_sheet
from cmdesk.planning.status import current
from cmdesk.store import accounts, inbox, outbox, outbox_read, outbox_send, plan_import, planning, preflight_found
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_claim import Claimed, Refused, claim
from cmdesk.store.reviewing import unwanted
from cmdesk.store.voice import only_heard
from cmdesk.sync.preflight import Preflight
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


# What waits already, and what comes in bulk


def leaves(world: World, post_id: int) -> Claimed | Refused:
    """Let a post's hour come."""
    (waiting,) = current(world.desk.page(planning.post, post_id).deliveries)
    world.clock.advance(max(0.0, (waiting.due_at - world.clock.now()).total_seconds()))
    world.desk.run_now(outbox_send.advance)
    return world.desk.run_now(claim, waiting.id, instance="here")


def scheduled(world: World, text: str) -> int:
    at = world.clock.now() + timedelta(hours=3)
    return world.desk.run_now(
        deciding.plan_post, brand_id=world.brand, text=text, account_ids=[world.account], zone="UTC",
        wall=at.replace(tzinfo=None).isoformat(timespec="minutes"),
    )  # fmt: skip


def heard(world: World) -> int:
    able(world)
    return world.hear("¿Abrís hoy?", remote_id="m1", minutes=5)


def test_a_post_scheduled_before_they_said_so_stops_at_its_hour_and_goes_by_a_yes(world: World) -> None:
    conversation = heard(world)
    post_id = scheduled(world, "¡Gracias, @maria@plaza.example!")
    leave_alone(world, conversation)
    assert leaves(world, post_id) == Refused("names_unwanted_now")
    (held,) = world.desk.page(planning.post, post_id).deliveries
    assert (held.state, held.reason_code) == (DeliveryState.HELD_LATE, "names_unwanted_now")
    assert world.desk.run_now(deciding.approve_late, delivery_ids=[held.id], how="now") == 1
    world.desk.run_now(outbox_send.advance)
    assert isinstance(world.desk.run_now(claim, held.id, instance="here"), Claimed)


def test_a_post_that_names_somebody_else_leaves_at_its_hour(world: World) -> None:
    conversation = heard(world)
    post_id = scheduled(world, "¡Gracias, @mariana@plaza.example!")
    leave_alone(world, conversation)
    assert isinstance(leaves(world, post_id), Claimed)


def test_what_a_person_was_sure_of_leaves_without_another_question(world: World, talk: int) -> None:
    post_id = write(world, "¡Gracias, @maria@plaza.example!")
    world.desk.run_now(reviewing.say_sure, post_id=post_id)
    world.desk.run_now(deciding.publish_now, post_id=post_id)
    assert isinstance(leaves(world, post_id), Claimed)


async def test_the_look_a_day_before_tells_it(world: World) -> None:
    conversation = heard(world)
    post_id = scheduled(world, "¡Gracias, @maria@plaza.example!")
    leave_alone(world, conversation)
    looks = Preflight(world.desk, lambda _account: None)
    (number,) = await looks.look()
    assert world.desk.page(preflight_found.known) == {number: {"names_unwanted": "@maria@plaza.example"}}
    assert number == world.desk.page(planning.post, post_id).deliveries[0].id
    (problem,) = [each for each in world.desk.page(outbox_read.problems) if each.kind == "preflight"]
    assert "@maria@plaza.example asked this brand" in explain_problem(problem.code, problem.detail)
    leave_alone(world, conversation, on=False)
    assert await looks.look() == []
    assert world.desk.page(preflight_found.known) == {}


def explain_problem(code: str, detail: str) -> str:
    from cmdesk.wording import explain

    words = explain(Conflict("x", code=code, detail=detail))
    return f"{words.what} {words.why} {words.todo}"


@pytest.mark.parametrize("part", ["text", "first_comment"])
def test_a_plan_that_is_taken_in_leaves_them_as_drafts(world: World, talk: int, part: str) -> None:
    said = {"text": "Hola a todos", "first_comment": "", part: "Gracias @maria@plaza.example"}
    sheet = read_sheet(
        f"brand,accounts,date,time,text,first_comment\n"
        f"Café Alba,mastodon,2026-03-10,10:00,{said['text']},{said['first_comment']}\n"
        "Café Alba,mastodon,2026-03-11,10:00,Hola,\n".encode()
    )
    plan = read_plan(sheet, world.desk.page(plan_import.known, now=world.clock.now(), pictures={}))
    taken = world.desk.run_now(taking.take, entries=plan.entries, schedule=True)
    states = [world.desk.page(planning.post, each).status for each in taken.post_ids]
    assert (taken.scheduled, states) == (1, [PostStatus.DRAFT, PostStatus.SCHEDULED])


def test_a_post_of_a_series_stops_at_its_hour(world: World, talk: int) -> None:
    """The series itself asks nobody: what it makes is held when it would leave."""
    first = write(world, "Gracias @maria@plaza.example")
    world.desk.run_now(reviewing.say_sure, post_id=first)
    again = scheduled_unasked(world, "Gracias @maria@plaza.example")
    assert leaves(world, again) == Refused("names_unwanted_now")


def scheduled_unasked(world: World, text: str) -> int:
    """Seal a post as a series does, which no person looks at."""
    post_id = write(world, text)
    at = (world.clock.now() + timedelta(hours=2)).replace(tzinfo=None).isoformat(timespec="minutes")
    target = Target(world.account, at, "UTC", 0)

    def seal(tx: Transaction) -> None:
        planning.set_targets(tx, post_id, [target])
        outbox.seal(tx, post_id, targets=[target])

    world.desk.run_now(seal)
    return post_id


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_hit_that_was_only_heard_is_not_a_question_to_the_brand(world: World, talk: int, by_hand: bool) -> None:
    """One that came to the inbox by itself is: the person wrote to the brand, and listening found it, too."""
    message = world.desk.page(inbox.thread, talk)[-1]

    def found(tx: Transaction) -> None:
        tx.conn.execute(
            "INSERT INTO listen_hit (brand_id, source, remote_id, ref, text, at, found_at, state, conversation_id)"
            " VALUES (?, 'mastodon', 'uri', ?, '', 0, 0, 'promoted', ?)",
            (world.brand, json.dumps({"id": message.remote_id}), talk),
        )
        if by_hand:
            tx.conn.execute(
                "INSERT INTO activity (brand_id, conversation_id, kind, at) VALUES (?, ?, 'promoted', 0)",
                (world.brand, talk),
            )

    world.desk.run_now(found)
    assert world.desk.page(only_heard, message) is by_hand
    if by_hand:
        refused(world, answering.reply, conversation_id=talk, text="Hola, ¿te ayudamos?")
    else:
        assert world.desk.run_now(answering.reply, conversation_id=talk, text="Sí, hasta las ocho")
