"""The page of the people with 100,000 of them: shown, scrolled, sorted, filtered, and how late a timer comes then."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock, to_ms
from cmdesk.commands import brands as branding, circles, markets
from cmdesk.store import people
from cmdesk.store.db import Transaction
from tests.bench.big import NOW, vocabulary
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

PEOPLE = 100_000
FRAMES = 200
FRAME_MS = 16.7
TICK_MS = 5
LATE_MS = 50
"""Nobody feels a timer that comes this late; a page that stalls for longer does not answer."""
LANGUAGES = ("es", "es", "es", "ca", "fr", "en", "pt", "")
COUNTRIES = ("ES", "ES", "ES", "FR", "MX", "PT", "")


def figures() -> Iterator[Figure | Skipped]:
    """Measured offscreen: what Qt and Python do for a frame, without a screen's own time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    app = QApplication.instance() or QApplication([])
    from cmdesk.desk import Desk
    from ui import theme

    theme.install(app)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        desk = Desk(Path(folder) / "profile", clock=FixedClock(NOW))
        brand_id = desk.run_now(branding.add_brand, name="Bench", zone="Europe/Madrid", language="es")
        for name, language, country in (("España", "es", "ES"), ("France", "fr", "FR"), ("México", "es", "MX")):
            desk.run_now(
                markets.save_market,
                brand_id=brand_id,
                name=name,
                language=language,
                country=country,
                zone="Europe/Madrid",
            )
        desk.run_now(_people, brand_id)
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)
        found: list[Figure] = []

        async def measure() -> None:
            async for figure in _page(app, desk, brand_id):
                found.append(figure)

        try:
            with loop:
                loop.run_until_complete(measure())
        finally:
            desk.close_now()
            asyncio.set_event_loop(None)
        yield from found


def _people(tx: Transaction, brand_id: int) -> None:
    chance = random.Random(17)
    words, _weights = vocabulary()
    ids = people.add(
        tx, brand_id,
        [
            {
                "name": " ".join(each.title() for each in chance.choices(words[30:], k=2)),
                "language": chance.choice(LANGUAGES), "country": chance.choice(COUNTRIES),
                "market_id": chance.choice((1, 2, 3, None)), "notes": "Lo pidió ayer" if number % 5 == 0 else "",
                "advocate": int(number % 50 == 0), "opt_out": int(number % 97 == 0),
            }
            for number in range(PEOPLE)
        ],
    )  # fmt: skip
    people.add_identities(tx, brand_id, [(each, "mastodon", f"user{each}@example.social") for each in ids])
    people.add_identities(tx, brand_id, [(each, "email", f"u{each}@example.com") for each in ids[::2]])
    tx.conn.executemany(
        "UPDATE contact SET first_seen_at = ?1 - 86400000, last_seen_at = ?1 WHERE id = ?2",
        [(to_ms(NOW) - chance.randrange(3 * 365 * 86_400_000), each) for each in ids],
    )
    for number in range(12):
        rule = {"field": "language", "is": "in", "value": [("es", "fr", "ca", "pt")[number % 4]]} if number % 2 else {}
        circles.save_circle(
            tx, brand_id=brand_id, name=f"Círculo {number}", rule=rule,
            contact_ids=() if rule else tuple(chance.sample(ids, 1_500)),
        )  # fmt: skip


