"""Asking the client, noting the answer, and what leaves meanwhile (rank 25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import approval, brands, crisis, planning
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, Problem
from cmdesk.planning.approving import CODE, LATE, Standing, State
from cmdesk.store import approval as approvals, outbox_claim, outbox_read, outbox_send, planning as posts
from tests.helpers.desks import TestDesk, add_account, open_desk


@pytest.fixture
def shop(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    """A desk with one brand and one account, at Monday 2026-03-02 09:00 UTC."""
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def write(shop: TestDesk, text: str = "Bread", *, hours: float = 3, account_ids: tuple[int, ...] = ()) -> int:
    """Write and schedule a post."""
    wall = (shop.desk.clock.now() + timedelta(hours=hours + 1)).strftime("%Y-%m-%dT%H:%M")  # Madrid in winter
    return shop.desk.run_now(
        planning.plan_post, brand_id=shop.brand_id, text=text, account_ids=account_ids or (shop.account_id,),
        wall=wall, zone="Europe/Madrid",
    )  # fmt: skip


def edit(shop: TestDesk, post_id: int, text: str, *, seal: bool = True) -> None:
    """Change a post's text; with `seal` what is scheduled, too."""
    shop.desk.run_now(
        planning.save_post, post_id=post_id, brand_id=shop.brand_id, text=text, account_ids=[shop.account_id]
    )
    if seal:
        post = shop.desk.page(posts.post, post_id)
        shop.desk.run_now(planning.replan, post_id=post_id, targets=post.targets)


def ask(shop: TestDesk, *post_ids: int, **more: Any) -> int:
    """Ask for these."""
    return shop.desk.run_now(approval.ask, post_ids=post_ids, **more)


def said(shop: TestDesk, sheet_id: int, *answers: tuple[int, str, str]) -> None:
    """Note answers."""
    given = [approval.Said(number, State(decision), comment) for number, decision, comment in answers]
    shop.desk.run_now(approval.record, sheet_id=sheet_id, answers=given, by="Marta")


def standing(shop: TestDesk, post_id: int) -> Standing:
    """What the approval of a post is."""
    return shop.desk.page(approvals.standing, post_id)


def state(shop: TestDesk, post_id: int) -> str:
    """The state that every screen shows; the calendar's and the composer's are one."""
    shown = shop.desk.page(posts.post, post_id).approval
    assert shown == standing(shop, post_id).state
    return shown


def delivery(shop: TestDesk, post_id: int) -> Any:
    """The one delivery that counts."""
    return [each for each in shop.desk.page(posts.post, post_id).deliveries if each.state != "cancelled"][-1]


def leave(shop: TestDesk, post_id: int) -> outbox_claim.Claimed | outbox_claim.Refused | None:
    """Let time act and try to send; None when it is not even ready."""
    shop.desk.run_now(outbox_send.advance)
    shop.desk.run_now(outbox_send.advance)
    found = delivery(shop, post_id)
    if found.state is not DeliveryState.READY:
        return None
    return shop.desk.run_now(outbox_claim.claim, found.id, instance="test")


def problems(shop: TestDesk) -> list[Problem]:
    """What waits for the person; the number in the rail is the same."""
    found = shop.desk.page(outbox_read.problems)
    assert shop.desk.page(outbox_read.problem_count) == len(found)
    assert sum(shop.desk.page(outbox_read.problem_counts).values()) == len(found)
    return found


def test_a_post_leaves_only_after_the_yes(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop)
    sheet_id = ask(shop, post_id)
    assert state(shop, post_id) == "asked"
    clock.advance(10860)
    assert leave(shop, post_id) is None
    assert (delivery(shop, post_id).state, delivery(shop, post_id).reason_code) == (DeliveryState.QUEUED, CODE)
    said(shop, sheet_id, (1, "approved", ""))
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_the_claim_itself_asks(shop: TestDesk, clock: FixedClock) -> None:
    """A question that comes between "ready" and the claim still stops it."""
    post_id = write(shop)
    clock.advance(10860)
    shop.desk.run_now(outbox_send.advance)
    ready = delivery(shop, post_id)
    assert ready.state is DeliveryState.READY
    ask(shop, post_id)
    refused = shop.desk.run_now(outbox_claim.claim, ready.id, instance="test")
    assert refused == outbox_claim.Refused(CODE)
    assert delivery(shop, post_id).state is DeliveryState.QUEUED


