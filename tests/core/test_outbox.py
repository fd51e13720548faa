"""Sealing, taking back, the person's decisions and the problems list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import NEEDS_PERSON, AccountState, DeliveryState, Part, Target
from cmdesk.planning.settling import Outcome
from cmdesk.store import accounts, brands, outbox, outbox_actions, outbox_read, outbox_send, planning
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_claim import Claimed, Refused, claim
from cmdesk.store.outbox_look import record_look
from cmdesk.store.outbox_seen import Seen, confirm_seen
from cmdesk.store.outbox_state import Found, publish, row_of
from tests.helpers.desks import TestDesk, add_account, open_desk

State = DeliveryState


@pytest.fixture
def bench(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def put(tx: Transaction, delivery_id: int, state: str, code: str = "", tried: bool = False) -> None:
    """Bring a delivery into a state the short way."""
    tx.conn.execute(
        "UPDATE delivery SET state = ?, reason_code = ?, attempts = ?, first_attempt_at = ?, last_attempt_at = ?"
        " WHERE id = ?",
        (state, code, int(tried), tx.now_ms if tried else None, tx.now_ms if tried else None, delivery_id),
    )


def write(bench: TestDesk, text: str = "Pan", **more: object) -> int:
    return bench.desk.run_now(planning.save_post, brand_id=bench.brand_id, text=text, **more)  # type: ignore[arg-type]


def test_a_sealed_delivery_holds_everything(bench: TestDesk, clock: FixedClock) -> None:
    post_id = write(bench, "Pan", variants={"scripted": "Pan corto"}, language="es", visibility="unlisted")
    target = Target(bench.account_id, wall="2026-03-02T18:00", zone="Europe/Madrid")
    (sealed,) = bench.desk.run_now(outbox.seal, post_id, targets=[target])
    delivery = bench.delivery(sealed)
    assert (delivery.text, delivery.visibility, delivery.language) == ("Pan corto", "unlisted", "es")
    assert delivery.due_at.isoformat() == "2026-03-02T17:00:00+00:00"
    assert (delivery.wall, delivery.zone, delivery.fold) == ("2026-03-02T18:00", "Europe/Madrid", 0)
    assert delivery.expected_author == "bakery"
    assert len(delivery.key) == 36 and len(delivery.record_key) == 13
    assert delivery.state is State.QUEUED


def test_a_new_time_is_a_new_delivery_with_new_keys(bench: TestDesk) -> None:
    post_id = write(bench)
    seal = Target(bench.account_id, wall="2026-03-02T18:00", zone="Europe/Madrid")
    (first,) = bench.desk.run_now(outbox.seal, post_id, targets=[seal])
    before = bench.delivery(first)
    again = Target(bench.account_id, wall="2026-03-03T18:00", zone="Europe/Madrid")
    (second,) = bench.desk.run_now(outbox.seal, post_id, targets=[again])
    after = bench.delivery(second)
    assert after.key != before.key and after.record_key != before.record_key
    assert [each.id for each in bench.desk.page(outbox.deliveries, post_id=post_id)] == [second]


@pytest.mark.parametrize(
    ("state", "code"),
    [("sending", "in_flight"), ("uncertain", "in_flight"), ("review", "in_review")],
)
def test_what_may_be_at_the_network_is_not_replaced(bench: TestDesk, clock: FixedClock, state: str, code: str) -> None:
    (sent,) = bench.post("Pan")
    bench.desk.run_now(put, sent, state, tried=True)
    post_id = bench.delivery(sent).post_id
    for attempt in (
        lambda: bench.desk.run_now(outbox.seal, post_id, targets=[Target(bench.account_id)], due_at=clock.now()),
        lambda: bench.desk.run_now(outbox.unseal, post_id),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == code
    assert bench.state(sent) == state


def test_an_account_where_it_is_out_gets_no_second_one(bench: TestDesk, clock: FixedClock) -> None:
    other = add_account(bench.desk, bench.brand_id, "market")
    one, two = bench.post("Pan", account_ids=(bench.account_id, other))
    bench.desk.run_now(put, one, "published", tried=True)
    post_id = bench.delivery(one).post_id
    targets = [Target(bench.account_id), Target(other)]
    (sealed,) = bench.desk.run_now(outbox.seal, post_id, targets=targets, due_at=clock.now())
    assert bench.delivery(sealed).account_id == other
    bench.desk.run_now(put, sealed, "confirmed", tried=True)
    with pytest.raises(Conflict) as caught:
        bench.desk.run_now(outbox.seal, post_id, targets=targets, due_at=clock.now())
    assert caught.value.code == "already_out"
    assert two not in [each.id for each in bench.desk.page(outbox.deliveries, post_id=post_id)]


@pytest.mark.parametrize(
    ("text", "wall", "zone", "code"),
    [
        ("  ", "2026-03-02T18:00", "Europe/Madrid", "nothing_to_say"),
        ("Pan", "2026-03-29T02:30", "Europe/Madrid", "time_gap"),
        ("Pan", "", "Europe/Madrid", "no_time"),
        ("Pan", "mañana", "Europe/Madrid", "time_unreadable"),
        ("Pan", "2026-03-02T18:00", "Europe/Atlantis", "zone_unknown"),
    ],
)
def test_what_cannot_be_sealed_is_refused_and_leaves_no_row(
    bench: TestDesk, text: str, wall: str, zone: str, code: str
) -> None:
    post_id = write(bench, text)
    with pytest.raises(Invalid) as caught:
        bench.desk.run_now(outbox.seal, post_id, targets=[Target(bench.account_id, wall=wall, zone=zone)])
    assert caught.value.code == code
    assert bench.desk.page(outbox.deliveries) == []


def test_no_post_leaves_from_another_brands_account(bench: TestDesk, clock: FixedClock) -> None:
    other = bench.desk.run_now(brands.add_brand, name="Optics", zone="UTC", language="en", color="#000000")
    foreign = add_account(bench.desk, other, "optics")
    post_id = write(bench)
    with pytest.raises(Conflict) as caught:
        bench.desk.run_now(outbox.seal, post_id, targets=[Target(foreign)], due_at=clock.now())
    assert caught.value.code == "wrong_brand"


def ready(bench: TestDesk, text: str = "Pan") -> int:
    (sent,) = bench.post(text)
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(sent) is State.READY
    return sent


def claim_now(bench: TestDesk, delivery_id: int) -> Claimed | Refused:
    return bench.desk.run_now(claim, delivery_id, instance="here")


def test_a_claim_writes_the_attempt_before_anything_leaves(bench: TestDesk, clock: FixedClock) -> None:
    sent = ready(bench)
    claimed = claim_now(bench, sent)
    assert isinstance(claimed, Claimed)
    (attempt,) = bench.desk.page(outbox_read.attempts, sent)
    assert (attempt.outcome, len(attempt.request_sha256)) == ("", 64)
    assert bench.delivery(sent).frozen_at == clock.now()
    assert claim_now(bench, sent) == Refused("not_ready")


def test_a_repeat_is_the_same_request_byte_for_byte(bench: TestDesk, clock: FixedClock) -> None:
    sent = ready(bench)
    for _ in range(2):
        claimed = claim_now(bench, sent)
        assert isinstance(claimed, Claimed)
        bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.DOUBT, repeat="key_1h")
        clock.advance(200)
        bench.desk.run_now(record_look, sent, [], conclusive=True, repeat="key_1h")
        assert bench.state(sent) is State.READY
    first, second = bench.desk.page(outbox_read.attempts, sent)
    assert first.request_sha256 == second.request_sha256


def test_the_claim_compares_brand_account_and_author(bench: TestDesk) -> None:
    sent = ready(bench)

    def swap(tx: Transaction) -> None:
        tx.conn.execute("UPDATE account SET remote_id = 'somebody' WHERE id = ?", (bench.account_id,))

    bench.desk.run_now(swap)
    assert claim_now(bench, sent) == Refused("wrong_author")
    assert bench.state(sent) is State.REJECTED


@pytest.mark.parametrize(
    ("account_state", "code", "state"),
    [
        (AccountState.RECONNECT, "auth_expired", State.BLOCKED_AUTH),
        (AccountState.STOPPED, "account_stopped", State.READY),
        (AccountState.PAUSED, "account_paused", State.READY),
        (AccountState.DISCONNECTED, "account_disconnected", State.READY),
    ],
)
def test_an_unhealthy_account_sends_nothing(
    bench: TestDesk, account_state: AccountState, code: str, state: DeliveryState
) -> None:
    sent = ready(bench)
    bench.desk.run_now(accounts.set_account_state, bench.account_id, account_state)
    assert claim_now(bench, sent) == Refused(code)
    assert bench.state(sent) is state


def test_a_paused_brand_sends_nothing_and_says_so(bench: TestDesk) -> None:
    sent = ready(bench)
    bench.desk.run_now(brands.update_brand, bench.brand_id, publishing_paused=True)
    assert claim_now(bench, sent) == Refused("brand_paused")
    assert bench.delivery(sent).reason_code == "brand_paused"


def test_one_call_at_a_time_and_no_equal_text_while_one_is_in_doubt(bench: TestDesk) -> None:
    one, two, three = ready(bench), ready(bench, "Otro"), ready(bench)
    claimed = claim_now(bench, one)
    assert isinstance(claimed, Claimed)
    assert claim_now(bench, two) == Refused("sibling_in_flight")
    bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.DOUBT)
    assert isinstance(claim_now(bench, two), Claimed)
    assert claim_now(bench, three) == Refused("sibling_in_flight")


def test_a_thread_goes_out_part_by_part(bench: TestDesk, clock: FixedClock) -> None:
    post_id = write(bench, "Uno", parts=[Part("Dos")])
    parts = bench.desk.run_now(outbox.seal, post_id, targets=[Target(bench.account_id)], due_at=clock.now())
    bench.desk.run_now(outbox_send.advance)
    assert (bench.state(parts[1]), bench.delivery(parts[1]).reason_code) == (State.QUEUED, "part_before")
    bench.desk.run_now(put, parts[1], "ready")
    assert claim_now(bench, parts[1]) == Refused("part_before")
    claimed = claim_now(bench, parts[0])
    assert isinstance(claimed, Claimed)
    found = Found("77", "bakery", "https://net.example/77")
    bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.YES, found=found)
    bench.desk.run_now(outbox_send.advance)
    assert isinstance(claim_now(bench, parts[1]), Claimed)
    before = bench.desk.page(outbox_read.part_before, bench.delivery(parts[1]))
    assert before is not None and before.remote_id == "77"


def test_two_deliveries_never_stand_for_one_remote_post(bench: TestDesk) -> None:
    one, two = ready(bench), ready(bench, "Otro")
    for sent in (one, two):
        claimed = claim_now(bench, sent)
        assert isinstance(claimed, Claimed)
        found = Found("77", "bakery")
        bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.YES, found=found)
    assert bench.state(one) is State.PUBLISHED
    assert (bench.state(two), bench.delivery(two).reason_code) == (State.UNCERTAIN, "claimed_elsewhere")


def test_a_yes_without_an_author_is_no_yes(bench: TestDesk) -> None:
    sent = ready(bench)
    claimed = claim_now(bench, sent)
    assert isinstance(claimed, Claimed)
    bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.YES, found=Found("77", ""))
    assert bench.state(sent) is State.UNCERTAIN


def test_process_start_finds_what_was_on_the_wire(bench: TestDesk) -> None:
    sent = ready(bench)
    claim_now(bench, sent)
    assert bench.desk.run_now(outbox_send.recover) == [sent]
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.UNCERTAIN, "interrupted")
    (attempt,) = bench.desk.page(outbox_read.attempts, sent)
    assert (attempt.outcome, attempt.detail) == ("doubt", "interrupted")
    assert bench.desk.run_now(outbox_send.recover) == []


def test_two_candidates_are_never_decided_by_us(bench: TestDesk, clock: FixedClock) -> None:
    sent = ready(bench)
    claim_now(bench, sent)
    bench.desk.run_now(outbox_send.recover)
    found = [Found("1", "bakery", "https://a"), Found("2", "bakery", "https://b"), Found("3", "stranger")]
    bench.desk.run_now(record_look, sent, found, conclusive=True, repeat="key_1h")
    delivery = bench.delivery(sent)
    assert (delivery.state, delivery.reason_code, delivery.reason_detail) == (
        State.REVIEW, "several_found", "https://a https://b",
    )  # fmt: skip


def test_everything_a_person_must_decide_is_among_the_problems(bench: TestDesk) -> None:
    every = [*sorted(NEEDS_PERSON), State.UNCERTAIN]
    for state in every:
        (sent,) = bench.post(f"Post {state}")
        bench.desk.run_now(put, sent, state, "why")
    found = bench.desk.page(outbox.problems, brand_id=bench.brand_id)
    assert sorted(problem.state for problem in found) == sorted(every)
    assert bench.desk.page(outbox.problem_count, brand_id=bench.brand_id) == len(every)
    assert bench.desk.page(outbox.problem_count) == len(every)
    assert bench.desk.page(outbox.problem_count, brand_id=bench.brand_id + 1) == 0


def test_only_what_is_over_can_be_put_out_of_sight(bench: TestDesk) -> None:
    (over,) = bench.post("Rechazado")
    (open_,) = bench.post("En duda")
    bench.desk.run_now(put, over, "rejected")
    bench.desk.run_now(put, open_, "review")
    bench.desk.run_now(outbox.dismiss, f"delivery:{over}")
    with pytest.raises(Conflict):
        bench.desk.run_now(outbox.dismiss, f"delivery:{open_}")
    with pytest.raises(Conflict):
        bench.desk.run_now(outbox.dismiss, f"account:{bench.account_id}")
    assert [problem.ref_id for problem in bench.desk.page(outbox.problems)] == [open_]


def test_a_person_can_say_that_it_is_there(bench: TestDesk, clock: FixedClock) -> None:
    sent = ready(bench)
    claim_now(bench, sent)
    bench.desk.run_now(outbox_send.recover)
    bench.desk.run_now(outbox.confirm_there, sent, remote_url="https://net.example/9")
    delivery = bench.delivery(sent)
    assert (delivery.state, delivery.remote_url, delivery.verified) == (
        State.CONFIRMED, "https://net.example/9", "person",
    )  # fmt: skip


def test_restored_deliveries_are_held_until_looked_for_and_approved(bench: TestDesk, clock: FixedClock) -> None:
    (sent,) = bench.post("Ya salió")
    (future,) = bench.post("Aún no", at=clock.now() + timedelta(days=2))
    assert bench.desk.run_now(outbox.hold_restored) == 2
    work = bench.desk.page(outbox_read.work_of, account_id=bench.account_id, now=clock.now())
    assert sorted(work) == [sent, future]
    bench.desk.run_now(record_look, sent, [Found("5", "bakery")], conclusive=True)
    bench.desk.run_now(record_look, future, [], conclusive=True)
    assert bench.state(sent) is State.PUBLISHED
    assert (bench.state(future), bench.delivery(future).reason_code) == (State.HELD_RESTORED, "restored_absent")
    bench.desk.run_now(outbox.release, [future])
    assert (bench.state(future), bench.delivery(future).reason_code) == (State.UNCERTAIN, "send_again")
    bench.desk.run_now(record_look, future, [], conclusive=True)
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(future) is State.QUEUED


def test_a_like_and_its_opposite_cancel_each_other_while_they_wait(bench: TestDesk) -> None:
    target = {"remote_id": "9", "ref": {}}
    first = bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act="like", target=target)
    assert first > 0
    assert bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act="unlike", target=target) == 0
    assert bench.desk.page(outbox_actions.due_actions, account_id=bench.account_id, now=bench.desk.clock.now()) == []


def test_taking_a_like_back_names_the_likes_own_record(bench: TestDesk) -> None:
    target = {"remote_id": "9", "ref": {}}
    like = bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act="like", target=target)
    bench.desk.run_now(outbox_actions.start_action, like)
    bench.desk.run_now(outbox_actions.record_action, like, Outcome.YES)
    unlike = bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act="unlike", target=target)
    assert (
        bench.desk.page(outbox_actions.action, unlike).record_key
        == bench.desk.page(outbox_actions.action, like).record_key
    )


@pytest.mark.parametrize(
    ("outcome", "gone", "act", "state"),
    [
        (Outcome.YES, False, "like", "done"),
        (Outcome.DOUBT, False, "like", "backoff"),
        (Outcome.NOT_SENT, False, "like", "backoff"),
        (Outcome.LATER, False, "like", "backoff"),
        (Outcome.AUTH, False, "like", "blocked_auth"),
        (Outcome.NO, False, "like", "rejected"),
        (Outcome.NO, True, "like", "rejected"),
        (Outcome.NO, True, "delete", "done"),
        (Outcome.NO, True, "unlike", "done"),
    ],
)
def test_each_outcome_of_a_change_has_its_state(
    bench: TestDesk, outcome: Outcome, gone: bool, act: str, state: str
) -> None:
    target = {"remote_id": "9", "ref": {}}
    queued = bench.desk.run_now(outbox.queue_action, account_id=bench.account_id, act=act, target=target)
    assert bench.desk.run_now(outbox_actions.start_action, queued)
    assert bench.desk.run_now(outbox_actions.record_action, queued, outcome, gone=gone) == state


def test_one_item_settles_one_doubt_and_two_settle_none(bench: TestDesk, clock: FixedClock) -> None:
    sent = ready(bench)
    claim_now(bench, sent)
    bench.desk.run_now(outbox_send.recover)
    seen = [Seen(str(n), "bakery", "Pan", clock.now()) for n in (1, 2)]
    assert bench.desk.run_now(confirm_seen, bench.account_id, seen) == []
    assert bench.state(sent) is State.UNCERTAIN
    strangers = [
        Seen("3", "bakery", "Pan", clock.now() - timedelta(hours=2)),
        Seen("4", "bakery", "Pan", clock.now(), parent_id="88"),
        Seen("5", "bakery", "Pan", clock.now(), alts=("foto",)),
        Seen("6", "other", "Pan", clock.now()),
    ]
    assert bench.desk.run_now(confirm_seen, bench.account_id, strangers) == []
    assert bench.desk.run_now(confirm_seen, bench.account_id, seen[:1]) == [sent]
    assert bench.state(sent) is State.CONFIRMED


@pytest.mark.parametrize(
    ("able", "verified"),
    [
        ({"content_warning": False, "visibilities": ["public"]}, "ok"),
        ({"content_warning": True, "visibilities": ["public", "unlisted"]}, "spoiler,visibility"),
        ({}, "spoiler,visibility"),
    ],
)
def test_what_a_network_does_not_have_is_no_difference(
    bench: TestDesk, clock: FixedClock, able: dict[str, object], verified: str
) -> None:
    def learn(tx: Transaction) -> None:
        tx.conn.execute("UPDATE account SET capabilities = ? WHERE id = ?", (json.dumps(able), bench.account_id))

    bench.desk.run_now(learn)
    post_id = write(bench, spoiler="Comida", visibility="unlisted")
    (sent,) = bench.desk.run_now(outbox.seal, post_id, targets=[Target(bench.account_id)], due_at=clock.now())
    found = Found("1", "bakery", created_at=clock.now())
    bench.desk.run_now(lambda tx: publish(tx, row_of(tx.conn, sent), found))
    there = Seen("1", "bakery", "Pan", clock.now(), spoiler="", visibility="public")
    assert bench.desk.run_now(confirm_seen, bench.account_id, [there]) == [sent]
    assert bench.delivery(sent).verified == verified


def test_new_zone_rules_keep_the_wall_time_and_move_the_instant(bench: TestDesk, clock: FixedClock) -> None:
    target = Target(bench.account_id, wall="2026-03-05T18:00", zone="Europe/Madrid")
    (sent,) = bench.desk.run_now(outbox.seal, write(bench), targets=[target])

    def as_sealed_under_other_rules(tx: Transaction) -> None:
        tx.conn.execute("UPDATE delivery SET due_at = due_at + 3600000 WHERE id = ?", (sent,))

    bench.desk.run_now(as_sealed_under_other_rules)
    assert bench.desk.run_now(outbox.recompute_due, "2026b") == [sent]
    delivery = bench.delivery(sent)
    assert (delivery.due_at.hour, delivery.wall, delivery.reason_code) == (17, "2026-03-05T18:00", "zone_rules_changed")
    assert bench.desk.run_now(outbox.recompute_due, "2026b") == []


def test_next_publication_is_the_earliest_post_of_the_brand(bench: TestDesk, clock: FixedClock) -> None:
    assert bench.desk.page(outbox.next_publication, brand_id=bench.brand_id) is None
    bench.post("Luego", at=clock.now() + timedelta(hours=3))
    (first,) = bench.post("Antes", at=clock.now() + timedelta(hours=1))
    found = bench.desk.page(outbox.next_publication, brand_id=bench.brand_id)
    assert found is not None and found.id == first
    assert bench.desk.page(outbox.next_publication, brand_id=99) is None