async def _page(app: Any, desk: Any, brand_id: int) -> AsyncIterator[Figure]:
    from cmdesk.people.values import Column, Sort
    from ui.audience.page import AudiencePage
    from ui.bridge import Bridge
    from ui.widgets.page import PageContext

    bridge = Bridge(desk)
    context = PageContext(
        desk=desk, bridge=bridge, navigate=lambda _target: None, undo=lambda _done, _text: None,
        progress=_never,
    )  # fmt: skip
    context.brand_id = brand_id
    page = AudiencePage(context)
    page.resize(1600, 1000)
    took, late = await _timed(_shown(page))
    yield Figure("100,000 people: page shown and painted", took, "ms", at_most=500)
    yield Figure("latest timer meanwhile", late, "ms", at_most=LATE_MS)
    took, late = await _timed(_until(lambda: page.side.list.count() > 15 and page.filter._facets))
    yield Figure("circles, markets and facets counted", took, "ms", note="on another thread")
    yield Figure("latest timer meanwhile", late, "ms", at_most=LATE_MS)
    took, late = await _timed(page._count_doubles())
    yield Figure("probable doubles counted", took, "ms", note="on another thread, 3 s after the last change")
    yield Figure("latest timer while doubles are looked for", late, "ms", at_most=LATE_MS)

    bar = page.table.verticalScrollBar()
    chance = random.Random(3)
    for name, move in (("a line", 44), ("a page", 800), ("a jump", 0)):

        def frame(move: int = move) -> None:
            bar.setValue(bar.value() + move if move else int(chance.random() * bar.maximum()))
            app.sendPostedEvents()  # paints what became visible; other tasks wait

        bar.setValue(0)
        found = milliseconds(frame, FRAMES)
        yield Figure(f"frame, {name}, p95", p95(found), "ms", at_most=FRAME_MS)
        yield Figure(f"frame, {name}, longest of {FRAMES}", max(found), "ms")
    bar.setValue(0)

    for column in (Column.NAME, Column.COUNTRY, Column.MARKET, Column.FOLLOWERS, Column.MESSAGES, Column.LAST_SEEN):
        page._sorted(Sort(column, down=False))
        took, late = await _timed(_until(lambda: not page.model.busy))
        yield Figure(f"sorted by {column.value}, until it shows", took, "ms", at_most=500)
        yield Figure("latest timer meanwhile", late, "ms", at_most=LATE_MS)

    lates: list[float] = []
    times: list[float] = []
    for text in ("u", "us", "user5", "user55", "zapata", "casa", "mar"):
        page.filter.search.setText(text)
        took, late = await _timed(_searched(page, text))
        times.append(took)
        lates.append(late)
    page.filter.clear()
    await _until(lambda: not page.model.busy)
    yield Figure(
        "a letter typed until the list is there, p50", p50(times), "ms", at_most=300, note="90 ms are waited for"
    )
    yield Figure("the slowest of them", max(times), "ms")
    yield Figure("latest timer meanwhile", max(lates), "ms", at_most=LATE_MS)

    page.filter.buttons["languages"].set_values(["fr"])
    page._show_people()
    took, late = await _timed(_until(lambda: not page.model.busy))
    yield Figure("filtered by a language, until it shows", took, "ms", at_most=300)
    yield Figure("latest timer meanwhile", late, "ms", at_most=LATE_MS)
    page.filter.clear()
    await _until(lambda: not page.model.busy)
    steps = []
    for _step in range(20):
        page.table.step(1)
        took, _late = await _timed(_until(lambda: page.card.contact_id == page.table.current_id()))
        steps.append(took)
    yield Figure("one row down until the card shows, p50", p50(steps), "ms", at_most=60)
    yield Figure("the slowest of 20", max(steps), "ms")
    yield Figure("everybody selected", p50(milliseconds(page.table.selectAll, 3)), "ms", at_most=100)
    page.hide()
    page.ended()
    page.deleteLater()
    bridge.close()


def _never(text: str) -> Any:
    raise AssertionError(text)


async def _shown(page: Any) -> None:
    page.show()
    page.refresh(None)
    await _until(page.model.rowCount)
    page.grab()


async def _searched(page: Any, text: str) -> None:
    await _until(
        lambda: page.model._query is not None and page.model._query.filter.text == text and not page.model.busy
    )
    page.table.viewport().grab()


async def _until(condition: Callable[[], object], settle: float = 0.0) -> None:
    ends = time.perf_counter() + 30
    while not condition() and time.perf_counter() < ends:  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.002)
    await asyncio.sleep(settle)


async def _timed(work: Coroutine[Any, Any, None]) -> tuple[float, float]:
    """How long something took, and how late a timer came at worst meanwhile; both in ms."""
    from PySide6.QtCore import Qt, QTimer

    worst, before = 0.0, time.perf_counter()

    def tick() -> None:
        nonlocal worst, before
        now = time.perf_counter()
        worst, before = max(worst, (now - before) * 1000 - TICK_MS), now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    began = time.perf_counter()
    await work
    took = (time.perf_counter() - began) * 1000
    tick()
    timer.stop()
    return took, worst
