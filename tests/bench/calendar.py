"""The calendar with 500 posts in a month: shown, painted anew, another view, a step of a drag of one and of twenty."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path

from cmdesk.clock import FixedClock
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

POSTS = 500
HELD = 20
TARGET_STEP_MS = 2.5
TARGET_SHOWN_MS = 100
NOW = "2026-03-02T09:00:00+00:00"


def figures() -> Iterator[Figure | Skipped]:
    """Measured offscreen: what Qt paints, without a screen's own time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    from tests.ui.planned import Planned
    from ui import theme

    theme.install(app)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        planned = Planned(Path(folder) / "profile", FixedClock(datetime.fromisoformat(NOW)))
        chance = random.Random(5)
        for number in range(POSTS):
            day = date(2026, 3, 3) + timedelta(days=chance.randrange(28))
            minute = chance.choice(("00", "15", "30", "45"))
            planned.post(f"Publicación {number} del mes", wall=f"{day}T{chance.randrange(8, 22):02d}:{minute}")
        planned.context.brand_id = planned.bakery
        yield from asyncio.run(_page(planned))
        planned.bridge.close()
        planned.desk.close_now()
    yield from _grids()


async def _page(planned: object) -> list[Figure]:
    """The whole page with what the store tells; it reads the days' holidays beside the loop."""
    from tests.ui.planned import Planned
    from ui.calendar.page import CalendarPage

    assert isinstance(planned, Planned)
    page = CalendarPage(planned.context)
    page.resize(1400, 900)

    def shown() -> None:
        page._model.reload()
        page._grid().redraw()  # type: ignore[union-attr]
        page.grab()

    page.show()
    page.grab()
    await asyncio.sleep(0.3)
    figures = [Figure("500 posts: read and shown, p50", p50(milliseconds(shown, 15)), "ms", at_most=TARGET_SHOWN_MS)]
    views = cycle(("week", "month", "day", "agenda", "month"))

    def switched() -> None:
        page.run_action(f"calendar.{next(views)}")
        page.grab()

    figures.append(Figure("another view, p50", p50(milliseconds(switched, 20)), "ms", at_most=TARGET_SHOWN_MS))
    await asyncio.sleep(0.3)
    page.hide()
    page.deleteLater()
    return figures


def _grids() -> Iterator[Figure]:
    """The grids alone, with holidays, shades and free slots behind 500 posts."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from cmdesk.planning.moving import Refused, to_slot
    from tests.ui.calendar import scenes
    from ui.calendar.drag import Drag, Grip, Verdict
    from ui.calendar.month import MonthGrid
    from ui.calendar.week import WeekGrid

    days = scenes.month_days(date(2026, 3, 2))
    now = datetime.fromisoformat(NOW)
    scene = scenes.scene(days, POSTS, plain=True, now=now)
    root = QWidget()
    layout = QVBoxLayout(root)
    layout.setContentsMargins(0, 0, 0, 0)

    def judge(grip: Grip, where: object, copy: bool) -> Verdict:
        found = to_slot(
            grip.items, where, held=grip.item, from_day=grip.from_day, shown_zone=scenes.ZONE,  # type: ignore[arg-type]
            own_zone=lambda item: item.zone, now=now, copy=copy,
        )  # fmt: skip
        return Verdict("x", False) if isinstance(found, Refused) else Verdict("Thu 19 · 09:00", True, tuple(found))

    drag = Drag(root, judge)
    month, week = MonthGrid(drag, root), WeekGrid(drag, root)
    root.resize(1160, 840)
    for grid, name in ((month, "month"), (week, "week")):
        layout.addWidget(grid)
        grid.show_month(date(2026, 3, 18)) if grid is month else week.show_week(date(2026, 3, 18))
        grid.show_scene(scene)
        root.show()
        grid.show()
        root.grab()
        drag.add_target(grid)

        def painted(grid: MonthGrid | WeekGrid = grid) -> None:
            grid.redraw()
            grid.viewport().grab()

        yield Figure(f"{name} painted anew, p50", p50(milliseconds(painted, 20)), "ms")
        items = [one.item for one in grid.placed() if one.item.movable and one.day >= date(2026, 3, 12)]
        for count in (1, HELD):
            held = items[:count]
            grid.set_selection(held)
            grip = Grip(held[0], date(2026, 3, 12), root.size() / 20, QPoint(10, 10), tuple(held[1:]))
            drag.press(grip, QPoint(0, 0))
            rect = grid.viewport().rect().adjusted(80, 120, -40, -40)
            points = cycle(
                grid.viewport().mapToGlobal(
                    rect.topLeft() + QPoint(rect.width() * step // 40, rect.height() * step // 40)
                )
                for step in [*range(40), *range(40, 0, -1)]
            )
            drag.move(next(points), Qt.KeyboardModifier.NoModifier)
            grid.viewport().grab()

            def step(points: Iterator[QPoint] = points, grid: MonthGrid | WeekGrid = grid) -> None:
                drag.move(next(points), Qt.KeyboardModifier.NoModifier)
                grid.viewport().grab()

            steps = milliseconds(step, 200)
            what = "one step of a drag" if count == 1 else f"one step of a drag of {count}"
            yield Figure(f"{name}: {what}, p50", p50(steps), "ms", at_most=TARGET_STEP_MS)
            yield Figure(f"{name}: {what}, p95", p95(steps), "ms")
            drag.cancel()
        grid.hide()
    root.deleteLater()
