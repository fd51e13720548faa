"""N13, W4-W8: what a crisis keeps, what still goes out, and how each held post is decided."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.care.crisis import CODE, Decision
from cmdesk.care.values import Alarm, CrisisPlan, Phone
from cmdesk.clock import FixedClock
from cmdesk.commands import crisis as deciding, planning as planning_commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState
from cmdesk.planning.zones import to_wall
from cmdesk.store import crisis as crises, inbox, outbox, outbox_read, outbox_send, planning
from cmdesk.store.crisis_hold import active_ids
from tests.helpers.desks import TestDesk, add_account, engine_of, open_desk
from tests.helpers.scripted_network import ScriptedNetwork

State = DeliveryState


class Place:
    """A bench on a scripted network that can hold posts, with an engine."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.clock = clock
        self.server = ScriptedNetwork(clock, holds_posts=True)
        self.bench: TestDesk = open_desk(folder, clock, tokens=())
        self.desk = self.bench.desk
        self.desk.vault.store("account/bakery", {"token": "bakery"})
        self.bench.account_id = add_account(self.desk, self.bench.brand_id, "bakery", schedule=True)
        self.engine = engine_of(self.desk, self.server.make)

    def run(self, command, /, **args):  # type: ignore[no-untyped-def]
        return self.desk.run_now(command, **args)

    def work(self) -> None:
        asyncio.run(self.engine.publish_once(settle_s=0))

    def post(self, text: str, *, in_s: int = 0, hand_off: bool = False) -> int:
        at = self.clock.now() + timedelta(seconds=in_s)
        return self.bench.post(text, at=at, hand_off=hand_off)[0]

    def start(self, *, brand: int | None = None, reason: str = "fire") -> int:
        return self.run(deciding.start, brand_id=self.bench.brand_id if brand is None else brand, reason=reason)

    def decide(self, crisis_id: int, delivery_id: int, word: str, **more: object) -> int:
        return self.run(deciding.decide, crisis_id=crisis_id, delivery_id=delivery_id, decision=word, **more)

    def log(self, crisis_id: int) -> list[str]:
        return [each.kind for each in self.desk.page(crises.crisis, crisis_id).log]

    def held(self, crisis_id: int) -> dict[int, Decision]:
        return {each.delivery_id: each.decision for each in self.desk.page(crises.held, crisis_id)}


@pytest.fixture
def place(profile: Path, clock: FixedClock) -> Iterator[Place]:
    made = Place(profile, clock)
    yield made
    made.desk.close_now()


def test_everything_planned_is_kept_with_its_reason_and_nothing_else(place: Place) -> None:
    now, later = place.post("now"), place.post("later", in_s=7200)
    crisis_id = place.start(reason="  the invoice  ")
    place.work()
    place.clock.advance(10_000)
    place.work()
    assert place.server.by("bakery") == []
    for each in (now, later):
        found = place.bench.delivery(each)
        assert (found.state, found.reason_code) == (State.QUEUED, CODE)
    assert place.held(crisis_id) == {now: Decision.NONE, later: Decision.NONE}
    assert place.log(crisis_id) == ["started", "held"]
    assert place.desk.page(crises.active, place.bench.brand_id).reason == "the invoice"
    assert place.desk.page(outbox_read.next_publication) is None


def test_what_waits_for_a_decision_gives_the_machine_nothing_to_do(place: Place) -> None:
    place.post("now")
    place.post("on the network", in_s=4000, hand_off=True)
    place.start()
    place.work()
    assert place.desk.page(outbox_read.work_of, account_id=place.bench.account_id, now=place.clock.now()) == []
    assert place.desk.page(outbox_send.pending_steps, now=place.clock.now(), trusted=True) == []
    assert place.desk.page(outbox_read.next_moment) is None
    place.clock.advance(100_000)
    assert place.desk.page(outbox_send.pending_steps, now=place.clock.now(), trusted=True) == []


def test_an_answer_to_a_person_goes_out(place: Place) -> None:
    place.start()
    item = place.server.say("bakery", "where is my invoice?")
    asyncio.run(place.engine.sync_once())
    message = place.desk.page(inbox.message_by_remote_id, place.bench.account_id, item.remote_id)
    assert message is not None
    place.bench.reply(message.conversation_id, "we are looking at it", to=message.remote_id)
    place.work()
    assert place.server.by("bakery") == ["we are looking at it"]


def test_what_is_planned_during_a_crisis_is_kept_too(place: Place) -> None:
    crisis_id = place.start()
    late = place.post("written meanwhile")
    place.work()
    assert place.server.by("bakery") == []
    assert place.held(crisis_id) == {late: Decision.NONE}


