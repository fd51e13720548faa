"""No interleaving of editing, asking, answering, scheduling and claiming publishes what the client did not approve."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from cmdesk.clock import FixedClock
from cmdesk.commands import approval, brands, planning
from cmdesk.errors import DeskError
from cmdesk.model import DeliveryState
from cmdesk.planning.approving import State
from cmdesk.store import approval as approvals, outbox_claim, outbox_send, planning as posts
from tests.helpers.desks import TestDesk, open_desk

TEXTS = ("Bread", "Cake", "Pie")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(TEXTS)),
        st.tuples(st.just("seal"), st.integers(-2, 3)),
        st.tuples(st.just("ask"), st.none()),
        st.tuples(st.just("yes"), st.integers(0, 3)),
        st.tuples(st.just("change"), st.integers(0, 3)),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
        st.tuples(st.just("waive"), st.none()),
        st.tuples(st.just("expire"), st.none()),
        st.tuples(st.just("late"), st.none()),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("wait"), st.integers(1, 120)),
        st.tuples(st.just("claim"), st.none()),
    ),
    max_size=18,
)


@dataclass
class World:
    """One post of a brand that wants a yes for everything, and what was said about which words."""

    shop: TestDesk
    clock: FixedClock
    post_id: int = 0
    asked: list[tuple[int, str]] = field(default_factory=list)  # (sheet, words)
    allowed: list[str] = field(default_factory=list)  # words the client, or a person for them, ever said yes to
    undo: Any = None
    out: str = ""

    def text(self) -> str:
        """What the post says now."""
        return self.shop.desk.page(posts.post, self.post_id).text

    def run(self, command: Any, **fields: Any) -> Any:
        """Do it; what is refused changes nothing."""
        try:
            done = self.shop.desk.store.write(command, **fields).result()
        except DeskError:
            return None
        self.undo = done.undo
        return done

    def sheet(self, place: int) -> tuple[int, str] | None:
        """One of the sheets."""
        return self.asked[place % len(self.asked)] if self.asked else None


def step(world: World, name: str, detail: Any) -> None:
    """Do one thing of those a person, the client or time can do."""
    desk = world.shop.desk
    match name:
        case "edit":
            account = [world.shop.account_id]
            world.run(
                planning.save_post,
                post_id=world.post_id,
                brand_id=world.shop.brand_id,
                text=detail,
                account_ids=account,
            )
        case "seal":
            at = world.clock.now() + timedelta(minutes=60 * detail, hours=1)
            world.run(
                planning.schedule, post_id=world.post_id, wall=at.strftime("%Y-%m-%dT%H:%M"), zone="Europe/Madrid",
                account_ids=[world.shop.account_id],
            )  # fmt: skip
        case "ask":
            words = world.text()
            done = world.run(
                approval.ask, post_ids=[world.post_id], expires_at=world.clock.now() + timedelta(minutes=45)
            )
            if done is not None:
                world.asked.append((done.value, words))
        case "yes" | "change":
            found = world.sheet(detail)
            decision = State.APPROVED if name == "yes" else State.CHANGE
            if found is not None:
                done = world.run(approval.record, sheet_id=found[0], answers=[approval.Said(1, decision)])
                if done is not None and name == "yes":
                    world.allowed.append(found[1])
        case "withdraw":
            found = world.sheet(detail)
            if found is not None:
                world.run(approval.withdraw, sheet_id=found[0])
        case "waive":
            words = world.text()
            if world.run(approval.waive, post_ids=[world.post_id], reason="Agreed") is not None:
                world.allowed.append(words)
        case "expire":
            world.run(approvals.expire)
        case "late":
            ids = [each.id for each in desk.page(posts.post, world.post_id).deliveries]
            world.run(planning.approve_late, delivery_ids=ids, how="now")
        case "undo":
            if world.undo is not None:
                world.run(world.undo.command, **world.undo.args)
        case "wait":
            world.clock.advance(60 * detail)
        case "claim":
            claim(world)


def claim(world: World) -> None:
    """Let time act, and send what is let go; it must have been approved, word for word."""
    desk = world.shop.desk
    for _turn in range(2):
        desk.run_now(outbox_send.advance)
    for each in desk.page(posts.post, world.post_id).deliveries:
        if each.state is DeliveryState.READY and not world.out:
            done = desk.run_now(outbox_claim.claim, each.id, instance="test")
            if isinstance(done, outbox_claim.Claimed):
                world.out = done.delivery.text
                assert world.out in world.allowed, f"{world.out!r} leaves, approved were {world.allowed}"
                standing = desk.page(approvals.standing, world.post_id)
                assert standing.item is not None and standing.item.state in (State.APPROVED, State.WAIVED)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_nothing_leaves_that_was_not_approved(steps: list[tuple[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
        shop = open_desk(Path(folder), clock)
        try:
            brand = brands.BrandEdit(needs_approval=True)
            shop.desk.run_now(brands.edit_brand, brand_id=shop.brand_id, edit=brand)
            world = World(shop, clock)
            world.post_id = shop.desk.run_now(
                planning.plan_post, brand_id=shop.brand_id, text="Bread", account_ids=[shop.account_id],
                wall="2026-03-02T11:00", zone="Europe/Madrid",
            )  # fmt: skip
            for name, detail in steps:
                if world.out:
                    break
                step(world, name, detail)
            claim(world)
        finally:
            shop.desk.close_now()


def test_the_steps_reach_a_publication() -> None:
    """The property would hold of a world in which nothing ever leaves: this one leaves."""
    with TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
        shop = open_desk(Path(folder), clock)
        try:
            world = World(shop, clock)
            world.post_id = shop.desk.run_now(
                planning.plan_post, brand_id=shop.brand_id, text="Bread", account_ids=[shop.account_id],
                wall="2026-03-02T11:00", zone="Europe/Madrid",
            )  # fmt: skip
            for name, detail in (("edit", "Cake"), ("ask", None), ("yes", 0), ("wait", 61), ("claim", None)):
                step(world, name, detail)
            assert world.out == "Cake"
        finally:
            shop.desk.close_now()
