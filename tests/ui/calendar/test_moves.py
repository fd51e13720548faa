"""What moving several posts means to the person: labels while they are held, one undo with a name, keys, refusals."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.i18n import using
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import Slot
from cmdesk.planning.days import Ghost
from cmdesk.planning.moving import Shift
from cmdesk.store import planning as store
from tests.ui.planned import Planned, Told, done
from ui.calendar.drag import Grip
from ui.calendar.page import CalendarPage

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(planned: Planned, qtbot: QtBot, told: Told) -> CalendarPage:
    planned.context.brand_id = planned.bakery
    made = CalendarPage(planned.context)
    qtbot.addWidget(made)
    made.resize(1300, 800)
    return made


def opened(page: CalendarPage, planned: Planned, *walls: str, zone: str = "Europe/Madrid") -> list[CalendarItem]:
    """Show a page with a post at each of these hours; their items."""
    ids = [planned.post(f"Texto {wall[5:10]}", wall=wall, zone=zone) for wall in walls]
    page.show()
    page.grab()
    found = {item.post_id: item for item in page._model.items}
    return [found[each] for each in ids]


def walls(planned: Planned, items: list[CalendarItem]) -> list[str]:
    return [planned.desk.page(store.post, item.post_id).targets[0].wall[:16] for item in items]


def grip(items: list[CalendarItem], day: date | None) -> Grip:
    return Grip(items[0], day, QSize(100, 22), QPoint(), tuple(items[1:]))


async def test_labels_say_the_hour_of_the_market_or_why_not(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-11T09:30")
    day = date(2026, 3, 10)
    judge = page._moves.judge
    there = Slot(date(2026, 3, 20))
    assert judge(grip(items[:1], day), there, False).text == "Fri 20 Mar · 09:30 Madrid"
    assert judge(grip(items, day), there, False).text == "Fri 20 Mar · 09:30 Madrid · 2 posts"
    assert judge(grip(items[:1], day), there, True).text == "Copy: Fri 20 Mar · 09:30 Madrid"
    ghost = Ghost(1, planned.bakery, 1, "mastodon", 600, "2026-03-20T10:00", "Europe/Madrid")
    stuck = judge(grip(items[:1], day), Slot(date(2026, 3, 20), 600, planned.bakery, (ghost,)), False)
    assert stuck.text == "Fri 20 Mar · 10:00 Madrid · free slot"
    late = judge(grip(items, day), Slot(date(2026, 3, 1)), False)
    assert (late.text, late.allowed) == ("«Texto 03-10»: That hour has passed", False)
    assert judge(grip(items, day), True, False).text == "No date"


async def test_several_move_in_one_step_with_a_name(page: CalendarPage, planned: Planned, told: Told) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-11T18:00", "2026-03-12T08:00")
    page._moves.shift(items, Shift(1))
    assert {one.item.post_id for one in page._model.days[date(2026, 3, 13)]} == {items[2].post_id}, "at once"
    await done()
    assert walls(planned, items) == ["2026-03-11T09:30", "2026-03-12T18:00", "2026-03-13T08:00"]
    assert [name for _done, name in planned.undone] == ["Move 3 posts by 1 day"] == told.toasts
    planned.undo_last()
    assert walls(planned, items) == ["2026-03-10T09:30", "2026-03-11T18:00", "2026-03-12T08:00"]


@pytest.mark.parametrize(("shift", "name"), [
    (Shift(0, 90), "Move 2 posts by 1 hour 30 minutes"), (Shift(-1, 0), "Move 2 posts by 1 day"),
    (Shift(7), "Move 2 posts by 7 days"), (Shift(2, -15), "Move 2 posts by 1 day 23 hours 45 minutes"),
])  # fmt: skip
async def test_how_far_is_part_of_the_name(page: CalendarPage, planned: Planned, shift: Shift, name: str) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-11T18:00")
    page._moves.shift(items, shift)
    await done()
    assert planned.undone[-1][1] == name


async def test_one_in_the_way_keeps_all_where_they_are(page: CalendarPage, planned: Planned, told: Told) -> None:
    items = opened(page, planned, "2026-03-03T09:30", "2026-03-11T18:00")
    page._moves.shift(items, Shift(-2))
    await done()
    assert walls(planned, items) == ["2026-03-03T09:30", "2026-03-11T18:00"] and not planned.undone
    assert told.toasts == ["«Texto 03-03»: That hour has passed. Nothing moved."]


async def test_copies_are_drafts_that_wish_for_their_hour(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-11T18:00")
    page._moves.shift(items, Shift(7), copy=True)
    await done()
    page._model.reload()
    copies = [item for item in page._model.items if item.post_id not in {each.post_id for each in items}]
    assert [(item.wall[:16], item.status) for item in copies] == [
        ("2026-03-17T09:30", PostStatus.DRAFT), ("2026-03-18T18:00", PostStatus.DRAFT),
    ]  # fmt: skip
    assert planned.undone[-1][1] == "Copy 2 posts by 7 days"
    planned.undo_last()
    page._model.reload()
    assert {item.post_id for item in page._model.items} == {each.post_id for each in items}


async def test_what_is_picked_up_is_put_down_with_its_distances(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-12T18:00")
    assert page._moves.pick_up(items)
    page._moves.put_down(Slot(date(2026, 3, 24)))
    await done()
    assert walls(planned, items) == ["2026-03-24T09:30", "2026-03-26T18:00"]
    assert page._moves.picked == ()
    page._model.reload()
    mine = page._model.item(items[0].post_id)
    assert mine is not None and page._moves.pick_up([mine], copy=True)
    for day in (25, 27):
        page._moves.put_down(Slot(date(2026, 3, day), 12 * 60))
        await done()
    page._model.reload()
    drafts = [item.wall[:16] for item in page._model.items if item.status is PostStatus.DRAFT]
    assert drafts == ["2026-03-25T12:00", "2026-03-27T12:00"], "a copy can be put down again"


async def test_several_lose_their_date_and_several_are_deleted(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-12T18:00")
    page._moves.drop(grip(items, date(2026, 3, 10)), True, False)
    await done()
    assert walls(planned, items) == ["", ""] and planned.undone[-1][1] == "Take the date of 2 posts away"
    planned.undo_last()
    assert walls(planned, items) == ["2026-03-10T09:30", "2026-03-12T18:00"]
    page._moves.delete_many(items)
    await done()
    page._model.reload()
    assert page._model.items == [] and planned.undone[-1][1] == "Delete 2 posts"
    planned.undo_last()
    assert walls(planned, items) == ["2026-03-10T09:30", "2026-03-12T18:00"]


async def test_keys_move_several_and_stay_chosen(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30", "2026-03-11T18:00")
    page._month.setFocus()
    QTest.keyClick(page._month, Qt.Key.Key_A, CTRL)
    for _step in range(2):
        QTest.keyClick(page._month, Qt.Key.Key_Down, ALT)
        await done()
    assert walls(planned, items) == ["2026-03-24T09:30", "2026-03-25T18:00"]
    assert len(planned.undone) == 2


async def test_names_are_spanish_in_spanish(page: CalendarPage, planned: Planned) -> None:
    items = opened(page, planned, "2026-03-10T09:30")
    with using("es"):
        page._moves.move(items[0], Slot(date(2026, 3, 20)), from_day=date(2026, 3, 10))
    await done()
    assert planned.undone[-1][1].startswith("Mover «Texto 03-10»")
