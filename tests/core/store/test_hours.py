"""Deadlines as they follow from hours: at intake, while answering, when the hours change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.commands import hours as commands, inbox as answering
from cmdesk.commands.brands import BrandEdit, edit_brand
from cmdesk.commands.contacts import edit_contact
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Account
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import accounts, hours, inbox, library, markets
from cmdesk.store.db import Transaction
from cmdesk.store.intake import mark_gone
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import World, world as world  # the same desk

WEEK = tuple(Shift(day, *times) for day in range(5) for times in (("09:00", "14:00"), ("17:00", "20:00")))


def save(world: World, **fields: object) -> ServiceLevel:
    level = ServiceLevel(world.brand, "Europe/Madrid", shifts=WEEK, first_answer_min=240)
    level = replace(level, **fields)  # type: ignore[arg-type]
    world.desk.run_now(commands.save_level, level=level)
    return level


def due(world: World, conversation_id: int) -> datetime | None:
    return world.desk.page(inbox.conversation, conversation_id).due_at


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The clock says 2026-03-02 09:00 UTC, a Monday: 10:00 in Madrid.


def test_without_hours_nothing_has_a_deadline(world: World) -> None:
    assert due(world, world.hear("Hola", remote_id="m1")) is None
    assert world.desk.page(hours.level, world.brand) == ServiceLevel(world.brand, "Europe/Madrid")


def test_what_comes_in_is_due_after_so_much_service_time(world: World) -> None:
    save(world)
    conversation = world.hear("¿Hay alguien?", remote_id="m1")
    assert due(world, conversation) == utc("2026-03-02T13:00")  # 14:00 in Madrid, as the shift ends
    weekend = world.hear("¿Y el domingo?", remote_id="m2", minutes=24 * 60)
    assert due(world, weekend) == utc("2026-03-02T12:00")


def test_more_words_of_the_same_person_do_not_move_the_deadline(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1", minutes=50)
    first = due(world, conversation)
    assert world.hear("¿Hola?", remote_id="m2", parent_id="m1") == conversation
    assert due(world, conversation) == first


def test_an_answer_clears_it_before_the_network_shows_it_and_new_words_set_it_again(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1", minutes=50)
    delivery = world.desk.run_now(answering.reply, conversation_id=conversation, text="Buenas", now=True)
    assert due(world, conversation) is not None  # nothing has left yet

    def sent(tx: Transaction) -> None:
        from cmdesk.store.outbox_state import Found, publish, row_of

        publish(tx, row_of(tx.conn, delivery), Found("r1", "id-alba", created_at=tx.now))

    world.desk.run_now(sent)
    assert due(world, conversation) is None
    world.clock.advance(30 * 60)
    world.hear("Otra cosa", remote_id="m3", parent_id="m1")
    assert due(world, conversation) == utc("2026-03-02T16:30")  # 17:30 in Madrid


def test_what_was_answered_elsewhere_is_not_due(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1", minutes=50)
    own = Incoming(
        "o1", Kind.OWN, Author("id-alba", "alba"), world.clock.now(), text="Dime", parent_id="m1", parent_author_id="p1"
    )
    world.desk.run_now(ingest_page, world.account, "notifications", Page((own,), None, False))
    assert due(world, conversation) is None


@pytest.mark.parametrize("decide", [answering.solve, answering.ignore])
def test_what_is_settled_has_no_deadline_and_undo_brings_it_back(world: World, decide: Any) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1")
    before = due(world, conversation)
    reason = {"reason": "spam"} if decide is answering.ignore else {}
    done = world.desk.store.write(decide, conversation_ids=[conversation], **reason).result()
    assert due(world, conversation) is None
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert due(world, conversation) == before


def test_deleted_words_wait_for_no_answer(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1")
    account: Account = world.desk.page(accounts.account, world.account)
    world.desk.run_now(lambda tx: mark_gone(tx, account, ["m1"]))
    assert due(world, conversation) is None


def test_a_change_of_hours_moves_what_is_open_and_undo_moves_it_back(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    solved = world.hear("Gracias", remote_id="m2", minutes=5)
    world.desk.run_now(answering.solve, conversation_ids=[solved])
    save(world, first_answer_min=60)
    assert due(world, conversation) == utc("2026-03-02T10:00")
    assert due(world, solved) is None
    level = world.desk.page(hours.level, world.brand)
    done = world.desk.store.write(
        commands.add_closures, brand_id=world.brand, closures=[Closure(date(2026, 3, 2), " Obras  ")]
    ).result()
    assert due(world, conversation) == utc("2026-03-03T09:00")
    assert world.desk.page(hours.level, world.brand).closures == (Closure(date(2026, 3, 2), "Obras"),)
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert world.desk.page(hours.level, world.brand) == level
    assert due(world, conversation) == utc("2026-03-02T10:00")
    world.desk.run_now(commands.remove_level, brand_id=world.brand)
    assert due(world, conversation) is None


def test_the_market_of_a_person_decides_and_falls_back_to_the_brand(world: World) -> None:
    save(world)
    market = world.desk.run_now(
        markets.save_market, brand_id=world.brand, name="Bogotá", language="es", country="CO", zone="America/Bogota"
    )
    conversation = world.hear("Hola", remote_id="m1")
    contact = world.desk.page(inbox.conversation, conversation).contact_id
    assert contact is not None
    world.desk.run_now(edit_contact, contact_id=contact, market_id=market)
    assert due(world, conversation) == utc("2026-03-02T13:00")
    assert world.desk.page(hours.level, world.brand, market).market_id == 0
    local = ServiceLevel(world.brand, "", market, shifts=WEEK, first_answer_min=60, country="CO")
    world.desk.run_now(commands.save_level, level=local)
    assert world.desk.page(hours.level_of_conversation, conversation).zone == "America/Bogota"
    assert due(world, conversation) == utc("2026-03-02T15:00")  # it opens at 9:00 there
    world.desk.run_now(markets.save_market, market_id=market, brand_id=world.brand, name="Lima", language="es",
                       country="PE", zone="Europe/Madrid")  # fmt: skip
    assert due(world, conversation) == utc("2026-03-02T10:00")
    world.desk.run_now(markets.delete_market, market)
    assert world.desk.page(hours.levels, world.brand).keys() == {0}
    assert due(world, conversation) == utc("2026-03-02T13:00")


def test_another_zone_of_the_brand_moves_its_deadlines(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1")
    world.desk.run_now(edit_brand, brand_id=world.brand, edit=BrandEdit(zone="Atlantic/Canary"))
    assert due(world, conversation) == utc("2026-03-02T13:00")
    world.desk.run_now(edit_brand, brand_id=world.brand, edit=BrandEdit(zone="America/Bogota"))
    assert due(world, conversation) == utc("2026-03-02T18:00")


def test_hours_that_never_come_set_no_clock_and_stop_no_sync(world: World) -> None:
    save(world, shifts=(Shift(0, "09:00", "10:00", "2020-01-01", "2020-12-31"),))
    assert due(world, world.hear("Hola", remote_id="m1")) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"shifts": (Shift(0, "9", "10:00"),)}, "hours_time"),
        ({"country": "XX"}, "country_unknown"),
        ({"country": "ES", "region": "ZZ"}, "region_unknown"),
        ({"market_id": 99}, "market_unknown"),
        ({"first_answer_min": 0}, "hours_deadline"),
    ],
)
def test_bad_hours_are_refused_and_leave_the_old_ones(world: World, fields: dict[str, object], code: str) -> None:
    before = save(world)
    with pytest.raises(Invalid) as caught:
        save(world, **fields)
    assert caught.value.code == code
    assert world.desk.page(hours.levels, world.brand) == {0: before}


def test_a_cases_solution_is_due_on_service_time(world: World) -> None:
    save(world, solution_min=600)
    conversation = world.hear("Se ha roto", remote_id="m1")
    opened = world.clock.now()
    assert world.desk.page(hours.solve_due, opened, conversation_id=conversation) == utc("2026-03-03T11:00")
    assert world.desk.page(hours.solve_due, opened, brand_id=world.brand) == utc("2026-03-03T11:00")
    assert world.desk.page(hours.solve_due, opened, brand_id=world.other) is None


# Outside the hours


def test_the_away_text_is_there_only_while_it_is_closed_and_in_the_persons_language(world: World) -> None:
    save(world, other_channels="900 123 123")
    conversation = world.hear("Hello", remote_id="m1", language="en")
    assert world.desk.page(hours.outside, conversation, world.clock.now()) is None
    away = world.desk.page(hours.away, conversation, utc("2026-03-02T14:00"))
    assert away is not None
    assert away.opens_at == utc("2026-03-02T16:00")
    assert "today at 17:00" in away.text and "900 123 123" in away.text
    never = save(world, shifts=(Shift(0, "09:00", "10:00", "2020-01-01", "2020-12-31"),))
    away = world.desk.page(hours.away, conversation, utc("2026-03-02T14:00"))
    assert never.shifts and away is not None and away.opens_at is None


def test_the_brands_own_template_is_suggested_with_its_hours_filled(world: World) -> None:
    save(world)
    conversation = world.hear("Hola", remote_id="m1")
    world.desk.run_now(
        library.save_template,
        template_id=None,
        brand_id=world.brand,
        name="Fuera de horario",
        texts={"es": "Hola, {name}: atendemos {hours}."},
        kind="out_of_hours",
    )
    text = world.desk.page(hours.outside, conversation, utc("2026-03-02T22:00"))
    assert text == "Hola, María: atendemos lunes a viernes de 9:00 a 14:00 y de 17:00 a 20:00."
    english = world.hear("Hello", remote_id="m2", language="en")
    told = world.desk.page(hours.outside, english, utc("2026-03-02T22:00"))
    assert told is not None and told.startswith("Thank you")


# The network's own limit (N15)


def test_a_network_with_a_window_takes_no_answer_after_it(world: World) -> None:
    def limit(tx: Transaction) -> None:
        able = '{"reply_window_s": {"mention": 86400, "direct": 604800}, "limits": {"characters": 500}}'
        tx.conn.execute("UPDATE account SET capabilities = ? WHERE id = ?", (able, world.account))

    world.desk.run_now(limit)
    comment = world.hear("Hola", remote_id="m1", minutes=60)
    private = world.hear("Hola", remote_id="d1", kind=Kind.DIRECT, thread_id="t1")
    now = world.clock.now()
    until = world.desk.page(inbox.conversation, comment).window_until
    assert until == now + timedelta(hours=23)
    assert world.desk.page(inbox.conversation, private).window_until == now + timedelta(days=7)
    closing = world.desk.page(hours.windows_closing, after=now, until=now + timedelta(days=1))
    assert closing == [(world.brand, comment, until)]
    world.clock.advance(23 * 3600)
    with pytest.raises(Conflict) as refused:
        world.desk.run_now(answering.reply, conversation_id=comment, text="Hola")
    assert refused.value.code == "window_closed"
    world.desk.run_now(answering.reply, conversation_id=private, text="Hola")
    world.hear("¿Sigues ahí?", remote_id="m2", parent_id="m1")
    assert world.desk.run_now(answering.reply, conversation_id=comment, text="Aquí estoy")


def test_networks_without_a_window_have_none(world: World) -> None:
    conversation = world.hear("Hola", remote_id="m1")
    assert world.desk.page(inbox.conversation, conversation).window_until is None


# Holidays are learned before anybody waits for them


def test_the_places_of_all_levels_are_known_once_each(world: World) -> None:
    assert world.desk.page(hours.holiday_places) == []
    save(world, country="ES", region="MD")
    other = ServiceLevel(world.other, "", country="ES", region="MD")
    world.desk.run_now(commands.save_level, level=other)
    assert world.desk.page(hours.holiday_places) == [("ES", "MD")]
