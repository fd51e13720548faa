"""The dialog of waking up (N1): everything missed at once, by brand, decided by hand or by key, put off, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import circles, inbox as answering, pausing, slots as slot_commands, targeting
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.planning.slots import SlotTime
from cmdesk.planning.waking import How
from cmdesk.store import outbox_read, planning
from cmdesk.store.outbox_claim import Claimed, claim
from cmdesk.store.outbox_send import advance
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, Told, done
from ui import waking
from ui.models.waking import Waking
from ui.problems.words import sentences
from ui.waking import WakingDialog
from ui.waking.rows import BrandHead

State = DeliveryState
Opener = Callable[[], WakingDialog]


@pytest.fixture
def opened(planned: Planned) -> Iterator[Opener]:
    window = QWidget()
    window.resize(1360, 860)
    dialogs: list[WakingDialog] = []

    def opener() -> WakingDialog:
        model = Waking(planned.desk)
        dialogs.append(WakingDialog(model, model.missed(), window, desk=planned.desk))
        dialogs[-1].open()
        return dialogs[-1]

    yield opener
    for dialog in dialogs:
        dialog.reject()
    window.deleteLater()


def sleep(planned: Planned, clock: FixedClock, hours: float) -> None:
    clock.advance(hours * 3600)
    planned.desk.run_now(advance)


def states(planned: Planned, post_id: int) -> list[State]:
    found = planned.desk.page(planning.post, post_id).deliveries
    return [each.state for each in found if each.state is not State.CANCELLED]


async def test_everything_missed_stands_by_brand_with_its_lateness(
    planned: Planned, clock: FixedClock, opened: Opener
) -> None:
    planned.post("Hoy, roscón", wall="2026-03-02T10:30", only=2)
    planned.post("New trail", wall="2026-03-02T04:20", zone="America/Bogota", brand_id=planned.trail, only=1)
    talk = Talk(planned)
    planned.desk.run_now(answering.reply, conversation_id=talk.hear("¿Abrís?"), text="Sí, a las 9")
    sleep(planned, clock, 2)
    dialog = opened()
    assert dialog.heading.text() == "3 posts and answers were due while you were away"
    told = [row.accessibleName() for row in dialog.rows]
    assert len(told) == 4 and "1 h 30 min late, was due 10:30" in told[0] and "Sí, a las 9" in told[2]
    assert "1 h 40 min late, was due 04:20" in told[3]
    heads = dialog.findChildren(BrandHead)
    assert len(heads) == 2
    assert [row.how for row in dialog.rows] == [How.NOW] * 4


async def test_what_more_people_than_chosen_would_see_is_not_offered_to_go_out(
    planned: Planned, clock: FixedClock, opened: Opener
) -> None:
    """N10: it waited for everybody, and was made for a circle since; going out is a person's own choice."""
    post = planned.post("Solo para clientes", wall="2026-03-02T10:30", only=1)
    circle = planned.desk.run_now(circles.save_circle, brand_id=planned.bakery, name="Clientes")
    planned.desk.run_now(targeting.set_audience, post_id=post, circles=[circle])
    (waiting,) = planned.desk.page(planning.post, post).deliveries
    clock.advance((waiting.due_at - clock.now()).total_seconds() + 1)
    for _ in range(2):
        planned.desk.run_now(advance)
    planned.desk.run_now(claim, delivery_id=waiting.id, instance="test")
    assert states(planned, post) == [State.HELD_LATE]
    (problem,) = planned.desk.page(outbox_read.problems)
    what, _why, todo = sentences(problem)
    assert what == "More people would see it than you chose" and "Publish it all the same" in todo
    dialog = opened()
    assert dialog.heading.text() == "1 post would be seen by more people than you chose"
    (row,) = dialog.rows
    assert row.how is How.DRAFT and "more people would see it than you chose" in row.accessibleName()
    row.box.set_how(How.NOW)
    dialog.decide()
    await done()
    for _ in range(2):
        planned.desk.run_now(advance)
    assert isinstance(planned.desk.run_now(claim, delivery_id=waiting.id, instance="test"), Claimed)


async def test_the_times_are_told_one_a_minute_and_kept(planned: Planned, clock: FixedClock, opened: Opener) -> None:
    for minute in (30, 31, 32):
        planned.post(f"A las {minute}", wall=f"2026-03-02T10:{minute}", only=1)
    sleep(planned, clock, 1)
    dialog = opened()
    assert [row.outlook.text() for row in dialog.rows] == [
        "goes out at once", "goes out at 11:01", "goes out at 11:02",
    ]  # fmt: skip
    assert "one a minute" in dialog.summary.text()
    dialog.rows[1].box.set_how(How.LATER)
    assert dialog.rows[2].outlook.text() == "goes out at 11:01"