def test_a_post_whose_hour_passed_asks_and_goes_only_with_a_yes(place: Place) -> None:
    sent = place.post("ten o'clock", in_s=60)
    crisis_id = place.start()
    place.clock.advance(120)
    assert place.run(deciding.over, crisis_id=crisis_id) == 1
    place.work()
    place.clock.advance(3600)
    place.work()
    assert place.server.by("bakery") == []
    place.decide(crisis_id, sent, "released")
    place.work()
    assert place.server.by("bakery") == ["ten o'clock"]
    place.run(deciding.close, crisis_id=crisis_id)
    assert place.log(crisis_id) == ["started", "held", "over", "released", "closed"]


def test_released_before_its_hour_it_waits_for_it(place: Place) -> None:
    sent = place.post("tomorrow", in_s=86_400)
    crisis_id = place.start()
    place.run(deciding.over, crisis_id=crisis_id)
    place.decide(crisis_id, sent, "released")
    place.work()
    assert place.server.by("bakery") == []
    assert place.bench.delivery(sent).reason_code == ""
    place.clock.advance(86_400)
    place.work()
    assert place.server.by("bakery") == ["tomorrow"]


def test_released_late_ones_leave_a_pause_between_each_other(place: Place) -> None:
    sent = [place.post(f"post {number}") for number in range(3)]
    crisis_id = place.start()
    place.clock.advance(7200)
    place.run(deciding.over, crisis_id=crisis_id)
    for each in sent:
        place.decide(crisis_id, each, "released")
    place.work()
    assert len(place.server.by("bakery")) == 1
    place.clock.advance(61)
    place.work()
    assert len(place.server.by("bakery")) == 2


def test_moved_to_another_hour(place: Place) -> None:
    post_id = place.run(
        planning_commands.plan_post, brand_id=place.bench.brand_id, text="a sale", account_ids=[place.bench.account_id],
        wall="2026-03-02T11:00", zone="Europe/Madrid",
    )  # fmt: skip
    (sent,) = place.desk.page(outbox.deliveries)
    crisis_id = place.start()
    with pytest.raises(Conflict, match="lasts"):
        place.decide(crisis_id, sent.id, "moved", wall="2026-03-03T11:00")
    place.run(deciding.over, crisis_id=crisis_id)
    with pytest.raises(Invalid, match="passed"):
        place.decide(crisis_id, sent.id, "moved", wall="2026-03-01T11:00")
    new = place.decide(crisis_id, sent.id, "moved", wall="2026-03-03T11:00")
    moved = place.bench.delivery(new)
    assert (moved.wall, moved.zone, moved.text) == ("2026-03-03T11:00", "Europe/Madrid", "a sale")
    assert moved.key != sent.key
    post = place.desk.page(planning.post, post_id)
    assert [each.wall for each in post.targets] == ["2026-03-03T11:00"]
    place.run(deciding.close, crisis_id=crisis_id)
    place.clock.advance(25 * 3600 + 300)
    place.work()
    assert place.server.by("bakery") == ["a sale"]


def test_dropped_it_is_a_draft_again(place: Place) -> None:
    post_id = place.run(
        planning_commands.plan_post, brand_id=place.bench.brand_id, text="a sale", account_ids=[place.bench.account_id],
        wall="2026-03-02T11:00", zone="Europe/Madrid",
    )  # fmt: skip
    (sent,) = place.desk.page(outbox.deliveries)
    crisis_id = place.start()
    place.decide(crisis_id, sent.id, "dropped")
    post = place.desk.page(planning.post, post_id)
    assert post.status == "draft"
    assert post.targets[0].wall == ""
    assert place.desk.page(crises.undecided, crisis_id) == 0
    with pytest.raises(Conflict):
        place.decide(crisis_id, sent.id, "released")


def test_the_calendar_can_neither_free_a_held_post_by_accident_nor_is_it_in_the_way(place: Place) -> None:
    post_id = place.run(
        planning_commands.plan_post, brand_id=place.bench.brand_id, text="a sale", account_ids=[place.bench.account_id],
        wall="2026-03-02T11:00", zone="Europe/Madrid",
    )  # fmt: skip
    crisis_id = place.start()
    place.run(deciding.over, crisis_id=crisis_id)
    # Off the calendar and back to the same hour (as undo does): still held.
    targets = place.desk.page(planning.post, post_id).targets
    place.run(planning_commands.unschedule, post_id=post_id)
    assert place.desk.page(crises.undecided, crisis_id) == 0
    place.run(planning_commands.replan, post_id=post_id, targets=targets)
    assert place.desk.page(crises.undecided, crisis_id) == 1
    place.clock.advance(3 * 3600)
    place.work()
    assert place.server.by("bakery") == []
    # To another hour: that is the decision.
    place.run(planning_commands.reschedule, post_id=post_id, wall="2026-03-02T18:00", zone="Europe/Madrid")
    assert place.desk.page(crises.undecided, crisis_id) == 0
    assert place.log(crisis_id)[-1] == "moved"
    place.run(deciding.close, crisis_id=crisis_id)
    place.clock.advance(5 * 3600 + 300)
    place.work()
    assert place.server.by("bakery") == ["a sale"]


