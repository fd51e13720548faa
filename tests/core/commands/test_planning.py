"""Decisions about posts: sealed for an hour, moved, taken back; nothing crosses from one brand to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.commands import planning as commands
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.store import outbox, planning
from tests.core.commands.conftest import World

ZONE = "Europe/Madrid"
WALL = "2026-03-10T10:00:00"


def draft(world: World, text: str = "Hoy hay coca", **more: Any) -> int:
    return world.desk.run_now(commands.save_post, brand_id=world.brand, text=text, account_ids=[world.account], **more)


def live(world: World, post: int) -> list[datetime]:
    found = world.desk.page(planning.post, post)
    return [each.due_at for each in found.deliveries if each.state is not DeliveryState.CANCELLED]


def undo(world: World, command: Any, **args: Any) -> Any:
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    return done.value


def test_a_post_is_sealed_for_the_brands_hour(world: World) -> None:
    post = draft(world)
    assert world.desk.page(planning.post, post).status is PostStatus.DRAFT
    world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    assert live(world, post) == [datetime(2026, 3, 10, 9, tzinfo=UTC)]
    assert world.desk.page(planning.post, post).status is PostStatus.SCHEDULED


def test_moving_and_its_undo(world: World) -> None:
    post = draft(world)
    world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    world.desk.run_now(commands.reschedule, post_id=post, wall="2026-03-11T18:30:00", zone=ZONE)
    assert live(world, post) == [datetime(2026, 3, 11, 17, 30, tzinfo=UTC)]
    undo(world, commands.reschedule, post_id=post, wall="2026-03-12T08:00:00", zone=ZONE)
    assert live(world, post) == [datetime(2026, 3, 11, 17, 30, tzinfo=UTC)]
    undo(world, commands.unschedule, post_id=post)
    assert live(world, post) == [datetime(2026, 3, 11, 17, 30, tzinfo=UTC)]
    world.desk.run_now(commands.unschedule, post_id=post)
    assert live(world, post) == []
    assert [each.post_id for each in world.desk.page(planning.tray, brand_id=world.brand)] == [post]


def test_scheduling_can_be_undone(world: World) -> None:
    post = draft(world)
    undo(world, commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    assert live(world, post) == []


@pytest.mark.parametrize(
    ("wall", "code"),
    [("2026-03-01T10:00:00", "time_past"), ("2026-03-29T02:30:00", "time_gap"), ("mañana", "time_unreadable")],
)
def test_impossible_hours_are_refused(world: World, wall: str, code: str) -> None:
    post = draft(world)
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.schedule, post_id=post, wall=wall, zone=ZONE)
    assert refused.value.code == code
    assert live(world, post) == []


def test_words_are_measured_before_anything_is_sealed(world: World) -> None:
    post = draft(world, "x" * 501)
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    assert (refused.value.code, refused.value.detail) == ("too_long", "1")
    with pytest.raises(Invalid) as empty:
        world.desk.run_now(
            commands.plan_post, brand_id=world.brand, text=" ", account_ids=[world.account], wall=WALL, zone=ZONE
        )
    assert empty.value.code == "empty_text"


def test_a_plan_is_all_or_nothing(world: World) -> None:
    before = world.desk.page(planning.posts, brand_id=world.brand)
    with pytest.raises(Invalid):
        world.desk.run_now(
            commands.plan_post, brand_id=world.brand, text="Hola", account_ids=[world.account], wall="2020-01-01T10:00"
        )
    assert world.desk.page(planning.posts, brand_id=world.brand) == before


@pytest.mark.parametrize("how", ["save", "schedule", "now"])
def test_another_brands_account_is_never_accepted(world: World, how: str) -> None:
    post = draft(world)
    with pytest.raises(DeskError):
        match how:
            case "save":
                world.desk.run_now(
                    commands.save_post, post_id=post, brand_id=world.brand, text="x", account_ids=[world.foreign]
                )
            case "schedule":
                world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE, account_ids=[world.foreign])
            case _:
                world.desk.run_now(commands.publish_now, post_id=post, account_ids=[world.foreign])
    assert world.desk.page(outbox.deliveries) == []


def test_publish_now_is_due_now(world: World) -> None:
    post = draft(world)
    world.desk.run_now(commands.publish_now, post_id=post)
    assert live(world, post) == [world.clock.now()]


def test_a_copy_stands_in_the_tray(world: World) -> None:
    post = draft(world)
    world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    copy = world.desk.run_now(commands.duplicate, post_id=post)
    assert copy != post
    assert live(world, copy) == []
    assert world.desk.page(planning.post, copy).text == "Hoy hay coca"


def test_deleting_takes_back_and_undo_plans_again(world: World) -> None:
    post = draft(world)
    world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)
    undo(world, commands.delete_post, post_id=post)
    assert live(world, post) == [datetime(2026, 3, 10, 9, tzinfo=UTC)]
    world.desk.run_now(commands.delete_post, post_id=post)
    assert world.desk.page(planning.posts, brand_id=world.brand) == []
    assert world.desk.page(outbox.deliveries) == []


def test_late_posts_are_released_edited_or_given_up(world: World) -> None:
    from cmdesk.store import outbox_send

    posts = [draft(world, f"Post {number}") for number in range(3)]
    for post in posts:
        world.desk.run_now(commands.schedule, post_id=post, wall="2026-03-02T11:00:00", zone=ZONE)
    world.clock.advance(timedelta(hours=6).total_seconds())
    world.desk.run_now(outbox_send.advance)
    held = [each.id for each in world.desk.page(outbox.deliveries, states=[DeliveryState.HELD_LATE])]
    assert len(held) == 3
    assert world.desk.run_now(commands.approve_late, delivery_ids=held[:1], how="now") == 1
    assert world.desk.run_now(commands.approve_late, delivery_ids=held[1:2], how="draft") == 1
    assert world.desk.run_now(commands.approve_late, delivery_ids=held[2:], how="discard") == 1
    statuses = {post: world.desk.page(planning.post, post).status for post in posts}
    assert list(statuses.values())[1:] == [PostStatus.DRAFT, PostStatus.CANCELLED]
    assert world.desk.page(outbox.delivery, held[0]).state is DeliveryState.QUEUED
    with pytest.raises(Invalid):
        world.desk.run_now(commands.approve_late, delivery_ids=[], how="later")


def test_what_is_out_cannot_be_deleted(world: World) -> None:
    post = draft(world)
    (delivery,) = world.desk.run_now(commands.publish_now, post_id=post)
    world.desk.run_now(mark_published, delivery)
    with pytest.raises(Conflict):
        world.desk.run_now(commands.delete_post, post_id=post)
    with pytest.raises(Conflict):
        world.desk.run_now(commands.schedule, post_id=post, wall=WALL, zone=ZONE)


def mark_published(tx: Any, delivery_id: int) -> None:
    from cmdesk.store.outbox_state import Found, publish, row_of

    publish(tx, row_of(tx.conn, delivery_id), Found("r1", "id-alba"))
