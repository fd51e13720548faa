"""The monthly report from 200,000 messages: laying out and writing beside a bare QPainter, one brand, ten brands."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.big import NOW, big_profile
from tests.bench.figures import Figure, Skipped, milliseconds, p50

MONTH = date(2026, 2, 1)
TIMES = 7


def figures() -> Iterator[Figure | Skipped]:
    """Measure the report; nothing is fetched and nothing is written into the profile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from cmdesk.store import brands
    from cmdesk.store.db import Store
    from ui import theme

    app = QApplication.instance() or QApplication([])
    theme.load_fonts()
    folder = big_profile()
    store = Store(folder / "desk.db")
    try:
        every = [brand.id for brand in store.read(brands.list_brands)]
        _whole(store, folder, every[0])  # the first one reads fonts and locale data
        yield from _drawing(store, folder, every[0])
        took = statistics.median(_timed(lambda: _whole(store, folder, every[0])) for _ in range(TIMES))
        yield Figure("a brand's month as PDF, figures included", took, "s", at_most=2.0)
        reading = statistics.median(_timed(lambda: _report(store, every[0])) for _ in range(TIMES))
        yield Figure("of which: the figures", reading, "s")
        took = _timed(lambda: [_whole(store, folder, brand_id) for brand_id in every])
        yield Figure(f"the month of {len(every)} brands", took, "s", at_most=15.0)
    finally:
        store.close()
    del app


def _report(store: Any, brand_id: int) -> Any:
    from cmdesk.reports import figures as figures_of

    return store.read(figures_of.report, brand_id=brand_id, month=MONTH, now=NOW)


def _document(store: Any, folder: Path, brand_id: int) -> Any:
    from ui.reports.document import Document
    from ui.reports.pictures import Pictures

    return Document(_report(store, brand_id), language="es", pictures=Pictures(folder / "media"))


def _whole(store: Any, folder: Path, brand_id: int) -> int:
    from ui.paper.pdf import pdf_bytes

    data = pdf_bytes(_document(store, folder, brand_id))
    assert data is not None
    return len(data)


def _drawing(store: Any, folder: Path, brand_id: int) -> Iterator[Figure]:
    """The pages laid out and written, beside the same drawing replayed by Qt alone into the same kind of file."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter, QPicture

    from ui.paper.pdf import pdf_bytes
    from ui.paper.style import HEIGHT, WIDTH
    from ui.reports.document import Document
    from ui.reports.pictures import Pictures

    report = _report(store, brand_id)
    document = Document(report, language="es", pictures=Pictures(folder / "media"))
    recorded = []
    for number in range(document.page_count):
        picture = QPicture()
        painter = QPainter(picture)
        document.paint_page(number, painter, QRectF(0, 0, WIDTH, HEIGHT))
        painter.end()
        recorded.append(picture)
    ours, bare = [], []
    for _ in range(TIMES):  # in turn, so that a busy moment falls on both
        ours += milliseconds(lambda: pdf_bytes(Document(report, language="es", pictures=Pictures(folder / "media"))), 1)
        bare += milliseconds(lambda: _replay(recorded), 1)
    yield Figure(
        f"layout and file of {document.page_count} pages", p50(ours), "ms", p50(bare),
        "QPainter replaying the same", at_most=1.5,
    )  # fmt: skip


def _replay(pictures: list[Any]) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF
    from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

    from ui.paper.pdf import RESOLUTION

    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(RESOLUTION)
    painter = QPainter(writer)
    # Qt itself scales a recording from the resolution it was made at to that of the device
    scale = pictures[0].logicalDpiX() / 254
    painter.scale(scale, scale)
    for number, picture in enumerate(pictures):
        if number:
            writer.newPage()
        painter.drawPicture(QPointF(0, 0), picture)
    painter.end()
    buffer.close()
    return bytes(content.data())


def _timed(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
