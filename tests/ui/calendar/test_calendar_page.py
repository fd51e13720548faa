"""The calendar page: what it shows, drags, keys, undo, and that nothing moves by accident."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.commands import settings
from cmdesk.model import PostStatus
from cmdesk.planning.calendar import Slot
from cmdesk.store import planning as store
from tests.ui.planned import Planned, Told, done
from ui.calendar.grid import Grid
from ui.calendar.page import CalendarPage


def opened(planned: Planned, qtbot: QtBot, *, brand_id: int | None = None) -> CalendarPage:
    planned.context.brand_id = brand_id or planned.bakery
    page = CalendarPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1300, 800)
    page.show()
    page.grab()
    return page


def grid(page: CalendarPage) -> Grid:
    return page._grid()


def spot(page: CalendarPage, post_id: int) -> QPoint:
    """The middle of a post's chip, in the grid's viewport."""
    shown = grid(page)
    page.grab()
    for spots in shown._spots.values():
        for each in spots:
            if each.placed.item.post_id == post_id:
                return each.rect.center().toPoint() + shown._offset()
    raise AssertionError("the post is not on the grid")


def choose(page: CalendarPage, *post_ids: int) -> None:
    """Choose posts as a click or Ctrl and clicks do."""
    found = [page._model.item(each) for each in post_ids]
    page._choose_many([each for each in found if each is not None])


def cell(page: CalendarPage, day: date) -> QPoint:
    return page._month._cell(day).center().toPoint()


def wall(planned: Planned, post_id: int) -> str:
    post = planned.desk.page(store.post, post_id)
    live = [each for each in post.deliveries if each.state != "cancelled"]
    return live[-1].wall[:16] if live else ""


def drag_by_hand(page: CalendarPage, start: QPoint, end: QPoint) -> None:
    """Drive a drag through the widgets' own handlers: offscreen has no pointer that moves with a pressed button."""
    viewport = grid(page).viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 6):
        at = start + (end - start) * step / 5
        page._drag.move(viewport.mapToGlobal(at), Qt.KeyboardModifier.NoModifier)
    page._drag.release(viewport.mapToGlobal(end), Qt.KeyboardModifier.NoModifier)


