"""The calendar with 500 posts in a month: shown, painted anew, one step of a drag."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from cmdesk.clock import FixedClock
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

POSTS = 500
TARGET_STEP_MS = 2.5
TARGET_SHOWN_MS = 100


def figures() -> Iterator[Figure | Skipped]:
    """Measured offscreen: what Qt paints, without a screen's own time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    from cmdesk.planning.calendar import Slot
    from tests.ui.planned import Planned
    from ui import theme
    from ui.calendar.page import CalendarPage

    theme.install(app)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        planned = Planned(Path(folder) / "profile", FixedClock(datetime.fromisoformat("2026-03-02T09:00:00+00:00")))
        chance = random.Random(5)
        for number in range(POSTS):
            day = date(2026, 3, 3) + timedelta(days=chance.randrange(28))
            minute = chance.choice(("00", "15", "30", "45"))
            planned.post(f"Publicación {number} del mes", wall=f"{day}T{chance.randrange(8, 22):02d}:{minute}")
        planned.context.brand_id = planned.bakery
        page = CalendarPage(planned.context)
        page.resize(1400, 900)

        def shown() -> None:
            page._model.reload()
            page._grid().redraw()
            page.grab()

        page.show()
        page.grab()
        yield Figure("500 posts: read and shown, p50", p50(milliseconds(shown, 15)), "ms", at_most=TARGET_SHOWN_MS)
        grid = page._grid()
        viewport = grid.viewport()

        def painted() -> None:
            grid.redraw()
            viewport.grab()

        days = iter(grid.days() * 20)

        def step() -> None:
            grid.set_hint(Slot(next(days)))
            viewport.grab()

        painted()
        yield Figure("month painted anew, p50", p50(milliseconds(painted, 20)), "ms")
        steps = milliseconds(step, 200)
        yield Figure("one step of a drag, p50", p50(steps), "ms", at_most=TARGET_STEP_MS)
        yield Figure("one step of a drag, p95", p95(steps), "ms")
        page.hide()
        page.deleteLater()
        planned.bridge.close()
        planned.desk.close_now()
