"""A crisis, a client who has not said yes and a pause at once: whatever goes first, the last one keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import approval, brands, crisis, pausing, planning
from cmdesk.model import DeliveryState
from cmdesk.planning.approving import State
from cmdesk.store import crisis as crises, outbox_claim, outbox_send, planning as posts
from tests.helpers.desks import TestDesk, open_desk

HOLDS = ("crisis", "approval", "pause")


@pytest.fixture
def shop(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def leaves(shop: TestDesk, post_id: int) -> bool:
    """Let time act, and say whether something of the post is let go."""
    for _turn in range(2):
        shop.desk.run_now(outbox_send.advance)
    for each in shop.desk.page(posts.post, post_id).deliveries:
        if not each.state.final:
            done = shop.desk.run_now(outbox_claim.claim, each.id, instance="test")
            if isinstance(done, outbox_claim.Claimed):
                return True
    return False


@pytest.mark.parametrize("order", list(permutations(HOLDS)), ids="-".join)
@pytest.mark.parametrize("minutes", [30, 121], ids=["before its hour", "after its hour"])
def test_it_leaves_only_when_every_hold_is_lifted(
    shop: TestDesk, clock: FixedClock, order: tuple[str, ...], minutes: int
) -> None:
    run, brand_id = shop.desk.run_now, shop.brand_id
    at = clock.now()
    post_id = run(
        planning.plan_post, brand_id=brand_id, text="Pan", account_ids=[shop.account_id],
        wall=f"{at:%Y-%m-%d}T{at.hour + 2:02d}:{at.minute:02d}", zone="UTC",
    )  # fmt: skip
    sheet = run(approval.ask, post_ids=[post_id])
    run(brands.edit_brand, brand_id=brand_id, edit=brands.BrandEdit(needs_approval=True))
    run(pausing.pause, brand_id=brand_id)
    crisis_id = run(crisis.start, brand_id=brand_id)
    clock.advance(60 * minutes)
    for hold in order:
        assert not leaves(shop, post_id), f"it left before {hold} was lifted"
        if hold == "approval":
            run(approval.record, sheet_id=sheet, answers=[approval.Said(1, State.APPROVED)])
        elif hold == "pause":
            run(pausing.resume, brand_id=brand_id)
        else:
            run(crisis.over, crisis_id=crisis_id)
            for each in shop.desk.page(crises.held, crisis_id):
                run(crisis.decide, crisis_id=crisis_id, delivery_id=each.delivery_id, decision="released")
    clock.advance(60 * 121)
    late = [each.id for each in shop.desk.page(posts.post, post_id).deliveries if not each.state.final]
    assert late
    if not leaves(shop, post_id):
        states = {each.state for each in shop.desk.page(posts.post, post_id).deliveries if not each.state.final}
        assert states == {DeliveryState.HELD_LATE}, "what is late asks; nothing else may keep it"
        run(planning.approve_late, delivery_ids=late, how="now")
        assert leaves(shop, post_id)
