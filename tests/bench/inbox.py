"""The inbox with 200,000 rows: frames while scrolling beside a C++ list, opening, a change, a long thread."""

from __future__ import annotations

import os
import random
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock
from tests.bench.big import NOW, copy_of_big_profile
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

ROWS = 200_000
FRAMES = 200
FRAME_MS = 16.7
RATIO = 1.5


def figures() -> Iterator[Figure | Skipped]:
    """Measured offscreen: what Qt and Python do for a frame, without a screen's own time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    from cmdesk.desk import Desk
    from ui import theme

    theme.install(app)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        desk = Desk(copy_of_big_profile(Path(folder) / "profile"), clock=FixedClock(NOW))
        desk.run_now(_judge)
        try:
            yield from _list(app, desk)
            yield from _thread(app, desk)
        finally:
            desk.close_now()


def _judge(tx: Any) -> None:
    """Rows as they are in use: with verdict, kind, urgency and a deadline, a third of them angry."""
    tx.conn.execute(
        "UPDATE conversation SET sentiment = CASE id % 3 WHEN 0 THEN 'negative' WHEN 1 THEN 'positive' ELSE 'neutral'"
        " END, intent = CASE id % 4 WHEN 0 THEN 'complaint' WHEN 1 THEN 'opinion' WHEN 2 THEN 'support' ELSE 'troll'"
        " END, urgency = id % 4, unsure = id % 7 = 0, due_at = last_at + 14400000"
    )


def _list(app: Any, desk: Any) -> Iterator[Figure]:
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QAbstractItemView, QTableView

    from cmdesk.store import inbox
    from cmdesk.store.conversations import list_counts
    from ui import theme
    from ui.inbox.rows import RowDelegate
    from ui.models.directory import Directory
    from ui.models.inbox import InboxModel
    from ui.models.inbox_query import Order, Query, View
    from ui.models.pictures import Pictures
    from ui.widgets.id_table import IdTable

    directory = Directory(desk)
    pictures = Pictures(desk, directory)
    model = InboxModel(desk)
    table = IdTable(model, RowDelegate(directory, pictures, desk.clock.now))
    table.resize(380, 900)
    ids = desk.page(inbox.conversation_ids)
    many = array("q", (ids[place % len(ids)] for place in range(ROWS)))
    started = time.perf_counter()
    model._replace(many, (), complete=True)
    table.show()
    app.processEvents()
    yield Figure("200,000 rows put in and painted", (time.perf_counter() - started) * 1000, "ms", at_most=100)

    plain = QTableView()
    words = "harina pan horno masa corteza levadura miga hogaza barra centeno espelta trigo".split()
    chance = random.Random(3)

    def three(number: int) -> str:
        text = " ".join(chance.choices(words, k=12))
        return f"Persona {number} {chance.choice(words)}   12 min\n{text}\nMención   La Panadería"

    plain.setModel(QStringListModel([three(number) for number in range(ROWS)]))
    plain.horizontalHeader().hide()
    plain.verticalHeader().hide()
    plain.setShowGrid(False)
    plain.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    plain.verticalHeader().setDefaultSectionSize(theme.row_height())
    plain.setColumnWidth(0, 360)
    plain.resize(380, 900)
    plain.show()
    app.processEvents()
    jumps = [chance.random() for _ in range(FRAMES)]
    for name, move in (("a line", 32.0), ("a page", 850.0), ("a jump", 0.0)):
        ours = _frames(app, table, move, jumps)
        theirs = _frames(app, plain, move, jumps)
        yield Figure(
            f"frame, {name}, p95", p95(ours), "ms", p95(theirs), "C++ list, the same three lines", at_most=RATIO,
        )  # fmt: skip
        yield Figure(f"frame, {name}, p95 of 60 a second", p95(ours), "ms", at_most=FRAME_MS)
        yield Figure(f"frame, {name}, longest of {FRAMES}", max(ours), "ms", note="with what else runs on the machine")
    plain.hide()
    plain.deleteLater()

    model._query = Query(view=View.SOLVED)
    yield Figure("a list shown (first rows), p50", p50(milliseconds(model.reload_first, 20)), "ms", at_most=10)
    model._query = Query(view=View.OPEN, order=Order.URGENT)
    opened = milliseconds(lambda: desk.page(inbox.conversation_ids, order="urgent", **model._filters()), 10)
    yield Figure("ids of what is open, the most urgent first, p50", p50(opened), "ms", at_most=200)
    now = desk.clock.now()
    counted = milliseconds(lambda: desk.page(list_counts, None, due_before=now, now=now), 10)
    yield Figure("the numbers of all lists counted (on another thread), p50", p50(counted), "ms", at_most=200)
    whole = milliseconds(lambda: desk.page(inbox.conversation_ids, state=None), 5)
    yield Figure(f"ids of all {len(ids):,} conversations", p50(whole), "ms")
    model._replace(many, (), complete=True)
    some = [ids[place] for place in range(0, 400, 8)]
    yield Figure(
        "50 changed rows taken over", p50(milliseconds(lambda: model._sync_some(set(some)), 10)), "ms", at_most=16
    )
    table.hide()
    table.deleteLater()
    pictures.close()


def _frames(app: Any, table: Any, move: float, jumps: list[float]) -> list[float]:
    """Scroll and paint; only what became visible is painted anew, as on a screen."""
    bar = table.verticalScrollBar()
    bar.setValue(0)
    app.processEvents()
    at = iter(jumps)

    def frame() -> None:
        bar.setValue(bar.value() + round(move) if move else int(next(at) * bar.maximum()))
        app.processEvents()

    return milliseconds(frame, len(jumps))


def _thread(app: Any, desk: Any) -> Iterator[Figure]:
    from datetime import timedelta

    from cmdesk.model import Direction, Message
    from ui.inbox.message_block import MessageBlock
    from ui.inbox.thread_view import ThreadView

    line = "Una frase de longitud corriente que se parte en dos líneas. "

    def message(number: int) -> Message:
        return Message(
            id=number, brand_id=1, account_id=1, conversation_id=1, remote_id=str(number),
            direction=Direction.OUT if number % 3 == 0 else Direction.IN, kind="reply", author="Ana Ruiz",
            handle="ana@plaza.example", text=line * (1 + number % 4),
            created_at=NOW - timedelta(minutes=1000 - number),
        )  # fmt: skip

    def blocks() -> list[MessageBlock]:
        return [
            MessageBlock(
                message(number), now=NOW, picture=lambda url: None, avatar=lambda url: None, brand_color="#2F7FD6",
                first=number % 2 == 0, can_like=True, can_boost=True,
            )
            for number in range(120)
        ]  # fmt: skip

    view = ThreadView()
    view.resize(700, 800)
    view.show()
    show: Callable[[], None] = lambda: (view.set_blocks(list(blocks())), app.processEvents())  # type: ignore[assignment, return-value] # noqa: E731
    yield Figure("120 messages laid out and shown, p50", p50(milliseconds(show, 10)), "ms", at_most=100)
    bar = view.verticalScrollBar()
    bar.setValue(0)

    def frame() -> None:
        bar.setValue(bar.value() + 60)
        app.processEvents()

    times = milliseconds(frame, 150)
    yield Figure("thread, frame while scrolling, p95", p95(times), "ms", at_most=FRAME_MS)
    view.hide()
    view.deleteLater()