def test_dragging_a_held_post_while_the_crisis_lasts_keeps_it_held_once(place: Place) -> None:
    post_id = place.run(
        planning_commands.plan_post, brand_id=place.bench.brand_id, text="a sale", account_ids=[place.bench.account_id],
        wall="2026-03-02T11:00", zone="Europe/Madrid",
    )  # fmt: skip
    crisis_id = place.start()
    for hour in (12, 13, 14):
        place.run(planning_commands.reschedule, post_id=post_id, wall=f"2026-03-02T{hour}:00", zone="Europe/Madrid")
    held = place.desk.page(crises.held, crisis_id)
    assert [(each.wall, each.decision) for each in held] == [("2026-03-02T14:00", "")]
    assert place.log(crisis_id) == ["started", "held"]


def test_a_post_that_the_network_holds_is_taken_back_and_held_here(place: Place) -> None:
    place.post("left with the network", in_s=4000, hand_off=True)
    place.work()
    assert place.server.posts[0].scheduled_at is not None
    crisis_id = place.start()
    assert place.log(crisis_id) == ["started", "recalling", "held"]
    place.work()
    assert place.server.posts[0].deleted
    (held,) = [each for each in place.desk.page(crises.held, crisis_id) if each.open]
    assert (held.state, held.code) == (State.QUEUED, CODE)
    assert place.log(crisis_id)[-1] == "recalled"
    place.clock.advance(8000)
    place.work()
    assert place.server.by("bakery") == []
    place.run(deciding.over, crisis_id=crisis_id)
    place.decide(crisis_id, held.delivery_id, "released")
    place.work()
    assert place.server.by("bakery") == ["left with the network"]


def test_a_network_that_refuses_to_give_it_back_is_named_in_the_log(place: Place) -> None:
    from cmdesk.errors import Rejected

    place.post("left with the network", in_s=4000, hand_off=True)
    place.work()
    crisis_id = place.start()
    place.server.read_faults.append(Rejected("no", code="forbidden"))
    place.work()
    assert place.log(crisis_id)[-1] == "not_recalled"
    (held,) = place.desk.page(crises.held, crisis_id)
    assert held.at_network and held.open


def test_what_the_network_published_in_the_last_moment_is_not_held_again(place: Place) -> None:
    sent = place.post("left with the network", in_s=4000, hand_off=True)
    place.work()
    crisis_id = place.start()
    place.server.offline = True
    place.work()
    place.clock.advance(4100)  # it leaves while nobody could be told
    place.server.offline = False
    place.work()
    place.work()
    assert place.log(crisis_id)[-1] == "not_recalled"
    assert place.bench.state(sent) in (State.PUBLISHED, State.CONFIRMED)
    assert place.server.by("bakery") == ["left with the network"]
    assert place.desk.page(crises.undecided, crisis_id) == 0


def test_leaving_it_with_the_network_after_all(place: Place) -> None:
    sent = place.post("left with the network", in_s=4000, hand_off=True)
    place.work()
    crisis_id = place.start()
    place.decide(crisis_id, sent, "released")
    place.work()
    place.clock.advance(4100)
    assert place.server.by("bakery") == ["left with the network"]


def test_two_crises_at_once_both_have_to_let_go(place: Place) -> None:
    sent = place.post("twice held")
    own, everybody = place.start(), place.start(brand=0)
    with pytest.raises(Conflict, match="lasts already"):
        place.start()
    assert active_ids(place.desk.store.reader(), place.bench.brand_id) == [own, everybody]
    place.run(deciding.over, crisis_id=own)
    place.decide(own, sent, "released")
    place.work()
    assert place.server.by("bakery") == []
    place.run(deciding.over, crisis_id=everybody)
    place.decide(everybody, sent, "released")
    place.work()
    assert place.server.by("bakery") == ["twice held"]


