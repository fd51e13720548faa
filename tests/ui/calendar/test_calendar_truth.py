"""What the calendar says is so: hours of every clock, ideas without accounts, free slots, threads, the client's yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.clock import FixedClock, to_ms
from cmdesk.commands import brands, campaigns, planning_moves, slots
from cmdesk.commands.planning_moves import Place
from cmdesk.model import DeliveryState, Part, PostStatus
from cmdesk.planning.calendar import Slot
from cmdesk.planning.slots import SlotTime
from cmdesk.store import planning as store
from cmdesk.store.db import Transaction
from tests.ui.calendar.stage import Stage, scene_of
from tests.ui.calendar.test_grids import DAYS, item
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.calendar.chip import look_of
from ui.calendar.dates import spell
from ui.calendar.day_list import DayList, _Row
from ui.calendar.month import MonthGrid
from ui.calendar.page import CalendarPage
from ui.calendar.panel_parts import delivery_rows
from ui.models.once import once
from ui.widgets import Chip, PlainLabel
from ui.widgets.toast import ToastHost
from ui.widgets.undo import UndoStack

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def planned(profile: Path, qtbot: QtBot) -> Iterator[Planned]:
    made = Planned(profile, FixedClock(NOW))
    yield made
    made.bridge.close()
    made.desk.close_now()


@pytest.fixture
def told() -> Told:
    made = Told()
    notices.set_presenter(made)
    return made


def opened(planned: Planned, qtbot: QtBot, *, brand_id: int | None = None) -> CalendarPage:
    planned.context.brand_id = brand_id
    page = CalendarPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


# Hours


async def test_a_new_post_of_another_clock_is_at_the_moment_that_was_pointed_at(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, brand_id=planned.trail)
    page._lens.choose_zone("Europe/Madrid")
    page._compose(Slot(date(2026, 3, 12), 16 * 60))
    assert planned.went[-1].text == "2026-03-12T10:00 America/Bogota", "16:00 in Madrid is 10:00 in Bogotá"
    page._compose(Slot(date(2026, 3, 13)))
    assert planned.went[-1].text == "2026-03-13T10:00 America/Bogota", "a day alone means the brand's usual hour"


async def test_a_new_post_while_all_brands_are_shown_names_its_brand(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    page._compose(Slot(date(2026, 3, 12), 12 * 60, planned.trail))
    assert planned.went[-1].brand_id == planned.trail and planned.went[-1].text.endswith("America/Bogota")
    page._compose(Slot(date(2026, 3, 12), 12 * 60))
    assert planned.went[-1].brand_id == planned.bakery and planned.went[-1].text.endswith("Europe/Madrid")


async def test_a_new_post_of_a_day_takes_its_free_slot_and_never_the_past(planned: Planned, qtbot: QtBot) -> None:
    planned.desk.run_now(slots.put, weeks={planned.accounts(planned.bakery)[0]: [SlotTime(3, "18:30")]})
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page._compose(Slot(date(2026, 3, 12)))
    assert planned.went[-1].text == "2026-03-12T18:30 Europe/Madrid"
    page._compose(Slot(date(2026, 3, 2)))
    assert planned.went[-1].text == "", "ten o'clock of today has passed: the composer finds the next hour"


# Ideas without accounts


async def test_an_idea_dropped_on_a_day_stays_there_as_a_plan(planned: Planned, qtbot: QtBot, told: Told) -> None:
    idea = planned.post("Idea: la foto del horno", only=0)
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page._moves.move(page._model.tray[0], Slot(date(2026, 3, 12)), from_day=None)
    await done()
    post = planned.desk.page(store.post, idea)
    assert post.status is PostStatus.DRAFT and not post.deliveries
    assert {each.wall for each in post.targets} == {"2026-03-12T10:00"} and not told.errors and not planned.went
    assert "nothing goes out" in told.toasts[-1] and planned.undone[-1][1].startswith("Plan «Idea")
    planned.undo_last()
    assert planned.desk.page(store.post, idea).targets == ()


# Free slots


def busy_week(planned: Planned, hours: int) -> None:
    week = [SlotTime(3, f"{10 + each:02d}:00") for each in range(hours)]
    planned.desk.run_now(slots.put, weeks={planned.accounts(planned.bakery)[0]: week})


POPUPS = pytest.mark.qt_log_ignore("does not support grabbing", extend=True)


@POPUPS
async def test_many_free_slots_are_one_line_that_opens_the_day(planned: Planned, qtbot: QtBot) -> None:
    busy_week(planned, 4)
    page = opened(planned, qtbot, brand_id=planned.bakery)
    await done()
    page.grab()
    day = date(2026, 3, 12)
    assert day in page._month._more and not page._month._ghost_spots[day]
    page._show_day(day, page._month.day_rect(day))
    popover = page.findChildren(DayList)[0]
    slot = next(each for each in popover.findChildren(QWidget) if getattr(each, "text", str)().startswith("12:00"))
    QTest.mouseClick(slot, Qt.MouseButton.LeftButton)
    assert planned.went[-1].text == "2026-03-12T12:00 Europe/Madrid"


async def test_free_slots_never_take_the_place_of_posts(planned: Planned, qtbot: QtBot) -> None:
    busy_week(planned, 2)
    for hour in (7, 8, 9, 13):
        planned.post(f"Pan {hour}", wall=f"2026-03-12T{hour:02d}:30")
    page = opened(planned, qtbot, brand_id=planned.bakery)
    day = date(2026, 3, 12)
    for height in range(500, 900, 20):
        page.resize(1280, height)
        await done()
        page.grab()
        shown = len(page._month._spots[day])
        if page._month._ghost_spots[day]:
            assert shown == 4


# Behind "+3 more"


@POPUPS
async def test_a_post_is_dragged_out_of_the_days_list(planned: Planned, qtbot: QtBot, told: Told) -> None:
    ids = [planned.post(f"Pan {hour}", wall=f"2026-03-12T{hour:02d}:30") for hour in range(8, 18)]
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page.grab()
    page._show_day(date(2026, 3, 12), page._month.day_rect(date(2026, 3, 12)))
    popover = page.findChildren(DayList)[0]
    row = popover.findChildren(_Row)[-1]
    assert row._item.post_id == ids[-1]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(row, left, none, QPoint(20, 8))
    target = page._month.viewport().mapToGlobal(page._month._cell(date(2026, 3, 17)).center().toPoint())
    for at in (row.mapToGlobal(QPoint(60, 40)), target):
        page._drag.move(at, none)
    assert page._drag.active and popover.pos().x() < 0
    page._drag.release(target, none)
    assert not popover.isVisible()
    await done()
    assert planned.desk.page(store.post, ids[-1]).targets[0].wall == "2026-03-17T17:30"


# States


def put_out(planned: Planned, post_id: int, *, parts: int) -> None:
    """Let the first parts of what is scheduled be out, and the rest be taken back."""

    def write(tx: Transaction) -> None:
        tx.conn.execute(
            "UPDATE delivery SET state = 'confirmed', confirmed_at = ? WHERE post_id = ? AND part < ?",
            (to_ms(NOW), post_id, parts),
        )
        tx.conn.execute("UPDATE delivery SET state = 'cancelled' WHERE post_id = ? AND part >= ?", (post_id, parts))

    planned.desk.run_now(write)


async def test_a_thread_whose_rest_was_taken_back_is_out_in_part_everywhere(planned: Planned, qtbot: QtBot) -> None:
    from cmdesk.commands import planning

    post_id = planned.desk.run_now(
        planning.save_post, brand_id=planned.bakery, text="Uno", account_ids=planned.accounts(planned.bakery)[:1],
        parts=(Part("Dos"), Part("Tres")),
    )  # fmt: skip
    planned.desk.run_now(planning.schedule, post_id=post_id, wall="2026-03-12T10:00", zone="Europe/Madrid")
    put_out(planned, post_id, parts=1)
    page = opened(planned, qtbot, brand_id=planned.bakery)
    chip = page._model.item(post_id)
    assert chip is not None and chip.status is planned.desk.page(store.post, post_id).status is PostStatus.PARTIAL
    assert look_of(chip).word == "Published in part"


async def test_differences_of_every_part_are_read(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Uno", wall="2026-03-12T10:00", only=1)
    post = planned.desk.page(store.post, post_id)
    first = replace(post.deliveries[0], state=DeliveryState.CONFIRMED, verified="ok")
    second = replace(first, id=99, part=1, verified="text")
    comment = replace(first, id=100, part=2, answers=0, verified="links")
    rows = delivery_rows(replace(post, deliveries=(first, second, comment)), {}, "UTC", lambda what, number: None)
    for row in rows:
        qtbot.addWidget(row)
    words = [each.accessibleName() for row in rows for each in row.findChildren(Chip)]
    assert [each.split(":")[0] for each in words] == ["Part 1", "Part 2", "First comment"]
    labels = [each.text() for row in rows for each in row.findChildren(PlainLabel)]
    assert sum("text" in each.lower() or "link" in each.lower() for each in labels) >= 2


@pytest.mark.parametrize(("approval", "word"), [("expired", "did not answer"), ("needed", "not asked yet")])
def test_what_will_not_go_out_without_the_client_shows_it(approval: str, word: str) -> None:
    look = look_of(item(1, "2026-03-18T09:00", approval=approval))
    assert look.icon == "hourglass" and word in look.word


async def test_a_brand_that_wants_every_yes_marks_what_nobody_asked_about(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Sin preguntar", wall="2026-03-12T10:00")
    planned.desk.run_now(brands.edit_brand, brand_id=planned.bakery, edit=brands.BrandEdit(needs_approval=True))
    planned.post("Idea")
    page = opened(planned, qtbot, brand_id=planned.bakery)
    chip = page._model.item(post_id)
    assert chip is not None and look_of(chip).icon == "hourglass"
    assert [look_of(each).icon for each in page._model.tray] == ["pencil"]


async def test_what_cannot_be_picked_up_is_not_said_to_be(planned: Planned, qtbot: QtBot, told: Told) -> None:
    post_id = planned.post("Fuera", wall="2026-03-12T10:00", only=1)
    page = opened(planned, qtbot, brand_id=planned.bakery)
    found = page._model.item(post_id)
    assert found is not None
    stuck = replace(found, movable=False, states=(DeliveryState.SENDING,))
    page._pick_up([stuck], copy=False)
    assert len(told.toasts) == 1 and "picked up" not in told.toasts[0]


def test_a_month_of_ghosts_alone_is_drawn_at_any_height(qtbot: QtBot) -> None:
    for height in (300, 420, 560, 760):
        stage = Stage(qtbot, "month", size=(900, height))
        stage.show(scene_of([item(1, "2026-03-18T09:00")], DAYS))
        assert isinstance(stage.grid, MonthGrid)
        for rect in stage.grid._more.values():
            assert QRectF(stage.grid.rect()).contains(rect)


def test_spanish_days_say_de() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("es_ES"))
        assert spell(date(2026, 11, 29), "dddd d MMMM") == "domingo 29 de noviembre"
        assert spell(date(2026, 11, 29), "d MMMM yyyy") == "29 de noviembre de 2026"
        QLocale.setDefault(QLocale("en_GB"))
        assert spell(date(2026, 11, 29), "dddd d MMMM") == "Sunday 29 November"
    finally:
        QLocale.setDefault(before)


def test_a_toast_ends_when_what_it_offers_to_undo_was_undone_elsewhere(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    toasts = ToastHost(window)
    ended: list[str] = []
    toasts.show("Move «Pan» to Thu 12 10:00", on_action=lambda: None, seconds=60)
    toasts.show("Sending «Pan»", on_action=lambda: None, on_end=lambda: ended.append("sent"), seconds=60)
    toasts.withdraw("Sending «Pan»")
    toasts.withdraw("")
    assert len(toasts.toasts()) == 2 and not ended, "what waits to be sent is no such offer"
    toasts.withdraw("Move «Pan» to Thu 12 10:00")
    assert [each.label.text() for each in toasts.toasts()] == ["Sending «Pan»"]
    toasts.toasts()[0].hide()


async def test_the_agenda_begins_at_the_day_asked_for(planned: Planned, qtbot: QtBot) -> None:
    for day in range(2, 30):
        planned.post(f"Pan {day}", wall=f"2026-03-{day:02d}T18:00")
    planned.desk.clock.advance(4 * 86_400)  # type: ignore[attr-defined]
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page.do_today()
    page.do_agenda()
    await done()
    page.grab()
    agenda = page._agenda
    top = agenda.indexAt(QPoint(5, 5))
    assert agenda._model.day_of(top) == date(2026, 3, 6)


async def test_what_a_toast_took_back_is_passed_over_by_undo(planned: Planned, qtbot: QtBot) -> None:
    first, second = (planned.post(text, wall="2026-03-10T10:00") for text in ("Uno", "Dos"))
    stack = UndoStack(planned.desk, planned.bridge)
    taken = []
    for post_id in (first, second):
        result = await planned.desk.run(
            planning_moves.move_many, places=[Place(post_id, "2026-03-12T10:00", "Europe/Madrid")]
        )
        taken.append(once(result))
        stack.push_done(taken[-1], f"Move {post_id}")
    toast = taken[-1].undo
    assert toast is not None
    await planned.desk.run(toast.command, **toast.args)
    stack.undo()
    await done()
    walls = [planned.desk.page(store.post, each).targets[0].wall for each in (first, second)]
    assert walls == ["2026-03-10T10:00"] * 2, "one press takes back what still stood"
    assert stack.count() == 1 and stack.redoText() == f"Move {first}"
    stack.redo()
    await done()
    assert planned.desk.page(store.post, first).targets[0].wall == "2026-03-12T10:00"


@POPUPS
async def test_the_days_list_is_walked_with_the_arrows(planned: Planned, qtbot: QtBot) -> None:
    ids = [planned.post(f"Pan {hour}", wall=f"2026-03-12T{hour:02d}:30") for hour in range(8, 18)]
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page._show_day(date(2026, 3, 12), page._month.day_rect(date(2026, 3, 12)))
    popover = page.findChildren(DayList)[0]
    assert popover.focusWidget() is popover.findChildren(_Row)[0]
    QTest.keyClick(popover.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(popover.focusWidget(), Qt.Key.Key_Return)
    assert planned.went[-1].id == ids[1]


async def test_every_deed_of_the_plan_says_what_it_did_and_offers_to_undo(
    planned: Planned, qtbot: QtBot, told: Told
) -> None:
    ids = [planned.post(text, wall="2026-03-10T10:00") for text in ("Uno", "Dos")]
    page = opened(planned, qtbot, brand_id=planned.bakery)
    page.do_select_all()
    page.do_duplicate()
    await done()
    assert told.toasts[-1] == "Duplicate 2 posts" and len(page._model.tray) == 2
    page._plan._did(await planned.desk.run(campaigns.label_posts, post_ids=ids, name="receta"), "Label 2 posts")
    assert told.toasts[-1] == "Label 2 posts" and planned.undone[-1][1] == "Label 2 posts"
    planned.undo_last()
    assert planned.desk.page(store.post, ids[0]).labels == ()
