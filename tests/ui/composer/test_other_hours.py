"""A post that is out on one account and waits on another: only what is to come has an hour to choose (ranks 9, 37)."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as commands, scheduling
from cmdesk.model import DeliveryState, Target
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done

MADRID = "Europe/Madrid"


def _out(tx: object, *, post_id: int, account_id: int) -> None:
    tx.conn.execute(  # type: ignore[attr-defined]
        "UPDATE delivery SET state = 'published', attempts = 1, remote_id = 'r', published_at = 1"
        " WHERE post_id = ? AND account_id = ?",
        (post_id, account_id),
    )


async def test_what_waits_keeps_its_hour_and_can_be_moved_alone(
    planned: Planned, qtbot: QtBot, told: Told, clock: FixedClock
) -> None:
    shop = Shop(planned)
    first, second, third = (each.id for each in shop.accounts)
    post_id: int = shop.desk.run_now(
        commands.save_post, brand_id=shop.brand, text="hola", account_ids=[first, second, third]
    )
    hours = {first: "2026-03-02T10:30", second: "2026-03-02T10:30", third: "2026-03-02T17:00"}
    shop.desk.run_now(
        scheduling.schedule_each, post_id=post_id, targets=[Target(each, wall, MADRID) for each, wall in hours.items()]
    )
    for each in (first, second):
        shop.desk.run_now(_out, post_id=post_id, account_id=each)
    clock.advance(2 * 3600)  # 12:00 in Madrid: the hour of two of them has passed
    page = shop.compose(qtbot, post_id)
    assert page.bar.wall()[0] == "2026-03-02T17:00"
    assert page.bar._schedule.isEnabled()
    page.bar.set_wall("2026-03-03T09:00")
    page.do_schedule()
    await done()
    assert told.errors == []
    post = shop.desk.page(store.post, post_id)
    assert {each.account_id: each.wall for each in post.targets} == {**hours, third: "2026-03-03T09:00"}
    states = {each.account_id: each.state for each in post.deliveries if each.state is not DeliveryState.CANCELLED}
    assert states == {first: "published", second: "published", third: "queued"}


async def test_publishing_the_rest_now_keeps_where_it_is_out(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    first, second, _third = (each.id for each in shop.accounts)
    post_id: int = shop.desk.run_now(commands.save_post, brand_id=shop.brand, text="hola", account_ids=[first, second])
    shop.desk.run_now(commands.schedule, post_id=post_id, wall="2026-03-02T17:00", zone=MADRID)
    shop.desk.run_now(_out, post_id=post_id, account_id=first)
    page = shop.compose(qtbot, post_id)
    page.do_publish_now()
    await done()
    assert told.errors == []
    post = shop.desk.page(store.post, post_id)
    assert {each.account_id for each in post.targets} == {first, second}
    assert [each.account_id for each in post.deliveries if each.state is DeliveryState.QUEUED] == [second]
