"""Places without an interface (N26): prepared, reminded at their hour, published by a person, counted like the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import by_hand as commands, planning as deciding, settings
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, Part, PostStatus
from cmdesk.planning.by_hand import NETWORK, checked_page
from cmdesk.store import accounts, brands, by_hand as store, outbox_read, planning
from cmdesk.store.outbox_send import advance
from tests.core.commands.conftest import World


@pytest.fixture
def place(world: World) -> int:
    return world.desk.run_now(
        commands.add_place, brand_id=world.brand, name=" WhatsApp  Estado ", page_url="web.whatsapp.com", characters=700
    )


def plan(world: World, *accounts_: int, minutes: int = 30, text: str = "Hoy, roscón", **more: Any) -> int:
    at = (world.clock.now() + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(timespec="minutes")
    post_id = world.desk.run_now(
        deciding.save_post, brand_id=world.brand, text=text, account_ids=list(accounts_), **more
    )
    world.desk.run_now(deciding.schedule, post_id=post_id, wall=at, zone="UTC")
    return post_id


def states(world: World, post_id: int) -> list[DeliveryState]:
    return [each.state for each in world.desk.page(planning.post, post_id).deliveries]


def test_a_place_is_an_account_without_credentials(world: World, place: int) -> None:
    account = world.desk.page(accounts.account, place)
    assert (account.network, account.handle, account.server) == (NETWORK, "WhatsApp Estado", "https://web.whatsapp.com")
    assert (account.secret_ref, account.capabilities["limits"]["characters"]) == ("", 700)  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "url", "code"),
    [
        ("", "", "place_name"),
        ("x" * 61, "", "place_name"),
        ("whatsapp estado", "", "place_exists"),
        ("Foro", "ftp://x", "link_form"),
    ],
)
def test_a_place_needs_a_name_of_its_own_and_a_real_address(
    world: World, place: int, name: str, url: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.add_place, brand_id=world.brand, name=name, page_url=url)
    assert refused.value.code == code


def test_at_its_hour_it_waits_for_a_person_however_late_and_is_never_sent(world: World, place: int) -> None:
    post_id = plan(world, place)
    world.desk.run_now(advance)
    assert states(world, post_id) == [DeliveryState.QUEUED]
    world.clock.advance(8 * 3600)
    world.desk.run_now(advance)
    assert states(world, post_id) == [DeliveryState.MANUAL]
    assert [each.post_id for each in world.desk.page(store.waiting)] == [post_id]
    assert world.desk.page(outbox_read.problem_count) == 1
    assert world.desk.page(outbox_read.work_of, account_id=place, now=world.clock.now()) == []


def test_what_was_done_by_hand_counts_and_can_be_taken_back(world: World, place: int) -> None:
    post_id = plan(world, place, parts=(Part("segunda parte"),))
    world.clock.advance(3600)
    world.desk.run_now(advance)
    first = world.desk.page(planning.post, post_id).deliveries[0]
    whole = world.desk.page(store.together, first.id)
    assert len(whole) == 2
    done = world.desk.store.write(commands.done, delivery_ids=whole, url="chat.example/estado/1").result()
    post = world.desk.page(planning.post, post_id)
    assert (post.status, post.deliveries[0].remote_url) == (PostStatus.PUBLISHED, "https://chat.example/estado/1")
    start, end = world.clock.now() - timedelta(hours=1), world.clock.now() + timedelta(hours=1)
    found = world.desk.page(planning.publications, brand_id=world.brand, start=start, end=end)
    assert [(each.text, each.delivery_id) for each in found] == [("Hoy, roscón", whole[0]), ("segunda parte", whole[1])]
    assert world.desk.page(outbox_read.problem_count) == 0
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert states(world, post_id) == [DeliveryState.MANUAL] * 2
    assert world.desk.page(planning.publications, brand_id=world.brand, start=start, end=end) == []
    world.desk.run_now(commands.done, delivery_ids=whole)


def test_it_may_be_done_before_its_hour_but_never_for_a_network(world: World, place: int) -> None:
    post_id = plan(world, place, world.account)
    by_account = {each.account_id: each.id for each in world.desk.page(planning.post, post_id).deliveries}
    world.desk.run_now(commands.done, delivery_ids=[by_account[place]])
    with pytest.raises(Conflict) as refused:
        world.desk.run_now(commands.done, delivery_ids=[by_account[world.account]])
    assert refused.value.code == "not_by_hand"
    with pytest.raises(Conflict):
        world.desk.run_now(commands.done, delivery_ids=[by_account[place]])


def test_a_pause_keeps_it_back_and_another_hour_can_be_given(world: World, place: int) -> None:
    post_id = plan(world, place)
    world.desk.run_now(settings.set_value, key="publishing_paused", value=True)
    world.clock.advance(3600)
    world.desk.run_now(advance)
    assert states(world, post_id) == [DeliveryState.QUEUED]
    world.desk.run_now(settings.set_value, key="publishing_paused", value=False)
    world.desk.run_now(brands.update_brand, world.brand, publishing_paused=1)
    world.desk.run_now(advance)
    assert states(world, post_id) == [DeliveryState.QUEUED]
    world.desk.run_now(brands.update_brand, world.brand, publishing_paused=0)
    world.desk.run_now(advance)
    assert states(world, post_id) == [DeliveryState.MANUAL]
    later = (world.clock.now() + timedelta(hours=2)).replace(tzinfo=None).isoformat(timespec="minutes")
    world.desk.run_now(deciding.reschedule, post_id=post_id, wall=later, zone="UTC")
    assert states(world, post_id) == [DeliveryState.QUEUED]


@pytest.mark.parametrize("url", ["https://", "http://[x", "a b c://", "x" * 2100])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        checked_page(url)
    assert checked_page("  ") == ""