def test_when_its_hour_passes_it_asks_and_says_that_the_client_has_not_answered(
    shop: TestDesk, clock: FixedClock
) -> None:
    post_id = write(shop)
    sheet_id = ask(shop, post_id)
    clock.advance(12600)
    assert leave(shop, post_id) is None
    held = delivery(shop, post_id)
    assert (held.state, held.reason_code) == (DeliveryState.HELD_LATE, LATE)
    assert [each.code for each in problems(shop)] == [LATE]
    shop.desk.run_now(planning.approve_late, delivery_ids=[held.id], how="now")
    assert leave(shop, post_id) is None  # a yes to being late is not the client's yes
    assert delivery(shop, post_id).reason_code == CODE
    said(shop, sheet_id, (1, "approved", ""))
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_a_yes_after_its_hour_asks_as_late(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop)
    sheet_id = ask(shop, post_id)
    clock.advance(12600)
    leave(shop, post_id)
    said(shop, sheet_id, (1, "approved", ""))
    assert (delivery(shop, post_id).state, delivery(shop, post_id).reason_code) == (DeliveryState.HELD_LATE, "late")


def test_editing_asks_again_and_going_back_does_not(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop, "Bread")
    sheet_id = ask(shop, post_id)
    said(shop, sheet_id, (1, "approved", ""))
    edit(shop, post_id, "Bread!")
    assert state(shop, post_id) == "outdated"
    clock.advance(10860)
    assert leave(shop, post_id) is None
    edit(shop, post_id, "Bread")
    assert state(shop, post_id) == "approved"
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_what_was_sealed_is_what_must_be_approved(shop: TestDesk, clock: FixedClock) -> None:
    """An edit that was not scheduled anew: the yes is for the new words, the old ones do not leave."""
    post_id = write(shop, "Old words")
    said(shop, ask(shop, post_id), (1, "approved", ""))
    edit(shop, post_id, "New words", seal=False)
    other = ask(shop, post_id)  # seals what is shown
    assert delivery(shop, post_id).text == "New words"
    said(shop, other, (1, "approved", ""))
    edit(shop, post_id, "Newest words", seal=True)
    edit(shop, post_id, "New words", seal=False)
    assert state(shop, post_id) == "approved"
    assert standing(shop, post_id).stale
    clock.advance(10860)
    assert leave(shop, post_id) is None
    assert delivery(shop, post_id).text == "Newest words"


def test_a_note_an_hour_or_an_account_asks_nothing_again(shop: TestDesk) -> None:
    post_id = write(shop)
    said(shop, ask(shop, post_id), (1, "approved", ""))
    shop.desk.run_now(
        planning.save_post, post_id=post_id, brand_id=shop.brand_id, text="Bread", account_ids=[shop.account_id],
        note="Ask Marta about the photo",
    )  # fmt: skip
    shop.desk.run_now(planning.reschedule, post_id=post_id, wall="2026-03-05T10:00", zone="Europe/Madrid")
    assert state(shop, post_id) == "approved"


def test_an_answer_to_words_that_were_edited_counts_when_they_come_back(shop: TestDesk) -> None:
    post_id = write(shop, "Bread")
    sheet_id = ask(shop, post_id)
    edit(shop, post_id, "Cake")
    said(shop, sheet_id, (1, "approved", ""))
    assert state(shop, post_id) == "outdated"
    edit(shop, post_id, "Bread")
    assert state(shop, post_id) == "approved"


def test_change_wanted_is_a_problem_with_the_clients_words_and_asking_again_shows_what_changed(
    shop: TestDesk,
) -> None:
    first, second = write(shop, "Bread"), write(shop, "Cake", hours=5)
    sheet_id = ask(shop, first, second, title="Week 10", sent_to="Marta")
    said(shop, sheet_id, (1, "approved", ""), (2, "change", "say which cake"))
    assert [(each.kind, each.code, each.detail, each.post_id) for each in problems(shop)] == [
        ("approval", "approval_change", "say which cake", second)
    ]
    edit(shop, second, "Apple cake")
    assert state(shop, second) == "outdated"
    assert problems(shop) == []
    again = shop.desk.run_now(approval.ask_again, sheet_id=sheet_id)
    found = shop.desk.page(approvals.sheet, again)
    assert [(each.post_id, each.number) for each in found.items] == [(second, 1)]
    assert (found.number, found.title, found.sent_to) == (2, "Week 10", "Marta")
    assert state(shop, second) == "asked"
    assert not shop.desk.page(approvals.sheet, sheet_id).open