async def test_a_month_drag_changes_the_day_and_never_the_hour(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan de espelta", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    drag_by_hand(page, spot(page, post_id), cell(page, date(2026, 3, 20)))
    await done()
    assert wall(planned, post_id) == "2026-03-20T09:30"
    assert "Fri 20" in planned.undone[-1][1]
    planned.undo_last()
    assert wall(planned, post_id) == "2026-03-10T09:30"


async def test_a_drag_from_the_tray_schedules_at_the_usual_hour(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Torrijas")
    page = opened(planned, qtbot)
    (card,) = page._tray._cards
    QTest.mousePress(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 20))
    target = page._month.viewport().mapToGlobal(cell(page, date(2026, 3, 12)))
    page._drag.move(target, Qt.KeyboardModifier.NoModifier)
    assert page._drag._ghost.isVisible() and "10:00 Madrid" in page._drag._ghost._text
    page._drag.release(target, Qt.KeyboardModifier.NoModifier)
    await done()
    assert wall(planned, post_id) == "2026-03-12T10:00"
    assert planned.desk.page(store.post, post_id).status is PostStatus.SCHEDULED


async def test_back_to_the_tray_takes_the_date_away_and_undo_gives_it_back(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    viewport = grid(page).viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(page, post_id))
    over_tray = page._tray.mapToGlobal(QPoint(60, 300))
    page._drag.move(over_tray, Qt.KeyboardModifier.NoModifier)
    page._drag.release(over_tray, Qt.KeyboardModifier.NoModifier)
    await done()
    assert [item.post_id for item in planned.desk.page(store.tray, brand_id=planned.bakery)] == [post_id]
    planned.undo_last()
    assert wall(planned, post_id) == "2026-03-10T09:30"


async def test_the_past_takes_no_drop(planned: Planned, qtbot: QtBot, told: Told) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    drag_by_hand(page, spot(page, post_id), cell(page, date(2026, 3, 1)))
    await done()
    assert wall(planned, post_id) == "2026-03-10T09:30" and not planned.undone


async def test_escape_gives_a_drag_up(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    viewport = grid(page).viewport()
    start, end = spot(page, post_id), cell(page, date(2026, 3, 20))
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    page._drag.move(viewport.mapToGlobal(end), Qt.KeyboardModifier.NoModifier)
    assert page._drag.active
    QTest.keyClick(viewport, Qt.Key.Key_Escape)
    assert not page._drag.active and not page._drag._ghost.isVisible()
    page._drag.release(viewport.mapToGlobal(end), Qt.KeyboardModifier.NoModifier)
    await done()
    assert wall(planned, post_id) == "2026-03-10T09:30"


async def test_a_week_drop_is_a_moment_of_the_brands_zone(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Ruta", wall="2026-03-04T09:00", brand_id=planned.trail, zone="America/Bogota")
    page = opened(planned, qtbot, brand_id=planned.trail)
    page.do_week()
    page.grab()
    week = page._week
    column = week._column(date(2026, 3, 5))
    start = spot(page, post_id)
    down = 8 * week._hour_px()  # from nine to five in the afternoon, wherever the chip is held
    drag_by_hand(page, start, QPoint(int(column.center().x()), start.y() + down))
    await done()
    assert wall(planned, post_id) == "2026-03-05T17:00"
    (item, *_rest) = planned.desk.page(
        store.calendar_items,
        brand_id=planned.trail,
        start=datetime(2026, 3, 5, tzinfo=UTC),
        end=datetime(2026, 3, 7, tzinfo=UTC),
    )
    assert item.at == datetime(2026, 3, 5, 22, 0, tzinfo=UTC)  # 17:00 in Bogotá


async def test_keys_move_a_chosen_post_by_days_and_quarters(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    QTest.mouseClick(
        grid(page).viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(page, post_id)
    )
    assert page._panel.isVisible()
    QTest.keyClick(grid(page), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    await done()
    assert wall(planned, post_id) == "2026-03-11T09:30"
    page.do_week()
    await done()
    page.grab()
    QTest.keyClick(grid(page), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    await done()
    assert wall(planned, post_id) == "2026-03-11T09:45"


async def test_cut_and_paste_move_without_a_mouse(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    choose(page, post_id)
    page.do_cut()
    grid(page).set_place(Slot(date(2026, 3, 25)))
    page.do_paste()
    await done()
    assert wall(planned, post_id) == "2026-03-25T09:30"


async def test_an_hour_that_does_not_exist_is_refused_and_said(planned: Planned, qtbot: QtBot, told: Told) -> None:
    post_id = planned.post("Pan", wall="2026-03-28T02:30")
    page = opened(planned, qtbot)
    drag_by_hand(page, spot(page, post_id), cell(page, date(2026, 3, 29)))  # Madrid's spring night
    await done()
    assert wall(planned, post_id) == "2026-03-28T02:30"
    assert told.toasts == ["That hour does not exist: the clocks go forward. Nothing moved."]


@pytest.mark.parametrize("text", ["a" * 600, "Ven a Northtrail"], ids=["too long", "the name of another brand"])
async def test_what_a_draft_lacks_or_is_asked_leads_to_the_composer(
    planned: Planned, qtbot: QtBot, told: Told, text: str
) -> None:
    post_id = planned.post(text)
    page = opened(planned, qtbot)
    page._moves.move(page._model.tray[0], Slot(date(2026, 3, 12)), from_day=None)
    await done()
    assert told.errors and planned.went[-1].page == "composer" and planned.went[-1].id == post_id


async def test_deleting_is_undoable_and_duplicates_wait_in_the_tray(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    choose(page, post_id)
    page.do_duplicate()
    await done()
    assert len(page._model.tray) == 1 and page._model.tray[0].post_id != post_id
    choose(page, post_id)
    page.do_delete()
    await done()
    assert page._model.item(post_id) is None
    planned.undo_last()
    page._model.reload()
    assert page._model.item(post_id) is not None


async def test_only_the_brand_in_view_is_shown_and_all_shows_both(planned: Planned, qtbot: QtBot) -> None:
    mine = planned.post("Pan", wall="2026-03-10T09:30")
    other = planned.post("Ruta", wall="2026-03-10T09:30", brand_id=planned.trail, zone="America/Bogota")
    page = opened(planned, qtbot)
    assert {item.post_id for item in page._model.items} == {mine}
    planned.context.brand_id = None
    page.show_brand(None)
    assert {item.post_id for item in page._model.items} == {mine, other}


async def test_a_change_elsewhere_repaints_only_its_days(planned: Planned, qtbot: QtBot) -> None:
    planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    page.grab()
    planned.post("Bollos", wall="2026-03-18T11:00")
    page._model.reload()
    assert grid(page)._dirty == {date(2026, 3, 18)}


async def test_each_chip_says_a_whole_sentence(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan de espelta", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    choose(page, post_id)
    placed = grid(page)._find(post_id)
    assert placed is not None
    assert grid(page)._sentence(placed) == (
        "Scheduled, Panadería, Tuesday 10 March, 09:30: Pan de espelta"
        " (panadería@mastodon.example, panadería@bluesky.example)"
    )


async def test_the_week_begins_where_the_person_says(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    assert page._month.days()[0].isoweekday() == 1
    planned.desk.run_now(settings.set_value, key="week_start", value="sunday")
    page.mark_stale()
    assert page._month.days()[0].isoweekday() == 7 and page._week.days()[0].isoweekday() == 7