async def test_each_takes_a_slot_of_its_own_and_an_hour_of_its_own(
    planned: Planned, clock: FixedClock, opened: Opener
) -> None:
    account = planned.accounts(planned.bakery)[0]
    planned.desk.run_now(slot_commands.add, account_id=account, times=[SlotTime(1, "09:30"), SlotTime(1, "18:00")])
    posts = [planned.post(f"{minute}", wall=f"2026-03-02T10:{minute}", only=1) for minute in (30, 31, 32)]
    sleep(planned, clock, 6)
    dialog = opened()
    assert [row.how for row in dialog.rows] == [How.SLOT] * 3  # old: a better hour is offered first
    dialog.rows[2].box.set_how(How.HOUR)
    assert dialog.rows[2].when.isVisibleTo(dialog) and dialog.rows[2].wall == "2026-03-02T17:00"
    dialog.rows[2].when.setDateTime(QDateTime.fromString("2026-03-04T12:15", "yyyy-MM-dd'T'HH:mm"))
    dialog.decide()
    await done()
    walls = [planned.desk.page(planning.post, each).targets[0].wall[:16] for each in posts]
    assert walls == ["2026-03-03T09:30", "2026-03-03T18:00", "2026-03-04T12:15"]
    assert [states(planned, each) for each in posts] == [[State.QUEUED]] * 3


async def test_an_hour_that_has_passed_is_said_and_nothing_is_lost(
    planned: Planned, clock: FixedClock, opened: Opener
) -> None:
    post_id = planned.post("Hoy", wall="2026-03-02T10:30", only=1)
    sleep(planned, clock, 1)
    dialog = opened()
    dialog.rows[0].box.set_how(How.HOUR)
    dialog.rows[0].when.setDateTime(QDateTime.fromString("2026-03-01T12:15", "yyyy-MM-dd'T'HH:mm"))
    dialog.decide()
    await done()
    assert dialog.isVisible() and dialog.problem.isVisible() and dialog.done_with is None
    assert states(planned, post_id) == [State.HELD_LATE]


async def test_a_brand_is_decided_at_once_and_by_keys(planned: Planned, clock: FixedClock, opened: Opener) -> None:
    mine = [planned.post(f"{minute}", wall=f"2026-03-02T10:{minute}", only=1) for minute in (30, 31)]
    other = planned.post("New", wall="2026-03-02T04:20", zone="America/Bogota", brand_id=planned.trail, only=1)
    sleep(planned, clock, 2)
    dialog = opened()
    head = dialog.findChildren(BrandHead)[0]
    head.box.setCurrentIndex(head.box.findData("draft"))
    head.box.activated.emit(head.box.currentIndex())
    assert [row.how for row in dialog.rows] == [How.DRAFT, How.DRAFT, How.NOW]
    assert head.box.currentIndex() == 0
    dialog.rows[0].setFocus()
    for row in dialog.rows[:2]:
        QTest.keyClick(row, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.rows[2]
    place = dialog.rows[2].box.findData("discard")
    QTest.keyClick(dialog.rows[2], Qt.Key(Qt.Key.Key_1.value + place))
    assert dialog.rows[2].how is How.DISCARD
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await done()
    kinds = [planned.desk.page(planning.post, each).status for each in (*mine, other)]
    assert kinds == [PostStatus.DRAFT, PostStatus.DRAFT, PostStatus.CANCELLED]


async def test_put_off_it_stays_and_is_not_asked_again_until_something_new_comes(
    planned: Planned, clock: FixedClock, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned.post("Hoy", wall="2026-03-02T10:30", only=1)
    sleep(planned, clock, 1)
    asked: list[int] = []

    async def later(dialog: WakingDialog) -> bool:
        asked.append(len(dialog.rows))
        dialog.deleteLater()
        return False

    monkeypatch.setattr(WakingDialog, "ask", later)
    window = QWidget()
    put_off = await waking.ask(planned.desk, window, planned.context.undo, put_off=set())
    put_off = await waking.ask(planned.desk, window, planned.context.undo, put_off=put_off)
    assert asked == [1]
    assert planned.desk.page(outbox_read.problem_count) == 1
    planned.post("Y mañana", wall="2026-03-02T11:30", only=1)
    sleep(planned, clock, 2)
    await waking.ask(planned.desk, window, planned.context.undo, put_off=put_off)
    assert asked == [1, 2]
    window.deleteLater()


async def test_what_was_decided_is_taken_back_with_one_step(
    planned: Planned, clock: FixedClock, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [planned.post(f"{minute}", wall=f"2026-03-02T10:{minute}", only=1) for minute in (30, 31)]
    sleep(planned, clock, 1)

    async def yes(dialog: WakingDialog) -> bool:
        dialog.rows[1].box.set_how(How.DISCARD)
        await dialog._decide()
        dialog.deleteLater()
        return True

    monkeypatch.setattr(WakingDialog, "ask", yes)
    window = QWidget()
    assert await waking.review(planned.desk, window, planned.context.undo) == set()
    assert [states(planned, each) for each in posts] == [[State.QUEUED], []]
    assert planned.undone[-1][1] == "Decide about 2 late posts"
    planned.undo_last()
    assert [states(planned, each) for each in posts] == [[State.HELD_LATE]] * 2
    window.deleteLater()


async def test_after_a_pause_it_says_so(planned: Planned, clock: FixedClock, opened: Opener) -> None:
    planned.post("Hoy", wall="2026-03-02T10:30", only=1)
    planned.desk.run_now(pausing.pause, brand_id=planned.bakery)
    clock.advance(timedelta(minutes=31).total_seconds())
    planned.desk.run_now(pausing.resume, brand_id=planned.bakery)
    dialog = opened()
    assert dialog.heading.text() == "1 post was due during the pause"
    assert "was due 10:30" in dialog.rows[0].accessibleName()