def test_asking_again_withdraws_the_question_nobody_answered(shop: TestDesk) -> None:
    post_id = write(shop)
    old = ask(shop, post_id)
    new = ask(shop, post_id)
    with pytest.raises(Conflict) as caught:
        said(shop, old, (1, "approved", ""))
    assert caught.value.code == "approval_withdrawn"
    assert state(shop, post_id) == "asked"
    said(shop, new, (1, "approved", ""))
    assert state(shop, post_id) == "approved"


def test_a_question_expires_once_and_a_late_yes_still_counts(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop, hours=30)
    sheet_id = ask(shop, post_id, expires_at=clock.now() + timedelta(hours=4))
    assert shop.desk.run_now(approvals.expire) == []
    clock.advance(18000)
    assert len(shop.desk.run_now(approvals.expire)) == 1
    assert shop.desk.run_now(approvals.expire) == []
    assert state(shop, post_id) == "expired"
    assert [each.code for each in problems(shop)] == ["approval_expired"]
    news = shop.desk.page(approvals.untold)
    assert [each.post_id for each in news] == [post_id]
    shop.desk.run_now(approvals.told, item_ids=[each.id for each in news])
    assert shop.desk.page(approvals.untold) == []
    said(shop, sheet_id, (1, "approved", ""))
    assert state(shop, post_id) == "approved"


def test_reminding_asks_again_until_another_date(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop, hours=60)
    sheet_id = ask(shop, post_id, expires_at=clock.now() + timedelta(hours=4))
    clock.advance(18000)
    shop.desk.run_now(approvals.expire)
    shop.desk.run_now(approval.remind, sheet_id=sheet_id, expires_at=clock.now() + timedelta(hours=20))
    assert state(shop, post_id) == "asked"
    found = shop.desk.page(approvals.sheet, sheet_id)
    assert (found.reminded, found.expires_at) == (1, clock.now() + timedelta(hours=20))
    said(shop, sheet_id, (1, "change", ""))
    with pytest.raises(Conflict):
        shop.desk.run_now(approval.remind, sheet_id=sheet_id)


def test_publishing_without_the_yes_needs_a_reason_and_is_logged(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop)
    ask(shop, post_id)
    with pytest.raises(Invalid) as caught:
        shop.desk.run_now(approval.waive, post_ids=[post_id], reason=" ")
    assert caught.value.code == "approval_reason"
    shop.desk.run_now(approval.waive, post_ids=[post_id], reason="Agreed on the phone")
    assert state(shop, post_id) == "waived"
    logged = shop.desk.page(
        lambda reader: reader.execute("SELECT post_id, text FROM activity WHERE kind = 'approval_waived'").fetchall()
    )
    assert [tuple(each) for each in logged] == [(post_id, "Agreed on the phone")]
    clock.advance(10860)
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_a_brand_can_want_a_yes_for_everything(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop)
    shop.desk.run_now(brands.edit_brand, brand_id=shop.brand_id, edit=brands.BrandEdit(needs_approval=True))
    assert standing(shop, post_id).holds
    clock.advance(10860)
    assert leave(shop, post_id) is None
    assert delivery(shop, post_id).reason_code == CODE
    shop.desk.run_now(approval.waive, post_ids=[post_id], reason="Agreed on the phone")
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_the_statement_of_a_crisis_was_approved_with_the_plan(shop: TestDesk) -> None:
    shop.desk.run_now(brands.edit_brand, brand_id=shop.brand_id, edit=brands.BrandEdit(needs_approval=True))
    crisis_id = shop.desk.run_now(crisis.start, brand_id=shop.brand_id, reason="Fire")
    post_id = shop.desk.run_now(
        crisis.publish_statement, crisis_id=crisis_id, brand_id=shop.brand_id, text="We are looking into it",
        account_ids=[shop.account_id],
    )  # fmt: skip
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_a_network_gets_nothing_to_keep_before_the_yes_and_gives_it_back_when_it_changes(
    shop: TestDesk, clock: FixedClock
) -> None:
    keeps = add_account(shop.desk, shop.brand_id, "keeper", schedule=True)
    post_id = shop.desk.run_now(planning.save_post, brand_id=shop.brand_id, text="Kept there", account_ids=[keeps])
    shop.desk.run_now(planning.schedule, post_id=post_id, wall="2026-03-04T10:00", zone="Europe/Madrid", hand_off=True)
    sheet_id = ask(shop, post_id)
    assert leave(shop, post_id) is None
    assert (delivery(shop, post_id).state, delivery(shop, post_id).reason_code) == (DeliveryState.QUEUED, CODE)
    said(shop, sheet_id, (1, "approved", ""))
    claimed = leave(shop, post_id)
    assert isinstance(claimed, outbox_claim.Claimed) and claimed.scheduled
    shop.desk.run_now(lambda tx: tx.conn.execute("UPDATE delivery SET state = 'handed_off', remote_id = 'x'").rowcount)
    with pytest.raises(Conflict) as caught:
        ask(shop, post_id)
    assert caught.value.code == "approval_handed_off"
    said(shop, sheet_id, (1, "change", "Not like this"))
    wanted = shop.desk.page(lambda reader: reader.execute("SELECT act FROM action").fetchall())
    assert [each[0] for each in wanted] == ["cancel_scheduled"]