def test_the_approved_statement_goes_past_the_hold_and_nothing_else_does(place: Place) -> None:
    place.post("a sale")
    crisis_id = place.start()
    place.start(brand=0)
    place.run(
        deciding.publish_statement, crisis_id=crisis_id, brand_id=place.bench.brand_id,
        text="We are looking into it.", account_ids=[place.bench.account_id],
    )  # fmt: skip
    place.work()
    assert place.server.by("bakery") == ["We are looking into it."]
    assert "statement" in place.log(crisis_id)


def test_a_crisis_is_closed_once_all_is_decided(place: Place) -> None:
    sent = place.post("a sale")
    crisis_id = place.start()
    with pytest.raises(Conflict, match="still lasts"):
        place.run(deciding.close, crisis_id=crisis_id)
    place.run(deciding.over, crisis_id=crisis_id)
    with pytest.raises(Conflict, match="over already"):
        place.run(deciding.over, crisis_id=crisis_id)
    with pytest.raises(Conflict) as left:
        place.run(deciding.close, crisis_id=crisis_id)
    assert (left.value.code, left.value.detail) == ("held_undecided", "1")
    with pytest.raises(Invalid):
        place.decide(crisis_id, sent, "burnt")
    place.decide(crisis_id, sent, "dropped")
    place.run(deciding.close, crisis_id=crisis_id)
    with pytest.raises(Conflict, match="closed"):
        place.run(deciding.log_entry, crisis_id=crisis_id, text="too late")
    assert place.desk.page(crises.standing) == []


def test_notes_and_calls_are_logged_and_can_be_taken_back_but_nothing_else(place: Place) -> None:
    crisis_id = place.start()
    done = place.desk.store.write(deciding.log_entry, crisis_id=crisis_id, kind="called", text="Ana").result()
    assert place.log(crisis_id)[-1] == "called"
    assert done.undo is not None
    place.run(done.undo.command, **done.undo.args)
    assert "called" not in place.log(crisis_id)
    with pytest.raises(Invalid):
        place.run(deciding.log_entry, crisis_id=crisis_id, text="   ")
    with pytest.raises(Invalid):
        place.run(deciding.log_entry, crisis_id=crisis_id, kind="closed", text="forged")
    with pytest.raises(Conflict):
        place.run(deciding.remove_entry, crisis_id=crisis_id, entry_id=1)


def test_the_plan_is_kept_and_taken_back(place: Place) -> None:
    plan = CrisisPlan(
        place.bench.brand_id, "Call first.", (Phone("Ana", "client", "+34 600", "always"), Phone("Luis")),
        ("We know.",), {"es": "Lo sabemos.", "en": "We know."},
    )  # fmt: skip
    done = place.desk.store.write(deciding.save_plan, plan=plan).result()
    assert place.desk.page(crises.plan, place.bench.brand_id) == plan
    assert done.undo is not None
    place.run(done.undo.command, **done.undo.args)
    assert place.desk.page(crises.plan, place.bench.brand_id) == CrisisPlan(place.bench.brand_id)


def test_an_alarm_is_put_away_and_back_and_a_crisis_keeps_it_in_its_log(place: Place) -> None:
    crisis_id = place.start()
    alarm = Alarm(0, place.bench.brand_id, "negative", place.clock.now(), 9, 40, (1, 2), "factura", (1, 2))
    alarm_id = place.run(crises.add_alarm, alarm=alarm)
    (found,) = place.desk.page(crises.alarms, place.bench.brand_id)
    assert (found.count, found.minutes, found.usual, found.word) == (9, 40, (1.0, 2.0), "factura")
    assert place.log(crisis_id)[-1] == "alarm"
    done = place.desk.store.write(deciding.dismiss_alarm, alarm_id=alarm_id).result()
    assert place.desk.page(crises.alarms) == []
    assert done.undo is not None
    place.run(done.undo.command, **done.undo.args)
    assert len(place.desk.page(crises.alarms)) == 1


def test_another_brand_and_a_brand_that_is_not_there(place: Place) -> None:
    with pytest.raises(Invalid):
        place.start(brand=99)
    wall, _ = to_wall(place.clock.now(), "UTC")
    with pytest.raises(Invalid):
        place.decide(99, 1, "moved", wall=wall)


def test_after_a_reading_that_brought_something_new_sparks_are_looked_for(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def look(tx: object, brand_id: int) -> list[int]:
        looked.append(brand_id)
        return []

    monkeypatch.setattr("cmdesk.store.alarming.look", look)
    asyncio.run(place.engine.sync_once())
    assert looked == []
    place.server.say("bakery", "where is my invoice?")
    asyncio.run(place.engine.sync_once())
    asyncio.run(place.engine.sync_once())
    assert looked == [place.bench.brand_id]
