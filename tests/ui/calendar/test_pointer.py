"""Dragging in the calendar with a real pointer: one post, several, a copy, a band, the edges, and Esc."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.model import PostStatus
from cmdesk.store import planning as store
from tests.ui.planned import Planned, Told, done
from ui.calendar.grid import Grid
from ui.calendar.page import CalendarPage
from ui.calendar.week import WeekGrid

pytestmark = pytest.mark.gui
LEFT, NONE, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class Hand:
    """A pointer over a calendar page in a window of its own."""

    def __init__(self, page: CalendarPage) -> None:
        self.page = page

    @property
    def grid(self) -> Grid:
        """The view in front."""
        found = self.page._grid()
        assert isinstance(found, Grid)
        return found

    def at(self, point: QPoint) -> QPoint:
        """A place of the view, in the window."""
        return self.page.mapFromGlobal(self.grid.viewport().mapToGlobal(point))

    def chip(self, post_id: int) -> QPoint:
        """The middle of a post's chip, in the window."""
        for spots in self.grid._spots.values():
            for each in spots:
                if each.placed.item.post_id == post_id:
                    return self.at(each.rect.center().toPoint() + self.grid._offset())
        raise AssertionError(f"post {post_id} is not drawn")

    def cell(self, day: date, *, low: bool = True) -> QPoint:
        """A free place of a day's cell in the month, in the window."""
        box = self.page._month._cell(day)
        return self.at(QPoint(int(box.center().x()), int(box.bottom() - 6 if low else box.center().y())))

    async def press(self, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Button down."""
        await outside(lambda: QTest.mousePress(self.page.windowHandle(), LEFT, modifiers, point))

    async def move(self, start: QPoint, end: QPoint) -> None:
        """With the button down, from one place to another."""
        for step in range(1, 9):
            point = start + (end - start) * step / 8
            await outside(lambda point=point: QTest.mouseMove(self.page.windowHandle(), point))  # type: ignore[misc]

    async def release(self, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Button up."""
        await outside(lambda: QTest.mouseRelease(self.page.windowHandle(), LEFT, modifiers, point))
        await done()

    async def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """All of it."""
        await self.press(start, modifiers)
        await self.move(start, end)
        await self.release(end, modifiers)


async def outside(act: Callable[[], object]) -> None:
    """Do what processes events of its own outside of every task: inside one, other tasks would be lost."""
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def work() -> None:
        act()
        ended.set_result(None)

    QTimer.singleShot(0, work)
    await ended


async def until(ready: Callable[[], object], what: str) -> None:
    """Wait until something is so, five seconds at most."""
    for _look in range(250):
        if ready():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited for {what}")


@asynccontextmanager
async def hand_on(planned: Planned, *, view: str = "month") -> AsyncIterator[Hand]:
    """A page on the screen, and a pointer."""
    planned.context.brand_id = planned.bakery
    page = CalendarPage(planned.context)
    page.resize(1280, 800)
    page.show()
    getattr(page, f"do_{view}")()
    hand = Hand(page)
    await until(lambda: page.windowHandle() is not None and page.windowHandle().isExposed(), "the window")
    await until(lambda: hand.grid.isVisible() and hand.grid._dirty == set(), "a painted view")
    try:
        yield hand
    finally:
        page._drag.cancel()
        page.hide()
        await done()
        page.deleteLater()


def walls(planned: Planned, *posts: int) -> list[str]:
    """The hours posts wish for."""
    return [planned.desk.page(store.post, post_id).targets[0].wall[:16] for post_id in posts]


async def painted(hand: Hand) -> None:
    """Wait until what was read is drawn."""
    await done()
    await until(lambda: hand.grid._dirty == set(), "the picture")


async def test_a_drag_moves_and_the_row_is_there_at_once(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-10T09:30")
    async with hand_on(planned) as hand:
        start, end = hand.chip(post), hand.cell(date(2026, 3, 20))
        await hand.press(start)
        await hand.move(start, end)
        assert hand.page._drag.active and hand.page._drag._ghost.text == "Fri 20 Mar · 09:30 Madrid"
        await outside(lambda: QTest.mouseRelease(hand.page.windowHandle(), LEFT, NONE, end))
        assert any(one.item.post_id == post for one in hand.page._model.days[date(2026, 3, 20)]), "before it is saved"
        await done()
        assert walls(planned, post) == ["2026-03-20T09:30"]
        planned.undo_last()
        assert walls(planned, post) == ["2026-03-10T09:30"]


async def test_ctrl_and_the_pointer_copy_without_scheduling(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-10T09:30")
    async with hand_on(planned) as hand:
        await hand.drag(hand.chip(post), hand.cell(date(2026, 3, 20)), CTRL)
        assert walls(planned, post) == ["2026-03-10T09:30"]
        (copy,) = [each.id for each in planned.desk.page(store.posts) if each.id != post]
        made = planned.desk.page(store.post, copy)
        assert made.status is PostStatus.DRAFT and not made.deliveries and walls(planned, copy) == ["2026-03-20T09:30"]
        assert planned.undone[-1][1] == "Copy «Pan» to Fri 20 09:30"
        planned.undo_last()
        assert copy not in {each.id for each in planned.desk.page(store.posts)}


async def test_a_band_chooses_and_what_it_chose_is_dragged_together(planned: Planned, told: Told) -> None:
    posts = [planned.post(f"n {day}", wall=f"2026-03-{day}T09:30") for day in (10, 11, 12)]
    async with hand_on(planned) as hand:
        await hand.drag(hand.cell(date(2026, 3, 9)), hand.chip(posts[1]))
        assert [item.post_id for item in hand.grid.selection()] == posts[:2]
        await painted(hand)
        await hand.drag(hand.chip(posts[0]), hand.cell(date(2026, 3, 17)))
        assert walls(planned, *posts) == ["2026-03-17T09:30", "2026-03-18T09:30", "2026-03-12T09:30"]
        assert planned.undone[-1][1] == "Move 2 posts by 7 days" and len(planned.undone) == 1
        planned.undo_last()
        assert walls(planned, *posts) == ["2026-03-10T09:30", "2026-03-11T09:30", "2026-03-12T09:30"]


async def test_esc_gives_a_drag_and_a_band_up(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-10T09:30")
    async with hand_on(planned) as hand:
        start, end = hand.chip(post), hand.cell(date(2026, 3, 20))
        await hand.press(start)
        await hand.move(start, end)
        await outside(lambda: QTest.keyClick(hand.grid, Qt.Key.Key_Escape))
        assert not hand.page._drag.active and QApplication.overrideCursor() is None
        await hand.release(end)
        assert walls(planned, post) == ["2026-03-10T09:30"]
        corner = hand.cell(date(2026, 3, 9))
        await hand.press(corner)
        await hand.move(corner, hand.chip(post))
        assert hand.grid.selection()
        await outside(lambda: QTest.keyClick(hand.grid, Qt.Key.Key_Escape))
        assert not hand.grid.selection() and hand.grid._band is None
        await hand.release(hand.chip(post))


async def test_waiting_at_the_edge_turns_the_page(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-10T09:30")
    async with hand_on(planned) as hand:
        start = hand.chip(post)
        viewport = hand.grid.viewport()
        edge = hand.at(QPoint(viewport.width() - 6, hand.grid.viewport().height() // 2))
        await hand.press(start)
        await hand.move(start, edge)
        await until(lambda: date(2026, 4, 30) in hand.grid.days(), "April")
        middle = hand.cell(date(2026, 4, 15))
        await hand.move(edge, middle)
        await hand.release(middle)
        assert walls(planned, post) == ["2026-04-15T09:30"]


async def test_waiting_at_the_bottom_scrolls_the_hours(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-04T12:00")
    async with hand_on(planned, view="week") as hand:
        week = hand.grid
        assert isinstance(week, WeekGrid)
        week.restore_state({"hour": 72})
        await painted(hand)
        week.verticalScrollBar().setValue(11 * 72)
        await painted(hand)
        start = hand.chip(post)
        bottom = hand.at(QPoint(int(week._column(date(2026, 3, 5)).center().x()), week.viewport().height() - 8))
        await hand.press(start)
        await hand.move(start, bottom)
        await until(lambda: week.verticalScrollBar().value() == week.verticalScrollBar().maximum(), "the evening")
        await hand.release(bottom)
        ((day, hour),) = [wall.split("T") for wall in walls(planned, post)]
        assert day == "2026-03-05" and hour >= "22:00"


async def test_a_refused_drop_shows_its_cursor_and_its_reason(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-28T02:30")
    async with hand_on(planned) as hand:
        start, end = hand.chip(post), hand.cell(date(2026, 3, 29))  # Madrid's spring night
        await hand.press(start)
        await hand.move(start, end)
        cursor = QApplication.overrideCursor()
        assert isinstance(cursor, QCursor) and cursor.shape() is Qt.CursorShape.ForbiddenCursor
        assert hand.page._drag._ghost.text == "That hour does not exist: the clocks go forward"
        await hand.release(end)
        assert walls(planned, post) == ["2026-03-28T02:30"] and not planned.undone
        assert told.toasts == ["That hour does not exist: the clocks go forward. Nothing moved."]


async def test_a_week_drop_is_the_hour_under_the_chip(planned: Planned, told: Told) -> None:
    post = planned.post("Pan", wall="2026-03-04T12:00")
    async with hand_on(planned, view="week") as hand:
        week = hand.grid
        assert isinstance(week, WeekGrid)
        start = hand.chip(post)
        end = QPoint(
            hand.at(QPointF(week._column(date(2026, 3, 6)).center()).toPoint()).x(), start.y() + 2 * week._hour_px()
        )
        await hand.drag(start, end)
        assert walls(planned, post) == ["2026-03-06T14:00"]
        await painted(hand)
        await outside(lambda: QTest.keyClick(week, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier))
        await done()
        assert walls(planned, post) == ["2026-03-05T14:00"], "still chosen, and the keys go on"
        assert date(2026, 3, 6) - timedelta(days=1) in week.days()