def test_decisions_are_taken_back_and_done_again(shop: TestDesk) -> None:
    post_id = write(shop)

    def undo(done: Any) -> Any:
        return shop.desk.store.write(done.undo.command, **done.undo.args).result()

    asked = shop.desk.store.write(approval.ask, post_ids=[post_id]).result()
    back = undo(asked)
    assert state(shop, post_id) == ""
    undo(back)
    assert state(shop, post_id) == "asked"
    answer = shop.desk.store.write(
        approval.record, sheet_id=asked.value, answers=[approval.Said(1, State.CHANGE, "Shorter")]
    ).result()
    edit(shop, post_id, "Br")
    undo(answer)
    assert state(shop, post_id) == "outdated"
    edit(shop, post_id, "Bread")
    assert state(shop, post_id) == "asked"


def test_taking_a_question_back_lets_the_post_go(shop: TestDesk, clock: FixedClock) -> None:
    post_id = write(shop)
    sheet_id = ask(shop, post_id)
    assert shop.desk.run_now(approval.withdraw, sheet_id=sheet_id) == 1
    with pytest.raises(Conflict):
        shop.desk.run_now(approval.withdraw, sheet_id=sheet_id)
    clock.advance(10860)
    assert isinstance(leave(shop, post_id), outbox_claim.Claimed)


def test_what_cannot_be_asked_is_said(shop: TestDesk) -> None:
    post_id = write(shop)
    for posts_asked, code in (([], "approval_empty"), ([post_id, 999], "post_unknown")):
        with pytest.raises(Invalid) as caught:
            ask(shop, *posts_asked)
        assert caught.value.code == code
    with pytest.raises(Invalid) as caught:
        ask(shop, post_id, expires_at=shop.desk.clock.now() - timedelta(hours=1))
    assert caught.value.code == "approval_past"
    sheet_id = ask(shop, post_id)
    with pytest.raises(Invalid) as caught:
        said(shop, sheet_id, (2, "approved", ""))
    assert caught.value.code == "approval_number"


def test_an_answer_is_asked_for_by_a_full_hour(shop: TestDesk, clock: FixedClock) -> None:
    clock.advance(17 * 60 + 5)
    post_id = shop.desk.run_now(
        planning.plan_post, brand_id=shop.brand_id, text="Pan", account_ids=[shop.account_id],
        wall=f"{clock.now() + timedelta(hours=9, minutes=20):%Y-%m-%dT%H:%M}", zone="UTC",
    )  # fmt: skip
    until = shop.desk.page(approvals.usual_expiry, shop.brand_id, [post_id], now=clock.now())
    assert until is not None and clock.now() < until and (until.minute, until.second) == (0, 0)
