"""Channels that publish nothing or answer nobody: said by account, by each brand's own limits, and once (D14)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cmdesk.commands import brands, inbox as answering, listening as commands, listening_limits
from cmdesk.errors import Invalid
from cmdesk.listening.silence import Silence
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import silence
from cmdesk.store.db import Transaction
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import World
from tests.core.commands.test_cases import code

DAY = 86_400


def silent(world: World, brand: int | None = None, **more: bool) -> dict[int, Silence]:
    found = world.desk.page(silence.silent, world.clock.now(), brand or world.brand, **more)
    return {each.account_id: each for each in found}


def publishes(world: World, *, days_ago: float = 0) -> None:
    at = world.clock.now() - timedelta(days=days_ago)
    item = Incoming(
        remote_id=f"own-{at.timestamp()}", kind=Kind.OWN, author=Author("id-alba", "alba"), created_at=at, text="Pan"
    )
    world.desk.run_now(ingest_page, world.account, "own", Page((item,), None, False))


def heard(world: World, count: int, *, days_ago: float = 3) -> list[int]:
    return [
        world.hear("¿Hola?", remote_id=f"m{days_ago}-{number}", minutes=int(days_ago * 1440) + number,
                   author=Author(f"p{number}", f"p{number}@plaza.example", f"P {number}"))
        for number in range(count)
    ]  # fmt: skip


def test_days_without_a_post(world: World) -> None:
    assert silent(world) == {}
    world.clock.advance(13 * DAY)
    assert silent(world) == {}
    world.clock.advance(1 * DAY)
    assert silent(world) == {world.account: Silence(world.account, 14, never=True)}
    assert set(silent(world, world.other)) == {world.foreign}
    publishes(world, days_ago=2)
    assert silent(world) == {}
    world.clock.advance(12 * DAY)
    assert silent(world)[world.account].days_without_post == 14
    assert silent(world)[world.account].never is False


def test_people_without_an_answer(world: World) -> None:
    publishes(world)
    talks = heard(world, 8)
    found = silent(world)[world.account]
    assert (found.unanswered, found.of, found.answered_share, found.days_without_post) == (8, 8, 0, None)
    # What a person settled owes no answer.
    world.desk.run_now(answering.solve, conversation_ids=talks[:4])
    assert silent(world) == {}
    # Who wrote an hour ago is not left alone yet; who wrote last month is another matter.
    heard(world, 9, days_ago=0.04)
    heard(world, 9, days_ago=20)
    assert silent(world) == {}


def test_each_brand_has_its_own_limits(world: World) -> None:
    world.clock.advance(5 * DAY)
    done = world.desk.store.write(listening_limits.set_limits, brand_id=world.brand, days=4, share=0).result()
    assert set(silent(world)) == {world.account} and silent(world, world.other) == {}
    heard(world, 8)
    assert silent(world)[world.account].of == 0
    assert done.undo is not None
    world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert silent(world)[world.account].days_without_post is None
    world.desk.run_now(listening_limits.set_limits, brand_id=world.brand, days=0, share=0)
    world.clock.advance(400 * DAY)
    assert silent(world) == {}
    assert code(Invalid, lambda: world.desk.run_now(
        listening_limits.set_limits, brand_id=world.brand, days=-3, share=50
    ))  # fmt: skip


def test_it_is_told_once_and_again_after_it_spoke(world: World) -> None:
    def told() -> list[int]:
        found = world.desk.page(silence.to_tell, world.clock.now(), world.brand)
        ids = [each.account_id for each in found]
        world.desk.run_now(commands.note_silence_told, account_ids=ids)
        return ids

    world.clock.advance(20 * DAY)
    assert told() == [world.account]
    assert told() == []
    world.clock.advance(30 * DAY)
    assert told() == []
    publishes(world)
    assert told() == []
    world.clock.advance(14 * DAY)
    assert told() == [world.account]


def test_nothing_is_said_for_some_days(world: World) -> None:
    world.clock.advance(20 * DAY)
    done = world.desk.store.write(commands.snooze_silence, account_id=world.account, days=7).result()
    assert silent(world) == {} and set(silent(world, snoozed=True)) == {world.account}
    assert world.desk.page(silence.to_tell, world.clock.now(), world.brand) == []
    world.clock.advance(8 * DAY)
    assert set(silent(world)) == {world.account}
    assert done.undo is not None
    world.desk.store.write(done.undo.command, **done.undo.args).result()


@pytest.mark.parametrize("how", ["care", "paused", "archived"])
def test_who_need_not_publish(world: World, how: str) -> None:
    def change(tx: Transaction) -> None:
        if how == "care":
            tx.conn.execute("UPDATE account SET purpose = 'care' WHERE id = ?", (world.account,))
        elif how == "paused":
            tx.conn.execute("UPDATE account SET state = 'paused' WHERE id = ?", (world.account,))

    world.clock.advance(20 * DAY)
    if how == "archived":
        world.desk.run_now(brands.archive_brand, brand_id=world.brand)
    else:
        world.desk.run_now(change)
    assert silent(world) == {}
